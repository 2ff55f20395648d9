//! One million nodes and five million edges: how long they take to import, to taint and to ask what if, and in how much
//! memory. `cargo bench -p stillwatch-lineage --bench graph [-- NODES EDGES]`
//!
//! The lineage is made up from a fixed seed and written as a ledger's file to the temporary folder, so that what is timed
//! is what a user waits for: reading text, resolving names, judging claims. Edges lead mostly to earlier nodes, with a
//! few hubs and one edge in fifty that closes a cycle.
#![expect(clippy::print_stdout, reason = "the figures are the output of a bench")]

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::time::Instant;

use stillwatch_core::Random;
use stillwatch_lineage::{
    Aspect, Change, Condensation, DocumentKind, Draft, EdgeKind, Graph, Import, Ledger, LedgerLimits, NodeKind,
    NodeRef, Object, Origin, Scheme, Statement, StrictVerdict, write_header, write_import,
};

const EDGES_A_DOCUMENT: usize = 5_000;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let numbers: Vec<usize> = std::env::args().filter_map(|argument| argument.parse().ok()).collect();
    let (nodes, edges) = match numbers[..] {
        [nodes, edges, ..] => (nodes, edges),
        _ => (1_000_000, 5_000_000),
    };
    let path = std::env::temp_dir().join(format!("stillwatch-lineage-bench-{}.ndjson", std::process::id()));
    let written = write(&path, nodes, edges);
    let result = written.map_err(Into::into).and_then(|()| measure(&path));
    std::fs::remove_file(&path)?;
    result
}

fn measure(path: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
    println!("ledger       {:>9.1} MB on disk", megabytes(std::fs::metadata(path)?.len()));
    let begun = Clock::start();
    let ledger = Ledger::read(BufReader::with_capacity(1 << 20, File::open(path)?), &LedgerLimits::default())?;
    println!(
        "read         {}   {} statements, {} documents, {}",
        begun,
        ledger.statements(),
        ledger.documents().len(),
        memory()
    );
    let building = Clock::start();
    let graph = Graph::of(&ledger, None);
    println!("build        {}   {} nodes, {} edges, {}", building, graph.entities(), graph.edges().len(), memory());
    println!("import       {begun}   (read and build)");

    let begun = Clock::start();
    let condensed = Condensation::of(&graph, Aspect::Taint);
    println!("condense     {}   {} components, {} cycles", begun, condensed.components, condensed.cycles().len());

    let hub = graph.find("model 0")[0];
    let begun = Clock::start();
    let taint = graph.taint(&[hub]);
    println!("taint        {}   {} reached from one node", begun, taint.reached.len());
    let begun = Clock::start();
    let consequences = graph.what_if(Change::Remove(hub));
    println!("what if      {}   {} not reproducible", begun, consequences.irreproducible.lost.len());
    let begun = Clock::start();
    let told = consequences.present(&graph);
    println!(
        "told         {}   {} affected, paths of {}",
        begun,
        told.irreproducible.len(),
        told.irreproducible.iter().filter(|a| !a.path.is_empty()).count()
    );
    println!("peak memory  {}", memory());
    Ok(())
}

fn write(path: &std::path::Path, nodes: usize, edges: usize) -> io::Result<()> {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path)?);
    write_header(&mut file)?;
    let mut random = Random::new(0x5711, 9);
    let mut done = 0;
    while done < edges {
        let count = EDGES_A_DOCUMENT.min(edges - done);
        write_import(&mut file, &document(&mut random, done, count, nodes, edges))?;
        done += count;
    }
    file.flush()
}

fn document(random: &mut Random, done: usize, count: usize, nodes: usize, edges: usize) -> Import {
    let kinds = [
        EdgeKind::TrainedOn,
        EdgeKind::FineTunedFrom,
        EdgeKind::DerivedFrom,
        EdgeKind::GeneratedBy,
        EdgeKind::MergedFrom,
    ];
    let origin = Origin::named(format!("bom-{done}.json"));
    let mut draft = Draft::new(&done.to_le_bytes(), &origin, DocumentKind::CycloneDx);
    for place in done..done + count {
        // Every node is a subject once in (edges / nodes) statements, in order, so that a document has its own nodes.
        let subject = (place * nodes / edges).min(nodes - 1);
        let backwards = random.below(50) > 0 && subject > 0;
        let object = match (backwards, random.below(10)) {
            (true, 0) => random.below(1 + subject / 1_000),
            (true, _) => random.below(subject),
            (false, _) => random.below(nodes),
        };
        let kind = kinds[random.below(kinds.len())];
        let path = format!("/components/{}/pedigree/ancestors/{}", place - done, place % 5);
        draft.push(Statement::new(node(subject), kind, Object::Node(node(object)), path));
    }
    draft.finish(StrictVerdict::NotChecked { why: "made up".into() })
}

/// One node in four is a data set; every other one has an identifier.
fn node(number: usize) -> NodeRef {
    let kind = if number % 4 == 1 { NodeKind::DataSet } else { NodeKind::Model };
    let node = NodeRef::new(kind, format!("{kind} {number}"));
    if number.is_multiple_of(2) {
        node.with(Scheme::HuggingFace, format!("lab-{}/{number}", number % 997))
    } else {
        node
    }
}

/// Seconds since, and the seconds of processor time: on a busy machine they differ.
struct Clock(Instant, f64);

impl Clock {
    fn start() -> Self {
        Self(Instant::now(), processor())
    }
}

impl std::fmt::Display for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:>7.2} s ({:.2} s of processor)", self.0.elapsed().as_secs_f64(), processor() - self.1)
    }
}

/// Processor time of this process in seconds, where the kernel tells it (in hundredths).
fn processor() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
    fields.filter_map(|field| field.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Memory held now and at most, as the kernel counts it.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse::<u64>().ok().map(|kilobytes| kilobytes / 1_024)
    };
    match (field("VmRSS:"), field("VmHWM:")) {
        (Some(now), Some(most)) => format!("{now} MiB now, {most} MiB at most"),
        _ => "memory is not known here".into(),
    }
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
