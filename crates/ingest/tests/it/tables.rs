use stillwatch_core::AccountType;
use stillwatch_ingest::{EdgeLog, FieldMap, IngestError, Tally, read_accounts, read_permits};

use crate::fixtures::{array, integers, parquet_file, text, texts};

#[test]
fn of_two_rows_for_an_account_the_last_value_counts() {
    let csv = "account,card,account_type,created_at,tier\nb,,research,2026-01-01,pro\na,x,reseller,,\nb,y,,1850-01-01,\n,z,,,\n";
    let map = FieldMap::parse("[account]\npayment_hmac = \"card\"").unwrap();
    let mut tally = Tally::default();
    let accounts = read_accounts(csv.as_bytes(), None, &map, "accounts.csv", &mut tally).unwrap();
    assert_eq!(accounts.iter().map(|account| account.account.as_str()).collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(accounts[0].account_type, AccountType::Direct);
    assert_eq!(accounts[1].account_type, AccountType::Research);
    assert_eq!(accounts[1].payment_hmac.as_ref().map(|hmac| hmac.expose().as_str()), Some("y"));
    assert_eq!(
        accounts[1].created_at.map(stillwatch_core::Micros::to_rfc3339).as_deref(),
        Some("2026-01-01T00:00:00Z")
    );
    assert_eq!(accounts[1].plan.as_deref(), Some("pro"));
    assert_eq!((tally.duplicates, tally.rejected_rows()), (1, 1));
    assert_eq!((tally.field_errors["account_type"], tally.field_errors["created_at"]), (1, 1));
}

#[test]
fn an_account_table_may_be_parquet_or_json_or_empty() {
    let read =
        |bytes: &[u8]| read_accounts(bytes, None, &FieldMap::default(), "f", &mut Tally::default()).unwrap().len();
    let file = parquet_file([("account", array(arrow::array::StringArray::from(vec!["a", "b"])))]);
    assert_eq!(read(&file), 2);
    assert_eq!(read(br#"[{"account":"a"},{"account":"b"}]"#), 2);
    assert_eq!(read(b""), 0);
}

fn edge(csv: &str, budget: usize) -> Result<EdgeLog, IngestError> {
    EdgeLog::read(csv.as_bytes(), None, &FieldMap::default(), "edge.csv", budget, &mut Tally::default())
}

#[test]
fn an_edge_log_fills_what_the_request_log_lacks() {
    let log =
        edge("request_id,ip,asn,ja4,country\nr1,[::ffff:9.9.9.9]:1,64512,t13d,DE\nr2,8.8.8.8,,,\n", 1 << 20).unwrap();
    assert_eq!(log.len(), 2);
    let (before, mut tally) = text(
        "{\"time\":1772452800,\"account\":\"a\",\"request_id\":\"r1\",\"ip\":\"1.1.1.1\"}\n\
         {\"time\":1772452800,\"account\":\"a\",\"request_id\":\"r2\"}\n{\"time\":1772452800,\"account\":\"a\"}\n",
    );
    let after = log.enrich(before.clone());
    assert_eq!(texts(&after, "ip"), [Some("1.1.1.1"), Some("8.8.8.8"), None]);
    assert_eq!(texts(&after, "ja4"), [Some("t13d"), None, None]);
    assert_eq!(integers(&after, "asn"), [Some(64512), None, None]);
    assert_eq!(after.schema(), before.schema());
    tally.note_enriched(&before, &after);
    assert_eq!((tally.coverage["ip"], tally.coverage["ja4"]), (2, 1));
}

#[test]
fn an_edge_log_without_request_ids_or_over_its_budget_is_refused() {
    let error = edge("ip,asn\n1.1.1.1,1\n", 1 << 20).err().unwrap();
    assert!(matches!(error, IngestError::EdgeRequestId) && error.help().unwrap().contains("[edge]"));
    let many: String = (0..1000).map(|n| format!("r{n},agent {n}\n")).collect();
    let error = edge(&format!("request_id,user_agent\n{many}"), 10_000).err().unwrap();
    assert!(matches!(error, IngestError::EdgeBudget { budget: 10_000 }));
    assert!(edge("", 1).unwrap().is_empty());
}

const PERMIT: &str =
    r#"{"organization":"o","scope":"distillation","holder":"h","valid_from":"2026-01-01","valid_until":"2027-01-01"}"#;

#[test]
fn permits_are_checked_one_by_one_and_mistakes_are_placed() {
    let refuse = |json: &str| read_permits(json.as_bytes()).unwrap_err().to_string();
    let second = |permit: &str| refuse(&format!("{{\"permits\":[{PERMIT},\n{permit}]}}"));
    assert_eq!(read_permits(format!("{{\"permits\":[{PERMIT}]}}").as_bytes()).unwrap().len(), 1);
    assert!(second(&PERMIT.replace("2027", "2025")).starts_with("permits[1]: `valid_from`"));
    let error = second(&PERMIT.replace("\"h\"", "7"));
    assert!(error.contains("line 2") && error.contains("`permits[1].holder`"), "{error}");
    let error = second(&PERMIT.replace("scope", "scop"));
    assert!(error.contains("unknown field `scop`") && error.contains("permits[1]"), "{error}");
    assert!(second(&PERMIT.replace("\"scope\":\"distillation\",", "")).contains("missing field `scope`"));
    assert!(second(&PERMIT.replace("distillation", "training")).contains("`permits[1].scope`"));
    assert!(refuse("{\"permits\": [\n  {]").starts_with("line 2, column"));
    assert!(refuse("{\"permit\": []}").contains("unknown field `permit`"));
    assert!(read_permits(&b""[..]).is_err(), "a truncated file says nothing about permits");
    assert!(read_permits(&br#"{"permits": []}"#[..]).unwrap().is_empty());
}
