//! Jobs that parse or format lines, without writing.

use super::Worker;
use crate::{
    domain::{
        capture::{self, Flags},
        time::UtcTime,
        zone::Zone,
    },
    ops::{
        ErrorKind, IncidentRow, Result, adopt,
        batch::{BatchLine, BatchParser},
        context::{LineContext, LineOptions},
        edit, log,
        logged_before::LoggedBefore,
        task_line,
    },
    tui::msg::{
        Completion, Failure, Job, ParsedLine, PastedEvent, PastedLine, ReadRow, Reply, Target,
        TypedLine,
    },
};

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
                let parsed = if patch {
                    let flags = super::writes::time_only_flags(typed.text);
                    edit::preview_patch(&self.session, &handle, &flags)
                } else {
                    edit::preview(&self.session, &handle, &typed.text)
                };
                let parsed = parsed.map(|event| {
                    Box::new(ParsedLine {
                        event,
                        zone: self.zone.clone(),
                        notices: vec![],
                    })
                });
                Ok(Reply::Parsed {
                    request_id,
                    result: parsed.map_err(Into::into),
                    completions: vec![],
                })
            }
            Job::ParseTask { request_id, text } => {
                let preview = task_line::preview(&text, self.session.now(), &self.zone);
                Ok(Reply::ParsedTask {
                    request_id,
                    result: preview.map_err(Into::into),
                })
            }
            Job::Parse {
                request_id,
                typed,
                cursor,
                ..
            } => {
                let (mut context, zone) =
                    self.parse_session(&typed.target, typed.begun, typed.allow_customer_wording)?;
                let result = self.parse_line(&mut context, &zone, &typed.text);
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
            } => Ok(Reply::ParsedPaste(self.read_paste(&lines, begun, &target)?)),
            Job::TaskLine(handle) => Ok(Reply::TaskLine {
                line: task_line::task_as_line(&self.session, &handle)?,
                handle,
            }),
            Job::CountUnfiled => Ok(Reply::UnfiledCount(
                adopt::recent_unfiled(&self.session)?.len(),
            )),
            Job::EventLine { handle, editor } => {
                // The version first: an amendment between the two reads makes the line newer, not older.
                let version = edit::shown_version(&self.session, &handle)?;
                let line = edit::event_as_line(&self.session, &handle)?;
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

    fn read_paste(
        &self,
        lines: &[PastedLine],
        begun: UtcTime,
        target: &Target,
    ) -> Result<Vec<ReadRow>> {
        let (context, zone) = self.parse_session(target, begun, false)?;
        let incident = self.preview_target(target)?.map(|row| row.id);
        let mut before = LoggedBefore::default();
        let mut parser = BatchParser::new(context);
        parser.begin_block(lines.iter().map(|line| line.text.as_str()));
        let flags = Flags::default();
        let mut rows = Vec::with_capacity(lines.len());
        for (at, line) in lines.iter().enumerate() {
            let wording = line.allow_customer_wording;
            let read = parser.parse_line(&self.session, at + 1, &line.text, &flags, wording);
            rows.push(match read {
                Ok(BatchLine::Day(_)) => ReadRow::Day,
                Ok(BatchLine::Frame) => ReadRow::Frame,
                Ok(BatchLine::Event(event)) => ReadRow::Event(Box::new(PastedEvent {
                    is_comment: parser.is_comment(&line.text),
                    is_logged_already: before.contains(&self.session, &event, incident)?,
                    line: *parsed_line(*event, &zone),
                })),
                Err(error) => ReadRow::Refused(error.into()),
            });
        }
        Ok(rows)
    }

    fn parse_line(&self, context: &mut LineContext, zone: &Zone, line: &str) -> ParseResult {
        log::prepare(&self.session, context, line, &Flags::default())
            .map(|prepared| parsed_line(prepared, zone))
            .map_err(Into::into)
    }

    /// Returns the context for parsing a line that goes to `target` and was begun at `begun`, and
    /// the zone its times are shown in.
    pub(super) fn parse_session(
        &self,
        target: &Target,
        begun: UtcTime,
        allow_wording: bool,
    ) -> Result<(LineContext, Zone)> {
        let options = line_options(target, begun, allow_wording);
        let row = self.preview_target(target)?;
        let context = self.session.line_context(row.as_ref(), &options)?;
        let zone = self.session.zone_of(row.as_ref())?;
        Ok((context, zone))
    }

    /// Returns the incident that a line for `target` is read for; `None` for unfiled.
    fn preview_target(&self, target: &Target) -> Result<Option<IncidentRow>> {
        match target {
            // With several open incidents the user is asked when the line is logged; for a preview
            // any will do.
            Target::Open => match self.session.resolve_for_write(None) {
                Err(error) if error.kind == ErrorKind::Usage => Ok(None),
                row => row,
            },
            Target::Named(handle) => self.session.resolve_for_write(Some(handle)),
            Target::Unfiled => Ok(None),
        }
    }

    fn completions(&self, typed: &TypedLine, cursor: usize) -> Result<Vec<Completion>> {
        let row = match &typed.target {
            Target::Named(handle) => self.session.resolve_for_write(Some(handle))?,
            _ => None,
        };
        let word = typed.text.get(..cursor).unwrap_or_default();
        let word = word.rsplit(char::is_whitespace).next().unwrap_or_default();
        if word.is_empty() {
            return Ok(vec![]);
        }
        let mut context = self.session.line_context(
            row.as_ref(),
            &line_options(&typed.target, typed.begun, true),
        )?;
        if word.starts_with(['#', '@']) {
            context.load_for_completion(&self.session, row.as_ref())?;
        }
        context.parse_with(&self.session, "", |context| {
            Ok(capture::complete(&typed.text, cursor, context)
                .into_iter()
                .map(|c| Completion {
                    from: c.replace.start,
                    to: c.replace.end,
                    replacement: c.text,
                    kind: c.category,
                })
                // Leave out the word itself.
                .filter(|c| c.replacement != word)
                .collect())
        })
    }
}

fn parsed_line(prepared: log::PreparedEvent, zone: &Zone) -> Box<ParsedLine> {
    Box::new(ParsedLine {
        event: prepared.event,
        zone: zone.clone(),
        notices: prepared.notices,
    })
}

/// Returns the options for a line typed in the app.
pub(super) fn line_options(target: &Target, begun: UtcTime, allow_wording: bool) -> LineOptions {
    let incident = match target {
        Target::Named(handle) => Some(handle.as_str()),
        Target::Open | Target::Unfiled => None,
    };
    LineOptions {
        allow_customer_wording: allow_wording,
        started_at: Some(begun),
        ..LineOptions::for_typed_line(incident)
    }
}
