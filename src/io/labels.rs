use std::path::Path;

use super::listing::{Listing, Piece};
use super::{Error, NameTable};

/// Labels of nodes, any number of them a node.
///
/// ```
/// use proofsketch::io::{NameTable, read_labels, write_atomically};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("labels.tsv");
/// write_atomically(&path, |out| out.write_all(b"4\tred\n30\tblue\n4\tblue\n"))?;
///
/// let nodes = NameTable::from_names(["4", "7", "30"])?;
/// let labels = read_labels(&path, &nodes)?;
/// assert_eq!(labels.assignments, [(0, 0), (0, 1), (2, 1)]); // 4 red, 4 blue, 30 blue
/// assert_eq!(labels.of(0).collect::<Vec<_>>(), [0, 1]);
/// assert_eq!(labels.names.name(1), "blue");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    /// The labels: integers in ascending order, others by first appearance.
    pub names: NameTable,
    /// (node, label) as indices, in ascending order, each pair once.
    pub assignments: Vec<(u32, u32)>,
    /// Lines of the file that repeat another one.
    pub repeated: usize,
}

/// Reads labels of `nodes`: lines `node label`, several of them for a node with several labels, compressed by gzip or
/// not.
///
/// The first of tab, `::`, semicolon and comma that the first line holds separates the two, else blanks do. A label is
/// an integer or any text, which may be quoted. A line that starts with `#` or `%` is a comment. If the nodes are
/// integers, a first line of words is a header.
///
/// # Errors
/// [`Error::Open`], [`Error::Read`], [`Error::Truncated`]; [`Error::Nothing`]; [`Error::Malformed`] for a line of more
/// or fewer fields; [`Error::UnknownName`] for a node that is not among `nodes`, with its line;
/// [`Error::NameCollision`].
pub fn read_labels(path: impl AsRef<Path>, nodes: &NameTable) -> Result<Labels, Error> {
    let path = path.as_ref();
    let listing = Listing::open(path, "labels", "node label", (2, 2))?;
    let has_header = nodes.is_integral() && listing.first()?.is_header();
    let mut labels = Labels::default();
    let merge = |piece: Labels| {
        let names = labels.names.absorb(&piece.names).map_err(|refusal| refusal.at(path))?;
        let pairs = piece.assignments.iter();
        labels.assignments.extend(pairs.map(|&(node, label)| (node, names[label as usize])));
        Ok(())
    };
    listing.parse(!has_header, |piece| parse(piece, nodes), merge)?;
    let lines = labels.assignments.len();
    if lines == 0 {
        return Err(Error::Nothing { path: path.into(), what: "labels" });
    }
    if let Some(ranks) = labels.names.sort_integers(0) {
        labels.assignments.iter_mut().for_each(|(_, label)| *label = ranks[*label as usize]);
    }
    labels.assignments.sort_unstable();
    labels.assignments.dedup();
    labels.repeated = lines - labels.assignments.len();
    Ok(labels)
}

/// The labels of some lines, with names of their own.
fn parse(piece: Piece<'_>, nodes: &NameTable) -> Result<Labels, Error> {
    let mut labels = Labels::default();
    piece.for_each(|entry| {
        let node = entry.known(0, "node", nodes)?;
        let label = labels.names.intern(&entry.name(1)?).map_err(|refusal| refusal.at(entry.path()))?;
        labels.assignments.push((node, label));
        Ok(())
    })?;
    Ok(labels)
}

impl Labels {
    /// The labels of a node, in ascending order.
    pub fn of(&self, node: u32) -> impl Iterator<Item = u32> {
        let start = self.assignments.partition_point(|&(other, _)| other < node);
        self.assignments[start..]
            .iter()
            .take_while(move |&&(other, _)| other == node)
            .map(|&(_, label)| label)
    }
}
