//! Laws that hold exactly, or to rounding, for every input.

mod hadamard;
