//! The input line: its text, its preview, its completions, its history and the lines being written.

use crate::{
    domain::time::UtcTime,
    ops::draft::Draft,
    tui::{
        msg::{Completion, Failure, Job, ParsedLine, TypedLine},
        text_input::TextInput,
    },
};

/// How many lines the history keeps.
const MAX_HISTORY: usize = 200;

/// The result of parsing the text on the input line.
#[derive(Clone, Debug, Default)]
pub enum Preview {
    /// Not parsed yet, or empty.
    #[default]
    Empty,
    Event(Box<ParsedLine>),
    /// A follow-up task, described in words.
    FollowUp(String),
    Invalid(Failure),
}

/// A line sent to the worker that is not confirmed to be in the store.
#[derive(Clone, Debug)]
pub struct PendingLine {
    pub typed: TypedLine,
    /// The job that writes it; sent again unchanged on a retry.
    pub job: Job,
    /// When it was sent.
    pub since: UtcTime,
    /// Why the last attempt failed; `None` while an attempt is running.
    pub failure: Option<Failure>,
}

/// The input line where events are typed.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    pub line: TextInput,
    /// When the first character was typed; `None` for an empty line. Relative times count from
    /// here.
    pub begun: Option<UtcTime>,
    pub preview: Preview,
    /// The completions for the word at the cursor.
    pub completions: Vec<Completion>,
    /// While Tab cycles: the index of the inserted completion, and the line before the first one.
    pub active_completion: Option<(usize, TextInput)>,
    /// True right after a completion inserted a trailing space: a typed space is then dropped.
    pub completion_added_space: bool,
    /// The lines to recall, oldest first.
    pub history: Vec<String>,
    /// While recalling: the index in `history`, and the line typed before.
    pub history_position: Option<(usize, TextInput)>,
    /// Drafts of programs that ended, until their text is edited or logged.
    pub recovered: Vec<Draft>,
    /// The text of the recovered draft that is on the line unchanged.
    pub recalled_draft: Option<String>,
    /// The lines sent to the worker and not yet confirmed, in the order sent.
    pub outbox: Vec<PendingLine>,
    /// A line that came back because it could not be written. As long as text and target are
    /// unchanged, sending it again keeps its number, so that it is logged once.
    pub returned_line: Option<TypedLine>,
    /// How many lines were sent; the next line's number is one more.
    pub sent_count: u64,
}

impl Capture {
    /// Drops the recovered draft that is on the line: from now on the line itself is the draft.
    pub fn release_recalled_draft(&mut self) {
        if let Some(text) = self.recalled_draft.take() {
            self.recovered.retain(|draft| draft.text != text);
        }
    }

    /// Notes whether the line is a recovered draft.
    pub fn note_recalled_draft(&mut self) {
        let text = self.line.text();
        let is_draft = self.recovered.iter().any(|draft| draft.text == text);
        self.recalled_draft = is_draft.then(|| text.to_owned());
    }

    /// Appends `text` to the history, unless it is blank or equals the newest line.
    pub fn add_to_history(&mut self, text: String) {
        if text.trim().is_empty() || self.history.last() == Some(&text) {
            return;
        }
        self.history.push(text);
        if self.history.len() > MAX_HISTORY {
            self.history.remove(0);
        }
    }
}
