//! Flattening, and what rounds of sampling keep.

use nalgebra::DMatrix;

use super::{ALPHA, Kind, Theorem};
use crate::guarantee::check;
use crate::random::{StreamKey, normal_matrix};
use crate::sampling::{
    Flattened, Interval, RowBasis, SampledRows, SampledTotalSensitivity, TotalSensitivitySettings, instances,
    total_sensitivity,
};
use crate::sketch::RowSampling;
use crate::testing::sampling_rounds::{
    certified_sensitivities, drawn_basis, flat_rows, root_leverage_bounds, rough_sensitivities, sampled_total,
};

const SETTINGS: &str = "constants within their range";

pub(super) fn theorems() -> Vec<Theorem> {
    vec![flattened(), sampled_total_sensitivity()]
}

fn flattened() -> Theorem {
    type Flatten = fn(&DMatrix<f64>, &[f64], f64, f64) -> DMatrix<f64>;
    let of = |p, constant, flatten: Flatten| Flattened {
        p,
        constant,
        sensitivities: certified_sensitivities,
        flatten,
    };
    let rows = |key: StreamKey| instances::heavy_tails(60, 3, 2.0, key.named("rows"));
    let statement = "at most (1 + 1/C)n rows, ‖A′x‖ₚ = ‖Ax‖ₚ, S′ = S, σ′ ≤ C·S/n";
    Theorem::new("sampling", "Flattened", Kind::Deterministic, statement)
        .held("60 × 3 with heavy rows, p = 3, C = 1", 1, move |trials, key| {
            check(&of(3.0, 1.0, flat_rows), &rows(key), trials, ALPHA, key)
        })
        .held("the same at p = 1, C = 4", 1, move |trials, key| {
            check(&of(1.0, 4.0, flat_rows), &rows(key), trials, ALPHA, key)
        })
        .mutant("no copies", 1, move |trials, key| {
            let none: Flatten = |a, _, _, _| a.clone();
            check(&of(3.0, 1.0, none), &rows(key), trials, ALPHA, key)
        })
        .mutant("copies times 2^(1/p)", 1, move |trials, key| {
            let large: Flatten =
                |a, upper, p, constant| flat_rows(a, upper, p, constant) * 2.0_f64.powf(1.0 / p);
            check(&of(3.0, 1.0, large), &rows(key), trials, ALPHA, key)
        })
        .outside("C = 0", move |trials, key| check(&of(3.0, 0.0, flat_rows), &rows(key), trials, ALPHA, key))
}

/// S(A) ≈ d for d heavy rows that hide Gaussian ones, whose total is of the order of d^(p/2).
fn hidden(key: StreamKey) -> RowBasis {
    let ncols = 32;
    let mut a = normal_matrix(12_000 + ncols, ncols, key.named("hidden"));
    a.rows_mut(0, ncols).copy_from(&(DMatrix::identity(ncols, ncols) * 1e3));
    RowBasis::new(&a).expect(SETTINGS)
}

/// 100 of these rows by bounds on their scores at p = 6.
fn hidden_rows(key: StreamKey) -> SampledRows {
    let basis = hidden(key);
    let upper: Vec<f64> = root_leverage_bounds(&basis, 6.0).iter().map(|sigma| sigma.upper).collect();
    let sampling = RowSampling::from_scores(&upper, 100.0, 6.0).expect(SETTINGS);
    SampledRows { basis, sampling }
}

/// A lower end of an estimate of S at p = 6 over drawn rows.
fn estimated_total(rows: &SampledRows, key: StreamKey) -> f64 {
    let settings = TotalSensitivitySettings { draws: 20, ..TotalSensitivitySettings::default() };
    let found = total_sensitivity(&drawn_basis(rows, key), 6.0, &settings, key.named("rows"));
    found.map_or(f64::NAN, |found| found.estimate.lower)
}

/// The same over uniformly drawn rows: the heavy ones are lost.
fn uniform_total(rows: &SampledRows, key: StreamKey) -> f64 {
    let sampling = RowSampling::uniform(rows.basis.nrows(), 600.0, 6.0).expect(SETTINGS);
    estimated_total(&SampledRows { basis: rows.basis.clone(), sampling }, key)
}

fn sampled_total_sensitivity() -> Theorem {
    type Sigma = fn(&RowBasis, f64) -> Vec<Interval>;
    type Total = fn(&SampledRows, StreamKey) -> f64;
    let of =
        |sensitivities: Sigma, sampled_total: Total| SampledTotalSensitivity { sensitivities, sampled_total };
    let heavy = |key: StreamKey, probabilities: fn(&[f64]) -> RowSampling| {
        let basis = RowBasis::new(&instances::heavy_tails(200, 4, 1.0, key.named("rows"))).expect(SETTINGS);
        let upper: Vec<f64> = rough_sensitivities(&basis, 3.0).iter().map(|sigma| sigma.upper).collect();
        SampledRows { basis, sampling: probabilities(&upper) }
    };
    let statement = "Pr[S(SA) ≤ 8S(A)] ≥ ½ for a draw that embeds within ½";
    Theorem::new("sampling", "SampledTotalSensitivity", Kind::Explicit, statement)
        .held("200 × 4 with heavy rows, 80 rows kept, p = 3", 20, move |trials, key| {
            let rows = heavy(key, |upper| RowSampling::from_scores(upper, 80.0, 3.0).expect(SETTINGS));
            check(&of(rough_sensitivities, sampled_total), &rows, trials, ALPHA, key)
        })
        .held("100 rows of 12 032, 32 heavy ones that hide Gaussian ones, p = 6", 24, move |trials, key| {
            check(&of(root_leverage_bounds, estimated_total), &hidden_rows(key), trials, ALPHA, key)
        })
        .mutant("600 of them drawn uniformly, heavy ones lost", 40, move |trials, key| {
            check(&of(root_leverage_bounds, uniform_total), &hidden_rows(key), trials, ALPHA, key)
        })
        .outside("ten rows kept uniformly", move |trials, key| {
            let rows = heavy(key, |_| RowSampling::uniform(200, 10.0, 3.0).expect(SETTINGS));
            check(&of(rough_sensitivities, sampled_total), &rows, trials, ALPHA, key)
        })
}
