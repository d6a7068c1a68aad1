use nalgebra::DMatrix;
use proofsketch::linalg::{
    fast_walsh_hadamard, fast_walsh_hadamard_columns, hadamard_entry, walsh_hadamard_reference,
};
use proptest::collection::vec;
use proptest::prelude::*;

/// Past 2¹⁷ the transform nests three levels of blocks, past 2²⁰ four.
const LOG_LENGTHS: std::ops::RangeInclusive<u32> = 0..=21;

/// Entries of every magnitude and sign, so that any other order of additions would round otherwise.
fn ragged(n: usize) -> Vec<f64> {
    let entry = |i: usize| {
        let bits = (i as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mantissa = (bits >> 11) as f64 / (1u64 << 52) as f64 - 1.0;
        mantissa * 2f64.powi((bits % 40) as i32 - 20)
    };
    (0..n).map(entry).collect()
}

fn bits(x: &[f64]) -> Vec<u64> {
    x.iter().map(|v| v.to_bits()).collect()
}

fn transformed(x: &[f64]) -> Vec<f64> {
    let mut y = x.to_vec();
    fast_walsh_hadamard(&mut y);
    y
}

/// Vectors of 1 to 2¹³ integers, small enough that every sum is exact.
fn integers() -> impl Strategy<Value = Vec<f64>> {
    (0u32..=13).prop_flat_map(|log_n| vec((-128i8..=127).prop_map(f64::from), 1 << log_n))
}

#[test]
fn agrees_with_the_reference_to_the_bit_at_every_length() {
    for log_n in LOG_LENGTHS {
        let x = ragged(1 << log_n);
        let mut expected = x.clone();
        walsh_hadamard_reference(&mut expected);
        assert!(bits(&transformed(&x)) == bits(&expected), "length 2^{log_n}");
    }
}

#[test]
fn agrees_with_the_reference_to_the_bit_on_signed_zeros_and_subnormals() {
    let entries = [0.0, -0.0, 5e-324, -5e-324, 1.0, -1.0, f64::MAX / 1e6];
    for log_n in 0..=14 {
        let x: Vec<f64> = (0..1usize << log_n).map(|i| entries[i * i % 11 % 7]).collect();
        let mut expected = x.clone();
        walsh_hadamard_reference(&mut expected);
        assert!(bits(&transformed(&x)) == bits(&expected), "length 2^{log_n}");
    }
}

#[test]
fn does_not_depend_on_alignment() {
    let n = 1 << 14;
    let x = ragged(n);
    let expected = bits(&transformed(&x));
    let mut buffer = vec![0.0; n + 8];
    for offset in 0..8 {
        buffer[offset..offset + n].copy_from_slice(&x);
        fast_walsh_hadamard(&mut buffer[offset..offset + n]);
        assert!(bits(&buffer[offset..offset + n]) == expected, "offset {offset}");
    }
}

#[test]
fn unit_vectors_become_the_columns_of_the_hadamard_matrix() {
    for n in [1, 2, 4, 8, 16, 64, 256] {
        let mut identity = DMatrix::identity(n, n);
        fast_walsh_hadamard_columns(&mut identity);
        assert_eq!(identity, DMatrix::from_fn(n, n, hadamard_entry));
    }
    let n = 1 << 18;
    for j in [0, 1, 4095, 4096, 131_071, 131_073, n - 1] {
        let mut x = vec![0.0; n];
        x[j] = 1.0;
        fast_walsh_hadamard(&mut x);
        assert!(x.iter().enumerate().all(|(i, &entry)| entry == hadamard_entry(i, j)), "column {j}");
    }
}

#[test]
fn the_hadamard_matrix_is_a_kronecker_power() {
    let two = DMatrix::from_fn(2, 2, hadamard_entry);
    assert_eq!(two, nalgebra::dmatrix![1.0, 1.0; 1.0, -1.0]);
    for n in [2, 4, 8, 16, 32] {
        let h = DMatrix::from_fn(n, n, hadamard_entry);
        assert_eq!(DMatrix::from_fn(2 * n, 2 * n, hadamard_entry), two.kronecker(&h));
    }
}

#[test]
fn gives_the_same_bits_in_every_pool() {
    let a = DMatrix::from_vec(1 << 13, 11, ragged(11 << 13));
    let expected: Vec<u64> =
        a.column_iter().flat_map(|column| bits(&transformed(column.as_slice()))).collect();
    for threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut b = a.clone();
        pool.install(|| fast_walsh_hadamard_columns(&mut b));
        assert!(bits(b.as_slice()) == expected, "{threads} threads");
    }
}

#[test]
fn a_matrix_without_columns_is_left_alone() {
    let mut a = DMatrix::<f64>::zeros(8, 0);
    fast_walsh_hadamard_columns(&mut a);
    assert_eq!(a.shape(), (8, 0));
}

proptest! {
    #[test]
    fn twice_is_multiplication_by_the_length(x in integers()) {
        let scaled: Vec<f64> = x.iter().map(|v| v * x.len() as f64).collect();
        prop_assert_eq!(transformed(&transformed(&x)), scaled);
    }

    #[test]
    fn keeps_inner_products_up_to_the_length((x, y) in integers().prop_flat_map(|x| {
        let n = x.len();
        (Just(x), vec((-128i8..=127).prop_map(f64::from), n))
    })) {
        let dot = |u: &[f64], v: &[f64]| u.iter().zip(v).map(|(u, v)| u * v).sum::<f64>();
        prop_assert_eq!(dot(&transformed(&x), &transformed(&y)), x.len() as f64 * dot(&x, &y));
    }

    #[test]
    fn is_the_matrix_of_inner_products_of_digits(x in integers(), i in any::<prop::sample::Index>()) {
        let i = i.index(x.len());
        let entry: f64 = x.iter().enumerate().map(|(j, v)| hadamard_entry(i, j) * v).sum();
        prop_assert_eq!(transformed(&x)[i], entry);
    }

    #[test]
    fn panics_with_the_length_unless_it_is_a_power_of_two(n in 0usize..5000) {
        prop_assume!(!n.is_power_of_two());
        let caught = [
            std::panic::catch_unwind(|| fast_walsh_hadamard(&mut vec![0.0; n])),
            std::panic::catch_unwind(|| walsh_hadamard_reference(&mut vec![0.0; n])),
            std::panic::catch_unwind(|| fast_walsh_hadamard_columns(&mut DMatrix::zeros(n, 1))),
        ];
        for outcome in caught {
            let payload = outcome.expect_err("accepted a length that is no power of two");
            let message = payload.downcast_ref::<String>().expect("a formatted message");
            prop_assert!(message.ends_with(&format!("not {n}")), "{message}");
        }
    }
}
