//! How families of models and people write, learned from labelled texts.

use std::collections::BTreeMap;
use std::io::BufWriter;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use stillwatch_audit::style::{Labelled, TrainError, Trainer};
use stillwatch_core::Stage;
use tracing::info_span;

use super::AuditError;
use super::reference::{self, HUMAN_FILE, HumanReference, STYLE_FILE};
use crate::atomic;
use crate::context::Context;
use crate::corpus::notify_of_rows;
use crate::notice::Notice;
use crate::reading::threads;

/// Learns style from a folder of labelled texts.
#[derive(Clone, Debug, Default)]
pub struct Train {
    pub reference: PathBuf,
    /// The field that holds the text.
    pub text: Option<String>,
    /// The file to write; without it, `style.model` in the reference folder.
    pub output: Option<PathBuf>,
    /// Without it, one a processor.
    pub threads: Option<NonZeroUsize>,
}

/// What was learned.
#[derive(Clone, Debug)]
pub struct Trained {
    pub families: Vec<LearnedFamily>,
    pub texts: u64,
    /// Families that the texts name.
    pub named_families: usize,
    /// Where the model is.
    pub model: PathBuf,
    /// More rows were rejected than allowed, or all of them.
    pub is_partial: bool,
}

#[derive(Clone, Debug)]
pub struct LearnedFamily {
    pub name: String,
    pub makers: usize,
    pub texts: usize,
}

impl Train {
    /// Where the model will be.
    pub fn target(&self) -> PathBuf {
        self.output.clone().unwrap_or_else(|| self.reference.join(STYLE_FILE))
    }

    pub fn run(&self, context: &Context) -> Result<Trained, AuditError> {
        let _span = info_span!("train").entered();
        let target = self.target();
        let (texts, tally, has_failed) = reference::read(&self.reference, self.text.as_deref(), self.threads, context)?;
        let is_partial = notify_of_rows(&tally, None, context) || has_failed;
        let mut trainer = Trainer::default().with_cancel(context.cancel.clone());
        let mut families: BTreeMap<&str, u64> = BTreeMap::new();
        for text in &texts {
            context.cancel.check()?;
            let label = &text.label;
            if label.family.is_empty() {
                return Err(AuditError::NoFamily);
            }
            *families.entry(&label.family).or_default() += 1;
            trainer
                .add(&Labelled {
                    text: &text.text,
                    family: &label.family,
                    maker: &label.maker,
                    date: label.date.as_deref(),
                    domain: &label.domain,
                    group: &label.group,
                })
                .map_err(|error| AuditError::Style(error.into()))?;
        }
        context.progress.begin(&LEARNING);
        let model = trainer.train(threads(self.threads)).map_err(|error| match error {
            TrainError::Cancelled(cancelled) => cancelled.into(),
            error => AuditError::Style(error.into()),
        })?;
        context.progress.end();
        let human = HumanReference::of(&texts);
        let mut failed = None;
        atomic::write_with(&target, &context.temporaries, |file| {
            model.write(BufWriter::new(file)).map_err(|error| {
                failed = Some(error.to_string());
                std::io::ErrorKind::Other.into()
            })
        })
        .map_err(|error| {
            let source = failed.take().map_or_else(|| error.into(), Into::into);
            AuditError::ModelNotWritten { path: target.clone(), source }
        })?;
        human.write(&target.with_file_name(HUMAN_FILE), context)?;
        if human.uniformity.mean().is_none() {
            context.notify(&Notice::LittleHumanText);
        }
        let learned = model.card().families.iter().map(|family| LearnedFamily {
            name: family.name.clone(),
            makers: family.makers.len(),
            texts: family.makers.iter().map(|maker| maker.documents).sum(),
        });
        Ok(Trained {
            families: learned.collect(),
            texts: texts.len() as u64,
            named_families: families.len(),
            model: target,
            is_partial,
        })
    }
}

/// Each maker, family and domain is left out once.
const LEARNING: Stage = Stage { name: "learning", unit: "models", total: None };
