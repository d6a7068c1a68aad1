//! Newton's method for the logistic losses of many classes over the same examples.

use nalgebra::{DMatrix, DMatrixView, DVector};
use proofsketch::linalg::{adjoint_product, product};
use proofsketch::solve::Status;
use rayon::prelude::*;

/// min over w of ½‖w‖² + C Σᵢ (ln(1 + exp(wᵀxᵢ)) − tᵢ wᵀxᵢ) for each column t of `targets`.
pub(super) struct Problem {
    pub(super) x: DMatrix<f64>,
    pub(super) targets: DMatrix<f64>,
    pub(super) c: f64,
    pub(super) tolerance: f64,
    pub(super) max_iterations: usize,
}

pub(super) struct Minimum {
    pub(super) weights: DMatrix<f64>,
    pub(super) gradient_norms: Vec<f64>,
    pub(super) iterations: usize,
    pub(super) hessian_products: usize,
    pub(super) status: Status,
}

/// Where the classes that are not done stand: one a column.
struct Iterate {
    classes: Vec<usize>,
    weights: DMatrix<f64>,
    margins: DMatrix<f64>,
    targets: DMatrix<f64>,
}

/// Newton steps and the margins they add.
struct Steps {
    weights: DMatrix<f64>,
    margins: DMatrix<f64>,
    products: usize,
}

pub(super) fn minimise(problem: &Problem) -> Minimum {
    let ((n, d), classes) = (problem.x.shape(), problem.targets.ncols());
    let squares = problem.x.map(|value| value * value);
    let mut at = Iterate {
        classes: (0..classes).collect(),
        weights: DMatrix::zeros(d, classes),
        margins: DMatrix::zeros(n, classes),
        targets: problem.targets.clone(),
    };
    let mut minimum = Minimum {
        weights: DMatrix::zeros(d, classes),
        gradient_norms: vec![0.0; classes],
        iterations: 0,
        hessian_products: 0,
        status: Status::Converged,
    };
    let mut first_norms = None;
    loop {
        let (residuals, curvatures) = at.residuals_and_curvatures();
        let gradient = &at.weights + adjoint_product(&problem.x, &residuals) * problem.c;
        let norms: Vec<f64> = gradient.column_iter().map(|g| g.norm()).collect();
        let first_norms = first_norms.get_or_insert_with(|| norms.clone());
        let mut left = Vec::new();
        for (j, &class) in at.classes.iter().enumerate() {
            minimum.gradient_norms[class] = norms[j];
            minimum.weights.set_column(class, &at.weights.column(j));
            if norms[j] > problem.tolerance * at.weights.column(j).norm() {
                left.push(j);
            }
        }
        if left.is_empty() {
            return minimum;
        }
        if minimum.iterations == problem.max_iterations {
            return Minimum { status: Status::IterationLimit, ..minimum };
        }
        let forcing: Vec<f64> =
            left.iter().map(|&j| 0.1_f64.min((norms[j] / first_norms[at.classes[j]]).sqrt())).collect();
        at = at.only(&left);
        let gradient = gradient.select_columns(&left);
        let curvatures = curvatures.select_columns(&left);
        let steps = newton_steps(problem, &squares, &gradient, &curvatures, &forcing);
        minimum.hessian_products += steps.products;
        minimum.iterations += 1;
        at.advance(problem.c, &gradient, &steps);
    }
}

impl Iterate {
    fn only(&self, left: &[usize]) -> Self {
        Self {
            classes: left.iter().map(|&j| self.classes[j]).collect(),
            weights: self.weights.select_columns(left),
            margins: self.margins.select_columns(left),
            targets: self.targets.select_columns(left),
        }
    }

    /// σ(z) − t and σ(z)(1 − σ(z)) of each margin z.
    fn residuals_and_curvatures(&self) -> (DMatrix<f64>, DMatrix<f64>) {
        let (n, classes) = self.margins.shape();
        let mut residuals = DMatrix::zeros(n, classes);
        let mut curvatures = DMatrix::zeros(n, classes);
        let out = residuals.as_mut_slice().par_chunks_mut(n).zip(curvatures.as_mut_slice().par_chunks_mut(n));
        out.enumerate().for_each(|(j, (residuals, curvatures))| {
            let (margins, targets) = (self.margins.column(j), self.targets.column(j));
            for (i, (residual, curvature)) in residuals.iter_mut().zip(curvatures).enumerate() {
                let probability = sigmoid(margins[i]);
                *residual = probability - targets[i];
                *curvature = probability * (1.0 - probability);
            }
        });
        (residuals, curvatures)
    }

    /// Goes along each step, halved until f falls by 10⁻⁴ of what its slope promises, up to rounding.
    fn advance(&mut self, c: f64, gradient: &DMatrix<f64>, steps: &Steps) {
        const HALVINGS: i32 = 50;
        let lengths: Vec<f64> = (0..self.classes.len())
            .into_par_iter()
            .map(|j| {
                let along = Line {
                    c,
                    targets: self.targets.column(j).into_owned(),
                    weights: [self.weights.column(j).into_owned(), steps.weights.column(j).into_owned()],
                    margins: [self.margins.column(j).into_owned(), steps.margins.column(j).into_owned()],
                };
                let (start, slope) = (along.objective(0.0), gradient.column(j).dot(&steps.weights.column(j)));
                let rounding = 1e-13 * start.abs();
                (0..HALVINGS)
                    .map(|halvings| 0.5_f64.powi(halvings))
                    .find(|&t| along.objective(t) <= start + 1e-4 * t * slope + rounding)
                    .unwrap_or(0.0)
            })
            .collect();
        for (j, &t) in lengths.iter().enumerate() {
            self.weights.column_mut(j).axpy(t, &steps.weights.column(j), 1.0);
            self.margins.column_mut(j).axpy(t, &steps.margins.column(j), 1.0);
        }
    }
}

/// f along w + t s.
struct Line {
    c: f64,
    targets: DVector<f64>,
    weights: [DVector<f64>; 2],
    margins: [DVector<f64>; 2],
}

impl Line {
    fn objective(&self, t: f64) -> f64 {
        let [weights, step] = &self.weights;
        let penalty: f64 = weights.iter().zip(step).map(|(w, s)| (w + t * s).powi(2)).sum();
        let [margins, along] = &self.margins;
        let losses = margins.iter().zip(along).zip(&self.targets).map(|((z, s), target)| {
            let margin = z + t * s;
            softplus(margin) - target * margin
        });
        0.5 * penalty + self.c * losses.sum::<f64>()
    }
}

/// (I + C XᵀDX) s = −g for each column, by conjugate gradients until ‖r‖ ≤ forcing · ‖g‖.
fn newton_steps(
    problem: &Problem,
    squares: &DMatrix<f64>,
    gradient: &DMatrix<f64>,
    curvatures: &DMatrix<f64>,
    forcing: &[f64],
) -> Steps {
    let Problem { x, c, .. } = problem;
    let diagonal = adjoint_product(squares, curvatures).map(|value| 1.0 + c * value);
    let mut steps = Steps {
        weights: DMatrix::zeros(gradient.nrows(), gradient.ncols()),
        margins: DMatrix::zeros(x.nrows(), gradient.ncols()),
        products: 0,
    };
    let mut residual = -gradient;
    let targets: Vec<f64> =
        gradient.column_iter().zip(forcing).map(|(g, forcing)| forcing * g.norm()).collect();
    let mut direction = residual.component_div(&diagonal);
    let mut energy: Vec<f64> =
        (0..forcing.len()).map(|j| residual.column(j).dot(&direction.column(j))).collect();
    let mut left: Vec<usize> = (0..forcing.len()).collect();
    while !left.is_empty() && steps.products < 10 * x.ncols() {
        let packed = direction.select_columns(&left);
        let margins = product(x, &packed);
        let curved = weighted(&margins, curvatures, &left);
        let image = packed + adjoint_product(x, &curved) * *c;
        steps.products += 1;
        let mut next = Vec::new();
        for (p, &j) in left.iter().enumerate() {
            let length = energy[j] / direction.column(j).dot(&image.column(p));
            steps.weights.column_mut(j).axpy(length, &direction.column(j), 1.0);
            steps.margins.column_mut(j).axpy(length, &margins.column(p), 1.0);
            residual.column_mut(j).axpy(-length, &image.column(p), 1.0);
            if residual.column(j).norm() <= targets[j] {
                continue;
            }
            let preconditioned = residual.column(j).component_div(&diagonal.column(j));
            let before = std::mem::replace(&mut energy[j], residual.column(j).dot(&preconditioned));
            direction.column_mut(j).axpy(1.0, &preconditioned, energy[j] / before);
            next.push(j);
        }
        left = next;
    }
    steps
}

/// The columns of `margins`, each times the column of `weights` that `columns` names, entry by entry.
fn weighted(margins: &DMatrix<f64>, weights: &DMatrix<f64>, columns: &[usize]) -> DMatrix<f64> {
    let mut out = margins.clone();
    for (p, &j) in columns.iter().enumerate() {
        let of: DMatrixView<'_, f64> = weights.columns(j, 1);
        out.column_mut(p).component_mul_assign(&of.column(0));
    }
    out
}

/// 1/(1 + exp(−z)).
fn sigmoid(z: f64) -> f64 {
    let e = (-z.abs()).exp();
    if z >= 0.0 { 1.0 / (1.0 + e) } else { e / (1.0 + e) }
}

/// ln(1 + exp(z)).
fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}
