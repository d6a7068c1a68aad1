//! `.npy` files that cannot be read, each with the error it deserves.

use proofsketch::io::{Error, open_blocks};

use super::io::{error_of, gzipped};

pub fn npy(version: u8, header: &str, data: &[u8]) -> Vec<u8> {
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY", &[version, 0][..], &length, header.as_bytes(), data].concat()
}

#[test]
fn a_npy_file_of_another_kind() {
    for (descr, shape) in [
        ("'<c16'", "(2, 2)"),
        ("'|O'", "(2, 2)"),
        ("'<U3'", "(2,)"),
        ("'<f2'", "(2,)"),
        ("[('x', '<f8')]", "(2,)"),
        ("'<f8'", "(2, 2, 2)"),
        ("'<f8'", "()"),
    ] {
        let header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
        let error = error_of("a.npy", npy(1, &header, &[0; 64]));
        assert!(matches!(error, Error::Unsupported { .. }), "{error}");
    }
    let error = error_of("a.npy", npy(9, "{}", &[]));
    assert!(matches!(error, Error::Unsupported { .. }), "{error}");
}

#[test]
fn a_broken_npy_header() {
    let huge = "{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }";
    for content in [
        b"1,2\n".to_vec(),
        b"\x93NUM".to_vec(),
        b"\x93NUMPY\x01\x00".to_vec(),
        b"\x93NUMPY\x02\x00\x76\x00".to_vec(),
        b"\x93NUMPY\x01\x00\xff\x00{".to_vec(),
        b"\x93NUMPY\x02\x00\xff\xff\xff\xff".to_vec(),
        npy(1, "", &[]),
        npy(1, "{'descr': '<f8', 'shape': (1,)}", &[0; 8]),
        npy(1, "{'descr': '<f8', 'fortran_order': 3, 'shape': (1,)}", &[0; 8]),
        npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}", &[0; 8]),
        npy(1, huge, &[0; 8]),
        npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", &[0; 9]),
        npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (0xffffffffffffffff, 2)}", &[0; 8]),
        npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (1+1,)}", &[0; 16]),
        npy(1, "{'descr': '|b1', 'fortran_order': False, 'shape': (2,)}", &[1, 2]),
        npy(1, &"(".repeat(60_000), &[]),
        npy(1, &"{".repeat(60_000), &[]),
        npy(1, &"{'a':".repeat(10_000), &[]),
    ] {
        let error = error_of("a.npy", &content);
        assert!(matches!(error, Error::Npy { .. }), "{error}");
    }
    let records = npy(1, &"[".repeat(60_000), &[]);
    assert!(matches!(error_of("a.npy", records), Error::Unsupported { .. }));
    let none = npy(1, "{'descr': '<f8', 'fortran_order': False, 'shape': (0, 2000000000000000000)}", &[]);
    assert!(matches!(error_of("a.npy", none), Error::Empty { .. }));
}

#[test]
fn a_npy_file_that_goes_on_after_its_last_number() {
    let dir = tempfile::tempdir().unwrap();
    for order in ["False", "True"] {
        let header = format!("{{'descr': '|u1', 'fortran_order': {order}, 'shape': (2, 2), }}\n");
        let content = npy(1, &header, &[0; 5]);
        for (name, content) in [("a.npy", content.clone()), ("a.npy.gz", gzipped(&content))] {
            assert!(matches!(error_of(name, content), Error::Npy { .. }));
        }
        let path = dir.path().join("a.npy");
        std::fs::write(&path, content).unwrap();
        assert!(matches!(open_blocks(&path, 1), Err(Error::Npy { .. })));
    }
}

#[test]
fn a_npy_file_that_promises_more_than_it_holds() {
    for order in ["False", "True"] {
        let header =
            format!("{{'descr': '<f8', 'fortran_order': {order}, 'shape': (1000000000000, 10), }}\n");
        let promise = npy(1, &header, &[0; 800]);
        for (name, content) in [("a.npy", promise.clone()), ("a.npy.gz", gzipped(&promise))] {
            let error = error_of(name, content);
            assert!(matches!(error, Error::Truncated { .. }), "{error}");
            assert!(error.to_string().contains("800 bytes"), "{error}");
        }
    }
}
