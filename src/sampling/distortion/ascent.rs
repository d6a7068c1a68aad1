use std::collections::VecDeque;

use nalgebra::{DMatrix, DVector};

use super::ratio::Ratio;

/// Pairs of steps and changes of the gradient that a climber remembers.
const MEMORY: usize = 10;
/// A step is at most as long as this; directions have norm 1.
const LONGEST_STEP: f64 = 0.5;
/// Halvings of a step before a climber gives up.
const HALVINGS: usize = 30;
/// Steps in a row that gain less than the tolerance before a climber stops.
const PATIENCE: usize = 5;

/// Whether the largest or the least ratio is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Side {
    Upper,
    Lower,
}

impl Side {
    pub fn sign(self) -> f64 {
        match self {
            Self::Upper => 1.0,
            Self::Lower => -1.0,
        }
    }

    /// Whether `ratio` is farther out than `other`.
    pub fn prefers(self, ratio: f64, other: f64) -> bool {
        self.sign() * ratio > self.sign() * other
    }
}

/// A direction and its ratio.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub ratio: f64,
    pub direction: DVector<f64>,
}

/// Ascends ±ln ρ from every start by the limited-memory BFGS method, all in step so that products are of matrices:
/// `screening` steps from each, then up to `max_iterations` from the `refined` best.
///
/// The results, best first.
pub(super) fn ascend(
    ratio: &Ratio<'_>,
    starts: &DMatrix<f64>,
    side: Side,
    (screening, refined, max_iterations): (usize, usize, usize),
    tol: f64,
) -> Vec<Found> {
    let (values, gradients) = ratio.values_and_gradients(starts);
    let begin = |(j, value): (usize, f64)| {
        Climber::new(starts.column(j).into_owned(), value, gradients.column(j).into_owned(), side)
    };
    let mut climbers: Vec<Climber> = values.into_iter().enumerate().map(begin).collect();
    advance(ratio, &mut climbers, screening, tol);
    climbers.sort_by(|a, b| b.height.total_cmp(&a.height));
    climbers.truncate(refined.max(1));
    advance(ratio, &mut climbers, max_iterations, tol);
    climbers.sort_by(|a, b| b.height.total_cmp(&a.height));
    climbers.into_iter().map(Climber::found).collect()
}

fn advance(ratio: &Ratio<'_>, climbers: &mut [Climber], rounds: usize, tol: f64) {
    for _ in 0..rounds {
        let mut active: Vec<&mut Climber> = climbers.iter_mut().filter(|climber| !climber.done).collect();
        if active.is_empty() {
            return;
        }
        let trials: Vec<DVector<f64>> = active.iter().map(|climber| climber.trial()).collect();
        let (values, gradients) = ratio.values_and_gradients(&DMatrix::from_columns(&trials));
        for (j, (climber, trial)) in active.iter_mut().zip(trials).enumerate() {
            climber.receive(trial, values[j], gradients.column(j).into_owned(), tol);
        }
    }
}

/// One ascent of h = ±ln ρ over directions of norm 1; the gradient is orthogonal to the direction, for ρ has degree 0.
struct Climber {
    side: Side,
    x: DVector<f64>,
    ratio: f64,
    height: f64,
    gradient: DVector<f64>,
    heading: DVector<f64>,
    step: f64,
    halvings: usize,
    pairs: VecDeque<(DVector<f64>, DVector<f64>)>,
    stalled: usize,
    done: bool,
}

impl Climber {
    fn new(x: DVector<f64>, ratio: f64, gradient: DVector<f64>, side: Side) -> Self {
        let gradient = gradient * side.sign();
        let mut climber = Self {
            side,
            height: height(ratio, side),
            ratio,
            heading: gradient.clone(),
            gradient,
            x,
            step: 1.0,
            halvings: 0,
            pairs: VecDeque::new(),
            stalled: 0,
            done: false,
        };
        climber.done = !climber.height.is_finite() || climber.gradient.iter().any(|g| !g.is_finite());
        climber.limit_step();
        climber
    }

    fn limit_step(&mut self) {
        let length = self.heading.norm();
        self.done |= length == 0.0;
        // The first heading is the gradient, whose length says nothing of how far to go.
        let longest = if self.pairs.is_empty() { LONGEST_STEP / 4.0 } else { LONGEST_STEP };
        self.step = if self.pairs.is_empty() { longest / length } else { (longest / length).min(1.0) };
        self.halvings = 0;
    }

    fn trial(&self) -> DVector<f64> {
        (&self.x + &self.heading * self.step).normalize()
    }

    fn receive(&mut self, trial: DVector<f64>, ratio: f64, gradient: DVector<f64>, tol: f64) {
        let reached = height(ratio, self.side);
        let slope = self.heading.dot(&self.gradient);
        let gain = reached - self.height;
        if ratio == 0.0 {
            // No direction is farther out than one that loses every row.
            (self.x, self.ratio, self.height, self.done) = (trial, ratio, reached, true);
            return;
        }
        if !(gain > 1e-4 * self.step * slope && gradient.iter().all(|g| g.is_finite())) {
            self.halvings += 1;
            self.step *= 0.4;
            self.done = self.halvings >= HALVINGS;
            return;
        }
        let gradient = gradient * self.side.sign();
        let (moved, change) = (&trial - &self.x, &self.gradient - &gradient);
        if moved.dot(&change) > 1e-12 * moved.norm() * change.norm() {
            self.pairs.truncate(MEMORY - 1);
            self.pairs.push_front((moved, change));
        }
        self.stalled = if gain > tol { 0 } else { self.stalled + 1 };
        (self.x, self.ratio, self.height, self.gradient) = (trial, ratio, reached, gradient);
        self.done = self.stalled >= PATIENCE;
        self.heading = self.two_loop();
        if self.heading.dot(&self.gradient) <= 0.0 {
            self.pairs.clear();
            self.heading = self.gradient.clone();
        }
        self.limit_step();
    }

    /// The gradient times the inverse Hessian that the pairs tell of (Nocedal's two-loop recursion).
    fn two_loop(&self) -> DVector<f64> {
        let mut heading = self.gradient.clone();
        let mut along = Vec::with_capacity(self.pairs.len());
        for (moved, change) in &self.pairs {
            let alpha = moved.dot(&heading) / moved.dot(change);
            heading.axpy(-alpha, change, 1.0);
            along.push(alpha);
        }
        if let Some((moved, change)) = self.pairs.front() {
            heading *= moved.dot(change) / change.norm_squared();
        }
        for ((moved, change), alpha) in self.pairs.iter().zip(along).rev() {
            let beta = change.dot(&heading) / moved.dot(change);
            heading.axpy(alpha - beta, moved, 1.0);
        }
        heading
    }

    fn found(self) -> Found {
        Found { ratio: self.ratio, direction: self.x }
    }
}

/// ±ln ρ.
fn height(ratio: f64, side: Side) -> f64 {
    side.sign() * ratio.ln()
}
