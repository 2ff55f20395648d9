use super::Terms;
use crate::graph::Graph;
use crate::import::Scheme;
use crate::resolve::{EntityId, fold, without_legal_form};
use crate::{EdgeKind, NodeKind};

/// Whose model it is by the name of its family, where no document names its owner.
pub fn vendor_by_name(model: &str) -> Option<&'static str> {
    let lower = model.to_lowercase();
    let tokens: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|token| !token.is_empty()).collect();
    let family =
        tokens.iter().find_map(|token| FAMILIES.iter().find(|(family, _)| family == token).map(|(_, vendor)| *vendor));
    let is_version = |text: &str| {
        let digits = text.trim_end_matches(['o', 'v']);
        digits.starts_with(['3', '4', '5']) && digits.len() <= 2 && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    let is_gpt = |(at, token): (usize, &&str)| match token.strip_prefix("gpt") {
        Some("") => tokens.get(at + 1).is_some_and(|next| is_version(next)),
        Some(version) => is_version(version),
        None => false,
    };
    family.or_else(|| tokens.iter().enumerate().any(is_gpt).then_some("OpenAI"))
}

/// The owner of a model, its name, and whether a document says so (otherwise the name of its family does).
pub(crate) fn vendor_of(graph: &Graph<'_>, model: EntityId) -> Option<(String, bool)> {
    let named = graph.objects(model, EdgeKind::OwnedBy).chain(graph.objects(model, EdgeKind::SuppliedBy));
    let mut named = named.map(|edge| graph.name(edge.object)).filter(|name| !is_distributor(name));
    if let Some(owner) = named.next() {
        return Some((owner.to_owned(), true));
    }
    if let Some((owner, _)) = graph.identifiers(model, Scheme::HuggingFace).find_map(|id| id.split_once('/')) {
        return Some((owner.to_owned(), true));
    }
    vendor_by_name(graph.name(model)).map(|vendor| (vendor.to_owned(), false))
}

/// Every name under which a model's vendor is known: owners, suppliers, its account on the Hub.
fn vendors_of(graph: &Graph<'_>, model: EntityId) -> Vec<String> {
    if graph.kind(model) == NodeKind::Organisation {
        return vec![vendor_key(graph.name(model))];
    }
    let edges = [EdgeKind::OwnedBy, EdgeKind::SuppliedBy].into_iter().flat_map(|kind| graph.objects(model, kind));
    // Whoever hands out the models of all is the vendor of none.
    let named = edges.map(|edge| graph.name(edge.object)).filter(|name| !is_distributor(name));
    let mut names: Vec<String> = named.map(vendor_key).collect();
    let accounts = graph.identifiers(model, Scheme::HuggingFace).filter_map(|id| id.split_once('/'));
    names.extend(accounts.map(|(owner, _)| vendor_key(owner)));
    if names.is_empty() {
        names.extend(vendor_by_name(graph.name(model)).map(vendor_key));
    }
    names
}

/// Whether two models are known to be of one vendor.
pub(crate) fn is_same_vendor(graph: &Graph<'_>, one: EntityId, other: EntityId) -> bool {
    let own = vendors_of(graph, one);
    vendors_of(graph, other).iter().any(|vendor| own.contains(vendor))
}

/// A vendor's name without its legal form, and of several by which it is known the first.
pub(crate) fn vendor_key(name: &str) -> String {
    let key = without_legal_form(name);
    let known = ALIASES.iter().find(|(alias, _)| *alias == key).map(|(_, vendor)| (*vendor).to_owned());
    known.unwrap_or(key)
}

/// Terms under which a vendor's hosted models are used. A model whose weights are given out is under its licence instead:
/// one with an account on the Hub, or of a family that is known for it.
pub(crate) fn service_terms(graph: &Graph<'_>, teacher: EntityId, vendor: &str) -> Option<&'static Terms> {
    let folded = fold(graph.name(teacher));
    let is_given_out = graph.identifiers(teacher, Scheme::HuggingFace).next().is_some()
        || OPEN_FAMILIES.iter().any(|family| folded.contains(family));
    if is_given_out && graph.kind(teacher) == NodeKind::Model {
        return None;
    }
    let key = vendor_key(vendor);
    let id = SERVICE_TERMS.iter().find(|(name, _)| *name == key).map(|(_, id)| *id)?;
    Terms::find(id)
}

fn is_distributor(name: &str) -> bool {
    DISTRIBUTORS.contains(&without_legal_form(name).as_str())
}

/// Hubs and clouds that hand out models of many vendors, folded.
const DISTRIBUTORS: &[&str] = &[
    "huggingface",
    "huggingfacehub",
    "modelscope",
    "ollama",
    "github",
    "kaggle",
    "replicate",
    "openrouter",
    "togetherai",
];

/// Words in the names of hosted models; "gpt" with a version is sought apart.
const FAMILIES: &[(&str, &str)] = &[
    ("openai", "OpenAI"),
    ("chatgpt", "OpenAI"),
    ("davinci", "OpenAI"),
    ("anthropic", "Anthropic"),
    ("claude", "Anthropic"),
    ("gemini", "Google"),
];

/// Families of the same vendors whose weights are given out, folded.
const OPEN_FAMILIES: &[&str] = &["gptoss", "gpt2", "whisper", "clip", "gemma", "flan", "t5", "bert", "pegasus"];

/// Other names of vendors, folded: accounts on the Hub and laboratories of a company.
const ALIASES: &[(&str, &str)] = &[
    ("metallama", "meta"),
    ("metaai", "meta"),
    ("metaplatforms", "meta"),
    ("facebook", "meta"),
    ("facebookresearch", "meta"),
    ("deepmind", "google"),
    ("googledeepmind", "google"),
    ("googleresearch", "google"),
    ("openaicommunity", "openai"),
    ("mistralai", "mistral"),
    ("deepseekai", "deepseek"),
    ("alibabacloud", "alibaba"),
    ("qwen", "alibaba"),
    ("microsoftresearch", "microsoft"),
    ("xaiorg", "xai"),
];

const SERVICE_TERMS: &[(&str, &str)] =
    &[("openai", "OpenAI-Terms"), ("anthropic", "Anthropic-Terms"), ("google", "Gemini-API-Terms")];

#[cfg(test)]
mod tests {
    use super::{SERVICE_TERMS, Terms, vendor_by_name, vendor_key};

    #[test]
    fn a_family_is_a_word_of_its_own() {
        for name in
            ["gpt-4", "GPT-4o", "gpt-4-turbo", "GPT-3.5", "gpt4", "text-davinci-003", "OpenAI's text-davinci-003"]
        {
            assert_eq!(vendor_by_name(name), Some("OpenAI"), "{name}");
        }
        for name in ["gpt4all-j", "gpt-neo-2.7B", "gpt2", "gpt-j-6b", "geminiprogramme", "GPT-NeoX-20B", "claudette"] {
            assert_eq!(vendor_by_name(name), None, "{name}");
        }
        assert_eq!(vendor_by_name("claude-3-opus"), Some("Anthropic"));
        assert_eq!(vendor_by_name("Gemini 1.5 Pro"), Some("Google"));
    }

    #[test]
    fn a_vendor_is_one_under_all_its_names() {
        assert_eq!(vendor_key("OpenAI OpCo, LLC"), vendor_key("openai"));
        assert_eq!(vendor_key("Meta Platforms, Inc."), vendor_key("meta-llama"));
        assert_ne!(vendor_key("OpenAI Fans"), vendor_key("OpenAI"));
        assert!(SERVICE_TERMS.iter().all(|(_, id)| Terms::find(id).is_some()));
    }
}
