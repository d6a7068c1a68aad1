//! A compressed table is the table; cut anywhere, it is refused.
//!
//! The first two bytes say where it is cut, the others are the table.

#![no_main]

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use libfuzzer_sys::fuzz_target;
use proofsketch::io::{Error, read_table};
use proofsketch_fuzz::with_file;

fuzz_target!(|input: &[u8]| {
    let Some((cut, content)) = input.split_first_chunk() else { return };
    let compressed = gzipped(content);
    with_file("a", content, |path| {
        let plain = read_table(path).ok();
        let file = path.with_file_name("a.gz");
        std::fs::write(&file, &compressed).unwrap();
        if !content.starts_with(&[0x1f, 0x8b]) {
            assert_eq!(read_table(&file).is_ok(), plain.is_some());
        }
        let kept = usize::from(u16::from_le_bytes(*cut)) % compressed.len();
        std::fs::write(&file, &compressed[..kept]).unwrap();
        let whole = read_table(&file);
        assert!(whole.is_err(), "{kept} of {} bytes read as {whole:?}", compressed.len());
        if plain.is_some() && kept > 2 {
            assert!(matches!(whole, Err(Error::Truncated { .. } | Error::Read { .. })), "{whole:?}");
        }
    });
});

fn gzipped(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}
