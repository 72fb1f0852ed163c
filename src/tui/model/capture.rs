//! The input line: its rows, their previews, its completions, the drafts and the writes under way.

use crate::{
    domain::{event::Event, time::UtcTime, words::State},
    ops::{Obstacle, draft::Draft},
    tui::{
        msg::{Completion, Failure, Job, ParsedLine, Target, TypedLine},
        text_input::TextInput,
    },
};
use std::str::FromStr as _;

/// Separates the rows of the line that become events of their own. A line break is part of one event's
/// text; this is not.
pub const ROW_BREAK: char = '\u{1e}';

/// How many lines the history keeps.
const MAX_HISTORY: usize = 200;
/// How many drafts are kept.
const MAX_DRAFTS: usize = 100;

/// The result of parsing a row of the input line, or the answer of a prompt.
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

/// What the last Enter asked, if no key came since: Enter again answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Armed {
    /// Whether to log a row at its unlikely time.
    Time,
    /// Whether to log what was pasted with its line end.
    PastedLineEnd,
    /// Whether to log a line that begins with the draft of an earlier start.
    RestoredDraft,
    /// Whether to log customer wording that is not on the screen whole.
    HiddenWording,
}

/// A write sent to the worker that is not confirmed to be in the store.
#[derive(Clone, Debug)]
pub struct PendingWrite {
    /// The line as typed; `None` for what a prompt or a question wrote.
    pub typed: Option<TypedLine>,
    /// Its text, for the screen and the drafts.
    pub text: String,
    /// What the text is if it is not a line: `why kvnqrs is retracted`.
    pub about: Option<String>,
    /// The job that writes it; sent again unchanged on a retry.
    pub job: Job,
    /// The line as an event, where it was read before it was sent.
    pub event: Option<Box<Event>>,
    /// When it was sent.
    pub since: UtcTime,
    /// What keeps it from being saved; `None` before the first attempt failed.
    pub obstacle: Option<Obstacle>,
    /// When the last attempt failed; `None` while an attempt is running.
    pub failed_at: Option<UtcTime>,
}

/// The begin of a line, put into it for the user to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefill {
    /// What stands before the text to type.
    pub before: String,
    pub whole: String,
}

/// A draft that was put on the line at the start, before anything was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoredDraft {
    /// When it was begun: `10:47`, `15 Aug 23:50`.
    pub begun: String,
    pub text: String,
}

/// The input line where events are typed.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    /// Its rows are separated by [`ROW_BREAK`].
    pub line: TextInput,
    /// When the first character was typed; `None` for an empty line. Relative times count from
    /// here.
    pub begun: Option<UtcTime>,
    /// Where lines went when the first character was typed.
    pub begun_target: Option<Target>,
    /// The preview of each row that is not blank.
    pub previews: Vec<Preview>,
    /// The parse request that `previews` answers.
    pub previews_id: u64,
    /// True after an Enter that asked or refused: what is typed next is a row of its own.
    pub row_ended: bool,
    /// What the last Enter asked, if no other key came since.
    pub armed: Option<Armed>,
    /// What a finding put into the line, where that has no time, which is often not now.
    pub prefill: Option<Prefill>,
    /// The draft that the line began with at the start.
    pub restored: Option<RestoredDraft>,
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
    /// Texts that are in no input and not in the log, oldest first: those of programs that ended, of prompts
    /// that were left, of writes that were refused.
    pub drafts: Vec<Draft>,
    /// The text of the draft that is on the line unchanged.
    pub recalled_draft: Option<String>,
    /// The writes sent to the worker and not yet confirmed, in the order sent.
    pub outbox: Vec<PendingWrite>,
    /// Lines that could not be written. As long as text and target are unchanged, sending one again keeps
    /// its number, so that it is logged once.
    pub returned_lines: Vec<TypedLine>,
    /// How many lines were sent; the next line's number is one more.
    pub sent_count: u64,
}

impl Capture {
    /// Returns why `row`, read as `parsed`, is asked about before it is logged.
    #[must_use]
    pub fn question_of(&self, row: &str, parsed: &ParsedLine) -> Option<String> {
        let has_no_time =
            |prefill: &&Prefill| row.trim_start().starts_with(prefill.before.trim_end());
        let is_key = row.trim().chars().count() == 1;
        let question = parsed.question.clone();
        question
            .or_else(|| {
                self.prefill.as_ref().filter(has_no_time)?;
                let at = parsed.zone.to_local(parsed.event.at_utc()).format("%H:%M");
                let zone = parsed.zone.abbreviation(parsed.event.at_utc());
                Some(format!(
                    "It begins with no time, so it would be logged as of {at} {zone}"
                ))
            })
            .or_else(|| is_key.then(|| format!("`{}` is all that is typed", row.trim())))
    }

    /// Returns the draft of an earlier start that the line still begins with.
    #[must_use]
    pub fn restored_draft(&self) -> Option<&RestoredDraft> {
        let is_there = |draft: &&RestoredDraft| self.line.text().starts_with(draft.text.trim_end());
        self.restored.as_ref().filter(is_there)
    }

    /// True while nothing was typed: the line is empty, or as a finding filled it in.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        let text = self.line.text();
        let is_prefill = |prefill: &Prefill| prefill.whole == text;
        text.is_empty() || self.prefill.as_ref().is_some_and(is_prefill)
    }

    /// Returns the rows of the line that are not blank.
    pub fn rows(&self) -> impl Iterator<Item = &str> {
        self.line
            .text()
            .split(ROW_BREAK)
            .filter(|row| !row.trim().is_empty())
    }

    /// Returns which of [`Capture::rows`] has the cursor, and the byte position of the cursor in it.
    #[must_use]
    pub fn cursor_in_rows(&self) -> (usize, usize) {
        let before = self.line.before_cursor();
        let start = before
            .rfind(ROW_BREAK)
            .map_or(0, |at| at + ROW_BREAK.len_utf8());
        let is_filled = |row: &&str| !row.trim().is_empty();
        let row = before[..start].split(ROW_BREAK).filter(is_filled).count();
        (row, before.len() - start)
    }

    /// True if the previews belong to the text as it is now.
    #[must_use]
    pub fn is_parsed(&self, parse_request_id: u64) -> bool {
        self.previews_id == parse_request_id && self.previews.len() == self.rows().count()
    }

    /// Replaces the line by `text` and forgets what belonged to the text before.
    pub fn set_line(&mut self, text: impl Into<String>) {
        self.line = TextInput::new(text);
        self.row_ended = false;
        self.armed = None;
        self.restored = None;
        self.active_completion = None;
        self.completion_added_space = false;
    }

    /// Drops the draft that is on the line: from now on the line itself is the draft.
    pub fn release_recalled_draft(&mut self) {
        if let Some(text) = self.recalled_draft.take() {
            self.drafts.retain(|draft| draft.text != text);
        }
    }

    /// Notes whether the line is a draft.
    pub fn note_recalled_draft(&mut self) {
        let text = self.line.text();
        let is_draft = self.drafts.iter().any(|draft| draft.text == text);
        self.recalled_draft = is_draft.then(|| text.to_owned());
    }

    /// Keeps `text` as a draft and in the history, unless it is blank.
    pub fn keep_draft(&mut self, begun: UtcTime, text: &str, about: Option<String>) {
        let text = text.replace(ROW_BREAK, "\n");
        if text.trim().is_empty() {
            return;
        }
        self.add_to_history(text.clone());
        self.drafts.retain(|draft| draft.text != text);
        self.drafts.push(Draft { begun, text, about });
        if self.drafts.len() > MAX_DRAFTS {
            self.drafts.remove(0);
        }
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

/// What a draft is called that the user took off the line: it is not put back there at the next start.
pub const PUT_AWAY: &str = "a line put away";

/// Returns the state if `text` is one alone: `!degraded`.
#[must_use]
pub fn is_state_alone(text: &str) -> Option<State> {
    let word = text.trim().strip_prefix('!')?;
    State::from_str(&word.to_ascii_lowercase())
        .ok()
        .filter(|state| *state != State::Unknown)
}
