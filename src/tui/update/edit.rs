//! Typed text: inserted at the cursor, then searched for, parsed or saved.

use super::{
    line::{on_line_changed, request_parse, save_drafts},
    timeline,
};
use crate::tui::{
    model::{Model, Overlay, Question},
    msg::{Effect, Job},
    text_input::TextInput,
};

/// Inserts `text` at the cursor of the focused text input; without one nothing happens.
pub fn insert_text(model: &mut Model, text: &str) -> Vec<Effect> {
    // A completion already added the space.
    let space_added = std::mem::take(&mut model.capture.completion_added_space);
    if space_added && text == " " && model.overlays.is_empty() {
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

/// Does what follows from a change of the focused text: search, filter, parse, save drafts.
pub fn on_text_changed(model: &mut Model) -> Vec<Effect> {
    match model.overlays.last_mut() {
        Some(Overlay::Help(finder) | Overlay::Palette(finder)) => {
            finder.selected = 0;
            vec![]
        }
        Some(Overlay::Prompt(prompt)) => {
            prompt.altered = true;
            prompt.sent = None;
            let text = prompt.line.text().to_owned();
            match prompt.question {
                Question::Search => vec![Effect::Job(Job::Search(text))],
                Question::SearchAll => vec![Effect::Job(Job::SearchAll(text))],
                Question::Filter => timeline::set_filter(model, &text),
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
            model.capture.release_recalled_draft();
            on_line_changed(model)
        }
    }
}
