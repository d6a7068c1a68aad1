use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use nalgebra::DMatrix;
use proofsketch::io::{NameTable, write_atomically, write_names, write_npy_transposed};
use rayon::prelude::*;

use crate::failure::Failure;
use crate::output::text_extension;

/// Where the ids of the nodes go, if the file of the vectors cannot hold them.
pub fn node_file(out: &Path) -> Option<PathBuf> {
    text_extension(out).is_none().then(|| {
        let mut name = OsString::from(out);
        name.push(".nodes.txt");
        name.into()
    })
}

/// Writes the columns of `vectors`, one a node, unless they are in the file already, and the ids of the nodes.
pub fn write(out: &Path, nodes: &NameTable, vectors: Option<&DMatrix<f32>>) -> Result<(), Failure> {
    match (node_file(out), vectors) {
        (None, Some(vectors)) => {
            let delimiter = text_extension(out).unwrap_or(b',');
            return Ok(write_atomically(out, |file| write_text(file, delimiter, nodes, vectors))?);
        }
        (_, Some(vectors)) => write_npy_transposed(out, vectors)?,
        (_, None) => {}
    }
    Ok(node_file(out).map_or(Ok(()), |file| write_names(file, nodes))?)
}

/// A line a node: its id, then its vector. The first line names the columns.
fn write_text(
    out: &mut dyn Write,
    delimiter: u8,
    nodes: &NameTable,
    vectors: &DMatrix<f32>,
) -> io::Result<()> {
    const NODES: usize = 1 << 12;
    let mut header = b"node".to_vec();
    for j in 1..=vectors.nrows() {
        header.push(delimiter);
        header.extend_from_slice(format!("x{j}").as_bytes());
    }
    header.push(b'\n');
    out.write_all(&header)?;
    for start in (0..vectors.ncols()).step_by(NODES) {
        let end = vectors.ncols().min(start + NODES);
        let lines: Vec<Vec<u8>> = (start..end)
            .into_par_iter()
            .map(|i| line(&nodes.bytes(i as u32), delimiter, vectors, i))
            .collect();
        lines.iter().try_for_each(|line| out.write_all(line))?;
    }
    Ok(())
}

fn line(id: &[u8], delimiter: u8, vectors: &DMatrix<f32>, node: usize) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    let mut text = String::new();
    let mut write = || {
        writer.write_field(id)?;
        for &number in &vectors.column(node) {
            text.clear();
            push_shortest(number, &mut text);
            writer.write_field(&text)?;
        }
        writer.write_record(None::<&[u8]>)
    };
    write().expect("memory can be written to");
    writer.into_inner().expect("memory can be written to")
}

/// Appends the fewest digits that read back to the same bits.
fn push_shortest(number: f32, text: &mut String) {
    use std::fmt::Write as _;
    let size = number.abs();
    let written = if size == 0.0 || (1e-5..1e7).contains(&size) {
        write!(text, "{number}")
    } else {
        write!(text, "{number:e}")
    };
    written.expect("memory can be written to");
}
