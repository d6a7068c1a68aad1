//! Rounds of flattening and half-sampling.

use nalgebra::DMatrix;

use super::weighted_rows::{composed, nonzero_rows, relative_rows};
use super::{
    Coreset, Error, Flattening, HalvingRound, HalvingSettings, RowBasis, RowScores, ScoreKind,
    sensitivities_to_factor,
};
use crate::random::StreamKey;
use crate::solve::{Report, Status};

/// Share of its rows that a round may keep.
const MOST_KEPT: f64 = 15.0 / 16.0;

/// What tells one recursion from another.
pub(super) struct Halving {
    pub(super) kind: ScoreKind,
    /// Copies of the rows of a basis by bounds on their sensitivities, at a constant C.
    pub(super) flatten: fn(&RowBasis, &RowScores, f64) -> Result<Flattening, Error>,
    /// D of p, r and S: the error of a round is C·p·√(D·ln n/n)·ln(pr), no factor but √(D/n) below 1.
    pub(super) dimension: fn(f64, f64, f64) -> f64,
}

/// The rows at hand.
struct Rows {
    coreset: Coreset,
    basis: RowBasis,
    /// Upper bounds on their sensitivities, and for how many rounds they still serve.
    bounds: Vec<f64>,
    serve: usize,
}

impl Halving {
    /// Rounds until there are few enough rows, or the next costs too much.
    pub(super) fn run(
        &self,
        a: &DMatrix<f64>,
        p: f64,
        settings: &HalvingSettings,
        key: StreamKey,
    ) -> Result<Report<Coreset, HalvingRound>, Error> {
        settings.check()?;
        super::sensitivities::check(p, &settings.sensitivity)?;
        let whole = RowBasis::new(a)?;
        let coreset = nonzero_rows(&whole, p);
        let basis = if coreset.len() == a.nrows() { whole } else { RowBasis::new(&coreset.rows(a))? };
        let mut rows = Rows { coreset, basis, bounds: Vec::new(), serve: 0 };
        let mut history = Vec::new();
        let status = loop {
            if rows.coreset.len() <= settings.target_rows {
                break Status::Converged;
            }
            if history.len() == settings.max_rounds {
                break Status::IterationLimit;
            }
            let scores = rows.sensitivities(p, settings)?;
            let flat = (self.flatten)(&rows.basis, &scores, settings.flattening)?;
            let (n, rank) = (rows.coreset.len(), rows.basis.rank());
            let predicted_error = self.error(p, rank, scores.total(), n) * settings.constant;
            if predicted_error > settings.epsilon {
                break Status::Converged;
            }
            let round = history.len() + 1;
            let (draws, next) = rows.halved(a, &flat, settings.max_draws, key.indexed(round as u64))?;
            history.push(HalvingRound {
                round,
                rows: n,
                rank,
                total_sensitivity: scores.total(),
                copies: flat.nrows(),
                predicted_error,
                draws,
                kept: next.as_ref().map_or(n, |next| next.coreset.len()),
            });
            match next {
                Some(next) => rows = next,
                None => break Status::Stagnated,
            }
        };
        Ok(Report { solution: rows.coreset.drawn_by(self.kind, None), status, history })
    }

    fn error(&self, p: f64, rank: usize, total: f64, rows: usize) -> f64 {
        let (r, n) = (rank as f64, rows as f64);
        let square = (self.dimension)(p, r, total) * n.ln().max(1.0) / n;
        p * square.sqrt() * (p * r).ln().max(1.0)
    }
}

impl Rows {
    /// Bounds on the sensitivities: computed, or carried over from the round before.
    fn sensitivities(&mut self, p: f64, settings: &HalvingSettings) -> Result<RowScores, Error> {
        if self.serve == 0 {
            let all = sensitivities_to_factor(&self.basis, p, settings.factor, &settings.sensitivity)?;
            self.bounds = all.iter().map(|sigma| sigma.upper).collect();
            self.serve = settings.reuse;
        }
        self.serve -= 1;
        RowScores::sensitivity(&self.bounds, p)
    }

    /// The first draw that keeps few enough rows and the rank, and how many draws it took.
    fn halved(
        &self,
        a: &DMatrix<f64>,
        flat: &Flattening,
        max_draws: usize,
        key: StreamKey,
    ) -> Result<(usize, Option<Self>), Error> {
        let most = MOST_KEPT * self.coreset.len() as f64;
        for draw in 1..=max_draws {
            let half = flat.half_sample_as(key.indexed(draw as u64), |k| self.coreset.indices()[k]);
            if half.len() < self.basis.rank() || half.len() as f64 > most {
                continue;
            }
            let coreset = composed(&self.coreset, &half);
            let basis = RowBasis::new(&relative_rows(a, &coreset))?;
            if basis.rank() >= self.basis.rank() {
                let bounds = self.carried(&half, &basis)?;
                return Ok((draw, Some(Self { coreset, basis, bounds, serve: self.serve })));
            }
        }
        Ok((max_draws, None))
    }

    /// 2Wᵢσᵢ bounds the sensitivity of a kept row of weight Wᵢ if the draw keeps half of ‖Ax‖ₚᵖ for every x; so does the root
    /// leverage score.
    fn carried(&self, half: &Coreset, basis: &RowBasis) -> Result<Vec<f64>, Error> {
        let root = RowScores::root_leverage(&basis.leverage_scores(), half.norm_exponent())?;
        let kept = half.indices().iter().zip(half.weights()).zip(root.values());
        Ok(kept.map(|((&i, weight), root)| (2.0 * weight * self.bounds[i]).min(*root)).collect())
    }
}
