//! Bad input: a typed error that says what and where, never a panic.

mod io;
mod io_arbitrary;
