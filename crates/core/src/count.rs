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

#[cfg(test)]
mod tests {
    use super::{count, float};

    #[test]
    fn counts_keep_their_value() {
        assert_eq!(count(usize::MAX), usize::MAX as u64);
        assert!((float(1_u64 << 53) - 9_007_199_254_740_992.0).abs() < f64::EPSILON);
    }
}
