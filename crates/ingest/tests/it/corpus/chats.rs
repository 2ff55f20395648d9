use stillwatch_ingest::{CorpusFormat, CorpusOptions, Shape};

use super::{read, read_with};

/// Reads one record; its documents and its shape.
fn shape(json: &str) -> (Vec<String>, Shape) {
    let (documents, tally) = read(format!("{json}\n"));
    (documents, *tally.shapes.first_key_value().unwrap().0)
}

#[test]
fn messages_of_the_openai_shape() {
    let json = r#"{"messages":[{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"Q1"},{"type":"image_url","image_url":{"url":"u"}},{"type":"text","text":"Q2"}]},{"role":"assistant","content":"A1","tool_calls":[{"id":1}]},{"role":"tool","content":"T"},{"role":"assistant","content":null},{"role":"assistant","content":"A\n2"}],"model":"m"}"#;
    let (documents, found) = shape(json);
    assert_eq!(
        documents,
        [
            "1.2 Model A1 | prompt: Q1\nQ2 | system: S | source: m",
            "1.5 Model A\n2 | prompt: Q1\nQ2\nA1\nT | system: S | source: m"
        ]
    );
    assert_eq!(found, Shape::Messages);
}

#[test]
fn user_turns_are_visited_on_request() {
    let options = CorpusOptions { people: true, ..CorpusOptions::default() };
    let json = br#"{"messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}
{"prompt":"P","completion":"C","system":"S"}
"#;
    let (documents, _) = read_with(json, None, &options);
    assert_eq!(
        documents,
        ["1.0 Person Q", "1.1 Model A | prompt: Q", "2.0 Model C | prompt: P | system: S", "2.1 Person P | system: S"]
    );
}

#[test]
fn bare_lists_of_messages_a_line() {
    let json = r#"[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]
[{"role":"assistant","content":"B"}]
"#;
    let (documents, _) = read(json);
    assert_eq!(documents, ["1.1 Model A | prompt: Q", "2.0 Model B"]);
}

#[test]
fn conversations_of_the_sharegpt_shape() {
    for (person, model) in [("human", "gpt"), ("user", "assistant"), ("Human", "chatgpt"), ("user", "bard")] {
        let json = format!(
            r#"{{"id":"x","conversations":[{{"from":"system","value":"S"}},{{"from":"{person}","value":"Q"}},{{"from":"{model}","value":"A"}},{{"from":"function_call","value":"F"}},{{"from":"{model}","value":"B"}}],"source":"s"}}"#
        );
        let (documents, found) = shape(&json);
        assert_eq!(
            documents,
            [
                "1.2 Model A | prompt: Q | system: S | source: s",
                "1.4 Model B | prompt: Q\nA\nF | system: S | source: s"
            ]
        );
        assert_eq!(found, Shape::Conversation);
    }
}

#[test]
fn instructions_of_the_alpaca_shape() {
    let json = r#"{"instruction":"I","input":"N","output":"O","text":"Below is an instruction I N ### O"}"#;
    assert_eq!(shape(json), (vec!["1.0 Model O | prompt: I\n\nN".into()], Shape::Instruction));
    let json = r#"{"output":"O","input":"","instruction":"I","generator":"g"}"#;
    assert_eq!(shape(json), (vec!["1.0 Model O | prompt: I | source: g".into()], Shape::Answer));
}

#[test]
fn prompts_and_completions() {
    assert_eq!(shape(r#"{"prompt":"P","completion":"C"}"#).0, ["1.0 Model C | prompt: P"]);
    let json = r#"{"prompt":[{"role":"system","content":"S"},{"role":"user","content":"P"}],"completion":[{"role":"assistant","content":"C"}]}"#;
    assert_eq!(shape(json).0, ["1.0 Model C | prompt: P | system: S"]);
    let json = r#"{"prompt":"P","responses":["A","B"]}"#;
    assert_eq!(shape(json).0, ["1.0 Model A | prompt: P", "1.1 Model B | prompt: P"]);
}

#[test]
fn chosen_and_rejected_answers_are_both_documents() {
    let json = r#"{"prompt":"P","chosen":"C","rejected":"R"}"#;
    let both = ["1.0 Model C | prompt: P", "1.1 Model R | prompt: P"].map(String::from).to_vec();
    assert_eq!(shape(json), (both, Shape::Preference));
    let json = r#"{"prompt":"P","chosen":[{"role":"user","content":"Q"},{"role":"assistant","content":"same"},{"role":"assistant","content":"C"}],"rejected":[{"role":"user","content":"Q"},{"role":"assistant","content":"same"},{"role":"assistant","content":"R"}]}"#;
    let (documents, _) = shape(json);
    assert_eq!(
        documents,
        ["1.1 Model same | prompt: P\nQ", "1.2 Model C | prompt: P\nQ\nsame", "1.5 Model R | prompt: P\nQ\nsame"]
    );
}

#[test]
fn requests_and_responses_of_batch_files() {
    let json = r#"{"custom_id":"r","method":"POST","body":{"model":"m","messages":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}]}}"#;
    assert_eq!(shape(json).0, ["1.1 Model A | prompt: Q | source: m"]);
    let json = r#"{"custom_id":"r","response":{"status_code":200,"body":{"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"A"}},{"index":1,"message":{"role":"assistant","content":"B"}}]}}}"#;
    assert_eq!(shape(json).0, ["1.0 Model A | source: m", "1.1 Model B | source: m"]);
    let json = r#"{"request":{"messages":[{"role":"user","content":"Q"}]},"response":{"choices":[{"message":{"role":"assistant","content":"A"}},{"text":"B"}]}}"#;
    assert_eq!(shape(json).0, ["1.1 Model A | prompt: Q", "1.2 Model B | prompt: Q"]);
}

#[test]
fn plain_fields_in_their_order() {
    assert_eq!(
        shape(r#"{"output":"O","text":"T"}"#),
        (vec!["1.0 Unknown T".into(), "1.1 Model O".into()], Shape::Field)
    );
    assert_eq!(shape(r#"{"text":null,"generated_text":"G"}"#).0, ["1.0 Model G"]);
    assert_eq!(shape(r#"{"text":"","content":"C","dataset":"d","role":"assistant"}"#).0, ["1.0 Model C | source: d"]);
    let bare = read_with(br#""a \"bare\" text""#, Some(CorpusFormat::Json), &CorpusOptions::default()).0;
    assert_eq!(bare, ["1.0 Unknown a \"bare\" text"]);
    assert_eq!(shape(r#"{"text":"first","text":"last"}"#).0, ["1.0 Unknown last"]);
}

#[test]
fn fields_are_named_by_name_or_pointer() {
    let options = CorpusOptions {
        text: Some("/a/b/1/t".into()),
        prompt: Some("q".into()),
        source: Some("/a/s".into()),
        system: Some("/x~1y".into()),
        ..CorpusOptions::default()
    };
    let json = br#"{"text":"no","messages":[{"role":"assistant","content":"no"}],"a":{"s":"S","b":[0,{"t":"T"}]},"q":"Q","x/y":"Y"}
{"a":"{\"b\":[0,{\"t\":\"in a string\"}]}"}
"#;
    let (documents, _) = read_with(json, None, &options);
    assert_eq!(documents, ["1.0 Model T | prompt: Q | system: Y | source: S", "2.0 Unknown in a string"]);
    let options = CorpusOptions { text: Some("turns".into()), ..CorpusOptions::default() };
    let json = br#"{"turns":[{"role":"user","content":"Q"},{"role":"assistant","content":"A"}],"text":"no"}"#;
    assert_eq!(read_with(json, None, &options).0, ["1.1 Model A | prompt: Q"]);
}

#[test]
fn a_prompt_is_the_end_of_what_was_said() {
    let long = "é".repeat(40 << 10);
    let json = format!(
        r#"{{"messages":[{{"role":"user","content":"{long}"}},{{"role":"user","content":"end"}},{{"role":"assistant","content":"A"}}]}}"#
    );
    let (documents, tally) = read(json);
    assert!(documents[0].ends_with("éé\nend"));
    assert_eq!(tally.prompt_bytes, 64 << 10);
}

#[test]
fn messages_written_as_text_are_read() {
    let json = r#"{"messages":"[{\"role\":\"user\",\"content\":\"Q\"},{\"role\":\"assistant\",\"content\":\"A \\\"x\\\"\"}]"}"#;
    assert_eq!(shape(json).0, ["1.1 Model A \"x\" | prompt: Q"]);
    let csv = "id,messages,source\n7,\"[{\"\"role\"\":\"\"assistant\"\",\"\"content\"\":\"\"A\"\"}]\",s\n";
    let (documents, _) = read_with(csv.as_bytes(), Some(CorpusFormat::Csv), &CorpusOptions::default());
    assert_eq!(documents, ["1.0 Model A | source: s"]);
}

#[test]
fn an_answer_that_is_json_is_an_answer() {
    for answer in
        [r#"{\"messages\":[{\"role\":\"assistant\",\"content\":\"x\"}]}"#, r#"[{\"name\":\"x\"}]"#, "[{\\\"role"]
    {
        for field in ["response", "output", "completion"] {
            let (documents, _) = shape(&format!(r#"{{"prompt":"P","{field}":"{answer}"}}"#));
            assert_eq!(documents, [format!("1.0 Model {} | prompt: P", answer.replace("\\\"", "\""))]);
        }
    }
    assert_eq!(shape(r#"{"chat":"USER: Q ASSISTANT: A"}"#).0, ["1.0 Unknown USER: Q ASSISTANT: A"]);
}
