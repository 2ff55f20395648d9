//! The same report for people, tickets and other systems.

use std::collections::BTreeSet;

use serde_json::Value;
use stillwatch_core::Tier;
use stillwatch_report::{Explanation, OCSF_VERSION, Unknown, html, markdown, ocsf};

use crate::full::full;

#[test]
fn a_page_tells_verdicts_first_and_hides_nothing() {
    let page = html(&full());
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is missing"));
    let order = [
        "1 campaign to act on, 1 to review</h1>",
        "<h2 id=\"gaps\">Not evaluated",
        "<h2 id=\"campaigns\"",
        "id=\"campaign-1\"",
        "<dl class=\"answers\"><div><dt>Do they act as one?",
        "Do they harvest?</dt>",
        "Do they hide it?</dt>",
        "Nearest innocent explanation</dt><dd>Shared egress; one hidden operator fits better by 3.2 bits (about 10 to 1)",
        "<p class=\"why\"",
        "<h4>When",
        "<h4>What they share",
        "<h4>What the answers rest on",
        "<h4>What speaks for it",
        "<h4>What speaks against it",
        "<h4>Innocent explanations",
        "<h4>What would have to change",
        "<h4>Closed accounts",
        "<h4>Accounts",
        "id=\"campaign-2\"",
        "<h2 id=\"watched\"",
        "<h2 id=\"crowds\"",
        "Users of one product or published template (40 accounts).",
        "<h2 id=\"permitted\"",
        "<h2 id=\"categories\"",
        "<h2 id=\"inputs\"",
        "<h2 id=\"method\"",
    ];
    let places: Vec<usize> = order.iter().map(|text| at(text)).collect();
    assert!(places.is_sorted(), "{places:?}");
    for campaign in &full().campaigns {
        for item in campaign.evidence.iter().chain(&campaign.counter_evidence) {
            assert!(page.contains(item.statement.trim_end_matches('.').get(1..).unwrap()), "{}", item.statement);
        }
        assert!(campaign.accounts.iter().all(|member| page.contains(member.account.as_str())));
    }
    assert_eq!(page, html(&full()));
}

#[test]
fn a_page_without_campaigns_does_not_say_all_is_well() {
    let mut report = full();
    report.campaigns.clear();
    let page = html(&report);
    assert!(page.contains("No campaign found</h1>") && page.contains("says nothing about what was not evaluated"));
}

#[test]
fn a_page_and_a_ticket_list_twenty_crowds_and_count_the_rest() {
    let mut report = full();
    report.crowds = (0..23).map(|n| crate::crowd("hackathon", "participants of one event", 0..50 - n, 4.0)).collect();
    let page = html(&report);
    assert_eq!(page.matches(">Hackathon<").count(), 20);
    assert!(page.contains("<p class=\"soft\">3 more in the JSON report.") && page.contains("23 crowds, the largest"));
    let ticket = markdown(&report);
    assert_eq!(ticket.matches("| Hackathon |").count(), 20, "{ticket}");
    assert!(ticket.contains("\n3 more in the JSON report.\n"), "{ticket}");
}

/// The drawings; the words around them are in other tests.
#[test]
fn drawings_are_the_same_every_time() {
    let page = html(&full());
    let drawings: Vec<&str> = page.split("<svg ").skip(1).filter_map(|rest| rest.split("</svg>").next()).collect();
    let large: Vec<&&str> = drawings.iter().filter(|drawing| drawing.contains("role=\"img\"")).take(2).collect();
    insta::assert_snapshot!(format!("{}\n\n{}", large[0], large[1]).replace('>', ">\n"));
}

#[test]
fn a_ticket_holds_what_decides() {
    insta::assert_snapshot!(markdown(&full()));
}

#[test]
fn a_finding_for_another_system() {
    let text = ocsf(&full()).unwrap();
    assert_eq!(text, ocsf(&full()).unwrap());
    let first: Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    insta::assert_json_snapshot!(first);
}

/// Required attributes and constraints of `detection_finding` and of the objects in it, from the OCSF schema 1.8.0
/// (`events/base_event.json`, `events/findings/finding.json`, `objects/*.json`), and the values that it enumerates.
#[test]
fn findings_satisfy_the_rules_of_ocsf() {
    let text = ocsf(&full()).unwrap();
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(events.len(), full().campaigns.len());
    let mut ids = BTreeSet::new();
    for event in &events {
        for required in
            ["activity_id", "category_uid", "class_uid", "metadata", "severity_id", "time", "type_uid", "finding_info"]
        {
            assert!(!event[required].is_null(), "{required}");
        }
        assert_eq!((&event["category_uid"], &event["class_uid"]), (&Value::from(2), &Value::from(2004)));
        let activity = event["activity_id"].as_u64().unwrap();
        assert!(matches!(activity, 1..=3));
        assert_eq!(event["type_uid"].as_u64().unwrap(), 2004 * 100 + activity);
        let one_of = |id: &str, name: &str, words: &[(u64, &str)]| {
            let pair = (event[id].as_u64().unwrap(), event[name].as_str().unwrap());
            assert!(words.contains(&pair), "{pair:?}");
        };
        one_of(
            "severity_id",
            "severity",
            &[(1, "Informational"), (2, "Low"), (3, "Medium"), (4, "High"), (5, "Critical")],
        );
        one_of("confidence_id", "confidence", &[(1, "Low"), (2, "Medium"), (3, "High")]);
        one_of("status_id", "status", &[(1, "New"), (2, "In Progress")]);
        assert!(event["confidence_score"].as_u64().unwrap() <= 100 && event["is_alert"].is_boolean());
        // Milliseconds, of this century.
        let (start, end, time) = ["start_time", "end_time", "time"].map(|name| event[name].as_i64().unwrap()).into();
        assert!(1_700_000_000_000 < start && start <= end && end <= time && time < 4_000_000_000_000);

        let metadata = &event["metadata"];
        assert_eq!(metadata["version"], OCSF_VERSION);
        assert!(metadata["product"]["name"].is_string() && metadata["product"]["vendor_name"].is_string());
        let info = &event["finding_info"];
        assert!(info["uid"].is_string() && info["title"].is_string());
        assert!(ids.insert(info["uid"].as_str().unwrap().to_owned()));
        assert!(info["analytic"]["type_id"].as_u64().is_some() && info["analytic"]["name"].is_string());
        for attack in info["attacks"].as_array().unwrap() {
            assert!(["tactic", "technique", "sub_technique"].iter().any(|it| attack[it]["uid"].is_string()));
            assert!(attack["version"].is_string());
        }
        assert_eq!(info["attacks"][0]["sub_technique"]["uid"], "AML.T0024.002");
        assert_eq!(info["attacks"][0]["technique"]["uid"], "AML.T0024");
        for evidence in event["evidences"].as_array().unwrap() {
            assert!(evidence["data"].is_object());
        }
        for resource in event["resources"].as_array().unwrap() {
            assert!(resource["uid"].is_string() && matches!(resource["role_id"].as_u64(), Some(1..=4)));
        }
        assert!(event["remediation"]["desc"].is_string());
        assert!(event["remediation"]["references"].as_array().unwrap().iter().all(Value::is_string));
        let known = [
            "activity_id",
            "activity_name",
            "category_name",
            "category_uid",
            "class_name",
            "class_uid",
            "confidence",
            "confidence_id",
            "confidence_score",
            "count",
            "end_time",
            "evidences",
            "finding_info",
            "is_alert",
            "message",
            "metadata",
            "remediation",
            "resources",
            "severity",
            "severity_id",
            "start_time",
            "status",
            "status_id",
            "time",
            "type_name",
            "type_uid",
            "unmapped",
        ];
        let unknown: Vec<&String> =
            event.as_object().unwrap().keys().filter(|name| !known.contains(&name.as_str())).collect();
        assert!(unknown.is_empty(), "{unknown:?}");
    }
    assert_eq!(events[0]["is_alert"], true);
    assert_eq!(events.last().unwrap()["is_alert"], false);
}

#[test]
fn a_campaign_is_explained_by_the_beginning_of_its_id() {
    let report = full();
    let explanation = Explanation::new(&report, "c-4f").unwrap();
    insta::assert_snapshot!(explanation.table(100, false));
    assert_eq!(explanation, Explanation::new(&report, "c-4f1a90b2").unwrap());
    assert_eq!(
        Explanation::new(&report, "c-0"),
        Err(Unknown::Ambiguous(vec!["c-09aa77e1".into(), "c-0000aaaa".into()]))
    );
    assert_eq!(Explanation::new(&report, "c-4f1a90b3"), Err(Unknown::Campaign(vec!["c-4f1a90b2".into()])));
    let value: Value = serde_json::from_str(&explanation.json().unwrap()).unwrap();
    assert_eq!((&value["schema"], &value["campaign"]["id"]), (&"stillwatch.explain/1".into(), &"c-4f1a90b2".into()));
}

#[test]
fn an_account_is_explained_by_what_holds_it() {
    let mut report = full();
    report.campaigns[0].evidence[1].subjects = vec!["acct-100".into()];
    report.campaigns[2].counter_evidence[0].subjects = vec!["acct-100".into()];
    let explanation = Explanation::new(&report, "acct-100").unwrap();
    insta::assert_snapshot!(explanation.table(100, false));
    insta::assert_snapshot!(explanation.markdown());
    let value: Value = serde_json::from_str(&explanation.json().unwrap()).unwrap();
    let campaigns = value["account"]["campaigns"].as_array().unwrap();
    assert_eq!(campaigns.iter().map(|one| &one["role"]).collect::<Vec<_>>(), ["core", "core"]);
    assert_eq!(value["account"]["categories"][0], "group-owned");
}

#[test]
fn an_account_of_a_crowd_is_told_to_be_innocent() {
    let report = full();
    let explanation = Explanation::new(&report, "acct-c41").unwrap();
    let text = explanation.table(100, false);
    assert!(text.starts_with("No campaign of this report holds account acct-c41.\n"), "{text}");
    assert!(text.contains("found in an innocent crowd, which is no suspicion: a class or an examination"), "{text}");
    let value: Value = serde_json::from_str(&explanation.json().unwrap()).unwrap();
    assert_eq!(
        (&value["account"]["crowds"][0]["name"], &value["account"]["named"]),
        (&"classroom".into(), &true.into())
    );
}

#[test]
fn an_account_that_nothing_holds_is_not_cleared() {
    let report = full();
    let told = |name: &str| Explanation::new(&report, name).unwrap().table(100, false);
    insta::assert_snapshot!(["acct-108", "somebody", "acct-1", "acct-9"].map(told).join("\n----\n"));
    assert!(report.campaigns.iter().any(|campaign| campaign.tier == Tier::Act));
}
