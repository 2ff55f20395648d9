//! What an account did, exchange by exchange, as far as it is kept: so that some of its exchanges can be looked at apart
//! from the others, such as those that hold what a set has in common.

use stillwatch_core::{count, float, ratio};
use stillwatch_digest::{AccountWindow, Intent, Kind, Outcome};

/// Exchanges of one account that are kept one by one, in whole slots.
const MOST_DEEDS: usize = 256;
const SLOTS: usize = 64;

/// One exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Deed {
    slot: u8,
    /// Hour of the day, UTC.
    hour: u8,
    /// Output tokens, up to 65,535; 0 where it was not answered or no number is logged.
    output: u16,
}

/// The exchanges of an account in the first of its slots. Which they are depends neither on the key nor on names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Deeds {
    /// In the order of their slots.
    list: Vec<Deed>,
    /// The slots that are kept.
    kept: u64,
    /// Slots with an exchange of a conversation that has others, each with how many such conversations it holds.
    continued: Vec<(u8, u16)>,
    /// The slots whose prompts show each intent.
    intents: [u64; Intent::ALL.len()],
}

/// Some of the exchanges.
#[derive(Clone, Debug)]
pub(crate) struct Portion {
    pub(crate) exchanges: usize,
    pub(crate) hours: [u32; 24],
    /// Share that is no part of a longer conversation.
    pub(crate) single_turns: f64,
    /// Mean output tokens of those that were answered.
    pub(crate) output: Option<f64>,
    /// Share that shows each intent.
    pub(crate) intents: [f64; Intent::ALL.len()],
}

impl Deeds {
    pub(crate) fn new(window: &AccountWindow) -> Self {
        let mut of_slot: Vec<Vec<Deed>> = vec![Vec::new(); SLOTS];
        for exchange in &window.exchanges {
            let record = &exchange.record;
            let Some(all) = record.slot.and_then(|slot| of_slot.get_mut(usize::from(slot))) else { continue };
            #[expect(clippy::cast_possible_truncation, reason = "0 to 23")]
            let hour = exchange.second.div_euclid(3_600).rem_euclid(24).unsigned_abs() as u8;
            let answered = record.outcome() == Outcome::Answered;
            let output = if answered { u16::try_from(record.output_tokens).unwrap_or(u16::MAX) } else { 0 };
            all.push(Deed { slot: record.slot.unwrap_or_default(), hour, output });
        }
        let mut deeds = Self::default();
        for (slot, of) in of_slot.iter().enumerate() {
            if !deeds.list.is_empty() && deeds.list.len() + of.len() > MOST_DEEDS {
                break;
            }
            // Only of accounts with tens of thousands of exchanges is a slot fuller.
            deeds.list.extend(of.iter().step_by(of.len().div_ceil(MOST_DEEDS).max(1)));
            deeds.kept |= 1 << slot;
        }
        deeds.list.shrink_to_fit();
        let mut continued = [0_u16; SLOTS];
        for (_, slots) in window.slots(Kind::Conversation).filter(|(_, slots)| slots.count_ones() > 1) {
            let filled = continued.iter_mut().enumerate().filter(|(slot, _)| slots >> slot & 1 == 1);
            filled.for_each(|(_, of)| *of = of.saturating_add(1));
        }
        deeds.continued = (0..).zip(continued).filter(|(_, of)| *of > 0).collect();
        for (fingerprint, slots) in window.slots(Kind::Intent) {
            for (held, intent) in deeds.intents.iter_mut().zip(Intent::ALL) {
                if intent.fingerprint() == fingerprint {
                    *held = slots;
                }
            }
        }
        deeds
    }

    /// The exchanges that fill some slots; nothing where the digests do not say which do.
    pub(crate) fn within(&self, slots: u64) -> Option<Portion> {
        let slots = slots & self.kept;
        let own = || self.list.iter().filter(|deed| slots >> deed.slot & 1 == 1);
        let exchanges = own().count();
        if exchanges == 0 {
            return None;
        }
        let filled = own().fold(0_u64, |all, deed| all | 1 << deed.slot);
        let mut hours = [0; 24];
        for deed in own() {
            if let Some(hour) = hours.get_mut(usize::from(deed.hour)) {
                *hour += 1;
            }
        }
        let followed: u64 =
            self.continued.iter().filter(|(slot, _)| slots >> slot & 1 == 1).map(|(_, of)| u64::from(*of)).sum();
        let outputs: Vec<f64> = own().filter(|deed| deed.output > 0).map(|deed| f64::from(deed.output)).collect();
        Some(Portion {
            exchanges,
            hours,
            single_turns: 1.0 - ratio(followed, count(exchanges)).min(1.0),
            output: (!outputs.is_empty()).then(|| outputs.iter().sum::<f64>() / float(outputs.len())),
            intents: self.intents.map(|of| ratio((of & filled).count_ones(), filled.count_ones())),
        })
    }
}

#[cfg(test)]
mod tests {
    use stillwatch_core::{Day, Exchange, Key, Micros};
    use stillwatch_digest::{AccountWindow, DigestBuilder, Fingerprinter, Intent};

    use super::{Deeds, MOST_DEEDS};

    const PROMPT: &str = "Explain your detailed reasoning step by step for the following question about rivers";

    /// Exchanges at these seconds of a day, with these output tokens, and of conversations where they are named.
    fn window(exchanges: impl IntoIterator<Item = (i64, i64, Option<&'static str>)>) -> AccountWindow {
        let mut fingerprinter = Fingerprinter::new(&Key::from_bytes([1; 32]));
        let mut builder = DigestBuilder::default();
        for (second, output, conversation) in exchanges {
            let exchange = Exchange {
                account: "one",
                time: Micros::from_seconds(second),
                input_tokens: Some(20),
                output_tokens: Some(output),
                prompt: Some(PROMPT),
                conversation,
                ..Exchange::default()
            };
            builder.add(fingerprinter.fingerprint(&exchange)).unwrap();
        }
        AccountWindow::unite([(Day(0), builder.finish().unwrap())]).unwrap()
    }

    #[test]
    fn a_portion_is_told_apart_from_the_rest() {
        let window = window((0..24).map(|hour| (hour * 3_600, 100 + hour, None)));
        let deeds = Deeds::new(&window);
        let all = deeds.within(u64::MAX).unwrap();
        assert_eq!((all.exchanges, all.hours), (24, [1; 24]));
        assert!((all.output.unwrap() - 111.5).abs() < 1e-9);
        let night = window.exchanges.iter().take(6).filter_map(|exchange| exchange.record.slot);
        let slots = night.fold(0, |all: u64, slot| all | 1 << slot);
        let portion = deeds.within(slots).unwrap();
        assert!((6..24).contains(&portion.exchanges), "{}", portion.exchanges);
        assert!(portion.hours.iter().take(6).all(|of| *of == 1));
        assert!(deeds.within(0).is_none());
    }

    #[test]
    fn conversations_are_followed_up_and_intents_shown() {
        let talk = |second: i64| (second, second, (second < 40).then_some("talk"));
        let deeds = Deeds::new(&window((0..80).map(talk)));
        let all = deeds.within(u64::MAX).unwrap();
        assert!(all.single_turns > 0.4 && all.single_turns < 0.8, "{}", all.single_turns);
        let shown = Intent::ALL.iter().position(|intent| *intent == Intent::Reasoning).unwrap();
        assert!(all.intents[shown] > 0.99, "{:?}", all.intents);
    }

    #[test]
    fn a_busy_account_keeps_whole_slots() {
        let deeds = Deeds::new(&window((0..4_000).map(|second| (second, second, None))));
        let all = deeds.within(u64::MAX).unwrap();
        assert!(all.exchanges <= MOST_DEEDS && all.exchanges > MOST_DEEDS / 2, "{}", all.exchanges);
    }
}
