use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::bufread::MultiGzDecoder;

use super::Error;

const BUFFER: usize = 1 << 16;
pub(super) const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];

/// A file being read, decompressed on the way if it starts with the gzip magic, whatever its name.
pub(super) struct Input {
    path: PathBuf,
    stream: Box<dyn BufRead + Send>,
    is_compressed: bool,
}

impl Input {
    /// Opens a file. All members of a gzip file of several are read as one stream.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let refused = |source| Error::Open { path: path.to_owned(), source };
        let mut raw = BufReader::with_capacity(BUFFER, File::open(path).map_err(refused)?);
        let is_compressed = raw.fill_buf().map_err(refused)?.starts_with(&GZIP_MAGIC);
        let stream: Box<dyn BufRead + Send> = if is_compressed {
            Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(raw)))
        } else {
            Box::new(raw)
        };
        Ok(Self { path: path.to_owned(), stream, is_compressed })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn is_compressed(&self) -> bool {
        self.is_compressed
    }

    /// The bytes that come next, not consumed; at least one but at the end.
    pub(super) fn peek(&mut self) -> Result<&[u8], Error> {
        self.stream.fill_buf().map_err(|source| Error::read(&self.path, source))
    }

    /// Appends the next bytes up to and with `end`, at most `limit` of them; says how many.
    pub(super) fn read_until(&mut self, end: u8, limit: usize, bytes: &mut Vec<u8>) -> Result<usize, Error> {
        let mut limited = (&mut self.stream).take(limit as u64);
        limited.read_until(end, bytes).map_err(|source| Error::read(&self.path, source))
    }

    /// Appends the next `count` bytes, or fewer at the end; says how many. Memory grows with what is read, not with
    /// what is asked for.
    pub(super) fn read_up_to(&mut self, count: usize, bytes: &mut Vec<u8>) -> Result<usize, Error> {
        let mut limited = (&mut self.stream).take(count as u64);
        limited.read_to_end(bytes).map_err(|source| Error::read(&self.path, source))
    }
}

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("path", &self.path)
            .field("is_compressed", &self.is_compressed)
            .finish_non_exhaustive()
    }
}
