use super::Error;
use super::compressed::Compressed;

/// What to do with an entry that is observed more than once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Duplicates {
    /// Refuse it.
    #[default]
    Refuse,
    /// Take the mean of its values, weighted where there are weights; the weights add up.
    Average,
}

/// Whether there is a matrix of this shape, with indices of 32 bits.
pub(super) fn check_shape(nrows: usize, ncols: usize) -> Result<(), Error> {
    if nrows == 0 || ncols == 0 {
        return Err(Error::Empty { nrows, ncols });
    }
    if nrows > u32::MAX as usize || ncols > u32::MAX as usize {
        return Err(Error::TooLarge { nrows, ncols });
    }
    Ok(())
}

/// Checked observations of positive weight, by row and in a row by column.
pub(super) fn grouped_by_row(
    (nrows, ncols): (usize, usize),
    count: usize,
    triplet: impl Fn(usize) -> (u32, u32, f64),
    weight: Option<&dyn Fn(usize) -> f64>,
    duplicates: Duplicates,
) -> Result<Compressed, Error> {
    check_shape(nrows, ncols)?;
    for index in 0..count {
        let (row, column, value) = triplet(index);
        if row as usize >= nrows || column as usize >= ncols {
            return Err(Error::OutOfRange { index, row, column, nrows, ncols });
        }
        if !value.is_finite() {
            return Err(Error::NotFinite { index, row, column, value });
        }
    }
    let mut by_rows = Compressed::grouped(nrows, count, &triplet, weight);
    by_rows.sort_lines();
    let repeated = by_rows.merge_repeated();
    if let (Some((row, column)), Duplicates::Refuse) = (repeated, duplicates) {
        let mut places = (0..count).filter(|&index| {
            let found = triplet(index);
            (found.0, found.1) == (row, column)
        });
        let (first, second) = (places.next().unwrap_or(0), places.next().unwrap_or(0));
        return Err(Error::Duplicate { first, second, row, column });
    }
    if by_rows.indices.is_empty() {
        return Err(Error::NothingObserved { nrows, ncols });
    }
    Ok(by_rows)
}
