//! Campaigns as OCSF events, for security information systems.
//!
//! Each campaign is a Detection Finding (class 2004 of category 2) of the [Open Cybersecurity Schema Framework]
//! 1.8, one JSON object a line. Nothing is taken from the clock: the finding's time is that of its last exchange.
//!
//! [Open Cybersecurity Schema Framework]: https://schema.ocsf.io/1.8.0/classes/detection_finding

use serde_json::{Map, Value, json};
use stillwatch_core::{Evidence, Micros, NotEvaluated, Tier};
use stillwatch_detect::{Campaign, CampaignKind, DetectionReport, Extent, Rung};

use super::questions::{hypotheses, is_answered, nearest, questions, summary};
use super::sentences::{blast_radius, ranked, recommended, title, why};
use super::vocabulary::{State, role, technique};
use crate::phrase::{capitalised, plain, sentence};
use crate::render::{Render, Terminal};
use crate::unread::{unread_cause, unread_headline};

/// Version of the schema that the events follow.
pub const OCSF_VERSION: &str = "1.8.0";

const CLASS: u32 = 2004;
const CREATE: u32 = 1;

pub(super) struct Ocsf;

impl Render<DetectionReport> for Ocsf {
    fn name(&self) -> &'static str {
        "ocsf"
    }

    fn purpose(&self) -> &'static str {
        "OCSF Detection Findings, one a line, for security information systems"
    }

    fn render(&self, report: &DetectionReport, _: Terminal) -> Result<String, serde_json::Error> {
        ocsf(report)
    }
}

/// One OCSF Detection Finding a line, those that deserve most attention first; before them a failed Scan Activity where
/// the input was not all read.
pub fn ocsf(report: &DetectionReport) -> Result<String, serde_json::Error> {
    let mut text = String::new();
    if report.inputs.read != Extent::All {
        text += &serde_json::to_string(&scan(report))?;
        text.push('\n');
    }
    for campaign in ranked(report) {
        text += &serde_json::to_string(&finding(report, campaign))?;
        text.push('\n');
    }
    Ok(text)
}

/// That the input was not read, or not all of it: a Scan Activity (class 6007) that ended with an error, so that nobody
/// takes a missing finding for a clean log.
fn scan(report: &DetectionReport) -> Value {
    let causes: Vec<String> = report.inputs.not_read.iter().map(unread_cause).collect();
    let time = report.window.last.as_deref().and_then(milliseconds).unwrap_or(0);
    let version = report.tool.rsplit_once(' ').map_or("unknown", |(_, version)| version);
    json!({
        "activity_id": SCAN_ERROR,
        "activity_name": "Error",
        "category_uid": 6,
        "category_name": "Application Activity",
        "class_uid": SCAN,
        "class_name": "Scan Activity",
        "type_uid": SCAN * 100 + SCAN_ERROR,
        "type_name": "Scan Activity: Error",
        "severity_id": 3,
        "severity": "Medium",
        "status_id": 2,
        "status": "Failure",
        "status_detail": causes.join("; "),
        "message": unread_headline(report.inputs.read).unwrap_or_default(),
        "time": time,
        "total": report.inputs.files,
        "metadata": {
            "version": OCSF_VERSION,
            "product": {
                "name": "Stillwatch",
                "vendor_name": "Stillwatch",
                "version": version,
                "feature": { "name": "detect", "uid": report.schema },
            },
            "log_name": "scans",
        },
    })
}

const SCAN: u32 = 6007;
const SCAN_ERROR: u32 = 6;

fn finding(report: &DetectionReport, campaign: &Campaign) -> Value {
    let (severity_id, severity) = match campaign.tier {
        Tier::Act => (4, "High"),
        Tier::Review => (3, "Medium"),
        Tier::Watch => (1, "Informational"),
    };
    let (confidence_id, confidence) = match campaign.tier {
        Tier::Act => (3, "High"),
        Tier::Review => (2, "Medium"),
        Tier::Watch => (1, "Low"),
    };
    let (first, last) = (milliseconds(&campaign.first_seen), milliseconds(&campaign.last_seen));
    let time = last.or_else(|| milliseconds(report.window.last.as_deref()?)).unwrap_or(0);
    let mut event = json!({
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": CLASS,
        "class_name": "Detection Finding",
        "type_uid": CLASS * 100 + CREATE,
        "type_name": "Detection Finding: Create",
        "severity_id": severity_id,
        "severity": severity,
        "confidence_id": confidence_id,
        "confidence": confidence,
        "status_id": 1,
        "status": "New",
        "is_alert": campaign.tier > Tier::Watch,
        "time": time,
        "count": campaign.exchanges,
        "message": format!("{} {}: {}", capitalised(&campaign.tier.to_string()), title(campaign), campaign.id),
        "finding_info": info(campaign, first, last),
        "evidences": evidences(campaign),
        "resources": resources(campaign),
        "remediation": remediation(campaign),
        "metadata": metadata(report, campaign),
        "unmapped": unmapped(report, campaign),
    });
    // No score is made up where q is none.
    if let Some(score) = percent(1.0 - campaign.q_value) {
        event["confidence_score"] = score.into();
    }
    for (name, moment) in [("start_time", first), ("end_time", last)] {
        if let Some(moment) = moment {
            event[name] = moment.into();
        }
    }
    event
}

fn metadata(report: &DetectionReport, campaign: &Campaign) -> Value {
    // A tool names itself with its version behind it.
    let version = report.tool.rsplit_once(' ').map_or("unknown", |(_, version)| version);
    json!({
        "uid": campaign.id,
        "version": OCSF_VERSION,
        "product": {
            "name": "Stillwatch",
            "vendor_name": "Stillwatch",
            "version": version,
            "feature": { "name": "detect", "uid": report.schema },
        },
        "log_name": "campaigns",
    })
}

fn info(campaign: &Campaign, first: Option<i64>, last: Option<i64>) -> Value {
    let kind = match campaign.kind {
        CampaignKind::Ring => "ring",
        CampaignKind::Relay => "relay",
        CampaignKind::Successor => "successor",
        CampaignKind::Single => "single",
    };
    let mut info = json!({
        "uid": campaign.id,
        "title": format!("{} acting as one, tier {}", title(campaign), campaign.tier),
        "desc": format!("{} {}", summary(campaign), why(campaign)),
        "types": ["Model distillation", kind],
        "analytic": {
            "uid": "stillwatch.detect",
            "name": "Accounts that act as one",
            "type_id": 3,
            "type": "Statistical",
            "desc": "communities by content, tested in other families against permutations",
        },
        "attacks": campaign.atlas.iter().map(|id| attack(id)).collect::<Vec<_>>(),
        "data_sources": ["request log", "account table"],
    });
    for (name, moment) in [("first_seen_time", first), ("last_seen_time", last), ("created_time", last)] {
        if let Some(moment) = moment {
            info[name] = moment.into();
        }
    }
    info
}

/// A technique, or a sub-technique with the technique that it belongs to.
fn attack(id: &str) -> Value {
    let entity = |id: &str| {
        let mut entity = json!({ "uid": id });
        if let Some(name) = technique(id) {
            entity["name"] = name.into();
        }
        entity
    };
    let mut attack = json!({ "version": "MITRE ATLAS 5.6" });
    // AML.T0024.002 belongs to AML.T0024.
    match id.rsplit_once('.') {
        Some((parent, _)) if parent.contains('.') => {
            attack["technique"] = entity(parent);
            attack["sub_technique"] = entity(id);
        }
        _ => attack["technique"] = entity(id),
    }
    attack
}

/// The answers to the three questions, both sides of the evidence, and what became of the innocent explanations.
fn evidences(campaign: &Campaign) -> Vec<Value> {
    let of = |side: &str, evidence: &Evidence| {
        let mut data = json!({
            "side": side,
            "family": evidence.family,
            "kind": evidence.kind,
            "statement": evidence.statement,
            "millibits": evidence.bits,
            "input": evidence.source.input,
        });
        if let Some(p) = &evidence.p_value {
            data["p_value"] = json!({ "value": p.value, "smallest": p.smallest, "null": p.null });
        }
        json!({ "name": plain(evidence.kind.as_str()), "data": data })
    };
    let innocent = hypotheses(campaign).into_iter().map(|hypothesis| {
        let result = State::of(hypothesis).word();
        json!({
            "name": plain(hypothesis.name.as_str()),
            "data": {
                "side": "innocent explanation",
                "result": result,
                "bits": hypothesis.bits,
                "statement": hypothesis.why,
            },
        })
    });
    let evidence = campaign.evidence.iter().map(|evidence| of("for", evidence));
    let answers = questions(campaign).map(|question| {
        json!({
            "name": question.text,
            "data": {
                "side": "answer",
                "question": question.name,
                "answer": question.answer.standing,
                "bits": question.answer.bits,
                "statement": question.reason(),
                "signs": question.signs(),
            },
        })
    });
    let answers = answers.into_iter().filter(|_| is_answered(campaign));
    answers
        .chain(evidence)
        .chain(campaign.counter_evidence.iter().map(|evidence| of("against", evidence)))
        .chain(innocent)
        .collect()
}

fn resources(campaign: &Campaign) -> Vec<Value> {
    let account = |member: &stillwatch_detect::Member| {
        json!({
            "uid": member.account,
            "name": member.account,
            "type": "API account",
            // Of the event's own roles, Actor.
            "role_id": 2,
            "role": "Actor",
            "data": {
                "membership": role(member.role),
                "probability": member.probability,
                "exchanges": member.exchanges,
            },
        })
    };
    campaign.accounts.iter().map(account).collect()
}

fn remediation(campaign: &Campaign) -> Value {
    let mut references = vec!["AML.CS0056"];
    references.extend(match campaign.recommended.rung {
        Rung::Observe => &["AML.M0024"][..],
        Rung::Verify => &["AML.M0019"],
        Rung::Limit => &["AML.M0004"],
        Rung::Suspend => &["AML.M0019", "AML.M0004"],
    });
    let radius = blast_radius(&campaign.recommended.blast_radius);
    json!({
        "desc": format!(
            "{}. A suspension of all would hit {radius}.",
            capitalised(sentence(&recommended(campaign)))
        ),
        "references": references,
    })
}

/// What the schema has no place for.
fn unmapped(report: &DetectionReport, campaign: &Campaign) -> Value {
    let gap = |gap: &NotEvaluated| format!("{}: {}", gap.what, gap.why);
    let mut rest = Map::new();
    rest.insert("tier".into(), json!(campaign.tier));
    rest.insert("q_value".into(), json!(campaign.q_value));
    rest.insert("smallest_q".into(), json!(report.nulls.smallest_q));
    if let Some(nearest) = nearest(campaign) {
        let margin = json!({ "explanation": nearest.name, "margin_bits": campaign.margin_bits });
        rest.insert("nearest_innocent_explanation".into(), margin);
    }
    rest.insert("score_bits".into(), json!(campaign.score_bits));
    rest.insert("families".into(), json!(campaign.families));
    rest.insert("organizations".into(), json!(campaign.organizations));
    rest.insert("tokens".into(), json!({ "in": campaign.input_tokens, "out": campaign.output_tokens }));
    rest.insert("blast_radius".into(), json!(campaign.recommended.blast_radius));
    rest.insert("counterfactuals".into(), json!(campaign.counterfactuals));
    rest.insert("predecessors".into(), json!(campaign.predecessors));
    rest.insert("indicators".into(), json!(campaign.indicators));
    rest.insert("not_evaluated".into(), json!(report.not_evaluated.iter().map(gap).collect::<Vec<_>>()));
    Value::Object(rest)
}

/// Milliseconds since the epoch.
fn milliseconds(moment: &str) -> Option<i64> {
    Micros::parse(moment).map(|moment| moment.0.div_euclid(1_000))
}

fn percent(share: f64) -> Option<u8> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
    (0.0..=1.0).contains(&share).then(|| (100.0 * share).floor() as u8)
}
