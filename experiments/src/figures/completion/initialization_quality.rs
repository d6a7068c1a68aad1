//! How near the spectral initialisation is.

use proofsketch::completion::{
    Instance, LowRankMatrix, ObservationModel, Settings, Spectrum, orthonormal_basis, solve,
    subspace_distance,
};
use proofsketch::guarantee::fit_exponent;

use super::recovery::exact;
use super::{OWN, PAPER};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// dist(U₀, U★) against the sampling rate.
pub const FIGURE: Figure = Figure {
    id: "initialization_quality",
    paper: &PAPER,
    title: "The spectral initialisation errs like √((1 − p)/(pn))",
    claim: "Alternating minimization starts from the leading singular vectors of P_Ω(M)/p, clipped, which the theory \
        needs within distance 1/2 of the truth. Reviewers remarked that the start seems not to be used later; it \
        decides whether the iteration converges.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.3, paper: 4.0 },
};

const PLACE: &str = "the initialisation of the algorithm";

fn run(context: &Context) -> Result<Table, Fault> {
    let (sizes, k, draws) = context.at((vec![150, 300], 2, 4), (vec![500, 1000, 2000], 3, 10));
    let mut table = Table::new(["n", "k", "condition", "p", "draws", "distance", "low", "high"]);
    let probabilities = [0.02, 0.04, 0.08, 0.16, 0.32, 0.64];
    let mut cases: Vec<(usize, f64)> = sizes.iter().map(|&n| (n, 1.0)).collect();
    cases.push((sizes[sizes.len() / 2], 3.0));
    context.progress().expect(cases.len() * probabilities.len() * draws);
    for (n, condition) in cases {
        for p in probabilities {
            let key = context.key().indexed(n as u64).indexed(condition as u64).indexed((100.0 * p) as u64);
            let seen = trials(context, key, draws, |key| -> Result<f64, Fault> {
                let spectrum = Spectrum::Linear { condition };
                let truth = LowRankMatrix::incoherent((n, n), k, spectrum, key.named("truth"))?;
                let model = ObservationModel::Bernoulli { probability: p };
                let instance = Instance::draw(truth, model, key.named("entries"))?;
                let settings = Settings { max_iterations: 0, ..exact(k, 0) };
                let start = solve(&instance.problem, &settings, key.named("solver"))?.solution.u;
                Ok(subspace_distance(instance.truth.left_basis(), &orthonormal_basis(&start)?)?)
            });
            let distance = Summary::of(&seen.into_iter().collect::<Result<Vec<f64>, Fault>>()?);
            table.push([
                n.into(),
                k.into(),
                condition.into(),
                p.into(),
                draws.into(),
                distance.median.into(),
                distance.p10.into(),
                distance.p90.into(),
            ]);
        }
    }
    Ok(table)
}

/// Cut by n and κ: the label of each and its rows.
fn cases(table: &Table) -> Result<Vec<(String, f64, f64, Table)>, Fault> {
    let mut cases = Vec::new();
    for (condition, of) in table.number_groups("condition")? {
        for (n, of) in of.number_groups("n")? {
            cases.push((format!("n = {n}, κ = {condition}"), n, condition, of));
        }
    }
    Ok(cases)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let k = table.numbers("k")?[0];
    let x = "p, share of entries observed";
    let mut distances = Chart::new(
        "median, 10–90 % of draws shaded",
        Axis::log2(x),
        Axis::log("dist(U₀, U★), sine of the largest angle"),
    );
    let mut scaled = Chart::new(
        "the same over √((1 − p)/(pn))",
        Axis::log2(x),
        Axis::linear("normalised distance").including(0.0),
    );
    for (label, n, _, of) in cases(table)? {
        distances =
            distances.line_with_band(&label, of.points("p", "distance")?, of.band("p", "low", "high")?);
        let points = of.points("p", "distance")?;
        scaled = scaled
            .line(&label, points.into_iter().map(|(p, d)| (p, d / ((1.0 - p) / (p * n)).sqrt())).collect());
    }
    let distances = distances.target("1/2, what the theory asks", 0.5);
    Ok(Drawing::panels(format!("Spectral initialisation, k = {k}"), [distances, scaled]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let (mut slopes, mut holding, mut falling, mut reaching) = (Vec::new(), 0, 0, Vec::new());
    let cases = cases(table)?;
    for (label, n, _, of) in &cases {
        let points = of.points("p", "distance")?;
        falling += usize::from(points.windows(2).all(|pair| pair[1].1 < pair[0].1));
        let below: Vec<(f64, f64)> = points
            .iter()
            .filter(|point| point.1 < 0.5)
            .map(|&(p, distance)| ((1.0 - p) / (p * n), distance))
            .collect();
        if below.len() >= 3 {
            let (x, y): (Vec<f64>, Vec<f64>) = below.into_iter().unzip();
            let slope = fit_exponent(&x, &y, 0.05)?.exponent;
            holding += usize::from((0.4..=0.6).contains(&slope));
            slopes.push(format!("{label}: {slope:.3}"));
        }
        let first = points.iter().find(|point| point.1 <= 0.5).map_or(f64::NAN, |point| point.0);
        reaching.push(format!("{label}: p = {first}"));
    }
    let verdict = Verdict::from_cases(holding, slopes.len());
    Ok(vec![
        ClaimCheck::new(
            "The initialisation gets nearer with every doubling of p: a ratio below 1 of the distances",
            PLACE,
            "median distance at p = 0.02, 0.04, …, 0.64",
        )
        .seen(format!("{falling} of {} curves fall throughout", cases.len()), Verdict::from_cases(falling, cases.len())),
        ClaimCheck::new(
            "Its distance falls like √((1 − p)/(pn)): exponent 0.5 ± 0.1 in (1 − p)/(pn) once below 1/2",
            OWN,
            "least squares of ln(median distance) on ln((1 − p)/(pn)), curves with three points below 1/2",
        )
        .seen(slopes.join("; "), verdict),
        ClaimCheck::new(
            "The distance 1/2 that the theory starts from is reached at a moderate p: 0.16 or less at every n and κ",
            PLACE,
            "the first p of those tried with a median distance of at most 1/2",
        )
        .seen(
            reaching.join("; "),
            Verdict::from_cases(
                cases
                    .iter()
                    .filter(|case| {
                        case.3.points("p", "distance").is_ok_and(|points| points.iter().any(|p| p.0 <= 0.16 && p.1 <= 0.5))
                    })
                    .count(),
                cases.len(),
            ),
        ),
    ])
}
