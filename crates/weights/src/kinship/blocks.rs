//! Numbers of GGUF's packed kinds, a row at a time (ggml-org/ggml, `src/ggml-quants.c`, `dequantize_row_*`, and the layouts
//! of blocks in `src/ggml-common.h`).

use half::f16;

/// Elements and bytes of a block; `None` for kinds that are not unpacked here.
pub(super) fn block_of(kind: &str) -> Option<(usize, usize)> {
    Some(match kind {
        "Q4_0" => (32, 18),
        "Q4_1" => (32, 20),
        "Q5_0" => (32, 22),
        "Q5_1" => (32, 24),
        "Q8_0" => (32, 34),
        "Q4_K" => (256, 144),
        "Q5_K" => (256, 176),
        "Q6_K" => (256, 210),
        _ => return None,
    })
}

/// The numbers of a row of whole blocks. What is too short for a block is left out.
pub(super) fn unpack(kind: &str, row: &[u8]) -> Vec<f32> {
    let Some((elements, bytes)) = block_of(kind) else { return Vec::new() };
    let mut values = Vec::with_capacity(row.len() / bytes * elements);
    for block in row.chunks_exact(bytes) {
        match kind {
            "Q8_0" => values.extend(block[2..].iter().map(|&own| half(block, 0) * f32::from(own.cast_signed()))),
            "Q4_K" | "Q5_K" => of_four_or_five(block, kind == "Q5_K", &mut values),
            "Q6_K" => of_six(block, &mut values),
            _ => of_32(kind, block, &mut values),
        }
    }
    values
}

fn half(block: &[u8], at: usize) -> f32 {
    block.get(at..at + 2).map_or(f32::NAN, |pair| f16::from_le_bytes([pair[0], pair[1]]).to_f32())
}

/// `Q4_0`, `Q4_1`, `Q5_0`, `Q5_1`: a scale, a least value or none, fifth bits or none, and two numbers a byte.
fn of_32(kind: &str, block: &[u8], values: &mut Vec<f32>) {
    let (has_least, has_fifth) = (kind.ends_with("_1"), kind.starts_with("Q5"));
    let scale = half(block, 0);
    let mut at = 2;
    let least = if has_least { half(block, 2) } else { 0.0 };
    at += if has_least { 2 } else { 0 };
    let fifth = if has_fifth { block[at..].first_chunk().map_or(0, |own| u32::from_le_bytes(*own)) } else { 0 };
    at += if has_fifth { 4 } else { 0 };
    // Without a least value the numbers lie around the middle of their range.
    let middle = match (has_least, has_fifth) {
        (true, _) => 0.0,
        (false, true) => 16.0,
        (false, false) => 8.0,
    };
    let nibbles = &block[at..];
    for (place, number) in nibbles.iter().map(|own| own & 15).chain(nibbles.iter().map(|own| own >> 4)).enumerate() {
        let high = if fifth >> place & 1 == 1 { 16.0 } else { 0.0 };
        values.push(scale * (f32::from(number) + high - middle) + least);
    }
}

/// `Q4_K`, `Q5_K`: 256 numbers in eight parts, each with a scale and a least value of six bits.
fn of_four_or_five(block: &[u8], has_fifth: bool, values: &mut Vec<f32>) {
    let (scale, least) = (half(block, 0), half(block, 2));
    let packed = &block[4..16];
    let part = |at: usize| {
        let (own, low) = if at < 4 {
            (packed[at] & 63, packed[at + 4] & 63)
        } else {
            (packed[at + 4] & 15 | packed[at - 4] >> 6 << 4, packed[at + 4] >> 4 | packed[at] >> 6 << 4)
        };
        (scale * f32::from(own), least * f32::from(low))
    };
    let (fifths, numbers) = if has_fifth { (&block[16..48], &block[48..]) } else { (&block[..0], &block[16..]) };
    for (pair, bytes) in numbers.chunks_exact(32).enumerate() {
        for half in 0..2 {
            let (own, low) = part(2 * pair + half);
            for (place, byte) in bytes.iter().enumerate() {
                let number = if half == 0 { byte & 15 } else { byte >> 4 };
                let high = fifths.get(place).is_some_and(|own| own >> (2 * pair + half) & 1 == 1);
                values.push(own * (f32::from(number) + if high { 16.0 } else { 0.0 }) - low);
            }
        }
    }
}

/// `Q6_K`: 256 numbers of four low and two high bits, in sixteen parts with a scale of eight bits each.
fn of_six(block: &[u8], values: &mut Vec<f32>) {
    let scale = half(block, 208);
    for side in 0..2 {
        let (low, high) = (&block[64 * side..64 * side + 64], &block[128 + 32 * side..160 + 32 * side]);
        let scales = &block[192 + 8 * side..200 + 8 * side];
        for quarter in 0..4 {
            for place in 0..32 {
                let byte = low[place + 32 * (quarter % 2)];
                let nibble = if quarter < 2 { byte & 15 } else { byte >> 4 };
                let number = nibble | (high[place] >> (2 * quarter) & 3) << 4;
                let own = f32::from(scales[place / 16 + 2 * quarter].cast_signed());
                values.push(scale * own * (f32::from(number) - 32.0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{block_of, unpack};

    /// A scale of one, and another number behind it.
    fn scaled(bytes: &[u8], length: usize) -> Vec<u8> {
        let mut block = vec![0x00, 0x3c];
        block.extend(bytes);
        block.resize(length, 0);
        block
    }

    #[test]
    fn blocks_of_32_hold_what_they_were_packed_from() {
        let row = unpack("Q8_0", &scaled(&[1, 0xff, 127], 34));
        assert_eq!(row.len(), 32);
        assert_eq!(
            row[..3].iter().map(|own| own.to_bits()).collect::<Vec<_>>(),
            [1.0_f32, -1.0, 127.0].map(f32::to_bits)
        );
        // The low halves come first, then the high ones.
        let row = unpack("Q4_0", &scaled(&[0xf1], 18));
        assert_eq!([row[0], row[16], row[1]].map(f32::to_bits), [-7.0_f32, 7.0, -8.0].map(f32::to_bits));
        let row = unpack("Q5_0", &scaled(&[1, 0, 0, 0, 0x02], 22));
        assert_eq!([row[0], row[1]].map(f32::to_bits), [2.0_f32, -16.0].map(f32::to_bits));
        let row = unpack("Q4_1", &scaled(&[0x00, 0x40, 0x03], 20));
        assert_eq!([row[0], row[1]].map(f32::to_bits), [5.0_f32, 2.0].map(f32::to_bits));
    }

    #[test]
    fn every_kind_fills_its_blocks_and_short_rows_are_no_panic() {
        for kind in ["Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q4_K", "Q5_K", "Q6_K"] {
            let (elements, bytes) = block_of(kind).unwrap_or_default();
            assert_eq!(unpack(kind, &vec![7; 3 * bytes]).len(), 3 * elements, "{kind}");
            assert!(unpack(kind, &vec![7; bytes - 1]).is_empty(), "{kind}");
        }
        assert!(unpack("IQ2_XS", &[0; 74]).is_empty());
    }

    #[test]
    fn large_blocks_have_scales_of_their_own() {
        // Q6_K: one scale of 2 for the first sixteen, numbers of zero, which stand for -32.
        let mut block = vec![0; 210];
        (block[192], block[208], block[209]) = (2, 0x00, 0x3c);
        let row = unpack("Q6_K", &block);
        assert_eq!(
            [row[0], row[16]].map(f32::to_bits),
            [-64.0_f32, 0.0].map(|own| if own == 0.0 { (-0.0_f32).to_bits() } else { own.to_bits() })
        );
        // Q4_K: the first part has scale 3 and least value 1 (times one each).
        let mut block = vec![0x00, 0x3c, 0x00, 0x3c];
        block.resize(144, 0);
        (block[4], block[8], block[16]) = (3, 1, 0x05);
        let row = unpack("Q4_K", &block);
        assert_eq!([row[0], row[1], row[32]].map(f32::to_bits), [14.0_f32, -1.0, 0.0].map(f32::to_bits));
    }
}
