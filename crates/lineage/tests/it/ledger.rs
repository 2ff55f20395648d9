use stillwatch_lineage::{
    EdgeKind, EvidenceKind, Graph, Import, Ledger, LedgerError, LedgerLimits, Object, Statement, Verdict, write_header,
    write_import,
};

use crate::contents::{day, told};
use crate::made::{data, document, laundered, ledger, model};

fn written(imports: &[&Import]) -> Vec<u8> {
    let mut file = Vec::new();
    write_header(&mut file).unwrap();
    for import in imports {
        write_import(&mut file, import).unwrap();
    }
    file
}

fn read(file: &[u8]) -> Ledger {
    Ledger::read(file, &LedgerLimits::default()).unwrap()
}

#[test]
fn a_file_gives_the_ledger_that_was_written() {
    let other = document("other", |draft| {
        draft.said_by(stillwatch_lineage::NodeRef::organisation("Vendor"));
        let mut full = Statement::new(model("m"), EdgeKind::TrainedOn, Object::Node(data("d")), "line 1");
        full.denied = true;
        full.kind = EvidenceKind::Signed;
        full.said_by = Some(stillwatch_lineage::NodeRef::organisation("Signer"));
        full.said_on = Some(day("2026-01-02"));
        full.expires = Some(day("2027-01-02"));
        full.quote = Some("\"quoted\"\n".into());
        full.qualifiers.insert("share".into(), stillwatch_lineage::Value::Number("0.50".into()));
        draft.push(full);
        draft.push(Statement::new(model("m"), "synthetic", Object::Value(true.into()), ""));
        draft.push(Statement::new(model("m"), EdgeKind::MergedFrom, Object::Any, ""));
    });
    let imports = [&laundered(), &other];
    let (direct, from_file) = (ledger(imports), read(&written(&imports)));
    assert_eq!(told(&Graph::of(&direct, None)), told(&Graph::of(&from_file, None)));
    assert_eq!(direct.documents(), from_file.documents());
}

#[test]
fn a_broken_record_costs_itself_and_no_other() {
    let import = laundered();
    let text = String::from_utf8(written(&[&import])).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    for broken in 1..lines.len() {
        let mut damaged = lines.clone();
        damaged[broken] = &lines[broken][..lines[broken].len() / 2];
        let ledger = read(damaged.join("\n").as_bytes());
        assert!(!ledger.diagnostics().is_empty());
        let whole = Graph::of(&ledger, None);
        // Whatever is left says what the whole file says.
        let full = read(text.as_bytes());
        let all = Graph::of(&full, None);
        let says = |graph: &Graph<'_>| -> Vec<String> {
            graph
                .edges()
                .iter()
                .map(|e| format!("{} {} {}", graph.name(e.subject), e.kind, graph.name(e.object)))
                .collect()
        };
        let all = says(&all);
        assert!(says(&whole).iter().all(|edge| all.contains(edge)), "line {broken}: {:?}", says(&whole));
    }
    // A crash in the middle of the last record.
    let cut = &text[..text.len() - 20];
    assert_eq!(read(cut.as_bytes()).statements(), import.statements.len() - 1);
}

#[test]
fn what_is_no_ledger_is_refused_and_long_records_are_passed_over() {
    let limits = LedgerLimits::default();
    assert!(matches!(Ledger::read(&b"{}"[..], &limits), Err(LedgerError::Format)));
    assert!(matches!(Ledger::read(&b""[..], &limits), Err(LedgerError::Format)));
    let mut file = written(&[]);
    file.extend(std::iter::repeat_n(b'x', 3 << 20));
    file.push(b'\n');
    file.extend_from_slice(&written(&[&laundered()])[written(&[]).len()..]);
    let ledger = read(&file);
    assert_eq!((ledger.statements(), ledger.diagnostics().len()), (6, 1));
    let few = LedgerLimits { statements: 3, ..limits };
    assert!(matches!(Ledger::read(file.as_slice(), &few), Err(LedgerError::TooMany(3, "statements"))));
}

#[test]
fn the_same_bytes_are_read_once() {
    let import = laundered();
    let mut ledger = ledger([&import]);
    assert!(!ledger.add(&import));
    assert_eq!(read(&written(&[&import, &import])).statements(), import.statements.len());
}

#[test]
fn what_was_said_later_or_has_expired_does_not_count() {
    let import = document("a", |draft| {
        let mut signed = Statement::new(model("m"), EdgeKind::TrainedOn, Object::Node(data("d")), "");
        signed.kind = EvidenceKind::Signed;
        signed.said_on = Some(day("2026-01-01"));
        signed.expires = Some(day("2026-06-30"));
        draft.push(signed.clone());
        draft.push(Statement {
            kind: EvidenceKind::SelfClaim,
            said_on: Some(day("2026-02-01")),
            expires: None,
            ..signed
        });
    });
    let ledger = ledger([&import]);
    let verdict = |text: &str| Graph::of(&ledger, Some(day(text))).edges().first().map(|edge| edge.verdict);
    assert_eq!(verdict("2025-12-31"), None);
    assert_eq!(verdict("2026-01-15"), Some(Verdict::Evidenced));
    assert_eq!(verdict("2026-07-01"), Some(Verdict::Disclosed));
}
