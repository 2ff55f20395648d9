use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use crate::IngestError;
use crate::mistake::{self, Mistake};
use crate::schema::Table;

/// Which column of the source holds which canonical column.
///
/// ```
/// let map = stillwatch_ingest::FieldMap::parse(r#"
///     [exchange]
///     account = "/user/id"
///     time = "timestamp"
/// "#)?;
/// # Ok::<(), stillwatch_ingest::IngestError>(())
/// ```
///
/// A value that starts with `/` is a JSON pointer (RFC 6901); its first segment names the column, the others lead
/// into the JSON below it. A column that is not mapped is read from the column of its own name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldMap {
    /// Canonical column to path, per table.
    paths: BTreeMap<Table, BTreeMap<&'static str, Vec<String>>>,
}

impl FieldMap {
    /// Reads the tables `[exchange]`, `[account]` and `[edge]` of a TOML file.
    pub fn parse(text: &str) -> Result<Self, IngestError> {
        let document = DeTable::parse(text).map_err(|error| {
            let help = "a field map is TOML, with lines such as account = \"user_id\" under [exchange]";
            refuse(text, error.span(), error.message().to_string(), help.into())
        })?;
        let mut map = Self::default();
        for (name, value) in document.get_ref() {
            let key: &str = name.get_ref();
            let Some(table) = Table::ALL.into_iter().find(|table| table.name() == key) else {
                let tables = Table::ALL.map(Table::name).join(", ");
                let help = format!("the tables of a field map are {tables}");
                return Err(refuse(text, Some(name.span()), format!("there is no table `{key}`"), help));
            };
            let DeValue::Table(entries) = value.get_ref() else {
                let help = format!("write [{key}] and below it lines such as account = \"user_id\"");
                return Err(refuse(text, Some(value.span()), format!("`{key}` is not a table"), help));
            };
            map.paths.insert(table, read_entries(text, table, entries)?);
        }
        Ok(map)
    }

    /// The columns of a table that are mapped, and their paths with `/` between the segments.
    pub(crate) fn overrides(&self, table: Table) -> Vec<(&'static str, String)> {
        let mapped = self.paths.get(&table).into_iter().flatten();
        mapped.map(|(column, path)| (*column, path.join("/"))).collect()
    }

    /// The path to a canonical column in the source: one segment for a plain column.
    pub(crate) fn path(&self, table: Table, column: &'static str) -> Vec<String> {
        let mapped = self.paths.get(&table).and_then(|paths| paths.get(column));
        mapped.cloned().unwrap_or_else(|| vec![column.into()])
    }
}

const MOST_SEGMENTS: usize = 16;

fn read_entries(
    text: &str,
    table: Table,
    entries: &DeTable<'_>,
) -> Result<BTreeMap<&'static str, Vec<String>>, IngestError> {
    let mut paths = BTreeMap::new();
    for (name, value) in entries {
        let key: &str = name.get_ref();
        let Some(column) = table.columns().iter().find(|column| column.name == key) else {
            let reason = format!("`{key}` is not a column of the {} table", table.name());
            return Err(refuse(text, Some(name.span()), reason, near(table, key)));
        };
        let source = value.get_ref().as_str().unwrap_or_default();
        let path = split(source).ok_or_else(|| {
            let help = format!("write {key} = \"column\" or {key} = \"/json/pointer\"");
            refuse(text, Some(value.span()), format!("`{key}` does not name a column of the source"), help)
        })?;
        paths.insert(column.name, path);
    }
    Ok(paths)
}

/// The segments of a column name or JSON pointer, unescaped.
pub(crate) fn split(source: &str) -> Option<Vec<String>> {
    let Some(pointer) = source.strip_prefix('/') else {
        return (!source.is_empty()).then(|| vec![source.into()]);
    };
    let segments: Vec<String> =
        pointer.split('/').map(|segment| segment.replace("~1", "/").replace("~0", "~")).collect();
    (!pointer.is_empty() && segments.len() <= MOST_SEGMENTS).then_some(segments)
}

fn near(table: Table, name: &str) -> String {
    let names: Vec<&str> = table.columns().iter().map(|column| column.name).collect();
    mistake::near(name, &names, "the columns are")
}

fn refuse(text: &str, span: Option<Range<usize>>, reason: String, help: String) -> IngestError {
    Mistake::new(span.map_or(0, |span| span.start), reason, help).of("field map", text)
}

#[cfg(test)]
mod tests {
    use super::{FieldMap, split};
    use crate::schema::Table;

    #[test]
    fn pointers_are_unescaped() {
        assert_eq!(split("/a~1b/~01"), Some(vec!["a/b".into(), "~1".into()]));
        assert_eq!(split("gen_ai.request.model"), Some(vec!["gen_ai.request.model".into()]));
        assert_eq!((split("/"), split("")), (None, None));
    }

    #[test]
    fn what_is_not_mapped_keeps_its_name() {
        let map = FieldMap::parse("[exchange]\ntime = \"ts\"").unwrap();
        assert_eq!(map.path(Table::Exchange, "time"), ["ts"]);
        assert_eq!(map.path(Table::Exchange, "account"), ["account"]);
        assert_eq!(map.path(Table::Account, "account"), ["account"]);
    }
}
