//! F1 against the share of labelled nodes, on the packages of Debian.

use nalgebra::DMatrix;
use proofsketch::embedding::{Graph, Mode, Settings, Standardize, embed};

use super::PAPER;
use super::exact_similarity::{ExactSimilarity, RowNorms};
use super::measurement::{NOTEBOOK_C, protocol};
use crate::error::Fault;
use crate::evaluation::{LogisticSettings, Protocol, node_classification};
use crate::graphs::{DebianLabels, LabelledGraph, debian_packages};
use crate::plot::{Axis, Chart, Drawing};
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// FastRP, RandNE and the similarity without a projection, on debtags and sections.
pub const FIGURE: Figure = Figure {
    id: "training_ratio",
    paper: &PAPER,
    title: "Packages of Debian: F1 against the share of labelled nodes",
    claim: "FastRP rests on the idea that the similarity matters more than how its dimension is reduced. Here it is held \
        against RandNE, which normalises no power, and against its similarity itself, cut to the d leading singular \
        vectors. Its settings are those published for BlogCatalog, and the same with β = 0. The data is shipped, so that \
        everyone can run this.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 3.0, paper: 70.0 },
};

const OWN: &str = "not in the paper: data of this library";
pub(super) const FAST_RP: &str = "FastRP";
const FLAT: &str = "FastRP, β = 0";
pub(super) const RAND_NE: &str = "RandNE";
pub(super) const EXACT: &str = "similarity without projection";

/// One way to embed, and C of the classifiers on it.
pub(super) struct Method {
    pub(super) name: &'static str,
    pub(super) c: f64,
    pub(super) vectors: DMatrix<f32>,
}

/// FastRP, RandNE and the similarity that FastRP sketches, in d dimensions.
pub(super) fn methods(
    context: &Context,
    graph: &Graph,
    dim: usize,
    norms: RowNorms,
) -> Result<Vec<Method>, Fault> {
    let key = context.key();
    let official = Settings::of(Mode::Official, dim);
    // The weights of the notebook's RandNE; columns standardised as FastRP's.
    let rand_ne = Settings {
        weights: vec![1.0, 100.0, 1000.0],
        self_influence: 0.0,
        standardize: Standardize::Columns,
        ..Settings::of(Mode::RandNe, dim)
    };
    let similarity = ExactSimilarity::new(graph, &official, norms)?;
    let method = |name, vectors| Method { name, c: NOTEBOOK_C, vectors };
    Ok(vec![
        method(FAST_RP, embed(graph, &official, key.named("fastrp"))?.vectors),
        method(RAND_NE, embed(graph, &rand_ne, key.named("randne"))?.vectors),
        method(EXACT, similarity.principal_coordinates(dim, key.named("range"))?),
    ])
}

/// The table of these figures, empty.
pub(super) fn empty_table() -> Table {
    Table::new([
        "labels",
        "method",
        "C",
        "d",
        "train_percent",
        "shuffles",
        "micro",
        "micro_deviation",
        "macro",
        "macro_deviation",
    ])
}

/// Adds each method at each share of labelled nodes.
pub(super) fn measure(
    context: &Context,
    table: &mut Table,
    (name, data): (&str, &LabelledGraph),
    methods: &[Method],
    (percents, shuffles): (&[usize], usize),
) -> Result<(), Fault> {
    for method in methods {
        for &percent in percents {
            let fraction = percent as f64 / 100.0;
            let logistic = LogisticSettings { c: method.c, ..LogisticSettings::default() };
            let protocol = Protocol { logistic, ..protocol(fraction, shuffles) };
            let scores = node_classification(&method.vectors, &data.labels, &protocol, context.key())?;
            if scores.unconverged > 0 {
                return Err(format!("{} regressions did not converge", scores.unconverged).into());
            }
            table.push([
                name.into(),
                method.name.into(),
                method.c.into(),
                method.vectors.nrows().into(),
                percent.into(),
                shuffles.into(),
                scores.micro.mean.into(),
                scores.micro.standard_deviation.into(),
                scores.macro_.mean.into(),
                scores.macro_.standard_deviation.into(),
            ]);
            context.progress().tick();
        }
    }
    Ok(())
}

/// Micro-F1 and macro-F1 of one set of labels: two charts.
pub(super) fn charts(table: &Table, labels: &str) -> Result<[Chart; 2], Fault> {
    let of_labels = table.only("labels", labels)?;
    let chart = |column: &str, name: &str| -> Result<Chart, Fault> {
        let mut chart =
            Chart::new(format!("{labels}: {name}"), Axis::linear("labelled nodes, %"), Axis::linear(name));
        for (method, of) in of_labels.groups("method")? {
            let points = of.points("train_percent", column)?;
            let deviations = of.numbers(&format!("{column}_deviation"))?.to_vec();
            let band = points.iter().zip(deviations).map(|(&(x, y), sd)| (x, y - sd, y + sd)).collect();
            chart = chart.line_with_band(method, points, band);
        }
        Ok(chart)
    };
    Ok([chart("micro", "micro-F1")?, chart("macro", "macro-F1")?])
}

/// One score of two methods at each share: (percent, first, second).
pub(super) fn pairs(
    table: &Table,
    labels: &str,
    score: &str,
    methods: [&str; 2],
) -> Result<Vec<(f64, f64, f64)>, Fault> {
    let of = |method: &str| -> Result<Vec<(f64, f64)>, Fault> {
        Ok(table.only("labels", labels)?.only("method", method)?.points("train_percent", score)?)
    };
    let (first, second) = (of(methods[0])?, of(methods[1])?);
    Ok(first.into_iter().zip(second).map(|((x, a), (_, b))| (x, a, b)).collect())
}

fn run(context: &Context) -> Result<Table, Fault> {
    let (dim, columns) = context.at((16, 64), (128, 4096));
    let percents: &[usize] = context.at(&[2], &[10, 30, 50]);
    let shuffles = context.at(1, 2);
    let debtags = debian_packages(DebianLabels::Debtags)?;
    let sections = debian_packages(DebianLabels::Section)?;
    context.progress().expect(2 * 4 * percents.len());
    let norms = RowNorms::Sketched(columns, context.key().named("norms"));
    let mut methods = methods(context, &debtags.graph, dim, norms)?;
    let flat = Settings { beta: 0.0, ..Settings::of(Mode::Official, dim) };
    let vectors = embed(&debtags.graph, &flat, context.key().named("fastrp"))?.vectors;
    methods.push(Method { name: FLAT, c: NOTEBOOK_C, vectors });
    let mut table = empty_table();
    for of in [("debtags", &debtags), ("sections", &sections)] {
        measure(context, &mut table, of, &methods, (percents, shuffles))?;
    }
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let (dim, shuffles) = (table.numbers("d")?[0], table.numbers("shuffles")?[0]);
    let title = format!(
        "63,436 packages of Debian, d = {dim}: mean of {shuffles} splits, one standard deviation shaded"
    );
    let panels = [charts(table, "debtags")?, charts(table, "sections")?];
    Ok(Drawing::panels(title, panels.into_iter().flatten()))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    let mut claims = Vec::new();
    for labels in ["debtags", "sections"] {
        claims.push(ahead(table, labels)?);
        claims.push(transferred(table, labels)?);
        claims.push(near_exact(table, labels, OWN)?);
    }
    Ok(claims)
}

fn ahead(table: &Table, labels: &str) -> Result<ClaimCheck, Fault> {
    let (mut seen, mut holding, mut cases) = (Vec::new(), 0, 0);
    for score in ["micro", "macro"] {
        for (percent, fast_rp, rand_ne) in pairs(table, labels, score, [FAST_RP, RAND_NE])? {
            (cases, holding) = (cases + 1, holding + usize::from(fast_rp >= rand_ne + 0.01));
            seen.push(format!("{score} at {percent} %: {fast_rp:.4} against {rand_ne:.4}"));
        }
    }
    let sentence = format!("On {labels} FastRP is ahead of RandNE by at least 0.01 in micro-F1 and macro-F1");
    let claim =
        ClaimCheck::new(sentence, OWN, "means at each share of labelled nodes, the same C = 0.1 for both");
    Ok(claim.seen(seen.join("; "), Verdict::from_cases(holding, cases)))
}

/// Whether the published β is no worse here than none.
fn transferred(table: &Table, labels: &str) -> Result<ClaimCheck, Fault> {
    let (mut seen, mut holding, mut cases) = (Vec::new(), 0, 0);
    for score in ["micro", "macro"] {
        for (percent, published, flat) in pairs(table, labels, score, [FAST_RP, FLAT])? {
            (cases, holding) = (cases + 1, holding + usize::from(published >= flat - 0.005));
            seen.push(format!("{score} at {percent} %: {:+.4}", published - flat));
        }
    }
    let sentence = format!(
        "On {labels} the published β = −0.64 is at most 0.005 of micro-F1 and macro-F1 worse than β = 0"
    );
    let claim = ClaimCheck::new(sentence, OWN, "difference of the means at each share of labelled nodes");
    Ok(claim.seen(seen.join("; "), Verdict::from_cases(holding, cases)))
}

/// Whether the projection costs at most 0.02.
pub(super) fn near_exact(table: &Table, labels: &str, place: &str) -> Result<ClaimCheck, Fault> {
    let (mut seen, mut holding, mut cases) = (Vec::new(), 0, 0);
    for score in ["micro", "macro"] {
        for (percent, fast_rp, exact) in pairs(table, labels, score, [FAST_RP, EXACT])? {
            (cases, holding) = (cases + 1, holding + usize::from(fast_rp >= exact - 0.02));
            seen.push(format!("{score} at {percent} %: {:+.4}", fast_rp - exact));
        }
    }
    let sentence = format!(
        "On {labels} FastRP loses at most 0.02 of micro-F1 and macro-F1 against its similarity without projection"
    );
    let test = "the similarity cut to its d leading singular vectors; difference of the means at each share";
    Ok(ClaimCheck::new(sentence, place, test).seen(seen.join("; "), Verdict::from_cases(holding, cases)))
}
