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
        context::{Given, Known},
        log, rewrite,
        sheet::{Row, Sheet},
        task_line,
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
                    rewrite::preview_patch(&self.book, &handle, &flags)
                } else {
                    rewrite::preview(&self.book, &handle, &typed.text)
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
                let said = task_line::understood(&text, self.book.now(), &self.zone);
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
                let mut sheet = Sheet::new(known);
                let flags = Flags::default();
                let read = lines
                    .iter()
                    .enumerate()
                    .map(|(at, (line, tell))| {
                        match sheet.read(&self.book, at + 1, line, &flags, *tell) {
                            Ok(Row::Day(_)) => None,
                            Ok(Row::Event(event)) => Some(Ok(understood(*event, &zone))),
                            Err(error) => Some(Err(error.into())),
                        }
                    })
                    .collect();
                Ok(Reply::ParsedMany(read))
            }
            Job::TaskLine(handle) => Ok(Reply::TaskLine {
                line: task_line::line_of(&self.book, &handle)?,
                handle,
            }),
            Job::Offered => Ok(Reply::Offered(adopt::recent(&self.book)?.len())),
            Job::LineOf { handle, editor } => Ok(Reply::LineOf {
                line: rewrite::line_of(&self.book, &handle)?,
                handle,
                editor,
            }),
            _ => Ok(Reply::Changed),
        }
    }

    fn one(&self, known: &mut Known, zone: &Zone, line: &str) -> ReadLine {
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
    ) -> Result<(Known, Zone)> {
        let given = given(target, begun, wording);
        let row = match target {
            // With several open it is asked for when it is logged; to read it, any will do.
            Target::Open => self.book.writing(None).unwrap_or_default(),
            Target::Named(handle) => self.book.writing(Some(handle))?,
            Target::Unfiled => None,
        };
        let known = self.book.context(row.as_ref(), &given)?;
        let zone = self.book.zone_of(row.as_ref())?;
        Ok((known, zone))
    }

    fn completions(&self, typed: &Typed, cursor: usize) -> Result<Vec<Completion>> {
        let row = match &typed.target {
            Target::Named(handle) => self.book.writing(Some(handle))?,
            _ => None,
        };
        let word = typed.text.get(..cursor).unwrap_or_default();
        let word = word.rsplit(char::is_whitespace).next().unwrap_or_default();
        if word.is_empty() {
            return Ok(vec![]);
        }
        let mut known = self
            .book
            .context(row.as_ref(), &given(&typed.target, typed.begun, true))?;
        if word.starts_with(['#', '@']) {
            known.for_completion(&self.book, row.as_ref())?;
        }
        known.with(&self.book, "", |context| {
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
fn understood(prepared: log::Prepared, zone: &Zone) -> Box<Read> {
    Box::new(Read {
        event: prepared.event,
        zone: zone.clone(),
        notices: prepared.notices,
    })
}

/// How a line of the app comes.
pub(super) fn given(target: &Target, begun: UtcTime, wording: bool) -> Given {
    let incident = match target {
        Target::Named(handle) => Some(handle.as_str()),
        Target::Open | Target::Unfiled => None,
    };
    Given {
        wording,
        begun: Some(begun),
        ..Given::typed(incident)
    }
}
