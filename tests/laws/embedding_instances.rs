//! Random graphs drawn from a key.

use proofsketch::embedding::Graph;
use proofsketch::embedding::{Instance, RMat, StochasticBlockModel, is_bipartite};

use crate::common::seed;

fn assert_simple(instance: &Instance, edges: usize) {
    assert_eq!(instance.edges.len(), edges);
    assert!(instance.edges.windows(2).all(|pair| pair[0] < pair[1]), "sorted and distinct");
    assert!(instance.edges.iter().all(|&(u, v)| u < v && (v as usize) < instance.nodes), "no loops");
}

#[test]
fn graphs_are_simple_and_named_by_their_key() {
    let model = StochasticBlockModel { nodes: 2000, blocks: 8, edges: 15_000, ..Default::default() };
    let r_mat = RMat { nodes: 1500, edges: 9000, ..Default::default() };
    for key in [seed(), seed().indexed(1)] {
        let (blocks, recursive) = (model.sample(key).unwrap(), r_mat.sample(key).unwrap());
        assert_simple(&blocks, 15_000);
        assert_simple(&recursive, 9000);
        for threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            assert_eq!(
                pool.install(|| (model.sample(key).unwrap(), r_mat.sample(key).unwrap())),
                (blocks.clone(), recursive.clone())
            );
        }
    }
    assert_ne!(model.sample(seed()).unwrap().edges, model.sample(seed().indexed(1)).unwrap().edges);
}

#[test]
fn edges_of_the_block_model_stay_inside_as_often_as_asked() {
    let model =
        StochasticBlockModel { nodes: 20_000, blocks: 10, edges: 100_000, within: 0.6, exponent: 3.0 };
    let instance = model.sample(seed()).unwrap();
    let same = |&&(u, v): &&(u32, u32)| instance.communities[u as usize] == instance.communities[v as usize];
    let inside = instance.edges.iter().filter(same).count() as f64 / 100_000.0;
    // 0.6, and a tenth of the rest by chance; repeated edges are rare. The deviation of the count is 0.0015, and the
    // sizes of blocks add about as much.
    assert!((inside - 0.64).abs() < 0.02, "{inside}");
}

#[test]
fn sides_of_bipartite_graphs_are_found() {
    let graph = |edges: &[(u32, u32)]| Graph::undirected((0..6).collect(), edges, None).unwrap();
    assert!(is_bipartite(&graph(&[(0, 1), (1, 2), (2, 3), (3, 0), (4, 5)])));
    assert!(!is_bipartite(&graph(&[(0, 1), (3, 4), (4, 5), (5, 3)])));
    assert!(!is_bipartite(&graph(&[(0, 1), (2, 2)])), "a loop is an odd cycle");
    assert!(!is_bipartite(&graph(&[])), "no edge, no sides");
    let directed = Graph::directed((0..4).collect(), &[(1, 0), (1, 2), (3, 2), (3, 0)], None).unwrap();
    assert!(is_bipartite(&directed));
    let directed = Graph::directed((0..4).collect(), &[(1, 0), (1, 2), (0, 2)], None).unwrap();
    assert!(!is_bipartite(&directed), "directions are of no account");
}
