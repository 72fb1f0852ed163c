//! The command line: arguments, one file per verb, printing, exit codes.
//!
//! Exit codes: 0 done; 1 it could not be done; 2 wrong usage; 3 a check found something.

mod app;
pub mod args;
mod correct;
mod declare;
mod documents;
mod echo;
mod figures;
mod global;
mod history;
mod incidents;
mod json;
mod ledger;
mod lifecycle;
mod lint;
mod log;
mod messages;
mod move_events;
pub mod out;
mod prompt;
mod search;
mod service;
mod set;
mod shell;
mod show;
mod stats;
mod status;
mod storage;
mod stream;
mod tasks;
mod templates;
mod undo;
mod view;
mod write;

use crate::ops::{ErrorKind, OpsError};
use args::{Args, Verb};
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
            out.error(&error);
            ExitCode::from(match error.kind {
                ErrorKind::Failed => 1,
                ErrorKind::Usage => 2,
                ErrorKind::CheckFailed => 3,
            })
        }
    }
}

/// Reads the arguments; none where what was asked for (`--help`) has been printed.
fn parse(argv: impl Iterator<Item = OsString>, out: &Out) -> Result<Option<Args>> {
    let argv: Vec<OsString> = argv.collect();
    let matches = match command_for(&argv).try_get_matches_from(argv) {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => {
            out.ansi(&error.render().ansi().to_string());
            return Ok(None);
        }
        Err(error) => return Err(global::usage(&error)),
    };
    Args::from_arg_matches(&matches)
        .map(Some)
        .map_err(|e| global::usage(&e))
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
    global::Global::augment_args(clap::Command::new("bridgelog")).subcommand(log)
}

fn run(args: Args, out: &Out) -> Result {
    let Args { global, verb } = args;
    let Some(verb) = verb else {
        return app::run(&global, out);
    };
    match verb {
        Verb::Declare(args) => declare::run(&global, args, out),
        Verb::Log(args) => log::run(&global, &args, out),
        Verb::Adopt(args) => move_events::adopt(&global, &args, out),
        Verb::Move(args) => move_events::shift(&global, &args, out),
        Verb::Merge(args) => move_events::merge(&global, &args, out),
        Verb::Show(args) => show::run(&global, &args, out),
        Verb::List(args) => incidents::run(&global, &args, out),
        Verb::Metrics(args) => figures::run(&global, &args, out),
        Verb::Amend(args) => correct::amend(&global, &args, out),
        Verb::Retract(args) => correct::retract(&global, &args, out),
        Verb::Redact(args) => correct::redact(&global, &args, out),
        Verb::History(args) => history::run(&global, &args, out),
        Verb::Undo => undo::undo(&global, out),
        Verb::Redo => undo::redo(&global, out),
        Verb::Set(args) => set::run(&global, &args, out),
        Verb::Write(args) => write::run(&global, &args, out),
        Verb::Task(args) => tasks::run(&global, args, out),
        Verb::Service(args) => service::run(&global, &args, out),
        Verb::Handoff(args) => lifecycle::handoff(&global, &args, out),
        Verb::Resolve(args) => lifecycle::resolve(&global, &args, out),
        Verb::Reopen(args) => lifecycle::reopen(&global, &args, out),
        Verb::Status(args) => status::run(&global, &args, out),
        Verb::Search(args) => search::run(&global, &args, out),
        Verb::Postmortem(args) => documents::postmortem(&global, &args, out),
        Verb::Email(args) => documents::email(&global, &args, out),
        Verb::Ledger(args) => ledger::run(&global, &args, out),
        Verb::Lint(args) => lint::run(&global, &args, out),
        Verb::Verify(args) => storage::verify(&global, &args, out),
        Verb::Backup(args) => storage::backup(&global, &args, out),
        Verb::Stats(args) => stats::run(&global, &args, out),
        Verb::Templates(args) => templates::run(&args, out),
        Verb::Completions(args) => shell::completions(&args, out),
        Verb::Man => shell::man(out),
        Verb::Demo => app::demo(&global),
    }
}
