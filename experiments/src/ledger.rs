//! The ledger: every claim of every paper, how it was tested and what came of it.

use std::fmt::Write;

use crate::reproduce::Checked;
use crate::{ClaimCheck, Figure, Paper, Tally, Verdict, figures};

/// The text of `claims.md`.
pub(crate) fn ledger(papers: &[&Paper], checked: &[Checked]) -> String {
    let mut out = String::from(
        "# Claims\n\nEvery claim of every paper: where it stands, how it was tested, what was seen.\n\n",
    );
    let _ = writeln!(out, "**{}.**\n", tally(papers, checked));
    for paper in papers {
        let _ = writeln!(out, "## [{}]({}.md)\n\n{}\n", paper.title, paper.id, paper.citation);
        write_claims(&mut out, paper, checked);
        for figure in figures().iter().filter(|figure| is_missing(figure, paper, checked)) {
            let _ = writeln!(
                out,
                "`{}` has not been run yet: `{}`.{}\n",
                figure.id,
                command(figure),
                note(figure)
            );
        }
    }
    out
}

/// How many claims of these papers came out how, those that no figure tests among them.
pub(crate) fn tally(papers: &[&Paper], checked: &[Checked]) -> Tally {
    let of_figures = checked.iter().flat_map(|one| one.claims.iter().map(|claim| claim.verdict));
    let open = papers.iter().flat_map(|paper| paper.open_claims.iter().map(|_| Verdict::NotTestable));
    of_figures.chain(open).collect()
}

fn write_claims(out: &mut String, paper: &Paper, checked: &[Checked]) {
    out.push_str(
        "| claim | where in the paper | tested by | seen | verdict |\n| --- | --- | --- | --- | --- |\n",
    );
    for one in checked.iter().filter(|one| one.figure.paper.id == paper.id) {
        for claim in &one.claims {
            let test = format!("{} (`{}`)", claim.test, one.figure.id);
            write_row(out, &[&claim.sentence, &claim.place, &test, &claim.seen, &bold(claim.verdict)]);
        }
    }
    for claim in paper.open_claims {
        let verdict = bold(Verdict::NotTestable);
        write_row(out, &[claim.sentence, claim.place, "–", claim.reason, &verdict]);
    }
    out.push('\n');
}

/// The claims of one figure as a table.
pub(crate) fn write_figure_claims(out: &mut String, claims: &[ClaimCheck]) {
    out.push_str("| claim | where in the paper | test | seen | verdict |\n| --- | --- | --- | --- | --- |\n");
    for claim in claims {
        write_row(out, &[&claim.sentence, &claim.place, &claim.test, &claim.seen, &bold(claim.verdict)]);
    }
    out.push('\n');
}

/// The command that computes a figure.
pub(crate) fn command(figure: &Figure) -> String {
    let data = if figure.outside_data().is_some() { " --data DIR" } else { "" };
    format!("cargo run --release -- reproduce run {}{data}", figure.id)
}

/// What must be there to run a figure, if it runs on data that is not shipped; begins with a space.
pub(crate) fn note(figure: &Figure) -> String {
    figure.outside_data().map_or(String::new(), |dataset| {
        format!(
            " Runs on {}, which is not shipped: {}. Without it, what was computed before stays as it is.",
            dataset.title,
            dataset.instructions()
        )
    })
}

/// Whether a figure of `paper` has no data.
pub(crate) fn is_missing(figure: &Figure, paper: &Paper, checked: &[Checked]) -> bool {
    figure.paper.id == paper.id && checked.iter().all(|one| one.figure.id != figure.id)
}

fn write_row(out: &mut String, cells: &[&str]) {
    let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|").replace('\n', " ")).collect();
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn bold(verdict: Verdict) -> String {
    format!("**{verdict}**")
}
