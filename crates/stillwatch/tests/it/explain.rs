//! Reports in every form, and what `explain` makes of one.

use serde_json::Value;

use crate::sandbox::{Sandbox, file, report};

/// A sandbox with a report of the shared traffic in `report.json`.
fn reported() -> (Sandbox, Value) {
    let sandbox = Sandbox::new();
    sandbox.write("report.json", report());
    (sandbox, serde_json::from_str(report()).unwrap())
}

#[test]
fn every_form_goes_to_a_file_or_to_standard_output() {
    let sandbox = Sandbox::new();
    let log = file("exchanges.parquet");
    for (format, begins) in [("html", "<!DOCTYPE html><html"), ("markdown", "# "), ("ocsf", "{\"activity_id\":1,")] {
        let run = sandbox.run(&["detect", &log, "--format", format]).ok();
        assert!(run.out.starts_with(begins), "{format}: {:.80}", run.out);
        let silent = sandbox.run(&["detect", &log, "--format", format, "-o", "result"]).ok();
        assert_eq!(silent.out, "");
        assert_eq!(std::fs::read_to_string(sandbox.path("result")).unwrap(), run.out, "{format}");
    }
}

#[test]
fn a_campaign_and_an_account_are_explained() {
    let (sandbox, report) = reported();
    let campaign = &report["campaigns"][0];
    let (id, account) = (campaign["id"].as_str().unwrap(), campaign["accounts"][0]["account"].as_str().unwrap());
    let of_campaign = sandbox.run(&["explain", "report.json", id]).ok();
    let statement = campaign["evidence"][0]["statement"].as_str().unwrap().split(' ').next().unwrap();
    assert!(of_campaign.out.contains(id) && of_campaign.out.contains(statement), "{}", of_campaign.out);
    let of_account = sandbox.run(&["explain", "report.json", account, "--format", "json"]).ok();
    let told: Value = serde_json::from_str(&of_account.out).unwrap();
    assert_eq!((&told["schema"], &told["account"]["account"]), (&"stillwatch.explain/1".into(), &account.into()));
    assert_eq!(told["account"]["campaigns"][0]["campaign"], id);
    let markdown = sandbox.run(&["explain", "report.json", id, "--format", "markdown", "-o", "ticket.md"]).ok();
    assert_eq!(markdown.out, "");
    assert!(std::fs::read_to_string(sandbox.path("ticket.md")).unwrap().contains(&format!("`{id}`")));
    let nobody = sandbox.run(&["explain", "report.json", "nobody"]).ok();
    assert!(nobody.out.starts_with("No campaign of this report holds account nobody.\n"), "{}", nobody.out);
}

/// A report that version 1 wrote has no answers; nothing is made up in their place.
#[test]
fn a_report_of_the_version_before_is_read() {
    let (sandbox, mut report) = reported();
    let id = report["campaigns"][0]["id"].as_str().unwrap().to_owned();
    report["schema"] = "stillwatch.detect/1".into();
    report.as_object_mut().unwrap().remove("crowds");
    for campaign in report["campaigns"].as_array_mut().unwrap() {
        let campaign = campaign.as_object_mut().unwrap();
        campaign.remove("answers");
        campaign.remove("margin_bits");
        for hypothesis in campaign["benign_hypotheses"].as_array_mut().unwrap() {
            hypothesis.as_object_mut().unwrap().remove("bits");
        }
    }
    sandbox.write("earlier.json", serde_json::to_string(&report).unwrap());
    let run = sandbox.run(&["explain", "earlier.json", &id]).ok();
    assert!(run.out.contains("The report does not answer the three questions"), "{}", run.out);
    assert!(!run.out.contains("Do they harvest?"), "{}", run.out);
    let same = sandbox.run(&["diff", "earlier.json", "report.json"]).ok();
    assert!(same.out.starts_with("0 new, 0 grown, 0 changed, 0 in another tier, 0 gone"), "{}", same.out);
}

#[test]
fn what_cannot_be_explained_is_told_with_what_to_do() {
    let (sandbox, report) = reported();
    let id = report["campaigns"][0]["id"].as_str().unwrap();
    let last = if id.ends_with('0') { '1' } else { '0' };
    let near = format!("{}{last}", &id[..id.len() - 1]);
    let refused = |arguments: &[&str], what: &str, help: &str| {
        let run = sandbox.run(&[&["explain"], arguments].concat());
        assert_eq!(run.code, Some(2), "{}", run.all());
        assert!(run.err.starts_with(&format!("error: {what}\n")), "{}", run.err);
        assert!(run.err.contains("\nhelp: ") && run.err.contains(help), "{}", run.err);
    };
    refused(&["report.json", &near], &format!("the report has no campaign {near}"), id);
    if report["campaigns"].as_array().unwrap().len() > 1 {
        refused(&["report.json", "c-"], "several campaigns begin with c-", id);
    }
    let text = serde_json::to_string(&report).unwrap();
    sandbox.write("cut.json", &text[..text.len() / 2]);
    refused(&["cut.json", id], "cut.json is cut off", "copy it again");
    sandbox.write("newer.json", text.replace(r#""stillwatch.detect/2""#, r#""stillwatch.detect/3""#));
    refused(&["newer.json", id], "newer.json is a report of another version", "run detect again");
    sandbox.write("digest.json", "{\"schema\": \"stillwatch.digest/1\"}");
    refused(&["digest.json", id], "digest.json is not a report of detect", "--format json");
    sandbox.write("list.json", "[]");
    refused(&["list.json", id], "list.json is not a report of detect", "--format json");
    sandbox.write("empty.json", "");
    refused(&["empty.json", id], "empty.json is not a report of detect", "--format json");
    assert_eq!(sandbox.run(&["explain", "missing.json", id]).code, Some(2));
}
