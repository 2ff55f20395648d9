//! UTF-16 read as UTF-8: what spreadsheets and PowerShell write.

use std::io::{self, Read};

use crate::first_bytes::BYTE_ORDER_MARK;

/// The order of the bytes of a code unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    /// Tells UTF-16 by its byte order mark, or by the zeros that every other byte of Latin text is.
    pub(crate) fn detect(first: &[u8]) -> Option<Self> {
        match first {
            // UTF-32 begins with the same two bytes.
            [0xff, 0xfe, 0, 0, ..] => return None,
            [0xff, 0xfe, ..] => return Some(Self::Little),
            [0xfe, 0xff, ..] => return Some(Self::Big),
            _ => {}
        }
        let looked_at = &first[..first.len().min(LOOKED_AT) & !1];
        if looked_at.len() < FEWEST_BYTES {
            return None;
        }
        let zeros = |offset: usize| looked_at.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
        let (even, odd) = (zeros(0), zeros(1));
        let most = looked_at.len() / 2 * 7 / 10;
        match (even, odd) {
            // Characters of other planes have zeros on the other side.
            (even, odd) if odd >= most && even * 10 <= odd => Some(Self::Little),
            (even, odd) if even >= most && odd * 10 <= even => Some(Self::Big),
            _ => None,
        }
    }

    fn unit(self, bytes: [u8; 2]) -> u16 {
        match self {
            Self::Little => u16::from_le_bytes(bytes),
            Self::Big => u16::from_be_bytes(bytes),
        }
    }
}

const LOOKED_AT: usize = 4096;
const FEWEST_BYTES: usize = 16;
const CHUNK: usize = 16 << 10;

/// A small file in UTF-8, without a byte order mark; one of UTF-16 is read too.
pub(crate) fn decoded(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
    let bytes = match Order::detect(&bytes) {
        None => bytes,
        Some(order) => {
            let mut text = Vec::new();
            Utf16::new(&bytes[..], order).read_to_end(&mut text)?;
            text
        }
    };
    Ok(bytes.strip_prefix(BYTE_ORDER_MARK).map(<[u8]>::to_vec).unwrap_or(bytes))
}

/// Reads UTF-16 and gives UTF-8. Half a surrogate pair becomes U+FFFD, and so does an odd byte at the end.
pub(crate) struct Utf16<R> {
    inner: R,
    order: Order,
    text: Vec<u8>,
    given: usize,
    /// A byte whose other half has not come.
    odd: Option<u8>,
    /// The first half of a surrogate pair.
    high: Option<u16>,
    ended: bool,
}

impl<R: Read> Utf16<R> {
    pub(crate) fn new(inner: R, order: Order) -> Self {
        Self { inner, order, text: Vec::new(), given: 0, odd: None, high: None, ended: false }
    }

    fn refill(&mut self) -> io::Result<()> {
        let mut chunk = [0; CHUNK];
        let count = loop {
            match self.inner.read(&mut chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.text.clear();
        self.given = 0;
        if count == 0 {
            self.ended = true;
            if self.high.take().is_some() | self.odd.take().is_some() {
                self.push(char::REPLACEMENT_CHARACTER);
            }
        }
        for &byte in &chunk[..count] {
            match self.odd.take() {
                None => self.odd = Some(byte),
                Some(before) => self.unit(self.order.unit([before, byte])),
            }
        }
        Ok(())
    }

    fn unit(&mut self, unit: u16) {
        if let Some(high) = self.high.take() {
            if let Some(Ok(character)) = char::decode_utf16([high, unit]).next() {
                return self.push(character);
            }
            self.push(char::REPLACEMENT_CHARACTER);
        }
        match unit {
            0xd800..0xdc00 => self.high = Some(unit),
            _ => self.push(char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER)),
        }
    }

    fn push(&mut self, character: char) {
        self.text.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
    }
}

impl<R: Read> Read for Utf16<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() && !self.ended {
            self.refill()?;
        }
        let count = (self.text.len() - self.given).min(buffer.len());
        buffer[..count].copy_from_slice(&self.text[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::{Order, Utf16};

    fn read(units: &[u16], order: Order) -> String {
        let bytes: Vec<u8> = match order {
            Order::Little => units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            Order::Big => units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        };
        let mut text = String::new();
        Utf16::new(&bytes[..], order).read_to_string(&mut text).unwrap();
        text
    }

    #[test]
    fn orders_are_told_with_and_without_a_mark() {
        let little: Vec<u8> = "time,account\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = "time,account\n".encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!((Order::detect(&little), Order::detect(&big)), (Some(Order::Little), Some(Order::Big)));
        assert_eq!(Order::detect(b"\xff\xfea\0"), Some(Order::Little));
        assert_eq!((Order::detect(b"time,account and more"), Order::detect(b"\xff\xfe\0\0a\0\0\0")), (None, None));
    }

    #[test]
    fn halves_of_pairs_are_replaced() {
        assert_eq!(read(&[0x61, 0xd83d, 0x62, 0xdc00], Order::Little), "a\u{fffd}b\u{fffd}");
        let mut text = String::new();
        Utf16::new(&b"a\0b"[..], Order::Little).read_to_string(&mut text).unwrap();
        assert_eq!(text, "a\u{fffd}");
    }

    proptest! {
        #[test]
        fn text_is_what_was_written(text in "\\PC*") {
            let units: Vec<u16> = text.encode_utf16().collect();
            prop_assert_eq!(read(&units, Order::Little), text.clone());
            prop_assert_eq!(read(&units, Order::Big), text);
        }
    }
}
