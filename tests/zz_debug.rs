use nalgebra::{DMatrix, DVector};
use proofsketch::random::{StreamKey, normal_matrix};
use proofsketch::solve::*;
#[test]
fn dbg() {
    let key = StreamKey::from_seed(1);
    let (n, d) = (400, 6);
    let mut a = normal_matrix(n, d, key.named("design"));
    let scales = normal_matrix(n, 1, key.named("scales"));
    for (mut row, scale) in a.row_iter_mut().zip(scales.iter()) {
        row *= scale.exp();
    }
    let noise = normal_matrix(n, 2, key.named("noise"));
    let x = DVector::from_fn(d, |j, _| 1.0 + j as f64);
    let b = &a * x + DVector::from_fn(n, |i, _| noise[(i, 0)] / noise[(i, 1)]);
    for p in [1.05, 1.1, 1.03, 1.01] {
        let r =
            lp_regression(&LpRegression::new(&a, &b, p).unwrap(), &LpRegressionSettings::default()).unwrap();
        println!("p {p} {:?} {}", r.status, r.history.len());
        for (i, h) in r.history.iter().enumerate() {
            if i < 50 || i % 10 == 0 {
                println!("{i} {:e} {:e}", h.objective, h.relative_gap);
            }
        }
    }
    let _: DMatrix<f64> = a;
}
