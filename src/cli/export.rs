//! `bridgelog export`: the journal as JSON Lines.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{Out, count_noun},
};
use crate::{
    domain::sanitize,
    ops::{
        OpsError, atomic_write,
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
enum JournalFormat {
    Jsonl,
}

/// What `export` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "One line per entry: incidents, unassigned events, corrections, retractions. `bridgelog import jsonl` on\n\
    another machine gives the same journal with the same hashes. docs/JOURNAL.md describes the format.\n\n\
    Examples:\n  bridgelog export jsonl --output journal.jsonl\n  bridgelog export jsonl | gzip > journal.jsonl.gz\n  bridgelog export jsonl --without kvnqrs service/shop --output journal.jsonl"
)]
pub struct ExportArgs {
    /// The format: jsonl
    #[arg(value_enum)]
    format: JournalFormat,
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
    let session = global.open_existing()?;
    let JournalFormat::Jsonl = args.format;
    let without = args
        .without
        .iter()
        .map(|typed| redact::left_out(&session, typed))
        .collect::<Result<Vec<_>>>()?;
    if let Some(path) = args.output.as_ref().filter(|path| path.as_os_str() != "-") {
        let options = session.write_options(args.force);
        let exported = atomic_write::write_with(path, options, |file| {
            journal_lines::export(&session, &without, &mut |line| writeln!(file, "{line}"))
        })?;
        out.print_line(&format!(
            "wrote {} to {}",
            count_noun(exported.written as u64, "entry", "entries"),
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

/// Says what `--without` left out, and what that means to who gets the rest.
fn report_left_out(exported: Exported, args: &ExportArgs, out: &Out) {
    if !args.without.is_empty() {
        out.print_note(&format!(
            "left out {} of {}: the chain has a gap there, which `bridgelog verify` names after an import",
            count_noun(exported.left_out as u64, "entry", "entries"),
            args.without.join(", ")
        ));
    }
}
