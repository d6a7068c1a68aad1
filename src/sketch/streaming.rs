use nalgebra::DMatrix;

use super::SketchOperator;
use crate::linalg::RowBlock;

/// S A for rows of A that arrive once, in blocks of any size.
///
/// Rows are gathered until [`block_rows`](SketchOperator::block_rows) of them are there, so that the cut into blocks
/// does not change a bit of the answer. Memory: S A itself and one gathered block.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::linalg::DataMatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch::sketch::{Gaussian, SketchDistribution, SketchOperator, StreamingSketch};
///
/// let a = DMatrix::from_fn(3000, 2, |i, j| (i * (j + 1)) as f64);
/// let s = Gaussian::new(10, 3000)?.sample(StreamKey::from_seed(4));
/// let mut stream = StreamingSketch::new(&s, 2);
/// stream.push(&a.row_block(0..700));
/// stream.push(&a.row_block(700..3000));
/// assert_eq!(stream.finish(), s.sketch(&a));
/// # Ok::<(), proofsketch::sketch::Error>(())
/// ```
#[derive(Debug)]
pub struct StreamingSketch<'s, S: SketchOperator + ?Sized> {
    sketch: &'s S,
    out: DMatrix<f64>,
    gathered: DMatrix<f64>,
    /// Rows of A seen, of which the last `seen % block_rows` are gathered and not yet in `out`.
    seen: usize,
}

impl<'s, S: SketchOperator + ?Sized> StreamingSketch<'s, S> {
    /// The sketch of no rows yet, for A with `ncols` = d columns.
    #[must_use]
    pub fn new(sketch: &'s S, ncols: usize) -> Self {
        let gathered = DMatrix::zeros(sketch.block_rows().min(sketch.ncols()), ncols);
        Self { sketch, out: DMatrix::zeros(sketch.nrows(), ncols), gathered, seen: 0 }
    }

    /// Rows of A seen so far.
    #[must_use]
    pub fn rows_seen(&self) -> usize {
        self.seen
    }

    /// Takes the next rows of A.
    ///
    /// # Panics
    /// If the block has other than d columns, or more rows arrive than S has columns.
    pub fn push(&mut self, block: &RowBlock<'_>) {
        assert!(
            block.ncols() == self.out.ncols() && self.seen + block.nrows() <= self.sketch.ncols(),
            "shape mismatch in a stream of {} columns: {} of {} rows seen, then a block of {}×{}",
            self.out.ncols(),
            self.seen,
            self.sketch.ncols(),
            block.nrows(),
            block.ncols()
        );
        let unit = self.sketch.block_rows();
        let mut start = 0;
        while start < block.nrows() {
            let pending = self.seen % unit;
            let whole = (block.nrows() - start) / unit * unit;
            let count =
                if pending == 0 && whole > 0 { whole } else { (block.nrows() - start).min(unit - pending) };
            let rows = block.rows(start..start + count);
            if pending == 0 && whole > 0 {
                self.sketch.accumulate(self.seen..self.seen + count, &rows, &mut self.out);
                self.seen += count;
            } else {
                self.gather(pending, &rows);
            }
            start += count;
        }
    }

    /// S A, rows that never came counted as zero.
    #[must_use]
    pub fn finish(mut self) -> DMatrix<f64> {
        let pending = self.seen % self.sketch.block_rows();
        self.flush(pending);
        self.out
    }

    /// Puts rows behind those already gathered, and sums the gathered ones when they are a whole unit.
    fn gather(&mut self, pending: usize, rows: &RowBlock<'_>) {
        let mut target = self.gathered.rows_range_mut(pending..pending + rows.nrows());
        match rows {
            RowBlock::Dense(view) => target.copy_from(view),
            RowBlock::Csr(_) => target.copy_from(&rows.to_dense()),
        }
        self.seen += rows.nrows();
        if pending + rows.nrows() == self.sketch.block_rows() {
            self.flush(pending + rows.nrows());
        }
    }

    /// Sums the last `count` rows seen.
    fn flush(&mut self, count: usize) {
        let rows = RowBlock::Dense(self.gathered.rows_range(0..count));
        self.sketch.accumulate(self.seen - count..self.seen, &rows, &mut self.out);
    }
}
