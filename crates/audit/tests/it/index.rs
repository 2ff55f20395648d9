use std::io::{self, Cursor};

use proptest::prelude::*;
use stillwatch_audit::index::{
    About, IndexBuilder, IndexError, Manifest, Matcher, Overlaps, Rate, Served, ServedIndex, info, merge,
};
use stillwatch_core::{Cancel, Day, Exchange, Key, Micros, Millibits, Random, Retention, Source};
use stillwatch_digest::{DigestBuilder, Fingerprinter, SourceFile};

type Memory = Cursor<Vec<u8>>;

#[expect(clippy::unnecessary_wraps, reason = "the shape of a spill")]
fn spill() -> io::Result<Memory> {
    Ok(Memory::default())
}

fn key() -> Key {
    Key::from_bytes([7; 32])
}

fn builder(key: &Key) -> IndexBuilder<fn() -> io::Result<Memory>, Memory> {
    IndexBuilder::new(key, About { vendor: "Example".into(), models: vec!["example-1".into()] }, spill)
}

/// A text of words that no other number gives.
fn answer(number: u64, words: usize) -> String {
    let mut random = Random::new(1, number);
    (0..words).map(|_| format!("{:x} ", random.below(1 << 20))).collect()
}

fn served(text: &str, number: u64) -> (String, String, Option<Day>) {
    (text.into(), format!("prompt {number}"), Some(Day(20_000 + i32::try_from(number % 50).unwrap())))
}

fn build_with(outputs: &[(String, String, Option<Day>)], memory: usize, source: &str) -> (Vec<u8>, Manifest) {
    let mut builder = builder(&key()).with_memory(memory);
    for (text, prompt, day) in outputs {
        builder.add(&Served { text, prompt: Some(prompt), exchange: "", day: *day }).unwrap();
    }
    if !source.is_empty() {
        builder.source(SourceFile::whole(source.into(), 1));
    }
    let mut file = Vec::new();
    let manifest = builder.write(&mut file).unwrap();
    (file, manifest)
}

#[test]
fn a_cancelled_building_ends_at_the_next_output_and_in_the_writing() {
    let (cancel, text) = (Cancel::default(), answer(1, 60));
    let mut builder = builder(&key()).with_cancel(cancel.clone());
    let output = Served { text: &text, prompt: None, exchange: "1", day: None };
    builder.add(&output).unwrap();
    cancel.cancel();
    assert!(matches!(builder.add(&output), Err(IndexError::Cancelled(_))));
    let mut file = Vec::new();
    assert!(matches!(builder.write(&mut file), Err(IndexError::Cancelled(_))));
}

fn build(texts: &[&str]) -> Vec<u8> {
    let outputs: Vec<_> = (0..).zip(texts).map(|(number, text)| served(text, number)).collect();
    build_with(&outputs, 1 << 20, "aa").0
}

fn open(file: &[u8]) -> Result<ServedIndex<&[u8]>, IndexError> {
    ServedIndex::open(file, &key())
}

#[test]
fn the_same_outputs_give_the_same_bytes_in_any_order_and_memory() {
    let mut outputs: Vec<_> = (0..300).map(|number| served(&answer(number, 200), number)).collect();
    let (file, manifest) = build_with(&outputs, 1 << 24, "aa");
    assert_eq!((manifest.outputs, manifest.words, manifest.short), (300, 60_000, 0));
    assert_eq!((manifest.first_day, manifest.last_day), (Some(Day(20_000)), Some(Day(20_049))));
    Random::new(2, 2).shuffle(&mut outputs);
    // 32 KiB hold a thousand of the nine thousand pairs, so they are sorted in runs.
    assert_eq!(build_with(&outputs, 1 << 15, "aa").0, file);
    assert_eq!(info(&file.as_slice()).unwrap(), manifest);
}

#[test]
fn a_served_span_is_found_where_it_stands() {
    let (text, other) = (answer(1, 120), answer(2, 500));
    let file = build(&[&text]);
    let index = open(&file).unwrap();
    let page = format!("{other}\n> {}\n{other}", text.trim());
    let overlap = Matcher::new(&index).read(&page).unwrap();
    let [span] = overlap.spans.as_slice() else { panic!("one span, not {:?}", overlap.spans) };
    assert!(text.contains(&page[span.start..span.end]), "nothing is claimed but what was served");
    assert!((100..=120).contains(&span.words), "{}", span.words);
    assert_eq!((span.looked_up, span.boilerplate), (span.found, 0));
    assert!((0.05..0.2).contains(&overlap.share()), "{}", overlap.share());
    assert!(Matcher::new(&index).read(&other).unwrap().spans.is_empty());
}

#[test]
fn short_outputs_are_counted_and_not_found() {
    let text = "a b c d e f g h i j k l m n o p q r s";
    let (file, manifest) = build_with(&[served(text, 1)], 1 << 20, "aa");
    assert_eq!((manifest.outputs, manifest.short, manifest.fingerprints), (1, 1, 0));
    let overlap = Matcher::new(&open(&file).unwrap()).read(text).unwrap();
    assert_eq!((overlap.looked_up, overlap.found), (0, 0));
}

#[test]
fn an_output_of_twenty_words_is_found_as_a_whole_text() {
    let text = answer(5, 25);
    let overlap = Matcher::new(&open(&build(&[&text])).unwrap()).read(&text.to_uppercase()).unwrap();
    assert_eq!((overlap.looked_up, overlap.found, overlap.spans[0].words), (1, 1, 20));
}

#[test]
fn what_many_prompts_get_is_boilerplate() {
    let refusal = answer(9, 60);
    let outputs: Vec<_> = (0..3).map(|number| served(&refusal, number)).collect();
    let again = vec![served(&refusal, 1); 5];
    for (outputs, boilerplate) in [(outputs, true), (again, false)] {
        let (file, _) = build_with(&outputs, 1 << 20, "aa");
        let overlap = Matcher::new(&open(&file).unwrap()).read(&refusal).unwrap();
        assert!(overlap.share() > 0.99);
        assert_eq!(overlap.boilerplate > 0, boilerplate);
        assert_eq!(overlap.spans[0].is_specific(), !boilerplate);
    }
}

#[test]
fn public_text_is_left_out() {
    let (quotation, own) = (answer(3, 60), answer(4, 60));
    let mut builder = builder(&key());
    builder.add(&Served { text: &format!("{quotation} {own}"), prompt: None, exchange: "1", day: None }).unwrap();
    builder.exclude(&quotation).unwrap();
    builder.common_source(SourceFile::whole("cc".into(), 1));
    let mut file = Vec::new();
    builder.write(&mut file).unwrap();
    let index = open(&file).unwrap();
    assert_eq!(Matcher::new(&index).read(&quotation).unwrap().found, 0);
    assert!(Matcher::new(&index).read(&own).unwrap().share() > 0.99);
}

#[test]
fn what_an_answer_repeats_of_its_prompt_is_left_out() {
    let (question, own) = (answer(3, 60), answer(4, 60));
    let file = build_with(&[(format!("{question} {own}"), question.clone(), None)], 1 << 20, "aa").0;
    let index = open(&file).unwrap();
    assert_eq!(Matcher::new(&index).read(&question).unwrap().found, 0);
    assert!(Matcher::new(&index).read(&own).unwrap().share() > 0.99);
}

#[test]
fn disguised_copies_are_found_and_counted() {
    let text = "Photosynthesis takes place in the chloroplasts of plant cells where light is caught by chlorophyll and \
                its energy moves electrons along a chain of proteins so that sugar can be made from carbon dioxide and \
                water while oxygen escapes through pores of the leaf";
    let file = build(&[text]);
    let index = open(&file).unwrap();
    let homoglyphs = text.replace('o', "о").replace("caught", "са\u{200b}ught");
    let overlap = Matcher::new(&index).read(&homoglyphs).unwrap();
    assert!((overlap.share() - 1.0).abs() < f64::EPSILON);
    assert!(overlap.disguise.homoglyphs > 10 && overlap.disguise.invisible == 1);
    let reset = format!("**{}**", text.replace(' ', "  \n* ").to_uppercase());
    assert!((Matcher::new(&index).read(&reset).unwrap().share() - 1.0).abs() < f64::EPSILON);
}

#[test]
fn other_keys_and_versions_are_named() {
    let file = build(&[&answer(1, 60)]);
    let other = Key::from_bytes([8; 32]);
    let Err(IndexError::Key { found, given }) = ServedIndex::open(file.as_slice(), &other) else { panic!() };
    assert_eq!((found, given), (key().id().to_string(), other.id().to_string()));
    for (from, to, field) in [
        ("stillwatch.index/1", "stillwatch.index/9", "schema"),
        ("\"k\":20", "\"k\":21", "k"),
        (":2,\"key", ":7,\"key", "normaliser"),
    ] {
        let mut file = file.clone();
        let at = file.windows(from.len()).position(|bytes| bytes == from.as_bytes()).unwrap();
        file[at..at + to.len()].copy_from_slice(to.as_bytes());
        assert!(matches!(open(&file), Err(IndexError::Version { field: found, .. }) if found == field), "{field}");
    }
}

#[test]
fn every_cut_and_every_flipped_byte_is_an_error() {
    let file = build(&[&answer(1, 80)]);
    for length in 0..file.len() {
        assert!(open(&file[..length]).is_err(), "cut to {length}");
    }
    for at in 0..file.len() {
        let mut file = file.clone();
        file[at] ^= 0x41;
        assert!(open(&file).is_err(), "byte {at}");
    }
    assert!(matches!(open(b"PAR1 and so on, a file of another kind entirely"), Err(IndexError::NotAnIndex)));
}

#[test]
fn a_hostile_header_reserves_no_memory() {
    let mut file = build(&[&answer(1, 80)]);
    let length = file.len();
    file[length - 44..length - 40].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(matches!(open(&file), Err(IndexError::Damaged(_))));
}

#[test]
fn merges_that_would_mislead_are_refused() {
    let one = |key: &Key, source: &str, vendor: &str, common: &str| {
        let mut builder = IndexBuilder::new(key, About { vendor: vendor.into(), models: Vec::new() }, spill);
        for (hash, common) in [(source, false), (common, true)] {
            let source = SourceFile::whole(hash.into(), 1);
            match (hash.is_empty(), common) {
                (true, _) => {}
                (_, true) => builder.common_source(source),
                (_, false) => builder.source(source),
            }
        }
        let mut file = Vec::new();
        builder.write(&mut file).unwrap();
        file
    };
    let other = Key::from_bytes([8; 32]);
    let first = one(&key(), "aa", "Example", "");
    let refuse = |second: Vec<u8>, key: &Key| {
        let inputs = [open(&first).unwrap(), ServedIndex::open(second.as_slice(), key).unwrap()];
        merge(&inputs, io::sink()).unwrap_err().to_string()
    };
    assert!(refuse(one(&other, "bb", "Example", ""), &other).contains("differ in key"));
    assert!(refuse(one(&key(), "bb", "Else", ""), &key()).contains("differ in vendor"));
    assert!(refuse(one(&key(), "bb", "Example", "cc"), &key()).contains("differ in common text"));
    assert!(refuse(one(&key(), "aa", "Example", ""), &key()).contains("BLAKE3 aa"));
    assert!(refuse(one(&key(), "", "Example", ""), &key()).contains("counted twice"));
    assert!(matches!(merge::<&[u8]>(&[], io::sink()), Err(IndexError::Nothing)));
}

#[test]
fn no_text_is_in_the_file_or_in_a_run() {
    let text = format!("stillwatchplantedtoken01 {} stillwatchplantedtoken02", answer(1, 2_000));
    let spilled = std::rc::Rc::new(std::cell::RefCell::new(0));
    let mut builder = IndexBuilder::new(&key(), About { vendor: "Example".into(), models: Vec::new() }, || {
        *spilled.borrow_mut() += 1;
        tempfile::tempfile()
    })
    .with_memory(1);
    for exchange in 0..40 {
        let exchange = format!("stillwatchplantedtoken03 {exchange}");
        builder.add(&Served { text: &text, prompt: None, exchange: &exchange, day: None }).unwrap();
    }
    let mut file = Vec::new();
    builder.write(&mut file).unwrap();
    assert!(*spilled.borrow() > 1);
    assert!(!file.windows(17).any(|bytes| bytes == b"stillwatchplanted"));
}

#[test]
fn copies_of_one_output_are_told_from_a_harvest() {
    let answers: Vec<String> = (0..200).map(|number| answer(number, 80)).collect();
    let file = build(&answers.iter().map(String::as_str).collect::<Vec<_>>());
    let index = open(&file).unwrap();
    let read = |texts: Vec<&String>| {
        let (mut matcher, mut overlaps) = (Matcher::new(&index), Overlaps::default());
        for (file, text) in (0..).zip(texts) {
            overlaps.add(file % 4, &matcher.read(text).unwrap());
        }
        overlaps
    };
    let (framed, harvest) = (read(vec![&answers[0]; 100]), read(answers.iter().take(100).collect()));
    assert_eq!((framed.matched, harvest.matched), (100, 100));
    assert_eq!((framed.rate().matched, harvest.rate().matched), (1, 100));
    assert!(framed.concentration().few_origins() && !harvest.concentration().few_origins());
    assert!((framed.concentration().documents_per_k_gram - 100.0).abs() < f64::EPSILON);
    assert!((harvest.concentration().origins - 100.0).abs() < f64::EPSILON);
    assert!((harvest.concentration().largest_file - 0.25).abs() < f64::EPSILON);

    let reference = Rate { matched: 1, documents: 1_000 };
    let evidence = |overlaps: &Overlaps| {
        overlaps.evidence(index.manifest(), reference, "essays", "corpus", Source::current("00", "k=20"))
    };
    let (planted, harvested) = (evidence(&framed), evidence(&harvest));
    assert_eq!(planted.bits, Millibits::ZERO, "an innocent corpus is not convicted by copies of one output");
    assert!(planted.statement.contains("planted") && !harvested.statement.contains("planted"));
    assert!(harvested.bits.bits() > 10.0 && harvested.p_value.unwrap().value < 1e-50);
    assert!(harvested.statement.starts_with("100 different texts in 100 documents"), "{}", harvested.statement);

    let mut halves = read(answers.iter().take(50).collect());
    halves.unite(read(answers.iter().skip(50).take(50).collect()));
    assert_eq!((halves.matched, halves.rate()), (100, harvest.rate()));
}

#[test]
fn digests_give_the_fingerprints_that_logs_give() {
    let mut fingerprinter = Fingerprinter::new(&key()).with_served(&key());
    let (mut day, mut logs, mut digests) = (DigestBuilder::default(), builder(&key()), builder(&key()));
    let mut exchange = |response: &str, number: i64, status, retention| {
        let exchange = Exchange {
            time: Micros::from_seconds(number),
            account: "account",
            prompt: Some(
                "Repeat after me and then go on in your own words, however many there are, until you are done: one two three",
            ),
            response: Some(response),
            status,
            retention,
            ..Exchange::default()
        };
        day.add(fingerprinter.fingerprint(&exchange)).unwrap();
        if retention == Retention::Full && status.is_none() {
            logs.add(&Served { text: response, prompt: exchange.prompt, exchange: "", day: Some(Day(0)) }).unwrap();
        }
    };
    let texts: Vec<String> = (0..20).map(|number| answer(number, 300)).collect();
    for (number, text) in (0..).zip(&texts) {
        exchange(text, number, None, Retention::Full);
    }
    exchange(&answer(100, 300), 100, Some(500), Retention::Full);
    exchange(&answer(101, 300), 101, None, Retention::MetadataOnly);
    let day = day.finish().unwrap();
    digests.add_day("account", Day(0), &day).unwrap();
    assert_eq!(day.served().1, 0);

    let (mut from_logs, mut from_digests) = (Vec::new(), Vec::new());
    let manifest = logs.write(&mut from_logs).unwrap();
    assert_eq!(digests.write(&mut from_digests).unwrap().fingerprints, manifest.fingerprints);
    let index = open(&from_digests).unwrap();
    for text in &texts {
        assert!((Matcher::new(&index).read(text).unwrap().share() - 1.0).abs() < f64::EPSILON);
    }
    assert_eq!(Matcher::new(&index).read(&answer(101, 300)).unwrap().found, 0);
}

#[test]
fn chance_is_lookups_times_fingerprints_over_two_to_the_58() {
    let file = build(&[&answer(1, 400)]);
    let index = open(&file).unwrap();
    #[expect(clippy::cast_precision_loss, reason = "a few")]
    let fingerprints = index.manifest().fingerprints as f64;
    assert!((index.chance(1 << 58) - fingerprints).abs() < 1e-9);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_planted_span_of_thirty_words_is_found(
        seed: u64, from in 0_usize..90, words in 30_usize..60, before in "\\PC{0,200}", after in "\\PC{0,200}",
    ) {
        let text = answer(seed, 150);
        let file = build(&[&text]);
        let span: Vec<&str> = text.split_whitespace().skip(from).take(words).collect();
        let page = format!("{before} {} {after}", span.join(" "));
        let index = open(&file).unwrap();
        let overlap = Matcher::new(&index).read(&page).unwrap();
        prop_assert!(overlap.found > 0);
        for span in &overlap.spans {
            prop_assert!(span.words >= 20 && text.contains(&page[span.start..span.end]));
        }
    }

    #[test]
    fn a_merge_is_the_index_of_the_union(sizes in proptest::collection::vec(0_u64..12, 3)) {
        let mut next = 0;
        let parts: Vec<Vec<_>> = sizes.iter().map(|size| {
            next += size;
            // Part of every answer is the same, so that the same k-grams have origins in several indexes.
            (next - size..next).map(|number| served(&format!("{} {}", answer(1_000, 40), answer(number, 60)), number)).collect()
        }).collect();
        let files: Vec<Vec<u8>> = parts.iter().zip(["aa", "bb", "cc"]).map(|(part, source)| build_with(part, 1 << 20, source).0).collect();
        let mut union = builder(&key());
        for (text, prompt, day) in parts.concat() {
            union.add(&Served { text: &text, prompt: Some(&prompt), exchange: "", day }).unwrap();
        }
        for hash in ["aa", "bb", "cc"] {
            union.source(SourceFile::whole(hash.into(), 1));
        }
        let mut whole = Vec::new();
        union.write(&mut whole).unwrap();

        let merged = |files: &[&Vec<u8>]| {
            let inputs: Vec<_> = files.iter().map(|file| open(file).unwrap()).collect();
            let mut out = Vec::new();
            merge(&inputs, &mut out).unwrap();
            out
        };
        let [a, b, c] = [&files[0], &files[1], &files[2]];
        prop_assert_eq!(&merged(&[a, b, c]), &whole);
        prop_assert_eq!(&merged(&[c, a, b]), &whole);
        prop_assert_eq!(&merged(&[&merged(&[a, b]), c]), &whole);
        prop_assert_eq!(&merged(&[a, &merged(&[c, b])]), &whole);
    }

    #[test]
    fn no_file_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), end: bool) {
        let mut file = b"SWSERVED".to_vec();
        file.extend(bytes);
        if end {
            file.extend(b"DEVRESWS");
        }
        prop_assert!(open(&file).is_err());
    }
}

#[test]
#[ignore = "needs the shared test data (STILLWATCH_SHARED)"]
fn real_answers_of_other_models_are_background() {
    #[derive(serde::Deserialize)]
    struct Answer {
        model: String,
        output: String,
    }
    let path = crate::shared::shared("audit/alpaca_eval/outputs_alpaca_eval_small.jsonl.gz");
    let reader = io::BufReader::new(flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()));
    let answers = io::BufRead::lines(reader).map(|line| serde_json::from_str::<Answer>(&line.unwrap()).unwrap());
    let (ours, others): (Vec<_>, Vec<_>) = answers.partition(|answer| answer.model == "gpt4_0613");
    let others: Vec<_> = others
        .into_iter()
        .filter(|answer| !answer.model.contains("gpt") && !answer.model.contains("davinci"))
        .collect();
    let file = build(&ours.iter().map(|answer| answer.output.as_str()).collect::<Vec<_>>());
    let index = open(&file).unwrap();
    let read = |answers: &[Answer]| {
        let (mut matcher, mut overlaps) = (Matcher::new(&index), Overlaps::default());
        for answer in answers {
            overlaps.add(0, &matcher.read(&answer.output).unwrap());
        }
        overlaps
    };
    let (own, background) = (read(&ours), read(&others));
    assert!(own.matched * 100 >= own.judged * 99, "{} of {}", own.matched, own.judged);
    assert!(background.matched * 1_000 <= background.judged * 12, "{} of {}", background.matched, background.judged);
}
