use super::json::Json;

/// The records of an answer of an interface, or of a file, that wraps them.
pub(crate) fn envelope(record: &mut Json) -> Option<Vec<Json>> {
    let Json::Map(entries) = record else { return None };
    if entries.len() > MOST_ENVELOPE_NAMES {
        return None;
    }
    let wraps =
        |value: &Json| matches!(value, Json::List(items) if items.iter().all(|item| matches!(item, Json::Map(_))));
    let (_, inside) = entries.iter_mut().find(|(name, value)| ENVELOPES.contains(&name.as_str()) && wraps(value))?;
    match std::mem::take(inside) {
        Json::List(items) => Some(items),
        _ => None,
    }
}

/// The names under which interfaces and exports wrap their records.
pub(crate) const ENVELOPES: [&str; 7] = ["result", "data", "records", "value", "items", "logs", "rows"];
const MOST_ENVELOPE_NAMES: usize = 10;
