//! The three questions of a campaign and its nearest innocent explanation, in words. Every form shows them first.

use stillwatch_detect::{Answer, BenignHypothesis, Campaign, Crowd, SeenSign, Standing};

use super::vocabulary::State;
use crate::number::counted;
use crate::phrase::{capitalised, plain, sentence};
use crate::prose::Page;

/// A question with its answer.
pub(crate) struct Question<'a> {
    /// For programs.
    pub(crate) name: &'static str,
    pub(crate) text: &'static str,
    pub(crate) answer: &'a Answer,
}

/// The questions, in the order in which they are asked.
pub(crate) fn questions(campaign: &Campaign) -> [Question<'_>; 3] {
    let answers = &campaign.answers;
    [
        Question { name: "coordination", text: "Do they act as one?", answer: &answers.coordination },
        Question { name: "extraction", text: "Do they harvest?", answer: &answers.extraction },
        Question { name: "concealment", text: "Do they hide it?", answer: &answers.concealment },
    ]
}

/// Above the columns of an overview.
pub(crate) const SHORT: [&str; 3] = ["as one", "harvest", "hidden"];

/// Whether the report answers the questions: reports of version 1, and those about single accounts, do not.
pub(crate) fn is_answered(campaign: &Campaign) -> bool {
    questions(campaign).iter().any(|question| question.answer.standing != Standing::NotEvaluated)
}

impl Question<'_> {
    /// `Yes`.
    pub(crate) fn word(&self) -> String {
        capitalised(self.answer.standing.word())
    }

    /// In a cell of an overview.
    pub(crate) fn cell(&self) -> &'static str {
        match self.answer.standing {
            Standing::NotEvaluated => "–",
            standing => standing.word(),
        }
    }

    /// `yes, +4.2 bits`.
    pub(crate) fn strength(&self) -> String {
        match self.answer.standing {
            Standing::NotEvaluated => self.answer.standing.word().into(),
            standing => format!("{}, {}", standing.word(), bits(self.answer.bits)),
        }
    }

    /// Why it is answered so, and what the log could not show.
    pub(crate) fn reason(&self) -> String {
        let statement = match sentence(&self.answer.statement) {
            "" => "the report gives no answer".to_owned(),
            statement => statement.to_owned(),
        };
        match self.answer.not_evaluated.as_slice() {
            [] => statement,
            missing => format!("{statement}. Not evaluated: {}", missing.join(", ")),
        }
    }

    /// Its signs, those that say most first.
    pub(crate) fn signs(&self) -> Vec<&SeenSign> {
        let mut signs: Vec<&SeenSign> = self.answer.signs.iter().collect();
        signs.sort_by(|a, b| b.bits.abs().total_cmp(&a.bits.abs()));
        signs
    }
}

/// The three answers in a sentence each.
pub(crate) fn summary(campaign: &Campaign) -> String {
    if !is_answered(campaign) {
        return UNANSWERED.into();
    }
    let told = questions(campaign);
    let told = told.iter().map(|of| format!("{} {}: {}.", of.text, capitalised(&of.strength()), of.reason()));
    told.collect::<Vec<_>>().join(" ")
}

/// What is told in place of answers.
pub(crate) const UNANSWERED: &str = "The report does not answer the three questions for this campaign.";

/// The innocent explanation that fits best.
pub(crate) fn nearest(campaign: &Campaign) -> Option<&BenignHypothesis> {
    let weighed = campaign.benign_hypotheses.iter().filter(|_| is_answered(campaign));
    weighed.min_by(|a, b| a.bits.total_cmp(&b.bits))
}

/// The three answers and the nearest innocent explanation, for a terminal.
pub(crate) fn write(page: &mut Page, campaign: &Campaign) {
    if !is_answered(campaign) {
        page.item("  ", UNANSWERED);
        return;
    }
    for question in questions(campaign) {
        page.item(&format!("  {} ", question.text), &format!("{}: {}", question.strength(), question.reason()));
    }
    if let Some(margin) = margin(campaign) {
        page.item("  nearest innocent explanation: ", &margin);
    }
}

/// How one hidden operator compares with the innocent explanation that fits best.
pub(crate) fn margin(campaign: &Campaign) -> Option<String> {
    let nearest = nearest(campaign)?;
    let untested = if nearest.tested { "" } else { " (the log shows too few signs to tell it from others)" };
    let compared = if campaign.margin_bits > 0.0 {
        format!("one hidden operator fits better by {}", odds(campaign.margin_bits))
    } else {
        format!("it fits better than one hidden operator by {}", odds(-campaign.margin_bits))
    };
    Some(format!("{}; {compared}{untested}", plain(nearest.name.as_str())))
}

/// `3.2 bits (about 9 to 1)`.
fn odds(margin: f64) -> String {
    let ratio = margin.exp2();
    let words = match ratio {
        ratio if !ratio.is_finite() || ratio > 1_000.0 => "more than 1,000 to 1".into(),
        ratio if ratio < 1.5 => "about even".into(),
        ratio => format!("about {ratio:.0} to 1"),
    };
    format!("{margin:.1} bits ({words})")
}

/// `+3.2 bits`.
pub(crate) fn bits(bits: f64) -> String {
    format!("{bits:+.1} bits")
}

/// By how many bits one hidden operator fits better than an innocent explanation, in a cell.
pub(crate) fn lead(campaign: &Campaign, hypothesis: &BenignHypothesis) -> String {
    if is_answered(campaign) { format!("{:+.1}", hypothesis.bits) } else { "–".into() }
}

/// Innocent explanations, those that speak for the accounts first.
pub(crate) fn hypotheses(campaign: &Campaign) -> Vec<&BenignHypothesis> {
    let mut all: Vec<&BenignHypothesis> = campaign.benign_hypotheses.iter().collect();
    all.sort_by(|a, b| a.bits.total_cmp(&b.bits).then_with(|| State::of(a).cmp(&State::of(b))));
    all
}

/// What is told of all crowds.
pub(crate) const CROWDS: &str = "Accounts that were found together and that an innocent explanation fits better than one \
                                 hidden operator does. They are no campaigns.";

/// `by 5.1 bits (about 34 to 1)`.
pub(crate) fn fit(crowd: &Crowd) -> String {
    odds(crowd.bits)
}

/// A crowd in a line.
pub(crate) fn crowd(crowd: &Crowd) -> String {
    format!(
        "{}: {} of {}; fits better than one hidden operator by {}",
        capitalised(sentence(&crowd.statement)),
        counted(crowd.exchanges, "exchange"),
        counted(crowd.organizations, "owner"),
        odds(crowd.bits)
    )
}

#[cfg(test)]
mod tests {
    use super::odds;

    #[test]
    fn bits_are_told_as_odds() {
        assert_eq!(odds(3.0), "3.0 bits (about 8 to 1)");
        assert_eq!(odds(0.2), "0.2 bits (about even)");
        assert_eq!(odds(60.0), "60.0 bits (more than 1,000 to 1)");
    }
}
