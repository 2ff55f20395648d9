//! Decisions on statements that were read from prose, in bulk and one by one.

use std::io::IsTerminal;
use std::path::Path;

use stillwatch_core::Limits;
use stillwatch_lineage::{Action, Cited, Decision, Graph, ReviewGroup};
use stillwatch_questionnaire::review::{Choice, csv, decisions};
use stillwatch_report::{counted, lineage as told};
use stillwatch_run::lineage::{self, GraphWriter, find};

use super::{partly, tell, today, warn};
use crate::cli::LineageReview;
use crate::error::{Code, Failure};
use crate::message::{note, warning};
use crate::{interrupt, output};

pub(super) fn run(arguments: &LineageReview) -> Result<Code, Failure> {
    if let (Some(table), Some(by)) = (&arguments.import, &arguments.by) {
        return record(&arguments.source.graph, table, by);
    }
    let ledger = super::read(&arguments.source.graph)?;
    let groups = groups(&Graph::of(&ledger, arguments.source.on), arguments.name.as_deref())?;
    if arguments.export.is_some() {
        output::check(arguments.told.output.as_deref())?;
        output::write(&csv(&groups), arguments.told.output.as_deref())?;
        return Ok(partly(&ledger, Code::Done));
    }
    let Some(by) = &arguments.by else {
        let code = tell(&arguments.told, &groups, |groups| told::review_groups(groups))?;
        return Ok(partly(&ledger, code));
    };
    let terminal = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !terminal {
        return Err(Failure::usage("there is no terminal to ask in")
            .help("give --export csv, fill in the column `decision`, and give it back with --import FILE"));
    }
    one_by_one(&arguments.source.graph, &groups, by)
}

fn groups(graph: &Graph<'_>, name: Option<&str>) -> Result<Vec<ReviewGroup>, Failure> {
    let mut groups = graph.review();
    if let Some(name) = name {
        let key = graph.key(find(graph, name)?);
        groups.retain(|group| group.subject == key);
    }
    Ok(groups)
}

/// Records what a table decides. Rows that name nothing are told and left out.
fn record(path: &Path, table: &Path, by: &str) -> Result<Code, Failure> {
    let bytes = lineage::bytes(table)?;
    let (rows, diagnostics) = decisions(&bytes, &Limits::default());
    for found in &diagnostics {
        warning(&format!("{}: {}: {}", table.display(), found.path, found.message));
    }
    let mut graph = open(path)?;
    let mut refused = diagnostics.len();
    let mut decided = 0;
    for row in rows {
        let (document, statement) = (row.document, row.statement);
        let action = action(row.choice, document, statement);
        match lineage::check(graph.ledger(), &action) {
            Ok(()) => {
                decide(&mut graph, action, by, &row.why)?;
                decided += 1;
            }
            Err(error) => {
                refused += 1;
                warning(&format!("{}: {}: {error}", table.display(), row.path));
            }
        }
    }
    if decided > 0 {
        graph.commit(interrupt::context())?;
    }
    output::print(&format!("{} recorded, {refused} refused\n", counted(decided, "decision")))?;
    Ok(if refused > 0 { Code::Partial } else { Code::Done })
}

fn action(choice: Choice, document: stillwatch_lineage::DocumentId, statement: u32) -> Action {
    match choice {
        Choice::Confirm => Action::Confirm { document, statement },
        Choice::Reject => Action::Reject { document, statement },
    }
}

fn open(path: &Path) -> Result<GraphWriter, Failure> {
    if !path.exists() {
        return Err(super::read(path)
            .err()
            .unwrap_or_else(|| Failure::runtime("the graph has just appeared; decide again")));
    }
    let graph = GraphWriter::open(path)?;
    warn(graph.ledger(), path);
    Ok(graph)
}

fn decide(graph: &mut GraphWriter, action: Action, by: &str, why: &str) -> Result<(), Failure> {
    let id = format!("d-{}", graph.ledger().decisions().len() + 1);
    graph.decide(Decision { id, action, by: by.to_owned(), on: today()?, why: why.to_owned() })?;
    Ok(())
}

/// One key for each decision: `c` confirms, `r` rejects, `s` leaves it for later, `u` takes the last one back, `q` ends.
fn one_by_one(path: &Path, groups: &[ReviewGroup], by: &str) -> Result<Code, Failure> {
    let terminal = console::Term::stderr();
    let all: Vec<(&ReviewGroup, &Cited)> =
        groups.iter().flat_map(|group| group.statements.iter().map(move |cited| (group, cited))).collect();
    if all.is_empty() {
        note("nothing waits for a reviewer");
        return Ok(Code::Done);
    }
    let mut choices: Vec<Option<Choice>> = Vec::new();
    let failed = |error: std::io::Error| Failure::runtime("the terminal cannot be read").because(error);
    while choices.len() < all.len() {
        let (group, cited) = all[choices.len()];
        let text = told::review_item(group, cited, choices.len() + 1, all.len());
        terminal.write_str(&text).map_err(failed)?;
        match terminal.read_char().map_err(failed)? {
            'c' | 'y' => choices.push(Some(Choice::Confirm)),
            'r' | 'n' => choices.push(Some(Choice::Reject)),
            's' | ' ' => choices.push(None),
            'u' => drop(choices.pop()),
            'q' | '\u{1b}' | '\u{3}' | '\u{4}' => break,
            _ => {}
        }
    }
    let mut graph = open(path)?;
    let mut decided = 0;
    for (choice, (_, cited)) in choices.into_iter().zip(&all) {
        let Some(choice) = choice else { continue };
        let action = action(choice, cited.document.clone(), cited.statement);
        lineage::check(graph.ledger(), &action)?;
        decide(&mut graph, action, by, "")?;
        decided += 1;
    }
    if decided > 0 {
        graph.commit(interrupt::context())?;
    }
    output::print(&format!("{} recorded\n", counted(decided, "decision")))?;
    Ok(Code::Done)
}
