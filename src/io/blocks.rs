use std::fmt::Debug;
use std::path::Path;

use nalgebra::DMatrix;

use super::format::Format;
use super::gzip::Input;
use super::lines::Lines;
use super::rows::Rows;
use super::{Error, npy};

/// Rows of a file, read in order.
pub(super) trait RowSource: Debug + Send {
    fn ncols(&self) -> usize;

    fn nrows(&self) -> Option<usize> {
        None
    }

    fn names(&self) -> Option<&[String]> {
        None
    }

    /// The next `nrows` rows, or those that are left; `None` at the end.
    fn next_block(&mut self, nrows: usize) -> Result<Option<DMatrix<f64>>, Error>;
}

/// A table or `.npy` file read a block of rows at a time: as much memory as a block needs, however long the file.
///
/// Every block has the rows asked for, but the last may have fewer. After an error there are no more blocks.
///
/// ```
/// use proofsketch::io::{open_blocks, write_atomically};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("long.tsv");
/// write_atomically(&path, |out| (0..1000).try_for_each(|i| writeln!(out, "{i}\t1")))?;
///
/// let mut gram = nalgebra::DMatrix::zeros(2, 2); // AᵀA, in one pass
/// for block in open_blocks(&path, 64)? {
///     let block = block?;
///     gram += block.tr_mul(&block);
/// }
/// assert_eq!(gram, nalgebra::dmatrix![332_833_500.0, 499_500.0; 499_500.0, 1000.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Blocks {
    source: Box<dyn RowSource>,
    rows_per_block: usize,
    has_ended: bool,
}

/// Opens a table or `.npy` file, plain or compressed by gzip, to be read in blocks of `rows_per_block` rows (one if
/// that is 0).
///
/// The format is found as by [`read_matrix`](super::read_matrix).
///
/// # Errors
/// See [`Error`]. Matrix Market, and `.npy` in Fortran order if compressed, cannot be read by rows:
/// [`Error::Unsupported`].
pub fn open_blocks(path: impl AsRef<Path>, rows_per_block: usize) -> Result<Blocks, Error> {
    let path = path.as_ref();
    let mut input = Input::open(path)?;
    let source: Box<dyn RowSource> = match Format::of(path, &mut input)? {
        Format::Table => Box::new(Rows::new(Lines::new(input))?),
        Format::Npy => npy::open_rows(input)?,
        Format::MatrixMarket => return Err(not_by_rows(path)),
    };
    Ok(Blocks { source, rows_per_block: rows_per_block.max(1), has_ended: false })
}

/// The number of rows of a table or `.npy` file; counts the rows of a table without reading its numbers.
///
/// # Errors
/// As [`open_blocks`], but for cells.
pub fn count_rows(path: impl AsRef<Path>) -> Result<usize, Error> {
    let path = path.as_ref();
    let mut input = Input::open(path)?;
    match Format::of(path, &mut input)? {
        Format::Table => Rows::new(Lines::new(input))?.count(),
        Format::Npy => npy::count_rows(input),
        Format::MatrixMarket => Err(not_by_rows(path)),
    }
}

fn not_by_rows(path: &Path) -> Error {
    let what =
        "Matrix Market does not store rows in order; tables and .npy files are read in blocks of rows".into();
    Error::Unsupported { path: path.into(), what }
}

impl Blocks {
    /// The number of columns.
    #[must_use]
    pub fn ncols(&self) -> usize {
        self.source.ncols()
    }

    /// The number of rows, if the file's header states it (`.npy`); else see [`count_rows`].
    #[must_use]
    pub fn nrows(&self) -> Option<usize> {
        self.source.nrows()
    }

    /// The names of the columns, if the file is a table with a header.
    #[must_use]
    pub fn names(&self) -> Option<&[String]> {
        self.source.names()
    }
}

impl Iterator for Blocks {
    type Item = Result<DMatrix<f64>, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.has_ended {
            return None;
        }
        let block = self.source.next_block(self.rows_per_block).transpose();
        self.has_ended = !matches!(block, Some(Ok(_)));
        block
    }
}

impl std::iter::FusedIterator for Blocks {}

/// All rows of a source, read in blocks that fit into the processor's cache.
pub(super) fn read_rows(source: &mut dyn RowSource) -> Result<DMatrix<f64>, Error> {
    const BLOCK_ENTRIES: usize = 1 << 16;
    let rows_per_block = (BLOCK_ENTRIES / source.ncols()).max(1);
    let mut blocks = Vec::new();
    while let Some(block) = source.next_block(rows_per_block)? {
        blocks.push(block);
    }
    Ok(stacked(&blocks, source.ncols()))
}

/// The blocks, one below the other.
fn stacked(blocks: &[DMatrix<f64>], ncols: usize) -> DMatrix<f64> {
    let nrows = blocks.iter().map(DMatrix::nrows).sum();
    let mut columns = Vec::with_capacity(nrows * ncols);
    for j in 0..ncols {
        for block in blocks {
            columns.extend_from_slice(&block.as_slice()[j * block.nrows()..(j + 1) * block.nrows()]);
        }
    }
    DMatrix::from_vec(nrows, ncols, columns)
}
