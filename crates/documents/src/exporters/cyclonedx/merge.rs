use std::borrow::Cow;

use serde_json::Value as Json;
use stillwatch_json::Value;

/// A value with what is added to it: members that it lacks, elements behind its own. Its own scalars and keys are copied as
/// they stand, so that nothing that this crate does not know is lost or rewritten. `Err` names a place where the
/// addition does not fit.
pub(super) fn merged(value: Value<'_>, addition: Option<&Json>) -> Result<String, String> {
    let mut text = String::with_capacity(value.raw().len());
    write(value, addition, &mut text)?;
    text.push('\n');
    Ok(text)
}

/// The first `bom-ref` that begins so.
pub(super) fn first_reference<'v>(root: Value<'v>, prefix: &str) -> Option<Cow<'v, str>> {
    let mut open = vec![root];
    while let Some(value) = open.pop() {
        if let Some(reference) = value.text_of("bom-ref").filter(|reference| reference.starts_with(prefix)) {
            return Some(reference);
        }
        open.extend(value.items());
        open.extend(value.entries().map(|(_, value)| value));
    }
    None
}

/// Depth is bounded by the limits with which the document was read.
fn write(value: Value<'_>, addition: Option<&Json>, text: &mut String) -> Result<(), String> {
    if value.is_object() {
        let added = match addition {
            None => None,
            Some(Json::Object(added)) => Some(added),
            Some(_) => return Err(value.path()),
        };
        text.push('{');
        let mut first = true;
        for (key, member) in value.entries() {
            comma(&mut first, text);
            text.push_str(member.raw_key());
            text.push(':');
            write(member, added.and_then(|added| added.get(key.as_ref())), text)?;
        }
        for (key, member) in added.into_iter().flatten().filter(|(key, _)| value.get(key).is_none()) {
            comma(&mut first, text);
            text.push_str(&Json::String(key.clone()).to_string());
            text.push(':');
            text.push_str(&member.to_string());
        }
        text.push('}');
    } else if value.is_array() {
        let added = match addition {
            None => &[][..],
            Some(Json::Array(added)) => added,
            Some(_) => return Err(value.path()),
        };
        text.push('[');
        let mut first = true;
        for item in value.items() {
            comma(&mut first, text);
            write(item, None, text)?;
        }
        for item in added {
            comma(&mut first, text);
            text.push_str(&item.to_string());
        }
        text.push(']');
    } else if addition.is_none() {
        text.push_str(value.raw());
    } else {
        return Err(value.path());
    }
    Ok(())
}

fn comma(first: &mut bool, text: &mut String) {
    if !std::mem::take(first) {
        text.push(',');
    }
}
