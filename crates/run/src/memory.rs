//! Sizes of memory.

use crate::platform;

const GIBIBYTE: usize = 1 << 30;
const LEAST: usize = 64 << 20;

/// Reads an amount of memory that is enough to work with.
pub fn parse(text: &str) -> Result<usize, String> {
    let bytes = size(text)?;
    if bytes < LEAST { Err("at least 64M are needed".into()) } else { Ok(bytes) }
}

/// Reads `512M`, `1G`, `1.5GiB` or a number of bytes; units are powers of 1024.
pub fn size(text: &str) -> Result<usize, String> {
    let refuse = || format!("`{text}` is no size; write 512M or 2G");
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let shift = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 0,
        "k" | "kb" | "kib" => 10,
        "m" | "mb" | "mib" => 20,
        "g" | "gb" | "gib" => 30,
        "t" | "tb" | "tib" => 40,
        _ => return Err(refuse()),
    };
    let number: f64 = number.parse().map_err(|_| refuse())?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates; no sign is read")]
    #[expect(clippy::cast_precision_loss, reason = "a power of two is exact")]
    let bytes = (number * (1_u64 << shift) as f64) as usize;
    if bytes == 0 { Err(refuse()) } else { Ok(bytes) }
}

/// One gibibyte, or half of the machine's memory if that is less.
pub fn default() -> usize {
    platform::installed_memory().map_or(GIBIBYTE, |installed| GIBIBYTE.min(installed / 2).max(LEAST))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn sizes_are_powers_of_1024() {
        assert_eq!(parse("512M"), Ok(512 << 20));
        assert_eq!(parse("1.5 GiB"), Ok(3 << 29));
        assert_eq!(parse("67108864"), Ok(64 << 20));
        for wrong in ["", "G", "12X", "-1G", "1..5G", "nan", "1M"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
