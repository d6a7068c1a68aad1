//! What the sampling pattern alone decides.

use super::{LineStatus, MatrixCompletion};

impl MatrixCompletion {
    /// Number of connected components of the bipartite graph of Ω on the rows and columns of M; a row or column without
    /// an entry is one of its own. Two components leave the scale between their blocks undetermined.
    ///
    /// ```
    /// use proofsketch::completion::{Duplicates, MatrixCompletion};
    ///
    /// let blocks = [(0, 0, 1.0), (1, 1, 1.0)];
    /// let problem = MatrixCompletion::from_triplets(2, 2, &blocks, Duplicates::Refuse)?;
    /// assert_eq!(problem.connected_components(), 2);
    /// # Ok::<(), proofsketch::completion::Error>(())
    /// ```
    #[must_use]
    pub fn connected_components(&self) -> usize {
        let (nrows, ncols) = (self.nrows(), self.ncols());
        let mut parent: Vec<u32> = (0..(nrows + ncols) as u32).collect();
        let mut components = nrows + ncols;
        for i in 0..nrows {
            for &j in self.row(i).0 {
                let (a, b) = (root(&mut parent, i), root(&mut parent, nrows + j as usize));
                if a != b {
                    parent[a] = b as u32;
                    components -= 1;
                }
            }
        }
        components
    }

    /// Whether every row and column has at least k entries and the bipartite graph of Ω is connected: necessary for a
    /// unique completion of rank k, not sufficient.
    #[must_use]
    pub fn is_identifiable(&self, rank: usize) -> bool {
        let enough = |offsets: &[usize]| offsets.windows(2).all(|pair| pair[1] - pair[0] >= rank);
        enough(&self.by_rows.offsets) && enough(&self.by_columns.offsets) && self.connected_components() == 1
    }
}

/// The representative of `node`, every second node of the path hung one higher.
fn root(parent: &mut [u32], mut node: usize) -> usize {
    while parent[node] as usize != node {
        parent[node] = parent[parent[node] as usize];
        node = parent[node] as usize;
    }
    node
}

/// The status of each line with these offsets, for rank k.
pub(crate) fn line_status(offsets: &[usize], rank: usize) -> Vec<LineStatus> {
    let status = |degree: usize| match degree {
        0 => LineStatus::Empty,
        _ if degree < rank => LineStatus::Underdetermined,
        _ => LineStatus::Determined,
    };
    offsets.windows(2).map(|pair| status(pair[1] - pair[0])).collect()
}

/// Largest over smallest positive degree.
pub(crate) fn degree_ratio(offsets: &[usize]) -> f64 {
    let degrees = || offsets.windows(2).map(|pair| pair[1] - pair[0]).filter(|&degree| degree > 0);
    degrees().max().unwrap_or(1) as f64 / degrees().min().unwrap_or(1) as f64
}
