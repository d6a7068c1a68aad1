use rand_chacha::rand_core::Rng;

use crate::random::StreamKey;

/// Probabilities pᵢⱼ = min(1, s·rᵢ·cⱼ) with power-law weights rᵢ, cⱼ in random order.
pub(super) struct Propensities {
    scale: f64,
    rows: Vec<f64>,
    columns: Vec<f64>,
    largest_column: f64,
}

impl Propensities {
    /// Weights rank^(−a), the scale s by bisection so that the mean of pᵢⱼ is `probability`.
    pub(super) fn power_law(
        (nrows, ncols): (usize, usize),
        probability: f64,
        exponent: f64,
        key: StreamKey,
    ) -> Self {
        let weights = |len: usize| (1..=len).map(|rank| (rank as f64).powf(-exponent)).collect::<Vec<f64>>();
        let (rows, columns) = (weights(nrows), weights(ncols));
        let wanted = probability * (nrows * ncols) as f64;
        let (mut low, mut high) = (0.0, 1.0 / (rows[nrows - 1] * columns[ncols - 1]));
        for _ in 0..200 {
            let middle = 0.5 * (low + high);
            if expected_count(&rows, &columns, middle) < wanted { low = middle } else { high = middle }
        }
        let largest_column = columns[0];
        let (rows, columns) = (shuffled(rows, key.named("rows")), shuffled(columns, key.named("columns")));
        Self { scale: high, rows, columns, largest_column }
    }

    /// pᵢⱼ.
    pub(super) fn probability(&self, i: usize, j: usize) -> f64 {
        (self.scale * self.rows[i] * self.columns[j]).min(1.0)
    }

    /// maxⱼ pᵢⱼ.
    pub(super) fn largest_in_row(&self, i: usize) -> f64 {
        (self.scale * self.rows[i] * self.largest_column).min(1.0)
    }
}

/// Σ min(1, s·rᵢ·cⱼ) for descending weights.
fn expected_count(rows: &[f64], columns: &[f64], scale: f64) -> f64 {
    let mut tails = vec![0.0; columns.len() + 1];
    for j in (0..columns.len()).rev() {
        tails[j] = tails[j + 1] + columns[j];
    }
    rows.iter()
        .map(|row| {
            let certain = columns.partition_point(|column| scale * row * column >= 1.0);
            certain as f64 + scale * row * tails[certain]
        })
        .sum()
}

/// The values in a random order: sorted by random words.
fn shuffled(values: Vec<f64>, key: StreamKey) -> Vec<f64> {
    let mut rng = key.block(0);
    let mut tagged: Vec<(u64, f64)> = values.into_iter().map(|value| (rng.next_u64(), value)).collect();
    tagged.sort_by_key(|&(tag, _)| tag);
    tagged.into_iter().map(|(_, value)| value).collect()
}
