use std::hash::Hasher;
use std::io::Read;
use std::sync::Arc;

use arrow::array::{Array, ArrayRef, AsArray, Int64Array, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::{Int64Type, TimestampMicrosecondType};
use hashbrown::HashMap;
use rustc_hash::FxBuildHasher;
use siphasher::sip::SipHasher13;
use stillwatch_core::Micros;

use crate::schema::{EDGE_COLUMNS, Table};
use crate::{FieldMap, Format, IngestError, Tally, whole};

/// What the proxy in front of the gateway knows of each request: address, network, TLS fingerprint. It fills what the
/// request log lacks.
pub struct EdgeLog {
    requests: HashMap<u64, Request, FxBuildHasher>,
    words: Words,
}

impl EdgeLog {
    /// Reads an edge log of any format into at most about `budget` bytes. Of several rows for one request the last value
    /// that is not null counts.
    pub fn read(
        reader: impl Read + Send,
        format: Option<Format>,
        map: &FieldMap,
        source: &str,
        budget: usize,
        tally: &mut Tally,
    ) -> Result<Self, IngestError> {
        let mut log = Self { requests: HashMap::default(), words: Words::default() };
        let mut own = Tally::default();
        let options = whole::options(Table::Edge, map);
        let result = whole::read(reader, format, &options, source, &mut own, |batch, tally| {
            log.add(batch, tally);
            if log.bytes() > budget { Err(IngestError::EdgeBudget { budget }) } else { Ok(()) }
        });
        tally.merge(&own);
        result?;
        let without_id = own.rejected.get(&crate::Reason::Missing(EDGE_COLUMNS[0].name));
        if log.requests.is_empty() && own.rows > 0 && without_id.is_some_and(|rejected| rejected.count == own.rows) {
            return Err(IngestError::EdgeRequestId);
        }
        Ok(log)
    }

    /// Requests known.
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }

    /// When the proxy saw a request, where the edge log has a time.
    pub fn time_of(&self, request_id: &str) -> Option<Micros> {
        self.requests.get(&hash(request_id)).map(|request| request.time).filter(|time| *time != NO_TIME).map(Micros)
    }

    /// Fills the nulls of `ip`, `asn`, `ja4`, `user_agent` and `country` in a batch of exchanges.
    pub fn enrich(&self, batch: RecordBatch) -> RecordBatch {
        let schema = batch.schema();
        let Some(ids) = batch.column_by_name(EDGE_COLUMNS[0].name).and_then(|ids| ids.as_string_opt::<i32>()) else {
            return batch;
        };
        if self.requests.is_empty() || ids.null_count() == ids.len() {
            return batch;
        }
        let requests: Vec<Option<&Request>> =
            ids.iter().map(|id| id.and_then(|id| self.requests.get(&hash(id)))).collect();
        let mut columns = batch.columns().to_vec();
        for (index, column) in columns.iter_mut().enumerate().filter(|(_, column)| column.null_count() > 0) {
            let name = schema.field(index).name();
            let filled = match TEXTS.iter().position(|text| text == name) {
                Some(text) => column.as_string_opt().map(|own| self.fill_texts(own, &requests, text)),
                None if name == ASN => column.as_primitive_opt().map(|own| fill_numbers(own, &requests)),
                None => None,
            };
            if let Some(filled) = filled {
                *column = filled;
            }
        }
        // The arrays keep type and length, so the schema still holds.
        RecordBatch::try_new(schema, columns).unwrap_or(batch)
    }

    fn fill_texts(&self, own: &StringArray, requests: &[Option<&Request>], text: usize) -> ArrayRef {
        let mut filled = StringBuilder::with_capacity(own.len(), own.value_data().len());
        for (value, request) in own.iter().zip(requests) {
            filled.append_option(value.or_else(|| request.and_then(|request| self.words.at(request.texts[text]))));
        }
        Arc::new(filled.finish())
    }

    fn add(&mut self, batch: &RecordBatch, tally: &mut Tally) {
        let texts = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        let Some(ids) = texts(EDGE_COLUMNS[0].name) else {
            return;
        };
        let columns = TEXTS.map(texts);
        let numbers = batch.column_by_name(ASN).and_then(|column| column.as_primitive_opt::<Int64Type>());
        let times = batch.column_by_name(TIME).and_then(|column| column.as_primitive_opt::<TimestampMicrosecondType>());
        for (row, id) in ids.iter().enumerate() {
            let key = hash(id.unwrap_or_default());
            tally.duplicates += u64::from(self.requests.contains_key(&key));
            let request = self.requests.entry(key).or_default();
            for (place, column) in request.texts.iter_mut().zip(columns) {
                let value = column.filter(|column| column.is_valid(row)).map(|column| column.value(row));
                if let Some(value) = value.filter(|value| !value.is_empty()) {
                    *place = self.words.intern(value);
                }
            }
            if let Some(numbers) = numbers.filter(|numbers| numbers.is_valid(row)) {
                request.asn = numbers.value(row);
            }
            if let Some(times) = times.filter(|times| times.is_valid(row)) {
                request.time = times.value(row);
            }
        }
    }

    fn bytes(&self) -> usize {
        self.requests.capacity() * (size_of::<(u64, Request)>() + 1) + self.words.bytes
    }
}

const TEXTS: [&str; 4] = ["ip", "ja4", "user_agent", "country"];
const ASN: &str = "asn";
const TIME: &str = "time";
/// No time.
const NO_TIME: i64 = i64::MIN;
/// No network; integers are never negative here.
const NO_ASN: i64 = -1;

#[derive(Clone, Copy)]
struct Request {
    asn: i64,
    time: i64,
    /// Numbers of words, in the order of [`TEXTS`]; 0 is null.
    texts: [u32; 4],
}

impl Default for Request {
    fn default() -> Self {
        Self { asn: NO_ASN, time: NO_TIME, texts: [0; 4] }
    }
}

/// Each different text once.
#[derive(Default)]
struct Words {
    numbers: HashMap<Arc<str>, u32, FxBuildHasher>,
    words: Vec<Arc<str>>,
    bytes: usize,
}

impl Words {
    /// The number of a word, from 1.
    fn intern(&mut self, word: &str) -> u32 {
        if let Some(number) = self.numbers.get(word) {
            return *number;
        }
        let Ok(number) = u32::try_from(self.words.len() + 1) else {
            return 0;
        };
        let word: Arc<str> = word.into();
        self.bytes += word.len() + WORD_BYTES;
        self.words.push(Arc::clone(&word));
        self.numbers.insert(word, number);
        number
    }

    fn at(&self, number: u32) -> Option<&str> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.words.get(index).map(AsRef::as_ref)
    }
}

/// What a word takes beside its text: two pointers, a number and the counts.
const WORD_BYTES: usize = 72;

/// Request ids are compared by 64 bits of SipHash: among a hundred million requests one pair in 3,700 logs collides.
fn hash(id: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(id.as_bytes());
    hasher.finish()
}

fn fill_numbers(own: &Int64Array, requests: &[Option<&Request>]) -> ArrayRef {
    let known = |request: &Request| (request.asn != NO_ASN).then_some(request.asn);
    Arc::new(
        own.iter()
            .zip(requests)
            .map(|(value, request)| value.or_else(|| request.and_then(known)))
            .collect::<Int64Array>(),
    )
}
