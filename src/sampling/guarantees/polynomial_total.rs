use super::{ROUNDING, lower_total, thesis};
use crate::guarantee::{Citation, Guarantee, Hypothesis, Outcome};
use crate::random::StreamKey;
use crate::sampling::{Interval, RowBasis};

/// A feature map of polynomials of k variables, without products of variables, at n points.
#[derive(Clone, Debug, PartialEq)]
pub struct SampledPolynomials {
    /// Its values, one point a row.
    pub basis: RowBasis,
    /// k.
    pub variables: usize,
    /// q, the degree in each variable.
    pub degree: usize,
}

/// Polynomials have a total sensitivity that is linear in their degree: S ≤ (pq + 1)ᵏ for k variables of degree q and even
/// p, whatever the points.
///
/// Proof of more. fᵖ = (f^(p/2))², and f^(p/2) is a polynomial of degree at most pq/2 in each variable: |f(xᵢ)|ᵖ/Σ|f(xⱼ)|ᵖ is
/// at most the leverage score of point i in a space of dimension (pq/2 + 1)ᵏ, and these sum to the dimension at most.
#[derive(Clone, Debug)]
pub struct PolynomialTotal<S> {
    /// p, an even integer.
    pub p: f64,
    /// σᵢ between certificates.
    pub sensitivities: S,
}

impl<S> PolynomialTotal<S> {
    /// (pq/2 + 1)ᵏ.
    ///
    /// ```
    /// use proofsketch::sampling::PolynomialTotal;
    ///
    /// assert_eq!(PolynomialTotal { p: 4.0, sensitivities: () }.bound(1, 7), 15.0);
    /// ```
    #[must_use]
    pub fn bound(&self, variables: usize, degree: usize) -> f64 {
        (self.p * degree as f64 / 2.0 + 1.0).powi(variables as i32)
    }
}

impl<S: Fn(&RowBasis, f64) -> Vec<Interval> + Sync> Guarantee for PolynomialTotal<S> {
    type Instance = SampledPolynomials;

    const CITATION: Citation = thesis("Theorem 7.2.4, with the dimension documented at this type");

    fn hypotheses(&self, _: &SampledPolynomials) -> Vec<Hypothesis> {
        let p = self.p;
        let even = p >= 2.0 && p % 2.0 == 0.0;
        vec![
            Hypothesis::require("p is an even integer", even, || format!("p = {p}")),
            Hypothesis::assumed("the rows are values of polynomials of k variables of degree q in each"),
        ]
    }

    fn failure_probability(&self) -> f64 {
        0.0
    }

    /// S, to be at most (pq/2 + 1)ᵏ.
    fn trial(&self, polynomials: &SampledPolynomials, _: StreamKey) -> Outcome {
        let sigma = (self.sensitivities)(&polynomials.basis, self.p);
        let bound = self.bound(polynomials.variables, polynomials.degree);
        Outcome { bound: bound * (1.0 + ROUNDING), observed: lower_total(&sigma) }
    }
}
