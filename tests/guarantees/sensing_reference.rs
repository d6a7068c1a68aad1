//! Obvious iterations of matrix sensing, from their definitions: what theorems are held against beside the solvers.
