//! Opening and leaving prompts.

use crate::tui::{
    model::{Level, Model, Overlay, Preview, Prompt, Question},
    msg::Job,
    text_input::TextInput,
};

/// Opens a prompt with `text` in it, or with the unsent answer to the same question.
pub fn ask(model: &mut Model, question: Question, text: &str) {
    let unsent = model
        .unsent_answers
        .iter()
        .position(|(asked, _)| *asked == question);
    let unsent = unsent.map(|at| model.unsent_answers.remove(at).1);
    model.overlays.push(Overlay::Prompt(Prompt {
        question,
        altered: unsent.is_some(),
        line: TextInput::new(unsent.unwrap_or_else(|| text.to_owned())),
        preview: Preview::Empty,
        replace_on_type: false,
        sent: None,
    }));
}

/// Opens a prompt that proposes `text`: Enter accepts it, the first typed character replaces it.
pub fn ask_with_default(model: &mut Model, question: Question, text: &str) {
    ask(model, question, text);
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.replace_on_type = !prompt.altered;
    }
}

/// Closes the prompt whose answer was sent with `job`, which is done. One whose text was changed since
/// stays. Returns true if there was one.
pub fn close_answered(model: &mut Model, job: &Job) -> bool {
    let sent_with_job = |overlay: &Overlay| matches!(overlay, Overlay::Prompt(prompt) if prompt.sent.as_deref() == Some(job));
    let Some(at) = model.overlays.iter().rposition(sent_with_job) else {
        return false;
    };
    let closed = model.overlays.remove(at);
    if let Overlay::Prompt(Prompt {
        question: Question::ConfirmRedaction(..),
        ..
    }) = closed
    {
        // What the question was about is the page below it.
        model.overlays.remove(at - 1);
    }
    true
}

/// Keeps the changed answer of a prompt that is left, for the next time the same question is asked.
pub fn dismiss(model: &mut Model, prompt: Prompt) {
    if let Question::ConfirmRedaction(..) = prompt.question {
        // What the question is about goes with it.
        model.overlays.pop();
        model.notify(Level::Info, "nothing was destroyed");
    }
    if prompt.altered && prompt.question.should_keep_draft() && !prompt.line.is_blank() {
        let text = prompt.line.text().to_owned();
        model.unsent_answers.push((prompt.question, text));
        model.notify(
            Level::Info,
            "nothing is changed; what you typed is kept for the next time",
        );
    }
}
