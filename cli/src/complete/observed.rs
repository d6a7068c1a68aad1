use std::path::Path;

use proofsketch::completion::{self, Duplicates, MatrixCompletion};
use proofsketch::io::{NameTable, Ratings, read_matrix_with_missing, read_ratings, read_ratings_after};

use crate::failure::Failure;

/// What the files hold.
#[derive(Debug)]
pub struct Observed {
    pub problem: MatrixCompletion,
    /// Users and items of the problem, and after them those that only the test file names.
    pub users: NameTable,
    pub items: NameTable,
    /// The entries of the test file, if there is one.
    pub test: Option<Vec<(u32, u32, f64)>>,
    /// Whether the file was a whole matrix with holes.
    pub is_dense: bool,
}

impl Observed {
    /// Reads ratings, and those of a test file with the same names.
    pub fn read(path: &Path, test: Option<&Path>, duplicates: Duplicates) -> Result<Self, Failure> {
        let train = read_ratings(path)?;
        let shape = (train.users.len(), train.items.len());
        let problem = MatrixCompletion::from_triplets(shape.0, shape.1, &train.entries, duplicates)
            .map_err(|error| failure(path, &train, &error))?;
        assert_not_zero(path, &problem)?;
        let Some(test) = test else {
            let Ratings { users, items, .. } = train;
            return Ok(Self { problem, users, items, test: None, is_dense: false });
        };
        let Ratings { users, items, entries } = read_ratings_after(test, &train.users, &train.items)?;
        Ok(Self { problem, users, items, test: Some(entries), is_dense: false })
    }

    /// Reads a matrix in which NaN is missing; rows and columns are named by their numbers from 1.
    pub fn read_dense(path: &Path) -> Result<Self, Failure> {
        let matrix = read_matrix_with_missing(path)?;
        let problem = MatrixCompletion::from_dense_with_nan(&matrix).map_err(|error| match error {
            completion::Error::NotFinite { row, column, value, .. } => {
                let (row, column) = (row + 1, column + 1);
                let at = format!("{}: row {row}, column {column}", path.display());
                Failure::input(format!("{at}: {value} is not finite"))
            }
            error => Failure::input(format!("{}: {error}", path.display())),
        })?;
        assert_not_zero(path, &problem)?;
        let numbers = |count: usize| NameTable::from_names((1..=count).map(|number| number.to_string()));
        let (users, items) = (numbers(problem.nrows())?, numbers(problem.ncols())?);
        Ok(Self { problem, users, items, test: None, is_dense: true })
    }

    /// Users and items that only the test file names.
    pub fn unknown(&self) -> (usize, usize) {
        (self.users.len() - self.problem.nrows(), self.items.len() - self.problem.ncols())
    }
}

fn assert_not_zero(path: &Path, problem: &MatrixCompletion) -> Result<(), Failure> {
    if problem.triplets().any(|(_, _, value)| value != 0.0) {
        return Ok(());
    }
    let what = format!("all {} values are zero: there is nothing to complete", problem.observed());
    Err(Failure::input(format!("{}: {what}", path.display())))
}

/// The failure to pose a problem, in the names of the file.
fn failure(path: &Path, ratings: &Ratings, error: &completion::Error) -> Failure {
    let path = path.display();
    let completion::Error::Duplicate { first, second, row, column } = error else {
        return Failure::input(format!("{path}: {error}"));
    };
    let (user, item) = (ratings.users.name(*row), ratings.items.name(*column));
    let places = format!("ratings {} and {} of the file", first + 1, second + 1);
    let hint = "--duplicates average takes their mean";
    Failure::input(format!("{path}: user `{user}` rated item `{item}` twice ({places}): {hint}"))
}
