//! The command line: arguments, one file per verb, printing, exit codes.
//!
//! Exit codes: 0 done; 1 it could not be done; 2 wrong usage; 3 a check found something.

mod amend;
pub mod args;
mod completions;
mod declare;
mod documents;
mod email_messages;
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

use crate::ops::{ErrorKind, OpsError};
use args::{Args, Command};
use clap::{Args as _, CommandFactory, FromArgMatches};
use out::Out;
use std::{ffi::OsString, process::ExitCode};

/// What a verb gives.
type Result<T = ()> = std::result::Result<T, OpsError>;

/// Runs `argv`, program name first, and says how it went.
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
            ExitCode::from(exit_code(error.kind))
        }
    }
}

fn exit_code(kind: ErrorKind) -> u8 {
    match kind {
        ErrorKind::Failed => 1,
        ErrorKind::Usage => 2,
        ErrorKind::CheckFailed => 3,
    }
}

/// Reads the arguments; none where what was asked for (`--help`) has been printed.
fn parse(argv: impl Iterator<Item = OsString>, out: &Out) -> Result<Option<Args>> {
    let argv: Vec<OsString> = argv.collect();
    let matches = match command_for(&argv).try_get_matches_from(argv) {
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

/// The command that can read `argv`: all verbs, or `log` alone where that is the one meant. Making
/// all of them costs a million instructions, and logging is what must be quick.
fn command_for(argv: &[OsString]) -> clap::Command {
    let mut words = argv.iter().skip(1).filter_map(|word| word.to_str());
    let verb = loop {
        match words.next() {
            Some("--db" | "--by" | "--incident" | "--zone") => _ = words.next(),
            Some(flag) if flag.starts_with("--") && flag.contains('=') => {}
            other => break other,
        }
    };
    let asks_for_help = argv.iter().any(|word| word == "--help" || word == "-h");
    if verb != Some("log") || asks_for_help {
        return Args::command();
    }
    let log = log::LogArgs::augment_args(clap::Command::new("log"));
    global::GlobalArgs::augment_args(clap::Command::new("bridgelog")).subcommand(log)
}

fn run(args: Args, out: &Out) -> Result {
    let Args { global, command } = args;
    let Some(verb) = command else {
        return tui::run(&global, out);
    };
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
        Command::Undo => undo::undo(&global, out),
        Command::Redo => undo::redo(&global, out),
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
        Command::Completions(args) => completions::completions(&args, out),
        Command::Man => completions::man(out),
        Command::Demo => tui::demo(&global),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kind_alone_decides_the_exit_code() {
        let full = |error: OpsError| error.with_source("no space").with_hint("make room");
        for (error, code) in [
            (OpsError::failed("it is full"), 1),
            (OpsError::usage("there is no such flag"), 2),
            (OpsError::check_failed("two findings"), 3),
        ] {
            assert_eq!(exit_code(error.kind), code);
            assert_eq!(exit_code(full(error).kind), code);
        }
    }
}
