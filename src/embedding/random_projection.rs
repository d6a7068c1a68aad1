use nalgebra::DMatrix;

use super::{Error, Graph, Projection};
use crate::linalg::Qr;
use crate::random::{BLOCK, StreamKey};
use crate::sketch::{DenseColumns, Gaussian, SignedEntries, SparseColumns, VerySparse};

/// Keys from here on are hashes: each names a stream of its own.
const FIRST_HASH: u64 = 1 << 63;

/// The random rows R that an embedding starts from: one for each key in 0..2⁶⁴, none of them stored.
///
/// The row of key u < 2⁶³ is column u of the draw of [`VerySparse`] (or [`Gaussian`]) with d rows that the stream key
/// names, so 256 consecutive keys share a stream. The row of a key u ≥ 2⁶³, as hashes of names have it, is column 0 of
/// the draw that `key.named("hashed").indexed(u)` names.
///
/// ```
/// use proofsketch::embedding::{Projection, RandomProjection};
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{SketchDistribution, SketchOperator, VerySparse};
///
/// let key = StreamKey::from_seed(7);
/// let rows = RandomProjection::new(Projection::VerySparse { sparsity: Some(3.0) }, 100, 16, key)?;
/// let sketch = VerySparse::new(16, 100, 3.0)?.sample(key);
/// assert_eq!(rows.row(42), sketch.columns(42..43).as_slice());
/// # Ok::<(), proofsketch::embedding::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct RandomProjection {
    family: Family,
    key: StreamKey,
}

#[derive(Clone, Debug)]
enum Family {
    VerySparse(VerySparse),
    Gaussian { family: Gaussian, orthogonal: bool },
}

/// The columns of a block that are wanted: its stream, and each node with its place in the block.
struct Wanted {
    stream: StreamKey,
    block: u64,
    nodes: Vec<(usize, usize)>,
}

impl RandomProjection {
    /// The rows of dimension d that `key` names, for a graph of `nodes` nodes (which s = √N asks for).
    ///
    /// # Errors
    /// [`Error::Sketch`] if d = 0 or s is not a finite number ≥ 1, [`Error::Setting`] if more orthogonal columns are
    /// asked for than there are nodes.
    pub fn new(projection: Projection, nodes: usize, dim: usize, key: StreamKey) -> Result<Self, Error> {
        let family = match projection {
            Projection::VerySparse { sparsity } => {
                let sparsity = sparsity.unwrap_or((nodes as f64).sqrt());
                Family::VerySparse(VerySparse::new(dim, FIRST_HASH as usize, sparsity)?)
            }
            Projection::Gaussian { orthogonal: true } if dim > nodes => {
                return Err(Error::Setting {
                    name: "dim",
                    value: dim as f64,
                    range: "at most the number of nodes, for orthogonal columns",
                });
            }
            Projection::Gaussian { orthogonal } => {
                Family::Gaussian { family: Gaussian::new(dim, FIRST_HASH as usize)?, orthogonal }
            }
        };
        Ok(Self { family, key })
    }

    /// d.
    #[must_use]
    pub fn dim(&self) -> usize {
        match &self.family {
            Family::VerySparse(family) => SparseColumns::nrows(family),
            Family::Gaussian { family, .. } => DenseColumns::nrows(family),
        }
    }

    /// s; `None` for Gaussian rows.
    #[must_use]
    pub fn sparsity(&self) -> Option<f64> {
        match &self.family {
            Family::VerySparse(family) => Some(family.sparsity()),
            Family::Gaussian { .. } => None,
        }
    }

    /// The d entries of the row of one key, before any orthogonalisation.
    #[must_use]
    pub fn row(&self, key: u64) -> Vec<f64> {
        let wanted = self.wanted(std::iter::once((0, key)));
        let mut row = vec![0.0; self.dim()];
        self.draw(&wanted[0], |_, values| row.copy_from_slice(values));
        row
    }

    /// The d × N matrix whose column i is the row of node i, orthogonalised if asked for.
    ///
    /// # Errors
    /// [`Error::Factorization`] if the orthogonalisation fails.
    pub fn matrix(&self, graph: &Graph) -> Result<DMatrix<f64>, Error> {
        let nodes = graph.node_count();
        let mut matrix = DMatrix::zeros(self.dim(), nodes);
        let ranked = (0..nodes).map(|rank| graph.node_of_rank(rank)).map(|node| (node, graph.keys()[node]));
        for wanted in self.wanted(ranked) {
            self.draw(&wanted, |node, values| matrix.column_mut(node).copy_from_slice(values));
        }
        if matches!(self.family, Family::Gaussian { orthogonal: true, .. }) {
            orthogonalize(&mut matrix, graph)?;
        }
        Ok(matrix)
    }

    /// Nodes with ascending keys, by the block of columns that each stands in.
    fn wanted(&self, nodes: impl Iterator<Item = (usize, u64)>) -> Vec<Wanted> {
        let mut wanted: Vec<Wanted> = Vec::new();
        for (node, key) in nodes {
            if key >= FIRST_HASH {
                let stream = self.key.named("hashed").indexed(key);
                wanted.push(Wanted { stream, block: 0, nodes: vec![(node, 0)] });
                continue;
            }
            let (block, place) = (key / BLOCK as u64, (key % BLOCK as u64) as usize);
            match wanted.last_mut() {
                Some(last) if last.block == block => last.nodes.push((node, place)),
                _ => wanted.push(Wanted { stream: self.key, block, nodes: vec![(node, place)] }),
            }
        }
        wanted
    }

    /// Draws a block and shows the row of each node wanted of it.
    fn draw(&self, wanted: &Wanted, mut visit: impl FnMut(usize, &[f64])) {
        let dim = self.dim();
        let count = wanted.nodes.iter().map(|(_, place)| place + 1).max().unwrap_or(0);
        let mut rng = wanted.stream.block(wanted.block);
        match &self.family {
            Family::VerySparse(family) => {
                let mut entries = SignedEntries::new();
                family.draw(&mut rng, count, &mut entries);
                let mut row = vec![0.0; dim];
                for &(node, place) in &wanted.nodes {
                    row.fill(0.0);
                    for &code in entries.column(place) {
                        let sign = 1.0 - 2.0 * f64::from(code & 1);
                        row[(code >> 1) as usize] = sign * family.magnitude();
                    }
                    visit(node, &row);
                }
            }
            Family::Gaussian { family, .. } => {
                let mut columns = vec![0.0; dim * count];
                family.draw(&mut rng, &mut columns);
                wanted
                    .nodes
                    .iter()
                    .for_each(|&(node, place)| visit(node, &columns[dim * place..dim * (place + 1)]));
            }
        }
    }
}

/// Makes the rows of the d × N matrix orthogonal, each of norm √(N/d): R = QT with the nodes in order of their keys, and
/// T of positive diagonal.
fn orthogonalize(matrix: &mut DMatrix<f64>, graph: &Graph) -> Result<(), Error> {
    let (dim, nodes) = matrix.shape();
    let by_key = DMatrix::from_fn(nodes, dim, |rank, j| matrix[(j, graph.node_of_rank(rank))]);
    let qr = Qr::new(&by_key)?;
    let (mut q, t) = (qr.q(), qr.r());
    let norm = (nodes as f64 / dim as f64).sqrt();
    q.column_iter_mut().enumerate().for_each(|(j, mut column)| column *= norm.copysign(t[(j, j)]));
    for rank in 0..nodes {
        let node = graph.node_of_rank(rank);
        (0..dim).for_each(|j| matrix[(j, node)] = q[(rank, j)]);
    }
    Ok(())
}
