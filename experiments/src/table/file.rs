//! The CSV file of a table.

use super::{Column, Table};
use crate::Error;

impl Table {
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
