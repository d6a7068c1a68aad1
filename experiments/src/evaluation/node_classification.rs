use nalgebra::DMatrix;
use proofsketch::random::{StreamKey, uniform_below};
use proofsketch::solve::Status;

use super::{Error, F1, Labels, LogisticSettings, logistic_regression, top_classes};
use crate::Summary;

/// How node classification is measured.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Protocol {
    /// Share of the labelled nodes to learn from, between 0 and 1.
    pub train_fraction: f64,
    /// Random splits to average over.
    pub shuffles: usize,
    /// The classifiers.
    pub logistic: LogisticSettings,
}

impl Default for Protocol {
    /// A tenth of the nodes, 5 shuffles, C = 1.
    fn default() -> Self {
        Self { train_fraction: 0.1, shuffles: 5, logistic: LogisticSettings::default() }
    }
}

/// What came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// The scores of each shuffle.
    pub shuffles: Vec<F1>,
    /// Micro-F1 over the shuffles.
    pub micro: Summary,
    /// Macro-F1 over the shuffles.
    pub macro_: Summary,
    /// Nodes learnt from in each shuffle.
    pub training: usize,
    /// Nodes tested on in each shuffle.
    pub testing: usize,
    /// Shuffles whose regression ended before its tolerance.
    pub unconverged: usize,
}

/// Node classification by the protocol of DeepWalk (Perozzi, Al-Rfou and Skiena, KDD 2014).
///
/// The labelled nodes are shuffled, one-vs-rest [`logistic_regression`] learns from the first ⌊`train_fraction` · n⌋ of them,
/// and of each other node i the k_i classes of greatest score are predicted, k_i being the number of classes it has. A class
/// that no node learnt from has is predicted last. Nodes without a label take no part. Shuffle i depends on the key
/// and i alone: larger shares of the same key contain the smaller ones.
///
/// # Errors
/// [`Error::NodeCount`], [`Error::Setting`], [`Error::Split`], [`Error::NotFinite`].
pub fn node_classification(
    embedding: &DMatrix<f32>,
    labels: &Labels,
    protocol: &Protocol,
    key: StreamKey,
) -> Result<Scores, Error> {
    let Protocol { train_fraction, shuffles, logistic } = protocol;
    let (nodes, labelled) = (embedding.ncols(), labels.labelled());
    if labels.node_count() != nodes {
        return Err(Error::NodeCount { labels: labels.node_count(), nodes });
    }
    if !(*train_fraction > 0.0 && *train_fraction < 1.0) {
        let expected = "it must lie between 0 and 1";
        return Err(Error::Setting { name: "train_fraction", value: *train_fraction, expected });
    }
    if *shuffles == 0 {
        return Err(Error::Setting { name: "shuffles", value: 0.0, expected: "it must be positive" });
    }
    let training = (train_fraction * labelled.len() as f64) as usize;
    if training == 0 || training == labelled.len() {
        return Err(Error::Split { training, labelled: labelled.len() });
    }
    let splits = (0..*shuffles).map(|i| {
        let order = shuffled(&labelled, key.named("shuffle").indexed(i as u64));
        let (train, test) = order.split_at(training);
        split_scores(embedding, labels, train, test, logistic)
    });
    let scored: Vec<(F1, Status)> = splits.collect::<Result<_, Error>>()?;
    let shuffles: Vec<F1> = scored.iter().map(|(f1, _)| *f1).collect();
    Ok(Scores {
        micro: Summary::of(&shuffles.iter().map(|f1| f1.micro).collect::<Vec<_>>()),
        macro_: Summary::of(&shuffles.iter().map(|f1| f1.macro_).collect::<Vec<_>>()),
        unconverged: scored.iter().filter(|(_, status)| *status != Status::Converged).count(),
        training,
        testing: labelled.len() - training,
        shuffles,
    })
}

/// Learns from some nodes and scores the predictions for others.
fn split_scores(
    embedding: &DMatrix<f32>,
    labels: &Labels,
    train: &[usize],
    test: &[usize],
    logistic: &LogisticSettings,
) -> Result<(F1, Status), Error> {
    let mut targets = DMatrix::zeros(train.len(), labels.class_count());
    for (row, &node) in train.iter().enumerate() {
        labels.of(node).iter().for_each(|&class| targets[(row, class as usize)] = 1.0);
    }
    let learnt = logistic_regression(&features(embedding, train)?, &targets, logistic)?;
    let scores = learnt.scores(&features(embedding, test)?).transpose();
    let predicted: Vec<Vec<u32>> = test
        .iter()
        .zip(scores.column_iter())
        .map(|(&node, scores)| top_classes(scores.as_slice(), labels.of(node).len()))
        .collect();
    let truth = test.iter().map(|&node| labels.of(node));
    Ok((F1::of(labels.class_count(), truth, predicted.iter().map(Vec::as_slice)), learnt.status))
}

/// The columns of some nodes as rows.
fn features(embedding: &DMatrix<f32>, nodes: &[usize]) -> Result<DMatrix<f64>, Error> {
    for &node in nodes {
        if let Some(index) = embedding.column(node).iter().position(|value| !value.is_finite()) {
            let value = f64::from(embedding[(index, node)]);
            return Err(Error::NotFinite { what: "feature", example: node, index, value });
        }
    }
    Ok(DMatrix::from_fn(nodes.len(), embedding.nrows(), |row, j| f64::from(embedding[(j, nodes[row])])))
}

/// A uniform permutation (Fisher and Yates).
fn shuffled(nodes: &[usize], key: StreamKey) -> Vec<usize> {
    let mut order = nodes.to_vec();
    let mut rng = key.block(0);
    for i in (1..order.len()).rev() {
        order.swap(i, uniform_below(&mut rng, i as u32 + 1) as usize);
    }
    order
}
