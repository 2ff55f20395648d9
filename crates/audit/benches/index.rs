//! Background, spans, dilution and speed of the index of served outputs.
//!
//! `cargo bench -p stillwatch-audit --bench index -- $STILLWATCH_SHARED/data/audit [background|planted|dilution|fragments|speed…] [FILE.gz]`
//!
//! FILE may hold more answers in the form of `outputs_alpaca_eval_small.jsonl.gz`.
//!
//! On alpaca_eval (40 models, the same 202 prompts) each model in turn is the one whose outputs were served; the
//! answers of the others to the same prompts are the background, which is the worst case. Models whose names begin
//! alike, and rewrites of one by an aligner, are relatives and are listed apart; students and teachers count as
//! unrelated. Times are CPU time of the
//! one thread that works, so other programs on the machine count little.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a measurement prints, and fails by panicking"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::hint::black_box;
use std::io::{self, BufRead, BufReader, Cursor};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde::Deserialize;
use stillwatch_audit::index::{
    About, IndexBuilder, IndexWriter, Matcher, Overlaps, Rate, ReadAt, Row, SHARE, Served, ServedIndex, excess,
};
use stillwatch_core::{Key, Random};
use stillwatch_digest::{ServedReader, WordReader};

#[derive(Deserialize)]
struct Answer {
    model: String,
    pid: u32,
    output: String,
}

#[derive(Deserialize)]
struct Prompt {
    pid: u32,
    prompt: String,
}

type Index = ServedIndex<&'static [u8]>;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(folder) = arguments.next() else {
        println!("no folder of audit data given; nothing is measured");
        return;
    };
    let chosen: Vec<String> = arguments.collect();
    let folder = Path::new(&folder).join("alpaca_eval");
    let prompts: Vec<Prompt> = lines(&folder.join("outputs_alpaca_eval_prompts.jsonl.gz"));
    let prompts: BTreeMap<u32, String> = prompts.into_iter().map(|row| (row.pid, row.prompt)).collect();
    // Another file of the same form may hold more answers.
    let file = chosen.iter().find(|name| name.contains('.')).map(PathBuf::from);
    let file = file.unwrap_or_else(|| folder.join("outputs_alpaca_eval_small.jsonl.gz"));
    let mut models: BTreeMap<String, Vec<Answer>> = BTreeMap::new();
    for answer in lines::<Answer>(&file) {
        models.entry(answer.model.clone()).or_default().push(answer);
    }
    let wanted = |name: &str| chosen.iter().all(|chosen| chosen.contains('.')) || chosen.iter().any(|own| own == name);
    if wanted("background") {
        background(&models, &prompts);
    }
    if wanted("planted") {
        planted(&models, &prompts);
    }
    if wanted("dilution") {
        dilution(&models, &prompts);
        real_dilution(&models, &prompts);
    }
    if wanted("fragments") {
        fragments(&models, &prompts);
    }
    if wanted("speed") {
        speed(&models);
    }
}

fn lines<T: for<'a> Deserialize<'a>>(path: &Path) -> Vec<T> {
    let reader = BufReader::new(GzDecoder::new(File::open(path).unwrap()));
    reader.lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect()
}

fn key() -> Key {
    Key::from_bytes([7; 32])
}

fn build<'a>(answers: impl IntoIterator<Item = &'a Answer>, prompts: &BTreeMap<u32, String>, shorter: bool) -> Index {
    let about = About { vendor: "one".into(), models: Vec::new() };
    let builder = IndexBuilder::new(&key(), about, || Ok(Cursor::new(Vec::new())));
    let mut builder = if shorter { builder.with_shorter() } else { builder };
    for answer in answers {
        let prompt = prompts.get(&answer.pid).map(String::as_str);
        builder.add(&Served { text: &answer.output, prompt, exchange: "", day: None }).unwrap();
    }
    let mut file = Vec::new();
    builder.write(&mut file).unwrap();
    ServedIndex::open(&*file.leak(), &key()).unwrap()
}

/// Letters before the first digit or dash: `claude-2`, `claude-3-opus` and `claude` are one family.
fn family(model: &str) -> String {
    let name = model.to_lowercase().replace("text_davinci", "gpt").replace("chatgpt", "gpt");
    let name = name.trim_start_matches("aligner-2b_");
    let end = name.find(|c: char| !c.is_alphabetic()).unwrap_or(name.len());
    name[..end].into()
}

/// Of one family, or a rewrite by an aligner.
fn related(a: &str, b: &str) -> bool {
    family(a) == family(b)
        || (a.contains("aligner") || b.contains("aligner")) && (a.contains(&family(b)) || b.contains(&family(a)))
}

fn background(models: &BTreeMap<String, Vec<Answer>>, prompts: &BTreeMap<u32, String>) {
    println!("background: documents with a share of {SHARE} or more of their k-grams served by another model");
    let mut pairs = Vec::new();
    for (source, answers) in models {
        let index = build(answers, prompts, false);
        let mut matcher = Matcher::new(&index);
        for (other, answers) in models.iter().filter(|(other, _)| *other != source) {
            let matched =
                answers.iter().filter(|answer| matcher.read(&answer.output).unwrap().share() >= SHARE).count();
            pairs.push((matched as u64, answers.len() as u64, source, other));
        }
    }
    let unrelated = |pair: &&(u64, u64, &String, &String)| !related(pair.2, pair.3);
    let of = |pairs: &[&(u64, u64, &String, &String)]| Rate {
        matched: pairs.iter().map(|pair| pair.0).sum(),
        documents: pairs.iter().map(|pair| pair.1).sum(),
    };
    let mut worst: Vec<(f64, &String, Rate)> = models
        .keys()
        .map(|source| {
            let pairs: Vec<_> = pairs.iter().filter(unrelated).filter(|pair| pair.2 == source).collect();
            (of(&pairs).share(), source, of(&pairs))
        })
        .collect();
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    let all = of(&pairs.iter().filter(unrelated).collect::<Vec<_>>());
    println!("  all unrelated pairs: {:.3} % ({} of {})", 100.0 * all.share(), all.matched, all.documents);
    for (share, source, rate) in worst.iter().take(5) {
        let (lower, upper) = rate.interval(0.95);
        let (share, lower, upper) = (100.0 * share, 100.0 * lower, 100.0 * upper);
        println!("  source {source}: {share:.2} % of unrelated answers ({lower:.2} to {upper:.2})");
    }
    pairs.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.2, a.3).cmp(&(b.2, b.3))));
    println!("  worst unrelated pairs:");
    for (matched, documents, source, other) in pairs.iter().filter(unrelated).take(12) {
        println!(
            "    {:.2} % of {documents}: {other} in the index of {source}",
            100.0 * *matched as f64 / *documents as f64
        );
    }
    println!("  worst relatives:");
    for (matched, documents, source, other) in pairs.iter().filter(|pair| !unrelated(pair)).take(8) {
        println!(
            "    {:.2} % of {documents}: {other} in the index of {source}",
            100.0 * *matched as f64 / *documents as f64
        );
    }
}

/// Stretches of 30 to 60 words of each model's answers, planted in other answers.
fn planted(models: &BTreeMap<String, Vec<Answer>>, prompts: &BTreeMap<u32, String>) {
    const EACH: usize = 250;
    let mut random = Random::new(4, 1);
    let (mut planted, mut found, mut exact) = (0_u64, 0_u64, 0_u64);
    let hosts: Vec<&Answer> = models.values().flatten().collect();
    for (source, answers) in models {
        let index = build(answers, prompts, false);
        let mut matcher = Matcher::new(&index);
        let mut prompt_reader = ServedReader::new(&key());
        for _ in 0..EACH {
            let answer = &answers[random.below(answers.len())];
            // Words as the index counts them, cut where they stand.
            prompt_reader.read(&answer.output);
            let words = prompt_reader.words();
            let length = 30 + random.below(31);
            if words.len() < length {
                continue;
            }
            let first = random.below(words.len() - length + 1);
            let span = &answer.output[words[first].start as usize..words[first + length - 1].end as usize];
            if prompts.get(&answer.pid).is_some_and(|prompt| repeats(&mut prompt_reader.clone(), prompt, span)) {
                continue;
            }
            let host = loop {
                let host = hosts[random.below(hosts.len())];
                if host.model != *source {
                    break &host.output;
                }
            };
            let at = host.floor_char_boundary(random.below(host.len().max(1)));
            let span = match random.below(4) {
                0 => span.to_uppercase(),
                1 => span.replace(' ', "\n"),
                2 => span.replace('e', "\u{435}").replace(' ', " \u{200b}"),
                _ => span.into(),
            };
            let page = format!("{} {span} {}", &host[..at], &host[at..]);
            let place = at + 1..at + 1 + span.len();
            let overlap = matcher.read(&page).unwrap();
            planted += 1;
            found += u64::from(overlap.spans.iter().any(|span| span.start < place.end && span.end > place.start));
            exact += u64::from(overlap.spans.iter().any(|span| span.start >= place.start && span.end <= place.end));
        }
    }
    println!(
        "planted spans of 30 to 60 words, disguised in three cases of four: {found} of {planted} found, {exact} within their place"
    );
}

/// Whether a span shares a k-gram with the prompt, which the index leaves out.
fn repeats(reader: &mut ServedReader, prompt: &str, span: &str) -> bool {
    let mut every = |text: &str| {
        reader.read(text);
        let mut every = BTreeSet::new();
        reader.each(|k_gram| {
            every.insert(k_gram.fingerprint);
        });
        every
    };
    !every(prompt).is_disjoint(&every(span))
}

/// 100,000 documents of other models, sentences mixed, with 100 answers of the served model among them.
fn dilution(models: &BTreeMap<String, Vec<Answer>>, prompts: &BTreeMap<u32, String>) {
    const DOCUMENTS: usize = 100_000;
    const PLANTED: usize = 100;
    let source = models.keys().find(|model| model.contains("claude")).unwrap();
    let index = build(&models[source], prompts, false);
    let sentences: Vec<&str> = models
        .iter()
        .filter(|(model, _)| !related(model, source))
        .flat_map(|(_, answers)| answers.iter().flat_map(|answer| answer.output.split_inclusive(". ")))
        .collect();
    let mut random = Random::new(4, 2);
    let mut rows: Vec<usize> = (0..DOCUMENTS).collect();
    random.shuffle(&mut rows);
    let long: Vec<&Answer> =
        models[source].iter().filter(|answer| answer.output.split_whitespace().count() >= 30).collect();
    let rows: BTreeMap<usize, &Answer> = rows[..PLANTED].iter().copied().zip(long).collect();
    let (mut matcher, mut found, mut overlaps, mut reference) =
        (Matcher::new(&index), BTreeSet::new(), Overlaps::default(), Overlaps::default());
    for row in 0..DOCUMENTS {
        let mut mixed: String = (0..5 + random.below(10)).map(|_| sentences[random.below(sentences.len())]).collect();
        reference.add(0, &matcher.read(&mixed).unwrap());
        if let Some(answer) = rows.get(&row) {
            mixed = format!("Here is what I found: {} Hope it helps!", answer.output);
        }
        let overlap = matcher.read(&mixed).unwrap();
        overlaps.add(0, &overlap);
        if overlap.share() >= SHARE {
            found.insert(row);
        }
    }
    let right = found.iter().filter(|row| rows.contains_key(row)).count();
    let test = excess(overlaps.rate(), reference.rate(), "the same corpus before planting");
    let concentration = overlaps.concentration();
    println!(
        "0.1 % dilution of {DOCUMENTS} documents with {source}: {right} of {} rows named, {} others",
        rows.len(),
        found.len() - right
    );
    println!("  p = {:.1e} against {}", test.value, test.null);
    println!(
        "  {} k-grams of {} origins; copies a k-gram: {:.2}",
        concentration.distinct_k_grams, concentration.origins, concentration.documents_per_k_gram
    );
}

/// One answer of the served model in a hundred answers of unrelated models to the same prompts: nothing is mixed.
fn real_dilution(models: &BTreeMap<String, Vec<Answer>>, prompts: &BTreeMap<u32, String>) {
    const PLANTED: usize = 100;
    let source = models.keys().find(|model| model.contains("claude")).unwrap();
    let index = build(&models[source], prompts, false);
    let long = |answer: &&Answer| answer.output.split_whitespace().count() >= 30;
    let others: Vec<&Answer> = models
        .iter()
        .filter(|(model, _)| !related(model, source))
        .flat_map(|(_, answers)| answers)
        .filter(long)
        .collect();
    let mut own: Vec<&Answer> = models[source].iter().filter(long).collect();
    Random::new(4, 5).shuffle(&mut own);
    let (mut matcher, mut repeats) = (Matcher::new(&index), ServedReader::new(&key()));
    let mut named = |answers: &[&Answer], share: f64| {
        let of = |answer: &&&Answer| {
            let overlap = matcher.read(&answer.output).unwrap();
            // As an audit does, what stands in the row's own prompt is set aside.
            let prompt = prompts.get(&answer.pid).map_or("", String::as_str);
            let own = |span: &stillwatch_audit::index::Span| {
                !repeats_whole(&mut repeats, prompt, &answer.output[span.start..span.end])
            };
            let any = overlap.spans.iter().filter(|span| span.is_specific()).any(own);
            any && overlap.specific_share() >= share
        };
        answers.iter().filter(of).count()
    };
    own.truncate(PLANTED);
    for share in [0.0, 0.05, SHARE] {
        println!(
            "{} answers of {source} among {} of unrelated models to the same prompts, at least {:.0} % served: {} rows named, {} others",
            own.len(),
            others.len(),
            100.0 * share,
            named(&own, share),
            named(&others, share)
        );
    }
}

/// Whether the words of a span stand in the prompt, one after the other.
fn repeats_whole(reader: &mut ServedReader, prompt: &str, span: &str) -> bool {
    let mut words = |text: &str| {
        reader.read(text);
        reader.words().iter().map(|word| word.hash).collect::<Vec<_>>()
    };
    let (prompt, span) = (words(prompt), words(span));
    !span.is_empty() && prompt.windows(span.len()).any(|window| window == span)
}

/// Passages that are short or broken, found by each layer and by n-grams without winnowing (which others use to take test
/// sets out of corpora). The background is the same done to answers of unrelated models to the same prompts.
fn fragments(models: &BTreeMap<String, Vec<Answer>>, prompts: &BTreeMap<u32, String>) {
    /// Of shorter texts nobody could say whose they are.
    const LEAST_WORDS: usize = 8;
    let first = |text: &str| sentences(text).first().copied().unwrap_or_default().to_owned();
    let every_other = |text: &str| sentences(text).into_iter().step_by(2).collect::<Vec<_>>().join(" ");
    let changes: [(&str, Change<'_>); 3] =
        [("the first sentence", &first), ("every other sentence", &every_other), ("the whole answer", &str::to_owned)];
    let sources: Vec<&String> = models.keys().step_by(4).collect();
    for (name, change) in changes {
        let mut found: BTreeMap<String, [u64; 2]> = BTreeMap::new();
        let mut texts = [0_u64; 2];
        for source in &sources {
            let index = build(&models[*source], prompts, true);
            let mut matcher = Matcher::new(&index);
            let (long, short) = (NGrams::of(&models[*source], 13), NGrams::of(&models[*source], 8));
            let mut reader = WordReader::new(&[7; 16]);
            for (model, answers) in models.iter().filter(|(model, _)| *model == *source || !related(model, source)) {
                let side = usize::from(model != *source);
                for answer in answers {
                    let text = change(&answer.output);
                    if text.split_whitespace().count() < LEAST_WORDS {
                        continue;
                    }
                    texts[side] += 1;
                    let overlap = matcher.read(&text).unwrap();
                    let span = overlap.spans.iter().any(stillwatch_audit::index::Span::is_specific);
                    let mut count =
                        |how: String, matched: bool| found.entry(how).or_default()[side] += u64::from(matched);
                    count("runs of 20 words".into(), span);
                    let pieces = overlap.fragments.as_ref().is_some_and(stillwatch_audit::index::Fragments::is_match);
                    count("as an audit does: runs of 20 words, or a third of the runs of 8".into(), span || pieces);
                    count("peer: any run of 13 words".into(), long.share(&mut reader, &text) > 0.0);
                    count("peer: half of the runs of 8 words".into(), short.share(&mut reader, &text) >= 0.5);
                }
            }
        }
        println!("{name}, {} texts of {} models, {} of unrelated models:", texts[0], sources.len(), texts[1]);
        for (how, [own, other]) in found {
            let share = |part: u64, whole: u64| 100.0 * part as f64 / whole.max(1) as f64;
            println!("  {:5.1} % found, {:6.3} % by chance: {how}", share(own, texts[0]), share(other, texts[1]));
        }
    }
}

/// What is done to an answer.
type Change<'a> = &'a dyn Fn(&str) -> String;

/// All runs of so many words of some texts, without winnowing, prompts or boilerplate.
struct NGrams {
    words: usize,
    all: BTreeSet<u64>,
}

impl NGrams {
    fn of(answers: &[Answer], words: usize) -> Self {
        let mut reader = WordReader::new(&[7; 16]);
        let all = answers.iter().flat_map(|answer| Self::runs(&mut reader, &answer.output, words)).collect();
        Self { words, all }
    }

    fn runs(reader: &mut WordReader, text: &str, words: usize) -> Vec<u64> {
        let mut read = Vec::new();
        reader.read(text, &mut read);
        let mix = |sum: u64, hash: u64| sum.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ hash;
        read.windows(words).map(|run| run.iter().fold(0, |sum, word| mix(sum, word.hash))).collect()
    }

    /// The share of a text's runs that are among them.
    fn share(&self, reader: &mut WordReader, text: &str) -> f64 {
        let runs = Self::runs(reader, text, self.words);
        let found = runs.iter().filter(|run| self.all.contains(run)).count();
        found as f64 / runs.len().max(1) as f64
    }
}

/// The sentences of a text, by full stops and line breaks.
fn sentences(text: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        while let Some(at) = rest.find(". ").or_else(|| rest.find("! ")).or_else(|| rest.find("? ")) {
            let (sentence, next) = rest.split_at(at + 2);
            parts.push(sentence);
            rest = next;
        }
        parts.push(rest);
    }
    parts.into_iter().map(str::trim).filter(|sentence| sentence.chars().any(char::is_alphanumeric)).collect()
}

struct OnDisk(File);

impl ReadAt for OnDisk {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
        self.0.read_exact_at(buffer, offset)
    }

    fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}

/// An index of four million rows that nobody served.
fn large() -> ServedIndex<OnDisk> {
    const ROWS: u64 = 4_000_000;
    let about = About { vendor: "nobody".into(), models: Vec::new() };
    let mut empty = Vec::new();
    let manifest = IndexBuilder::new(&key(), about, || Ok(Cursor::new(Vec::new()))).write(&mut empty).unwrap();
    let mut random = Random::new(4, 3);
    let rows: BTreeSet<u64> = (0..ROWS).map(|_| random.next_u64() & !63).collect();
    let mut file = tempfile::tempfile().unwrap();
    let mut writer = IndexWriter::new(&mut file);
    for fingerprint in rows {
        writer.push(Row { fingerprint, origins: 1, origin: 1 }).unwrap();
    }
    writer.finish(manifest).unwrap();
    let before = cpu_seconds();
    let index = ServedIndex::open(OnDisk(file), &key()).unwrap();
    println!("opening an index of {ROWS} rows: {:.2} s", cpu_seconds() - before);
    index
}

fn speed(models: &BTreeMap<String, Vec<Answer>>) {
    let ascii: Vec<&str> =
        models.values().flatten().map(|answer| answer.output.as_str()).filter(|text| text.is_ascii()).collect();
    let all: Vec<&str> = models.values().flatten().map(|answer| answer.output.as_str()).collect();
    let index = large();
    // Every letter three further than its Russian counterpart: no word, but the work of one.
    let shifted = |c: char| if c.is_ascii_lowercase() { char::from_u32(c as u32 - 0x61 + 0x433).unwrap() } else { c };
    let cyrillic: Vec<String> = ascii.iter().map(|text| text.chars().map(shifted).collect()).collect();
    let cyrillic = cyrillic.iter().map(String::as_str).collect();
    for (name, texts) in [("ASCII", &ascii), ("all", &all), ("Cyrillic", &cyrillic)] {
        let megabytes = texts.iter().map(|text| text.len()).sum::<usize>() as f64 / 1e6;
        println!("speed on {megabytes:.1} MB of {name} answers, MB/s and core:");
        let measure = |stage: &str, pass: &mut dyn FnMut(&str)| {
            const PASSES: usize = 10;
            let seconds = (0..PASSES)
                .map(|_| {
                    let before = cpu_seconds();
                    for text in texts {
                        pass(text);
                    }
                    cpu_seconds() - before
                })
                .fold(f64::INFINITY, f64::min);
            println!("  {:>7.0} {stage}", megabytes / seconds);
        };
        measure("(floor: add up the bytes)", &mut |text| {
            black_box(text.bytes().fold(0_u64, |sum, byte| sum.rotate_left(1) ^ u64::from(byte)));
        });
        let (mut reader, mut words) = (WordReader::new(&[7; 16]), Vec::new());
        measure("words", &mut |text| {
            black_box(reader.read(text, &mut words));
        });
        let mut served = ServedReader::new(&key());
        measure("words, k-grams, winnowing", &mut |text| {
            served.read(text);
            let mut sum = 0_u64;
            served.winnow(|k_gram| sum ^= k_gram.fingerprint);
            black_box(sum);
        });
        let mut matcher = Matcher::new(&index);
        let mut found = 0;
        measure("words, k-grams, winnowing, lookups in 4,000,000", &mut |text| {
            found += matcher.read(text).unwrap().found;
        });
        assert_eq!(found, 0, "nobody served this");
    }
}

/// Of this thread (Linux).
fn cpu_seconds() -> f64 {
    let schedule = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    schedule.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}
