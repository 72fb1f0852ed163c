//! What lies over the page: help, palette, a detail, a paste, questions.

use super::{
    line::Line as TextLine,
    model::Echo,
    msg::{Document, Failure, Linked, Read, VersionLine},
};
use crate::domain::{event::Event, incident::Record, time::UtcTime, words::Severity};

/// What is asked for on the bottom line instead of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The altered line of the event with this handle.
    Amend(String),
    /// A new time for it.
    Time(String),
    /// Why it goes out of the record.
    Retract(String),
    /// What came of an ask.
    Close(String),
    /// Why a follow-up is declined.
    Decline(String),
    /// A follow-up.
    AddTask,
    /// The altered line of the follow-up with this handle.
    Task(String),
    /// The row of a paste at this place, corrected.
    Row(usize),
    /// Into which incident the event with this handle goes.
    Move(String),
    /// Why the text of the event with this handle is to be destroyed.
    Redact(String),
    /// Words to find in the timeline.
    Search,
    /// Words to find everywhere.
    SearchAll,
    /// Which events to show.
    Filter,
    /// The title of a new incident.
    Declare,
    /// What ended the incident.
    Resolve,
    /// Why it was not over.
    Reopen,
    /// Who lets the letter with this number go out.
    Approve(String),
    /// How the letter with this number went out.
    Sent(String),
    /// A service, and what customers call it.
    Service,
    /// The value of a field.
    Set(&'static str),
}

impl Question {
    /// What an answer to it is, for whoever finds it half-typed later.
    #[must_use]
    pub fn what(&self) -> String {
        match self {
            Self::Amend(handle) => format!("an amendment of {handle}"),
            Self::Time(handle) => format!("a time for {handle}"),
            Self::Retract(handle) => format!("why {handle} is retracted"),
            Self::Redact(handle) => format!("why {handle} is redacted"),
            Self::Close(handle) => format!("what came of {handle}"),
            Self::Decline(handle) => format!("why {handle} is declined"),
            Self::Task(handle) => format!("an amendment of {handle}"),
            Self::AddTask => "a follow-up".to_owned(),
            Self::Resolve => "what ended the incident".to_owned(),
            Self::Reopen => "why it was not over".to_owned(),
            Self::Set(field) => format!("the {field}"),
            _ => "an answer".to_owned(),
        }
    }

    /// True where the answer is a text that somebody would miss; what is searched for is typed again.
    #[must_use]
    pub fn is_missed(&self) -> bool {
        !matches!(
            self,
            Self::Search | Self::SearchAll | Self::Filter | Self::Row(_)
        )
    }
}

/// A question that takes a line.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// What is asked.
    pub question: Question,
    /// What is typed.
    pub line: TextLine,
    /// What it was understood as, where it is a line like those of events.
    pub echo: Echo,
    /// True once it was altered.
    pub altered: bool,
    /// True where what is typed first takes the place of what stands there.
    pub proposed: bool,
}

/// What may become of a line where the incident looked at is not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It goes to another incident, which is open.
    Elsewhere,
    /// It begins one.
    Declare,
    /// It is logged in none.
    Unfiled,
    /// It is logged in the one looked at, which is over.
    Here,
}

/// A line that has nowhere to go yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nowhere {
    /// Which way is selected.
    pub selected: usize,
    /// How many unfiled events of the last day there are.
    pub offered: usize,
    /// True where they are taken in.
    pub adopt: bool,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// What was typed since: the beginning of the next line.
    pub ahead: TextLine,
}

/// A question that takes a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The incident looked at is not open: what becomes of the line?
    NothingOpen(Box<Nowhere>),
    /// Nothing is open: what becomes of the paste?
    PasteNowhere,
    /// In which state did the fault with this handle put the service?
    State(String),
    /// What is the document to be written as?
    Export(Document),
    /// Which section is to be written?
    Section,
    /// Which field is to be set?
    Field,
}

/// A line of a paste.
#[derive(Clone, Debug)]
pub struct Pasted {
    /// As it came.
    pub text: String,
    /// True where it is to be logged.
    pub take: bool,
    /// True where `tell:` in it means customer wording.
    pub tell: bool,
    /// What it was understood as; none while that is not known, or where it is only a date.
    pub read: Option<Result<Box<Read>, Failure>>,
    /// True where it is only a date, for the lines after it.
    pub date: bool,
}

/// A paste of several lines, before it is logged.
#[derive(Clone, Debug)]
pub struct Paste {
    /// Its lines.
    pub rows: Vec<Pasted>,
    /// Which one is selected.
    pub selected: usize,
    /// When it was pasted.
    pub begun: UtcTime,
    /// True while it is on its way to the store.
    pub sent: bool,
}

impl Paste {
    /// Its lines as they are now.
    #[must_use]
    pub fn text(&self) -> String {
        let rows: Vec<&str> = self.rows.iter().map(|row| row.text.as_str()).collect();
        rows.join("\n")
    }
}

/// All of an event.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The event.
    pub event: Record<Event>,
    /// Its versions, the oldest first; none while they are not known.
    pub versions: Option<Vec<VersionLine>>,
    /// The events that it links to, and those that link to it.
    pub links: Vec<Linked>,
    /// How far down one looks.
    pub scroll: usize,
}

/// What lies over the page.
#[derive(Clone, Debug)]
pub enum Over {
    /// All keys.
    Help(Finder),
    /// Every action.
    Palette(Finder),
    /// All of an event.
    Detail(Box<Detail>),
    /// A paste.
    Paste(Paste),
    /// A question that takes a line.
    Prompt(Prompt),
    /// A question that takes a key.
    Choice(Choice),
}

/// A list that is searched by typing.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    /// What is looked for.
    pub query: TextLine,
    /// Which one is selected.
    pub selected: usize,
}
