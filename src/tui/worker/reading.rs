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
    tui::msg::{Completion, Failure, Job, Read, Reply, Target, Typed},
};

/// A line, read.
type ReadLine = std::result::Result<Box<Read>, Failure>;

impl Worker {
    pub(super) fn read(&mut self, job: Job) -> Result<Reply> {
        match job {
            Job::Parse {
                no,
                typed,
                amends: Some((handle, patch)),
                ..
            } => {
                let read = if patch {
                    let flags = super::writing::at_alone(typed.text);
                    edit::preview_patch(&self.book, &handle, &flags)
                } else {
                    edit::preview(&self.book, &handle, &typed.text)
                };
                let read = read.map(|event| {
                    Box::new(Read {
                        event,
                        zone: self.zone.clone(),
                        notices: vec![],
                    })
                });
                Ok(Reply::Parsed {
                    no,
                    read: read.map_err(Into::into),
                    completions: vec![],
                })
            }
            Job::ParseTask { no, text } => {
                let said = task_line::preview(&text, self.book.now(), &self.zone);
                Ok(Reply::ParsedTask {
                    no,
                    said: said.map_err(Into::into),
                })
            }
            Job::Parse {
                no, typed, cursor, ..
            } => {
                let (mut known, zone) = self.known(&typed.target, typed.begun, typed.wording)?;
                let read = self.one(&mut known, &zone, &typed.text);
                let completions = self.completions(&typed, cursor)?;
                Ok(Reply::Parsed {
                    no,
                    read,
                    completions,
                })
            }
            Job::ParseMany {
                lines,
                begun,
                target,
            } => {
                let (known, zone) = self.known(&target, begun, false)?;
                let mut sheet = BatchParser::new(known);
                let flags = Flags::default();
                let read = lines
                    .iter()
                    .enumerate()
                    .map(|(at, (line, tell))| {
                        match sheet.parse_line(&self.book, at + 1, line, &flags, *tell) {
                            Ok(BatchLine::Day(_)) => None,
                            Ok(BatchLine::Event(event)) => Some(Ok(understood(*event, &zone))),
                            Err(error) => Some(Err(error.into())),
                        }
                    })
                    .collect();
                Ok(Reply::ParsedMany(read))
            }
            Job::TaskLine(handle) => Ok(Reply::TaskLine {
                line: task_line::task_as_line(&self.book, &handle)?,
                handle,
            }),
            Job::Offered => Ok(Reply::Offered(adopt::recent_unfiled(&self.book)?.len())),
            Job::LineOf { handle, editor } => Ok(Reply::LineOf {
                line: edit::event_as_line(&self.book, &handle)?,
                handle,
                editor,
            }),
            _ => Ok(Reply::Changed),
        }
    }

    fn one(&self, known: &mut LineContext, zone: &Zone, line: &str) -> ReadLine {
        log::prepare(&self.book, known, line, &Flags::default())
            .map(|prepared| understood(prepared, zone))
            .map_err(Into::into)
    }

    /// What a line for `target` that was begun at `begun` is read in, and the zone it is shown in.
    pub(super) fn known(
        &self,
        target: &Target,
        begun: UtcTime,
        wording: bool,
    ) -> Result<(LineContext, Zone)> {
        let given = given(target, begun, wording);
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

    fn completions(&self, typed: &Typed, cursor: usize) -> Result<Vec<Completion>> {
        let row = match &typed.target {
            Target::Named(handle) => self.book.resolve_for_write(Some(handle))?,
            _ => None,
        };
        let word = typed.text.get(..cursor).unwrap_or_default();
        let word = word.rsplit(char::is_whitespace).next().unwrap_or_default();
        if word.is_empty() {
            return Ok(vec![]);
        }
        let mut known = self
            .book
            .line_context(row.as_ref(), &given(&typed.target, typed.begun, true))?;
        if word.starts_with(['#', '@']) {
            known.load_for_completion(&self.book, row.as_ref())?;
        }
        known.parse_with(&self.book, "", |context| {
            Ok(capture::complete(&typed.text, cursor, context)
                .into_iter()
                .map(|c| Completion {
                    from: c.replace.start,
                    to: c.replace.end,
                    with: c.text,
                    what: c.category,
                })
                // What stands there already needs no completion.
                .filter(|c| c.with != word)
                .collect())
        })
    }
}

/// What was read, as it is shown.
fn understood(prepared: log::PreparedEvent, zone: &Zone) -> Box<Read> {
    Box::new(Read {
        event: prepared.event,
        zone: zone.clone(),
        notices: prepared.notices,
    })
}

/// How a line of the app comes.
pub(super) fn given(target: &Target, begun: UtcTime, wording: bool) -> LineOptions {
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
