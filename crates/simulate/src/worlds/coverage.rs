//! Which fields a provider's logs and account table have, and at what grain.

use std::collections::BTreeSet;

use serde::Serialize;
use stillwatch_core::{Micros, Random};

use crate::draw::Draw;
use crate::row::{SimulatedAccount, SimulatedExchange};

/// What a world's files lack.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Columns that are missing, of both tables.
    pub missing: BTreeSet<&'static str>,
    /// Whether only companies have an organisation.
    pub companies_only: bool,
    /// Grain of request times in seconds; 0 when they are exact.
    pub grain_seconds: i64,
}

impl Coverage {
    /// What a family lacks, drawn anew for each world.
    pub(crate) fn draw(family: &str, random: &mut Random) -> Self {
        let companies_only = match family {
            "everything" => false,
            "companies" => true,
            _ => random.chance(60),
        };
        let mut coverage = Self { companies_only, ..Self::default() };
        match family {
            "thin_edge" => coverage.lose(random.between(1, 3), EDGE, random),
            "thin_accounts" => coverage.lose(random.between(2, 6), ACCOUNTS, random),
            "coarse" => {
                coverage.grain_seconds = *random.pick(&[1, 10, 60, 60, 60]);
                coverage.lose(random.between(1, 3), CLIENTS, random);
            }
            _ => {}
        }
        coverage
    }

    fn lose(&mut self, groups: usize, of: &[&[&'static str]], random: &mut Random) {
        let mut groups_of: Vec<&[&'static str]> = of.to_vec();
        random.shuffle(&mut groups_of);
        self.missing.extend(groups_of.into_iter().take(groups).flatten());
    }

    pub(crate) fn exchange(&self, row: &mut SimulatedExchange) {
        if self.grain_seconds > 0 {
            let grain = self.grain_seconds * 1_000_000;
            row.time = Micros(row.time.0.div_euclid(grain) * grain);
        }
        for column in &self.missing {
            match *column {
                "organization" => row.organization = None,
                "api_key" => row.api_key = None,
                "end_user" => row.end_user = None,
                "ip" => row.ip = None,
                "asn" => row.asn = None,
                "country" => row.country = None,
                "user_agent" => row.user_agent = None,
                "ja4" => row.ja4 = None,
                "conversation" => row.conversation = None,
                "tools" => row.tools = None,
                "logprobs" => row.logprobs = None,
                _ => {}
            }
        }
    }

    pub(crate) fn account(&self, row: &mut SimulatedAccount) {
        for column in &self.missing {
            match *column {
                "organization" => row.organization = None,
                "created_at" => row.created_at = None,
                "signup_ip" => row.signup_ip = None,
                "signup_country" => row.signup_country = None,
                "email_domain" => row.email_domain = None,
                "email_hmac" => row.email_hmac = None,
                "phone_hmac" => row.phone_hmac = None,
                "payment_hmac" => row.payment_hmac = None,
                "payment_country" => row.payment_country = None,
                "declared_region" => row.declared_region = None,
                "owner" => row.owner = None,
                "tier" => row.tier = None,
                "status" => row.status = None,
                "status_changed_at" => row.status_changed_at = None,
                _ => {}
            }
        }
    }
}

/// What goes missing together.
const EDGE: &[&[&str]] = &[&["ip"], &["ip", "asn", "country"], &["ja4"], &["ja4", "user_agent"], &["api_key"]];
const ACCOUNTS: &[&[&str]] = &[
    &["organization"],
    &["payment_hmac", "payment_country"],
    &["email_domain", "email_hmac"],
    &["signup_ip", "signup_country"],
    &["created_at"],
    &["owner", "declared_region"],
    &["phone_hmac"],
    &["tier"],
    &["status", "status_changed_at"],
];
const CLIENTS: &[&[&str]] = &[&["user_agent"], &["conversation"], &["tools"], &["logprobs"], &["end_user"]];

#[cfg(test)]
mod tests {
    use super::Coverage;
    use crate::draw::stream;

    #[test]
    fn each_family_lacks_what_it_says() {
        for number in 0..40 {
            let draw = |family| Coverage::draw(family, &mut stream(3, family, number));
            assert_eq!(draw("everything"), Coverage::default());
            assert!(draw("companies").companies_only && draw("companies").missing.is_empty());
            assert!(
                draw("thin_edge").missing.iter().all(|column| super::EDGE.iter().any(|group| group.contains(column)))
            );
            assert!(draw("thin_accounts").missing.len() >= 2);
            assert!(draw("coarse").grain_seconds >= 1 && !draw("coarse").missing.is_empty());
        }
    }
}
