//! Matrices of numpy.

#![no_main]

use libfuzzer_sys::fuzz_target;
use proofsketch_fuzz::{every_reader, with_file};

fuzz_target!(|content: &[u8]| {
    with_file("a.npy", content, every_reader::read_as_matrix);
});
