//! The input line: editing keys, Enter, completion, history.

use super::{answer, dialogs, edit::on_text_changed, line::on_line_changed, outbox, scroll};
use crate::tui::{
    keymap::Action,
    model::{Focus, Level, Model, Overlay, Preview},
    msg::{Effect, Job},
    text_input::TextInput,
};

/// Runs an action of a text input; returns `None` if `action` is not one, or does not apply here.
pub fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let on_line = model.overlays.is_empty() && model.focus == Focus::Line;
    let edit: fn(&mut TextInput) = match action {
        Action::Left => TextInput::move_left,
        Action::Right => TextInput::move_right,
        Action::WordLeft => TextInput::move_word_left,
        Action::WordRight => TextInput::move_word_right,
        Action::LineStart => TextInput::move_to_start,
        Action::LineEnd => TextInput::move_to_end,
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
        Action::LineBreak => |line| line.insert("\n"),
        Action::Submit if on_line => return Some(submit(model)),
        Action::Submit => {
            return match model.overlays.last() {
                Some(Overlay::Prompt(_)) => Some(answer::answer(model)),
                _ => None,
            };
        }
        Action::Complete if on_line => return Some(complete(model, 1)),
        Action::CompleteBack if on_line => return Some(complete(model, -1)),
        Action::RecallOlder if on_line => return Some(recall(model, -1)),
        Action::RecallNewer if on_line => return Some(recall(model, 1)),
        _ => return None,
    };
    model.capture.completion_added_space = false;
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.replace_on_type = false;
    }
    let line = model.focused_input()?;
    edit(line);
    Some(on_text_changed(model))
}

/// Adds the input line to the history before much of it is deleted.
fn remember_line(model: &mut Model) {
    if model.overlays.is_empty() && model.focus == Focus::Line && !model.capture.line.is_blank() {
        let text = model.capture.line.text().to_owned();
        model.capture.add_to_history(text);
    }
}

/// Logs the line, or opens the routing dialog if the incident shown is not open. An empty line
/// moves the focus to the page.
fn submit(model: &mut Model) -> Vec<Effect> {
    if model.capture.line.is_blank() {
        if model.summary.is_none() {
            return vec![];
        }
        return scroll::focus_page(model);
    }
    if let Preview::Invalid(failure) = &model.capture.preview {
        let text = failure.message.clone();
        model.notify(Level::Error, text);
        return vec![];
    }
    if !model.has_target() {
        return dialogs::ask_routing(model);
    }
    let typed = model.current_line();
    outbox::send(model, typed, Job::Log)
}

fn complete(model: &mut Model, step: isize) -> Vec<Effect> {
    if model.capture.line.is_blank() {
        return scroll::focus_page(model);
    }
    let capture = &mut model.capture;
    let count = capture.completions.len();
    if count == 0 {
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
    let text = before.text();
    let (Some(head), Some(tail)) = (text.get(..chosen.from), text.get(chosen.to..)) else {
        return vec![];
    };
    let space = if tail.starts_with(' ') { "" } else { " " };
    capture.completion_added_space = !space.is_empty();
    let mut line = TextInput::new(format!("{head}{}{space}", chosen.replacement));
    let rest = TextInput::new(tail.to_owned());
    let end = line.text().len();
    line.insert(rest.text());
    // Put the cursor behind the completion.
    while line.before_cursor().len() > end {
        line.move_left();
    }
    capture.line = line;
    capture.active_completion = Some((at, before));
    let effects = on_line_changed(model);
    if count == 1 {
        model.capture.active_completion = None;
    }
    effects
}

fn recall(model: &mut Model, step: isize) -> Vec<Effect> {
    let capture = &mut model.capture;
    let count = capture.history.len();
    let (position, unsent) = match capture.history_position.take() {
        Some(position) => position,
        None if step > 0 => {
            if capture.line.is_blank() {
                return scroll::focus_page(model);
            }
            return vec![];
        }
        None => (count, capture.line.clone()),
    };
    let next = position.saturating_add_signed(step).min(count);
    if next == position {
        if count == 0 {
            model.notify(Level::Info, "nothing to recall yet; Esc goes to the list");
        } else {
            capture.history_position = Some((position, unsent));
        }
        return vec![];
    }
    match capture.history.get(next) {
        Some(text) => {
            capture.line = TextInput::new(text.clone());
            capture.history_position = Some((next, unsent));
        }
        None => capture.line = unsent,
    }
    capture.note_recalled_draft();
    on_line_changed(model)
}
