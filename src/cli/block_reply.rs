//! What `bridgelog log -` prints of a block of lines: events, refusals by line number, notes.

use super::{
    error::Result,
    log_output::{ReplyMode, event_json, print_logged_line, unfiled_note},
    out::Out,
    repeated_notes::{RepeatedNotes, name_lines},
};
use crate::{
    domain::count::counted,
    ops::{OpsError, Session, log::LoggedEvent},
};
use chrono::NaiveDate;
use std::collections::HashSet;

/// The result of one chunk of lines.
#[derive(Default)]
pub(super) struct Committed {
    /// With the number of its line.
    pub logged: Vec<(usize, LoggedEvent)>,
    /// The day lines.
    pub days: Vec<(usize, NaiveDate)>,
    pub bad: Vec<(usize, OpsError)>,
    /// Remarks on the incident they went to, one sentence each.
    pub notices: Vec<String>,
    /// True if it is said already why the lines are unfiled.
    pub unfiled_is_explained: bool,
}

/// Numbers of lines that get one note together at the end.
#[derive(Clone, Default)]
pub(super) struct CountedLines {
    /// They begin with `# ` and are no date.
    pub comments: Vec<usize>,
    /// They were logged before with the same time and text.
    pub repeated: Vec<usize>,
    /// They belong to a printed table or document and have no event.
    pub frame: Vec<usize>,
}

/// Prints the lines of one input, chunk by chunk.
pub(super) struct BlockReply {
    mode: ReplyMode,
    notes: RepeatedNotes,
    /// The hints of refused lines so far: each is printed once.
    hints: HashSet<String>,
}

impl BlockReply {
    pub fn new(mode: ReplyMode) -> Self {
        Self {
            mode,
            notes: RepeatedNotes::default(),
            hints: HashSet::new(),
        }
    }

    pub fn print(&mut self, session: &Session, committed: Committed, out: &Out) -> Result {
        for (number, mut error) in committed.bad {
            error.message = format!("line {number}: {}", error.message);
            error.hints.retain(|hint| self.hints.insert(hint.clone()));
            out.print_error(&error);
        }
        for notice in committed.notices {
            out.print_note(&notice);
        }
        let mut days = committed.days.into_iter().peekable();
        for (number, logged) in committed.logged {
            while let Some((line, day)) = days.next_if(|(line, _)| *line < number) {
                self.print_day(line, day, out);
            }
            if self.mode.json {
                // One line each, so that a reader can process them as they arrive.
                out.print_json_line(&event_json(session, &logged, self.mode)?)?;
            } else {
                print_logged_line(session, &logged, self.mode, out)?;
            }
            if logged.incident.is_none() && !committed.unfiled_is_explained {
                self.notes.add(number, unfiled_note(session, &logged), out);
            }
            for notice in &logged.notices {
                self.notes.add(number, notice, out);
            }
        }
        for (line, day) in days {
            self.print_day(line, day, out);
        }
        out.finish()
    }

    /// In a dry run, says which day a day line sets.
    fn print_day(&self, line: usize, day: NaiveDate, out: &Out) {
        if self.mode.dry_run && !self.mode.json {
            let day = day.format("%a %Y-%m-%d");
            out.print_line(&format!("line {line} sets the day: {day}"));
        }
    }

    /// Returns what became of the lines that could be read.
    pub fn outcome(&self) -> &'static str {
        if self.mode.dry_run {
            "would be logged"
        } else {
            "were logged"
        }
    }

    /// Says what there was more than once: notes, comments, lines that were logged before.
    /// `skip_comments` and `once` say whether such lines were left out.
    pub fn print_counts(&self, lines: &CountedLines, skip_comments: bool, once: bool, out: &Out) {
        self.notes.print_counts(out);
        let count = |numbers: &[usize], one: &str, many: &str| {
            let n = numbers.len() as u64;
            counted(n, &format!("line {one}"), &format!("lines {many}"))
        };
        let frame = &lines.frame;
        if !frame.is_empty() {
            let count = count(frame, "belongs", "belong");
            out.print_note(&format!(
                "{count} to a printed table, document or code block, without an event: left out {}",
                name_lines(frame)
            ));
        }
        let comments = &lines.comments;
        if !comments.is_empty() {
            let count = count(comments, "begins", "begin");
            out.print_note(&if skip_comments {
                format!("{count} with `# `: left out {}", name_lines(comments))
            } else {
                format!(
                    "{count} with `# ` ({}), logged as text: --skip-comments leaves such lines out",
                    name_lines(comments)
                )
            });
        }
        let repeated = &lines.repeated;
        if !repeated.is_empty() {
            let count = count(repeated, "was", "were");
            let what = format!("{count} logged before with the same time and text");
            let names = name_lines(repeated);
            out.print_note(&if once {
                format!("{what}: left out {names}")
            } else if self.mode.dry_run {
                format!("{what} ({names}): --once leaves such lines out")
            } else {
                format!(
                    "{what}, and now again ({names}): --once leaves such lines out, `bridgelog undo` takes this input back"
                )
            });
        }
    }
}
