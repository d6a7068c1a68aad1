//! The regressions of all rows, or of all columns.

use std::ops::Range;

use rayon::prelude::*;

use super::super::compressed::Compressed;
use super::super::factor::Factor;
use super::super::half_step::{Task, blocks, regress};
use super::super::held_out::Observations;
use super::super::{Error, RowSolver};
use super::pattern_factor::{PatternRows, pattern_sums};
use super::scaled_settings::ScaledSettings;
use super::side::Side;
use crate::linalg::gathered_residuals;
use crate::random::StreamKey;

/// Entries that one task gives their targets.
const TARGETS: usize = 1 << 14;

/// The regressions of one side. Each line holds its ratings and, where the pattern counts, k places more for what it says.
#[derive(Clone, Debug)]
pub(super) struct Regressions {
    /// Indices, weights, and the targets of the last half-step.
    lines: Compressed,
    /// Standardised ratings, 0 at the places of the pattern.
    values: Vec<f64>,
    /// How often the ridge counts each line; its weights are divided by that.
    counts: Vec<f64>,
    /// Places of the pattern in each line.
    extra: usize,
}

impl Regressions {
    pub(super) fn new(
        observed: &Compressed,
        crossing: usize,
        standardize: impl Fn(f64) -> f64,
        settings: &ScaledSettings,
    ) -> Self {
        let extra = if settings.pattern.is_some() { settings.rank } else { 0 };
        let counts: Vec<f64> = (0..observed.len())
            .map(|i| if settings.is_per_entry { total_weight(observed, i) } else { 1.0 })
            .collect();
        let places = observed.indices.len() + observed.len() * extra;
        let is_weighted = observed.weights.is_some() || settings.is_per_entry;
        let mut lines = Compressed {
            offsets: Vec::with_capacity(observed.len() + 1),
            indices: Vec::with_capacity(places),
            values: vec![0.0; places],
            weights: is_weighted.then(|| Vec::with_capacity(places)),
        };
        let mut values = Vec::with_capacity(places);
        for (i, &count) in counts.iter().enumerate() {
            lines.offsets.push(lines.indices.len());
            lines.indices.extend_from_slice(observed.line(i).indices);
            lines.indices.extend((0..extra).map(|l| (crossing + l) as u32));
            values.extend(observed.line(i).values.iter().map(|&value| standardize(value)));
            values.resize(lines.indices.len(), 0.0);
            if let Some(weights) = &mut lines.weights {
                let weight = |place| observed.weights.as_ref().map_or(1.0, |weights| weights[place]);
                weights.extend(observed.range(i).map(|place| weight(place) / count));
                weights.resize(lines.indices.len(), 1.0 / count);
            }
        }
        lines.offsets.push(lines.indices.len());
        Self { lines, values, counts, extra }
    }

    /// How often the ridge counts line i.
    pub(super) fn count(&self, i: usize) -> f64 {
        self.counts[i]
    }

    /// Solves for `own` with `other` fixed, exactly but for the row solver; Σ_Ω w_ij (z_ij − bᵢ − cⱼ − uᵢᵀvⱼ)² then.
    pub(super) fn half_step(
        &mut self,
        own: &mut Side,
        other: &Side,
        settings: &ScaledSettings,
        (solver, key): (&RowSolver, StreamKey),
    ) -> Result<f64, Error> {
        let pattern = match (&own.pattern, settings.pattern) {
            (Some(factor), Some(weight)) => Some((factor, PatternRows::new(factor, weight)?)),
            _ => None,
        };
        self.set_targets(other, pattern.as_ref().map(|(factor, rows)| (*factor, rows)));
        let entry = settings.bias_entry();
        let basis = other.basis(entry, pattern.as_ref().map(|(_, rows)| &rows.root));
        let mut solved = own.scaled_lines(entry, 0);
        let observations = Observations::of_lines(&self.lines);
        let ridge = vec![settings.regression_ridge(); basis.ncols()];
        let task = Task { solver: *solver, ridge: &ridge, metric: None, measure: false, key };
        regress(&observations, &basis, &mut solved, &task)?;
        let error = self.squared_error(&solved, &basis);
        own.take(solved, entry);
        Ok(error)
    }

    /// z − c at the ratings; at the places of the pattern what it says.
    fn set_targets(&mut self, other: &Side, pattern: Option<(&Factor, &PatternRows)>) {
        let blocks = self.lines.values.par_chunks_mut(TARGETS).zip(self.values.par_chunks(TARGETS));
        blocks.zip(self.lines.indices.par_chunks(TARGETS)).for_each(|((targets, values), indices)| {
            for ((target, value), &j) in targets.iter_mut().zip(values).zip(indices) {
                *target = value - other.bias(j as usize);
            }
        });
        let Some((factor, rows)) = pattern else { return };
        let targets = rows.targets(&pattern_sums(&self.lines, factor));
        for i in 0..self.lines.len() {
            let end = self.lines.offsets[i + 1];
            let line = self.lines.values[end - self.extra..end].iter_mut();
            line.zip(targets.row(i).iter()).for_each(|(target, &value)| *target = value);
        }
    }

    /// Places of the ratings of line i.
    fn ratings(&self, i: usize) -> Range<usize> {
        let range = self.lines.range(i);
        range.start..range.end - self.extra
    }

    fn squared_error(&self, solved: &Factor, basis: &Factor) -> f64 {
        let partial: Vec<f64> = blocks(&self.lines.offsets)
            .into_par_iter()
            .map(|block| {
                let mut residuals = Vec::new();
                block.map(|i| self.line_error(i, solved, basis, &mut residuals)).sum()
            })
            .collect();
        partial.iter().sum()
    }

    fn line_error(&self, i: usize, solved: &Factor, basis: &Factor, residuals: &mut Vec<f64>) -> f64 {
        let (range, width) = (self.ratings(i), basis.width());
        let (indices, targets) = (&self.lines.indices[range.clone()], &self.lines.values[range.clone()]);
        gathered_residuals(basis, indices, targets, 1.0, &solved.lines()[i * width..][..width], residuals);
        match &self.lines.weights {
            None => residuals.iter().map(|r| r * r).sum(),
            Some(weights) => {
                let weighted: f64 =
                    residuals.iter().zip(&weights[range]).map(|(r, weight)| weight * r * r).sum();
                weighted * self.counts[i]
            }
        }
    }

    /// λ Σ ωᵢ‖uᵢ‖² + λ_b Σ ωᵢbᵢ².
    pub(super) fn penalty(&self, own: &Side, settings: &ScaledSettings) -> f64 {
        let line = |i: usize| {
            let square: f64 = own.lines.row(i).take(settings.rank).map(|entry| entry * entry).sum();
            self.counts[i] * (settings.ridge * square + settings.bias_ridge * own.bias(i).powi(2))
        };
        (0..self.lines.len()).map(line).sum()
    }
}

/// Σ w over line i, 1 for an empty one.
fn total_weight(lines: &Compressed, i: usize) -> f64 {
    let total = match &lines.weights {
        None => lines.degree(i) as f64,
        Some(weights) => weights[lines.range(i)].iter().sum(),
    };
    if total > 0.0 { total } else { 1.0 }
}
