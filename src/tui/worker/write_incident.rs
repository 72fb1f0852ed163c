//! Jobs that write of the incident: fields, services, letters, sections, its end.

use super::{
    Worker,
    wording::{incident_name, join_notices, unwell_after_end},
    writes::{done, events_written, refresh},
};
use crate::{
    domain::{count::counted, review::ReviewStage},
    ops::{
        OpsError, Result, document, field, lifecycle, lint, merge, message, names, review,
        section_material, service,
    },
    tui::msg::{ClearInput, NextStep, Reply},
};
use std::{
    env,
    ffi::OsStr,
    io::{self, Write as _},
    path::Path,
};

impl Worker {
    pub(super) fn set_field(&mut self, handle: &str, name: &str, value: &str) -> Result<Reply> {
        if name == "commander" {
            let logged = lifecycle::handoff(&mut self.session, Some(handle), None, value)?;
            return Ok(refresh(logged.event.value.text));
        }
        let set = field::set(&mut self.session, Some(handle), name, value, None)?;
        let notices = join_notices(&set.notices);
        let (name, value) = (&set.name, self.field_value(&set.value));
        Ok(refresh(format!("{name} is {value}{notices}")))
    }

    pub(super) fn add_service(&mut self, handle: &str, text: &str) -> Result<Reply> {
        let (name, public) = text.split_once(' ').unwrap_or((text, ""));
        let public = public.trim();
        if let Some(new) = public.strip_prefix("--rename ") {
            let kind = names::kind_of(&self.session, handle, name)?;
            let renamed = names::rename(&mut self.session, Some(handle), kind, name, new)?;
            return Ok(refresh(format!(
                "renamed {} {} to {}",
                kind.word(),
                renamed.name,
                new.trim().trim_start_matches('@')
            )));
        }
        if public == "--remove" {
            let kind = names::kind_of(&self.session, handle, name)?;
            // What goes was shown before.
            names::remove(&mut self.session, Some(handle), kind, name, true)?;
            return Ok(refresh(format!("removed {} {name}", kind.word())));
        }
        let public = (!public.is_empty()).then_some(public);
        let set = service::set_service(&mut self.session, Some(handle), name, public)?;
        let public = set.value.public_name;
        let public_note =
            public.map_or_else(String::new, |p| format!(" · customers will read: {p}"));
        Ok(refresh(format!("added service {}{public_note}", set.name)))
    }

    pub(super) fn save_letter(&mut self, stage: usize, over: Option<&str>) -> Result<Reply> {
        let shown = self.shown_handle()?;
        let stage = document::Stage::ALL.get(stage).copied();
        let saved = message::save(&mut self.session, shown.as_deref(), stage, over, None)?;
        let incident = self.session.load_incident(&saved.incident)?;
        let stage = stage.unwrap_or_else(|| document::Stage::next_for(&incident));
        let to_fix = match lint::check_letter(&self.session, &incident, stage)?.len() {
            0 => String::new(),
            n => format!(", {n} to fix before it is sent"),
        };
        Ok(refresh(format!("saved as {}{to_fix}", letter_name(&saved))))
    }

    pub(super) fn approve(&mut self, number: &str, approver: &str) -> Result<Reply> {
        let shown = self.shown_handle()?;
        let saved = message::approve(&mut self.session, shown.as_deref(), approver, number)?;
        Ok(refresh(format!(
            "{} is approved by {approver}",
            letter_name(&saved)
        )))
    }

    pub(super) fn review(&mut self, stage: ReviewStage, by: &str) -> Result<Reply> {
        let shown = self.shown_handle()?;
        let reviewed = review::record(&mut self.session, shown.as_deref(), stage, by)?;
        let word = match stage {
            ReviewStage::Reviewed => "reviewed",
            ReviewStage::Final => "final",
        };
        Ok(refresh(format!(
            "the postmortem is {word} by {}",
            reviewed.by
        )))
    }

    pub(super) fn mark_sent(&mut self, number: &str, via: &str) -> Result<Reply> {
        let shown = self.shown_handle()?;
        let sent = message::SendDetails {
            via,
            ..message::SendDetails::default()
        };
        let saved = message::mark_sent(&mut self.session, shown.as_deref(), number, &sent)?;
        Ok(refresh(format!(
            "{} was sent by {}{}",
            letter_name(&saved),
            saved.message.via.as_deref().unwrap_or(via),
            join_notices(&saved.notices)
        )))
    }

    pub(super) fn resolve(&mut self, handle: &str, text: &str) -> Result<Reply> {
        let logged = lifecycle::resolve(&mut self.session, Some(handle), None, text)?;
        let name = logged.incident.as_ref().map(incident_name);
        let unwell = logged.incident.as_ref().and_then(unwell_after_end);
        let unwell = unwell.map(|unwell| format!(" · {unwell}"));
        Ok(done(
            format!(
                "resolved {}{}",
                name.unwrap_or_default(),
                unwell.unwrap_or_default()
            ),
            events_written(&logged, ClearInput::Nothing),
        ))
    }

    pub(super) fn reopen(&mut self, handle: &str, text: &str) -> Result<Reply> {
        let logged = lifecycle::reopen(&mut self.session, Some(handle), None, text)?;
        let name = logged.incident.as_ref().map(incident_name);
        Ok(done(
            format!("reopened {}", name.unwrap_or_default()),
            events_written(&logged, ClearInput::Nothing),
        ))
    }

    /// Merges incident `from` into `into`, which is shown then if `from` was.
    pub(super) fn merge(&mut self, from: &str, into: &str) -> Result<Reply> {
        let into = into.trim().trim_start_matches('#');
        let merged = merge::merge(&mut self.session, from, into)?;
        let mut said = format!(
            "merged {} into {}",
            incident_name(&merged.from),
            incident_name(&merged.into)
        );
        if !merged.kept_fields.is_empty() {
            said.push_str(&format!(" · kept: {}", merged.kept_fields.join(", ")));
        }
        said.push_str(&join_notices(&merged.notices));
        if self.shown_incident == Some(merged.from.id) {
            return Ok(done(
                said,
                NextStep::ShowIncident {
                    handle: merged.into.handle,
                    line_seq: 0,
                },
            ));
        }
        Ok(refresh(said))
    }

    pub(super) fn write_section(&mut self, name: &str, text: &str) -> Result<Reply> {
        let shown = self.shown_handle()?;
        let edited = self.memory.edited_section.clone();
        let session = &mut self.session;
        let change = match edited.filter(|(_, edited, _)| edited == name) {
            Some((incident, _, before)) => {
                if section_material::without_material(text).trim() == before.trim() {
                    return Ok(refresh(format!("{name}: no changes")));
                }
                let given = session.read().handle_of(incident)?;
                field::write_edited_section(session, &given, name, &before, text)
            }
            None => field::write_section(session, shown.as_deref(), name, text),
        };
        // What is retried stays with the app, which keeps it as a draft.
        let change = change.map_err(|error| match error.retryable {
            true => error,
            false => keep_prose(error, name, text, session.store.path()),
        })?;
        self.memory.edited_section = None;
        let lines = change.value.lines().count();
        let lines = counted(lines as u64, "line", "lines");
        Ok(refresh(format!("{} written ({lines})", change.name)))
    }
}

fn letter_name(saved: &message::SavedMessage) -> String {
    format!("m{}", saved.message.number)
}

fn keep_prose(error: OpsError, name: &str, text: &str, database: &Path) -> OpsError {
    let write = |folder: &Path| {
        let file_name = database.file_name().unwrap_or(OsStr::new("bridgelog"));
        let mut file = tempfile::Builder::new()
            .prefix(&format!("{}-{name}-", file_name.display()))
            .suffix(".md")
            .tempfile_in(folder)?;
        file.write_all(text.as_bytes())?;
        file.flush()?;
        Ok::<_, io::Error>(file.keep()?.1)
    };
    let folder = database.parent().unwrap_or(Path::new("."));
    let kept = write(folder).or_else(|_| write(&env::temp_dir()));
    match kept {
        Ok(path) => error.with_hint(format!(
            "what was typed is in {0}: `bridgelog write {name} --from {0}`",
            path.display()
        )),
        Err(kept) => error.with_hint(format!("what was typed could not be kept: {kept}")),
    }
}
