//! `stillwatch audit train`

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::thread;

use stillwatch_audit::style::{Labelled, Trainer};
use stillwatch_core::Stage;
use stillwatch_report::{count, counted};

use super::audit::tell;
use crate::audit::{HUMAN_FILE, HumanReference, STYLE_FILE, reference};
use crate::cli::AuditTrain;
use crate::error::{Code, Failure};
use crate::message::{note, warning};
use crate::{atomic, interrupt, output};

pub(crate) fn run(arguments: &AuditTrain) -> Result<Code, Failure> {
    let target = arguments.output.clone().unwrap_or_else(|| arguments.reference.join(STYLE_FILE));
    output::check(Some(&target))?;
    let (texts, tally) = reference::read(&arguments.reference, arguments.text.as_deref(), arguments.threads)?;
    let partial = tell(&tally, None);
    let mut trainer = Trainer::default();
    let mut families: BTreeMap<&str, u64> = BTreeMap::new();
    let refuse = |error: stillwatch_audit::style::TrainError| {
        Failure::usage("style cannot be learned from these texts").because(error).help(
            "label each record with `family` (a vendor, human or other) or put it below a folder of that name; texts by people \
             are mandatory",
        )
    };
    for text in &texts {
        let label = &text.label;
        if label.family.is_empty() {
            return Err(Failure::usage("a text has no family").help(
                "label each record with `family`, or put files into a folder named after it: human/, other/, example-lab/",
            ));
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
            .map_err(refuse)?;
    }
    let threads = arguments.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let progress = &interrupt::context().progress;
    let learning = "learning; each maker, family and domain is left out once";
    progress.begin(&Stage { name: learning, unit: "models", total: None });
    let model = trainer.train(threads).map_err(refuse)?;
    progress.end();
    let human = HumanReference::of(&texts);
    let mut failed = None;
    atomic::write_with(&target, |file| {
        model.write(std::io::BufWriter::new(file)).map_err(|error| {
            failed = Some(error.to_string());
            std::io::ErrorKind::Other.into()
        })
    })
    .map_err(|error| {
        let failure = Failure::runtime(format!("the model cannot be written to {}", target.display()));
        match failed.take() {
            Some(text) => failure.because(text),
            None => failure.because(error),
        }
    })?;
    human.write(&target.with_file_name(HUMAN_FILE))?;
    if human.uniformity.mean().is_none() {
        warning("less than 64 kB of text by people: uniformity cannot be compared with it");
    }
    let card = model.card();
    let mut text = String::from("family  makers  texts\n");
    for family in &card.families {
        let documents: usize = family.makers.iter().map(|maker| maker.documents).sum();
        // Writing to a string does not fail.
        let _ = writeln!(text, "{}  {}  {}", family.name, family.makers.len(), count(documents as u64));
    }
    output::print(&text)?;
    note(&format!(
        "{} learned, families: {}; model written to {}",
        counted(texts.len() as u64, "text"),
        families.len(),
        target.display()
    ));
    Ok(if partial { Code::Partial } else { Code::Done })
}
