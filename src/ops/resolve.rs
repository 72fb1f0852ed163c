//! Resolves references (number, handle, `latest`, field or section name) to incidents and subjects,
//! with an error that says how to be more precise.

use super::{OpsError, Result, Session};
use crate::{
    domain::{
        event::Event,
        handle,
        incident::{FIELDS, Incident, Record, SECTIONS, SubjectState},
        review::is_review_field,
        subject::Subject,
        suggestion::did_you_mean,
        zone::Zone,
    },
    store::{HandleMatch, IncidentRow, Reader},
};

/// A subject that a handle or name was resolved to, with its current value.
#[derive(Clone, Debug)]
pub struct Target {
    pub subject: Subject,
    /// As shown to users; the subject's name (`field/impact`) if it has no handle.
    pub handle: String,
    pub current: SubjectState,
}

impl Session {
    /// Refuses `--zone` where times are read of `incident`, which has another zone.
    pub(super) fn check_typed_zone(&self, incident: &IncidentRow) -> Result<()> {
        let typed = self.default_zone.as_deref().filter(|_| self.zone_is_typed);
        let typed = typed.map(Zone::find).transpose()?;
        match typed.filter(|zone| zone.name() != incident.zone) {
            None => Ok(()),
            Some(typed) => Err(OpsError::usage(format!(
                "--zone is the zone of a new incident, and times of incident {} are read in {}",
                short_ref(incident),
                incident.zone
            ))
            .with_hint(format!(
                "leave --zone out, and write the zone behind the time: `10:06 {}`",
                typed.name()
            ))),
        }
    }

    /// Resolves the incident to read: `given`, else the session's default, else the open one, else
    /// the latest.
    ///
    /// # Errors
    /// No such incident, or several are open or have that number.
    pub fn resolve_for_read(&self, given: Option<&str>) -> Result<IncidentRow> {
        let read = self.read();
        if let Some(given) = given.or(self.default_incident.as_deref()) {
            return resolve_incident(&read, given);
        }
        match single_open_incident(&read)? {
            Some(open) => Ok(open),
            None => read.last_added_incident()?.ok_or_else(no_incident_error),
        }
    }

    /// Resolves the incident to write to: `given`, else the session's default, else the open one,
    /// else none (the event is unfiled). A resolved incident is only returned if it is named.
    ///
    /// # Errors
    /// No such incident, or several are open or have that number.
    pub fn resolve_for_write(&self, given: Option<&str>) -> Result<Option<IncidentRow>> {
        let read = self.read();
        match given.or(self.default_incident.as_deref()) {
            Some(given) => reject_withdrawn(resolve_incident(&read, given)?).map(Some),
            None => single_open_incident(&read),
        }
    }

    /// Like [`Session::resolve_for_read`], for what changes the incident, which may be resolved.
    ///
    /// # Errors
    /// As above, and if its declaration was undone: nothing shows what is written to it.
    pub fn resolve_to_change(&self, given: Option<&str>) -> Result<IncidentRow> {
        reject_withdrawn(self.resolve_for_read(given)?)
    }

    /// Returns what became of the incident `row`, which was read earlier: itself, or the one that it
    /// was merged into since.
    ///
    /// # Errors
    /// It was taken back since.
    pub fn follow_merge(&self, row: &IncidentRow) -> Result<IncidentRow> {
        let mut id = row.id;
        loop {
            let now = self.read().incident_row(id)?.ok_or_else(|| {
                OpsError::failed(format!("incident {} is no longer there", label(row)))
            })?;
            match now.merged_into {
                Some(next) => id = next,
                None => return reject_withdrawn(now),
            }
        }
    }

    /// Like [`Session::resolve_for_write`], for what needs an incident; `what` completes "no
    /// incident is open to ...".
    ///
    /// # Errors
    /// As above, and if no incident is open.
    pub fn require_for_write(&self, given: Option<&str>, what: &str) -> Result<IncidentRow> {
        self.resolve_for_write(given)?.ok_or_else(|| {
            let error = OpsError::failed(format!("no incident is open to {what}"));
            match self.read().last_added_incident() {
                Ok(Some(latest)) => error.with_hint(format!(
                    "the latest is {}: name it with --incident {}, or `bridgelog declare 'TITLE'` begins one",
                    label(&latest),
                    short_ref(&latest),
                )),
                _ => error.with_hint("`bridgelog declare 'TITLE'` begins one"),
            }
        })
    }

    /// Loads the whole incident: all subjects, derived from its entries.
    pub fn load_incident(&self, row: &IncidentRow) -> Result<Incident> {
        let incident = self.read().incident(row.id)?;
        incident.ok_or_else(|| incident_gone(row))
    }

    /// Loads the whole incident for a document, and verifies the entries that it is made from:
    /// [`Incident::unverified`] says what is wrong with them.
    pub fn load_incident_for_document(&self, row: &IncidentRow) -> Result<Incident> {
        let (incident, report) = self.read().verified_incident(row.id)?;
        let mut incident = incident.ok_or_else(|| incident_gone(row))?;
        if let Some(first) = report.findings.first() {
            incident.unverified = Some(match report.total_findings {
                1 => first.to_string(),
                n => format!("{n} findings, the first: {first}"),
            });
        }
        Ok(incident)
    }

    /// Resolves a handle, a unique beginning of one, or a field or section name.
    ///
    /// # Errors
    /// No match, several matches, or what it names was undone. Similar handles are suggested.
    pub fn resolve_target(&self, typed: &str) -> Result<Target> {
        let target = self.resolve_including_undone(typed)?;
        if target.current.value.is_visible() {
            return Ok(target);
        }
        Err(
            OpsError::failed(format!("`{typed}` was undone")).with_hint(format!(
                "`bridgelog restore-event {}` brings it back",
                target.handle
            )),
        )
    }

    /// Like [`Session::resolve_target`], but also resolves what was undone. A field or section
    /// (`summary`, `field/impact`) is that of the incident that [`Session::resolve_for_read`]
    /// returns.
    ///
    /// # Errors
    /// No match, or several. Similar handles are suggested.
    pub fn resolve_including_undone(&self, typed: &str) -> Result<Target> {
        let read = self.read();
        if let Some(subject) = parse_named_subject(typed)? {
            let row = self.resolve_for_read(None)?;
            let (current, _) = read.subject_state(&subject, Some(row.id))?.ok_or_else(|| {
                OpsError::failed(format!(
                    "`{typed}` of incident {} was never written",
                    short_ref(&row)
                ))
                .with_hint("`bridgelog set --help` lists the fields, `bridgelog write --help` the sections")
            })?;
            return Ok(Target {
                handle: subject.to_string(),
                subject,
                current,
            });
        }
        let found = find_unique(&read, typed, "event or task")?;
        let (current, handle) = read
            .subject_state(&found.subject, found.incident)?
            .ok_or_else(|| OpsError::failed(format!("`{typed}` is no longer there")))?;
        Ok(Target {
            subject: found.subject,
            handle,
            current,
        })
    }
}

impl Target {
    /// True if this is the `declare` event of its incident.
    #[must_use]
    pub fn is_declaration(&self) -> bool {
        self.subject.id().is_some() && self.subject.id() == self.current.incident
    }

    /// Returns the event that it is; `None` if it is something else.
    #[must_use]
    pub fn event_record(&self) -> Option<Record<Event>> {
        let event = self.current.value.event()?.clone();
        Record::new(&self.current, self.handle.clone(), event)
    }
}

/// Parses `typed` as the name of a section or field; `None` if it is neither.
///
/// # Errors
/// A name that is both.
fn parse_named_subject(typed: &str) -> Result<Option<Subject>> {
    let word = typed.to_lowercase();
    // Unlike those of fields and sections, these names may have capital letters.
    let typed_name = typed.split_once('/').map(|(_, name)| name.to_owned());
    let section = SECTIONS.iter().any(|(name, _)| *name == word);
    let field = FIELDS.iter().any(|(name, _)| *name == word) || is_review_field(&word);
    Ok(match (section, field, word.split_once('/')) {
        (true, true, _) => {
            return Err(
                OpsError::usage(format!("`{word}` is a section and a field"))
                    .with_hint(format!("say `section/{word}` or `field/{word}`")),
            );
        }
        (true, false, _) => Some(Subject::Section(word)),
        (false, true, _) => Some(Subject::Field(word)),
        (_, _, Some(("section", name))) => Some(Subject::Section(name.to_owned())),
        (_, _, Some(("field", name))) => Some(Subject::Field(name.to_owned())),
        (_, _, Some(("service", _))) => typed_name.map(Subject::Service),
        (_, _, Some(("person", _))) => typed_name.map(Subject::Person),
        _ => None,
    })
}

fn incident_gone(row: &IncidentRow) -> OpsError {
    OpsError::failed(format!("incident {} is no longer there", short_ref(row)))
}

/// Returns what a command line takes for the incident: its number, else its handle.
#[must_use]
pub fn short_ref(row: &IncidentRow) -> String {
    row.number
        .map_or_else(|| row.handle.clone(), |n| n.to_string())
}

/// Returns number, title and handle, for messages.
#[must_use]
pub fn label(row: &IncidentRow) -> String {
    format!("{} `{}` ({})", short_ref(row), row.title, row.handle)
}

/// Resolves a number, a handle or `latest`.
fn resolve_incident(read: &Reader<'_>, given: &str) -> Result<IncidentRow> {
    let given = given.trim().trim_start_matches('#');
    if given == "latest" {
        return read.last_added_incident()?.ok_or_else(no_incident_error);
    }
    if let Ok(number) = given.parse::<u32>() {
        let mut rows = read.incidents_by_number(number)?;
        return match rows.len() {
            1 => reject_merged(rows.remove(0)),
            0 => Err(OpsError::failed(format!("there is no incident {number}"))
                .with_hint(known_incidents_hint(read)?)),
            _ => Err(OpsError::failed(format!(
                "two machines both declared an incident {number} while apart"
            ))
            .with_hint(format!(
                "name it by its handle: {}",
                rows.iter()
                    .map(|r| format!("{} `{}`", r.handle, r.title))
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
        };
    }
    let found = find_unique(read, given, "incident")?;
    let row = read.incident_row(found.id)?;
    match (row, found.incident) {
        (Some(row), _) => reject_merged(row),
        (None, Some(incident)) => {
            let error =
                OpsError::failed(format!("`{given}` is an event or a task, not an incident"));
            Err(match read.incident_row(incident)? {
                Some(row) => error.with_hint(format!("it belongs to incident {}", label(&row))),
                None => error,
            })
        }
        (None, None) => Err(OpsError::failed(format!(
            "`{given}` is an unassigned event, not an incident"
        ))
        .with_hint(known_incidents_hint(read)?)),
    }
}

pub(super) fn reject_merged(row: IncidentRow) -> Result<IncidentRow> {
    match row.merged_into {
        None => Ok(row),
        Some(_) => Err(OpsError::failed(format!(
            "incident {} was merged into another",
            label(&row)
        ))
        .with_hint("`bridgelog list` shows what there is; `bridgelog undo` undoes a merge")),
    }
}

pub(super) fn reject_withdrawn(row: IncidentRow) -> Result<IncidentRow> {
    if !row.withdrawn {
        return Ok(row);
    }
    Err(OpsError::failed(format!(
        "the declaration of incident {} was undone",
        label(&row)
    ))
    .with_hint(
        "what is written to it would not be shown: `bridgelog redo` brings it back, `bridgelog list` shows what there is",
    ))
}

/// Returns the open incident, or `None`.
///
/// # Errors
/// Several are open: names all of them.
fn single_open_incident(read: &Reader<'_>) -> Result<Option<IncidentRow>> {
    let mut open = read.open_incidents()?;
    if open.len() > 1 {
        let named: Vec<_> = open.iter().map(label).collect();
        return Err(OpsError::usage(format!(
            "{} incidents are open: {}",
            open.len(),
            named.join(", ")
        ))
        .with_hint(format!("say which: --incident {}", short_ref(&open[0]))));
    }
    Ok(open.pop())
}

fn no_incident_error() -> OpsError {
    OpsError::failed("there is no incident yet").with_hint("`bridgelog declare 'TITLE'` begins one")
}

fn known_incidents_hint(read: &Reader<'_>) -> Result<String> {
    let rows = read.incidents()?;
    if rows.is_empty() {
        return Ok("there is none yet: `bridgelog declare 'TITLE'` begins one".to_owned());
    }
    let first: Vec<_> = rows.iter().take(3).map(label).collect();
    Ok(format!(
        "there is {}{}",
        first.join(", "),
        if rows.len() > 3 {
            "; `bridgelog list` shows all"
        } else {
            ""
        }
    ))
}

/// Finds the one event, task or incident whose handle begins with `typed`.
fn find_unique(read: &Reader<'_>, typed: &str, what: &str) -> Result<HandleMatch> {
    let typed = typed.trim().trim_start_matches('^');
    let lower = typed.to_lowercase();
    if !handle::is_handle_prefix(&lower) {
        return Err(
            OpsError::failed(format!("`{typed}` is not the handle of an {what}")).with_hint(
                "handles are letters from k to z, as `bridgelog show` prints them beside the times, and `bridgelog list` those of incidents",
            ),
        );
    }
    let mut matches = read.find_by_handle(&lower)?;
    match matches.len() {
        1 => Ok(matches.remove(0)),
        0 => {
            let near = read.suggest_handles(&lower)?;
            let error = OpsError::failed(format!("there is no {what} `{typed}`"));
            Err(if near.is_empty() {
                error.with_hint("`bridgelog show` prints the handles beside the times, `bridgelog list` those of incidents")
            } else {
                error.with_hint(did_you_mean(&near))
            })
        }
        _ => Err(
            OpsError::failed(format!("`{typed}` is the beginning of several handles")).with_hint(
                format!(
                    "type more of it: {}",
                    matches
                        .iter()
                        .take(5)
                        .map(|m| m.handle.as_str())
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            ),
        ),
    }
}
