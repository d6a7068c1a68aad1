//! A figure: one claim of a paper as a computation, a drawing and a check.

use crate::error::Fault;
use crate::plot::Drawing;
use crate::{ClaimCheck, Context, Dataset, Error, Paper, Scale, Table};

/// One claim of a paper held against this library.
///
/// `run` computes, `plot` and `check` read nothing but the table that `run` returned. The table holds only what a rerun
/// with the same seed and scale reproduces to the bit, on any number of threads: no times, no host names.
#[derive(Debug, Clone, Copy)]
pub struct Figure {
    /// Name on the command line, of the data file and of the source file: `snake_case`, unique over all papers.
    pub id: &'static str,
    /// The paper the claim is from.
    pub paper: &'static Paper,
    /// What the figure shows, in a few words.
    pub title: &'static str,
    /// The claim of the paper, in one or two sentences of Markdown.
    pub claim: &'static str,
    /// Computes the table.
    pub run: fn(&Context) -> Result<Table, Fault>,
    /// Draws the table.
    pub plot: fn(&Table) -> Result<Drawing, Fault>,
    /// Holds the table against the claim.
    pub check: fn(&Table) -> Result<Vec<ClaimCheck>, Fault>,
    /// About how long `run` takes on two cores.
    pub seconds: Seconds,
}

impl Figure {
    /// The data that it runs on and that is not shipped, if there is any.
    #[must_use]
    pub fn outside_data(&self) -> Option<&'static Dataset> {
        crate::figures::ON_OUTSIDE_DATA.iter().find(|(id, _)| *id == self.id).map(|(_, dataset)| *dataset)
    }
}

/// About how long a figure takes on two cores, in seconds.
#[derive(Debug, Clone, Copy)]
pub struct Seconds {
    /// At [`Scale::Smoke`].
    pub smoke: f64,
    /// At [`Scale::Paper`].
    pub paper: f64,
}

impl Seconds {
    /// The estimate at `scale`.
    #[must_use]
    pub fn at(self, scale: Scale) -> f64 {
        match scale {
            Scale::Smoke => self.smoke,
            Scale::Paper => self.paper,
        }
    }
}

/// Every figure of every paper, in the order of the reports.
#[must_use]
pub fn figures() -> &'static [Figure] {
    crate::figures::ALL
}

/// The figure named `id`.
///
/// ```
/// let figure = proofsketch_experiments::figure("student_t_rows")?;
/// assert_eq!(figure.paper.id, "linf_regression");
/// # Ok::<(), proofsketch_experiments::Error>(())
/// ```
///
/// # Errors
/// [`Error::UnknownFigure`] with the names nearest to `id`.
pub fn figure(id: &str) -> Result<&'static Figure, Error> {
    figures()
        .iter()
        .find(|figure| figure.id == id)
        .ok_or_else(|| Error::UnknownFigure { id: id.to_owned(), near: near_matches(id) })
}

/// Up to three names of figures and papers near to `id`: those that contain it or are few edits away, nearest first.
#[must_use]
pub fn near_matches(id: &str) -> Vec<&'static str> {
    let wanted = id.to_lowercase().replace('-', "_");
    let mut names: Vec<&'static str> =
        figures().iter().flat_map(|figure| [figure.id, figure.paper.id]).collect();
    names.sort_unstable();
    names.dedup();
    let mut ranked: Vec<(usize, &'static str)> = names
        .into_iter()
        .map(|name| {
            (if !wanted.is_empty() && name.contains(&wanted) { 0 } else { edits(name, &wanted) }, name)
        })
        .filter(|&(distance, name)| distance <= name.len() / 2)
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().take(3).map(|(_, name)| name).collect()
}

/// Levenshtein distance of two strings.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let substituted = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
