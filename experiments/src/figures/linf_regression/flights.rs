//! Arrival delays of flights: the real data of the figures.

use std::io::Read;

use flate2::read::GzDecoder;
use nalgebra::{DMatrix, DVector};
use proofsketch::regression::Instance;

use crate::error::Fault;

/// Every 16th row of the numeric table of nycflights13; see `data/NOTICE.md`.
const SAMPLE: &[u8] = include_bytes!("../../../data/nycflights13.csv.gz");
const TARGET: &str = "arr_delay";
/// 100 hour + minute: with it the columns are dependent.
const DEPENDENT: &str = "sched_dep_time";

/// b = arrival delay in minutes; A = a column of ones and the eight independent predictors, in their own units.
pub(super) fn flights() -> Result<Instance, Fault> {
    let mut text = String::new();
    GzDecoder::new(SAMPLE).read_to_string(&mut text)?;
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
    let target = names.iter().position(|name| name == TARGET).ok_or("the sample has no target")?;
    let predictors: Vec<usize> =
        (0..names.len()).filter(|&j| names[j] != TARGET && names[j] != DEPENDENT).collect();
    let rows = reader
        .records()
        .map(|record| Ok(record?.iter().map(str::parse).collect::<Result<Vec<f64>, _>>()?))
        .collect::<Result<Vec<Vec<f64>>, Fault>>()?;
    let a = DMatrix::from_fn(rows.len(), 1 + predictors.len(), |i, j| match j {
        0 => 1.0,
        _ => rows[i][predictors[j - 1]],
    });
    Ok(Instance { a, b: DVector::from_fn(rows.len(), |i, _| rows[i][target]) })
}
