//! Passes over a table that is not held in memory.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use nalgebra::DMatrix;
use proofsketch::io::{Blocks, Table, count_rows, open_blocks};
use proofsketch::linalg::first_non_finite;
use proofsketch_experiments::Progress;

use crate::failure::Failure;
use crate::screen::Screen;

/// Numbers of the table that are held at a time.
const BLOCK_ENTRIES: usize = 1 << 18;

/// The shape of a table, and the rows of it that are read at a time.
pub struct Passes<'a> {
    path: &'a Path,
    pub nrows: usize,
    ncols: usize,
    rows_per_block: usize,
    label: &'static str,
    shows_bar: bool,
    /// Time spent in reading.
    pub read: Duration,
}

impl<'a> Passes<'a> {
    /// Counts the rows of a table of which the [`header`] is known.
    pub fn new(path: &'a Path, header: &Table, label: &'static str, screen: Screen) -> Result<Self, Failure> {
        let start = Instant::now();
        let (nrows, ncols) = (count_rows(path)?, header.values().ncols());
        let rows_per_block = (BLOCK_ENTRIES / ncols.max(1)).max(1);
        let shows_bar = !screen.quiet && !screen.json;
        Ok(Self { path, nrows, ncols, rows_per_block, label, shows_bar, read: start.elapsed() })
    }

    /// Blocks of a multiple of `unit` rows, where that is less than a block.
    pub fn in_units_of(mut self, unit: usize) -> Self {
        if self.rows_per_block > unit {
            self.rows_per_block -= self.rows_per_block % unit;
        }
        self
    }

    /// Shows each block of rows in order, with the index of its first row. The table must be as it was counted, its
    /// entries finite.
    pub fn each(
        &mut self,
        visit: impl FnMut(usize, DMatrix<f64>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let progress = if self.shows_bar { Progress::on_terminal(self.label) } else { Progress::hidden() };
        progress.expect(self.nrows.div_ceil(self.rows_per_block));
        let outcome = self.visit(&progress, visit);
        progress.finish();
        outcome
    }

    fn visit(
        &mut self,
        progress: &Progress,
        mut visit: impl FnMut(usize, DMatrix<f64>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut blocks = open_blocks(self.path, self.rows_per_block)?;
        let mut seen = 0;
        while let Some(block) = self.next(&mut blocks) {
            let block = block?;
            if block.ncols() != self.ncols || seen + block.nrows() > self.nrows {
                return Err(self.changed());
            }
            if let Some(at) = first_non_finite(&block) {
                return Err(not_finite(self.path, (seen + at.0, at.1, at.2)));
            }
            let first = seen;
            seen += block.nrows();
            visit(first, block)?;
            progress.tick();
        }
        if seen < self.nrows { Err(self.changed()) } else { Ok(()) }
    }

    /// The next block; its time is counted.
    fn next(&mut self, blocks: &mut Blocks) -> Option<<Blocks as Iterator>::Item> {
        let start = Instant::now();
        let block = blocks.next();
        self.read += start.elapsed();
        block
    }

    fn changed(&self) -> Failure {
        Failure::input(format!("{}: changed while it was being read", self.path.display()))
    }
}

/// The names of a table that can be read more than once, and none of its rows.
pub fn header(path: &Path) -> Result<Table, Failure> {
    if fs::metadata(path).is_ok_and(|file| !file.is_file()) {
        let path = path.display();
        return Err(Failure::input(format!(
            "{path}: --stream reads the table more than once: need a regular file"
        )));
    }
    let header = open_blocks(path, 1)?;
    let names = header.names().map(<[String]>::to_vec);
    Ok(Table::new(names, DMatrix::zeros(0, header.ncols()))?)
}

/// Says where in the file a number stands that is none: matrices can hold NaN and ∞, text tables cannot.
pub fn not_finite(path: &Path, (row, column, value): (usize, usize, f64)) -> Failure {
    let (row, column) = (row + 1, column + 1);
    Failure::input(format!("{}: row {row}, column {column}: {value} is not finite", path.display()))
}
