//! One side of the comparison with cmfrec: draws instances as files, and completes them.
//!
//! `complete write DIR n k κ p seed` writes the triplets and the true factors as raw little-endian numbers;
//! `complete solve DIR k tol` reads them and prints the seconds from triplets to factors, the iterations and the relative
//! Frobenius error over all entries.
#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::Instant;

use nalgebra::DMatrix;
use proofsketch::completion::{
    Duplicates, Instance, LowRankMatrix, MatrixCompletion, ObservationModel, Settings, Spectrum, solve,
};
use proofsketch::random::StreamKey;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["write", folder, n, k, condition, p, seed] => write(
            folder.as_ref(),
            (n.parse()?, k.parse()?),
            condition.parse()?,
            p.parse()?,
            StreamKey::from_seed(seed.parse()?),
        ),
        ["solve", folder, k, tol] => complete(folder.as_ref(), k.parse()?, tol.parse()?),
        _ => Err("usage: complete write DIR n k κ p seed | complete solve DIR k tol".into()),
    }
}

fn write(
    folder: &Path,
    (n, k): (usize, usize),
    condition: f64,
    probability: f64,
    key: StreamKey,
) -> Result<(), Box<dyn Error>> {
    let truth = LowRankMatrix::incoherent((n, n), k, Spectrum::Geometric { condition }, key)?;
    let instance = Instance::draw(truth, ObservationModel::Bernoulli { probability }, key)?;
    let triplets: Vec<_> = instance.problem.triplets().collect();
    fs::create_dir_all(folder)?;
    let bytes = |values: &mut dyn Iterator<Item = [u8; 8]>| values.flatten().collect::<Vec<u8>>();
    let places = triplets.iter().map(|&(i, j, _)| (u64::from(i) << 32 | u64::from(j)).to_le_bytes());
    fs::write(folder.join("places"), bytes(&mut places.into_iter()))?;
    fs::write(folder.join("values"), bytes(&mut triplets.iter().map(|&(_, _, value)| value.to_le_bytes())))?;
    for (name, factor) in [("u", instance.truth.left_factor()), ("v", instance.truth.right_factor())] {
        fs::write(folder.join(name), bytes(&mut factor.iter().map(|value| value.to_le_bytes())))?;
    }
    Ok(())
}

fn words(file: &Path) -> Result<Vec<[u8; 8]>, Box<dyn Error>> {
    Ok(fs::read(file)?.as_chunks().0.to_vec())
}

fn numbers(file: &Path) -> Result<Vec<f64>, Box<dyn Error>> {
    Ok(words(file)?.into_iter().map(f64::from_le_bytes).collect())
}

fn complete(folder: &Path, rank: usize, tol: f64) -> Result<(), Box<dyn Error>> {
    let places = words(&folder.join("places"))?.into_iter().map(u64::from_le_bytes);
    let values = numbers(&folder.join("values"))?;
    let triplets: Vec<_> =
        places.zip(values).map(|(place, value)| ((place >> 32) as u32, place as u32, value)).collect();
    let factor =
        |name| numbers(&folder.join(name)).map(|data| DMatrix::from_vec(data.len() / rank, rank, data));
    let truth = LowRankMatrix::from_factors(&factor("u")?, &factor("v")?)?;
    let (nrows, ncols) = truth.shape();
    let settings = Settings { tol, ..Settings::of_rank(rank) };
    let start = Instant::now();
    let problem = MatrixCompletion::from_triplets(nrows, ncols, &triplets, Duplicates::Refuse)?;
    let report = solve(&problem, &settings, StreamKey::from_seed(1))?;
    let seconds = start.elapsed().as_secs_f64();
    let error = truth.relative_error(&report.solution.u, &report.solution.v)?;
    println!("{seconds} {} {error}", report.iterations());
    Ok(())
}
