//! FastRP of block-model and R-MAT graphs: cost against edges and dimensions, full size, and the rates that bound it.
#![allow(missing_docs)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use proofsketch::embedding::{Graph, Mode, RMat, Settings, StochasticBlockModel, embed};
use proofsketch::random::StreamKey;
use rayon::prelude::*;

fn block_model(nodes: usize, edges: usize) -> Graph {
    let model = StochasticBlockModel { nodes, edges, ..StochasticBlockModel::default() };
    model.sample(StreamKey::from_seed(1)).expect("a sparse graph").graph().expect("distinct keys")
}

fn run(graph: &Graph, dim: usize) -> usize {
    embed(graph, &Settings::of(Mode::Official, dim), StreamKey::from_seed(2)).expect("a graph").zero_vectors
}

/// Edges at a fixed mean degree and at a fixed number of nodes, dimensions at a fixed graph.
fn slopes(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("embed_edges_d128");
    group.sample_size(10);
    for edges in [125_000, 250_000, 500_000, 1_000_000, 2_000_000] {
        let graph = block_model(edges / 20, edges);
        group.throughput(Throughput::Elements(edges as u64));
        group.bench_function(BenchmarkId::from_parameter(edges), |bench| {
            bench.iter(|| run(black_box(&graph), 128));
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("embed_edges_100000_nodes_d128");
    group.sample_size(10);
    for edges in [1_000_000, 2_000_000, 4_000_000, 8_000_000] {
        let graph = block_model(100_000, edges);
        group.throughput(Throughput::Elements(edges as u64));
        group.bench_function(BenchmarkId::from_parameter(edges), |bench| {
            bench.iter(|| run(black_box(&graph), 128));
        });
    }
    group.finish();
    let mut group = criterion.benchmark_group("embed_dimensions_500000_edges");
    group.sample_size(10);
    let graph = block_model(25_000, 500_000);
    for dim in [64, 128, 256, 512, 1024] {
        group.throughput(Throughput::Elements(dim as u64));
        group.bench_function(BenchmarkId::from_parameter(dim), |bench| {
            bench.iter(|| run(black_box(&graph), dim));
        });
    }
}

fn full_size(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("embed_100000x512");
    group.sample_size(10);
    let graph = block_model(100_000, 2_000_000);
    group.bench_function("block_model", |bench| bench.iter(|| run(black_box(&graph), 512)));
    let graph = RMat::default().sample(StreamKey::from_seed(1)).expect("a sparse graph");
    let graph = graph.graph().expect("distinct keys");
    group.bench_function("r_mat", |bench| bench.iter(|| run(black_box(&graph), 512)));
}

/// Lines of 64 bytes at random places of a table of the size of a tile, and a large array in order.
fn rates(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read_rates");
    group.sample_size(10);
    let graph = block_model(100_000, 2_000_000);
    let places: Vec<u32> = (0..graph.node_count()).flat_map(|node| graph.neighbours(node)).copied().collect();
    let table = vec![[1_u64; 8]; graph.node_count()];
    group.throughput(Throughput::Bytes(64 * places.len() as u64));
    group.bench_function("random_lines_of_a_tile", |bench| {
        bench.iter(|| {
            let sums = black_box(&places).par_chunks(1 << 15).map(|places| {
                let mut sum = [0_u64; 8];
                for &place in places {
                    sum.iter_mut().zip(&table[place as usize]).for_each(|(sum, entry)| *sum ^= entry);
                }
                sum.into_iter().fold(0, |all, entry| all ^ entry)
            });
            sums.reduce(|| 0, |x, y| x ^ y)
        });
    });
    let large = vec![1_u64; 1 << 26];
    group.throughput(Throughput::Bytes(8 * large.len() as u64));
    group.bench_function("memory_in_order", |bench| {
        bench.iter(|| {
            let sums = black_box(&large).par_chunks(1 << 16).map(|chunk| {
                let mut lanes = [0_u64; 32];
                for part in chunk.as_chunks::<32>().0 {
                    lanes.iter_mut().zip(part).for_each(|(lane, value)| *lane ^= value);
                }
                lanes.iter().fold(0, |all, lane| all ^ lane)
            });
            sums.reduce(|| 0, |x, y| x ^ y)
        });
    });
}

criterion_group!(benches, full_size, rates, slopes);
criterion_main!(benches);
