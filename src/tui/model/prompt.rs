//! Prompts: questions that are answered with a line of text.

use super::capture::Preview;
use crate::{
    domain::review::ReviewStage,
    tui::{
        msg::{Check, EditableLine, Failure, Write},
        text_input::TextInput,
    },
};
use uuid::Uuid;

/// What a prompt asks for. Handles are those of the event, task or message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// The event as an edited line.
    Amend(String),
    /// A part of the event: customer wording, why, the state. The rest stays.
    AmendPart(String),
    /// A new time for the event.
    Retime(String),
    /// The reason for retracting the event.
    Retract(String),
    /// The outcome of a request or a follow-up.
    Close(String),
    /// The reason for declining a follow-up.
    Decline(String),
    AddTask,
    /// Who the request or follow-up is for.
    SetOwner(String),
    /// When the request or follow-up is due.
    SetDue(String),
    /// Which tasks are shown.
    FilterTasks,
    /// Words to find in the tasks shown.
    FindTask,
    /// The follow-up as an edited line.
    AmendTask(String),
    /// A correction of the paste row at this index.
    PasteRow(usize),
    /// The day that the times of a paste belong to.
    PasteDay,
    /// The zone of the local times of an import.
    ImportZone,
    /// The day of the first row of an import.
    ImportDate,
    /// When the recording of an import began.
    ImportStart,
    /// The column of an import that holds this field.
    ImportColumn(&'static str),
    /// The path of a file, or a link, to attach to the event.
    Attach(String),
    /// The incident to move the event to.
    Move(String),
    /// The incident that the incident with this handle and name is merged into.
    Merge(String, String),
    /// The reason for destroying the text of the event.
    Redact(String),
    /// Whether the text of the event is to be destroyed: its handle, and the reason.
    ConfirmRedaction(String, String),
    /// Words to find in the timeline shown.
    Search,
    /// Words to find in all incidents.
    SearchAll,
    /// Words to find in the postmortem or the email.
    SearchDocument,
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
    /// Describes an unfinished answer, for the list of drafts.
    #[must_use]
    pub fn draft_label(&self) -> String {
        match self {
            Self::Amend(handle) | Self::AmendPart(handle) => format!("an edit of {handle}"),
            Self::Retime(handle) => format!("a time for {handle}"),
            Self::Retract(handle) => format!("why {handle} is retracted"),
            Self::Attach(handle) => format!("a file for {handle}"),
            Self::Redact(handle) => format!("why {handle} is redacted"),
            Self::Close(handle) => format!("what came of {handle}"),
            Self::Decline(handle) => format!("why {handle} is declined"),
            Self::AmendTask(handle) => format!("an edit of {handle}"),
            Self::AddTask => "a follow-up".to_owned(),
            Self::Declare => "the title of an incident".to_owned(),
            Self::Resolve => "what ended the incident".to_owned(),
            Self::Reopen => "why it was not over".to_owned(),
            Self::SetField(field) => format!("the {field}"),
            Self::SetOwner(handle) => format!("the owner of {handle}"),
            Self::SetDue(handle) => format!("when {handle} is due"),
            Self::Search | Self::SearchAll | Self::SearchDocument | Self::FindTask => {
                "words to find".to_owned()
            }
            Self::Filter | Self::FilterTasks => "a filter".to_owned(),
            _ => "an answer".to_owned(),
        }
    }

    /// True for questions whose first Enter is the answer: they write nothing to the log.
    #[must_use]
    pub fn writes_nothing(&self) -> bool {
        matches!(
            self,
            Self::Search
                | Self::SearchAll
                | Self::SearchDocument
                | Self::FindTask
                | Self::Filter
                | Self::FilterTasks
                | Self::PasteRow(_)
                | Self::PasteDay
        ) || self.is_about_import()
    }

    /// True for what the source of an import leaves open.
    #[must_use]
    pub fn is_about_import(&self) -> bool {
        matches!(
            self,
            Self::ImportZone | Self::ImportDate | Self::ImportStart | Self::ImportColumn(_)
        )
    }

    /// True if an empty answer is one.
    #[must_use]
    pub fn may_be_empty(&self) -> bool {
        matches!(
            self,
            Self::Close(_)
                | Self::Resolve
                | Self::Reopen
                | Self::Filter
                | Self::FilterTasks
                | Self::Search
                | Self::SearchDocument
        )
    }

    /// True if leaving the text as it was proposed changes nothing.
    #[must_use]
    pub fn edits_a_value(&self) -> bool {
        matches!(
            self,
            Self::Amend(_) | Self::Retime(_) | Self::AmendTask(_) | Self::SetField(_)
        )
    }

    /// True if `tell:` in its text begins what customers will read.
    #[must_use]
    pub fn reads_customer_wording(&self) -> bool {
        matches!(
            self,
            Self::Amend(_)
                | Self::AddTask
                | Self::AmendTask(_)
                | Self::Declare
                | Self::Resolve
                | Self::Reopen
        )
    }

    /// True if the answer may have several lines.
    #[must_use]
    pub fn takes_line_breaks(&self) -> bool {
        matches!(
            self,
            Self::Amend(_) | Self::AmendTask(_) | Self::PasteRow(_)
        )
    }
}

/// How far the answer of a prompt or a question has come. The first Enter checks, the next writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CheckStage {
    /// Not checked, or changed since.
    #[default]
    Unchecked,
    /// The worker says what the write would do; with the write.
    Running(Box<Write>),
    /// What the write would do is on the screen; with the write.
    Passed(Box<Write>, Check),
    /// It would do something else than it said, since another changed what it is about; the next Enter looks
    /// again.
    Changed(Box<Write>, Check),
    /// The write would be refused.
    Refused(Failure),
}

/// A question that is answered with a line of text.
#[derive(Clone, Debug)]
pub struct Prompt {
    /// Its number, which replies name.
    pub id: u64,
    pub question: Question,
    pub line: TextInput,
    /// The text that it opened with.
    pub initial: String,
    /// True until the text that is edited has come from the worker; what is typed before stands after it.
    pub is_loading: bool,
    /// The text that `$EDITOR` saved, until the line that it replaces is loaded.
    pub from_editor: Option<String>,
    /// The entry that the edited text was made from.
    pub seen: Option<Uuid>,
    /// What another wrote to the same event since.
    pub theirs: Option<EditableLine>,
    /// The parsed answer, for questions whose answer is an event or a follow-up.
    pub preview: Preview,
    /// True once the user has changed the text.
    pub altered: bool,
    /// True while the proposed text is replaced by the first typed character.
    pub replace_on_type: bool,
    pub check: CheckStage,
}
