use stillwatch_audit::watermark::{KeyRing, PromptHandling};

const HEAD: &str = "[[watermark]]\nvendor = \"Example\"\n";

fn mistake(fields: &str) -> String {
    KeyRing::parse(&format!("{HEAD}{fields}")).unwrap_err().to_string()
}

#[test]
fn several_watermarks_are_read() {
    let ring = KeyRing::parse(
        r#"
        [[watermark]]
        vendor = "Example"
        model = "example-1"
        vocabulary = 32000
        prompt = "ignore"
        tokenizer = { path = "tokenizer.json", sha256 = "00000000000000000000000000000000000000000000000000000000000000FF" }
        kgw = { seeding = "window-hash", key = 3, window = 2, gamma = 0.25 }

        [[watermark]]
        vendor = "Example"
        [watermark.synthid]
        variant = "google-lcg"
        keys = [654, 400, -836]
        ngram-length = 5
        context-history = 1024
        eos = 1
        statistic = "mean"
        "#,
    )
    .unwrap();
    let [kgw, synthid] = &ring.watermarks[..] else { panic!("two") };
    assert_eq!(
        (kgw.vendor.as_str(), kgw.model.as_deref(), kgw.prompt),
        ("Example", Some("example-1"), PromptHandling::Ignore)
    );
    assert!(kgw.tokenizer.as_ref().unwrap().sha256.ends_with("ff"));
    assert_eq!((kgw.scheme.ngram_length(), synthid.scheme.ngram_length()), (3, 5));
    assert_eq!(synthid.prompt, PromptHandling::Exclude);
}

#[test]
fn mistakes_are_named() {
    let kgw = "kgw = { seeding = 'simple-1', key = 1, window = 1, gamma = 0.5 }";
    for (fields, named) in [
        ("", "exactly one of"),
        ("surprise = 1", "unknown field `surprise`"),
        (kgw, "`vocabulary` is missing"),
        (&format!("vocabulary = 1\n{kgw}"), "`vocabulary` is between"),
        (
            &format!("vocabulary = 9\n{kgw}\nkeyed-green-list = {{ key = 'a', window = 1, gamma = 0.5 }}"),
            "exactly one of",
        ),
        ("vocabulary = 9\nkgw = { seeding = 'simple-1', key = 1, window = 2, gamma = 0.5 }", "window of 1"),
        ("vocabulary = 9\nkgw = { seeding = 'selfhash', key = 1, window = 4, gamma = 0.5 }", "not supported"),
        ("vocabulary = 9\nkgw = { seeding = 'simple-1', key = 1, window = 0, gamma = 0.5 }", "`kgw.window`"),
        ("vocabulary = 9\nkgw = { seeding = 'simple-1', key = 1, window = 1, gamma = 1.0 }", "`kgw.gamma`"),
        ("vocabulary = 9\nkgw = { seeding = 'simple-1', key = 1, window = 1, gamma = nan }", "`kgw.gamma`"),
        ("tokenizer = { path = 'a', sha256 = 'b' }", "`tokenizer.sha256`"),
        ("synthid = { variant = 'google-lcg', keys = [], ngram-length = 5, context-history = 9 }", "1 to 64 integers"),
        ("synthid = { variant = 'google-lcg', keys = [1], ngram-length = 1, context-history = 9 }", "ngram-length"),
        ("synthid = { variant = 'other', keys = [1], ngram-length = 5, context-history = 9 }", "`huggingface-table`"),
        ("gumbel = { generator = 'torch', key = 1, window = 2 }", "`gumbel.seeding` is missing"),
    ] {
        let message = mistake(fields);
        assert!(message.contains(named), "{fields}: {message}");
    }
    assert_eq!(KeyRing::parse("").unwrap_err().to_string(), "the key file has no [[watermark]]");
}

#[test]
fn the_sampling_table_variant_of_synthid_needs_its_table() {
    let fields = "variant = 'huggingface-table', keys = [1], ngram-length = 5, context-history = 9";
    assert!(mistake(&format!("synthid = {{ {fields} }}")).contains("the table depends on the device"));
    assert!(mistake(&format!("synthid = {{ {fields}, table = 'xyz' }}")).contains("hexadecimal"));
    KeyRing::parse(&format!("{HEAD}synthid = {{ {fields}, table = '9f03' }}")).unwrap();
    let google = fields.replace("huggingface-table", "google-lcg");
    assert!(mistake(&format!("synthid = {{ {google}, table = '9f03' }}")).contains("belongs to"));
}

#[test]
fn no_message_repeats_a_key() {
    let secret = "5ec5e7000000000000000000000000000000000000000000000000000000000";
    for fields in [
        format!("vocabulary = 9\nkgw = {{ seeding = 'simple-1', key = '{secret}', window = 1, gamma = 0.5 }}"),
        format!("keyed-green-list = {{ key = '{secret}', window = 1, gamma = 0.5 }}"),
        format!("keyed-green-list = {{ window = '{secret}', key = 'a', gamma = 0.5 }}"),
        format!("keyed-green-list = {{ key = '{secret}, window = 1, gamma = 0.5 }}"),
        format!("keyed-green-list = '{secret}'"),
        format!("synthid = {{ variant = 'google-lcg', keys = ['{secret}'], ngram-length = 5, context-history = 9 }}"),
    ] {
        let message = mistake(&fields);
        assert!(!message.contains("5ec5e7"), "{message}");
    }
    let valid = format!("{HEAD}keyed-green-list = {{ key = '{secret}1', window = 1, gamma = 0.5 }}");
    assert!(!format!("{:?}", KeyRing::parse(&valid).unwrap()).contains("5ec5e7"));
}
