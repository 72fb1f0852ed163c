//! Follow-ups: what somebody is to do after the incident. An *ask*, which is for now, is an event.

use super::{
    event::Event,
    time::{OffsetTime, UtcTime, serde_offset},
    unknown::UnknownFields,
    words::{UnknownWord, Vocabulary, Word},
};
use chrono::Utc;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What a follow-up is to bring about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskType {
    /// It does not happen again.
    Prevent,
    /// It is noticed sooner.
    Detect,
    /// It hurts less.
    Mitigate,
    /// People work better together.
    Process,
}

/// How far a follow-up is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaskState {
    /// Not begun.
    #[default]
    Planned,
    /// Under way.
    Started,
    /// Done.
    Done,
    /// It will not be done; the reason says why.
    Declined,
}

/// A follow-up. Internal but for [`Task::customer`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// What is to be done. Internal.
    pub text: String,
    /// What it is to bring about.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub type_: Option<Word<TaskType>>,
    /// How far it is.
    #[serde(default)]
    pub state: Word<TaskState>,
    /// Why it was declined, or taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who is to do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// By when.
    #[serde(
        default,
        with = "serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub due: Option<OffsetTime>,
    /// Where else it is tracked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// It would have prevented this incident.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prevents: bool,
    /// It would have made this incident shorter.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shortens: bool,
    /// Since when it has been under way or planned.
    #[serde(
        default,
        with = "serde_offset::option",
        skip_serializing_if = "Option::is_none"
    )]
    pub since: Option<OffsetTime>,
    /// Customer wording: the only text of it that can ever leave the company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<String>,
    /// Why it was taken out of the record, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retracted: Option<String>,
    /// Why its text was destroyed, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    /// Fields of a newer version.
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

impl Task {
    /// True while there is something left to do. A state of a newer version counts as open, so that
    /// the task stays in sight.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.retracted.is_none() && !self.is_finished()
    }

    /// True where it was done or declined.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.state == TaskState::Done || self.state == TaskState::Declined
    }

    /// True where it should have been done before `now`.
    #[must_use]
    pub fn is_overdue(&self, now: UtcTime) -> bool {
        self.is_open() && self.due.is_some_and(|due| due < now)
    }

    /// What is left when its text is destroyed for `reason`.
    #[must_use]
    pub fn redact(&self, reason: &str) -> Self {
        Self {
            text: String::new(),
            ticket: None,
            customer: None,
            reason: None,
            redacted: Some(reason.to_owned()),
            unknown: UnknownFields::default(),
            ..self.clone()
        }
    }
}

/// When the time box of an ask runs out; `None` for other events and for asks without one.
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
    "prevent, detect, mitigate, process",
    Prevent = "prevent",
    Detect = "detect",
    Mitigate = "mitigate",
    Process = "process"
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
