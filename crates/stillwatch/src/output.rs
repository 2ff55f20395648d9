//! Where results go.

use std::io::{ErrorKind, IsTerminal, Write, stdout};
use std::path::Path;

use crate::atomic;
use crate::error::Failure;

const WIDTH: usize = 110;

/// Writes a result to a file or to standard output.
pub(crate) fn write(text: &str, file: Option<&Path>) -> Result<(), Failure> {
    match file.filter(|path| path.as_os_str() != "-") {
        Some(path) => atomic::write(path, text.as_bytes()).map_err(|error| unwritten(path, error)),
        None => print(text),
    }
}

/// Refuses a file that cannot be written before hours are spent on what it should hold.
pub(crate) fn check(file: Option<&Path>) -> Result<(), Failure> {
    let Some(path) = file else {
        return Ok(());
    };
    if path.is_dir() {
        return Err(Failure::usage(format!("{} is a folder", path.display())).help("give the name of a file to -o"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.filter(|folder| !folder.is_dir()) {
        Some(folder) => Err(Failure::usage(format!("there is no folder {}", folder.display()))
            .help("create it, or choose another place with -o")),
        None if path.as_os_str() == "-" => Ok(()),
        None => atomic::check(path).map_err(|error| unwritten(path, error)),
    }
}

fn unwritten(path: &Path, error: std::io::Error) -> Failure {
    Failure::runtime(format!("the result cannot be written to {}", path.display()))
        .because(error)
        .help("free some space or choose another place with -o; nothing half-written was left")
}

/// A reader that has seen enough closes the pipe, which is no error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut out = stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Failure::runtime("the result cannot be written to standard output").because(error)),
        Ok(()) => Ok(()),
    }
}

/// Columns of the terminal, and whether colours are wanted there.
pub(crate) fn terminal() -> (usize, bool) {
    if !stdout().is_terminal() {
        return (WIDTH, false);
    }
    let width = terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0));
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    (width, set("NO_COLOR").is_none() && set("TERM").is_some_and(|term| term != "dumb"))
}
