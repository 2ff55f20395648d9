use stillwatch_core::{Exchange, Key, Purpose, Retention, SECONDS_PER_DAY};

use crate::Kind;
use crate::digest::encode_one;
use crate::identity::{Keyed, country, network};
use crate::intent::Lexicon;
use crate::record::Record;
use crate::served::ServedReader;
use crate::text::Words;
use crate::threshold::{SLOT_BITS, fingerprint_of, slot};
use crate::vocabulary::Vocabulary;

const RATE_LIMITED: i64 = 429;
const FIRST_FAILURE: i64 = 400;

/// Turns exchanges into digests of one exchange each. It is the one place where text is read.
pub struct Fingerprinter {
    text: Keyed,
    identity: Keyed,
    sampling: Keyed,
    words: Words,
    lexicon: Lexicon,
    vocabulary: Vocabulary,
    served: Option<Box<ServedReader>>,
    fingerprints: Vec<(Kind, Vec<u64>)>,
    buffer: Vec<u8>,
    encoded: Vec<u8>,
}

/// The fingerprints that names have in digests under a key, for whoever has to recognise a name given elsewhere.
#[derive(Clone, Copy)]
pub struct Names(Keyed);

impl Names {
    pub fn new(key: &Key) -> Self {
        Self(Keyed::new(key, Purpose::Identity))
    }

    /// As [`AccountWindow::counts`](crate::AccountWindow::counts) gives it for this kind.
    pub fn fingerprint(&self, kind: Kind, name: &str) -> u64 {
        self.of(kind, name.as_bytes())
    }

    /// Of the /24 or /48 that an address lies in, or that a network begins with; `None` for what is neither.
    pub fn network(&self, address: &str) -> Option<u64> {
        network(address).map(|(block, _)| self.of(Kind::Network, &block))
    }

    /// Of an autonomous system.
    pub fn autonomous_system(&self, number: i64) -> u64 {
        self.of(Kind::AutonomousSystem, &number.to_le_bytes())
    }

    /// Of a country, by its two letters.
    pub fn country(&self, code: &str) -> Option<u64> {
        country(code).map(|code| self.of(Kind::Country, &code))
    }

    fn of(&self, kind: Kind, bytes: &[u8]) -> u64 {
        fingerprint_of(self.0.bytes(kind as u8, bytes))
    }

    /// For what no digest holds, such as the payment token of an account table; `what` keeps tokens of different
    /// sorts apart.
    pub fn token(&self, what: &str, token: &str) -> u64 {
        let text = [what, token].join("\0");
        fingerprint_of(self.0.bytes(TOKEN, text.as_bytes()))
    }
}

/// No [`Kind`] has this number.
const TOKEN: u8 = u8::MAX;

impl Fingerprinter {
    pub fn new(key: &Key) -> Self {
        Self {
            text: Keyed::new(key, Purpose::Text),
            identity: Keyed::new(key, Purpose::Identity),
            sampling: Keyed::new(key, Purpose::Sampling),
            words: Words::default(),
            lexicon: Lexicon::default(),
            vocabulary: Vocabulary::default(),
            served: None,
            fingerprints: Kind::ALL.map(|kind| (kind, Vec::new())).into(),
            buffer: Vec::new(),
            encoded: Vec::new(),
        }
    }

    /// Fingerprints responses too, for the index of served outputs. The manifest has to say so
    /// ([`Manifest::with_served`](crate::Manifest::with_served)).
    pub fn with_served(self, key: &Key) -> Self {
        Self { served: Some(Box::new(ServedReader::new(key))), ..self }
    }

    /// The encoded digest of one exchange. Text is fingerprinted unless the exchange's retention class forbids it;
    /// an exchange that was not answered gives its time alone.
    pub fn fingerprint(&mut self, exchange: &Exchange<'_>) -> &[u8] {
        self.fingerprints.iter_mut().for_each(|(_, fingerprints)| fingerprints.clear());
        let slot = slot_of(exchange);
        let mut record = Record { slot: u8::try_from(slot).ok(), ..record_of(exchange) };
        let prompt = self.prompt(exchange, &mut record);
        self.served(exchange, record.flags);
        record.key = self.identity_of(exchange, prompt, &record);
        self.identities(exchange);
        for (_, fingerprints) in &mut self.fingerprints {
            fingerprints.sort_unstable();
            fingerprints.dedup();
        }
        encode_one(&record, slot, &self.fingerprints, &mut self.encoded);
        &self.encoded
    }

    fn prompt(&mut self, exchange: &Exchange<'_>, record: &mut Record) -> u64 {
        if exchange.retention <= Retention::MetadataOnly {
            return 0;
        }
        let mut whole = 0;
        let answered = record.flags & (Record::LIMITED | Record::FAILED) == 0;
        if let Some(system) = exchange.system {
            self.words.read(system);
            if let Some(hash) = self.words.whole().filter(|_| answered) {
                let fingerprint = self.text.word(hash);
                self.push(Kind::System, fingerprint);
                self.passages();
            }
        }
        if let Some(prompt) = exchange.prompt {
            record.flags |= Record::HAS_TEXT;
            self.words.read(prompt);
            whole = self.words.whole().map_or(0, |hash| self.text.word(hash));
            if answered && whole != 0 {
                self.push(Kind::Prompt, whole);
                for side in self.words.skeleton().into_iter().flatten() {
                    let fingerprint = self.text.word(side);
                    self.push(Kind::Skeleton, fingerprint);
                }
                self.passages();
                let intents = &mut self.fingerprints[Kind::Intent.index()].1;
                intents
                    .extend(self.lexicon.intents(&self.words.hashes).map(|intent| intent.fingerprint() << SLOT_BITS));
                let words = &mut self.fingerprints[Kind::Word.index()].1;
                let text = self.text;
                self.vocabulary.winnow(&self.words.hashes, |word| words.push(keyed_word(&text, word)));
            }
        }
        if let Some(tools) = exchange.tools.filter(|tools| answered && !matches!(*tools, "" | "[]" | "null")) {
            let fingerprint = self.text.bytes(Kind::Tools as u8, tools.as_bytes());
            self.push(Kind::Tools, fingerprint);
        }
        whole
    }

    fn served(&mut self, exchange: &Exchange<'_>, flags: u8) {
        if let Some(reader) = &mut self.served
            && let Some(response) = exchange.response.filter(|_| exchange.retention > Retention::MetadataOnly)
            && flags & (Record::LIMITED | Record::FAILED) == 0
        {
            let served = &mut self.fingerprints[Kind::Served.index()].1;
            reader.served(exchange.prompt, response, |k_gram| served.push(k_gram.fingerprint));
        }
    }

    fn passages(&mut self) {
        let passages = &mut self.fingerprints[Kind::Passage.index()].1;
        self.words.winnow(|passage| passages.push(self.text.word(passage)));
    }

    fn identities(&mut self, exchange: &Exchange<'_>) {
        let identity = self.identity;
        let texts = [
            (Kind::Ja4, exchange.ja4),
            (Kind::UserAgent, exchange.user_agent),
            (Kind::ApiKey, exchange.api_key),
            (Kind::EndUser, exchange.end_user),
            (Kind::Conversation, exchange.conversation),
            (Kind::Model, exchange.model),
            (Kind::Endpoint, exchange.endpoint),
            (Kind::Organization, exchange.organization),
        ];
        for (kind, text) in texts {
            if let Some(text) = text.filter(|text| !text.is_empty()) {
                self.push(kind, identity.bytes(kind as u8, text.as_bytes()));
            }
        }
        if let Some(ip) = exchange.ip
            && let Some((block, single)) = network(ip)
        {
            self.push(Kind::Network, identity.bytes(Kind::Network as u8, &block));
            if single {
                self.push(Kind::Address, identity.bytes(Kind::Address as u8, ip.as_bytes()));
            }
        }
        if let Some(asn) = exchange.asn {
            self.push(Kind::AutonomousSystem, identity.bytes(Kind::AutonomousSystem as u8, &asn.to_le_bytes()));
        }
        if let Some(country) = exchange.country.and_then(country) {
            self.push(Kind::Country, identity.bytes(Kind::Country as u8, &country));
        }
        if self.parameters(exchange) {
            self.push(Kind::Parameters, identity.bytes(Kind::Parameters as u8, &self.buffer));
        }
    }

    /// Writes the sampling parameters to the buffer; `false` when none is given.
    fn parameters(&mut self, exchange: &Exchange<'_>) -> bool {
        self.buffer.clear();
        let fields = [
            exchange.temperature.map(|value| (value + 0.0).to_bits()),
            exchange.top_p.map(|value| (value + 0.0).to_bits()),
            exchange.n.map(i64::cast_unsigned),
            exchange.max_tokens.map(i64::cast_unsigned),
            exchange.logprobs.map(u64::from),
        ];
        for field in fields {
            self.buffer.push(u8::from(field.is_some()));
            self.buffer.extend_from_slice(&field.unwrap_or(0).to_le_bytes());
        }
        fields.iter().any(Option::is_some)
    }

    /// What makes two sightings one exchange. Neither the id nor the moment decides it alone: a client may give one id to
    /// everything, and a retry may follow within the same second.
    fn identity_of(&mut self, exchange: &Exchange<'_>, prompt: u64, record: &Record) -> u64 {
        self.buffer.clear();
        self.buffer.extend_from_slice(&exchange.time.0.to_le_bytes());
        self.buffer.push(record.flags & (Record::LIMITED | Record::FAILED));
        self.buffer.extend_from_slice(&prompt.to_le_bytes());
        self.buffer.extend_from_slice(exchange.request_id.unwrap_or_default().as_bytes());
        self.buffer.push(0xff);
        self.buffer.extend_from_slice(exchange.account.as_bytes());
        self.sampling.bytes(0, &self.buffer)
    }

    fn push(&mut self, kind: Kind, fingerprint: u64) {
        self.fingerprints[kind.index()].1.push(fingerprint);
    }
}

/// The slot of an exchange, by its moment and its tokens. An account cannot choose it, because it does not know beforehand
/// how long an answer becomes; names and ids have no part in it, so that renaming changes nothing.
fn slot_of(exchange: &Exchange<'_>) -> u64 {
    let words = [exchange.time.0, exchange.input_tokens.unwrap_or(-1), exchange.output_tokens.unwrap_or(-1)];
    slot(words.map(i64::cast_unsigned))
}

/// The fingerprint of a word, of which 32 bits are kept.
fn keyed_word(text: &Keyed, word: u64) -> u64 {
    text.bytes(Kind::Word as u8, &word.to_le_bytes()) >> 32 << 32
}

fn record_of(exchange: &Exchange<'_>) -> Record {
    let tokens =
        |count: Option<i64>| count.map_or(0, |count| stillwatch_core::at_most_u32(count.max(0).cast_unsigned()));
    let mut flags = 0;
    match exchange.status {
        Some(RATE_LIMITED) => flags |= Record::LIMITED,
        Some(status) if status >= FIRST_FAILURE => flags |= Record::FAILED,
        _ => {}
    }
    if exchange.conversation.is_some_and(|conversation| !conversation.is_empty()) {
        flags |= Record::IN_CONVERSATION;
    }
    Record {
        key: 0,
        slot: None,
        second: stillwatch_core::at_most_u32(exchange.time.seconds().rem_euclid(SECONDS_PER_DAY).cast_unsigned()),
        input_tokens: tokens(exchange.input_tokens),
        output_tokens: tokens(exchange.output_tokens),
        cached_tokens: tokens(exchange.cached_tokens),
        completions: stillwatch_core::at_most_u8(exchange.n.unwrap_or(1).max(1).cast_unsigned()),
        flags,
    }
}
