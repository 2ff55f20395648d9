//! The list of rows to leave out of training (a decontamination list), as CSV.

use std::io::{self, Write};

use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Float64Type, UInt64Type};
use stillwatch_audit::{Class, FRAGMENT_RULE, SERVED_RULE};

const HEADER: [&str; 5] = ["file", "row", "vendor", "evidence", "served_percent"];

/// Takes hits in the order of the corpus and writes a line for each row.
pub(super) struct Exclusions<W: Write> {
    out: csv::Writer<W>,
    row: Option<Excluded>,
}

struct Excluded {
    file: String,
    row: u64,
    vendor: String,
    evidence: String,
    /// Of the row's runs of words, how many in a hundred were served.
    percent: Option<f64>,
}

impl<W: Write> Exclusions<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(HEADER)?;
        Ok(Self { out, row: None })
    }

    /// Takes a batch of the ledger.
    pub(super) fn add(&mut self, batch: &RecordBatch) -> io::Result<()> {
        let text = |name: &str| batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        let rows = batch.column_by_name("row").and_then(|column| column.as_primitive_opt::<UInt64Type>());
        let strength = batch.column_by_name("strength").and_then(|column| column.as_primitive_opt::<Float64Type>());
        let (Some(file), Some(class), Some(rule), Some(vendor), Some(rows), Some(strength)) =
            (text("file"), text("class"), text("rule"), text("vendor"), rows, strength)
        else {
            return Err(io::Error::other("the ledger lacks a column"));
        };
        let concludes =
            |letter: &str| Class::ALL.iter().any(|class| class.concludes() && letter == class.letter().to_string());
        for at in (0..batch.num_rows()).filter(|at| concludes(class.value(*at))) {
            let found = Excluded {
                file: file.value(at).to_owned(),
                row: rows.value(at),
                vendor: if vendor.is_valid(at) { vendor.value(at).to_owned() } else { String::new() },
                evidence: rule.value(at).to_owned(),
                percent: (strength.is_valid(at) && [SERVED_RULE, FRAGMENT_RULE].contains(&rule.value(at)))
                    .then(|| 100.0 * strength.value(at)),
            };
            match &mut self.row {
                Some(row) if row.file == found.file && row.row == found.row => {
                    if found.percent > row.percent {
                        *row = found;
                    }
                }
                _ => {
                    self.write()?;
                    self.row = Some(found);
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.write()?;
        self.out.flush()
    }

    fn write(&mut self) -> io::Result<()> {
        let Some(row) = self.row.take() else { return Ok(()) };
        let percent = row.percent.map_or_else(String::new, |percent| format!("{percent:.0}"));
        let number = row.row.to_string();
        Ok(self.out.write_record([&row.file, &number, &row.vendor, &row.evidence, &percent])?)
    }
}
