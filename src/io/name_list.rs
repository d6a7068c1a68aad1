use std::path::Path;

use super::gzip::GZIP_MAGIC;
use super::lines::{BYTE_ORDER_MARK, Lines};
use super::listing::is_comment;
use super::number::shortened;
use super::separator::unquoted;
use super::{Cell, Error, NameTable, write_atomically};

/// Reads names, one a line: integers or any text, numbered in the order of the file, compressed by gzip or not.
///
/// White space around a name does not belong to it unless the line is quoted. Blank lines, and lines that start with
/// `#` or `%`, are skipped.
///
/// # Errors
/// [`Error::Open`], [`Error::Read`], [`Error::Truncated`]; [`Error::Nothing`]; [`Error::Quote`];
/// [`Error::RepeatedName`], with its line; [`Error::NameCollision`].
pub fn read_names(path: impl AsRef<Path>) -> Result<NameTable, Error> {
    let path = path.as_ref();
    let mut lines = Lines::open(path)?;
    let mut names = NameTable::default();
    while lines.advance()? {
        if is_comment(lines.line()) {
            continue;
        }
        let at = || Cell { path: path.into(), line: lines.number(), column: 1, name: None };
        let name = unquoted(lines.line().trim_ascii()).ok_or_else(|| Error::Quote { at: at() })?;
        if names.index_of(&name).is_some() {
            return Err(Error::RepeatedName { at: at(), name: shortened(&name) });
        }
        names.intern(&name).map_err(|refusal| refusal.at(path))?;
    }
    if names.is_empty() {
        return Err(Error::Nothing { path: path.into(), what: "names" });
    }
    Ok(names)
}

/// Writes names, one a line, such that [`read_names`] reads the same table; compressed if the name ends in `.gz`.
///
/// # Errors
/// [`Error::Write`], also for a name that holds a line break.
pub fn write_names(path: impl AsRef<Path>, names: &NameTable) -> Result<(), Error> {
    write_atomically(path, |out| {
        for index in 0..names.len() as u32 {
            let name = names.bytes(index);
            if name.contains(&b'\n') {
                return Err(std::io::Error::other(format!("name {} holds a line break", index + 1)));
            }
            if needs_quotes(&name) {
                let doubled: Vec<u8> = name
                    .iter()
                    .flat_map(|&byte| std::iter::repeat_n(byte, 1 + usize::from(byte == b'"')))
                    .collect();
                out.write_all(&[b"\"", &doubled[..], b"\"\n"].concat())?;
            } else {
                out.write_all(&name)?;
                out.write_all(b"\n")?;
            }
        }
        Ok(())
    })
}

/// Whether a line of the name alone would be read as something else: as a comment, or, at the start of a file, as the
/// mark of a byte order or of compression.
fn needs_quotes(name: &[u8]) -> bool {
    name.trim_ascii().len() < name.len()
        || matches!(name.first(), None | Some(b'"' | b'#' | b'%'))
        || [BYTE_ORDER_MARK, &GZIP_MAGIC].iter().any(|mark| name.starts_with(mark))
}
