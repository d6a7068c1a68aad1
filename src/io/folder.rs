use std::path::Path;
use std::{fs, io};

use super::Error;
use super::unfinished::{Unfinished, parent_folder, temporary};

/// Writes files into a folder, all of them or none: they are complete before the first takes its place.
///
/// `write` puts files into the folder that it is given, a temporary one. A `folder` that is not there becomes that one; in
/// one that is there files of the same name are replaced, all others stay.
///
/// ```
/// use proofsketch::io::{Error, write_atomically, write_folder};
///
/// let dir = tempfile::tempdir()?;
/// let model = dir.path().join("model");
/// write_folder(&model, |aside| {
///     write_atomically(aside.join("left.txt"), |out| writeln!(out, "1 2"))?;
///     write_atomically(aside.join("right.txt"), |out| writeln!(out, "3 4"))?;
///     Ok::<(), Error>(())
/// })?;
/// assert_eq!(std::fs::read_to_string(model.join("right.txt"))?, "3 4\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::Write`], and what `write` returns.
pub fn write_folder<E: From<Error>>(
    folder: impl AsRef<Path>,
    write: impl FnOnce(&Path) -> Result<(), E>,
) -> Result<(), E> {
    let folder = folder.as_ref();
    let failed = |source| E::from(Error::Write { path: folder.into(), source });
    let is_new = !folder.is_dir();
    let within = if is_new { parent_folder(folder) } else { folder };
    // The permissions of a new folder.
    let (aside, unfinished) = Unfinished::begin(|| temporary(0o777).tempdir_in(within)).map_err(failed)?;
    write(aside.path())?;
    let place = || if is_new { fs::rename(aside.path(), folder) } else { move_files(aside.path(), folder) };
    unfinished.finish(place).map_err(failed)
}

fn move_files(from: &Path, to: &Path) -> io::Result<()> {
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        fs::rename(entry.path(), to.join(entry.file_name()))?;
    }
    Ok(())
}
