use proptest::proptest;
use stillwatch_audit::watermark::{Content, Detector, KeyRing, MAX_TOKENS, Spec, Tokenizer, WatermarkError};

/// Words of a toy language, split at white space and punctuation.
fn words() -> String {
    let words = ["[UNK]", "the", "tide", "was", "low", "and", "boats", "lay", "still", "."];
    let vocabulary: Vec<String> = words.iter().enumerate().map(|(id, word)| format!("\"{word}\": {id}")).collect();
    format!(
        r#"{{"version": "1.0", "truncation": {{"direction": "Right", "max_length": 3, "strategy": "LongestFirst", "stride": 0}},
        "padding": null, "added_tokens": [], "normalizer": {{"type": "Lowercase"}},
        "pre_tokenizer": {{"type": "Whitespace"}}, "post_processor": null, "decoder": null,
        "model": {{"type": "WordLevel", "vocab": {{{}}}, "unk_token": "[UNK]"}}}}"#,
        vocabulary.join(", ")
    )
}

/// Pairs of letters joined, split by the regular expression of byte-level models, which looks ahead.
const PAIRS: &str = r#"{"version": "1.0", "truncation": null, "padding": null, "added_tokens": [], "normalizer": null,
    "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
    "post_processor": null, "decoder": null,
    "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
    "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
    "vocab": {"l": 0, "o": 1, "w": 2, "Ġ": 3, "lo": 4, "low": 5, "Ġlow": 6}, "merges": ["l o", "lo w", "Ġ low"]}}"#;

fn spec(vocabulary: u32, sha256: &str) -> Spec {
    let text = format!(
        "[[watermark]]\nvendor = 'Example'\nvocabulary = {vocabulary}\n\
         tokenizer = {{ path = 'tokenizer.json', sha256 = '{sha256}' }}\n\
         kgw = {{ seeding = 'simple-1', key = 15485863, window = 1, gamma = 0.5 }}"
    );
    KeyRing::parse(&text).unwrap().watermarks.remove(0)
}

#[test]
fn text_and_its_token_ids_score_alike() {
    let tokenizer = Tokenizer::from_json(words().as_bytes()).unwrap();
    let text = "The tide was low and boats lay still.";
    assert_eq!(tokenizer.encode(text).unwrap(), [1, 2, 3, 4, 5, 6, 7, 8, 9], "the file's truncation is ignored");
    let mut detector = Detector::new(&spec(10, tokenizer.sha256()), Some(tokenizer)).unwrap();
    let score = detector.score_document(Content::Text(text), None).unwrap();
    assert_eq!(score, detector.score_document(Content::Ids(&[1, 2, 3, 4, 5, 6, 7, 8, 9]), None).unwrap());
    assert_eq!(score.unwrap().scored, 8);
    let ngrams = detector.read(Content::Text(text), Some(Content::Text("was low and"))).unwrap();
    assert_eq!((ngrams.prompted, ngrams.len()), (2, 6));
}

#[test]
fn byte_level_pairs_are_joined() {
    let tokenizer = Tokenizer::from_json(PAIRS.as_bytes()).unwrap();
    assert_eq!(tokenizer.encode("low  low").unwrap(), [5, 3, 6]);
}

#[test]
fn a_wrong_tokenizer_is_refused() {
    let tokenizer = Tokenizer::from_json(words().as_bytes()).unwrap();
    let other = Tokenizer::from_json(PAIRS.as_bytes()).unwrap();
    let error = Detector::new(&spec(10, tokenizer.sha256()), Some(other)).err().unwrap();
    assert!(matches!(error, WatermarkError::TokenizerHash { .. }), "{error}");
    let error = Detector::new(&spec(9, tokenizer.sha256()), Some(tokenizer.clone())).err().unwrap();
    assert_eq!(error, WatermarkError::Vocabulary { vocabulary: 9, found: 10 });
    let mut without = Detector::new(&spec(10, tokenizer.sha256()), None).unwrap();
    let error = without.score_document(Content::Text("the tide"), None).unwrap_err();
    assert_eq!(error, WatermarkError::NoTokenizer);
    for bytes in [&b""[..], b"{}", b"\xff\xfe", b"[1]"] {
        assert!(matches!(Tokenizer::from_json(bytes), Err(WatermarkError::Tokenizer(_))));
    }
}

#[test]
fn long_texts_are_read_in_pieces_with_the_same_tokens() {
    let tokenizer = Tokenizer::from_json(words().replace(r#"{"type": "Lowercase"}"#, "null").as_bytes()).unwrap();
    let detector = Detector::new(&spec(10, tokenizer.sha256()), Some(tokenizer)).unwrap();
    let text = format!("{} low tide {}", "é".repeat(140_000), "é".repeat(140_000));
    let ngrams = detector.read(Content::Text(&text), None).unwrap();
    // Both long words are cut, for they have no white space near the limit.
    assert_eq!((ngrams.tokens, ngrams.truncated), (6, false));
    let ngrams = detector.read(Content::Text(&format!("{} low tide", "é ".repeat(90_000))), None).unwrap();
    assert_eq!((ngrams.tokens, ngrams.truncated), (90_002, false));
}

#[test]
fn a_document_of_too_many_tokens_is_cut_and_says_so() {
    let mut detector = Detector::new(&spec(10, &"0".repeat(64)), None).unwrap();
    let score = detector.score_document(Content::Ids(&vec![5; MAX_TOKENS + 1]), None).unwrap().unwrap();
    assert!(score.truncated && score.scored == 1 && score.tokens == MAX_TOKENS as u64, "{score:?}");
}

proptest! {
    #[test]
    fn any_text_is_tokenised(text: String) {
        for json in [words(), PAIRS.to_owned()] {
            Tokenizer::from_json(json.as_bytes()).unwrap().encode(&text).unwrap();
        }
    }
}
