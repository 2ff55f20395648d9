//! A "no" that is more than words: beside them stands a statement that what a record says can speak against.

use stillwatch_lineage::agree::head;
use stillwatch_lineage::{Attribute, EdgeKind, Object, Question, Statement, Value};

use crate::importers::prose::denial::denied;
use crate::importers::prose::grammar::{EXCEPTS, UNSURE};

/// What an answer to a question denies, or affirms, as a statement like that of its words.
pub(super) fn denial(question: Question, text: &str, words: &Statement) -> Option<Statement> {
    let says = said(text)?;
    let (predicate, object, denied) = match (question, says) {
        (Question::VendorOutputs, false) => (EdgeKind::TrainedOnOutputsOf.into(), Object::Any, true),
        (Question::Synthetic, flag) => (Attribute::SYNTHETIC.into(), Object::Value(Value::Flag(flag)), false),
        _ => return None,
    };
    Some(Statement { predicate, object, denied, ..words.clone() })
}

/// A denial in the words of an answer to some other question, or to none: for a reviewer.
pub(super) fn in_passing(text: &str, words: &Statement) -> Option<Statement> {
    let denies = text.split_inclusive(['.', '!', ';', '\n']).any(|sentence| denied(sentence).outputs);
    let denial = Statement {
        predicate: EdgeKind::TrainedOnOutputsOf.into(),
        object: Object::Any,
        denied: true,
        proposed: true,
        ..words.clone()
    };
    denies.then_some(denial)
}

/// Yes or no to whether outputs of models were learnt from. Beyond a plain word at the head, a denial speaks of such
/// outputs and excepts nothing: "we did not train on customer data" denies something else.
fn said(text: &str) -> Option<bool> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|own: char| !(own.is_alphanumeric() || own == '\'' || own == '’')).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).take(MOST_WORDS).collect();
    let at_head = head(text);
    if at_head == Some(true) {
        return at_head;
    }
    if words.iter().any(|word| EXCEPTS.contains(word) || *word == "only") {
        return None;
    }
    let is_plain = at_head == Some(false)
        && lower.trim_start_matches(char::is_alphabetic).trim_start().starts_with(PLAIN)
        || at_head == Some(false) && words.len() == 1;
    if is_plain {
        return at_head;
    }
    if text.split_inclusive(['.', '!', ';', '\n']).any(|sentence| denied(sentence).outputs) {
        return Some(false);
    }
    let first = lower.split_inclusive(['.', '!', ';', '\n']).find(|part| part.split_whitespace().nth(1).is_some())?;
    let is_about = ABOUT.iter().any(|stem| first.contains(stem));
    let early: Vec<&str> = words.iter().copied().take(FAR).collect();
    let negates = early.windows(2).any(|pair| pair[1] == "not" && AUXILIARY.contains(&pair[0]))
        || early.iter().any(|word| word.ends_with("n't") || word.ends_with("n’t"));
    (is_about && (at_head == Some(false) || negates && !words.iter().any(|word| UNSURE.contains(word))))
        .then_some(false)
}

const MOST_WORDS: usize = 400;

/// A denial stands among the first words.
const FAR: usize = 12;

/// After the word at the head, what makes it an answer of its own.
const PLAIN: [char; 6] = ['.', ',', ';', ':', '!', '—'];

const AUXILIARY: &[&str] = &["did", "do", "does", "was", "were", "is", "are", "has", "have"];

const ABOUT: &[&str] =
    &["output", "distil", "synthetic", "generated", "written by", "teacher", "other models", "another model"];

#[cfg(test)]
mod tests {
    use super::said;

    #[test]
    fn denials_are_told_from_other_words() {
        for text in [
            "No.",
            "none",
            "No. Neither the model nor its parents were trained on outputs of other vendors' models.",
            "Neither the model nor its parents were trained on outputs of other vendors' models.",
            "The model was not trained on outputs of any other model.",
            "No outputs of other vendors' models were used at any stage.",
            "All training data were made by our own people, without outputs of any other vendor's models.",
            "We are fully independent of other vendors' models.",
            "Every example was written by people.",
            "Outputs of third-party models were not used.",
        ] {
            assert_eq!(said(text), Some(false), "{text}");
        }
        for text in [
            "We did not train on customer data.",
            "No customer data was used.",
            "No, except for 2,000 answers of GPT-4.",
            "The base model was not trained on outputs, but the fine-tuning used GPT-4.",
            "It is not known whether outputs were used.",
            "No information is available.",
            "30 % of the pairs are written by Llama-3-70B.",
            "confidential",
            "",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
        assert_eq!(said("Yes: 30 % of the pairs are written by Llama-3-70B."), Some(true));
    }
}
