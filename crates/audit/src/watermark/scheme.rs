use stillwatch_core::Random;

use super::green::{GreenList, KeyedGreenList};
use super::gumbel::Gumbel;
use super::law::Law;
use super::permutation::Lists;
use super::synthid::SynthId;

/// A watermark with its key. Every scheme gives each n-gram (a token and the tokens before it) a whole number, and says
/// how sums of these are distributed over texts that know nothing of the key.
#[derive(Clone)]
pub enum Scheme {
    GreenList(GreenList),
    KeyedGreenList(KeyedGreenList),
    SynthId(SynthId),
    Gumbel(Gumbel),
}

impl Scheme {
    /// As reports name it.
    pub fn name(&self) -> &'static str {
        match self {
            Self::GreenList(_) => "KGW green list",
            Self::KeyedGreenList(_) => "keyed-hash green list",
            Self::SynthId(_) => "SynthID-Text",
            Self::Gumbel(_) => "Gumbel",
        }
    }

    /// Whether every document can be scored by itself: a green list that is a permutation of the whole vocabulary takes
    /// a tenth of a millisecond for each n-gram.
    pub fn is_quick(&self) -> bool {
        !matches!(self, Self::GreenList(_))
    }

    /// Tokens in an n-gram, the scored one included.
    pub fn ngram_length(&self) -> usize {
        match self {
            Self::GreenList(list) => list.window() + 1,
            Self::KeyedGreenList(list) => list.window() + 1,
            Self::SynthId(synthid) => synthid.ngram_length(),
            Self::Gumbel(gumbel) => gumbel.window() + 1,
        }
    }

    /// The scored quantity, in words.
    pub(crate) fn quantity(&self) -> &'static str {
        match self {
            Self::GreenList(_) | Self::KeyedGreenList(_) => "share of green tokens",
            Self::SynthId(_) => "mean g-value",
            Self::Gumbel(_) => "mean of -ln(1 - r)",
        }
    }

    /// The n-grams of a text that the generator would have marked, with repetitions.
    pub(crate) fn candidates<'a>(&self, ids: &'a [u32]) -> Box<dyn Iterator<Item = &'a [u32]> + 'a> {
        let length = self.ngram_length();
        let first = match self {
            Self::GreenList(list) => list.first_position(),
            Self::Gumbel(gumbel) => gumbel.first_position(),
            Self::KeyedGreenList(list) => list.window(),
            Self::SynthId(synthid) => return Box::new(synthid.unmasked(ids).collect::<Vec<_>>().into_iter()),
        };
        Box::new(ids.windows(length).skip(first + 1 - length))
    }

    /// Whether the two take the same n-grams of any text, so that one reading serves both.
    pub(crate) fn reads_like(&self, other: &Self) -> bool {
        let same = self.ngram_length() == other.ngram_length() && self.vocabulary() == other.vocabulary();
        same && match (self, other) {
            (Self::GreenList(left), Self::GreenList(right)) => left.first_position() == right.first_position(),
            (Self::Gumbel(left), Self::Gumbel(right)) => left.first_position() == right.first_position(),
            (Self::KeyedGreenList(left), Self::KeyedGreenList(right)) => left.window() == right.window(),
            (Self::SynthId(left), Self::SynthId(right)) => left.reads_like(right),
            _ => false,
        }
    }

    /// Ids below this may be scored; `None` where the scheme knows no vocabulary.
    pub(crate) fn vocabulary(&self) -> Option<u32> {
        match self {
            Self::GreenList(list) => Some(list.vocabulary()),
            Self::Gumbel(gumbel) => gumbel.vocabulary(),
            Self::KeyedGreenList(_) | Self::SynthId(_) => None,
        }
    }

    pub(crate) fn law(&self) -> Law {
        match self {
            Self::GreenList(list) => list.law(),
            Self::KeyedGreenList(list) => list.law(),
            Self::SynthId(synthid) => synthid.law(),
            Self::Gumbel(_) => Law::Exponential,
        }
    }

    pub(crate) fn score(&self, ngram: &[u32]) -> u64 {
        match self {
            Self::GreenList(list) => list.is_green(ngram).into(),
            Self::KeyedGreenList(list) => list.is_green(ngram).into(),
            Self::SynthId(synthid) => synthid.score(ngram),
            Self::Gumbel(gumbel) => gumbel.score(ngram),
        }
    }

    pub(crate) fn score_by(&self, lists: &mut Lists, ngram: &[u32]) -> u64 {
        match self {
            Self::GreenList(list) => list.is_green_by(lists, ngram).into(),
            _ => self.score(ngram),
        }
    }

    /// The same scheme under another key, the `index`-th of a seed.
    pub(crate) fn wrong(&self, seed: u64, index: u64) -> Self {
        let random = &mut Random::new(seed, index);
        match self {
            Self::GreenList(list) => Self::GreenList(list.wrong(random)),
            Self::KeyedGreenList(list) => Self::KeyedGreenList(list.wrong(random)),
            Self::SynthId(synthid) => Self::SynthId(synthid.wrong(random)),
            Self::Gumbel(gumbel) => Self::Gumbel(gumbel.wrong(random)),
        }
    }

    /// N-grams on which wrong keys are tried: a thousand keys then take some ten CPU seconds at most. A permutation
    /// costs microseconds, a hash nanoseconds.
    pub(crate) fn calibration_ngrams(&self) -> usize {
        match self {
            Self::GreenList(_) => 1 << 10,
            Self::Gumbel(gumbel) if gumbel.vocabulary().is_some() => 1 << 10,
            Self::SynthId(_) => 1 << 13,
            Self::KeyedGreenList(_) | Self::Gumbel(_) => 1 << 16,
        }
    }
}
