//! What leverage scores add to sensitivities.

use proofsketch::sampling::{RowBasis, gaussian_total_sensitivity, instances};
use proofsketch::sketch::RowSampling;

use super::PAPER;
use super::sampling::{QUICK, lewis, measure};
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// The least ratio on a Gaussian block beside a block of identities.
pub const FIGURE: Figure = Figure {
    id: "lp_separation",
    paper: &PAPER,
    title: "Sensitivities alone starve a Gaussian block; leverage scores feed it",
    claim: "For p < 2 sampling by sensitivities takes S·d^(1−p/2) rows, by sensitivities and leverage scores S + d \
        (Munteanu and Omlor). Measured on diag(G, I ⊗ 1), which is this library's: S(G) is of order d^(p/2), the other \
        block's is d, so that sensitivities leave G a share d^(p/2−1) of the sample, of which it needs half. Shown is \
        the least ratio on G; over the whole matrix it is masked by the other block, which has to collect every column.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.5, paper: 30.0 },
};

const PLACE: &str = "Munteanu and Omlor (2024), on the tightness of S·d^(1−p/2) and augmentation";
const PLAIN: &str = "sensitivity";
const AUGMENTED: &str = "sensitivity + leverage";
const LEWIS: &str = "Lewis";

fn run(context: &Context) -> Result<Table, Fault> {
    let dimensions: Vec<usize> = context.at(vec![8, 16], vec![16, 32, 64, 128]);
    let draws = context.at(4, 10);
    let mut table =
        Table::new(["p", "scores", "d", "rows", "rows_in_block", "draws", "least_ratio", "low", "high"]);
    context.progress().expect(2 * 3 * dimensions.len() * draws);
    for p in [1.0, 1.5] {
        for &d in &dimensions {
            let n = 20 * d;
            let matrix = instances::gaussian(n, d, context.key().named("matrix").indexed(d as u64));
            let basis = RowBasis::new(&matrix)?;
            let weights = lewis(&basis, p)?;
            let columns = d as f64;
            let rows = 6.0 * columns * columns.ln();
            // In the limit of many rows σᵢ = (S/d)wᵢ on the Gaussian block. The other block has total d of either score.
            let share = gaussian_total_sensitivity(d, p) / columns;
            let leverage = basis.leverage_scores();
            for name in [PLAIN, AUGMENTED, LEWIS] {
                let (scores, others): (Vec<f64>, f64) = match name {
                    PLAIN => (weights.iter().map(|w| share * w).collect(), columns),
                    AUGMENTED => (
                        weights.iter().zip(&leverage).map(|(w, tau)| share * w + tau).collect(),
                        2.0 * columns,
                    ),
                    _ => (weights.clone(), columns),
                };
                let total: f64 = scores.iter().sum();
                let in_block = rows * total / (total + others);
                let sampling = RowSampling::from_scores(&scores, in_block, p)?;
                let key = context.key().named(name).indexed(d as u64);
                let seen = trials(context, key, draws, |key| {
                    Ok(measure(&basis, &sampling, &QUICK, key)?.lower.ratio)
                });
                let seen = Summary::of(&seen.into_iter().collect::<Result<Vec<f64>, Fault>>()?);
                table.push([
                    p.into(),
                    name.into(),
                    d.into(),
                    rows.into(),
                    in_block.into(),
                    draws.into(),
                    seen.median.into(),
                    seen.p10.into(),
                    seen.p90.into(),
                ]);
            }
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut panels = Vec::new();
    for (p, of) in table.number_groups("p")? {
        let mut chart = Chart::new(
            format!("p = {p}"),
            Axis::log2("d, columns of either block"),
            Axis::linear("least ratio found on the Gaussian block").range(0.0, 1.0),
        );
        for (name, of) in of.groups("scores")? {
            chart = chart.line_with_band(&name, of.points("d", "least_ratio")?, of.band("d", "low", "high")?);
        }
        panels.push(chart);
    }
    Ok(Drawing::panels("diag(G, I ⊗ 1), 6 d ln d rows in expectation, 10–90 % of draws shaded", panels))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let (mut falls, mut flat, mut seen) = (0, 0, Vec::new());
    for p in [1.0, 1.5] {
        let change = |name: &str| -> Result<(f64, f64), Fault> {
            let of = table.at("p", p)?.only("scores", name)?;
            let ratios = of.numbers("least_ratio")?;
            Ok((ratios[0], ratios[ratios.len() - 1]))
        };
        let (plain, augmented, lewis) = (change(PLAIN)?, change(AUGMENTED)?, change(LEWIS)?);
        falls += usize::from(plain.1 <= plain.0 - 0.1);
        flat += usize::from(augmented.1 >= augmented.0 - 0.05);
        seen.push(format!(
            "p = {p}: sensitivity {:.3} to {:.3}, augmented {:.3} to {:.3}, Lewis {:.3} to {:.3}",
            plain.0, plain.1, augmented.0, augmented.1, lewis.0, lewis.1
        ));
    }
    let seen = seen.join("; ");
    let test = "median of the least ratio at the least and the largest d, 6 d ln d rows";
    Ok(vec![
        ClaimCheck::new(
            "By sensitivities alone the least ratio on the Gaussian block falls by 0.1 or more as d grows, p = 1 and 3/2",
            PLACE,
            test,
        )
        .seen(seen.clone(), Verdict::from_cases(falls, 2)),
        ClaimCheck::new("With leverage scores added it does not fall: by less than 0.05, p = 1 and 3/2", PLACE, test)
            .seen(seen, Verdict::from_cases(flat, 2)),
    ])
}
