//! The three answers of a finding, written for a reader.

use crate::answers::{Answer, Answers, SeenSign, Standing};
use crate::judge::explanation::rounded;
use crate::judge::judgement::{Judgement, answer as bits_of, terms_of};
use crate::judge::sign::Question;
use crate::judge::verdict::{PERHAPS_BITS, YES_BITS};

/// What the facts and the signs answer.
pub(crate) fn answers(judgement: &Judgement, coordination: String) -> Answers {
    let facts = &judgement.facts;
    let settled = |yes: bool, leans: bool| match (yes, leans) {
        (true, _) => Standing::Yes,
        (false, true) => Standing::Perhaps,
        _ => Standing::No,
    };
    let (extraction, concealment) = (facts.extraction, facts.concealment);
    let answer = |question: Question, standing: Standing, bits: f64, statement: String| {
        let signs = told(judgement, question);
        let missing = judgement.missing(question).map(|sign| sign.name().to_owned()).collect();
        let standing = if signs.is_empty() { Standing::NotEvaluated } else { standing };
        Answer { standing, bits: rounded(bits), statement, signs, not_evaluated: missing }
    };
    Answers {
        coordination: answer(
            Question::Coordination,
            settled(facts.coordinated, facts.perhaps_coordinated),
            bits_of(&judgement.seen, Question::Coordination),
            coordination,
        ),
        extraction: answer(
            Question::Extraction,
            settled(extraction >= YES_BITS, extraction > PERHAPS_BITS),
            extraction,
            sentence(judgement, Question::Extraction),
        ),
        concealment: answer(
            Question::Concealment,
            settled(concealment >= YES_BITS, concealment > PERHAPS_BITS),
            concealment,
            sentence(judgement, Question::Concealment),
        ),
    }
}

/// The strongest signs on either side, in words.
fn sentence(judgement: &Judgement, question: Question) -> String {
    let mut signs = told(judgement, question);
    signs.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
    let side = |sign: f64| -> Vec<String> {
        let of = signs.iter().filter(|of| of.bits * sign >= 0.5).take(3);
        of.map(|of| of.statement.split(" (").next().unwrap_or_default().to_owned()).collect()
    };
    let (speaks_for, against) = (side(1.0), side(-1.0));
    match (speaks_for.is_empty(), against.is_empty()) {
        (true, true) => "no sign speaks clearly for or against it".to_owned(),
        (false, true) => format!("evidence for it: {}", speaks_for.join("; ")),
        (true, false) => format!("evidence against it: {}", against.join("; ")),
        (false, false) => format!("evidence for it: {}; against it: {}", speaks_for.join("; "), against.join("; ")),
    }
}

/// The signs of a question, each with what it says for an operator against unrelated accounts.
pub(crate) fn told(judgement: &Judgement, question: Question) -> Vec<SeenSign> {
    let of_question = judgement.seen.iter().filter(|of| of.level.sign().question() == question);
    of_question
        .zip(terms_of(&judgement.seen, question))
        .map(|(of, term)| SeenSign {
            name: of.level.sign().name().to_owned(),
            level: of.level.name(),
            statement: of.to_string(),
            bits: rounded(term.bits),
            weight: of.level.weight(),
        })
        .collect()
}
