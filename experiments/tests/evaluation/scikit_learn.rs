//! Golden values of scikit-learn 1.9.1: `OneVsRestClassifier(LogisticRegression(solver="liblinear", C=0.5, tol=1e-14))`,
//! `f1_score`, `normalized_mutual_info_score`, `roc_auc_score`.

use nalgebra::{DMatrix, matrix};
use proofsketch_experiments::evaluation::{
    F1, LogisticSettings, auc, logistic_regression, normalized_mutual_information, top_classes,
};

const TRAINING: usize = 40;
const NODES: usize = 60;

fn features(i: usize) -> [f64; 3] {
    [0, 1, 2].map(|j| (((7 * i + 11 * j + i * i * (j + 1)) % 13) as f64 - 6.0) / 3.0)
}

fn classes(i: usize) -> Vec<u32> {
    let x = features(i);
    let has = [x[0] + x[1] > 0.5, false, x[2] > 1.0, false, i >= TRAINING && i.is_multiple_of(7)];
    (0..5_u32).filter(|&k| has[k as usize] || k as usize == i % 4).collect()
}

fn matrices(nodes: std::ops::Range<usize>) -> (DMatrix<f64>, DMatrix<f64>) {
    let start = nodes.start;
    let x = DMatrix::from_fn(nodes.len(), 3, |i, j| features(start + i)[j]);
    let t = DMatrix::from_fn(nodes.len(), 5, |i, k| {
        f64::from(u8::from(classes(start + i).contains(&(k as u32))))
    });
    (x, t)
}

#[test]
fn weights_and_scores_are_those_of_liblinear() {
    let (x, targets) = matrices(0..TRAINING);
    let settings = LogisticSettings { c: 0.5, tolerance: 1e-12, ..LogisticSettings::default() };
    let learnt = logistic_regression(&x, &targets, &settings).unwrap();
    // Its own gradient is 3·10⁻⁷ there.
    let golden = matrix![
        0.44348196128732287, 0.3308653815184109, 0.10711933855482389, 0.09411308405478534;
        0.5410929079911176, -0.12320306410485991, -0.655875979005071, 0.1364490776262284;
        0.1893304123212953, 0.07428891654539242, 0.395205910357188, -0.1632011901594701;
        -0.23148603941760554, -0.7140348917669012, -0.3864334114314488, -0.8338858406217509
    ];
    assert!((learnt.weights.columns(0, 4) - golden).amax() < 1e-6, "{}", learnt.weights);
    assert_eq!(learnt.constant, [None, None, None, None, Some(f64::NEG_INFINITY)]);

    let scores = learnt.scores(&matrices(TRAINING..NODES).0);
    let truth: Vec<Vec<u32>> = (TRAINING..NODES).map(classes).collect();
    let predicted: Vec<Vec<u32>> = truth
        .iter()
        .enumerate()
        .map(|(i, truth)| top_classes(&scores.row(i).iter().copied().collect::<Vec<f64>>(), truth.len()))
        .collect();
    let f1 = F1::of(5, truth.iter().map(Vec::as_slice), predicted.iter().map(Vec::as_slice));
    assert!((f1.micro - 0.42857142857142855).abs() < 1e-15, "{f1:?}");
    assert!((f1.macro_ - 0.2866666666666667).abs() < 1e-15, "{f1:?}");
}

#[test]
fn mutual_information_and_area_are_those_of_scikit_learn() {
    let a: Vec<u32> = (0..40).map(|i| i * i % 5).collect();
    let b: Vec<u32> = (0..40).map(|i| i / 3 % 4).collect();
    assert!((normalized_mutual_information(&a, &b) - 0.004395641059694445).abs() < 1e-14);
    let scores = |positive: bool| -> Vec<f64> {
        let of = (0..40_u32).filter(|i| i.is_multiple_of(3) == positive);
        of.map(|i| f64::from(i * 17 % 23 / 4)).collect()
    };
    assert!((auc(&scores(true), &scores(false)) - 0.4945054945054945).abs() < 1e-14);
}
