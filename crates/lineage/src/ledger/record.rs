//! The records of a ledger's file, one a line:
//!
//! ```text
//! {"lineage":{"format":"stillwatch.lineage/1"}}
//! {"document":{"document":{…},"strict":{…},"diagnostics":[…]}}
//! {"node":{"n":0,"kind":"model","name":"tiny","ids":[["hf","example/tiny"]]}}
//! {"statement":{"n":0,"s":0,"p":"trained-on","o":{"node":1},"path":"/datasets/0","e":"self-claim"}}
//! {"decision":{"id":"d-1","action":"same","left":"…","right":"…","by":"…","on":"2026-11-21","why":"…"}}
//! ```
//!
//! Nodes and statements belong to the document above them and are numbered from 0 within it, so that a line that is lost
//! moves no other.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stillwatch_core::Date;

use super::{Decision, ReadDocument};
use crate::import::{Scheme, Value};
use crate::{EvidenceKind, NodeKind};

pub const FORMAT: &str = "stillwatch.lineage/1";

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Record<'a> {
    Lineage(Header),
    Document(Box<ReadDocument>),
    #[serde(borrow)]
    Node(NodeRecord<'a>),
    #[serde(borrow)]
    Statement(StatementRecord<'a>),
    Decision(Decision),
}

#[derive(Serialize, Deserialize)]
pub(super) struct Header {
    pub(super) format: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct NodeRecord<'a> {
    pub(super) n: u32,
    pub(super) kind: NodeKind,
    #[serde(borrow)]
    pub(super) name: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) ids: Vec<(Scheme, String)>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct StatementRecord<'a> {
    pub(super) n: u32,
    pub(super) s: u32,
    #[serde(borrow)]
    pub(super) p: Cow<'a, str>,
    pub(super) o: ObjectRecord,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) denied: bool,
    #[serde(borrow)]
    pub(super) path: Cow<'a, str>,
    pub(super) e: EvidenceKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) by: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) on: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) expires: Option<Date>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) quote: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) proposed: bool,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) with: BTreeMap<String, Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum ObjectRecord {
    Node(u32),
    Value(Value),
    Any,
}
