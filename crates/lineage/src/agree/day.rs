use stillwatch_core::Date;

/// A span of days: a day, a month or a year, as a text names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    first: i32,
    last: i32,
}

impl Span {
    pub(super) fn overlaps(self, other: Self) -> bool {
        self.first <= other.last && other.first <= self.last
    }

    fn of(year: u32, month: Option<u32>, day: Option<u32>) -> Option<Self> {
        if !(1000..=9999).contains(&year) {
            return None;
        }
        let at = |year: u32, month: u32, day: u32| Date::parse(&format!("{year:04}-{month:02}-{day:02}"));
        let first = at(year, month.unwrap_or(1), day.unwrap_or(1))?.days();
        let last = match (month, day) {
            (_, Some(_)) => first,
            (Some(12) | None, None) => at(year, 12, 31)?.days(),
            (Some(month), None) => at(year, month + 1, 1)?.days() - 1,
        };
        Some(Self { first, last })
    }
}

/// A day in the form of ISO 8601, with or without a time.
pub(super) fn is_written_whole(text: &str) -> bool {
    let text = text.trim();
    let shape = |at: usize| text.as_bytes().get(at) == Some(&b'-');
    text.len() >= 10 && shape(4) && shape(7) && Date::parse(text).is_some()
}

/// Whether a text names a day, month or year and nothing else: "released on 3 May 2026".
pub(super) fn is_day(text: &str) -> bool {
    const FILLING: &[&str] = &["released", "published", "release", "date", "day", "on", "in", "it", "was", "the", "of"];
    let mut words = words(text);
    words.retain(|word| !FILLING.contains(&word.as_str()));
    !days(text).is_empty() && (is_written_whole(text) || words.iter().all(|word| part(word).is_some()))
}

/// Every day that a text may name. `03/05/2026` may be of May or of March.
pub(super) fn days(text: &str) -> Vec<Span> {
    if is_written_whole(text) {
        return Date::parse(text).map(|date| Span { first: date.days(), last: date.days() }).into_iter().collect();
    }
    let parts: Vec<Option<Part>> = words(text).iter().map(|word| part(word)).collect();
    let parts: Vec<Part> = parts.into_iter().flatten().take(MOST_PARTS).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < parts.len() {
        let (spans, length) = read(&parts[at..]);
        found.extend(spans.into_iter().flatten());
        at += length;
    }
    found
}

const MOST_PARTS: usize = 64;

#[derive(Clone, Copy, Debug)]
enum Part {
    Year(u32),
    Month(u32),
    /// A day, or a month in figures.
    Small(u32),
}

/// The days at the head of some parts, and of how many parts they are made.
fn read(parts: &[Part]) -> ([Option<Span>; 2], usize) {
    use Part::{Month, Small, Year};
    let one = |span: Option<Span>, length: usize| ([span, None], length);
    match *parts {
        [Small(day), Month(month), Year(year), ..]
        | [Month(month), Small(day), Year(year), ..]
        | [Year(year), Small(month) | Month(month), Small(day), ..] => one(Span::of(year, Some(month), Some(day)), 3),
        [Small(a), Small(b), Year(year), ..] => {
            ([Span::of(year, Some(b), Some(a)), Span::of(year, Some(a), Some(b))], 3)
        }
        [Month(month), Year(year), ..] | [Year(year), Month(month) | Small(month), ..] => {
            one(Span::of(year, Some(month), None), 2)
        }
        [Year(year), ..] => one(Span::of(year, None, None), 1),
        _ => one(None, 1),
    }
}

fn part(word: &str) -> Option<Part> {
    let digits = word.trim_end_matches(|own: char| own.is_ascii_alphabetic());
    if !digits.is_empty() {
        if !matches!(&word[digits.len()..], "" | "st" | "nd" | "rd" | "th") {
            return None;
        }
        let number: u32 = digits.parse().ok()?;
        return match digits.len() {
            1 | 2 => Some(Part::Small(number)),
            4 if (1900..2200).contains(&number) => Some(Part::Year(number)),
            _ => None,
        };
    }
    let is_month = |name: &str| word.len() >= 3 && name.starts_with(word) || word == "sept" && name.starts_with("sep");
    let at = MONTHS.iter().position(|name| is_month(name))?;
    u32::try_from(at + 1).ok().map(Part::Month)
}

/// Whether a word in small letters is the English name of a month, written out.
pub fn is_month(word: &str) -> bool {
    MONTHS.contains(&word)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Small letters and figures, without marks.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|own: char| !own.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.take(4 * MOST_PARTS).map(str::to_ascii_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{days, is_day};

    #[test]
    fn one_day_is_written_in_many_ways() {
        let wanted = days("2026-05-03");
        for text in [
            "3 May 2026",
            "May 3, 2026",
            "the 3rd of May 2026",
            "released on 3 May 2026",
            "2026/05/03",
            "03.05.2026",
            "05/03/2026",
            "2026-05-03T10:00:00Z",
            "May 2026",
            "2026-05",
            "2026",
        ] {
            assert!(days(text).iter().any(|span| span.overlaps(wanted[0])), "{text}: {:?}", days(text));
            assert!(is_day(text), "{text}");
        }
        for text in ["4 May 2026", "May 2025", "35 May 2026", "GPT-4 of 2025"] {
            assert!(!days(text).iter().any(|span| span.overlaps(wanted[0])), "{text}: {:?}", days(text));
        }
        assert!(!is_day("we froze the weights in May 2026 and shipped later") && !is_day("soon"));
    }
}
