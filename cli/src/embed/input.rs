use std::path::{Path, PathBuf};
use std::str::FromStr;

use proofsketch::embedding::Features;
use proofsketch::io::{
    EdgeList, Error, Labels, NameTable, read_edge_list, read_edge_list_among, read_labels, read_matrix,
    read_names,
};

use super::Embed;
use crate::failure::Failure;

/// The nodes that there are.
#[derive(Clone, Debug)]
pub enum Nodes {
    /// 0, 1, …, N − 1.
    Count(u32),
    /// Those that a file names.
    File(PathBuf),
}

impl FromStr for Nodes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self::File(text.into()));
        }
        let count = text.parse().ok().filter(|&count| 0 < count && count < u32::MAX);
        count.map(Self::Count).ok_or_else(|| format!("not a number of nodes from 1 to {}", u32::MAX - 1))
    }
}

impl Nodes {
    pub fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Count(_) => None,
        }
    }

    fn names(&self) -> Result<NameTable, Error> {
        match self {
            Self::File(path) => read_names(path),
            Self::Count(count) => Ok(NameTable::numbered(*count)),
        }
    }
}

/// What is read from files.
#[derive(Debug)]
pub struct Input {
    pub edges: EdgeList,
    pub features: Option<Features>,
    pub labels: Option<Labels>,
}

impl Input {
    pub fn read(command: &Embed) -> Result<Self, Failure> {
        let edges = read_edges(command)?;
        let hint = match command.nodes {
            Some(_) => "it is not among --nodes",
            None => "no edge names it, and only --nodes declares nodes without edges",
        };
        let labels = command
            .labels
            .as_ref()
            .map(|path| read_labels(path, &edges.nodes).map_err(|error| explained(&error, hint)));
        let features = command
            .features
            .as_ref()
            .map(|path| read_features(path, edges.nodes.len(), command.feature_ratio));
        Ok(Self { labels: labels.transpose()?, features: features.transpose()?, edges })
    }
}

fn read_edges(command: &Embed) -> Result<EdgeList, Failure> {
    let path = &command.edges;
    let mut list = match &command.nodes {
        Some(nodes) => read_edge_list_among(path, nodes.names()?)
            .map_err(|error| explained(&error, "it is not among --nodes"))?,
        None => read_edge_list(path)?,
    };
    if command.weighted && list.weights.is_none() {
        return Err(Failure::input(format!("{}: there is no third column, but --weighted", path.display())));
    }
    if command.unweighted {
        list.weights = None;
    }
    Ok(list)
}

/// The error of a file, and what to do about a node that nobody knows.
fn explained(error: &Error, hint: &str) -> Failure {
    match error {
        Error::UnknownName { .. } => Failure::input(format!("{error}: {hint}")),
        _ => Failure::input(error.to_string()),
    }
}

/// The rows of a table as the features of the nodes.
fn read_features(path: &Path, nodes: usize, ratio: f64) -> Result<Features, Failure> {
    let rows = read_matrix(path)?.into_dense()?;
    if rows.nrows() != nodes {
        let found = rows.nrows();
        return Err(Failure::input(format!("{}: {found} rows for {nodes} nodes", path.display())));
    }
    if let Some((row, column, value)) = proofsketch::linalg::first_non_finite(&rows) {
        let (path, row, column) = (path.display(), row + 1, column + 1);
        return Err(Failure::input(format!("{path}: row {row}, column {column}: {value} is not finite")));
    }
    let values = rows.transpose().map(|value| value as f32);
    Ok(Features { values, ratio })
}
