/// The probability that a positive scores above a negative, a tie counted half: the area under the ROC curve.
///
/// NaN if there are no positives or no negatives. Cost: sorting.
///
/// ```
/// use proofsketch_experiments::evaluation::auc;
///
/// assert_eq!(auc(&[2.0, 1.0], &[1.0, 0.0]), 0.875);
/// ```
#[must_use]
pub fn auc(positives: &[f64], negatives: &[f64]) -> f64 {
    let mut sorted = negatives.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let below = |score: &f64| {
        let below = sorted.partition_point(|negative| negative < score);
        let not_above = sorted.partition_point(|negative| negative <= score);
        (below + not_above) as f64 / 2.0
    };
    positives.iter().map(below).sum::<f64>() / (positives.len() as f64 * negatives.len() as f64)
}
