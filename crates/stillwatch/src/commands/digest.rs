//! `stillwatch digest`

use std::fs::File;
use std::io;

use stillwatch_engine::DigestWriter;
use stillwatch_run::atomic::Folder;
use stillwatch_run::inputs::{COUNTS, MANIFEST};

use crate::cli::Digest;
use crate::error::{Code, Failure};
use crate::interrupt;
use crate::reading::{Days, Reading};

/// Digests of one file, before compression: several files are read in parallel.
const FILE_BYTES: usize = 256 << 20;

pub(crate) fn run(arguments: &Digest) -> Result<Code, Failure> {
    let refuse = |error: io::Error| {
        let path = arguments.output.display();
        match error.kind() {
            io::ErrorKind::DirectoryNotEmpty => Failure::usage(format!("the folder {path} is not empty"))
                .help("choose another folder with -o, or remove this one"),
            io::ErrorKind::NotADirectory => Failure::usage(format!("{path} is not a folder")),
            _ => Failure::runtime(format!("the digests cannot be written to {path}"))
                .because(error)
                .help("free some space or choose another place with -o; nothing half-written was left"),
        }
    };
    let folder = Folder::new(&arguments.output, &interrupt::context().temporaries).map_err(refuse)?;
    let others: Vec<_> = arguments.reading.edge.as_deref().into_iter().collect();
    let reading = Reading::new(&arguments.reading, &others)?;
    let files = write(reading.days()?, &folder, &reading)?;
    let counts = reading.counts();
    let mut manifest = reading.manifest()?;
    manifest.files = files;
    manifest.rows = counts.rows;
    manifest.rejected = counts.rejected();
    let json = |value: serde_json::Result<String>| value.map(|text| text + "\n").map_err(io::Error::from);
    let partial = reading.tell(&counts);
    json(serde_json::to_string_pretty(&counts))
        .and_then(|text| folder.write(COUNTS, text.as_bytes()))
        .and_then(|()| json(serde_json::to_string_pretty(&manifest)))
        .and_then(|text| folder.write(MANIFEST, text.as_bytes()))
        .and_then(|()| folder.commit())
        .map_err(refuse)?;
    Ok(if partial { Code::Partial } else { Code::Done })
}

/// Writes the digests to as many files as they need; the names of these.
fn write(days: Days, folder: &Folder, reading: &Reading) -> Result<Vec<String>, Failure> {
    let mut files: Vec<String> = Vec::new();
    let mut open: Option<(DigestWriter<File>, usize)> = None;
    let refuse = |error: io::Error| Failure::runtime("the digests cannot be written").because(error);
    for day in days {
        let day = day?;
        let (mut writer, bytes) = if let Some(open) = open.take() {
            open
        } else {
            let name = format!("digests-{:04}.parquet", files.len());
            let file = File::create_new(folder.path().join(&name)).map_err(refuse)?;
            files.push(name);
            (DigestWriter::new(file, reading.key.id())?, 0)
        };
        writer.write(&day)?;
        let bytes = bytes + day.digest.len();
        if bytes < FILE_BYTES {
            open = Some((writer, bytes));
        } else {
            writer.finish()?.sync_all().map_err(refuse)?;
        }
    }
    if let Some((writer, _)) = open {
        writer.finish()?.sync_all().map_err(refuse)?;
    }
    Ok(files)
}
