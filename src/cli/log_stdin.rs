//! `bridgelog log -`: one event per line from standard input.

use super::{
    error::Result,
    json,
    log_output::{print_logged_line, print_notices, print_unfiled_note},
    out::Out,
};
use crate::{
    domain::capture::Flags,
    ops::{
        IncidentRow, OpsError, Session,
        batch::{BatchLine, BatchParser},
        context::{LineOptions, MAX_TEXT_BYTES},
        log::{self, LoggedEvent},
        resolve::{label, short_ref},
    },
};
use std::io::{self, BufRead};
use uuid::Uuid;

/// How lines from standard input are taken and reported.
#[derive(Clone, Copy)]
pub(super) struct StreamMode {
    /// Leave out lines that begin with `# `.
    pub skip_comments: bool,
    pub json: bool,
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
        skip_comments: mode.skip_comments,
        comment_count: 0,
        group: None,
    };
    let input = io::BufReader::with_capacity(1 << 16, io::stdin().lock());
    let result = stream.log_all(session, input, options, mode.json, flags, out);
    stream.print_comment_note(out);
    if let Err(error) = result {
        return Err(stream.with_line_numbers(error));
    }
    if !stream.bad.is_empty() {
        return Err(OpsError::failed(format!(
            "{} of the lines could not be read; {} were logged",
            stream.bad.len(),
            stream.logged_count
        ))
        .with_hint(format!(
            "correct {} and log them alone",
            name_lines(&stream.bad)
        )));
    }
    if stream.logged_count == 0 {
        return Err(OpsError::usage("standard input held no line to log"));
    }
    Ok(())
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
    skip_comments: bool,
    /// Number of lines that begin with `# ` and are no date.
    comment_count: usize,
    /// The first entry of the input: one undo takes back all of it.
    group: Option<Uuid>,
}

/// The result of one chunk of lines.
#[derive(Default)]
struct Committed {
    logged: Vec<LoggedEvent>,
    bad: Vec<(usize, OpsError)>,
    /// Remarks on the incident they went to, one sentence each.
    notices: Vec<String>,
}

impl LineStream {
    fn log_all(
        &mut self,
        session: &mut Session,
        mut input: impl BufRead,
        options: &LineOptions,
        json: bool,
        flags: &Flags,
        out: &Out,
    ) -> Result {
        // If nothing can be printed, the lines are logged all the same.
        let mut printed = Ok(());
        loop {
            let chunk = input
                .fill_buf()
                .map_err(|e| OpsError::failed("standard input cannot be read").with_source(e))?;
            let at_end = chunk.is_empty();
            let chunk_len = chunk.len();
            let lines = self.split_lines(chunk);
            input.consume(chunk_len);
            if !lines.is_empty() {
                let committed = self.commit(session, &lines, options, flags)?;
                printed = printed.and(self.print(session, committed, json, out));
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
        let committed = session.transact(|session| {
            let mut done = Committed::default();
            self.find_incident(session, &mut done.notices)?;
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
                    .filter_map(|(_, bytes)| decode_line(bytes).ok()),
            );
            let mut prepared = Vec::new();
            for (number, bytes) in lines {
                let parsed = decode_line(bytes).and_then(|line| match line.trim() {
                    "" => Ok(None),
                    comment
                        if parser.is_comment(comment) && {
                            self.comment_count += 1;
                            self.skip_comments
                        } =>
                    {
                        Ok(None)
                    }
                    _ => parser
                        .parse_line(
                            session,
                            *number,
                            line,
                            flags,
                            options.allow_customer_wording,
                        )
                        .map(Some),
                });
                match parsed {
                    Ok(Some(BatchLine::Event(event))) => prepared.push(*event),
                    Ok(Some(BatchLine::Day(_)) | None) => {}
                    Err(error) => done.bad.push((*number, error)),
                }
            }
            done.logged =
                log::commit_part(session, prepared, self.incident.as_ref(), &mut self.group)?;
            Ok(done)
        })?;
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
                    "{} incidents are open now: these lines stay unfiled; `bridgelog adopt HANDLE --incident {}` takes them in",
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

    fn print(&self, session: &Session, committed: Committed, json: bool, out: &Out) -> Result {
        for (number, error) in committed.bad {
            out.print_error(&OpsError {
                message: format!("line {number}: {}", error.message),
                ..error
            });
        }
        for notice in committed.notices {
            out.print_note(&notice);
        }
        for logged in committed.logged {
            if json {
                // One line each, so that a reader can process them as they arrive.
                let handles = json::handles(session);
                let state = logged.shown_state.clone();
                out.print_json_line(&json::EventJson::with_state(&logged.event, state, &handles))?;
            } else {
                print_logged_line(session, &logged, out)?;
                if logged.incident.is_none() && !self.several_open {
                    print_unfiled_note(out);
                }
                print_notices(&logged, out);
            }
        }
        out.finish()
    }

    fn print_comment_note(&self, out: &Out) {
        let count = self.comment_count;
        if count == 0 {
            return;
        }
        let lines = if count == 1 {
            "1 line begins"
        } else {
            &format!("{count} lines begin")
        };
        out.print_note(&if self.skip_comments {
            format!("{lines} with `# `: left out")
        } else {
            format!("{lines} with `# `: logged as text; --skip-comments leaves such lines out")
        });
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
                "{} could not be read, and not logged",
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

/// Returns `line 4` or `lines 2, 5-9`. `numbers` are ascending.
fn name_lines(numbers: &[usize]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b).map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        [one] => one.to_string(),
        [] => String::new(),
    });
    let runs: Vec<String> = runs.collect();
    let word = if numbers.len() == 1 { "line" } else { "lines" };
    format!("{word} {}", runs.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_numbers_are_named_in_ranges() {
        assert_eq!(name_lines(&[4]), "line 4");
        assert_eq!(name_lines(&[2, 5, 6, 7, 9]), "lines 2, 5-7, 9");
    }
}
