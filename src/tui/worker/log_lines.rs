//! Jobs that log lines: a single line, the lines of a paste, a line that declares an incident.

use super::{
    Worker,
    question::{long_before, unconfirmed},
    retry::{PendingDeclaration, keep_for_retry},
    wording::{event_name, incident_name, join_notices},
    writes::done,
};
use crate::{
    domain::{
        capture::Flags,
        count::counted,
        handle,
        time::{UtcTime, format_utc},
    },
    ops::{
        IncidentRow, OpsError, Result,
        batch::{BatchLine, BatchParser},
        declare,
        log::{self, LoggedEvent, PendingWrite},
        state_notices::{NOT_WELL_YET, REOPEN},
    },
    tui::{
        msg::{ClearInput, NextStep, PastedLine, Reply, Target, TypedLine, Write},
        new_incident::{NewIncident, split_severity, without_command},
    },
};
use chrono::NaiveDate;

impl Worker {
    /// Logs a line.
    pub(super) fn log_line(&mut self, typed: &TypedLine) -> Result<Reply> {
        let seq = typed.seq;
        let write = Write::Log(typed.clone());
        let logged = self.append_once(write, |worker| worker.prepare_line(typed))?;
        self.memory.note_logged(seq);
        let Some(first) = logged.first() else {
            return Err(OpsError::failed("the line has nothing to log"));
        };
        let event = &first.event;
        let row = first.incident.as_ref();
        let place = match row {
            Some(row) if self.shown_incident == Some(row.id) => String::new(),
            Some(row) => format!(" in {}", incident_name(row)),
            None => ", in no incident".to_owned(),
        };
        let mut notices = first.notices.clone();
        // The question for the state says it.
        notices.retain(|notice| !notice.starts_with("state? "));
        let notice = join_notices(&notices);
        let zone = self.session.zone_of(row)?;
        let name = event_name(&event.value, &zone, self.session.now());
        Ok(done(
            format!("logged {name}{place}{notice}"),
            NextStep::EventsWritten {
                ids: vec![event.id],
                clear: ClearInput::Line(seq),
            },
        ))
    }

    /// Logs the included lines of a paste.
    pub(super) fn log_paste(
        &mut self,
        lines: &[PastedLine],
        begun: UtcTime,
        target: &Target,
        day: Option<NaiveDate>,
    ) -> Result<Reply> {
        let left_out = lines.iter().filter(|line| !line.included);
        let left_out = left_out.filter(|line| !line.text.trim().is_empty()).count();
        let write = Write::LogPaste {
            lines: lines.to_vec(),
            begun,
            target: target.clone(),
            day,
        };
        let logged = self.append_once(write, |worker| {
            worker.prepare_paste(lines, begun, target, day)
        })?;
        let left_out = match left_out {
            0 => String::new(),
            n => format!(", {n} left out"),
        };
        // Of the lines themselves the preview has said it.
        let states = logged.iter().flat_map(|logged| &logged.notices);
        let is_of_states =
            |notice: &&String| notice.starts_with(REOPEN) || notice.starts_with(NOT_WELL_YET);
        let states: Vec<String> = states.filter(is_of_states).cloned().collect();
        Ok(done(
            format!("{} logged{left_out}{}", logged.len(), join_notices(&states)),
            NextStep::EventsWritten {
                ids: logged.iter().map(|logged| logged.event.id).collect(),
                clear: ClearInput::Paste,
            },
        ))
    }

    /// Appends what `prepare` returns for `write`. A write that fails is kept as prepared: a retry of the
    /// same write appends the same entries, so that nothing is logged twice.
    fn append_once(
        &mut self,
        write: Write,
        prepare: impl FnOnce(&mut Self) -> Result<PendingWrite>,
    ) -> Result<Vec<LoggedEvent>> {
        let mut earlier = self.memory.unacknowledged.iter();
        let pending = match earlier.position(|(failed, _)| *failed == write) {
            Some(at) => self.memory.unacknowledged.remove(at).1,
            None => prepare(self)?,
        };
        let appended = log::append(&mut self.session, &pending);
        if appended.is_err() {
            keep_for_retry(&mut self.memory.unacknowledged, write, pending);
        }
        appended
    }

    /// Returns the incident that lines for `target` go to; `None` for unfiled.
    fn resolve_target(&self, target: &Target) -> Result<Option<IncidentRow>> {
        match target {
            Target::Named(handle) => self.session.resolve_for_write(Some(handle)),
            Target::Open => self.session.resolve_for_write(None),
            Target::Unfiled => Ok(None),
        }
    }

    /// Parses a line and prepares the write of its event.
    fn prepare_line(&mut self, typed: &TypedLine) -> Result<PendingWrite> {
        let incident = self.resolve_target(&typed.target)?;
        let setting = self.line_setting(
            &typed.target,
            typed.begun,
            typed.allow_customer_wording,
            None,
        )?;
        let (event, question) = self.read_typed(typed, &typed.text, setting)?;
        if let Some(question) = question.filter(|_| !typed.confirmed) {
            return Err(unconfirmed(question));
        }
        let session = &mut self.session;
        Ok(log::prepare_write(session, vec![event], incident.as_ref()))
    }

    /// Parses the lines of a paste and prepares the write of the events of those included.
    fn prepare_paste(
        &mut self,
        lines: &[PastedLine],
        begun: UtcTime,
        target: &Target,
        day: Option<NaiveDate>,
    ) -> Result<PendingWrite> {
        let context = self.line_setting(target, begun, false, day)?.context;
        let mut parser = BatchParser::new(context);
        parser.begin_block((1..).zip(lines.iter().map(|line| line.text.as_str())));
        let flags = Flags::default();
        let mut taken = Vec::new();
        for (at, line) in lines.iter().enumerate() {
            let wording = line.allow_customer_wording;
            let read = parser.parse_line(&self.session, at + 1, &line.text, &flags, wording);
            match read {
                _ if !line.included => {}
                Ok(BatchLine::Event(event)) => taken.push((at + 1, *event)),
                Ok(BatchLine::Day(_) | BatchLine::Frame | BatchLine::Joined) => {}
                Err(error) => return Err(error),
            }
        }
        let (_, prepared) = parser.in_order_of_writing(taken);
        let incident = self.resolve_target(target)?;
        let session = &mut self.session;
        Ok(log::prepare_write(session, prepared, incident.as_ref()))
    }

    /// Declares an incident with a line. If the line contains more than a title (a kind, a time,
    /// customer wording), it is also logged as the first event of the incident. A retry of a
    /// declaration that may be in the store declares the same incident.
    pub(super) fn declare(&mut self, typed: &TypedLine) -> Result<Reply> {
        let write = Write::Declare(typed.clone());
        let retried = self
            .memory
            .declarations
            .iter()
            .position(|(earlier, _)| *earlier == write);
        let pending = match retried {
            Some(at) => self.memory.declarations.remove(at).1,
            None => self.prepare_declaration(typed)?,
        };
        let result = declare::declare(&mut self.session, &pending.declaration)
            .and_then(|declared| self.log_first_event(typed, &pending, declared));
        keep_for_retry(&mut self.memory.declarations, write, pending);
        result
    }

    /// Parses the line of a declaration, and fixes the id of the incident.
    fn prepare_declaration(&mut self, typed: &TypedLine) -> Result<PendingDeclaration> {
        let DeclaredLine {
            incident: new,
            text,
            at,
            question,
        } = self.read_declaration(typed)?;
        if let Some(question) = question.filter(|_| !typed.confirmed) {
            return Err(unconfirmed(question));
        }
        let now = self.session.now();
        let id = self.session.write_context.ids.new_id(now);
        Ok(PendingDeclaration {
            id,
            declaration: declare::Declaration {
                id: Some(id),
                title: new.title,
                severity: new.severity,
                services: new.services,
                state: new.state,
                at: Some(format_utc(at)),
                ..declare::Declaration::default()
            },
            first_event: new.logs_line.then_some(text),
        })
    }

    /// Returns what a line declares that goes to no incident.
    pub(super) fn read_declaration(&self, typed: &TypedLine) -> Result<DeclaredLine> {
        let severities = &self.session.settings.severities;
        let (text, severity) = split_severity(without_command(&typed.text), severities);
        let setting = self.line_setting(&Target::Unfiled, typed.begun, true, None)?;
        let (prepared, question) = self.read_typed(typed, &text, setting)?;
        let event = prepared.event;
        let (at, before) = (event.at_utc(), long_before(&event, typed.begun));
        let incident = NewIncident::of(event, severity, typed.begun);
        let is_now = incident.logs_line && incident.began.is_none();
        Ok(DeclaredLine {
            at: if is_now { typed.begun } else { at },
            question: question.or_else(|| before.filter(|_| incident.began.is_none())),
            incident,
            text,
        })
    }

    /// Logs the line as the first event of the incident it declared, if it contains more than the
    /// title.
    fn log_first_event(
        &mut self,
        typed: &TypedLine,
        pending: &PendingDeclaration,
        declared: declare::Declared,
    ) -> Result<Reply> {
        let incident = declared.incident;
        match &pending.first_event {
            None => {
                self.memory.note_logged(typed.seq);
            }
            Some(text) => {
                let first = TypedLine {
                    // The same in each retry.
                    target: Target::Named(handle::from_id(pending.id)),
                    text: text.clone(),
                    // It was asked about before the incident was declared.
                    confirmed: true,
                    ..typed.clone()
                };
                self.log_line(&first)?;
            }
        }
        let offered = match declared.offered.len() {
            0 => String::new(),
            count => format!(
                " · {} of the last 24 hours: Incidents, then Ctrl-P attach",
                counted(count as u64, "unassigned event", "unassigned events")
            ),
        };
        Ok(done(
            format!("declared {}{offered}", incident_name(&incident)),
            NextStep::ShowIncident {
                handle: incident.handle,
                line_seq: typed.seq,
            },
        ))
    }
}

/// A line read as one that declares an incident.
pub(super) struct DeclaredLine {
    pub incident: NewIncident,
    /// The line without the severity.
    text: String,
    /// When it is declared.
    at: UtcTime,
    /// Why it is asked about before it is logged.
    question: Option<String>,
}
