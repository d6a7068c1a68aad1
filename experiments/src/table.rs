//! Named columns of numbers and texts, and the CSV file that gives them back to the bit.

use crate::Error;

mod file;

/// Rows under named columns, each column all numbers or all texts.
///
/// A number is written with the fewest digits that read back to the same `f64`, so that a table equals the table read
/// from its CSV file, bit for bit.
///
/// ```
/// use proofsketch_experiments::Table;
///
/// let mut table = Table::new(["sketch", "m", "error"]);
/// table.push(["SRHT".into(), 64_usize.into(), 0.1.into()]);
/// table.push(["Gaussian".into(), 64_usize.into(), 0.25.into()]);
/// let csv = table.to_csv()?;
/// assert_eq!(csv, "sketch,m,error\nSRHT,64,0.1\nGaussian,64,0.25\n");
/// assert_eq!(Table::from_csv(&csv)?, table);
/// assert_eq!(table.only("sketch", "SRHT")?.points("m", "error")?, [(64.0, 0.1)]);
/// # Ok::<(), proofsketch_experiments::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    names: Vec<String>,
    columns: Vec<Column>,
}

/// The values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Numbers; NaN and ±∞ are values like others.
    Numbers(Vec<f64>),
    /// Texts.
    Text(Vec<String>),
}

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
}

impl Table {
    /// A table without rows; the first row settles which columns are numbers.
    #[must_use]
    pub fn new<const N: usize>(names: [&str; N]) -> Self {
        Self { names: names.map(str::to_owned).to_vec(), columns: Vec::new() }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If the row has not one value a column, or a text among numbers or a number among texts.
    pub fn push<const N: usize>(&mut self, row: [Cell; N]) {
        assert_eq!(N, self.names.len(), "a row of {N} values for the columns {:?}", self.names);
        if self.columns.is_empty() {
            self.columns = row.iter().map(Cell::empty_column).collect();
        }
        for ((column, cell), name) in self.columns.iter_mut().zip(row).zip(&self.names) {
            match (column, cell) {
                (Column::Numbers(numbers), Cell::Number(number)) => numbers.push(number),
                (Column::Text(texts), Cell::Text(text)) => texts.push(text),
                (_, cell) => panic!("{cell:?} is not of the kind of column `{name}`"),
            }
        }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    /// The names of the columns.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The numbers of a column.
    ///
    /// # Errors
    /// [`Error::NoColumn`] if there is no number column of this name.
    pub fn numbers(&self, name: &str) -> Result<&[f64], Error> {
        match self.column(name) {
            Some(Column::Numbers(numbers)) => Ok(numbers),
            _ => Err(self.no_column(name, "number")),
        }
    }

    /// The texts of a column.
    ///
    /// # Errors
    /// [`Error::NoColumn`] if there is no text column of this name.
    pub fn text(&self, name: &str) -> Result<&[String], Error> {
        match self.column(name) {
            Some(Column::Text(texts)) => Ok(texts),
            _ => Err(self.no_column(name, "text")),
        }
    }

    /// Two number columns as points (x, y), in the order of the rows.
    ///
    /// # Errors
    /// [`Error::NoColumn`].
    pub fn points(&self, x: &str, y: &str) -> Result<Vec<(f64, f64)>, Error> {
        Ok(self.numbers(x)?.iter().copied().zip(self.numbers(y)?.iter().copied()).collect())
    }

    /// Three number columns as a band (x, low, high), in the order of the rows.
    ///
    /// # Errors
    /// [`Error::NoColumn`].
    pub fn band(&self, x: &str, low: &str, high: &str) -> Result<Vec<(f64, f64, f64)>, Error> {
        let lows = self.points(x, low)?;
        Ok(lows.into_iter().zip(self.numbers(high)?).map(|((x, low), &high)| (x, low, high)).collect())
    }

    /// The rows whose `name` is `text`.
    ///
    /// # Errors
    /// [`Error::NoColumn`].
    pub fn only(&self, name: &str, text: &str) -> Result<Self, Error> {
        Ok(self.rows_where(self.text(name)?.iter().map(|value| value == text)))
    }

    /// The rows whose `name` is `number`.
    ///
    /// # Errors
    /// [`Error::NoColumn`].
    pub fn at(&self, name: &str, number: f64) -> Result<Self, Error> {
        Ok(self.rows_where(self.numbers(name)?.iter().map(|&value| value == number)))
    }

    /// The table cut by the texts of `name`, in order of first appearance.
    ///
    /// # Errors
    /// [`Error::NoColumn`].
    pub fn groups(&self, name: &str) -> Result<Vec<(String, Self)>, Error> {
        let mut seen: Vec<&String> = Vec::new();
        for text in self.text(name)? {
            if !seen.contains(&text) {
                seen.push(text);
            }
        }
        seen.into_iter().map(|text| Ok((text.clone(), self.only(name, text)?))).collect()
    }

    /// The table cut by the numbers of `name`, ascending.
    ///
    /// # Errors
    /// [`Error::NoColumn`].
    pub fn number_groups(&self, name: &str) -> Result<Vec<(f64, Self)>, Error> {
        let mut numbers = self.numbers(name)?.to_vec();
        numbers.sort_unstable_by(f64::total_cmp);
        numbers.dedup();
        numbers.into_iter().map(|number| Ok((number, self.at(name, number)?))).collect()
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.columns.get(self.names.iter().position(|other| other == name)?)
    }

    fn no_column(&self, name: &str, kind: &'static str) -> Error {
        Error::NoColumn { name: name.to_owned(), kind, columns: self.names.clone() }
    }

    fn rows_where(&self, keep: impl Iterator<Item = bool> + Clone) -> Self {
        let columns = self.columns.iter().map(|column| column.rows_where(keep.clone())).collect();
        Self { names: self.names.clone(), columns }
    }
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Text(texts) => texts.len(),
        }
    }

    fn rows_where(&self, keep: impl Iterator<Item = bool>) -> Self {
        fn kept<T: Clone>(values: &[T], keep: impl Iterator<Item = bool>) -> Vec<T> {
            values.iter().zip(keep).filter(|(_, keep)| *keep).map(|(value, _)| value.clone()).collect()
        }
        match self {
            Self::Numbers(numbers) => Self::Numbers(kept(numbers, keep)),
            Self::Text(texts) => Self::Text(kept(texts, keep)),
        }
    }
}

impl Cell {
    fn empty_column(&self) -> Column {
        match self {
            Self::Number(_) => Column::Numbers(Vec::new()),
            Self::Text(_) => Column::Text(Vec::new()),
        }
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        Self::Number(number)
    }
}

impl From<usize> for Cell {
    fn from(number: usize) -> Self {
        Self::Number(number as f64)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
