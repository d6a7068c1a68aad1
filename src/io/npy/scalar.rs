/// The type of the numbers in a `.npy` file, and their byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Scalar {
    kind: Kind,
    is_big_endian: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    F8,
    F4,
    I8,
    I4,
    I2,
    I1,
    U8,
    U4,
    U2,
    U1,
}

impl Scalar {
    /// The type that numpy writes as, say, `<f8`, `>i4` or `|u1`; `None` for those that are not real numbers.
    pub(super) fn from_descr(descr: &str) -> Option<Self> {
        let (order, kind) = descr.split_at_checked(1)?;
        let kind = match kind {
            "f8" => Kind::F8,
            "f4" => Kind::F4,
            "i8" => Kind::I8,
            "i4" => Kind::I4,
            "i2" => Kind::I2,
            "i1" => Kind::I1,
            "u8" => Kind::U8,
            "u4" => Kind::U4,
            "u2" => Kind::U2,
            "u1" | "b1" => Kind::U1,
            _ => return None,
        };
        matches!(order, "<" | ">" | "|" | "=").then_some(Self { kind, is_big_endian: order == ">" })
    }

    /// Bytes of one number.
    pub(super) fn size(self) -> usize {
        match self.kind {
            Kind::F8 | Kind::I8 | Kind::U8 => 8,
            Kind::F4 | Kind::I4 | Kind::U4 => 4,
            Kind::I2 | Kind::U2 => 2,
            Kind::I1 | Kind::U1 => 1,
        }
    }

    /// The numbers stored in `bytes`; 64-bit integers beyond 2⁵³ are rounded.
    pub(super) fn decode(self, bytes: &[u8]) -> Vec<f64> {
        let is_big_endian = self.is_big_endian;
        match self.kind {
            Kind::F8 => decode(bytes, is_big_endian, f64::from_le_bytes),
            Kind::F4 => decode(bytes, is_big_endian, |b| f32::from_le_bytes(b).into()),
            Kind::I8 => decode(bytes, is_big_endian, |b| i64::from_le_bytes(b) as f64),
            Kind::I4 => decode(bytes, is_big_endian, |b| i32::from_le_bytes(b).into()),
            Kind::I2 => decode(bytes, is_big_endian, |b| i16::from_le_bytes(b).into()),
            Kind::I1 => decode(bytes, is_big_endian, |b| i8::from_le_bytes(b).into()),
            Kind::U8 => decode(bytes, is_big_endian, |b| u64::from_le_bytes(b) as f64),
            Kind::U4 => decode(bytes, is_big_endian, |b| u32::from_le_bytes(b).into()),
            Kind::U2 => decode(bytes, is_big_endian, |b| u16::from_le_bytes(b).into()),
            Kind::U1 => decode(bytes, is_big_endian, |b| u8::from_le_bytes(b).into()),
        }
    }
}

fn decode<const N: usize>(bytes: &[u8], is_big_endian: bool, number: impl Fn([u8; N]) -> f64) -> Vec<f64> {
    let (numbers, _) = bytes.as_chunks::<N>();
    let in_order = |mut bytes: [u8; N]| {
        if is_big_endian {
            bytes.reverse();
        }
        number(bytes)
    };
    numbers.iter().map(|&bytes| in_order(bytes)).collect()
}
