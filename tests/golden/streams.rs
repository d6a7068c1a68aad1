//! The bits of named streams and of the first entries of each family of sketches.

use proofsketch::random::{StreamKey, uniform_below, uniform_unit};
use proofsketch::sketch::{
    Gaussian, Rademacher, RowSampling, SketchDistribution, SketchOperator, SparseSign, VerySparse,
};
use rand_chacha::rand_core::Rng;

/// The ChaCha8 block function on the all-zero key: Bernstein's cipher with eight rounds, the vector "TC1, 256 bit,
/// 8 rounds" of the test vectors of Strombergson (draft-strombergson-chacha-test-vectors-01).
#[test]
fn the_generator_is_chacha8() {
    let mut rng = StreamKey::from_seed(0).block(0);
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    assert_eq!(
        bytes,
        [0x3e, 0x00, 0xef, 0x2f, 0x89, 0x5f, 0x40, 0xd6, 0x7f, 0x5b, 0xb8, 0xe8, 0x1f, 0x09, 0xa5, 0xa1]
    );
}

#[test]
fn derived_keys() {
    let key = StreamKey::from_seed(42);
    let pins = [
        (key.named("sketch"), "28e75073ae4e3dc7092c61d9b49f9742dab0d0c9cd1aba38b25f35bd4caabfc5"),
        (key.indexed(7), "d3bb3c5852a641c7e1d5d9352fef90d4bb8c9639f5b09ff5ccea2de5181431a5"),
        (key.named(""), "faaa96d7516a9ba67ce7446b3945f4daf2aa4c1369bf182bbc01a98e7836d92c"),
        (
            key.named("sketch").indexed(1).named("a longer name"),
            "7ea779163927aad030910197e6035dff16644340cfd7a29a33f0d7be53ac5f20",
        ),
    ];
    for (key, pin) in pins {
        assert_eq!(format!("{key:?}"), format!("StreamKey({pin})"));
    }
    assert_eq!(key.block(3).next_u64(), 0x74ee_5ce4_4646_5e4e);
}

#[test]
fn uniform_numbers() {
    let key = StreamKey::from_seed(42);
    let mut rng = key.block(0);
    assert_eq!(std::array::from_fn(|_| uniform_below(&mut rng, 10)), [0, 3, 0, 2, 3, 4, 5, 3]);
    let mut rng = key.block(0);
    assert_eq!(std::array::from_fn(|_| uniform_unit(&mut rng)), [0.3482544685480763, 0.28569857126296205]);
}

/// Columns on both sides of a block boundary.
#[test]
fn first_entries_of_each_family() {
    let key = StreamKey::from_seed(42);
    let gaussian = Gaussian::new(4, 600).unwrap().sample(key).columns(255..257);
    let expected = [
        0.17701577427592982,
        -0.3495925891311349,
        -0.026066482096201767,
        -0.14682044453152282,
        0.30757857126359744,
        -0.5796922891171333,
        0.057813507454182234,
        -1.0612119228855899,
    ];
    assert!(gaussian.iter().zip(&expected).all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs()), "{gaussian}");
    let rademacher = Rademacher::new(4, 600).unwrap().sample(key).columns(255..257);
    assert_eq!(rademacher.as_slice(), [0.5, -0.5, 0.5, 0.5, 0.5, -0.5, -0.5, -0.5]);
    let nonzeros = |s: &dyn SketchOperator| -> Vec<i64> {
        let columns = s.columns(255..258);
        let signed = columns.iter().enumerate().filter(|(_, entry)| **entry != 0.0);
        signed.map(|(index, entry)| (index as i64 + 1) * entry.signum() as i64).collect()
    };
    assert_eq!(nonzeros(&SparseSign::new(6, 600, 2).unwrap().sample(key)), [-2, 6, -11, -12, -14, 18]);
    assert_eq!(nonzeros(&SparseSign::new(6, 600, 1).unwrap().sample(key)), [-1, 12, -17]);
    assert_eq!(nonzeros(&VerySparse::new(6, 600, 4.0).unwrap().sample(key)), [-1, -3, 12, 17]);
    let rows = RowSampling::uniform(600, 30.0, 2.0).unwrap().sample(key);
    assert_eq!(rows.kept()[..8], [21, 36, 94, 113, 124, 166, 215, 223]);
}
