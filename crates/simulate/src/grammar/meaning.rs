//! What is asked for, apart from how it is said.

use stillwatch_core::Random;

use super::{Family, Writer, nonce};
use crate::draw::Draw;

/// A request that is worded anew each time it is made, as a language model paraphrases it: the same role, task, demands
/// and format, in other sentences and another order. Numbers and names survive, as they do in a paraphrase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// Rules, each of which says one thing in many ways.
    ideas: Vec<&'static str>,
    /// Stands in the demand on form.
    label: String,
    number: usize,
}

impl Meaning {
    /// A role or none, the task of the family, `demands` demands and perhaps a form.
    pub(crate) fn draw(family: Family, demands: usize, random: &mut Random) -> Self {
        let mut own: Vec<&'static str> = demands_of(family).iter().chain(DEMANDS).copied().collect();
        random.shuffle(&mut own);
        let mut ideas = vec![task_of(family)];
        if random.chance(65) {
            ideas.push(random.word(ROLES));
        }
        ideas.extend(own.into_iter().take(demands));
        if random.chance(75) {
            ideas.push(random.word(FORMS));
        }
        Self { ideas, label: nonce(false, random), number: random.between(3, 12) }
    }

    /// One way of asking for it.
    pub(crate) fn render(&self, payload: &str, random: &mut Random) -> String {
        let writer = Writer::draw(random);
        let mut ideas = self.ideas.clone();
        // The task comes early; a paraphrase now and then leaves a demand out.
        let task = ideas.remove(0);
        random.shuffle(&mut ideas);
        if ideas.len() > 2 && random.chance(40) {
            ideas.pop();
        }
        ideas.insert(random.below(ideas.len().min(2) + 1), task);
        let mut instruction = String::new();
        for idea in ideas {
            if !instruction.is_empty() {
                instruction.push_str(random.word(&[" ", " ", " ", "\n", "\n- "]));
            }
            instruction.push_str(&writer.write(&format!("^{idea}"), random));
        }
        let instruction = instruction.replace("<label>", &self.label).replace("<k>", &self.number.to_string());
        if random.chance(35) {
            format!("{payload}\n\n{instruction}")
        } else {
            format!("{instruction}{}{payload}", writer.write("p_lead", random))
        }
    }
}

fn task_of(family: Family) -> &'static str {
    match family {
        Family::Sft => "p_sft",
        Family::Reasoning => "p_reasoning",
        Family::Rubric => "p_rubric",
        Family::Code => "p_code",
        Family::Agent => "p_agent",
        Family::Translation => "p_translation",
        Family::Knowledge => "p_knowledge",
    }
}

fn demands_of(family: Family) -> &'static [&'static str] {
    match family {
        Family::Sft => &["p_tone", "p_question"],
        Family::Reasoning => &["p_doubt", "p_steps", "p_second_way"],
        Family::Rubric => &["p_scale", "p_strict", "p_weakness"],
        Family::Code => &["p_tests", "p_cost", "p_edges"],
        Family::Agent => &["p_steps", "p_recover"],
        Family::Translation => &["p_tone", "p_names"],
        Family::Knowledge => &["p_names", "p_question"],
    }
}

const ROLES: &[&str] = &["p_expert", "p_teacher", "p_careful"];
const DEMANDS: &[&str] = &["p_full", "p_assume", "p_check", "p_example", "p_no_chat", "p_plain", "p_honest"];
const FORMS: &[&str] = &["p_tag", "p_last_line", "p_json"];

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use stillwatch_core::Random;

    use super::Meaning;
    use crate::grammar::Family;

    /// Runs of `words` words in a text.
    fn runs(text: &str, words: usize) -> BTreeSet<String> {
        let all: Vec<&str> = text.split_whitespace().collect();
        all.windows(words).map(|run| run.join(" ")).collect()
    }

    #[test]
    fn no_sentence_is_kept_from_one_request_to_the_next() {
        for family in [Family::Sft, Family::Reasoning, Family::Rubric, Family::Code, Family::Agent, Family::Translation]
        {
            let mut random = Random::new(1, 1);
            let meaning = Meaning::draw(family, 4, &mut random);
            let texts: Vec<String> = (0..400).map(|_| meaning.render("", &mut random)).collect();
            assert_eq!(texts.iter().collect::<BTreeSet<_>>().len(), 400, "{family:?}");
            let mut holders: BTreeMap<String, usize> = BTreeMap::new();
            for run in texts.iter().flat_map(|text| runs(text, 8)) {
                *holders.entry(run).or_default() += 1;
            }
            // Eight words in a row are a sentence; a stock phrase is shorter.
            let most = holders.values().max().copied().unwrap_or_default();
            assert!(most <= 8, "{family:?}: {:?}", holders.iter().max_by_key(|(_, count)| **count));
            assert!(texts.iter().all(|text| !text.contains(['{', '}', '<', '>'])), "{family:?}");
        }
    }

    #[test]
    fn what_is_asked_for_stays_the_same() {
        let mut random = Random::new(2, 1);
        let meaning = Meaning::draw(Family::Reasoning, 4, &mut random);
        let about: BTreeSet<&str> =
            ["step", "reason", "think", "thought", "infer", "path", "deduc", "deriv", "logic", "deliberat", "argument"]
                .into();
        let texts: Vec<String> = (0..200).map(|_| meaning.render("", &mut random).to_lowercase()).collect();
        assert!(texts.iter().all(|text| about.iter().any(|word| text.contains(word))));
    }
}
