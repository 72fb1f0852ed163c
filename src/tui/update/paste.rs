//! Pastes. One line goes where the cursor is; several are looked at before they are logged.

use super::{
    edit::insert_text,
    line::{request_parse, request_paste_parse, save_drafts},
    prompt,
};
use crate::tui::{
    keymap::Action,
    layout,
    model::{Dialog, Focus, Level, Model, Overlay, Paste, PasteRow, Question},
    msg::{Effect, Job},
};

/// The most lines that are looked at at once; what is longer belongs in an import.
const MAX_LINES: usize = 5_000;

/// Text was pasted. It never submits.
pub fn on_paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_end_matches('\n');
    let on_line = model.overlays.is_empty();
    if !text.contains('\n') || !on_line || layout::too_small(model.size) {
        if on_line {
            model.focus = Focus::Line;
        }
        return insert_as_text(model, text);
    }
    let rows: Vec<PasteRow> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(MAX_LINES)
        .map(|line| PasteRow {
            text: line.to_owned(),
            included: true,
            allow_customer_wording: false,
            parsed: None,
            is_date: false,
        })
        .collect();
    if text.lines().count() > MAX_LINES {
        model.notify(
            Level::Error,
            format!("only the first {MAX_LINES} lines are here; import a longer file"),
        );
    }
    let paste = Paste {
        rows,
        selected: 0,
        begun: model.now,
        submitted: false,
    };
    let effect = request_paste_parse(model, &paste);
    model.overlays.push(Overlay::Paste(paste));
    vec![effect, save_drafts(model)]
}

/// Puts what was pasted where the cursor is. `tell:` in it is text: nobody typed it for customers.
fn insert_as_text(model: &mut Model, text: &str) -> Vec<Effect> {
    let on_line = model.overlays.is_empty();
    if !on_line || !text.contains("tell:") {
        return insert_text(model, text);
    }
    let effects = insert_text(model, &text.replace("tell:", "\\tell:"));
    model.notify(
        Level::Info,
        "`tell:` in a paste is text; without the backslash customers read what follows",
    );
    effects
}

/// Asks for the selected row, corrected.
pub fn ask_correction(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Paste(paste)) = model.overlays.last() else {
        return vec![];
    };
    let at = paste.selected;
    let Some(text) = paste.rows.get(at).map(|row| row.text.clone()) else {
        return vec![];
    };
    prompt::ask(model, Question::PasteRow(at), &text);
    vec![request_parse(model)]
}

/// Row `at` was corrected to `text`.
pub fn apply_correction(model: &mut Model, at: usize, text: &str) -> Vec<Effect> {
    model.overlays.pop();
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    if let Some(row) = paste.rows.get_mut(at) {
        text.clone_into(&mut row.text);
        row.included = true;
        row.parsed = None;
    }
    let paste = paste.clone();
    vec![request_paste_parse(model, &paste)]
}

/// Takes or leaves rows.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    match action {
        Action::PasteAsText => {
            let text = paste.text();
            model.overlays.pop();
            model.focus = Focus::Line;
            insert_as_text(model, &text)
        }
        Action::ToggleAllRows => {
            let all = paste.rows.iter().all(|row| row.included);
            for row in &mut paste.rows {
                row.included = !all;
            }
            vec![]
        }
        Action::ToggleRow => {
            if let Some(row) = paste.rows.get_mut(paste.selected) {
                row.included = !row.included;
            }
            paste.selected = (paste.selected + 1).min(paste.rows.len().saturating_sub(1));
            vec![]
        }
        Action::ToggleTell => {
            if let Some(row) = paste.rows.get_mut(paste.selected) {
                row.allow_customer_wording = !row.allow_customer_wording;
            }
            let paste = paste.clone();
            vec![request_paste_parse(model, &paste)]
        }
        _ => vec![],
    }
}

/// Logs the rows that are taken.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let nowhere = !model.has_target();
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    if paste.submitted {
        return vec![];
    }
    let wrong = paste
        .rows
        .iter()
        .position(|row| row.included && matches!(row.parsed, Some(Err(_))));
    if let Some(wrong) = wrong {
        paste.selected = wrong;
        model.notify(
            Level::Error,
            format!(
                "line {} cannot be read: e corrects it, Space leaves it",
                wrong + 1
            ),
        );
        return vec![];
    }
    if !paste.rows.iter().any(|row| row.included && !row.is_date) {
        model.notify(Level::Info, "no row is taken");
        return vec![];
    }
    if nowhere && model.other_open_incidents > 0 {
        model.notify(
            Level::Info,
            "another incident is open than the one you look at: Enter logs the paste there",
        );
        return vec![Effect::Job(Job::LoadIncident(None))];
    }
    if nowhere {
        model.overlays.push(Overlay::Dialog(Dialog::PasteRouting));
        return vec![];
    }
    send(model)
}

/// Sends the rows that are taken off.
pub fn send(model: &mut Model) -> Vec<Effect> {
    let target = model.target();
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    let lines: Vec<(String, bool)> = paste
        .rows
        .iter()
        .filter(|row| row.included || row.is_date)
        .map(|row| (row.text.clone(), row.allow_customer_wording))
        .collect();
    paste.submitted = true;
    let begun = paste.begun;
    vec![Effect::Job(Job::LogPaste {
        lines,
        begun,
        target,
    })]
}
