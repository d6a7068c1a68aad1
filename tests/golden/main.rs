//! Golden values: bits that a release may change only under the heading "Value-changing" of the changelog.

mod embedding;
mod completion;
mod streams;
