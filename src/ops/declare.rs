//! Declares an incident.

use super::{
    OpsError, Result, Session, adopt, attach::copies_for_move, context,
    other_half::other_half_of_declaration, write_context::group_changes,
};
use crate::{
    domain::{
        event::Event,
        handle,
        subject::Subject,
        value::Value,
        when::{self, TimeContext},
        words::{Kind, Severity, State, Word},
        zone::reversed_sign_notice,
    },
    store::IncidentRow,
};
use uuid::Uuid;

/// What a new incident starts with. Only the title is required.
#[derive(Clone, Debug, Default)]
pub struct Declaration {
    /// The id of the incident; `None` makes a new one. If it was declared already, it is left as it is:
    /// so a retry after an error declares it once.
    pub id: Option<Uuid>,
    pub title: String,
    pub severity: Option<Word<Severity>>,
    pub services: Vec<String>,
    /// The state of `services`.
    pub state: Option<State>,
    /// When it was declared, as typed; `None` means now.
    pub at: Option<String>,
    /// Name of the zone that its times are read and shown in.
    pub zone: Option<String>,
    /// `None` means the author.
    pub commander: Option<String>,
    /// Unfiled events to adopt: handles, or `all` for those of the last 24 hours.
    pub adopt: Vec<String>,
    /// True for an exercise.
    pub is_drill: bool,
    /// True if it stays on this machine.
    pub is_private: bool,
}

/// The result of [`declare`].
#[derive(Clone, Debug)]
pub struct Declared {
    pub incident: IncidentRow,
    pub event: Event,
    /// Handles of the events adopted.
    pub adopted: Vec<String>,
    /// Handles of unfiled events of the last 24 hours that were not adopted.
    pub offered: Vec<String>,
    /// Remarks on its time, one sentence each.
    pub notices: Vec<String>,
}

/// Declares an incident with the next free number and adopts the unfiled events asked for, in one
/// transaction.
///
/// # Errors
/// An empty title, an invalid time, zone or name, or a handle that is not that of an unfiled event.
pub fn declare(session: &mut Session, declaration: &Declaration) -> Result<Declared> {
    session.transact(|session| {
        let there = declaration.id.map(|id| already_declared(session, id));
        if let Some(declared) = there.transpose()?.flatten() {
            return Ok(declared);
        }
        let title = context::validate_text(&declaration.title, "title")?;
        let zone = session.zone_for_new_incident(declaration.zone.as_deref())?;
        let now = session.now();
        let (at, approximate, mut notices) = match &declaration.at {
            Some(at) => {
                let context = TimeContext::new(now, &zone);
                let when = when::parse_moment(at, &context)?;
                let mut notices = when.notices(&context);
                notices.extend(other_half_of_declaration(at, when.at.to_utc(), &context));
                (when.at, when.approximate, notices)
            }
            None => (zone.to_local(now), false, vec![]),
        };
        if declaration.zone.is_some() {
            notices.extend(reversed_sign_notice(zone.name()));
        }
        notices.extend(session.unknown_zone_notice(declaration.zone.as_deref()));
        if declaration.severity.is_none()
            && let Some(word) = title.split_whitespace().next()
            && word.trim_end_matches(':').parse::<Severity>().is_ok()
        {
            let word = word.trim_end_matches(':');
            notices.push(format!(
                "`{word}` is a word of the title; `bridgelog set severity {word}` sets the severity"
            ));
        }
        notices.extend(time_in_title(
            &title,
            declaration,
            &TimeContext::new(now, &zone),
        ));
        let adopted = adopt::resolve_unfiled(session, &declaration.adopt)?;
        let mut event = Event::new(at, Kind::Declare, title);
        event.zone = zone.name().to_owned();
        event.approximate = approximate;
        event.services = declaration
            .services
            .iter()
            .map(|s| context::validate_name(s, "service"))
            .collect::<Result<_>>()?;
        event.state = declaration.state.map(Word::Known);
        event.severity = declaration.severity.clone();
        event.commander = Some(match &declaration.commander {
            Some(who) => {
                let who = session.typed_person(who, "commander")?;
                notices.extend(who.notice);
                who.name
            }
            None => session.write_context.author.clone(),
        });
        event.number = Some(session.read().next_number()?);
        let writer = &mut session.write_context;
        let id = declaration.id.unwrap_or_else(|| writer.ids.new_id(now));
        let value = Value::Event(Box::new(event.clone()));
        let change = writer.new_value(Some(id), Subject::Event(id), vec![], value);
        let mut changes = vec![change];
        let marks = [
            ("drill", declaration.is_drill),
            ("private", declaration.is_private),
        ];
        for (name, _) in marks.iter().filter(|(_, is_set)| *is_set) {
            changes.push(writer.new_value(
                Some(id),
                Subject::Field((*name).to_owned()),
                vec![],
                Value::Field("yes".to_owned().into()),
            ));
        }
        changes.extend(
            adopted
                .iter()
                .flat_map(|target| adopt::move_changes(writer, target, Some(id))),
        );
        if changes.len() > 1 {
            group_changes(&mut changes);
        }
        changes.extend(copies_for_move(session, &adopted, Some(id))?);
        session.append(&changes)?;
        let offered = if declaration.adopt.is_empty() {
            adopt::recent_unfiled(session)?
                .into_iter()
                .map(|e| e.handle)
                .collect()
        } else {
            vec![]
        };
        Ok(Declared {
            incident: incident_row(session, id)?,
            event,
            adopted: adopted.into_iter().map(|t| t.handle).collect(),
            offered,
            notices,
        })
    })
}

/// Says that a time at the start of the title is not that of the declaration.
fn time_in_title(
    title: &str,
    declaration: &Declaration,
    context: &TimeContext<'_>,
) -> Option<String> {
    if declaration.at.is_some() {
        return None;
    }
    let leading = match when::parse_leading(title, context) {
        Some(Ok((_, length))) => Some(length),
        _ => when::suspicious_time_len(title, context),
    };
    let typed = match leading {
        Some(length) => title[..length].trim_end_matches([':', ',', ' ']),
        None => time_behind_word(title)?,
    };
    Some(format!(
        "`{typed}` is a part of the title, and the incident is declared at now; `--at` gives its time, and `bridgelog amend HANDLE 10:06` corrects it"
    ))
}

/// Returns the time of day of `web down since 09:12` with the word before it.
fn time_behind_word(title: &str) -> Option<&str> {
    const WORDS: [&str; 6] = ["since", "at", "from", "seit", "um", "depuis"];
    let words: Vec<&str> = title.split_whitespace().collect();
    words.windows(2).find_map(|pair| {
        let [lead, time] = pair else {
            return None;
        };
        let is_lead = WORDS.iter().any(|word| word.eq_ignore_ascii_case(lead));
        let is_time = is_lead && time.contains(':') && when::begins_with_clock(time);
        let at = |word: &str| word.as_ptr() as usize - title.as_ptr() as usize;
        is_time.then(|| &title[at(lead)..at(time) + time.len()])
    })
}

/// Returns incident `id`, or what it was merged into, if it was declared.
fn already_declared(session: &Session, id: Uuid) -> Result<Option<Declared>> {
    let declaration = session
        .read()
        .subject_state(&Subject::Event(id), Some(id))?;
    let Some((current, _)) = declaration else {
        return Ok(None);
    };
    let Value::Event(event) = current.value else {
        return Err(OpsError::failed(format!(
            "the declaration of incident {} was undone",
            handle::from_id(id)
        )));
    };
    Ok(Some(Declared {
        incident: session.follow_merge(&incident_row(session, id)?)?,
        event: *event,
        adopted: vec![],
        offered: vec![],
        notices: vec![],
    }))
}

fn incident_row(session: &Session, id: Uuid) -> Result<IncidentRow> {
    session.read().incident_row(id)?.ok_or_else(|| {
        OpsError::failed(format!(
            "incident {} is no longer there",
            handle::from_id(id)
        ))
    })
}
