//! Text that nobody wrote: a context-free grammar, expanded with seeded random numbers.
//!
//! A rule is text with slots: `{name}` expands a rule of [`rules`], `{^name}` does so with a capital letter,
//! `{a|b}` takes one of the alternatives, and `{#2-90}` is a number. Slots for topics and things follow the field of
//! whoever writes.

/// Names and alternatives of a set of rules.
macro_rules! rules {
    ($($name:literal => [$($choice:literal),+ $(,)?],)+) => {
        /// The alternatives of a rule.
        pub(super) fn choices(name: &str) -> Option<&'static [&'static str]> {
            Some(match name {
                $($name => &[$($choice),+],)+
                _ => return None,
            })
        }

        #[cfg(test)]
        pub(super) const NAMES: &[&str] = &[$($name),+];
    };
}

mod answers;
mod domains;
mod lexicon;
mod meaning;
mod paraphrase;
mod public;
mod rules;
mod templates;
mod tongues;

use stillwatch_core::Random;

pub(crate) use answers::Answer;
pub(crate) use lexicon::{FIELDS, Field, SYNONYMS};
pub(crate) use meaning::Meaning;
pub(crate) use public::{Agent, Circulation, Public};
pub use templates::Family;
pub(crate) use templates::{Template, harvest_sentences};
pub(crate) use tongues::{TONGUES, Tongue};

use crate::draw::{Draw, stream};
use lexicon::{FIRST_SYLLABLES, GIVEN_NAMES, LAST_SYLLABLES};

/// Expands rules for someone of one field.
#[derive(Clone, Copy)]
pub(crate) struct Writer {
    field: &'static Field,
}

impl Writer {
    pub(crate) fn draw(random: &mut Random) -> Self {
        Self { field: random.pick(FIELDS) }
    }

    /// Expands a rule by its name.
    pub(crate) fn write(self, rule: &str, random: &mut Random) -> String {
        let mut text = String::new();
        self.slot(rule, random, &mut text, 0);
        text
    }

    /// Expands text that holds slots.
    pub(crate) fn expand(self, text: &str, random: &mut Random) -> String {
        let mut out = String::new();
        self.fill(text, random, &mut out, 0);
        out
    }

    fn fill(self, mut text: &str, random: &mut Random, out: &mut String, depth: usize) {
        while let Some((plain, rest)) = text.split_once('{') {
            out.push_str(plain);
            let Some((slot, rest)) = rest.split_once('}') else {
                return;
            };
            if depth < MAX_DEPTH {
                self.slot(slot, random, out, depth + 1);
            }
            text = rest;
        }
        out.push_str(text);
    }

    fn slot(self, slot: &str, random: &mut Random, out: &mut String, depth: usize) {
        if let Some(name) = slot.strip_prefix('^') {
            let start = out.len();
            self.slot(name, random, out, depth);
            if let Some(first) = out.get_mut(start..start + 1) {
                first.make_ascii_uppercase();
            }
            return;
        }
        if let Some((low, high)) = slot.strip_prefix('#').and_then(|range| range.split_once('-')) {
            let low = low.parse().unwrap_or(0);
            out.push_str(&random.between(low, high.parse().unwrap_or(low)).to_string());
            return;
        }
        if slot.contains('|') {
            let alternatives = slot.split('|').count();
            let chosen = slot.split('|').nth(random.below(alternatives)).unwrap_or_default();
            out.push_str(chosen);
            return;
        }
        match slot {
            "topic" => out.push_str(random.word(self.field.topics)),
            "thing" => out.push_str(random.word(self.field.things)),
            "field" => out.push_str(self.field.name),
            "anyfield" => out.push_str(random.pick(FIELDS).name),
            "anytopic" => {
                let field = random.pick(FIELDS);
                out.push_str(random.word(field.topics));
            }
            "anything" => {
                let field = random.pick(FIELDS);
                out.push_str(random.word(field.things));
            }
            "name" => out.push_str(random.word(GIVEN_NAMES)),
            "nonce" => {
                out.push_str(random.word(FIRST_SYLLABLES));
                if random.chance(30) {
                    out.push_str(random.word(FIRST_SYLLABLES));
                }
                out.push_str(random.word(LAST_SYLLABLES));
            }
            _ => {
                if let Some(choices) = choices(slot) {
                    self.fill(random.word(choices), random, out, depth);
                }
            }
        }
    }
}

/// The alternatives of a rule, whichever set it stands in.
fn choices(rule: &str) -> Option<&'static [&'static str]> {
    rules::choices(rule)
        .or_else(|| paraphrase::choices(rule))
        .or_else(|| tongues::choices(rule))
        .or_else(|| domains::choices(rule))
}

/// A task from the pool that everybody draws from: popular ranks come up again in unrelated accounts.
pub(crate) fn common_task(seed: u64, random: &mut Random) -> String {
    let rank = random.rank(COMMON_TASKS);
    let mut random = stream(seed, "common task", rank as u64);
    Writer::draw(&mut random).write("task", &mut random)
}

/// An invented word, with a capital when `capital`.
pub(crate) fn nonce(capital: bool, random: &mut Random) -> String {
    Writer { field: &FIELDS[0] }.write(if capital { "^nonce" } else { "nonce" }, random)
}

const COMMON_TASKS: usize = 30_000;
const MAX_DEPTH: usize = 12;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use stillwatch_core::Random;

    use super::{FIELDS, Writer, choices, common_task, domains, paraphrase, rules, tongues};

    #[test]
    fn every_slot_has_a_rule() {
        let names: Vec<&str> = [rules::NAMES, paraphrase::NAMES, tongues::NAMES, domains::NAMES].concat();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len(), "a rule has two definitions");
        for name in &names {
            let choices = choices(name).unwrap_or_else(|| panic!("no rule {name}"));
            for choice in choices {
                for slot in choice.split('{').skip(1) {
                    let slot = slot.split_once('}').unwrap_or_else(|| panic!("open slot in {name}")).0;
                    let slot = slot.trim_start_matches('^');
                    let built_in = ["topic", "thing", "field", "anyfield", "anytopic", "anything", "name", "nonce"];
                    let known = slot.contains('|') || slot.starts_with('#') || built_in.contains(&slot);
                    assert!(known || names.contains(&slot), "{name} uses {slot}");
                }
            }
        }
    }

    #[test]
    fn tasks_are_broad_and_of_ordinary_length() {
        let mut random = Random::new(1, 1);
        let tasks: Vec<String> = (0..5000).map(|_| Writer::draw(&mut random).write("task", &mut random)).collect();
        let distinct: BTreeSet<&String> = tasks.iter().collect();
        assert!(distinct.len() > 4900, "{}", distinct.len());
        let words: Vec<usize> = tasks.iter().map(|task| task.split_whitespace().count()).collect();
        assert!(words.iter().all(|count| (4..=200).contains(count)), "{:?}", words.iter().max());
        assert!(tasks.iter().all(|task| !task.contains(['{', '}'])));
        assert!(FIELDS.iter().map(|field| field.topics.len()).sum::<usize>() >= 300);
    }

    #[test]
    fn the_wide_rule_is_broader_still() {
        let mut random = Random::new(1, 2);
        let tasks: Vec<String> = (0..5000).map(|_| Writer::draw(&mut random).write("w_task", &mut random)).collect();
        assert!(tasks.iter().collect::<BTreeSet<_>>().len() > 4700);
        assert!(
            tasks.iter().all(|task| !task.contains(['{', '}']) || task.contains("class ") || task.contains("const "))
        );
    }

    #[test]
    fn popular_tasks_come_up_again() {
        let mut random = Random::new(1, 1);
        let tasks: Vec<String> = (0..2000).map(|_| common_task(9, &mut random)).collect();
        let distinct: BTreeSet<&String> = tasks.iter().collect();
        assert!((500..1900).contains(&distinct.len()), "{}", distinct.len());
    }
}
