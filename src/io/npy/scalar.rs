use std::io;

use npyz::TypeChar::{Bool, Float, Int, Uint};
use npyz::{DType, Deserialize, TypeRead};

/// The type of the numbers in a `.npy` file.
#[derive(Clone, Debug)]
pub(super) struct Scalar {
    dtype: DType,
    size: usize,
    decode: Decode,
}

type Decode = fn(&DType, &[u8]) -> io::Result<Vec<f64>>;

impl Scalar {
    /// `None` for a type that does not stand for real numbers of at most 64 bits.
    pub(super) fn new(dtype: DType) -> Option<Self> {
        let DType::Plain(kind) = &dtype else { return None };
        let size = kind.num_bytes()?;
        let decode: Decode = match (kind.type_char(), size) {
            (Float, 8) => |dtype, bytes| decode(dtype, bytes, |x: f64| x),
            (Float, 4) => |dtype, bytes| decode(dtype, bytes, |x: f32| x.into()),
            (Int, 8) => |dtype, bytes| decode(dtype, bytes, |x: i64| x as f64),
            (Int, 4) => |dtype, bytes| decode(dtype, bytes, |x: i32| x.into()),
            (Int, 2) => |dtype, bytes| decode(dtype, bytes, |x: i16| x.into()),
            (Int, 1) => |dtype, bytes| decode(dtype, bytes, |x: i8| x.into()),
            (Uint, 8) => |dtype, bytes| decode(dtype, bytes, |x: u64| x as f64),
            (Uint, 4) => |dtype, bytes| decode(dtype, bytes, |x: u32| x.into()),
            (Uint, 2) => |dtype, bytes| decode(dtype, bytes, |x: u16| x.into()),
            (Uint, 1) => |dtype, bytes| decode(dtype, bytes, |x: u8| x.into()),
            (Bool, 1) => |dtype, bytes| decode(dtype, bytes, |x: bool| x.into()),
            _ => return None,
        };
        Some(Self { dtype, size, decode })
    }

    /// Bytes of one number.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// The numbers stored in `bytes`; 64-bit integers beyond 2⁵³ are rounded.
    pub(super) fn decode(&self, bytes: &[u8]) -> io::Result<Vec<f64>> {
        (self.decode)(&self.dtype, bytes)
    }
}

fn decode<T: Deserialize>(
    dtype: &DType,
    mut bytes: &[u8],
    to_f64: impl Fn(T) -> f64,
) -> io::Result<Vec<f64>> {
    let reader = T::reader(dtype).map_err(io::Error::other)?;
    let count = bytes.len() / size_of::<T>();
    let mut numbers = Vec::with_capacity(count);
    for _ in 0..count {
        numbers.push(to_f64(reader.read_one(&mut bytes)?));
    }
    Ok(numbers)
}
