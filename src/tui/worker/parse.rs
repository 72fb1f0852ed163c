//! Jobs that read what was typed, without writing.

use super::Worker;
use crate::{
    domain::{
        capture::{self, Flags},
        time::UtcTime,
        zone::Zone,
    },
    ops::{
        Result, adopt,
        batch::{BatchLine, BatchParser},
        context::{LineContext, LineOptions},
        edit, log, task_line,
    },
    tui::msg::{Completion, Failure, Job, ParsedLine, Reply, Target, TypedLine},
};

/// A line, read.
type ParseResult = std::result::Result<Box<ParsedLine>, Failure>;

impl Worker {
    pub(super) fn run_parse(&mut self, job: Job) -> Result<Reply> {
        match job {
            Job::Parse {
                request_id,
                typed,
                amending: Some((handle, patch)),
                ..
            } => {
                let read = if patch {
                    let flags = super::writes::time_only_flags(typed.text);
                    edit::preview_patch(&self.book, &handle, &flags)
                } else {
                    edit::preview(&self.book, &handle, &typed.text)
                };
                let read = read.map(|event| {
                    Box::new(ParsedLine {
                        event,
                        zone: self.zone.clone(),
                        notices: vec![],
                    })
                });
                Ok(Reply::Parsed {
                    request_id,
                    result: read.map_err(Into::into),
                    completions: vec![],
                })
            }
            Job::ParseTask { request_id, text } => {
                let said = task_line::preview(&text, self.book.now(), &self.zone);
                Ok(Reply::ParsedTask {
                    request_id,
                    result: said.map_err(Into::into),
                })
            }
            Job::Parse {
                request_id,
                typed,
                cursor,
                ..
            } => {
                let (mut known, zone) =
                    self.parse_session(&typed.target, typed.begun, typed.allow_customer_wording)?;
                let result = self.parse_line(&mut known, &zone, &typed.text);
                let completions = self.completions(&typed, cursor)?;
                Ok(Reply::Parsed {
                    request_id,
                    result,
                    completions,
                })
            }
            Job::ParsePaste {
                lines,
                begun,
                target,
            } => {
                let (known, zone) = self.parse_session(&target, begun, false)?;
                let mut sheet = BatchParser::new(known);
                let flags = Flags::default();
                let read = lines
                    .iter()
                    .enumerate()
                    .map(|(at, (line, tell))| {
                        match sheet.parse_line(&self.book, at + 1, line, &flags, *tell) {
                            Ok(BatchLine::Day(_)) => None,
                            Ok(BatchLine::Event(event)) => Some(Ok(parsed_line(*event, &zone))),
                            Err(error) => Some(Err(error.into())),
                        }
                    })
                    .collect();
                Ok(Reply::ParsedPaste(read))
            }
            Job::TaskLine(handle) => Ok(Reply::TaskLine {
                line: task_line::task_as_line(&self.book, &handle)?,
                handle,
            }),
            Job::CountUnfiled => Ok(Reply::UnfiledCount(
                adopt::recent_unfiled(&self.book)?.len(),
            )),
            Job::EventLine { handle, editor } => {
                // First the version: what is amended between the two makes the line newer, not older.
                let version = edit::shown_version(&self.book, &handle)?;
                let line = edit::event_as_line(&self.book, &handle)?;
                self.edited_versions.insert(handle.clone(), version);
                Ok(Reply::EventLine {
                    line,
                    handle,
                    editor,
                })
            }
            _ => Ok(Reply::StoreChanged),
        }
    }

    fn parse_line(&self, known: &mut LineContext, zone: &Zone, line: &str) -> ParseResult {
        log::prepare(&self.book, known, line, &Flags::default())
            .map(|prepared| parsed_line(prepared, zone))
            .map_err(Into::into)
    }

    /// What a line for `target` that was begun at `begun` is read in, and the zone it is shown in.
    pub(super) fn parse_session(
        &self,
        target: &Target,
        begun: UtcTime,
        wording: bool,
    ) -> Result<(LineContext, Zone)> {
        let given = line_options(target, begun, wording);
        let row = match target {
            // With several open it is asked for when it is logged; to read it, any will do.
            Target::Open => self.book.resolve_for_write(None).unwrap_or_default(),
            Target::Named(handle) => self.book.resolve_for_write(Some(handle))?,
            Target::Unfiled => None,
        };
        let known = self.book.line_context(row.as_ref(), &given)?;
        let zone = self.book.zone_of(row.as_ref())?;
        Ok((known, zone))
    }

    fn completions(&self, typed: &TypedLine, cursor: usize) -> Result<Vec<Completion>> {
        let row = match &typed.target {
            Target::Named(handle) => self.book.resolve_for_write(Some(handle))?,
            _ => None,
        };
        let word = typed.text.get(..cursor).unwrap_or_default();
        let word = word.rsplit(char::is_whitespace).next().unwrap_or_default();
        if word.is_empty() {
            return Ok(vec![]);
        }
        let mut known = self.book.line_context(
            row.as_ref(),
            &line_options(&typed.target, typed.begun, true),
        )?;
        if word.starts_with(['#', '@']) {
            known.load_for_completion(&self.book, row.as_ref())?;
        }
        known.parse_with(&self.book, "", |context| {
            Ok(capture::complete(&typed.text, cursor, context)
                .into_iter()
                .map(|c| Completion {
                    from: c.replace.start,
                    to: c.replace.end,
                    replacement: c.text,
                    kind: c.category,
                })
                // What stands there already needs no completion.
                .filter(|c| c.replacement != word)
                .collect())
        })
    }
}

/// What was read, as it is shown.
fn parsed_line(prepared: log::PreparedEvent, zone: &Zone) -> Box<ParsedLine> {
    Box::new(ParsedLine {
        event: prepared.event,
        zone: zone.clone(),
        notices: prepared.notices,
    })
}

/// How a line of the app comes.
pub(super) fn line_options(target: &Target, begun: UtcTime, wording: bool) -> LineOptions {
    let incident = match target {
        Target::Named(handle) => Some(handle.as_str()),
        Target::Open | Target::Unfiled => None,
    };
    LineOptions {
        allow_customer_wording: wording,
        started_at: Some(begun),
        ..LineOptions::for_typed_line(incident)
    }
}
