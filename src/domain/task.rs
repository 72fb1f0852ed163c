//! Follow-up tasks: work to do after the incident. An *ask*, which is for now, is an event.

use super::{
    event::Event,
    event::REDACTED,
    time::{OffsetTime, UtcTime, serde_offset},
    unknown::UnknownFields,
    words::{UnknownWord, Vocabulary, Word},
};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The purpose of a follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskType {
    /// Prevent a recurrence.
    Prevent,
    /// Detect it sooner.
    Detect,
    /// Reduce the impact.
    Mitigate,
    /// Improve how people work together.
    Process,
    Other,
}

/// The progress of a follow-up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskState {
    #[default]
    Planned,
    Started,
    Done,
    /// It will not be done; [`Task::reason`] says why.
    Declined,
}

/// A follow-up task. Everything is internal except [`Task::customer`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub text: String,
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub type_: Option<Word<TaskType>>,
    #[serde(default)]
    pub state: Word<TaskState>,
    /// Why it was declined, or what came of it where it is done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    #[serde(
        default,
        with = "serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub due: Option<OffsetTime>,
    /// Its id or address in another tracker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// It would have prevented this incident.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prevents: bool,
    /// It would have made this incident shorter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shortens: bool,
    /// Since when it has been planned.
    #[serde(
        default,
        with = "serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub since: Option<OffsetTime>,
    /// When it was started.
    #[serde(
        default,
        with = "serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub started_at: Option<OffsetTime>,
    /// When it was done.
    #[serde(
        default,
        with = "serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub done_at: Option<OffsetTime>,
    /// Customer wording: the only text of the task that customers may read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// The reason, if it was taken out of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracted: Option<String>,
    /// The reason, if its text was destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

impl Task {
    /// True unless it is done, declined or retracted. A state of a newer version counts as open, so
    /// that the task stays visible.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.retracted.is_none() && !self.is_finished()
    }

    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.state == TaskState::Done || self.state == TaskState::Declined
    }

    /// True if it is open and was due before `now`.
    #[must_use]
    pub fn is_overdue(&self, now: UtcTime) -> bool {
        self.is_open() && self.due.is_some_and(|due| due < now)
    }

    /// Returns the task that remains after a redaction for `reason`.
    #[must_use]
    pub fn redact(&self, reason: &str) -> Self {
        Self {
            text: String::new(),
            owner: None,
            ticket: None,
            customer: None,
            reason: None,
            retracted: self.retracted.as_ref().map(|_| REDACTED.to_owned()),
            redacted: Some(reason.to_owned()),
            unknown: UnknownFields::default(),
            ..self.clone()
        }
    }
}

/// When the time box of an ask ends; `None` for other events and for asks without one.
#[must_use]
pub fn ask_due(ask: &Event) -> Option<UtcTime> {
    let within = chrono::Duration::seconds(i64::from(ask.time_box_secs?));
    ask.at.with_timezone(&Utc).checked_add_signed(within)
}

macro_rules! words {
    ($type:ident, $what:literal, $known:literal, $($variant:ident = $word:literal),* $(,)?) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $(Self::$variant => $word),* })
            }
        }

        impl $type {
            /// All of them, in the order of the help.
            pub const ALL: &[Self] = &[$(Self::$variant),*];
        }

        impl Vocabulary for $type {
            fn stored(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)* _ => None }
            }
        }

        impl FromStr for $type {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                Self::stored(&text.trim().to_lowercase())
                    .ok_or_else(|| UnknownWord { word: text.to_owned(), what: $what, known: $known })
            }
        }
    };
}
words!(
    TaskType,
    "task type",
    "prevent, detect, mitigate, process, other",
    Prevent = "prevent",
    Detect = "detect",
    Mitigate = "mitigate",
    Process = "process",
    Other = "other"
);
words!(
    TaskState,
    "task state",
    "planned, started, done, declined",
    Planned = "planned",
    Started = "started",
    Done = "done",
    Declined = "declined"
);
