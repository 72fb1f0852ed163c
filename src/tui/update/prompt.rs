//! Questions that take a line.

use crate::tui::{
    model::{Level, Model, Overlay, Preview, Prompt, Question},
    text_input::TextInput,
};

/// Asks for a line; `text` stands there already. What was typed the last time and left there is
/// still there.
pub fn ask(model: &mut Model, question: Question, text: &str) {
    let left = model
        .unsent_answers
        .iter()
        .position(|(asked, _)| *asked == question);
    let left = left.map(|at| model.unsent_answers.remove(at).1);
    model.overlays.push(Overlay::Prompt(Prompt {
        question,
        altered: left.is_some(),
        line: TextInput::new(left.unwrap_or_else(|| text.to_owned())),
        preview: Preview::Empty,
        replace_on_type: false,
    }));
}

/// Asks for a line, and proposes `text`: Enter takes it, and what is typed takes its place.
pub fn ask_with_default(model: &mut Model, question: Question, text: &str) {
    ask(model, question, text);
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
        prompt.replace_on_type = !prompt.altered;
    }
}

/// A question is left without an answer: what was typed is kept for when it is asked again.
pub fn dismiss(model: &mut Model, prompt: Prompt) {
    if prompt.altered && prompt.question.should_keep_draft() && !prompt.line.is_blank() {
        let text = prompt.line.text().to_owned();
        model.unsent_answers.push((prompt.question, text));
        model.notify(
            Level::Info,
            "nothing is changed; what you typed is kept for the next time",
        );
    }
}
