//! How evenly the error is spread over the coordinates.

use proofsketch::guarantee::{ExponentFit, fit_exponent, student_t_tail};

use super::PAPER;
use super::families::{BGP, Family, GAUSSIAN, SIGN, SPARSE_SIGN_2, SPARSE_SIGN_8, SPARSE_SIGN_32, SRHT};
use super::identity_rows::solve_identity_rows;
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict, trials};

/// Mean ‖x′ − x★‖∞ over mean ‖x′ − x★‖₂ against d, at m = 16 d.
pub const FIGURE: Figure = Figure {
    id: "even_spread",
    paper: &PAPER,
    title: "The error is spread evenly over the coordinates",
    claim: "The ℓ∞ guarantee is a factor √d below what an ℓ₂ bound says of one coordinate: the error is spread evenly. \
        For a Gaussian sketch of orthonormal columns it has no preferred direction at all, so that \
        ‖x′ − x★‖∞ / ‖x′ − x★‖₂ falls like √(2 ln d / d); a sketch with few nonzeros a column concentrates the error \
        in a few coordinates, however large d is.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 20.0 },
};

const PLACE: &str = "the factor 1/√d of Theorem 1.1, for its dense sketches";
const OWN: &str = "not in the paper: the rotation invariance of the Gaussian sketch";
const OWN_SPARSE: &str = "not in the paper: an instance of this library";

/// m/d.
const RATIO: usize = 16;
const ROWS: usize = 8192;

/// Every entry nonzero; the residual stands on one row.
const DENSE: [Family; 4] = [GAUSSIAN, SIGN, SRHT, BGP];
/// s nonzeros a column; the residual stands on max(1, m/(d s²)) rows, where about one coordinate meets it.
const SPARSE: [(Family, usize); 3] = [(SPARSE_SIGN_32, 1), (SPARSE_SIGN_8, 1), (SPARSE_SIGN_2, 4)];

fn run(context: &Context) -> Result<Table, Fault> {
    let sizes: &[usize] = context.at(&[8, 16, 32], &[8, 16, 32, 64, 128, 256]);
    let cases: Vec<(Family, usize)> = DENSE.map(|family| (family, 1)).into_iter().chain(SPARSE).collect();
    let all: Vec<(Family, usize, usize, usize)> = cases
        .iter()
        .flat_map(|&(family, k)| sizes.iter().map(move |&d| (family, k, d, context.at(100, draws(d)))))
        .collect();
    context.progress().expect(all.iter().map(|case| case.3).sum());
    let mut table = Table::new(["sketch", "d", "m", "K", "draws", "linf", "l2", "ratio", "standard_error"]);
    for (family, k, d, draws) in all {
        let distribution = family.distribution(RATIO * d, ROWS)?;
        let key = context.key().named(family.name).indexed(d as u64);
        let norms = trials(context, key, draws, |key| {
            let error = solve_identity_rows(&distribution.sample(key), d, k)?.coefficients;
            Ok((error.amax(), error.norm()))
        })
        .into_iter()
        .collect::<Result<Vec<(f64, f64)>, Fault>>()?;
        let RatioOfMeans { above, below, ratio, standard_error } = ratio_of_means(&norms);
        table.push([
            family.name.into(),
            d.into(),
            (RATIO * d).into(),
            k.into(),
            draws.into(),
            above.into(),
            below.into(),
            ratio.into(),
            standard_error.into(),
        ]);
    }
    Ok(table)
}

/// The work of a draw grows like d³, and the ratio varies less and less.
fn draws(d: usize) -> usize {
    match d {
        0..=64 => 200,
        65..=128 => 60,
        _ => 24,
    }
}

struct RatioOfMeans {
    above: f64,
    below: f64,
    ratio: f64,
    standard_error: f64,
}

/// Mean of the first over mean of the second, with the standard error of the linearised ratio. Unlike the mean of
/// ratios it counts a draw that errs nowhere.
fn ratio_of_means(pairs: &[(f64, f64)]) -> RatioOfMeans {
    let count = pairs.len() as f64;
    let above = pairs.iter().map(|pair| pair.0).sum::<f64>() / count;
    let below = pairs.iter().map(|pair| pair.1).sum::<f64>() / count;
    let ratio = above / below;
    let squares: f64 = pairs.iter().map(|(x, y)| (x - ratio * y).powi(2)).sum();
    let standard_error = (squares / (count * (count - 1.0))).sqrt() / below;
    RatioOfMeans { above, below, ratio, standard_error }
}

/// E‖g‖∞ / E‖g‖₂ of a standard normal g ∈ ℝᵈ, which is E(‖g‖∞/‖g‖₂): direction and length are independent.
fn spherical_ratio(d: usize) -> f64 {
    let step = 1e-3;
    let exceeds = |t: f64| 1.0 - (1.0 - student_t_tail(t, f64::INFINITY)).powi(d as i32);
    let largest: f64 = (0..12_000).map(|i| step * exceeds(step * (f64::from(i) + 0.5))).sum();
    // E‖g‖₂ in dimensions k and k + 1 multiply to k.
    let length = (1..d).fold((2.0 / std::f64::consts::PI).sqrt(), |length, k| k as f64 / length);
    largest / length
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let title = format!("How evenly the error is spread, m = {RATIO} d (bands: ± 2 standard errors)");
    let y = Axis::log("mean ‖x′ − x★‖∞ / mean ‖x′ − x★‖₂").including(1.0);
    let mut chart = Chart::new(title, Axis::log2("d, columns of A"), y);
    for (name, rows) in table.groups("sketch")? {
        let ratios = rows.points("d", "ratio")?;
        let band = ratios
            .iter()
            .zip(rows.numbers("standard_error")?)
            .map(|(&(d, ratio), error)| (d, ratio - 2.0 * error, ratio + 2.0 * error))
            .collect();
        chart = chart.line_with_band(name, ratios, band);
    }
    let sizes: Vec<usize> = table.number_groups("d")?.iter().map(|(d, _)| *d as usize).collect();
    let (first, last) = (sizes[0], sizes[sizes.len() - 1]);
    let all = first..=last;
    let bound = |d: usize| (2.0 * (2.0 * d as f64).ln() / d as f64).sqrt();
    Ok(chart
        .reference("exact, Gaussian", all.clone().map(|d| (d as f64, spherical_ratio(d))).collect())
        .reference("√(2 ln 2d / d)", all.clone().map(|d| (d as f64, bound(d))).collect())
        .reference("all equal: 1/√d", all.map(|d| (d as f64, 1.0 / (d as f64).sqrt())).collect())
        .target("in one coordinate: 1", 1.0)
        .into())
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![exact(table)?, dense(table)?, decay(table)?, sparse(table)?])
}

fn exact(table: &Table) -> Result<ClaimCheck, Fault> {
    let rows = table.only("sketch", GAUSSIAN.name)?;
    let deviations: Vec<f64> = rows
        .points("d", "ratio")?
        .iter()
        .zip(rows.numbers("standard_error")?)
        .map(|(&(d, ratio), error)| ((ratio - spherical_ratio(d as usize)) / error).abs())
        .collect();
    let holding = deviations.iter().filter(|&&deviation| deviation <= 4.0).count();
    let largest = deviations.iter().copied().fold(0.0, f64::max);
    Ok(ClaimCheck::new(
        "Gaussian sketch of orthonormal columns: the ratio is E‖g‖∞/E‖g‖₂ of a normal vector g, within 4 standard errors",
        OWN,
        "A = [I; 0], residual on one row, each d; the expectations by integration",
    )
    .seen(
        format!("{holding} of {} sizes; the largest deviation is {largest:.1} standard errors", deviations.len()),
        Verdict::from_cases(holding, deviations.len()),
    ))
}

fn dense(table: &Table) -> Result<ClaimCheck, Fault> {
    let mut shares = Vec::new();
    for family in DENSE {
        let points = table.only("sketch", family.name)?.points("d", "ratio")?;
        shares.extend(points.iter().map(|(d, ratio)| ratio / (2.0 * (2.0 * d).ln() / d).sqrt()));
    }
    let holding = shares.iter().filter(|&&share| share <= 1.0).count();
    let largest = shares.iter().copied().fold(0.0, f64::max);
    Ok(ClaimCheck::new(
        "Dense sketches: ratio at most √(2 ln 2d / d) at every d",
        PLACE,
        "the same, for Gaussian, random signs, SRHT and balanced Gaussian-pooled",
    )
    .seen(
        format!("{holding} of {} ratios; the largest is {largest:.2} √(2 ln 2d / d)", shares.len()),
        Verdict::from_cases(holding, shares.len()),
    ))
}

fn exponent(points: &[(f64, f64)]) -> Result<ExponentFit, Fault> {
    let (d, ratio): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
    Ok(fit_exponent(&d, &ratio, 0.05)?)
}

/// How many of the sketches have an exponent within `tolerance` of the expected one, and all exponents.
fn exponents(
    table: &Table,
    families: &[Family],
    tolerance: f64,
    expected: impl Fn(&[(f64, f64)]) -> Result<f64, Fault>,
) -> Result<(usize, String), Fault> {
    let (mut holding, mut seen) = (0, Vec::new());
    for family in families {
        let points = table.only("sketch", family.name)?.points("d", "ratio")?;
        let fit = exponent(&points)?;
        holding += usize::from((fit.exponent - expected(&points)?).abs() <= tolerance);
        seen.push(format!("{} {:.3} ± {:.3}", family.name, fit.exponent, fit.half_width));
    }
    Ok((holding, seen.join(", ")))
}

fn decay(table: &Table) -> Result<ClaimCheck, Fault> {
    let of_normal_vectors = |points: &[(f64, f64)]| -> Result<f64, Fault> {
        let exact: Vec<(f64, f64)> = points.iter().map(|&(d, _)| (d, spherical_ratio(d as usize))).collect();
        Ok(exponent(&exact)?.exponent)
    };
    let (holding, seen) = exponents(table, &DENSE, 0.05, of_normal_vectors)?;
    let expected = of_normal_vectors(&table.only("sketch", GAUSSIAN.name)?.points("d", "ratio")?)?;
    Ok(ClaimCheck::new(
        "Dense sketches: the ratio falls with d like that of a normal vector, exponent equal within 0.05",
        PLACE,
        "least squares of ln ratio on ln d",
    )
    .seen(format!("normal vector {expected:.3}; {seen}"), Verdict::from_cases(holding, DENSE.len())))
}

fn sparse(table: &Table) -> Result<ClaimCheck, Fault> {
    let families = [SPARSE_SIGN_8, SPARSE_SIGN_2];
    let (holding, seen) = exponents(table, &families, 0.1, |_| Ok(0.0))?;
    Ok(ClaimCheck::new(
        "Sketches with 8 and with 2 nonzeros a column: the ratio does not fall with d, exponent 0 ± 0.1",
        OWN_SPARSE,
        "least squares of ln ratio on ln d, residual on max(1, m/(d s²)) rows",
    )
    .seen(seen, Verdict::from_cases(holding, families.len())))
}
