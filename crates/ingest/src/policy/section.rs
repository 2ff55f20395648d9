//! Tables of a TOML document, read value by value with the place of each.

use stillwatch_core::{Day, Micros};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::mistake::{Mistake, near, shown};

pub(super) const THRESHOLD: &str = "say whether exactly that share is enough: { at_least = 50 } or { more_than = 50 }";
const LONGEST_TEXT: usize = 2_000;

/// A table whose names are known.
pub(super) struct Section<'a> {
    what: &'static str,
    /// Where it begins.
    pub(super) at: usize,
    table: &'a DeTable<'a>,
}

/// A value and where it stands.
pub(super) struct Placed<T> {
    pub(super) value: T,
    at: usize,
}

impl<T> Placed<T> {
    pub(super) fn mistake(&self, reason: impl Into<String>, help: impl Into<String>) -> Mistake {
        Mistake::new(self.at, reason, help)
    }
}

impl<'a> Section<'a> {
    /// Refuses names that the section does not have.
    pub(super) fn new(what: &'static str, at: usize, table: &'a DeTable<'a>, names: &[&str]) -> Result<Self, Mistake> {
        let unknown = table.iter().map(|(key, _)| key).find(|key| !names.contains(&&**key.get_ref()));
        match unknown {
            Some(key) => {
                let reason = format!("{} is no part of `{what}`", shown(key.get_ref()));
                Err(Mistake::new(key.span().start, reason, near(key.get_ref(), names, "the parts are")))
            }
            None => Ok(Self { what, at, table }),
        }
    }

    /// The tables of an array of tables.
    pub(super) fn sections(
        &self,
        name: &'static str,
        names: &[&str],
        most: usize,
    ) -> Result<Vec<Section<'a>>, Mistake> {
        let Some((_, value)) = self.entry(name) else {
            return Ok(Vec::new());
        };
        let help = format!("begin each with a line [[{name}]]");
        let Some(array) = value.get_ref().as_array() else {
            return Err(Mistake::new(value.span().start, format!("`{name}` is no list of tables"), help));
        };
        if array.len() > most {
            let reason = format!("there are {} tables `{name}`", array.len());
            return Err(Mistake::new(value.span().start, reason, format!("a policy holds at most {most} of them")));
        }
        let section = |item: &'a Spanned<DeValue<'a>>| match item.get_ref() {
            DeValue::Table(table) => Section::new(name, item.span().start, table, names),
            _ => Err(Mistake::new(item.span().start, format!("`{name}` is no list of tables"), help.clone())),
        };
        array.iter().map(section).collect()
    }

    /// A table inside this one.
    pub(super) fn section(
        &self,
        name: &'static str,
        names: &[&str],
        how: &str,
    ) -> Result<Option<Section<'a>>, Mistake> {
        let Some((_, value)) = self.entry(name) else {
            return Ok(None);
        };
        match value.get_ref() {
            DeValue::Table(table) => Section::new(name, value.span().start, table, names).map(Some),
            other => Err(wrong(name, "a table", other, value.span().start, how)),
        }
    }

    pub(super) fn text(&self, name: &'static str) -> Result<Option<Placed<String>>, Mistake> {
        let Some((_, value)) = self.entry(name) else {
            return Ok(None);
        };
        text(name, value).map(Some)
    }

    pub(super) fn required_text(&self, name: &'static str) -> Result<Placed<String>, Mistake> {
        self.text(name)?.ok_or_else(|| self.missing(name, &format!("write {name} = \"…\"")))
    }

    /// A list of texts, which is not empty.
    pub(super) fn texts(&self, name: &'static str) -> Result<Option<Vec<Placed<String>>>, Mistake> {
        let Some((_, value)) = self.entry(name) else {
            return Ok(None);
        };
        let how = format!("write {name} = [\"…\", \"…\"]");
        let Some(array) = value.get_ref().as_array() else {
            return Err(wrong(name, "a list", value.get_ref(), value.span().start, &how));
        };
        if array.is_empty() {
            return Err(Mistake::new(value.span().start, format!("`{name}` is empty"), how));
        }
        array.iter().map(|item| text(name, item)).collect::<Result<_, _>>().map(Some)
    }

    pub(super) fn day(&self, name: &'static str) -> Result<Option<Placed<Day>>, Mistake> {
        let Some((_, value)) = self.entry(name) else {
            return Ok(None);
        };
        let at = value.span().start;
        let how = format!("write the day, in UTC: {name} = 2026-03-02");
        let written = match value.get_ref() {
            DeValue::Datetime(moment) => moment.to_string(),
            DeValue::String(text) => text.clone().into_owned(),
            other => return Err(wrong(name, "a day", other, at, &how)),
        };
        let day = Micros::parse(&written).filter(|_| written.len() == DAY_LENGTH).map(Micros::day);
        match day {
            Some(value) => Ok(Some(Placed { value, at })),
            None => Err(Mistake::new(at, format!("`{name}` is {}, not a day", shown(&written)), how)),
        }
    }

    pub(super) fn required_day(&self, name: &'static str) -> Result<Placed<Day>, Mistake> {
        self.day(name)?.ok_or_else(|| self.missing(name, &format!("write {name} = 2026-03-02")))
    }

    /// A number in per cent, in whatever range.
    pub(super) fn percent(&self, name: &'static str) -> Result<Option<Placed<f64>>, Mistake> {
        let Some((_, value)) = self.entry(name) else {
            return Ok(None);
        };
        let at = value.span().start;
        let number = match value.get_ref() {
            DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse::<f64>().ok(),
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            _ => None,
        };
        match number {
            Some(value) => Ok(Some(Placed { value, at })),
            None => Err(wrong(name, "a number", value.get_ref(), at, &format!("write it in per cent: {name} = 50"))),
        }
    }

    pub(super) fn missing(&self, name: &str, how: &str) -> Mistake {
        Mistake::new(self.at, format!("`{}` has no `{name}`", self.what), how)
    }

    pub(super) fn misplaced(&self, name: &'static str, why: &str) -> Mistake {
        let at = self.entry(name).map_or(self.at, |(at, _)| at);
        Mistake::new(at, format!("`{name}` says nothing here"), why)
    }

    /// Refuses parts that have no meaning in a rule of this kind.
    pub(super) fn unwanted(&self, names: &[&'static str], kind: &str) -> Result<(), Mistake> {
        match names.iter().find(|name| self.entry(name).is_some()) {
            Some(name) => Err(self.misplaced(name, &format!("{kind} has no such part; leave it out"))),
            None => Ok(()),
        }
    }

    fn entry(&self, name: &str) -> Option<(usize, &'a Spanned<DeValue<'a>>)> {
        let (key, value) = self.table.iter().find(|(key, _)| *key.get_ref() == name)?;
        Some((key.span().start, value))
    }
}

/// `2026-03-02`
const DAY_LENGTH: usize = 10;

fn text(name: &str, value: &Spanned<DeValue<'_>>) -> Result<Placed<String>, Mistake> {
    let (at, how) = (value.span().start, format!("write {name} in quotation marks"));
    let DeValue::String(text) = value.get_ref() else {
        return Err(wrong(name, "a text", value.get_ref(), at, &how));
    };
    if text.trim().is_empty() || text.len() > LONGEST_TEXT {
        let reason = format!("`{name}` is empty or longer than {LONGEST_TEXT} bytes");
        return Err(Mistake::new(at, reason, how));
    }
    Ok(Placed { value: text.trim().to_owned(), at })
}

fn wrong(name: &str, wanted: &str, found: &DeValue<'_>, at: usize, how: &str) -> Mistake {
    let found = match found {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    Mistake::new(at, format!("`{name}` is {found}, not {wanted}"), how)
}
