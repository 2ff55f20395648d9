//! The measures of answers and our judgement, for `benches/disclosure.py`, which learns the weights.
//!
//! Standard input has one answer a line, `{"question":…,"notes":…,"example":…,"text":…}`, or `{"item":…,"text":…}` for an item
//! of a questionnaire that comes with the program. The first line of standard
//! output is the table of measures with their directions; then one line an answer,
//! `{"measures":[…],"ruled_out":…,"disclosure":…,"probability":…,"why":[…]}`.
#![expect(clippy::print_stdout, reason = "an example talks to its caller")]

use std::io::{self, BufRead};

use serde_json::{Value, json};
use stillwatch_questionnaire::disclosure::{Asked, MEASURES, assess, measured};
use stillwatch_questionnaire::known;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let table: Vec<_> =
        MEASURES.iter().map(|measure| json!([measure.name, format!("{:?}", measure.direction)])).collect();
    println!("{}", json!(table));
    for line in io::stdin().lock().lines() {
        let input: Value = serde_json::from_str(&line?)?;
        let part = |name: &str| input[name].as_str().unwrap_or_default();
        let asked = match known(part("item")) {
            Some(item) => Asked { question: &item.ask, notes: &item.counts, example: "", wants: &item.wants },
            None => Asked { question: part("question"), notes: part("notes"), example: part("example"), wants: &[] },
        };
        let (measured, assessment) = (measured(&asked, part("text")), assess(&asked, part("text")));
        let answer = json!({
            "measures": measured.values,
            "ruled_out": measured.ruled_out,
            "disclosure": assessment.disclosure.as_str(),
            "probability": assessment.probability,
            "why": assessment.why,
        });
        println!("{answer}");
    }
    Ok(())
}
