//! Watch-lists are read in three forms, or refused with the place of the mistake and without the value.

use std::fmt::Write;

use proptest::prelude::*;
use stillwatch_core::{IndicatorKind, IndicatorValue, Marking};
use stillwatch_ingest::read_watchlist;

const ITEM: &str = r#"{"kind": "ip", "value": "192.0.2.7", "confidence": 80, "valid_from": "2026-09-01",
  "valid_until": "2026-10-01T12:00:00Z", "marking": "TLP:AMBER", "source": "forum", "context": "proxy of a ring"}"#;

fn refused(text: &str) -> (String, String) {
    let error = read_watchlist(text.as_bytes()).unwrap_err();
    (error.to_string(), error.help().unwrap_or_default())
}

#[test]
fn the_same_list_in_three_forms() {
    let other = ITEM.replace("192.0.2.7", "2001:DB8::1").replace("80", "100");
    let csv = "context,kind,value,confidence,valid_from,valid_until,marking,source,id\r\n\
               \"proxy of a ring\",ip,192.0.2.7,80,2026-09-01,2026-10-01T12:00:00Z,amber,forum,\r\n\
               proxy of a ring,ip,2001:DB8::1,100,2026-09-01,2026-10-01T12:00:00Z,TLP:AMBER,forum,\n";
    let forms = [
        format!("{{\"indicators\": [{ITEM},\n {other}]}}\n"),
        format!("[{ITEM}, {other}]"),
        format!("{}\n{}\n", ITEM.replace('\n', ""), other.replace('\n', "")),
        csv.into(),
    ];
    let lists: Vec<_> = forms.iter().map(|text| read_watchlist(text.as_bytes()).unwrap()).collect();
    assert!(lists.iter().all(|list| *list == lists[0]));
    let [first, second] = &lists[0][..] else { panic!("{} indicators", lists[0].len()) };
    assert_eq!((first.kind, first.confidence, first.marking), (IndicatorKind::Ip, 80, Marking::Amber));
    assert_eq!((first.id.as_str(), second.id.as_str()), ("indicator 1", "indicator 2"));
    let IndicatorValue::Plain(value) = &second.value else { panic!("not plain") };
    assert_eq!(value.expose(), "2001:db8::1");
    assert_eq!(first.valid_until.to_rfc3339(), "2026-10-01T12:00:00Z");
}

#[test]
fn a_list_may_hold_none_but_a_file_may_not_be_empty() {
    assert!(read_watchlist(&br#"{"indicators": []}"#[..]).unwrap().is_empty());
    assert!(read_watchlist(&b"[ ]"[..]).unwrap().is_empty());
    assert!(read_watchlist(&b"kind,value\n"[..]).unwrap().is_empty());
    assert!(refused(" \n").0.contains("empty"));
}

#[test]
fn values_have_the_form_of_logs() {
    let value = |kind: &str, value: &str| {
        let text = ITEM.replace("\"ip\"", &format!("\"{kind}\"")).replace("\"192.0.2.7\"", value);
        match read_watchlist(text.as_bytes()).unwrap().remove(0).value {
            IndicatorValue::Plain(value) => value.expose().clone(),
            IndicatorValue::Keyed(fingerprint) => format!("{fingerprint:x}"),
        }
    };
    assert_eq!(value("network", "\"192.0.2.7/24\""), "192.0.2.0/24");
    assert_eq!(value("network", "\"192.0.2.xxx\""), "192.0.2.0/24");
    assert_eq!(value("asn", "64496"), "64496");
    assert_eq!(value("asn", "\"AS64496\""), "64496");
    assert_eq!(value("email_domain", "\"@Mail.Example.\""), "mail.example");
    assert_eq!(value("payment", "\"tok_4f\""), "tok_4f");
    assert_eq!(value("passage", "\"00ab34ff0012aa9\", \"form\": \"keyed\""), "ab34ff0012aa9");
}

#[test]
fn mistakes_are_placed_and_explained() {
    let list =
        |item: String| format!("{{\"indicators\": [\n {ITEM},\n {}\n]}}", item.replace("192.0.2.7", "192.0.2.8"));
    let of = |kind: &str, value: &str| list(ITEM.replace("\"ip\"", kind).replace("\"192.0.2.7\"", value));
    let csv = |row: &str| format!("kind,value,confidence,valid_from,valid_until,marking,source,context\n{row}\n");
    let cases = [
        ("no json", "{\"indicators\": [\n  {\"kind\": ip}]}".into()),
        ("broken off", "{\"indicators\": [{\"kind\": \"ip\"".into()),
        ("no comma", format!("[{ITEM} {ITEM}]")),
        ("something after it", format!("[{ITEM}] 7")),
        ("something beside it", format!("{{\"indicators\": [{ITEM}], \"more\": 1}}")),
        ("no object", "[7]".into()),
        ("a line that is no object", format!("{}\n[]", ITEM.replace('\n', ""))),
        ("an unknown field", list(ITEM.replace("confidence", "confidense"))),
        ("an unknown kind", of("\"adress\"", "\"192.0.2.8\"")),
        ("no kind", list(ITEM.replace("\"kind\": \"ip\", ", ""))),
        ("a value of another type", of("\"ja4\"", "7")),
        ("null for a value", of("\"ja4\"", "null")),
        ("a list for a value", of("\"ip\"", "[\"192.0.2.8\"]")),
        ("no address", of("\"ip\"", "\"192.0.2.800\"")),
        ("a network for an address", of("\"ip\"", "\"192.0.2.0/24\"")),
        ("an address for a network", of("\"network\"", "\"192.0.2.1/32\"")),
        ("no network", of("\"network\"", "\"192.0.2.0/33\"")),
        ("a network too wide", of("\"network\"", "\"192.0.0.0/8\"")),
        ("a network of the wrong width", of("\"network\"", "\"2001:db8::/64\"")),
        ("no number", of("\"asn\"", "\"carrier\"")),
        ("a negative number", of("\"asn\"", "-1")),
        ("a plain address", of("\"email\"", "\"someone@mail.example\"")),
        ("a plain number", of("\"phone\"", "\"+49 30 901820\"")),
        ("a card", of("\"payment\"", "\"4111 1111 1111 1111\"")),
        ("no domain", of("\"email_domain\"", "\"localhost\"")),
        ("text", of("\"passage\"", "\"write me a poem\"")),
        ("a fingerprint that is none", of("\"system\"", "\"f00\", \"form\": \"keyed\"")),
        ("a fingerprint out of range", of("\"system\"", "\"fffffffffffffff\", \"form\": \"keyed\"")),
        ("a fingerprint of what has none", of("\"payment\"", "\"00ab34ff0012aa9\", \"form\": \"keyed\"")),
        ("an unknown form", of("\"ip\"", "\"192.0.2.8\", \"form\": \"hashed\"")),
        ("confidence as a share", list(ITEM.replace("80", "0.8"))),
        ("confidence above a hundred", list(ITEM.replace("80", "101"))),
        ("confidence in words", list(ITEM.replace("80", "\"high\""))),
        ("a day that is none", list(ITEM.replace("2026-09-01", "2026-09-31"))),
        ("an end before the beginning", list(ITEM.replace("2026-10-01T12:00:00Z", "2026-09-01"))),
        ("no end", list(ITEM.replace("\"valid_until\": \"2026-10-01T12:00:00Z\", ", ""))),
        ("an unknown marking", list(ITEM.replace("TLP:AMBER", "TLP:WHITE"))),
        ("no context", list(ITEM.replace("proxy of a ring", " "))),
        ("the same again", format!("[{ITEM},\n{ITEM}]")),
        ("one id twice", format!("[{0}, {1}]", with_id(ITEM), with_id(&ITEM.replace("2.7", "2.8")))),
        ("a short line", csv("ip,192.0.2.1")),
        ("a bad cell", csv("ip,192.0.2.1,80,2026-09-01,soon,amber,forum,\"a, b\"")),
        ("a bad cell behind a comma", csv("user_agent,\"a,b\",many,2026-09-01,2026-10-01,amber,forum,x")),
        ("an empty cell", csv("ip,192.0.2.1,80,2026-09-01,2026-10-01,,forum,x")),
        ("a column twice", "kind,kind\n".into()),
        ("an unknown column", "kind,valu\nip,x\n".into()),
    ];
    let mut all = String::new();
    for (what, text) in cases {
        let (error, help) = refused(&text);
        assert!(!format!("{error}{help}").contains("901820") && !error.contains("someone@"), "{error}");
        let _ = writeln!(all, "{what}\n  {error}\n  {help}");
    }
    insta::assert_snapshot!(all);
}

fn with_id(item: &str) -> String {
    item.replacen('{', "{\"id\": \"i-1\", ", 1)
}

#[test]
fn what_is_seen_again_later_is_no_duplicate() {
    let again = ITEM.replace("2026-10-01", "2026-11-01").replace("2026-09-01", "2026-10-01T12:00:00Z");
    assert_eq!(read_watchlist(format!("[{ITEM},{again}]").as_bytes()).unwrap().len(), 2);
    let elsewhere = ITEM.replace("forum", "another forum");
    assert_eq!(read_watchlist(format!("[{ITEM},{elsewhere}]").as_bytes()).unwrap().len(), 2);
}

#[test]
fn hostile_files_are_bounded() {
    assert!(read_watchlist(std::io::repeat(b' ')).unwrap_err().to_string().contains("more than"));
    let deep = format!("[{{\"kind\": {}", "[".repeat(1_000_000));
    assert!(refused(&deep).0.starts_with("line 1"));
    let error = read_watchlist(&b"kind\n\xff"[..]).unwrap_err().to_string();
    assert_eq!(error, "line 2, column 1 of the watch-list: the text is not UTF-8");
    assert!(refused(&ITEM.replace("ring", &"r".repeat(3_000))).0.contains("longer than"));
}

proptest! {
    #[test]
    fn nothing_makes_it_panic(text in "[\\[\\]{}\",:a-z0-9\n \\\\é]{0,80}") {
        let _ = read_watchlist(text.as_bytes());
        let _ = stillwatch_ingest::read_policy(text.as_bytes());
    }

    #[test]
    fn no_change_of_a_list_makes_it_panic(at in 0_usize..220, byte: u8) {
        let mut text = format!("{{\"indicators\": [{ITEM}]}}").into_bytes();
        let at = at % text.len();
        text[at] = byte;
        let _ = read_watchlist(&text[..]);
    }
}
