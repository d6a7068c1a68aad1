//! Ratings: every way of writing them reads to the same triplets, in any cut into pieces and on any number of threads.

use std::path::Path;

use proofsketch::io::{NameTable, Ratings, read_ratings, read_ratings_after, write_atomically};
use proptest::prelude::*;

use super::io::fresh;

fn read_text(name: &str, text: &str) -> Ratings {
    let (_dir, path) = fresh(name);
    write(&path, text);
    read_ratings(&path).unwrap()
}

fn write(path: &Path, text: &str) {
    write_atomically(path, |out| out.write_all(text.as_bytes())).unwrap();
}

fn names(table: &NameTable) -> Vec<String> {
    (0..table.len() as u32).map(|index| table.name(index)).collect()
}

#[test]
fn one_set_of_ratings_in_every_notation() {
    let expected = [(1, 0, 5.0), (0, 1, 3.5), (1, 1, -1e-3)];
    for (name, text) in [
        ("u.data", "7\t3\t5\t881250949\n3\t20\t3.5\t0\n7\t20\t-1e-3\t1\n"),
        ("ratings.dat", "7::3::5::881250949\n3::20::3.5::\n7::20::-1e-3::x\n"),
        ("ratings.csv", "userId,movieId,rating,timestamp\r\n7, 3,5,1\r\n\r\n3,20,3.50,1\r\n7,20,-0.001,1"),
        ("ratings.csv.gz", "user,item,rating\n7,3,5\n3,20,3.5\n7,20,-0.001\n"),
        (
            "semicolons",
            "\u{feff}\"user\";\"item\";\"rating\"\n\"7\";\"3\";\"5\"\n\"3\";\"20\";\"3.5\"\n7;20;-1e-3\n",
        ),
        ("blanks", "# of three users\n  7   3 5\n% one is missing\n3 20\t3.5 \n\n7 20 -1e-3\n"),
        ("mixed", "7 3 5\t881250949\n3 20 3.5\t9\n7 20 -1e-3\t8"),
        ("atomic.inter", "user_id:token\titem_id:token\trating:float\n7\t3\t5\n3\t20\t3.5\n7\t20\t-1e-3\n"),
    ] {
        let ratings = read_text(name, text);
        assert_eq!(ratings.entries, expected, "{name}");
        assert_eq!((ratings.users.keys(), ratings.items.keys()), (&[3, 7][..], &[3, 20][..]), "{name}");
    }
}

#[test]
fn integers_ascend_and_texts_are_numbered_by_first_appearance() {
    let ratings = read_text("r.csv", "zoe,11,1\nadam,2,2\nzoe,2,3\n\"von, B\",007,4\nzoe,2,3\n");
    assert_eq!(names(&ratings.users), ["zoe", "adam", "von, B"]);
    assert_eq!(names(&ratings.items), ["11", "2", "007"]); // 007 is not how 7 is spelled: a text
    assert_eq!(ratings.entries, [(0, 0, 1.0), (1, 1, 2.0), (0, 1, 3.0), (2, 2, 4.0), (0, 1, 3.0)]);
}

#[test]
fn a_test_file_keeps_the_names_of_training_and_adds_its_own_behind() {
    let (dir, path) = fresh("test.tsv");
    let train = read_text("train.tsv", "5\tx\t1\n2\ty\t2\n");
    write(&path, "9\ty\t4\n1\tz\t3\n2\tx\t5\n1\tz\t3\n");
    let test = read_ratings_after(&path, &train.users, &train.items).unwrap();
    assert_eq!(test.users.keys(), [2, 5, 1, 9]);
    assert_eq!(names(&test.items), ["x", "y", "z"]);
    assert_eq!(test.entries, [(3, 1, 4.0), (2, 2, 3.0), (0, 0, 5.0), (2, 2, 3.0)]);
    let again = read_ratings_after(&path, &test.users, &test.items).unwrap();
    assert_eq!(again, test);
    drop(dir);
}

#[test]
fn a_file_of_many_pieces_reads_as_its_lines_on_any_number_of_threads() {
    let triplets: Vec<(u64, u64, f64)> =
        (0..400_000_u64).map(|i| (i * 7919 % 10_007, i * i % 3001, (i % 10) as f64 / 2.0)).collect();
    let text: String =
        triplets.iter().map(|(u, i, value)| format!("{u}::{i}::{value}::97830{u}\n")).collect();
    assert!(text.len() > 1 << 23, "several blocks");
    for name in ["r.dat", "r.dat.gz"] {
        let (_dir, path) = fresh(name);
        write(&path, &text);
        let read = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| read_ratings(&path).unwrap())
        };
        let ratings = read(1);
        let spelled =
            ratings.entries.iter().map(|&(u, i, value)| (ratings.users.key(u), ratings.items.key(i), value));
        assert!(spelled.eq(triplets.iter().copied()));
        assert!(ratings.users.keys().is_sorted() && ratings.items.keys().is_sorted());
        for threads in [2, 3, 8] {
            assert_eq!(read(threads), ratings);
        }
    }
}

proptest! {
    #[test]
    fn what_is_written_reads_back(
        lines in prop::collection::vec((0..30_u64, "[a-z]{1,2}|[0-9]{1,3}", super::io::finite()), 1..40),
        separator in prop::sample::select(vec!["\t", "::", ",", ";", " "]),
    ) {
        let text: String =
            lines.iter().map(|(user, item, value)| format!("{user}{separator}{item}{separator}{value}\n")).collect();
        let ratings = read_text("r", &text);
        prop_assert_eq!(ratings.entries.len(), lines.len());
        for (&(user, item, value), line) in ratings.entries.iter().zip(&lines) {
            prop_assert_eq!((ratings.users.key(user), ratings.items.name(item)), (line.0, line.1.clone()));
            prop_assert_eq!(value.to_bits(), line.2.to_bits());
        }
    }
}
