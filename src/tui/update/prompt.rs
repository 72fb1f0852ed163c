//! Opening prompts, and what replies and others' writes change in them.

use super::line::{request_edit_parse, save_drafts};
use crate::tui::{
    model::{CheckStage, Model, Overlay, Preview, Prompt, Question},
    msg::{Check, EditableLine, Effect, Failure, Job},
    text_input::TextInput,
};

/// Fields that hold sentences: they are edited. Words and times are typed again.
const PROSE_FIELDS: [&str; 11] = [
    "impact",
    "scope",
    "trigger",
    "resolution",
    "authors",
    "ticket",
    "channel",
    "customer-scope",
    "customer-impact",
    "customer-action",
    "unaffected",
];

/// Opens the prompt for the value of a field.
pub fn ask_field(model: &mut Model, name: &'static str) {
    let value = match PROSE_FIELDS.contains(&name) {
        true => model.field(name).to_owned(),
        false => String::new(),
    };
    ask(model, Question::SetField(name), &value);
}

/// Opens a prompt with `text` in it.
pub fn ask(model: &mut Model, question: Question, text: &str) -> u64 {
    let id = model.next_dialog_id();
    model.overlays.push(Overlay::Prompt(Box::new(Prompt {
        id,
        question,
        line: TextInput::new(text),
        initial: text.to_owned(),
        is_loading: false,
        from_editor: None,
        seen: None,
        theirs: None,
        preview: Preview::Empty,
        altered: false,
        replace_on_type: false,
        check: CheckStage::Unchecked,
    })));
    id
}

/// Opens a prompt with `text` that the user typed elsewhere.
pub fn ask_with_text(model: &mut Model, question: Question, text: &str) -> Vec<Effect> {
    ask(model, question, "");
    if text.is_empty() {
        return vec![];
    }
    super::edit::insert_text(model, text)
}

/// Opens an empty prompt that Esc leaves with `before` in force again.
pub fn ask_with_way_back(model: &mut Model, question: Question, before: String) {
    ask(model, question, "");
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.initial = before;
    }
}

/// Opens a prompt that proposes `text`: Enter accepts it, the first typed character replaces it.
pub fn ask_with_default(model: &mut Model, question: Question, text: &str) {
    ask(model, question, text);
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.replace_on_type = true;
    }
}

/// Opens a prompt at once whose text the worker loads; what is typed meanwhile comes after it.
pub fn ask_loading(
    model: &mut Model,
    question: Question,
    load: impl FnOnce(u64) -> Job,
) -> Vec<Effect> {
    let id = ask(model, question, "");
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.is_loading = true;
    }
    vec![Effect::Job(load(id))]
}

/// Opens the prompt that edits the event with this handle; the worker loads its line.
pub fn edit_event(model: &mut Model, handle: String) -> Vec<Effect> {
    ask_loading(model, Question::Amend(handle.clone()), |id| {
        Job::LoadEventLine { id, handle }
    })
}

/// Puts the loaded text into the prompt that waits for it; for one that has its text, it is what another wrote
/// since.
pub fn on_line_loaded(
    model: &mut Model,
    id: u64,
    result: Result<EditableLine, Failure>,
) -> Vec<Effect> {
    let is_asked = |overlay: &&mut Overlay| matches!(overlay, Overlay::Prompt(p) if p.id == id);
    let Some(Overlay::Prompt(prompt)) = model.overlays.iter_mut().find(is_asked) else {
        return vec![];
    };
    match result {
        Err(failure) => {
            prompt.check = CheckStage::Refused(failure);
            prompt.is_loading = false;
            vec![]
        }
        Ok(loaded) if prompt.is_loading => {
            prompt.is_loading = false;
            prompt.seen = loaded.version;
            let cursor = loaded.line.len() + prompt.line.before_cursor().len();
            let text = format!("{}{}", loaded.line, prompt.line.text());
            prompt.line = TextInput::with_cursor(text, cursor);
            prompt.initial = loaded.line;
            if let Some(text) = prompt.from_editor.take() {
                prompt.line = TextInput::new(text);
            }
            request_edit_parse(model).into_iter().collect()
        }
        Ok(loaded) => {
            let known = prompt
                .theirs
                .as_ref()
                .map_or(prompt.seen, |theirs| theirs.version);
            if loaded.version != known {
                prompt.theirs = Some(loaded);
                prompt.check = CheckStage::Unchecked;
            }
            vec![]
        }
    }
}

/// Returns the effects that look again at what open prompts and questions are about, after another process
/// wrote.
pub fn look_again(model: &mut Model) -> Vec<Effect> {
    let mut effects = vec![];
    for overlay in &mut model.overlays {
        let (id, check) = match overlay {
            Overlay::Prompt(prompt) => {
                if let (Question::Amend(handle), false) = (&prompt.question, prompt.is_loading) {
                    let handle = handle.clone();
                    effects.push(Effect::Job(Job::LoadEventLine {
                        id: prompt.id,
                        handle,
                    }));
                }
                (prompt.id, &prompt.check)
            }
            Overlay::Confirm(confirm) => (confirm.id, &confirm.check),
            _ => continue,
        };
        if let CheckStage::Passed(write, _) = check {
            let write = write.clone();
            effects.push(Effect::Job(Job::Check { id, write }));
        }
    }
    effects
}

/// Takes what another wrote to the same event into the line; what was there becomes a draft.
pub fn take_theirs(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() else {
        return vec![];
    };
    let Some(theirs) = prompt.theirs.take() else {
        return vec![];
    };
    let mine = prompt.line.text().to_owned();
    let about = Some(prompt.question.draft_label());
    prompt.line = TextInput::new(theirs.line.clone());
    prompt.initial = theirs.line;
    prompt.seen = theirs.version;
    prompt.check = CheckStage::Unchecked;
    model.keep_draft(&mine, about);
    let mut effects = vec![save_drafts(model)];
    effects.extend(request_edit_parse(model));
    effects
}

/// Applies what the worker says a write would do, to the prompt or question with this number.
pub fn on_checked(model: &mut Model, id: u64, result: Result<Check, Failure>) {
    let stage = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Prompt(prompt) if prompt.id == id => Some(&mut prompt.check),
        Overlay::Confirm(confirm) if confirm.id == id => Some(&mut confirm.check),
        _ => None,
    });
    if let Some(stage) = stage {
        apply_check(stage, result);
        model.check_from = 0;
    }
}

fn apply_check(stage: &mut CheckStage, result: Result<Check, Failure>) {
    *stage = match (std::mem::take(stage), result) {
        (CheckStage::Running(write), Ok(check)) => CheckStage::Passed(write, check),
        (CheckStage::Passed(write, shown), Ok(check)) if shown == check => {
            CheckStage::Passed(write, check)
        }
        (CheckStage::Passed(write, _) | CheckStage::Changed(write, _), Ok(check)) => {
            CheckStage::Changed(write, check)
        }
        (
            CheckStage::Running(_) | CheckStage::Passed(..) | CheckStage::Changed(..),
            Err(failure),
        ) => CheckStage::Refused(failure),
        // The text was changed since.
        (stage, _) => stage,
    };
}
