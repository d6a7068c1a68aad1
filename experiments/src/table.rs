//! Named columns of numbers and texts, and the CSV file that gives them back to the bit.

use crate::Error;

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

    /// The text of the CSV file: a header, then a line a row, each ended by a line feed.
    ///
    /// # Errors
    /// [`Error::Table`] if the file would not give the table back: no row, a NaN with a payload, a repeated name, or a
    /// text column whose every text reads as a number.
    pub fn to_csv(&self) -> Result<String, Error> {
        let refused = |error: &dyn std::fmt::Display| Error::Table(error.to_string());
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.names).map_err(|e| refused(&e))?;
        for row in 0..self.rows() {
            writer
                .write_record(self.columns.iter().map(|column| column.written(row)))
                .map_err(|e| refused(&e))?;
        }
        let bytes = writer.into_inner().map_err(|e| refused(&e))?;
        let text = String::from_utf8(bytes).map_err(|e| refused(&e))?;
        match Self::from_csv(&text) {
            Ok(read) if read.same_bits(self) => Ok(text),
            Ok(_) => Err(refused(&"a text column of numbers only, or a NaN with a payload")),
            Err(error) => Err(refused(&error)),
        }
    }

    /// The table of a CSV text; a column is of numbers if every cell of it reads as one.
    ///
    /// # Errors
    /// [`Error::Csv`] for a ragged row, a repeated or an empty column name, no header or no row.
    pub fn from_csv(text: &str) -> Result<Self, Error> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let names: Vec<String> = reader.headers().map_err(csv_error)?.iter().map(str::to_owned).collect();
        check_names(&names)?;
        let mut cells: Vec<Vec<String>> = vec![Vec::new(); names.len()];
        for record in reader.records() {
            for (column, cell) in cells.iter_mut().zip(&record.map_err(csv_error)?) {
                column.push(cell.to_owned());
            }
        }
        if cells.first().is_none_or(Vec::is_empty) {
            return Err(Error::Csv { line: 2, message: "no row after the header".to_owned() });
        }
        Ok(Self { names, columns: cells.into_iter().map(Column::read).collect() })
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

    /// Equality of names, texts and bits: NaN equals itself and 0 is not −0.
    fn same_bits(&self, other: &Self) -> bool {
        let bits = |numbers: &[f64]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        self.names == other.names
            && self.columns.len() == other.columns.len()
            && self.columns.iter().zip(&other.columns).all(|pair| match pair {
                (Column::Numbers(a), Column::Numbers(b)) => bits(a) == bits(b),
                (Column::Text(a), Column::Text(b)) => a == b,
                _ => false,
            })
    }
}

impl Column {
    fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Text(texts) => texts.len(),
        }
    }

    fn read(cells: Vec<String>) -> Self {
        let numbers: Result<Vec<f64>, _> = cells.iter().map(|cell| cell.parse()).collect();
        numbers.map_or(Self::Text(cells), Self::Numbers)
    }

    fn written(&self, row: usize) -> String {
        match self {
            Self::Numbers(numbers) => shortest(numbers[row]),
            Self::Text(texts) => texts[row].clone(),
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

/// The fewest digits that read back to the same number, with an exponent where that is shorter to read.
fn shortest(number: f64) -> String {
    let text = format!("{number:?}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

fn check_names(names: &[String]) -> Result<(), Error> {
    let at_fault = |message: String| Err(Error::Csv { line: 1, message });
    for (i, name) in names.iter().enumerate() {
        if name.is_empty() {
            return at_fault(format!("column {} has no name", i + 1));
        }
        if names[..i].contains(name) {
            return at_fault(format!("two columns are named `{name}`"));
        }
    }
    if names.is_empty() { at_fault("no header".to_owned()) } else { Ok(()) }
}

fn csv_error(error: csv::Error) -> Error {
    let line = error.position().map_or(1, csv::Position::line);
    let message = match error.kind() {
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} values where the header names {expected_len} columns")
        }
        _ => error.to_string(),
    };
    Error::Csv { line, message }
}
