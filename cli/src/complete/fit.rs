use proofsketch::completion::ratings::{self, BiasedFactorization, Selection};
use proofsketch::completion::{Diagnostics, Error, MatrixCompletion, Settings, solve};
use proofsketch::random::StreamKey;
use proofsketch::solve::Status;

/// A model, however it was fitted.
#[derive(Debug)]
pub struct Fit {
    pub model: BiasedFactorization,
    pub kind: Kind,
    pub status: Status,
    pub iterations: usize,
    pub rmse_train: f64,
    pub rmse_validation: Option<f64>,
    pub diagnostics: Diagnostics,
}

/// What was fitted.
#[derive(Debug)]
pub enum Kind {
    /// A matrix of low rank, free of noise.
    Exact {
        /// ‖P_Ω(U Vᵀ − M)‖_F/‖P_Ω M‖_F.
        relative_residual: f64,
    },
    /// Ratings.
    Ratings(Box<Chosen>),
}

/// The settings of a model of ratings, and how they were chosen.
#[derive(Debug)]
pub struct Chosen {
    pub settings: ratings::Settings,
    pub selection: Option<Selection>,
}

impl Fit {
    /// Recovers a matrix of low rank.
    pub fn exact(problem: &MatrixCompletion, settings: &Settings, key: StreamKey) -> Result<Self, Error> {
        let report = solve(problem, settings, key)?;
        let iterations = report.iterations();
        let solution = report.solution;
        let model = BiasedFactorization {
            mean: 0.0,
            row_biases: nalgebra::DVector::zeros(problem.nrows()),
            column_biases: nalgebra::DVector::zeros(problem.ncols()),
            u: solution.u,
            v: solution.v,
            range: None,
        };
        let count = problem.observed() as f64;
        let root_mean_square =
            (problem.triplets().map(|(_, _, value)| value * value / count).sum::<f64>()).sqrt();
        let validation = solution.diagnostics.validation_residual;
        Ok(Self {
            kind: Kind::Exact { relative_residual: solution.relative_residual },
            status: report.status,
            iterations,
            rmse_train: model.rmse(problem.triplets()),
            rmse_validation: validation.map(|residual| residual * root_mean_square),
            diagnostics: solution.diagnostics,
            model,
        })
    }

    /// Fits a model of ratings: the best of the candidates on a share held out, then on everything.
    pub fn ratings(
        problem: &MatrixCompletion,
        candidates: &[ratings::Settings],
        share: f64,
        key: StreamKey,
    ) -> Result<Self, Error> {
        let selection =
            if share > 0.0 { Some(ratings::select(problem, candidates, share, key)?) } else { None };
        let settings =
            selection.as_ref().map_or(&candidates[0], |selection| &selection.settings).resolved(problem);
        let report = ratings::solve(problem, &settings, key)?;
        let (iterations, model) = (report.iterations(), report.solution);
        Ok(Self {
            status: report.status,
            iterations,
            rmse_train: model.rmse(problem.triplets()),
            rmse_validation: selection.as_ref().map(|selection| selection.rmse),
            diagnostics: Diagnostics::new(problem, &model.u, &model.v)?,
            kind: Kind::Ratings(Box::new(Chosen { settings, selection })),
            model,
        })
    }

    /// Whether no number in it has overflowed.
    pub fn is_finite(&self) -> bool {
        let BiasedFactorization { mean, row_biases, column_biases, u, v, .. } = &self.model;
        let numbers =
            row_biases.iter().chain(column_biases).chain(u).chain(v).chain([mean, &self.rmse_train]);
        numbers.into_iter().all(|number| number.is_finite())
    }

    /// What was fitted, in a word or two.
    pub fn name(&self) -> &'static str {
        match &self.kind {
            Kind::Exact { .. } => "low rank, without noise",
            Kind::Ratings(chosen) => match (chosen.settings.biases, chosen.settings.rank) {
                (true, 0) => "biases",
                (true, _) => "biases and factors",
                (false, _) => "factors with a ridge",
            },
        }
    }
}
