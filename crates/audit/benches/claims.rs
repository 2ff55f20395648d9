//! Self-claims in answers of models whose makers are known: how many are understood, and how many name another maker.
//!
//! `cargo bench -p stillwatch-audit --bench claims -- FILE.gz [list]`
//!
//! FILE holds a JSON object a line with `model` and `output`, as `outputs_alpaca_eval_small.jsonl.gz`. A sentence with the
//! name of its model's own maker and a first person is taken for a claim; few are none (employees in stories, questions).
//! `list` prints those that are not attributed.
#![expect(clippy::print_stdout, clippy::unwrap_used, clippy::cast_precision_loss, reason = "a measurement")]

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};

use flate2::read::GzDecoder;
use serde::Deserialize;
use stillwatch_audit::{Claims, Standing};
use stillwatch_core::{Author, Document};

#[derive(Deserialize)]
struct Answer {
    model: String,
    output: String,
    #[serde(default)]
    prompt: Option<String>,
}

/// How names of models begin, their maker, and words of which one names it.
const MAKERS: [(&[&str], &str, &[&str]); 9] = [
    (&["claude"], "Anthropic", &["Anthropic", "Claude"]),
    (&["gpt", "text_davinci", "chatgpt"], "OpenAI", &["OpenAI", "ChatGPT", "GPT-"]),
    (&["gemini", "gemma"], "Google", &["Google", "Gemma", "Gemini", "Bard"]),
    (&["qwen"], "Alibaba", &["Alibaba", "Qwen"]),
    (&["mistral", "mixtral"], "Mistral", &["Mistral"]),
    (&["meta", "llama"], "Meta", &["Meta AI", "LLaMA", "Llama"]),
    (&["yi"], "01.AI", &["01.AI", "Yi-"]),
    (&["oasst"], "LAION", &["LAION", "Open Assistant", "OpenAssistant"]),
    (&["vicuna"], "LMSYS", &["LMSYS", "Vicuna"]),
];

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    let Some(file) = arguments.next() else {
        println!("no file of answers given; nothing is measured");
        return;
    };
    let list = arguments.next().is_some();
    let claims = Claims::default();
    let (mut answers, mut candidates, mut understood, mut others) = (0_u64, 0_u64, 0_u64, 0_u64);
    let mut by_maker: BTreeMap<&str, u64> = BTreeMap::new();
    for line in BufReader::new(GzDecoder::new(File::open(file).unwrap())).lines() {
        let answer: Answer = serde_json::from_str(&line.unwrap()).unwrap();
        answers += 1;
        let model = answer.model.to_lowercase();
        let known = MAKERS.iter().find(|(names, ..)| names.iter().any(|name| model.starts_with(name)));
        let Some((_, maker, names)) = known else { continue };
        let mut named: Vec<&str> = Vec::new();
        let document = Document {
            text: &answer.output,
            author: Author::Model,
            prompt: answer.prompt.as_deref(),
            ..Document::default()
        };
        let (mut own, mut set_aside) = (false, false);
        claims.find(&document, |claim| {
            own |= claim.vendor == Some(maker) && claim.standing == Standing::Plain;
            set_aside |= claim.vendor == Some(maker) && matches!(claim.standing, Standing::Elicited | Standing::Denied);
            named.extend(claim.vendor.filter(|_| claim.standing == Standing::Plain));
        });
        if named.iter().any(|named| named != maker) {
            others += 1;
            *by_maker.entry(maker).or_default() += 1;
        }
        let sentences = answer.output.split_inclusive(['.', '!', '?', '\n']);
        let mut claimed = sentences.filter(|sentence| {
            let words: Vec<&str> = sentence.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '’')).collect();
            let first = ["I", "I'm", "I’m", "My", "my", "me"].iter().any(|word| words.contains(word));
            first && names.iter().any(|name| sentence.contains(name))
        });
        let Some(sentence) = claimed.next() else { continue };
        if set_aside && !own {
            continue;
        }
        candidates += 1;
        understood += u64::from(own);
        if list && !own {
            println!("  {}: {}", answer.model, sentence.trim());
        }
    }
    println!(
        "{answers} answers; {candidates} of models with known makers hold a sentence with the maker's name and a first person, and of \
         {understood} ({:.1} %) it is attributed",
        100.0 * understood as f64 / candidates.max(1) as f64
    );
    println!("attributed to another maker, by the true one: {others} {by_maker:?}");
}
