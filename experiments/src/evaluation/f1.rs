/// F1 over several classes, from counts of true positives, false positives and false negatives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct F1 {
    /// 2 TP/(2 TP + FP + FN) of the counts summed over classes.
    pub micro: f64,
    /// The mean over all classes of 2 TP/(2 TP + FP + FN); a class neither there nor predicted counts 0, as in
    /// scikit-learn's `f1_score`.
    pub macro_: f64,
}

/// What is counted for one class.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    both: usize,
    either: usize,
}

impl Counts {
    /// 2 TP/(2 TP + FP + FN), and 0 for 0/0.
    fn f1(self) -> f64 {
        if self.either == 0 { 0.0 } else { 2.0 * self.both as f64 / self.either as f64 }
    }
}

impl F1 {
    /// The scores of predictions, one list of distinct classes a node, against the truth.
    ///
    /// ```
    /// use proofsketch_experiments::evaluation::F1;
    ///
    /// let truth: [&[u32]; 3] = [&[0], &[0, 1], &[2]];
    /// let predicted: [&[u32]; 3] = [&[0], &[0, 2], &[1]];
    /// let f1 = F1::of(3, truth, predicted);
    /// assert_eq!((f1.micro, f1.macro_), (0.5, 1.0 / 3.0));
    /// ```
    ///
    /// # Panics
    /// If a class is not below `classes`.
    #[must_use]
    pub fn of<'a>(
        classes: usize,
        truth: impl IntoIterator<Item = &'a [u32]>,
        predicted: impl IntoIterator<Item = &'a [u32]>,
    ) -> Self {
        let mut counts = vec![Counts::default(); classes];
        for (truth, predicted) in truth.into_iter().zip(predicted) {
            for &class in truth {
                counts[class as usize].either += 1;
                counts[class as usize].both += usize::from(predicted.contains(&class));
            }
            predicted.iter().for_each(|&class| counts[class as usize].either += 1);
        }
        let sum = counts.iter().fold(Counts::default(), |sum, one| Counts {
            both: sum.both + one.both,
            either: sum.either + one.either,
        });
        let macro_ = counts.iter().map(|one| one.f1()).sum::<f64>() / classes.max(1) as f64;
        Self { micro: sum.f1(), macro_ }
    }
}

/// The `count` classes of greatest score, best first; of equal scores the lower class comes first.
///
/// ```
/// use proofsketch_experiments::evaluation::top_classes;
///
/// assert_eq!(top_classes(&[0.1, 0.7, f64::NEG_INFINITY, 0.7], 3), [1, 3, 0]);
/// ```
#[must_use]
pub fn top_classes(scores: &[f64], count: usize) -> Vec<u32> {
    let mut classes: Vec<u32> = (0..scores.len() as u32).collect();
    let better = |a: &u32, b: &u32| scores[*b as usize].total_cmp(&scores[*a as usize]).then(a.cmp(b));
    classes.sort_unstable_by(better);
    classes.truncate(count);
    classes
}
