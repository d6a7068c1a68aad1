//! The theorems of FastRP, held against the library, against mutants that must be refuted, and outside their hypotheses.
//!
//! `moments`: the laws of inner products and norms; `formula`: the iteration against its definition; `zero_rows`;
//! `neighbourhoods`: stability under seeds; `cost`: operations counted one by one.

mod cost;
mod formula;
mod moments;
mod neighbourhoods;
mod zero_rows;

const ALPHA: f64 = 1e-6;
const DRAWS: u64 = 2000;
/// Draws of a mutant that a law of moments must see.
const MUTANT_DRAWS: u64 = 4000;
