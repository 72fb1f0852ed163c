//! Jobs that log lines: a single line, the lines of a paste, a line that declares an incident.

use super::{
    Worker,
    retry::{PendingDeclaration, keep_for_retry},
    writes::{done, join_notices},
};
use crate::{
    domain::{
        capture::Flags,
        event::Event,
        handle,
        time::{UtcTime, format_utc},
        words::{Kind, Severity},
    },
    ops::{
        IncidentRow, OpsError, Result, adopt,
        batch::{BatchLine, BatchParser},
        context::LineOptions,
        declare,
        log::{self, PendingWrite},
        resolve::short_ref,
    },
    tui::msg::{ClearInput, Job, NextStep, Reply, Target, TypedLine},
};

impl Worker {
    /// Logs a line, or the lines of a paste. A write that fails is kept as prepared: a retry of the
    /// same job appends the same entries, so that nothing is logged twice.
    pub(super) fn log(&mut self, job: Job) -> Result<Reply> {
        let retried = self
            .unacknowledged
            .iter()
            .position(|(failed, _)| *failed == job);
        let pending = match retried {
            Some(at) => self.unacknowledged.remove(at).1,
            None => self.prepare_write(&job)?,
        };
        let logged = match log::append(&mut self.session, &pending) {
            Ok(logged) => logged,
            Err(error) => {
                keep_for_retry(&mut self.unacknowledged, job, pending);
                return Err(error);
            }
        };
        let ids: Vec<_> = logged.iter().map(|l| l.event.id).collect();
        let (Job::Log(typed), Some(first)) = (&job, logged.first()) else {
            let next = NextStep::EventsWritten {
                ids,
                ask_state: None,
                clear: ClearInput::Paste,
            };
            return Ok(done(format!("logged {} events", logged.len()), next));
        };
        self.logged_lines.insert(typed.seq);
        let event = &first.event;
        // The row is from before the line.
        let row = first.incident.as_ref();
        let context = self
            .session
            .line_context(row, &LineOptions::for_typed_line(None))?;
        let needs_state = row.is_some() && context.makes_unknown(&event.value);
        let place = match &first.incident {
            Some(row) => format!("in #{}", short_ref(row)),
            None => "unfiled: no incident is open".to_owned(),
        };
        let notice = join_notices(&first.notices);
        Ok(done(
            format!("logged {} {place}{notice}", event.handle),
            NextStep::EventsWritten {
                ids,
                ask_state: needs_state.then(|| event.handle.clone()),
                clear: ClearInput::Line(typed.seq),
            },
        ))
    }

    /// Returns the incident that lines for `target` go to; `None` for unfiled.
    fn resolve_target(&self, target: &Target) -> Result<Option<IncidentRow>> {
        match target {
            Target::Named(handle) => self.session.resolve_for_write(Some(handle)),
            Target::Open => self.session.resolve_for_write(None),
            Target::Unfiled => Ok(None),
        }
    }

    /// Parses the lines of `job` and prepares the write of their events.
    fn prepare_write(&mut self, job: &Job) -> Result<PendingWrite> {
        let flags = Flags::default();
        let (prepared, incident) = match job {
            Job::Log(typed) => {
                let (mut context, _) =
                    self.parse_session(&typed.target, typed.begun, typed.allow_customer_wording)?;
                let event = log::prepare(&self.session, &mut context, &typed.text, &flags)?;
                (vec![event], self.resolve_target(&typed.target)?)
            }
            Job::LogPaste {
                lines,
                begun,
                target,
            } => {
                let (context, _) = self.parse_session(target, *begun, false)?;
                let mut parser = BatchParser::new(context);
                parser.begin_block(lines.iter().map(|line| line.text.as_str()));
                let mut prepared = Vec::new();
                for (at, line) in lines.iter().enumerate() {
                    let wording = line.allow_customer_wording;
                    let read =
                        parser.parse_line(&self.session, at + 1, &line.text, &flags, wording);
                    match read {
                        _ if !line.included => {}
                        Ok(BatchLine::Event(event)) => prepared.push(*event),
                        Ok(BatchLine::Day(_) | BatchLine::Frame) => {}
                        Err(error) => return Err(error),
                    }
                }
                (prepared, self.resolve_target(target)?)
            }
            _ => (vec![], None),
        };
        Ok(log::prepare_write(
            &mut self.session,
            prepared,
            incident.as_ref(),
        ))
    }

    /// Declares an incident with a line. If the line contains more than a title (a kind, a time,
    /// customer wording), it is also logged as the first event of the incident. A retry of a
    /// declaration that may be in the store declares the same incident.
    pub(super) fn declare(
        &mut self,
        typed: &TypedLine,
        severity: Option<Severity>,
        adopt: bool,
    ) -> Result<Reply> {
        let job = Job::Declare {
            typed: typed.clone(),
            severity,
            adopt,
        };
        let retried = self
            .declarations
            .iter()
            .position(|(earlier, _)| *earlier == job);
        let pending = match retried {
            Some(at) => self.declarations.remove(at).1,
            None => self.prepare_declaration(typed, severity, adopt)?,
        };
        let result = declare::declare(&mut self.session, &pending.declaration)
            .and_then(|declared| self.log_first_event(typed, &pending, declared.incident));
        keep_for_retry(&mut self.declarations, job, pending);
        result
    }

    /// Parses the line of a declaration, and fixes the id of the incident.
    fn prepare_declaration(
        &mut self,
        typed: &TypedLine,
        severity: Option<Severity>,
        adopt: bool,
    ) -> Result<PendingDeclaration> {
        let (text, typed_severity) = split_severity(&typed.text);
        let (severity, text) = (severity.or(typed_severity), text.to_owned());
        let (mut context, _) = self.parse_session(&Target::Unfiled, typed.begun, true)?;
        let prepared = log::prepare(&self.session, &mut context, &text, &Flags::default())?;
        let event = prepared.event;
        let title_only = is_title_only(&event, typed.begun);
        let (title, named_services) = extract_services(&event.text);
        let at = if title_only {
            event.at.into()
        } else {
            typed.begun
        };
        let state = event.given_state().filter(|_| title_only);
        let mut services = event.services;
        services.extend(
            named_services
                .into_iter()
                .filter(|name| !event.people.contains(name)),
        );
        services.dedup();
        if adopt && adopt::recent_unfiled(&self.session)?.is_empty() {
            return Err(OpsError::failed("there is no unfiled event to take in"));
        }
        let now = self.session.now();
        let id = self.session.write_context.ids.new_id(now);
        Ok(PendingDeclaration {
            id,
            declaration: declare::Declaration {
                id: Some(id),
                title,
                severity,
                services,
                state,
                at: Some(format_utc(at)),
                adopt: adopt.then(|| "all".to_owned()).into_iter().collect(),
                ..declare::Declaration::default()
            },
            first_event: (!title_only).then_some(text),
        })
    }

    /// Logs the line as the first event of the incident it declared, if it contains more than the
    /// title.
    fn log_first_event(
        &mut self,
        typed: &TypedLine,
        pending: &PendingDeclaration,
        incident: IncidentRow,
    ) -> Result<Reply> {
        let mut fault_handle = None;
        match &pending.first_event {
            None => {
                self.logged_lines.insert(typed.seq);
            }
            Some(text) => {
                let first = TypedLine {
                    // The same in each retry.
                    target: Target::Named(handle::from_id(pending.id)),
                    text: text.clone(),
                    ..typed.clone()
                };
                if let Reply::Done {
                    next: NextStep::EventsWritten { ask_state, .. },
                    ..
                } = self.log(Job::Log(first))?
                {
                    fault_handle = ask_state;
                }
            }
        }
        Ok(done(
            format!("declared #{}", short_ref(&incident)),
            NextStep::ShowIncident {
                handle: incident.handle,
                line_seq: typed.seq,
                ask_state: fault_handle,
            },
        ))
    }
}

/// Returns true if a line contains nothing beyond what the declaration records.
pub(super) fn is_title_only(event: &Event, begun: UtcTime) -> bool {
    event.kind == Kind::Note
        && event.at_utc() == begun
        && !event.approximate
        && event.end.is_none()
        && event.customer.is_none()
        && [&event.tags, &event.people]
            .iter()
            .all(|names| names.is_empty())
        && event.links.is_empty()
        && !event.text.contains('\n')
}

/// Splits off a severity at the end of a line, as in `mail is slow sev3`, unless the line has
/// customer wording.
fn split_severity(title: &str) -> (&str, Option<Severity>) {
    let Some((rest, last)) = title.rsplit_once(' ') else {
        return (title, None);
    };
    let has_prefix = last.len() == 4 && last.to_ascii_lowercase().starts_with("sev");
    match last.parse() {
        Ok(severity) if has_prefix && !rest.contains("tell:") => (rest.trim_end(), Some(severity)),
        _ => (title, None),
    }
}

/// Returns a title without its `@` signs, and the services marked by them. Services at the end are
/// removed from the title, others stay as words.
fn extract_services(text: &str) -> (String, Vec<String>) {
    let mut words: Vec<&str> = text.split(' ').collect();
    let mut named_services = Vec::new();
    let name = |word: &str| {
        let name = word
            .strip_prefix('@')?
            .trim_end_matches([',', '.', ';', ':']);
        (!name.is_empty() && !name.contains('@')).then(|| name.to_owned())
    };
    while words.len() > 1
        && let Some(service) = words.last().and_then(|word| name(word))
    {
        named_services.insert(0, service);
        words.pop();
    }
    for word in &mut words {
        if let Some(service) = name(word) {
            named_services.push(service);
            *word = &word[1..];
        }
    }
    (words.join(" "), named_services)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_extracted_from_title() {
        assert_eq!(
            extract_services("outage @db"),
            ("outage".into(), vec!["db".into()])
        );
        assert_eq!(
            extract_services("@db is gone"),
            ("db is gone".into(), vec!["db".into()])
        );
        assert_eq!(
            extract_services("mail to a@b.example"),
            ("mail to a@b.example".into(), vec![])
        );
    }
}
