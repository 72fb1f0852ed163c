//! What a reader gives: rows, and errors with their place.

use super::text::strip_url_secrets;
use crate::domain::{
    hash::Hash,
    time::{OffsetTime, UtcTime},
    words::Kind,
};
use chrono::{NaiveDateTime, NaiveTime, TimeDelta};
use std::{fmt, sync::Arc};

/// One thing that a source recorded.
#[derive(Clone, Debug)]
pub struct Row {
    pub place: Place,
    /// The id that the source gave it, unique within the instance. A reader whose source gives none makes
    /// one of what identifies the row: time, author and text.
    pub id: String,
    /// True if the id was made so. Rows that have it in common are told apart by counting them, which takes
    /// memory only where the rows before are known.
    pub is_id_of_content: bool,
    /// True if the source may give one id to several rows, as a table does that has the ticket's number in each
    /// of its rows. Those that differ are told apart by counting them; equal ones are one.
    pub may_share_id: bool,
    /// When it happened.
    pub at: SourceTime,
    /// When it ended, if the source says so.
    pub end: Option<SourceTime>,
    /// When the source recorded it, if it says so besides `at`.
    pub recorded: Option<UtcTime>,
    /// Who said or did it; `None` for a machine that is named in the text.
    pub speaker: Option<Speaker>,
    pub action: Action,
    /// The kind that the source itself gives it in a word of ours: a table with a column `kind`. It goes
    /// before what becomes of the action.
    pub kind: Option<Kind>,
    /// Its plain text; line breaks are kept. Secrets in addresses are taken out with
    /// [`strip_url_secrets`](crate::import::strip_url_secrets).
    pub text: String,
    /// What customers were told, only where the source was public (a status page).
    pub customer: Option<String>,
    /// The services that the source names.
    pub services: Vec<String>,
    /// Of what the source says in it, without what changes by itself (reactions, counts of replies), and
    /// however the JSON is laid out: another hash under the same id means that it was edited.
    pub hash: Hash,
}

impl Row {
    /// A message; what is not named here is empty. Secrets are taken out of `text`.
    pub(super) fn message(
        place: Place,
        id: String,
        at: SourceTime,
        text: &str,
        hash: Hash,
    ) -> Self {
        Self {
            place,
            id,
            is_id_of_content: false,
            may_share_id: false,
            at,
            end: None,
            recorded: None,
            speaker: None,
            action: Action::Message,
            kind: None,
            text: strip_url_secrets(text),
            customer: None,
            services: Vec::new(),
            hash,
        }
    }
}

/// When something happened, as far as the source says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceTime {
    /// A moment; the offset is the one that the source shows.
    Exact(OffsetTime),
    /// A local time in a zone that the source does not name: `--zone` does.
    Local(NaiveDateTime),
    /// A time of day: `--date` names the day of the first row. A time twelve hours or more before the last
    /// one is on the next day.
    TimeOfDay(NaiveTime),
    /// A local date time of a year that the source does not name: the nearest year that is not ahead of now.
    WithoutYear(NaiveDateTime),
    /// Since the start of a recording: `--start` says when that was.
    SinceStart(TimeDelta),
    /// The source has no time: `--start` gives one to all such rows.
    Missing,
}

/// A person or a bot, as the source names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Speaker {
    /// The id in the source; empty if there is none. `--people` gives names to ids.
    pub id: String,
    /// The name that the source shows; empty if there is none but the id.
    pub name: String,
}

/// What the source says was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Something that was said or written.
    Message,
    /// An alert that began.
    Trigger,
    Acknowledge,
    Resolve,
    Escalate,
    Assign,
    Snooze,
    /// A change of a field: severity, status, label.
    Change,
    /// A public update on a status page.
    StatusUpdate,
    /// A line of a log.
    LogLine,
    /// A message that the source deleted, known by its replies.
    Deleted,
    /// Somebody was called, paged or mailed.
    Notify,
    /// Somebody joined or left a channel.
    Join,
    /// A pin, a reminder, a changed topic, a reaction.
    Housekeeping,
}

/// What becomes of an action unless `--map` says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionRule {
    /// As in `--map resolve=restore`.
    pub word: &'static str,
    /// `None` leaves such rows out.
    pub kind: Option<Kind>,
    /// For counts, of one and of several: `join`, `joins`.
    pub nouns: (&'static str, &'static str),
}

impl Action {
    /// All actions, in the order of the help.
    pub const ALL: [Self; 14] = [
        Self::Message,
        Self::Trigger,
        Self::Acknowledge,
        Self::Resolve,
        Self::Escalate,
        Self::Assign,
        Self::Snooze,
        Self::Change,
        Self::StatusUpdate,
        Self::LogLine,
        Self::Deleted,
        Self::Notify,
        Self::Join,
        Self::Housekeeping,
    ];

    /// Returns its word and what becomes of it. Nothing sets a state by itself: that an alert ended does not
    /// say that the service is well.
    #[must_use]
    pub fn rule(self) -> ActionRule {
        let (word, kind, one, many) = match self {
            Self::Message => ("message", Some(Kind::Note), "message", "messages"),
            Self::Trigger => ("trigger", Some(Kind::Detect), "trigger", "triggers"),
            Self::Acknowledge => (
                "acknowledge",
                Some(Kind::Ack),
                "acknowledgement",
                "acknowledgements",
            ),
            Self::Resolve => ("resolve", Some(Kind::Note), "resolve", "resolves"),
            Self::Escalate => ("escalate", Some(Kind::Note), "escalation", "escalations"),
            Self::Assign => ("assign", Some(Kind::Note), "assignment", "assignments"),
            Self::Snooze => ("snooze", Some(Kind::Note), "snooze", "snoozes"),
            Self::Change => (
                "change",
                Some(Kind::Note),
                "change of a field",
                "changes of fields",
            ),
            Self::StatusUpdate => (
                "status-update",
                Some(Kind::Comms),
                "status update",
                "status updates",
            ),
            Self::LogLine => ("log-line", Some(Kind::Note), "log line", "log lines"),
            Self::Deleted => (
                "deleted",
                Some(Kind::Note),
                "deleted message",
                "deleted messages",
            ),
            Self::Notify => ("notify", None, "notification", "notifications"),
            Self::Join => ("join", None, "join", "joins"),
            Self::Housekeeping => ("housekeeping", None, "system message", "system messages"),
        };
        ActionRule {
            word,
            kind,
            nouns: (one, many),
        }
    }

    /// Finds an action by its word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|action| action.rule().word == word)
    }
}

/// Where a row stands in its input: `line 12`, `general/2026-11-20.json, message 3`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file in a folder or an archive; `None` if the input is one file.
    pub file: Option<Arc<str>>,
    /// `line`, `row`, `message`, `alert`.
    pub unit: &'static str,
    /// Counts from 1.
    pub number: u64,
}

impl Place {
    #[must_use]
    pub fn new(unit: &'static str, number: u64) -> Self {
        Self {
            file: None,
            unit,
            number,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(f, "{file}, ")?;
        }
        write!(f, "{} {}", self.unit, self.number)
    }
}

/// A row that cannot be read, or an input.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}{reason}", place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default())]
pub struct RowError {
    /// `None` if it is about the input as a whole.
    pub place: Option<Place>,
    pub reason: String,
    /// The way out, if there is a better one than `--skip-bad`.
    pub hint: Option<String>,
    /// True if nothing after it can be read.
    pub is_fatal: bool,
    /// What the source leaves open, if the input can be read once that is said.
    pub need: Option<Box<Need>>,
}

/// What a source leaves open: a person says it, and it is never guessed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// The zone of its local times.
    Zone,
    /// The day of its first row.
    Date,
    /// When a recording began, or the time of all rows.
    Start,
    /// The column that holds a field: the word of the field, such as `time`, and the names of all columns.
    Column(&'static str, Vec<String>),
}

impl RowError {
    /// One row cannot be read; the next ones can.
    #[must_use]
    pub fn row(place: Place, reason: impl Into<String>) -> Self {
        Self {
            place: Some(place),
            reason: reason.into(),
            hint: None,
            is_fatal: false,
            need: None,
        }
    }

    /// Reading ends at `place`.
    #[must_use]
    pub fn fatal(place: Place, reason: impl Into<String>) -> Self {
        Self {
            is_fatal: true,
            ..Self::row(place, reason)
        }
    }

    /// The input cannot be read at all.
    #[must_use]
    pub fn input(reason: impl Into<String>) -> Self {
        Self {
            place: None,
            reason: reason.into(),
            hint: None,
            is_fatal: true,
            need: None,
        }
    }

    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn with_need(mut self, need: Need) -> Self {
        self.need = Some(Box::new(need));
        self
    }

    /// Puts the name of the file before the place.
    #[must_use]
    pub fn in_file(mut self, file: &Arc<str>) -> Self {
        match &mut self.place {
            Some(place) => place.file = Some(Arc::clone(file)),
            None => self.reason = format!("{file}: {}", self.reason),
        }
        self
    }
}
