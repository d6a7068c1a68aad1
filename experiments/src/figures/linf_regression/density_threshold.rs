//! How often a sketch misses the ℓ∞ guarantee, against its nonzeros a column.

use proofsketch::guarantee::{fit_exponent, lower_limit, upper_limit};
use proofsketch::regression::SketchSize;
use proofsketch::sketch::SketchFamily;

use super::PAPER;
use super::families::{Family, GAUSSIAN, SIGN, SRHT};
use super::identity_rows::{IdentityRows, doubling_up_to};
use super::normalized_error::normal_maximum;
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// Failure rate of sparse sign sketches over s, at the rows that a Gaussian sketch needs.
pub const FIGURE: Figure = Figure {
    id: "density_threshold",
    paper: &PAPER,
    title: "A sketch needs about √m nonzeros a column",
    claim: "At the number of rows m that gives a Gaussian sketch ‖x′ − x★‖∞ ≤ ε/√d · ‖r‖₂ ‖A⁺‖₂ with probability \
        1 − δ on every instance, dense sketches keep to it on A = [I; 0], and sparse sign sketches do from about \
        s = √m nonzeros a column on. Figure of this library; the instance is its own.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.4, paper: 18.0 },
};

const PLACE: &str = "Theorem 1.1's guarantee, at the rows of the exact law of the Gaussian sketch";
const OWN: &str = "not in the paper: a counterexample of this library";
const EPSILON: f64 = 0.5;
const DELTA: f64 = 0.1;
/// n only has to exceed m.
const NROWS: usize = 65_536;
/// Without the balanced Gaussian-pooled sketch: it rounds m up to a power of two, so that it would not have the same m.
const DENSE: [Family; 3] = [GAUSSIAN, SIGN, SRHT];
/// The name of sparse sign sketches in the table; all others are dense.
const SPARSE_SIGN: &str = "SparseSign";

fn run(context: &Context) -> Result<Table, Fault> {
    let sizes: &[usize] = context.at(&[8, 12, 16], &[8, 16, 32, 64]);
    let (sparse_draws, dense_draws) = context.at((100, 100), (300, 1000));
    let mut cases = Vec::new();
    for &d in sizes {
        let m = SketchSize::GaussianExact { epsilon: EPSILON, delta: DELTA }.rows(NROWS, d)?;
        let sparse = doubling_up_to(m).into_iter().filter(|&s| s <= 256 || s == m);
        cases.extend(sparse.map(|nonzeros| (d, m, nonzeros, sparse_sign(nonzeros), sparse_draws)));
        cases.extend(DENSE.map(|dense| (d, m, m, dense, dense_draws)));
    }
    context.progress().expect(cases.iter().map(|case| case.4).sum());
    let mut table = Table::new(["sketch", "d", "m", "s", "K", "draws", "failures", "C", "low", "high"]);
    for (d, m, nonzeros, sketch, draws) in cases {
        let residual_rows = doubling_up_to(m / d);
        let distribution = sketch.distribution(m, NROWS)?;
        let key = context.key().named(sketch.name).indexed(d as u64).indexed(nonzeros as u64);
        let all = trials(context, key, draws, |key| -> Result<Vec<f64>, Fault> {
            Ok(IdentityRows::draw(&distribution.sample(key), d, &residual_rows)?.errors)
        })
        .into_iter()
        .collect::<Result<Vec<_>, Fault>>()?;
        for (i, &k) in residual_rows.iter().enumerate() {
            let errors: Vec<f64> = all.iter().map(|errors| errors[i]).collect();
            let failures = errors.iter().filter(|&&c| c > allowed(m as f64, d as f64)).count();
            let c = Summary::of(&errors);
            table.push([
                sketch.name.into(),
                d.into(),
                m.into(),
                nonzeros.into(),
                k.into(),
                draws.into(),
                failures.into(),
                c.mean.into(),
                c.p10.into(),
                c.p90.into(),
            ]);
        }
    }
    Ok(table)
}

fn sparse_sign(nonzeros: usize) -> Family {
    Family { name: SPARSE_SIGN, family: SketchFamily::SparseSign { nonzeros } }
}

/// The label of s = √m.
const ROOT: &str = "s = √m";

/// ε √(m/d): the guarantee at ε is C ≤ ε √(m/d).
fn allowed(m: f64, d: f64) -> f64 {
    EPSILON * (m / d).sqrt()
}

/// What is seen of one sketch at one s, for the K at which it fails most; C at the K where its mean is greatest.
#[derive(Clone, Copy)]
struct Worst {
    s: f64,
    m: f64,
    failures: u64,
    draws: u64,
    /// Numbers of residual rows that were tried.
    residual_rows: usize,
    c: f64,
}

impl Worst {
    fn of(table: &Table) -> Result<Vec<Self>, Fault> {
        let mut list = Vec::new();
        for (s, of) in table.number_groups("s")? {
            let (failures, draws) = (of.numbers("failures")?, of.numbers("draws")?[0] as u64);
            list.push(Self {
                s,
                m: of.numbers("m")?[0],
                failures: failures.iter().copied().fold(0.0, f64::max) as u64,
                draws,
                residual_rows: failures.len(),
                c: of.numbers("C")?.iter().copied().fold(0.0, f64::max),
            });
        }
        Ok(list)
    }

    fn rate(&self) -> f64 {
        self.failures as f64 / self.draws as f64
    }

    /// The two-sided 95 % Clopper–Pearson interval of the failure rate.
    fn limits(&self) -> (f64, f64) {
        (lower_limit(self.failures, self.draws, 0.025), upper_limit(self.failures, self.draws, 0.025))
    }
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let ratio = "s/√m, nonzeros a column over √rows";
    let mut rate = Chart::new(
        "misses the guarantee, 95 % limits shaded",
        Axis::log2(ratio),
        Axis::linear("failure rate at the worst K").including(0.0).including(1.0),
    );
    let mut constant = Chart::new(
        "normalised error",
        Axis::log2(ratio),
        Axis::linear("C, mean at the worst K").including(0.0),
    );
    let (mut largest, mut rows) = (1.0, 1.0);
    for (d, of) in table.only("sketch", SPARSE_SIGN)?.number_groups("d")? {
        let worst = Worst::of(&of)?;
        let label = format!("sparse signs, d = {d}, m = {}", worst[0].m);
        let x = |w: &Worst| w.s / w.m.sqrt();
        let limits = worst.iter().map(|w| (x(w), w.limits().0, w.limits().1)).collect();
        rate = rate.line_with_band(&label, worst.iter().map(|w| (x(w), w.rate())).collect(), limits);
        constant = constant.line(&label, worst.iter().map(|w| (x(w), w.c)).collect());
        rows = worst[0].m;
        largest = d;
    }
    for sketch in DENSE {
        let worst = Worst::of(&table.only("sketch", sketch.name)?.at("d", largest)?)?;
        let label = format!("{}, d = {largest}", sketch.name);
        let x = |w: &Worst| w.s / w.m.sqrt();
        rate = rate.scatter(&label, worst.iter().map(|w| (x(w), w.rate())).collect());
        constant = constant.scatter(&label, worst.iter().map(|w| (x(w), w.c)).collect());
    }
    let rate = rate.target(format!("δ = {DELTA}"), DELTA).reference(ROOT, vec![(1.0, 0.0), (1.0, 1.0)]);
    let constant = constant
        .reference(ROOT, vec![(1.0, 0.0), (1.0, 6.0)])
        .target(format!("√(2 ln 2d), d = {largest}"), normal_maximum(largest))
        .target(format!("allowed: ε √(m/d), d = {largest}"), allowed(rows, largest));
    let title = format!("A = [I; 0], m for the Gaussian sketch at ε = {EPSILON}, δ = {DELTA}");
    Ok(Drawing::panels(title, [rate, constant]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let mut dense = Vec::new();
    let mut sparse = Vec::new();
    let mut thresholds = Vec::new();
    for (d, of) in table.number_groups("d")? {
        for sketch in DENSE {
            let worst = Worst::of(&of.only("sketch", sketch.name)?)?;
            dense.extend(worst.into_iter().map(|w| (format!("{}, d = {d}", sketch.name), w)));
        }
        let worst = Worst::of(&of.only("sketch", SPARSE_SIGN)?)?;
        thresholds.push((d, worst[0].m, crossing(&worst)));
        let few = worst.into_iter().filter(|w| w.s == 1.0 || w.s == 8.0);
        sparse.extend(few.map(|w| (format!("s = {}, d = {d}", w.s), w)));
    }
    Ok(vec![keeps(&dense), misses(&sparse), threshold(&thresholds), growth(&thresholds)?])
}

/// The level of each of the exact binomial tests that are at 5 % together: one for each case and K.
fn level(cases: &[(String, Worst)]) -> f64 {
    0.05 / cases.iter().map(|(_, w)| w.residual_rows).sum::<usize>() as f64
}

fn keeps(cases: &[(String, Worst)]) -> ClaimCheck {
    let level = level(cases);
    let holding = cases.iter().filter(|(_, w)| lower_limit(w.failures, w.draws, level) <= DELTA).count();
    ClaimCheck::new(
        format!("Dense sketches miss the guarantee at ε = {EPSILON} in at most δ = {DELTA} of draws, for the worst K"),
        PLACE,
        "A = [I; 0], m of the exact law; exact binomial test of rate ≤ δ for each sketch, d and K, at 5 % for \
        all together",
    )
    .seen(rates(cases), Verdict::from_cases(holding, cases.len()))
}

fn misses(cases: &[(String, Worst)]) -> ClaimCheck {
    let level = level(cases);
    let holding = cases.iter().filter(|(_, w)| lower_limit(w.failures, w.draws, level) > DELTA).count();
    ClaimCheck::new(
        format!("CountSketch and SparseSign with s = 8 miss it in more than δ = {DELTA} of draws, for the worst K"),
        OWN,
        "the same m and instances; exact binomial test refutes rate ≤ δ for some K at each s and d, at 5 % for \
        all together",
    )
    .seen(rates(cases), Verdict::from_cases(holding, cases.len()))
}

fn rates(cases: &[(String, Worst)]) -> String {
    let one = |(name, w): &(String, Worst)| {
        let (low, high) = w.limits();
        format!("{name}: {:.3} ({low:.3} to {high:.3})", w.rate())
    };
    cases.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The s from which on the failure rate stays at most 2δ: between the last s above and the next, linear in ln s. Dense
/// sketches fail in about δ of draws, so that δ itself is crossed nowhere in particular.
fn crossing(worst: &[Worst]) -> f64 {
    let Some(last) = worst.iter().rposition(|w| w.rate() > 2.0 * DELTA) else { return 1.0 };
    let Some(next) = worst.get(last + 1) else { return f64::INFINITY };
    let last = &worst[last];
    let share = (last.rate() - 2.0 * DELTA) / (last.rate() - next.rate());
    last.s * (next.s / last.s).powf(share)
}

fn threshold(crossings: &[(f64, f64, f64)]) -> ClaimCheck {
    let ratio = |&(_, m, s): &(f64, f64, f64)| s / m.sqrt();
    let holding = crossings.iter().filter(|case| (0.25..=4.0).contains(&ratio(case))).count();
    let seen =
        crossings.iter().map(|case| format!("d = {}: s = {:.0} = {:.2} √m", case.0, case.2, ratio(case)));
    ClaimCheck::new(
        format!("The failure rate falls to 2δ = {} at s within a factor 4 of √m, at every d", 2.0 * DELTA),
        OWN,
        "failure rate over s at the worst K, linear in ln s between the last s above 2δ and the next",
    )
    .seen(seen.collect::<Vec<_>>().join("; "), Verdict::from_cases(holding, crossings.len()))
}

fn growth(crossings: &[(f64, f64, f64)]) -> Result<ClaimCheck, Fault> {
    let (rows, nonzeros): (Vec<f64>, Vec<f64>) = crossings.iter().map(|&(_, m, s)| (m, s)).unzip();
    let claim = ClaimCheck::new(
        "and that s grows like √m as d grows at fixed ε and δ, logarithms neglected: exponent 0.50 ± 0.10",
        OWN,
        "least squares of ln s on ln m over all d; not testable where the 95 % interval reaches beyond the tolerance",
    );
    if nonzeros.iter().any(|s| !s.is_finite()) {
        return Ok(claim.seen("no crossing at some d", Verdict::NotTestable));
    }
    let fit = fit_exponent(&rows, &nonzeros, 0.05)?;
    let verdict = match fit.interval() {
        _ if (0.4..=0.6).contains(&fit.exponent) => Verdict::Reproduced,
        (low, high) if high < 0.4 || low > 0.6 => Verdict::NotReproduced,
        _ => Verdict::NotTestable,
    };
    Ok(claim.seen(format!("{:.2} ± {:.2}", fit.exponent, fit.half_width), verdict))
}
