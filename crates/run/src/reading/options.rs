use std::num::NonZeroUsize;
use std::path::PathBuf;

use stillwatch_core::{Key, Window};
use tokio::runtime::Handle;

use crate::context::Context;
use crate::key::{self, KeyFileError};
use crate::memory;

/// Which logs to read, how, and with what means.
#[derive(Clone, Debug, Default)]
pub struct LogOptions {
    /// Files, patterns, folders of logs, folders of digests, or `-` for standard input.
    pub logs: Vec<PathBuf>,
    /// What the logs are, where their first records do not tell: the name of a source, or `canonical`.
    pub format_in: Option<String>,
    /// The log of the proxy in front.
    pub edge: Option<PathBuf>,
    /// A field map in TOML.
    pub map: Option<PathBuf>,
    /// Exchanges outside are left out.
    pub window: Window,
    /// So many rejected rows make a result partial; without it, 1 % of the rows, but at least 1,000.
    pub max_rejected: Option<u64>,
    pub means: Means,
}

/// What a run may use.
#[derive(Clone, Debug, Default)]
pub struct Means {
    pub key: KeyChoice,
    /// Bytes of memory; without it, one gibibyte or half of the machine's.
    pub memory: Option<usize>,
    /// Without it, one a processor.
    pub threads: Option<NonZeroUsize>,
    /// The runtime in which digests are made; see [`stillwatch_engine::EngineOptions::runtime`].
    pub runtime: Option<Handle>,
}

/// Under which key fingerprints are made.
#[derive(Clone, Debug, Default)]
pub enum KeyChoice {
    /// That of the user's own key file, which is created when there is none.
    #[default]
    Own,
    /// That of another file.
    File(PathBuf),
    Given(Key),
}

impl KeyChoice {
    /// The own key, or that of a file.
    pub fn file(path: Option<PathBuf>) -> Self {
        path.map_or(Self::Own, Self::File)
    }

    pub(crate) fn load(&self, context: &Context) -> Result<Key, KeyFileError> {
        match self {
            Self::Own => key::load(None, context),
            Self::File(path) => key::load(Some(path), context),
            Self::Given(key) => Ok(key.clone()),
        }
    }
}

impl Means {
    pub(crate) fn threads(&self) -> NonZeroUsize {
        threads(self.threads)
    }

    pub(crate) fn memory(&self) -> usize {
        self.memory.unwrap_or_else(memory::default)
    }
}

/// As many as asked for, or one a processor.
pub(crate) fn threads(asked: Option<NonZeroUsize>) -> NonZeroUsize {
    asked.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
}
