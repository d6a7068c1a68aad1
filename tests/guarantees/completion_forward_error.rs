//! From accuracy in the objective to accuracy in the answer.

use nalgebra::DVector;
use proofsketch::completion::{LowRankMatrix, RowRegression, Spectrum};
use proofsketch::linalg::Svd;
use proofsketch::random::{StreamKey, normal_matrix};

use crate::common::seed;

/// d×k with singular values from 1 down to 1/κ, b of norm about √d.
fn regression(d: usize, k: usize, condition: f64, key: StreamKey) -> RowRegression {
    let truth = LowRankMatrix::incoherent((d, k), k, Spectrum::Geometric { condition }, key).unwrap();
    RowRegression::new(truth.to_dense(), normal_matrix(d, 1, key.named("b")).column(0).into_owned()).unwrap()
}

/// x★ + a step along one right singular vector that raises the objective to exactly (1 + ε)·OPT.
fn perturbed(regression: &RowRegression, epsilon: f64, direction: usize) -> DVector<f64> {
    let svd = Svd::new(&regression.a).unwrap();
    let length = (2.0 * epsilon + epsilon * epsilon).sqrt() * regression.optimum;
    &regression.minimizer + svd.v.column(direction) * (length / svd.singular_values[direction])
}

#[test]
fn forward_error_follows_from_the_objective() {
    let key = seed().named("forward");
    for (index, (d, k, condition)) in
        [(12, 4, 1.0), (40, 8, 1e3), (200, 20, 1e4), (9, 8, 10.0)].into_iter().enumerate()
    {
        let regression = regression(d, k, condition, key.indexed(index as u64));
        for epsilon in [1e-8, 1e-6, 1e-3, 0.1, 2.0] {
            // Attained along the last singular vector, by a factor σ_j/σ_k elsewhere.
            for direction in 0..k {
                let x = perturbed(&regression, epsilon, direction);
                let bound = regression.forward_error_bound(epsilon);
                let error = (&x - &regression.minimizer).norm();
                assert!(error <= bound * (1.0 + 1e-6), "ε = {epsilon}: {error} > {bound}");
                assert!((regression.objective_excess(&x) / epsilon - 1.0).abs() < 1e-4, "ε = {epsilon}");
            }
            let last = perturbed(&regression, epsilon, k - 1);
            let ratio = (last - &regression.minimizer).norm() / regression.forward_error_bound(epsilon);
            assert!((ratio - 1.0).abs() < 1e-6, "the bound is attained: {ratio}");
        }
    }
}

#[test]
fn random_answers_never_break_the_forward_error_bound() {
    let key = seed().named("forward, random");
    for index in 0..200 {
        let key = key.indexed(index);
        let k = 1 + (index as usize) % 9;
        let d = k + 1 + (index as usize * 7) % 30;
        let regression = regression(d, k, 10.0_f64.powi((index % 7) as i32), key);
        let size = 10.0_f64.powi((index % 11) as i32 - 6);
        let x = &regression.minimizer + normal_matrix(k, 1, key.named("x")).column(0) * size;
        let epsilon = regression.objective_excess(&x).max(0.0);
        let error = (x - &regression.minimizer).norm();
        let bound = regression.forward_error_bound(epsilon);
        // ε is a difference from 1: below 10⁻⁹ its rounding error shows.
        assert!(error <= bound * (1.0 + 1e-5) || epsilon < 1e-9, "{error} > {bound} at ε = {epsilon}");
    }
}
