use nalgebra::{DMatrix, DVector};

use super::ascent::{Found, Side};
use super::ratio::Ratio;
use crate::linalg::product;

/// A row whose part outside the span of the others is below this fraction of it is taken to lie in that span.
const DEPENDENT: f64 = 1e-9;
/// An exchange must gain this much in ρ, relatively.
const GAIN: f64 = 1e-12;

/// Ascends ±ρ at p = 1 along the edges of the arrangement of hyperplanes {x : qᵢᵀx = 0} from the vertex nearest to a
/// direction.
///
/// Inside a cell ρ is a quotient of linear functions, so its extremes over all directions lie at vertices: directions
/// that r − 1 rows vanish on. From a vertex, r − 1 edges lead to others, one for each of those rows let go; on the
/// plane of an edge ρ is maximised exactly, over all of its vertices. Where no more than r − 1 rows vanish, a vertex
/// that no edge improves is a local extreme.
pub(super) fn ascend_vertices(ratio: &Ratio<'_>, from: Found, side: Side, exchanges: usize) -> Found {
    let Some(mut vertex) = Vertex::nearest(ratio.q, &from.direction) else { return from };
    let mut best = vertex.found(ratio);
    for _ in 0..exchanges {
        let Some(next) = vertex.exchange(ratio, best.ratio, side) else { break };
        let found = next.found(ratio);
        if side.sign() * (found.ratio - best.ratio) <= GAIN * best.ratio {
            break;
        }
        (vertex, best) = (next, found);
    }
    if side.prefers(best.ratio, from.ratio) { best } else { from }
}

/// A direction x and r − 1 independent rows that vanish on it.
struct Vertex {
    rows: Vec<usize>,
    direction: DVector<f64>,
}

impl Vertex {
    /// The rows nearest to vanishing on `near`, by their angle, and what vanishes on them.
    fn nearest(q: &DMatrix<f64>, near: &DVector<f64>) -> Option<Self> {
        let values = q * near;
        let cosine = |i: usize| values[i].abs() / q.row(i).norm();
        let mut order: Vec<(f64, usize)> = (0..q.nrows()).map(|i| (cosine(i), i)).collect();
        order.retain(|(cosine, _)| cosine.is_finite());
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        Self::through(q, order.into_iter().map(|(_, i)| i), near)
    }

    /// The first r − 1 independent rows of `rows`, and what is left of `near` outside their span.
    fn through(q: &DMatrix<f64>, rows: impl IntoIterator<Item = usize>, near: &DVector<f64>) -> Option<Self> {
        let wanted = q.ncols() - 1;
        let mut span = Span::new(q.ncols(), wanted);
        let mut chosen = Vec::with_capacity(wanted);
        for i in rows {
            if chosen.len() == wanted {
                break;
            }
            if span.extend(q.row(i).transpose()) {
                chosen.push(i);
            }
        }
        let mut direction = near.clone();
        span.remove_from(&mut direction);
        let norm = direction.norm();
        let complete = chosen.len() == wanted && norm > DEPENDENT * near.norm();
        complete.then(|| Self { rows: chosen, direction: direction / norm })
    }

    fn found(&self, ratio: &Ratio<'_>) -> Found {
        let direction = DMatrix::from_column_slice(self.direction.len(), 1, self.direction.as_slice());
        Found { ratio: ratio.values(&direction)[0], direction: self.direction.clone() }
    }

    /// The best vertex on the planes of those edges along which ρ improves at first.
    fn exchange(&self, ratio: &Ratio<'_>, current: f64, side: Side) -> Option<Self> {
        let q = ratio.q;
        let edges = self.edges(q)?;
        let values = product(q, &edges);
        let n = q.nrows();
        let at = &values.as_slice()[..n];
        let lines = values.as_slice()[n..].chunks_exact(n).enumerate();
        let mut held = vec![false; n];
        self.rows.iter().for_each(|&i| held[i] = true);
        let mut best: Option<(f64, usize, usize)> = None;
        for (edge, along) in lines {
            let line = Line { at, along, weights: ratio.weights, held: &held };
            if !line.improves(self.rows[edge], current, side) {
                continue;
            }
            let Some((value, row)) = line.best_vertex(side) else { continue };
            if best.is_none_or(|(other, ..)| side.prefers(value, other)) {
                best = Some((value, edge, row));
            }
        }
        let (_, edge, row) = best?;
        let others = (0..self.rows.len()).filter(|&j| j != edge).map(|j| self.rows[j]);
        let t = -values[(row, 0)] / values[(row, 1 + edge)];
        let direction = edges.column(0) + edges.column(1 + edge) * t;
        Self::through(q, others.chain([row]), &direction)
    }

    /// x, and for each row that vanishes on it the direction on which it alone is 1 and that is orthogonal to x.
    fn edges(&self, q: &DMatrix<f64>) -> Option<DMatrix<f64>> {
        let order = q.ncols();
        let mut system = DMatrix::zeros(order, order);
        system.set_row(0, &self.direction.transpose());
        for (j, &i) in self.rows.iter().enumerate() {
            system.set_row(1 + j, &q.row(i));
        }
        system.try_inverse().filter(|inverse| inverse.iter().all(|value| value.is_finite()))
    }
}

/// ρ on the line x + tu: Σ Wᵢ|aᵢ + tbᵢ| / Σ |aᵢ + tbᵢ|.
struct Line<'a> {
    at: &'a [f64],
    along: &'a [f64],
    weights: &'a [f64],
    /// Whether a row vanishes at t = 0.
    held: &'a [bool],
}

impl Line<'_> {
    /// Whether ρ improves at once for small t of one sign, where row `free` alone of the held ones stops vanishing.
    fn improves(&self, free: usize, current: f64, side: Side) -> bool {
        // d/dt Σ (Wᵢ − ρ)|aᵢ + tbᵢ| at t = ±0.
        let mut slope = 0.0;
        for (((a, b), weight), held) in self.at.iter().zip(self.along).zip(self.weights).zip(self.held) {
            slope += if *held { 0.0 } else { (weight - current) * b * a.signum() };
        }
        let kink = (self.weights[free] - current) * self.along[free].abs();
        side.sign() * kink + slope.abs() > 0.0
    }

    /// The best of all vertices of the line: its ratio and the row that vanishes there.
    fn best_vertex(&self, side: Side) -> Option<(f64, usize)> {
        let at = |i: usize| if self.held[i] { 0.0 } else { self.at[i] };
        let mut breaks: Vec<(f64, usize)> = Vec::with_capacity(self.at.len());
        // Σ Wᵢ|aᵢ + tbᵢ| = kept[0] + t·kept[1] before the first break, and so for all rows.
        let (mut kept, mut all) = ([0.0; 2], [0.0; 2]);
        let largest = self.along.iter().fold(0.0_f64, |largest, b| largest.max(b.abs()));
        for (i, &b) in self.along.iter().enumerate() {
            let a = at(i);
            let moves = b.abs() > 1e-14 * largest;
            let sign = if moves { -b.signum() } else { a.signum() };
            for (sum, weight) in [(&mut kept, self.weights[i]), (&mut all, 1.0)] {
                sum[0] += weight * sign * a;
                sum[1] += weight * sign * b;
            }
            if moves {
                breaks.push((-a / b, i));
            }
        }
        breaks.sort_unstable_by(|x, y| x.0.total_cmp(&y.0).then(x.1.cmp(&y.1)));
        let mut best: Option<(f64, usize)> = None;
        for (t, i) in breaks {
            let value = (kept[0] + t * kept[1]) / (all[0] + t * all[1]);
            if !self.held[i] && value.is_finite() && best.is_none_or(|(other, _)| side.prefers(value, other))
            {
                best = Some((value, i));
            }
            let (a, b) = (at(i), self.along[i]);
            for (sum, weight) in [(&mut kept, self.weights[i]), (&mut all, 1.0)] {
                sum[0] += 2.0 * weight * b.signum() * a;
                sum[1] += 2.0 * weight * b.abs();
            }
        }
        best
    }
}

/// An orthonormal basis that grows row by row.
struct Span {
    basis: DMatrix<f64>,
    size: usize,
}

impl Span {
    fn new(dimension: usize, capacity: usize) -> Self {
        Self { basis: DMatrix::zeros(dimension, capacity), size: 0 }
    }

    /// Takes the part of `vector` out that lies in the span, twice for the sake of rounding.
    fn remove_from(&self, vector: &mut DVector<f64>) {
        let basis = self.basis.columns(0, self.size);
        for _ in 0..2 {
            let inside = basis.tr_mul(vector);
            vector.gemv(-1.0, &basis, &inside, 1.0);
        }
    }

    /// Adds `vector` unless it lies in the span.
    fn extend(&mut self, mut vector: DVector<f64>) -> bool {
        let norm = vector.norm();
        self.remove_from(&mut vector);
        let rest = vector.norm();
        if self.size == self.basis.ncols() || rest <= DEPENDENT * norm {
            return false;
        }
        self.basis.set_column(self.size, &(vector / rest));
        self.size += 1;
        true
    }
}
