//! Graphs with classes of nodes: those that are shipped, and the layout of those that are not.

use std::io::Read;
use std::path::Path;
use std::str::FromStr;

use flate2::read::GzDecoder;
use proofsketch::embedding::Graph;

use crate::evaluation::Labels;
use crate::{Dataset, Fault};

/// An undirected graph whose nodes 0..N are their own keys, and classes of its nodes.
#[derive(Debug, Clone)]
pub struct LabelledGraph {
    /// The graph.
    pub graph: Graph,
    /// The classes.
    pub labels: Labels,
}

/// Which classes the Debian packages are given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DebianLabels {
    /// The section of the archive: one of 58 for each package.
    Section,
    /// The debtags with 100 uses and more: 135, any number of them for each of 30,221 packages.
    Debtags,
}

/// The social network of a karate club (Zachary, 1977): 34 members, 78 ties, 2 factions.
///
/// ```
/// let club = proofsketch_experiments::graphs::karate()?;
/// assert_eq!((club.graph.node_count(), club.graph.edge_count(), club.labels.class_count()), (34, 78, 2));
/// # Ok::<(), proofsketch_experiments::Fault>(())
/// ```
///
/// # Errors
/// None, unless the file in this crate is damaged.
pub fn karate() -> Result<LabelledGraph, Fault> {
    labelled_graph(
        34,
        include_bytes!("../data/karate/edges.tsv.gz"),
        include_bytes!("../data/karate/labels.tsv.gz"),
    )
}

/// The packages of Debian 12 and who depends on whom, directions left out: 63,436 nodes, 294,681 edges.
///
/// # Errors
/// None, unless the file in this crate is damaged.
pub fn debian_packages(labels: DebianLabels) -> Result<LabelledGraph, Fault> {
    let of_nodes: &[u8] = match labels {
        DebianLabels::Section => include_bytes!("../data/debian-packages/labels_section.tsv.gz"),
        DebianLabels::Debtags => include_bytes!("../data/debian-packages/labels_debtags.tsv.gz"),
    };
    labelled_graph(63_436, include_bytes!("../data/debian-packages/edges.tsv.gz"), of_nodes)
}

/// The names of the classes of Debian packages: line k names class k.
#[must_use]
pub fn debian_label_names(labels: DebianLabels) -> Vec<&'static str> {
    let names = match labels {
        DebianLabels::Section => include_str!("../data/debian-packages/section_names.txt"),
        DebianLabels::Debtags => include_str!("../data/debian-packages/debtag_names.txt"),
    };
    names.lines().collect()
}

/// BlogCatalog (Tang and Liu, KDD 2009): 10,312 blogs, 333,983 friendships, 39 groups.
pub static BLOGCATALOG: Dataset = Dataset {
    id: "blogcatalog",
    title: "BlogCatalog (10,312 blogs, 333,983 friendships, 39 groups)",
    files: &[
        ("edges.tsv.gz", "lines `u v`, nodes from 0, each edge once"),
        ("labels.tsv.gz", "lines `node group`, groups from 0"),
    ],
    source: "example_graphs/blogcatalog.mat of github.com/phanein/deepwalk, as experiments/data/NOTICE.md shows",
};

/// BlogCatalog from its folder.
///
/// # Errors
/// A file that does not read, or a graph of another size.
pub fn blogcatalog(folder: &Path) -> Result<LabelledGraph, Fault> {
    let [edges, labels] = ["edges.tsv.gz", "labels.tsv.gz"].map(|name| {
        let path = folder.join(name);
        std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))
    });
    let read = labelled_graph(10_312, &edges?, &labels?)?;
    let size = (read.graph.edge_count(), read.labels.class_count(), read.labels.assignments());
    if size != (333_983, 39, 14_476) {
        let (edges, classes, assignments) = size;
        return Err(format!(
            "{}: {edges} edges, {classes} groups and {assignments} labels, but BlogCatalog has 333983, 39 and 14476",
            folder.display()
        )
        .into());
    }
    Ok(read)
}

fn labelled_graph(nodes: u32, edges: &[u8], labels: &[u8]) -> Result<LabelledGraph, Fault> {
    let graph = Graph::undirected((0..u64::from(nodes)).collect(), &pairs(edges)?, None)?;
    Ok(LabelledGraph { graph, labels: Labels::new(nodes as usize, &pairs(labels)?)? })
}

/// The lines `a b` of a compressed file.
fn pairs(gzip: &[u8]) -> Result<Vec<(u32, u32)>, Fault> {
    let mut text = String::new();
    GzDecoder::new(gzip).read_to_string(&mut text)?;
    let pair = |(line, text): (usize, &str)| {
        let mut numbers = text.split_ascii_whitespace().map(u32::from_str);
        match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(Ok(a)), Some(Ok(b)), None) => Ok((a, b)),
            _ => Err(format!("line {}: `{text}` is no pair of node numbers", line + 1).into()),
        }
    };
    text.lines().enumerate().map(pair).collect()
}
