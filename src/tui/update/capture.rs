//! Typing: the line, its echo, its completions, what was typed before.

use super::{
    actions,
    outbox::{current_line, save_drafts, submit},
    prompt,
};
use crate::tui::{
    keymap::Action,
    model::{Capture, Focus, Level, Model, Overlay, Preview, Question},
    msg::{Effect, Job},
    text_input::TextInput,
};

/// What was logged before is kept for recall, so many lines of it.
const MAX_HISTORY: usize = 200;

/// Does `action` where it is about text; `None` where it is not, here.
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
                Some(Overlay::Prompt(_)) => Some(prompt::answer(model)),
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

/// What is deleted at once from the line can be recalled.
fn remember_line(model: &mut Model) {
    if model.overlays.is_empty() && model.focus == Focus::Line && !model.capture.line.is_blank() {
        let text = model.capture.line.text().to_owned();
        add_to_history(&mut model.capture, text);
    }
}

/// Forgets the recovered draft that stands on the line: from now on the line itself is the draft.
pub fn release_recalled_draft(capture: &mut Capture) {
    if let Some(text) = capture.recalled_draft.take() {
        capture.recovered.retain(|draft| draft.text != text);
    }
}

/// Notes whether the line is a recovered draft.
pub fn note_recalled_draft(capture: &mut Capture) {
    let text = capture.line.text();
    let is_draft = capture.recovered.iter().any(|draft| draft.text == text);
    capture.recalled_draft = is_draft.then(|| text.to_owned());
}

/// Takes a line up among those that can be recalled.
pub fn add_to_history(capture: &mut Capture, text: String) {
    if text.trim().is_empty() || capture.history.last() == Some(&text) {
        return;
    }
    capture.history.push(text);
    if capture.history.len() > MAX_HISTORY {
        capture.history.remove(0);
    }
}

/// Puts `text` where the cursor is.
pub fn insert_text(model: &mut Model, text: &str) -> Vec<Effect> {
    // A space typed from habit after a completion is the one that is there.
    let spaced = std::mem::take(&mut model.capture.completion_added_space);
    if spaced && text == " " && model.overlays.is_empty() {
        model.capture.active_completion = None;
        return vec![];
    }
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut()
        && std::mem::take(&mut prompt.replace_on_type)
    {
        prompt.line = TextInput::default();
    }
    match model.focused_input() {
        Some(line) => line.insert(text),
        None => return vec![],
    }
    on_text_changed(model)
}

/// After the text that keys go to was altered.
pub fn on_text_changed(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Overlay::Help(finder) | Overlay::Palette(finder)) => {
            finder.selected = 0;
            vec![]
        }
        Some(Overlay::Prompt(prompt)) => {
            prompt.altered = true;
            let text = prompt.line.text().to_owned();
            match prompt.question {
                Question::Search => vec![Effect::Job(Job::Search(text))],
                Question::SearchAll => vec![Effect::Job(Job::SearchAll(text))],
                Question::Filter => actions::set_filter(model, &text),
                Question::Amend(_)
                | Question::Retime(_)
                | Question::AmendTask(_)
                | Question::AddTask => {
                    vec![save_drafts(model), request_parse(model)]
                }
                Question::PasteRow(_) => vec![request_parse(model)],
                _ => vec![save_drafts(model)],
            }
        }
        Some(_) => vec![],
        None => {
            model.capture.active_completion = None;
            model.capture.history_position = None;
            release_recalled_draft(&mut model.capture);
            on_line_changed(model)
        }
    }
}

/// After the line was altered, in whatever way: it is kept, and read anew.
pub fn on_line_changed(model: &mut Model) -> Vec<Effect> {
    let capture = &mut model.capture;
    if capture.line.text().is_empty() {
        capture.begun = None;
    } else if capture.begun.is_none() {
        capture.begun = Some(model.now);
    }
    if capture.line.is_blank() {
        capture.preview = Preview::Empty;
        capture.completions.clear();
        // An answer that is still on its way is about what was there before.
        model.parse_request_id += 1;
        return vec![save_drafts(model)];
    }
    vec![save_drafts(model), request_parse(model)]
}

/// Has the text that keys go to read.
pub fn request_parse(model: &mut Model) -> Effect {
    model.parse_request_id += 1;
    let mut typed = current_line(model);
    let mut cursor = model.capture.line.before_cursor().len();
    let mut amending = None;
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last() {
        typed.text = prompt.line.text().to_owned();
        if matches!(prompt.question, Question::AmendTask(_) | Question::AddTask) {
            return Effect::Job(Job::ParseTask {
                request_id: model.parse_request_id,
                text: typed.text,
            });
        }
        cursor = prompt.line.before_cursor().len();
        amending = match &prompt.question {
            Question::Amend(handle) => Some((handle.clone(), false)),
            Question::Retime(handle) => Some((handle.clone(), true)),
            _ => None,
        };
        // In a row of a paste `tell:` is text, unless it was switched on for it.
        if let Question::PasteRow(at) = prompt.question {
            typed.allow_customer_wording = model.overlays.iter().any(|over| match over {
                Overlay::Paste(paste) => paste
                    .rows
                    .get(at)
                    .is_some_and(|row| row.allow_customer_wording),
                _ => false,
            });
        }
    }
    Effect::Job(Job::Parse {
        request_id: model.parse_request_id,
        typed,
        cursor,
        amending,
    })
}

fn complete(model: &mut Model, step: isize) -> Vec<Effect> {
    if model.capture.line.is_blank() {
        return super::act(model, Action::FocusList);
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
    let gap = if tail.starts_with(' ') { "" } else { " " };
    capture.completion_added_space = !gap.is_empty();
    let mut line = TextInput::new(format!("{head}{}{gap}", chosen.replacement));
    let rest = TextInput::new(tail.to_owned());
    let end = line.text().len();
    line.insert(rest.text());
    // The cursor goes behind what was completed.
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
    let (now, stash) = match capture.history_position.take() {
        Some(recalling) => recalling,
        None if step > 0 => {
            if capture.line.is_blank() {
                return super::act(model, Action::FocusList);
            }
            return vec![];
        }
        None => (count, capture.line.clone()),
    };
    let next = now.saturating_add_signed(step).min(count);
    if next == now {
        if count == 0 {
            model.notify(Level::Info, "nothing to recall yet; Esc goes to the list");
        } else {
            capture.history_position = Some((now, stash));
        }
        return vec![];
    }
    match capture.history.get(next) {
        Some(text) => {
            capture.line = TextInput::new(text.clone());
            capture.history_position = Some((next, stash));
        }
        None => capture.line = stash,
    }
    note_recalled_draft(capture);
    on_line_changed(model)
}
