//! What licences and terms pass on, as a dated table with sources. It is no legal advice: it says what the text of the
//! terms claims, not what a court would make of it.

use crate::graph::Graph;
use crate::import::Scheme;
use crate::resolve::{EntityId, fold};
use crate::{EdgeKind, NodeKind};

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
    pub what: &'static str,
    pub source: &'static str,
    /// The day of the version that was read.
    pub as_of: &'static str,
}

impl Terms {
    /// The terms of this id or name.
    pub fn find(name: &str) -> Option<&'static Self> {
        let folded = fold(name);
        TERMS.iter().find(|terms| fold(terms.id) == folded || terms.names.contains(&folded.as_str()))
    }

    /// The terms that a licence node stands for.
    pub fn of(graph: &Graph<'_>, licence: EntityId) -> Option<&'static Self> {
        Self::find(graph.name(licence))
            .or_else(|| graph.identifiers(licence, Scheme::Spdx).find_map(Self::find))
            .or_else(|| graph.keys(licence).iter().find_map(|key| Self::find(key.parts()?.2)))
    }

    /// Whether a declaration under these terms leaves open what the other terms bind.
    pub fn is_free(&self) -> bool {
        !self.derivatives && !self.outputs && !self.commercial_limit
    }

    /// Whether its duties pass along an edge. What is trained on outputs holds them through any data set between.
    pub fn binds(&self, edge: EdgeKind) -> bool {
        match edge {
            EdgeKind::LicensedUnder => true,
            EdgeKind::GeneratedBy | EdgeKind::TrainedOnOutputsOf | EdgeKind::DistilledFrom | EdgeKind::LabelledBy => {
                self.outputs
            }
            EdgeKind::TrainedOn | EdgeKind::DerivedFrom | EdgeKind::PartOf => self.outputs || self.derivatives,
            _ => self.derivatives,
        }
    }
}

/// Whose service terms govern what a model writes, where no document names its owner.
pub(crate) fn vendor_by_name(model: &str) -> Option<&'static str> {
    let folded = fold(model);
    VENDOR_FAMILIES.iter().find(|(family, _)| folded.contains(family)).map(|(_, vendor)| *vendor)
}

/// The owner of a model, its name, and whether a document says so (otherwise the name of its family does).
pub(crate) fn vendor_of(graph: &Graph<'_>, model: EntityId) -> Option<(String, bool)> {
    let owner = graph.objects(model, EdgeKind::OwnedBy).chain(graph.objects(model, EdgeKind::SuppliedBy)).next();
    if let Some(edge) = owner {
        return Some((graph.name(edge.object).to_owned(), true));
    }
    if let Some((owner, _)) = graph.identifiers(model, Scheme::HuggingFace).find_map(|id| id.split_once('/')) {
        return Some((owner.to_owned(), true));
    }
    vendor_by_name(graph.name(model)).map(|vendor| (vendor.to_owned(), false))
}

/// Terms under which a vendor's hosted models are used.
pub(crate) fn service_terms(vendor: &str) -> Option<&'static Terms> {
    let folded = fold(vendor);
    let id = SERVICE_TERMS.iter().find(|(name, _)| *name == folded).map(|(_, id)| *id)?;
    Terms::find(id)
}

/// Every licence of a node, with its terms if the table has them.
pub(crate) fn licences(graph: &Graph<'_>, entity: EntityId) -> Vec<(EntityId, Option<&'static Terms>)> {
    let edges = graph.objects(entity, EdgeKind::LicensedUnder);
    edges
        .filter(|edge| graph.kind(edge.object) == NodeKind::Licence)
        .map(|e| (e.object, Terms::of(graph, e.object)))
        .collect()
}

const VENDOR_FAMILIES: &[(&str, &str)] = &[
    ("openai", "OpenAI"),
    ("gpt35", "OpenAI"),
    ("gpt4", "OpenAI"),
    ("gpt5", "OpenAI"),
    ("chatgpt", "OpenAI"),
    ("davinci", "OpenAI"),
    ("anthropic", "Anthropic"),
    ("claude", "Anthropic"),
    ("gemini", "Google"),
];

const SERVICE_TERMS: &[(&str, &str)] = &[
    ("openai", "OpenAI-Terms"),
    ("anthropic", "Anthropic-Terms"),
    ("google", "Gemini-API-Terms"),
    ("googledeepmind", "Gemini-API-Terms"),
];

const fn terms(
    id: &'static str,
    names: &'static [&'static str],
    [derivatives, outputs, commercial_limit]: [bool; 3],
    what: &'static str,
    source: &'static str,
    as_of: &'static str,
) -> Terms {
    Terms { id, names, derivatives, outputs, commercial_limit, what, source, as_of }
}

/// Every entry names the clause, the source and the version.
pub const TERMS: &[Terms] = &[
    terms(
        "MIT",
        &["mitlicense", "themitlicense"],
        [false; 3],
        "notice is kept; nothing else passes on",
        "https://spdx.org/licenses/MIT.html",
        "2024-12-30",
    ),
    terms(
        "Apache-2.0",
        &["apache2", "apachelicense20", "apache20license"],
        [false; 3],
        "notice and stated changes are kept; patent clause",
        "https://www.apache.org/licenses/LICENSE-2.0",
        "2004-01-01",
    ),
    terms(
        "BSD-3-Clause",
        &["bsd", "bsd3"],
        [false; 3],
        "notice is kept",
        "https://spdx.org/licenses/BSD-3-Clause.html",
        "2024-12-30",
    ),
    terms(
        "BSD-2-Clause",
        &[],
        [false; 3],
        "notice is kept",
        "https://spdx.org/licenses/BSD-2-Clause.html",
        "2024-12-30",
    ),
    terms("ISC", &[], [false; 3], "notice is kept", "https://spdx.org/licenses/ISC.html", "2024-12-30"),
    terms(
        "CC0-1.0",
        &["cc0"],
        [false; 3],
        "no condition",
        "https://creativecommons.org/publicdomain/zero/1.0/legalcode",
        "2009-03-11",
    ),
    terms(
        "CC-BY-4.0",
        &["ccby"],
        [false; 3],
        "attribution is kept (section 3.a)",
        "https://creativecommons.org/licenses/by/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "ODC-BY-1.0",
        &["odcby"],
        [false; 3],
        "attribution is kept",
        "https://opendatacommons.org/licenses/by/1-0/",
        "2010-02-24",
    ),
    terms(
        "CC-BY-SA-4.0",
        &["ccbysa"],
        [true, false, false],
        "adapted material stays under the same licence (section 3.b)",
        "https://creativecommons.org/licenses/by-sa/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "CC-BY-NC-4.0",
        &["ccbync"],
        [true, false, true],
        "no commercial use of the material or of what is adapted from it (section 2.a)",
        "https://creativecommons.org/licenses/by-nc/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "CC-BY-NC-SA-4.0",
        &["ccbyncsa"],
        [true, false, true],
        "no commercial use; adapted material under the same licence",
        "https://creativecommons.org/licenses/by-nc-sa/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "CC-BY-NC-ND-4.0",
        &["ccbyncnd"],
        [true, false, true],
        "no commercial use; adapted material may not be shared",
        "https://creativecommons.org/licenses/by-nc-nd/4.0/legalcode",
        "2013-11-25",
    ),
    terms(
        "GPL-3.0-only",
        &["gpl3", "gpl30", "gplv3", "gpl30orlater"],
        [true, false, false],
        "derivative works under the same licence (section 5.c)",
        "https://www.gnu.org/licenses/gpl-3.0.html",
        "2007-06-29",
    ),
    terms(
        "AGPL-3.0-only",
        &["agpl3", "agpl30", "agplv3", "agpl30orlater"],
        [true, false, false],
        "derivative works under the same licence, over a network too (section 13)",
        "https://www.gnu.org/licenses/agpl-3.0.html",
        "2007-11-19",
    ),
    terms(
        "LLaMA-2",
        &[
            "llama2",
            "llama2license",
            "llama2licence",
            "llama2community",
            "llama2communitylicense",
            "llama2communitylicenseagreement",
            "licenserefllama2",
            "licenserefscancodellama2license2023",
        ],
        [true, true, true],
        "derivatives carry the agreement (1.b.i); outputs may not improve another language model (1.b.v); above 700 million monthly users a licence is asked for (2)",
        "https://ai.meta.com/llama/license/",
        "2023-07-18",
    ),
    terms(
        "LLaMA-3",
        &["llama3", "llama3license", "llama3communitylicense", "metallama3communitylicenseagreement"],
        [true, true, true],
        "derivatives carry the agreement and the name (1.b.i); outputs may not improve another language model (1.b.v)",
        "https://www.llama.com/llama3/license/",
        "2024-04-18",
    ),
    terms(
        "LLaMA-3.1",
        &[
            "llama31",
            "llama31communitylicense",
            "llama32",
            "llama32communitylicense",
            "llama33",
            "llama33communitylicense",
        ],
        [true, true, true],
        "derivatives, and models trained on outputs, carry the agreement and begin with the name (1.b.i)",
        "https://www.llama.com/llama3_1/license/",
        "2024-07-23",
    ),
    terms(
        "Gemma",
        &["gemmalicense", "gemmatermsofuse"],
        [true, true, false],
        "model derivatives include models trained on outputs to perform alike (1.1.e); use limits pass on (3.1)",
        "https://ai.google.dev/gemma/terms",
        "2024-04-01",
    ),
    terms(
        "OpenRAIL-M",
        &[
            "openrail",
            "openrailm",
            "creativemlopenrailm",
            "creativemlopenrailmlicense",
            "bigscienceopenrailm",
            "bigsciencebloomrail10",
            "bigcodeopenrailm",
        ],
        [true, true, false],
        "use limits pass on to derivatives, by transfer of patterns of the outputs too (definitions; section 5)",
        "https://huggingface.co/spaces/CompVis/stable-diffusion-license",
        "2022-08-22",
    ),
    terms(
        "OpenAI-Terms",
        &["openaiterms", "openaitermsofuse", "openai", "openaiusagepolicy"],
        [false, true, false],
        "output may not be used to develop models that compete with the service",
        "https://openai.com/policies/terms-of-use/",
        "2024-12-11",
    ),
    terms(
        "Anthropic-Terms",
        &["anthropiccommercialterms", "anthropiccommercialtermsofservice", "anthropic"],
        [false, true, false],
        "the service may not be used to train competing models unless that is approved (section D.4)",
        "https://www.anthropic.com/legal/commercial-terms",
        "2025-06-17",
    ),
    terms(
        "Gemini-API-Terms",
        &["geminiapiadditionaltermsofservice", "geminiapi"],
        [false, true, false],
        "the service may not be used to develop models that compete with it",
        "https://ai.google.dev/gemini-api/terms",
        "2025-05-20",
    ),
];

#[cfg(test)]
mod tests {
    use super::{SERVICE_TERMS, TERMS, Terms};
    use crate::Date;

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
        assert!(SERVICE_TERMS.iter().all(|(_, id)| Terms::find(id).is_some()));
        assert_eq!(Terms::find("LLaMA 2").unwrap().id, "LLaMA-2");
        assert!(Terms::find("something else").is_none());
    }
}
