use stillwatch_core::Random;

use super::{Answer, SYNONYMS, Writer, nonce};
use crate::draw::Draw;

/// A kind of harvested task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Model answers for instruction tuning.
    Sft,
    /// Elicited reasoning.
    Reasoning,
    /// The model as a judge.
    Rubric,
    Code,
    /// Traces of agents at work.
    Agent,
    Translation,
    /// What the model knows, field by field and in several languages.
    Knowledge,
}

impl Family {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sft => "sft",
            Self::Reasoning => "reasoning",
            Self::Rubric => "rubric",
            Self::Code => "code",
            Self::Agent => "agent",
            Self::Translation => "translation",
            Self::Knowledge => "knowledge",
        }
    }

    pub(crate) fn answer(self) -> Answer {
        match self {
            Self::Sft | Self::Translation | Self::Knowledge => Answer::Prose,
            Self::Reasoning => Answer::Reasoning,
            Self::Rubric => Answer::Verdict,
            Self::Code => Answer::Code,
            Self::Agent => Answer::Trace,
        }
    }

    /// One item of a work list.
    pub(crate) fn item(self, random: &mut Random) -> String {
        Writer::draw(random).write(&format!("{}_item", self.name()), random)
    }
}

/// Wording that is sent again and again around a changing payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template {
    /// Sentences; `<n>`, `<who>` and `<field>` in them are filled anew in each request.
    pub(crate) sentences: Vec<String>,
    heading: String,
    payload_first: bool,
}

impl Template {
    /// An application's own wording.
    pub(crate) fn application(random: &mut Random) -> Self {
        let writer = Writer::draw(random);
        let mut sentences = vec![writer.write("app_task", random)];
        for _ in 0..random.between(1, 5) {
            sentences.push(writer.write("app_rule", random));
        }
        sentences.push(writer.write("app_format", random));
        Self::of(sentences, random)
    }

    /// The wording of a harvest, an evaluation or a grader.
    pub(crate) fn harvest(family: Family, demands: usize, random: &mut Random) -> Self {
        let sentences = harvest_sentences(family, demands, random);
        Self::of(sentences, random)
    }

    /// An account's own selection from sentences that a ring shares.
    pub(crate) fn selection(bank: &[String], count: usize, random: &mut Random) -> Self {
        let mut order: Vec<usize> = (0..bank.len()).collect();
        random.shuffle(&mut order);
        Self::of(order.into_iter().take(count).map(|index| bank[index].clone()).collect(), random)
    }

    /// The same with some words left open, to be filled in each request.
    pub(crate) fn with_open_slots(mut self, random: &mut Random) -> Self {
        let mut slots = ["For <who>: ", "Topic area <field>. ", "Variant <n>. "];
        random.shuffle(&mut slots);
        for (sentence, slot) in self.sentences.iter_mut().zip(slots) {
            sentence.insert_str(0, slot);
        }
        self
    }

    /// The same sentences in another order, about `percent` of the words replaced.
    pub(crate) fn reworded(&self, percent: usize, random: &mut Random) -> Self {
        let mut sentences: Vec<String> =
            self.sentences.iter().map(|sentence| substitute(sentence, percent, random)).collect();
        random.shuffle(&mut sentences);
        Self { sentences, heading: self.heading.clone(), payload_first: random.chance(40) }
    }

    /// The prompt with this payload.
    pub(crate) fn render(&self, payload: &str, random: &mut Random) -> String {
        let mut instruction = self.sentences.join(" ");
        if instruction.contains('<') {
            let writer = Writer::draw(random);
            instruction = instruction
                .replace("<who>", &writer.expand("{role}s in {^nonce}", random))
                .replace("<field>", &writer.expand("{topic}", random))
                .replace("<n>", &random.between(1, 9999).to_string());
        }
        if self.payload_first {
            format!("{payload}\n\n{instruction}")
        } else {
            format!("{instruction}\n\n{}{payload}", self.heading)
        }
    }

    fn of(sentences: Vec<String>, random: &mut Random) -> Self {
        let word = nonce(true, random);
        let heading = match random.below(6) {
            0 => "Input:\n".into(),
            1 => "---\n".into(),
            2 => format!("### {word}\n"),
            3 => format!("{word}: "),
            4 => "\"\"\"\n".into(),
            _ => String::new(),
        };
        Self { sentences, heading, payload_first: random.chance(20) }
    }
}

/// Sentences in the manner of one family: a role, the task, demands and a format.
pub(crate) fn harvest_sentences(family: Family, demands: usize, random: &mut Random) -> Vec<String> {
    let name = family.name();
    let mut sentences = Vec::new();
    let write = |rule: &str, random: &mut Random| Writer::draw(random).write(rule, random);
    if random.chance(70) {
        sentences.push(write("h_role", random));
    }
    sentences.push(write(&format!("{name}_task"), random));
    for _ in 0..demands {
        sentences.push(write(&format!("{name}_demand"), random));
    }
    sentences.push(write("h_format", random));
    sentences
}

fn substitute(sentence: &str, percent: usize, random: &mut Random) -> String {
    let words: Vec<&str> = sentence
        .split(' ')
        .map(|word| {
            let (stem, tail) = word.split_at(word.trim_end_matches([',', '.', ';', ':']).len());
            let group = SYNONYMS.iter().find(|group| group.contains(&stem));
            // Few words have a synonym, so each of those is replaced more often than `percent` says.
            match group {
                Some(group) if tail.is_empty() && random.chance(percent * 5) => *random.pick(group),
                _ => word,
            }
        })
        .collect();
    let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    for filler in ["please", "always", "also", "really", "here", "now"] {
        if random.chance(percent) {
            words.insert(random.below(words.len().max(1)), filler.into());
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use stillwatch_core::Random;

    use super::{Family, Template};

    #[test]
    fn rewording_keeps_the_number_of_sentences_and_changes_some() {
        let mut random = Random::new(1, 1);
        let template = Template::harvest(Family::Sft, 4, &mut random);
        let reworded = template.reworded(11, &mut random);
        assert_eq!(template.sentences.len(), reworded.sentences.len());
        assert_ne!(template.sentences, reworded.sentences);
    }

    #[test]
    fn open_slots_are_filled_anew() {
        let mut random = Random::new(1, 2);
        let template = Template::harvest(Family::Code, 4, &mut random).with_open_slots(&mut random);
        let prompts: BTreeSet<String> = (0..5).map(|_| template.render("x", &mut random)).collect();
        assert_eq!(prompts.len(), 5);
        assert!(prompts.iter().all(|prompt| !prompt.contains("<who>") && !prompt.contains("<n>")));
    }

    #[test]
    fn applications_word_their_task_differently() {
        let instructions: BTreeSet<String> =
            (0..2000).map(|index| Template::application(&mut Random::new(3, index)).sentences.join(" ")).collect();
        assert_eq!(instructions.len(), 2000);
    }
}
