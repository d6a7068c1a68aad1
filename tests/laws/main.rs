//! Laws: exact identities that hold on every input, tried on generated ones.

mod io;
mod io_layouts;
