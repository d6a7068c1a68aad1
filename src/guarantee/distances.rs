use nalgebra::{DMatrix, DVector};

use super::Hypothesis;

/// A finite set of points in ℝⁿ and their differences: the instance that theorems of Johnson–Lindenstrauss type are held
/// against.
///
/// ```
/// use nalgebra::DMatrix;
/// use proofsketch::guarantee::Distances;
///
/// let corners = Distances::between(DMatrix::identity(3, 3)); // e₁, e₂, e₃
/// assert_eq!(corners.pairs(), 3);
/// assert_eq!(corners.largest_distortion(&(2.0 * DMatrix::identity(3, 3))), 3.0); // |2² − 1|
/// assert_eq!(corners.concentration(), 0.5); // ‖e₁ − e₂‖₄⁴ / ‖e₁ − e₂‖₂⁴
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Distances {
    points: DMatrix<f64>,
}

impl Distances {
    /// The distances between the columns of an n × p matrix.
    #[must_use]
    pub fn between(points: DMatrix<f64>) -> Self {
        Self { points }
    }

    /// The points, one a column.
    #[must_use]
    pub fn points(&self) -> &DMatrix<f64> {
        &self.points
    }

    /// Number of pairs of points that differ.
    #[must_use]
    pub fn pairs(&self) -> usize {
        self.differences().count()
    }

    /// u − v over all pairs of points that differ, in the order of the columns.
    pub fn differences(&self) -> impl Iterator<Item = DVector<f64>> + '_ {
        self.indices().map(|(i, j)| self.points.column(i) - self.points.column(j))
    }

    fn indices(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        let count = self.points.ncols();
        let pairs = (0..count).flat_map(move |i| (i + 1..count).map(move |j| (i, j)));
        pairs.filter(|&(i, j)| self.points.column(i) != self.points.column(j))
    }

    /// max ‖z‖₄⁴/‖z‖₂⁴ over the differences z, between 1/n for flat ones and 1 for one entry; 0 without a pair.
    #[must_use]
    pub fn concentration(&self) -> f64 {
        self.differences().map(|z| concentration(z.as_slice())).fold(0.0, f64::max)
    }

    /// ‖f(u) − f(v)‖²/‖u − v‖² − 1 over the pairs that differ, for the images f(u), one a column. NaN where the images are
    /// not finite.
    ///
    /// # Panics
    /// If there is not one image a point.
    #[must_use]
    pub fn distortions(&self, images: &DMatrix<f64>) -> Vec<f64> {
        assert_eq!(images.ncols(), self.points.ncols(), "one image a point");
        let distortion = |(i, j)| {
            let before = (self.points.column(i) - self.points.column(j)).norm_squared();
            (images.column(i) - images.column(j)).norm_squared() / before - 1.0
        };
        self.indices().map(distortion).collect()
    }

    /// The largest |‖f(u) − f(v)‖²/‖u − v‖² − 1|; NaN where an image is not finite.
    ///
    /// # Panics
    /// If there is not one image a point.
    #[must_use]
    pub fn largest_distortion(&self, images: &DMatrix<f64>) -> f64 {
        let larger = |largest: f64, x: f64| if x.is_nan() { x } else { largest.max(x.abs()) };
        self.distortions(images).into_iter().fold(0.0, larger)
    }

    /// What every theorem on distances asks of its instance.
    pub(super) fn hypotheses(&self, epsilon: f64) -> Vec<Hypothesis> {
        let pairs = self.pairs();
        vec![
            Hypothesis::require("0 < ε < 1", epsilon > 0.0 && epsilon < 1.0, || format!("ε = {epsilon}")),
            Hypothesis::require("two points differ", pairs > 0, || "all points are one".into()),
            Hypothesis::assumed("the points are fixed before the map is drawn"),
        ]
    }
}

/// ‖z‖₄⁴/‖z‖₂⁴.
pub(super) fn concentration(z: &[f64]) -> f64 {
    let second: f64 = z.iter().map(|x| x * x).sum();
    z.iter().map(|x| x.powi(4)).sum::<f64>() / (second * second)
}
