//! Rules that read claims from words. They propose, and a reviewer decides: what cannot matter is not proposed, such as
//! bare numbers, uses that are allowed, judges of a benchmark, pictures, or a model that is compared with.

use std::collections::BTreeSet;

use stillwatch_core::Severity;
use stillwatch_lineage::placeholder::placeholder;
use stillwatch_lineage::resolve::fold;
use stillwatch_lineage::{Attribute, Draft, EdgeKind, NodeRef, Object, Statement, Value};

use super::block::Block;
use super::denial::denied;
use super::descent;
use super::outputs;
use super::sentence::{Said, Sentence};
use super::topic::topic;
use super::verb::MEASURING;
use super::word::{Word, any, is, words};

/// Proposes what blocks say of a subject.
pub(crate) fn propose(draft: &mut Draft, subject: &NodeRef, blocks: &[Block]) {
    let mut headings: Vec<(u8, &str)> = Vec::new();
    let mut blank = 0_usize;
    let mut said = BTreeSet::new();
    let title = blocks.iter().find(|block| block.level > 0).map(|block| block.text.as_str());
    for block in blocks {
        if block.level > 0 {
            headings.retain(|(level, _)| *level < block.level);
            headings.push((block.level, &block.text));
            continue;
        }
        if placeholder(&block.text).is_some() {
            blank += 1;
            continue;
        }
        let path = block.place();
        if let Some(attribute) = topic(&headings, block) {
            draft.push(proposed(subject, attribute, Object::Value(block.text.as_str().into()), &path, &block.text));
        }
        let heads = |list: &[&str]| headings.iter().any(|(_, heading)| any(&words(heading), list));
        let measures =
            heads(MEASURING) || heads(&["results", "performance", "comparison", "citation", "license", "licence"]);
        for (start, end) in sentences(&block.text) {
            let sentence = Sentence {
                block,
                start,
                text: &block.text[start..end],
                words: words(&block.text[start..end]),
                subject,
                title,
                about_training: heads(&[
                    "training",
                    "data",
                    "dataset",
                    "datasets",
                    "distillation",
                    "fine-tuning",
                    "sft",
                ]),
            };
            sentence_of(draft, &sentence, measures, &path, &mut said);
        }
    }
    if blank > 0 {
        let message = format!("{blank} passages hold a placeholder and say nothing");
        draft.tell(Severity::Note, "", "placeholder", message);
    }
}

fn sentence_of(
    draft: &mut Draft,
    sentence: &Sentence<'_>,
    measures: bool,
    path: &str,
    said: &mut BTreeSet<(EdgeKind, String, bool)>,
) {
    if sentence.text.trim_end().ends_with('?') || sentence.words.len() < 2 || is_instruction(&sentence.words) {
        return;
    }
    let (subject, quote) = (sentence.subject, sentence.text);
    let mut found = if measures { Vec::new() } else { outputs::read(sentence) };
    let of_outputs = found.len();
    found.extend(descent::read(sentence, &found));
    let names_outputs = of_outputs > 0;
    for Said { edge, object, denied } in found {
        let is_own = fold(&object.name) == fold(&subject.name)
            || object.identifiers.iter().any(|id| subject.identifiers.contains(id));
        // One sentence is enough to decide on; the same again tells a reviewer nothing.
        if is_own || !said.insert((edge, fold(&object.name), denied)) {
            continue;
        }
        let mut statement = proposed(subject, edge, Object::Node(object), path, quote);
        statement.denied = denied;
        draft.push(statement);
    }
    let denials = if names_outputs { super::denial::Denied::default() } else { denied(quote) };
    let mut deny = |edge: EdgeKind| {
        if said.insert((edge, String::new(), true)) {
            let mut statement = proposed(subject, edge, Object::Any, path, quote);
            statement.denied = true;
            draft.push(statement);
        }
    };
    if denials.outputs {
        deny(if sentence.is_of_data() { EdgeKind::GeneratedBy } else { EdgeKind::TrainedOnOutputsOf });
    }
    if denials.parents && !sentence.is_of_data() {
        deny(EdgeKind::FineTunedFrom);
    }
    let flag = if denials.synthetic { Some(false) } else { outputs::is_synthetic(sentence).then_some(true) };
    if let Some(flag) = flag.filter(|flag| said.insert((EdgeKind::GeneratedBy, format!("synthetic {flag}"), false))) {
        draft.push(proposed(subject, Attribute::SYNTHETIC, Object::Value(Value::Flag(flag)), path, quote));
    }
}

/// What a reader is told to do, and what is only supposed: neither says what was done.
fn is_instruction(words: &[Word<'_>]) -> bool {
    const HEADS: &[&str] = &[
        "use",
        "run",
        "load",
        "install",
        "generate",
        "train",
        "finetune",
        "fine-tune",
        "download",
        "see",
        "try",
        "if",
        "when",
        "please",
        "note",
        "let",
        "make",
        "create",
        "set",
        "check",
        "click",
        "visit",
        "cite",
        "whether",
        "suppose",
        "assume",
        "import",
        "start",
        "convert",
        "quantize",
        "prompt",
        "ask",
    ];
    let addresses = any(words, &["you", "your", "you'll", "you're", "users"]);
    words.first().is_some_and(|word| is(word, HEADS)) || addresses
}

pub(super) fn proposed(
    subject: &NodeRef,
    predicate: impl Into<stillwatch_lineage::Predicate>,
    object: Object,
    path: &str,
    quote: &str,
) -> Statement {
    let mut statement = Statement::new(subject.clone(), predicate, object, path);
    statement.quote = Some(quote.trim().to_owned());
    statement.proposed = true;
    statement
}

/// Where sentences begin and end: at a stop, mark or line that a space and a capital follow, or at the end.
fn sentences(text: &str) -> Vec<(usize, usize)> {
    const SHORT: &[&str] =
        &["e.g", "i.e", "etc", "cf", "vs", "al", "Inc", "Ltd", "Corp", "Fig", "Sec", "approx", "incl"];
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut start = 0;
    let mut stops: Vec<usize> =
        [". ", "! ", "? ", "; "].iter().flat_map(|mark| text.match_indices(mark)).map(|(at, _)| at).collect();
    stops.sort_unstable();
    for at in stops {
        let is_short = bytes[at] == b'.' && SHORT.iter().any(|short| text[start.min(at)..at].ends_with(short));
        if at >= start && !is_short && bytes.get(at + 2).is_some_and(|next| !next.is_ascii_lowercase()) {
            found.push((start, at + 1));
            start = at + 2;
        }
    }
    if start < text.len() {
        found.push((start, text.len()));
    }
    found
}
