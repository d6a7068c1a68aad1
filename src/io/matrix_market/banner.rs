/// The first word of every Matrix Market file, in any case.
pub(in crate::io) const BANNER: &[u8] = b"%%MatrixMarket";

/// The first line: `%%MatrixMarket matrix LAYOUT FIELD SYMMETRY`, in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Banner {
    pub(super) layout: Layout,
    pub(super) field: Field,
    pub(super) symmetry: Symmetry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Row, column and value of the entries that are not zero.
    Coordinate,
    /// All values, column by column.
    Array,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    /// A decimal number, or an integer.
    Real,
    /// No value: every entry given is 1.
    Pattern,
}

/// What the entries given say of those above the diagonal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symmetry {
    /// Nothing: all entries are given.
    General,
    /// aⱼᵢ = aᵢⱼ.
    Symmetric,
    /// aⱼᵢ = −aᵢⱼ, and the diagonal is zero.
    Skew,
}

/// Why a first line is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BannerFlaw {
    /// Not a Matrix Market banner.
    Invalid,
    /// A valid banner of a matrix that is not real.
    Unsupported,
}

impl Banner {
    pub(super) fn parse(line: &[u8]) -> Result<Self, BannerFlaw> {
        let line = String::from_utf8_lossy(line).to_lowercase();
        let words: Vec<&str> = line.split_whitespace().collect();
        let ["%%matrixmarket", "matrix", layout, field, symmetry] = words[..] else {
            return Err(BannerFlaw::Invalid);
        };
        let layout = match layout {
            "coordinate" => Layout::Coordinate,
            "array" => Layout::Array,
            _ => return Err(BannerFlaw::Invalid),
        };
        let field = match field {
            "real" | "double" | "integer" => Field::Real,
            "pattern" => Field::Pattern,
            "complex" => return Err(BannerFlaw::Unsupported),
            _ => return Err(BannerFlaw::Invalid),
        };
        let symmetry = match symmetry {
            "general" => Symmetry::General,
            "symmetric" => Symmetry::Symmetric,
            "skew-symmetric" => Symmetry::Skew,
            "hermitian" => return Err(BannerFlaw::Unsupported),
            _ => return Err(BannerFlaw::Invalid),
        };
        let has_no_values = field == Field::Pattern;
        let needs_values = layout == Layout::Array || symmetry == Symmetry::Skew;
        if !(has_no_values && needs_values) {
            Ok(Self { layout, field, symmetry })
        } else {
            Err(BannerFlaw::Invalid)
        }
    }
}

impl Symmetry {
    /// The factor of aᵢⱼ that is aⱼᵢ, if it is not given itself.
    pub(super) fn mirror(self) -> Option<f64> {
        match self {
            Self::General => None,
            Self::Symmetric => Some(1.0),
            Self::Skew => Some(-1.0),
        }
    }

    /// The first row that is given of column `j`.
    pub(super) fn first_row(self, j: usize) -> usize {
        match self {
            Self::General => 0,
            Self::Symmetric => j,
            Self::Skew => j + 1,
        }
    }
}
