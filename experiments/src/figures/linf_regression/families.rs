//! The sketches that the figures compare, by the names of the legends.

use proofsketch::sketch::{DynDistribution, Error, SketchFamily};

/// A family of sketches under the name that legends and tables give it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Family {
    pub name: &'static str,
    pub family: SketchFamily,
}

pub(super) const GAUSSIAN: Family = Family { name: "Gaussian", family: SketchFamily::Gaussian };
pub(super) const SIGN: Family = Family { name: "random signs", family: SketchFamily::Rademacher };
pub(super) const SRHT: Family = Family { name: "SRHT", family: SketchFamily::Srht };
pub(super) const SRHT_WITH_REPLACEMENT: Family =
    Family { name: "SRHT, with replacement", family: SketchFamily::SrhtWithReplacement };
/// Takes the power of two from m on.
pub(super) const BGP: Family = Family { name: "balanced Gaussian-pooled", family: SketchFamily::Bgp };
pub(super) const COUNT_SKETCH: Family = sparse_sign("CountSketch", 1);
pub(super) const SPARSE_SIGN_2: Family = sparse_sign("SparseSign, s = 2", 2);
pub(super) const SPARSE_SIGN_8: Family = sparse_sign("SparseSign, s = 8", 8);
pub(super) const SPARSE_SIGN_32: Family = sparse_sign("SparseSign, s = 32", 32);

/// Every entry of S is nonzero.
pub(super) const DENSE: [Family; 5] = [GAUSSIAN, SIGN, SRHT, SRHT_WITH_REPLACEMENT, BGP];

/// At most eight nonzeros a column.
pub(super) const SPARSE: [Family; 3] = [COUNT_SKETCH, SPARSE_SIGN_2, SPARSE_SIGN_8];

const fn sparse_sign(name: &'static str, nonzeros: usize) -> Family {
    Family { name, family: SketchFamily::SparseSign { nonzeros } }
}

impl Family {
    /// The distribution over m × n matrices.
    pub fn distribution(self, nrows: usize, ncols: usize) -> Result<Box<DynDistribution>, Error> {
        self.family.distribution(nrows, ncols)
    }
}
