use arrow::array::{Int64Array, StringArray, StructArray};
use arrow::datatypes::{DataType, Field};
use stillwatch_ingest::{FieldMap, ReadOptions};

use crate::fixtures::{NOON, array, parquet_file, parquet_with, text, text_with, texts};

fn mapped(toml: &str) -> ReadOptions {
    ReadOptions { map: FieldMap::parse(toml).unwrap(), ..ReadOptions::default() }
}

#[test]
fn names_and_pointers_lead_to_columns_in_every_format() {
    let options = mapped(
        "[exchange]\ntime = \"ts\"\naccount = \"/user/id\"\norganization = \"/user/orgs/1\"\nmodel = \"gen_ai.request.model\"",
    );
    let json =
        format!(r#"{{"ts":{NOON},"user":{{"id":7,"orgs":["x","y"]}},"gen_ai.request.model":"m","account":"no"}}"#);
    let quoted = format!(r#"{{"ts":{NOON},"user":"{{\"id\":7,\"orgs\":[\"x\",\"y\"]}}","gen_ai.request.model":"m"}}"#);
    let csv =
        format!("ts,user,gen_ai.request.model\n{NOON},\"{{\"\"id\"\":7,\"\"orgs\"\":[\"\"x\"\",\"\"y\"\"]}}\",m\n");
    let file = parquet_file([
        ("ts", array(Int64Array::from(vec![NOON]))),
        ("user", array(StringArray::from(vec![r#"{"id":7,"orgs":["x","y"]}"#]))),
        ("gen_ai.request.model", array(StringArray::from(vec!["m"]))),
    ]);
    let read = [
        text_with(json.as_bytes(), &options),
        text_with(quoted.as_bytes(), &options),
        text_with(csv.as_bytes(), &options),
        parquet_with(file, &options).unwrap(),
    ];
    for (batch, _) in &read {
        assert_eq!(texts(batch, "account"), [Some("7")]);
        assert_eq!(texts(batch, "organization"), [Some("y")]);
        assert_eq!(texts(batch, "model"), [Some("m")]);
    }
    assert_eq!(read[0].1.unknown_columns.iter().collect::<Vec<_>>(), ["account"]);
}

#[test]
fn pointers_lead_into_parquet_structures() {
    let user = StructArray::from(vec![(
        std::sync::Arc::new(Field::new("id", DataType::Utf8, true)),
        array(StringArray::from(vec![Some("a"), None])),
    )]);
    let file = parquet_file([("time", array(Int64Array::from(vec![NOON; 2]))), ("user", array(user))]);
    let (batch, tally) = parquet_with(file, &mapped("[exchange]\naccount = \"/user/id\"")).unwrap();
    assert_eq!(texts(&batch, "account"), [Some("a")]);
    assert_eq!(tally.rejected_rows(), 1);
}

#[test]
fn one_name_may_fill_two_columns() {
    let options = mapped("[exchange]\naccount = \"key\"\napi_key = \"key\"");
    let (batch, _) = text_with(br#"{"time":1772452800,"key":"k"}"#, &options);
    assert_eq!((texts(&batch, "account"), texts(&batch, "api_key")), (vec![Some("k")], vec![Some("k")]));
}

#[test]
fn mistakes_in_a_map_are_placed_and_near_names_are_told() {
    let refuse = |toml: &str| {
        let error = FieldMap::parse(toml).unwrap_err();
        (error.to_string(), error.help().unwrap())
    };
    let (text, help) = refuse("[exchange]\ntime = \"t\"\npromt = \"p\"");
    assert_eq!(text, "line 3, column 1 of the field map: `promt` is not a column of the exchange table");
    assert_eq!(help, "near names: prompt");
    let (text, help) = refuse("[exchanges]\n");
    assert!(text.contains("line 1, column 2") && help.contains("exchange, account, edge"), "{text} {help}");
    assert!(refuse("[exchange]\ntime = 3").0.contains("line 2, column 8"));
    assert!(refuse("[exchange]\ntime = \"").0.starts_with("line 2"));
    assert!(refuse("time = \"t\"").0.contains("there is no table `time`"));
}

#[test]
fn numbers_and_words_may_be_text() {
    let (batch, tally) = text(
        "time,account,n,temperature,logprobs,status,top_p,input_tokens\n\
         1772452800,a,3,0.7,True,null,nan,-5\n1772452800,a,3.0,None,0,2x,1e-1,7\n",
    );
    assert_eq!(crate::fixtures::integers(&batch, "n"), [Some(3), Some(3)]);
    assert_eq!(crate::fixtures::integers(&batch, "input_tokens"), [None, Some(7)]);
    let errors: Vec<(&str, u64)> = tally.field_errors.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    assert_eq!(errors, [("input_tokens", 1), ("status", 1), ("top_p", 1)]);
    assert_eq!((tally.coverage["temperature"], tally.coverage["logprobs"]), (1, 2));
}

#[test]
fn messages_give_their_text_and_their_system_prompt() {
    let messages = r#"[{"role":"system","content":"be brief"},{"role":"user","content":"hello"},{"role":"user","content":[{"type":"text","text":"world"}]}]"#;
    let lines = [
        format!(r#"{{"time":{NOON},"account":"a","prompt":{messages}}}"#),
        format!(r#"{{"time":{NOON},"account":"a","prompt":{messages},"system":"own"}}"#),
        format!(
            r#"{{"time":{NOON},"account":"a","prompt":{},"tools":[ {{"b":1, "a":2}} ]}}"#,
            serde_json::to_string(messages).unwrap()
        ),
        format!(
            r#"{{"time":{NOON},"account":"a","prompt":{{"x": [1, 2]}},"response":{{"role":"assistant","content":"hi"}}}}"#
        ),
    ];
    let (batch, tally) = text(lines.join("\n"));
    assert_eq!(
        texts(&batch, "prompt"),
        [Some("hello\nworld"), Some("hello\nworld"), Some("hello\nworld"), Some(r#"{"x":[1,2]}"#)]
    );
    assert_eq!(texts(&batch, "system"), [Some("be brief"), Some("own"), Some("be brief"), None]);
    assert_eq!(texts(&batch, "tools")[2], Some(r#"[{"b":1,"a":2}]"#));
    assert_eq!(texts(&batch, "response")[3], Some("hi"));
    assert!(tally.field_errors.is_empty());

    let file = parquet_file([
        ("time", array(Int64Array::from(vec![NOON; 2]))),
        ("account", array(StringArray::from(vec!["a"; 2]))),
        ("prompt", array(StringArray::from(vec![messages, "plain"]))),
    ]);
    let (batch, _) = parquet_with(file, &ReadOptions::default()).unwrap();
    assert_eq!(texts(&batch, "prompt"), [Some("hello\nworld"), Some("plain")]);
    assert_eq!(texts(&batch, "system"), [Some("be brief"), None]);
}

#[test]
fn nul_becomes_a_space_and_is_counted() {
    let (batch, tally) = text(br#"{"time":1772452800,"account":"a","prompt":"x\u0000\u0000y"}"#);
    assert_eq!((texts(&batch, "prompt"), tally.nul_bytes), (vec![Some("x  y")], 2));
    let (batch, tally) = text(b"time,account,prompt\n1772452800,a,x\0y\n");
    assert_eq!((texts(&batch, "prompt"), tally.nul_bytes), (vec![Some("x y")], 1));
}
