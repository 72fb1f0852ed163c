//! What lies over the page: help, palette, a detail, a paste, questions.

use super::{
    model::Preview,
    msg::{Document, EventVersion, Failure, LinkedEvent, ParsedLine},
    text_input::TextInput as TextLine,
};
use crate::domain::{event::Event, incident::Record, time::UtcTime, words::Severity};

/// What is asked for on the bottom line instead of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The altered line of the event with this handle.
    Amend(String),
    /// A new time for it.
    Retime(String),
    /// Why it goes out of the record.
    Retract(String),
    /// What came of an ask.
    Close(String),
    /// Why a follow-up is declined.
    Decline(String),
    /// A follow-up.
    AddTask,
    /// The altered line of the follow-up with this handle.
    AmendTask(String),
    /// The row of a paste at this place, corrected.
    PasteRow(usize),
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
    MarkSent(String),
    /// A service, and what customers call it.
    AddService,
    /// The value of a field.
    SetField(&'static str),
}

impl Question {
    /// What an answer to it is, for whoever finds it half-typed later.
    #[must_use]
    pub fn draft_label(&self) -> String {
        match self {
            Self::Amend(handle) => format!("an amendment of {handle}"),
            Self::Retime(handle) => format!("a time for {handle}"),
            Self::Retract(handle) => format!("why {handle} is retracted"),
            Self::Redact(handle) => format!("why {handle} is redacted"),
            Self::Close(handle) => format!("what came of {handle}"),
            Self::Decline(handle) => format!("why {handle} is declined"),
            Self::AmendTask(handle) => format!("an amendment of {handle}"),
            Self::AddTask => "a follow-up".to_owned(),
            Self::Resolve => "what ended the incident".to_owned(),
            Self::Reopen => "why it was not over".to_owned(),
            Self::SetField(field) => format!("the {field}"),
            _ => "an answer".to_owned(),
        }
    }

    /// True where the answer is a text that somebody would miss; what is searched for is typed again.
    #[must_use]
    pub fn should_keep_draft(&self) -> bool {
        !matches!(
            self,
            Self::Search | Self::SearchAll | Self::Filter | Self::PasteRow(_)
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
    pub preview: Preview,
    /// True once it was altered.
    pub altered: bool,
    /// True where what is typed first takes the place of what stands there.
    pub replace_on_type: bool,
}

/// What may become of a line where the incident looked at is not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoutingChoice {
    /// It goes to another incident, which is open.
    OtherIncident,
    /// It begins one.
    Declare,
    /// It is logged in none.
    Unfiled,
    /// It is logged in the one looked at, which is over.
    ShownIncident,
}

/// A line that has nowhere to go yet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoutingDialog {
    /// Which way is selected.
    pub selected: usize,
    /// How many unfiled events of the last day there are.
    pub unfiled_count: usize,
    /// True where they are taken in.
    pub adopt: bool,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// What was typed since: the beginning of the next line.
    pub next_line: TextLine,
}

/// A question that takes a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// The incident looked at is not open: what becomes of the line?
    Routing(Box<RoutingDialog>),
    /// Nothing is open: what becomes of the paste?
    PasteRouting,
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
pub struct PasteRow {
    /// As it came.
    pub text: String,
    /// True where it is to be logged.
    pub included: bool,
    /// True where `tell:` in it means customer wording.
    pub allow_customer_wording: bool,
    /// What it was understood as; none while that is not known, or where it is only a date.
    pub parsed: Option<Result<Box<ParsedLine>, Failure>>,
    /// True where it is only a date, for the lines after it.
    pub is_date: bool,
}

/// A paste of several lines, before it is logged.
#[derive(Clone, Debug)]
pub struct Paste {
    /// Its lines.
    pub rows: Vec<PasteRow>,
    /// Which one is selected.
    pub selected: usize,
    /// When it was pasted.
    pub begun: UtcTime,
    /// True while it is on its way to the store.
    pub submitted: bool,
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
    pub versions: Option<Vec<EventVersion>>,
    /// The events that it links to, and those that link to it.
    pub links: Vec<LinkedEvent>,
    /// How far down one looks.
    pub scroll: usize,
}

/// What lies over the page.
#[derive(Clone, Debug)]
pub enum Overlay {
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
    Dialog(Dialog),
}

/// A list that is searched by typing.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    /// What is looked for.
    pub query: TextLine,
    /// Which one is selected.
    pub selected: usize,
}
