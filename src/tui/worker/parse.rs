//! Jobs that parse or format lines, without writing.

use super::{
    Worker,
    wording::{in_app_terms, link_note, notice_in_app, say_new_services},
    write_events::time_only_flags,
};
use crate::{
    domain::{
        capture::{self, Flags},
        entry::Entry,
        time::UtcTime,
        zone::Zone,
    },
    ops::{
        ErrorKind, IncidentRow, Result,
        context::{LineContext, LineOptions},
        edit,
        link_candidates::link_candidates,
        log::{self, PreparedEvent},
        state_notices::reopen_notice,
        task_line,
    },
    tui::msg::{Completion, EditableLine, ParsedLine, Reply, Target, TypedLine},
};
use chrono::NaiveDate;
use std::{iter, ops::Range};
use uuid::Uuid;

/// How many events are offered for a half-typed link.
const MAX_LINK_CANDIDATES: usize = 12;

/// What a line is parsed with.
pub(super) struct LineSetting {
    pub context: LineContext,
    /// The zone that its times are shown in.
    pub zone: Zone,
    /// The incident that it goes to; `None` for unfiled.
    pub row: Option<IncidentRow>,
}

impl Worker {
    pub(super) fn parse(
        &self,
        request_id: u64,
        typed: &TypedLine,
        amending: Option<(String, bool)>,
    ) -> Result<Reply> {
        let Some((handle, is_time)) = amending else {
            let result = self.parse_typed(typed).map_err(Into::into);
            return Ok(Reply::Parsed { request_id, result });
        };
        let event = if is_time {
            self.shifted(&handle, &typed.text).and_then(|shifted| {
                let when = shifted.as_deref().unwrap_or(&typed.text);
                edit::preview_patch(&self.session, &handle, &time_only_flags(when))
            })
        } else {
            edit::preview(&self.session, &handle, &typed.text)
        };
        let parsed = event.map(|event| {
            Box::new(ParsedLine {
                event,
                zone: self.zone.clone(),
                notices: vec![],
                question: None,
                effect: None,
                declares: None,
            })
        });
        Ok(Reply::Parsed {
            request_id,
            result: parsed.map_err(in_app_terms),
        })
    }

    pub(super) fn parse_rows(
        &self,
        request_id: u64,
        rows: &[TypedLine],
        (row, column): (usize, usize),
        may_declare: bool,
    ) -> Result<Reply> {
        let completions = rows.get(row).map(|typed| self.completions(typed, column));
        Ok(Reply::ParsedRows {
            request_id,
            rows: rows
                .iter()
                .enumerate()
                .map(|(at, typed)| {
                    let mut parsed = self.parse_typed(typed)?;
                    // The first declares an incident; the others are logged in it.
                    if at == 0 && may_declare {
                        let declared = self.read_declaration(typed);
                        parsed.declares = declared.ok().map(|declared| declared.incident);
                        say_new_services(&mut parsed);
                    }
                    Ok(parsed)
                })
                .collect(),
            completions: completions.transpose()?.unwrap_or_default(),
        })
    }

    pub(super) fn parse_task(&self, request_id: u64, text: &str) -> Reply {
        let preview = task_line::preview(text, self.session.now(), &self.zone);
        Reply::ParsedTask {
            request_id,
            result: preview.map_err(Into::into),
        }
    }

    pub(super) fn event_line(&self, handle: String, editor: bool) -> Result<Reply> {
        Ok(Reply::EventLine {
            line: edit::event_as_line(&self.session, &handle)?,
            handle,
            editor,
        })
    }

    pub(super) fn load_event_line(&self, id: u64, handle: &str) -> Reply {
        // The version first: an amendment between the two reads makes the line newer, not older.
        let load = || {
            let shown = self.session.resolve_target(handle)?.current.shown;
            let line = edit::event_as_line(&self.session, handle)?;
            self.editable_line(line, shown, true)
        };
        Reply::LineLoaded {
            id,
            result: load().map_err(in_app_terms),
        }
    }

    pub(super) fn load_task_line(&self, id: u64, handle: &str) -> Reply {
        let load = || {
            let shown = self.session.resolve_target(handle)?.current.shown;
            let line = task_line::task_as_line(&self.session, handle)?;
            self.editable_line(line, shown, false)
        };
        Reply::LineLoaded {
            id,
            result: load().map_err(in_app_terms),
        }
    }

    fn editable_line(&self, line: String, shown: Uuid, is_event: bool) -> Result<EditableLine> {
        let entry = self.session.read().entry(shown)?;
        let header = entry.as_ref().map(Entry::header);
        Ok(EditableLine {
            line,
            version: is_event.then_some(shown),
            recorded: header.map(|header| header.recorded).unwrap_or_default(),
            author: header
                .map(|header| header.author.clone())
                .unwrap_or_default(),
        })
    }

    fn parse_typed(&self, typed: &TypedLine) -> Result<Box<ParsedLine>> {
        let (setting, row) = self.preview_setting(
            &typed.target,
            typed.begun,
            typed.allow_customer_wording,
            None,
        )?;
        let (zone, goes_to) = (setting.zone.clone(), setting.row.clone());
        let (mut prepared, question) = self.read_typed(typed, &typed.text, setting)?;
        let effect = goes_to.map(|row| self.session.line_effect(&row, &prepared.event));
        if let Some(row) = row {
            let notice = reopen_notice(iter::once(&prepared.event), &row)?;
            // Before the others: there is room for one.
            prepared
                .notices
                .splice(0..0, notice.as_deref().and_then(notice_in_app));
        }
        Ok(Box::new(ParsedLine {
            effect: effect.transpose()?,
            ..parsed_line(prepared, &zone, question)
        }))
    }

    /// Parses `text`, which is that of `typed` or a part of it; also returns why it is asked about before
    /// it is logged.
    pub(super) fn read_typed(
        &self,
        typed: &TypedLine,
        text: &str,
        mut setting: LineSetting,
    ) -> Result<(PreparedEvent, Option<String>)> {
        let context = &mut setting.context;
        let (mut prepared, when) =
            log::prepare_with_time(&self.session, context, text, &Flags::default())?;
        let question = self.ask_about(
            &mut prepared,
            when.as_ref(),
            typed.begun,
            setting.row.as_ref(),
            &setting.zone,
        )?;
        Ok((prepared, question))
    }

    /// Returns what a line is parsed with that goes to `target` and was begun at `begun`. `day` is that of
    /// its bare times, where one was picked.
    pub(super) fn line_setting(
        &self,
        target: &Target,
        begun: UtcTime,
        allow_wording: bool,
        day: Option<NaiveDate>,
    ) -> Result<LineSetting> {
        let options = LineOptions {
            day,
            ..line_options(target, begun, allow_wording)
        };
        let row = self.preview_target(target)?;
        Ok(LineSetting {
            context: self.session.line_context(row.as_ref(), &options)?,
            zone: self.session.zone_of(row.as_ref())?,
            row,
        })
    }

    /// Like [`line_setting`](Self::line_setting), for a preview, with the incident that the line goes to: while none is
    /// open it may go to the one shown, whose services are known.
    pub(super) fn preview_setting(
        &self,
        target: &Target,
        begun: UtcTime,
        allow_wording: bool,
        day: Option<NaiveDate>,
    ) -> Result<(LineSetting, Option<IncidentRow>)> {
        let mut setting = self.line_setting(target, begun, allow_wording, day)?;
        if *target != Target::Open || setting.row.is_some() {
            let row = setting.row.clone();
            return Ok((setting, row));
        }
        let shown = self.row_of(self.shown_incident)?;
        if let Some(row) = &shown {
            setting.context.add_services(&row.services);
        }
        Ok((setting, shown))
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
        if let Some(link) = word.strip_prefix('^') {
            let start = cursor - word.len();
            return self.link_completions(typed, row.as_ref(), link, start..cursor);
        }
        let mut context = self.session.line_context(
            row.as_ref(),
            &line_options(&typed.target, typed.begun, true),
        )?;
        if word.starts_with('#') {
            context.load_tags(&self.session, row.as_ref())?;
        }
        context.parse_with(&self.session, |context| {
            Ok(capture::complete(&typed.text, cursor, context)
                .into_iter()
                .map(|c| Completion {
                    from: c.replace.start,
                    to: c.replace.end,
                    replacement: c.text,
                    kind: c.category,
                    note: String::new(),
                })
                // Leave out the word itself.
                .filter(|c| c.replacement != word)
                .collect())
        })
    }

    /// Returns the events that `link`, half-typed after a `^`, may mean; `replaced` is where both are.
    fn link_completions(
        &self,
        typed: &TypedLine,
        row: Option<&IncidentRow>,
        link: &str,
        replaced: Range<usize>,
    ) -> Result<Vec<Completion>> {
        if is_in_wording(typed, &typed.text[..replaced.start]) {
            return Ok(vec![]);
        }
        let zone = self.session.zone_of(row)?;
        let incident = row.map(|row| row.id);
        let session = &self.session;
        let events = link_candidates(session, incident, link, &zone, MAX_LINK_CANDIDATES)?;
        let now = session.now();
        Ok(events
            .into_iter()
            .map(|event| Completion {
                from: replaced.start,
                to: replaced.end,
                replacement: format!("^{}", event.handle),
                kind: "event",
                note: link_note(&event.value, &zone, now),
            })
            .filter(|c| c.replacement[1..] != *link)
            .collect())
    }
}

/// True if `text` ends inside customer wording, where nothing is a marker.
fn is_in_wording(typed: &TypedLine, text: &str) -> bool {
    typed.allow_customer_wording
        && (text.contains(" tell: ") || text.trim_start().starts_with("tell: "))
}

pub(super) fn parsed_line(
    prepared: PreparedEvent,
    zone: &Zone,
    question: Option<String>,
) -> ParsedLine {
    ParsedLine {
        event: prepared.event,
        zone: zone.clone(),
        notices: prepared.notices,
        question,
        effect: None,
        declares: None,
    }
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
