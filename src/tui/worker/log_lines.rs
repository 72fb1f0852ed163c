//! Lines into the log book: one, the lines of a paste, one that declares.

use super::{Worker, writes::done};
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
        declare,
        log::{self, PendingWrite},
        resolve::short_ref,
    },
    tui::msg::{ClearInput, Job, NextStep, Reply, Target, TypedLine},
};

use uuid::Uuid;

/// So many jobs that failed are kept to be tried again.
const MAX_UNACKNOWLEDGED: usize = 16;

/// The declaration of an incident whose outcome may be unknown.
pub(super) struct PendingDeclaration {
    /// The id of the incident.
    id: Uuid,
    declaration: declare::Declaration,
    /// The line, where it is logged as an event as well.
    first_event: Option<String>,
}

/// Keeps what may be on the disk, so that the same job once more writes the same.
fn keep_for_retry<T>(unsure: &mut Vec<(Job, T)>, job: Job, pending: T) {
    if unsure.len() == MAX_UNACKNOWLEDGED {
        unsure.remove(0);
    }
    unsure.push((job, pending));
}

impl Worker {
    /// Logs a line, or the lines of a paste. What could not be appended is kept as it was sealed, for
    /// when the same is tried again.
    pub(super) fn log(&mut self, job: Job) -> Result<Reply> {
        let known = self
            .unacknowledged
            .iter()
            .position(|(unsure, _)| *unsure == job);
        let sealed = match known {
            Some(at) => self.unacknowledged.remove(at).1,
            None => self.prepare_write(&job)?,
        };
        let logged = match log::append(&mut self.book, &sealed) {
            Ok(logged) => logged,
            Err(error) => {
                keep_for_retry(&mut self.unacknowledged, job, sealed);
                return Err(error);
            }
        };
        let state_known = sealed.incident().is_none_or(|row| row.state.is_some());
        let ids: Vec<_> = logged.iter().map(|l| l.event.id).collect();
        let (Job::Log(typed), Some(one)) = (&job, logged.first()) else {
            let next = NextStep::EventsWritten {
                ids,
                ask_state: None,
                clear: ClearInput::Paste,
            };
            return Ok(done(format!("logged {} events", logged.len()), next));
        };
        self.logged_lines.insert(typed.seq);
        let event = &one.event;
        let asks = event.value.kind == Kind::Fault && event.value.state.is_none() && !state_known;
        let place = match &one.incident {
            Some(row) => format!("in #{}", short_ref(row)),
            None => "unfiled: no incident is open".to_owned(),
        };
        let notice = one
            .notices
            .first()
            .map_or_else(String::new, |n| format!(" · {n}"));
        Ok(done(
            format!("logged {} {place}{notice}", event.handle),
            NextStep::EventsWritten {
                ids,
                ask_state: asks.then(|| event.handle.clone()),
                clear: ClearInput::Line(typed.seq),
            },
        ))
    }

    /// The incident that lines for `target` go to.
    fn resolve_target(&self, target: &Target) -> Result<Option<IncidentRow>> {
        match target {
            Target::Named(handle) => self.book.resolve_for_write(Some(handle)),
            Target::Open => self.book.resolve_for_write(None),
            Target::Unfiled => Ok(None),
        }
    }

    /// Reads the lines of `job` and seals their events.
    fn prepare_write(&mut self, job: &Job) -> Result<PendingWrite> {
        let flags = Flags::default();
        let (prepared, incident) = match job {
            Job::Log(typed) => {
                let (mut known, _) =
                    self.parse_session(&typed.target, typed.begun, typed.allow_customer_wording)?;
                let event = log::prepare(&self.book, &mut known, &typed.text, &flags)?;
                (vec![event], self.resolve_target(&typed.target)?)
            }
            Job::LogPaste {
                lines,
                begun,
                target,
            } => {
                let (known, _) = self.parse_session(target, *begun, false)?;
                let mut sheet = BatchParser::new(known);
                let mut prepared = Vec::new();
                for (at, (line, tell)) in lines.iter().enumerate() {
                    match sheet.parse_line(&self.book, at + 1, line, &flags, *tell)? {
                        BatchLine::Event(event) => prepared.push(*event),
                        BatchLine::Day(_) => {}
                    }
                }
                (prepared, self.resolve_target(target)?)
            }
            _ => (vec![], None),
        };
        Ok(log::prepare_write(
            &mut self.book,
            prepared,
            incident.as_ref(),
        ))
    }

    /// Begins an incident with a line. Where the line says more than what it is called (a kind, a time
    /// of its own, wording for customers), it is the first event of it as well. A retry of a
    /// declaration that may be on the disk declares the same incident.
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
        let known = self
            .declarations
            .iter()
            .position(|(unsure, _)| *unsure == job);
        let pending = match known {
            Some(at) => self.declarations.remove(at).1,
            None => self.prepare_declaration(typed, severity, adopt)?,
        };
        let done = declare::declare(&mut self.book, &pending.declaration)
            .and_then(|declared| self.log_first_event(typed, &pending, declared.incident));
        keep_for_retry(&mut self.declarations, job, pending);
        done
    }

    /// Reads the line of a declaration, and fixes the id of the incident.
    fn prepare_declaration(
        &mut self,
        typed: &TypedLine,
        severity: Option<Severity>,
        adopt: bool,
    ) -> Result<PendingDeclaration> {
        let (text, said) = split_severity(&typed.text);
        let (severity, text) = (severity.or(said), text.to_owned());
        let (mut known, _) = self.parse_session(&Target::Unfiled, typed.begun, true)?;
        let prepared = log::prepare(&self.book, &mut known, &text, &Flags::default())?;
        let event = prepared.event;
        let only_a_title = is_title_only(&event, typed.begun);
        let (title, named) = extract_services(&event.text);
        let at = if only_a_title {
            event.at.into()
        } else {
            typed.begun
        };
        let state = event.given_state().filter(|_| only_a_title);
        let mut services = event.services;
        services.extend(
            named
                .into_iter()
                .filter(|name| !event.people.contains(name)),
        );
        services.dedup();
        if adopt && adopt::recent_unfiled(&self.book)?.is_empty() {
            return Err(OpsError::failed("there is no unfiled event to take in"));
        }
        let now = self.book.now();
        let id = self.book.write_context.ids.new_id(now);
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
            first_event: (!only_a_title).then_some(text),
        })
    }

    /// Logs the line as the first event of the incident that it declared, where it says more than the
    /// title.
    fn log_first_event(
        &mut self,
        typed: &TypedLine,
        pending: &PendingDeclaration,
        incident: IncidentRow,
    ) -> Result<Reply> {
        let mut ask = None;
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
                    ask = ask_state;
                }
            }
        }
        Ok(done(
            format!("declared #{}", short_ref(&incident)),
            NextStep::ShowIncident {
                handle: incident.handle,
                line_seq: typed.seq,
                ask_state: ask,
            },
        ))
    }
}

/// True where a line says nothing that the declaration of an incident would not say as well.
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

/// A line, and the severity that stands at its end: `mail is slow sev3`; not in what customers read.
fn split_severity(title: &str) -> (&str, Option<Severity>) {
    let Some((rest, last)) = title.rsplit_once(' ') else {
        return (title, None);
    };
    let is_one = last.len() == 4 && last.to_ascii_lowercase().starts_with("sev");
    match last.parse() {
        Ok(severity) if is_one && !rest.contains("tell:") => (rest.trim_end(), Some(severity)),
        _ => (title, None),
    }
}

/// A title, and the services named in it: with an incident begins what `@` means. At the end they are
/// taken out, within they stay as their words.
fn extract_services(text: &str) -> (String, Vec<String>) {
    let mut words: Vec<&str> = text.split(' ').collect();
    let mut named = Vec::new();
    let name = |word: &str| {
        let name = word
            .strip_prefix('@')?
            .trim_end_matches([',', '.', ';', ':']);
        (!name.is_empty() && !name.contains('@')).then(|| name.to_owned())
    };
    while words.len() > 1
        && let Some(service) = words.last().and_then(|word| name(word))
    {
        named.insert(0, service);
        words.pop();
    }
    for word in &mut words {
        if let Some(service) = name(word) {
            named.push(service);
            *word = &word[1..];
        }
    }
    (words.join(" "), named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_extracted_from_title() {
        let named = |text| extract_services(text);
        assert_eq!(named("outage @db"), ("outage".into(), vec!["db".into()]));
        assert_eq!(
            named("@db is gone"),
            ("db is gone".into(), vec!["db".into()])
        );
        assert_eq!(
            named("mail to a@b.example"),
            ("mail to a@b.example".into(), vec![])
        );
    }
}
