//! Readers and writers of tables and matrices.
//!
//! | function | file |
//! | --- | --- |
//! | [`read_table`], [`write_table`] | numeric tables separated by comma, tab, semicolon or blanks, with or without a header: [`Table`] |
//! | [`read_npy`], [`write_npy`] | matrices of numpy: C and Fortran order, floats and integers of any size |
//! | [`write_npy_transposed`], [`write_npy_columns`] | `.npy` of the columns of a matrix, and of blocks of columns one after the other |
//! | [`read_matrix_market`], [`write_matrix_market_array`], [`write_matrix_market_coordinate`] | Matrix Market, dense and sparse: [`Matrix`] |
//! | [`read_matrix`] | any of these, known by its name or its first bytes |
//! | [`read_matrix_with_missing`] | a dense matrix with NaN for what is missing |
//! | [`open_blocks`], [`count_rows`] | a table or `.npy` file of any length, in blocks of rows: [`Blocks`] |
//! | [`read_edge_list`], [`read_edge_list_among`] | edge lists `u v [w]` of graphs: [`EdgeList`] |
//! | [`read_labels`] | labels of nodes, `node label`: [`Labels`] |
//! | [`read_ratings`], [`read_ratings_after`] | ratings `user item value [time]`, and those of a test file with the same names: [`Ratings`] |
//! | [`read_names`], [`write_names`] | names, one a line: [`NameTable`] |
//! | [`write_atomically`], [`write_folder`] | any file, or several in a folder, whole or not at all |
//! | [`parent_folder`] | where a file to be written would lie |
//! | [`discard_unfinished`] | what an interrupted program must not leave behind |
//!
//! Every file may be compressed by gzip: known by its first bytes in reading, by the ending `.gz` in writing. Broken
//! input is an [`Error`] that says where: file, line, column and what was found. Memory grows with what a file holds,
//! never with what it promises.

mod blocks;
mod delimiter;
mod edge_list;
mod error;
mod folder;
mod format;
mod gzip;
mod key_hash;
mod labels;
mod line_blocks;
mod lines;
mod listing;
mod matrix;
mod matrix_market;
mod name_key;
mod name_list;
mod names;
mod npy;
mod number;
mod ratings;
mod records;
mod rows;
mod separator;
mod table;
mod unfinished;
mod write;

pub use blocks::{Blocks, count_rows, open_blocks};
pub use edge_list::{EdgeList, read_edge_list, read_edge_list_among};
pub use error::{Cell, Error};
pub use folder::write_folder;
pub use labels::{Labels, read_labels};
pub use matrix::{Matrix, read_matrix, read_matrix_with_missing};
pub use matrix_market::{read_matrix_market, write_matrix_market_array, write_matrix_market_coordinate};
pub use name_list::{read_names, write_names};
pub use names::NameTable;
pub use npy::{NpyColumns, NpyFloat, read_npy, write_npy, write_npy_columns, write_npy_transposed};
pub use ratings::{Ratings, read_ratings, read_ratings_after};
pub use table::{Table, read_table};
pub use unfinished::{WritesHeld, discard_unfinished, parent_folder};
pub use write::{write_atomically, write_table};
