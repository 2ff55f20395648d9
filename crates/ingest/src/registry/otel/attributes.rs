//! Attributes of spans and events as plain maps.

use crate::source::json::Json;

/// Attributes that are messages, written as JSON or numbered one by one.
const MESSAGES: [&str; 6] = [
    "gen_ai.input.messages",
    "gen_ai.output.messages",
    "gen_ai.prompt",
    "gen_ai.completion",
    "llm.input_messages",
    "llm.output_messages",
];

/// Attributes as a map, their values plain; what is JSON as text is opened, and numbered messages are put together.
pub(super) fn attributes(list: &Json) -> Json {
    let pairs = list
        .items()
        .iter()
        .filter_map(|attribute| Some((attribute.get("key").text()?.to_owned(), any_value(attribute.get("value")))));
    attributes_of(pairs)
}

/// The same for attributes that are plain already.
pub(in crate::registry) fn attributes_of(pairs: impl IntoIterator<Item = (String, Json)>) -> Json {
    let mut facts: Vec<(String, Json)> = Vec::new();
    let mut numbered: Vec<(&str, Vec<Json>)> = MESSAGES.iter().map(|name| (*name, Vec::new())).collect();
    for (name, value) in pairs {
        let place = numbered.iter_mut().find_map(|(prefix, messages)| {
            let (number, field) = name.strip_prefix(*prefix)?.strip_prefix('.')?.split_once('.')?;
            let number: usize = number.parse().ok().filter(|number| *number < MOST_MESSAGES)?;
            Some((messages, number, field.rsplit('.').next().unwrap_or(field)))
        });
        match place {
            Some((messages, number, field)) => {
                if messages.len() <= number {
                    messages.resize(number + 1, Json::Map(Vec::new()));
                }
                if let Some(Json::Map(entries)) = messages.get_mut(number) {
                    note(entries, field, value);
                }
            }
            None => facts.push((name, value)),
        }
    }
    facts.extend(
        numbered
            .into_iter()
            .filter(|(_, list)| !list.is_empty())
            .map(|(name, list)| (name.to_owned(), Json::List(list))),
    );
    let mut facts = Json::Map(facts);
    for name in MESSAGES.iter().chain(&[
        "gen_ai.system_instructions",
        "gen_ai.tool.definitions",
        "llm.invocation_parameters",
        "input.value",
        "output.value",
        "ai.prompt.messages",
        "ai.prompt",
        "metadata",
    ]) {
        facts.open(name);
    }
    facts
}

/// A field of a numbered message. Content of several parts is written as JSON, or numbered again, a field for each part.
fn note(entries: &mut Vec<(String, Json)>, field: &str, mut value: Json) {
    if matches!(field, "content" | "text")
        && let Json::Text(text) = &value
        && text.trim_start().starts_with(['[', '{'])
        && let Ok(parts) = Json::parse(text)
        && is_parts(&parts)
    {
        value = parts;
    }
    match entries.iter_mut().find(|(name, _)| name == field && field == "text") {
        Some((_, Json::List(parts))) => parts.push(value),
        Some((_, before)) => {
            let first = std::mem::take(before);
            *before = Json::List(vec![first, value]);
        }
        None => entries.push((field.to_owned(), value)),
    }
}

/// Whether it is the content of a message, and not JSON that was sent as a message.
fn is_parts(content: &Json) -> bool {
    let is_part = |part: &Json| !part.get("type").is_empty() && matches!(part, Json::Map(_));
    match content {
        Json::List(parts) => !parts.is_empty() && parts.iter().all(is_part),
        part => is_part(part) && !part.get("text").is_empty(),
    }
}

const MOST_MESSAGES: usize = 10_000;

/// A value of OTLP: `{"stringValue": "x"}`.
pub(super) fn any_value(value: &Json) -> Json {
    let Some((kind, inner)) = value.entries().first() else { return value.clone() };
    match kind.as_str() {
        "intValue" | "int_value" => inner.integer().map_or(Json::Null, Json::Integer),
        "doubleValue" | "double_value" => inner.number().map_or(Json::Null, Json::Float),
        "arrayValue" | "array_value" => Json::List(inner.get("values").items().iter().map(any_value).collect()),
        "kvlistValue" | "kvlist_value" => {
            let pairs = inner.get("values").items().iter();
            Json::Map(
                pairs
                    .filter_map(|pair| Some((pair.get("key").text()?.to_owned(), any_value(pair.get("value")))))
                    .collect(),
            )
        }
        _ => inner.clone(),
    }
}
