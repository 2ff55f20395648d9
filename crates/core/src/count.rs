//! Numbers of things, and the two casts that they need.

/// A number of things.
pub trait Count: Copy {
    fn count(self) -> u64;
}

impl Count for u64 {
    fn count(self) -> u64 {
        self
    }
}

impl Count for u32 {
    fn count(self) -> u64 {
        self.into()
    }
}

impl Count for usize {
    fn count(self) -> u64 {
        // No supported target has pointers of more than 64 bits.
        self as u64
    }
}

/// A length as it is written in reports and files.
pub fn count(things: usize) -> u64 {
    things.count()
}

/// A count in floating-point arithmetic: exact up to 2^53, and to sixteen digits above.
pub fn float(things: impl Count) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "no shares and no logarithms are printed to sixteen digits")]
    let float = things.count() as f64;
    float
}

/// A place in memory. What lies beyond the memory of the machine is no place in any slice.
pub fn place(number: u64) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "a greater one is the greatest")]
    let place = number.min(usize::MAX.count()) as usize;
    place
}

/// A count among numbers that may be negative, such as differences of times; a greater one is the greatest.
pub fn signed(number: impl Count) -> i64 {
    number.count().min(i64::MAX.cast_unsigned()).cast_signed()
}

/// A count in 32 bits; a greater one is the greatest.
pub fn at_most_u32(number: impl Count) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "a greater one is the greatest")]
    let number = number.count().min(u32::MAX.count()) as u32;
    number
}

/// A count in sixteen bits; a greater one is the greatest.
pub fn at_most_u16(number: impl Count) -> u16 {
    #[expect(clippy::cast_possible_truncation, reason = "a greater one is the greatest")]
    let number = number.count().min(u16::MAX.into()) as u16;
    number
}

/// A count in eight bits; a greater one is the greatest.
pub fn at_most_u8(number: impl Count) -> u8 {
    #[expect(clippy::cast_possible_truncation, reason = "a greater one is the greatest")]
    let number = number.count().min(u8::MAX.into()) as u8;
    number
}

#[cfg(test)]
mod tests {
    use super::{at_most_u8, at_most_u16, at_most_u32, count, float, place, signed};

    #[test]
    fn counts_keep_their_value() {
        assert_eq!(count(usize::MAX), usize::MAX as u64);
        assert_eq!((place(7), at_most_u32(7_usize), at_most_u8(255_u64)), (7, 7, 255));
        assert_eq!(
            (at_most_u32(u64::MAX), at_most_u16(1_u64 << 32), at_most_u8(256_u32)),
            (u32::MAX, u16::MAX, u8::MAX)
        );
        assert_eq!((signed(7_usize), signed(u64::MAX)), (7, i64::MAX));
        assert!((float(1_u64 << 53) - 9_007_199_254_740_992.0).abs() < f64::EPSILON);
    }
}
