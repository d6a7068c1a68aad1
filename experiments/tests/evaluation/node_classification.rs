//! The protocol: what is learnt from, what is predicted, what is refused.

use nalgebra::DMatrix;
use proofsketch::random::StreamKey;
use proofsketch_experiments::evaluation::{Error, F1, Labels, Protocol, Scores, node_classification};
use proofsketch_experiments::graphs::{
    DebianLabels, blogcatalog, debian_label_names, debian_packages, karate,
};

const NODES: usize = 200;

/// Nodes with one to three of seven classes, every tenth without one.
fn labels() -> Labels {
    let pairs = (0..NODES as u32)
        .filter(|node| node % 10 != 0)
        .flat_map(|node| (0..=node % 3).map(move |k| (node, (node / 10 + 2 * k) % 7)));
    Labels::new(NODES, &pairs.collect::<Vec<_>>()).unwrap()
}

/// One coordinate a class: 1 where the node has it, and `noise` everywhere.
fn embedding(labels: &Labels, noise: f32) -> DMatrix<f32> {
    DMatrix::from_fn(labels.class_count(), NODES, |k, node| {
        let has = labels.of(node).contains(&(k as u32));
        f32::from(u8::from(has)) + noise * (((node * 31 + k * 17) % 101) as f32 / 101.0 - 0.5)
    })
}

fn scores(train_fraction: f64, noise: f32) -> Scores {
    let labels = labels();
    let protocol = Protocol { train_fraction, shuffles: 4, ..Protocol::default() };
    node_classification(&embedding(&labels, noise), &labels, &protocol, StreamKey::from_seed(1)).unwrap()
}

#[test]
fn an_embedding_that_tells_the_classes_scores_one() {
    let scores = scores(0.5, 0.0);
    assert_eq!((scores.training, scores.testing), (90, 90));
    assert_eq!((scores.micro.mean, scores.macro_.mean, scores.unconverged), (1.0, 1.0, 0));
    assert_eq!(scores.shuffles, [F1 { micro: 1.0, macro_: 1.0 }; 4]);
}

#[test]
fn an_embedding_that_tells_nothing_does_not() {
    let labels = labels();
    let blind = DMatrix::from_fn(4, NODES, |j, node| ((node * 37 + j * 11) % 53) as f32);
    let protocol = Protocol { train_fraction: 0.5, ..Protocol::default() };
    let scores = node_classification(&blind, &labels, &protocol, StreamKey::from_seed(1)).unwrap();
    // A node has two of seven classes on average.
    assert!(scores.micro.mean < 0.5, "{scores:?}");
}

#[test]
fn nodes_without_a_class_take_no_part() {
    let labels = labels();
    let plain = embedding(&labels, 0.9);
    let mut other = plain.clone();
    (0..NODES).step_by(10).for_each(|node| other.column_mut(node).fill(1e6));
    let protocol = Protocol { train_fraction: 0.3, ..Protocol::default() };
    let of = |embedding| node_classification(embedding, &labels, &protocol, StreamKey::from_seed(2)).unwrap();
    assert_eq!(of(&plain), of(&other));
}

#[test]
fn same_key_same_scores_on_any_number_of_threads() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| scores(0.3, 1.5))
    };
    let one = on(1);
    assert!(one.micro.mean < 1.0 && one.micro.standard_deviation > 0.0);
    assert!([2, 3, 8].into_iter().all(|threads| on(threads) == one));
}

#[test]
fn what_cannot_be_scored_is_refused() {
    let labels = labels();
    let vectors = embedding(&labels, 0.1);
    let with = |protocol| node_classification(&vectors, &labels, &protocol, StreamKey::from_seed(1));
    for train_fraction in [0.0, 1.0, -0.1, f64::NAN] {
        let refused = with(Protocol { train_fraction, ..Protocol::default() });
        assert!(matches!(refused, Err(Error::Setting { name: "train_fraction", .. })));
    }
    let refused = with(Protocol { train_fraction: 0.001, ..Protocol::default() });
    assert_eq!(refused.unwrap_err(), Error::Split { training: 0, labelled: 180 });
    let refused = with(Protocol { shuffles: 0, ..Protocol::default() });
    assert!(matches!(refused, Err(Error::Setting { name: "shuffles", .. })));

    let protocol = Protocol::default();
    let key = StreamKey::from_seed(1);
    let fewer = vectors.columns(0, NODES - 1).into_owned();
    let refused = node_classification(&fewer, &labels, &protocol, key).unwrap_err();
    assert_eq!(refused, Error::NodeCount { labels: NODES, nodes: NODES - 1 });
    let mut broken = vectors.clone();
    broken[(3, 42)] = f32::INFINITY;
    let refused = node_classification(&broken, &labels, &protocol, key);
    assert!(matches!(refused, Err(Error::NotFinite { example: 42, index: 3, .. })));
    let none = Labels::new(NODES, &[]).unwrap();
    let refused = node_classification(&vectors, &none, &protocol, key).unwrap_err();
    assert_eq!(refused, Error::Split { training: 0, labelled: 0 });
    assert_eq!(Labels::new(3, &[(1, 0), (3, 0)]).unwrap_err(), Error::UnknownNode { node: 3, nodes: 3 });
}

#[test]
fn shipped_graphs_are_what_their_notice_says() {
    let club = karate().unwrap();
    assert_eq!((club.graph.node_count(), club.graph.edge_count(), club.graph.isolated()), (34, 78, 0));
    assert_eq!((club.labels.assignments(), club.labels.labelled().len()), (34, 34));
    for (kind, classes, assignments, labelled) in
        [(DebianLabels::Section, 58, 63_436, 63_436), (DebianLabels::Debtags, 135, 98_574, 30_221)]
    {
        let debian = debian_packages(kind).unwrap();
        assert_eq!((debian.graph.node_count(), debian.graph.edge_count()), (63_436, 294_681));
        assert_eq!(debian.graph.isolated(), 3_100);
        assert_eq!((debian.labels.class_count(), debian_label_names(kind).len()), (classes, classes));
        assert_eq!((debian.labels.assignments(), debian.labels.labelled().len()), (assignments, labelled));
    }
}

#[test]
fn a_graph_that_is_not_blogcatalog_is_told() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [("edges.tsv", "0\t1\n"), ("labels.tsv", "0\t0\n")] {
        std::fs::write(folder.path().join(format!("{name}.gz")), text).unwrap();
    }
    let told = blogcatalog(folder.path()).unwrap_err().to_string();
    assert!(told.contains("1 edges"), "{told}");
    std::fs::write(folder.path().join("edges.tsv.gz"), "0\t1\nx\t2\n").unwrap();
    let told = blogcatalog(folder.path()).unwrap_err().to_string();
    assert!(told.contains("edges.tsv.gz") && told.contains("line 2"), "{told}");
}
