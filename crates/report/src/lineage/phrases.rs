//! Phrases that all forms share.

use std::collections::BTreeSet;

use std::fmt::Write;

use stillwatch_lineage::{Cited, Counts, EdgeKind, NodeKey, ScoreOutlook, Step, Verdict, Waiting};
use stillwatch_questionnaire::{Audience, Filled, FilledItem, Status};

use crate::number::{count, counted};
use crate::phrase::shortened;

/// Letters of a name in a sentence; JSON has all.
const LETTERS: usize = 120;

pub(super) fn named(name: &str) -> String {
    shortened(name, LETTERS)
}

/// A sentence that came with names in it, of which these may be too long.
pub(super) fn told<'n>(sentence: &str, names: impl IntoIterator<Item = &'n str>) -> String {
    // A short sentence holds no long name.
    if sentence.chars().nth(LETTERS).is_none() {
        return sentence.to_owned();
    }
    let long: BTreeSet<&str> = names.into_iter().filter(|name| name.chars().nth(LETTERS).is_some()).collect();
    // The longer first: one name may be the beginning of another.
    let mut long: Vec<&str> = long.into_iter().collect();
    long.sort_by_key(|name| std::cmp::Reverse(name.len()));
    long.into_iter().take(MOST_NAMES).fold(sentence.to_owned(), |text, name| text.replace(name, &named(name)))
}

/// Long names of one sentence: no honest document has more.
const MOST_NAMES: usize = 64;

/// The names that a thing, ways and places hold.
pub(super) fn names<'n>(
    node: &'n NodeKey,
    paths: &'n [Vec<Step>],
    cited: &'n [Cited],
) -> impl Iterator<Item = &'n str> {
    let own = node.parts().map(|(_, _, value)| value).into_iter();
    let steps = paths.iter().flatten().flat_map(|step| [step.subject_name.as_str(), step.object_name.as_str()]);
    own.chain(steps).chain(cited.iter().flat_map(|own| [own.subject.as_str(), own.object.as_str()]))
}

/// The names that an item of a questionnaire holds.
pub(super) fn names_of(item: &FilledItem) -> impl Iterator<Item = &str> {
    item.sentences.iter().flat_map(|sentence| names(&sentence.node, &item.paths, &sentence.cited))
}

/// What an edge leads to, by its name, or a value as it was said.
pub(super) fn object(cited: &Cited) -> String {
    if EdgeKind::parse(&cited.predicate).is_some() { named(&cited.object) } else { cited.object.clone() }
}

pub(super) fn place(cited: &Cited) -> String {
    let by = cited.said_by.as_ref().map_or_else(String::new, |by| format!(", says {}", named(by)));
    let on = cited.said_on.map_or_else(String::new, |day| format!(" on {day}"));
    let quote = cited.quote.as_ref().map_or_else(String::new, |quote| format!(": “{quote}”"));
    format!("{} [{}] {}{by}{on} ({}){quote}", named(&cited.name), cited.document, cited.path, cited.evidence)
}

/// A statement in words: "tiny not trained-on web, “quoted”; card.md […] line 3".
pub(super) fn claim_text(cited: &Cited) -> String {
    let not = if cited.denied { "not " } else { "" };
    format!("{} {not}{} {}; {}", named(&cited.subject), cited.predicate, object(cited), place(cited))
}

/// How much waits for a reviewer and bears on an answer, and what the answer would be.
pub(super) fn waiting_text(waiting: &Waiting) -> String {
    let number = counted(waiting.statements as u64, "statement");
    let wait = if waiting.statements == 1 { "waits" } else { "wait" };
    match &waiting.becomes {
        None => format!("{number} read from prose {wait} for a reviewer; none would change this answer"),
        Some(becomes) => format!(
            "{number} read from prose {wait} for a reviewer, of which {} would change this answer; confirmed, it would be {}: {}",
            waiting.changing.len(),
            becomes.verdict,
            becomes.statement
        ),
    }
}

/// What a score would be once everything that waits is confirmed.
pub(super) fn score_outlook(waiting: &ScoreOutlook) -> String {
    let changes: Vec<String> =
        waiting.changes.iter().map(|own| format!("{}: {} to {}", own.title, own.before, own.after)).collect();
    format!(
        "Not decided: {} read from prose {} for a reviewer. Confirmed, the grade would be {}, {} ({}).",
        counted(waiting.statements as u64, "statement"),
        if waiting.statements == 1 { "waits" } else { "wait" },
        waiting.grade,
        interval(waiting.low, waiting.high),
        changes.join("; ")
    )
}

pub(super) fn way(path: &[Step]) -> String {
    let mut text = String::new();
    for Link { step, starts } in links(path) {
        if starts {
            text += if text.is_empty() { "" } else { "; " };
            text += &named(&step.subject_name);
        }
        // Writing to a string does not fail.
        let _ = write!(
            text,
            " — {} → {} ({}; {} {})",
            step.edge,
            named(&step.object_name),
            step.verdict,
            step.document,
            step.path
        );
    }
    text
}

/// A step of a way as it is read.
pub(super) struct Link<'s> {
    pub(super) step: &'s Step,
    /// Its subject is not what the step before leads to, and is named anew.
    pub(super) starts: bool,
}

/// The steps in an order in which each leads on from the last, from its subject to its object: what was followed from a
/// source to what depends on it is read from its end.
pub(super) fn links(path: &[Step]) -> Vec<Link<'_>> {
    let onward = path.windows(2).filter(|pair| pair[0].object == pair[1].subject).count();
    let backward = path.windows(2).filter(|pair| pair[0].subject == pair[1].object).count();
    let mut steps: Vec<&Step> = path.iter().collect();
    if backward > onward {
        steps.reverse();
    }
    let mut before: Option<&Step> = None;
    let link = |step| {
        let starts = before.replace(step).is_none_or(|before| before.object != step.subject);
        Link { step, starts }
    };
    steps.into_iter().map(link).collect()
}

/// What is not shown of a list; `most` is how many the result itself has at most.
pub(super) fn left_out(length: usize, shown: usize, most: Option<usize>) -> Option<String> {
    let more = length.checked_sub(shown).filter(|more| *more > 0)?;
    Some(match most.filter(|most| length >= *most) {
        Some(most) => format!("and {} more, or beyond; JSON has the first {}", count(more as u64), count(most as u64)),
        None => format!("and {} more; JSON has all", count(more as u64)),
    })
}

pub(super) fn interval(low: f64, high: f64) -> String {
    format!("{:.0} to {:.0} of 100, unknown as nothing and as everything", 100.0 * low, 100.0 * high)
}

pub(super) fn counts(counts: &Counts) -> String {
    format!(
        "{} disclosed, {} evidenced, {} contradicted, {} unknown, {} not applicable",
        counts.disclosed, counts.evidenced, counts.contradicted, counts.unknown, counts.not_applicable
    )
}

/// Whether an item is answered, in one or two words.
pub(super) fn standing(item: &FilledItem) -> String {
    match item.status {
        Status::NotYet => item.from.map_or_else(|| "not yet".into(), |from| format!("applies from {from}")),
        Status::NoLonger => item.until.map_or_else(|| "no longer".into(), |until| format!("applied until {until}")),
        Status::ByHand => "for the vendor to say".into(),
        Status::Applies => format!("{}{}", item.verdict, days(item)),
    }
}

/// For whom a report was written, and what is left out for that.
pub(super) fn written_for(audience: Audience) -> String {
    format!(
        "Written for {audience}: it holds the items of the questionnaires that are for this reader, or for every reader, and \
         the documents that they cite. Score, answers, graph and whatever else is known are left out."
    )
}

/// Between which days it applies, where the text says so.
pub(super) fn days(item: &FilledItem) -> String {
    match (item.from, item.until) {
        (None, None) => String::new(),
        (Some(from), None) => format!(", applies from {from}"),
        (None, Some(until)) => format!(", applies until {until}"),
        (Some(from), Some(until)) => format!(", applies from {from} until {until}"),
    }
}

/// Who asks, by which text, as it was when it was read.
pub(super) fn origin(form: &Filled) -> String {
    format!(
        "{}, {}; read on {} at {}. {}.",
        form.issuer,
        form.version,
        form.read_on,
        form.source.join(" and "),
        counts(&form.counts)
    )
}

pub(super) const WEIGHTS_ARE_SILENT: &str =
    "Outputs that were learnt from leave no trace in weights: where nothing is said, nothing is known.";

/// What a verdict means, for whoever was not there.
pub(super) const MEANINGS: [(Verdict, &str); 5] = [
    (Verdict::Evidenced, "supported by more than the word of whom it concerns"),
    (Verdict::Disclosed, "said by whom it concerns, in words that say something"),
    (Verdict::Contradicted, "said, and something said or found elsewhere speaks against it"),
    (Verdict::Unknown, "not said, withheld, or filled with a placeholder"),
    (Verdict::NotApplicable, "the question does not arise"),
];
