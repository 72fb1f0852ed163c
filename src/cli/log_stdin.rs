//! One event per line: `bridgelog log -` from standard input, `bridgelog watch` from what goes on.

use super::{
    block_reply::{BlockReply, Committed, CountedLines},
    error::Result,
    log_output::ReplyMode,
    out::Out,
    repeated_notes::name_lines,
};
use crate::{
    domain::capture::Flags,
    ops::{
        IncidentRow, OpsError, Session,
        batch::{BatchLine, BatchParser},
        bounded_read::read_bytes,
        chat_lines::{chat_lines, is_copied_chat, say_without_text},
        context::{LineOptions, MAX_TEXT_BYTES},
        log,
        logged_before::LoggedBefore,
        resolve::{label, short_ref},
    },
};
use std::{
    io::{BufRead, Cursor},
    thread,
    time::Duration,
};
use uuid::Uuid;

/// Most bytes of a copied chat.
const MAX_CHAT_BYTES: u64 = 16 << 20;
/// Most lines that wait for the rest of the last one.
const MAX_LINES_HELD: usize = 10_000;
/// How long to wait where another process has the database.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// How lines from standard input are taken and reported.
#[derive(Clone, Copy)]
pub(super) struct StreamMode {
    /// Leave out lines that begin with `# `.
    pub skip_comments: bool,
    /// Leave out lines that are logged already with the same time and text.
    pub once: bool,
    /// The input goes on: each chunk is undone by itself, and a database that another process has is waited for.
    pub follows: bool,
    pub reply: ReplyMode,
}

/// Logs one event per line. Lines that are read in one chunk are committed together. A line that cannot
/// be parsed is reported with its number; the others are logged. All go to the incident that was open
/// at the start, or that is the first to be open alone; if it is merged into another, they follow.
///
/// # Errors
/// Names by line number what was read and not logged.
pub(super) fn run(
    session: &mut Session,
    flags: &Flags,
    options: &LineOptions,
    mode: StreamMode,
    input: impl BufRead,
    out: &Out,
) -> Result {
    let mut stream = LineStream {
        incident: session.resolve_for_write(None)?,
        parser: None,
        number: 0,
        logged_count: 0,
        bad: vec![],
        unlogged: vec![],
        partial: vec![],
        several_open: false,
        mode,
        counted: CountedLines::default(),
        reply: BlockReply::new(mode.reply),
        before: LoggedBefore::default(),
        group: None,
    };
    mode.reply.print_dry_run_note(out);
    let result = stream.log_all(session, input, options, flags, out);
    let counted = &stream.counted;
    stream
        .reply
        .print_counts(counted, mode.skip_comments, mode.once, out);
    if let Err(error) = result {
        return Err(stream.with_line_numbers(error));
    }
    if !stream.bad.is_empty() {
        return Err(OpsError::failed(format!(
            "{} of the lines could not be read; {} {}",
            stream.bad.len(),
            stream.logged_count,
            stream.reply.outcome()
        ))
        .with_hint(format!(
            "correct {} and log them alone",
            name_lines(&stream.bad)
        )));
    }
    if !mode.follows && stream.logged_count + stream.counted.repeated.len() == 0 {
        return Err(OpsError::usage("standard input has no line to log")
            .with_hint("write one event per line, such as `10:06 fault: checkout fails !down`"));
    }
    Ok(())
}

/// Returns `input`; if it is a copied chat, its messages as one line each.
///
/// # Errors
/// It is a chat that cannot be read without a day or a zone.
pub(super) fn chat_as_lines(
    mut input: impl BufRead + 'static,
    out: &Out,
) -> Result<Box<dyn BufRead>> {
    let start = input.fill_buf().map_err(unreadable_input)?;
    if !is_copied_chat(&String::from_utf8_lossy(start)) {
        return Ok(Box::new(input));
    }
    let bytes = read_bytes(input, "standard input", MAX_CHAT_BYTES)?;
    let text = String::from_utf8_lossy(&bytes);
    let lines = chat_lines(&text).map_err(|error| {
        OpsError::usage(format!("it looks like a copied chat, but {error}"))
            .with_hint("`bridgelog import chat - --date DAY --zone ZONE` reads it")
    })?;
    let Some(lines) = lines else {
        return Ok(Box::new(Cursor::new(bytes)));
    };
    let left_out = lines.iter().filter(|line| !line.included).count();
    let others = match left_out {
        0 => String::new(),
        n => format!("; {n} joins and the like are left out"),
    };
    let messages = lines.iter().filter(|line| line.is_message).count() - left_out;
    out.print_note(&format!(
        "read as a copied chat: {messages} messages{others}{}",
        say_without_text(&lines)
    ));
    let lines: Vec<String> = lines
        .into_iter()
        .filter_map(|line| line.included.then_some(line.text + "\n"))
        .collect();
    Ok(Box::new(Cursor::new(lines.concat().into_bytes())))
}

/// The lines read from standard input so far, and what became of them.
struct LineStream {
    /// Where the lines go; `None` while they are unfiled.
    incident: Option<IncidentRow>,
    parser: Option<BatchParser>,
    /// Number of the last complete line.
    number: usize,
    /// Number of lines logged.
    logged_count: usize,
    /// Numbers of the lines that could not be parsed.
    bad: Vec<usize>,
    /// Numbers of lines that were read and are not logged yet.
    unlogged: Vec<usize>,
    /// The start of a line whose end was not read yet.
    partial: Vec<u8>,
    /// True once a note said that several incidents are open.
    several_open: bool,
    mode: StreamMode,
    counted: CountedLines,
    reply: BlockReply,
    before: LoggedBefore,
    /// The first entry of the input: one undo takes back all of it.
    group: Option<Uuid>,
}

impl LineStream {
    fn log_all(
        &mut self,
        session: &mut Session,
        mut input: impl BufRead,
        options: &LineOptions,
        flags: &Flags,
        out: &Out,
    ) -> Result {
        // If nothing can be printed, the lines are logged all the same.
        let mut printed = Ok(());
        let mut lines = Vec::new();
        loop {
            let chunk = input.fill_buf().map_err(unreadable_input)?;
            let at_end = chunk.is_empty();
            let chunk_len = chunk.len();
            lines.extend(self.split_lines(chunk));
            input.consume(chunk_len);
            // The last line of a paste often has no end, and belongs to those above it.
            let is_whole = self.partial.is_empty() || lines.len() >= MAX_LINES_HELD;
            if !lines.is_empty() && (self.mode.follows || is_whole) {
                let lines = std::mem::take(&mut lines);
                let committed = self.commit_or_wait(session, &lines, options, flags)?;
                printed = printed.and(self.reply.print(session, committed, out));
            }
            if at_end {
                return printed;
            }
        }
    }

    /// Returns the lines that end in `chunk`, each with its number; for an empty chunk, what is left.
    fn split_lines(&mut self, chunk: &[u8]) -> Vec<(usize, Vec<u8>)> {
        let mut lines = Vec::new();
        for piece in chunk.split_inclusive(|b| *b == b'\n') {
            // Bounds the memory for a line that is far too long; the parser refuses it.
            if self.partial.len() <= MAX_TEXT_BYTES {
                self.partial.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                self.number += 1;
                lines.push((self.number, std::mem::take(&mut self.partial)));
            }
        }
        if chunk.is_empty() && !self.partial.is_empty() {
            self.number += 1;
            lines.push((self.number, std::mem::take(&mut self.partial)));
        }
        lines
    }

    /// Like [`commit`](Self::commit); where the input goes on, waits for a database that another process has.
    fn commit_or_wait(
        &mut self,
        session: &mut Session,
        lines: &[(usize, Vec<u8>)],
        options: &LineOptions,
        flags: &Flags,
    ) -> Result<Committed> {
        if !self.mode.follows {
            return self.commit(session, lines, options, flags);
        }
        self.group = None;
        let before = (self.parser.clone(), self.counted.clone());
        loop {
            match self.commit(session, lines, options, flags) {
                Err(error) if error.retryable => {
                    (self.parser, self.counted) = before.clone();
                    thread::sleep(RETRY_AFTER);
                }
                committed => return committed,
            }
        }
    }

    /// Parses and logs `lines` in one transaction.
    fn commit(
        &mut self,
        session: &mut Session,
        lines: &[(usize, Vec<u8>)],
        options: &LineOptions,
        flags: &Flags,
    ) -> Result<Committed> {
        let blank = |line: &[u8]| line.trim_ascii().is_empty();
        let numbers = lines.iter().filter(|(_, line)| !blank(line));
        self.unlogged = numbers.map(|(number, _)| *number).collect();
        let dry_run = self.mode.reply.dry_run;
        let work = |session: &mut Session| {
            let mut done = Committed::default();
            self.find_incident(session, &mut done.notices)?;
            done.unfiled_is_explained = self.several_open;
            let context = session.line_context(self.incident.as_ref(), options)?;
            let parser = match &mut self.parser {
                Some(parser) => {
                    parser.replace_context(context);
                    parser
                }
                None => self.parser.insert(BatchParser::new(context)),
            };
            parser.begin_block(
                lines
                    .iter()
                    .filter_map(|(number, bytes)| Some((*number, decode_line(bytes).ok()?))),
            );
            let mut taken = Vec::new();
            for (number, bytes) in lines {
                let line = decode_line(bytes);
                let is_comment = line
                    .as_ref()
                    .is_ok_and(|line| parser.is_comment(*number, line));
                if is_comment && self.mode.skip_comments {
                    self.counted.comments.push(*number);
                    continue;
                }
                let wording = options.allow_customer_wording;
                let parsed = line.and_then(|line| match line.trim() {
                    "" => Ok(None),
                    _ => parser
                        .parse_line(session, *number, line, flags, wording)
                        .map(Some),
                });
                match parsed {
                    Ok(Some(BatchLine::Event(event))) => {
                        let incident = self.incident.as_ref().map(|row| row.id);
                        if self.before.contains(session, &event, incident)? {
                            self.counted.repeated.push(*number);
                            if self.mode.once {
                                continue;
                            }
                        }
                        if is_comment {
                            self.counted.comments.push(*number);
                        }
                        taken.push((*number, *event));
                    }
                    Ok(Some(BatchLine::Day(day))) => done.days.push((*number, day)),
                    Ok(Some(BatchLine::Frame)) => self.counted.frame.push(*number),
                    Ok(Some(BatchLine::Joined) | None) => {}
                    Err(error) if is_comment => {
                        let hint = "--skip-comments leaves out lines that begin with `# `";
                        done.bad.push((*number, error.with_hint(hint)));
                    }
                    Err(error) => done.bad.push((*number, error)),
                }
            }
            let (numbers, prepared) = parser.in_order_of_writing(taken);
            let logged =
                log::commit_part(session, prepared, self.incident.as_ref(), &mut self.group)?;
            done.logged = numbers.into_iter().zip(logged).collect();
            Ok(done)
        };
        let committed = if dry_run {
            session.rehearse(work)?
        } else {
            session.transact(work)?
        };
        self.unlogged.clear();
        self.logged_count += committed.logged.len();
        self.bad
            .extend(committed.bad.iter().map(|(number, _)| number));
        Ok(committed)
    }

    /// Updates the incident that the lines go to.
    fn find_incident(&mut self, session: &Session, notices: &mut Vec<String>) -> Result {
        let Some(before) = &self.incident else {
            let mut open = session.read().open_incidents()?;
            if open.len() > 1 && !std::mem::replace(&mut self.several_open, true) {
                notices.push(format!(
                    "{} incidents are open now: these lines stay unassigned; `bridgelog adopt HANDLE --incident {}` attaches them",
                    open.len(),
                    short_ref(&open[0])
                ));
            }
            if open.len() == 1 {
                self.incident = open.pop();
            }
            return Ok(());
        };
        let now = session.follow_merge(before)?;
        if now.id != before.id {
            notices.push(log::merged_notice(before, &now));
        } else if before.resolved.is_none() && now.resolved.is_some() {
            notices.push(format!(
                "incident {} was resolved meanwhile: the lines still go there",
                label(&now)
            ));
        }
        self.incident = Some(now);
        Ok(())
    }

    /// Adds to `error` which lines were read and not logged.
    fn with_line_numbers(mut self, error: OpsError) -> OpsError {
        if !self.partial.is_empty() {
            self.number += 1;
            self.unlogged.push(self.number);
        }
        let mut error = error.with_hint(format!("{} lines were logged", self.logged_count));
        if !self.bad.is_empty() {
            error = error.with_hint(format!(
                "not logged, as not understood: {}",
                name_lines(&self.bad)
            ));
        }
        if !self.unlogged.is_empty() {
            error = error.with_hint(format!(
                "{} and what comes after: not logged; log them again",
                name_lines(&self.unlogged)
            ));
        }
        error
    }
}

fn decode_line(bytes: &[u8]) -> Result<&str> {
    let line = std::str::from_utf8(bytes).map_err(|e| {
        OpsError::usage(format!("it is not UTF-8 at byte {}", e.valid_up_to()))
            .with_hint("convert it first: iconv -t UTF-8")
    })?;
    Ok(line
        .trim_start_matches('\u{feff}')
        .trim_end_matches(['\n', '\r']))
}

fn unreadable_input(error: std::io::Error) -> OpsError {
    OpsError::failed("standard input cannot be read")
        .with_hint(
            "what was read before is logged; `log - --once` with the same input leaves that out",
        )
        .with_source(error)
}
