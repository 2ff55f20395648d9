use std::io::{self, Read, Seek, Write};

use stillwatch_core::{Cancel, Day, Key};
use stillwatch_digest::{DayDigest, SERVED_WORDS, SLOTS, ServedReader, SourceFile};

use super::file::{IndexWriter, Row};
use super::runs::{Pair, Sorted, Sorter};
use super::{About, IndexError, Manifest};

/// One output of a model. It holds text, so it implements no `Debug`.
#[derive(Clone, Copy)]
pub struct Served<'a> {
    pub text: &'a str,
    /// What was asked. A stretch that is served to several prompts is a manner of speaking or a quotation; one that is
    /// served to one prompt many times is not, so prompts are what is counted. What an answer repeats of its prompt is
    /// left out: the model did not write it.
    pub prompt: Option<&'a str>,
    /// Names the exchange, and is counted where the prompt is not known.
    pub exchange: &'a str,
    pub day: Option<Day>,
}

/// Builds an index in bounded memory.
///
/// `spill` gives an empty file to write a sorted run to and read it back, such as `tempfile::tempfile`. Runs hold keyed
/// numbers alone. The same outputs give the same bytes in any order and with any amount of memory.
pub struct IndexBuilder<F, R> {
    manifest: Manifest,
    reader: ServedReader,
    /// Fingerprints with their origins.
    served: Sorter<R>,
    /// Fingerprints of public text.
    common: Sorter<R>,
    /// The same of the shorter layer, where one is built.
    shorter: Option<(Sorter<R>, Sorter<R>)>,
    /// Of the output at hand.
    k_grams: Vec<u64>,
    spill: F,
    cancel: Cancel,
}

/// Of each of the two buffers.
const DEFAULT_BYTES: usize = 64 << 20;

impl<R: Read + Write + Seek, F: FnMut() -> io::Result<R>> IndexBuilder<F, R> {
    pub fn new(key: &Key, about: About, spill: F) -> Self {
        Self {
            manifest: Manifest::new(key, about),
            reader: ServedReader::new(key),
            served: Sorter::new(DEFAULT_BYTES),
            common: Sorter::new(DEFAULT_BYTES),
            shorter: None,
            k_grams: Vec::new(),
            spill,
            cancel: Cancel::default(),
        }
    }

    /// How much memory to sort in; 128 MiB unless said. Each gigabyte that is spilled needs 64 KiB more at the end for
    /// each run of half this size.
    pub fn with_memory(mut self, bytes: usize) -> Self {
        let parts = if self.shorter.is_some() { 4 } else { 2 };
        let sorter = || Sorter::new(bytes / parts);
        (self.served, self.common) = (sorter(), sorter());
        self.shorter = self.shorter.map(|_| (sorter(), sorter()));
        self
    }

    /// Builds the shorter layer too, by which passages are found that are short or broken. The file grows threefold.
    #[must_use]
    pub fn with_shorter(self) -> Self {
        let bytes = DEFAULT_BYTES;
        Self { shorter: Some((Sorter::new(bytes), Sorter::new(bytes))), ..self }
    }

    /// Ends the building early once the token is cancelled: before the next output, and while the index is written.
    #[must_use]
    pub fn with_cancel(self, cancel: Cancel) -> Self {
        Self { cancel, ..self }
    }

    /// Names an input, so that a merge can tell when outputs would be counted twice.
    pub fn source(&mut self, source: SourceFile) {
        self.manifest.sources.push(source);
    }

    /// Names an input of public text.
    pub fn common_source(&mut self, source: SourceFile) {
        self.manifest.common.push(source);
    }

    /// Names a model that is met in the log.
    pub fn model(&mut self, name: &str) {
        if !self.manifest.models.iter().any(|model| model == name) {
            self.manifest.models.push(name.into());
        }
    }

    /// Takes in an output.
    pub fn add(&mut self, output: &Served<'_>) -> Result<(), IndexError> {
        self.add_under(output, None)
    }

    /// Takes in an output that was given under a system prompt. What it repeats of that is left out too.
    pub fn add_under(&mut self, output: &Served<'_>, system: Option<&str>) -> Result<(), IndexError> {
        self.cancel.check()?;
        self.k_grams.clear();
        let mut instructed = Vec::new();
        if let Some(system) = system {
            self.reader.read(system);
            self.reader.each(|k_gram| instructed.push(k_gram.fingerprint));
            instructed.sort_unstable();
        }
        let mut given = Vec::new();
        if self.shorter.is_some() {
            for text in output.prompt.into_iter().chain(system) {
                self.reader.read(text);
                self.reader.each_short(|k_gram| given.push(k_gram.fingerprint));
            }
            given.sort_unstable();
        }
        let k_grams = &mut self.k_grams;
        let prompt = self.reader.served(output.prompt, output.text, |k_gram| {
            if instructed.binary_search(&k_gram.fingerprint).is_err() {
                k_grams.push(k_gram.fingerprint);
            }
        });
        let words = self.reader.words().len();
        let origin = prompt.unwrap_or_else(|| self.reader.origin(output.exchange.as_bytes()));
        for &fingerprint in &self.k_grams {
            self.served.push((fingerprint, origin), &mut self.spill)?;
        }
        if let Some((served, _)) = &mut self.shorter {
            self.k_grams.clear();
            let k_grams = &mut self.k_grams;
            self.reader.winnow_short(|k_gram| {
                if given.binary_search(&k_gram.fingerprint).is_err() {
                    k_grams.push(k_gram.fingerprint);
                }
            });
            for &fingerprint in &self.k_grams {
                served.push((fingerprint, origin), &mut self.spill)?;
            }
        }
        self.manifest.outputs += 1;
        self.manifest.short += u64::from(words < SERVED_WORDS);
        self.manifest.words += words as u64;
        output.day.into_iter().for_each(|day| self.manifest.served_on(day));
        Ok(())
    }

    /// Takes in what the digest of an account and day holds of responses: the fingerprints that the log itself would
    /// give. A digest does not know which prompt an answer belongs to, so slots of the day (64) are counted in place of
    /// prompts; and of a day with too many k-grams it holds a sample, which the manifest counts.
    pub fn add_day(&mut self, account: &str, day: Day, digest: &DayDigest) -> Result<(), IndexError> {
        self.cancel.check()?;
        let (k_grams, level) = digest.served();
        for (fingerprint, slots) in k_grams {
            for slot in (0..SLOTS).filter(|slot| slots >> slot & 1 == 1) {
                let name = [&day.0.to_le_bytes(), &slot.to_le_bytes(), account.as_bytes()].concat();
                self.served.push((fingerprint, self.reader.origin(&name)), &mut self.spill)?;
            }
        }
        self.manifest.outputs += digest.exchanges();
        self.manifest.sampled_days += u64::from(level > 0);
        self.manifest.served_on(day);
        Ok(())
    }

    /// Leaves out every k-gram of a public text: whoever writes what is in it need not have it from the model.
    pub fn exclude(&mut self, text: &str) -> Result<(), IndexError> {
        self.cancel.check()?;
        self.reader.read(text);
        let (common, spill) = (&mut self.common, &mut self.spill);
        let mut written = Ok(());
        self.reader.each(|k_gram| {
            if written.is_ok() {
                written = common.push((k_gram.fingerprint, 0), spill);
            }
        });
        if let Some((_, common)) = &mut self.shorter {
            self.reader.each_short(|k_gram| {
                if written.is_ok() {
                    written = common.push((k_gram.fingerprint, 0), spill);
                }
            });
        }
        Ok(written?)
    }

    /// Writes the index and returns its manifest.
    pub fn write(self, out: impl Write) -> Result<Manifest, IndexError> {
        let mut writer = IndexWriter::new(out);
        layer(self.served, self.common, &mut writer, &self.cancel)?;
        if let Some((served, common)) = self.shorter {
            writer.begin_shorter();
            layer(served, common, &mut writer, &self.cancel)?;
        }
        writer.finish(self.manifest)
    }
}

/// Writes the rows of a layer without those of public text.
fn layer<R: Read + Write + Seek, W: Write>(
    served: Sorter<R>,
    common: Sorter<R>,
    writer: &mut IndexWriter<W>,
    cancel: &Cancel,
) -> Result<(), IndexError> {
    let (mut served, mut common) = (served.sorted()?, common.sorted()?);
    let mut excluded = common.next()?;
    let mut next = served.next()?;
    while let Some(first) = next {
        cancel.check()?;
        let row = row(first, &mut served, &mut next)?;
        while excluded.is_some_and(|(fingerprint, _)| fingerprint < row.fingerprint) {
            excluded = common.next()?;
        }
        if excluded.is_none_or(|(fingerprint, _)| fingerprint != row.fingerprint) {
            writer.push(row)?;
        }
    }
    Ok(())
}

/// The row of the k-gram that `first` begins; `next` becomes the pair after it.
fn row<R: Read>(
    (fingerprint, origin): Pair,
    served: &mut Sorted<R>,
    next: &mut Option<Pair>,
) -> Result<Row, IndexError> {
    let mut row = Row { fingerprint, origins: 1, origin: name(origin) };
    loop {
        *next = served.next()?;
        match *next {
            Some((same, origin)) if same == fingerprint => {
                row = row.unite(Row { fingerprint, origins: 1, origin: name(origin) });
            }
            _ => return Ok(row),
        }
    }
}

/// The upper half, by which origins are told apart in the file.
fn name(origin: u64) -> u32 {
    stillwatch_core::at_most_u32(origin >> u32::BITS)
}
