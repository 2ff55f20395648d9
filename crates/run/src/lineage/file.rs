use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use stillwatch_lineage::{
    Decision, Import, Ledger, LedgerError, LedgerLimits, write_decision, write_header, write_import,
};

use super::decision::DecideError;
use crate::atomic;
use crate::context::Context;
use crate::error::{Fault, RunError};
use crate::files::{FileError, open};

/// A buffer for files of ledgers, which may have gigabytes.
const BUFFER: usize = 1 << 20;

/// Why a graph cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum GraphFileError {
    #[error(transparent)]
    Open(FileError),
    #[error("the graph {} cannot be used", .path.display())]
    Invalid { path: PathBuf, source: LedgerError },
    #[error("the graph {} cannot be locked for writing", .path.display())]
    Lock { path: PathBuf, source: io::Error },
    #[error("the graph {} cannot be written", .path.display())]
    Write { path: PathBuf, source: io::Error },
}

impl RunError for GraphFileError {
    fn fault(&self) -> Fault {
        match self {
            Self::Open(error) => error.fault(),
            Self::Invalid { .. } => Fault::Request,
            Self::Lock { .. } | Self::Write { .. } => Fault::Run,
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Open(_) => Some("make one with `stillwatch lineage import`".into()),
            _ => None,
        }
    }
}

/// The ledger in a file. What is wrong with single lines is among its diagnostics.
pub fn read(path: &Path) -> Result<Ledger, GraphFileError> {
    let file = open(path).map_err(GraphFileError::Open)?;
    Ledger::read(BufReader::with_capacity(BUFFER, file), &LedgerLimits::default())
        .map_err(|source| GraphFileError::Invalid { path: path.into(), source })
}

/// A graph file that is being added to. Until it is dropped no other writer gets it; readers may go on reading.
#[derive(Debug)]
pub struct GraphWriter {
    path: PathBuf,
    ledger: Ledger,
    added: Vec<Addition>,
    /// A file of its own beside the graph, which every writer replaces.
    _lock: File,
}

#[derive(Debug)]
enum Addition {
    Document(Import),
    Decision(Decision),
}

impl GraphWriter {
    /// Waits for other writers, and reads what is there; a file that is not there is begun when something is committed.
    pub fn open(path: &Path) -> Result<Self, GraphFileError> {
        let lock = lock(path).map_err(|source| GraphFileError::Lock { path: path.into(), source })?;
        let ledger = if path.exists() { read(path)? } else { Ledger::default() };
        Ok(Self { path: path.into(), ledger, added: Vec::new(), _lock: lock })
    }

    /// What is in the file, and what was added since.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Adds a document, unless its bytes are in the graph already.
    pub fn add(&mut self, import: Import) -> bool {
        let is_new = self.ledger.add(&import);
        if is_new {
            self.added.push(Addition::Document(import));
        }
        is_new
    }

    /// Adds a decision. Whether the graph holds what it is about is a question of its own: see
    /// [`check`](super::check).
    pub fn decide(&mut self, decision: Decision) -> Result<(), DecideError> {
        if !self.ledger.decide(decision.clone()) {
            return Err(DecideError::Repeated(decision.id));
        }
        self.added.push(Addition::Decision(decision));
        Ok(())
    }

    /// Documents that were added.
    pub fn documents(&self) -> impl Iterator<Item = &Import> {
        self.added.iter().filter_map(|addition| match addition {
            Addition::Document(import) => Some(import),
            Addition::Decision(_) => None,
        })
    }

    /// Writes what was added: the file is as it was, or has all of it. The ledger as it is now is given back.
    pub fn commit(self, context: &Context) -> Result<Ledger, GraphFileError> {
        let before = self.path.exists();
        let write = |file: &mut File| {
            let mut file = BufWriter::with_capacity(BUFFER, file);
            if before {
                io::copy(&mut File::open(&self.path)?, &mut file)?;
            } else {
                write_header(&mut file)?;
            }
            for addition in &self.added {
                match addition {
                    Addition::Document(import) => write_import(&mut file, import)?,
                    Addition::Decision(decision) => write_decision(&mut file, decision)?,
                }
            }
            file.flush()
        };
        atomic::write_with(&self.path, &context.temporaries, write)
            .map_err(|source| GraphFileError::Write { path: self.path.clone(), source })?;
        Ok(self.ledger)
    }
}

fn lock(path: &Path) -> io::Result<File> {
    let mut name = path.canonicalize().unwrap_or_else(|_| path.to_owned()).into_os_string();
    name.push(".lock");
    let file = File::options().create(true).truncate(false).write(true).open(&name)?;
    file.lock()?;
    Ok(file)
}
