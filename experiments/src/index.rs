//! The front page of the reports: every figure with its verdicts, as Markdown and as one HTML file that needs no other.

use std::fmt::Write;

use crate::ledger::tally;
use crate::reproduce::Checked;
use crate::{Figure, Paper, Tally};

/// What stands besides the pages of papers, where it is there: file name and words.
const BESIDES: [(&str, &str); 3] = [
    ("claims.md", "every claim with its verdict"),
    ("guarantees.md", "every theorem held against its code"),
    ("performance.md", "the same works by other packages and here"),
];

/// The text of `README.md`; `exists` tells which files are in the folder, `has_picture` which
/// figures are drawn.
pub(crate) fn readme(
    papers: &[&Paper],
    checked: &[Checked],
    exists: impl Fn(&str) -> bool,
    has_picture: impl Fn(&Figure) -> bool,
) -> String {
    let mut out = format!("# Reports\n\n**{}.**\n\n", tally(papers, checked));
    for (file, words) in BESIDES.iter().filter(|(file, _)| exists(file)) {
        let _ = writeln!(out, "* [{file}]({file}): {words}");
    }
    out.push_str("* [index.html](index.html): all of it in one file, for a browser\n\n");
    for paper in papers {
        let figures: Vec<&Checked> = of(paper, checked).collect();
        if figures.is_empty() {
            continue;
        }
        let _ = writeln!(out, "## [{}]({}.md)\n\n{}\n", paper.title, paper.id, paper.citation);
        for one in figures {
            let (id, title) = (one.figure.id, one.figure.title);
            let _ = writeln!(out, "### {title}\n\n`{id}`: {}\n", of_figure(one));
            if has_picture(one.figure) {
                let _ = writeln!(out, "![{title}](figures/{}/{id}.svg)\n", paper.id);
            }
        }
    }
    out.trim_end().to_owned() + "\n"
}

/// The text of `index.html`; `svg` gives the picture of a figure.
pub(crate) fn html(
    papers: &[&Paper],
    checked: &[Checked],
    svg: impl Fn(&Checked) -> Option<String>,
) -> String {
    let mut out = format!("{HEAD}<h1>proofsketch: figures and claims</h1>\n");
    let _ = writeln!(out, "<p><b>{}.</b></p>\n<nav><ul>", tally(papers, checked));
    let shown: Vec<&Paper> =
        papers.iter().copied().filter(|paper| of(paper, checked).next().is_some()).collect();
    for paper in &shown {
        let _ = writeln!(out, "<li><a href=\"#{}\">{}</a><ul>", paper.id, inline(paper.title));
        for one in of(paper, checked) {
            let (id, title) = (one.figure.id, inline(one.figure.title));
            let _ = writeln!(out, "<li><a href=\"#{id}\">{title}</a> {}</li>", of_figure(one));
        }
        out.push_str("</ul></li>\n");
    }
    out.push_str("</ul></nav>\n");
    for paper in shown {
        let _ = writeln!(
            out,
            "<h2 id=\"{}\">{}</h2>\n<p>{}</p>",
            paper.id,
            inline(paper.title),
            inline(paper.citation)
        );
        of(paper, checked).for_each(|one| write_figure(&mut out, one, svg(one)));
    }
    out + "</body></html>\n"
}

fn write_figure(out: &mut String, one: &Checked, svg: Option<String>) {
    let figure = one.figure;
    let title = inline(figure.title);
    let _ = writeln!(out, "<h3 id=\"{}\">{title}</h3>\n<p>{}</p>", figure.id, inline(figure.claim));
    if let Some(svg) = svg {
        let _ = writeln!(out, "<img alt=\"{title}\" src=\"{}\">", data_uri(&svg));
    }
    out.push_str("<table><tr><th>claim</th><th>where in the paper</th><th>test</th><th>seen</th><th>verdict</th></tr>\n");
    for claim in &one.claims {
        let verdict = claim.verdict.to_string();
        let class = verdict.replace(' ', "-");
        let cells = [&claim.sentence, &claim.place, &claim.test, &claim.seen].map(|text| inline(text));
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td class=\"{class}\">{verdict}</td></tr>",
            cells.join("</td><td>")
        );
    }
    let _ = writeln!(out, "</table>\n<p><code>cargo run --release -- reproduce run {}</code></p>", figure.id);
}

fn of<'a>(paper: &'a Paper, checked: &'a [Checked]) -> impl Iterator<Item = &'a Checked> {
    checked.iter().filter(|one| one.figure.paper.id == paper.id)
}

fn of_figure(one: &Checked) -> Tally {
    one.claims.iter().map(|claim| claim.verdict).collect()
}

/// Text as HTML; of Markdown, code and emphasis.
fn inline(text: &str) -> String {
    let mut out = String::new();
    for (i, part) in escaped(text).split('`').enumerate() {
        if i % 2 == 1 {
            let _ = write!(out, "<code>{part}</code>");
            continue;
        }
        for (j, part) in part.split("**").enumerate() {
            let _ = if j % 2 == 1 { write!(out, "<b>{part}</b>") } else { write!(out, "{part}") };
        }
    }
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A picture inside an attribute: `%`, `#`, quotes and brackets by their codes, all else as it is.
fn data_uri(svg: &str) -> String {
    let mut out = String::from("data:image/svg+xml;charset=utf-8,");
    for letter in svg.chars() {
        match letter {
            '%' | '#' | '"' | '<' | '>' | '&' => {
                let _ = write!(out, "%{:02X}", u32::from(letter));
            }
            '\n' | '\r' | '\t' => out.push(' '),
            _ => out.push(letter),
        }
    }
    out
}

const HEAD: &str = "<!DOCTYPE html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">
<title>proofsketch: figures and claims</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
img { max-width: 100%; display: block; margin: 1rem auto; }
table { border-collapse: collapse; font-size: 0.85rem; }
td, th { border-top: 1px solid #ccc; padding: 0.3rem 0.5rem; text-align: left; vertical-align: top; }
.reproduced { color: #17692b; font-weight: bold; }
.reproduced-in-part { color: #8a5a00; font-weight: bold; }
.not-reproduced { color: #a31515; font-weight: bold; }
h2 { border-top: 3px solid #222; padding-top: 1rem; margin-top: 3rem; }
nav { font-size: 0.9rem; }
</style></head><body>
";
