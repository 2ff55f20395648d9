//! Lineages made for tests.

use std::sync::atomic::{AtomicU32, Ordering};

use stillwatch_lineage::{
    DocumentKind, Draft, EdgeKind, EntityId, Graph, Import, Ledger, NodeKind, NodeRef, Origin, Scheme, StrictVerdict,
};

/// A document of its own bytes.
pub(crate) fn document(name: &str, write: impl FnOnce(&mut Draft)) -> Import {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let mut draft = Draft::new(format!("{name} {number}").as_bytes(), &Origin::named(name), DocumentKind::Other);
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

pub(crate) fn find(graph: &Graph<'_>, name: &str) -> EntityId {
    let found = graph.find(name);
    assert_eq!(found.len(), 1, "{name}: {found:?}");
    found[0]
}

pub(crate) fn model(name: &str) -> NodeRef {
    NodeRef::model(name)
}

fn data(name: &str) -> NodeRef {
    NodeRef::data_set(name)
}

/// A model declared MIT, made from a LLaMA-2 model and data that an OpenAI model wrote.
pub(crate) fn laundered() -> Import {
    document("bom.json", |draft| {
        let tiny = model("tiny-7b").with(Scheme::Purl, "pkg:generic/tiny-7b@1");
        let llama = model("Llama-2-7b").with(Scheme::HuggingFace, "meta-llama/Llama-2-7b");
        let davinci = model("text-davinci-003");
        draft.node(
            tiny.clone(),
            EdgeKind::LicensedUnder,
            NodeRef::licence("MIT").with(Scheme::Spdx, "MIT"),
            "/components/0/licenses/0",
        );
        draft.node(tiny.clone(), EdgeKind::FineTunedFrom, llama.clone(), "/components/0/pedigree/ancestors/0");
        draft.node(
            llama,
            EdgeKind::LicensedUnder,
            NodeRef::licence("LLaMA 2"),
            "/components/0/pedigree/ancestors/0/licenses/0",
        );
        draft.node(tiny, EdgeKind::TrainedOn, data("alpaca"), "/components/0/modelCard/modelParameters/datasets/0");
        draft.node(data("alpaca"), EdgeKind::GeneratedBy, davinci.clone(), "/components/1/data/0");
        draft.node(davinci, EdgeKind::OwnedBy, NodeRef::new(NodeKind::Organisation, "OpenAI"), "/components/1/data/0");
    })
}
