//! Jobs that write events: corrections, retractions, moves, redactions.

use super::{
    Worker,
    wording::{event_name, excerpt, incident_name, join_notices},
    writes::{done, refresh},
};
use crate::{
    domain::{
        capture::Flags,
        count::counted,
        value::Value,
        when::{self, When},
    },
    ops::{
        OpsError, Result, adopt, amend,
        attach::{self, TypedEvidence},
        edit, redact, restore,
    },
    tui::msg::{NextStep, R_RESTORES, Reply},
};
use chrono::TimeDelta;
use std::path::PathBuf;
use uuid::Uuid;

impl Worker {
    pub(super) fn rewrite(&mut self, handle: &str, line: &str, seen: Uuid) -> Result<Reply> {
        let seen = (!seen.is_nil()).then_some(seen);
        self.refuse_if_amended(handle, seen)?;
        let amended = edit::apply_edit(&mut self.session, handle, line, seen)?;
        Ok(self.changed(&amended))
    }

    /// Refuses an edit of an event that was amended since the entry `seen`.
    fn refuse_if_amended(&self, handle: &str, seen: Option<Uuid>) -> Result<()> {
        let target = self.session.resolve_target(handle)?;
        let shown = target.current.shown;
        let Some(entry) = seen
            .filter(|seen| *seen != shown)
            .and_then(|_| self.session.read().entry(shown).transpose())
            .transpose()?
        else {
            return Ok(());
        };
        let header = entry.header();
        let who = if header.author == self.session.write_context.author {
            "you changed this event elsewhere"
        } else {
            &format!("{} changed this event", header.author)
        };
        let at = self.zone.to_local(header.recorded).format("%H:%M:%S");
        let text = target.current.value.event().map_or("", |event| &event.text);
        Err(
            OpsError::failed(format!("{who} at {at}, after you opened it"))
                .with_hint(excerpt(text)),
        )
    }

    /// Says that an event was changed.
    fn changed(&self, amended: &amend::Amended) -> Reply {
        let zone = self.zone_for(amended.incident.as_ref());
        let name = event_name(&amended.event, &zone, self.session.now());
        refresh(format!("changed {name}{}", join_notices(&amended.notices)))
    }

    pub(super) fn retime(&mut self, handle: &str, when: &str) -> Result<Reply> {
        let when = self
            .shifted(handle, when)?
            .unwrap_or_else(|| when.to_owned());
        let amended = amend::amend(&mut self.session, handle, "", &time_only_flags(&when))?;
        let Value::Event(before) = &amended.target.current.value else {
            return Ok(self.changed(&amended));
        };
        let zone = self.zone_for(amended.incident.as_ref());
        let name = event_name(before, &zone, self.session.now());
        let at = zone.to_local(amended.event.at_utc());
        Ok(refresh(format!(
            "{name} is at {} now{}",
            at.format("%H:%M:%S"),
            join_notices(&amended.notices)
        )))
    }

    /// Returns the time that `+2m` or `-30s` means for an event: so much after or before it is now. `None`
    /// for any other time.
    pub(super) fn shifted(&self, handle: &str, typed: &str) -> Result<Option<String>> {
        let typed = typed.trim();
        let (sign, length) = match (typed.strip_prefix('+'), typed.strip_prefix('-')) {
            (Some(length), _) => (1, length),
            (None, Some(length)) => (-1, length),
            (None, None) => return Ok(None),
        };
        let Some(delta) =
            when::parse_time_box(length).and_then(|seconds| TimeDelta::try_seconds(sign * seconds))
        else {
            return Ok(None);
        };
        let target = self.session.resolve_target(handle)?;
        let Some(event) = target.current.value.event() else {
            return Ok(None);
        };
        let row = match target.current.incident {
            Some(id) => self.session.read().incident_row(id)?,
            None => None,
        };
        let zone = self.session.zone_of(row.as_ref())?;
        let moved = |at: chrono::DateTime<chrono::FixedOffset>| {
            at.checked_add_signed(delta)
                .map(|at| zone.to_local(at.to_utc()))
                .ok_or_else(|| OpsError::usage(format!("`{typed}` is too far")))
        };
        let when = When {
            at: moved(event.at)?,
            zone: zone.name().to_owned(),
            approximate: event.approximate,
            end: event.end.map(moved).transpose()?,
            assumed_day: None,
            zone_notice: None,
            doubts: vec![],
        };
        Ok(Some(when::format_when(&when, &zone)))
    }

    pub(super) fn patch(&mut self, handle: &str, line: &str) -> Result<Reply> {
        let amended = amend::amend(&mut self.session, handle, line, &Flags::default())?;
        let zone = self.zone_for(amended.incident.as_ref());
        let name = event_name(&amended.event, &zone, self.session.now());
        let state = amended.event.state.as_ref();
        let state = state.map_or_else(String::new, |state| format!(", {state}"));
        Ok(refresh(format!(
            "changed {name}{state}{}",
            join_notices(&amended.notices)
        )))
    }

    pub(super) fn retract(&mut self, handle: &str, reason: &str) -> Result<Reply> {
        self.refuse_declaration(handle)?;
        // The check has shown what follows.
        Ok(
            match amend::retract(&mut self.session, handle, reason, true)? {
                amend::Retraction::Done { target, notices } => {
                    let row = self.row_of(target.current.incident)?;
                    let label = self.label(&target.current.value, row.as_ref());
                    let notices = join_notices(&notices);
                    done(
                        format!("retracted {label} · {R_RESTORES}{notices}"),
                        NextStep::Gone(vec![target.handle]),
                    )
                }
                amend::Retraction::Ask(question) => return Err(OpsError::failed(question)),
            },
        )
    }

    /// Refuses to retract the declaration of an incident.
    fn refuse_declaration(&self, handle: &str) -> Result<()> {
        let target = self.session.resolve_target(handle)?;
        let row = self.row_of(target.current.incident)?;
        let Some(row) = row.filter(|_| target.is_declaration()) else {
            return Ok(());
        };
        let name = incident_name(&row);
        let others = row.entry_count.saturating_sub(1);
        let (message, hint) = if others == 0 {
            (
                format!("the declaration of {name} cannot be retracted"),
                "u undoes it".to_owned(),
            )
        } else {
            let entries = counted(others, "entry depends", "entries depend");
            (
                format!("the declaration of {name} cannot be retracted: {entries} on it"),
                format!("R resolves {name}"),
            )
        };
        Err(OpsError::failed(message).with_hint(hint))
    }

    pub(super) fn restore(&mut self, handles: &[String]) -> Result<Reply> {
        let all = restore::restore_all(&mut self.session, handles)?;
        let Some(first) = all.first() else {
            return Err(OpsError::failed("there is nothing to bring back"));
        };
        let label = self.label(&first.value, first.incident.as_ref());
        let label = match all.len() {
            1 => label,
            n => format!("{n} rows, the first {label}"),
        };
        if all.iter().all(|restored| restored.unchanged) {
            return Ok(refresh(format!("{label} is there already")));
        }
        let notices: Vec<String> = all.iter().flat_map(|r| r.notices.clone()).collect();
        let notices = join_notices(&notices);
        Ok(refresh(format!("brought back {label}{notices}")))
    }

    pub(super) fn adopt(&mut self, handle: &str) -> Result<Reply> {
        let adopted = adopt::adopt(&mut self.session, &[handle.to_owned()], None)?;
        let into = &adopted.into;
        let first = adopted.targets.first();
        let label = first.map_or_else(String::new, |t| self.label(&t.current.value, Some(into)));
        Ok(refresh(format!(
            "{label} is in {} now{}",
            incident_name(into),
            join_notices(&adopted.notices)
        )))
    }

    /// Attaches a file, or a link where `typed` is an address.
    pub(super) fn attach(&mut self, handle: &str, typed: &str) -> Result<Reply> {
        let typed = typed.trim();
        let evidence = if typed.contains("://") || typed.starts_with("mailto:") {
            TypedEvidence {
                urls: vec![typed.to_owned()],
                ..TypedEvidence::default()
            }
        } else {
            TypedEvidence {
                files: vec![typed_path(typed)],
                ..TypedEvidence::default()
            }
        };
        let flags = Flags::default();
        let amended = attach::amend(&mut self.session, handle, "", &flags, &evidence)?;
        let zone = self.zone_for(amended.incident.as_ref());
        let name = event_name(&amended.event, &zone, self.session.now());
        let what = match (evidence.urls.first(), amended.event.files.last()) {
            (None, Some(file)) => file.label(),
            _ => "a link".to_owned(),
        };
        Ok(refresh(format!(
            "attached {what} to {name}{}",
            join_notices(&amended.notices)
        )))
    }

    pub(super) fn move_event(&mut self, handle: &str, to: &str) -> Result<Reply> {
        let moved = adopt::move_events(&mut self.session, &[handle.to_owned()], to)?;
        let label = moved.targets.first().map_or_else(String::new, |target| {
            self.label(&target.current.value, Some(&moved.into))
        });
        Ok(refresh(format!(
            "moved {label} to {}{}",
            incident_name(&moved.into),
            join_notices(&moved.notices)
        )))
    }

    pub(super) fn redact(&mut self, handle: &str, reason: &str, answer: &str) -> Result<Reply> {
        let target = redact::find(&self.session, handle)?;
        redact::confirm(answer, &target)?;
        let redacted = redact::redact_target(&mut self.session, &target, reason)?;
        Ok(done(
            format!("the text of {handle} is destroyed, in every version"),
            NextStep::ShowText {
                title: format!("{handle} is redacted: what it does not reach"),
                paragraphs: redacted.notices,
            },
        ))
    }
}

/// Returns the path that a person typed: no shell has read the `~/`, or the quotes that a terminal puts around a
/// file dropped on it.
fn typed_path(typed: &str) -> PathBuf {
    let unquoted = ['\'', '"'].into_iter().find_map(|quote| {
        let inner = typed.strip_prefix(quote)?.strip_suffix(quote)?;
        (!inner.is_empty()).then_some(inner)
    });
    let typed = unquoted.unwrap_or(typed);
    match (typed.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => PathBuf::from(home).join(rest),
        _ => PathBuf::from(typed),
    }
}

pub(super) fn time_only_flags(when: &str) -> Flags {
    Flags {
        at: Some(when.to_owned()),
        ..Flags::default()
    }
}
