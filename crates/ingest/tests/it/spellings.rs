//! Types and spellings of values, and dialects of tables.

use std::sync::Arc;

use arrow::array::{
    Decimal128Array, FixedSizeBinaryArray, Float64Array, Int64Array, ListArray, RecordBatch, StringArray, StructArray,
    TimestampMicrosecondArray, UInt64Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field};

use crate::fixtures::{NOON, array, integers, parquet, parquet_file, text, texts, times};

#[test]
fn tables_of_every_dialect_say_the_same() {
    for table in [
        "time,account,prompt\n1772452800,a,\"p, q\"\n",
        "time\taccount\tprompt\n1772452800\ta\tp, q\n",
        "time;account;prompt\n1772452800;a;p, q\n",
        "time|account|prompt\n1772452800|a|p, q\n",
        "sep=;\ntime;account;prompt\n1772452800;a;p, q\n",
        "\u{feff}Time;ACCOUNT;Prompt\r\n1772452800;a;p, q\r\n",
        "# exported by a console\ntime;account;prompt\n1772452800;a;p, q\n",
        "time,account,prompt,account\n1772452800,a,\"p, q\",\n",
        "time,account,prompt\n1772452800,a,\"p, q\",\n",
        "\"time\",\"account\",\"prompt\"\n\"1772452800\",\"a\",\"p, q\"\n",
        " time , account , prompt \n1772452800,a,\"p, q\"\n",
    ] {
        let (batch, tally) = text(table);
        assert_eq!(texts(&batch, "account"), [Some("a")], "{table}\n{tally:?}");
        assert_eq!(texts(&batch, "prompt"), [Some("p, q")], "{table}");
    }
    let (batch, _) = text("time,account,tools\n1772452800,a,\"{\\\"a\\\": \\\"x, y\\\"}\"\n1772452801,\\N,\\N\n");
    assert_eq!(texts(&batch, "tools"), [Some("{\"a\": \"x, y\"}")]);
}

#[test]
fn ids_that_became_fractions_are_ids() {
    for log in [
        "{\"time\":1772452800,\"account\":1001.0}\n",
        "time,account\n1772452800,1001.0\n",
        "[{\"time\":1772452800,\"account\":1001}]",
    ] {
        assert_eq!(texts(&text(log).0, "account"), [Some("1001")], "{log}");
    }
    let file = parquet_file([
        ("time", array(Int64Array::from(vec![1_772_452_800]))),
        ("account", array(Float64Array::from(vec![1001.0]))),
    ]);
    assert_eq!(texts(&parquet(file).0, "account"), [Some("1001")]);
    // A fraction is no id, and a version is no fraction.
    assert_eq!(text("{\"time\":1772452800,\"account\":1001.5}\n").0.num_rows(), 0);
    assert_eq!(texts(&text("time,account,model\n1772452800,a,4.0\n").0, "model"), [Some("4.0")]);
    // An id of 64 bits without a sign keeps its digits.
    let log = "{\"time\":1772452800,\"account\":18446744073709551615}\n";
    assert_eq!(texts(&text(log).0, "account"), [Some("18446744073709551615")]);
}

fn binary(values: &[&[u8]]) -> FixedSizeBinaryArray {
    FixedSizeBinaryArray::try_from_iter(values.iter()).unwrap()
}

#[test]
fn parquet_types_of_ids_are_read() {
    let uuid: [u8; 16] =
        [0x01, 0x95, 0x62, 0xdc, 0xd5, 0xb0, 0x7e, 0x43, 0x80, 0x0d, 0x3a, 0x5d, 0x37, 0xec, 0x37, 0xa3];
    let decimal =
        Decimal128Array::from(vec![123_456_789_012_345_678_901_i128]).with_precision_and_scale(30, 0).unwrap();
    let money = Decimal128Array::from(vec![100_100_i128]).with_precision_and_scale(10, 2).unwrap();
    let file = parquet_file([
        ("time", array(TimestampMicrosecondArray::from(vec![NOON]))),
        ("account", array(binary(&[&uuid]))),
        ("request_id", array(UInt64Array::from(vec![u64::MAX]))),
        ("organization", array(decimal)),
        ("api_key", array(money)),
        ("end_user", array(binary(&[b"ab\xff\x01"]))),
        ("country", array(binary(&[b"DE\0\0"]))),
    ]);
    let (batch, tally) = parquet(file);
    assert_eq!(texts(&batch, "account"), [Some("019562dc-d5b0-7e43-800d-3a5d37ec37a3")]);
    assert_eq!(texts(&batch, "request_id"), [Some("18446744073709551615")]);
    assert_eq!(texts(&batch, "organization"), [Some("123456789012345678901")]);
    assert_eq!(texts(&batch, "api_key"), [Some("1001")]);
    assert_eq!(texts(&batch, "end_user"), [Some("6162ff01")]);
    assert_eq!(texts(&batch, "country"), [Some("DE")]);
    assert!(tally.field_errors.is_empty(), "{tally:?}");
}

/// `[{"role": …, "content": …}]`, one list a row.
fn messages() -> ListArray {
    let fields = vec![
        (Arc::new(Field::new("role", DataType::Utf8, true)), array(StringArray::from(vec!["system", "user", "user"]))),
        (
            Arc::new(Field::new("content", DataType::Utf8, true)),
            array(StringArray::from(vec!["be brief", "one", "two"])),
        ),
    ];
    let structs = StructArray::from(fields);
    let item = Arc::new(Field::new("item", structs.data_type().clone(), true));
    ListArray::new(item, OffsetBuffer::new(vec![0, 2, 3].into()), Arc::new(structs), None)
}

use arrow::array::Array;

#[test]
fn nested_columns_of_parquet_are_read_as_json_is() {
    let file = parquet_file([
        ("time", array(TimestampMicrosecondArray::from(vec![NOON, NOON + 1]))),
        ("account", array(StringArray::from(vec!["a", "b"]))),
        ("prompt", array(messages())),
        ("tools", array(messages())),
    ]);
    let (batch, tally) = parquet(file);
    assert_eq!(texts(&batch, "prompt"), [Some("one"), Some("two")], "{tally:?}");
    assert_eq!(texts(&batch, "system"), [Some("be brief"), None]);
    assert_eq!(texts(&batch, "tools")[1], Some(r#"[{"role":"user","content":"two"}]"#));
    // Behind a pointer of a field map.
    let inner = messages();
    let request =
        StructArray::from(vec![(Arc::new(Field::new("messages", inner.data_type().clone(), true)), array(inner))]);
    let file = parquet_file([
        ("time", array(TimestampMicrosecondArray::from(vec![NOON, NOON + 1]))),
        ("account", array(StringArray::from(vec!["a", "b"]))),
        ("request", array(request)),
    ]);
    let map = |path: &str| stillwatch_ingest::ReadOptions {
        map: stillwatch_ingest::FieldMap::parse(&format!("[exchange]\nprompt = \"{path}\"")).unwrap(),
        ..Default::default()
    };
    for (path, prompts) in [("/request/messages", ["one", "two"]), ("/request/messages/0/content", ["be brief", "two"])]
    {
        let (batch, tally) = crate::fixtures::parquet_with(file.clone(), &map(path)).unwrap();
        assert_eq!(texts(&batch, "prompt"), prompts.map(Some), "{path} {tally:?}");
    }
}

#[test]
fn columns_of_parquet_are_found_in_any_case() {
    let file = parquet_file([
        ("TIME", array(TimestampMicrosecondArray::from(vec![NOON]))),
        ("ACCOUNT", array(StringArray::from(vec!["a"]))),
    ]);
    let (batch, _): (RecordBatch, _) = parquet(file);
    assert_eq!((texts(&batch, "account"), times(&batch)), (vec![Some("a")], vec![NOON]));
}

#[test]
fn networks_and_forwarded_addresses_have_many_spellings() {
    let log = [r#""64500""#, r#""AS64500""#, r#""ASN64500 Example""#, "64500.0", r#"["AS64500","AS1"]"#, r#""none""#];
    let log: String =
        log.iter().map(|asn| format!("{{\"time\":1772452800,\"account\":\"a\",\"asn\":{asn}}}\n")).collect();
    let (batch, tally) = text(log);
    assert_eq!(integers(&batch, "asn"), [Some(64_500), Some(64_500), Some(64_500), Some(64_500), Some(64_500), None]);
    assert_eq!(tally.shapes["asn"].iter().collect::<Vec<_>>(), ["aaaa"]);
    let log = "{\"time\":1772452800,\"account\":\"a\",\"ip\":\"6.6.6.6, 198.51.100.7, 10.0.0.1\"}\n\
               {\"time\":1772452800,\"account\":\"a\",\"ip\":[\"198.51.100.7\",\"10.0.0.1\"]}\n";
    assert_eq!(texts(&text(log).0, "ip"), [Some("198.51.100.7"); 2]);
}

#[test]
fn a_time_that_is_not_read_shows_its_shape_and_nothing_more() {
    let (_, tally) = text("time,account\n9/7/2026 10:05 PM,a\n9/8/2026 11:05 AM,a\n");
    assert_eq!(tally.shapes["time"].iter().collect::<Vec<_>>(), ["9/9/9999 99:99 aa"]);
    assert_eq!(
        tally.unread.keys().map(ToString::to_string).collect::<Vec<_>>(),
        ["records of which each was rejected"]
    );
    let foreign = r#"{"request_id":"r","call_type":"acompletion","startTime":"9/7/2026","spend":0,"user":"a"}"#;
    let (_, tally, _) = crate::sources::together(&[("log", foreign.as_bytes())]);
    assert_eq!(tally.shapes["time"].iter().collect::<Vec<_>>(), ["9/9/9999"], "{tally:?}");
}
