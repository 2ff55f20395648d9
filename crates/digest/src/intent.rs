//! What a prompt seems to be after, told by a small lexicon.
//!
//! A lexicon sees words and no meaning: it corroborates what else is known of accounts and proves nothing by itself.
//! Words are English, for that is what published accounts of harvesting quote; prompts in other languages show nothing.

use crate::text::word_hash;

/// What a prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Intent {
    /// The reasoning behind an answer, spelt out.
    Reasoning = 1,
    /// Grades by a rubric, as for a reward model.
    Grading,
    /// Acceptable versions of what would be refused.
    RefusalRewriting,
    /// Plans and calls of tools, step by step.
    ToolTraces,
    /// Code with tests, signatures and complexity.
    Code,
}

impl Intent {
    pub const ALL: [Self; 5] = [Self::Reasoning, Self::Grading, Self::RefusalRewriting, Self::ToolTraces, Self::Code];

    /// In words, after "ask for".
    pub fn describe(self) -> &'static str {
        match self {
            Self::Reasoning => "the reasoning behind answers, spelt out",
            Self::Grading => "grades by a rubric",
            Self::RefusalRewriting => "acceptable versions of what would be refused",
            Self::ToolTraces => "plans and calls of tools",
            Self::Code => "code with tests and complexity",
        }
    }

    /// What windows list it under, in [`Kind::Intent`](crate::Kind::Intent).
    pub fn fingerprint(self) -> u64 {
        self as u64
    }

    /// How many different words of what is asked for, and of how, a prompt must hold.
    fn needs(self) -> (u32, u32) {
        match self {
            Self::Reasoning | Self::Code => (1, 2),
            Self::Grading => (2, 1),
            Self::RefusalRewriting | Self::ToolTraces => (1, 1),
        }
    }

    /// Words of what is asked for, and of how.
    fn words(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Reasoning => (
                &["reasoning", "rationale", "thinking", "thought", "thoughts", "derivation", "deliberation"],
                &[
                    "step",
                    "steps",
                    "detailed",
                    "complete",
                    "full",
                    "entire",
                    "every",
                    "transparent",
                    "explicit",
                    "explicitly",
                    "aloud",
                    "articulate",
                    "internal",
                    "intermediate",
                    "show",
                    "before",
                ],
            ),
            Self::Grading => (
                &[
                    "rubric",
                    "grade",
                    "grading",
                    "score",
                    "scores",
                    "rate",
                    "rating",
                    "criteria",
                    "criterion",
                    "judge",
                    "reward",
                ],
                &["scale", "points", "response", "responses", "candidate", "answer", "answers", "preferred", "better"],
            ),
            Self::RefusalRewriting => (
                &["refuse", "refused", "refusal", "declined", "unsafe", "harmful", "censored", "disallowed"],
                &["rewrite", "rephrase", "safe", "acceptable", "alternative", "compliant", "neutral", "instead"],
            ),
            Self::ToolTraces => (
                &["tool", "tools", "toolset", "apis"],
                &["trajectory", "trace", "observation", "observations", "arguments", "invoke", "plan"],
            ),
            Self::Code => (
                &["implement", "function", "code", "program", "algorithm", "refactor"],
                &["tests", "unit", "complexity", "edge", "docstring", "signature", "efficient", "runtime"],
            ),
        }
    }
}

/// The lexicon by the hashes of its words.
pub(crate) struct Lexicon {
    /// Ascending by hash: the word's place among what an intent asks for (low bits) or how (high bits).
    words: Vec<(u64, usize, u64)>,
    /// Which low bits occur at all, so that most words are passed over at once.
    sieve: [u64; SIEVE],
}

const SIEVE: usize = 64;
const HOW: u32 = 32;

impl Default for Lexicon {
    fn default() -> Self {
        let mut words = Vec::new();
        for (intent, of) in Intent::ALL.iter().enumerate() {
            let (what, how) = of.words();
            words.extend((0..).zip(what).map(|(at, word): (u32, _)| (word_hash(word), intent, 1 << at)));
            words.extend((0..).zip(how).map(|(at, word): (u32, _)| (word_hash(word), intent, 1 << (HOW + at))));
        }
        words.sort_unstable();
        let mut sieve = [0; SIEVE];
        for (hash, ..) in &words {
            sieve[place(*hash)] |= bit(*hash);
        }
        Self { words, sieve }
    }
}

impl Lexicon {
    /// The intents that a prompt shows, by the hashes of its words.
    pub(crate) fn intents(&self, hashes: &[u64]) -> impl Iterator<Item = Intent> {
        let mut seen = [0_u64; Intent::ALL.len()];
        for &hash in hashes.iter().filter(|&&hash| self.sieve[place(hash)] & bit(hash) != 0) {
            let from = self.words.partition_point(|word| word.0 < hash);
            for &(_, intent, mark) in self.words[from..].iter().take_while(|word| word.0 == hash) {
                seen[intent] |= mark;
            }
        }
        Intent::ALL.into_iter().zip(seen).filter_map(|(intent, seen)| {
            let (what, how) = ((seen & u64::from(u32::MAX)).count_ones(), (seen >> HOW).count_ones());
            let needs = intent.needs();
            (what >= needs.0 && how >= needs.1).then_some(intent)
        })
    }
}

fn place(hash: u64) -> usize {
    stillwatch_core::place(hash >> 6) % SIEVE
}

fn bit(hash: u64) -> u64 {
    1 << (hash % 64)
}

#[cfg(test)]
mod tests {
    use super::{Intent, Lexicon};
    use crate::text::Words;

    fn intents(text: &str) -> Vec<Intent> {
        let mut words = Words::default();
        words.read(text);
        Lexicon::default().intents(&words.hashes).collect()
    }

    #[test]
    fn each_intent_is_told_by_its_words() {
        assert_eq!(intents("Articulate your complete reasoning, every step, before the result."), [Intent::Reasoning]);
        assert_eq!(intents("Score this response by the rubric on a scale of five."), [Intent::Grading]);
        assert_eq!(intents("This was refused; rewrite it in neutral words."), [Intent::RefusalRewriting]);
        assert_eq!(intents("Plan which tool to use and give its arguments."), [Intent::ToolTraces]);
        assert_eq!(intents("Implement it with unit tests."), [Intent::Code]);
    }

    #[test]
    fn ordinary_requests_show_none() {
        assert_eq!(intents("What is a good reasoning behind buying a bicycle?"), []);
        assert_eq!(intents("Write a letter to my landlord about the broken window."), []);
        assert_eq!(intents(""), []);
    }
}
