//! Documents that are one JSON value, an array of values, or one value a line.

use stillwatch_core::Diagnostic;
use stillwatch_json::{Json, Value as Node};
use stillwatch_lineage::Draft;

use crate::importers::Input;

/// Reads every record of a document, with a prefix for places in it (`line 3 `, empty in one value). A line that is no
/// JSON is told and is no loss to the others.
pub(super) fn records(input: &Input<'_>, draft: &mut Draft, mut read: impl FnMut(&mut Draft, Node<'_>, &str)) {
    let whole = input.json();
    if whole.is_sound() {
        for record in whole.root().into_iter().flat_map(Node::each) {
            read(draft, record, "");
        }
        return;
    }
    let limits = *draft.limits();
    let kept = &input.bytes[..input.bytes.len().min(limits.bytes)];
    for (number, line) in kept.split(|&byte| byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let prefix = format!("line {} ", number + 1);
        let json = Json::read(line, &limits);
        for Diagnostic { severity, path, code, message } in json.diagnostics().iter().cloned() {
            draft.tell(severity, format!("{prefix}{path}"), code, message);
        }
        for record in json.root().into_iter().flat_map(Node::each) {
            read(draft, record, &prefix);
        }
    }
}
