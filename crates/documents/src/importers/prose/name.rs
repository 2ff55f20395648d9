use stillwatch_lineage::{NodeKind, NodeRef, Scheme};

use super::block::Block;

/// Words between a verb and the name it takes.
const FILLING: &[&str] = &[
    "the",
    "a",
    "an",
    "our",
    "its",
    "their",
    "original",
    "base",
    "pretrained",
    "pre-trained",
    "model",
    "models",
    "dataset",
    "datasets",
    "data",
    "set",
    "version",
    "of",
    "from",
    "by",
    "with",
    "using",
    "on",
    "set,",
    "corpus",
    "checkpoint",
    "weights",
    "instruct",
    "public",
    "open",
    "open-source",
    "large",
    "language",
    "outputs",
    "output",
    "responses",
    "following",
    "samples",
    "examples",
    "generated",
    "released",
    "terms",
    "under",
];
/// Words of one name.
const MOST_WORDS: usize = 5;

/// The thing that is named from a place in a block on: a link that begins there, or words that look like a name
/// (`Llama-2-7b`, `OpenAI`, `C4`). `None` for words that name nothing.
pub(super) fn named(block: &Block, from: usize, until: usize, kind: NodeKind) -> Option<NodeRef> {
    let rest = &block.text[from..until];
    let mut at = 0;
    let mut words = rest.split(' ').map(|word| {
        let place = at;
        at += word.len() + 1;
        (place, word)
    });
    let (start, first) = words.find(|(place, word)| {
        let bare = bare(word).to_lowercase();
        linked(block, from + place).is_some() || !(bare.is_empty() || FILLING.contains(&bare.as_str()))
    })?;
    if let Some((range, target)) = linked(block, from + start) {
        let name = block.text.get(range.clone()).unwrap_or_default().trim();
        return Some(reference(kind, bare(name), Some(target)));
    }
    if !looks_like_a_name(first) {
        return None;
    }
    let mut end = start;
    for (place, word) in std::iter::once((start, first)).chain(words).take(MOST_WORDS) {
        if !looks_like_a_name(word) {
            break;
        }
        end = place + word.len();
        if word.ends_with([',', '.', ';', ':', ')', '!', '?']) {
            break;
        }
    }
    let name = bare(&rest[start..end]);
    (name.len() > 1).then(|| reference(kind, name, None))
}

/// A link whose text stands at or just around a place.
fn linked(block: &Block, place: usize) -> Option<(std::ops::Range<usize>, &str)> {
    let found = block.links.iter().find(|(range, _)| range.start <= place + 1 && place < range.end)?;
    Some((found.0.clone(), &found.1))
}

/// What a link on the Hub leads to is known by its repository id.
pub(crate) fn reference(kind: NodeKind, name: &str, target: Option<&str>) -> NodeRef {
    let node = NodeRef::new(kind, name);
    let Some(target) = target.filter(|target| target.starts_with("http")) else {
        return if is_repository(name) { node.with(Scheme::HuggingFace, name) } else { node };
    };
    let address = target.split_once("://").map_or(target, |(_, rest)| rest);
    let mut parts = address.split(['/', '?', '#']);
    let host = parts.next().unwrap_or_default();
    if !matches!(host, "huggingface.co" | "www.huggingface.co" | "hf.co") {
        return node.with(Scheme::Url, target);
    }
    let mut parts: Vec<&str> = parts.filter(|part| !part.is_empty()).take(3).collect();
    let expects_data = parts.first() == Some(&"datasets");
    if expects_data {
        parts.remove(0);
    }
    match parts.as_slice() {
        [owner, name, ..] if expects_data == (kind == NodeKind::DataSet) => {
            node.with(Scheme::HuggingFace, format!("{owner}/{name}"))
        }
        _ => node.with(Scheme::Url, target),
    }
}

/// `organisation/name` as the Hub allows it.
pub(crate) fn is_repository(id: &str) -> bool {
    let part = |part: &str| {
        !part.is_empty()
            && part.len() <= 96
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
            && !part.starts_with(['-', '.'])
            && !part.ends_with(['-', '.'])
    };
    id.split_once('/').is_some_and(|(owner, name)| part(owner) && part(name))
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '/' | '+')).trim_matches('/')
}

fn looks_like_a_name(word: &str) -> bool {
    let bare = bare(word);
    bare.chars().any(|c| c.is_uppercase() || c.is_ascii_digit()) || (bare.len() > 3 && is_repository(bare))
}

/// `organisation/name` of an address, or its last part.
pub(crate) fn address_name(address: &str) -> String {
    let path =
        address.split_once("://").map_or(address, |(_, rest)| rest.split_once('/').map_or(rest, |(_, path)| path));
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let path = path.strip_prefix("datasets/").unwrap_or(path);
    let mut parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).take(2).collect();
    if parts.is_empty() {
        parts.push(address);
    }
    parts.join("/")
}
