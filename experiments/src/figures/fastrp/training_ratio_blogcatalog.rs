//! F1 against the share of labelled nodes, on BlogCatalog.

use super::PAPER;
use super::exact_similarity::RowNorms;
use super::training_ratio::{
    FAST_RP, Method, RAND_NE, charts, empty_table, measure, methods, near_exact, pairs,
};
use crate::error::Fault;
use crate::graphs::{BLOGCATALOG, blogcatalog};
use crate::plot::Drawing;
use crate::{ClaimCheck, Context, Figure, Seconds, Table, Verdict};

/// The table of the notebook published with the authors' code.
pub const FIGURE: Figure = Figure {
    id: "training_ratio_blogcatalog",
    paper: &PAPER,
    title: "BlogCatalog: F1 against the share of labelled nodes",
    claim: "The notebook published with the authors' code reports micro-F1 and macro-F1 of FastRP and RandNE on BlogCatalog. \
        It scores RandNE with C = 1 and FastRP with C = 0.1; here RandNE is scored with both. The similarity without a \
        projection shows what the projection costs.",
    run,
    plot,
    check,
    seconds: Seconds { smoke: 2.0, paper: 120.0 },
};

const NOTEBOOK: &str = "the notebook published with the authors' code, BlogCatalog, d = 512";
const OWN: &str = "not in the paper: measured by this library";
const LABELS: &str = "groups";
const RAND_NE_AS_PUBLISHED: &str = "RandNE, C = 1";
/// Percent, micro-F1 and macro-F1.
const PUBLISHED_FAST_RP: [(f64, f64, f64); 3] =
    [(10.0, 0.3723, 0.2281), (50.0, 0.4122, 0.2753), (90.0, 0.4257, 0.2801)];
const PUBLISHED_RAND_NE: [(f64, f64, f64); 3] =
    [(10.0, 0.3385, 0.2088), (50.0, 0.3862, 0.2588), (90.0, 0.4064, 0.2720)];

fn run(context: &Context) -> Result<Table, Fault> {
    let data = blogcatalog(&context.dataset(&BLOGCATALOG)?)?;
    let norms = context.at(RowNorms::Sketched(64, context.key().named("norms")), RowNorms::Exact);
    let mut methods = methods(context, &data.graph, context.at(32, 512), norms)?;
    let rand_ne = methods.iter().find(|method| method.name == RAND_NE).map(|method| method.vectors.clone());
    methods.extend(rand_ne.map(|vectors| Method { name: RAND_NE_AS_PUBLISHED, c: 1.0, vectors }));
    let percents: &[usize] = context.at(&[10, 50], &[10, 30, 50, 70, 90]);
    context.progress().expect(methods.len() * percents.len());
    let mut table = empty_table();
    measure(context, &mut table, (LABELS, &data), &methods, (percents, context.at(2, 5)))?;
    Ok(table)
}

fn plot(table: &Table) -> Result<Drawing, Fault> {
    let (dim, shuffles) = (table.numbers("d")?[0], table.numbers("shuffles")?[0]);
    let title =
        format!("BlogCatalog, d = {dim}, C = 0.1: mean of {shuffles} splits, one standard deviation shaded");
    let mut panels = charts(table, LABELS)?;
    for (panel, published) in panels.iter_mut().zip([
        PUBLISHED_FAST_RP.map(|(percent, micro, _)| (percent, micro)),
        PUBLISHED_FAST_RP.map(|(percent, _, macro_)| (percent, macro_)),
    ]) {
        *panel = panel.clone().scatter("FastRP as published", published.to_vec());
    }
    Ok(Drawing::panels(title, panels))
}

fn check(table: &Table) -> Result<Vec<ClaimCheck>, Fault> {
    Ok(vec![
        as_published(
            table,
            FAST_RP,
            &PUBLISHED_FAST_RP,
            "FastRP with weights 0, 0, 1, 6.67, β = −0.64, C = 0.1",
        )?,
        as_published(
            table,
            RAND_NE_AS_PUBLISHED,
            &PUBLISHED_RAND_NE,
            "RandNE with weights 1, 100, 1000 of the powers 1 to 3, C = 1",
        )?,
        ahead(table, RAND_NE_AS_PUBLISHED, NOTEBOOK, "C = 0.1 for FastRP and C = 1 for RandNE")?,
        ahead(table, RAND_NE, OWN, "C = 0.1 for both")?,
        near_exact(table, LABELS, OWN)?,
    ])
}

fn as_published(
    table: &Table,
    method: &str,
    published: &[(f64, f64, f64)],
    settings: &str,
) -> Result<ClaimCheck, Fault> {
    let of = table.only("method", method)?;
    let (mut seen, mut holding, mut cases) = (Vec::new(), 0, 0);
    for &(percent, micro, macro_) in published {
        let at = of.at("train_percent", percent)?;
        for (&own_micro, &own_macro) in at.numbers("micro")?.iter().zip(at.numbers("macro")?) {
            let holds = (own_micro - micro).abs() <= 0.01 && (own_macro - macro_).abs() <= 0.015;
            (cases, holding) = (cases + 1, holding + usize::from(holds));
            seen.push(format!("{percent} %: {own_micro:.4}/{own_macro:.4} for {micro:.4}/{macro_:.4}"));
        }
    }
    let sentence = format!(
        "{settings}: micro-F1 and macro-F1 at 10, 50 and 90 % of labels as published, within 0.010 and 0.015"
    );
    let claim = ClaimCheck::new(sentence, NOTEBOOK, "means over the splits");
    Ok(claim.seen(seen.join("; "), Verdict::from_cases(holding, cases)))
}

fn ahead(table: &Table, rival: &str, place: &str, settings: &str) -> Result<ClaimCheck, Fault> {
    let (mut seen, mut holding, mut cases) = (Vec::new(), 0, 0);
    for score in ["micro", "macro"] {
        for (percent, fast_rp, other) in pairs(table, LABELS, score, [FAST_RP, rival])? {
            (cases, holding) = (cases + 1, holding + usize::from(fast_rp >= other + 0.005));
            seen.push(format!("{score} at {percent} %: {:+.4}", fast_rp - other));
        }
    }
    let sentence =
        format!("FastRP is ahead of RandNE by at least 0.005 in micro-F1 and macro-F1, with {settings}");
    let claim = ClaimCheck::new(sentence, place, "difference of the means at each share of labelled nodes");
    Ok(claim.seen(seen.join("; "), Verdict::from_cases(holding, cases)))
}
