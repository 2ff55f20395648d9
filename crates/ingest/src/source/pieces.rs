use super::answer::response;
use super::body::{Said, request};
use super::draft::Draft;
use super::json::Json;

/// Puts cut texts together: lists are joined, text is joined and read as JSON where it is some.
pub(crate) fn unite(draft: &mut Draft) {
    let mut pieces = std::mem::take(&mut draft.pieces);
    pieces.sort_by_key(|piece| piece.sequence);
    for column in ["prompt", "response"] {
        let parts: Vec<Json> = pieces
            .iter_mut()
            .filter(|piece| piece.column == column)
            .map(|piece| std::mem::take(&mut piece.part))
            .collect();
        if parts.is_empty() {
            continue;
        }
        let whole = united(parts);
        match (column, &whole) {
            ("prompt", Json::Map(_)) => request(&whole, draft),
            ("prompt", _) => {
                let mut said = Said::default();
                said.read(&whole);
                said.fill(draft);
            }
            _ => response(&whole, draft),
        }
    }
}

fn united(parts: Vec<Json>) -> Json {
    if parts.iter().any(|part| matches!(part, Json::Text(_))) {
        let text: String = parts
            .iter()
            .filter_map(|part| if let Json::Text(text) = part { Some(text.as_str()) } else { None })
            .collect();
        let starts = text.trim_start().starts_with(['{', '[']);
        return if starts { Json::parse(&text).unwrap_or(Json::Text(text)) } else { Json::Text(text) };
    }
    let mut items = Vec::new();
    for part in parts {
        match part {
            Json::List(more) => items.extend(more),
            other => items.push(other),
        }
    }
    Json::List(items)
}
