use std::ops::Range;

use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::DataType;

use super::draft::{Draft, Piece, Role, Turn, Value};
use super::fields::{CorpusPlan, Node, Part};
use super::json::{Names, PlaceSeed, inside};
use super::turns::join;
use crate::IngestError;
use crate::arrays::readable;

/// The wanted columns of a batch, as deep as they are nested.
pub(crate) struct Columns<'p> {
    root: &'p Node,
    wanted: Vec<(&'p Node, Column)>,
}

enum Column {
    /// Of strings: `Utf8`, `LargeUtf8` or `Utf8View`.
    Text(ArrayRef),
    List {
        array: ArrayRef,
        items: Box<Column>,
    },
    Struct {
        array: ArrayRef,
        members: Vec<(String, Column)>,
    },
    Other,
}

impl<'p> Columns<'p> {
    pub(crate) fn new(plan: &'p CorpusPlan, batch: &RecordBatch) -> Result<Self, IngestError> {
        let mut wanted = Vec::new();
        for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
            if let Some(node) = plan.root.children.get(field.name().as_str()) {
                wanted.push((node, Column::new(array, 0)?));
            }
        }
        Ok(Self { root: &plan.root, wanted })
    }

    /// Takes a row into the draft.
    pub(crate) fn read<'b>(&'b self, row: usize, draft: &mut Draft<'b>, names: &mut Names) {
        for (node, column) in &self.wanted {
            place(self.root, node, column, row, draft, names, 1);
        }
    }
}

fn place<'b>(
    root: &Node,
    node: &Node,
    column: &'b Column,
    row: usize,
    draft: &mut Draft<'b>,
    names: &mut Names,
    depth: usize,
) {
    match (column, inside(root, node, depth)) {
        (Column::Text(_), _) => {
            if let Some(text) = column.text(row) {
                PlaceSeed { root, node, draft, names, depth }.given(text);
            }
        }
        (Column::Struct { array, members }, Some(node)) => {
            for (name, member) in members.iter().filter(|_| array.is_valid(row)) {
                if let Some(node) = node.children.get(name.as_str()) {
                    place(root, node, member, row, draft, names, depth + 1);
                }
            }
        }
        _ => {
            if let Some(want) = node.want.filter(|want| want.part != Part::Role) {
                let value = column.value(row, draft);
                draft.put(want, value);
            }
        }
    }
}

impl Column {
    fn new(array: &ArrayRef, depth: usize) -> Result<Self, IngestError> {
        if depth > MOST_NESTED {
            return Ok(Self::Other);
        }
        let list = |items: &ArrayRef| -> Result<Self, IngestError> {
            Ok(Self::List { array: ArrayRef::clone(array), items: Box::new(Self::new(items, depth + 1)?) })
        };
        match array.data_type() {
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Ok(Self::Text(ArrayRef::clone(array))),
            DataType::List(_) => list(array.as_list::<i32>().values()),
            DataType::LargeList(_) => list(array.as_list::<i64>().values()),
            DataType::FixedSizeList(..) => list(array.as_fixed_size_list().values()),
            DataType::Struct(fields) => {
                let columns = array.as_struct().columns();
                let members = fields
                    .iter()
                    .zip(columns)
                    .map(|(field, array)| Ok::<_, IngestError>((field.name().clone(), Self::new(array, depth + 1)?)));
                let members = members.collect::<Result<_, _>>()?;
                Ok(Self::Struct { array: ArrayRef::clone(array), members })
            }
            kind if kind.is_numeric() || kind.is_temporal() || *kind == DataType::Boolean => Ok(Self::Other),
            _ => {
                let read = readable(array)?;
                Ok(if *read.data_type() == DataType::Utf8 { Self::Text(read) } else { Self::Other })
            }
        }
    }

    fn text(&self, row: usize) -> Option<&str> {
        let Self::Text(array) = self else {
            return None;
        };
        if array.is_null(row) {
            return None;
        }
        Some(match array.data_type() {
            DataType::Utf8 => array.as_string::<i32>().value(row),
            DataType::LargeUtf8 => array.as_string::<i64>().value(row),
            _ => array.as_string_view().value(row),
        })
    }

    /// The items of a list in this row.
    fn items(&self, row: usize) -> Option<(&Self, Range<usize>)> {
        let Self::List { array, items } = self else {
            return None;
        };
        if array.is_null(row) {
            return None;
        }
        let place = |offset: i64| stillwatch_core::place(offset.max(0).cast_unsigned());
        let range = match array.data_type() {
            DataType::List(_) => {
                let ends = array.as_list::<i32>().value_offsets();
                place(ends[row].into())..place(ends[row + 1].into())
            }
            DataType::LargeList(_) => {
                let ends = array.as_list::<i64>().value_offsets();
                place(ends[row])..place(ends[row + 1])
            }
            _ => {
                let lists = array.as_fixed_size_list();
                let start = place(lists.value_offset(row).into());
                start..start + place(lists.value_length().into())
            }
        };
        Some((items, range))
    }

    fn member(&self, names: &[&str]) -> Option<(&str, &Self)> {
        let Self::Struct { members, .. } = self else {
            return None;
        };
        names.iter().find_map(|name| {
            members.iter().find(|(member, _)| member == name).map(|(name, column)| (name.as_str(), column))
        })
    }

    fn value<'b>(&'b self, row: usize, draft: &mut Draft<'b>) -> Value<'b> {
        if let Some(text) = self.text(row) {
            return Value::Text(Piece::Given(text));
        }
        let start = draft.turns.len();
        self.turns(row, draft);
        Value::Turns(start..draft.turns.len())
    }

    /// A text, a message, or a list of either.
    fn turns<'b>(&'b self, row: usize, draft: &mut Draft<'b>) {
        match self {
            Self::Text(_) => {
                if let Some(text) = self.text(row) {
                    draft.turns.push(Turn { role: None, text: Piece::Given(text) });
                }
            }
            Self::List { .. } => {
                if let Some((items, range)) = self.items(row) {
                    range.for_each(|item| items.turns(item, draft));
                }
            }
            Self::Struct { array, .. } if array.is_valid(row) => self.message(row, draft),
            Self::Struct { .. } | Self::Other => {}
        }
    }

    fn message<'b>(&'b self, row: usize, draft: &mut Draft<'b>) {
        let role = self.member(&ROLES);
        let content = self.member(&CONTENTS);
        draft.from |= role.is_some_and(|(name, _)| name == "from");
        // A sequence of structures may be stored as a structure of lists.
        if let (Some((_, roles)), Some((_, contents))) = (role, content)
            && let (Some((roles, places)), Some((contents, texts))) = (roles.items(row), contents.items(row))
        {
            for (role, text) in places.zip(texts) {
                let role = roles.text(role).map(Role::of);
                let text = contents.text(text).map(Piece::Given).unwrap_or_default();
                draft.turns.push(Turn { role, text });
            }
            return;
        }
        if content.is_none()
            && let Some((_, nested)) = self.member(&["message"])
        {
            return nested.turns(row, draft);
        }
        let role = role.and_then(|(_, roles)| roles.text(row)).map(Role::of);
        let thought = self.member(&THOUGHTS).and_then(|(_, column)| column.text(row)).filter(|text| !text.is_empty());
        draft.turns.extend(thought.map(|text| Turn { role, text: Piece::Given(text) }));
        let text = content.and_then(|(_, column)| {
            if let Some(text) = column.text(row) {
                return Some(Piece::Given(text));
            }
            let start = draft.made.len();
            column.parts(row, start, &mut draft.made);
            (draft.made.len() > start).then_some(Piece::Made(start..draft.made.len()))
        });
        if role.is_some() || text.is_some() {
            draft.turns.push(Turn { role, text: text.unwrap_or_default() });
        }
    }

    /// The texts of the parts of a message, one below the other.
    fn parts(&self, row: usize, start: usize, made: &mut String) {
        if let Some(text) = self.text(row) {
            join(made, start, text);
        } else if let Some((items, range)) = self.items(row) {
            range.for_each(|item| items.parts(item, start, made));
        } else if let (Self::Struct { array, .. }, Some((_, text))) =
            (self, self.member(&["text", "content", "value", "parts", "thinking"]))
            && array.is_valid(row)
        {
            text.parts(row, start, made);
        }
    }
}

const ROLES: [&str; 2] = ["role", "from"];
const CONTENTS: [&str; 7] = ["content", "value", "text", "parts", "response", "answer", "completion"];
const THOUGHTS: [&str; 3] = ["reasoning_content", "reasoning", "thinking"];
/// Real ones have four.
const MOST_NESTED: usize = 24;
