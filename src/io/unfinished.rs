use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{fs, mem};

/// Temporary files and folders of the writes under way.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

fn unfinished() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Keeps writes from beginning and from ending as long as it lives: [`discard_unfinished`] gives it.
#[derive(Debug)]
#[must_use = "writes go on, and fail, once this is dropped"]
pub struct WritesHeld {
    _held: MutexGuard<'static, Vec<PathBuf>>,
}

/// Removes the temporary files and folders of all writes under way, in any thread: for a program that is interrupted.
///
/// What stood where they were to go still stands there. Until the answer is dropped no write begins and none ends, so
/// that a program that exits before leaves nothing behind; writes that were under way fail afterwards.
///
/// ```
/// use proofsketch::io::discard_unfinished;
///
/// let on_interrupt = || -> ! {
///     let _held = discard_unfinished();
///     std::process::exit(130)
/// };
/// # let _ = on_interrupt;
/// ```
pub fn discard_unfinished() -> WritesHeld {
    let mut held = unfinished();
    for path in mem::take(&mut *held) {
        // A file that is gone already leaves nothing to do, and one that cannot be removed nothing that could be done.
        let _ = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
    }
    WritesHeld { _held: held }
}

/// What temporary files and folders are named, with the permissions `mode` less the umask.
pub(super) fn temporary(mode: u32) -> tempfile::Builder<'static, 'static> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".proofsketch-").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(mode));
    #[cfg(not(unix))]
    let _ = mode;
    builder
}

/// The folder that a file or folder is in; `.` for a plain name.
///
/// ```
/// use std::path::Path;
/// use proofsketch::io::parent_folder;
///
/// assert_eq!(parent_folder(Path::new("out/model")), Path::new("out"));
/// assert_eq!(parent_folder(Path::new("model")), Path::new("."));
/// ```
#[must_use]
pub fn parent_folder(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A temporary file or folder that [`discard_unfinished`] knows of.
#[derive(Debug)]
pub(super) struct Unfinished {
    path: PathBuf,
}

impl Unfinished {
    /// Makes a temporary file or folder.
    pub(super) fn begin<T: AsRef<Path>>(make: impl FnOnce() -> io::Result<T>) -> io::Result<(T, Self)> {
        let mut all = unfinished();
        let temporary = make()?;
        let path = temporary.as_ref().to_owned();
        all.push(path.clone());
        Ok((temporary, Self { path }))
    }

    /// Moves it to its place.
    pub(super) fn finish<R>(self, place: impl FnOnce() -> R) -> R {
        let mut all = unfinished();
        let placed = place();
        all.retain(|path| *path != self.path);
        placed
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        unfinished().retain(|path| *path != self.path);
    }
}
