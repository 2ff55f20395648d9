//! Whether a text that nobody's role is known of tells a machine what to say, as prompts of role play do.

use aho_corasick::AhoCorasick;

/// What stands in prompts and not in answers: a part to play, and what the answer has to begin with.
const CUES: &[&str] = &[
    "act as",
    "acting as",
    "pretend to be",
    "pretend you",
    "pretend that you",
    "you are now",
    "you will now",
    "you're now",
    "from now on",
    "ignore all",
    "ignore previous",
    "ignore the above",
    "ignore your",
    "roleplay",
    "role-play",
    "role play",
    "you will respond",
    "you will answer",
    "you will act",
    "you will play",
    "you must respond",
    "you must answer",
    "you must always",
    "you should respond",
    "respond with",
    "reply with",
    "answer with",
    "begin your",
    "start your",
    "begin every",
    "start every",
    "begin each",
    "start each",
    "always begin",
    "always start",
    "begin with",
    "jailbreak",
    "stay in character",
    "developer mode",
    "repeat after me",
    "repeat the following",
    "in character",
    "your responses",
    "your answers",
    "your replies",
    "hypothetical response",
    "my first question",
    "my first request",
    "my first command",
    "you are a ",
    "you are an ",
    "you are going to",
    "system prompt",
    "simulate",
    "if you understand",
    "you can do anything",
    "no restrictions",
    "without restrictions",
    "unfiltered",
    "du bist jetzt",
    "tu es maintenant",
    "eres ahora",
    "a partir de ahora",
    "à partir de maintenant",
    "agisci come",
    "aja como",
    "actúa como",
    "agis comme",
    "verhalte dich",
    "你现在是",
    "扮演",
    "从现在开始",
    "あなたは今から",
    "ты теперь",
    "веди себя",
];
/// Bytes of a text that are looked at before a claim and behind it.
const BEFORE: usize = 8 << 10;
const AFTER: usize = 1 << 10;

/// Finds the cues; built once.
#[derive(Debug)]
pub(super) struct Setting(AhoCorasick);

impl Default for Setting {
    fn default() -> Self {
        let searcher = AhoCorasick::builder().ascii_case_insensitive(true).build(CUES);
        Self(searcher.unwrap_or_else(|error| unreachable!("the table of cues is constant: {error}")))
    }
}

impl Setting {
    /// Whether the text around a place speaks to a machine.
    pub(super) fn instructs(&self, text: &str, at: usize) -> bool {
        let from = text.floor_char_boundary(at.saturating_sub(BEFORE));
        let to = text.ceil_char_boundary((at + AFTER).min(text.len()));
        let around = &text[from..to];
        self.0.find_iter(around).any(|cue| !is_of_its_own(&around[..cue.start()]))
    }
}

/// Whether a sentence that leads to a cue speaks of its author and to nobody: "I cannot pretend to be", and not "I want
/// you to pretend to be".
fn is_of_its_own(lead: &str) -> bool {
    let sentence = lead.rsplit(['.', '!', '?', '\n', ':', ';']).next().unwrap_or_default().to_lowercase();
    let mut words = sentence.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’'));
    let (mut own, mut other) = (false, false);
    words.by_ref().for_each(|word| {
        own |= matches!(word, "i" | "i'm" | "i’m" | "i've" | "i’ve" | "my");
        other |= matches!(word, "you" | "you'll" | "you’ll" | "your" | "please");
    });
    own && !other
}
