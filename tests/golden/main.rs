//! Golden values: bits that a release may change only under the heading "Value-changing" of the changelog.

mod completion;
mod embedding;
mod regression;
mod sampling;
mod sensing;
mod streams;
