//! Reading edge lists and ratings: two million lines of text, plain and compressed.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use proofsketch::io::{read_edge_list, read_ratings, write_atomically};
use proofsketch::random::{StreamKey, uniform_below};

const LINES: usize = 2_000_000;
const NODES: u32 = 100_000;

/// A file in the folder, and its copy compressed by gzip.
fn files(folder: &Path, name: &str, mut line: impl FnMut(&mut String, u32, u32)) -> [PathBuf; 2] {
    let mut rng = StreamKey::from_seed(1).named(name).block(0);
    let mut text = String::new();
    for _ in 0..LINES {
        let (u, v) = (uniform_below(&mut rng, NODES), uniform_below(&mut rng, NODES));
        line(&mut text, u, v);
    }
    [name.to_owned(), format!("{name}.gz")].map(|name| {
        let path = folder.join(name);
        write_atomically(&path, |out| out.write_all(text.as_bytes())).expect("the folder can be written");
        path
    })
}

fn edge_lists(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let mut group = c.benchmark_group("edge list of 2e6 lines");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(5))
        .throughput(Throughput::Elements(LINES as u64));
    let kinds = [
        files(folder.path(), "integers", |text, u, v| writeln!(text, "{u}\t{v}").expect("memory")),
        files(folder.path(), "weighted", |text, u, v| {
            writeln!(text, "{u} {v} {}.25", u % 7).expect("memory");
        }),
        files(folder.path(), "texts", |text, u, v| writeln!(text, "node-{u},node-{v}").expect("memory")),
    ];
    for path in kinds.iter().flatten() {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        group
            .bench_function(name, |bencher| bencher.iter(|| read_edge_list(path).expect("the file is good")));
    }
    group.finish();
}

fn ratings(c: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is a folder for temporary files");
    let mut group = c.benchmark_group("ratings of 2e6 lines");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(5))
        .throughput(Throughput::Elements(LINES as u64));
    let line =
        |text: &mut String, u, v| writeln!(text, "{u}::{v}::{}::978300760", v % 5 + 1).expect("memory");
    for path in files(folder.path(), "colons", line) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        group.bench_function(name, |bencher| bencher.iter(|| read_ratings(&path).expect("the file is good")));
    }
    group.finish();
}

criterion_group!(benches, edge_lists, ratings);
criterion_main!(benches);
