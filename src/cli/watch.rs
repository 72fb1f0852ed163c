//! `bridgelog watch`: logs each line as it comes, from a file that grows or from a pipe.

use super::{
    error::Result,
    global::GlobalArgs,
    import::format_values,
    import_output::stream_printer,
    log_output::ReplyMode,
    log_stdin::{self, StreamMode},
    out::Out,
};
use crate::{
    domain::capture::Flags,
    ops::{
        OpsError, Session,
        context::LineOptions,
        follow::Follower,
        import::{self, Files, ImportOptions},
    },
};
use clap::Args;
use std::{
    io::{self, BufRead, BufReader},
    path::PathBuf,
    thread,
    time::Duration,
};

/// How long to wait where another process has the database.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// Longest line taken.
const MAX_LINE_BYTES: u64 = 64 * 1024 * 1024;

#[derive(Debug, Args)]
#[command(
    after_help = "Without --format each line becomes an event as with `log -`, a line without a time at now. With --format each\n\
    line is one JSON body of that tool, as its webhook sends it; the same alert twice is logged once. It goes on until\n\
    it is stopped, through rotation and truncation of the file. Markers (#tag, @service, !state) stay text unless\n\
    --markers is given.\n\n\
    Examples:\n  bridgelog watch /var/log/alerts.log --incident 7\n  chat-bridge --room incident-7 | bridgelog watch -\n  \
    webhook-receiver | bridgelog watch - --format alertmanager"
)]
pub struct WatchArgs {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The tool whose JSON bodies the lines are
    #[arg(long, value_name = "FORMAT", value_parser = format_values())]
    format: Option<String>,
    /// Log what is in the file already, too
    #[arg(long)]
    from_start: bool,
    /// ACTION=KIND or ACTION=skip, with --format; may be given again
    #[arg(long, value_name = "MAP", requires = "format")]
    map: Vec<String>,
    /// Look for #tags, @services, ^links, !states and `tell:` in the lines
    #[arg(long)]
    markers: bool,
    /// Print JSON, one event a line
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &WatchArgs, out: &Out) -> Result {
    let input: Box<dyn BufRead> = match args.file.as_os_str() == "-" {
        true => Box::new(BufReader::with_capacity(1 << 16, io::stdin())),
        false => {
            if !args.file.exists() {
                out.print_note(&format!(
                    "{} is not there yet: waiting for it; Ctrl-C ends",
                    args.file.display()
                ));
            }
            let follower = Follower::new(args.file.clone(), args.from_start).map_err(|error| {
                OpsError::failed(format!("{} cannot be read", args.file.display()))
                    .with_hint("check the path and who may read it")
                    .with_source(error)
            })?;
            Box::new(BufReader::with_capacity(1 << 16, follower))
        }
    };
    let mut session = global.open_or_create()?;
    match &args.format {
        Some(format) => watch_bodies(&mut session, format, args, input, out),
        None => {
            let options = LineOptions {
                allow_customer_wording: args.markers,
                literal: !args.markers,
                ..LineOptions::for_typed_line(None)
            };
            let mode = StreamMode {
                skip_comments: false,
                once: false,
                follows: true,
                reply: ReplyMode {
                    json: args.json,
                    dry_run: false,
                },
            };
            log_stdin::run(&mut session, &Flags::default(), &options, mode, input, out)
        }
    }
}

/// Imports each line as one body of `format`.
fn watch_bodies(
    session: &mut Session,
    format: &str,
    args: &WatchArgs,
    mut input: Box<dyn BufRead>,
    out: &Out,
) -> Result {
    let (kinds, columns) = import::parse_map(&args.map, &session.settings)?;
    let options = ImportOptions {
        format: import::find_format(format),
        name: args.file.display().to_string(),
        kinds,
        columns,
        markers: args.markers,
        ..ImportOptions::default()
    };
    for number in 1_u64.. {
        let mut line = Vec::new();
        let read = io::Read::take(&mut input, MAX_LINE_BYTES).read_until(b'\n', &mut line);
        match read {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => {
                return Err(OpsError::failed("the input cannot be read").with_source(error));
            }
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let imported = loop {
            let files = Files::once(Box::new(io::Cursor::new(line.clone())));
            let mut rows = stream_printer(session, args.json, out)?;
            match import::import(session, files, &options, &mut |row| rows.print(row)) {
                Err(error) if error.retryable => thread::sleep(RETRY_AFTER),
                imported => break imported,
            }
        };
        // A body that cannot be read is said, and the next one is waited for.
        if let Err(mut error) = imported {
            error.message = format!("line {number}: {}", error.message);
            out.print_error(&error);
        }
        out.finish()?;
    }
    Ok(())
}
