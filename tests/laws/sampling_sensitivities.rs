use nalgebra::DMatrix;
use proofsketch::random::normal_matrix;
use proofsketch::sampling::instances::{complete_graph, heavy_tails};
use proofsketch::sampling::{
    Interval, LewisSettings, RowBasis, SensitivitySettings, lewis_weights, sensitivities,
    sensitivities_to_factor, sensitivity, sensitivity_bounds,
};
use proofsketch::solve::Status;

use crate::common::{seed, with_thread_counts};

const EXPONENTS: [f64; 13] = [1.0, 1.05, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0, 20.0];

fn of(a: &DMatrix<f64>, p: f64) -> Vec<Interval> {
    sensitivities(&RowBasis::new(a).unwrap(), p, &SensitivitySettings::default()).unwrap()
}

/// Lower and upper end allow `value` to a relative 10⁻⁹.
fn assert_holds(interval: Interval, value: f64, what: &str) {
    let Interval { lower, upper } = interval;
    assert!(
        lower <= value * (1.0 + 1e-9) && value <= upper * (1.0 + 1e-9),
        "{what}: {interval:?} of {value}"
    );
}

#[test]
fn complete_graphs_have_the_sensitivities_of_the_closed_form() {
    for v in [3, 5, 12] {
        let a = complete_graph(v);
        for p in EXPONENTS {
            let exact = 1.0 / (1.0 + (v - 2) as f64 * 2.0_f64.powf(1.0 - p));
            for (row, interval) in of(&a, p).into_iter().enumerate() {
                let what = format!("K_{v}, p = {p}, row {row}");
                assert_holds(interval, exact, &what);
                assert!(interval.relative_gap() <= 1e-6, "{what}: {interval:?}");
            }
        }
    }
}

#[test]
fn one_column_has_the_shares_of_its_powers() {
    let a: DMatrix<f64> = DMatrix::from_fn(9, 1, |i, _| [1.0, -3.0, 0.0, 1e-3, 7.0, 2.0, -1.0, 0.5, 1e-9][i]);
    for p in EXPONENTS {
        let total: f64 = a.iter().map(|a| a.abs().powf(p)).sum();
        for (interval, a) in of(&a, p).into_iter().zip(a.iter()) {
            let exact = a.abs().powf(p) / total;
            assert_holds(interval, exact, &format!("p = {p}"));
            assert!(interval.relative_gap() <= 1e-6, "{interval:?}");
        }
    }
}

/// A row outside the span of the others is alone in it: σ = 1. Rows of zeros have σ = 0.
#[test]
fn independent_and_zero_rows() {
    let mut a = DMatrix::zeros(40, 5);
    a.view_mut((0, 0), (30, 4)).copy_from(&normal_matrix(30, 4, seed().named("rest")));
    a[(33, 4)] = 1e-3;
    for p in EXPONENTS {
        let all = of(&a, p);
        assert_holds(all[33], 1.0, "independent row");
        assert!(all[33].lower > 1.0 - 1e-5, "p = {p}: {:?}", all[33]);
        assert_eq!(all[35], Interval::exact(0.0));
    }
}

#[test]
fn the_second_power_gives_leverage_scores() {
    let basis = RowBasis::new(&heavy_tails(60, 5, 1.0, seed())).unwrap();
    let all = sensitivities(&basis, 2.0, &SensitivitySettings::default()).unwrap();
    for (interval, leverage) in all.iter().zip(basis.leverage_scores()) {
        assert!((interval.lower - leverage).abs() <= 1e-14 && interval.lower == interval.upper);
    }
    for p in [2.0 - 1e-7, 2.0 + 1e-7] {
        let near = sensitivities(&basis, p, &SensitivitySettings::default()).unwrap();
        assert!(near.iter().zip(&all).all(|(near, at)| (near.upper / at.upper - 1.0).abs() < 1e-5));
    }
}

/// No x whatsoever has a larger share than the upper end, and the gap is what the settings ask for.
#[test]
fn no_direction_exceeds_the_upper_end() {
    let a = heavy_tails(120, 6, 1.5, seed().named("upper"));
    let directions = normal_matrix(6, 400, seed().named("directions"));
    let images = &a * directions;
    for p in EXPONENTS {
        let all = of(&a, p);
        for (row, interval) in all.iter().enumerate() {
            assert!(interval.relative_gap() <= 1e-6, "p = {p}, row {row}: {interval:?}");
            let share = |y: nalgebra::DVectorView<'_, f64>| {
                y[row].abs().powf(p) / y.iter().map(|y| y.abs().powf(p)).sum::<f64>()
            };
            let largest = images.column_iter().map(share).fold(0.0, f64::max);
            assert!(largest <= interval.upper * (1.0 + 1e-9), "p = {p}, row {row}");
        }
    }
}

#[test]
fn the_column_space_alone_matters() {
    let a = heavy_tails(50, 4, 1.0, seed().named("space"));
    let mut map = normal_matrix(4, 4, seed().named("map"));
    map.column_mut(2).scale_mut(1e40);
    for p in [1.0, 1.3, 3.0, 7.0] {
        for (one, other) in of(&a, p).into_iter().zip(of(&(&a * &map), p)) {
            assert!((one.upper / other.upper - 1.0).abs() < 3e-6, "p = {p}");
            assert!(one.lower <= other.upper * (1.0 + 1e-9) && other.lower <= one.upper * (1.0 + 1e-9));
        }
    }
}

/// A row cut into k copies a/k^(1/p) leaves every ‖Ax‖ₚ; each copy has a k-th of its sensitivity.
#[test]
fn copies_of_a_row_share_its_sensitivity() {
    let a = heavy_tails(40, 4, 1.0, seed().named("copies"));
    for p in [1.0, 1.5, 3.0, 5.0] {
        let copies = 5;
        let part = a.row(7) / f64::from(copies).powf(1.0 / p);
        let mut cut = a.clone().insert_rows(40, copies as usize - 1, 0.0);
        for row in (40..44).chain([7]) {
            cut.row_mut(row).copy_from(&part);
        }
        let (whole, cut) = (of(&a, p), of(&cut, p));
        for row in (40..44).chain([7]) {
            assert!((cut[row].upper * 5.0 / whole[7].upper - 1.0).abs() < 3e-6, "p = {p}");
        }
        assert!((cut[3].upper / whole[3].upper - 1.0).abs() < 3e-6, "p = {p}");
    }
}

#[test]
fn one_row_alone_is_the_row_among_all_and_its_history_closes_in() {
    let basis = RowBasis::new(&heavy_tails(90, 5, 1.0, seed().named("history"))).unwrap();
    for p in [1.0, 1.2, 4.0] {
        let settings = SensitivitySettings::default();
        let all = sensitivities(&basis, p, &settings).unwrap();
        let report = sensitivity(&basis, 11, p, &settings).unwrap();
        assert_eq!(report.solution, all[11]);
        assert_eq!(report.status, Status::Converged);
        let within = |pair: &[proofsketch::sampling::SensitivityRecord]| {
            pair[0].interval.lower <= pair[1].interval.lower
                && pair[1].interval.upper <= pair[0].interval.upper
        };
        assert!(report.history.windows(2).all(within));
        let cut = SensitivitySettings { max_iterations: 1, ..settings };
        let cut = sensitivity(&basis, 11, p, &cut).unwrap();
        assert_eq!(cut.status, Status::IterationLimit);
        assert!(cut.solution.lower <= all[11].upper && all[11].lower <= cut.solution.upper);
    }
}

#[test]
fn bits_do_not_depend_on_threads() {
    let basis = RowBasis::new(&heavy_tails(150, 6, 1.0, seed().named("threads"))).unwrap();
    for p in [1.0, 1.5, 3.0] {
        let runs = with_thread_counts(|| sensitivities(&basis, p, &SensitivitySettings::default()).unwrap());
        assert!(runs.windows(2).all(|pair| pair[0] == pair[1]), "p = {p}");
    }
}

/// Bounds, and intervals to a factor, meet the close intervals of the same row.
#[test]
fn cheap_bounds_hold_the_sensitivities() {
    let mut a = heavy_tails(300, 5, 1.5, seed().named("bounds"));
    a.row_mut(9).fill(0.0);
    let basis = RowBasis::new(&a).unwrap();
    for p in EXPONENTS {
        let close = sensitivities(&basis, p, &SensitivitySettings::default()).unwrap();
        for tolerance in [1e-10, 0.5] {
            let settings = LewisSettings { tolerance, ..Default::default() };
            let lewis = lewis_weights(&basis, p, &settings).unwrap().solution;
            let bounds = sensitivity_bounds(&basis, &lewis).unwrap();
            for (bound, close) in bounds.iter().zip(&close) {
                let holds =
                    bound.lower <= close.upper * (1.0 + 1e-9) && close.lower <= bound.upper * (1.0 + 1e-9);
                assert!(holds, "p = {p}: {bound:?}, {close:?}");
            }
        }
        for factor in [1.01, 2.0] {
            let all = sensitivities_to_factor(&basis, p, factor, &SensitivitySettings::default()).unwrap();
            for (row, (wide, close)) in all.iter().zip(&close).enumerate() {
                let holds =
                    wide.lower <= close.upper * (1.0 + 1e-9) && close.lower <= wide.upper * (1.0 + 1e-9);
                assert!(holds, "p = {p}, row {row}: {wide:?}, {close:?}");
                assert!(wide.upper <= factor * wide.lower, "p = {p}, row {row}: {wide:?}");
            }
        }
    }
}
