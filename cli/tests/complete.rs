//! `proofsketch complete` as a user calls it.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use nalgebra::DMatrix;
use proofsketch::io::{read_npy, write_npy};
use serde_json::Value;

mod common;

use common::{Program, write};

const COMPLETE: Program = Program("complete");

fn number(answer: &Value, key: &str) -> f64 {
    answer[key].as_f64().unwrap_or_else(|| panic!("{key} is no number: {answer:#}"))
}

const SHAPE: (usize, usize) = (60, 45);

/// A matrix of rank 2.
fn value(i: usize, j: usize) -> f64 {
    let (s, t) = (i as f64, j as f64);
    (1.0 + 0.3 * s).sin() * (2.0 + 0.7 * t).cos() + 0.5 * (0.9 * s).cos() * (1.1 * t).sin()
}

/// A rating from 1 to 5: the bias of a user, that of an item, a taste, and noise.
fn rating(i: usize, j: usize) -> f64 {
    let noise = ((i * 37 + j * 101 + i * j) % 11) as f64 / 11.0 - 0.5;
    let exact = 3.0 + 0.6 * (i as f64).sin() + 0.6 * (2.0 * j as f64).cos() + value(i, j);
    (exact + noise).round().clamp(1.0, 5.0)
}

/// Entries in training (two of three) and those left.
fn entries(of: fn(usize, usize) -> f64) -> [Vec<(usize, usize, f64)>; 2] {
    let pairs = (0..SHAPE.0).flat_map(|i| (0..SHAPE.1).map(move |j| (i, j)));
    let entries: Vec<_> = pairs.map(|(i, j)| (i, j, of(i, j))).collect();
    let is_kept = |i: usize, j: usize| !(i * 7 + j * 11 + i * j).is_multiple_of(3);
    let (kept, left) = entries.into_iter().partition(|&(i, j, _)| is_kept(i, j));
    [kept, left]
}

fn lines(entries: &[(usize, usize, f64)], separator: &str) -> String {
    entries.iter().map(|(i, j, value)| format!("{i}{separator}item {j}{separator}{value}\n")).collect()
}

/// Training and test file in the folder.
fn files(folder: &Path, of: fn(usize, usize) -> f64) -> [PathBuf; 2] {
    let [train, test] = entries(of);
    [write(folder, "train.csv", &lines(&train, ",")), write(folder, "test.csv", &lines(&test, ","))]
}

fn path(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_matrix_of_low_rank_is_recovered_to_rounding_by_every_solver() {
    let folder = tempfile::tempdir().unwrap();
    let [train, test] = files(folder.path(), value);
    for solver in ["auto", "cholesky", "qr", "cg", "sketch"] {
        let arguments = ["--rank", "2", "--test", path(&test), "--solver", solver];
        let (answer, told) = COMPLETE.answered(&train, &arguments);
        assert_eq!((told.as_str(), &answer["status"]), ("", &Value::from("converged")), "{solver}");
        for error in ["rmse_train", "rmse_validation", "rmse_test"] {
            assert!(number(&answer, error) < 1e-11, "{solver}: {error} {}", answer[error]);
        }
        assert_eq!((&answer["rank"], &answer["effective_rank"]), (&Value::from(2), &Value::from(2)));
    }
}

#[test]
fn json_has_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let [train, test] = files(folder.path(), rating);
    let [kept, left] = entries(rating);
    let (answer, _) =
        COMPLETE.answered(&train, &["--rank", "2", "--biases", "--test", path(&test), "--seed", "3"]);
    assert_eq!(
        (&answer["rows"], &answer["columns"], &answer["observed"], &answer["tested"], &answer["seed"]),
        (&SHAPE.0.into(), &SHAPE.1.into(), &kept.len().into(), &left.len().into(), &3.into())
    );
    for key in ["rmse_train", "rmse_validation", "rmse_test", "iterations", "seconds", "ridge", "mean"] {
        assert!(number(&answer, key) > 0.0, "{key}");
    }
    assert_eq!((&answer["status"], &answer["identifiable"]), (&Value::from("converged"), &Value::from(true)));
    for key in ["empty_rows", "empty_columns", "underdetermined_rows", "underdetermined_columns"] {
        assert_eq!(answer[key], 0, "{key}");
    }
    let (exact, _) = COMPLETE.answered(&train, &["--rank", "2"]);
    assert!(exact["rmse_test"].is_null() && exact["ridge"].is_null());
}

#[test]
fn noisy_ratings_are_told_from_a_matrix_of_low_rank() {
    let folder = tempfile::tempdir().unwrap();
    let [train, test] = files(folder.path(), rating);
    let (exact, told) = COMPLETE.answered(&train, &["--rank", "2", "--test", path(&test)]);
    assert!(told.contains("ratings want --biases"), "{told}");
    let (biased, told) =
        COMPLETE.answered(&train, &["--rank", "2", "--biases", "--ridge", "1", "--test", path(&test)]);
    assert_eq!(told, "");
    assert!(number(&biased, "rmse_test") < number(&exact, "rmse_test"));
    let (alone, _) = COMPLETE.answered(&train, &["--rank", "0", "--biases", "--test", path(&test)]);
    assert!(number(&biased, "rmse_test") < number(&alone, "rmse_test"));
    // A rank that the noise is fitted with: the values held out say so.
    let (_, told) = COMPLETE.answered(&train, &["--rank", "25", "--iterations", "40"]);
    assert!(told.contains("not recovered") || told.contains("iteration limit"), "{told}");
}

#[test]
fn selection_tries_its_grid_on_values_held_out() {
    let folder = tempfile::tempdir().unwrap();
    let [train, test] = files(folder.path(), rating);
    let (answer, _) =
        COMPLETE.answered(&train, &["--select", "--biases", "--rank", "8", "--test", path(&test)]);
    let trials = answer["trials"].as_array().unwrap();
    assert_eq!(trials.len(), 1 + 3 * 6); // biases alone; ranks 2, 4, 8
    let least = trials.iter().map(|trial| number(trial, "rmse")).fold(f64::INFINITY, f64::min);
    assert_eq!(number(&answer, "rmse_validation"), least);
    let chosen = trials.iter().find(|trial| number(trial, "rmse") == least).unwrap();
    assert_eq!((&chosen["rank"], &chosen["ridge"]), (&answer["rank"], &answer["ridge"]));
    let (given, _) = COMPLETE.answered(&train, &["--select", "--biases", "--rank", "8", "--ridge", "2"]);
    assert_eq!(given["trials"].as_array().unwrap().len(), 4);
}

#[test]
fn separators_and_compression_are_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let [train, _] = files(folder.path(), value);
    let text = fs::read_to_string(&train).unwrap();
    let numbers = |file: &Path| {
        let (mut answer, _) = COMPLETE.answered(file, &["--rank", "2", "--threads", "1"]);
        answer.as_object_mut().unwrap().retain(|key, _| !key.starts_with("seconds"));
        answer
    };
    let expected = numbers(&train);
    for (name, separator) in [("a.dat", "::"), ("b.tsv", "\t"), ("c.txt", ";")] {
        assert_eq!(numbers(&write(folder.path(), name, &text.replace(',', separator))), expected, "{name}");
    }
    let zipped = folder.path().join("d.csv.gz");
    let mut encoder = GzEncoder::new(fs::File::create(&zipped).unwrap(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap();
    assert_eq!(numbers(&zipped), expected);
}

#[test]
fn files_hold_the_model_and_have_the_same_bits_on_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    let [train, test] = files(folder.path(), rating);
    // A user and an item that training does not know, and an item with a comma in its name.
    let more = "5,nothing,3\nstranger,item 4,2\nstranger,\"no, thing\",1\n";
    let test = write(folder.path(), "more.csv", &(fs::read_to_string(test).unwrap() + more));
    let out = |name: &str| folder.path().join(name);
    for (name, threads) in [("one", "1"), ("two", "2")] {
        let arguments = ["--rank", "3", "--biases", "--pattern", "--test", path(&test), "--threads", threads];
        let (answer, told) =
            COMPLETE.answered(&train, &[&arguments[..], &["--out", path(&out(name))]].concat());
        assert!(told.contains("1 users and 2 items"), "{told}");
        assert_eq!((&answer["unknown_users"], &answer["unknown_items"]), (&1.into(), &2.into()));
    }
    let names = ["user_factors.npy", "item_factors.npy", "users.csv", "items.csv", "predictions.csv"];
    for name in names {
        assert_eq!(
            fs::read(out("one").join(name)).unwrap(),
            fs::read(out("two").join(name)).unwrap(),
            "{name}"
        );
    }
    let mut found: Vec<_> =
        fs::read_dir(out("one")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    found.sort();
    assert_eq!(found.len(), names.len() + 1, "{found:?}"); // and summary.json

    // The predictions are those of the model in the files.
    let u = read_npy(out("one").join("user_factors.npy")).unwrap();
    let v = read_npy(out("one").join("item_factors.npy")).unwrap();
    assert_eq!((u.shape(), v.shape()), ((SHAPE.0, 3), (SHAPE.1, 3)));
    let table = |name: &str| {
        let mut reader = csv::Reader::from_path(out("one").join(name)).unwrap();
        reader.records().map(Result::unwrap).collect::<Vec<_>>()
    };
    let (users, items, predictions) = (table("users.csv"), table("items.csv"), table("predictions.csv"));
    let summary: Value = serde_json::from_slice(&fs::read(out("one").join("summary.json")).unwrap()).unwrap();
    let (mean, mut sum) = (number(&summary, "mean"), 0.0);
    for line in &predictions {
        let place =
            |names: &[csv::StringRecord], name: &str| names.iter().position(|known| &known[0] == name);
        let (user, item) = (place(&users, &line[0]), place(&items, &line[1]));
        let bias = |names: &[csv::StringRecord], index: Option<usize>| {
            index.map_or(0.0, |index| names[index][2].parse::<f64>().unwrap())
        };
        let product = user.zip(item).map_or(0.0, |(i, j)| u.row(i).dot(&v.row(j)));
        let expected = (mean + bias(&users, user) + bias(&items, item) + product).clamp(1.0, 5.0);
        let prediction: f64 = line[3].parse().unwrap();
        assert!((prediction - expected).abs() < 1e-12, "{line:?}: {expected}");
        sum += (prediction - line[2].parse::<f64>().unwrap()).powi(2);
    }
    let rmse = (sum / predictions.len() as f64).sqrt();
    assert!((rmse - number(&summary, "rmse_test")).abs() < 1e-12);
}

#[test]
fn a_folder_keeps_what_it_had() {
    let folder = tempfile::tempdir().unwrap();
    let [train, test] = files(folder.path(), rating);
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    let (kept, old) = (write(&out, "notes.txt", "mine"), write(&out, "users.csv", "old"));
    let broken = write(folder.path(), "broken.csv", "1,item 3,4\n2,item 4,many\n");
    let told =
        COMPLETE.refused(&train, &["--rank", "2", "--biases", "--test", path(&broken), "--out", path(&out)]);
    assert!(told.contains("broken.csv: line 2, column 3: `many`"), "{told}");
    assert_eq!(fs::read_to_string(&old).unwrap(), "old");
    COMPLETE.answered(&train, &["--rank", "2", "--biases", "--test", path(&test), "--out", path(&out)]);
    assert_eq!(fs::read_to_string(&kept).unwrap(), "mine");
    assert!(fs::read_to_string(&old).unwrap().starts_with("user,ratings,bias\n0,"));
    for (out, why) in [(&train, "is a file"), (&folder.path().join("no/where"), "there is no folder")] {
        let told = COMPLETE.refused(&train, &["--rank", "2", "--out", path(out)]);
        assert!(told.contains("--out") && told.contains(why), "{told}");
    }
}

#[test]
fn a_dense_matrix_has_its_holes_filled() {
    let folder = tempfile::tempdir().unwrap();
    let [kept, _] = entries(value);
    let mut holes = DMatrix::from_element(SHAPE.0, SHAPE.1, f64::NAN);
    kept.iter().for_each(|&(i, j, value)| holes[(i, j)] = value);
    let npy = folder.path().join("holes.npy");
    write_npy(&npy, &holes).unwrap();
    let text: String = holes
        .row_iter()
        .map(|row| {
            row.iter()
                .map(|x| if x.is_nan() { String::new() } else { x.to_string() })
                .collect::<Vec<_>>()
                .join(",")
                + "\n"
        })
        .collect();
    let csv = write(folder.path(), "holes.csv", &text);
    let full = DMatrix::from_fn(SHAPE.0, SHAPE.1, value);
    for file in [npy, csv] {
        let out = folder.path().join("filled");
        let (answer, _) = COMPLETE.answered(&file, &["--rank", "2", "--dense-with-nan", "--out", path(&out)]);
        assert_eq!(answer["observed"], kept.len());
        let completed = read_npy(out.join("completed.npy")).unwrap();
        assert!((completed - &full).amax() < 1e-10);
        COMPLETE.refused(&file, &["--rank", "2"]); // not without the option
    }
    let infinite = write(folder.path(), "infinite.csv", "1,2\n,inf\n");
    let told = COMPLETE.refused(&infinite, &["--rank", "1", "--dense-with-nan"]);
    assert!(told.contains("line 2, column 2: `inf` is not finite"), "{told}");
}

#[test]
fn bad_files_are_refused_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        ("1,a,3\n1,b,x\n", "line 2, column 3: `x` is not a number"),
        ("1,a,3\n\n1,b\n", "line 3: `1,b` is not `user item value [time]`"),
        ("1,a,3\n1,b,nan\n", "line 2, column 3: missing value"),
        ("", "has no"),
        ("1,a,0\n2,b,0\n", "all 2 values are zero"),
        (
            "1,a,3\n1,b,4\n1,a,5\n",
            "user `1` rated item `a` twice (ratings 1 and 3 of the file): --duplicates average",
        ),
    ];
    for (text, why) in cases {
        let file = write(folder.path(), "bad.csv", text);
        let told = COMPLETE.refused(&file, &["--rank", "1"]);
        assert!(told.contains("bad.csv") && told.contains(why), "{text:?}: {told}");
    }
    let missing = COMPLETE.refused(&folder.path().join("none.csv"), &["--rank", "1"]);
    assert!(missing.contains("none.csv: cannot be opened"), "{missing}");
    let twice = write(folder.path(), "twice.csv", "1,a,3\n1,b,4\n1,a,5\n2,a,2\n");
    let (answer, _) = COMPLETE.answered(&twice, &["--rank", "1", "--duplicates", "average", "--biases"]);
    assert_eq!(answer["observed"], 3);
    assert!((number(&answer, "mean") - 10.0 / 3.0).abs() < 1e-15);
}

#[test]
fn settings_that_make_no_sense_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let [train, _] = files(folder.path(), value);
    let cases: [(&[&str], &str); 7] = [
        (&["--rank", "46"], "rank 46 is out of range for a 60×45 matrix"),
        (&["--rank", "46", "--biases"], "rank 46 is out of range"),
        (&["--rank", "0"], "--rank 0 leaves nothing to fit"),
        (&["--rank", "2", "--sampling", "split"], "too few to split into"),
        (
            &["--rank", "2", "--sampling", "split", "--biases"],
            "--sampling split is for entries without noise",
        ),
        (&["--select", "--validation", "0"], "--select chooses on values held out"),
        (&["--rank", "2", "--biases", "--ridge", "0", "--bias-ridge", "1"], "bias_ridge = 1 is out of range"),
    ];
    for (arguments, why) in cases {
        let told = COMPLETE.refused(&train, arguments);
        assert!(told.contains(why), "{arguments:?}: {told}");
    }
    for arguments in [
        &["--rank", "-1"][..],
        &[],
        &["--rank", "2", "--ridge", "-1"],
        &["--rank", "2", "--test", "a", "--dense-with-nan"],
    ] {
        assert_eq!(COMPLETE.run(&train, arguments).status.code(), Some(2), "{arguments:?}");
    }
}
