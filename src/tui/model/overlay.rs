//! What covers the page: help, palette, event detail, paste preview, prompts and dialogs.

use super::capture::Preview;
use crate::{
    domain::{event::Event, incident::Record, review::ReviewStage, time::UtcTime, words::Severity},
    tui::{
        msg::{Document, EventVersion, Job, LinkedEvent, PastedLine, ReadRow},
        text_input::TextInput,
    },
};

/// The key of each section in the dialog that asks for one, in the order of `SECTIONS`.
pub const SECTION_KEYS: &str = "1234567890";

/// What a prompt asks for on the input line. Handles are those of the event, task or message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The event as an edited line.
    Amend(String),
    /// A new time for the event.
    Retime(String),
    /// The reason for retracting the event.
    Retract(String),
    /// The outcome of an ask.
    Close(String),
    /// The reason for declining a follow-up.
    Decline(String),
    AddTask,
    /// The follow-up as an edited line.
    AmendTask(String),
    /// A correction of the paste row at this index.
    PasteRow(usize),
    /// The incident to move the event to.
    Move(String),
    /// The reason for destroying the text of the event.
    Redact(String),
    /// Whether the text of the event is to be destroyed: its handle, and the reason.
    ConfirmRedaction(String, String),
    /// Words to find in the timeline shown.
    Search,
    /// Words to find in all incidents.
    SearchAll,
    Filter,
    /// The title of a new incident.
    Declare,
    Resolve,
    Reopen,
    /// Who approves the message with this number.
    Approve(String),
    /// Who reviewed the postmortem, or says that it is final.
    Review(ReviewStage),
    /// The channel by which the message with this number was sent.
    MarkSent(String),
    /// A service, then its public name.
    AddService,
    SetField(&'static str),
}

impl Question {
    /// Describes an unfinished answer, for the list of drafts at the next start.
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

    /// Returns true if an unfinished answer is worth saving as a draft; search words are not.
    #[must_use]
    pub fn should_keep_draft(&self) -> bool {
        !matches!(
            self,
            Self::Search
                | Self::SearchAll
                | Self::Filter
                | Self::PasteRow(_)
                | Self::ConfirmRedaction(..)
        )
    }
}

/// A question that is answered with a line of text.
#[derive(Clone, Debug)]
pub struct Prompt {
    pub question: Question,
    pub line: TextInput,
    /// The parsed answer, for questions whose answer is an event or a follow-up.
    pub preview: Preview,
    /// True once the user has changed the text.
    pub altered: bool,
    /// True while the proposed text is replaced by the first typed character.
    pub replace_on_type: bool,
    /// The job that its text was sent with, until the text is changed.
    pub sent: Option<Box<Job>>,
}

/// A choice for a line while the incident shown is not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoutingChoice {
    /// Show the other open incident; Enter then logs the line there.
    OtherIncident,
    /// Declare an incident with it.
    Declare,
    /// Log it without an incident.
    Unfiled,
    /// Log it in the incident shown, although that is resolved.
    ShownIncident,
}

/// The dialog for a line while the incident shown is not open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoutingDialog {
    /// Index into [`routing_choices`](super::Model::routing_choices).
    pub selected: usize,
    /// How many unfiled events of the last day a new incident can adopt.
    pub unfiled_count: usize,
    /// True if a new incident adopts them.
    pub adopt: bool,
    /// The severity of a new incident.
    pub severity: Option<Severity>,
    /// Characters typed while the dialog is open: the beginning of the next line.
    pub next_line: TextInput,
}

/// A question that is answered with one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// What to do with a line while the incident shown is not open.
    Routing(Box<RoutingDialog>),
    /// What to do with a paste while no incident is open.
    PasteRouting,
    /// The state that the fault with this handle caused.
    State(String),
    /// The format to export the document in.
    Export(Document),
    /// The postmortem section to write.
    Section,
    /// The field to set.
    Field,
}

#[derive(Clone, Debug)]
pub struct PasteRow {
    pub text: String,
    /// True if the row will be logged.
    pub included: bool,
    /// True if `tell:` in it begins customer wording; in a paste it is plain text by default.
    pub allow_customer_wording: bool,
    /// `None` until read.
    pub read: Option<ReadRow>,
}

impl PasteRow {
    /// True if the row begins with `# ` and is no date.
    #[must_use]
    pub fn is_comment(&self) -> bool {
        matches!(&self.read, Some(ReadRow::Event(event)) if event.is_comment)
    }

    /// True if an event with the same time and text is logged already.
    #[must_use]
    pub fn is_logged_already(&self) -> bool {
        matches!(&self.read, Some(ReadRow::Event(event)) if event.is_logged_already)
    }
}

/// The preview of a paste of several lines, before it is logged.
#[derive(Clone, Debug)]
pub struct Paste {
    pub rows: Vec<PasteRow>,
    pub selected: usize,
    /// When it was pasted; relative times count from here.
    pub begun: UtcTime,
    /// True while the worker writes it.
    pub submitted: bool,
}

impl Paste {
    /// Returns the rows, joined by line breaks.
    #[must_use]
    pub fn text(&self) -> String {
        let rows: Vec<&str> = self.rows.iter().map(|row| row.text.as_str()).collect();
        rows.join("\n")
    }

    /// Returns the rows as lines to read or to log.
    #[must_use]
    pub fn lines(&self) -> Vec<PastedLine> {
        let line = |row: &PasteRow| PastedLine {
            text: row.text.clone(),
            included: row.included,
            allow_customer_wording: row.allow_customer_wording,
        };
        self.rows.iter().map(line).collect()
    }

    /// Returns how many rows would be logged.
    #[must_use]
    pub fn taken_count(&self) -> usize {
        let is_taken =
            |row: &&PasteRow| row.included && matches!(row.read, Some(ReadRow::Event(_)));
        self.rows.iter().filter(is_taken).count()
    }

    /// Says how many rows are taken, left out and refused, and what of them can be left out with one key.
    #[must_use]
    pub fn counts(&self) -> String {
        let count =
            |holds: &dyn Fn(&PasteRow) -> bool| self.rows.iter().filter(|r| holds(r)).count();
        let is_event = |row: &PasteRow| matches!(row.read, Some(ReadRow::Event(_)));
        let taken = self.taken_count();
        let comments = count(&PasteRow::is_comment);
        let comment_word = if comments == 1 { "comment" } else { "comments" };
        let others = [
            (count(&|row| !row.included && is_event(row)), "left out"),
            (
                count(&|row| matches!(row.read, Some(ReadRow::Refused(_)))),
                "refused",
            ),
            (count(&PasteRow::is_logged_already), "logged before"),
            (comments, comment_word),
        ];
        let others = others.iter().filter(|(count, _)| *count > 0);
        let others: String = others
            .map(|(count, what)| format!(", {count} {what}"))
            .collect();
        format!("{taken} taken{others}")
    }
}

/// The detail view of an event.
#[derive(Clone, Debug)]
pub struct Detail {
    pub event: Record<Event>,
    /// Oldest first; `None` until loaded.
    pub versions: Option<Vec<EventVersion>>,
    /// The events it links to, and those that link to it.
    pub links: Vec<LinkedEvent>,
    /// First row in view.
    pub scroll: usize,
}

/// Sentences to read, each a paragraph.
#[derive(Clone, Debug, Default)]
pub struct TextPage {
    pub title: String,
    pub paragraphs: Vec<String>,
    /// First row in view.
    pub scroll: usize,
}

/// What covers the page.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The list of keys.
    Help(Finder),
    /// The list of actions.
    Palette(Finder),
    Detail(Box<Detail>),
    Text(TextPage),
    Paste(Paste),
    Prompt(Prompt),
    Dialog(Dialog),
}

/// A list that is filtered by typing.
#[derive(Clone, Debug, Default)]
pub struct Finder {
    pub query: TextInput,
    pub selected: usize,
}
