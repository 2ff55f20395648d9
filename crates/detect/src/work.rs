use stillwatch_core::{Cancel, Cancelled, Progress, Stage};

/// How a run is stopped, and who is told how far it is.
#[derive(Clone, Copy)]
pub(crate) struct Work<'a> {
    cancel: &'a Cancel,
    progress: &'a dyn Progress,
}

impl<'a> Work<'a> {
    pub(crate) fn new(cancel: &'a Cancel, progress: &'a dyn Progress) -> Self {
        Self { cancel, progress }
    }

    /// To be asked between two pieces of bounded size.
    pub(crate) fn check(self) -> Result<(), Cancelled> {
        self.cancel.check()
    }

    pub(crate) fn begin(self, stage: &Stage) {
        self.progress.begin(stage);
    }

    pub(crate) fn advance(self, units: u64) {
        self.progress.advance(units);
    }

    pub(crate) fn end(self) {
        self.progress.end();
    }
}
