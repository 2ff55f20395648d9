//! Data sets as they are published, each in its own form.

use super::{read, read_with};
use stillwatch_ingest::{CorpusFormat, CorpusOptions};

fn texts(corpus: &str) -> Vec<String> {
    read(corpus).0
}

#[test]
fn what_a_model_thought_is_read() {
    let messages = r#"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "reasoning_content": "b", "content": "c"}]}"#;
    assert_eq!(texts(messages), ["1.1 Model b | prompt: a", "1.2 Model c | prompt: a\nb"]);
    let parts = r#"{"messages": [{"role": "assistant", "content": [{"type": "thinking", "thinking": "b"}, {"type": "text", "text": "c"}]}]}"#;
    assert_eq!(texts(parts), ["1.0 Model b\nc"]);
    assert_eq!(
        texts(r#"{"question": "a", "reasoning": "b", "answer": "c"}"#),
        ["1.0 Model b | prompt: a", "1.1 Model c | prompt: a"]
    );
}

#[test]
fn history_comes_before_the_prompt() {
    let row = r#"{"instruction": "c", "input": "", "output": "d", "history": [["a", "b"]]}"#;
    assert_eq!(texts(row), ["1.1 Model b | prompt: a", "1.2 Model d | prompt: a\nbc"]);
    let parts = r#"{"messages": [{"role": "user", "content": [{"type": "text", "value": "a"}]}, {"role": "assistant", "content": [{"type": "text", "value": "b"}]}]}"#;
    assert_eq!(texts(parts), ["1.1 Model b | prompt: a"]);
}

#[test]
fn trees_exports_and_comparisons_are_read() {
    let tree = r#"{"prompt": {"text": "a", "role": "prompter", "replies": [{"text": "b", "role": "assistant", "replies": []}]}}"#;
    assert_eq!(texts(tree), ["1.1 Model b | prompt: a"]);
    let export = r#"{"title": "t", "mapping": {"x": {"message": {"author": {"role": "user"}, "content": {"parts": ["a"]}}, "children": ["y"]}, "y": {"message": {"author": {"role": "assistant"}, "content": {"parts": ["b"]}}}}}"#;
    assert_eq!(texts(export), ["1.1 Model b | prompt: a"]);
    let gemini =
        r#"{"contents": [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}]}]}"#;
    assert_eq!(texts(gemini), ["1.1 Model b | prompt: a"]);
    let answers =
        r#"{"instruction": "a", "completions": [{"model": "m", "response": "b"}, {"model": "n", "response": "c"}]}"#;
    assert_eq!(texts(answers), ["1.0 Model b | prompt: a", "1.1 Model c | prompt: a"]);
    let ranked = r#"{"prompt": "a", "answers": [{"answer": "b", "model": "m", "rank": 1}]}"#;
    assert_eq!(texts(ranked), ["1.0 Model b | prompt: a"]);
    let both = r#"{"question": "a", "human_answers": ["h"], "chatgpt_answers": ["b"]}"#;
    assert_eq!(texts(both), ["1.0 Model b | prompt: a"]);
    let arena = r#"{"prompt": "a", "response_a": "b", "response_b": "c"}"#;
    assert_eq!(texts(arena), ["1.0 Model b | prompt: a", "1.1 Model c | prompt: a"]);
    let segments = r#"{"segments": [{"label": false, "text": "a"}, {"label": true, "text": "b"}]}"#;
    assert_eq!(texts(segments), ["1.1 Model b | prompt: a"]);
}

#[test]
fn transcripts_are_taken_apart() {
    let row = r#"{"chosen": "\n\nHuman: a\n\nAssistant: b", "rejected": "\n\nHuman: a\n\nAssistant: c"}"#;
    assert_eq!(texts(row), ["1.1 Model b | prompt: a", "1.3 Model c | prompt: a"]);
    assert_eq!(texts("{\"text\": \"### Human: a\\n### Assistant: b\"}"), ["1.1 Model b | prompt: a"]);
    let prose = r#"{"text": "A scene.\nHuman: a\nAssistant: b"}"#;
    assert_eq!(texts(prose), ["1.0 Unknown A scene.\nHuman: a\nAssistant: b"]);
}

#[test]
fn a_text_and_an_answer_beside_it_are_both_read() {
    assert_eq!(texts(r#"{"text": "a b", "completion": "c"}"#), ["1.0 Unknown a b", "1.1 Model c"]);
    assert_eq!(texts(r#"{"text": "a b c", "prompt": "a b", "completion": "c"}"#), ["1.0 Model c | prompt: a b"]);
}

#[test]
fn objects_around_lists_are_opened() {
    let data = r#"{"version": "1.0", "data": [{"text": "a"}, {"text": "b"}], "n": 2}"#;
    assert_eq!(texts(data), ["1.0 Unknown a", "2.0 Unknown b"]);
    let about = r#"{"version": "1", "data": [{"text": "A few plain words about milk and about the people who sell it in the market on Fridays."}]}"#;
    assert_eq!(texts(about).len(), 1, "the words of a row do not make its wrapper prose");
    let splits = "{\n \"train\": [\n  {\"text\": \"a\"}\n ],\n \"test\": [{\"text\": \"b\"}]\n}\n";
    assert_eq!(texts(splits), ["1.0 Unknown a", "2.0 Unknown b"]);
    // In small blocks too.
    for block_bytes in 1..40 {
        let options = CorpusOptions { block_bytes, ..CorpusOptions::default() };
        assert_eq!(read_with(splits.as_bytes(), None, &options).0, ["1.0 Unknown a", "2.0 Unknown b"]);
        assert_eq!(read_with(data.as_bytes(), None, &options).0, ["1.0 Unknown a", "2.0 Unknown b"]);
    }
    let (documents, tally) = read(r#"{"data": [{"text": "a"}, {"text": "#);
    assert_eq!((documents.as_slice(), tally.truncated), (&["1.0 Unknown a".to_owned()][..], 1));
}

#[test]
fn archives_are_read_member_by_member() {
    let wet = "WARC/1.0\r\nWARC-Type: warcinfo\r\nContent-Length: 2\r\n\r\nxx\r\n\r\nWARC/1.0\r\nWARC-Type: conversion\r\nContent-Length: 8\r\n\r\nAl\"p\nha.\r\n\r\nWARC/1.0\nWARC-Type: conversion\nContent-Length: 4\n\nBeta\n\n";
    assert_eq!(texts(wet), ["1.0 Unknown Al\"p\nha.", "2.0 Unknown Beta"]);
    let cut = &wet[..wet.len() - 4];
    let (documents, tally) = read(cut);
    assert_eq!((documents.as_slice(), tally.truncated), (&["1.0 Unknown Al\"p\nha.".to_owned()][..], 1));
    let member = |name: &str, body: &str| {
        let mut block = vec![0; 512];
        block[..name.len()].copy_from_slice(name.as_bytes());
        block[124..135].copy_from_slice(format!("{:011o}", body.len()).as_bytes());
        block[156] = b'0';
        block[257..262].copy_from_slice(b"ustar");
        block.extend_from_slice(body.as_bytes());
        block.resize(block.len().next_multiple_of(512), 0);
        block
    };
    let tar = [
        member("a.json", "{\n \"text\": \"a\"}"),
        member("b.jsonl", "{\"text\": \"b\"}\n{\"text\": \"c\"}"),
        member("c.txt", "d\ne"),
        member("d.png", "\u{1}"),
        vec![0; 1024],
    ];
    let (documents, tally) = read(tar.concat());
    assert_eq!(documents, ["1.0 Unknown a", "2.0 Unknown b", "3.0 Unknown c", "4.0 Unknown d\ne"]);
    assert_eq!(tally.without_text.count, 1);
    let cut = [member("a.json", "{\"text\": \"a\"}"), member("c.txt", "d\ne")].concat();
    let (documents, tally) = read(&cut[..cut.len() - 511]);
    assert_eq!((documents.as_slice(), tally.truncated), (&["1.0 Unknown a".to_owned()][..], 1));
}

#[test]
fn containers_of_tables_are_refused_by_name() {
    for (bytes, name) in [(&b"ARROW1\0\0rest"[..], "Arrow"), (b"ORC rest", "ORC"), (b"SQLite format 3\0", "SQLite")] {
        let error = stillwatch_ingest::CorpusReader::new(bytes, None, &CorpusOptions::default(), "c").err().unwrap();
        assert!(error.to_string().contains(name), "{error}");
    }
}

#[test]
fn text_that_was_not_read_is_named() {
    let prose = "Some words that go on for a while and say something.";
    let row = format!(
        r#"{{"text": "a", "notes": "{prose}", "id": "x-1", "deep": {{"list": ["{prose}"]}}, "output": "b", "response": "{prose}"}}"#
    );
    let (_, tally) = read(&row);
    let unread: Vec<&str> = tally.unread.iter().map(String::as_str).collect();
    assert_eq!(unread, ["deep", "notes", "response"]);
    let csv = format!("text,remark,id\na,\"{prose}\",1\n");
    let (_, tally) = read_with(csv.as_bytes(), Some(CorpusFormat::Csv), &CorpusOptions::default());
    assert_eq!(tally.unread.iter().map(String::as_str).collect::<Vec<_>>(), ["remark"]);
}
