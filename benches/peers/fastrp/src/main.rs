//! Embeddings of 10⁵ nodes and 2·10⁶ edges, d = 512, powers 3 and 4 with weights 1 and 6.67: this library beside the
//! `fastrp` crate, interleaved. `--only ours|peer GRAPH` runs one of them once, for its peak memory; `--edges GRAPH FILE`
//! writes the edges for `official.py`. GRAPH is `sbm` or `rmat`.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::time::Instant;

use fastrp::{CsrMatrix, FastRPBuilder};
use proofsketch::embedding::{Graph, Instance, Mode, RMat, Settings, StochasticBlockModel, embed};
use proofsketch::random::StreamKey;

const DIM: usize = 512;
const ROUNDS: usize = 5;

fn instance(name: &str) -> Result<Instance, Box<dyn Error>> {
    let key = StreamKey::from_seed(1).named(name);
    Ok(match name {
        "sbm" => StochasticBlockModel::default().sample(key)?,
        "rmat" => RMat::default().sample(key)?,
        _ => return Err(format!("no graph {name}: there are sbm and rmat").into()),
    })
}

fn ours(graph: &Graph) -> f32 {
    let settings = Settings::of(Mode::Official, DIM);
    embed(graph, &settings, StreamKey::from_seed(2)).expect("a graph that fits").vectors[0]
}

/// The crate's weights start at power 0, and its graph is given as it is: symmetric.
fn peer(graph: &CsrMatrix) -> f32 {
    let weights = vec![0.0, 0.0, 0.0, 1.0, 6.67];
    let builder = FastRPBuilder::new(DIM).with_weights(weights).with_seed(2).with_undirected(false);
    builder.fit_csr(graph).expect("a graph that fits")[(0, 0)]
}

fn peer_graph(graph: &Graph) -> CsrMatrix {
    let rows = 0..graph.node_count();
    let mut offsets = vec![0];
    let mut columns = Vec::with_capacity(graph.arc_count());
    for node in rows {
        columns.extend(graph.neighbours(node).iter().map(|&target| target as usize));
        offsets.push(columns.len());
    }
    let values = vec![1.0; columns.len()];
    CsrMatrix::build_from_csr(offsets, columns, values, graph.node_count()).expect("a valid matrix")
}

fn seconds(work: impl FnOnce() -> f32) -> f64 {
    let start = Instant::now();
    std::hint::black_box(work());
    start.elapsed().as_secs_f64()
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn compare(name: &str) -> Result<(), Box<dyn Error>> {
    let graph = instance(name)?.graph()?;
    let theirs = peer_graph(&graph);
    let (mut our_times, mut peer_times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        our_times.push(seconds(|| ours(&graph)));
        peer_times.push(seconds(|| peer(&theirs)));
    }
    println!("{name}: proofsketch {our_times:.3?} s");
    println!("{name}: fastrp {peer_times:.3?} s");
    let (our_time, peer_time) = (median(our_times), median(peer_times));
    println!("{name}: medians {our_time:.3} s and {peer_time:.3} s, ratio {:.3}", our_time / peer_time);
    Ok(())
}

fn only(which: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let graph = instance(name)?.graph()?;
    let time = match which {
        "ours" => seconds(|| ours(&graph)),
        _ => {
            let theirs = peer_graph(&graph);
            drop(graph);
            seconds(|| peer(&theirs))
        }
    };
    println!("{which} {name}: {time:.3} s");
    Ok(())
}

fn write_edges(name: &str, path: &str) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(File::create(path)?);
    for (u, v) in instance(name)?.edges {
        file.write_all(&u.to_le_bytes())?;
        file.write_all(&v.to_le_bytes())?;
    }
    Ok(file.flush()?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match &arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => ["sbm", "rmat"].into_iter().try_for_each(compare),
        ["--only", which @ ("ours" | "peer"), name] => only(which, name),
        ["--edges", name, path] => write_edges(name, path),
        _ => Err("usage: [--only ours|peer GRAPH] [--edges GRAPH FILE]".into()),
    }
}
