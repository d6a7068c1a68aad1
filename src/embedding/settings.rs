use super::Error;

/// Published algorithms of the family; [`Settings::of`] gives the settings of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mode {
    /// The authors' program: transition matrix, L from row sums, s = √N, powers normalised, columns standardised.
    Official,
    /// FastRP as the paper states it: as the program, but L from column sums over the volume and no standardisation.
    Paper,
    /// FastRP of Neo4j Graph Data Science: s = 3, averages over the number of neighbours, β on that number (default 0).
    Gds,
    /// RandNE: orthogonal Gaussian rows, powers 0..q, nothing normalised.
    RandNe,
}

/// The matrix M whose powers are summed; a row of degree zero is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Matrix {
    /// M = D⁻¹S, D the sums of the rows of S.
    Transition,
    /// M = C⁻¹S, C the numbers of arcs in the rows of S: the same where no edge has a weight.
    CountTransition,
    /// M = S.
    Adjacency,
}

/// Which way powers follow the arcs; of no effect where edges have no direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// S_ij is the weight of arc (i, j): a node is described by the nodes it points to.
    Out,
    /// S_ij is the weight of arc (j, i): a node is described by the nodes that point to it.
    In,
    /// The first d/2 coordinates of `Out`, then d/2 of `In` from a projection of their own.
    Both,
}

/// The degree d_j in L = diag(d_j^β); a node whose degree is zero is scaled as one of degree 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BetaDegree {
    /// d_j = Σ_i S_ji.
    RowSum,
    /// d_j = Σ_i S_ij: what the columns of a power of the transition matrix grow with.
    ColumnSum,
    /// d_j = the number of arcs in row j of S.
    RowCount,
}

/// The distribution of the random rows R.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Projection {
    /// Entries ±√(s/d) with probability 1/(2s) each, else 0.
    VerySparse {
        /// s ≥ 1; `None` is √N.
        sparsity: Option<f64>,
    },
    /// Entries N(0, 1/d).
    Gaussian {
        /// Whether the columns of R are made orthogonal (by the QR factorization of R with its rows in order of their
        /// keys), each of norm √(N/d).
        orthogonal: bool,
    },
}

/// What is done to the N × d sum of powers at the end. Zero rows stay zero and count for no mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Standardize {
    /// Nothing.
    None,
    /// Each column is centred and divided by its standard deviation (over n, not n − 1); constant columns become zero.
    Columns,
    /// Each row is divided by its norm.
    Rows,
}

/// How a graph is embedded.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// d.
    pub dim: usize,
    /// w₁, …, w_q: the weight of each power of M, any finite numbers.
    pub weights: Vec<f64>,
    /// w₀: the weight of the initial rows L R.
    pub self_influence: f64,
    /// β; 0 leaves L = I.
    pub beta: f64,
    /// The degree that β is the exponent of.
    pub beta_degree: BetaDegree,
    /// Whether L = diag((d_j/v)^β), v = Σ d_j (2m in an undirected graph), rather than diag(d_j^β).
    pub beta_relative: bool,
    /// M.
    pub matrix: Matrix,
    /// Which way arcs are followed.
    pub direction: Direction,
    /// R.
    pub projection: Projection,
    /// Whether each row of each power is divided by its norm before it is added (it is propagated as it is).
    pub normalize_powers: bool,
    /// What is done at the end.
    pub standardize: Standardize,
    /// Bytes that may be held beside the graph and the embedding itself; `None` chooses 2·N·d·4.
    pub memory_budget: Option<usize>,
}

impl Settings {
    /// The settings of a published algorithm, in d dimensions.
    ///
    /// | | weights (w₀; w₁, …) | β | L from | M | R | powers normalised | at the end |
    /// | --- | --- | --- | --- | --- | --- | --- | --- |
    /// | `Official` | 0; 0, 0, 1, 6.67 | −0.64 | row sums | D⁻¹S | very sparse, √N | yes | columns standardised |
    /// | `Paper` | 0; 0, 0, 1, 6.67 | −0.64 | column sums/volume | D⁻¹S | very sparse, √N | yes | – |
    /// | `Gds` | 0; 0, 1, 1 | 0 | counts | C⁻¹S | very sparse, 3 | yes | – |
    /// | `RandNe` | 1; 10², 10⁴, 10⁵ | 0 | – | D⁻¹S | Gaussian, orthogonal | no | – |
    #[must_use]
    pub fn of(mode: Mode, dim: usize) -> Self {
        let official = Self {
            dim,
            weights: vec![0.0, 0.0, 1.0, 6.67],
            self_influence: 0.0,
            beta: -0.64,
            beta_degree: BetaDegree::RowSum,
            beta_relative: false,
            matrix: Matrix::Transition,
            direction: Direction::Out,
            projection: Projection::VerySparse { sparsity: None },
            normalize_powers: true,
            standardize: Standardize::Columns,
            memory_budget: None,
        };
        match mode {
            Mode::Official => official,
            Mode::Paper => Self {
                beta_degree: BetaDegree::ColumnSum,
                beta_relative: true,
                standardize: Standardize::None,
                ..official
            },
            Mode::Gds => Self {
                weights: vec![0.0, 1.0, 1.0],
                beta: 0.0,
                beta_degree: BetaDegree::RowCount,
                matrix: Matrix::CountTransition,
                projection: Projection::VerySparse { sparsity: Some(3.0) },
                standardize: Standardize::None,
                ..official
            },
            Mode::RandNe => Self {
                weights: vec![1e2, 1e4, 1e5],
                self_influence: 1.0,
                beta: 0.0,
                projection: Projection::Gaussian { orthogonal: true },
                normalize_powers: false,
                standardize: Standardize::None,
                ..official
            },
        }
    }

    /// w_k, with w₀ the self-influence.
    pub(super) fn weight(&self, power: usize) -> f64 {
        if power == 0 { self.self_influence } else { self.weights[power - 1] }
    }

    /// The highest power with a weight.
    pub(super) fn last_power(&self) -> usize {
        self.weights.iter().rposition(|&weight| weight != 0.0).map_or(0, |last| last + 1)
    }

    /// Refuses settings that mean nothing.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.dim == 0 {
            return Err(Error::ZeroDimension);
        }
        if self.direction == Direction::Both && self.dim % 2 == 1 {
            return Err(Error::OddDimension(self.dim));
        }
        let finite = |name, value: f64| match value.is_finite() {
            true => Ok(()),
            false => Err(Error::Setting { name, value, range: "a finite number" }),
        };
        finite("beta", self.beta)?;
        finite("self-influence", self.self_influence)?;
        self.weights.iter().try_for_each(|&weight| finite("weight", weight))?;
        if self.self_influence == 0.0 && self.last_power() == 0 {
            return Err(Error::NoWeight);
        }
        Ok(())
    }
}
