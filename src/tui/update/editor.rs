//! What came of `$EDITOR`: a section of the postmortem, or an event as a line.

use super::{line::save_drafts, outbox, prompt};
use crate::tui::{
    model::{Level, Model, Overlay},
    msg::{EditTarget, Edited, Effect, Job, Write},
};

/// What a draft of the text is called.
fn draft_label(target: &EditTarget) -> String {
    match target {
        EditTarget::Event(handle) => format!("an edit of {handle}"),
        EditTarget::Section(name) => format!("the section {name}"),
    }
}

/// Applies what came of the editor. Says what is written, that nothing is, or where the text is kept.
pub fn on_edited(model: &mut Model, target: EditTarget, edited: Edited) -> Vec<Effect> {
    let name = match &target {
        EditTarget::Event(_) => String::new(),
        EditTarget::Section(name) => format!("{name}: "),
    };
    match edited {
        Edited::Unchanged => {
            model.notify(Level::Info, format!("{name}no changes"));
            vec![]
        }
        Edited::Failed { why, text: None } => {
            model.notify(Level::Error, format!("{name}{why}: nothing written"));
            vec![]
        }
        Edited::Failed {
            why,
            text: Some(text),
        } => {
            model.keep_draft(&text, Some(draft_label(&target)));
            let kept = "nothing written, text kept in drafts (Ctrl-R on the line)";
            model.notify(Level::Error, format!("{name}{why}: {kept}"));
            vec![save_drafts(model)]
        }
        Edited::Saved(text) if text.trim().is_empty() => {
            let text = "the editor left an empty file: nothing written, the text is as it was";
            model.notify(Level::Error, format!("{name}{text}"));
            vec![]
        }
        Edited::Saved(text) => match target {
            // It is checked like what is typed in the prompt, customer wording included.
            EditTarget::Event(handle) => open_edited(model, handle, text.trim()),
            EditTarget::Section(ref name) => {
                let job = Job::Write(Write::WriteSection(name.clone(), text.clone()));
                let mut effects = outbox::send_write(model, job, text, Some(draft_label(&target)));
                effects.push(save_drafts(model));
                effects
            }
        },
    }
}

/// Opens the prompt of an event with the text that the editor saved in it.
fn open_edited(model: &mut Model, handle: String, text: &str) -> Vec<Effect> {
    let effects = prompt::edit_event(model, handle);
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.from_editor = Some(text.to_owned());
        prompt.altered = true;
    }
    effects
}
