//! `bridgelog export`: the journal as JSON Lines, events as a table, a file as it was attached.

use super::{
    error::Result,
    export_file::{self, FileExport},
    global::GlobalArgs,
    out::Out,
};
use crate::{
    domain::{count::counted, sanitize},
    ops::{
        OpsError, Session, atomic_write, events_csv,
        journal_lines::{self, Exported},
        redact,
    },
};
use clap::{Args, ValueEnum};
use std::{
    io::{self, BufWriter, IsTerminal as _, Write},
    path::PathBuf,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ExportFormat {
    /// The journal: every entry, so that another database has the same
    Jsonl,
    /// The events as a table, for spreadsheets; --incident REF for those of one incident
    Csv,
    /// A file that is attached to an event
    File,
}

/// What `export` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "One line per entry: incidents, unassigned events, corrections, retractions. `bridgelog import jsonl` on\n\
    another machine gives the same journal with the same hashes. docs/JOURNAL.md describes the format.\n\n\
    `csv` is a table of events for spreadsheets: a text that begins with = + - or @ gets an apostrophe before it.\n\
    `file` is a file of an event, named by the event's handle or by the beginning of its hash. With --output FOLDER\n\
    all files of the event.\n\n\
    Examples:\n  bridgelog export jsonl --output journal.jsonl\n  bridgelog export jsonl | gzip > journal.jsonl.gz\n  bridgelog export csv --incident 7 --output incident-7.csv\n  bridgelog export file kvnqrs --output graph.png\n  bridgelog export jsonl --without kvnqrs service/shop --output journal.jsonl"
)]
pub struct ExportArgs {
    /// The format
    #[arg(value_enum)]
    format: ExportFormat,
    /// For `file`: the event, or the beginning of the file's hash
    #[arg(value_name = "HANDLE")]
    which: Option<String>,
    /// For `file`: the one of this name, where the event has several
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Write to this file; `-` is standard output
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Overwrite an existing file
    #[arg(long, requires = "output")]
    force: bool,
    /// Leave out all entries of an event, task or email (its handle), of `service/NAME`, `field/NAME`
    /// or `author/NAME`; their chains then have gaps
    #[arg(long, value_name = "HANDLE", num_args = 1..)]
    without: Vec<String>,
}

pub(super) fn export(global: &GlobalArgs, args: &ExportArgs, out: &Out) -> Result {
    check_arguments(args)?;
    let session = global.open_existing()?;
    if let (ExportFormat::File, Some(which)) = (args.format, &args.which) {
        let file = FileExport {
            which,
            name: args.name.as_deref(),
            output: args.output.as_deref(),
            force: args.force,
        };
        return export_file::run(&session, &file, out);
    }
    if args.format == ExportFormat::Csv {
        return export_csv(&session, global, args, out);
    }
    let without = args
        .without
        .iter()
        .map(|typed| redact::left_out(&session, typed))
        .collect::<Result<Vec<_>>>()?
        .concat();
    if let Some(path) = args.output.as_ref().filter(|path| path.as_os_str() != "-") {
        let options = session.write_options(args.force);
        let exported = atomic_write::write_with(path, options, |file| {
            journal_lines::export(&session, &without, &mut |line| writeln!(file, "{line}"))
        })?;
        out.print_line(&format!(
            "wrote {} to {}",
            counted(exported.written, "entry", "entries"),
            sanitize::line(&path.display().to_string())
        ));
        report_left_out(exported, args, out);
        return Ok(());
    }
    // A terminal is shown nothing that could run in it; a pipe and a file get the very bytes.
    let shown = io::stdout().is_terminal();
    let mut to = BufWriter::new(io::stdout().lock());
    let exported = journal_lines::export(&session, &without, &mut |line| {
        if shown {
            writeln!(to, "{}", sanitize::line(line))
        } else {
            writeln!(to, "{line}")
        }
    })?;
    match to.flush() {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(OpsError::failed("standard output cannot be written").with_source(error))
        }
        _ => {
            report_left_out(exported, args, out);
            Ok(())
        }
    }
}

/// # Errors
/// An argument that is not for the format.
fn check_arguments(args: &ExportArgs) -> Result {
    let is_file = args.format == ExportFormat::File;
    if is_file && args.which.is_none() {
        return Err(OpsError::usage("`export file` needs the event or the file")
            .with_hint("`bridgelog export file HANDLE --output PATH`"));
    }
    if !is_file && (args.which.is_some() || args.name.is_some()) {
        return Err(OpsError::usage("a handle and --name are for `export file`").with_hint(
            "`export jsonl` has the journal of all incidents; `export csv --incident REF` one incident",
        ));
    }
    if is_file && !args.without.is_empty() {
        return Err(OpsError::usage("--without applies to the journal alone")
            .with_hint("`bridgelog export jsonl --without HANDLE`"));
    }
    Ok(())
}

/// Writes the events of one incident or of all as a table.
fn export_csv(session: &Session, global: &GlobalArgs, args: &ExportArgs, out: &Out) -> Result {
    if !args.without.is_empty() {
        return Err(OpsError::usage("--without applies to the journal alone")
            .with_hint("`bridgelog export jsonl --without HANDLE`"));
    }
    let incident = match &global.incident {
        Some(reference) => Some(session.resolve_for_read(Some(reference))?),
        None => None,
    };
    if let Some(path) = args.output.as_ref().filter(|path| path.as_os_str() != "-") {
        let options = session.write_options(args.force);
        let written = atomic_write::write_with(path, options, |mut file| {
            events_csv::export(session, incident, &mut file)
        })?;
        out.print_line(&format!(
            "wrote {} to {}",
            counted(written, "event", "events"),
            sanitize::line(&path.display().to_string())
        ));
        return Ok(());
    }
    if io::stdout().is_terminal() {
        let mut table = Vec::new();
        events_csv::export(session, incident, &mut table)?;
        out.print_document(&String::from_utf8_lossy(&table));
        return Ok(());
    }
    let mut to = BufWriter::new(io::stdout().lock());
    let exported = events_csv::export(session, incident, &mut to);
    match exported {
        Err(error) if is_closed_pipe(&error) => Ok(()),
        exported => exported.map(drop),
    }
}

/// True if nobody reads standard output any more, which is no error.
fn is_closed_pipe(error: &OpsError) -> bool {
    let source = error
        .source
        .as_ref()
        .and_then(|source| source.downcast_ref());
    let is_closed = |error: &io::Error| error.kind() == io::ErrorKind::BrokenPipe;
    match source.map(csv::Error::kind) {
        Some(csv::ErrorKind::Io(error)) => is_closed(error),
        _ => false,
    }
}

/// Says what `--without` left out, and what that means to who gets the rest.
fn report_left_out(exported: Exported, args: &ExportArgs, out: &Out) {
    if !args.without.is_empty() {
        out.print_note(&format!(
            "left out {} of {}: the chain has a gap there, which `bridgelog verify` names after an import",
            counted(exported.left_out, "entry", "entries"),
            args.without.join(", ")
        ));
    }
}
