//! The `.npy` format of numpy: a Python dictionary that states type, order and shape, then the numbers.

mod columns;
mod header;
mod read;
mod scalar;
mod write;

pub use columns::{NpyColumns, write_npy_columns, write_npy_transposed};
pub use read::read_npy;
pub(super) use read::{count_rows, open_rows, read};
pub use write::{NpyFloat, write_npy};

/// The first bytes of every `.npy` file.
pub(super) const MAGIC: &[u8] = b"\x93NUMPY";
