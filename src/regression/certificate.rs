use nalgebra::DVector;

use crate::guarantee::student_t_quantile;

/// Half-widths hᵢ of confidence intervals x′ᵢ ± hᵢ for the coefficients x★ᵢ of the full problem,
/// computed from the sketched problem alone.
///
/// Given S A, the Gaussian sketch of b is S b = S A x★ + N(0, ‖r‖²/m·I): a homoscedastic Gaussian linear model whose
/// true coefficients are x★. So (x′ᵢ − x★ᵢ)/(ŝ·√[(SA)ᵀSA]⁻¹ᵢᵢ) has exactly Student's t law with m − d degrees of
/// freedom, with ŝ² = ‖S A x′ − S b‖²/(m − d), and
///
///   hᵢ = t_{m−d}(level) · ŝ · √[(SA)ᵀSA]⁻¹ᵢᵢ
///
/// covers x★ᵢ with probability `level`, exactly, for each i. For the SRHT without replacement hᵢ is taken times √(1 − m/N),
/// as its error has that much less variance. For other sketches the law holds in the limit only; on
/// data that a sketch treats badly (a sparse sketch, a coherent A) the coverage can fall below the level.
///
/// Source: classical linear-model theory applied to the sketched problem; compare Ahfock, Astle and Richardson,
/// "Statistical properties of sketching algorithms", Biometrika 108 (2021).
#[derive(Clone, Debug, PartialEq)]
pub struct CoordinateCertificate {
    /// hᵢ, in the units of coefficient i.
    pub half_widths: DVector<f64>,
    /// Coverage of each interval, exact for a Gaussian sketch.
    pub level: f64,
    /// m − d.
    pub degrees_of_freedom: usize,
    /// ŝ, which estimates ‖r‖/√m.
    pub noise_scale: f64,
}

impl CoordinateCertificate {
    /// The certificate for a sketch whose error has `factor` times the variance of one with independent rows
    /// ([`SketchOperator::variance_factor`](crate::sketch::SketchOperator::variance_factor)): half-widths times √`factor`.
    #[must_use]
    pub fn with_variance_factor(mut self, factor: f64) -> Self {
        self.half_widths *= factor.sqrt();
        self
    }

    /// The certificate of a sketched problem with residual norm ‖SAx′ − Sb‖ and the diagonal of [(SA)ᵀSA]⁻¹;
    /// none where m = d leaves no degree of freedom.
    pub(super) fn new(
        sketched_residual: f64,
        inverse_gram_diagonal: &DVector<f64>,
        sketch_rows: usize,
        level: f64,
    ) -> Option<Self> {
        let degrees_of_freedom =
            sketch_rows.checked_sub(inverse_gram_diagonal.len()).filter(|&freedom| freedom > 0)?;
        let freedom = degrees_of_freedom as f64;
        let noise_scale = sketched_residual / freedom.sqrt();
        let quantile = student_t_quantile(1.0 - level, freedom);
        // No noise is no width, also where the inverse of a tiny column overflows.
        let width =
            |diagonal: f64| if noise_scale == 0.0 { 0.0 } else { quantile * noise_scale * diagonal.sqrt() };
        let half_widths = inverse_gram_diagonal.map(width);
        Some(Self { half_widths, level, degrees_of_freedom, noise_scale })
    }
}
