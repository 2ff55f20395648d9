use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};

use super::lexer::{digit, is_space};

/// Filters of one stream.
pub(super) const MOST_FILTERS: usize = 4;

/// What became of a stream.
pub(super) enum Decoded {
    Whole(Vec<u8>),
    /// It holds more than may be read.
    TooLarge,
    /// A filter that is not read here, or too many.
    Unknown,
}

/// Undoes filters (ISO 32000-1, section 7.4) up to so many bytes after each of them. Images and LZW are not read.
pub(super) fn decode(raw: &[u8], filters: &[Vec<u8>], most: usize) -> Decoded {
    let mut data = std::borrow::Cow::Borrowed(raw);
    if filters.len() > MOST_FILTERS {
        return Decoded::Unknown;
    }
    for filter in filters {
        let next = match filter.as_slice() {
            b"FlateDecode" | b"Fl" => inflate(&data, most),
            b"ASCII85Decode" | b"A85" => base_85(&data),
            b"ASCIIHexDecode" | b"AHx" => hexadecimal(&data),
            b"RunLengthDecode" | b"RL" => run_lengths(&data, most),
            _ => return Decoded::Unknown,
        };
        if next.len() > most {
            return Decoded::TooLarge;
        }
        data = next.into();
    }
    if data.len() > most { Decoded::TooLarge } else { Decoded::Whole(data.into_owned()) }
}

/// At most one byte more than may be read, so that the caller sees that it is too much. What stands before a mistake
/// is kept.
fn inflate(data: &[u8], most: usize) -> Vec<u8> {
    let read = |reader: &mut dyn Read| {
        let mut out = Vec::new();
        let mut buffer = [0; 16 << 10];
        while out.len() <= most {
            match reader.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(count) => out.extend_from_slice(&buffer[..count]),
            }
        }
        out
    };
    let out = read(&mut ZlibDecoder::new(data));
    if out.is_empty() { read(&mut DeflateDecoder::new(data)) } else { out }
}

fn base_85(data: &[u8]) -> Vec<u8> {
    let data = data.strip_prefix(b"<~").unwrap_or(data);
    let mut out = Vec::with_capacity(data.len() / 5 * 4);
    let mut group = [0_u8; 5];
    let mut held = 0;
    for &byte in data {
        match byte {
            b'z' if held == 0 => out.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                group[held] = byte - b'!';
                held += 1;
                if held == 5 {
                    out.extend_from_slice(&four(group));
                    held = 0;
                }
            }
            b'~' => break,
            _ => {}
        }
    }
    if held > 1 {
        group[held..].fill(84);
        out.extend_from_slice(&four(group)[..held - 1]);
    }
    out
}

fn four(group: [u8; 5]) -> [u8; 4] {
    group.iter().fold(0_u32, |value, &digit| value.wrapping_mul(85).wrapping_add(u32::from(digit))).to_be_bytes()
}

fn hexadecimal(data: &[u8]) -> Vec<u8> {
    let end = data.iter().position(|&byte| byte == b'>').unwrap_or(data.len());
    let digits: Vec<u8> = data[..end].iter().copied().filter(|&byte| !is_space(byte)).filter_map(digit).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or_default()).collect()
}

fn run_lengths(data: &[u8], most: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(&length) = data.get(at) {
        let length = usize::from(length);
        match length {
            0..=127 => {
                let end = (at + 2 + length).min(data.len());
                out.extend_from_slice(&data[at + 1..end]);
                at = end;
            }
            128 => break,
            _ => {
                let Some(&byte) = data.get(at + 1) else { break };
                out.resize(out.len() + 257 - length, byte);
                at += 2;
            }
        }
        if out.len() > most {
            break;
        }
    }
    out
}
