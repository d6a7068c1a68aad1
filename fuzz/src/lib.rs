//! What the fuzz targets share: a file of the content that a target was given, and the checks of the project's tests.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

#[path = "../../tests/bad_input/every_reader.rs"]
pub mod every_reader;

/// Calls `check` with a file of this name and content, in a folder of this process.
///
/// The folder stands where `TMPDIR` says: a target runs several times faster where that is in memory.
pub fn with_file(name: &str, content: &[u8], check: impl FnOnce(&Path)) {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let folder = std::env::temp_dir().join(format!("proofsketch-fuzz-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        folder
    });
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    check(&path);
}
