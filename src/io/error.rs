use std::fmt;
use std::path::{Path, PathBuf};

/// Why a file could not be read or written: what, where, and what was found there.
///
/// Lines and columns are counted from 1; blank lines count, so that a line number is the one an editor shows.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file does not exist, or may not be read.
    #[error("{}: cannot be opened: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Reading failed after the file was opened; for a compressed file, its stream may be corrupt.
    #[error("{}: cannot be read: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system or the decompressor said.
        source: std::io::Error,
    },
    /// The file could not be written. What stood at the path before still stands there.
    #[error("{}: cannot be written: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file ends before its content does: a cut gzip stream, or fewer entries than its header promises.
    #[error("{}: truncated: {found}", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// How much there is and how much there should be.
        found: String,
    },
    /// No row, or no column.
    #[error("{}: has no rows of numbers", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// A row of another length than the first.
    #[error("{}: line {line}: {found} fields where the first row has {expected}", path.display())]
    Ragged {
        /// The file.
        path: PathBuf,
        /// The row's line.
        line: usize,
        /// Fields in the first row.
        expected: usize,
        /// Fields in this row.
        found: usize,
    },
    /// A cell that is not a decimal number.
    #[error("{at}: `{found}` is not a number")]
    NotANumber {
        /// The cell.
        at: Cell,
        /// Its text, shortened.
        found: String,
    },
    /// A cell without a value: empty, `NA`, `N/A`, `NaN`, `null`, `none` or `?`, in any case.
    #[error("{at}: missing value (`{found}`)")]
    Missing {
        /// The cell.
        at: Cell,
        /// Its text.
        found: String,
    },
    /// A cell that is ±∞, spelled so or beyond the range of `f64`.
    #[error("{at}: `{found}` is not finite")]
    NotFinite {
        /// The cell.
        at: Cell,
        /// Its text, shortened.
        found: String,
    },
    /// A file without a line of what is read from it.
    #[error("{}: has no {what}", path.display())]
    Nothing {
        /// The file.
        path: PathBuf,
        /// What is read: edges, labels, ratings or names.
        what: &'static str,
    },
    /// A line of another number of fields than its file can have.
    #[error("{}: line {line}: `{found}` is not `{expected}`", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// Its text, shortened.
        found: String,
        /// The fields of a line.
        expected: &'static str,
    },
    /// The weight of an edge that is negative, or beyond the range of `f32`.
    #[error("{at}: `{found}` is not a weight: 0, or a positive number in the range of f32")]
    Weight {
        /// The cell.
        at: Cell,
        /// Its text, shortened.
        found: String,
    },
    /// A name that is not among those that may occur.
    #[error("{at}: `{name}` is not a known {kind}")]
    UnknownName {
        /// The cell.
        at: Cell,
        /// What is named.
        kind: &'static str,
        /// The name, shortened.
        name: String,
    },
    /// A name that occurs twice where each name may occur once.
    #[error("{at}: `{name}` occurs for the second time")]
    RepeatedName {
        /// The cell.
        at: Cell,
        /// The name, shortened.
        name: String,
    },
    /// Two names whose 64-bit keys are equal.
    #[error("{}: the names `{first}` and `{second}` have the same hash: rename one of them", path.display())]
    NameCollision {
        /// The file.
        path: PathBuf,
        /// The name met first.
        first: String,
        /// The other one.
        second: String,
    },
    /// A quoted cell without its closing quote.
    #[error("{at}: the closing quote of this field is missing")]
    Quote {
        /// The cell.
        at: Cell,
    },
    /// A line too long to be one row of a table (64 MiB): most likely not a text file.
    #[error("{}: line {line} is longer than {limit} bytes: not a table", path.display())]
    LineTooLong {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The longest line accepted, in bytes.
        limit: usize,
    },
    /// A column asked for by a name or number that the table does not have.
    #[error("no column `{wanted}`; there are {}", listed(available))]
    NoSuchColumn {
        /// The name or number asked for.
        wanted: String,
        /// The names of the columns, or their numbers in a table without a header.
        available: Vec<String>,
    },
    /// A column asked for by a name that several columns have.
    #[error("column `{wanted}` is ambiguous: columns {columns:?} have this name")]
    AmbiguousColumn {
        /// The name asked for.
        wanted: String,
        /// The numbers of the columns that have it, from 1.
        columns: Vec<usize>,
    },
    /// Text that breaks the rules of Matrix Market.
    #[error("{}: line {line}: {problem}", path.display())]
    MatrixMarket {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// What is wrong.
        problem: String,
    },
    /// A `.npy` file that breaks the rules of its format.
    #[error("{}: not a valid .npy file: {problem}", path.display())]
    Npy {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// A valid file of a kind that is not read here.
    #[error("{}: unsupported: {what}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// The kind met, and those that are read.
        what: String,
    },
    /// A sparse matrix whose dense form does not fit in memory.
    #[error("a dense {nrows}×{ncols} matrix does not fit in memory")]
    TooLarge {
        /// Rows.
        nrows: usize,
        /// Columns.
        ncols: usize,
    },
    /// Column names that cannot head this table: not one for each column, or read as numbers.
    #[error("{names:?} cannot be the header of a table of {ncols} columns")]
    Header {
        /// The names given.
        names: Vec<String>,
        /// Columns of the table.
        ncols: usize,
    },
}

/// A cell of a text file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The file.
    pub path: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The field of the line, from 1.
    pub column: usize,
    /// The column's name, if the file has a header.
    pub name: Option<String>,
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: line {}, column {}", self.path.display(), self.line, self.column)?;
        self.name.as_ref().map_or(Ok(()), |name| write!(f, " ({name})"))
    }
}

impl Error {
    /// A failed read: a stream that ends too early is `Truncated`, all else is `Read`.
    pub(super) fn read(path: &Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        if source.kind() == std::io::ErrorKind::UnexpectedEof {
            Self::Truncated { path, found: "the compressed stream ends too early".into() }
        } else {
            Self::Read { path, source }
        }
    }
}

/// The first names of a list, and how many more there are.
fn listed(names: &[String]) -> String {
    const SHOWN: usize = 20;
    let mut list = names.iter().take(SHOWN).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        list += &format!(" and {} more", names.len() - SHOWN);
    }
    list
}
