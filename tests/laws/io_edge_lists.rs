//! Edge lists, labels and names: every notation reads to the same graph, on any number of threads.

use std::path::Path;

use proofsketch::io::{
    EdgeList, NameTable, read_edge_list, read_edge_list_among, read_labels, read_names, write_atomically,
    write_names,
};
use proptest::prelude::*;

use super::io::fresh;

fn read_text(name: &str, text: &str) -> EdgeList {
    let (_dir, path) = fresh(name);
    write(&path, text);
    read_edge_list(&path).unwrap()
}

fn write(path: &Path, text: &str) {
    write_atomically(path, |out| out.write_all(text.as_bytes())).unwrap();
}

fn names(table: &NameTable) -> Vec<String> {
    (0..table.len() as u32).map(|index| table.name(index)).collect()
}

#[test]
fn one_graph_in_every_notation() {
    for (name, text) in [
        ("tabs", "30\t4\n4\t7\n7\t30\n"),
        ("blanks.txt.gz", "# Nodes: 3 Edges: 3\n# FromNodeId ToNodeId\n30 4 \n\n  4   7\n7 30"),
        ("commas.csv", "source,target\r\n30, 4\r\n4,7\r\n7,30\r\n"),
        ("semicolons", "\u{feff}\"Source\";\"Target\"\n\"30\";\"4\"\n4;7\n7;30\n"),
        ("konect", "% sym unweighted\n% 3 3 3\n30 4\n4 7\n7 30\n"),
    ] {
        let list = read_text(name, text);
        assert_eq!(list.nodes.keys(), [4, 7, 30], "{name}");
        assert_eq!(list.edges, [(2, 0), (0, 1), (1, 2)], "{name}");
        assert_eq!(list.weights, None, "{name}");
    }
    for (name, text) in [
        ("w.tsv", "30\t4\t.5\n4\t7\t0\n7\t30\t-0\n"),
        ("w.csv", "from,to,weight\n30,4,0.5\n4,7,0\n7,30,0e9\n"),
        ("mixed", "30 4\t0.5\n4 7\t0\n7 30\t0\n"),
    ] {
        let list = read_text(name, text);
        assert_eq!(
            (list.nodes.keys(), &list.edges[..]),
            (&[4, 7, 30][..], &[(2, 0), (0, 1), (1, 2)][..]),
            "{name}"
        );
        let bits: Vec<u32> = list.weights.unwrap().iter().map(|weight| weight.to_bits()).collect();
        assert_eq!(bits, [0.5_f32.to_bits(), 0, 0], "{name}");
    }
}

/// Integers whose products with ⌊2⁶⁴/φ⌋, the multiplier of Fibonacci hashing, share their upper bits: in a table hashed by it
/// they are one run, and 2·10⁵ names cost 2·10¹⁰ comparisons.
#[test]
fn integers_chosen_against_a_known_hash_are_names_like_others() {
    const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;
    let inverse = (0..6).fold(1_u64, |x, _| x.wrapping_mul(2_u64.wrapping_sub(GOLDEN.wrapping_mul(x))));
    assert_eq!(GOLDEN.wrapping_mul(inverse), 1);
    let ids: Vec<u64> =
        (1..400_000).map(|j: u64| j.wrapping_mul(inverse)).filter(|&id| id < 1 << 63).collect();
    assert!(ids.len() > 199_000);
    let spelled: Vec<String> = ids.iter().map(u64::to_string).collect();
    let names = NameTable::from_names(&spelled).unwrap();
    assert_eq!(names.keys(), ids);
    assert!(spelled.iter().zip(0..).all(|(name, index)| names.index_of(name) == Some(index)));
}

#[test]
fn texts_are_numbered_by_first_appearance_and_nothing_is_taken_for_a_header_that_may_be_an_edge() {
    let list = read_text("t", "b a\na 10\n10 c\nb 007\n");
    assert_eq!(names(&list.nodes), ["b", "a", "10", "c", "007"]);
    assert_eq!(list.edges, [(0, 1), (1, 2), (2, 3), (0, 4)]);
    // `hub` has edges besides the first line; so has `x`; and a lone edge is an edge.
    for (text, nodes) in
        [("hub x\nhub 1\n2 3\n", 5), ("hub x\n1 2\n2 x\n", 4), ("hub x\n1 2\ny 1\n", 5), ("hub x\n", 2)]
    {
        assert_eq!(read_text("t", text).nodes.len(), nodes, "{text:?}");
    }
    for (text, nodes) in [
        ("Source,Target\nb,a\na,10\n", &["b", "a", "10"][..]),
        ("from to\nfrom a\nto b\n", &["from", "to", "a", "b"]), // words with edges of their own
        ("source sink\nb a\n", &["source", "sink", "b", "a"]),
    ] {
        let list = read_text("t", text);
        assert_eq!(names(&list.nodes), nodes, "{text:?}");
        let indices = 0..nodes.len() as u32;
        assert!(
            indices.clone().all(|index| list.nodes.index_of(nodes[index as usize]) == Some(index)),
            "{text:?}"
        );
    }
    assert_eq!(read_text("t", "u v\n1 2\n2 5\n").nodes.keys(), [1, 2, 5]);
    assert_eq!(read_text("t", "id id\n1 2\n2 5\n").edges, [(0, 1), (1, 2)]);
    assert_eq!(names(&read_text("t.csv", "\"say \"\"hi\"\"\",\"x,y\"\n").nodes), ["say \"hi\"", "x,y"]);
}

#[test]
fn keys_are_integers_or_fnv_hashes_with_the_top_bit_set() {
    // Published vectors of FNV-1a, 64 bits: "a" and "foobar".
    let table =
        NameTable::from_names(["a", "foobar", "9223372036854775807", "9223372036854775808", "0", "00"])
            .unwrap();
    assert_eq!(table.key(0), 0xaf63_dc4c_8601_ec8c | 1 << 63);
    assert_eq!(table.key(1), 0x8594_4171_f739_67e8 | 1 << 63);
    assert_eq!((table.key(2), table.key(4)), (i64::MAX as u64, 0));
    assert!(table.key(3) >= 1 << 63 && table.key(5) >= 1 << 63);
    assert!(
        table
            .keys()
            .iter()
            .zip(names(&table))
            .all(|(key, name)| (*key < 1 << 63) == (name.parse() == Ok(*key)))
    );
    assert_eq!((table.index_of("00"), table.index_of("000"), table.index_of("9")), (Some(5), None, None));
    assert_eq!(NameTable::numbered(5), NameTable::from_names(["0", "1", "2", "3", "4"]).unwrap());
}

#[test]
fn loops_and_repeats_are_kept_and_counted() {
    let list = read_text("t", "1 2\n2 1\n3 3\n1 2\n3 3\n4 1\n");
    assert_eq!(list.edges.len(), 6);
    assert_eq!((list.self_loops(), list.repeated(true), list.repeated(false)), (2, 2, 3));
}

#[test]
fn declared_nodes_keep_their_order_and_need_no_edge() {
    let (_dir, path) = fresh("t");
    write(&path, "node other\n2 0\n0 3\n");
    let list = read_edge_list_among(&path, NameTable::numbered(6)).unwrap();
    assert_eq!((list.nodes.len(), list.edges), (6, vec![(2, 0), (0, 3)]));
    let nodes = NameTable::from_names(["3", "x", "2", "0"]).unwrap();
    assert_eq!(read_edge_list_among(&path, nodes).unwrap().edges, [(2, 3), (3, 0)]);
}

#[test]
fn labels_are_sets() {
    let nodes = NameTable::from_names(["10", "20", "30"]).unwrap();
    let (_dir, path) = fresh("labels.csv");
    for (text, label_names, assignments, repeated) in [
        ("node,label\n30,5\n10,11\n10,5\n30,5\n", vec!["5", "11"], vec![(0, 0), (0, 1), (2, 0)], 1),
        ("20,\"b, c\"\n10,a\n", vec!["b, c", "a"], vec![(0, 1), (1, 0)], 0),
    ] {
        write(&path, text);
        let labels = read_labels(&path, &nodes).unwrap();
        assert_eq!(
            (names(&labels.names), labels.assignments.clone(), labels.repeated),
            (label_names.iter().map(|&name| name.to_owned()).collect(), assignments.clone(), repeated)
        );
        for node in 0..3 {
            let expected = assignments.iter().filter(|&&(owner, _)| owner == node).map(|&(_, label)| label);
            assert!(labels.of(node).eq(expected));
        }
    }
}

#[test]
fn a_file_of_many_pieces_reads_as_its_lines_on_any_number_of_threads() {
    let edges: Vec<(u64, u64)> = (0..900_000_u64).map(|i| (i * 7919 % 100_003, i * i % 30_011)).collect();
    for prefix in ["", "node-"] {
        let text: String = edges.iter().map(|(u, v)| format!("{prefix}{u}\t{prefix}{v}\n")).collect();
        assert!(text.len() > 1 << 23, "several blocks");
        let (_dir, path) = fresh("edges.tsv.gz");
        write(&path, &text);
        let read = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| read_edge_list(&path).unwrap())
        };
        let list = read(1);
        let spelled =
            list.edges.iter().map(|&(u, v)| format!("{}\t{}\n", list.nodes.name(u), list.nodes.name(v)));
        assert!(spelled.eq(text.split_inclusive('\n')));
        let firsts: Vec<u32> = list.edges.iter().flat_map(|&(u, v)| [u, v]).collect();
        let is_first =
            |(at, index): (usize, &u32)| at == 0 || *index <= firsts[..at].iter().copied().max().unwrap() + 1;
        assert!(prefix.is_empty() || firsts.iter().enumerate().take(2000).all(is_first));
        assert!(!prefix.is_empty() || list.nodes.keys().is_sorted());
        for threads in [2, 3, 8] {
            assert_eq!(read(threads), list);
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        edges in prop::collection::vec(("[0-9a-z]{1,2}", "[0-9]{1,2}", 0.0..1e30_f32), 1..40),
        separator in prop::sample::select(vec!["\t", "::", ",", ";", " ", "  \t "]),
        is_weighted: bool,
    ) {
        let line = |(u, v, w): &(String, String, f32)| match is_weighted {
            true => format!("{u}{separator}{v}{separator}{w}\n"),
            false => format!("{u}{separator}{v}\n"),
        };
        let list = read_text("t", &edges.iter().map(line).collect::<String>());
        prop_assert_eq!(list.edges.len(), edges.len());
        for (i, (&(u, v), edge)) in list.edges.iter().zip(&edges).enumerate() {
            prop_assert_eq!((list.nodes.name(u), list.nodes.name(v)), (edge.0.clone(), edge.1.clone()));
            prop_assert_eq!(list.weights.as_ref().map(|weights| weights[i]), is_weighted.then_some(edge.2));
        }
        let mut indices: Vec<u32> = list.edges.iter().flat_map(|&(u, v)| [u, v]).collect();
        indices.sort_unstable();
        indices.dedup();
        prop_assert!(indices.into_iter().eq(0..list.nodes.len() as u32));
    }

    #[test]
    fn names_read_back(list in prop::collection::vec("[ \"#%a-c0-9é]{0,5}", 1..20)) {
        let table = NameTable::from_names(&list).unwrap();
        let (_dir, path) = fresh("names.txt");
        write_names(&path, &table).unwrap();
        prop_assert_eq!(read_names(&path).unwrap(), table);
    }
}
