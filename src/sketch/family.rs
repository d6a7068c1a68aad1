use std::fmt;
use std::str::FromStr;

use super::{
    Bgp, DynDistribution, Error, Gaussian, Rademacher, Replacement, SketchDistribution, SparseSign, Srht,
    VerySparse,
};

/// A family of oblivious sketches without its shape, as named on a command line.
///
/// ```
/// use proofsketch::sketch::{SketchDistribution, SketchFamily};
///
/// let family: SketchFamily = "sparse-sign:8".parse()?;
/// assert_eq!(family, SketchFamily::SparseSign { nonzeros: 8 });
/// assert_eq!(family.to_string(), "sparse-sign:8");
/// assert_eq!(family.distribution(100, 5000).unwrap().ncols(), 5000);
/// # Ok::<(), proofsketch::sketch::UnknownFamily>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum SketchFamily {
    /// [`Srht`], its rows sampled without replacement.
    Srht,
    /// [`Srht`], its rows sampled with replacement.
    SrhtWithReplacement,
    /// [`Bgp`]; m is rounded up to a power of two.
    Bgp,
    /// [`Gaussian`].
    Gaussian,
    /// [`Rademacher`].
    Rademacher,
    /// [`SparseSign`] with s nonzeros a column, or with m where m is smaller.
    SparseSign {
        /// s.
        nonzeros: usize,
    },
    /// [`VerySparse`] with sparsity s.
    VerySparse {
        /// s.
        sparsity: f64,
    },
}

/// A text that names no family of sketches.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no family of sketches is called {0:?}; known: {known}", known = SketchFamily::KNOWN)]
pub struct UnknownFamily(pub String);

impl SketchFamily {
    /// The names that parse.
    pub const KNOWN: &'static str =
        "srht, srht-with-replacement, bgp, gaussian, sign, sparse-sign[:s], countsketch, very-sparse[:s]";

    /// The distribution of this family over m × n matrices.
    ///
    /// # Errors
    /// What the family's constructor refuses.
    pub fn distribution(self, nrows: usize, ncols: usize) -> Result<Box<DynDistribution>, Error> {
        Ok(match self {
            Self::Srht => Srht::new(nrows, ncols)?.boxed(),
            Self::SrhtWithReplacement => Srht::with_replacement(nrows, ncols, Replacement::With)?.boxed(),
            Self::Bgp => Bgp::new(nrows, ncols)?.boxed(),
            Self::Gaussian => Gaussian::new(nrows, ncols)?.boxed(),
            Self::Rademacher => Rademacher::new(nrows, ncols)?.boxed(),
            Self::SparseSign { nonzeros } => SparseSign::new(nrows, ncols, nonzeros.min(nrows))?.boxed(),
            Self::VerySparse { sparsity } => VerySparse::new(nrows, ncols, sparsity)?.boxed(),
        })
    }
}

impl FromStr for SketchFamily {
    type Err = UnknownFamily;

    fn from_str(text: &str) -> Result<Self, UnknownFamily> {
        let unknown = || UnknownFamily(text.to_owned());
        let (name, argument) = text.split_once(':').map_or((text, None), |(name, rest)| (name, Some(rest)));
        match (name, argument) {
            ("srht", None) => Ok(Self::Srht),
            ("srht-with-replacement", None) => Ok(Self::SrhtWithReplacement),
            ("bgp", None) => Ok(Self::Bgp),
            ("gaussian", None) => Ok(Self::Gaussian),
            ("sign" | "rademacher", None) => Ok(Self::Rademacher),
            ("countsketch", None) => Ok(Self::SparseSign { nonzeros: 1 }),
            ("sparse-sign", argument) => {
                let nonzeros = argument.map_or(Ok(8), str::parse).map_err(|_| unknown())?;
                Ok(Self::SparseSign { nonzeros })
            }
            ("very-sparse", argument) => {
                let sparsity = argument.map_or(Ok(3.0), str::parse).map_err(|_| unknown())?;
                Ok(Self::VerySparse { sparsity })
            }
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for SketchFamily {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Srht => write!(f, "srht"),
            Self::SrhtWithReplacement => write!(f, "srht-with-replacement"),
            Self::Bgp => write!(f, "bgp"),
            Self::Gaussian => write!(f, "gaussian"),
            Self::Rademacher => write!(f, "sign"),
            Self::SparseSign { nonzeros: 1 } => write!(f, "countsketch"),
            Self::SparseSign { nonzeros } => write!(f, "sparse-sign:{nonzeros}"),
            Self::VerySparse { sparsity } => write!(f, "very-sparse:{sparsity}"),
        }
    }
}
