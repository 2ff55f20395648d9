//! Names of models and of those who make them, as sentences write them.

use stillwatch_lineage::{NodeKind, NodeRef};

use super::block::Block;
use super::grammar::FILLING;
use super::name::reference;
use super::thing::PEOPLE;
use super::word::{Word, is};

/// What a name in a sentence stands for, as far as its form says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sort {
    /// A family that is known, a size, or a page of a model.
    Model,
    /// Somebody who makes models.
    Vendor,
    DataSet,
    /// Capital letters or figures, and no more than that.
    Other,
}

/// A name and the words that it takes.
#[derive(Clone, Debug)]
pub(super) struct Name {
    pub(super) from: usize,
    /// The first word behind it.
    pub(super) to: usize,
    pub(super) sort: Sort,
    pub(super) text: String,
    pub(super) target: Option<String>,
}

impl Name {
    pub(super) fn node(&self, kind: NodeKind) -> NodeRef {
        reference(kind, &self.text, self.target.as_deref())
    }

    /// A model, or whoever made the models that are meant.
    pub(super) fn maker(&self) -> NodeRef {
        self.node(if self.sort == Sort::Vendor { NodeKind::Organisation } else { NodeKind::Model })
    }

    pub(super) fn makes_outputs(&self) -> bool {
        matches!(self.sort, Sort::Model | Sort::Vendor)
    }
}

/// The name that begins with a word: a link, or words that look like a name. `start` is where the sentence begins in the
/// block.
pub(super) fn name_at(block: &Block, start: usize, words: &[Word<'_>], at: usize) -> Option<Name> {
    let first = words.get(at)?;
    let place = start + first.start;
    if let Some((range, target)) = block.links.iter().find(|(range, _)| range.start <= place && place < range.end) {
        let to = words.iter().position(|word| start + word.start >= range.end).unwrap_or(words.len());
        let text = trimmed(block.text.get(range.clone()).unwrap_or_default()).to_owned();
        let sort = match hub(target) {
            Some(true) => Sort::DataSet,
            Some(false) => Sort::Model,
            None if is_model(&text) => Sort::Model,
            None => Sort::Other,
        };
        return (!text.is_empty()).then(|| Name { from: at, to, sort, text, target: Some(target.clone()) });
    }
    // "OpenAI's text-davinci-003": the model is what is named.
    if let Some(owner) = first.lower.strip_suffix("'s") {
        let next = name_at(block, start, words, at + 1).filter(|_| !first.closed);
        return match next {
            Some(next) if next.sort != Sort::Vendor => Some(Name { from: at, ..next }),
            _ if is_vendor(owner) => Some(plain(at, at + 1, first.text.trim_end_matches("'s").trim_end_matches("’s"))),
            _ => None,
        };
    }
    // "Other Lab", "Open Assistant": a word of filling begins a name where both words have capitals.
    let is_capital = |word: &Word<'_>| word.text.starts_with(char::is_uppercase);
    let is_pair = at > 0 && !first.closed && is_capital(first) && words.get(at + 1).is_some_and(is_capital);
    if !begins_a_name(first) && !is_pair || at == 0 && !is_sure(first) {
        return None;
    }
    let mut to = at + 1;
    if !first.closed {
        while to < words.len() && to - at < MOST_WORDS && goes_on(&words[at..to], &words[to]) {
            to += 1;
            if words[to - 1].closed {
                break;
            }
        }
    }
    if first.text == "The" && to == at + 1 {
        return None;
    }
    let text: Vec<&str> = words[at..to].iter().map(|word| word.text).collect();
    Some(plain(at, to, &text.join(" ")))
}

fn plain(from: usize, to: usize, text: &str) -> Name {
    let sort = if is_model(text) {
        Sort::Model
    } else if is_vendor(&text.to_lowercase()) {
        Sort::Vendor
    } else {
        Sort::Other
    };
    Name { from, to, sort, text: text.to_owned(), target: None }
}

const MOST_WORDS: usize = 6;

fn trimmed(text: &str) -> &str {
    text.trim_matches(|own: char| !own.is_alphanumeric() && own != '+')
}

/// Whether a page of the Hub is one of a data set, or of a model; `None` for other pages.
fn hub(target: &str) -> Option<bool> {
    let path = target.split_once("://")?.1;
    let path = ["huggingface.co/", "www.huggingface.co/", "hf.co/"].iter().find_map(|host| path.strip_prefix(host))?;
    let (is_data, path) = path.strip_prefix("datasets/").map_or((false, path), |path| (true, path));
    let is_other = ["spaces/", "papers/", "docs/", "blog/", "collections/"].iter().any(|part| path.starts_with(part));
    (!is_other && path.contains('/')).then_some(is_data)
}

/// A capital, a figure among letters, or a family that is written small.
fn begins_a_name(word: &Word<'_>) -> bool {
    let has_letter = word.text.chars().any(char::is_alphabetic);
    let capital = word.text.starts_with(char::is_uppercase);
    // "The Pile": a capital within a sentence is part of the name.
    if word.text == "The" {
        return true;
    }
    let mixed = has_letter && word.text.chars().any(|own| own.is_ascii_digit()) && !is_quantity(&word.lower);
    (capital && !is(word, FILLING) && word.text.chars().count() > 1) || mixed || is_model(word.text)
}

/// What can only be a name, at the head of a sentence too.
fn is_sure(word: &Word<'_>) -> bool {
    is_model(word.text) || word.text.chars().any(|own| own.is_ascii_digit()) || is_vendor(&word.lower)
}

/// Whether a name goes on: "Llama 2 70B Chat", "gpt-4 turbo", "Claude 3 Opus".
fn goes_on(so_far: &[Word<'_>], next: &Word<'_>) -> bool {
    let version = next.lower.starts_with(|own: char| own.is_ascii_digit()) || next.lower.starts_with('v');
    let is_number =
        version && next.text.chars().all(|own| own.is_ascii_alphanumeric() || matches!(own, '.' | '-' | '+'));
    let capital = next.text.starts_with(char::is_uppercase) && !is(next, FILLING) && !is(next, &["we", "it", "this"]);
    let variant = is(next, VARIANTS) && so_far.iter().any(|word| is_model(word.text));
    let follows_number = is_number && !is_quantity_of(&next.lower);
    !next.opened && (capital || variant || follows_number)
}

fn is_quantity_of(lower: &str) -> bool {
    lower.ends_with('%') || lower.ends_with('k') && lower.len() > 2
}

/// "2T", "1.4M", "100k", "70%", "2048": numbers, and no names.
pub(super) fn is_quantity(lower: &str) -> bool {
    let digits = lower
        .trim_start_matches(['$', '~', '>', '<'])
        .trim_end_matches(|own: char| own.is_alphabetic() || own == '%' || own == '+');
    let unit = lower.trim_start_matches(|own: char| {
        own.is_ascii_digit() || matches!(own, '.' | ',' | '$' | '~' | '>' | '<' | '_' | '-')
    });
    !digits.is_empty()
        && digits.chars().all(|own| own.is_ascii_digit() || matches!(own, '.' | ',' | '_' | '-' | 'x' | '×'))
        && matches!(
            unit,
            "" | "k"
                | "m"
                | "b"
                | "t"
                | "bn"
                | "%"
                | "+"
                | "k+"
                | "m+"
                | "tb"
                | "gb"
                | "mb"
                | "th"
                | "st"
                | "nd"
                | "rd"
                | "x"
                | "bit"
                | "-bit"
                | "h"
                | "s"
        )
}

/// Words of small letters that belong to a model's name.
const VARIANTS: &[&str] = &[
    "turbo", "mini", "preview", "pro", "flash", "instruct", "chat", "large", "small", "medium", "opus", "sonnet",
    "haiku", "ultra", "nano", "vision", "base", "r", "coder", "plus",
];

/// Whether a name is one of a model: of a family that is known, or with its size in it.
pub(super) fn is_model(text: &str) -> bool {
    let lower = text.to_lowercase();
    let tokens: Vec<&str> = lower.split(|own: char| !own.is_alphanumeric()).filter(|own| !own.is_empty()).collect();
    let is_family = tokens.iter().enumerate().any(|(at, token)| {
        let stem = token.trim_end_matches(|own: char| own.is_ascii_digit());
        FAMILIES.contains(token)
            || stem.len() > 2 && FAMILIES.contains(&stem)
            || *token == "command" && tokens.get(at + 1).is_some_and(|next| matches!(*next, "r" | "a" | "light"))
            || *token == "dall"
            || at == 0 && is_reasoner(token)
    });
    // A company is not its model: "Mistral AI", "DeepSeek-AI".
    let is_company = tokens.len() == 2
        && matches!(tokens[1], "ai" | "inc" | "labs")
        && !tokens[0].ends_with(|own: char| own.is_ascii_digit());
    (is_family && !is_company) || has_size(&tokens)
}

/// `o1`, `o3-mini`.
fn is_reasoner(token: &str) -> bool {
    matches!(token, "o1" | "o3" | "o4")
}

/// "tiny-7b", "Foo 1.5B": a size beside a name.
fn has_size(tokens: &[&str]) -> bool {
    let is_size = |token: &&&str| {
        let digits = token.trim_end_matches(['b', 'm']);
        digits.len() + 1 == token.len() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    tokens.len() > 1
        && tokens[1..].iter().any(|token| is_size(&token))
        && tokens[0].len() > 1
        && tokens[0].starts_with(|own: char| own.is_alphabetic())
        && !tokens.iter().any(|token| matches!(*token, "gpu" | "gpus" | "a100" | "h100" | "tokens" | "parameters"))
}

/// Families of models that are given out or served. A name is read by them; who made it is told by documents.
const FAMILIES: &[&str] = &[
    "gpt",
    "chatgpt",
    "instructgpt",
    "davinci",
    "claude",
    "sonnet",
    "opus",
    "haiku",
    "gemini",
    "llama",
    "codellama",
    "mistral",
    "mixtral",
    "ministral",
    "pixtral",
    "codestral",
    "qwen",
    "qwq",
    "deepseek",
    "gemma",
    "phi",
    "falcon",
    "palm",
    "bard",
    "grok",
    "glm",
    "chatglm",
    "kimi",
    "nemotron",
    "mpt",
    "vicuna",
    "wizardlm",
    "wizardcoder",
    "zephyr",
    "hermes",
    "openhermes",
    "dbrx",
    "olmo",
    "tulu",
    "bloom",
    "bloomz",
    "pythia",
    "flan",
    "starcoder",
    "internlm",
    "baichuan",
    "granite",
    "jamba",
    "jurassic",
    "codex",
    "copilot",
    "ernie",
    "minimax",
    "exaone",
    "solar",
    "yi",
    "r1",
    "smollm",
    "smollm2",
    "smollm3",
    "opt",
    "bert",
    "roberta",
    "t5",
    "mt5",
    "reka",
    "llava",
    "hunyuan",
    "doubao",
    "moonshot",
    "openchat",
    "nova",
    "titan",
    "whisper",
    "midjourney",
    "imagen",
    "flux",
    "sdxl",
    "neox",
    "gptj",
    "gptneo",
    "stablelm",
    "stablediffusion",
    "dolly",
    "koala",
    "guanaco",
    "xgen",
    "persimmon",
    "aya",
    "apertus",
    "eurollm",
    "teuken",
];

/// Who makes models that others learn from, folded.
fn is_vendor(lower: &str) -> bool {
    let folded: String = lower.chars().filter(|own| own.is_alphanumeric()).collect();
    VENDORS.contains(&folded.as_str())
}

const VENDORS: &[&str] = &[
    "openai",
    "anthropic",
    "google",
    "googledeepmind",
    "deepmind",
    "meta",
    "metaai",
    "microsoft",
    "mistralai",
    "cohere",
    "alibaba",
    "alibabacloud",
    "tencent",
    "baidu",
    "bytedance",
    "xai",
    "nvidia",
    "amazon",
    "ibm",
    "apple",
    "deepseekai",
    "moonshotai",
    "zhipu",
    "zhipuai",
    "stabilityai",
    "ai21",
    "ai21labs",
    "inflection",
    "perplexity",
    "minimaxai",
];

/// The names that follow a place, with words of filling before them and between: "by OpenAI's GPT-4, Claude 2 and our own".
/// Of the first only, whether something stands behind it that makes it no model ("by Example employees").
pub(super) fn names_after(block: &Block, start: usize, words: &[Word<'_>], at: usize) -> Vec<Name> {
    let mut found: Vec<Name> = Vec::new();
    let mut at = at;
    let mut skipped = 0;
    while let Some(word) = words.get(at) {
        if let Some(name) = name_at(block, start, words, at) {
            if words.get(name.to).is_some_and(|next| is(next, PEOPLE)) && !words[name.to - 1].closed {
                break;
            }
            at = name.to;
            skipped = 0;
            let is_end = words.get(at).is_none();
            let is_listed =
                is_end || words[at - 1].closed || is(&words[at], &["and", "or", "plus", "as"]) || words[at].text == "&";
            found.push(name);
            if is_end || !is_listed || found.len() == MOST_NAMES {
                break;
            }
            continue;
        }
        let joins = is(word, &["and", "or", "plus", "well", "&", "then"]);
        let fills = is(word, FILLING) || joins;
        // What stands behind a comma and is no name is another part of the sentence.
        if !fills || skipped >= MOST_SKIPPED || word.closed && !is(word, FILLING) {
            break;
        }
        if !found.is_empty() && !joins && !is(word, &["the", "a", "an", "as", "also"]) {
            break;
        }
        skipped += 1;
        at += 1;
    }
    found
}

const MOST_NAMES: usize = 8;
const MOST_SKIPPED: usize = 7;

#[cfg(test)]
mod tests {
    use super::{is_model, is_quantity};

    #[test]
    fn models_are_told_from_companies_quantities_and_other_names() {
        for name in [
            "GPT-4",
            "gpt-3.5-turbo",
            "ChatGPT",
            "Claude 3 Opus",
            "Llama-2-70b",
            "tiny-7b",
            "DeepSeek-R1",
            "Command R+",
            "o3-mini",
            "Qwen2.5",
            "text-davinci-003",
        ] {
            assert!(is_model(name), "{name}");
        }
        for name in
            ["OpenAI", "Mistral AI", "Wikipedia", "C4", "2T", "Common Crawl", "8 H100", "MMLU", "Example-Corpus-2024"]
        {
            assert!(!is_model(name), "{name}");
        }
        assert!(["2t", "100k", "1.4m", "2048", "70%", "4-bit"].iter().all(|own| is_quantity(own)));
        assert!(!is_quantity("c4") && !is_quantity("gpt-4"));
    }
}
