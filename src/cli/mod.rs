//! The command line: parses `argv`, runs one command, prints its result and returns the exit code.
//!
//! Each command has a file with its arguments and its `run`, which opens the session, calls `ops` and
//! prints. `args.rs` lists the commands (begin there), `global.rs` has the arguments they share, `out.rs`
//! all printing, `view.rs` and `json.rs` the formats, `error.rs` the exit codes.
//!
//! Exit codes: 0 done; 1 failed; 2 wrong usage; 3 a check found something.

mod amend;
pub mod args;
mod block_reply;
mod completions;
mod confirm;
mod declare;
mod documents;
mod email_messages;
mod error;
mod export;
mod global;
mod history;
mod json;
mod ledger;
mod lifecycle;
mod lint;
mod list;
mod log;
mod log_output;
mod log_prompt;
mod log_stdin;
mod metrics;
mod move_events;
pub mod out;
mod repeated_notes;
mod search;
mod service;
mod set;
mod show;
mod stats;
mod status;
mod task;
mod templates;
mod terminal_session;
mod tui;
mod undo;
mod upgrade;
mod verify;
mod view;
mod write;

use crate::ops::OpsError;
use args::{Args, Command};
use clap::{Args as _, CommandFactory, FromArgMatches};
use error::Result;
use out::Out;
use std::{ffi::OsString, process::ExitCode};

/// Runs `argv`, which begins with the program name, and prints the error if there is one.
pub fn main(argv: impl Iterator<Item = OsString>) -> ExitCode {
    let out = Out::new();
    let result = parse(argv, &out).and_then(|args| match args {
        Some(args) => run(args, &out),
        None => Ok(()),
    });
    let result = result.and_then(|()| out.finish());
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            out.print_error(&error);
            error::exit_code(error.kind)
        }
    }
}

/// Parses the arguments. Returns None for `--help` and `--version`, which it prints.
fn parse(argv: impl Iterator<Item = OsString>, out: &Out) -> Result<Option<Args>> {
    let argv: Vec<OsString> = argv.collect();
    let matches = command_for(&argv).try_get_matches_from(&argv);
    // Only the whole command knows what to say of an error.
    let matches = matches.or_else(|_| Args::command().try_get_matches_from(&argv));
    let matches = match matches {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => {
            out.print(&error.render().ansi().to_string());
            return Ok(None);
        }
        Err(error) => return Err(global::usage_error(&error)),
    };
    Args::from_arg_matches(&matches)
        .map(Some)
        .map_err(|e| global::usage_error(&e))
}

/// Returns the clap command for `argv`: without commands if none is given, only with `log` if that is the
/// one given, else with all of them. Building all costs about a million instructions, and logging and the
/// first screen have to be fast.
fn command_for(argv: &[OsString]) -> clap::Command {
    let mut words = argv.iter().skip(1).filter_map(|word| word.to_str());
    let verb = loop {
        match words.next() {
            Some("--db" | "--by" | "--incident" | "--zone") => _ = words.next(),
            Some("--allow-network" | "--plain") => {}
            Some(flag) if flag.starts_with("--") && flag.contains('=') => {}
            other => break other,
        }
    };
    let asks_for_help = argv.iter().any(|word| word == "--help" || word == "-h");
    if !matches!(verb, None | Some("log")) || asks_for_help {
        return Args::command();
    }
    let bridgelog = global::GlobalArgs::augment_args(clap::Command::new("bridgelog"));
    let bridgelog = tui::AppArgs::augment_args(bridgelog);
    match verb {
        Some(_) => bridgelog.subcommand(log::LogArgs::augment_args(clap::Command::new("log"))),
        None => bridgelog,
    }
}

fn run(args: Args, out: &Out) -> Result {
    let Args {
        global,
        app,
        command,
    } = args;
    let Some(verb) = command else {
        return tui::run(&global, app, out);
    };
    if app.plain && !matches!(verb, Command::Demo(_)) {
        return Err(OpsError::usage("--plain is for the app")
            .with_hint("`bridgelog --plain` opens it; what the commands print is plain already"));
    }
    match verb {
        Command::Declare(args) => declare::run(&global, args, out),
        Command::Log(args) => log::run(&global, &args, out),
        Command::Adopt(args) => move_events::adopt(&global, &args, out),
        Command::Move(args) => move_events::move_events(&global, &args, out),
        Command::Merge(args) => move_events::merge(&global, &args, out),
        Command::Show(args) => show::run(&global, &args, out),
        Command::List(args) => list::run(&global, &args, out),
        Command::Metrics(args) => metrics::run(&global, &args, out),
        Command::Amend(args) => amend::amend(&global, &args, out),
        Command::Retract(args) => amend::retract(&global, &args, out),
        Command::Redact(args) => amend::redact(&global, &args, out),
        Command::History(args) => history::run(&global, &args, out),
        Command::Undo(args) => undo::undo(&global, &args, out),
        Command::Redo(args) => undo::redo(&global, &args, out),
        Command::RestoreEvent(args) => undo::restore(&global, &args, out),
        Command::Set(args) => set::run(&global, &args, out),
        Command::Write(args) => write::run(&global, &args, out),
        Command::Task(args) => task::run(&global, args, out),
        Command::Service(args) => service::run(&global, &args, out),
        Command::Handoff(args) => lifecycle::handoff(&global, &args, out),
        Command::Resolve(args) => lifecycle::resolve(&global, &args, out),
        Command::Reopen(args) => lifecycle::reopen(&global, &args, out),
        Command::Status(args) => status::run(&global, &args, out),
        Command::Search(args) => search::run(&global, &args, out),
        Command::Postmortem(args) => documents::postmortem(&global, &args, out),
        Command::Email(args) => documents::email(&global, &args, out),
        Command::Ledger(args) => ledger::run(&global, &args, out),
        Command::Lint(args) => lint::run(&global, &args, out),
        Command::Verify(args) => verify::verify(&global, &args, out),
        Command::Export(args) => export::export(&global, &args, out),
        Command::Import(args) => export::import(&global, &args, out),
        Command::Backup(args) => verify::backup(&global, &args, out),
        Command::Stats(args) => stats::run(&global, &args, out),
        Command::Templates(args) => templates::run(&global, &args, out),
        Command::Completions(args) => completions::completions(&args, Args::command(), out),
        Command::Man => completions::man(Args::command(), out),
        Command::Demo(args) => {
            let plain = app.plain || args.plain;
            tui::demo(&global, tui::AppArgs { plain })
        }
    }
}
