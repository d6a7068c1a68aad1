//! What buckets save and what they cost.

use proofsketch::sampling::{
    BucketSettings, RowBasis, SensitivitySettings, bucketed_sensitivities, instances, sensitivities,
};

use super::PAPER;
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict};

/// The total of overestimates against the number of programs.
pub const FIGURE: Figure = Figure {
    id: "bucketed_sensitivities",
    paper: &PAPER,
    title: "Buckets of α rows cost up to αᵖ in the total, and save programs only beyond log₂(n/δ) rows",
    claim: "Random signs turn a bucket of α rows into one row whose sensitivity is at least that of each of them with \
        probability 1/2 (Padmanabhan, Woodruff and Zhang 2023): k = log₂(n/δ) draws a bucket overestimate all n \
        sensitivities with probability 1 − δ, by kn/α programs, and the sum grows by at most αᵖ. Measured, δ = 0.01: \
        Σσ̃ᵢ/Σσᵢ, programs a row, and rows that are not overestimated.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.6, paper: 25.0 },
};

const PLACE: &str = "Padmanabhan, Woodruff and Zhang (2023), the trade-off of their first algorithm";
const EXPONENTS: [f64; 3] = [1.0, 1.5, 3.0];

fn run(context: &Context) -> Result<Table, Fault> {
    let (n, d) = context.at((128, 3), (1024, 8));
    let sizes: Vec<usize> = context.at(vec![8, 32], vec![2, 8, 32, 128]);
    let seeds = 10;
    let mut table = Table::new([
        "p",
        "size",
        "keys",
        "rows",
        "combinations",
        "programs_a_row",
        "growth",
        "low",
        "high",
        "missed",
        "largest_growth_over_bound",
    ]);
    context.progress().expect(EXPONENTS.len() * sizes.len());
    let basis = RowBasis::new(&instances::heavy_tails(n, d, 1.0, context.key().named("matrix")))?;
    for p in EXPONENTS {
        let close = sensitivities(&basis, p, &SensitivitySettings::default())?;
        let total: f64 = close.iter().map(|interval| interval.upper).sum();
        for &size in &sizes {
            let settings = BucketSettings { size, ..BucketSettings::default() };
            let (mut growth, mut missed, mut combinations, mut solved) = (Vec::new(), 0, 0, 0);
            for seed in 0..seeds {
                let key = context.key().named("buckets").indexed(seed as u64);
                let found = bucketed_sensitivities(&basis, p, &settings, key)?;
                growth.push(found.total() / total);
                missed +=
                    found.scores.iter().zip(&close).filter(|(score, close)| **score < close.lower).count();
                (combinations, solved) = (found.combinations, found.solved);
            }
            context.progress().tick();
            let seen = Summary::of(&growth);
            let bound = (size as f64).powf(p);
            table.push([
                p.into(),
                size.into(),
                seeds.into(),
                n.into(),
                combinations.into(),
                (solved as f64 / n as f64).into(),
                seen.median.into(),
                seen.p10.into(),
                seen.p90.into(),
                missed.into(),
                (growth.iter().copied().fold(0.0, f64::max) / bound).into(),
            ]);
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut total =
        Chart::new("what they cost".to_owned(), Axis::log2("α, rows of a bucket"), Axis::log("Σσ̃ᵢ over Σσᵢ"));
    let mut sizes = Vec::new();
    for (p, of) in table.number_groups("p")? {
        sizes = of.numbers("size")?.to_vec();
        total = total.line_with_band(
            format!("p = {p}"),
            of.points("size", "growth")?,
            of.band("size", "low", "high")?,
        );
    }
    total = total.reference("α", sizes.iter().map(|&size| (size, size)).collect());
    let mut programs = Chart::new(
        "what they save".to_owned(),
        Axis::log2("α, rows of a bucket"),
        Axis::log("convex programs a row of A"),
    );
    programs = programs.line("any p", table.at("p", EXPONENTS[0])?.points("size", "programs_a_row")?);
    programs = programs.target("one a row: no buckets", 1.0);
    Ok(Drawing::panels("Sensitivities by buckets, 10–90 % of 10 keys shaded", [total, programs]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let missed: f64 = table.numbers("missed")?.iter().sum();
    let estimates: f64 = table.numbers("keys")?.iter().zip(table.numbers("rows")?).map(|(k, n)| k * n).sum();
    let over = table.numbers("largest_growth_over_bound")?;
    let held = over.iter().filter(|share| **share <= 1.01).count();
    let growth: Vec<String> = EXPONENTS
        .iter()
        .map(|&p| {
            let of = table.at("p", p)?;
            let pairs = of.points("size", "growth")?;
            let listed: Vec<String> =
                pairs.iter().map(|(size, growth)| format!("α = {size}: ×{growth:.2}")).collect();
            Ok(format!("p = {p}: {}", listed.join(", ")))
        })
        .collect::<Result<_, Fault>>()?;
    let (sizes, programs) = (table.numbers("size")?, table.numbers("programs_a_row")?);
    let combinations = table.numbers("combinations")?;
    let consistent = sizes
        .iter()
        .zip(programs)
        .zip(combinations)
        .filter(|((size, programs), k)| (**programs < 1.0) == (*size > k))
        .count();
    Ok(vec![
        ClaimCheck::new(
            "With probability 1 − δ = 0.99 no sensitivity is underestimated",
            PLACE,
            "rows whose σ̃ᵢ lies below the lower end of σᵢ, over all p, bucket sizes and 10 keys",
        )
        .seen(format!("{missed} of {estimates} below"), Verdict::from_bool(missed <= 0.01 * estimates)),
        ClaimCheck::new(
            "The sum of estimates is at most 1.01 αᵖ times that of the sensitivities",
            "not in the paper: Hölder's inequality, certificates to 1 %",
            "largest quotient over 10 keys, and medians of Σσ̃ᵢ/Σσᵢ",
        )
        .seen(growth.join("; "), Verdict::from_cases(held, over.len())),
        ClaimCheck::new(
            "There are fewer programs than rows for α above k = log₂(n/δ) only: 14 to 17 rows a bucket here",
            PLACE,
            "programs over rows of A",
        )
        .seen(
            format!("{consistent} of {} sizes as said, k = {}", sizes.len(), combinations[0]),
            Verdict::from_cases(consistent, sizes.len()),
        ),
    ])
}
