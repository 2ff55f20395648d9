//! A sandbox to run the command in: its own home, its own temporary folder, and nothing else of the environment.

use std::fs::{create_dir, read_dir, write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use tempfile::TempDir;

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_stillwatch");
pub(crate) const KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

pub(crate) struct Sandbox(TempDir);

pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Sandbox {
    /// A sandbox with a key.
    pub(crate) fn new() -> Self {
        let sandbox = Self::without_key();
        sandbox.write("home/key", KEY);
        std::fs::set_permissions(sandbox.path("home/key"), PermissionsExt::from_mode(0o600)).unwrap();
        sandbox
    }

    pub(crate) fn without_key() -> Self {
        let sandbox = Self(tempfile::tempdir().unwrap());
        create_dir(sandbox.path("tmp")).unwrap();
        create_dir(sandbox.path("home")).unwrap();
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        write(self.path(name), bytes).unwrap();
    }

    /// The command with these arguments, to be run in this sandbox.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        self.wrapped(BINARY, arguments)
    }

    pub(crate) fn wrapped(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(self.0.path()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TMPDIR", self.path("tmp")).env("STILLWATCH_HOME", self.path("home"));
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        self.finish(self.command(arguments))
    }

    pub(crate) fn finish(&self, mut command: Command) -> Run {
        let output = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap().replace(self.0.path().to_str().unwrap(), "[SANDBOX]");
        assert_eq!(self.leftovers(), Vec::<PathBuf>::new(), "temporary files are left");
        Run { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Whatever should not be there after a run.
    pub(crate) fn leftovers(&self) -> Vec<PathBuf> {
        let entries = |folder: PathBuf| read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let hidden = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with('.');
        entries(self.path("tmp")).chain(entries(self.0.path().into()).filter(hidden)).collect()
    }
}

impl Run {
    /// Everything that a caller sees.
    pub(crate) fn all(&self) -> String {
        format!("exit {}\n--- out\n{}--- err\n{}", self.code.unwrap_or(-1), self.out, self.err)
    }

    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.all());
        self
    }
}

/// About 6,000 simulated exchanges, shared by all tests: `traffic/exchanges.parquet` and its companions.
pub(crate) fn traffic() -> &'static Path {
    static TRAFFIC: LazyLock<(Sandbox, PathBuf)> = LazyLock::new(|| {
        let sandbox = Sandbox::new();
        sandbox.run(&["simulate", "-o", "traffic", "--exchanges", "6000", "--seed", "3"]).ok();
        let path = sandbox.path("traffic");
        (sandbox, path)
    });
    &TRAFFIC.1
}

/// The report on the shared traffic and its accounts as JSON, under the key that every sandbox has.
pub(crate) fn report() -> &'static str {
    static REPORT: LazyLock<String> = LazyLock::new(|| {
        let (log, accounts) = (file("exchanges.parquet"), file("accounts.parquet"));
        Sandbox::new().run(&["detect", &log, "--accounts", &accounts, "--format", "json"]).ok().out
    });
    &REPORT
}

/// A file of the shared traffic.
pub(crate) fn file(name: &str) -> String {
    traffic().join(name).to_str().unwrap().to_owned()
}

/// The report on some input as JSON, without what names or counts the input.
pub(crate) fn campaigns(run: &Run) -> String {
    let mut report: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert!(!report["campaigns"].as_array().unwrap().is_empty());
    report.as_object_mut().unwrap().remove("inputs");
    serde_json::to_string_pretty(&report).unwrap()
}
