//! Pastes. A single line is inserted at the cursor; several are previewed before they are logged.

use super::{
    edit::insert_text,
    line::{request_parse, request_paste_parse, save_drafts},
    prompt,
};
use crate::tui::{
    keymap::Action,
    layout,
    model::{Dialog, Focus, Level, Model, Overlay, Paste, PasteRow, Question},
    msg::{Effect, Job, ReadRow},
};

/// The preview takes at most this many lines.
const MAX_LINES: usize = 5_000;

/// Handles pasted text. It never submits: line breaks are not Enter.
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
            read: None,
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

/// Inserts pasted text at the cursor. `tell:` in it is escaped, since it was not typed as customer
/// wording.
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

/// Opens a prompt to correct the selected row.
pub fn ask_correction(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Paste(paste)) = model.overlays.last() else {
        return vec![];
    };
    let index = paste.selected;
    let Some(text) = paste.rows.get(index).map(|row| row.text.clone()) else {
        return vec![];
    };
    prompt::ask(model, Question::PasteRow(index), &text);
    vec![request_parse(model)]
}

/// Replaces row `at` by `text` and parses the paste again.
pub fn apply_correction(model: &mut Model, index: usize, text: &str) -> Vec<Effect> {
    model.overlays.pop();
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    if let Some(row) = paste.rows.get_mut(index) {
        text.clone_into(&mut row.text);
        row.included = true;
        row.read = None;
    }
    let paste = paste.clone();
    vec![request_paste_parse(model, &paste)]
}

/// Runs an action of the preview.
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
            let all_included = paste.rows.iter().all(|row| row.included);
            for row in &mut paste.rows {
                row.included = !all_included;
            }
            vec![]
        }
        Action::ToggleComments => toggle_rows(paste, PasteRow::is_comment),
        Action::ToggleLoggedRows => toggle_rows(paste, PasteRow::is_logged_already),
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

/// Leaves out the rows that `wanted` is true of; takes them if all are left out.
fn toggle_rows(paste: &mut Paste, wanted: impl Fn(&PasteRow) -> bool) -> Vec<Effect> {
    let any_included = paste.rows.iter().any(|row| row.included && wanted(row));
    for row in paste.rows.iter_mut().filter(|row| wanted(row)) {
        row.included = !any_included;
    }
    vec![]
}

/// Logs the included rows, or asks first if no incident is open.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let no_target = !model.has_target();
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    if paste.submitted {
        return vec![];
    }
    let invalid = paste
        .rows
        .iter()
        .position(|row| row.included && matches!(row.read, Some(ReadRow::Refused(_))));
    if let Some(invalid) = invalid {
        paste.selected = invalid;
        model.notify(
            Level::Error,
            format!(
                "line {} cannot be read: e corrects it, Space leaves it",
                invalid + 1
            ),
        );
        return vec![];
    }
    // A row that is not read yet may be one to log.
    let may_be_logged =
        |row: &PasteRow| matches!(row.read, None | Some(ReadRow::Event(_))) && row.included;
    if !paste.rows.iter().any(may_be_logged) {
        model.notify(Level::Info, "no row is taken");
        return vec![];
    }
    if no_target && model.other_open_incidents > 0 {
        model.notify(
            Level::Info,
            "another incident is open than the one you look at: Enter logs the paste there",
        );
        return vec![Effect::Job(Job::LoadIncident(None))];
    }
    if no_target {
        model.overlays.push(Overlay::Dialog(Dialog::PasteRouting));
        return vec![];
    }
    send(model)
}

/// Sends the included rows to the worker.
pub fn send(model: &mut Model) -> Vec<Effect> {
    let target = model.target();
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    let lines = paste.lines();
    paste.submitted = true;
    let begun = paste.begun;
    vec![Effect::Job(Job::LogPaste {
        lines,
        begun,
        target,
    })]
}
