//! `bridgelog export` and `bridgelog import`: the journal as JSON Lines.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{Out, count_noun},
};
use crate::{
    domain::sanitize,
    ops::{OpsError, atomic_write, journal_lines},
};
use clap::{Args, ValueEnum};
use std::{
    fs,
    io::{self, BufReader, BufWriter, IsTerminal as _, Write},
    path::PathBuf,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum JournalFormat {
    Jsonl,
}

/// What `export` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "One line an entry, as it was written: incidents, unfiled events, corrections, what was retracted.\n\
    `bridgelog import jsonl` on another machine gives the same journal, hash for hash. docs/JOURNAL.md\n\
    describes the lines.\n\n\
    Examples:\n  bridgelog export jsonl --output journal.jsonl\n  bridgelog export jsonl | gzip > journal.jsonl.gz"
)]
pub struct ExportArgs {
    /// jsonl: every entry of the journal, lossless
    #[arg(value_enum)]
    format: JournalFormat,
    /// Write to this file instead of standard output, which is `-`
    #[arg(long, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Overwrite the file, where there is one
    #[arg(long, requires = "output")]
    force: bool,
}

pub(super) fn export(global: &GlobalArgs, args: &ExportArgs, out: &Out) -> Result {
    let session = global.open_existing()?;
    let JournalFormat::Jsonl = args.format;
    if let Some(path) = args.output.as_ref().filter(|path| path.as_os_str() != "-") {
        let entries = atomic_write::write_with(path, session.write_options(args.force), |file| {
            journal_lines::export(&session, &mut |line| writeln!(file, "{line}"))
        })?;
        out.print_line(&format!(
            "wrote {} to {}",
            count_noun(entries as u64, "entry", "entries"),
            sanitize::line(&path.display().to_string())
        ));
        return Ok(());
    }
    // A terminal is shown nothing that could run in it; a pipe and a file get the very bytes.
    let shown = io::stdout().is_terminal();
    let mut to = BufWriter::new(io::stdout().lock());
    journal_lines::export(&session, &mut |line| {
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
        _ => Ok(()),
    }
}

/// What `import` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Takes in every line or none. Entries that are here already are passed over, so that a second\n\
    import changes nothing; entries of other machines keep their authors, times and hashes.\n\n\
    Examples:\n  bridgelog import jsonl journal.jsonl\n  gunzip -c journal.jsonl.gz | bridgelog import jsonl -"
)]
pub struct ImportArgs {
    /// jsonl: the lines that `bridgelog export jsonl` wrote
    #[arg(value_enum)]
    format: JournalFormat,
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(super) fn import(global: &GlobalArgs, args: &ImportArgs, out: &Out) -> Result {
    let JournalFormat::Jsonl = args.format;
    let mut session = global.open_or_create()?;
    let imported = if args.file.as_os_str() == "-" {
        journal_lines::import(&mut session, &mut io::stdin().lock())?
    } else {
        let file = fs::File::open(&args.file).map_err(|error| {
            OpsError::failed(format!("{} cannot be read", args.file.display())).with_source(error)
        })?;
        journal_lines::import(&mut session, &mut BufReader::new(file))?
    };
    out.print_line(&format!(
        "{} read, {} new",
        count_noun(imported.read as u64, "entry", "entries"),
        imported.new
    ));
    Ok(())
}
