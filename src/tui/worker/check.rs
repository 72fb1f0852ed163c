//! Says what a write would do: it is done by the same code, compared, and taken back.

use super::{
    Worker,
    retry::{RememberedCheck, Seen, remember_check},
    wording::{excerpt_of, in_app_terms},
    write_undo::within_of,
};
use crate::{
    domain::{
        incident::Incident, states::States, subject::Subject, value::Value,
        white_space::fold_white_space,
    },
    ops::{
        IncidentRow, Result, document, redact,
        undo::{self, NextAct},
    },
    tui::msg::{Check, CheckLine, CheckMark, Reply, Write},
};
use std::collections::BTreeMap;
use uuid::Uuid;

/// What a redaction does, besides naming what it destroys.
const REDACTION_DESTROYS: [&str; 2] = [
    "Its text, names and reasons are destroyed in every version, in the search and on the disk, and drafts that hold them are removed. When it was, and what it did to the state, stays.",
    "It cannot be undone. Copies made before, such as backups, exports and documents, are not reached.",
];
/// How many lines a check has at most.
const MAX_LINES: usize = 10;
/// Above so many events only the states now are compared.
const MAX_EVENTS: u64 = 5_000;

/// What a rehearsal did.
pub(super) struct Rehearsal {
    /// What was written, by subject, in the order of writing.
    pub changes: Vec<ValueChange>,
    /// The incidents that were written to, as they were before and would be after.
    pub incidents: Vec<IncidentChange>,
    /// What the next undo or redo is about.
    pub act: Option<NextAct>,
}

/// A value that would change.
pub(super) struct ValueChange {
    pub subject: Subject,
    /// `None` if it was not there.
    pub before: Option<Value>,
    /// `None` if it would not be there.
    pub after: Option<Value>,
    pub left: Option<Uuid>,
    pub into: Option<Uuid>,
}

/// An incident before and after.
pub(super) struct IncidentChange {
    /// `None` if it was not there.
    pub before: Option<Picture>,
    pub after: Picture,
}

/// An incident at one moment.
pub(super) struct Picture {
    pub row: IncidentRow,
    /// `None` for a large incident.
    pub whole: Option<Whole>,
}

pub(super) struct Whole {
    pub incident: Incident,
    pub states: States,
    /// The sentences of the letter.
    pub letter: Vec<String>,
}

impl Worker {
    pub(super) fn check(&mut self, id: u64, write: &Write) -> Reply {
        let result = match self.describe_write(id, write) {
            Err(error) if error.changes_nothing => Ok(Check {
                lines: vec![],
                changes_nothing: true,
            }),
            result => result,
        };
        Reply::Checked {
            id,
            result: result.map_err(in_app_terms),
        }
    }

    fn describe_write(&mut self, id: u64, write: &Write) -> Result<Check> {
        if let Write::Redact { handle, answer, .. } = write {
            redact::confirm(answer, &redact::find(&self.session, handle)?)?;
            let check = self.check_redaction(handle)?;
            let seen = self.see(write)?;
            self.remember(id, write, seen);
            return Ok(check);
        }
        let (rehearsal, seen, after) = self.rehearse(|worker| worker.try_write(write))?;
        // What it wrote is taken back: the store is as before.
        let mut rehearsal = rehearsal;
        for picture in after {
            let stage = stage_of(&picture);
            rehearsal.incidents.push(IncidentChange {
                before: self.picture(picture.row.id, stage)?,
                after: picture,
            });
        }
        self.remember(id, write, seen);
        let is_same =
            |change: &ValueChange| change.before == change.after && change.left == change.into;
        let changes_nothing =
            rehearsal.changes.iter().all(is_same) || keeps_commander(write, &rehearsal);
        let mut lines = if changes_nothing {
            vec![]
        } else {
            self.lines_of(write, &rehearsal)
        };
        lines.truncate(MAX_LINES);
        Ok(Check {
            lines,
            changes_nothing,
        })
    }

    fn remember(&mut self, id: u64, write: &Write, seen: Seen) {
        let check = RememberedCheck {
            id,
            write: write.clone(),
            seen,
            attempt: None,
        };
        remember_check(&mut self.checks, check);
    }

    /// Does `write`, and returns what it did, what it is about, and the incidents after it.
    fn try_write(&mut self, write: &Write) -> Result<(Rehearsal, Seen, Vec<Picture>)> {
        let seen = self.see(write)?;
        let given = self.shown_handle()?;
        let act = match write {
            Write::Undo => Some(undo::next_undo(
                &mut self.session,
                within_of(given.as_deref()),
            )?),
            Write::Redo => Some(undo::next_redo(
                &mut self.session,
                within_of(given.as_deref()),
            )?),
            _ => None,
        };
        let before = self.session.read().entry_count()?;
        self.write_checked(write.clone(), &seen)?;
        let changes = self.changes_after(before)?;
        let mut touched: Vec<Uuid> = changes
            .iter()
            .flat_map(|change| [change.left, change.into])
            .flatten()
            .collect();
        touched.sort_unstable();
        touched.dedup();
        let mut after = Vec::new();
        for id in touched {
            after.extend(self.picture(id, None)?);
        }
        let rehearsal = Rehearsal {
            changes,
            incidents: vec![],
            act,
        };
        Ok((rehearsal, seen, after))
    }

    /// Returns what the entries after number `no` changed. Contents of files are not among them.
    fn changes_after(&self, no: u64) -> Result<Vec<ValueChange>> {
        let read = self.session.read();
        let entries = read.own_entries_after(no)?;
        let mut changes: Vec<ValueChange> = Vec::new();
        let mut at: BTreeMap<String, usize> = BTreeMap::new();
        for entry in entries {
            let header = entry.header();
            let value = Value::from_body(entry.body_bytes());
            let key = header.subject.key(header.incident);
            let index = match at.get(&key) {
                Some(index) => *index,
                None => {
                    let replaced = header.replaces.first().copied();
                    let replaced = replaced.map(|id| read.entry(id)).transpose()?.flatten();
                    let before = replaced.map(|entry| Value::from_body(entry.body_bytes()));
                    at.insert(key, changes.len());
                    changes.push(ValueChange {
                        subject: header.subject.clone(),
                        left: before.as_ref().and(header.incident),
                        before: before.filter(counts),
                        after: None,
                        into: None,
                    });
                    changes.len() - 1
                }
            };
            let change = &mut changes[index];
            change.into = header.incident;
            change.after = Some(value).filter(counts);
        }
        for change in &mut changes {
            // What was not there comes from nowhere.
            if change.before.is_none() {
                change.left = change.into;
            }
        }
        Ok(changes)
    }

    fn picture(&self, id: Uuid, stage: Option<document::Stage>) -> Result<Option<Picture>> {
        let Some(row) = self.session.read().incident_row(id)? else {
            return Ok(None);
        };
        let whole = if row.event_count > MAX_EVENTS {
            None
        } else {
            self.session.read().incident(id)?.map(|incident| Whole {
                states: States::from_incident(&incident),
                letter: self.letter_sentences(&incident, stage),
                incident,
            })
        };
        Ok(Some(Picture { row, whole }))
    }

    /// Returns the sentences of the letter of `stage`, else of the one that is due; none if it cannot be
    /// made.
    fn letter_sentences(&self, incident: &Incident, stage: Option<document::Stage>) -> Vec<String> {
        if incident.declaration().is_none() {
            return vec![];
        }
        // What it is as of is no difference.
        let incident = &Incident {
            last_recorded_at: self.session.now(),
            ..incident.clone()
        };
        let stage = stage.unwrap_or_else(|| document::Stage::next_for(incident));
        let letter = document::email(&self.session, incident, Some(stage), document::Format::Text);
        letter.map_or_else(|_| vec![], |(_, letter)| sentences(&letter.body))
    }

    fn check_redaction(&self, handle: &str) -> Result<Check> {
        let target = redact::find(&self.session, handle)?;
        redact::reject_sent(&target, &target.current.value)?;
        let what = redact::describe(&self.session, &target)?;
        let [destroys, for_good] = REDACTION_DESTROYS;
        let line = |mark, text: &str| CheckLine {
            mark,
            text: text.to_owned(),
        };
        Ok(Check {
            lines: vec![
                line(CheckMark::Removed, &excerpt_of(&what, 200)),
                line(CheckMark::Plain, destroys),
                line(CheckMark::Warning, for_good),
            ],
            changes_nothing: false,
        })
    }
}

/// True if command is handed to who has it.
fn keeps_commander(write: &Write, rehearsal: &Rehearsal) -> bool {
    let commander = |picture: &Picture| picture.row.commander.clone();
    let is_handoff = matches!(write, Write::SetField(_, name, _) if name == "commander");
    is_handoff
        && rehearsal
            .incidents
            .iter()
            .all(|change| change.before.as_ref().map(commander) == Some(commander(&change.after)))
}

/// The stage of the letter of an incident as it is after the write: before it, the same one is compared.
fn stage_of(picture: &Picture) -> Option<document::Stage> {
    let whole = picture.whole.as_ref()?;
    Some(document::Stage::next_for(&whole.incident))
}

/// True if a value counts: it is neither undone, moved away nor retracted.
fn counts(value: &Value) -> bool {
    value.is_visible()
        && match value {
            Value::Event(event) => event.retracted.is_none(),
            Value::Task(task) => task.retracted.is_none(),
            Value::Field(text) => !text.text.is_empty(),
            _ => true,
        }
}

/// Splits the paragraphs of a text into sentences.
fn sentences(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for paragraph in text.split("\n\n") {
        let paragraph = fold_white_space(paragraph);
        let mut rest = paragraph.as_str();
        while let Some((at, _)) = [". ", "? ", "! "]
            .iter()
            .filter_map(|end| rest.find(end).map(|at| (at, end)))
            .min()
        {
            all.push(rest[..=at].to_owned());
            rest = &rest[at + 2..];
        }
        all.extend(Some(rest.to_owned()).filter(|rest| !rest.is_empty()));
    }
    all
}
