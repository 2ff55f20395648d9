//! The model as a file: a magic number, versions, a card in JSON, weights, held-out scores, a checksum.
//!
//! Integers are little-endian. A file is hostile until its lengths, its names and its checksum have been checked; the checksum
//! (BLAKE3) tells damage, not forgery.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::calibration::{Calibration, MOST_ROWS, Regime, Unit};
use super::card::Card;
use super::family::{HUMAN, MOST_FAMILIES};
use super::feature::{FEATURE_VERSION, Known, ROWS};
use super::model::{StyleModel, Table};

const MAGIC: &[u8; 8] = b"SWSTYLE\n";
/// Raised when the layout of the file changes.
pub const FORMAT_VERSION: u16 = 1;
/// No model is larger, so nothing more is read.
pub const LARGEST_FILE: u64 = 64 << 20;
const MOST_UNITS: usize = 8192;
const LONGEST_NAME: usize = 256;
const CHECKSUM: usize = 32;

#[derive(Debug, Error)]
pub enum FileError {
    #[error("could not read or write the style model")]
    Io(#[from] io::Error),
    #[error("not a style model")]
    Magic,
    #[error("style model of version {found}, and this program reads {FORMAT_VERSION}")]
    Version { found: u16 },
    #[error("style model with features of version {found}, and this program makes {FEATURE_VERSION}: train it again")]
    Features { found: u16 },
    #[error("the style model is damaged: {0}")]
    Damaged(&'static str),
    #[error("the card of the style model is damaged")]
    Card(#[source] serde_json::Error),
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    card: Card,
    units: Vec<UnitHead>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct UnitHead {
    regime: Regime,
    family: u8,
    maker: String,
    domain: String,
    documents: usize,
}

impl StyleModel {
    /// Writes the model. The same model gives the same bytes.
    pub fn write(&self, mut to: impl Write) -> Result<(), FileError> {
        let head = Head {
            card: self.card.clone(),
            units: self
                .calibration
                .units
                .iter()
                .map(|unit| UnitHead {
                    regime: unit.regime,
                    family: unit.family,
                    maker: unit.maker.clone(),
                    domain: unit.domain.clone(),
                    documents: unit.rows.len() / self.calibration.classes,
                })
                .collect(),
        };
        let head = serde_json::to_vec(&head).map_err(FileError::Card)?;
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT_VERSION.to_le_bytes());
        bytes.extend(FEATURE_VERSION.to_le_bytes());
        bytes.extend(u32::try_from(head.len()).map_err(|_| FileError::Damaged("its card is too long"))?.to_le_bytes());
        bytes.extend(head);
        bytes.extend(self.table.known.words().iter().flat_map(|word| word.to_le_bytes()));
        bytes.extend(self.table.steps.iter().chain(&self.table.bias).flat_map(|value| value.to_le_bytes()));
        for (row, weights) in (0_u32..).zip(self.table.weights.chunks_exact(self.table.width)) {
            if self.table.known.holds(row) {
                bytes.extend(weights[..self.table.classes].iter().map(|weight| weight.cast_unsigned()));
            }
        }
        bytes.extend(self.calibration.units.iter().flat_map(|unit| &unit.rows).flat_map(|value| value.to_le_bytes()));
        let checksum = blake3::hash(&bytes);
        to.write_all(&bytes)?;
        to.write_all(checksum.as_bytes())?;
        Ok(())
    }

    /// Reads a model, at most [`LARGEST_FILE`] bytes of it.
    pub fn read(from: impl Read) -> Result<Self, FileError> {
        let mut bytes = Vec::new();
        from.take(LARGEST_FILE + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > LARGEST_FILE {
            return Err(FileError::Damaged("it is too large"));
        }
        let mut reader = ModelBytes(&bytes);
        if reader.take(MAGIC.len()).map_err(|_| FileError::Magic)? != MAGIC {
            return Err(FileError::Magic);
        }
        let found = reader.u16()?;
        if found != FORMAT_VERSION {
            return Err(FileError::Version { found });
        }
        let found = reader.u16()?;
        if found != FEATURE_VERSION {
            return Err(FileError::Features { found });
        }
        let body = bytes.len().checked_sub(CHECKSUM).ok_or(FileError::Damaged("it is cut short"))?;
        if blake3::hash(&bytes[..body]).as_bytes() != &bytes[body..] {
            return Err(FileError::Damaged("its checksum does not match"));
        }
        let length = reader.u32()? as usize;
        let head: Head = serde_json::from_slice(reader.take(length)?).map_err(FileError::Card)?;
        check(&head)?;
        let classes = head.card.families.len();
        let table = read_table(&mut reader, classes)?;
        let mut units = Vec::with_capacity(head.units.len());
        for unit in head.units {
            let rows = reader.take(unit.documents * classes * 2)?.as_chunks::<2>().0;
            let rows = rows.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
            let UnitHead { regime, family, maker, domain, .. } = unit;
            units.push(Unit { regime, family, maker, domain, rows });
        }
        if reader.0.len() != CHECKSUM {
            return Err(FileError::Damaged("something follows it"));
        }
        Ok(Self::new(head.card, table, Calibration { classes, units }))
    }
}

fn check(head: &Head) -> Result<(), FileError> {
    let card = &head.card;
    let families = card.families.len();
    let named = |name: &str| !name.is_empty() && name.len() <= LONGEST_NAME && !name.chars().any(char::is_control);
    let makers = || card.families.iter().flat_map(|family| &family.makers);
    let names = || {
        let families = card.families.iter().map(|family| family.name.as_str());
        let units = head.units.iter().flat_map(|unit| [unit.maker.as_str(), unit.domain.as_str()]);
        let dates = makers().filter_map(|maker| maker.date.as_deref());
        let domains = card.domains.iter().map(|domain| domain.name.as_str());
        families.chain(makers().map(|maker| maker.name.as_str())).chain(units).chain(dates).chain(domains)
    };
    let sound = |value: f32| value.is_finite() && value >= 0.0;
    let rules = [
        ((2..=MOST_FAMILIES).contains(&families), "its families are too few or too many"),
        (card.families.iter().any(|family| family.name == HUMAN), "it has no class of people"),
        (card.feature_version == FEATURE_VERSION, "its card is of other features"),
        (card.prior.len() == families && card.prior.iter().all(|share| sound(*share)), "its shares are not numbers"),
        (card.temperature.is_finite() && card.temperature > 0.0, "its temperature is not a number above zero"),
        (sound(card.lambda) && sound(card.held_out_loss), "its penalty or loss is not a number"),
        (head.units.len() <= MOST_UNITS, "it has too many held-out sources"),
        (head.units.iter().all(|unit| usize::from(unit.family) < families), "a held-out source has no family"),
        (head.units.iter().all(|unit| (1..=MOST_ROWS).contains(&unit.documents)), "a held-out source has a wrong size"),
        (names().chain(card.languages.iter().map(String::as_str)).all(named), "a name is empty, long or unprintable"),
    ];
    rules.into_iter().find(|(kept, _)| !kept).map_or(Ok(()), |(_, why)| Err(FileError::Damaged(why)))
}

fn read_table(reader: &mut ModelBytes<'_>, classes: usize) -> Result<Table, FileError> {
    let (words, _) = reader.take(ROWS / 8)?.as_chunks::<8>();
    let known = Known::from_words(words.iter().map(|word| u64::from_le_bytes(*word)).collect())
        .ok_or(FileError::Damaged("its rows are cut short"))?;
    let mut floats = || -> Result<Vec<f32>, FileError> {
        let (values, _) = reader.take(classes * 4)?.as_chunks::<4>();
        let values: Vec<f32> = values.iter().map(|value| f32::from_le_bytes(*value)).collect();
        let sound = values.iter().all(|value| value.is_finite() && value.abs() < 1e6);
        sound.then_some(values).ok_or(FileError::Damaged("a weight is not a number"))
    };
    let (steps, bias) = (floats()?, floats()?);
    let width = classes.next_multiple_of(8);
    let mut weights = vec![0; ROWS * width];
    for (row, slots) in (0_u32..).zip(weights.chunks_exact_mut(width)) {
        if known.holds(row) {
            for (slot, byte) in slots.iter_mut().zip(reader.take(classes)?) {
                *slot = byte.cast_signed();
            }
        }
    }
    Ok(Table { known, classes, width, weights, steps, bias })
}

struct ModelBytes<'a>(&'a [u8]);

impl<'a> ModelBytes<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], FileError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or(FileError::Damaged("it is cut short"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn u16(&mut self) -> Result<u16, FileError> {
        Ok(self.take(2)?.first_chunk().map_or(0, |bytes| u16::from_le_bytes(*bytes)))
    }

    fn u32(&mut self) -> Result<u32, FileError> {
        Ok(self.take(4)?.first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes)))
    }
}
