//! Labelled texts as features, and the parts of them that a fit is made of.

use std::collections::BTreeMap;

use stillwatch_core::Cancel;

use super::feature::{Known, ROWS, Scratch};
use super::matrix::Matrix;
use super::regression::{Problem, Weights};

/// Rows met in fewer documents say nothing of a style.
const LEAST_DOCUMENTS: u16 = 3;

/// What is known of a document. Numbers stand for names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Label {
    pub(crate) family: u8,
    pub(crate) maker: u16,
    pub(crate) domain: u16,
    /// Hash of what must stay on one side of a split.
    pub(crate) group: u64,
}

/// Documents as distinct rows with the weights of their counts.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) labels: Vec<Label>,
    ends: Vec<usize>,
    rows: Vec<u32>,
    counts: Vec<u8>,
}

impl Sample {
    pub(crate) fn new() -> Self {
        Self { labels: Vec::new(), ends: vec![0], rows: Vec::new(), counts: Vec::new() }
    }

    pub(crate) fn push(&mut self, label: Label, text: &str, scratch: &mut Scratch, everything: &Known) {
        scratch.read(text, everything, |row, count| {
            self.rows.push(row);
            self.counts.push(count);
        });
        self.labels.push(label);
        self.ends.push(self.rows.len());
    }

    fn document(&self, index: usize) -> (&[u32], &[u8]) {
        let range = self.ends[index]..self.ends[index + 1];
        (&self.rows[range.clone()], &self.counts[range])
    }

    /// The same documents with other labels, in an order that depends on labels and features only. Of equal documents of one maker one is left.
    pub(crate) fn sorted(&self, relabel: impl Fn(Label) -> Label) -> Self {
        let mut order: Vec<(Label, &[u32], &[u8])> = (0..self.labels.len())
            .map(|index| {
                let (rows, counts) = self.document(index);
                (relabel(self.labels[index]), rows, counts)
            })
            .collect();
        order.sort_unstable();
        order.dedup();
        let mut sorted = Self::new();
        for (label, rows, counts) in order {
            sorted.rows.extend_from_slice(rows);
            sorted.counts.extend_from_slice(counts);
            sorted.labels.push(label);
            sorted.ends.push(sorted.rows.len());
        }
        sorted
    }

    /// Documents by a property of their labels.
    pub(crate) fn count<K: Ord>(&self, key: impl Fn(&Label) -> K) -> BTreeMap<K, usize> {
        let mut counts = BTreeMap::new();
        for label in &self.labels {
            *counts.entry(key(label)).or_default() += 1;
        }
        counts
    }

    pub(crate) fn select(&self, chosen: impl Fn(&Label) -> bool) -> Vec<usize> {
        (0..self.labels.len()).filter(|index| chosen(&self.labels[*index])).collect()
    }

    /// A model of the documents `chosen`.
    pub(crate) fn fit<const W: usize>(
        &self,
        chosen: &[usize],
        classes: usize,
        lambda: f32,
        passes: usize,
        cancel: &Cancel,
    ) -> Fit<W> {
        let order = self.known(chosen);
        let mut columns = vec![u32::MAX; ROWS];
        for (column, &row) in (0..).zip(&order) {
            columns[row as usize] = column;
        }
        let mut fit = Fit { columns, weights: Weights { rows: Vec::new(), bias: [0.0; W] } };
        let mut matrix = Matrix::new(order.len());
        for &index in chosen {
            fit.add(&mut matrix, self.document(index));
        }
        let targets: Vec<u8> = chosen.iter().map(|&index| self.labels[index].family).collect();
        fit.weights = Problem { matrix: &matrix, targets: &targets, classes, lambda, passes, cancel }.solve();
        fit
    }

    /// Rows that are met often enough, the most frequent first: what is used together lies together.
    fn known(&self, chosen: &[usize]) -> Vec<u32> {
        let mut documents = vec![0_u16; ROWS];
        for &index in chosen {
            for &row in self.document(index).0 {
                let count = &mut documents[row as usize];
                *count = count.saturating_add(1);
            }
        }
        let mut known: Vec<u32> = (0..).take(ROWS).filter(|row| documents[*row as usize] >= LEAST_DOCUMENTS).collect();
        known.sort_by_key(|row| std::cmp::Reverse(documents[*row as usize]));
        known
    }

    /// The scores of the documents `chosen`, a row a document.
    pub(crate) fn scores<const W: usize>(&self, fit: &Fit<W>, chosen: &[usize]) -> Vec<[f32; W]> {
        let mut matrix = Matrix::new(fit.weights.rows.len());
        for &index in chosen {
            fit.add(&mut matrix, self.document(index));
        }
        matrix.rows().map(|row| fit.weights.scores(row)).collect()
    }
}

/// Weights, and the column of each row of the table; `u32::MAX` where it has none.
pub(crate) struct Fit<const W: usize> {
    pub(crate) columns: Vec<u32>,
    pub(crate) weights: Weights<W>,
}

impl<const W: usize> Fit<W> {
    /// Appends a document, its known features brought to unit length.
    fn add(&self, matrix: &mut Matrix, (rows, counts): (&[u32], &[u8])) {
        let known = || {
            let columns = rows.iter().map(|&row| self.columns[row as usize]);
            columns.zip(counts).filter(|(column, _)| *column != u32::MAX)
        };
        let squares: u64 = known().map(|(_, &count)| u64::from(count) * u64::from(count)).sum();
        let scale = unit_scale(squares);
        matrix.push(known().map(|(column, &count)| (column, f32::from(count) * scale)));
    }
}

/// What brings a document with this sum of squares to unit length.
#[expect(
    clippy::cast_precision_loss,
    reason = "the sum of at most 2^18 squares of a byte is below 2^34, known to 2^-24"
)]
pub(crate) fn unit_scale(squares: u64) -> f32 {
    if squares == 0 { 0.0 } else { 1.0 / (squares as f32).sqrt() }
}
