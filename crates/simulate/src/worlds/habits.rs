//! The habits of one world's provider, drawn widely.

use stillwatch_core::{Random, at_most_u32};

use crate::client::Market;
use crate::draw::Draw;
use crate::grammar::{Tongue, nonce};
use crate::habits::{Everyday, Habits, Organizations, Payments};
use crate::network::Region;

impl Habits {
    /// A provider's habits. `companies` says that only companies have an organisation.
    pub(crate) fn draw(companies: bool, random: &mut Random) -> Self {
        let vendor = nonce(false, random);
        let models = MODEL_FAMILIES[random.below(MODEL_FAMILIES.len())];
        let organizations =
            if companies { Organizations::Companies(random.between(20, 90)) } else { Organizations::Each };
        Self {
            regions: regions(random),
            mailboxes: mailboxes(random),
            clients: Market::draw(&vendor, *random.pick(&[1, 4, 12, 60]), random),
            models: models[1..].iter().map(|model| (weight(random), *model)).collect(),
            new_model: models[0],
            endpoint: random.word(&["/v1/messages", "/v1/chat/completions", "/v1/responses", "/api/generate"]),
            plans: PLANS.iter().map(|plan| (weight(random), *plan)).collect(),
            payments: payments(random),
            organizations,
            mother_tongue: *random.pick(&[0, 0, 20, 50, 80]),
            english: Tongue { task: "w_task", ..Tongue::english() },
            asks_again: random.between(1, 9),
            oldest: random.between(90, 2400),
            closed: random.between(0, 7),
            everyday: Everyday {
                owners: *random.pick(&[0, 5, 30, 70]),
                foreign_cards: random.between(0, 15),
                rare_clients: random.between(0, 9),
                public_templates: random.between(0, 20),
                agents: random.between(0, 15),
                campuses: random.between(5, 80),
            },
        }
    }
}

/// A weight from 4 to 240, most of them small: some of the things that are possible dominate.
fn weight(random: &mut Random) -> u32 {
    at_most_u32(random.heavy(4))
}

/// Some of the countries; where the provider is at home weighs most.
fn regions(random: &mut Random) -> Vec<(u32, &'static Region)> {
    let mut regions = Region::usual();
    random.shuffle(&mut regions);
    regions.truncate(random.between(4, 18));
    for (share, _) in &mut regions {
        *share = weight(random);
    }
    if random.chance(50) {
        regions[0].0 += 100;
    }
    regions
}

/// Public mailboxes with other shares, and more or fewer people with a domain of their own.
fn mailboxes(random: &mut Random) -> Vec<(u32, &'static str)> {
    let mut mailboxes: Vec<(u32, &'static str)> = PUBLIC.iter().map(|name| (weight(random), *name)).collect();
    random.shuffle(&mut mailboxes);
    mailboxes.truncate(random.between(3, PUBLIC.len()));
    let public: u32 = mailboxes.iter().map(|(share, _)| share).sum();
    let part = |percent: usize| public * at_most_u32(percent) / 100;
    mailboxes.push((part(random.between(0, 40)), "regional"));
    mailboxes.push((part(random.between(1, 20)), "campus"));
    mailboxes.push((part(random.between(8, 70)), "own"));
    mailboxes
}

fn payments(random: &mut Random) -> Payments {
    let store = if random.chance(35) { random.between(8, 40) } else { 0 };
    Payments {
        none: random.between(3, 45),
        household: random.between(0, 6),
        store,
        store_tokens: random.between(1, 12),
    }
}

const PUBLIC: &[&str] = &[
    "gmail.com",
    "outlook.com",
    "icloud.com",
    "yahoo.com",
    "proton.me",
    "hey.com",
    "qq.com",
    "gmx.net",
    "mail.ru",
    "naver.com",
    "hotmail.com",
    "fastmail.com",
];
const PLANS: &[&str] = &["free", "build", "scale", "custom"];
/// The newest first.
const MODEL_FAMILIES: &[&[&str]] = &[
    &["lumen-4-large", "lumen-3-large", "lumen-3", "lumen-3-mini"],
    &["aster-2", "aster-1.5", "aster-1.5-small", "aster-1", "aster-nano"],
    &["corvid-9-pro", "corvid-8-pro", "corvid-8-light"],
    &["delta-max-2026", "delta-max", "delta-base", "delta-base-long", "delta-tiny", "delta-instant"],
    &["m7", "m6"],
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::draw::stream;
    use crate::habits::{Habits, Organizations};

    #[test]
    fn providers_differ_in_every_habit() {
        let drawn: Vec<Habits> =
            (0..60).map(|number| Habits::draw(number % 2 == 0, &mut stream(1, "t", number))).collect();
        let distinct = |of: fn(&Habits) -> String| drawn.iter().map(of).collect::<BTreeSet<_>>().len();
        assert!(distinct(|habits| format!("{:?}", habits.mailboxes)) > 50);
        assert!(
            distinct(|habits| format!(
                "{:?}",
                habits.regions.iter().map(|(_, region)| region.country).collect::<Vec<_>>()
            )) > 50
        );
        assert!(distinct(|habits| habits.payments.none.to_string()) > 20);
        assert!(distinct(|habits| habits.new_model.to_owned()) >= 4);
        let companies = drawn.iter().filter(|habits| habits.organizations != Organizations::Each).count();
        assert_eq!(companies, 30);
    }
}
