use rustc_hash::{FxHashMap, FxHashSet};
use stillwatch_core::{Date, Diagnostic, Severity};

use super::{Key, keys_of};
use crate::NodeKind;
use crate::ledger::{Action, Ledger, NONE, NodeKey, Strings, Text, position, standing};

/// A node of the graph. Numbers hold for one graph; names for good are [`NodeKey`]s.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntityId(pub(crate) u32);

impl EntityId {
    pub(crate) fn at(self) -> usize {
        self.0 as usize
    }
}

/// Every mention with the entity that it means.
#[derive(Debug)]
pub(crate) struct Resolution {
    /// The ledger's texts and those derived from them.
    pub(crate) strings: Strings,
    pub(crate) keys: Vec<Key>,
    /// By key; `NONE` for a key that stands for nothing by itself.
    pub(crate) entity_of_key: Vec<u32>,
    /// By mention.
    pub(crate) entity_of: Vec<u32>,
    pub(crate) entities: Vec<Entity>,
    /// Keys by entity, each part in the order of [`rank`].
    pub(crate) keys_by_entity: Vec<u32>,
    /// Decisions that name nothing or change nothing.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Entity {
    pub(crate) kind: NodeKind,
    /// What most mentions call it.
    pub(crate) name: Text,
    /// Its part of `keys_by_entity`.
    pub(crate) keys: (u32, u32),
    pub(crate) mentions: u32,
}

impl Resolution {
    /// With the decisions that had been taken on a day; without one, with all.
    pub(crate) fn of(ledger: &Ledger, as_of: Option<Date>) -> Self {
        let mut strings = ledger.strings.clone();
        let mut table = Table::default();
        let mut generic = FxHashMap::default();
        let mut own = Vec::new();
        // The first key of each mention stands for it; the links join the others to it.
        let mut first = Vec::with_capacity(ledger.mentions.len());
        let mut links: Vec<(u32, u32)> = Vec::new();
        let mut named: Vec<(u32, u32, u32)> = Vec::new();
        for mention in &ledger.mentions {
            keys_of(ledger, mention, &mut strings, &mut generic, &mut own);
            let numbers: Vec<u32> = own.iter().map(|&key| table.number(key)).collect();
            let Some((&head, rest)) = numbers.split_first() else { continue };
            for (&other, key) in rest.iter().zip(&own[1..]) {
                if key.is_name() {
                    named.push((other, head, mention.document));
                } else {
                    links.push((head, other));
                }
            }
            first.push(head);
        }
        links.sort_unstable();
        links.dedup();
        named.sort_unstable();
        named.dedup();

        let mut diagnostics = Vec::new();
        let (same, different) = decided(ledger, as_of, &strings, &table, &mut diagnostics);
        let allowed = |a: u32, b: u32| !different.contains(&(a.min(b), a.max(b)));
        let mut sets = Sets::new(table.keys.len());
        for &(a, b) in &links {
            if allowed(a, b) {
                sets.join(a, b);
            }
        }
        join_names(&table.keys, &named, &allowed, &mut sets);
        for &(a, b) in &same {
            sets.join(a, b);
        }
        for &(a, b) in &different {
            if sets.root(a) == sets.root(b) {
                let keys = [a, b].map(|key| table.keys[key as usize].node_key(ledger, &strings));
                let message = format!("{} and {} stay one: other names or decisions join them", keys[0], keys[1]);
                diagnostics.push(Diagnostic {
                    path: String::new(),
                    severity: Severity::Warning,
                    code: "decision".into(),
                    message,
                });
            }
        }
        Self::number(ledger, strings, table.keys, &mut sets, &first, diagnostics)
    }

    /// Numbers the sets in an order that does not depend on how they came about.
    fn number(
        ledger: &Ledger,
        strings: Strings,
        keys: Vec<Key>,
        sets: &mut Sets,
        first: &[u32],
        diagnostics: Vec<Diagnostic>,
    ) -> Self {
        let text = |key: u32| strings.text(keys[key as usize].value);
        let document = |key: u32| {
            let document = keys[key as usize].document;
            (document != u32::MAX).then(|| ledger.documents[document as usize].document.id.as_str())
        };
        let order = |a: u32, b: u32| {
            let (left, right) = (&keys[a as usize], &keys[b as usize]);
            rank(left).cmp(&rank(right)).then_with(|| text(a).cmp(text(b))).then_with(|| document(a).cmp(&document(b)))
        };
        let count = position(keys.len());
        let mut best: Vec<u32> = (0..count).collect();
        for key in 0..count {
            let root = sets.root(key) as usize;
            if order(key, best[root]).is_lt() {
                best[root] = key;
            }
        }
        // A name that two identifiers share, and that nobody uses alone, is no thing of its own.
        let mut is_meant = vec![false; keys.len()];
        for &key in first {
            is_meant[sets.root(key) as usize] = true;
        }
        let mut roots: Vec<u32> = (0..count).filter(|&key| is_meant[key as usize]).collect();
        roots.sort_unstable_by(|&a, &b| order(best[a as usize], best[b as usize]));
        let mut number = vec![NONE; keys.len()];
        for (place, &root) in (0_u32..).zip(&roots) {
            number[root as usize] = place;
        }
        let entity_of_key: Vec<u32> = (0..count).map(|key| number[sets.root(key) as usize]).collect();
        let mut keys_by_entity: Vec<u32> = (0..count).filter(|&key| entity_of_key[key as usize] != NONE).collect();
        keys_by_entity.sort_unstable_by(|&a, &b| {
            entity_of_key[a as usize].cmp(&entity_of_key[b as usize]).then_with(|| order(a, b))
        });
        let entity_of: Vec<u32> = first.iter().map(|&key| entity_of_key[key as usize]).collect();
        let mut entities: Vec<Entity> = Vec::with_capacity(roots.len());
        let mut start = 0;
        for &root in &roots {
            let own = entity_of_key[root as usize];
            let length = keys_by_entity[start..].iter().take_while(|&&key| entity_of_key[key as usize] == own).count();
            let range = (position(start), position(start + length));
            let kind = keys[best[root as usize] as usize].kind;
            entities.push(Entity { kind, name: Text::NONE, keys: range, mentions: 0 });
            start += length;
        }
        let mut resolution = Self { strings, keys, entity_of_key, entity_of, entities, keys_by_entity, diagnostics };
        resolution.name(ledger);
        resolution
    }

    /// Calls each entity what most mentions call it; of equals the first in the alphabet.
    fn name(&mut self, ledger: &Ledger) {
        let mut names: Vec<(u32, Text)> =
            self.entity_of.iter().zip(&ledger.mentions).map(|(&entity, mention)| (entity, mention.name)).collect();
        names.sort_unstable();
        let mut at = 0;
        while at < names.len() {
            let (entity, _) = names[at];
            let of_entity = names[at..].iter().take_while(|(other, _)| *other == entity).count();
            let mut best: Option<(usize, Text)> = None;
            for group in names[at..at + of_entity].chunk_by(|a, b| a.1 == b.1) {
                let (count, name) = (group.len(), group[0].1);
                let text = self.strings.text(name);
                let better = best
                    .is_none_or(|(most, current)| count > most || (count == most && text < self.strings.text(current)));
                if !text.is_empty() && better {
                    best = Some((count, name));
                }
            }
            let target = &mut self.entities[entity as usize];
            target.mentions = position(of_entity);
            // A thing without a name is called by its best identifier.
            target.name =
                best.map_or(self.keys[self.keys_by_entity[target.keys.0 as usize] as usize].value, |(_, name)| name);
            at += of_entity;
        }
    }

    pub(crate) fn keys_of_entity(&self, entity: u32) -> impl Iterator<Item = &Key> {
        let (start, end) = self.entities[entity as usize].keys;
        self.keys_by_entity[start as usize..end as usize].iter().map(|&key| &self.keys[key as usize])
    }
}

/// Identifiers before names, names before what holds inside a document only.
fn rank(key: &Key) -> (bool, bool, NodeKind, Option<crate::import::Scheme>) {
    (key.document != u32::MAX, key.is_name(), key.kind, key.scheme)
}

/// Joins the sets that go by one name, unless it is not sure that they are one thing.
fn join_names(keys: &[Key], named: &[(u32, u32, u32)], allowed: &impl Fn(u32, u32) -> bool, sets: &mut Sets) {
    // Which sets hold a global identifier is asked before any name joins them, so the order of names does not matter.
    let mut global = vec![false; keys.len()];
    for (at, key) in (0_u32..).zip(keys) {
        if key.is_global() {
            global[sets.root(at) as usize] = true;
        }
    }
    let mut joins = Vec::new();
    for group in named.chunk_by(|a, b| a.0 == b.0) {
        let name = group[0].0;
        let members: Vec<(u32, u32)> = group
            .iter()
            .filter(|&&(_, head, _)| allowed(name, head))
            .map(|&(_, head, document)| (sets.root(head), document))
            .collect();
        let anchors: FxHashSet<u32> =
            members.iter().map(|&(root, _)| root).filter(|&root| global[root as usize]).collect();
        let mut in_document: FxHashMap<u32, u32> = FxHashMap::default();
        let told_apart = members.iter().any(|&(root, document)| *in_document.entry(document).or_insert(root) != root);
        if anchors.len() <= 1 && !told_apart {
            joins.extend(members.iter().map(|&(root, _)| (name, root)));
        }
    }
    // Two names of one thing may each lead to another identifier. What would join two identifiers joins nothing.
    let mut trial = sets.clone();
    for &(a, b) in &joins {
        trial.join(a, b);
    }
    let mut anchor: Vec<u32> = vec![NONE; keys.len()];
    let mut conflict = vec![false; keys.len()];
    for at in 0..position(keys.len()) {
        let root = sets.root(at);
        if global[root as usize] {
            let whole = trial.root(at) as usize;
            conflict[whole] |= anchor[whole] != NONE && anchor[whole] != root;
            anchor[whole] = root;
        }
    }
    for (a, b) in joins {
        if !conflict[trial.root(a) as usize] {
            sets.join(a, b);
        }
    }
}

type Pairs = FxHashSet<(u32, u32)>;

/// The pairs of keys that standing decisions join and part.
fn decided(
    ledger: &Ledger,
    as_of: Option<Date>,
    strings: &Strings,
    table: &Table,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Vec<(u32, u32)>, Pairs) {
    let (mut same, mut different) = (Vec::new(), FxHashSet::default());
    for decision in standing(&ledger.decisions, as_of) {
        let (Action::Same { left, right } | Action::Different { left, right }) = &decision.action else { continue };
        let mut find = |key: &NodeKey| {
            let found = table.find(ledger, strings, key);
            if found.is_none() {
                let message = format!("decision {} names {}, which no document does", decision.id, key);
                diagnostics.push(Diagnostic {
                    path: String::new(),
                    severity: Severity::Warning,
                    code: "decision".into(),
                    message,
                });
            }
            found
        };
        if let (Some(a), Some(b)) = (find(left), find(right)) {
            let pair = (a.min(b), a.max(b));
            if matches!(decision.action, Action::Same { .. }) {
                same.push(pair);
            } else {
                different.insert(pair);
            }
        }
    }
    (same, different)
}

#[derive(Default)]
struct Table {
    keys: Vec<Key>,
    numbers: FxHashMap<Key, u32>,
}

impl Table {
    fn number(&mut self, key: Key) -> u32 {
        let next = position(self.keys.len());
        *self.numbers.entry(key).or_insert_with(|| {
            self.keys.push(key);
            next
        })
    }

    fn find(&self, ledger: &Ledger, strings: &Strings, key: &NodeKey) -> Option<u32> {
        find_key(&self.numbers, ledger, strings, key).copied()
    }
}

fn find_key<'m, V>(map: &'m FxHashMap<Key, V>, ledger: &Ledger, strings: &Strings, key: &NodeKey) -> Option<&'m V> {
    let (kind, scheme, value) = key.parts()?;
    let global = |value: &str| strings.find(value).map(|value| Key { kind, scheme, value, document: u32::MAX });
    if let Some(found) = global(value).and_then(|key| map.get(&key)) {
        return Some(found);
    }
    let (document, value) = value.split_once('#')?;
    let document = ledger.document(&document.into())?;
    map.get(&Key { kind, scheme, value: strings.find(value)?, document })
}

/// Disjoint sets with path halving; the smaller number is the root.
#[derive(Clone)]
struct Sets(Vec<u32>);

impl Sets {
    fn new(count: usize) -> Self {
        Self((0..position(count)).collect())
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.0[at as usize] != at {
            let above = self.0[at as usize];
            self.0[at as usize] = self.0[above as usize];
            at = above;
        }
        at
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}
