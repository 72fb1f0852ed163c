//! The lines of a check: what goes, what comes, and what follows from it, the most important first.

use super::{
    Worker,
    check::{Rehearsal, ValueChange},
    check_records::service_lines,
    check_words::{
        added, letter_line, name_of, plain, removed, warning, with_wording, wording_lines,
    },
    gone_parts::what_goes,
    question::long_before,
    wording::{
        RowForm, event_label, event_row, incident_label, notice_in_app, short_time, task_row,
    },
};
use crate::{
    domain::{
        count::counted,
        event::Event,
        incident::{Incident, Record},
        review::ReviewStage,
        subject::Subject,
        value::Value,
        zone::Zone,
    },
    ops::{timeline::gone_note, undo::NextAct},
    tui::msg::{CheckLine, Target, TypedLine, Write},
};
use uuid::Uuid;

impl Worker {
    /// Returns what `write` does, which `rehearsal` did.
    pub(super) fn lines_of(&self, write: &Write, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let first = rehearsal.incidents.first();
        match write {
            Write::Resolve(..) | Write::Reopen(..) => {
                let lines = first.map(|change| match write {
                    Write::Resolve(..) => self.resolve_lines(change),
                    _ => self.reopen_lines(change),
                });
                with_wording(lines.unwrap_or_default(), rehearsal)
            }
            Write::Declare(typed) => self.declare_lines(typed, rehearsal),
            Write::SetField(_, name, _) => self.field_lines(name, rehearsal),
            Write::AddService(..) => service_lines(rehearsal),
            Write::SaveLetter { .. } | Write::Approve(..) | Write::MarkSent(..) => {
                self.message_lines(write, rehearsal)
            }
            Write::Review(stage, by) => {
                vec![plain(format!(
                    "The postmortem counts as {} by {by}, as it is now",
                    review_word(*stage)
                ))]
            }
            Write::ChangeTaskState(handle, state, _) => {
                self.task_state_lines(handle, *state, rehearsal)
            }
            Write::Merge(from, into) => self.merge_lines(from, into, rehearsal),
            Write::WriteSection(name, _) => self.section_lines(name, rehearsal),
            Write::SetOwner(_, owner) => {
                let mut lines: Vec<CheckLine> = self.unknown_person(owner).into_iter().collect();
                lines.extend(self.general_lines(write, rehearsal));
                lines
            }
            Write::Attach(..) => self.attach_lines(write, rehearsal),
            // Of any other, all that it changes is listed.
            _ => self.general_lines(write, rehearsal),
        }
    }

    /// The event, and what is attached to it.
    fn attach_lines(&self, write: &Write, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let mut lines = self.general_lines(write, rehearsal);
        let values = rehearsal.changes.first();
        let values =
            values.and_then(|change| Some((change.before.as_ref()?, change.after.as_ref()?)));
        let Some((Some(before), Some(after))) = values.map(|(b, a)| (b.event(), a.event())) else {
            return lines;
        };
        let files = after.files.iter().skip(before.files.len());
        lines.extend(files.map(|file| added(format!("file {}", file.label()))));
        let urls = after.urls.iter().skip(before.urls.len());
        lines.extend(urls.map(|url| added(format!("link {url}"))));
        lines
    }

    /// A warning for a name that is not in the newest entries: it may be mistyped.
    fn unknown_person(&self, name: &str) -> Option<CheckLine> {
        if matches!(name.trim(), "" | "-") {
            return None;
        }
        let person = self.session.typed_person(name, "owner").ok()?;
        let notice = person.notice;
        (!person.is_known).then(|| {
            warning(
                notice
                    .unwrap_or_else(|| format!("@{} is new here: check the spelling", person.name)),
            )
        })
    }

    /// What any change of events and tasks does.
    fn general_lines(&self, write: &Write, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let mut lines = Vec::new();
        if let Some(act) = &rehearsal.act
            && act.is_elsewhere
        {
            lines.push(warning(self.elsewhere(act)));
        }
        lines.extend(self.value_lines(rehearsal));
        if let Write::Rewrite { .. } | Write::Patch(..) = write {
            lines.extend(rehearsal.changes.first().and_then(what_goes));
        }
        lines.extend(
            rehearsal
                .act
                .as_ref()
                .and_then(|act| self.elsewhere_shown(act)),
        );
        if let Write::Log(typed) = write {
            lines.extend(self.question_line(typed, &typed.target));
        }
        for change in &rehearsal.incidents {
            lines.extend(self.lifecycle_line(change));
        }
        lines.extend(self.place_lines(write, rehearsal));
        lines.extend(wording_lines(rehearsal));
        let has_events = rehearsal
            .changes
            .iter()
            .any(|change| matches!(change.subject, Subject::Event(_)));
        if has_events {
            lines.extend(self.state_lines(rehearsal));
        }
        if let Write::Restore(handles) = write
            && let Some(handle) = handles.first()
            && let Ok(target) = self.session.resolve_including_undone(handle)
            && let Ok(Some(note)) = gone_note(&self.session, &target.current)
        {
            lines.push(plain(format!("until now: {note}")));
        }
        for change in &rehearsal.incidents {
            lines.extend(letter_line(change));
        }
        if let Write::Rewrite { .. } | Write::Patch(..) = write {
            lines.extend(rehearsal.changes.first().and_then(what_stays).map(plain));
        }
        if let Some(act) = &rehearsal.act {
            if !act.is_elsewhere {
                let zone = self.zone_for(act.undone.incident.as_ref());
                let at = short_time(act.recorded, &zone, self.session.now(), true);
                lines.push(plain(format!("done at {at} in this terminal")));
            }
            let notices = act.undone.notices.iter();
            lines.extend(
                notices
                    .filter_map(|notice| notice_in_app(notice))
                    .map(warning),
            );
        }
        lines
    }

    /// Why a line is asked about before it is logged.
    pub(super) fn question_line(&self, typed: &TypedLine, target: &Target) -> Option<CheckLine> {
        let setting = self
            .line_setting(target, typed.begun, typed.allow_customer_wording, None)
            .ok()?;
        let (prepared, question) = self.read_typed(typed, &typed.text, setting).ok()?;
        let is_first = *target == Target::Unfiled;
        let before = is_first.then(|| long_before(&prepared.event, typed.begun));
        question.or(before.flatten()).map(warning)
    }

    /// Says that an act is one of another terminal.
    fn elsewhere(&self, act: &NextAct) -> String {
        let zone = self.zone_for(act.undone.incident.as_ref());
        let at = short_time(act.recorded, &zone, self.session.now(), true);
        let author = &self.session.write_context.author;
        format!("This terminal has none left: {author} did this in another one, at {at}")
    }

    /// Names the incident of an act that is not the one shown.
    fn elsewhere_shown(&self, act: &NextAct) -> Option<CheckLine> {
        let row = act.undone.incident.as_ref();
        let row = row.filter(|row| Some(row.id) != self.shown_incident)?;
        Some(warning(format!("It is in {}", incident_label(row))))
    }

    /// The events and tasks that go and come.
    fn value_lines(&self, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let now = self.session.now();
        let of_change = |change: &ValueChange| -> Vec<CheckLine> {
            let zone = self.zone_of_change(change, rehearsal);
            match (&change.before, &change.after) {
                (Some(Value::Event(before)), Some(Value::Event(after))) => {
                    if before == after {
                        let row = event_row(after, &zone, now, RowForm::default());
                        return vec![plain(row)];
                    }
                    let form = RowForm::of_change(before, after);
                    let was = event_row(before, &zone, now, form);
                    let is = event_row(after, &zone, now, form);
                    if was == is {
                        return vec![plain(is)];
                    }
                    vec![removed(was), added(is)]
                }
                (before, after) => {
                    let states = [before, after].map(|value| match value {
                        Some(Value::Task(task)) => Some(&task.state),
                        _ => None,
                    });
                    let changes_state =
                        states.iter().all(Option::is_some) && states[0] != states[1];
                    let row = |value: &Value| match value {
                        Value::Task(task) if changes_state => {
                            Some(format!("task  {}  {}", task.state, task_row(task, &zone)))
                        }
                        Value::Event(event) => {
                            Some(event_row(event, &zone, now, RowForm::default()))
                        }
                        Value::Task(task) => Some(format!("task  {}", task_row(task, &zone))),
                        Value::Message(message) => {
                            Some(format!("m{}  {}", message.number, message.stage))
                        }
                        Value::Field(text) | Value::Section(text) => Some(format!(
                            "{}  {}",
                            name_of(&change.subject),
                            self.field_value(&text.text)
                        )),
                        Value::Service(_) => Some(format!("service {}", name_of(&change.subject))),
                        _ => None,
                    };
                    let before = before.as_ref().and_then(row).map(removed);
                    let after = after.as_ref().and_then(row).map(added);
                    before.into_iter().chain(after).collect()
                }
            }
        };
        let changes = &rehearsal.changes;
        let mut lines: Vec<CheckLine> = changes.first().map(of_change).unwrap_or_default();
        if changes.len() > 1 {
            let more = counted(changes.len() as u64 - 1, "more row", "more rows");
            if let Some(last) = lines.last_mut() {
                last.text = format!("{}  and {more}", last.text);
            }
        }
        lines
    }

    pub(super) fn zone_of_change(&self, change: &ValueChange, rehearsal: &Rehearsal) -> Zone {
        let row = change.into.or(change.left).and_then(|id| {
            let mut incidents = rehearsal.incidents.iter();
            incidents.find(|incident| incident.after.row.id == id)
        });
        self.zone_for(row.map(|incident| &incident.after.row))
    }

    /// Says how an event moves in the timeline, or to which incident.
    fn place_lines(&self, write: &Write, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let Some(change) = rehearsal.changes.first() else {
            return vec![];
        };
        let picture = |id: Option<Uuid>| {
            let mut incidents = rehearsal.incidents.iter();
            incidents.find(|incident| Some(incident.after.row.id) == id)
        };
        if change.left != change.into {
            let name = |id: Option<Uuid>| {
                picture(id).map_or_else(
                    || "the events in no incident".to_owned(),
                    |incident| incident_label(&incident.after.row),
                )
            };
            return vec![plain(format!(
                "from {} to {}",
                name(change.left),
                name(change.into)
            ))];
        }
        if matches!(write, Write::Log(_) | Write::LogPaste { .. }) {
            return vec![];
        }
        let (Some(incident), Some(id)) = (picture(change.into), change.subject.id()) else {
            return vec![];
        };
        let (Some(Value::Event(_)), Some(Value::Event(event))) = (&change.before, &change.after)
        else {
            return vec![];
        };
        let before = incident
            .before
            .as_ref()
            .and_then(|before| before.whole.as_ref());
        let after = incident.after.whole.as_ref();
        let (Some(before), Some(after)) = (before, after) else {
            return vec![];
        };
        let zone = self.zone_for(Some(&incident.after.row));
        let mut lines = Vec::new();
        let moved = moves(&before.incident, &after.incident, id);
        lines.extend(moved.map(|(verb, neighbour)| {
            let label = event_label(&neighbour.value, &zone, self.session.now());
            plain(format!("it moves {verb} {label}"))
        }));
        let others = before
            .incident
            .active_events()
            .filter(|other| other.id != id);
        let first = others.map(|other| other.value.at_utc()).min();
        let question = first.and_then(|first| long_before(event, first));
        lines.extend(question.map(warning));
        if event.at_utc() > self.session.now() + chrono::TimeDelta::minutes(5) {
            lines.push(warning("that is in the future"));
        }
        lines
    }
}

fn review_word(stage: ReviewStage) -> &'static str {
    match stage {
        ReviewStage::Reviewed => "reviewed",
        ReviewStage::Final => "final",
    }
}

/// Names what an edit leaves as it is; `None` if it is no edit of an event.
fn what_stays(change: &ValueChange) -> Option<String> {
    let (Some(Value::Event(before)), Some(Value::Event(after))) = (&change.before, &change.after)
    else {
        return None;
    };
    let mut stays = Vec::new();
    let mut same = |is_same: bool, name: &str| stays.extend(is_same.then(|| name.to_owned()));
    same(before.at == after.at && before.end == after.end, "time");
    same(before.kind == after.kind, "kind");
    same(before.text == after.text, "text");
    same(
        before.state.is_some() && before.state == after.state,
        "state",
    );
    same(
        before.customer.is_some() && before.customer == after.customer,
        "customer wording",
    );
    let services = before
        .services
        .iter()
        .filter(|name| after.services.contains(name));
    stays.extend(services.map(|name| format!("@{name}")));
    let tags = before.tags.iter().filter(|tag| after.tags.contains(tag));
    stays.extend(tags.map(|tag| format!("#{tag}")));
    (!stays.is_empty()).then(|| format!("stays: {}", stays.join(", ")))
}

/// Returns how event `id` moves: `before` or `after`, and its new neighbour. `None` if it does not.
fn moves<'a>(
    before: &Incident,
    after: &'a Incident,
    id: Uuid,
) -> Option<(&'static str, &'a Record<Event>)> {
    let place = |incident: &Incident| incident.active_events().position(|event| event.id == id);
    let (was, is) = (place(before)?, place(after)?);
    let mut others = after.active_events().filter(|event| event.id != id);
    match was.cmp(&is) {
        std::cmp::Ordering::Greater => others.nth(is).map(|next| ("before", next)),
        std::cmp::Ordering::Less => others.nth(is - 1).map(|last| ("after", last)),
        std::cmp::Ordering::Equal => None,
    }
}
