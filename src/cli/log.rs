//! `bridgelog log`: logs a line from the arguments, the prompt or standard input.

use super::{
    attach_flags::{AttachFlags, DetachFlags},
    declare::DeclareArgs,
    error::Result,
    global::GlobalArgs,
    log_output::{ReplyMode, print_reply},
    log_prompt, log_stdin,
    out::{Out, is_interactive},
    unknown_flag,
};
use crate::{
    domain::capture::Flags,
    ops::{ErrorKind, OpsError, Session, attach, context::LineOptions},
};
use clap::Args;
use std::io;
use tempfile::TempDir;

/// The markers of a capture line as flags, because shells interpret `!` and `#`.
#[derive(Clone, Debug, Default, Args)]
pub struct MarkerFlags {
    /// When it happened: 10:06, ~10:06, -12m, 'yesterday 23:50', 10:06-10:20
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
    /// The kind: fault, detect, decision, restore, ...
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// The state of the services from then on: ok, at-risk, degraded, down; `-` removes it
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// A tag; may be given again
    #[arg(long = "tag", value_name = "TAG", value_delimiter = ',')]
    tags: Vec<String>,
    /// A service; may be given again
    #[arg(long = "service", value_name = "NAME", value_delimiter = ',')]
    services: Vec<String>,
    /// Customer wording: the only text of the event that customers can read
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    customer: Option<String>,
    /// Read no markers in the text; a time at its beginning is still that of the event
    #[arg(long)]
    pub literal: bool,
}

impl MarkerFlags {
    /// Refuses a flag of a new event that is given and empty, as by a variable of a shell that is not set.
    fn check_given(&self) -> Result {
        let lists = [("--tag", &self.tags), ("--service", &self.services)];
        let texts = [("--state", &self.state), ("--customer", &self.customer)];
        let is_empty = |value: &String| value.trim().is_empty();
        let lists = lists
            .into_iter()
            .filter(|(_, values)| !values.is_empty() && values.iter().all(is_empty));
        let texts = texts
            .into_iter()
            .filter(|(_, value)| value.as_ref().is_some_and(is_empty));
        let mut empty = lists
            .map(|(flag, _)| flag)
            .chain(texts.map(|(flag, _)| flag));
        match empty.next() {
            None => Ok(()),
            Some(flag) => Err(OpsError::usage(format!("{flag} is empty"))
                .with_hint("give it a value, or leave it out")),
        }
    }

    pub fn to_flags(&self) -> Flags {
        Flags {
            at: self.at.clone(),
            kind: self.kind.clone(),
            state: self.state.clone(),
            tags: self.tags.clone(),
            services: self.services.clone(),
            customer: self.customer.clone(),
            ..Flags::default()
        }
    }
}

#[derive(Debug, Args)]
pub struct LogArgs {
    #[command(flatten)]
    markers: MarkerFlags,
    #[command(flatten)]
    attach: AttachFlags,
    /// Read `tell:` in lines from standard input as customer wording
    #[arg(long = "markers")]
    allow_customer_wording: bool,
    /// Skip lines from standard input that begin with `# `
    #[arg(long)]
    skip_comments: bool,
    /// Skip lines from standard input that are logged already, with the same time and text
    #[arg(long)]
    once: bool,
    /// Print what would be logged, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the event as JSON
    #[arg(long)]
    json: bool,
    /// The line; `-` reads lines from standard input, one event each
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "LINE"
    )]
    line: Vec<String>,
}

impl LogArgs {
    /// Returns how many words begin with the `-` of standard input, if a flag follows it.
    pub(super) fn words_of_input_before_flags(&self) -> Option<usize> {
        let is_before_flag = matches!(self.line.as_slice(), [input, flag, ..] if input == "-" && flag.starts_with("--") && flag != "--");
        is_before_flag.then_some(self.line.len())
    }

    /// Refuses a text beside the `-` of standard input, which is the last word.
    pub(super) fn check_input_alone(&self) -> Result {
        match self.line.as_slice() {
            [text, .., _] if !is_flag(text) => Err(OpsError::usage(format!(
                "`-` reads standard input, and `{text}` is a text beside it"
            ))
            .with_hint(
                "leave one of them out; `bridgelog log -- '- the text'` logs a text that begins with `-`",
            )),
            _ => Ok(()),
        }
    }
}

pub(super) fn run(global: &GlobalArgs, args: &LogArgs, out: &Out) -> Result {
    reject_flags_after_text(&args.line)?;
    args.markers.check_given()?;
    let flags = args.markers.to_flags();
    let reply = ReplyMode {
        json: args.json,
        dry_run: args.dry_run,
    };
    let evidence = args.attach.to_evidence();
    if !evidence.is_empty() && (args.line.is_empty() || args.line == ["-"]) {
        return Err(OpsError::usage("--attach and --link are for one event, and need its line").with_hint(
            "`bridgelog log --attach graph.png 'errors since the deploy'`; `bridgelog amend HANDLE --attach FILE` for one that is logged",
        ));
    }
    if args.line == ["-"] {
        let (_folder, mut session) = open(global, args)?;
        let options = LineOptions {
            allow_customer_wording: args.allow_customer_wording,
            literal: args.markers.literal,
            ..LineOptions::for_typed_line(None)
        };
        let mode = log_stdin::StreamMode {
            skip_comments: args.skip_comments,
            once: args.once,
            follows: false,
            reply,
        };
        let stdin = io::BufReader::with_capacity(1 << 16, io::stdin().lock());
        let input = log_stdin::chat_as_lines(stdin, out)?;
        return log_stdin::run(&mut session, &flags, &options, mode, input, out);
    }
    let options = LineOptions {
        literal: args.markers.literal,
        ..LineOptions::for_typed_line(None)
    };
    for (given, flag) in [
        (args.once, "--once"),
        (args.skip_comments, "--skip-comments"),
    ] {
        if given {
            return Err(
                OpsError::usage(format!("{flag} is for the lines of standard input")).with_hint(
                    format!(
                        "`bridgelog log {flag} -` reads them; leave {flag} out to log one line"
                    ),
                ),
            );
        }
    }
    if args.line.is_empty() {
        if args.dry_run || !is_interactive() {
            return Err(
                OpsError::usage("nothing to log: give the text of the event").with_hint(
                    "`bridgelog log 'what happened'`, or `bridgelog log -` for standard input",
                ),
            );
        }
        let mut session = global.open_or_create()?;
        return log_prompt::run(&mut session, &flags, &options, out);
    }
    let (_folder, mut session) = open(global, args)?;
    let line = args.line.join(" ");
    let logged = if args.dry_run {
        session.rehearse(|session| attach::log_line(session, &line, &flags, &options, &evidence))
    } else {
        attach::log_line(&mut session, &line, &flags, &options, &evidence)
    };
    let logged = logged.map_err(|error| {
        // The hint repeats the line, so that it can be entered again.
        match error.kind {
            ErrorKind::Failed => {
                error.with_hint(format!("nothing was logged; the line was: {line}"))
            }
            _ => error,
        }
    })?;
    print_reply(&session, &logged, reply, out)
}

/// Opens the database; a dry run does not create it, and has a temporary one in its folder if there is none.
fn open(global: &GlobalArgs, args: &LogArgs) -> Result<(Option<TempDir>, Session)> {
    if args.dry_run {
        global.open_dry_run()
    } else {
        Ok((None, global.open_or_create()?))
    }
}

/// Refuses a flag after the text: clap takes it as a word of the text, and it would be logged.
pub(super) fn reject_flags_after_text(line: &[String]) -> Result {
    if stands_after_double_dash(line) {
        return Ok(());
    }
    if line.iter().any(|word| word == "--") {
        return Err(OpsError::usage(
            "`--` comes after the beginning of the line, and would be logged as text",
        )
        .with_hint("put it before the whole line, or inside its quotes: `... -- -5m the text`"));
    }
    if !line.iter().any(|word| is_flag(word)) {
        return Ok(());
    }
    let flags = [
        unknown_flag::long_flags::<GlobalArgs>(),
        unknown_flag::long_flags::<LogArgs>(),
        unknown_flag::long_flags::<DetachFlags>(),
        unknown_flag::long_flags::<DeclareArgs>(),
    ]
    .concat();
    let others = ["--reason", "--plain", "--help", "--version"];
    let flags: Vec<&str> = flags.iter().map(String::as_str).chain(others).collect();
    if let Some(first) = line.first().filter(|word| is_flag(word)) {
        let name = flag_name(first);
        return Err(OpsError::usage(format!("there is no flag `{name}`"))
            .with_suggestion(unknown_flag::intended_flag(name, &flags))
            .with_hint(
                "--help lists the flags; to write a text that begins with `-`, put `--` before it",
            ));
    }
    // A text in quotes is whole: what follows it is meant as a flag.
    let is_quoted = line.first().is_some_and(|first| first.contains(' '));
    if let Some(flag) = line.get(1).filter(|word| is_quoted && is_flag(word)) {
        let name = flag_name(flag);
        if !flags.contains(&name) {
            return Err(OpsError::usage(format!(
                "there is no flag `{name}`, and it would be logged as text"
            ))
            .with_suggestion(unknown_flag::intended_flag(name, &flags))
            .with_hint("--help lists the flags; to log it as text, put it inside the quotes"));
        }
    }
    let mut rest = line.iter().skip(1);
    let flag = rest.find(|word| flags.contains(&flag_name(word)));
    match flag {
        None => Ok(()),
        Some(flag) => Err(OpsError::usage(format!(
            "`{flag}` comes after the text, so it would be logged as text"
        ))
        .with_hint("flags go before the text; to log it as text, put `--` before the line, or single quotes around it")),
    }
}

/// The flag without its value: `--kind` of `--kind=fault`.
fn flag_name(word: &str) -> &str {
    word.split('=').next().unwrap_or_default()
}

/// True for `--word` and for a dash with one letter; `-12m` is a time, and `- text` a text.
fn is_flag(word: &str) -> bool {
    match word.strip_prefix('-').map(str::as_bytes) {
        Some([letter]) => letter.is_ascii_alphabetic(),
        Some([b'-', _, ..]) => true,
        _ => false,
    }
}

/// True if `text` was given after `--`, which the argument parser leaves out.
fn stands_after_double_dash(text: &[String]) -> bool {
    let given: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    given
        .strip_suffix(text)
        .is_some_and(|before| before.last().is_some_and(|word| word == "--"))
}
