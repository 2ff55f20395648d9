//! What licences and terms pass on, as a dated table with sources. It is no legal advice: it says what the text of the
//! terms claims, not what a court would make of it.

mod table;
mod vendor;

use crate::graph::Graph;
use crate::import::Scheme;
use crate::resolve::{EntityId, fold};
use crate::{EdgeKind, NodeKind};

pub use table::TERMS;
pub use vendor::vendor_by_name;
pub(crate) use vendor::{is_issuer, is_same_vendor, makers, organisation_key, service_terms, vendor_key, vendor_of};

/// What one licence or one set of terms passes on.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    /// An SPDX identifier where there is one.
    pub id: &'static str,
    /// Other names, folded as [`fold`] does.
    names: &'static [&'static str],
    /// Derivatives of the weights or the data stay under it, or under limits that it sets.
    pub derivatives: bool,
    /// What is trained on outputs is limited by it.
    pub outputs: bool,
    /// Commercial use is limited.
    pub commercial_limit: bool,
    /// The word with which the name of a model begins that is made or improved with the material or its outputs and
    /// passed on. Empty if there is no such duty.
    pub naming: &'static str,
    /// Whose terms they are, where one party grants them; empty for licences that everybody uses.
    pub issuer: &'static str,
    /// What its text says of what is computed from data, a model among it.
    pub results: Results,
    pub what: &'static str,
    pub source: &'static str,
    /// The day of the version that was read; that of the copy where the text bears none.
    pub as_of: &'static str,
}

/// Whether a model that learnt from data counts as derived from them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Results {
    /// No word of the text frees it. Whether a model is derived from its data is not settled in law.
    Unsettled,
    /// Free by the words of the text.
    Free,
}

impl Terms {
    /// The terms of this id or name.
    pub fn find(name: &str) -> Option<&'static Self> {
        let folded = fold(name);
        TERMS.iter().find(|terms| fold(terms.id) == folded || terms.names.contains(&folded.as_str()))
    }

    /// The terms that a licence node stands for.
    pub fn of(graph: &Graph<'_>, licence: EntityId) -> Option<&'static Self> {
        let by_address = |address: &str| TERMS.iter().find(|terms| terms.source == address);
        Self::find(graph.name(licence))
            .or_else(|| graph.identifiers(licence, Scheme::Spdx).find_map(Self::find))
            .or_else(|| graph.keys(licence).iter().find_map(|key| Self::find(key.parts()?.2)))
            .or_else(|| graph.identifiers(licence, Scheme::Url).find_map(by_address))
    }

    /// Whether a declaration under these terms leaves open what the other terms bind.
    pub fn is_free(&self) -> bool {
        !self.derivatives && !self.outputs && !self.commercial_limit
    }

    /// Whether to be offered under these terms alone lifts a limit that the other terms set.
    pub fn lifts(&self, other: &Self) -> bool {
        self.is_free() || (other.outputs && !self.outputs) || (other.commercial_limit && !self.commercial_limit)
    }

    /// Whether its duties pass along an edge. What is trained on outputs holds them through any data set between.
    pub fn binds(&self, edge: EdgeKind) -> bool {
        let over_outputs = self.outputs || !self.naming.is_empty();
        match edge {
            EdgeKind::LicensedUnder => true,
            edge if is_output(edge) => over_outputs,
            EdgeKind::TrainedOn => over_outputs || (self.derivatives && self.results == Results::Unsettled),
            EdgeKind::DerivedFrom | EdgeKind::PartOf => over_outputs || self.derivatives,
            _ => self.derivatives,
        }
    }

    /// Whether a model of this name, made with outputs, breaks the duty to name it.
    pub(crate) fn is_misnamed(&self, model: &str) -> bool {
        let own = model.rsplit('/').next().unwrap_or_default();
        !self.naming.is_empty() && !fold(own).starts_with(&fold(self.naming))
    }
}

/// Whether the object's outputs or labels went into the subject.
pub(crate) fn is_output(edge: EdgeKind) -> bool {
    matches!(
        edge,
        EdgeKind::GeneratedBy | EdgeKind::TrainedOnOutputsOf | EdgeKind::DistilledFrom | EdgeKind::LabelledBy
    )
}

/// Every licence of a node, with its terms if the table has them.
pub(crate) fn licences(graph: &Graph<'_>, entity: EntityId) -> Vec<(EntityId, Option<&'static Terms>)> {
    let edges = graph.objects(entity, EdgeKind::LicensedUnder);
    edges
        .filter(|edge| graph.kind(edge.object) == NodeKind::Licence)
        .map(|e| (e.object, Terms::of(graph, e.object)))
        .collect()
}

#[cfg(test)]
mod tests {
    use stillwatch_core::Date;

    use super::{TERMS, Terms};
    use crate::EdgeKind;

    #[test]
    fn every_entry_is_dated_and_sourced_and_found_by_its_names() {
        for terms in TERMS {
            assert!(terms.source.starts_with("https://") && Date::parse(terms.as_of).is_some(), "{}", terms.id);
            assert_eq!(Terms::find(terms.id).unwrap().id, terms.id);
            for name in terms.names {
                assert_eq!(Terms::find(name).unwrap().id, terms.id, "{name}");
                assert_eq!(&crate::resolve::fold(name), name);
            }
        }
        assert_eq!(Terms::find("LLaMA 2").unwrap().id, "LLaMA-2");
        assert_eq!(Terms::find("llama3.2").unwrap().id, "LLaMA-3.2");
        assert!(Terms::find("something else").is_none());
    }

    #[test]
    fn the_rows_that_decide_most_are_as_their_texts_have_them() {
        let row = |id: &str| {
            let terms = Terms::find(id).unwrap();
            (terms.derivatives, terms.outputs, terms.commercial_limit, terms.naming)
        };
        assert_eq!(row("llama3"), (true, true, true, ""));
        for since in ["llama3.1", "llama3.2", "llama3.3", "llama4"] {
            assert_eq!(row(since), (true, false, true, "Llama"), "{since}");
        }
        assert_eq!(row("gemma"), (true, true, false, ""));
        assert_eq!(row("tongyi-qianwen"), (true, true, true, ""));
        assert_eq!(row("qwen"), (true, false, true, ""));
        assert_eq!(row("apache-2.0"), (false, false, false, ""));
    }

    #[test]
    fn a_name_and_free_results_are_told_apart_from_duties_on_outputs() {
        let llama = Terms::find("llama3.1").unwrap();
        assert!(llama.is_misnamed("org/tiny-7b") && !llama.is_misnamed("org/Llama-tiny-7b"));
        assert!(!Terms::find("llama3").unwrap().is_misnamed("tiny-7b"));
        let sharing = Terms::find("cdla-sharing-1.0").unwrap();
        assert!(sharing.binds(EdgeKind::DerivedFrom) && !sharing.binds(EdgeKind::TrainedOn));
        assert!(Terms::find("cc-by-sa-3.0").unwrap().binds(EdgeKind::TrainedOn));
    }
}
