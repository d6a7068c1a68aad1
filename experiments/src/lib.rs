//! The figures of the papers that proofsketch implements: run, plot, check, report.
//!
//! A [`Figure`] is one claim of a paper held against this library: `run` computes a [`Table`], `plot` draws it, `check`
//! reads its numbers against the claim. The table travels through a CSV file, so that plotting and checking never
//! need the computation again.
//!
//! | module | what |
//! | --- | --- |
//! | [`mod@figures`] | the figures, one file each, a folder a paper; [`figures()`] is the registry |
//! | [`graphs`] | graphs with classes of nodes |
//! | [`evaluation`] | node classification, clustering and link prediction by an embedding |
//! | [`guarantees`] | every theorem of the library with its mutant, for `guarantees.md` |
//! | [`reproduce`] | what `proofsketch reproduce` does: run, plot, check, write the reports |
//! | [`plot`] | declarative charts, written as SVG and PNG |
//!
//! A figure is written with [`Context`] (scale, random key, progress), [`trials`], [`Summary`], [`Table`],
//! [`plot::Chart`] and [`ClaimCheck`].

pub mod evaluation;
pub mod figures;
pub mod graphs;
pub mod guarantees;
pub mod plot;
pub mod reproduce;

mod claim;
mod context;
mod dataset;
mod error;
mod figure;
mod index;
mod ledger;
mod manifest;
mod paper;
mod peak_memory;
mod progress;
mod report;
mod summary;
mod table;
mod trials;

pub use claim::{ClaimCheck, Tally, Verdict};
pub use context::{Context, Scale};
pub use dataset::{DATA_VARIABLE, Dataset};
pub use error::{Error, Fault};
pub use figure::{Figure, Seconds, figure, figures, near_matches};
pub use manifest::Manifest;
pub use paper::{OpenClaim, Paper};
pub use peak_memory::peak_bytes;
pub use progress::Progress;
pub use summary::{Summary, quantile};
pub use table::{Cell, Column, Table};
pub use trials::trials;
