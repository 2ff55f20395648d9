use proptest::prelude::*;
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

/// A byte-level tokenizer of printable ASCII with some words joined, by its expression and the tokens added to it.
fn byte_level(expression: &str, added: &str) -> Tokenizer {
    let letters = (33_u8..127).map(|byte| char::from(byte).to_string()).chain(["Ġ", "Ċ", "č"].map(str::to_owned));
    let joined = ["Ġt", "th", "the", "Ġth", "Ġthe", "'s", "ll", "'ll", "ĠĠ", ".Ċ", "12"].map(str::to_owned);
    let vocabulary: serde_json::Map<String, serde_json::Value> =
        letters.chain(joined).enumerate().map(|(id, token)| (token, id.into())).collect();
    let json = serde_json::json!({
        "version": "1.0", "truncation": null, "padding": null, "normalizer": null, "post_processor": null, "decoder": null,
        "added_tokens": if added.is_empty() { vec![] } else { vec![serde_json::json!({
            "id": 200, "content": added, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
            "special": true
        })] },
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": expression}, "behavior": "Isolated", "invert": false},
            {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}
        ]},
        "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": null,
            "end_of_word_suffix": null, "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
            "vocab": vocabulary,
            "merges": ["t h", "Ġ t", "th e", "Ġt h", "Ġth e", "' s", "l l", "' ll", "Ġ Ġ", ". Ċ", "1 2"]}
    });
    Tokenizer::from_json(json.to_string().as_bytes()).unwrap()
}

const LLAMA_3: &str = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
const GPT_2: &str = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

proptest! {
    /// An added token with a space in it keeps a tokenizer from cutting, and changes nothing where it does not occur.
    #[test]
    fn a_text_that_is_cut_before_words_has_the_tokens_of_the_whole(
        text in "([a-zA-Z]{1,3}|the|'s|'LL|[.,!?\"(]|[0-9]{1,5}| {1,3}|\n|\r\n|é|\u{301}|中|<x>){0,40}",
    ) {
        for expression in [LLAMA_3, GPT_2] {
            let (cut, whole) = (byte_level(expression, "<x>"), byte_level(expression, "<x>\u{1} \u{1}"));
            let plain = text.replace("<x>", "");
            prop_assert_eq!(cut.encode(&plain).unwrap(), whole.encode(&plain).unwrap(), "{}", plain);
            // A second time, from what was seen before.
            prop_assert_eq!(cut.encode(&text).unwrap(), cut.clone().encode(&text).unwrap());
        }
    }
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
