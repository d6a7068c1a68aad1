use std::path::Path;

use nalgebra::{DMatrix, DVector};

use super::blocks::{RowSource, read_rows};
use super::format::Format;
use super::gzip::Input;
use super::lines::Lines;
use super::matrix::check_density;
use super::rows::Rows;
use super::{Error, matrix_market, npy};

/// A numeric table: a matrix, and the names of its columns if it has a header.
///
/// ```
/// use proofsketch::io::{read_table, write_atomically};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("flights.csv");
/// write_atomically(&path, |out| out.write_all(b"hour,distance,delay\n5,1400,11\n6,762,-18\n"))?;
///
/// let table = read_table(&path)?;
/// assert_eq!(table.column_index("distance")?, 1); // by name
/// assert_eq!(table.column_index("2")?, 1); // by number, from 1
///
/// let (features, target) = table.split_target(None)?;
/// assert_eq!(features.names().unwrap(), ["hour", "distance"]);
/// assert_eq!(target.as_slice(), [11.0, -18.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    names: Option<Vec<String>>,
    values: DMatrix<f64>,
}

/// Reads a numeric table; a `.npy` or Matrix Market file is a table without names.
///
/// The text may be compressed by gzip, start with a byte order mark, end its lines by `\n` or `\r\n`, and quote its
/// fields, which may then go on over line ends. The first of tab, semicolon and comma that the first line holds outside
/// of quotes separates the fields, else runs of blanks do. The first row is a header if it holds a word and no number;
/// with both, it is a row with a broken cell. Lines of white space, and white space around a field, are skipped.
///
/// # Errors
/// See [`Error`]: no rows, a row of another length, a cell that is missing, not finite or not a number, with its
/// line and column; a file that cannot be opened, read or decompressed. [`Error::Unsupported`] for a sparse matrix of
/// more than 2²⁷ entries in all and 2¹² for each that is stored: memory grows with what a file holds.
pub fn read_table(path: impl AsRef<Path>) -> Result<Table, Error> {
    let path = path.as_ref();
    let mut input = Input::open(path)?;
    let values = match Format::of(path, &mut input)? {
        Format::Table => {
            let mut rows = Rows::new(Lines::new(input))?;
            let names = rows.names().map(<[String]>::to_vec);
            return Ok(Table { names, values: read_rows(&mut rows)? });
        }
        Format::Npy => npy::read(input)?,
        Format::MatrixMarket => {
            let matrix = matrix_market::read(Lines::new(input))?;
            check_density(path, &matrix)?;
            matrix.into_dense()?
        }
    };
    Ok(Table { names: None, values })
}

impl Table {
    /// A table of these columns.
    ///
    /// # Errors
    /// [`Error::Header`] unless there is one name for each column.
    pub fn new(names: Option<Vec<String>>, values: DMatrix<f64>) -> Result<Self, Error> {
        match names {
            Some(names) if names.len() != values.ncols() => {
                Err(Error::Header { names, ncols: values.ncols() })
            }
            names => Ok(Self { names, values }),
        }
    }

    /// The names of the columns, if the table has a header.
    #[must_use]
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// The numbers, one row of the file a row.
    #[must_use]
    pub fn values(&self) -> &DMatrix<f64> {
        &self.values
    }

    /// The numbers, without their names.
    #[must_use]
    pub fn into_values(self) -> DMatrix<f64> {
        self.values
    }

    /// What to call column `index`: its name, or its number from 1.
    #[must_use]
    pub fn column_name(&self, index: usize) -> String {
        let name = self.names().and_then(|names| names.get(index));
        name.cloned().unwrap_or_else(|| (index + 1).to_string())
    }

    /// The index (from 0) of the column with this name or, if none has it, with this number **from 1**.
    ///
    /// # Errors
    /// [`Error::NoSuchColumn`], [`Error::AmbiguousColumn`].
    pub fn column_index(&self, column: &str) -> Result<usize, Error> {
        let names = self.names().unwrap_or_default();
        let namesakes: Vec<usize> = (0..names.len()).filter(|&j| names[j] == column).collect();
        match (&namesakes[..], column.parse()) {
            ([index], _) => Ok(*index),
            ([], Ok(number)) if (1..=self.values.ncols()).contains(&number) => Ok(number - 1),
            ([], _) => Err(self.no_such_column(column)),
            _ => Err(Error::AmbiguousColumn {
                wanted: column.into(),
                columns: namesakes.iter().map(|j| j + 1).collect(),
            }),
        }
    }

    /// (A, b): all other columns, and the target column, by default the last.
    ///
    /// # Errors
    /// As [`column_index`](Self::column_index).
    pub fn split_target(mut self, target: Option<&str>) -> Result<(Self, DVector<f64>), Error> {
        let index = match target {
            Some(column) => self.column_index(column)?,
            None => self.values.ncols().checked_sub(1).ok_or_else(|| self.no_such_column("last"))?,
        };
        let target = self.values.column(index).into_owned();
        self.values = self.values.remove_column(index);
        if let Some(names) = &mut self.names {
            names.remove(index);
        }
        Ok((self, target))
    }

    fn no_such_column(&self, wanted: &str) -> Error {
        let available = (0..self.values.ncols()).map(|j| self.column_name(j)).collect();
        Error::NoSuchColumn { wanted: wanted.into(), available }
    }
}
