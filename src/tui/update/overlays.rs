//! Closing what is open without losing what was typed in it.

use super::{document_find, import, line::save_drafts, paste, task_selection, timeline};
use crate::tui::{
    model::{FinderKind, Level, Model, Overlay, Prompt, Question, finder_rows},
    msg::{Effect, Job},
};

/// Closes the topmost overlay. What was typed in it becomes a draft.
pub fn close(model: &mut Model) -> Vec<Effect> {
    let has_match = !finder_rows(model).is_empty();
    match model.overlays.pop() {
        Some(Overlay::Paste(closed)) => paste::discard(model, &closed),
        Some(Overlay::Import(closed)) => {
            import::close(model, closed);
            vec![]
        }
        Some(Overlay::Prompt(prompt)) => dismiss(model, &prompt),
        Some(Overlay::Finder(finder)) => {
            let is_prose = !has_match || finder.kind == FinderKind::Help;
            if is_prose && !finder.query.is_blank() {
                model.keep_draft(finder.query.text(), Some("words to find".to_owned()));
                model.notify(
                    Level::Info,
                    "kept as a draft: Ctrl-R on the line brings it back",
                );
                return vec![save_drafts(model)];
            }
            vec![]
        }
        Some(Overlay::Confirm(_)) => {
            model.last_letter = None;
            vec![]
        }
        _ => vec![],
    }
}

/// Keeps the text of a prompt that is left.
fn dismiss(model: &mut Model, prompt: &Prompt) -> Vec<Effect> {
    let mut effects = vec![];
    match prompt.question {
        // As before it opened.
        Question::Filter => {
            if prompt.altered {
                effects.extend(timeline::set_filter(model, &prompt.initial));
            }
            model.timeline.filter_anchor = None;
        }
        Question::SearchDocument => document_find::cancel(model, &prompt.initial),
        Question::FilterTasks if prompt.altered => {
            effects.extend(task_selection::set_filter(model, &prompt.initial));
        }
        Question::Search if prompt.altered => {
            effects.push(Effect::Job(Job::Search(prompt.initial.clone())));
        }
        Question::SearchAll if prompt.altered => {
            effects.push(Effect::Job(Job::SearchAll(prompt.initial.clone())));
        }
        _ => {}
    }
    if prompt.altered && !prompt.line.is_blank() {
        let about = Some(prompt.question.draft_label());
        model.keep_draft(prompt.line.text(), about);
        model.notify(
            Level::Info,
            "nothing written; the text is a draft: Ctrl-R on the line",
        );
    }
    effects.push(save_drafts(model));
    effects
}
