//! What a prompt or a question does, below its text: what is asked, how the answer is read, what it would write.

use super::{kept_line::kept_line_row, line_rows::preview_rows, prompt_text::prompt_hint};
use crate::tui::{
    model::{CheckStage, Confirm, ConfirmKind, Model, Preview, Prompt, Question},
    msg::{Check, CheckMark},
    text::{fit, width, wrap},
    theme::Meaning,
};
use ratatui::{style::Style, text::Span};
use std::ops::Range;

type Row = Vec<Span<'static>>;

/// Returns the lines of a check with their signs.
fn check_rows(model: &Model, check: &Check, columns: usize) -> Vec<Row> {
    let mut rows = Vec::new();
    for line in &check.lines {
        let (sign, meaning) = match line.mark {
            CheckMark::Removed => ("− ", Meaning::Error),
            CheckMark::Added => ("+ ", Meaning::Ok),
            CheckMark::Customer => ("» ", Meaning::Customer),
            CheckMark::Plain => ("", Meaning::Plain),
            CheckMark::Warning => ("", Meaning::Warning),
        };
        let style = model.theme.style(meaning);
        let room = columns.saturating_sub(width(sign));
        // What is written is shown whole.
        for (at, text) in wrap(&line.text, room).into_iter().enumerate() {
            let sign = if at == 0 {
                sign.to_owned()
            } else {
                " ".repeat(width(sign))
            };
            rows.push(vec![Span::styled(sign, style), Span::styled(text, style)]);
        }
    }
    rows
}

pub(super) fn stage_rows(model: &Model, stage: &CheckStage, columns: usize) -> Vec<Row> {
    let wrapped = |text: &str, meaning| {
        let style: Style = model.theme.style(meaning);
        wrap(text, columns)
            .into_iter()
            .map(|text| vec![Span::styled(text, style)])
            .collect::<Vec<_>>()
    };
    match stage {
        CheckStage::Unchecked => vec![],
        CheckStage::Running(_) => wrapped("looking up what it does…", Meaning::Dim),
        CheckStage::Passed(_, check) => check_rows(model, check, columns),
        CheckStage::Changed(_, check) => {
            let mut rows = wrapped(
                "changed by another just now: Enter looks again",
                Meaning::Warning,
            );
            rows.extend(check_rows(model, check, columns));
            rows
        }
        CheckStage::Refused(failure) => {
            let mut rows = wrapped(&failure.message, Meaning::Error);
            if let Some(hint) = &failure.hint {
                rows.extend(wrapped(hint, Meaning::Dim));
            }
            rows
        }
    }
}

pub(super) fn prompt_rows(model: &Model, prompt: &Prompt, columns: usize) -> Vec<Row> {
    let style = |meaning| model.theme.style(meaning);
    let row = |text: &str, meaning| vec![Span::styled(fit(text, columns), style(meaning))];
    let mut rows = Vec::new();
    if let Some(theirs) = &prompt.theirs {
        let at = model.zone.to_local(theirs.recorded).format("%H:%M:%S");
        let who = &theirs.author;
        let text = format!(
            "{who} changed this at {at}, after you opened it: {}",
            theirs.line
        );
        let asks = "Yours goes over it? Both stay in the history. Ctrl-T takes it into the line";
        let style = style(Meaning::Warning);
        for text in [text.as_str(), asks] {
            let wrapped = wrap(text, columns).into_iter();
            rows.extend(wrapped.map(|text| vec![Span::styled(text, style)]));
        }
    }
    if prompt.is_loading {
        rows.push(row("…", Meaning::Dim));
        return rows;
    }
    if prompt.check == CheckStage::Unchecked {
        let is_edit = prompt.question.edits_a_value() && !prompt.initial.is_empty();
        if is_edit && prompt.altered {
            let (before, now) = difference(&prompt.initial, prompt.line.text(), columns);
            rows.push(row(&format!("− {before}"), Meaning::Error));
            rows.push(row(&format!("+ {now}"), Meaning::Ok));
        } else {
            let hint = prompt_hint(model, &prompt.question);
            let problem = match prompt.question {
                Question::Filter => &model.timeline.filter_problem,
                Question::SearchAll => &model.incidents.search_problem,
                _ => &None,
            };
            match problem {
                Some(_) => {
                    let style = style(Meaning::Error);
                    let wrapped = wrap(&hint, columns).into_iter();
                    rows.extend(wrapped.map(|text| vec![Span::styled(text, style)]));
                }
                // The parse needs the rows below it.
                None if matches!(prompt.preview, Preview::Empty) => {
                    let style = style(Meaning::Dim);
                    let wrapped = wrap(&hint, columns).into_iter();
                    rows.extend(wrapped.map(|text| vec![Span::styled(text, style)]));
                }
                None => rows.push(row(&hint, Meaning::Dim)),
            }
        }
        rows.extend(preview_rows(model, &prompt.preview, columns));
    } else {
        rows.extend(stage_rows(model, &prompt.check, columns));
    }
    rows
}

/// Returns both texts; where they do not fit in `columns`, without most of what both begin with.
fn difference(before: &str, now: &str, columns: usize) -> (String, String) {
    const KEPT: usize = 12;
    if width(before).max(width(now)) + 2 <= columns {
        return (before.to_owned(), now.to_owned());
    }
    let same = before.chars().zip(now.chars()).take_while(|(a, b)| a == b);
    let skip = same.count().saturating_sub(KEPT);
    if skip == 0 {
        return (before.to_owned(), now.to_owned());
    }
    let rest = |text: &str| format!("…{}", text.chars().skip(skip).collect::<String>());
    (rest(before), rest(now))
}

/// Returns the rows of a question, of which those in `shown` are in view, and below them the line that waits.
pub(super) fn confirm_rows(
    model: &Model,
    confirm: &Confirm,
    columns: usize,
    shown: Range<usize>,
) -> Vec<Row> {
    let mut rows = match (&confirm.kind, &confirm.check) {
        (ConfirmKind::Leave, _) => {
            let text = if model.capture.outbox.is_empty() {
                "q again or Enter leaves; any other key is text."
            } else {
                "Ctrl-Y copies what is not saved. q or Enter leaves; other keys are text."
            };
            vec![vec![Span::styled(
                fit(text, columns),
                model.theme.style(Meaning::Dim),
            )]]
        }
        (_, stage) => stage_rows(model, stage, columns),
    };
    let kept = kept_line_row(model, columns);
    let room = shown.len().saturating_sub(usize::from(kept.is_some()));
    rows.drain(..shown.start.min(rows.len()));
    if rows.len() > room
        && let Some(last) = rows.get_mut(room.saturating_sub(1))
    {
        last.push(Span::styled("…", model.theme.style(Meaning::Warning)));
    }
    rows.truncate(room);
    rows.extend(kept);
    rows
}
