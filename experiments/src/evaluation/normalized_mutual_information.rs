use std::collections::BTreeMap;

/// 2 I(a; b)/(H(a) + H(b)) of two partitions of the same points: 1 for equal partitions, about 0 for independent ones.
///
/// With I = 0 and both entropies 0 (one cluster each) it is 1. The arithmetic mean of entropies is the default of
/// scikit-learn's `normalized_mutual_info_score`.
///
/// ```
/// use proofsketch_experiments::evaluation::normalized_mutual_information as nmi;
///
/// assert_eq!(nmi(&[0, 0, 1, 1], &[5, 5, 2, 2]), 1.0);
/// assert!(nmi(&[0, 0, 1, 1], &[0, 1, 0, 1]).abs() < 1e-15);
/// ```
///
/// # Panics
/// If the partitions are of different numbers of points.
#[must_use]
pub fn normalized_mutual_information(a: &[u32], b: &[u32]) -> f64 {
    assert_eq!(a.len(), b.len(), "partitions of different numbers of points");
    let n = a.len() as f64;
    let joint = entropy(a.iter().zip(b), n);
    let (of_a, of_b) = (entropy(a, n), entropy(b, n));
    if of_a + of_b == 0.0 { 1.0 } else { (2.0 * (of_a + of_b - joint) / (of_a + of_b)).max(0.0) }
}

/// −Σ p ln p of the shares of equal values.
fn entropy<T: Ord>(values: impl IntoIterator<Item = T>, n: f64) -> f64 {
    let mut counts: BTreeMap<T, usize> = BTreeMap::new();
    values.into_iter().for_each(|value| *counts.entry(value).or_default() += 1);
    -counts.values().map(|&count| count as f64 / n).map(|share| share * share.ln()).sum::<f64>()
}
