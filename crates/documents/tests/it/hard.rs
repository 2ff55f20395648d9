//! How much of what sentences say is proposed, and how much of what is proposed is said: counted over a hard set of
//! sentences of many forms.

#![expect(clippy::print_stdout, reason = "the figures and what is wrong are the point of the test")]

use std::collections::BTreeSet;

use stillwatch_documents::importers::prose;
use stillwatch_lineage::resolve::fold;
use stillwatch_lineage::{EdgeKind, NodeRef, Object, Origin, Predicate};

/// Sentences by which the rules were made, and others that were written down before the rules were run on them.
const SETS: [(&str, &str); 2] =
    [("sentences", include_str!("../hard/sentences.txt")), ("held-out", include_str!("../hard/held-out.txt"))];

struct Case<'t> {
    is_data: bool,
    wanted: BTreeSet<String>,
    sentence: &'t str,
}

fn cases(text: &str) -> impl Iterator<Item = Case<'_>> {
    let lines = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.map(|line| {
        let mut parts = line.splitn(3, " | ");
        let (kind, wanted, sentence) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let wanted = wanted.split("; ").filter(|own| *own != "-").map(|own| {
            let (edge, name) = own.split_once(' ').unwrap();
            format!("{edge} {}", fold(name))
        });
        Case { is_data: kind == "data", wanted: wanted.collect(), sentence }
    })
}

/// The edges that are proposed of a card with this one sentence.
fn proposed(case: &Case<'_>) -> BTreeSet<String> {
    let subject = if case.is_data { NodeRef::data_set("example/subject") } else { NodeRef::model("example/subject") };
    let origin = Origin { subject: Some(subject), ..Origin::named("card.md") };
    let text = format!("# Subject\n\n{}\n", case.sentence);
    let import = prose::read(text.as_bytes(), &origin);
    let edges = import.statements.iter().filter(|own| matches!(own.predicate, Predicate::Edge(_)));
    let named = edges.map(|own| {
        let not = if own.denied { "!" } else { "" };
        let name = match &own.object {
            Object::Node(node) => fold(&node.name),
            _ => String::new(),
        };
        assert!(own.proposed && own.quote.is_some(), "{own:?}");
        format!("{not}{} {name}", own.predicate)
    });
    named.collect()
}

/// Precision and recall of the proposals over a set; what is wrong is printed.
fn measure(name: &str, text: &str) -> (f64, f64, f64) {
    let (mut right, mut found, mut wanted, mut outputs, mut outputs_found) = (0, 0, 0, 0, 0);
    for case in cases(text) {
        let own = proposed(&case);
        let common = own.intersection(&case.wanted).count();
        if own != case.wanted {
            println!("{name}: {:?}\n    wanted {:?}\n    found  {own:?}", case.sentence, case.wanted);
        }
        let of_outputs = |own: &&String| {
            let kinds = [EdgeKind::TrainedOnOutputsOf, EdgeKind::GeneratedBy, EdgeKind::DistilledFrom];
            kinds.iter().any(|kind| own.starts_with(kind.as_str()))
        };
        outputs += case.wanted.iter().filter(of_outputs).count();
        outputs_found += own.intersection(&case.wanted).filter(of_outputs).count();
        right += common;
        found += own.len();
        wanted += case.wanted.len();
    }
    let share = |part: i32, whole: i32| f64::from(part) / f64::from(whole.max(1));
    let [right, found, wanted, outputs, outputs_found] =
        [right, found, wanted, outputs, outputs_found].map(|count| i32::try_from(count).unwrap());
    let (precision, recall, of_outputs) = (share(right, found), share(right, wanted), share(outputs_found, outputs));
    println!("{name}: precision {precision:.3}, recall {recall:.3}; of vendors' outputs recall {of_outputs:.3}");
    (precision, recall, of_outputs)
}

#[test]
fn proposals_are_mostly_right_and_mostly_complete() {
    for (name, text) in SETS {
        let (precision, recall, of_outputs) = measure(name, text);
        assert!(precision >= 0.8 && recall >= 0.8 && of_outputs >= 0.8, "{name}: {precision} {recall} {of_outputs}");
    }
}
