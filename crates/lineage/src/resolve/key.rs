use rustc_hash::FxHashMap;

use crate::NodeKind;
use crate::import::Scheme;
use crate::ledger::{Ledger, Mention, NodeKey, Strings, Text};

use super::fold::is_generic;

/// A name or identifier under which a node can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Key {
    pub(crate) kind: NodeKind,
    /// `None` is a name.
    pub(crate) scheme: Option<Scheme>,
    pub(crate) value: Text,
    /// Of what means something inside its document only; otherwise `u32::MAX`.
    pub(crate) document: u32,
}

impl Key {
    /// Whether it says which thing is meant, wherever it stands.
    pub(crate) fn is_global(&self) -> bool {
        self.scheme.is_some_and(Scheme::is_global) && self.document == u32::MAX
    }

    pub(crate) fn is_name(&self) -> bool {
        self.scheme.is_none()
    }

    /// As decisions write it.
    pub(crate) fn node_key(&self, ledger: &Ledger, strings: &Strings) -> NodeKey {
        let value = strings.text(self.value);
        match self.scheme {
            _ if self.document != u32::MAX => {
                let document = &ledger.documents[self.document as usize].document.id;
                let scheme = self.scheme.map_or("name", Scheme::as_str);
                NodeKey::from(format!("{}/{scheme}:{document}#{value}", self.kind))
            }
            Some(scheme) => NodeKey::from(format!("{}/{scheme}:{value}", self.kind)),
            None => NodeKey::name(self.kind, value),
        }
    }
}

/// The keys of a mention, identifiers first. `strings` takes the values that are derived; `generic` remembers which names
/// say nothing.
pub(crate) fn keys_of(
    ledger: &Ledger,
    mention: &Mention,
    strings: &mut Strings,
    generic: &mut FxHashMap<Text, bool>,
    keys: &mut Vec<Key>,
) {
    keys.clear();
    for &(scheme, value) in ledger.identifiers_of(mention) {
        if scheme == Scheme::Url && is_named_licence(ledger, mention) {
            continue;
        }
        let document = if scheme.is_global() { u32::MAX } else { mention.document };
        let key = Key { kind: mention.kind, scheme: Some(scheme), value, document };
        if let Some(derived) = derived(key, strings) {
            keys.push(derived);
            if scheme == Scheme::Spdx {
                continue;
            }
        }
        keys.push(key);
    }
    let name = ledger.strings.text(mention.name);
    // An empty name joins nothing; where there is nothing else it still stands for the mention.
    if !name.is_empty() || keys.is_empty() {
        let is_generic = *generic.entry(mention.name).or_insert_with(|| is_generic(name));
        let document = if is_generic { mention.document } else { u32::MAX };
        keys.push(Key { kind: mention.kind, scheme: None, value: mention.name, document });
    }
}

/// Whether it is a licence with a name or an SPDX id: it is what that says, whatever page it was found on. A page may hold
/// several licences, and one licence stands on many pages.
fn is_named_licence(ledger: &Ledger, mention: &Mention) -> bool {
    let is_named = !ledger.strings.text(mention.name).is_empty();
    let has_id = || ledger.identifiers_of(mention).iter().any(|(scheme, _)| *scheme == Scheme::Spdx);
    mention.kind == NodeKind::Licence && (is_named || has_id())
}

/// What an identifier also is: a package URL of Hugging Face (purl specification, type `huggingface`) or an address
/// there a repository id, a licence id its lower case (SPDX 3.0.1, Annex B: identifiers match without case).
fn derived(key: Key, strings: &mut Strings) -> Option<Key> {
    let value = strings.text(key.value);
    let (scheme, text) = match key.scheme? {
        Scheme::Spdx => (Scheme::Spdx, value.to_ascii_lowercase()),
        Scheme::Purl => {
            let path = value.strip_prefix("pkg:huggingface/")?;
            let end = path.find(['@', '?', '#']).unwrap_or(path.len());
            (Scheme::HuggingFace, path[..end].to_owned())
        }
        Scheme::Url => {
            let path = value.strip_prefix("https://huggingface.co/")?;
            let path = match (path.strip_prefix("datasets/"), key.kind) {
                (Some(path), NodeKind::DataSet) => path,
                (None, NodeKind::Model) => path,
                _ => return None,
            };
            let mut parts = path.trim_end_matches('/').splitn(3, '/');
            let (organisation, name) = (parts.next()?, parts.next()?);
            if parts.next().is_some() {
                return None;
            }
            (Scheme::HuggingFace, format!("{organisation}/{name}"))
        }
        _ => return None,
    };
    Some(Key { scheme: Some(scheme), value: strings.intern(&text), ..key })
}
