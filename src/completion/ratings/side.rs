//! The rows, or the columns, of the model: what a half-step solves for, and the regressions it solves.

use rayon::prelude::*;

use super::super::compressed::Compressed;
use super::super::factor::Factor;
use super::super::half_step::regress;
use super::super::held_out::Observations;
use super::super::{Error, RowSolver};
use super::pattern_factor::{PatternRows, pattern_sums};
use super::{Penalty, Settings};
use crate::random::StreamKey;

/// Entries that one task gives their targets.
const BLOCK: usize = 1 << 14;

/// λ, λ_b and ω in units where the standard deviation of the values is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Weights {
    pub(super) ridge: f64,
    pub(super) bias_ridge: f64,
    pub(super) pattern: Option<f64>,
    pub(super) penalty: Penalty,
    /// Whether there are biases.
    pub(super) biases: bool,
}

impl Weights {
    pub(super) fn new(settings: &Settings, sigma: f64) -> Self {
        Self {
            ridge: settings.scaled_ridge(sigma),
            bias_ridge: settings.bias_ridge(),
            pattern: settings.pattern_weight(),
            penalty: settings.penalty,
            biases: settings.biases,
        }
    }

    /// The entry s of the basis that a bias is the coefficient of, divided by s: one ridge then serves both, as
    /// λ(b/s)² = λ_b b² for s² = λ/λ_b.
    fn bias_entry(&self, rank: usize) -> f64 {
        if rank == 0 || self.ridge == 0.0 { 1.0 } else { (self.ridge / self.bias_ridge).sqrt() }
    }

    /// The ridge of the regressions.
    fn regression_ridge(&self, rank: usize) -> f64 {
        if rank == 0 { self.bias_ridge } else { self.ridge }
    }
}

/// U and b (or V and c), with the factor Y of the pattern B ≈ U Yᵀ, in standardised units.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct SideFactors {
    /// One row a line.
    pub(super) factor: Factor,
    /// One bias a line.
    pub(super) biases: Vec<f64>,
    /// Y, one row a crossing line.
    pub(super) pattern: Option<Factor>,
}

/// The regressions of one side: standardised values by line and, where the pattern counts, k more places at the end of
/// each line for what it says.
#[derive(Clone, Debug)]
pub(super) struct Lines {
    /// Indices, and the targets and weights of a half-step.
    observed: Compressed,
    /// z, 0 at the places of the pattern.
    values: Vec<f64>,
    /// Σ w over each line, 1 for an empty one.
    totals: Vec<f64>,
    /// Number of crossing lines.
    crossing: usize,
    /// Places of the pattern in each line.
    extra: usize,
    is_shared: bool,
}

impl Lines {
    pub(super) fn new(
        lines: &Compressed,
        crossing: usize,
        standardize: impl Fn(f64) -> f64,
        rank: usize,
        weights: &Weights,
    ) -> Self {
        let extra = if weights.pattern.is_some() { rank } else { 0 };
        let totals: Vec<f64> = (0..lines.len()).map(|i| total_weight(lines, i)).collect();
        let is_weighted = lines.weights.is_some() || weights.penalty == Penalty::PerEntry;
        let places = lines.indices.len() + lines.len() * extra;
        let mut observed = Compressed {
            offsets: Vec::with_capacity(lines.len() + 1),
            indices: Vec::with_capacity(places),
            values: vec![0.0; places],
            weights: is_weighted.then(|| Vec::with_capacity(places)),
        };
        let mut values = Vec::with_capacity(places);
        for i in 0..lines.len() {
            observed.offsets.push(observed.indices.len());
            observed.indices.extend_from_slice(lines.line(i).indices);
            observed.indices.extend((0..extra).map(|l| (crossing + l) as u32));
            values.extend(lines.line(i).values.iter().map(|&value| standardize(value)));
            values.resize(observed.indices.len(), 0.0);
            if let Some(all) = &mut observed.weights {
                // Dividing the regression of a line by Σ w makes its ridge λ Σ w.
                let share = if weights.penalty == Penalty::PerEntry { 1.0 / totals[i] } else { 1.0 };
                let weight = |place: usize| lines.weights.as_ref().map_or(1.0, |weights| weights[place]);
                all.extend(lines.range(i).map(|place| share * weight(place)));
                all.resize(observed.indices.len(), share);
            }
        }
        observed.offsets.push(observed.indices.len());
        let is_shared = weights.penalty == Penalty::PerEntry;
        Self { observed, values, totals, crossing, extra, is_shared }
    }

    /// Solves for `own` with `other` fixed, exactly up to the row solver.
    pub(super) fn half_step(
        &mut self,
        own: &mut SideFactors,
        other: &SideFactors,
        weights: &Weights,
        (solver, key): (&RowSolver, StreamKey),
    ) -> Result<(), Error> {
        let rank = own.factor_rank();
        let pattern = match (&own.pattern, weights.pattern) {
            (Some(factor), Some(weight)) => Some(PatternRows::new(factor, weight)?),
            _ => None,
        };
        let bias_entry = weights.bias_entry(rank);
        let basis = basis(other, self.crossing, pattern.as_ref(), weights.biases.then_some(bias_entry));
        self.set_targets(other, own.pattern.as_ref().zip(pattern.as_ref()));
        let start = joined(own, weights.biases.then_some(bias_entry.recip()));
        let observations = Observations::of_lines(&self.observed);
        let ridge = weights.regression_ridge(rank);
        let (solved, _) = regress(&observations, &basis, &start, solver, ridge, key)?;
        own.take(&solved, bias_entry);
        Ok(())
    }

    /// z − c at the ratings, and at the places of the pattern what it says.
    fn set_targets(&mut self, other: &SideFactors, pattern: Option<(&Factor, &PatternRows)>) {
        let (biases, places) = (&other.biases, &self.observed.indices);
        let blocks = self.observed.values.par_chunks_mut(BLOCK).zip(self.values.par_chunks(BLOCK));
        blocks.zip(places.par_chunks(BLOCK)).for_each(|((targets, values), indices)| {
            for ((target, value), &j) in targets.iter_mut().zip(values).zip(indices) {
                *target = value - biases.get(j as usize).copied().unwrap_or(0.0);
            }
        });
        let Some((factor, rows)) = pattern else { return };
        let targets = rows.targets(&pattern_sums(&self.observed, factor, self.crossing));
        let rank = factor.rank();
        for i in 0..self.observed.len() {
            let end = self.observed.offsets[i + 1];
            self.observed.values[end - rank..end].copy_from_slice(targets.row(i));
        }
    }

    /// The ratings of line i: crossing line, standardised value, weight.
    pub(super) fn ratings(&self, i: usize) -> impl Iterator<Item = (usize, f64, f64)> + '_ {
        let range = self.observed.offsets[i]..self.observed.offsets[i + 1] - self.extra;
        let unit = if self.is_shared { self.totals[i] } else { 1.0 };
        range.map(move |place| {
            let weight = self.observed.weights.as_ref().map_or(1.0, |weights| unit * weights[place]);
            (self.observed.indices[place] as usize, self.values[place], weight)
        })
    }

    /// How often the ridge counts line i.
    pub(super) fn count(&self, i: usize) -> f64 {
        if self.is_shared { self.totals[i] } else { 1.0 }
    }

    pub(super) fn offsets(&self) -> &[usize] {
        &self.observed.offsets
    }
}

impl SideFactors {
    /// k.
    pub(super) fn factor_rank(&self) -> usize {
        self.factor.rank()
    }

    fn take(&mut self, solved: &Factor, bias_entry: f64) {
        let (rank, stride) = (self.factor_rank(), self.factor.stride());
        for (i, bias) in self.biases.iter_mut().enumerate() {
            let row = solved.row(i);
            self.factor.data_mut()[i * stride..][..rank].copy_from_slice(&row[..rank]);
            *bias = row.get(rank).map_or(0.0, |coefficient| coefficient * bias_entry);
        }
    }
}

fn total_weight(lines: &Compressed, i: usize) -> f64 {
    let total = match &lines.weights {
        None => lines.degree(i) as f64,
        Some(weights) => weights[lines.range(i)].iter().sum(),
    };
    if total > 0.0 { total } else { 1.0 }
}

/// The rows [v s] of the crossing lines, then those of the pattern with 0 for s.
fn basis(other: &SideFactors, crossing: usize, pattern: Option<&PatternRows>, bias: Option<f64>) -> Factor {
    let rank = other.factor_rank();
    let extra = pattern.map_or(0, |rows| rows.root.nrows());
    let mut basis = Factor::zeros(crossing + extra, rank + usize::from(bias.is_some()));
    let stride = basis.stride();
    for (j, row) in basis.data_mut().chunks_exact_mut(stride).enumerate() {
        if j < crossing {
            row[..rank].copy_from_slice(other.factor.row(j));
            bias.into_iter().for_each(|entry| row[rank] = entry);
        } else if let Some(rows) = pattern {
            (0..rank).for_each(|l| row[l] = rows.root[(j - crossing, l)]);
        }
    }
    basis
}

/// The rows [u b/s].
fn joined(own: &SideFactors, inverse_entry: Option<f64>) -> Factor {
    let rank = own.factor_rank();
    let mut joined = Factor::zeros(own.biases.len(), rank + usize::from(inverse_entry.is_some()));
    let stride = joined.stride();
    for (i, row) in joined.data_mut().chunks_exact_mut(stride).enumerate() {
        row[..rank].copy_from_slice(own.factor.row(i));
        inverse_entry.into_iter().for_each(|inverse| row[rank] = own.biases[i] * inverse);
    }
    joined
}
