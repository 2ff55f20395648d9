//! Sorting more pairs than memory holds: sorted runs, then a merge of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};

/// A fingerprint and where it is from.
pub(super) type Pair = (u64, u64);

const PAIR_BYTES: usize = 16;
const READ_BYTES: usize = 1 << 16;

/// Collects pairs, of which each is kept once. A full buffer is sorted and written to a run: keyed numbers, no text.
pub(super) struct Sorter<R> {
    buffer: Vec<Pair>,
    capacity: usize,
    runs: Vec<R>,
}

impl<R: Read + Write + Seek> Sorter<R> {
    pub(super) fn new(bytes: usize) -> Self {
        Self { buffer: Vec::new(), capacity: (bytes / PAIR_BYTES).max(1_024), runs: Vec::new() }
    }

    pub(super) fn push(&mut self, pair: Pair, spill: &mut impl FnMut() -> io::Result<R>) -> io::Result<()> {
        self.buffer.push(pair);
        if self.buffer.len() < self.capacity {
            return Ok(());
        }
        self.compact();
        // Repetitions may have left room enough.
        if self.buffer.len() > self.capacity / 2 {
            let mut run = spill()?;
            let mut bytes = Vec::with_capacity(READ_BYTES);
            for chunk in self.buffer.chunks(READ_BYTES / PAIR_BYTES) {
                bytes.clear();
                chunk.iter().flat_map(|(a, b)| [a, b]).for_each(|word| bytes.extend_from_slice(&word.to_le_bytes()));
                run.write_all(&bytes)?;
            }
            run.flush()?;
            self.runs.push(run);
            self.buffer.clear();
        }
        Ok(())
    }

    /// The pairs in ascending order, each once.
    pub(super) fn sorted(mut self) -> io::Result<Sorted<R>> {
        self.compact();
        let mut sources = vec![SortedInput::Memory(self.buffer.into_iter())];
        for mut run in self.runs {
            run.seek(SeekFrom::Start(0))?;
            sources.push(SortedInput::Run(BufReader::with_capacity(READ_BYTES, run)));
        }
        let mut heap = BinaryHeap::with_capacity(sources.len());
        for (number, source) in sources.iter_mut().enumerate() {
            heap.extend(source.next()?.map(|pair| Reverse((pair, number))));
        }
        Ok(Sorted { sources, heap, last: None })
    }

    fn compact(&mut self) {
        self.buffer.sort_unstable();
        self.buffer.dedup();
    }
}

pub(super) struct Sorted<R> {
    sources: Vec<SortedInput<R>>,
    heap: BinaryHeap<Reverse<(Pair, usize)>>,
    last: Option<Pair>,
}

enum SortedInput<R> {
    Memory(std::vec::IntoIter<Pair>),
    Run(BufReader<R>),
}

impl<R: Read> SortedInput<R> {
    fn next(&mut self) -> io::Result<Option<Pair>> {
        let run = match self {
            Self::Memory(pairs) => return Ok(pairs.next()),
            Self::Run(run) => run,
        };
        let (mut first, mut second) = ([0; 8], [0; 8]);
        match run.read_exact(&mut first) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            read => read?,
        }
        run.read_exact(&mut second)?;
        Ok(Some((u64::from_le_bytes(first), u64::from_le_bytes(second))))
    }
}

impl<R: Read> Sorted<R> {
    pub(super) fn next(&mut self) -> io::Result<Option<Pair>> {
        while let Some(mut top) = self.heap.peek_mut() {
            let Reverse((pair, number)) = *top;
            match self.sources[number].next()? {
                Some(next) => *top = Reverse((next, number)),
                None => drop(std::collections::binary_heap::PeekMut::pop(top)),
            }
            if self.last != Some(pair) {
                self.last = Some(pair);
                return Ok(Some(pair));
            }
        }
        Ok(None)
    }
}
