use nalgebra::{DMatrix, DVector};

use super::super::factor::Factor;
use super::scaled_settings::ScaledSettings;
use crate::linalg::LANES;

/// U and b (or V and c), and the factor Y of the pattern B ≈ U Yᵀ, in standardised units.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Side {
    /// The rows [uᵢ bᵢ], without the bias in a model that has none.
    pub(super) lines: Factor,
    /// Y, one row a crossing line.
    pub(super) pattern: Option<Factor>,
    rank: usize,
}

impl Side {
    /// All zero.
    pub(super) fn zeros(lines: usize, crossing: usize, settings: &ScaledSettings) -> Self {
        Self {
            lines: Factor::zeros(lines, settings.variables()),
            pattern: settings.pattern.map(|_| Factor::zeros(crossing, settings.rank)),
            rank: settings.rank,
        }
    }

    /// The same, with biases zero and this U.
    pub(super) fn with_factor(self, u: &DMatrix<f64>) -> Self {
        let columns = self.lines.ncols();
        let lines = Factor::from_matrix(&u.clone().resize_horizontally(columns, 0.0));
        Self { lines, ..self }
    }

    /// U.
    pub(super) fn factor(&self) -> DMatrix<f64> {
        self.lines.to_matrix().columns(0, self.rank).into_owned()
    }

    /// bᵢ, 0 in a model that has none and for a line that is not there.
    pub(super) fn bias(&self, i: usize) -> f64 {
        if self.lines.ncols() > self.rank && i < self.lines.nrows() {
            self.lines.entry(i, self.rank)
        } else {
            0.0
        }
    }

    /// b.
    pub(super) fn biases(&self) -> DVector<f64> {
        DVector::from_fn(self.lines.nrows(), |i, _| self.bias(i))
    }

    /// UᵀU.
    pub(super) fn gram(&self) -> DMatrix<f64> {
        self.lines.gram().view((0, 0), (self.rank, self.rank)).into_owned()
    }

    /// The rows [uᵢ bᵢ/s], followed by `more` zero rows.
    pub(super) fn scaled_lines(&self, bias_entry: f64, more: usize) -> Factor {
        self.map_biases(more, |bias| bias / bias_entry)
    }

    /// The rows [uᵢ s], followed by the rows [r 0] for the rows r of `more`.
    pub(super) fn basis(&self, bias_entry: f64, more: Option<&DMatrix<f64>>) -> Factor {
        let mut basis = self.map_biases(more.map_or(0, DMatrix::nrows), |_| bias_entry);
        let (start, width) = (self.lines.nrows(), basis.width());
        for (l, row) in more.into_iter().flat_map(DMatrix::row_iter).enumerate() {
            for (j, &value) in row.iter().enumerate() {
                basis.lines_mut()[(start + l) * width + j / LANES].0[j % LANES] = value;
            }
        }
        basis
    }

    /// Takes the rows [uᵢ bᵢ/s].
    pub(super) fn take(&mut self, solved: Factor, bias_entry: f64) {
        self.lines = solved;
        self.lines = self.map_biases(0, |bias| bias * bias_entry);
    }

    fn map_biases(&self, more: usize, map: impl Fn(f64) -> f64) -> Factor {
        let (nrows, ncols, width) = (self.lines.nrows(), self.lines.ncols(), self.lines.width());
        let mut mapped = Factor::zeros(nrows + more, ncols);
        mapped.lines_mut()[..nrows * width].copy_from_slice(self.lines.lines());
        if ncols > self.rank {
            for row in mapped.lines_mut()[..nrows * width].chunks_exact_mut(width) {
                let bias = &mut row[self.rank / LANES].0[self.rank % LANES];
                *bias = map(*bias);
            }
        }
        mapped
    }
}
