use std::collections::BTreeMap;

use stillwatch_json::Value as Node;

/// Terms of one context that are read, and steps from a term to its address.
const MOST_TERMS: usize = 10_000;
const MOST_STEPS: usize = 8;

/// A JSON-LD context as far as Croissant uses it: prefixes, terms, `@vocab`. Contexts at an address are not fetched.
#[derive(Debug, Default)]
pub(super) struct Context {
    terms: BTreeMap<String, String>,
    vocabulary: String,
}

impl Context {
    pub(super) fn read(root: Node<'_>) -> Self {
        let mut own = Self { terms: BTreeMap::new(), vocabulary: "https://schema.org/".into() };
        for part in root.get("@context").into_iter().flat_map(Node::each) {
            for (term, value) in part.entries().take(MOST_TERMS) {
                let address = value.text().or_else(|| value.text_of("@id"));
                match address {
                    Some(address) if term == "@vocab" => own.vocabulary = address.into_owned(),
                    Some(address) => {
                        own.terms.insert(term.into_owned(), address.into_owned());
                    }
                    None => {}
                }
            }
        }
        own
    }

    /// The address of a term, a prefixed name or an address itself.
    pub(super) fn address(&self, name: &str) -> String {
        let mut at = name.to_owned();
        for _ in 0..MOST_STEPS {
            if let Some(address) = self.terms.get(&at).filter(|address| **address != at) {
                at.clone_from(address);
            } else if let Some((prefix, rest)) = at.split_once(':') {
                match self.terms.get(prefix) {
                    Some(address) if !rest.starts_with("//") => at = format!("{address}{rest}"),
                    _ => return at,
                }
            } else {
                return format!("{}{at}", self.vocabulary);
            }
        }
        at
    }

    /// The name of a term in one of the vocabularies of Croissant: `recordSet` of `cr:recordSet`, `wasDerivedFrom` of
    /// `prov:wasDerivedFrom`. Anything else has none.
    pub(super) fn short(address: &str) -> Option<(Space, &str)> {
        const SPACES: &[(&str, Space)] = &[
            ("http://mlcommons.org/croissant/RAI/", Space::Rai),
            ("https://mlcommons.org/croissant/RAI/", Space::Rai),
            ("http://mlcommons.org/croissant/", Space::Croissant),
            ("https://mlcommons.org/croissant/", Space::Croissant),
            ("http://mlcommons.org/schema/", Space::Croissant),
            ("https://schema.org/", Space::Schema),
            ("http://schema.org/", Space::Schema),
            ("http://purl.org/dc/terms/", Space::Terms),
            ("http://www.w3.org/ns/prov#", Space::Prov),
        ];
        SPACES.iter().find_map(|(prefix, space)| Some((*space, address.strip_prefix(prefix)?)))
    }

    /// The value of a property by its short name, in any of the spaces given.
    pub(super) fn get<'d>(&self, node: Node<'d>, name: &str, spaces: &[Space]) -> Option<Node<'d>> {
        node.entries()
            .filter(|(key, _)| key.ends_with(name) || self.terms.contains_key(key.as_ref()))
            .find(|(key, _)| {
                let address = self.address(key);
                Self::short(&address).is_some_and(|(space, short)| short == name && spaces.contains(&space))
            })
            .map(|(_, value)| value)
    }

    /// The value of a property of the format, in the vocabulary that defines it: without a term for it in the context,
    /// `source` is a word of schema.org and says nothing here.
    pub(super) fn own<'d>(&self, node: Node<'d>, name: &str) -> Option<Node<'d>> {
        const CROISSANT: [&str; 22] = [
            "arrayShape",
            "data",
            "dataType",
            "extract",
            "field",
            "fileObject",
            "fileSet",
            "format",
            "includes",
            "isArray",
            "isLiveDataset",
            "jsonPath",
            "parentField",
            "readLines",
            "recordSet",
            "references",
            "regex",
            "replace",
            "separator",
            "source",
            "subField",
            "transform",
        ];
        let both = [Space::Croissant, Space::Schema];
        self.get(node, name, if CROISSANT.contains(&name) { &both[..1] } else { &both })
    }

    /// Whether one of the types of a node has this short name.
    pub(super) fn is_a(&self, node: Node<'_>, space: &[Space], name: &str) -> bool {
        node.get("@type").into_iter().flat_map(Node::each).filter_map(Node::text).any(|kind| {
            let address = self.address(&kind);
            Self::short(&address).is_some_and(|(own, short)| short == name && space.contains(&own))
        })
    }
}

/// A vocabulary.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Schema,
    Croissant,
    Rai,
    Terms,
    Prov,
}

/// The text of a value that is a text, a language-tagged value, or a node with `@id`.
pub(super) fn words(value: Node<'_>) -> Option<String> {
    ["@value", "@id"]
        .iter()
        .find_map(|key| value.text_of(key))
        .or_else(|| value.text())
        .map(std::borrow::Cow::into_owned)
}
