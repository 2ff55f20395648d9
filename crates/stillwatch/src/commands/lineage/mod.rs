//! `stillwatch lineage`

mod custody;
mod kinship;
mod publication;
mod review;
mod vendor;

use std::path::Path;

use serde::Serialize;
use stillwatch_core::Date;
use stillwatch_documents::exporters::{Export, cyclonedx, spdx};
use stillwatch_documents::importers::cross_check::cross_check;
use stillwatch_lineage::{
    Action, Change, Decision, DocumentId, EntityId, GateOutcome, GatePolicy, Graph, Import, Ledger, NodeKey, Origin,
    Profile, Question, StrictVerdict, Upstream,
};
use stillwatch_report::{counted, lineage as told};
use stillwatch_run::lineage::{self, GraphWriter, ImportOptions, find};

use super::audit::now;
use crate::cli::{
    Format, GraphArguments, Lineage, LineageAsk, LineageDependants, LineageDiff, LineageForm, LineageGate,
    LineageImport, LineageReport, LineageResolve, LineageScore, LineageShow, LineageTask, LineageWhatif,
    ResultArguments, WhenUndecided,
};
use crate::error::{Code, Failure};
use crate::message::{note, warning};
use crate::{inputs, interrupt, output};

/// Diagnostics of one document that are told.
const TOLD: usize = 20;

pub(crate) fn run(arguments: &Lineage) -> Result<Code, Failure> {
    match &arguments.task {
        LineageTask::Import(arguments) => import(arguments),
        LineageTask::Show(arguments) => show(arguments),
        LineageTask::Ask(arguments) => ask(arguments),
        LineageTask::Score(arguments) => score(arguments),
        LineageTask::Whatif(arguments) => what_if(arguments),
        LineageTask::Report(arguments) => report(arguments),
        LineageTask::Rfp(arguments) => vendor::rfp(arguments),
        LineageTask::Forms(told) => vendor::listed(told),
        LineageTask::Gate(arguments) => gate(arguments),
        LineageTask::Diff(arguments) => difference(arguments),
        LineageTask::Kinship(arguments) => kinship::run(arguments),
        LineageTask::Resolve(arguments) => resolve(arguments),
        LineageTask::Review(arguments) => review::run(arguments),
        LineageTask::Dependants(arguments) => dependants(arguments),
        LineageTask::Seal(arguments) => custody::seal(arguments),
        LineageTask::Verify(arguments) if arguments.published => publication::verify(arguments),
        LineageTask::Verify(arguments) => custody::verify(arguments),
        LineageTask::Publish(arguments) => publication::publish(arguments),
    }
}

fn import(arguments: &LineageImport) -> Result<Code, Failure> {
    // What the graph knows by the name tells what sort of thing it is.
    let known = if arguments.about.is_some() && arguments.graph.exists() {
        Some(lineage::read(&arguments.graph)?)
    } else {
        None
    };
    let known = known.as_ref().map(|ledger| Graph::of(ledger, None));
    let about = arguments.about.as_deref().map(|about| lineage::about(about, known.as_ref()));
    let documents = lineage::import(&ImportOptions {
        documents: arguments.documents.clone(),
        about: about.clone(),
        said_by: arguments.said_by.clone(),
        said_on: arguments.said_on,
        trust: arguments.trust.clone(),
    })?;
    let mut graph = GraphWriter::open(&arguments.graph)?;
    warn(graph.ledger(), &arguments.graph);
    let mut broken = false;
    let mut silent = false;
    for (path, imported) in arguments.documents.iter().zip(documents) {
        let name = path.display();
        match &imported.strict {
            StrictVerdict::Valid { against } => note(&format!("{name}: keeps to {against}")),
            StrictVerdict::Invalid { against, errors } => {
                broken = true;
                warning(&format!("{name}: does not keep to {against}: {}", counted(*errors, "mistake")));
            }
            StrictVerdict::NotChecked { why } => note(&format!("{name}: not checked against a standard: {why}")),
        }
        for diagnostic in imported.diagnostics.iter().take(TOLD) {
            let place = if diagnostic.path.is_empty() { String::new() } else { format!("{}: ", diagnostic.path) };
            note(&format!("{name}: {}: {place}{} ({})", diagnostic.severity, diagnostic.message, diagnostic.code));
        }
        if imported.diagnostics.len() > TOLD {
            note(&format!("{name}: {} more", imported.diagnostics.len() - TOLD));
        }
        let statements = counted(imported.statements.len() as u64, "statement");
        let wait = imported.statements.iter().filter(|statement| statement.proposed).count();
        let id = imported.document.id.clone();
        if imported.statements.is_empty() {
            silent = true;
            warning(&format!("{name}: nothing was read from it; it says nothing to this graph"));
        }
        if graph.add(imported) {
            let wait = if wait > 0 { format!(", {wait} of which wait for a reviewer") } else { String::new() };
            note(&format!("{name}: {statements} as {id}{wait}"));
        } else {
            note(&format!("{name}: already in the graph as {id}"));
        }
    }
    let added: Vec<&Import> = graph.documents().collect();
    if let (Some(name), Some(about)) = (arguments.about.as_deref().filter(|_| added.len() > 1), &about) {
        let origin = Origin::named(format!("comparison of the documents about {name}"));
        let compared = cross_check(about, &added, &origin);
        for diagnostic in compared.diagnostics.iter().take(TOLD) {
            warning(&format!("{name}: {} ({})", diagnostic.message, diagnostic.code));
        }
        graph.add(compared);
    }
    let ledger = graph.commit(interrupt::context())?;
    output::print(&format!(
        "{} in {}, {}\n",
        counted(ledger.documents().len() as u64, "document"),
        arguments.graph.display(),
        counted(ledger.statements() as u64, "statement")
    ))?;
    output::print(&told::outlook(&told::Outlook::of(&Graph::of(&ledger, None))))?;
    Ok(if silent || broken && arguments.strict { Code::Partial } else { Code::Done })
}

fn show(arguments: &LineageShow) -> Result<Code, Failure> {
    with_graph(&arguments.source, |graph| {
        let Some(name) = &arguments.name else {
            return tell(&arguments.told, &told::Summary::of(graph), told::summary);
        };
        let entity = find(graph, name)?;
        tell(&arguments.told, &told::Entity::of(graph, entity), told::entity)
    })
}

fn ask(arguments: &LineageAsk) -> Result<Code, Failure> {
    let question = arguments.question.as_deref().map(|word| {
        Question::parse(word).ok_or_else(|| {
            let words: Vec<&str> = Question::ALL.iter().map(|question| question.as_str()).collect();
            Failure::usage(format!("`{word}` is no question")).help(format!("the questions are {}", words.join(", ")))
        })
    });
    let question = question.transpose()?;
    with_graph(&arguments.source, |graph| {
        let entity = find(graph, &arguments.name)?;
        warn_of_names(graph, entity);
        let answers = question.map_or_else(|| graph.ask_all(entity), |question| vec![graph.ask(entity, question)]);
        tell(&arguments.told, &answers, |answers| told::answers(answers))
    })
}

fn score(arguments: &LineageScore) -> Result<Code, Failure> {
    let profile = profile(arguments.profile.as_deref())?;
    with_graph(&arguments.source, |graph| {
        let entity = find(graph, &arguments.name)?;
        warn_of_names(graph, entity);
        tell(&arguments.told, &graph.score(entity, &profile), told::score)
    })
}

fn dependants(arguments: &LineageDependants) -> Result<Code, Failure> {
    with_graph(&arguments.source, |graph| {
        let entity = find(graph, &arguments.name)?;
        tell(&arguments.told, &graph.dependants(entity), told::dependants)
    })
}

fn what_if(arguments: &LineageWhatif) -> Result<Code, Failure> {
    with_graph(&arguments.source, |graph| {
        // What is removed by mistake is told wrongly: a name that may mean several things is asked about.
        let entity = |name: &String| lineage::find_only(graph, name);
        let change = match (&arguments.remove, &arguments.delete, &arguments.terms) {
            (Some(name), ..) => Change::Remove(entity(name)?),
            (_, Some(name), _) => Change::Delete(entity(name)?),
            (_, _, Some(name)) => Change::NewTerms(entity(name)?),
            (None, None, None) => return Err(Failure::usage("no change was given")),
        };
        tell(&arguments.told, &graph.what_if(change).present(graph), told::what_if)
    })
}

fn report(arguments: &LineageReport) -> Result<Code, Failure> {
    output::check(arguments.output.as_deref())?;
    let is_bill = matches!(arguments.format, LineageForm::Cyclonedx | LineageForm::Spdx);
    if is_bill && arguments.audience.is_some() {
        return Err(Failure::usage("a bill of materials has no audience: it holds all that is known")
            .help("give --format markdown, html or json with --audience"));
    }
    let profile = profile(arguments.profile.as_deref())?;
    let forms = vendor::forms(&arguments.forms)?;
    with_graph(&arguments.source, |graph| {
        let entity = find(graph, &arguments.name)?;
        let whole = || told::Report::of(graph, entity, &profile, &forms, arguments.audience);
        let export = Export { created: arguments.source.on.or_else(|| today().ok()), author: None };
        let text = match arguments.format {
            LineageForm::Markdown => told::markdown(&whole()),
            LineageForm::Json => json(&whole())?,
            LineageForm::Html => told::html(&whole()),
            LineageForm::Cyclonedx => {
                cyclonedx::write(graph, entity, &graph.ask_all(entity), cyclonedx::Version::default(), &export)
            }
            LineageForm::Spdx => spdx::write(graph, entity, &export),
        };
        output::write(&text, arguments.output.as_deref())?;
        Ok(Code::Done)
    })
}

fn gate(arguments: &LineageGate) -> Result<Code, Failure> {
    let profile = profile(arguments.profile.as_deref())?;
    let refuse = |error: stillwatch_lineage::GateError| {
        Failure::usage(format!("the policy {} cannot be used", arguments.policy.display())).because(error)
    };
    let policy = GatePolicy::parse(&inputs::configuration(&arguments.policy)?).map_err(refuse)?;
    with_graph(&arguments.source, |graph| {
        let entity = find(graph, &arguments.name)?;
        warn_of_names(graph, entity);
        let result = policy.judge(graph, entity, &arguments.class, &profile).map_err(refuse)?;
        tell(&arguments.told, &result, told::gate)?;
        Ok(match (result.outcome(), arguments.when_undecided) {
            (GateOutcome::Denied, _) | (GateOutcome::Undecided, WhenUndecided::Deny) => Code::Found,
            (GateOutcome::Undecided, WhenUndecided::Tell) => Code::Undecided,
            (GateOutcome::Allowed, _) | (GateOutcome::Undecided, WhenUndecided::Allow) => Code::Done,
        })
    })
}

fn difference(arguments: &LineageDiff) -> Result<Code, Failure> {
    let ledger = read(&arguments.graph)?;
    let (before, after) = (Graph::of(&ledger, Some(arguments.before)), Graph::of(&ledger, arguments.after));
    let code = tell(&arguments.told, &stillwatch_lineage::diff(&before, &after), told::difference)?;
    Ok(partly(&ledger, code))
}

fn resolve(arguments: &LineageResolve) -> Result<Code, Failure> {
    let Some(by) = &arguments.by else {
        return with_graph(&arguments.source, |graph| tell(&arguments.told, &told::Review::of(graph), told::review));
    };
    let path = &arguments.source.graph;
    if !path.exists() {
        return Err(read(path).err().unwrap_or_else(|| Failure::runtime("the graph has just appeared; decide again")));
    }
    let mut graph = GraphWriter::open(path)?;
    warn(graph.ledger(), path);
    let pair = |keys: &[String]| -> Result<[NodeKey; 2], Failure> {
        let key = |text: &String| -> Result<NodeKey, Failure> {
            serde_json::from_value::<NodeKey>(text.as_str().into()).ok().filter(|key| key.parts().is_some()).ok_or_else(
                || Failure::usage(format!("`{text}` is no key")).help("`stillwatch lineage resolve` prints the keys"),
            )
        };
        match keys {
            [left, right] => Ok([key(left)?, key(right)?]),
            _ => Err(Failure::usage("two keys are needed")),
        }
    };
    let statement = |values: &[String]| -> Result<(DocumentId, u32), Failure> {
        match values {
            [document, number] => match number.parse() {
                Ok(number) => Ok((document.as_str().into(), number)),
                Err(_) => Err(Failure::usage(format!("`{number}` is no number of a statement"))),
            },
            _ => Err(Failure::usage("a document and a number are needed")),
        }
    };
    let action = match () {
        () if !arguments.same.is_empty() => {
            let [left, right] = pair(&arguments.same)?;
            Action::Same { left, right }
        }
        () if !arguments.different.is_empty() => {
            let [left, right] = pair(&arguments.different)?;
            Action::Different { left, right }
        }
        () if !arguments.confirm.is_empty() => {
            let (document, statement) = statement(&arguments.confirm)?;
            Action::Confirm { document, statement }
        }
        () if !arguments.reject.is_empty() => {
            let (document, statement) = statement(&arguments.reject)?;
            Action::Reject { document, statement }
        }
        () => match &arguments.undo {
            Some(decision) => Action::Undo { decision: decision.clone() },
            None => {
                return Err(Failure::usage("no decision was given")
                    .help("give --same, --different, --confirm, --reject or --undo"));
            }
        },
    };
    lineage::check(graph.ledger(), &action)?;
    let id = format!("d-{}", graph.ledger().decisions().len() + 1);
    graph.decide(Decision { id: id.clone(), action, by: by.clone(), on: today()?, why: arguments.why.clone() })?;
    graph.commit(interrupt::context())?;
    output::print(&format!("{id}\n"))?;
    Ok(Code::Done)
}

fn with_graph(
    source: &GraphArguments,
    then: impl FnOnce(&Graph<'_>) -> Result<Code, Failure>,
) -> Result<Code, Failure> {
    let ledger = read(&source.graph)?;
    let code = then(&Graph::of(&ledger, source.on))?;
    Ok(partly(&ledger, code))
}

/// What is answered from a graph of which records are lost is answered in part; what was found stays found.
fn partly(ledger: &Ledger, code: Code) -> Code {
    let is_open = matches!(code, Code::Done | Code::Undecided);
    if is_open && ledger.is_damaged() { Code::Partial } else { code }
}

fn read(path: &Path) -> Result<Ledger, Failure> {
    let ledger = lineage::read(path)?;
    warn(&ledger, path);
    Ok(ledger)
}

/// Tells which lines of a graph could not be read.
fn warn(ledger: &Ledger, path: &Path) {
    for diagnostic in ledger.diagnostics().iter().filter(|diagnostic| diagnostic.path.starts_with("line")).take(TOLD) {
        warning(&format!("{}: {}: {}", path.display(), diagnostic.path, diagnostic.message));
    }
}

/// Tells which names upstream may mean something that documents say more of.
fn warn_of_names(graph: &Graph<'_>, entity: EntityId) {
    let open = graph.open_names(&Upstream::of(graph, entity));
    for proposal in open.iter().take(3) {
        warning(&format!(
            "'{}' and '{}' may be one thing, which would change what lies upstream",
            stillwatch_core::shown(proposal.left.as_str()),
            stillwatch_core::shown(proposal.right.as_str())
        ));
    }
    if !open.is_empty() {
        let pairs = counted(open.len() as u64, "pair");
        note(&format!("{pairs} of names upstream to be decided on with `stillwatch lineage resolve`"));
    }
}

fn profile(path: Option<&Path>) -> Result<Profile, Failure> {
    let named = path.map_or_else(|| "built in".into(), |path| path.display().to_string());
    let read = match path {
        Some(path) => Profile::parse(&inputs::configuration(path)?),
        None => Profile::standard(),
    };
    read.map_err(|error| Failure::usage(format!("the profile {named} cannot be used")).because(error))
}

fn tell<T: Serialize + ?Sized>(
    told: &ResultArguments,
    value: &T,
    text: impl FnOnce(&T) -> String,
) -> Result<Code, Failure> {
    output::check(told.output.as_deref())?;
    let text = match told.format {
        Format::Json => json(value)?,
        Format::Table => text(value),
    };
    output::write(&text, told.output.as_deref())?;
    Ok(Code::Done)
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n")
        .map_err(|error| Failure::runtime("the result cannot be written as JSON").because(error))
}

fn today() -> Result<Date, Failure> {
    Date::parse(&now().to_rfc3339()).ok_or_else(|| Failure::runtime("the clock shows no day"))
}
