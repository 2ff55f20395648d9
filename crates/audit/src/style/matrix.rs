//! Documents as rows of a sparse matrix.

/// Rows of (column, value), one after another.
#[derive(Clone, Debug)]
pub(crate) struct Matrix {
    pub(crate) columns: usize,
    ends: Vec<usize>,
    column: Vec<u32>,
    value: Vec<f32>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    pub(crate) columns: &'a [u32],
    pub(crate) values: &'a [f32],
}

impl Matrix {
    pub(crate) fn new(columns: usize) -> Self {
        Self { columns, ends: vec![0], column: Vec::new(), value: Vec::new() }
    }

    pub(crate) fn push(&mut self, entries: impl IntoIterator<Item = (u32, f32)>) {
        for (column, value) in entries {
            self.column.push(column);
            self.value.push(value);
        }
        self.ends.push(self.column.len());
    }

    pub(crate) fn row(&self, index: usize) -> Row<'_> {
        let range = self.ends[index]..self.ends[index + 1];
        Row { columns: &self.column[range.clone()], values: &self.value[range] }
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.ends.len() - 1).map(|index| self.row(index))
    }
}
