//! `proofsketch embed` as a user calls it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use nalgebra::DMatrix;
use proofsketch::io::{read_names, read_npy, write_npy};
use serde_json::Value;

mod common;

use common::{Program, words, write};

const EMBED: Program = Program("embed");

/// A file that the project ships.
fn shipped(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../experiments/data").join(name)
}

/// The vectors of a graph, one row a node.
fn vectors(edges: &Path, arguments: &[&str]) -> DMatrix<f64> {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("vectors.npy");
    EMBED.answered(edges, &[arguments, &["--out", out.to_str().unwrap()]].concat());
    read_npy(&out).unwrap()
}

const KARATE: &str = "karate/edges.tsv.gz";

#[test]
fn json_has_its_keys() {
    let (answer, told) =
        EMBED.answered(&shipped(KARATE), &["--dim", "64", "--weights", "0,1,1", "--seed", "3"]);
    for (key, value) in [
        ("nodes", 34.into()),
        ("edges", 78.into()),
        ("isolated", 0.into()),
        ("dim", 64.into()),
        ("weights", vec![0.0, 1.0, 1.0].into()),
        ("self_influence", 0.0.into()),
        ("beta", (-0.64).into()),
        ("mode", "official".into()),
        ("directed", Value::Null),
        ("weighted", false.into()),
        ("self_loops", 0.into()),
        ("duplicates", 0.into()),
        ("zero_vectors", 0.into()),
        ("seed", 3.into()),
        ("micro_f1", Value::Null),
        ("macro_f1", Value::Null),
        ("seconds_write", Value::Null),
        ("warnings", Vec::<Value>::new().into()),
    ] {
        assert_eq!(answer[key], value, "{key}");
    }
    assert_eq!(told, "");
    for key in ["seconds", "seconds_read", "seconds_embed"] {
        assert!(answer[key].as_f64().unwrap() > 0.0, "{key}");
    }
    assert!(answer["peak_bytes"].as_u64().is_some_and(|bytes| bytes > 1 << 20) || !cfg!(target_os = "linux"));
}

#[test]
fn the_factions_of_the_karate_club_are_told_apart() {
    let labels = shipped("karate/labels.tsv.gz");
    let arguments =
        ["--dim", "128", "--labels", labels.to_str().unwrap(), "--train", "0.5", "--shuffles", "20"];
    let (answer, told) = EMBED.answered(&shipped(KARATE), &arguments);
    assert_eq!(told, "");
    assert_eq!(
        (&answer["classes"], &answer["training"], &answer["testing"]),
        (&2.into(), &17.into(), &17.into())
    );
    assert_eq!(answer["shuffles"], 20);
    for key in ["micro_f1", "macro_f1"] {
        let score = answer[key].as_f64().unwrap();
        assert!(score > 0.8 && score <= 1.0, "{key}: {score}"); // half would be chance
    }
    let output = EMBED.run(&shipped(KARATE), &arguments);
    let told = words(&output.stdout);
    let micro = format!("micro-F1  {:.4}", answer["micro_f1"].as_f64().unwrap());
    assert!(told.contains(&micro) && told.contains("34, 0 of them isolated"), "{told}");
    let none = tempfile::tempdir().unwrap();
    let labels = write(none.path(), "labels", "0 a\n1 b\n");
    let told = EMBED.refused(&shipped(KARATE), &["--dim", "8", "--labels", labels.to_str().unwrap()]);
    assert!(told.contains("labels: 0 of 2 labelled nodes to train on"), "{told}");
}

#[test]
fn the_same_bits_on_any_number_of_threads_and_others_from_another_seed() {
    let edges = shipped(KARATE);
    for mode in ["official", "paper", "gds", "randne"] {
        let one = vectors(&edges, &["--dim", "32", "--mode", mode, "--threads", "1"]);
        assert_eq!(one.shape(), (34, 32));
        assert!(one.iter().any(|&entry| entry != 0.0));
        assert_eq!(vectors(&edges, &["--dim", "32", "--mode", mode, "--threads", "2"]), one);
        assert_ne!(vectors(&edges, &["--dim", "32", "--mode", mode, "--seed", "1"]), one);
    }
}

#[test]
fn the_vector_of_a_node_depends_on_its_id_and_not_on_the_order_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let one = write(folder.path(), "one.csv", "source,target\nada,bob\nbob,7\n7,ada\n7,eve\n");
    let other = write(folder.path(), "other.tsv", "7\teve\nada\t7\nbob\tada\n7\tbob\n");
    let nodes = write(folder.path(), "nodes.txt", "eve\n7\nada\nbob\n");
    let declared = vectors(&one, &["--dim", "16", "--nodes", nodes.to_str().unwrap(), "--weights", "1,1"]);
    for edges in [&one, &other] {
        let out = folder.path().join("v.npy");
        EMBED.answered(edges, &["--dim", "16", "--weights", "1,1", "--out", out.to_str().unwrap()]);
        let (rows, names) =
            (read_npy(&out).unwrap(), read_names(folder.path().join("v.npy.nodes.txt")).unwrap());
        for (row, name) in ["eve", "7", "ada", "bob"].iter().enumerate() {
            assert_eq!(rows.row(names.index_of(name).unwrap() as usize), declared.row(row), "{name}");
        }
    }
}

#[test]
fn vectors_are_written_with_their_ids() {
    let folder = tempfile::tempdir().unwrap();
    let edges = write(folder.path(), "edges.csv", "\"x, y\",b\nb,12\n12,\"x, y\"\nb,d\n");
    let expected = vectors(&edges, &["--dim", "8"]);
    for (name, delimiter) in [("v.csv", b','), ("v.tsv", b'\t'), ("v.csv.gz", b',')] {
        let out = folder.path().join(name);
        EMBED.answered(&edges, &["--dim", "8", "--out", out.to_str().unwrap()]);
        assert!(!folder.path().join(format!("{name}.nodes.txt")).exists());
        let file = fs::read(&out).unwrap();
        let text = if name.ends_with(".gz") { gunzipped(&file) } else { file };
        let mut lines = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(&text[..]);
        assert_eq!(lines.headers().unwrap(), vec!["node", "x1", "x2", "x3", "x4", "x5", "x6", "x7", "x8"]);
        let lines: Vec<_> = lines.records().map(Result::unwrap).collect();
        assert_eq!(lines.iter().map(|line| &line[0]).collect::<Vec<_>>(), ["x, y", "b", "12", "d"]);
        for (line, row) in lines.iter().zip(expected.row_iter()) {
            let numbers = line.iter().skip(1).map(|field| f64::from(field.parse::<f32>().unwrap()));
            assert!(numbers.eq(row.iter().copied()), "{name}");
        }
    }
    let out = folder.path().join("v.npy.gz");
    EMBED.answered(&edges, &["--dim", "8", "--out", out.to_str().unwrap()]);
    assert_eq!(read_npy(&out).unwrap(), expected);
    assert_eq!(fs::read_to_string(folder.path().join("v.npy.gz.nodes.txt")).unwrap(), "x, y\nb\n12\nd\n");
}

fn gunzipped(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut text).unwrap();
    text
}

#[test]
fn vectors_that_exceed_the_memory_budget_are_written_in_blocks() {
    let folder = tempfile::tempdir().unwrap();
    let (edges, out) = (shipped(KARATE), folder.path().join("v.npy"));
    for settings in [&["--dim", "200"][..], &["--dim", "200", "--standardize", "rows", "--directed", "both"]]
    {
        let (whole, (expected, warned)) = (vectors(&edges, settings), EMBED.answered(&edges, settings));
        let with = |budget| [settings, &["--memory-budget", budget, "--out", out.to_str().unwrap()]].concat();
        for budget in ["50kB", "20000", "1GiB"] {
            let (answer, told) = EMBED.answered(&edges, &with(budget));
            assert_eq!(read_npy(&out).unwrap(), whole, "{budget}");
            assert_eq!(told, warned, "{budget}");
            for key in ["isolated", "zero_vectors", "warnings"] {
                assert_eq!(answer[key], expected[key], "{budget}: {key}");
            }
            let fortran = fs::read(&out).unwrap()[..128].windows(4).any(|bytes| bytes == b"True");
            assert_eq!(fortran, !budget.ends_with("GiB"), "{budget}");
        }
        assert_eq!(read_names(folder.path().join("v.npy.nodes.txt")).unwrap().len(), 34);
        fs::write(&out, "dear").unwrap();
        assert!(EMBED.refused(&edges, &with("100")).contains("memory budget"));
        assert_eq!(fs::read_to_string(&out).unwrap(), "dear");
    }
    assert!(EMBED.refused(&edges, &["--memory-budget", "1kB"]).contains("only --out FILE.npy"));
    let labels = shipped("karate/labels.tsv.gz");
    let scored =
        ["--memory-budget", "1kB", "--out", out.to_str().unwrap(), "--labels", labels.to_str().unwrap()];
    assert!(EMBED.refused(&edges, &scored).contains("without --labels"));
}

#[test]
fn a_failed_run_leaves_the_output_alone() {
    let folder = tempfile::tempdir().unwrap();
    let bad = write(folder.path(), "bad.txt", "1 2\n3\n");
    let good = write(folder.path(), "good.txt", "1 2\n2 3\n");
    let labels = write(folder.path(), "labels.txt", "1 a\n9 b\n");
    let out = write(folder.path(), "out.npy", "dear");
    let files: BTreeSet<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    let out = out.to_str().unwrap();
    EMBED.refused(&bad, &["--out", out]);
    EMBED.refused(&good, &["--out", out, "--labels", labels.to_str().unwrap()]);
    EMBED.refused(&good, &["--out", out, "--weights", "0"]);
    assert!(
        EMBED
            .refused(&good, &["--out", folder.path().join("no/out.npy").to_str().unwrap()])
            .contains("no folder")
    );
    assert!(EMBED.refused(&good, &["--out", folder.path().to_str().unwrap()]).contains("is a folder"));
    for input in [&good, &labels] {
        let arguments = ["--labels", labels.to_str().unwrap(), "--out", input.to_str().unwrap()];
        assert!(EMBED.refused(&good, &arguments).contains("is the input"));
    }
    assert_eq!(fs::read_to_string(out).unwrap(), "dear");
    assert!(fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path()).eq_set(&files));
}

trait EqSet {
    fn eq_set(self, other: &BTreeSet<PathBuf>) -> bool;
}

impl<I: Iterator<Item = PathBuf>> EqSet for I {
    fn eq_set(self, other: &BTreeSet<PathBuf>) -> bool {
        self.collect::<BTreeSet<_>>() == *other
    }
}

#[test]
fn bad_edges_are_refused_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    for (text, said) in [
        ("", "edges.txt: has no edges"),
        ("# 1 2\n", "edges.txt: has no edges"),
        ("1 2\n\n3\n", "edges.txt: line 3: `3` is not `u v [weight]`"),
        ("1 2\n3 4 5\n", "edges.txt: line 2: 3 fields where the first row has 2"),
        ("1,2,1\n2,3,-1\n", "edges.txt: line 2, column 3: `-1` is not a weight"),
        ("1,2,1\n2,3,NaN\n", "edges.txt: line 2, column 3: missing"),
        ("1\t2\t1\n2\t3\tx\n", "edges.txt: line 2, column 3: `x` is not a number"),
        ("1\t2\n2\t\n", "edges.txt: line 2, column 2: missing"),
    ] {
        let path = write(folder.path(), "edges.txt", text);
        let told = EMBED.refused(&path, &["--dim", "4"]);
        assert!(told.contains(said), "{told}");
    }
    assert!(EMBED.refused(&folder.path().join("absent"), &[]).contains("absent: cannot be opened"));
}

#[test]
fn unknown_nodes_are_refused_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let edges = write(folder.path(), "edges.txt", "0 1\n1 2\n2 0\n");
    let labels = write(folder.path(), "labels.txt", "# of nodes\n0 a\n4 b\n1 a\n2 b\n");
    let with_labels = ["--dim", "8", "--train", "0.5", "--labels", labels.to_str().unwrap()];
    let told = EMBED.refused(&edges, &with_labels);
    assert!(
        told.contains("labels.txt: line 3, column 1: `4` is not a known node") && told.contains("--nodes"),
        "{told}"
    );
    let (answer, told) = EMBED.answered(&edges, &[&with_labels[..], &["--nodes", "5"]].concat());
    assert_eq!(
        (&answer["nodes"], &answer["isolated"], &answer["zero_vectors"]),
        (&5.into(), &2.into(), &2.into())
    );
    assert!(told.contains("2 of 5 vectors are zero"), "{told}");
    assert!(answer["warnings"][0].as_str().unwrap().contains("2 of 5"), "{answer}");
    let told = EMBED.refused(&edges, &["--nodes", "2"]);
    assert!(
        told.contains("edges.txt: line 2, column 2: `2` is not a known node: it is not among --nodes"),
        "{told}"
    );
    let names = write(folder.path(), "nodes.txt", "0\n1\n2\n1\n");
    assert!(
        EMBED
            .refused(&edges, &["--nodes", names.to_str().unwrap()])
            .contains("nodes.txt: line 4, column 1: `1` occurs")
    );
}

#[test]
fn options_mean_what_they_say() {
    let folder = tempfile::tempdir().unwrap();
    let edges = write(folder.path(), "edges.txt", "0 1 2\n1 2 0.5\n2 0 1\n2 3 1\n3 3 1\n0 1 1\n");
    let with = |arguments: &[&str]| vectors(&edges, &[&["--dim", "12"], arguments].concat());
    let plain = with(&[]);
    assert_eq!(vectors(&edges, &["--embedding-dimension", "12", "--weighted"]), plain);
    assert_eq!(
        with(&["--mode", "gds"]),
        with(&["--mode", "gds", "--iteration-weights", "[0.0, 1.0, 1.0]", "--sparsity", "3"])
    );
    assert_eq!(
        with(&["--beta", "-.5", "--self-influence", "2"]),
        with(&["--normalization-strength", "-0.5", "--node-self-influence", "2"])
    );
    for other in [
        &["--unweighted"][..],
        &["--directed", "out"],
        &["--directed", "in"],
        &["--directed", "both"],
        &["--matrix", "adjacency"],
        &["--standardize", "rows"],
        &["--projection", "gaussian"],
        &["--sparsity", "1"],
        &["--no-normalize"],
        &["--weights", "1,-1"],
    ] {
        assert_ne!(with(other), plain, "{other:?}");
    }
    let rows = with(&["--standardize", "rows", "--self-influence", "1"]);
    assert!(rows.row_iter().all(|row| (row.norm() - 1.0).abs() < 1e-6));
    let (answer, _) = EMBED.answered(&edges, &["--dim", "4"]);
    assert_eq!(
        (&answer["self_loops"], &answer["duplicates"], &answer["weighted"]),
        (&1.into(), &1.into(), &true.into())
    );
}

#[test]
fn features_take_the_place_of_random_coordinates() {
    let folder = tempfile::tempdir().unwrap();
    // Two copies of a path, with the same features.
    let edges = write(folder.path(), "edges.txt", "0 1\n1 2\n3 4\n4 5\n");
    let features = folder.path().join("features.npy");
    write_npy(&features, &DMatrix::from_fn(6, 3, |i, j| ((i % 3) * (j + 1)) as f64)).unwrap();
    let ratio = |ratio| {
        let features = features.to_str().unwrap();
        vectors(
            &edges,
            &["--dim", "16", "--features", features, "--property-ratio", ratio, "--weights", "1,1"],
        )
    };
    let (all, some) = (ratio("1"), ratio("0.25"));
    assert_eq!(all.rows(0, 3), all.rows(3, 3));
    assert_ne!(some.rows(0, 3), some.rows(3, 3));
    write_npy(&features, &DMatrix::from_element(5, 3, 1.0)).unwrap();
    assert!(
        EMBED
            .refused(&edges, &["--features", features.to_str().unwrap()])
            .contains("features.npy: 5 rows for 6 nodes")
    );
    let mut broken = DMatrix::from_element(6, 3, 1.0);
    broken[(4, 2)] = f64::NAN;
    write_npy(&features, &broken).unwrap();
    let told = EMBED.refused(&edges, &["--features", features.to_str().unwrap()]);
    assert!(told.contains("features.npy: row 5, column 3: NaN"), "{told}");
}

#[test]
fn bad_settings_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let edges = write(folder.path(), "edges.txt", "0 1\n1 2\n");
    for (arguments, said) in [
        (&["--dim", "0"][..], "dimension"),
        (&["--dim", "5", "--directed", "both"], "must be even"),
        (&["--weights", "0,0"], "zero"),
        (&["--sparsity", "0.5"], "sparsity"),
        (&["--weighted"], "edges.txt: there is no third column, but --weighted"),
    ] {
        let told = EMBED.refused(&edges, arguments);
        assert!(told.contains(said), "{told}");
    }
    for (arguments, said) in [
        (&["--weights", "1,x"][..], "`x` is not a finite number"),
        (&["--dim", "-1"], "--dim"),
        (&["--mode", "fast"], "official"),
        (&["--directed", "up"], "both"),
        (&["--train", "0.5"], "--labels"),
        (&["--labels", "l", "--train", "1"], "between 0 and 1"),
        (&["--labels", "l", "--shuffles", "0"], "--shuffles"),
        (&["--feature-ratio", "0.5"], "--features"),
        (&["--features", "f", "--feature-ratio", "-2"], "not a number from 0 to 1"),
        (&["--weighted", "--unweighted"], "cannot be used with"),
        (&["--memory-budget", "2 parsecs"], "not a unit"),
        (&["--nodes", "0"], "number of nodes"),
        (&["--beta", "steep"], "steep"),
    ] {
        let output = EMBED.run(&edges, arguments);
        let told = words(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {told}");
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
}
