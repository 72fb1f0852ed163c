//! The question for the state of a fault that was logged without one. It takes no characters: it is answered by picking a state with
//! the line empty, or by typing one.

use super::{outbox, prompt};
use crate::{
    domain::words::State,
    tui::{
        model::{Level, Model, Question, StatePick},
        msg::{Effect, Job, Write},
    },
};

/// Goes to the choices, or picks the next or previous one there. `None` if nothing is asked.
pub fn step(model: &mut Model, forward: bool) -> Option<Vec<Effect>> {
    let event = model.state_questions().first()?.event;
    let count = Model::STATE_CHOICES.len();
    let pick = match model.state_pick {
        // The first step only goes there, so that a Tab meant for the list picks nothing.
        None => StatePick {
            event,
            picked: None,
        },
        Some(pick) => {
            let picked = match (pick.picked, forward) {
                (None, true) => 0,
                (None, false) => count - 1,
                (Some(at), true) => (at + 1) % count,
                (Some(at), false) => (at + count - 1) % count,
            };
            StatePick {
                event,
                picked: Some(picked),
            }
        }
    };
    model.state_pick = Some(pick);
    Some(vec![])
}

/// Enter on an empty line: answers with what is picked.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let Some(pick) = model.state_pick else {
        return vec![];
    };
    let Some(word) = pick.picked.and_then(|at| Model::STATE_CHOICES.get(at)) else {
        model.notify(Level::Info, "pick one: ← →");
        return vec![];
    };
    if *word == "later" {
        return put_away(model);
    }
    answer(model, word)
}

/// Answers the oldest question with a state that was typed alone. `None` if nothing is asked.
pub fn answer_typed(model: &mut Model, state: State) -> Option<Vec<Effect>> {
    model.state_questions().first()?;
    let text = model.capture.line.text().to_owned();
    model.capture.add_to_history(text);
    model.capture.set_line("");
    let mut effects = super::line::on_line_changed(model);
    effects.extend(answer(model, state.as_str()));
    Some(effects)
}

fn answer(model: &mut Model, state: &str) -> Vec<Effect> {
    model.state_pick = None;
    let Some(asked) = model.state_questions().first().copied().cloned() else {
        model.notify(Level::Info, "the state is known by now");
        return vec![];
    };
    if asked.services.is_empty() && has_several_services(model) {
        // A state without a service would be refused: the cursor is where the name of one belongs.
        model.notify(
            Level::Info,
            format!("name the service that is {state}, or @all"),
        );
        let question = Question::AmendPart(asked.handle);
        prompt::ask(model, question, &format!("!{state} @"));
        return vec![];
    }
    // Until the answer is in the log, it is not asked again.
    model.states_put_away.insert(asked.event);
    let job = Job::Write(Write::Patch(asked.handle, format!("!{state}")));
    outbox::send_write(model, job, format!("!{state}"), None)
}

fn has_several_services(model: &Model) -> bool {
    let summary = model.summary.as_ref();
    summary.is_some_and(|summary| summary.row.services.len() > 1)
}

/// Puts the oldest question away; the list of actions brings it back.
pub fn put_away(model: &mut Model) -> Vec<Effect> {
    let asked = model.state_questions().first().map(|asked| asked.event);
    model.state_pick = None;
    match asked {
        Some(event) => {
            model.states_put_away.insert(event);
            model.notify(Level::Info, "put off; Ctrl-P state asks again");
        }
        None => model.notify(Level::Info, "no state is asked for"),
    }
    vec![]
}

/// Asks again for what was put away.
pub fn ask_again(model: &mut Model) -> Vec<Effect> {
    model.states_put_away.clear();
    if model.state_questions().is_empty() {
        model.notify(Level::Info, "every state is known");
    }
    vec![]
}

/// Forgets which questions were put away or answered that are no longer asked: asked again, as after the answer
/// was undone, they are shown.
pub fn forget_answered(model: &mut Model) {
    let summary = model.summary.as_deref();
    if let Some(history) = summary.and_then(|summary| summary.history.as_ref()) {
        let is_unknown = |event: &uuid::Uuid| history.unknown.iter().any(|u| u.event == *event);
        model.states_put_away.retain(is_unknown);
    }
}

/// Asks again about the event with this handle, whose answer was not written.
pub fn on_answer_refused(model: &mut Model, handle: &str) {
    let summary = model.summary.as_deref();
    if let Some(history) = summary.and_then(|summary| summary.history.as_ref())
        && let Some(asked) = history.unknown.iter().find(|u| u.handle == handle)
    {
        model.states_put_away.remove(&asked.event);
    }
}
