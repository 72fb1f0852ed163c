//! `bridgelog log -`: one event per line from standard input.

use super::{error::Result, json, log_output::print_logged, out::Out};
use crate::{
    domain::capture::Flags,
    ops::{
        OpsError, Session,
        batch::{BatchLine, BatchParser},
        context::{LineOptions, MAX_TEXT_BYTES},
        log::{self, PreparedEvent},
    },
};
use std::io::{self, BufRead};

/// Logs one event per line. Lines that are read in one chunk are committed together. A line that cannot
/// be parsed is reported with its number; the others are logged.
pub(super) fn run(
    session: &mut Session,
    flags: &Flags,
    options: &LineOptions,
    json: bool,
    out: &Out,
) -> Result {
    let mut input = io::BufReader::with_capacity(1 << 16, io::stdin().lock());
    let (mut line_number, mut failed_count, mut logged_count) = (0_usize, 0_usize, 0_usize);
    let mut partial: Vec<u8> = Vec::new();
    let mut parser: Option<BatchParser> = None;
    loop {
        let chunk = input
            .fill_buf()
            .map_err(|e| OpsError::failed("standard input cannot be read").with_source(e))?;
        let at_end = chunk.is_empty();
        let chunk_len = chunk.len();
        // Complete lines only; the last line of the input may lack its line break.
        let mut lines: Vec<Vec<u8>> = Vec::new();
        for piece in chunk.split_inclusive(|b| *b == b'\n') {
            // Bounds the memory for a line that is far too long; the parser refuses it.
            if partial.len() <= MAX_TEXT_BYTES {
                partial.extend_from_slice(piece);
            }
            if piece.ends_with(b"\n") {
                lines.push(std::mem::take(&mut partial));
            }
        }
        if at_end && !partial.is_empty() {
            lines.push(std::mem::take(&mut partial));
        }
        input.consume(chunk_len);
        let incident = session.resolve_for_write(None)?;
        let context = session.line_context(incident.as_ref(), options)?;
        let parser = match &mut parser {
            Some(parser) => {
                parser.replace_context(context);
                parser
            }
            None => parser.insert(BatchParser::new(context)),
        };
        let mut prepared: Vec<PreparedEvent> = Vec::new();
        for bytes in lines {
            line_number += 1;
            let decoded = std::str::from_utf8(&bytes)
                .map_err(|e| {
                    OpsError::usage(format!("it is not UTF-8 at byte {}", e.valid_up_to()))
                        .with_hint("convert it first: iconv -t UTF-8")
                })
                .map(|line| line.trim_end_matches(['\n', '\r']));
            let line = match decoded {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => line,
                Err(error) => {
                    failed_count += 1;
                    print_line_error(out, line_number, error);
                    continue;
                }
            };
            match parser.parse_line(
                session,
                line_number,
                line,
                flags,
                options.allow_customer_wording,
            ) {
                Ok(BatchLine::Event(event)) => prepared.push(*event),
                Ok(BatchLine::Day(_)) => {}
                Err(error) => {
                    failed_count += 1;
                    print_line_error(out, line_number, error);
                }
            }
        }
        let batch_len = prepared.len();
        let committed = log::commit(session, prepared, incident.as_ref()).map_err(|error| {
            error.with_hint(format!(
                "{logged_count} lines were logged; the {batch_len} up to line {line_number} were not"
            ))
        })?;
        logged_count += batch_len;
        for logged in committed {
            if json {
                // One line per event, so that a reader can process them as they arrive.
                let handles = json::HandleLookup::for_session(session);
                out.print_json_line(&json::EventJson::new(&logged.event, &handles))?;
            } else {
                print_logged(session, &logged, false, out)?;
            }
        }
        out.finish()?;
        if at_end {
            break;
        }
    }
    if failed_count > 0 {
        return Err(OpsError::failed(format!(
            "{failed_count} of the lines could not be read; {logged_count} were logged"
        ))
        .with_hint("correct those lines and log them alone"));
    }
    if logged_count == 0 {
        return Err(OpsError::usage("standard input held no line to log"));
    }
    Ok(())
}

fn print_line_error(out: &Out, line_number: usize, error: OpsError) {
    out.print_error(&OpsError {
        message: format!("line {line_number}: {}", error.message),
        ..error
    });
}
