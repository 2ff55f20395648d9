//! Lines of text around a record, or instead of one.

use crate::moment;
use crate::scan::Scan;
use crate::source::json::Json;

/// Time, stream, whether the line is whole, and the line.
pub(super) fn cri(line: &str) -> Option<(&str, &str, bool, &str)> {
    let mut words = line.splitn(4, ' ');
    let (time, stream, tag, rest) = (words.next()?, words.next()?, words.next()?, words.next().unwrap_or_default());
    let known = matches!(stream, "stdout" | "stderr") && matches!(tag.split(':').next(), Some("F" | "P"));
    (known && time.len() >= 20 && moment::parse(time).is_some()).then_some((time, stream, tag.starts_with('F'), rest))
}

/// What stands before the first object of a line that goes on to its end, and that object.
pub(super) fn behind_prefix(line: &str) -> Option<(&str, &str)> {
    for (at, _) in line.match_indices('{').take(MOST_BRACES).filter(|(at, _)| *at > 0 && *at < LONGEST_PREFIX) {
        let json = line.get(at..)?.trim_end();
        let opens = json.get(1..).is_some_and(|rest| rest.trim_start().starts_with('"'));
        if opens && Scan::default().measure(json.as_bytes()) == (json.len(), true) {
            return Some((line.get(..at)?, json));
        }
    }
    None
}

const MOST_BRACES: usize = 4;
const LONGEST_PREFIX: usize = 512;

/// The time at the beginning of a prefix.
pub(super) fn time_of(prefix: &str) -> Json {
    let prefix = prefix.trim_start_matches(|first: char| !first.is_ascii_alphanumeric());
    let ends: Vec<usize> = prefix.match_indices([' ', '\t', ']', '|']).map(|(at, _)| at).take(6).collect();
    let found = ends
        .iter()
        .rev()
        .filter_map(|end| prefix.get(..*end))
        .find(|text| moment::parse(text).is_some_and(moment::plausible));
    found.map_or(Json::Null, Json::text_of)
}

/// The pairs of a line of `name=value` and `name="quoted value"`, as `logfmt` and Go's `slog` write them, and the time in
/// front of them. `None` where most of the line is something else; what stands before the pairs of a line that begins with
/// a time is its level, thread and place in the program.
pub(super) fn named_values(line: &str) -> Option<(Json, Json)> {
    let line = line.trim();
    let starts = std::iter::once(0).chain(line.match_indices([' ', '\t']).map(|(at, _)| at + 1));
    let words = starts.filter_map(|at| Some((at, line.get(at..)?.split([' ', '\t']).next()?)));
    let (start, _) = words.take(MOST_PAIRS).find(|(_, word)| is_pair(word))?;
    let (prefix, mut rest) = line.split_at_checked(start)?;
    let time = time_of(prefix);
    let mut stray = if time.is_empty() { prefix.split_whitespace().count() } else { 0 };
    let mut pairs: Vec<(String, Json)> = Vec::new();
    let mut count = 0;
    while !rest.is_empty() && count < MOST_PAIRS {
        count += 1;
        let end = rest.find([' ', '\t', '=']).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let Some(value) = after.strip_prefix('=') else {
            stray += usize::from(!name.is_empty());
            rest = after.trim_start();
            continue;
        };
        if name.is_empty() || name.len() > LONGEST_NAME {
            return None;
        }
        let (value, after) = if let Some(quoted) = value.strip_prefix('"') {
            unquoted(quoted)?
        } else {
            let end = value.find([' ', '\t']).unwrap_or(value.len());
            (value[..end].to_owned(), &value[end..])
        };
        pairs.push((name.to_owned(), Json::Text(value)));
        rest = after.trim_start();
    }
    (!pairs.is_empty() && stray <= pairs.len()).then_some((time, Json::Map(pairs)))
}

/// Whether a word begins with `name=`.
fn is_pair(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| !name.is_empty() && name.len() <= LONGEST_NAME)
}

/// A line of the combined log format, under the names that NGINX gives its parts: address, user, time in brackets, request,
/// status, bytes, referrer, client, and the forwarded addresses that many add.
pub(super) fn access(line: &str) -> Option<Json> {
    let (head, rest) = line.split_once(" [")?;
    let (time, rest) = rest.split_once("] \"")?;
    let mut words = head.split(' ');
    let (address, _, user) = (words.next()?, words.next()?, words.next()?);
    if words.next().is_some() || moment::parse(time).is_none() {
        return None;
    }
    let (request, rest) = unquoted(rest)?;
    let mut rest = rest.trim_start().splitn(3, ' ');
    let (status, bytes, mut rest) =
        (rest.next()?, rest.next().unwrap_or("-"), rest.next().unwrap_or_default().trim_start());
    status.parse::<u16>().ok()?;
    let uri = request.split(' ').nth(1).unwrap_or(&request).to_owned();
    let text = |text: &str| Json::text_of(text);
    let mut pairs = vec![
        ("remote_addr", text(address)),
        ("remote_user", text(user)),
        ("time_local", text(time)),
        ("request_uri", Json::Text(uri)),
        ("status", text(status)),
        ("body_bytes_sent", text(bytes)),
    ];
    for name in ["http_referer", "http_user_agent", "http_x_forwarded_for"] {
        let Some((value, after)) = rest.strip_prefix('"').and_then(unquoted) else { break };
        pairs.push((name, Json::Text(value)));
        rest = after.trim_start();
    }
    pairs.retain(|(_, value)| value.text() != Some("-"));
    Some(Json::Map(pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}

const MOST_PAIRS: usize = 2000;
const LONGEST_NAME: usize = 64;

/// A text up to its closing quote, its escapes undone, and what follows.
fn unquoted(quoted: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut characters = quoted.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return Some((text, quoted.get(at + 1..)?)),
            '\\' => match characters.next()?.1 {
                'n' => text.push('\n'),
                't' => text.push('\t'),
                'r' => text.push('\r'),
                other => text.push(other),
            },
            other => text.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{access, behind_prefix, cri, named_values};

    #[test]
    fn lines_are_taken_apart() {
        assert_eq!(
            cri("2026-09-07T09:00:00.1Z stderr P half"),
            Some(("2026-09-07T09:00:00.1Z", "stderr", false, "half"))
        );
        assert_eq!(cri("a b F c"), None);
        assert_eq!(behind_prefix("x {y} {\"a\": {}}"), Some(("x {y} ", "{\"a\": {}}")));
        assert_eq!(behind_prefix("x {\"a\": 1} more"), None);
        assert!(named_values("level=info msg=\"open").is_none());
        let (time, named) = named_values("2026-03-02 12:00:00,123 INFO [http-1] c.e.Gw - user=u1 model=m").unwrap();
        assert_eq!((time.text(), named.get("user").text()), (Some("2026-03-02 12:00:00,123"), Some("u1")));
        assert!(named_values("some words of a person and then a=b").is_none());
        let line = r#"198.51.100.7 - u1 [02/Mar/2026:12:00:00 +0000] "POST /v1/chat/completions HTTP/1.1" 200 532 "-" "python \"x\"""#;
        let named = access(line).unwrap();
        assert_eq!(
            (named.get("remote_user").text(), named.get("request_uri").text()),
            (Some("u1"), Some("/v1/chat/completions"))
        );
        assert_eq!(
            (named.get("http_user_agent").text(), named.get("http_referer").text()),
            (Some("python \"x\""), None)
        );
        assert!(access("a b [c] \"d").is_none());
    }
}
