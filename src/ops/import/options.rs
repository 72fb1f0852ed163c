//! What the user sets for an import.

use super::{
    super::{OpsError, Result, Session},
    choices::RowChoices,
};
use crate::{
    config::Settings,
    domain::{
        suggestion::{did_you_mean, nearest},
        time::UtcTime,
        words::{CAPTURE_KINDS, Kind},
        zone::Zone,
    },
    import::{Action, Format, ReadOptions},
    store::IncidentRow,
};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// The words of `--map` that name a column rather than an action.
pub const COLUMN_FIELDS: [&str; 10] = [
    "time", "date", "end", "recorded", "text", "author", "kind", "id", "service", "zone",
];

/// What becomes of actions, where the user decides otherwise: a kind, or `None` to leave such rows out.
pub type KindMap = BTreeMap<Action, Option<Kind>>;

#[derive(Clone, Default)]
pub struct ImportOptions {
    /// `None` finds it out.
    pub format: Option<&'static Format>,
    /// The name of the file or folder, for the record.
    pub name: String,
    /// The zone of local times in the source.
    pub zone: Option<Zone>,
    /// The day of the first time of day.
    pub date: Option<NaiveDate>,
    /// When a recording began, or the time of rows without one.
    pub start: Option<UtcTime>,
    /// Names for the ids, or for other names, that the source has.
    pub people: BTreeMap<String, String>,
    pub kinds: KindMap,
    /// See [`ReadOptions::columns`](crate::import::ReadOptions::columns).
    pub columns: BTreeMap<String, String>,
    pub channels: Vec<String>,
    /// Only rows at this time or later.
    pub since: Option<UtcTime>,
    /// Only rows before this time.
    pub until: Option<UtcTime>,
    /// Look for markers, links and customer wording in the texts, as in a line of `log`.
    pub markers: bool,
    /// Import the rows that can be read although others cannot.
    pub skip_bad: bool,
    /// Write nothing.
    pub dry_run: bool,
    pub destination: Destination,
    /// What a person decided about single rows.
    pub choices: RowChoices,
    /// The [`fingerprint`](super::ImportPreview::fingerprint) of the input as it was previewed; another input is
    /// refused.
    pub expected: Option<u64>,
}

/// The incident that an import goes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Destination {
    /// The open incident, or the one that the session names; unassigned where none is open.
    #[default]
    Open,
    /// The incident with this number or handle.
    Named(String),
    Unassigned,
}

impl Destination {
    /// # Errors
    /// No such incident, or several are open.
    pub(super) fn resolve(&self, session: &Session) -> Result<Option<IncidentRow>> {
        match self {
            Self::Open => session.resolve_for_write(None),
            Self::Named(incident) => session.resolve_for_write(Some(incident)),
            Self::Unassigned => Ok(None),
        }
    }
}

impl ImportOptions {
    /// Returns what of it a reader needs.
    pub(super) fn for_reader(&self) -> ReadOptions {
        ReadOptions {
            columns: self.columns.clone(),
            channels: self.channels.clone(),
            date: self.date,
        }
    }

    /// True if a row at `at` is outside of the period that is wanted.
    pub(super) fn is_outside(&self, at: UtcTime) -> bool {
        self.since.is_some_and(|since| at < since) || self.until.is_some_and(|until| at >= until)
    }
}

/// Parses what `--map` was given: `ACTION=KIND`, `ACTION=skip`, `FIELD=COLUMN`, or the name of a map in the
/// settings.
///
/// # Errors
/// The first that is none of these.
pub fn parse_map(
    given: &[String],
    settings: &Settings,
) -> Result<(KindMap, BTreeMap<String, String>)> {
    let mut pairs: Vec<&String> = Vec::new();
    for given in given {
        match settings.maps.get(given) {
            Some(saved) => pairs.extend(saved),
            None => pairs.push(given),
        }
    }
    let (mut kinds, mut columns) = (KindMap::new(), BTreeMap::new());
    for pair in pairs {
        let Some((key, value)) = pair.split_once('=') else {
            let saved: Vec<&str> = settings.maps.keys().map(String::as_str).collect();
            let error = OpsError::usage(format!(
                "--map {pair} has no `=`, and the settings have no map of this name"
            ));
            let error = match saved.is_empty() {
                true => error,
                false => error.with_hint(format!("maps in the settings: {}", saved.join(", "))),
            };
            return Err(error.with_hint(
                "--map resolve=restore gives a kind, --map notify=skip leaves rows out, --map time=COLUMN names a column",
            ));
        };
        let (key, value) = (key.trim().to_lowercase(), value.trim());
        if let Some(action) = Action::from_word(&key) {
            kinds.insert(action, parse_kind(pair, value)?);
        } else if COLUMN_FIELDS.contains(&key.as_str()) {
            columns.insert(key, value.to_owned());
        } else {
            let actions = Action::ALL.map(|action| action.rule().word);
            let words: Vec<&str> = actions.into_iter().chain(COLUMN_FIELDS).collect();
            let near = nearest(&key, words.iter().copied());
            let hint = match near {
                None => format!(
                    "actions: {}; fields: {}",
                    actions.join(", "),
                    COLUMN_FIELDS.join(", ")
                ),
                Some(near) => did_you_mean(&[near.to_owned()]),
            };
            return Err(OpsError::usage(format!(
                "--map {pair}: `{key}` is neither an action nor a field"
            ))
            .with_hint(hint));
        }
    }
    Ok((kinds, columns))
}

fn parse_kind(pair: &str, word: &str) -> Result<Option<Kind>> {
    if word == "skip" {
        return Ok(None);
    }
    let known = CAPTURE_KINDS.iter().find(|kind| kind.as_str() == word);
    match known {
        Some(kind) => Ok(Some(kind.clone())),
        None => {
            let words: Vec<&str> = CAPTURE_KINDS.iter().map(Kind::as_str).collect();
            Err(
                OpsError::usage(format!("--map {pair}: `{word}` is not a kind")).with_hint(
                    format!("skip leaves such rows out; kinds: {}", words.join(", ")),
                ),
            )
        }
    }
}

/// Parses a file of people: `ID = NAME` or `ID,NAME` on each line; empty lines and `#` comments are left out.
///
/// # Errors
/// A line without a name.
pub fn parse_people(text: &str) -> Result<BTreeMap<String, String>> {
    let mut people = BTreeMap::new();
    for (index, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let pair = line.split_once(['=', ',', '\t']);
        match pair.map(|(id, name)| (id.trim(), name.trim())) {
            Some((id, name)) if !id.is_empty() && !name.is_empty() => {
                people.insert(id.to_owned(), name.to_owned());
            }
            _ => {
                return Err(OpsError::usage(format!(
                    "line {} of the people names nobody: `{line}`",
                    index + 1
                ))
                .with_hint("write `U123 = Ann Lee`, one person a line"));
            }
        }
    }
    Ok(people)
}
