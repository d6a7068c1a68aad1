//! Edges of the complete graph, and a potential at which few of them are seen to be missing.

use std::collections::BTreeSet;

use proofsketch::guarantee::fit_exponent;
use proofsketch::random::{StreamKey, uniform_below};
use proofsketch::sketch::{RowSampling, SketchDistribution};

use super::PAPER;
use crate::error::Fault;
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// The ratio at one potential of the complete graph against the degree that is kept.
pub const FIGURE: Figure = Figure {
    id: "incidence_witness",
    paper: &PAPER,
    title: "On the complete graph at p = 3 the loss at one potential falls as slowly as degree^(−1/3)",
    claim: "A manuscript of 2026 that has not been reviewed claims that for p > 2 the dependence on ε cannot stay ε⁻²: on \
        the incidence matrix of the complete graph K_v with v − 1 ≥ 6⁻ᵖε^(−p−1), every weighted subset of edges that keeps \
        ‖Ax‖ₚᵖ up to 1 ± ε has at least (v/2)(6ε)⁻ᵖ of them, an average degree of (6ε)⁻ᵖ. The potential behind it is 1 at a \
        vertex u, k^(−1/p) at the k vertices that u is still joined to, and 0 elsewhere: the kept edges at u see a step of \
        1 − k^(−1/p) alone. Measured at p = 3: the ratio ‖SAz‖ₚᵖ/‖Az‖ₚᵖ at this z, for edges that are kept independently, the \
        least of 32 vertices u, and for regular graphs with random offsets, where u does not matter. All edges of K_v have one \
        sensitivity, one Lewis weight and one leverage score.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 0.1, paper: 5.0 },
};

const PLACE: &str = "not in the paper: an unreviewed manuscript of 2026 on the dependence on ε for p > 2";
const P: f64 = 3.0;
const SAMPLED: &str = "edges kept independently";
const REGULAR: &str = "regular graph";
/// Vertices u that are tried of a sampled graph.
const CENTRES: usize = 32;

/// A weighted graph on the vertices of K_v: neighbours of each, and the one weight of its edges.
struct Kept {
    neighbours: Vec<Vec<usize>>,
    weight: f64,
}

impl Kept {
    /// Each edge of K_v with probability degree/(v − 1), in the order of the rows of the incidence matrix.
    fn sampled(sampling: &RowSampling, vertices: usize, key: StreamKey) -> Self {
        let mut neighbours = vec![Vec::new(); vertices];
        let (mut i, mut first) = (0, 0);
        for &edge in sampling.sample(key).kept() {
            while edge >= first + (vertices - 1 - i) {
                first += vertices - 1 - i;
                i += 1;
            }
            let j = i + 1 + (edge - first);
            neighbours[i].push(j);
            neighbours[j].push(i);
        }
        Self { neighbours, weight: 1.0 / sampling.probabilities()[0] }
    }

    /// i joined to i ± o for degree/2 random offsets o, an odd number of vertices, an even degree.
    fn regular(vertices: usize, degree: usize, key: StreamKey) -> Self {
        let mut rng = key.block(0);
        let mut offsets = BTreeSet::new();
        while offsets.len() < degree / 2 {
            offsets.insert(1 + uniform_below(&mut rng, (vertices as u32 - 1) / 2) as usize);
        }
        let around =
            |i: usize| offsets.iter().flat_map(move |o| [(i + o) % vertices, (i + vertices - o) % vertices]);
        let neighbours = (0..vertices).map(|i| around(i).collect()).collect();
        Self { neighbours, weight: (vertices - 1) as f64 / degree as f64 }
    }

    /// ‖SAz‖ₚᵖ/‖Az‖ₚᵖ at the potential of vertex u.
    fn ratio(&self, u: usize) -> f64 {
        let vertices = self.neighbours.len();
        let near = &self.neighbours[u];
        let k = near.len() as f64;
        if near.is_empty() {
            return 0.0;
        }
        let mut inside = vec![false; vertices];
        inside[u] = true;
        near.iter().for_each(|&w| inside[w] = true);
        let leaving = |&w: &usize| self.neighbours[w].iter().filter(|&&x| !inside[x]).count();
        let leaving: usize = near.iter().map(leaving).sum();
        // Edges at u see 1 − k^(−1/p); edges that leave its neighbours see k^(−1/p), in the power p 1/k.
        let step = k * (1.0 - k.powf(-1.0 / P)).powf(P);
        let others = vertices as f64 - 1.0 - k;
        self.weight * (step + leaving as f64 / k) / (step + 2.0 * others)
    }
}

/// 1 − ratio for a regular graph of this degree in which the neighbours of u are joined as in a random one.
fn expected_loss(vertices: f64, k: f64) -> f64 {
    let (step, others) = ((1.0 - k.powf(-1.0 / P)).powf(P), vertices - 1.0 - k);
    1.0 - ((vertices - 1.0) * step + (k - 1.0) / k * others) / (k * step + 2.0 * others)
}

/// The ε at which (6ε)⁻ᵖ is this degree.
fn claimed(degree: f64) -> f64 {
    degree.powf(-1.0 / P) / 6.0
}

fn run(context: &Context) -> Result<Table, Fault> {
    let sizes = context.at(vec![301, 1001], vec![501, 4001]);
    let degrees = context.at(vec![8, 16, 32], vec![8, 16, 32, 64, 128]);
    let draws = context.at(4, 10);
    let mut table = Table::new(["vertices", "edges", "degree", "draws", "loss", "low", "high", "least"]);
    context.progress().expect(2 * sizes.len() * degrees.len() * draws);
    for &vertices in &sizes {
        let edges = vertices * (vertices - 1) / 2;
        for &degree in &degrees {
            let sampling = RowSampling::uniform(edges, (vertices * degree) as f64 / 2.0, P)?;
            for name in [SAMPLED, REGULAR] {
                let key = context.key().named(name).indexed(vertices as u64).indexed(degree as u64);
                let losses = trials(context, key, draws, |key| match name {
                    SAMPLED => {
                        let kept = Kept::sampled(&sampling, vertices, key);
                        let centres = (0..CENTRES).map(|c| c * vertices / CENTRES);
                        1.0 - centres.map(|u| kept.ratio(u)).fold(f64::INFINITY, f64::min)
                    }
                    _ => 1.0 - Kept::regular(vertices, degree, key).ratio(0),
                });
                let seen = Summary::of(&losses);
                table.push([
                    vertices.into(),
                    name.into(),
                    degree.into(),
                    draws.into(),
                    seen.median.into(),
                    seen.p10.into(),
                    seen.p90.into(),
                    losses.iter().copied().fold(f64::INFINITY, f64::min).into(),
                ]);
            }
        }
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let mut panels = Vec::new();
    for (vertices, of) in table.number_groups("vertices")? {
        let mut chart = Chart::new(
            format!("v = {vertices}"),
            Axis::log2("average degree that is kept"),
            Axis::log("1 − ratio at the potential"),
        );
        for (name, of) in of.groups("edges")? {
            chart =
                chart.line_with_band(name, of.points("degree", "loss")?, of.band("degree", "low", "high")?);
        }
        let degrees: Vec<f64> = of.number_groups("degree")?.into_iter().map(|(degree, _)| degree).collect();
        let curve = |f: &dyn Fn(f64) -> f64| degrees.iter().map(|&k| (k, f(k))).collect::<Vec<_>>();
        panels.push(
            chart
                .reference("expected of a regular graph", curve(&|k| expected_loss(vertices, k)))
                .reference("ε with (6ε)⁻³ = degree, the claim", curve(&claimed))
                .slope("degree^(−1/2)", (degrees[0], expected_loss(vertices, degrees[0])), -0.5),
        );
    }
    Ok(Drawing::panels("Complete graphs at p = 3, 10–90 % of draws shaded", panels))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let (mut lost, mut cases, mut gap, mut margin) = (0, 0, 0.0_f64, f64::INFINITY);
    for (vertices, of) in table.number_groups("vertices")? {
        for (degree, least) in of.points("degree", "least")? {
            if vertices - 1.0 >= 6.0 * degree.powf(1.0 + 1.0 / P) {
                cases += 1;
                // The cut around a vertex has ratio 1 on average: it allows a common factor of 1 + ε, which takes back less than ε.
                lost += usize::from(least > 2.0 * claimed(degree));
                margin = margin.min(least / claimed(degree));
            }
        }
        for (degree, loss) in of.only("edges", REGULAR)?.points("degree", "loss")? {
            gap = gap.max((loss / expected_loss(vertices, degree) - 1.0).abs());
        }
    }
    let sizes = table.number_groups("vertices")?;
    let (vertices, largest) = &sizes[sizes.len() - 1];
    let regular = largest.only("edges", REGULAR)?;
    let slope = fit_exponent(regular.numbers("degree")?, regular.numbers("loss")?, 0.05)
        .map_or(f64::NAN, |fit| fit.exponent);
    let (degree, loss) =
        regular.points("degree", "loss")?.into_iter().next_back().unwrap_or((f64::NAN, f64::NAN));
    Ok(vec![
        ClaimCheck::new(
            "Edges of an average degree k, v − 1 ≥ 6k^(4/3), lose more than twice ε = k^(−1/3)/6 at the potential, so that \
                they are no 1 ± ε embedding for any common factor of the weights: what the manuscript claims of all subsets \
                of fewer than (v/2)(6ε)⁻³ edges, here of two kinds of them",
            PLACE,
            "the least loss of all draws against that ε, at every such v and k, edges kept independently and regular graphs",
        )
        .seen(
            format!(
                "{lost} of {cases} cases; the least loss is {margin:.1} times ε. The claim is far from sharp here: at degree {degree} \
                    a regular graph on {vertices} vertices loses {loss:.3}, where (6ε)⁻³ = {:.2}",
                (6.0 * loss).powf(-P)
            ),
            Verdict::from_cases(lost, cases),
        ),
        ClaimCheck::new(
            "A regular graph of degree k loses 1 − ½((1 − k^(−1/3))³ + 1 − 1/k), up to terms in k/v, within 5 %",
            PLACE,
            "median loss against the formula with these terms, all degrees and sizes",
        )
        .seen(format!("off by {:.2} % at most", 100.0 * gap), Verdict::from_bool(gap <= 0.05)),
        ClaimCheck::new(
            "The loss falls more slowly than k^(−1/2), by which ε⁻² would go: log-log slope above −0.4",
            PLACE,
            "slope over the degrees for regular graphs on the most vertices; it tends to −1/3 as k grows",
        )
        .seen(format!("{slope:.3}"), Verdict::from_bool(slope > -0.4)),
    ])
}
