//! Model and data-set cards of the Hugging Face Hub: YAML between two lines of `---`, then Markdown.
//!
//! Fields and their meaning: huggingface/hub-docs, `modelcard.md`, `datasetcard.md`, `docs/hub/model-cards.md`. The Hub
//! fills in `base_model_relation` where it is missing; what is inferred here says so and by whom.

mod card;
mod data_set;
mod licence;
mod model;

pub(super) use licence::spdx;

use stillwatch_core::Severity;
use stillwatch_lineage::{DocumentKind, Draft, Import, NodeKind, NodeRef, Origin, StrictVerdict};

use super::prose;
use super::yaml::{self, Kind, Yaml};
use crate::importers::{Importer, Sign};

/// What the front matter is judged by.
const AGAINST: &str = "Hugging Face card metadata";

pub const IMPORTER: Importer = Importer {
    format: "model or data-set card",
    sign: Sign::Bytes(|input| {
        let head = String::from_utf8_lossy(&input.bytes[..input.bytes.len().min(4096)]);
        input.ends_with(&[".md", ".markdown"]) && head[beginning(&head)..].starts_with("---")
    }),
    import: |input| read(input.bytes, input.origin),
};

/// Reads a `README.md`. The subject is the origin's; a card does not say its own repository.
pub fn read(bytes: &[u8], origin: &Origin) -> Import {
    let mut draft = Draft::new(bytes, origin, DocumentKind::Card);
    let text = draft.words(bytes);
    let parts = split(&text);
    let front = parts.front.and_then(|(front, line)| yaml::read(front, line, &mut draft));
    if parts.open {
        draft.tell(Severity::Error, "line 1", "front-matter", "the front matter has no closing line of `---`");
    }
    let blocks = prose::markdown_blocks(parts.body, parts.body_line);
    let subject = subject(&mut draft, origin, front.as_ref());
    let strict = match &front {
        None => StrictVerdict::NotChecked { why: "the card has no front matter".into() },
        Some(front) => {
            if matches!(front.value, Kind::Map(_)) {
                match subject.kind {
                    NodeKind::DataSet => data_set::read(&mut draft, &subject, front),
                    _ => model::read(&mut draft, &subject, front),
                }
            } else {
                let message = format!("the front matter is {}, not a map", front.kind_name());
                draft.tell(Severity::Error, "line 2", "wrong-type", message);
            }
            verdict(&draft)
        }
    };
    prose::propose(&mut draft, &subject, &blocks);
    draft.finish(strict)
}

fn verdict(draft: &Draft) -> StrictVerdict {
    match draft.errors() {
        0 => StrictVerdict::Valid { against: AGAINST.into() },
        errors => StrictVerdict::Invalid { against: AGAINST.into(), errors },
    }
}

struct Parts<'t> {
    /// The YAML and the line it begins on.
    front: Option<(&'t str, usize)>,
    body: &'t str,
    body_line: usize,
    open: bool,
}

/// Where front matter stands: YAML between two lines of `---` at the very beginning, before which the Hub passes over white
/// space (a comment of HTML is passed over too). A line of `---` that no YAML follows is a rule of Markdown.
fn split(text: &str) -> Parts<'_> {
    let nothing = Parts { front: None, body: text, body_line: 1, open: false };
    let head = &text[beginning(text)..];
    let first_line = 1 + text[..text.len() - head.len()].matches('\n').count();
    let Some(rest) =
        head.strip_prefix("---").filter(|rest| rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n'))
    else {
        return nothing;
    };
    let begin = text.len() - rest.len() + rest.find('\n').map_or(0, |at| at + 1);
    if !is_yaml(&text[begin..]) {
        return nothing;
    }
    let mut at = begin;
    for (lines, line) in text[begin..].split_inclusive('\n').enumerate() {
        if line.trim_end() == "---" {
            let body = at + line.len();
            return Parts {
                front: Some((&text[begin..at], first_line + 1)),
                body: &text[body..],
                body_line: first_line + lines + 2,
                open: false,
            };
        }
        at += line.len();
    }
    Parts { front: Some((&text[begin..], first_line + 1)), body: "", body_line: 1, open: true }
}

/// Where a text begins behind white space and comments of HTML.
pub(super) fn beginning(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(|own: char| own.is_whitespace() || own == '\u{feff}');
        let Some(end) = rest.strip_prefix("<!--").and_then(|comment| comment.find("-->")) else { break };
        rest = &rest[4 + end + 3..];
    }
    text.len() - rest.len()
}

/// Whether what follows a line of `---` is YAML: its first line that is neither blank nor a comment names a key, or it ends
/// at once.
fn is_yaml(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.trim().is_empty());
    let first = lines.find(|line| !line.trim_start().starts_with('#'));
    first.is_some_and(|line| {
        let line = line.trim_start().trim_start_matches("- ");
        let key = line.split_once(':').filter(|(_, rest)| rest.is_empty() || rest.starts_with(' ')).map(|(key, _)| key);
        let is_key = |key: &str| {
            !key.is_empty() && key.len() <= 64 && !key.contains(". ") && key.split_whitespace().nth(3).is_none()
        };
        line == "---" || line.starts_with(['[', '{']) || key.is_some_and(|key| is_key(key.trim_matches(['"', '\''])))
    })
}

/// The origin's subject; without one, what the card looks like and is called.
fn subject(draft: &mut Draft, origin: &Origin, front: Option<&Yaml>) -> NodeRef {
    if let Some(subject) = &origin.subject {
        return subject.clone();
    }
    let has = |keys: &[&str]| front.is_some_and(|front| keys.iter().any(|key| front.get(key).is_some()));
    let model = has(&["base_model", "library_name", "pipeline_tag", "model-index", "model_name", "datasets", "widget"]);
    let data = has(&[
        "dataset_info",
        "task_categories",
        "size_categories",
        "source_datasets",
        "annotations_creators",
        "configs",
        "pretty_name",
    ]);
    let name = ["model_name", "pretty_name"].iter().find_map(|key| front?.get(key)?.text());
    let name = name.map_or_else(|| prose::stem(&origin.name).to_owned(), str::to_owned);
    let kind = if data && !model { NodeKind::DataSet } else { NodeKind::Model };
    let message =
        format!("a card does not name its own repository; read as {kind} `{}`", stillwatch_core::shown(&name));
    draft.tell(Severity::Warning, "", "subject", message);
    NodeRef::new(kind, name)
}
