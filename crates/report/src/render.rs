//! What every form of a report has in common.

use std::fmt;

/// A form in which a report can be written.
pub trait Render<R>: Sync {
    /// As it is given on the command line.
    fn name(&self) -> &'static str;

    /// For whom it is; empty where the name says it.
    fn purpose(&self) -> &'static str;

    /// The whole report in this form.
    fn render(&self, report: &R, terminal: Terminal) -> Result<String, serde_json::Error>;
}

impl<R> fmt::Debug for dyn Render<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What the text is written for; forms for programs do not look at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Columns.
    pub width: usize,
    pub colour: bool,
}

impl Default for Terminal {
    fn default() -> Self {
        Self { width: 100, colour: false }
    }
}

/// Declares the module of each form and lists them: a new form is its file and its line in a list.
macro_rules! forms {
    ($report:ty: $($module:ident::$form:ident,)+) => {
        $(mod $module;)+

        /// All forms, in the order in which they are offered.
        pub static FORMS: &[&dyn $crate::render::Render<$report>] = &[$(&$module::$form),+];

        /// The form of that name.
        pub fn form(name: &str) -> Option<&'static dyn $crate::render::Render<$report>> {
            FORMS.iter().copied().find(|form| form.name() == name)
        }
    };
}

pub(crate) use forms;
