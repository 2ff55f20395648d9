//! Which records with one id are attempts at one act.
//!
//! Gateways pass on the ids that clients send. An id that is sent with every request would make one exchange of all, so
//! what counts is what an attempt is like: it follows within minutes, after a failure, and asks the same.

use super::draft::Draft;
use super::joining::Ids;
use crate::raw::Raw;

/// Whether two records, one read after the other, are attempts at one act, or the same told twice.
pub(crate) fn is_one_act(before: &Draft, after: &Draft, ids: Ids) -> bool {
    let time = |draft: &Draft| draft.get_integer("time");
    let apart = match (time(before), time(after)) {
        (Some(before), Some(after)) => before.abs_diff(after),
        _ => 0,
    };
    if apart > LONGEST_RETRY_MICROS {
        return false;
    }
    if ids == Ids::Acts {
        return true;
    }
    if ["prompt", "system"].iter().any(|column| differ(before, after, column)) {
        return false;
    }
    let told_twice = apart == 0 && !["status", "response", "output_tokens"].iter().any(|it| differ(before, after, it));
    // Records come in the order in which they end, so that of a slow failure may come last.
    let earlier = if time(after) < time(before) { after } else { before };
    told_twice || is_unanswered(earlier)
}

/// Two attempts at one act: the one that was answered counts, from the moment of the first.
pub(crate) fn one_act(before: Draft, after: Draft) -> Draft {
    let started = [&before, &after].iter().filter_map(|draft| draft.get_integer("time")).min();
    let (mut act, other) = if failed(&before) && !failed(&after) { (after, before) } else { (before, after) };
    act.fill(other);
    if let Some(started) = started {
        act.replace("time", Raw::Integer(started));
    }
    act
}

/// Clients and gateways try again within seconds, and give up within minutes.
const LONGEST_RETRY_MICROS: u64 = 600_000_000;

/// Whether both say something and not the same.
fn differ(before: &Draft, after: &Draft, column: &str) -> bool {
    match (before.get(column), after.get(column)) {
        (Some(Raw::Text(before)), Some(Raw::Text(after))) => before != after,
        (Some(Raw::Integer(before)), Some(Raw::Integer(after))) => before != after,
        _ => false,
    }
}

fn is_unanswered(draft: &Draft) -> bool {
    let silent = !draft.has("response") && draft.get_integer("output_tokens").unwrap_or(0) == 0;
    failed(draft) || (draft.get_integer("status").is_none() && silent)
}

fn failed(draft: &Draft) -> bool {
    draft.get_integer("status").is_some_and(|status| status >= 400)
}

#[cfg(test)]
mod tests {
    use super::{Ids, is_one_act, one_act};
    use crate::source::draft::Draft;

    fn draft(second: i64, status: i64, prompt: &str) -> Draft {
        let mut draft = Draft::default();
        draft.integer("time", Some(1_772_452_800_000_000 + second * 1_000_000));
        draft.integer("status", Some(status));
        draft.text("prompt", prompt.into());
        draft
    }

    #[test]
    fn an_attempt_follows_a_failure_and_asks_the_same() {
        let is = |before: Draft, after: Draft| is_one_act(&before, &after, Ids::Attempts);
        assert!(is(draft(0, 429, "a"), draft(3, 200, "a")));
        assert!(is(draft(3, 200, "a"), draft(0, 500, "a")), "the failure is told late");
        assert!(is(draft(0, 200, "a"), draft(0, 200, "a")), "told twice");
        assert!(!is(draft(0, 200, "a"), draft(3, 200, "a")), "asked again");
        assert!(!is(draft(0, 200, "a"), draft(3, 500, "a")), "asked again in vain");
        assert!(!is(draft(0, 429, "a"), draft(3, 200, "b")), "asks something else");
        assert!(!is(draft(0, 429, "a"), draft(3600, 200, "a")), "an hour later");
        assert!(is_one_act(&draft(0, 200, "a"), &draft(3, 200, "b"), Ids::Acts));
    }

    #[test]
    fn an_act_began_with_its_first_attempt() {
        let act = one_act(draft(0, 429, "a"), draft(3, 200, "a"));
        assert_eq!((act.get_integer("time"), act.get_integer("status")), (Some(1_772_452_800_000_000), Some(200)));
    }
}
