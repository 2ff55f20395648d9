//! Campaign accounts must be found by what they do, not by how they were made.

use std::collections::{BTreeMap, BTreeSet};

use stillwatch_simulate::{SimulatedAccount, SimulatedExchange, Traffic};

use crate::small;

/// Which of a row's columns are null.
fn nulls(row: &SimulatedExchange) -> [bool; 11] {
    [
        row.end_user.is_none(),
        row.ja4.is_none(),
        row.system.is_none(),
        row.response.is_none(),
        row.tools.is_none(),
        row.temperature.is_none(),
        row.top_p.is_none(),
        row.max_tokens.is_none(),
        row.logprobs.is_none(),
        row.stop_reason.is_none(),
        row.conversation.is_none(),
    ]
}

fn account_nulls(row: &SimulatedAccount) -> [bool; 5] {
    [
        row.phone_hmac.is_none(),
        row.payment_hmac.is_none(),
        row.payment_country.is_none(),
        row.owner.is_none(),
        row.status_changed_at.is_none(),
    ]
}

fn harvests(traffic: &Traffic, account: &str) -> bool {
    traffic.truth.campaign.contains_key(account)
}

#[test]
fn missing_fields_give_no_campaign_away() {
    let traffic = stillwatch_simulate::simulate(&stillwatch_simulate::Plan::demo(1));
    let (mut benign, mut campaign) = (BTreeSet::new(), BTreeMap::new());
    for row in &traffic.exchanges {
        if harvests(&traffic, &row.account) {
            *campaign.entry(nulls(row)).or_insert(0) += 1;
        } else {
            benign.insert(nulls(row));
        }
    }
    // A combination of three rare absences may be new; one that is usual in a campaign may not.
    let unseen: usize = campaign.iter().filter(|(pattern, _)| !benign.contains(*pattern)).map(|(_, rows)| rows).sum();
    let rows: usize = campaign.values().sum();
    assert!(unseen * 200 < rows, "{unseen} of {rows} rows");

    let (mut benign, mut campaign) = (BTreeSet::new(), BTreeSet::new());
    for row in &traffic.accounts {
        let side = if harvests(&traffic, &row.account) { &mut campaign } else { &mut benign };
        side.insert(account_nulls(row));
    }
    assert!(campaign.is_subset(&benign));
}

#[test]
fn ids_look_alike() {
    let traffic = small(2);
    let shape = |id: &str| (id.len(), id.split('_').next().map(str::to_owned));
    let shapes = |pick: fn(&SimulatedExchange) -> &str| -> BTreeSet<(bool, (usize, Option<String>))> {
        traffic.exchanges.iter().map(|row| (harvests(&traffic, &row.account), shape(pick(row)))).collect()
    };
    for pick in [
        (|row| &*row.account) as fn(&SimulatedExchange) -> &str,
        |row| row.organization.as_deref().unwrap(),
        |row| row.api_key.as_deref().unwrap(),
        |row| &*row.request_id,
    ] {
        assert_eq!(shapes(pick).len(), 2);
    }
}

#[test]
fn ring_accounts_have_organizations_of_their_own() {
    let traffic = small(3);
    let mut accounts: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &traffic.accounts {
        *accounts.entry(row.organization.as_deref().unwrap()).or_insert(0) += 1;
    }
    for row in traffic.accounts.iter().filter(|row| harvests(&traffic, &row.account)) {
        assert_eq!(accounts[row.organization.as_deref().unwrap()], 1);
    }
}

#[test]
fn columns_with_few_values_hold_the_same_values_on_both_sides() {
    let traffic = stillwatch_simulate::simulate(&stillwatch_simulate::Plan::demo(4).with_exchanges(80_000));
    let mut benign: BTreeSet<(&str, String)> = BTreeSet::new();
    let mut campaign = BTreeSet::new();
    let hexadecimal = |text: &str| text.split('_').next().unwrap_or_default().to_owned();
    for row in &traffic.exchanges {
        let side = if harvests(&traffic, &row.account) { &mut campaign } else { &mut benign };
        side.insert(("model", row.model.to_owned()));
        side.insert(("endpoint", row.endpoint.to_owned()));
        side.insert(("retention", row.retention.to_owned()));
        side.insert(("status", row.status.to_string()));
        side.insert(("temperature", format!("{:?}", row.temperature)));
        side.insert(("top_p", format!("{:?}", row.top_p)));
        side.insert(("max_tokens", format!("{:?}", row.max_tokens)));
        side.insert(("n", row.n.to_string()));
        side.insert(("stop_reason", format!("{:?}", row.stop_reason)));
        side.insert(("country", row.country.unwrap().to_owned()));
        side.insert(("asn", row.asn.unwrap().to_string()));
        side.insert(("ja4", row.ja4.as_deref().map(hexadecimal).unwrap_or_default()));
    }
    let own: Vec<_> = campaign.difference(&benign).collect();
    assert!(own.is_empty(), "only campaigns have {own:?}");
}

#[test]
fn ring_accounts_are_not_the_busiest() {
    let traffic = small(5);
    let mut rows: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &traffic.exchanges {
        *rows.entry(&row.account).or_insert(0) += 1;
    }
    let busiest = |harvesting: bool| {
        rows.iter().filter(|(account, _)| harvests(&traffic, account) == harvesting).map(|(_, rows)| *rows).max()
    };
    assert!(busiest(true) < busiest(false));
}
