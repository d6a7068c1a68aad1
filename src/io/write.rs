use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use csv::QuoteStyle;
use flate2::Compression;
use flate2::write::GzEncoder;
use nalgebra::DMatrix;

use super::Error;
use super::format::{Format, extension};
use super::npy::write_npy;
use super::rows::is_header;
use super::unfinished::{Unfinished, parent_folder, temporary};

/// Writes a file whole or not at all: what `write` wrote takes the place of the file only once it is complete.
///
/// The new content goes to a temporary file in the same folder, which is then renamed; a file that was there keeps its
/// permissions, and its content if anything fails. A name that ends in `.gz` is compressed by gzip. What is not a
/// regular file (a pipe, a terminal) is written directly.
///
/// # Errors
/// [`Error::Write`], also for an error that `write` returns.
pub fn write_atomically(
    path: impl AsRef<Path>,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Error> {
    let path = path.as_ref();
    replace(path, write).map_err(|source| Error::Write { path: path.into(), source })
}

fn replace(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let is_compressed = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    let existing = fs::metadata(path).ok();
    if existing.as_ref().is_some_and(|existing| !existing.is_file()) {
        return fill(&OpenOptions::new().write(true).open(path)?, is_compressed, write);
    }
    let target = if existing.is_some() { fs::canonicalize(path)? } else { path.to_owned() };
    // The permissions of a new file.
    let (temporary, unfinished) = Unfinished::begin(|| temporary(0o666).tempfile_in(parent_folder(&target)))?;
    if let Some(existing) = existing {
        fs::set_permissions(temporary.path(), existing.permissions())?;
    }
    fill(temporary.as_file(), is_compressed, write)?;
    unfinished.finish(|| temporary.persist(&target)).map_err(|error| error.error)?;
    Ok(())
}

fn fill(
    file: &File,
    is_compressed: bool,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = BufWriter::with_capacity(1 << 16, file);
    if is_compressed {
        let mut encoder = GzEncoder::new(&mut buffer, Compression::default());
        write(&mut encoder)?;
        encoder.finish()?;
    } else {
        write(&mut buffer)?;
    }
    buffer.flush()
}

/// Writes a numeric table by its extension: `.npy` (without the names), `.tsv` separated by tabs, all else by commas;
/// compressed if the name ends in `.gz`.
///
/// Every number is written with the fewest digits that read back to the same bits. Names are quoted if one of them must
/// be; a line break within a name becomes a space.
///
/// # Errors
/// [`Error::Write`]; [`Error::Header`] unless there is one name a column, and the names would be known for a header
/// again (a word among them, no number).
pub fn write_table(
    path: impl AsRef<Path>,
    names: Option<&[String]>,
    values: &DMatrix<f64>,
) -> Result<(), Error> {
    let path = path.as_ref();
    if Format::named(path) == Some(Format::Npy) {
        return write_npy(path, values);
    }
    let is_fit = |names: &[String]| {
        names.len() == values.ncols() && is_header(names.iter().map(|name| name.trim_ascii().as_bytes()))
    };
    if let Some(names) = names.filter(|names| !is_fit(names)) {
        return Err(Error::Header { names: names.to_vec(), ncols: values.ncols() });
    }
    let delimiter = if extension(path) == "tsv" { b'\t' } else { b',' };
    write_atomically(path, |out| {
        if let Some(names) = names {
            write_names(names, delimiter, out)?;
        }
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(out);
        for row in values.row_iter() {
            writer.write_record(row.iter().map(|&value| Number(value).to_string()))?;
        }
        writer.flush()
    })
}

/// Writes a header, quoted if any name is empty or holds what could be taken for a delimiter or a
/// byte order mark.
fn write_names(names: &[String], delimiter: u8, out: &mut dyn Write) -> io::Result<()> {
    let is_special = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '"' | '\u{feff}');
    let is_plain = names.iter().all(|name| !name.is_empty() && !name.contains(is_special));
    let style = if is_plain { QuoteStyle::Necessary } else { QuoteStyle::Always };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).quote_style(style).from_writer(out);
    writer.write_record(names.iter().map(|name| name.replace(['\r', '\n'], " ")))?;
    writer.flush()
}

/// A number in the fewest digits that read back to the same bits.
pub(super) struct Number(pub(super) f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.abs();
        if size == 0.0 || (1e-5..1e16).contains(&size) || !size.is_finite() {
            write!(f, "{}", self.0)
        } else {
            write!(f, "{:e}", self.0)
        }
    }
}
