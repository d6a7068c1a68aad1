use nalgebra::DMatrix;
use proofsketch::random::{StreamKey, uniform_below, uniform_unit};
use rayon::prelude::*;

/// Sweeps over the points at most.
const SWEEPS: usize = 300;

/// The cluster, 0..k, of each column of `points`: the best of `restarts` runs of Lloyd's algorithm for k-means, by the sum
/// of squared distances to the centres.
///
/// Each run starts from centres drawn by k-means++ (D. Arthur and S. Vassilvitskii, SODA 2007) and ends when no point
/// changes its cluster. A cluster that loses all its points keeps its centre.
///
/// ```
/// use nalgebra::dmatrix;
/// use proofsketch::random::StreamKey;
/// use proofsketch_experiments::evaluation::k_means;
///
/// let clusters = k_means(&dmatrix![0.0_f32, 0.1, 5.0, 5.1, 9.0], 3, 4, StreamKey::from_seed(1));
/// assert!(clusters[0] == clusters[1] && clusters[2] == clusters[3]);
/// assert!(clusters[0] != clusters[2] && clusters[2] != clusters[4]);
/// ```
///
/// # Panics
/// If k is 0 or there are fewer points, or no restart.
#[must_use]
pub fn k_means(points: &DMatrix<f32>, k: usize, restarts: usize, key: StreamKey) -> Vec<u32> {
    let n = points.ncols();
    assert!(0 < k && k <= n && restarts > 0, "{k} clusters of {n} points in {restarts} runs");
    let runs: Vec<(f64, Vec<u32>)> = (0..restarts)
        .into_par_iter()
        .map(|run| lloyd(points, seeds(points, k, key.indexed(run as u64))))
        .collect();
    let best = runs.into_iter().reduce(|best, run| if run.0 < best.0 { run } else { best });
    best.map_or_else(Vec::new, |(_, clusters)| clusters)
}

/// k points, each drawn with probability ∝ its squared distance to the nearest before it.
fn seeds(points: &DMatrix<f32>, k: usize, key: StreamKey) -> DMatrix<f32> {
    let mut rng = key.block(0);
    let mut chosen = vec![uniform_below(&mut rng, points.ncols() as u32) as usize];
    let mut nearest = vec![f64::INFINITY; points.ncols()];
    while chosen.len() < k {
        let last = chosen[chosen.len() - 1];
        let mut total = 0.0;
        for (i, nearest) in nearest.iter_mut().enumerate() {
            *nearest = nearest.min(squared_distance(points, i, points, last));
            total += *nearest;
        }
        let mut left = uniform_unit(&mut rng) * total;
        let drawn = nearest.iter().position(|distance| {
            left -= distance;
            left < 0.0
        });
        // Where all points coincide with chosen ones any will do.
        chosen.push(drawn.unwrap_or(chosen.len()));
    }
    points.select_columns(&chosen)
}

/// The sum of squared distances and the clusters of a fixed point.
fn lloyd(points: &DMatrix<f32>, mut centres: DMatrix<f32>) -> (f64, Vec<u32>) {
    let mut clusters = vec![u32::MAX; points.ncols()];
    let mut cost = f64::INFINITY;
    for _ in 0..SWEEPS {
        let nearest: Vec<(f64, u32)> =
            (0..points.ncols()).map(|i| nearest_centre(points, i, &centres)).collect();
        let unchanged = nearest.iter().zip(&clusters).all(|(nearest, cluster)| nearest.1 == *cluster);
        cost = nearest.iter().map(|(distance, _)| distance).sum();
        clusters = nearest.into_iter().map(|(_, cluster)| cluster).collect();
        if unchanged {
            break;
        }
        move_to_means(points, &clusters, &mut centres);
    }
    (cost, clusters)
}

fn nearest_centre(points: &DMatrix<f32>, i: usize, centres: &DMatrix<f32>) -> (f64, u32) {
    let distances = (0..centres.ncols()).map(|c| (squared_distance(points, i, centres, c), c as u32));
    distances.fold((f64::INFINITY, 0), |best, one| if one.0 < best.0 { one } else { best })
}

fn move_to_means(points: &DMatrix<f32>, clusters: &[u32], centres: &mut DMatrix<f32>) {
    for (c, mut centre) in centres.column_iter_mut().enumerate() {
        let members: Vec<usize> = (0..clusters.len()).filter(|&i| clusters[i] as usize == c).collect();
        if members.is_empty() {
            continue;
        }
        centre.fill(0.0);
        members.iter().for_each(|&i| centre += points.column(i));
        centre /= members.len() as f32;
    }
}

/// ‖aᵢ − bⱼ‖², in eight sums so that they run side by side.
fn squared_distance(a: &DMatrix<f32>, i: usize, b: &DMatrix<f32>, j: usize) -> f64 {
    const LANES: usize = 8;
    let d = a.nrows();
    let (a, b) = (&a.as_slice()[i * d..(i + 1) * d], &b.as_slice()[j * d..(j + 1) * d]);
    let (a, b) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a.remainder().iter().zip(b.remainder()).map(|(x, y)| (x - y) * (x - y)).sum::<f32>();
    let mut sums = [0.0_f32; LANES];
    for (a, b) in a.zip(b) {
        for (sum, (x, y)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += (x - y) * (x - y);
        }
    }
    f64::from(sums.iter().sum::<f32>() + rest)
}
