//! `bridgelog log -`: one event a line from standard input.

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

/// Reads one event a line. Lines that are already waiting are committed together; a bad one is named
/// by its number and the others are kept.
pub(super) fn run(
    book: &mut Session,
    flags: &Flags,
    options: &LineOptions,
    json: bool,
    out: &Out,
) -> Result {
    let mut input = io::BufReader::with_capacity(1 << 16, io::stdin().lock());
    let (mut number, mut bad, mut kept) = (0_usize, 0_usize, 0_usize);
    let mut partial: Vec<u8> = Vec::new();
    let mut sheet: Option<BatchParser> = None;
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
            if partial.len() <= MAX_TEXT_BYTES {
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
        let incident = book.resolve_for_write(None)?;
        let known = book.line_context(incident.as_ref(), options)?;
        let sheet = match &mut sheet {
            Some(sheet) => {
                sheet.replace_context(known);
                sheet
            }
            None => sheet.insert(BatchParser::new(known)),
        };
        let mut prepared: Vec<PreparedEvent> = Vec::new();
        for bytes in lines {
            number += 1;
            let read = std::str::from_utf8(&bytes)
                .map_err(|e| {
                    OpsError::usage(format!("it is not UTF-8 at byte {}", e.valid_up_to()))
                        .with_hint("convert it first: iconv -t UTF-8")
                })
                .map(|line| line.trim_end_matches(['\n', '\r']));
            let line = match read {
                Ok(line) if line.trim().is_empty() => continue,
                Ok(line) => line,
                Err(error) => {
                    bad += 1;
                    print_line_error(out, number, &error);
                    continue;
                }
            };
            match sheet.parse_line(book, number, line, flags, options.allow_customer_wording) {
                Ok(BatchLine::Event(event)) => prepared.push(*event),
                Ok(BatchLine::Day(_)) => {}
                Err(error) => {
                    bad += 1;
                    print_line_error(out, number, &error);
                }
            }
        }
        let waiting = prepared.len();
        let committed = log::commit(book, prepared, incident.as_ref()).map_err(|error| {
            error.add_hint(&format!(
                "{kept} lines were logged; the {waiting} up to line {number} were not"
            ))
        })?;
        kept += waiting;
        for logged in committed {
            if json {
                // One line each, so that a reader can take them as they come.
                let handles = json::HandleLookup::for_session(book);
                out.print_json_line(&json::EventJson::new(&logged.event, &handles))?;
            } else {
                print_logged(book, &logged, false, out)?;
            }
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
        .with_hint("correct those lines and log them alone"));
    }
    if kept == 0 {
        return Err(OpsError::usage("standard input held no line to log"));
    }
    Ok(())
}

fn print_line_error(out: &Out, number: usize, error: &OpsError) {
    out.print_error(&OpsError {
        message: format!("line {number}: {}", error.message),
        hint: error.hint.clone(),
        ..*error
    });
}
