use super::Terms;
use crate::graph::Graph;
use crate::import::Scheme;
use crate::resolve::{EntityId, fold, is_legal_form, without_legal_form};
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

/// The maker of a model, and whether a document says so (otherwise the name of its family does).
pub(crate) fn vendor_of(graph: &Graph<'_>, model: EntityId) -> Option<(String, bool)> {
    let told = owners(graph, model).into_iter().next();
    if let Some(owner) = told {
        return Some((owner, true));
    }
    // Whoever delivers a model of a known family need not have made it: terms of a host bind whom they name.
    let suppliers = suppliers(graph, model);
    match vendor_by_name(graph.name(model)).or_else(|| maker_by_name(graph.name(model))) {
        Some(maker) => {
            let is_told = suppliers.iter().any(|own| vendor_key(own) == vendor_key(maker));
            Some((maker.to_owned(), is_told))
        }
        None => suppliers.into_iter().next().map(|supplier| (supplier, true)),
    }
}

/// Organisations that documents call the owner of something, and its account on the Hub.
fn owners(graph: &Graph<'_>, entity: EntityId) -> Vec<String> {
    let named = graph.objects(entity, EdgeKind::OwnedBy).map(|edge| graph.name(edge.object));
    let accounts = graph.identifiers(entity, Scheme::HuggingFace).filter_map(|id| id.split_once('/'));
    let all = named.chain(accounts.map(|(owner, _)| owner));
    // Whoever hands out the models of all is the vendor of none.
    all.filter(|name| !is_distributor(name)).map(str::to_owned).collect()
}

fn suppliers(graph: &Graph<'_>, entity: EntityId) -> Vec<String> {
    let named = graph.objects(entity, EdgeKind::SuppliedBy).map(|edge| graph.name(edge.object));
    named.filter(|name| !is_distributor(name)).map(str::to_owned).collect()
}

/// Keys of everybody who, as documents say, made something: owners, whoever controls them, and suppliers where nobody
/// is called the owner. The name of a family makes nobody the maker of what others call so.
pub(crate) fn makers(graph: &Graph<'_>, entity: EntityId) -> Vec<String> {
    if graph.kind(entity) == NodeKind::Organisation {
        return with_controllers(graph, vec![entity], &[]);
    }
    let mut names = owners(graph, entity);
    let by_name = vendor_by_name(graph.name(entity)).or_else(|| maker_by_name(graph.name(entity)));
    if names.is_empty() && by_name.is_none() {
        names = suppliers(graph, entity);
    } else if names.is_empty() {
        let is_maker = |own: &String| by_name.is_some_and(|maker| vendor_key(own) == vendor_key(maker));
        names = suppliers(graph, entity).into_iter().filter(is_maker).collect();
    }
    let organisations = graph.objects(entity, EdgeKind::OwnedBy).map(|edge| edge.object).collect();
    with_controllers(graph, organisations, &names)
}

/// The keys of organisations by name and by node, and of those that control them.
fn with_controllers(graph: &Graph<'_>, mut organisations: Vec<EntityId>, names: &[String]) -> Vec<String> {
    let mut at = 0;
    while at < organisations.len() && organisations.len() < MOST_CONTROLLERS {
        let above = graph.objects(organisations[at], EdgeKind::ControlledBy).map(|edge| edge.object);
        let fresh: Vec<EntityId> = above.filter(|id| !organisations.contains(id)).collect();
        organisations.extend(fresh);
        at += 1;
    }
    let of_nodes = organisations.iter().map(|&id| graph.name(id)).filter(|name| !is_distributor(name));
    let mut keys: Vec<String> = of_nodes.map(vendor_key).chain(names.iter().map(|name| vendor_key(name))).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

const MOST_CONTROLLERS: usize = 32;

/// Whether what the other makes is the first one's maker's own.
pub(crate) fn is_same_vendor(graph: &Graph<'_>, one: EntityId, other: EntityId) -> bool {
    let mut own = makers(graph, one);
    let name = graph.name(one);
    if own.is_empty() && begins_with_family(name) {
        own.extend(vendor_by_name(name).map(vendor_key));
    }
    let mut theirs = makers(graph, other);
    if theirs.is_empty() {
        theirs.extend(vendor_of(graph, other).map(|(vendor, _)| vendor_key(&vendor)));
    }
    theirs.iter().any(|vendor| own.contains(vendor))
}

/// Whether a subject's maker is the one whose terms they are.
pub(crate) fn is_issuer(graph: &Graph<'_>, subject: EntityId, terms: &Terms) -> bool {
    !terms.issuer.is_empty() && makers(graph, subject).contains(&vendor_key(terms.issuer))
}

/// Whether a model is called after a family of hosted models, and not only made with one: `gpt-4o`, not `tiny-gpt-4`.
fn begins_with_family(name: &str) -> bool {
    let own = name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let first = own.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    first.starts_with("gpt") || FAMILIES.iter().any(|(family, _)| *family == first)
}

/// A vendor's name without what its names differ in, and of several by which it is known the first.
pub(crate) fn vendor_key(name: &str) -> String {
    let key = organisation_key(name);
    let known = ALIASES.iter().find(|(alias, _)| *alias == key).map(|(_, vendor)| (*vendor).to_owned());
    known.unwrap_or(key)
}

/// An organisation's name without its legal form, and without the words that its own people leave out as often as not:
/// "Example AI, Inc.", "example-ai" and "Example" are one.
pub(crate) fn organisation_key(name: &str) -> String {
    let plain = name.split(['(', '[']).next().filter(|plain| !plain.trim().is_empty()).unwrap_or(name);
    let whole = without_legal_form(plain);
    let lower = plain.to_lowercase();
    let is_word = |word: &&str| !word.is_empty();
    let mut words: Vec<&str> = lower.split(|own: char| !own.is_alphanumeric()).filter(is_word).collect();
    while words.len() > 1 && words.last().is_some_and(|last| is_legal_form(last) || BESIDE.contains(last)) {
        words.pop();
    }
    let mut key = if words.is_empty() { whole } else { fold(&words.concat()) };
    for end in ["ai", "labs", "lab", "research", "inc"] {
        if let Some(stem) = key.strip_suffix(end).filter(|stem| stem.chars().count() >= SHORTEST) {
            key = stem.to_owned();
        }
    }
    key
}

/// A shorter name is not one without its ending: `xai`.
const SHORTEST: usize = 3;

/// Words at the end of an organisation's name that its own people leave out.
const BESIDE: &[&str] = &[
    "ai",
    "labs",
    "lab",
    "research",
    "technologies",
    "technology",
    "group",
    "holdings",
    "team",
    "official",
    "org",
    "hq",
    "cloud",
    "foundation",
];

/// Terms under which a vendor's hosted models are used. A model whose weights are given out is under its licence instead:
/// one with an account on the Hub, or of a family that is known for it.
pub(crate) fn service_terms(graph: &Graph<'_>, teacher: EntityId, vendor: &str) -> Option<&'static Terms> {
    let folded = fold(graph.name(teacher));
    let is_given_out = graph.identifiers(teacher, Scheme::HuggingFace).next().is_some()
        || OPEN_FAMILIES.iter().any(|family| folded.contains(family));
    if is_given_out && graph.kind(teacher) == NodeKind::Model {
        return None;
    }
    // A model of a family that somebody else makes is used under that maker's terms, whoever hosts it.
    let is_elsewhere = maker_by_name(graph.name(teacher)).is_some_and(|maker| vendor_key(maker) != vendor_key(vendor));
    if is_elsewhere {
        return None;
    }
    let key = vendor_key(vendor);
    let id = SERVICE_TERMS.iter().find(|(name, _)| vendor_key(name) == key).map(|(_, id)| *id)?;
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
    "gitlab",
    "kaggle",
    "replicate",
    "openrouter",
    "togetherai",
    "togethercomputer",
    "fireworksai",
    "groq",
    "deepinfra",
    "anyscale",
    "amazonbedrock",
    "awsbedrock",
    "azure",
    "microsoftazure",
    "azureopenai",
    "googlecloud",
    "vertexai",
    "googlevertexai",
    "amazonwebservices",
    "aws",
    "nvidianim",
];

/// Words in the names of hosted models; "gpt" with a version is sought apart.
const FAMILIES: &[(&str, &str)] = &[
    ("openai", "OpenAI"),
    ("chatgpt", "OpenAI"),
    ("davinci", "OpenAI"),
    ("anthropic", "Anthropic"),
    ("claude", "Anthropic"),
    ("gemini", "Google"),
    ("bard", "Google"),
];

/// Whose family an open model is of. What is made from one is often called after it too, so that the name shows who made
/// a teacher and not who made a student.
fn maker_by_name(model: &str) -> Option<&'static str> {
    let own = model.rsplit('/').next().unwrap_or_default().to_lowercase();
    let first = own.split(|c: char| !c.is_ascii_alphabetic()).find(|word| !word.is_empty())?;
    MAKERS.iter().find(|(family, _)| *family == first).map(|(_, maker)| *maker)
}

/// The words with which the names of such families begin.
const MAKERS: &[(&str, &str)] = &[
    ("llama", "Meta"),
    ("gemma", "Google"),
    ("flan", "Google"),
    ("qwen", "Alibaba"),
    ("qwq", "Alibaba"),
    ("mistral", "Mistral"),
    ("mixtral", "Mistral"),
    ("ministral", "Mistral"),
    ("deepseek", "DeepSeek"),
    ("phi", "Microsoft"),
    ("falcon", "TII"),
    ("kimi", "Moonshot"),
    ("glm", "Zhipu"),
    ("chatglm", "Zhipu"),
    ("yi", "01.AI"),
    ("nemotron", "NVIDIA"),
    ("granite", "IBM"),
    ("olmo", "Allen Institute for AI"),
    ("grok", "xAI"),
];

/// Families of the same vendors whose weights are given out, folded.
const OPEN_FAMILIES: &[&str] = &["gptoss", "gpt2", "whisper", "clip", "gemma", "flan", "t5", "bert", "pegasus"];

/// Other names of vendors, as [`organisation_key`] leaves them: accounts on the Hub and laboratories of a company.
const ALIASES: &[(&str, &str)] = &[
    ("metallama", "meta"),
    ("metaplatforms", "meta"),
    ("facebook", "meta"),
    ("deepmind", "google"),
    ("googledeepmind", "google"),
    ("openaicommunity", "open"),
    ("qwen", "alibaba"),
    ("xaiorg", "xai"),
    ("tiiuae", "tii"),
    ("technologyinnovationinstitute", "tii"),
    ("thudm", "zhipu"),
    ("zai", "zhipu"),
    ("zaiorg", "zhipu"),
    ("ibmgranite", "ibm"),
    ("internationalbusinessmachines", "ibm"),
    ("lgexaone", "lg"),
    ("lgaiexaone", "lg"),
    ("coherefor", "cohere"),
    ("cohereforai", "cohere"),
    ("allen", "alleninstitutefor"),
    ("alleninstituteforartificialintelligence", "alleninstitutefor"),
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
        for (one, other) in [
            ("Mistral AI", "mistralai"),
            ("Mistral", "Mistral AI SAS"),
            ("Stability AI Ltd", "stabilityai"),
            ("DeepSeek", "deepseek-ai"),
            ("Example Labs, Inc.", "example-labs"),
            ("Example AI", "Example"),
            ("Google Research", "Google LLC"),
            ("Open AI", "OpenAI"),
            ("Facebook AI Research (FAIR)", "Meta AI"),
            ("xai-org", "xAI"),
        ] {
            assert_eq!(vendor_key(one), vendor_key(other), "{one} {other}");
        }
        for (one, other) in [("OpenAI Fans", "OpenAI"), ("xAI", "AI"), ("Blue Heron", "Blue Hen"), ("AI21 Labs", "AI2")]
        {
            assert_ne!(vendor_key(one), vendor_key(other), "{one} {other}");
        }
        assert!(SERVICE_TERMS.iter().all(|(_, id)| Terms::find(id).is_some()));
    }
}
