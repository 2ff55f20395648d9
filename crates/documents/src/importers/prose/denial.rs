//! "No outputs of other vendors' models were used", "fully independent": a denial in words is a denial, in cards and in
//! answers, and what the graph says can speak against it.

use super::grammar::{EXCEPTS, UNSURE};
use super::thing::{DATA, OUTPUTS};
use super::verb::LEARNS;
use super::word::{Word, any, is, is_negation, words};

/// What a sentence denies of a model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Denied {
    /// That outputs of other models were learnt from.
    pub(crate) outputs: bool,
    /// That examples were written by models.
    pub(crate) synthetic: bool,
    /// That it started from another model's weights.
    pub(crate) parents: bool,
}

/// Reads a sentence of any form; what is only hoped for, forbidden to others, excepted or not known denies nothing.
pub(crate) fn denied(sentence: &str) -> Denied {
    let words = words(sentence);
    if words.is_empty() || sentence.trim_end().ends_with('?') || is_open(&words) {
        return Denied::default();
    }
    let independent = is_independent(&words);
    let human = is_all_human(&words);
    let (outputs, synthetic) = of_outputs(&words);
    Denied {
        outputs: outputs || human || independent == Independence::Whole,
        synthetic: synthetic || human,
        parents: independent != Independence::None || of_parents(&words),
    }
}

/// Whether a sentence leaves open what it denies: a rule for others, an exception, a lack of knowledge.
fn is_open(words: &[Word<'_>]) -> bool {
    const RULES: &[&str] = &[
        "may",
        "must",
        "should",
        "shall",
        "cannot",
        "can",
        "could",
        "would",
        "you",
        "your",
        "users",
        "customers",
        "permitted",
        "allowed",
        "prohibited",
        "forbidden",
        "terms",
        "policy",
        "if",
        "licensee",
        "agree",
        "consent",
        "will",
    ];
    any(words, EXCEPTS) || any(words, UNSURE) || any(words, RULES)
}

/// Outputs of others denied, and generated examples denied.
fn of_outputs(words: &[Word<'_>]) -> (bool, bool) {
    let negations =
        words.iter().enumerate().filter(|(_, word)| is_negation(&word.lower) || is(word, &["free", "nothing"]));
    let (mut outputs, mut synthetic) = (false, false);
    for (at, word) in negations {
        let is_free = is(word, &["free"]);
        // "not only" denies nothing, "free" alone neither.
        let next = words.get(at + 1);
        if next.is_some_and(|next| is(next, &["only", "just", "merely", "longer"]))
            || is_free && !next.is_some_and(|next| is(next, &["of", "from"]))
        {
            continue;
        }
        let reach = &words[at + 1..words.len().min(at + 1 + FAR)];
        outputs |= names_outputs(reach) || comes_after(words, at);
        synthetic |= names_synthetic(reach) || synthetic_before(words, at);
    }
    (outputs, synthetic)
}

/// A denial reaches so many words.
const FAR: usize = 18;

/// Outputs, and whose they would be: "outputs of other vendors' models", "responses of commercial LLMs", "written by
/// another language model".
fn names_outputs(words: &[Word<'_>]) -> bool {
    let is_output = |word: &Word<'_>| {
        is(word, OUTPUTS) && !is(word, &["feedback", "explanation", "explanations", "solutions"])
            || is(
                word,
                &[
                    "generated",
                    "distilled",
                    "distillation",
                    "distilling",
                    "written",
                    "produced",
                    "teacher",
                    "teachers",
                    "synthetic",
                ],
            )
            || is_machine_made(&word.lower)
    };
    let is_other = |word: &Word<'_>| {
        let lower = word.lower.trim_end_matches("'s").trim_end_matches('\'');
        OTHERS.contains(&lower) || is_machine_made(&word.lower)
    };
    let is_model = |word: &Word<'_>| {
        let lower = word.lower.trim_end_matches("'s").trim_end_matches('\'');
        MODELS.contains(&lower) || is_machine_made(&word.lower)
    };
    let made = words.iter().any(is_output);
    let own = words.iter().any(|word| is(word, &["this", "our", "its"])) && !words.iter().any(is_other);
    made && words.iter().any(is_model) && (words.iter().any(is_other) || any(words, LEARNS) || any(words, DATA)) && !own
        || names_distillation(words)
}

/// "any form of distillation", "distillation from a teacher".
fn names_distillation(words: &[Word<'_>]) -> bool {
    any(words, &["distillation", "distilled", "distil", "distill"]) && !any(words, &["quantization", "quantisation"])
}

const OTHERS: &[&str] = &[
    "other",
    "others",
    "another",
    "any",
    "third-party",
    "third",
    "external",
    "vendor",
    "vendors",
    "competitor",
    "competitors",
    "competing",
    "proprietary",
    "closed",
    "commercial",
    "foreign",
    "outside",
    "rival",
    "provider",
    "providers",
    "companies",
    "company",
    "existing",
    "different",
    "frontier",
    "single",
    "someone",
];
const MODELS: &[&str] = &[
    "model",
    "models",
    "llm",
    "llms",
    "ai",
    "ais",
    "vendor",
    "vendors",
    "provider",
    "providers",
    "competitor",
    "competitors",
    "chatbot",
    "chatbots",
    "assistant",
    "assistants",
    "system",
    "systems",
    "lab",
    "labs",
    "developer",
    "developers",
    "machine",
    "company",
    "companies",
    "teacher",
    "teachers",
];

/// "machine-generated", "AI-written", "LLM-generated".
fn is_machine_made(lower: &str) -> bool {
    ["ai", "llm", "model", "machine", "gpt"].iter().any(|maker| {
        lower.strip_prefix(maker).and_then(|rest| rest.strip_prefix('-')).is_some_and(|rest| {
            matches!(rest, "generated" | "written" | "produced" | "authored" | "made" | "synthesized" | "distilled")
        })
    })
}

/// "Outputs of other models were not used": the denial stands behind what it denies.
fn comes_after(words: &[Word<'_>], at: usize) -> bool {
    let before = &words[at.saturating_sub(FAR)..at];
    let after = &words[at + 1..words.len().min(at + 5)];
    let is_used =
        any(after, &["used", "use", "included", "involved", "present", "part", "employed", "utilized", "taken"]);
    let other = any(before, OTHERS) || before.iter().any(|word| word.lower.ends_with("s'"));
    is_used && any(before, OUTPUTS) && other && names_outputs(before)
}

fn names_synthetic(words: &[Word<'_>]) -> bool {
    let near = &words[..words.len().min(8)];
    near.iter()
        .any(|word| is(word, &["synthetic", "synthetically", "machine-generated"]) || is_machine_made(&word.lower))
        && (any(words, DATA) || any(words, &["generated", "content"]))
}

fn synthetic_before(words: &[Word<'_>], at: usize) -> bool {
    let before = &words[at.saturating_sub(8)..at];
    let after = &words[at + 1..words.len().min(at + 4)];
    any(before, &["synthetic", "machine-generated"]) && any(after, &["used", "included", "part", "present", "involved"])
}

/// "contains only human-written text", "entirely authored by people".
fn is_all_human(words: &[Word<'_>]) -> bool {
    let is_human = |word: &Word<'_>| {
        word.lower.strip_prefix("human-").is_some_and(|rest| {
            matches!(rest, "written" | "authored" | "generated" | "made" | "created" | "curated" | "annotated")
        })
    };
    let by_people = words.windows(3).any(|part| {
        is(&part[0], &["written", "authored", "composed", "created"])
            && part[1].lower == "by"
            && is(&part[2], &["humans", "people", "human", "hand"])
    });
    let all =
        any(words, &["only", "exclusively", "entirely", "solely", "purely", "100%", "fully", "wholly", "all", "every"]);
    (words.iter().any(is_human)
        && !any(words, &["annotated", "evaluation", "some", "part", "partly", "mix", "mixture"])
        || by_people)
        && all
        && any(words, DATA)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Independence {
    None,
    /// Of other models' weights: "Europe's independent language model".
    Weights,
    /// Of other vendors altogether: "fully independent of any other vendor".
    Whole,
}

fn is_independent(words: &[Word<'_>]) -> Independence {
    const WHAT: &[&str] = &[
        "model",
        "models",
        "llm",
        "llms",
        "system",
        "developed",
        "development",
        "built",
        "trained",
        "training",
        "foundation",
        "created",
        "stack",
    ];
    const JUDGES: &[&str] = &[
        "evaluation",
        "evaluations",
        "evaluator",
        "evaluators",
        "researcher",
        "researchers",
        "study",
        "studies",
        "audit",
        "auditor",
        "auditors",
        "test",
        "tests",
        "testing",
        "institute",
        "expert",
        "experts",
        "reviewers",
        "review",
        "verification",
        "variables",
        "samples",
        "runs",
        "assessment",
        "labs",
        "developers",
        "contributors",
        "annotators",
        "annotator",
        "benchmark",
        "benchmarks",
        "party",
        "parties",
        "evaluated",
        "tokenizer",
        "seeds",
        "nonprofit",
    ];
    let found = words.iter().position(|word| matches!(word.lower.as_str(), "independent" | "independently"));
    let Some(at) = found else { return Independence::None };
    let around = &words[at.saturating_sub(7)..words.len().min(at + 8)];
    let behind = &words[at + 1..words.len().min(at + 3)];
    let denies = words[at.saturating_sub(2)..at].iter().any(|word| is_negation(&word.lower));
    if !any(around, WHAT) || any(behind, JUDGES) || denies {
        return Independence::None;
    }
    let is_whole = at > 0
        && is(&words[at - 1], &["fully", "completely", "entirely", "wholly", "totally", "truly", "100%", "absolutely"])
        || words.get(at + 1).is_some_and(|next| is(next, &["of", "from"]))
            && words[at..words.len().min(at + 10)].iter().any(|word| {
                let lower = word.lower.trim_end_matches("'s").trim_end_matches('\'');
                MODELS.contains(&lower) || lower.starts_with("third")
            });
    if is_whole { Independence::Whole } else { Independence::Weights }
}

/// "trained from scratch", "no parent model", "not derived from any other model".
fn of_parents(words: &[Word<'_>]) -> bool {
    let learns = any(words, &["trained", "built", "developed", "pretrained", "pre-trained", "created", "trains"]);
    let scratch = words.windows(2).any(|pair| pair[0].lower == "from" && pair[1].lower == "scratch")
        || words.windows(4).any(|part| {
            part[0].lower == "from" && part[1].lower == "the" && part[2].lower == "ground" && part[3].lower == "up"
        });
    let negated = words.iter().any(|word| is_negation(&word.lower));
    let about_parts = any(
        words,
        &[
            "tokenizer",
            "tokeniser",
            "head",
            "adapter",
            "encoder",
            "layers",
            "classifier",
            "script",
            "code",
            "projector",
        ],
    );
    if scratch && learns && !negated && !about_parts {
        return true;
    }
    words.iter().enumerate().any(|(at, word)| {
        let reach = &words[at + 1..words.len().min(at + 9)];
        let of_weights = any(
            reach,
            &[
                "fine-tuned",
                "finetuned",
                "initialized",
                "initialised",
                "based",
                "derived",
                "fine-tune",
                "derivative",
                "fork",
            ],
        );
        is_negation(&word.lower)
            && of_weights
            && any(reach, &["any", "another", "other", "existing", "third-party"])
            && any(reach, MODELS)
    })
}

#[cfg(test)]
mod tests {
    use super::denied;

    #[test]
    fn outputs_of_others_are_denied_in_many_forms() {
        for text in [
            "No outputs of other vendors' models were used in its training.",
            "The model was not trained on outputs of any other model.",
            "All training data were made without outputs of any other vendor.",
            "None of the examples were written by another language model.",
            "It did not learn from responses of commercial LLMs.",
            "Outputs of third-party models were not used at any stage.",
            "We never trained on responses from other providers' models.",
            "Training was carried out without synthetic outputs from any external model.",
            "Neither pre-training nor fine-tuning used completions of a competitor's model.",
            "The corpus is free of text generated by other AI models.",
            "Not a single example was AI-generated.",
            "The model is fully independent of any other vendor's model.",
            "Our model is completely independent.",
            "The data set contains only human-written text.",
            "All examples were written by people.",
            "No distillation from other models took place.",
        ] {
            assert!(denied(text).outputs, "{text}");
        }
    }

    #[test]
    fn what_is_forbidden_excepted_or_not_known_denies_nothing() {
        for text in [
            "You may not use outputs of this model to train other models.",
            "No outputs of other models were used, except for 2,000 answers of a teacher.",
            "We do not know whether outputs of other models were used.",
            "Customers must not train competing models on outputs of any model.",
            "It was evaluated by an independent institute.",
            "No customer data was used.",
            "The model does not output harmful text.",
            "Not only outputs of other models but also books were used.",
            "The base model was not trained on outputs, but the fine-tuning used them.",
            "Is it free of outputs of other models?",
            "The samples are independent and identically distributed.",
            "Two annotators worked independently.",
        ] {
            assert_eq!(denied(text), super::Denied::default(), "{text}");
        }
    }

    #[test]
    fn independence_of_weights_is_told_from_independence_of_vendors() {
        let own = denied("Aurora is Europe's independent language model.");
        assert!(own.parents && !own.outputs);
        assert!(denied("It was trained from scratch on 2T tokens.").parents);
        assert!(!denied("The tokenizer was trained from scratch.").parents);
        assert!(denied("It was not fine-tuned from any other model.").parents);
    }
}
