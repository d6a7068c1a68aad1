//! A table read from its CSV file is the table, bit for bit.

use proofsketch::random::StreamKey;
use proofsketch_experiments::{Error, Table};
use rand::RngExt;

#[test]
fn numbers_come_back_to_the_bit() {
    let special = [0.0, -0.0, 1.0, -1.0, f64::MIN_POSITIVE, 5e-324, f64::MAX, f64::EPSILON, 1e16, 0.1 + 0.2];
    let outside = [f64::INFINITY, f64::NEG_INFINITY, f64::NAN];
    let mut rng = StreamKey::from_seed(1).named("bits").block(0);
    let random = std::iter::repeat_with(|| f64::from_bits(rng.random())).filter(|x| !x.is_nan()).take(10_000);
    let numbers: Vec<f64> = special.into_iter().chain(outside).chain(random).collect();
    let mut table = Table::new(["x"]);
    numbers.iter().for_each(|&x| table.push([x.into()]));
    let read = Table::from_csv(&table.to_csv().unwrap()).unwrap();
    let bits = |values: &[f64]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(read.numbers("x").unwrap()), bits(&numbers));
}

#[test]
fn texts_come_back_whatever_they_hold() {
    let texts = ["SRHT", "a,b", "say \"m\"", "two\nlines", "", "ℓ∞", " 1 ", "NaN"];
    let mut table = Table::new(["name, with comma", "i"]);
    texts.iter().enumerate().for_each(|(i, &text)| table.push([text.into(), i.into()]));
    let read = Table::from_csv(&table.to_csv().unwrap()).unwrap();
    assert_eq!(read, table);
    assert_eq!(read.text("name, with comma").unwrap(), texts);
}

#[test]
fn a_table_that_would_not_come_back_is_refused() {
    let mut digits = Table::new(["label"]);
    digits.push(["16".into()]);
    assert!(matches!(digits.to_csv(), Err(Error::Table(_))));
    assert!(matches!(Table::new(["x"]).to_csv(), Err(Error::Table(_))));
    let mut twice = Table::new(["x", "x"]);
    twice.push([1.0.into(), 2.0.into()]);
    assert!(matches!(twice.to_csv(), Err(Error::Table(_))));
}

#[test]
fn bad_csv_is_told_with_its_line() {
    let told = |text: &str| Table::from_csv(text).unwrap_err().to_string();
    assert_eq!(told("x,y\n1,2\n3\n"), "line 3: 1 values where the header names 2 columns");
    assert_eq!(told("x,x\n1,2\n"), "line 1: two columns are named `x`");
    assert_eq!(told("x,\n1,2\n"), "line 1: column 2 has no name");
    assert_eq!(told("x\n"), "line 2: no row after the header");
    assert_eq!(told(""), "line 1: no header");
}

#[test]
fn groups_keep_rows_and_order() {
    let mut table = Table::new(["sketch", "m", "error"]);
    for (sketch, m, error) in [("b", 4, 0.5), ("a", 2, 0.25), ("b", 2, 0.125), ("a", 4, 0.0625)] {
        table.push([sketch.into(), (m as usize).into(), error.into()]);
    }
    let groups = table.groups("sketch").unwrap();
    assert_eq!(groups.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(groups[0].1.points("m", "error").unwrap(), [(4.0, 0.5), (2.0, 0.125)]);
    let sizes = table.number_groups("m").unwrap();
    assert_eq!(sizes.iter().map(|(m, _)| *m).collect::<Vec<_>>(), [2.0, 4.0]);
    assert_eq!(sizes[0].1.text("sketch").unwrap(), ["a", "b"]);
    assert_eq!(
        table.numbers("rows").unwrap_err().to_string(),
        "no number column `rows`; the table has: sketch, m, error"
    );
}
