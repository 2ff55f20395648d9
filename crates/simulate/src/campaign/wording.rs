use std::sync::Arc;

use stillwatch_core::Random;

use crate::account;
use crate::draw::Draw;
use crate::grammar::{Family, Meaning, Template, harvest_sentences};
use crate::plan::{CampaignPlan, Rewording};

/// How a ring words its requests, by family.
pub(super) struct Wordings(Vec<Wording>);

struct Wording {
    family: Family,
    template: Template,
    /// Sentences from which accounts make wordings of their own.
    bank: Vec<String>,
    /// What is asked for, when it is worded anew each time.
    meaning: Option<Arc<Meaning>>,
}

impl Wordings {
    pub(super) fn new(plan: &CampaignPlan, random: &mut Random) -> Self {
        let wordings = plan.families.iter().map(|family| {
            let template = Template::harvest(*family, random.between(3, 5), random);
            let template = match plan.rewording {
                Rewording::Slots => template.with_open_slots(random),
                _ => template,
            };
            let bank = (0..4).flat_map(|_| harvest_sentences(*family, 4, random)).collect();
            let meaning = (plan.rewording == Rewording::Paraphrased)
                .then(|| Arc::new(Meaning::draw(*family, random.between(3, 5), random)));
            Wording { family: *family, template, bank, meaning }
        });
        Self(wordings.collect())
    }

    /// The variants that one account uses, by family.
    pub(super) fn of_account(&self, rewording: Rewording, random: &mut Random) -> Vec<Vec<account::Wording>> {
        self.0.iter().map(|wording| wording.variants(rewording, random)).collect()
    }
}

impl Wording {
    fn variants(&self, rewording: Rewording, random: &mut Random) -> Vec<account::Wording> {
        if let Some(meaning) = &self.meaning {
            return vec![account::Wording::Meaning(meaning.clone())];
        }
        self.templates(rewording, random).into_iter().map(account::Wording::Template).collect()
    }

    fn templates(&self, rewording: Rewording, random: &mut Random) -> Vec<Arc<Template>> {
        match rewording {
            Rewording::Verbatim | Rewording::Slots | Rewording::Paraphrased => vec![Arc::new(self.template.clone())],
            Rewording::Shuffled => {
                (0..random.between(1, 3)).map(|_| Arc::new(self.template.reworded(11, random))).collect()
            }
            Rewording::OwnWording => {
                let count = random.between(5, 7);
                vec![Arc::new(Template::selection(&self.bank, count, random))]
            }
            Rewording::Private => vec![Arc::new(Template::harvest(self.family, random.between(2, 5), random))],
        }
    }
}
