use nalgebra::{DMatrix, DVector};

use super::{Error, ScoreKind};

/// Kept rows of A ∈ ℝⁿˣᵈ and their weights: Σ_{i kept} Wᵢ|aᵢᵀx|ᵖ stands for ‖Ax‖ₚᵖ = Σᵢ|aᵢᵀx|ᵖ.
///
/// With Wᵢ = 1/qᵢ the sum has the right mean for every x. In the form of a sampling matrix S, Sᵢᵢ = Wᵢ^(1/p), it is
/// ‖SAx‖ₚᵖ.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::sampling::Coreset;
///
/// let a = dmatrix![1.0, 0.0; 0.0, 2.0; 3.0, 0.0; 0.0, 4.0];
/// let coreset = Coreset::new(4, 2.0, vec![1, 2], vec![4.0, 1.0])?;
/// assert_eq!(coreset.rows(&a), dmatrix![0.0, 2.0; 3.0, 0.0]);
/// assert_eq!(coreset.scaled_rows(&a), dmatrix![0.0, 4.0; 3.0, 0.0]); // S A
/// # Ok::<(), proofsketch::sampling::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Coreset {
    nrows: usize,
    norm_exponent: f64,
    indices: Vec<usize>,
    weights: Vec<f64>,
    expected_rows: Option<f64>,
    kind: Option<ScoreKind>,
}

impl Coreset {
    /// A coreset chosen elsewhere: distinct rows of n, ascending, and a weight Wᵢ > 0 for each; for ‖·‖ₚ, p = `norm_exponent`.
    ///
    /// # Errors
    /// [`Error::Empty`] for n = 0; [`Error::Exponent`] unless p is finite and positive; [`Error::Length`] unless there
    /// is a weight for each index; [`Error::CoresetRow`] with the first index that is not below n and above the one before
    /// it; [`Error::Score`] with the first weight that is not finite and positive.
    pub fn new(
        nrows: usize,
        norm_exponent: f64,
        indices: Vec<usize>,
        weights: Vec<f64>,
    ) -> Result<Self, Error> {
        if nrows == 0 {
            return Err(Error::Empty { nrows: 0, ncols: 0 });
        }
        if !(norm_exponent.is_finite() && norm_exponent > 0.0) {
            return Err(Error::Exponent { p: norm_exponent, range: "0 < p < ∞" });
        }
        if indices.len() != weights.len() {
            return Err(Error::Length { what: "weights", found: weights.len(), nrows: indices.len() });
        }
        let disordered =
            (0..indices.len()).find(|&k| indices[k] >= nrows || (k > 0 && indices[k] <= indices[k - 1]));
        if let Some(position) = disordered {
            return Err(Error::CoresetRow { position, row: indices[position], nrows });
        }
        match weights.iter().position(|weight| !(weight.is_finite() && *weight > 0.0)) {
            Some(k) => Err(Error::Score { row: indices[k], value: weights[k] }),
            None => Ok(Self::of_rows(nrows, norm_exponent, indices, weights)),
        }
    }

    /// Rows in order, below n, with positive weights.
    pub(super) fn of_rows(nrows: usize, norm_exponent: f64, indices: Vec<usize>, weights: Vec<f64>) -> Self {
        Self { nrows, norm_exponent, indices, weights, expected_rows: None, kind: None }
    }

    /// The same coreset with the scores it was drawn by, and the expected number of rows where that was one draw.
    pub(super) fn drawn_by(self, kind: ScoreKind, expected_rows: Option<f64>) -> Self {
        Self { kind: Some(kind), expected_rows, ..self }
    }

    /// n, the rows of A.
    #[must_use]
    pub fn nrows(&self) -> usize {
        self.nrows
    }

    /// p.
    #[must_use]
    pub fn norm_exponent(&self) -> f64 {
        self.norm_exponent
    }

    /// Indices of the kept rows, ascending.
    #[must_use]
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }

    /// Wᵢ of each kept row.
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// m, the number of kept rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// Whether no row was kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// E m of the draw; `None` for a coreset chosen elsewhere or drawn in several rounds.
    #[must_use]
    pub fn expected_rows(&self) -> Option<f64> {
        self.expected_rows
    }

    /// The scores that the rows were drawn by, where they were drawn.
    #[must_use]
    pub fn kind(&self) -> Option<ScoreKind> {
        self.kind
    }

    /// The kept rows of A, as they are.
    ///
    /// # Panics
    /// If A has other than n rows.
    #[must_use]
    pub fn rows(&self, a: &DMatrix<f64>) -> DMatrix<f64> {
        self.assert_rows(a.nrows());
        a.select_rows(&self.indices)
    }

    /// S A: the kept rows, each times Wᵢ^(1/p).
    ///
    /// # Panics
    /// If A has other than n rows.
    #[must_use]
    pub fn scaled_rows(&self, a: &DMatrix<f64>) -> DMatrix<f64> {
        let mut rows = self.rows(a);
        let scales = self.scales();
        rows.column_iter_mut().for_each(|mut column| column.component_mul_assign(&scales));
        rows
    }

    /// The kept entries of b ∈ ℝⁿ, as they are.
    ///
    /// # Panics
    /// If b has other than n entries.
    #[must_use]
    pub fn entries(&self, b: &DVector<f64>) -> DVector<f64> {
        self.assert_rows(b.len());
        DVector::from_iterator(self.len(), self.indices.iter().map(|&i| b[i]))
    }

    /// Sᵢᵢ = Wᵢ^(1/p) of each kept row.
    #[must_use]
    pub fn scales(&self) -> DVector<f64> {
        let inverse = 1.0 / self.norm_exponent;
        DVector::from_iterator(self.len(), self.weights.iter().map(|weight| weight.powf(inverse)))
    }

    /// Σ_{i kept} Wᵢ|yᵢ|ᵖ for y = Ax ∈ ℝⁿ: the estimate of ‖y‖ₚᵖ.
    ///
    /// # Panics
    /// If y has other than n entries.
    #[must_use]
    pub fn norm_power(&self, y: &DVector<f64>) -> f64 {
        self.assert_rows(y.len());
        let term = |(&i, weight): (&usize, &f64)| weight * y[i].abs().powf(self.norm_exponent);
        self.indices.iter().zip(&self.weights).map(term).sum()
    }

    fn assert_rows(&self, nrows: usize) {
        assert!(
            nrows == self.nrows,
            "shape mismatch: a coreset of {} rows cannot be read in a matrix of {nrows} rows",
            self.nrows
        );
    }
}
