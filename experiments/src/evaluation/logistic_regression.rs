use nalgebra::DMatrix;
use proofsketch::linalg::{SymmetricEigen, gram, product};
use proofsketch::solve::Status;

use super::Error;
use super::truncated_newton::{Problem, minimise};

/// What one-vs-rest logistic regression is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogisticSettings {
    /// C > 0, the weight of the losses against the penalty.
    pub c: f64,
    /// τ ≥ 0: a class is done once ‖∇f(w)‖ ≤ τ‖w‖. As f is 1-strongly convex, ‖w − w★‖ ≤ τ‖w‖ then.
    pub tolerance: f64,
    /// Newton steps at most.
    pub max_iterations: usize,
}

impl Default for LogisticSettings {
    /// C = 1, τ = 10⁻³, 100 steps.
    fn default() -> Self {
        Self { c: 1.0, tolerance: 1e-3, max_iterations: 100 }
    }
}

/// One linear classifier a class.
#[derive(Debug, Clone, PartialEq)]
pub struct OneVsRest {
    /// w of each class, one a column; the last row holds the intercepts.
    pub weights: DMatrix<f64>,
    /// For each class, what it scores whatever the features: −∞ if no example has it, +∞ if every one does.
    pub constant: Vec<Option<f64>>,
    /// ‖∇f(w)‖ of each class.
    pub gradient_norms: Vec<f64>,
    /// Newton steps taken.
    pub iterations: usize,
    /// Products with the Hessian of all classes that were not done, taken inside these steps.
    pub hessian_products: usize,
    /// How it ended.
    pub status: Status,
}

/// For each class k the minimiser of f(w) = ½‖w‖² + C Σᵢ ln(1 + exp(−yᵢ wᵀxᵢ)), yᵢ = ±1 as example i has class k or not.
///
/// `x` is n × d, an example a row; each is extended by a constant feature 1, whose weight, the intercept, is penalised
/// like the others: the objective of liblinear (and of scikit-learn's `LogisticRegression(solver="liblinear")` inside
/// `OneVsRestClassifier`). `targets` is n × K with entries 0 and 1. A class that no example has, or every one, gets no
/// weights but a [constant](OneVsRest::constant) score, as there.
///
/// Newton's method for all classes at once: the steps solve (I + C XᵀDX) s = −∇f by preconditioned conjugate gradients,
/// cut short far from the minimum (R. Dembo and T. Steihaug, *Mathematical Programming* 26 (1983)), so that the
/// products with X are matrix products. The preconditioner is the diagonal of the Hessian in the eigenbasis of XᵀX, where it is nearly
/// diagonal. Cost: O(n d²) once and O(n d K) a product.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch_experiments::evaluation::{LogisticSettings, logistic_regression};
///
/// let (x, targets) = (dmatrix![-1.0; 1.0], dmatrix![0.0; 1.0]);
/// let settings = LogisticSettings { tolerance: 1e-12, ..LogisticSettings::default() };
/// let w = logistic_regression(&x, &targets, &settings)?.weights;
/// // By symmetry no intercept, and w = 2/(1 + eʷ).
/// assert!(w[1].abs() < 1e-12 && (w[0] - 2.0 / (1.0 + w[0].exp())).abs() < 1e-12);
/// # Ok::<(), proofsketch_experiments::evaluation::Error>(())
/// ```
///
/// # Errors
/// [`Error::Setting`]; [`Error::Shape`] for numbers of rows that differ or a target that is not 0 or 1;
/// [`Error::NotFinite`].
pub fn logistic_regression(
    x: &DMatrix<f64>,
    targets: &DMatrix<f64>,
    settings: &LogisticSettings,
) -> Result<OneVsRest, Error> {
    check(x, targets, settings)?;
    let constant: Vec<Option<f64>> = targets.column_iter().map(|t| constant_score(t.as_slice())).collect();
    let learnt: Vec<usize> = (0..constant.len()).filter(|&k| constant[k].is_none()).collect();
    let extended = with_intercept(x);
    let basis = SymmetricEigen::new(&gram(&extended))?.eigenvectors;
    let problem = Problem {
        x: product(&extended, &basis),
        targets: targets.select_columns(&learnt),
        c: settings.c,
        tolerance: settings.tolerance,
        max_iterations: settings.max_iterations,
    };
    let minimum = minimise(&problem);
    let rotated = product(&basis, &minimum.weights);
    let mut weights = DMatrix::zeros(extended.ncols(), constant.len());
    let mut gradient_norms = vec![0.0; constant.len()];
    for (j, &k) in learnt.iter().enumerate() {
        weights.set_column(k, &rotated.column(j));
        gradient_norms[k] = minimum.gradient_norms[j];
    }
    let (iterations, hessian_products) = (minimum.iterations, minimum.hessian_products);
    Ok(OneVsRest { weights, constant, gradient_norms, iterations, hessian_products, status: minimum.status })
}

impl OneVsRest {
    /// wₖᵀxᵢ of each example, a row of `x`, and each class, a column of the answer; ±∞ for a class without weights.
    ///
    /// # Panics
    /// If the examples have another number of features than those learnt from.
    #[must_use]
    pub fn scores(&self, x: &DMatrix<f64>) -> DMatrix<f64> {
        let mut scores = product(&with_intercept(x), &self.weights);
        for (k, constant) in self.constant.iter().enumerate() {
            if let Some(score) = constant {
                scores.column_mut(k).fill(*score);
            }
        }
        scores
    }
}

/// The examples with a last feature 1.
fn with_intercept(x: &DMatrix<f64>) -> DMatrix<f64> {
    x.clone().insert_column(x.ncols(), 1.0)
}

fn constant_score(targets: &[f64]) -> Option<f64> {
    let first = targets[0];
    let same = targets.iter().all(|&target| target == first);
    same.then_some(if first == 0.0 { f64::NEG_INFINITY } else { f64::INFINITY })
}

fn check(x: &DMatrix<f64>, targets: &DMatrix<f64>, settings: &LogisticSettings) -> Result<(), Error> {
    if x.nrows() != targets.nrows() || x.nrows() == 0 {
        let (examples, targets) = (x.nrows(), targets.nrows());
        return Err(Error::Shape(format!(
            "{examples} examples and {targets} targets: both must be as many, and some"
        )));
    }
    if !(settings.c > 0.0 && settings.c.is_finite()) {
        return Err(Error::Setting {
            name: "C",
            value: settings.c,
            expected: "it must be positive and finite",
        });
    }
    if settings.tolerance.is_nan() || settings.tolerance < 0.0 {
        let expected = "it must not be negative";
        return Err(Error::Setting { name: "tolerance", value: settings.tolerance, expected });
    }
    if let Some(at) = x.as_slice().iter().position(|value| !value.is_finite()) {
        let (example, index) = (at % x.nrows(), at / x.nrows());
        return Err(Error::NotFinite { what: "feature", example, index, value: x[at] });
    }
    match targets.as_slice().iter().find(|&&target| target != 0.0 && target != 1.0) {
        Some(target) => Err(Error::Shape(format!("a target is {target}: each must be 0 or 1"))),
        None => Ok(()),
    }
}
