//! Scores of a small matrix from a key, and the rows that a plan keeps of it.

use proofsketch::random::StreamKey;
use proofsketch::sampling::{
    LewisSettings, RowBasis, RowScores, SamplingPlan, SensitivitySettings, instances, lewis_weights,
    sensitivity,
};

fn basis() -> RowBasis {
    RowBasis::new(&instances::heavy_tails(40, 4, 1.0, StreamKey::from_seed(2306))).unwrap()
}

/// Rows 0, 13 and 39 to a relative 10⁻¹².
fn assert_pins(name: &str, found: &[f64], pins: [f64; 3]) {
    let gap = found.iter().zip(pins).map(|(found, pin)| (found / pin - 1.0).abs()).fold(0.0, f64::max);
    assert!(gap <= 1e-12, "{name}: {found:?}, off by {gap:e}");
}

const ROWS: [usize; 3] = [0, 13, 39];

#[test]
fn leverage_scores_and_lewis_weights() {
    let basis = basis();
    let leverage = basis.leverage_scores();
    assert_pins(
        "leverage scores",
        &ROWS.map(|i| leverage[i]),
        [0.3567707878754624, 0.0016207538565327672, 0.33941149979024027],
    );
    // The fixed point, to rounding: its digits do not depend on where an iteration of tolerance 10⁻¹⁰ stops.
    let settings = LewisSettings { tolerance: 1e-14, ..LewisSettings::default() };
    for (p, pins) in [
        (1.0, [0.2372696740477353, 0.01543353724101821, 0.2371442133491632]),
        (4.0, [0.48196229414987507, 1.0329730492364705e-5, 0.4283012200292576]),
    ] {
        let weights = lewis_weights(&basis, p, &settings).unwrap().solution.weights;
        assert_pins(&format!("Lewis weights, p = {p}"), &ROWS.map(|i| weights[i]), pins);
    }
}

#[test]
fn sensitivities() {
    let basis = basis();
    let settings = SensitivitySettings { relative_gap: 1e-13, ..SensitivitySettings::default() };
    for (p, pins) in [
        (1.0, [0.156202227319416, 0.00931237880678961, 0.149799275928921]),
        (3.0, [0.5492060949613079, 0.00021196871876184783, 0.5336491334068496]),
    ] {
        let found = ROWS.map(|i| sensitivity(&basis, i, p, &settings).unwrap().solution);
        assert_pins(&format!("lower ends, p = {p}"), &found.map(|sigma| sigma.lower), pins);
        assert_pins(&format!("upper ends, p = {p}"), &found.map(|sigma| sigma.upper), pins);
    }
}

#[test]
fn a_coreset() {
    // Powers of two and a row that is kept for sure: probabilities and weights are exact.
    let mut scores: Vec<f64> = (0..40).map(|i| f64::from(1_u32 << (i % 4))).collect();
    scores[17] = 1e9;
    let plan = SamplingPlan::budget(&RowScores::sensitivity(&scores, 1.5).unwrap(), 10.25).unwrap();
    assert_eq!(plan.probabilities()[16..20], [0.0625, 1.0, 0.25, 0.5]);
    let coreset = plan.sample(StreamKey::from_seed(2306));
    assert_eq!(coreset.indices(), [7, 15, 17, 22, 31, 35]);
    assert_eq!(coreset.weights(), [2.0, 2.0, 1.0, 4.0, 2.0, 2.0]);
}
