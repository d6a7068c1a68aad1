use clap::ValueEnum;
use proofsketch::sampling::{
    Error, Interval, LewisSettings, RowBasis, RowScores, SensitivitySettings, lewis_weights, sensitivities,
    sensitivities_to_factor, sensitivity_bounds,
};

/// Operations for which sensitivities are solved to [`GAP`], row by row.
const EXACT_WORK: f64 = 2e9;
/// Operations for which they are found to [`FACTOR`].
const FACTOR_WORK: f64 = 3e10;
/// Passes over the table that one row takes to solve.
const PASSES: f64 = 30.0;
const GAP: f64 = 1e-6;
const FACTOR: f64 = 2.0;

/// What rows are scored by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Scores {
    /// ℓp sensitivities, or upper bounds on them
    Sensitivity,
    /// ℓp Lewis weights
    Lewis,
    /// Leverage scores: of the norm p = 2
    Leverage,
    /// Powers p/2 of leverage scores
    RootLeverage,
    /// Sensitivities plus leverage scores, for p ≤ 2
    Augmented,
    /// Every row alike
    Uniform,
}

impl Scores {
    pub fn needs_sensitivities(self) -> bool {
        matches!(self, Self::Sensitivity | Self::Augmented)
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Sensitivity => "sensitivity",
            Self::Lewis => "lewis",
            Self::Leverage => "leverage",
            Self::RootLeverage => "root-leverage",
            Self::Augmented => "augmented",
            Self::Uniform => "uniform",
        }
    }
}

/// Scores, how they were found, and an upper bound on the sum of the sensitivities.
pub struct Scored {
    pub scores: RowScores,
    pub method: String,
    pub total_upper: f64,
}

/// The scores of the rows.
pub fn score(basis: &RowBasis, p: f64, kind: Scores) -> Result<Scored, Error> {
    let leverage = basis.leverage_scores();
    let root = RowScores::root_leverage(&leverage, p)?;
    // Σσ ≤ r^max(1, p/2), and each σᵢ is at most the root leverage score.
    let cheap = root.total().min((basis.rank() as f64).powf((p / 2.0).max(1.0)));
    let plain = |scores, method: &str| Scored { scores, method: method.to_owned(), total_upper: cheap };
    Ok(match kind {
        Scores::Uniform => plain(RowScores::uniform(basis.nrows(), p)?, "the same for every row"),
        Scores::Leverage => plain(RowScores::leverage(&leverage, p)?, "exact"),
        Scores::RootLeverage => plain(root, "exact"),
        Scores::Lewis => lewis(basis, p, cheap)?,
        Scores::Sensitivity | Scores::Augmented => {
            let (upper, method) = upper_bounds(basis, p)?;
            let total_upper = cheap.min(upper.iter().sum());
            let scores = match kind {
                Scores::Augmented => RowScores::augmented(&upper, &leverage, p)?,
                _ => RowScores::sensitivity(&upper, p)?,
            };
            Scored { scores, method, total_upper }
        }
    })
}

fn lewis(basis: &RowBasis, p: f64, cheap: f64) -> Result<Scored, Error> {
    let report = lewis_weights(basis, p, &LewisSettings::default())?;
    let (weights, iterations) = (report.solution, report.history.len());
    let method =
        format!("{} after {iterations} iterations, residual {:.1e}", report.status, weights.residual);
    let total_upper = match p {
        1.0.. => cheap.min(sensitivity_bounds(basis, &weights)?.iter().map(|bound| bound.upper).sum()),
        _ => cheap,
    };
    Ok(Scored { scores: RowScores::lewis(&weights.weights, p)?, method, total_upper })
}

/// Upper bounds on the sensitivities, as sharp as can be had in seconds, and the words for it.
fn upper_bounds(basis: &RowBasis, p: f64) -> Result<(Vec<f64>, String), Error> {
    if p == 2.0 {
        return Ok((basis.leverage_scores(), "exact: the leverage scores".to_owned()));
    }
    let (n, r) = (basis.nrows() as f64, basis.rank() as f64);
    let solving = PASSES * n * r * r;
    if n * solving <= EXACT_WORK {
        let settings = SensitivitySettings { relative_gap: GAP, ..SensitivitySettings::default() };
        let method = format!("solved row by row to a gap of {GAP:e}");
        return Ok((uppers(&sensitivities(basis, p, &settings)?), method));
    }
    let settings = LewisSettings { tolerance: 1e-3, ..LewisSettings::default() };
    let bounds = sensitivity_bounds(basis, &lewis_weights(basis, p, &settings)?.solution)?;
    let wide = bounds.iter().filter(|bound| bound.upper > FACTOR * bound.lower).count() as f64;
    // A row of its own takes a product with the table and a power for each of its rows; at p = 1 it is solved.
    let row = if p > 1.0 { n * (r + 20.0) } else { solving };
    if wide * row > FACTOR_WORK {
        return Ok((uppers(&bounds), "upper bounds from Lewis weights".to_owned()));
    }
    let all = sensitivities_to_factor(basis, p, FACTOR, &SensitivitySettings::default())?;
    Ok((uppers(&all), format!("certified to a factor of {FACTOR}")))
}

fn uppers(intervals: &[Interval]) -> Vec<f64> {
    intervals.iter().map(|interval| interval.upper.min(1.0)).collect()
}
