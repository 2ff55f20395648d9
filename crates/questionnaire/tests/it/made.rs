//! Lineages made for tests.

use stillwatch_lineage::{DocumentKind, Draft, Import, Ledger, Origin, StrictVerdict};

/// A document of its own bytes.
pub(crate) fn document(name: &str, write: impl FnOnce(&mut Draft)) -> Import {
    let mut draft = Draft::new(name.as_bytes(), &Origin::named(name), DocumentKind::Other);
    write(&mut draft);
    draft.finish(StrictVerdict::NotChecked { why: "made up".into() })
}

pub(crate) fn ledger<'i>(imports: impl IntoIterator<Item = &'i Import>) -> Ledger {
    let mut ledger = Ledger::default();
    for import in imports {
        assert!(ledger.add(import));
    }
    ledger
}
