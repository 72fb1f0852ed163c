//! Checks of fields, sections, services, letters and tasks.

use super::{
    Worker,
    check::Rehearsal,
    check_words::{added, customers, letter_changes, name_of, plain, removed, warning},
    wording::{clock_time, excerpt, excerpt_of, short_time, task_row},
};
use crate::{
    domain::{
        count::counted,
        incident::{Audience, FIELDS},
        task::TaskState,
        time::{UtcTime, format_duration, parse_utc},
        value::{Message, NameChange, Value},
        zone::Zone,
    },
    ops::{IncidentRow, lint},
    tui::msg::{CheckLine, Write},
};

impl Worker {
    pub(super) fn field_lines(&self, name: &str, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let Some(change) = rehearsal.incidents.first() else {
            return vec![];
        };
        let backed = |row: &IncidentRow| match name {
            "title" => Some(row.title.clone()),
            "severity" => Some(
                row.severity
                    .as_ref()
                    .map_or_else(String::new, ToString::to_string),
            ),
            "commander" => Some(row.commander.clone().unwrap_or_default()),
            _ => None,
        };
        let stored = |value: &Option<Value>| match value {
            Some(Value::Field(text)) => text.text.clone(),
            _ => String::new(),
        };
        let values = rehearsal.changes.first();
        let (was, is) = match (
            change
                .before
                .as_ref()
                .and_then(|before| backed(&before.row)),
            backed(&change.after.row),
        ) {
            (Some(was), Some(is)) => (was, is),
            _ => (
                values.map_or_else(String::new, |change| stored(&change.before)),
                values.map_or_else(String::new, |change| stored(&change.after)),
            ),
        };
        let mut now = self.field_value(&is);
        if let Some(at) = parse_utc(&is) {
            let ahead = (at - self.session.now()).num_seconds();
            if ahead > 0 {
                now = format!("{now}, in {}", format_duration((ahead + 59) / 60 * 60));
            }
        }
        let mut lines = vec![
            plain(format!("was  {}", self.field_value(&was))),
            plain(format!("now  {now}")),
        ];
        let is_customer_field = FIELDS
            .iter()
            .any(|(field, audience)| *field == name && *audience == Audience::Customers);
        if is_customer_field {
            let (_, comes) = letter_changes(change);
            lines.extend(comes.first().map(|sentence| customers(sentence)));
            if comes.len() > 1 {
                let more = counted(
                    comes.len() as u64 - 1,
                    "more sentence changes",
                    "more sentences change",
                );
                lines.push(plain(format!("Email: {more}")));
            }
        }
        lines
    }

    pub(super) fn section_lines(&self, name: &str, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let count = |value: Option<&Value>| match value {
            Some(Value::Section(text)) => text.text.lines().count() as u64,
            _ => 0,
        };
        let change = rehearsal.changes.first();
        let was = count(change.and_then(|change| change.before.as_ref()));
        let is = count(change.and_then(|change| change.after.as_ref()));
        vec![plain(format!(
            "{name}: {} -> {}",
            counted(was, "line", "lines"),
            counted(is, "line", "lines")
        ))]
    }

    pub(super) fn message_lines(&self, write: &Write, rehearsal: &Rehearsal) -> Vec<CheckLine> {
        let change = rehearsal.changes.first();
        let Some(Value::Message(message)) = change.and_then(|change| change.after.as_ref()) else {
            return vec![];
        };
        let zone = self.zone.clone();
        let mut lines = vec![plain(match write {
            Write::Approve(_, by) => {
                format!("m{} {} is approved by {by}", message.number, message.stage)
            }
            Write::MarkSent(..) => sent_text(message, &zone, self.session.now()),
            _ => format!(
                "The {} email is saved as m{}, not sent",
                message.stage, message.number
            ),
        })];
        if let Write::MarkSent(..) = write {
            if message.approved_by.is_none() {
                lines.push(warning("it is not approved"));
            }
            lines.push(warning("this cannot be undone"));
        } else if let Some(whole) = rehearsal
            .incidents
            .first()
            .and_then(|change| change.after.whole.as_ref())
            && let Ok(stage) = message.stage.parse()
            && let Ok(findings) = lint::check_letter(&self.session, &whole.incident, stage)
            && let Some(first) = findings.first()
        {
            lines.push(warning(format!(
                "{} to fix before sending: {}",
                findings.len(),
                first.reason
            )));
        }
        lines
    }

    pub(super) fn task_state_lines(
        &self,
        handle: &str,
        state: TaskState,
        rehearsal: &Rehearsal,
    ) -> Vec<CheckLine> {
        let now = self.session.now();
        let Some(change) = rehearsal.changes.first() else {
            return vec![];
        };
        let zone = self.zone_of_change(change, rehearsal);
        match (&change.before, &change.after) {
            (Some(Value::Task(before)), Some(Value::Task(after))) => {
                let reason = after.reason.as_ref();
                let reason =
                    reason.map_or_else(String::new, |reason| format!(": {}", excerpt(reason)));
                vec![
                    plain(format!("task  {}", task_row(after, &zone))),
                    plain(format!("{} -> {}{reason}", before.state, after.state)),
                ]
            }
            (_, Some(Value::Event(closing))) => {
                let mut lines = Vec::new();
                if let Ok(target) = self.session.resolve_target(handle)
                    && let Some(ask) = target.current.value.event()
                {
                    let to: Vec<String> = ask.people.iter().map(|who| format!("@{who}")).collect();
                    let asked = short_time(ask.at_utc(), &zone, now, false);
                    lines.push(plain(format!(
                        "request  {}  {}  asked {asked} by {}",
                        excerpt_of(&ask.text, 60),
                        to.join(" "),
                        target.current.author
                    )));
                }
                let word = if state == TaskState::Declined {
                    "declined"
                } else {
                    "done"
                };
                let at = closing.at_utc();
                let at = format!(
                    "{} {}",
                    zone.to_local(at).format("%H:%M"),
                    zone.abbreviation(at)
                );
                lines.push(plain(format!("Logged as {word} at {at}")));
                lines
            }
            _ => vec![],
        }
    }
}

/// Says by which channel a message was sent: `by email`.
pub(super) fn via_text(message: &Message) -> String {
    match &message.via {
        Some(via) => format!("by {via}"),
        None => "(channel not recorded)".to_owned(),
    }
}

fn sent_text(message: &Message, zone: &Zone, now: UtcTime) -> String {
    let via = via_text(message);
    let at = message.sent_at.map_or(now, |at| at.to_utc());
    format!(
        "m{} {} was sent {via} at {}",
        message.number,
        message.stage,
        clock_time(at, zone, now)
    )
}

pub(super) fn service_lines(rehearsal: &Rehearsal) -> Vec<CheckLine> {
    let Some(change) = rehearsal.changes.first() else {
        return vec![];
    };
    let public = |value: &Option<Value>| match value {
        Some(Value::Service(service)) => service.public_name.clone(),
        _ => None,
    };
    let name = name_of(&change.subject);
    let (word, name_change) = match &change.after {
        Some(Value::Service(service)) => ("service", service.name_change.change()),
        Some(Value::Person(person)) => ("person", person.name_change.change()),
        _ => ("service", None),
    };
    match name_change {
        Some(NameChange::Renamed(to)) => {
            return vec![
                removed(format!("{word} {name}")),
                added(format!("{word} {to}, wherever {name} was recorded")),
            ];
        }
        Some(NameChange::Removed(_)) => {
            let what = match word {
                "service" => " and its states; its events stay with their texts",
                _ => ", no longer named by events; their texts stay",
            };
            return vec![removed(format!("{word} {name}{what}"))];
        }
        None => {}
    }
    let mut lines = vec![match (&change.before, public(&change.before)) {
        (None, _) => added(format!("service {name}")),
        (Some(_), Some(was)) => plain(format!("service {name}, until now \"{was}\" for customers")),
        (Some(_), None) => plain(format!(
            "service {name}, until now without a name for customers"
        )),
    }];
    lines.extend(public(&change.after).map(|public| customers(&public)));
    lines
}
