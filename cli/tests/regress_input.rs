//! What `proofsketch regress` says of files and settings that it cannot use.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use nalgebra::DMatrix;
use proofsketch::io::write_npy;

use common::plane::{REGRESS, csv_text, rows, table};
use common::{words, write};

mod common;

#[test]
fn a_failed_run_leaves_the_output_alone() {
    let folder = tempfile::tempdir().unwrap();
    let bad = write(folder.path(), "bad.csv", "x,y\n1,2\n3,oops\n5,7\n");
    let out = write(folder.path(), "out.csv", "dear\n");
    for more in [&[][..], &["--stream"]] {
        REGRESS.refused(&bad, &[more, &["--out", out.to_str().unwrap()]].concat());
        assert_eq!(fs::read_to_string(&out).unwrap(), "dear\n");
    }
    let good = table(folder.path(), 300, 1.0);
    let nowhere = folder.path().join("nowhere/out.csv");
    assert!(REGRESS.refused(&good, &["--out", nowhere.to_str().unwrap()]).contains("no folder"));
    assert!(REGRESS.refused(&good, &["--out", folder.path().to_str().unwrap()]).contains("is a folder"));
    assert!(REGRESS.refused(&good, &["--out", good.to_str().unwrap()]).contains("is the input"));
    assert!(fs::read_to_string(&good).unwrap().starts_with("x,y,z,w\n"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
}

#[test]
fn gzipped_tables_are_tables() {
    let folder = tempfile::tempdir().unwrap();
    let plain = table(folder.path(), 900, 1.0);
    let packed = folder.path().join("packed.csv.gz");
    let mut encoder = GzEncoder::new(fs::File::create(&packed).unwrap(), Compression::fast());
    encoder.write_all(&fs::read(&plain).unwrap()).unwrap();
    encoder.finish().unwrap();
    for arguments in [&["--rows", "90"][..], &["--rows", "90", "--stream"]] {
        let (packed, plain) = (REGRESS.answered(&packed, arguments).0, REGRESS.answered(&plain, arguments).0);
        assert_eq!(packed["coefficients"], plain["coefficients"]);
    }
    let bytes = fs::read(&packed).unwrap();
    fs::write(&packed, &bytes[..bytes.len() / 2]).unwrap();
    for more in [&[][..], &["--stream"]] {
        assert!(REGRESS.refused(&packed, more).contains("packed.csv.gz: truncated"));
    }
}

#[test]
fn bad_tables_are_refused_with_their_place() {
    let folder = tempfile::tempdir().unwrap();
    let filled = |line: &str| "1,2,4\n2,3,9\n".repeat(50) + line + "\n3,1,1\n";
    for (text, place) in [
        ("x,y,z\n".to_owned() + &filled("7,oops,9"), "table.csv: line 102, column 2 (y): `oops`"),
        ("x,y,z\n".to_owned() + &filled("7,,9"), "table.csv: line 102, column 2 (y): missing"),
        ("x,y,z\n".to_owned() + &filled("7,8,inf"), "table.csv: line 102, column 3 (z): `inf`"),
        (filled("7,8"), "table.csv: line 101: 2 fields where the first row has 3"),
        (filled("7,8,9,10"), "table.csv: line 101: 4 fields where the first row has 3"),
        (String::new(), "table.csv: has no rows"),
        ("x,y,z\n".to_owned(), "table.csv: has no rows"),
        ("x,y,z\n1,2,3\n4,5,7\n".to_owned(), "table.csv: A has 2 rows for 3 columns"),
    ] {
        let path = write(folder.path(), "table.csv", &text);
        for more in [&["--rows", "20"][..], &["--rows", "20", "--stream"]] {
            let told = REGRESS.refused(&path, more);
            assert!(told.contains(place), "{told}");
        }
    }
    let missing = folder.path().join("missing.csv");
    assert!(REGRESS.refused(&missing, &[]).contains("missing.csv: cannot be opened"));
    assert!(REGRESS.refused(&missing, &["--stream"]).contains("missing.csv: cannot be opened"));
    assert!(REGRESS.refused(folder.path(), &["--stream"]).contains("regular file"));
    let lone = write(folder.path(), "lone.csv", "1\n2\n4\n");
    assert!(REGRESS.refused(&lone, &["--no-intercept"]).contains("lone.csv: the data matrix is empty: 3×0"));
}

#[test]
fn a_matrix_with_nan_or_infinity_is_refused_with_its_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("matrix.npy");
    for (row, column, value, said) in [
        (20_700, 1, f64::NAN, "row 20701, column 2: NaN"),
        (0, 11, f64::NEG_INFINITY, "row 1, column 12: -inf"),
    ] {
        let mut matrix = DMatrix::from_fn(40_000, 12, |i, j| ((i * (j + 1)) % 17) as f64);
        matrix[(row, column)] = value;
        write_npy(&path, &matrix).unwrap();
        for more in [&[][..], &["--stream"]] {
            let told = REGRESS.refused(&path, more);
            assert!(told.contains(&format!("matrix.npy: {said}")), "{told}");
        }
    }
}

#[test]
fn a_table_that_overflows_has_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    for (scale, name) in [(5e305, "huge.csv"), (1e-311, "tiny.csv")] {
        let path = write(folder.path(), name, &csv_text("x,y,z,w", &(rows(400, 1.0) * scale)));
        for more in [&["--rows", "50"][..], &["--rows", "50", "--stream"]] {
            assert!(REGRESS.refused(&path, more).contains("scale the columns"), "{name}");
        }
    }
    let wide = (rows(400, 1.0) * 1e150).insert_column(3, 1e-150);
    let path = write(folder.path(), "wide.csv", &csv_text("x,y,z,u,w", &wide));
    let (answer, _) = REGRESS.answered(&path, &["--no-intercept", "--rows", "300"]);
    assert_eq!(answer["rank"], 4);
}

#[test]
fn bad_settings_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = table(folder.path(), 300, 1.0);
    for more in [&[][..], &["--stream"]] {
        let with = |arguments: &[&'static str]| REGRESS.refused(&path, &[arguments, more].concat());
        assert!(with(&["--target", "speed"]).contains("table.csv: no column `speed`; there are x, y, z, w"));
        assert!(with(&["--target", "5"]).contains("no column `5`"));
        assert!(with(&["--rows", "3"]).contains("a sketch of 3 rows cannot hold 4 columns"));
        assert!(with(&["--rows", "0"]).contains("a sketch of 0 rows"));
        assert!(with(&["--sketch", "sparse-sign:0", "--rows", "50"]).contains("0 nonzeros"));
    }
    for (arguments, said) in [
        (&["--sketch", "goussian"][..], "a similar value exists: 'gaussian'"),
        (&["--eps", "0"], "--eps"),
        (&["--eps", "-1"], "not a finite number > 0"),
        (&["--eps", "inf"], "not a finite number > 0"),
        (&["--eps", "0.1", "--delta", "1"], "between 0 and 1"),
        (&["--eps", "0.1", "--delta", "-0.5"], "between 0 and 1"),
        (&["--delta", "0.1"], "--eps"),
        (&["--eps", "0.1", "--rows", "50"], "cannot be used with"),
        (&["--rows", "-3"], "--rows"),
        (&["--rows", "many"], "many"),
        (&["--refin"], "--refine"),
    ] {
        let output = REGRESS.run(&path, arguments);
        let told = words(&output.stderr);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{arguments:?}: {told}");
        assert!(told.contains(said), "{arguments:?}: {told}");
    }
}
