//! The page of a paper: each figure with its claim, its verdicts and the command that makes it.

use std::fmt::Write;

use crate::ledger::{command, is_missing, note, write_figure_claims};
use crate::reproduce::Checked;
use crate::{Figure, Paper, Tally, figures};

/// The text of `<paper>.md`.
pub(crate) fn page(paper: &Paper, checked: &[Checked], has_picture: impl Fn(&Figure) -> bool) -> String {
    let checked: Vec<&Checked> = checked.iter().filter(|one| one.figure.paper.id == paper.id).collect();
    let mut out = format!("# {}\n\n{}\n\n", paper.title, paper.citation);
    if !paper.standing.is_empty() {
        let _ = writeln!(out, "{}\n", paper.standing);
    }
    let tally: Tally = checked.iter().flat_map(|one| one.claims.iter().map(|claim| claim.verdict)).collect();
    let _ = writeln!(out, "**{tally}.** All claims of all papers: [claims.md](claims.md).\n");
    checked.iter().for_each(|one| write_figure(&mut out, one, has_picture(one.figure)));
    let of_page: Vec<Checked> = checked.into_iter().cloned().collect();
    for figure in figures().iter().filter(|figure| is_missing(figure, paper, &of_page)) {
        let _ = writeln!(
            out,
            "## {}\n\n{}\n\nNot run yet: `{}`{}\n",
            figure.title,
            figure.claim,
            command(figure),
            note(figure)
        );
    }
    if !paper.open_claims.is_empty() {
        out.push_str("## Claims that no figure tests\n\n");
        for claim in paper.open_claims {
            let _ = writeln!(out, "* {} ({}): {}", claim.sentence, claim.place, claim.reason);
        }
    }
    out.trim_end().to_owned() + "\n"
}

fn write_figure(out: &mut String, one: &Checked, has_picture: bool) {
    let Figure { id, title, claim, paper, .. } = one.figure;
    let _ = writeln!(out, "## {title}\n\n{claim}\n");
    if has_picture {
        let _ = writeln!(out, "![{title}](figures/{}/{id}.svg)\n", paper.id);
    }
    write_figure_claims(out, &one.claims);
    let data =
        format!("[data](data/{0}/{id}.csv), [how it was computed](data/{0}/{id}.manifest.json)", paper.id);
    let settings = one
        .manifest
        .as_ref()
        .map_or(String::new(), |manifest| format!(" --scale {} --seed {}", manifest.scale, manifest.seed));
    let _ = writeln!(
        out,
        "`{}{settings}` · {data}{}\n",
        command(one.figure),
        note(one.figure).replacen(' ', "\n\n", 1)
    );
}
