//! The harness: tables, registry, reproducibility, charts.

mod charts;
mod registry;
mod reports;
mod tables;
