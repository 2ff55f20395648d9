//! What to ask a vendor, and what its answers are worth.

use std::path::Path;

use stillwatch_lineage::{Graph, NodeRef, Origin};
use stillwatch_questionnaire::disclosure::Disclosure;
use stillwatch_questionnaire::{Answered, BUILT_IN, Questionnaire, Request};
use stillwatch_report::lineage as told;
use stillwatch_run::lineage::{bytes, find};

use super::{json, partly, read, tell, today, with_graph};
use crate::cli::{FailOnAnswer, Forms, LineageRfp, ResultArguments, RfpForm};
use crate::error::{Code, Failure};
use crate::{inputs, output};

pub(super) fn rfp(arguments: &LineageRfp) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    let forms = forms(&arguments.forms)?;
    if let Some(answers) = &arguments.answers {
        return judge(arguments, &forms, answers);
    }
    with_graph(&arguments.source, |graph| {
        let entity = find(graph, &arguments.name)?;
        let request = Request::of(graph, entity, &forms, arguments.all);
        let text = match arguments.format {
            RfpForm::Table => told::request(&request),
            RfpForm::Csv => request.csv(),
            RfpForm::Markdown => told::request_markdown(&request),
            RfpForm::Json => json(&request)?,
        };
        output::write(&text, arguments.output.as_deref())?;
        Ok(Code::Done)
    })
}

/// What a vendor's answers are worth; nothing is added to the graph.
fn judge(arguments: &LineageRfp, forms: &[Questionnaire], path: &Path) -> Result<Code, Failure> {
    if !matches!(arguments.format, RfpForm::Table | RfpForm::Json) {
        return Err(Failure::usage("answers are judged in a table or as JSON").help("give --format table or json"));
    }
    let bytes = bytes(path)?;
    let ledger = read(&arguments.source.graph)?;
    let before = Graph::of(&ledger, arguments.source.on);
    let subject = find(&before, &arguments.name)?;
    let key = before.key(subject);
    let about = NodeRef::new(before.kind(subject), before.name(subject));
    let origin = Origin { subject: Some(about), ..Origin::named(path.display().to_string()) };
    let mut with = ledger.clone();
    with.add(&stillwatch_documents::importers::answers::read(&bytes, &origin));
    let after = Graph::of(&with, arguments.source.on);
    let later = find(&after, key.as_str())?;
    let answered = Answered::judge((&before, subject), (&after, later), forms, &bytes, &origin.limits);
    let text = match arguments.format {
        RfpForm::Json => json(&answered)?,
        _ => told::answered(&answered),
    };
    output::write(&text, arguments.output.as_deref())?;
    let code = arguments.fail_on.map_or(Code::Done, |what| failed(what, &answered));
    // Rows that could not be read, or that answer nothing that was asked, are no clean table.
    let is_partial = answered.answers.is_empty() || !answered.diagnostics.is_empty();
    Ok(partly(&ledger, if code == Code::Done && is_partial { Code::Partial } else { code }))
}

/// What `--fail-on` says of answers. Where no answer is known to be vague and some need a reader, it is undecided.
fn failed(what: FailOnAnswer, answered: &Answered) -> Code {
    let is_any = |is: fn(Disclosure) -> bool| answered.answers.iter().any(|own| is(own.worth));
    let is_vague = |worth| !matches!(worth, Disclosure::Answered | Disclosure::NeedsReader);
    match what {
        FailOnAnswer::Contradicted if answered.contradicted().next().is_some() => Code::Found,
        FailOnAnswer::Vague if !answered.missing.is_empty() || is_any(is_vague) => Code::Found,
        FailOnAnswer::Vague if is_any(|worth| worth == Disclosure::NeedsReader) => Code::Undecided,
        FailOnAnswer::Contradicted | FailOnAnswer::Vague => Code::Done,
    }
}

/// The questionnaires chosen, in that order.
pub(super) fn forms(forms: &Forms) -> Result<Vec<Questionnaire>, Failure> {
    let default = [String::from("buyer")];
    let chosen = if forms.chosen.is_empty() { &default[..] } else { &forms.chosen[..] };
    let mut read = Vec::new();
    for word in chosen {
        let refuse = |error| Failure::usage(format!("the questionnaire {word} cannot be used")).because(error);
        if word == "all" {
            for (_, text) in BUILT_IN {
                read.push(Questionnaire::parse(text).map_err(refuse)?);
            }
        } else if let Some(form) = Questionnaire::built_in(word) {
            read.push(form.map_err(refuse)?);
        } else {
            let text = inputs::configuration(Path::new(word)).map_err(|failure| {
                let known: Vec<&str> = BUILT_IN.iter().map(|(id, _)| *id).collect();
                failure.help(format!("give a file, `all`, or one of {}", known.join(", ")))
            })?;
            read.push(Questionnaire::parse(&text).map_err(refuse)?);
        }
    }
    let today = today()?;
    for form in &mut read {
        form.asked_on = Some(today);
    }
    Ok(read)
}

pub(super) fn listed(arguments: &ResultArguments) -> Result<Code, Failure> {
    let forms = forms(&Forms { chosen: vec!["all".into()] })?;
    let forms: Vec<told::Form> = forms.iter().map(told::Form::of).collect();
    tell(arguments, &forms, |forms| told::listed(forms))
}
