//! Answers about many small graphs, for `benches/lineage.py`, which computes the same with networkx.
//!
//! Standard input has one graph a line: `{"kinds":["model",…],"edges":[[subject,"trained-on",object,"evidenced"],…],
//! "source":0}`. Standard output has one answer a line: what is tainted from the source with order, depth and the
//! verdict of the firmest path; the cycles; what is lost with the source; who is left with switch options.
#![expect(clippy::print_stdout, reason = "an example talks to its caller")]

use std::io::{self, BufRead};

use serde_json::{Value, json};
use stillwatch_lineage::{
    Aspect, Change, Condensation, DocumentKind, Draft, EdgeKind, EntityId, EvidenceKind, Graph, Ledger, NodeKind,
    NodeRef, Object, Origin, Statement, StrictVerdict,
};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for line in io::stdin().lock().lines() {
        let line = line?;
        println!("{}", answer(&line).ok_or("a line is no graph")?);
    }
    Ok(())
}

fn answer(line: &str) -> Option<Value> {
    let input: Value = serde_json::from_str(line).ok()?;
    let kinds: Vec<NodeKind> =
        input["kinds"].as_array()?.iter().map(|kind| NodeKind::parse(kind.as_str()?)).collect::<Option<_>>()?;
    let node = |number: u64| Some(NodeRef::new(*kinds.get(usize::try_from(number).ok()?)?, format!("n{number}")));
    let mut draft = Draft::new(line.as_bytes(), &Origin::named("graph"), DocumentKind::Other);
    for number in 0..kinds.len() as u64 {
        draft.text(node(number)?, "description", "a node", "");
    }
    for edge in input["edges"].as_array()? {
        let (subject, object) = (node(edge[0].as_u64()?)?, node(edge[2].as_u64()?)?);
        let kind = EdgeKind::parse(edge[1].as_str()?)?;
        let mut statement = Statement::new(subject, kind, Object::Node(object), "");
        match edge[3].as_str()? {
            "evidenced" => statement.kind = EvidenceKind::ThirdParty,
            "contradicted" => {
                let denied = Statement { denied: true, ..statement.clone() };
                draft.push(denied);
            }
            "denied" => statement.denied = true,
            _ => {}
        }
        draft.push(statement);
    }
    let import = draft.finish(StrictVerdict::NotChecked { why: "made up".into() });
    let mut ledger = Ledger::default();
    ledger.add(&import);
    let graph = Graph::of(&ledger, None);
    let number = |id: EntityId| graph.name(id)[1..].parse::<u64>().unwrap_or(u64::MAX);
    let sorted = |ids: Vec<EntityId>| {
        let mut numbers: Vec<u64> = ids.into_iter().map(number).collect();
        numbers.sort_unstable();
        numbers
    };
    let source = graph.ids().find(|&id| number(id) == input["source"].as_u64().unwrap_or(0))?;
    let (taint, firmest) = (graph.taint(&[source]), graph.firmest(&[source]));
    let mut reached: Vec<_> = taint
        .reached
        .iter()
        .map(|r| {
            (number(r.entity), r.order, r.depth, firmest.of(r.entity).as_str(), taint.edges(&graph, r.entity).len())
        })
        .collect();
    reached.sort_unstable();
    let upstream = sorted(graph.upstream(&[source]).reached.iter().map(|reached| reached.entity).collect());
    let cycles = |aspect| {
        let mut cycles: Vec<Vec<u64>> = Condensation::of(&graph, aspect).cycles().into_iter().map(sorted).collect();
        cycles.sort();
        cycles
    };
    let consequences = graph.what_if(Change::Delete(source));
    let lost = |loss: &stillwatch_lineage::Loss| sorted(loss.lost.iter().map(|lost| lost.entity).collect());
    let weakened: Vec<_> = consequences
        .unavailable
        .weakened
        .iter()
        .map(|weak| (number(weak.entity), weak.edge.as_str(), sorted(weak.left.clone())))
        .collect();
    let mut weakened = weakened;
    weakened.sort();
    let duties = graph.what_if(Change::Remove(source)).unlawful;
    Some(json!({
        "taint": reached,
        "upstream": upstream,
        "cycles": cycles(Aspect::Taint),
        "irreproducible": lost(&consequences.irreproducible),
        "unavailable": lost(&consequences.unavailable),
        "weakened": weakened,
        "unlawful": sorted(duties.reached.iter().map(|reached| reached.entity).collect()),
    }))
}
