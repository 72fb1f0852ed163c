//! The command line: parses `argv`, runs one command, prints its result and returns the exit code.
//!
//! Each command has a file with its arguments and its `run`, which opens the session, calls `ops` and
//! prints. `args.rs` lists the commands (begin there), `global.rs` has the arguments they share, `out.rs`
//! all printing, `view.rs` and `json.rs` the formats, `error.rs` the exit codes.
//!
//! Exit codes: 0 done; 1 failed; 2 wrong usage; 3 a check found something.

mod amend;
pub mod args;
mod argv;
mod attach_flags;
mod block_reply;
mod brief;
mod columns;
mod complete;
mod completions;
mod config;
mod confirm;
mod declare;
mod doctor;
mod documents;
mod email_messages;
mod error;
mod export;
mod export_file;
mod global;
mod help;
mod history;
mod import;
mod import_output;
mod indent;
mod json;
mod ledger;
mod lifecycle;
mod lint;
mod list;
mod log;
mod log_help;
mod log_output;
mod log_prompt;
mod log_stdin;
mod man;
mod metrics;
mod move_events;
mod names;
pub mod out;
mod period;
mod person;
mod repeated_notes;
mod search;
mod service;
mod set;
mod settings_check;
mod show;
mod stats;
mod status;
mod sync;
mod task;
mod templates;
mod terminal_session;
mod tui;
mod undo;
mod unknown_command;
mod unknown_flag;
mod unreadable;
mod upgrade;
mod verify;
mod view;
mod watch;
mod write;

use crate::ops::OpsError;
use args::{Args, Command};
use clap::{
    ArgMatches, Args as _, CommandFactory, FromArgMatches,
    builder::PossibleValue,
    error::{ContextKind, ContextValue, ErrorKind},
    parser::ValueSource,
};
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
    let argv: Vec<OsString> = argv.map(argv::without_byte_order_mark).collect();
    let args = parse_words(&argv, out)?;
    match args
        .as_ref()
        .and_then(|args| argv::with_input_last(&argv, args))
    {
        Some(argv) => {
            let args = parse_words(&argv, out)?;
            if let Some(Command::Log(log)) = args.as_ref().and_then(|args| args.command.as_ref()) {
                log.check_input_alone()?;
            }
            Ok(args)
        }
        None => Ok(args),
    }
}

/// Parses the words of the command line as they stand.
fn parse_words(argv: &[OsString], out: &Out) -> Result<Option<Args>> {
    let matches = command_for(argv).try_get_matches_from(argv);
    // Only the whole command knows what to say of an error.
    let matches = matches.or_else(|error| match error.use_stderr() {
        true => Args::command().try_get_matches_from(argv),
        false => Err(error),
    });
    let matches = match matches {
        Ok(matches) => matches,
        Err(error) if !error.use_stderr() => {
            out.print(&error.render().ansi().to_string());
            return Ok(None);
        }
        Err(error) => {
            return Err(usage_error(&error, argv));
        }
    };
    let mut args = Args::from_arg_matches(&matches).map_err(|e| global::usage_error(&e, None))?;
    args.global.zone_is_typed = is_typed(&matches, "zone");
    Ok(Some(args))
}

/// True if the flag `id`, which every command has, stands on the command line.
fn is_typed(matches: &ArgMatches, id: &str) -> bool {
    matches.value_source(id) == Some(ValueSource::CommandLine)
        || matches
            .subcommand()
            .is_some_and(|(_, below)| is_typed(below, id))
}

/// Converts clap's error. Where it is an unknown word, ours says better which one is meant.
fn usage_error(error: &clap::Error, argv: &[OsString]) -> OpsError {
    let mut root = Args::command();
    root.build();
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let command = command_in_usage(&root, error);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let word = text(ContextKind::InvalidSubcommand).unwrap_or_default();
            unknown_command::error(&word, argv, &root)
        }
        ErrorKind::UnknownArgument => {
            let flag = text(ContextKind::InvalidArg).unwrap_or_default();
            unknown_flag::unknown_argument(&flag, command)
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            unknown_command::missing_error(argv, &root)
        }
        ErrorKind::MissingRequiredArgument => {
            let name = command.get_bin_name().unwrap_or("bridgelog");
            let error = global::usage_error(error, None);
            let error = command.get_positionals().fold(error, |error, arg| {
                let values = arg.get_possible_values();
                let values: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
                match values.is_empty() {
                    true => error,
                    false => error.with_hint(format!(
                        "{} is one of: {}",
                        arg.get_id().as_str().to_uppercase(),
                        values.join(", ")
                    )),
                }
            });
            error.with_hint(format!("`{name} --help` has examples"))
        }
        _ => {
            let words = argv.iter().skip(1).filter_map(|word| word.to_str());
            let mut called = words.filter_map(|word| root.find_subcommand(word));
            global::usage_error(error, called.next().map(clap::Command::get_name))
        }
    }
}

/// Returns the command whose usage is part of the error; the whole program if there is none.
fn command_in_usage<'a>(root: &'a clap::Command, error: &clap::Error) -> &'a clap::Command {
    let usage = error.render().to_string();
    let usage = usage
        .split_once("Usage: bridgelog")
        .map_or("", |(_, usage)| usage);
    let mut command = root;
    for word in usage.split_whitespace() {
        match command.find_subcommand(word) {
            Some(below) => command = below,
            None => break,
        }
    }
    command
}

/// Returns the clap command for `argv`: without commands if none is given, only with `log` if that is the
/// one given, else with all of them; with the help texts if one is asked for. Building all costs about a
/// million instructions, and logging and the first screen have to be fast.
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
    if asks_for_help || verb == Some("help") {
        return with_help();
    }
    if !matches!(verb, None | Some("log")) {
        return Args::command();
    }
    let bridgelog = global::GlobalArgs::augment_args(clap::Command::new("bridgelog"));
    let bridgelog = tui::AppArgs::augment_args(bridgelog);
    match verb {
        Some(_) => bridgelog.subcommand(log::LogArgs::augment_args(clap::Command::new("log"))),
        None => bridgelog,
    }
}

/// The definition of the command line with its help texts.
fn with_help() -> clap::Command {
    help::with_texts(Args::command())
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
        Command::Person(args) => person::run(&global, &args, out),
        Command::Handoff(args) => lifecycle::handoff(&global, &args, out),
        Command::Resolve(args) => lifecycle::resolve(&global, &args, out),
        Command::Reopen(args) => lifecycle::reopen(&global, &args, out),
        Command::Status(args) => status::run(&global, &args, out),
        Command::Brief(args) => brief::run(&global, &args, out),
        Command::Search(args) => search::run(&global, &args, out),
        Command::Postmortem(args) => documents::postmortem(&global, &args, out),
        Command::Email(args) => documents::email(&global, &args, out),
        Command::Ledger(args) => ledger::run(&global, &args, out),
        Command::Lint(args) => lint::run(&global, &args, out),
        Command::Verify(args) => verify::verify(&global, &args, out),
        Command::Export(args) => export::export(&global, &args, out),
        Command::Watch(args) => watch::run(&global, &args, out),
        Command::Import(args) => import::run(&global, &args, out),
        Command::Sync(args) => sync::run(&global, &args, out),
        Command::Hub(args) => sync::hub(&global, &args, out),
        Command::Backup(args) => verify::backup(&global, &args, out),
        Command::Stats(args) => stats::run(&global, &args, out),
        Command::Templates(args) => templates::run(&global, &args, out),
        Command::Config(args) => config::run(&global, &args, out),
        Command::Doctor(args) => doctor::run(&global, &args, out),
        Command::Completions(args) => completions::completions(&args, with_help(), out),
        Command::CompleteWords(args) => complete::run(&global, &args, with_help(), out),
        Command::Man(args) => man::run(&global, &args, with_help(), out),
        Command::Demo(args) => {
            let plain = app.plain || args.plain;
            tui::demo(&global, tui::AppArgs { plain })
        }
    }
}
