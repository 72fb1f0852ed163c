//! Editing keys of every text input, and on the input line completion and history.

use super::{edit::on_text_changed, line::on_line_changed, scroll, state_question};
use crate::tui::{
    keymap::Action,
    model::{Level, Model, Overlay, ROW_BREAK},
    msg::Effect,
    text_input::TextInput,
};

/// Runs an action of a text input; returns `None` if `action` is not one, or does not apply here.
pub fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let on_line = model.is_on_line();
    match action {
        Action::Left | Action::Right if on_line && model.capture.line.is_blank() => {
            if let Some(effects) = state_question::step(model, action == Action::Right) {
                return Some(effects);
            }
        }
        Action::Left | Action::Right
            if matches!(model.overlays.last(), Some(Overlay::Paste(_))) =>
        {
            return Some(super::paste_day::step_day(model, action == Action::Right));
        }
        Action::Left | Action::Right
            if matches!(model.overlays.last(), Some(Overlay::Import(_))) =>
        {
            return Some(super::import::step_filter(model, action == Action::Right));
        }
        Action::Complete => {
            if let Some(Overlay::Finder(finder)) = model.overlays.last() {
                return Some(match finder.kind.is_files() {
                    true => super::file_choice::complete(model),
                    false => super::navigation::act(model, Action::Down),
                });
            }
        }
        // In a line of several rows the arrows move the cursor first.
        Action::Up | Action::Down if on_line && model.overlays.is_empty() => {
            let step = if action == Action::Up { -1 } else { 1 };
            return model
                .capture
                .line
                .move_vertically(step, ROW_BREAK)
                .then(Vec::new);
        }
        _ => {}
    }
    let edit: fn(&mut TextInput) = match action {
        Action::Left => TextInput::move_left,
        Action::Right => TextInput::move_right,
        Action::WordLeft => TextInput::move_word_left,
        Action::WordRight => TextInput::move_word_right,
        Action::LineStart => |line| line.move_to_row_start(ROW_BREAK),
        Action::LineEnd => |line| line.move_to_row_end(ROW_BREAK),
        Action::TextStart => TextInput::move_to_start,
        Action::TextEnd => TextInput::move_to_end,
        Action::DeleteBack => TextInput::delete_back,
        Action::DeleteForward => TextInput::delete_forward,
        Action::DeleteWord => TextInput::delete_word,
        Action::DeleteToStart => {
            remember_line(model);
            TextInput::delete_to_start
        }
        Action::DeleteToEnd => {
            remember_line(model);
            TextInput::delete_to_end
        }
        Action::LineBreak if takes_line_breaks(model) && !is_empty(model) => {
            |line| line.insert("\n")
        }
        Action::LineBreak => return Some(vec![]),
        Action::Complete if on_line => return Some(complete(model, 1)),
        Action::Complete if matches!(model.overlays.last(), Some(Overlay::Prompt(_))) => {
            model.notify(Level::Info, "a prompt has no completions");
            return Some(vec![]);
        }
        Action::CompleteBack if on_line => return Some(complete(model, -1)),
        Action::RecallOlder => return Some(recall(model, -1)),
        Action::RecallNewer => return Some(recall(model, 1)),
        _ => return None,
    };
    model.capture.completion_added_space = false;
    model.capture.row_ended = false;
    match model.overlays.last_mut() {
        Some(Overlay::Prompt(prompt)) => prompt.replace_on_type = false,
        Some(Overlay::Routing(routing)) => routing.picked = None,
        _ => {}
    }
    let line = model.focused_input()?;
    let before = line.text().len();
    edit(line);
    // A cursor that moved changes the completions, not what a prompt was checked for.
    let is_moved = line.text().len() == before;
    if is_moved && !on_line {
        return Some(vec![]);
    }
    Some(on_text_changed(model))
}

/// True if the text being typed may have several lines.
fn takes_line_breaks(model: &Model) -> bool {
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => prompt.question.takes_line_breaks(),
        _ => model.is_on_line(),
    }
}

/// True if nothing is typed where the keys go.
fn is_empty(model: &mut Model) -> bool {
    model
        .focused_input()
        .is_none_or(|input| input.text().is_empty())
}

/// Adds the input line to the history before much of it is deleted.
fn remember_line(model: &mut Model) {
    if model.is_on_line() && !model.capture.line.is_blank() {
        let text = model.capture.line.text().replace(ROW_BREAK, "\n");
        model.capture.add_to_history(text);
    }
}

fn complete(model: &mut Model, step: isize) -> Vec<Effect> {
    if model.capture.line.is_blank() {
        if let Some(effects) = state_question::step(model, step > 0) {
            return effects;
        }
        return scroll::focus_list(model);
    }
    let capture = &mut model.capture;
    let count = capture.completions.len();
    if count == 0 {
        model.notify(Level::Info, "no completion for this word");
        return vec![];
    }
    let (at, before) = match capture.active_completion.take() {
        Some((at, before)) => {
            let next = (at + count).saturating_add_signed(step) % count;
            (next, before)
        }
        None if step < 0 => (count - 1, capture.line.clone()),
        None => (0, capture.line.clone()),
    };
    let Some(chosen) = capture.completions.get(at) else {
        return vec![];
    };
    // The positions are those in the row of the cursor.
    let cursor = before.before_cursor();
    let in_row = cursor
        .rfind(ROW_BREAK)
        .map_or(0, |at| at + ROW_BREAK.len_utf8());
    let text = before.text();
    let (Some(head), Some(tail)) = (
        text.get(..in_row + chosen.from),
        text.get(in_row + chosen.to..),
    ) else {
        return vec![];
    };
    let space = if tail.starts_with(' ') { "" } else { " " };
    let head = format!("{head}{}{space}", chosen.replacement);
    capture.line = TextInput::with_cursor(format!("{head}{tail}"), head.len());
    let added_space = !space.is_empty();
    capture.active_completion = Some((at, before));
    let effects = on_line_changed(model);
    model.capture.completion_added_space = added_space;
    if count == 1 {
        model.capture.active_completion = None;
    }
    effects
}

/// Replaces the text being typed by the one before or after it in the history.
fn recall(model: &mut Model, step: isize) -> Vec<Effect> {
    if let Some(Overlay::Prompt(_)) = model.overlays.last() {
        return recall_in_prompt(model, step);
    }
    if !model.is_on_line() {
        return vec![];
    }
    let capture = &mut model.capture;
    let count = capture.history.len();
    let (position, unsent) = match capture.history_position.take() {
        Some(position) => position,
        None if step > 0 => return vec![],
        None => (count, capture.line.clone()),
    };
    let next = position.saturating_add_signed(step).min(count);
    if next == position {
        if count == 0 {
            model.notify(Level::Info, "no earlier line");
        } else {
            capture.history_position = Some((position, unsent));
        }
        return vec![];
    }
    match capture.history.get(next) {
        Some(text) => {
            let text = text.clone();
            capture.set_line(text);
            capture.history_position = Some((next, unsent));
        }
        None => {
            capture.set_line("");
            capture.line = unsent;
        }
    }
    capture.note_recalled_draft();
    on_line_changed(model)
}

/// Takes an older text into a prompt; what it held becomes a draft.
fn recall_in_prompt(model: &mut Model, step: isize) -> Vec<Effect> {
    let history = &model.capture.history;
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return vec![];
    };
    let current = prompt.line.text().to_owned();
    let at = history.iter().rposition(|text| *text == current);
    let next = match (at, step < 0) {
        (Some(at), true) => at.checked_sub(1),
        (Some(at), false) => Some(at + 1),
        (None, true) => history.len().checked_sub(1),
        (None, false) => None,
    };
    let Some(text) = next.and_then(|at| history.get(at)).cloned() else {
        model.notify(Level::Info, "no other text");
        return vec![];
    };
    let about = Some(prompt.question.draft_label()).filter(|_| prompt.altered);
    if at.is_none() && about.is_some() {
        model.keep_draft(&current, about);
    }
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.line = TextInput::new(text);
        prompt.replace_on_type = false;
    }
    on_text_changed(model)
}
