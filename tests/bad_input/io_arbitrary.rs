//! Files of arbitrary bytes: every reader answers or refuses, and none panics.

use proptest::prelude::*;

use crate::every_reader;

/// Reads a file of this content as any matrix.
fn read_in_every_way(name: &str, content: &[u8]) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    every_reader::read_as_matrix(&path);
    every_reader::read_as_matrix_market(&path);
}

/// Reads a file of this content as every kind of list.
fn read_as_every_list(content: &[u8]) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("list");
    std::fs::write(&path, content).unwrap();
    every_reader::read_as_edges(&path);
    every_reader::read_as_ratings(&path);
    every_reader::read_as_labels(&path);
    every_reader::read_as_names(&path);
}

/// Text in which numbers, delimiters and oddities are common.
fn scraps() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "1",
        "2",
        "0",
        "-1",
        ".5",
        "1e9",
        "1e999",
        "nan",
        "NA",
        "inf",
        "x",
        "é",
        ",",
        ",",
        ";",
        "\t",
        " ",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\"",
        "\"\"",
        "%",
        "(",
        ")",
        "'",
        ":",
        "18446744073709551615",
        "\0",
        "\u{feff}",
    ]);
    prop::collection::vec(scrap, 0..40).prop_map(|scraps| scraps.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), name in prop::sample::select(vec!["a", "a.npy", "a.mtx", "a.csv"])) {
        read_in_every_way(name, &bytes);
    }

    #[test]
    fn any_bytes_of_a_list(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_as_every_list(&bytes);
    }

    #[test]
    fn any_scraps_of_a_list(text in scraps(), lines in prop::collection::vec(scraps(), 0..4), width in 2..4_usize) {
        read_as_every_list(text.as_bytes());
        let regular = lines.chunks_exact(width).map(|line| line.join("\t") + "\n").collect::<String>();
        read_as_every_list(regular.as_bytes());
    }

    #[test]
    fn any_scraps_of_a_table(text in scraps()) {
        read_in_every_way("a.csv", text.as_bytes());
    }

    #[test]
    fn any_gzip_stream(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_in_every_way("a.gz", &[b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", &bytes[..]].concat());
    }

    #[test]
    fn any_matrix_market(
        layout in prop::sample::select(vec!["array", "coordinate"]),
        field in prop::sample::select(vec!["real", "pattern"]),
        symmetry in prop::sample::select(vec!["general", "symmetric", "skew-symmetric"]),
        sizes in prop::collection::vec(prop_oneof![0..4_usize, any::<usize>()], 2..4),
        text in scraps(),
    ) {
        let sizes: Vec<String> = sizes.iter().map(usize::to_string).collect();
        let text = format!("%%MatrixMarket matrix {layout} {field} {symmetry}\n{}\n{text}", sizes.join(" "));
        read_in_every_way("a.mtx", text.as_bytes());
    }

    #[test]
    fn any_npy(
        descr in prop::sample::select(vec!["<f8", ">f4", "|u1", "<i8", "<c16", "é", "<"]),
        is_fortran: bool,
        shape in prop::collection::vec(prop_oneof![0..5_usize, any::<usize>()], 0..4),
        version in 0..4_u8,
        noise in scraps(),
        data in prop::collection::vec(any::<u8>(), 0..64),
    ) {
        let order = if is_fortran { "True" } else { "False" };
        let shape: String = shape.iter().map(|size| format!("{size}, ")).collect();
        let text = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({shape}), {noise}}}");
        let length = (text.len() as u32).to_le_bytes();
        let length = if version == 1 { &length[..2] } else { &length[..] };
        read_in_every_way("a.npy", &[b"\x93NUMPY", &[version, 0][..], length, text.as_bytes(), &data].concat());
    }
}
