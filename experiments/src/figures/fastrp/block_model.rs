//! Communities and missing edges of a planted partition, against the strength of the communities.

use nalgebra::DMatrix;
use proofsketch::embedding::{Graph, Mode, Settings, embed};
use proofsketch::random::{StreamKey, uniform_below, uniform_unit};

use super::PAPER;
use crate::error::Fault;
use crate::evaluation::{auc, k_means, normalized_mutual_information};
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Summary, Table, Verdict, trials};

/// NMI of k-means and AUC of cosines, N = 2000, k = 5.
pub const FIGURE: Figure = Figure {
    id: "block_model",
    paper: &PAPER,
    title: "Communities and missing edges of a planted partition",
    claim: "An embedding keeps the structure of a graph where there is one, and invents none. In a planted partition of N nodes \
        into k equal blocks, edges have probability c_in/N inside a block and c_out/N between two; with mean degree c, \
        no algorithm finds the blocks from local information below (c_in − c_out)² = k² c (Kesten and Stigum's threshold), \
        and the best possible AUC of predicting an edge is known. Needs no data.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 1.0, paper: 3.0 },
};

const OWN: &str = "not in the paper: an instance of this library";
const BLOCKS: usize = 5;
const MEAN_DEGREE: f64 = 20.0;
/// Share of the edges that link prediction does not see.
const HIDDEN: f64 = 0.1;
/// From here on the communities are strong.
const STRONG: f64 = 8.0;

/// A planted partition: node i is in block i mod k.
struct Planted {
    nodes: usize,
    /// Probability of an edge inside a block, and between two.
    within: f64,
    between: f64,
}

impl Planted {
    /// Mean degree c and signal (c_in − c_out)²/(k² c).
    fn new(nodes: usize, signal: f64) -> Self {
        let (n, k) = (nodes as f64, BLOCKS as f64);
        let gap = k * (signal * MEAN_DEGREE).sqrt();
        let between = MEAN_DEGREE - gap / k;
        Self { nodes, within: (between + gap) / n, between: between / n }
    }

    fn is_within(u: usize, v: usize) -> bool {
        u % BLOCKS == v % BLOCKS
    }

    fn edges(&self, key: StreamKey) -> Vec<(u32, u32)> {
        let mut edges = Vec::new();
        for u in 0..self.nodes {
            let mut rng = key.block(u as u64);
            for v in u + 1..self.nodes {
                let probability = if Self::is_within(u, v) { self.within } else { self.between };
                if uniform_unit(&mut rng) < probability {
                    edges.push((u as u32, v as u32));
                }
            }
        }
        edges
    }

    /// AUC of the best score of a pair there is, whether it lies inside a block: ½ + ½(Pr[inside | edge] − Pr[inside | no edge]).
    fn best_auc(&self) -> f64 {
        let inside = (self.nodes as f64 / BLOCKS as f64 - 1.0) / (self.nodes as f64 - 1.0);
        let edge = inside * self.within + (1.0 - inside) * self.between;
        0.5 + 0.5 * (inside * self.within / edge - inside * (1.0 - self.within) / (1.0 - edge))
    }
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (nodes, dim, draws) = context.at((300, 32, 4), (2000, 128, 10));
    let signals: &[f64] = context.at(&[0.0, 2.0, 8.0], &[0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0]);
    let mut table = Table::new([
        "signal",
        "N",
        "d",
        "draws",
        "nmi",
        "nmi_low",
        "nmi_high",
        "auc",
        "auc_low",
        "auc_high",
        "auc_deviation",
        "best_auc",
    ]);
    context.progress().expect(signals.len() * draws);
    for (i, &signal) in signals.iter().enumerate() {
        let planted = Planted::new(nodes, signal);
        let key = context.key().indexed(i as u64);
        let measured = trials(context, key, draws, |key| measure(&planted, dim, key));
        let measured: Vec<(f64, f64)> = measured.into_iter().collect::<Result<_, Fault>>()?;
        let [nmi, auc] = [0, 1].map(|which| {
            let values: Vec<f64> =
                measured.iter().map(|pair| if which == 0 { pair.0 } else { pair.1 }).collect();
            Summary::of(&values)
        });
        table.push([
            signal.into(),
            nodes.into(),
            dim.into(),
            draws.into(),
            nmi.mean.into(),
            nmi.p10.into(),
            nmi.p90.into(),
            auc.mean.into(),
            auc.p10.into(),
            auc.p90.into(),
            auc.standard_deviation.into(),
            planted.best_auc().into(),
        ]);
    }
    Ok(table)
}

/// NMI of the clusters of one graph, and AUC of predicting the edges hidden from another embedding of it.
fn measure(planted: &Planted, dim: usize, key: StreamKey) -> Result<(f64, f64), Fault> {
    let edges = planted.edges(key.named("edges"));
    let settings = Settings::of(Mode::Official, dim);
    let vectors = |edges: &[(u32, u32)]| -> Result<DMatrix<f32>, Fault> {
        let graph = Graph::undirected((0..planted.nodes as u64).collect(), edges, None)?;
        Ok(embed(&graph, &settings, key.named("projection"))?.vectors)
    };
    let clusters = k_means(&vectors(&edges)?, BLOCKS, 5, key.named("k-means"));
    let blocks: Vec<u32> = (0..planted.nodes).map(|node| (node % BLOCKS) as u32).collect();
    let nmi = normalized_mutual_information(&clusters, &blocks);

    let mut rng = key.named("hidden").block(0);
    let (hidden, kept): (Vec<_>, Vec<_>) = edges.iter().partition(|_| uniform_unit(&mut rng) < HIDDEN);
    let seen = vectors(&kept)?;
    let mut absent = Vec::with_capacity(hidden.len());
    while absent.len() < hidden.len() {
        let [u, v] = [(); 2].map(|()| uniform_below(&mut rng, planted.nodes as u32));
        if u != v && edges.binary_search(&(u.min(v), u.max(v))).is_err() {
            absent.push((u, v));
        }
    }
    Ok((nmi, auc(&cosines(&seen, &hidden), &cosines(&seen, &absent))))
}

/// The cosine of the vectors of each pair; 0 for a zero vector.
fn cosines(vectors: &DMatrix<f32>, pairs: &[(u32, u32)]) -> Vec<f64> {
    let cosine = |&(u, v): &(u32, u32)| {
        let (u, v) = (vectors.column(u as usize), vectors.column(v as usize));
        let norms = u.norm() * v.norm();
        if norms == 0.0 { 0.0 } else { f64::from(u.dot(&v) / norms) }
    };
    pairs.iter().map(cosine).collect()
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let (nodes, dim) = (table.numbers("N")?[0], table.numbers("d")?[0]);
    let axis = || Axis::linear("signal, (c_in − c_out)²/(k² c)");
    let nmi = Chart::new("communities: k-means", axis(), Axis::linear("NMI with the blocks").including(1.0))
        .line_with_band(
            "FastRP, mean and 10–90 % of graphs",
            table.points("signal", "nmi")?,
            table.band("signal", "nmi_low", "nmi_high")?,
        )
        .reference("threshold of Kesten and Stigum", vec![(1.0, 0.0), (1.0, 1.0)]);
    let auc = Chart::new("missing edges: cosine", axis(), Axis::linear("AUC"))
        .line_with_band(
            "FastRP, mean and 10–90 % of graphs",
            table.points("signal", "auc")?,
            table.band("signal", "auc_low", "auc_high")?,
        )
        .reference("the best possible AUC", table.points("signal", "best_auc")?);
    let title =
        format!("Planted partition: N = {nodes}, k = {BLOCKS}, mean degree c = {MEAN_DEGREE}, d = {dim}");
    Ok(Drawing::panels(title, [nmi, auc]))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let (nmi, auc) = (table.points("signal", "nmi")?, table.points("signal", "auc")?);
    let best = table.points("signal", "best_auc")?;
    let strong = |signal: f64| signal >= STRONG;
    let found = least(nmi.iter().filter(|point| strong(point.0)).map(|point| point.1));
    let shares = auc.iter().zip(&best).filter(|(auc, _)| strong(auc.0));
    let predicted = least(shares.map(|(auc, best)| (auc.1 - 0.5) / (best.1 - 0.5)));
    let error = table.numbers("auc_deviation")?[0] / table.numbers("draws")?[0].sqrt();
    let near = nmi.iter().find(|point| point.0 == 2.0).ok_or("signal 2 is not in the table")?.1;
    let clusters = "k-means, mean over graphs";
    Ok(vec![
        ClaimCheck::new("Without communities none are invented: NMI below 0.05 at signal 0", OWN, clusters)
            .seen(format!("{:.4}", nmi[0].1), Verdict::from_bool(nmi[0].1 < 0.05)),
        ClaimCheck::new(
            "and no edge is predicted: AUC is 0.5 within 4 standard errors",
            OWN,
            "cosine of vectors that did not see a tenth of the edges, mean over graphs",
        )
        .seen(format!("{:.4} ± {error:.4}", auc[0].1), Verdict::from_bool((auc[0].1 - 0.5).abs() <= 4.0 * error)),
        ClaimCheck::new("From signal 8 on the communities are found: NMI at least 0.95", OWN, clusters)
            .seen(format!("at least {found:.3}"), Verdict::from_bool(found >= 0.95)),
        ClaimCheck::new(
            "and edges are predicted as well as can be: AUC − 0.5 is at least 0.95 of its best possible value",
            OWN,
            "the best possible score of a pair says whether it lies inside a block",
        )
        .seen(format!("at least {predicted:.3} of it"), Verdict::from_bool(predicted >= 0.95)),
        ClaimCheck::new(
            "Communities are found down to twice the threshold of Kesten and Stigum: NMI at least 0.5 at signal 2",
            OWN,
            clusters,
        )
        .seen(format!("{near:.3}"), Verdict::from_bool(near >= 0.5)),
    ])
}

fn least(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(f64::INFINITY, f64::min)
}
