//! By what a run is watched and stopped.

use std::sync::Arc;

use stillwatch_core::{Cancel, Progress, Silent};

use crate::atomic::Temporaries;
use crate::notice::{Notice, Notices};

/// What a run shares with whoever started it. Clones share it too.
///
/// The default tells nobody anything and is never cancelled.
#[derive(Clone)]
pub struct Context {
    /// Ends the run before the next batch, round or block.
    pub cancel: Cancel,
    /// Is told how far the run is.
    pub progress: Arc<dyn Progress>,
    /// Is told what was odd about the input.
    pub notices: Arc<dyn Notices>,
    /// Temporary files and folders that exist, for a process that must end without unwinding.
    pub temporaries: Temporaries,
}

impl Context {
    /// A context that only this token can end.
    pub fn new(cancel: Cancel) -> Self {
        Self { cancel, ..Self::default() }
    }

    #[must_use]
    pub fn with_progress(self, progress: impl Progress + 'static) -> Self {
        Self { progress: Arc::new(progress), ..self }
    }

    #[must_use]
    pub fn with_notices(self, notices: impl Notices + 'static) -> Self {
        Self { notices: Arc::new(notices), ..self }
    }

    pub(crate) fn notify(&self, notice: &Notice) {
        self.notices.notify(notice);
    }
}

impl Default for Context {
    fn default() -> Self {
        Self {
            cancel: Cancel::default(),
            progress: Arc::new(Silent),
            notices: Arc::new(Silent),
            temporaries: Temporaries::default(),
        }
    }
}
