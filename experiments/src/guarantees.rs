//! The page of all theorems: each held against the implementation here, against a mutant and outside its hypotheses.

use std::fmt::Write;

use proofsketch::guarantee::{MomentEvidence, Tightness, Verdict};
use proofsketch::random::StreamKey;
use proofsketch::testing::{Case, Finding, Kind, Role, Theorem, theorems};

use crate::Scale;

/// Trials of a case at [`Scale::Smoke`]: enough to see that it runs, often too few for its verdict.
const SMOKE_TRIALS: u64 = 2;

/// A theorem with what came of its first case in each role.
#[derive(Debug)]
pub struct Examined {
    /// The theorem.
    pub theorem: Theorem,
    /// Of the implementation here.
    pub held: Finding,
    /// Of a mutant.
    pub mutant: Finding,
    /// Of what lies outside the hypotheses.
    pub outside: Finding,
}

/// Holds every theorem of the library in its first case of each role; `told` hears of each as it is done.
///
/// The findings depend on scale and seed alone.
pub fn examine(scale: Scale, seed: u64, mut told: impl FnMut(&Examined)) -> Vec<Examined> {
    let seed = StreamKey::from_seed(seed);
    let run = |theorem: &Theorem, role: Role, case: &Case| {
        let trials = if scale == Scale::Smoke { case.trials.min(SMOKE_TRIALS) } else { case.trials };
        case.run(trials, theorem.key(seed, role))
    };
    let examine = |theorem: Theorem| {
        let held = run(&theorem, Role::Held, &theorem.held[0]);
        let mutant = run(&theorem, Role::Mutant, &theorem.mutants[0]);
        let outside = run(&theorem, Role::Outside, &theorem.outside[0]);
        let examined = Examined { theorem, held, mutant, outside };
        told(&examined);
        examined
    };
    theorems().into_iter().map(examine).collect()
}

/// The text of `guarantees.md`.
pub(crate) fn page(scale: Scale, seed: u64, all: &[Examined]) -> String {
    let mut out = String::from("# Guarantees\n\n");
    let _ = writeln!(
        out,
        "Every theorem of the library held against its code: one row a theorem. Written by `cargo run --release -- \
         reproduce guarantees --scale {scale} --seed {seed}`.\n"
    );
    out.push_str(LEGEND);
    for family in families(all) {
        let _ = writeln!(
            out,
            "## {family}\n\n| theorem | kind | held on | trials | failures | δ | limits | tightness | verdict | mutant \
             | outside |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
        );
        for one in all.iter().filter(|one| one.theorem.family == family) {
            write_row(&mut out, one);
        }
        out.push('\n');
    }
    write_citations(&mut out, all);
    out
}

const LEGEND: &str = "* **kind**: *explicit* constants; *calibrated*, where the source hides a constant and a number is \
set here; *deterministic*, δ = 0, where one exception refutes; *exact moments* of a statistic.\n\
* **limits**: one-sided Clopper–Pearson limits of the failure rate at α = 10⁻⁶ each; for moments, the z of mean and \
variance.\n\
* **tightness**: median and largest observed/bound. A small one says that wrong code may pass too: read the mutant.\n\
* **verdict**: *supported* if the failure rate is at most δ with 95 % confidence on this instance; *no exception* where \
δ = 0, which no number of trials supports; *undecided* otherwise.\n\
* **mutant** must be refuted; **outside** its hypotheses a theorem must not apply.\n\n";

fn families(all: &[Examined]) -> Vec<&'static str> {
    let mut families: Vec<&'static str> = all.iter().map(|one| one.theorem.family).collect();
    families.dedup();
    families
}

fn write_row(out: &mut String, one: &Examined) {
    let Examined { theorem, held, mutant, outside } = one;
    let [trials, failures, allowed, limits, tightness] = numbers(held);
    let of = |case: &Case, finding: &Finding| format!("{}: **{}**", case.instance, verdict(finding));
    let cells = [
        format!("`{}`<br>{} [{}]", theorem.name, theorem.statement, held.citation().key),
        theorem.kind.to_string(),
        theorem.held[0].instance.clone(),
        trials,
        failures,
        allowed,
        limits,
        tightness,
        format!("**{}**", verdict(held)),
        of(&theorem.mutants[0], mutant),
        of(&theorem.outside[0], outside),
    ];
    let _ = writeln!(out, "| {} |", cells.map(|cell| cell.replace('|', "\\|")).join(" | "));
}

/// What is seen of a finding, in a word or two.
#[must_use]
pub fn verdict(finding: &Finding) -> String {
    if finding.is_without_exception() { "no exception".to_owned() } else { finding.verdict().to_string() }
}

/// Trials, failures, δ, limits and tightness.
fn numbers(finding: &Finding) -> [String; 5] {
    let dash = || "–".to_owned();
    match finding {
        Finding::Trials(evidence) if evidence.verdict != Verdict::NotApplicable => [
            evidence.trials.to_string(),
            evidence.failures.to_string(),
            short(evidence.allowed),
            format!("{} to {}", short(evidence.limits.0), short(evidence.limits.1)),
            evidence.tightness.as_ref().map_or_else(dash, |Tightness { median, max, .. }| {
                format!("{}, {}", short(*median), short(*max))
            }),
        ],
        Finding::Moments(MomentEvidence { draws, tests: Some(tests), .. }) => [
            draws.to_string(),
            dash(),
            dash(),
            format!("z = {:.2} and {:.2}", tests.mean.statistic, tests.variance.statistic),
            dash(),
        ],
        _ => [dash(), dash(), dash(), dash(), dash()],
    }
}

/// Three significant digits.
fn short(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        size if (1e-3..1e4).contains(&size) => {
            let digits = (2 - size.log10().floor() as i32).max(0) as usize;
            format!("{value:.digits$}")
        }
        _ => format!("{value:.2e}"),
    }
}

fn write_citations(out: &mut String, all: &[Examined]) {
    out.push_str("## Sources\n\n");
    for one in all {
        let citation = one.held.citation();
        let _ = writeln!(out, "* `{}` [{}]: {citation}", one.theorem.name, citation.key);
    }
    let calibrated = all.iter().filter(|one| one.theorem.kind == Kind::Calibrated).count();
    let _ = writeln!(out, "\n{} theorems, {calibrated} with a calibrated constant.", all.len());
}
