//! `bridgelog log`: one line is written down.

use super::{
    Result,
    global::Global,
    out::{Out, on_terminal},
    prompt, view,
};
use crate::{
    domain::{capture::Flags, when, zone::Zone},
    ops::{
        Book, OpsError,
        context::{Given, LONGEST},
        log::{self, Logged, Prepared},
    },
};
use clap::Args;
use std::io::{self, BufRead};

/// Markers as flags, for shells that eat `!` and `#`.
#[derive(Clone, Debug, Default, Args)]
pub struct MarkerFlags {
    /// When it happened: 10:06, ~10:06, -12m, 'yesterday 23:50', 10:06-10:20
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    at: Option<String>,
    /// What sort of thing it is: fault, detect, decision, restore, ...
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// The state it puts its services in: ok, at-risk, degraded, down
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// A tag; may be given again
    #[arg(long = "tag", value_name = "TAG")]
    tags: Vec<String>,
    /// A service; may be given again
    #[arg(long = "service", value_name = "NAME")]
    services: Vec<String>,
    /// Customer wording: the only text of the event that can leave the company
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    customer: Option<String>,
    /// Look for no markers in the text
    #[arg(long)]
    pub literal: bool,
}

impl MarkerFlags {
    /// The flags as the capture line takes them.
    #[must_use]
    pub fn flags(&self) -> Flags {
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

/// What `log` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "A line: [WHEN] [KIND:] TEXT with #tags @services ^links !state [tell: Customer wording.]\n\n\
    Examples:\n  \
    bridgelog log '~10:06 fault: second fault, @online-db halted #storage !down'\n  \
    bridgelog log -12m decision: move a system image to other hardware\n  \
    bridgelog log 'ask: check replica lag @ann 5m'\n  \
    bridgelog log --kind fault --state down --service online-db 'the system halted'\n  \
    bridgelog log                      a prompt, where nothing needs quotes\n  \
    bridgelog log - < notes.txt        one event a line\n\n\
    Flags go before the text."
)]
pub struct LogArgs {
    #[command(flatten)]
    markers: MarkerFlags,
    /// Honour `tell:` in lines from standard input
    #[arg(long = "markers")]
    wording: bool,
    /// Print the event as JSON
    #[arg(long)]
    json: bool,
    /// The line; `-` reads one a line from standard input
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "LINE"
    )]
    line: Vec<String>,
}

pub(super) fn run(global: &Global, args: &LogArgs, out: &Out) -> Result {
    refuse_flags_after_text(&args.line)?;
    let flags = args.markers.flags();
    if args.line == ["-"] {
        let mut book = global.open()?;
        return stream(&mut book, args, &flags, out);
    }
    let given = Given {
        literal: args.markers.literal,
        ..Given::typed(None)
    };
    if args.line.is_empty() {
        if !on_terminal() {
            return Err(OpsError::usage("there is no line to log")
                .hint("`bridgelog log 'what happened'`, or `bridgelog log -` for standard input"));
        }
        let mut book = global.open()?;
        return prompt::run(&mut book, &flags, &given, out);
    }
    let mut book = global.open()?;
    let logged = log::log(&mut book, &args.line.join(" "), &flags, &given)?;
    echo(&book, &logged, args.json, out)?;
    book.leave();
    Ok(())
}

/// A trailing word that is one of our flags was meant as one; it is not logged as text.
pub(super) fn refuse_flags_after_text(line: &[String]) -> Result {
    const FLAGS: [&str; 16] = [
        "--at",
        "--kind",
        "--state",
        "--tag",
        "--service",
        "--customer",
        "--literal",
        "--json",
        "--db",
        "--by",
        "--incident",
        "--zone",
        "--markers",
        "--help",
        "--allow-network",
        "--reason",
    ];
    if let Some(first) = line.first().filter(|w| w.starts_with("--") && w.len() > 2) {
        return Err(OpsError::usage(format!("there is no flag `{first}`"))
            .hint("`bridgelog log --help` lists them; a text that begins so goes in after a space, in single quotes"));
    }
    let flag = line.iter().skip(1).find(|word| {
        let name = word.split_once('=').map_or(word.as_str(), |(name, _)| name);
        FLAGS.contains(&name)
    });
    match flag {
        None => Ok(()),
        Some(flag) => Err(OpsError::usage(format!(
            "`{flag}` stands after the text, where it would be logged as text"
        ))
        .hint("flags go before the text; to log it as text, put the line in single quotes")),
    }
}

/// Says what was logged, and what was understood of it.
pub(super) fn echo(book: &Book, logged: &Logged, json: bool, out: &Out) -> Result {
    if json {
        out.json(&view::EventJson::new(
            &logged.event,
            &view::Handles::of(book),
        ))?;
    } else {
        let zone = match &logged.incident {
            Some(row) => Zone::find(&row.zone)?,
            None => book.new_zone(None)?,
        };
        let place = match &logged.incident {
            Some(row) => format!("logged in {}", view::reference(row)),
            None => "logged unfiled".to_owned(),
        };
        view::echo(out, &place, &logged.event, &zone);
    }
    if logged.incident.is_none() && !json {
        out.notice("no incident is open: the event is unfiled; `bridgelog declare 'TITLE' --adopt all` takes it in");
    }
    for notice in &logged.notices {
        out.notice(notice);
    }
    Ok(())
}

/// Reads one event a line. Lines that are already waiting are committed together; a bad one is named
/// by its number and the others are kept.
fn stream(book: &mut Book, args: &LogArgs, flags: &Flags, out: &Out) -> Result {
    let mut input = io::BufReader::with_capacity(1 << 16, io::stdin().lock());
    let mut given = Given {
        wording: args.wording,
        literal: args.markers.literal,
        ..Given::typed(None)
    };
    let (mut number, mut bad, mut kept) = (0_usize, 0_usize, 0_usize);
    let mut partial: Vec<u8> = Vec::new();
    loop {
        let chunk = input
            .fill_buf()
            .map_err(|e| OpsError::failed(format!("standard input cannot be read: {e}")))?;
        let ended = chunk.is_empty();
        let taken = chunk.len();
        // Whole lines only, but for the last of all.
        let mut lines: Vec<Vec<u8>> = Vec::new();
        for piece in chunk.split_inclusive(|b| *b == b'\n') {
            // What is far too long is not gathered; its beginning is enough to refuse it.
            if partial.len() <= LONGEST {
                partial.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                lines.push(std::mem::take(&mut partial));
            }
        }
        if ended && !partial.is_empty() {
            lines.push(std::mem::take(&mut partial));
        }
        input.consume(taken);
        let incident = book.writing(None)?;
        let mut known = book.context(incident.as_ref(), &given)?;
        let mut prepared: Vec<Prepared> = Vec::new();
        for bytes in lines {
            number += 1;
            let read = std::str::from_utf8(&bytes)
                .map_err(|e| {
                    OpsError::usage(format!("it is not UTF-8 at byte {}", e.valid_up_to()))
                        .hint("convert it first: iconv -t UTF-8")
                })
                .map(|line| line.trim_end_matches(['\n', '\r']));
            let line = match read {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => line,
                Err(error) => {
                    bad += 1;
                    refuse(out, number, &error);
                    continue;
                }
            };
            if let Some(day) = when::date_line(line, &known.when()) {
                given.day = Some(day);
                known.set_day(day);
                continue;
            }
            match log::prepare(book, &mut known, line, flags) {
                Ok(event) => prepared.push(event),
                Err(error) => {
                    bad += 1;
                    refuse(out, number, &error);
                }
            }
        }
        kept += prepared.len();
        for logged in log::commit(book, prepared, incident.as_ref())? {
            echo(book, &logged, args.json, out)?;
        }
        out.finish()?;
        if ended {
            break;
        }
    }
    if bad > 0 {
        return Err(OpsError::failed(format!(
            "{bad} of the lines could not be read; {kept} were logged"
        ))
        .hint("correct those lines and log them alone"));
    }
    if kept == 0 {
        return Err(OpsError::usage("standard input held no line to log"));
    }
    Ok(())
}

fn refuse(out: &Out, number: usize, error: &OpsError) {
    out.error(&OpsError {
        message: format!("line {number}: {}", error.message),
        hint: error.hint.clone(),
        ..*error
    });
}
