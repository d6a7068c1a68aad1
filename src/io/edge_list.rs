use std::path::Path;

use rayon::prelude::*;

use super::listing::{Entry, Listing, Piece};
use super::names::Refusal;
use super::{Error, NameTable};

/// The edges of a graph, as a file lists them.
///
/// Edges stand in the order of the file. Self-loops and repeated edges are kept: what they mean is for the graph to
/// decide; [`self_loops`](Self::self_loops) and [`repeated`](Self::repeated) count them.
///
/// ```
/// use proofsketch::io::{read_edge_list, write_atomically};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("friends.txt");
/// write_atomically(&path, |out| out.write_all(b"# who knows whom\n30 4 0.5\n4 7 2\n"))?;
///
/// let list = read_edge_list(&path)?;
/// assert_eq!(list.nodes.keys(), [4, 7, 30]);
/// assert_eq!(list.edges, [(2, 0), (0, 1)]);
/// assert_eq!(list.weights, Some(vec![0.5, 2.0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EdgeList {
    /// The nodes. Their keys tell them apart in every file: see [`NameTable`].
    pub nodes: NameTable,
    /// The two ends of each edge, as indices of nodes.
    pub edges: Vec<(u32, u32)>,
    /// The weight of each edge, finite and not negative, if the file has a third column.
    pub weights: Option<Vec<f32>>,
}

/// Reads an edge list: lines `u v [w]`, compressed by gzip or not.
///
/// The first of tab, `::`, semicolon and comma that the first line holds separates the fields, else runs of blanks do.
/// A node is an integer or any text, which may be quoted. Nodes that are all integers are numbered in ascending order,
/// others by first appearance. A line that starts with `#` or `%` is a comment. The first line is a header if it holds
/// words only and has a third field, or if no other line names a node that is not an integer.
///
/// Memory is 8 bytes an edge, 4 for its weight, and about 30 and the length of its name a node.
///
/// # Errors
/// [`Error::Open`], [`Error::Read`], [`Error::Truncated`]; [`Error::Nothing`]; [`Error::Malformed`] and
/// [`Error::Ragged`] for a line with another number of fields; [`Error::Missing`], [`Error::NotFinite`],
/// [`Error::NotANumber`] and [`Error::Weight`] for a weight, with line and column; [`Error::NameCollision`].
pub fn read_edge_list(path: impl AsRef<Path>) -> Result<EdgeList, Error> {
    let path = path.as_ref();
    let listing = open(path)?;
    let is_weighted = listing.width() == 3;
    let is_header = listing.first()?.is_header();
    let mut list = EdgeList::new(is_weighted);
    let merge = |piece: EdgeList| list.append(&piece).map_err(|refusal| refusal.at(path));
    listing.parse(!(is_header && is_weighted), |piece| parse_named(piece, is_weighted), merge)?;
    if is_header && !is_weighted {
        list.drop_header();
    }
    if let Some(ranks) = list.nodes.sort_integers(0) {
        list.edges.iter_mut().for_each(|(u, v)| (*u, *v) = (ranks[*u as usize], ranks[*v as usize]));
    }
    list.unless_empty(path)
}

/// Reads an edge list among `nodes`, in whose order they are numbered: those without an edge are nodes too.
///
/// The first line is a header if it holds words only, and has a third field or names no node.
///
/// # Errors
/// As [`read_edge_list`]; [`Error::UnknownName`] for a node that is not among `nodes`.
pub fn read_edge_list_among(path: impl AsRef<Path>, nodes: NameTable) -> Result<EdgeList, Error> {
    let path = path.as_ref();
    let listing = open(path)?;
    let is_weighted = listing.width() == 3;
    let first = listing.first()?;
    let names_none = [0, 1].iter().all(|&column| first.known(column, "node", &nodes).is_err());
    let is_header = first.is_header() && (is_weighted || names_none);
    let mut list = EdgeList::new(is_weighted);
    let parse_piece =
        |piece: Piece<'_>| parse(piece, is_weighted, |entry, column| entry.known(column, "node", &nodes));
    listing.parse(!is_header, parse_piece, |piece| {
        list.edges.extend(piece.edges);
        list.extend_weights(piece.weights.as_deref());
        Ok(())
    })?;
    list.nodes = nodes;
    list.unless_empty(path)
}

fn open(path: &Path) -> Result<Listing, Error> {
    Listing::open(path, "edges", "u v [weight]", (2, 3))
}

/// The edges of some lines, among nodes of their own.
fn parse_named(piece: Piece<'_>, is_weighted: bool) -> Result<EdgeList, Error> {
    let mut nodes = NameTable::default();
    let list = parse(piece, is_weighted, |entry, column| {
        nodes.intern(&entry.name(column)?).map_err(|refusal| refusal.at(entry.path()))
    })?;
    Ok(EdgeList { nodes, ..list })
}

/// The edges of some lines, among nodes that `index` finds.
fn parse(
    piece: Piece<'_>,
    is_weighted: bool,
    mut index: impl FnMut(&Entry<'_>, usize) -> Result<u32, Error>,
) -> Result<EdgeList, Error> {
    let mut list = EdgeList::new(is_weighted);
    piece.for_each(|entry| {
        list.edges.push((index(&entry, 0)?, index(&entry, 1)?));
        if let Some(weights) = &mut list.weights {
            weights.push(weight(&entry)?);
        }
        Ok(())
    })?;
    Ok(list)
}

fn weight(entry: &Entry<'_>) -> Result<f32, Error> {
    let value = entry.number(2)?;
    let weight = value as f32;
    let is_representable = weight.is_finite() && (weight != 0.0 || value == 0.0);
    if value < 0.0 || !is_representable {
        return Err(Error::Weight { at: entry.cell(2), found: entry.text(2) });
    }
    Ok(weight.abs()) // of −0
}

impl EdgeList {
    fn new(is_weighted: bool) -> Self {
        Self { weights: is_weighted.then(Vec::new), ..Self::default() }
    }

    /// The number of edges that join a node to itself.
    #[must_use]
    pub fn self_loops(&self) -> usize {
        self.edges.iter().filter(|(u, v)| u == v).count()
    }

    /// The number of edges that repeat one before them; unless `is_directed`, (v, u) repeats (u, v).
    #[must_use]
    pub fn repeated(&self, is_directed: bool) -> usize {
        let code = |u: u32, v: u32| u64::from(u) << 32 | u64::from(v);
        let undirected = |&(u, v): &(u32, u32)| code(u.min(v), u.max(v));
        let mut codes: Vec<u64> = match is_directed {
            true => self.edges.iter().map(|&(u, v)| code(u, v)).collect(),
            false => self.edges.iter().map(undirected).collect(),
        };
        codes.par_sort_unstable();
        codes.windows(2).filter(|pair| pair[0] == pair[1]).count()
    }

    fn append(&mut self, piece: &Self) -> Result<(), Refusal> {
        let nodes = self.nodes.absorb(&piece.nodes)?;
        let edges = piece.edges.iter();
        self.edges.extend(edges.map(|&(u, v)| (nodes[u as usize], nodes[v as usize])));
        self.extend_weights(piece.weights.as_deref());
        Ok(())
    }

    fn extend_weights(&mut self, more: Option<&[f32]>) {
        if let (Some(weights), Some(more)) = (&mut self.weights, more) {
            weights.extend_from_slice(more);
        }
    }

    /// Drops the first edge if its ends are the only nodes that are not integers, and have no other edge.
    fn drop_header(&mut self) {
        let Some((&(u, v), rest)) = self.edges.split_first() else { return };
        let words = u.max(v) + 1; // the first names of the table
        let is_apart = rest.iter().all(|&(u, v)| u >= words && v >= words);
        if !rest.is_empty() && is_apart && self.nodes.is_integral_after(words as usize) {
            self.nodes.drop_texts(words as usize);
            self.edges = rest.iter().map(|&(u, v)| (u - words, v - words)).collect();
        }
    }

    fn unless_empty(self, path: &Path) -> Result<Self, Error> {
        if self.edges.is_empty() {
            return Err(Error::Nothing { path: path.into(), what: "edges" });
        }
        Ok(self)
    }
}
