//! `bridgelog export file`: an attached file, as it was.

use super::{error::Result, out::Out};
use crate::{
    domain::{
        file::{AttachedFile, TEXT, format_size, unique_names},
        sanitize,
    },
    ops::{
        OpsError, Session, atomic_write,
        attached_file::{self, StoredFile},
    },
};
use std::{
    io::{self, IsTerminal as _, Write as _},
    path::Path,
};
use uuid::Uuid;

/// What is to be written, and where.
pub(super) struct FileExport<'a> {
    /// An event, or the beginning of a file's hash.
    pub which: &'a str,
    /// Of an event with several files: which one.
    pub name: Option<&'a str>,
    /// A file or a folder; `None` for standard output.
    pub output: Option<&'a Path>,
    /// True to replace files that are there.
    pub force: bool,
}

/// Writes the files that `args` names: one to standard output or a file, several into a folder.
pub(super) fn run(session: &Session, args: &FileExport<'_>, out: &Out) -> Result {
    let typed = args.which;
    let files = attached_file::find(session, typed, args.name)?;
    let output = args.output.filter(|path| path.as_os_str() != "-");
    match (files.as_slice(), output) {
        (_, Some(folder)) if folder.is_dir() => write_into(session, &files, folder, args, out),
        ([(file, incident)], Some(path)) => {
            let bytes = content(session, file, *incident)?;
            atomic_write::write(path, &bytes, session.write_options(args.force))?;
            report_written(path, file, out);
            Ok(())
        }
        ([(file, incident)], None) => print(&content(session, file, *incident)?, file, out),
        (files, _) => {
            let names: Vec<String> = files
                .iter()
                .map(|(file, _)| sanitize::line(&file.label()).into_owned())
                .collect();
            Err(
                OpsError::usage(format!("`{}` has several files", sanitize::line(typed)))
                    .with_hint(format!("--name takes one of: {}", names.join(", ")))
                    .with_hint("--output FOLDER, one that is there, takes all of them"),
            )
        }
    }
}

fn write_into(
    session: &Session,
    files: &[(AttachedFile, Option<Uuid>)],
    folder: &Path,
    args: &FileExport<'_>,
    out: &Out,
) -> Result {
    let names = unique_names(files.iter().map(|(file, _)| file.name.as_str()));
    for ((file, incident), name) in files.iter().zip(names) {
        let path = folder.join(name);
        let bytes = content(session, file, *incident)?;
        atomic_write::write(&path, &bytes, session.write_options(args.force))?;
        report_written(&path, file, out);
    }
    Ok(())
}

fn report_written(path: &Path, file: &AttachedFile, out: &Out) {
    out.print_line(&format!(
        "wrote {} ({})",
        sanitize::line(&path.display().to_string()),
        format_size(file.size)
    ));
}

/// Returns the bytes of `file`.
///
/// # Errors
/// They were redacted, are damaged or are not in this database.
fn content(session: &Session, file: &AttachedFile, incident: Option<Uuid>) -> Result<Vec<u8>> {
    match attached_file::read(session, file.sha256, incident)? {
        StoredFile::Bytes(bytes) => Ok(bytes),
        StoredFile::Redacted => Err(OpsError::failed(format!(
            "the content of file {} was redacted",
            file.short_hash()
        ))
        .with_hint("it is destroyed; only its hash is left")),
        StoredFile::Damaged => Err(OpsError::failed(format!(
            "the content of file {} is not what was attached",
            file.short_hash()
        ))
        .with_hint("`bridgelog verify` checks the database; an earlier backup may have the file")),
        StoredFile::Missing => Err(OpsError::failed(format!(
            "the content of file {} is not in this database",
            file.short_hash()
        ))
        .with_hint("`bridgelog import jsonl` of a journal that has it brings it here")),
    }
}

/// Prints the bytes: a terminal gets text only, made safe to show.
fn print(bytes: &[u8], file: &AttachedFile, out: &Out) -> Result {
    if io::stdout().is_terminal() {
        if file.media_type != TEXT {
            return Err(OpsError::usage(format!(
                "{} is no text, and a terminal cannot show it",
                sanitize::line(&file.label())
            ))
            .with_hint("--output PATH writes it to a file"));
        }
        out.print_document(&String::from_utf8_lossy(bytes));
        return Ok(());
    }
    let mut to = io::stdout().lock();
    match to.write_all(bytes).and_then(|()| to.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(OpsError::failed("standard output cannot be written").with_source(error))
        }
        _ => Ok(()),
    }
}
