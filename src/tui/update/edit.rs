//! Typed text goes into an input, and what follows from that.

use super::{
    document_find, file_choice,
    line::{on_line_changed, request_edit_parse, save_drafts},
    task_selection, timeline,
};
use crate::tui::{
    model::{Focus, Model, Overlay, Question, ROW_BREAK},
    msg::{Effect, Job},
    text_input::TextInput,
};

/// A letter that ran as a command goes to the line with the next one if it is not older than this.
const LAST_LETTER_SECONDS: i64 = 2;

/// Takes the letter that ran as a command just before, unless it was some time ago.
pub fn take_last_letter(model: &mut Model) -> Option<char> {
    let (letter, at) = model.last_letter.take()?;
    ((model.now - at).num_seconds() < LAST_LETTER_SECONDS).then_some(letter)
}

/// Closes what the list has open and gives the keys to the line.
pub fn leave_list(model: &mut Model) {
    model
        .overlays
        .retain(|overlay| !matches!(overlay, Overlay::Detail(_) | Overlay::Text(_)));
    model.focus = Focus::Line;
    model.last_letter = None;
}

/// Puts `text` on the line, which gets the keys.
pub fn to_line(model: &mut Model, text: &str) -> Vec<Effect> {
    leave_list(model);
    insert_text(model, text)
}

/// Inserts `text` at the cursor of the focused text input; without one nothing happens.
pub fn insert_text(model: &mut Model, text: &str) -> Vec<Effect> {
    model.capture.armed = None;
    model.state_pick = None;
    match model.overlays.last_mut() {
        Some(Overlay::Routing(routing)) => routing.picked = None,
        Some(Overlay::Paste(paste)) => paste.typed = true,
        Some(Overlay::Import(import)) => import.typed = true,
        // The proposed text goes with the first character.
        Some(Overlay::Prompt(prompt)) if prompt.replace_on_type => {
            prompt.replace_on_type = false;
            prompt.line = TextInput::default();
        }
        _ => {}
    }
    if goes_to_line(model) {
        let capture = &mut model.capture;
        // A completion already added the space.
        let space_added = std::mem::take(&mut capture.completion_added_space);
        if space_added && text == " " {
            capture.active_completion = None;
            return vec![];
        }
        if std::mem::take(&mut capture.row_ended) && !capture.line.is_blank() {
            capture.line.move_to_end();
            capture.line.insert_break(ROW_BREAK);
        }
    }
    match model.focused_input() {
        Some(line) => line.insert(text),
        None => return vec![],
    }
    on_text_changed(model)
}

/// True if what is typed goes to the input line.
fn goes_to_line(model: &Model) -> bool {
    model.is_on_line()
        || matches!(
            model.overlays.last(),
            Some(Overlay::Paste(_) | Overlay::Import(_))
        )
}

/// Does what follows from a change of the focused text: search, filter, parse, save drafts.
pub fn on_text_changed(model: &mut Model) -> Vec<Effect> {
    if goes_to_line(model) {
        model.capture.active_completion = None;
        model.capture.history_position = None;
        model.capture.release_recalled_draft();
        return on_line_changed(model);
    }
    match model.overlays.last_mut() {
        Some(Overlay::Finder(finder)) if finder.kind.is_files() => file_choice::on_typed(model),
        Some(Overlay::Finder(finder)) => {
            finder.selected = (!finder.query.is_blank()).then_some(0);
            vec![]
        }
        Some(Overlay::Prompt(prompt)) => {
            prompt.altered = true;
            prompt.check = Default::default();
            model.check_from = 0;
            let text = prompt.line.text().to_owned();
            match prompt.question {
                Question::Search => vec![Effect::Job(Job::Search(text))],
                Question::SearchAll => {
                    model.incidents.search_problem = None;
                    vec![Effect::Job(Job::SearchAll(text))]
                }
                Question::SearchDocument => document_find::look_for(model, &text),
                Question::Filter => timeline::set_filter(model, &text),
                Question::FilterTasks => task_selection::set_filter(model, &text),
                Question::Amend(_)
                | Question::Retime(_)
                | Question::AmendTask(_)
                | Question::AddTask
                | Question::PasteRow(_) => {
                    let mut effects = vec![save_drafts(model)];
                    effects.extend(request_edit_parse(model));
                    effects
                }
                _ => vec![save_drafts(model)],
            }
        }
        _ => vec![],
    }
}
