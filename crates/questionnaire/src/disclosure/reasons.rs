//! The reasons of a judgement, in plain words.

use stillwatch_lineage::placeholder::Placeholder;

use super::Disclosure;
use super::answer::AnswerContent;
use super::contents::Contents;
use super::fact::FactKind;
use super::question::QuestionContent;
use super::rules::Ruled;
use super::sentence::MOST_CHARACTERS;

pub(super) fn reasons(
    wanted: &QuestionContent,
    said: &AnswerContent,
    ruled: Option<Ruled>,
    disclosure: Disclosure,
    cut: bool,
) -> Vec<String> {
    let mut why = Vec::new();
    let mut say = |reason: &str| why.push(reason.to_owned());
    match ruled {
        Some(Ruled::Placeholder(Placeholder::Empty)) => say("a placeholder that says nothing"),
        Some(Ruled::Placeholder(Placeholder::Withheld) | Ruled::Withheld) => say("says only that it will not be said"),
        Some(Ruled::Placeholder(Placeholder::Elsewhere)) => say("says only where else to look"),
        Some(Ruled::Nothing) => say("has no words"),
        Some(Ruled::Echo) => say("gives back the words of the question and adds none of its own"),
        Some(Ruled::Beside) => say("shares no word with the question and has no name, quantity or link"),
        Some(Ruled::Strung) => say("strings words together that make no English sentences"),
        Some(Ruled::Foreign) => say("is not in English, which alone is judged here"),
        None => measured(wanted, said, disclosure, &mut why),
    }
    if cut {
        why.push(format!("only the first {MOST_CHARACTERS} characters were read"));
    }
    why
}

fn measured(wanted: &QuestionContent, said: &AnswerContent, disclosure: Disclosure, why: &mut Vec<String>) {
    let denies = said.denies && wanted.accepts_no == Some(true);
    let asked = Contents::of(&wanted.needs, wanted, said).filter(|asked| !asked.none && !denies);
    let missing = asked.map(|asked| asked.missing).unwrap_or_default();
    let of_amount = missing.contains(&FactKind::Amount);
    if !missing.is_empty() {
        let missing: Vec<&str> = missing.iter().map(|kind| kind.phrase()).collect();
        why.push(format!("asked for and not found: {}", missing.join(", ")));
    }
    let fitting = wanted.fitting(said);
    if wanted.quantity && said.quantities.is_empty() && !of_amount {
        why.push("names no quantity where one was asked".to_owned());
    } else if wanted.quantity && !said.quantities.is_empty() && !fitting {
        why.push("names quantities, but none in a unit of the question".to_owned());
    }
    if said.withheld > 0 {
        why.push("says in part that it will not be said".to_owned());
    }
    if denies {
        why.push("denies, which the question takes for an answer".to_owned());
    }
    if said.points_elsewhere() {
        why.push("is little more than a link; what stands there was not read".to_owned());
    } else if said.says_scarcely_anything() {
        why.push("says scarcely anything".to_owned());
    }
    if 10 * said.hedges >= said.words && said.hedges > 1 {
        why.push(format!("{} of {} words leave open how much or which", said.hedges, said.words));
    }
    let counted = [
        (said.names.len(), "name", "names"),
        (said.quantities.len(), "quantity", "quantities"),
        (said.links, "link", "links"),
    ];
    let held: Vec<_> = counted
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, more)| format!("{count} {}", if count == 1 { one } else { more }))
        .collect();
    if !held.is_empty() {
        why.push(held.join(", "));
    } else if disclosure != Disclosure::Answered {
        why.push("holds no name, quantity or link".to_owned());
    }
    let own = said.content.iter().filter(|stem| !wanted.question.contains(*stem)).count();
    match own {
        0 => why.push("no word that the question does not have".to_owned()),
        1 => why.push("1 word that the question does not have".to_owned()),
        _ => why.push(format!("{own} words that the question does not have")),
    }
}
