//! Ids that are much like another.

/// Ids that are suggested in place of one that is unknown.
const SUGGESTED: usize = 3;
/// Letters up to which ids are compared, and how alike two must be: what one slip of a key leaves of a short id.
const COMPARED: usize = 64;
const ALIKE: f64 = 0.75;

pub(super) fn similar<'a>(name: &str, ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let start: String = name.chars().take(COMPARED).collect();
    let likeness = |id: &str| {
        let id: String = id.chars().take(COMPARED).collect();
        strsim::normalized_damerau_levenshtein(&start, &id)
    };
    let mut near: Vec<(f64, &str)> = ids.map(|id| (likeness(id), id)).filter(|near| near.0 >= ALIKE).collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    near.dedup_by(|a, b| a.1 == b.1);
    near.into_iter().take(SUGGESTED).map(|(_, id)| id).collect()
}
