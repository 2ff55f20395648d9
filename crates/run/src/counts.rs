//! What was read, in a form that adds up and that lies beside the digests made of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use stillwatch_core::NotEvaluated;
use stillwatch_detect::{Extent, Inputs};
use stillwatch_digest::Manifest;
use stillwatch_ingest::Tally;

/// The name of its file in a digest folder.
pub(crate) const FILE: &str = "counts.json";
/// Names of unknown columns that are kept: the first in order.
const MOST_UNKNOWN: usize = 100;

/// Numbers and column names; nothing of what stood in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    pub files: u64,
    pub rows: u64,
    pub accepted: u64,
    pub outside_window: u64,
    /// Of the accepted rows, those that their retention class forbids to use.
    pub withheld: u64,
    pub rejected_by: BTreeMap<String, u64>,
    /// Accepted rows in which a column is present.
    pub coverage: BTreeMap<String, u64>,
    pub field_errors: BTreeMap<String, u64>,
    pub unknown_columns: BTreeSet<String>,
    /// What was not read, why, and the next step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_read: Vec<NotEvaluated>,
}

impl Counts {
    pub fn new(files: u64, tally: &Tally, withheld: u64) -> Self {
        Self {
            files,
            rows: tally.rows,
            accepted: tally.accepted,
            outside_window: tally.outside_window,
            withheld,
            rejected_by: tally.rejected.iter().map(|(reason, rows)| (reason.to_string(), rows.count)).collect(),
            coverage: tally.coverage.clone(),
            field_errors: tally.field_errors.clone(),
            unknown_columns: tally.unknown_columns.clone(),
            not_read: Vec::new(),
        }
    }

    /// What the manifest alone says, for a folder without counts.
    pub fn of_manifest(manifest: &Manifest) -> Self {
        let reason = "not recorded with the digests".to_owned();
        Self {
            files: manifest.sources.len() as u64,
            rows: manifest.rows,
            accepted: manifest.rows.saturating_sub(manifest.rejected),
            rejected_by: Some((reason, manifest.rejected)).filter(|(_, count)| *count > 0).into_iter().collect(),
            ..Self::default()
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.files += other.files;
        self.rows += other.rows;
        self.accepted += other.accepted;
        self.outside_window += other.outside_window;
        self.withheld += other.withheld;
        for (own, others) in [
            (&mut self.rejected_by, &other.rejected_by),
            (&mut self.coverage, &other.coverage),
            (&mut self.field_errors, &other.field_errors),
        ] {
            for (name, count) in others {
                *own.entry(name.clone()).or_default() += count;
            }
        }
        self.unknown_columns.extend(other.unknown_columns.iter().cloned());
        self.not_read.extend(other.not_read.iter().cloned());
        // As many as one reading keeps, so that parts add up to the whole.
        while self.unknown_columns.len() > MOST_UNKNOWN {
            self.unknown_columns.pop_last();
        }
    }

    pub fn rejected(&self) -> u64 {
        self.rejected_by.values().sum()
    }

    /// How much was read; `is_partial` where more rows were rejected than allowed.
    pub fn extent(&self, is_partial: bool) -> Extent {
        match self.accepted.saturating_sub(self.withheld) {
            0 => Extent::Nothing,
            _ if is_partial || !self.not_read.is_empty() => Extent::Partly,
            _ => Extent::All,
        }
    }

    /// The report's account of its input. `distinct` is the number of different exchanges, where it is known exactly.
    pub fn inputs(self, distinct: Option<u64>) -> Inputs {
        let usable = self.accepted.saturating_sub(self.withheld);
        #[expect(clippy::cast_precision_loss, reason = "logs stay below 2^53 rows")]
        let share = |count: u64| count as f64 / self.accepted.max(1) as f64;
        let read = self.extent(false);
        Inputs {
            files: self.files,
            rows: self.rows,
            rejected: self.rejected(),
            duplicates: distinct.map_or(0, |distinct| usable.saturating_sub(distinct)),
            dropped_for_retention: self.withheld,
            outside_window: self.outside_window,
            field_coverage: self.coverage.iter().map(|(name, count)| (name.clone(), share(*count))).collect(),
            unknown_columns: self.unknown_columns.into_iter().collect(),
            field_errors: self.field_errors,
            rejected_by: self.rejected_by,
            read,
            not_read: self.not_read,
            ..Inputs::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    #[test]
    fn shares_and_duplicates_follow_from_the_counts() {
        let half = Counts {
            files: 1,
            rows: 11,
            accepted: 10,
            withheld: 1,
            rejected_by: [("no time".into(), 1)].into(),
            coverage: [("ip".into(), 5)].into(),
            ..Counts::default()
        };
        let mut both = half.clone();
        both.merge(&half);
        let inputs = both.inputs(Some(15));
        assert_eq!((inputs.files, inputs.rows, inputs.rejected, inputs.duplicates), (2, 22, 2, 3));
        assert!((inputs.field_coverage["ip"] - 0.5).abs() < f64::EPSILON);
        assert_eq!(half.inputs(None).duplicates, 0);
    }
}
