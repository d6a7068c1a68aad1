//! Exact laws: identities that hold for every input, most of them to the last bit.

#[path = "../common/mod.rs"]
mod common;
mod io;
mod io_layouts;
mod sketch_suite;
mod sketches;
