use clap::{Args, ValueEnum};
use proofsketch::embedding::{self, Projection, Settings};

use crate::numbers::whole;

/// How the graph is embedded: a published algorithm, and what is to differ from it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Algorithm")]
pub struct Choices {
    /// Published algorithm whose settings are taken where no option says otherwise
    #[arg(long, value_enum, default_value_t = Mode::Official)]
    pub mode: Mode,
    /// Coordinates of a vector
    #[arg(
        long,
        visible_alias = "embedding-dimension",
        value_name = "D",
        default_value_t = 512,
        value_parser = whole::<usize>,
        allow_negative_numbers = true
    )]
    pub dim: usize,
    /// Weights of the powers 1, 2, … of the matrix [default: 0,0,1,6.67; gds 0,1,1; randne 1e2,1e4,1e5]
    #[arg(long, visible_alias = "iteration-weights", value_name = "W1,W2,…", value_parser = weights,
          allow_hyphen_values = true)]
    weights: Option<Weights>,
    /// Weight of the random vector of the node itself [default: 0; randne 1]
    #[arg(long, visible_alias = "node-self-influence", value_name = "W0", allow_hyphen_values = true)]
    self_influence: Option<f64>,
    /// Exponent of the degree that the random vector of a node is scaled by [default: -0.64; gds, randne 0]
    #[arg(long, visible_alias = "normalization-strength", value_name = "B", allow_hyphen_values = true)]
    beta: Option<f64>,
    /// Matrix whose powers are summed [default: transition; gds count-transition]
    #[arg(long, value_enum)]
    matrix: Option<Matrix>,
    /// Distribution of the random vectors [default: very-sparse; randne orthogonal]
    #[arg(long, value_enum)]
    projection: Option<Distribution>,
    /// One entry in S of a very sparse random vector is not zero [default: √N; gds 3]
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    sparsity: Option<f64>,
    /// Add the powers as they are, their rows not divided by their norms
    #[arg(long)]
    no_normalize: bool,
    /// What is done to the vectors at the end: coordinates of mean 0 and variance 1, vectors of norm 1, or nothing
    /// [default: columns; all other modes none]
    #[arg(long, value_enum)]
    standardize: Option<Standardize>,
    /// Memory to use beside the graph, as 500MB, 2GiB or a number of bytes: where the vectors take more than half of it,
    /// they go to --out FILE.npy some coordinates at a time [default: three times the vectors]
    #[arg(long, value_name = "BYTES", value_parser = bytes)]
    memory_budget: Option<usize>,
}

/// Published algorithms.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Mode {
    /// FastRP as its authors' program computes it
    Official,
    /// FastRP as its paper states it
    Paper,
    /// FastRP of Neo4j Graph Data Science
    Gds,
    /// RandNE: orthogonal Gaussian vectors, powers as they are
    Randne,
}

/// Which way edges are followed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Direction {
    /// A node is described by those it points to
    Out,
    /// A node is described by those that point to it
    In,
    /// Half of the coordinates each
    Both,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Matrix {
    /// The mean over neighbours, by weight
    Transition,
    /// The sum over neighbours, by weight
    Adjacency,
    /// The sum over neighbours, by weight, over their number
    CountTransition,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Distribution {
    /// Entries 0 but for one in S
    VerySparse,
    /// Normal entries
    Gaussian,
    /// Normal entries, coordinates made orthogonal
    Orthogonal,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Standardize {
    None,
    Columns,
    Rows,
}

/// The weights of the powers, as one argument.
#[derive(Clone, Debug)]
struct Weights(Vec<f64>);

impl Choices {
    /// The settings that these choices stand for.
    pub fn settings(&self, direction: Option<Direction>) -> Settings {
        let mode = match self.mode {
            Mode::Official => embedding::Mode::Official,
            Mode::Paper => embedding::Mode::Paper,
            Mode::Gds => embedding::Mode::Gds,
            Mode::Randne => embedding::Mode::RandNe,
        };
        let published = Settings::of(mode, self.dim);
        Settings {
            weights: self.weights.as_ref().map_or(published.weights, |weights| weights.0.clone()),
            self_influence: self.self_influence.unwrap_or(published.self_influence),
            beta: self.beta.unwrap_or(published.beta),
            matrix: self.matrix.map_or(published.matrix, |matrix| match matrix {
                Matrix::Transition => embedding::Matrix::Transition,
                Matrix::Adjacency => embedding::Matrix::Adjacency,
                Matrix::CountTransition => embedding::Matrix::CountTransition,
            }),
            direction: direction.map_or(published.direction, |direction| match direction {
                Direction::Out => embedding::Direction::Out,
                Direction::In => embedding::Direction::In,
                Direction::Both => embedding::Direction::Both,
            }),
            projection: self.projection(published.projection),
            normalize_powers: published.normalize_powers && !self.no_normalize,
            standardize: self.standardize.map_or(published.standardize, |standardize| match standardize {
                Standardize::None => embedding::Standardize::None,
                Standardize::Columns => embedding::Standardize::Columns,
                Standardize::Rows => embedding::Standardize::Rows,
            }),
            memory_budget: self.memory_budget,
            ..published
        }
    }

    fn projection(&self, published: Projection) -> Projection {
        let default = match published {
            Projection::VerySparse { sparsity } => sparsity,
            Projection::Gaussian { .. } => None,
        };
        match self.projection {
            Some(Distribution::Gaussian) => Projection::Gaussian { orthogonal: false },
            Some(Distribution::Orthogonal) => Projection::Gaussian { orthogonal: true },
            Some(Distribution::VerySparse) => Projection::VerySparse { sparsity: self.sparsity.or(default) },
            None if self.sparsity.is_some() => Projection::VerySparse { sparsity: self.sparsity },
            None => published,
        }
    }
}

fn weights(text: &str) -> Result<Weights, String> {
    let list = text.trim().trim_start_matches('[').trim_end_matches(']');
    let numbers = list.split(',').map(|number| {
        let value = number.trim().parse().ok().filter(|value: &f64| value.is_finite());
        value.ok_or_else(|| {
            format!("`{}` is not a finite number: weights are separated by commas", number.trim())
        })
    });
    numbers.collect::<Result<_, _>>().map(Weights)
}

/// A number of bytes: digits, a unit of powers of 1000 (kB, MB, GB, TB) or 1024 (KiB, MiB, GiB, TiB) or none.
fn bytes(text: &str) -> Result<usize, String> {
    let lower = text.trim().to_lowercase();
    let digits = lower.trim_end_matches(|c: char| c.is_alphabetic());
    let unit: f64 = match lower[digits.len()..].trim() {
        "" | "b" => 1.0,
        "k" | "kb" => 1e3,
        "m" | "mb" => 1e6,
        "g" | "gb" => 1e9,
        "t" | "tb" => 1e12,
        "kib" => 1024.0,
        "mib" => 1024.0_f64.powi(2),
        "gib" => 1024.0_f64.powi(3),
        "tib" => 1024.0_f64.powi(4),
        unit => return Err(format!("`{unit}` is not a unit: B, kB, MB, GB, TB, KiB, MiB, GiB or TiB")),
    };
    let value = digits.trim().parse::<f64>().ok().filter(|value| value.is_finite() && *value > 0.0);
    value.map(|value| (value * unit) as usize).ok_or_else(|| "not a number of bytes > 0".to_owned())
}

pub fn positive(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value: &f64| value.is_finite() && *value > 0.0);
    value.ok_or_else(|| "not a finite number > 0".to_owned())
}

pub fn fraction(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|&value| 0.0 < value && value < 1.0);
    value.ok_or_else(|| "not a number between 0 and 1, both excluded".to_owned())
}

pub fn ratio(text: &str) -> Result<f64, String> {
    let value = text.parse().ok().filter(|value| (0.0..=1.0).contains(value));
    value.ok_or_else(|| "not a number from 0 to 1".to_owned())
}

#[cfg(test)]
mod tests {
    use super::{bytes, weights};

    #[test]
    fn sizes_have_units() {
        for (text, size) in [
            ("17", 17),
            ("2GiB", 1 << 31),
            ("1.5 kB", 1500),
            ("500mb", 500_000_000),
            ("1T", 1_000_000_000_000),
        ] {
            assert_eq!(bytes(text), Ok(size));
        }
        for text in ["", "0", "-1", "GiB", "2 parsecs", "nan", "1e3"] {
            assert!(text == "1e3" || bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn weights_are_a_list() {
        assert_eq!(weights("0, 0,1,-6.67").unwrap().0, [0.0, 0.0, 1.0, -6.67]);
        assert_eq!(weights("[0.0, 1e2]").unwrap().0, [0.0, 100.0]);
        assert!(["", "1,", "1;2", "1,nan"].iter().all(|text| weights(text).is_err()));
    }
}
