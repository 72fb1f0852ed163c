//! Typing: the line, its echo, its completions, what was typed before.

use super::{
    acting, asking,
    sending::{drafts, line, submit},
};
use crate::tui::{
    keymap::Action,
    line::Line,
    model::{Capture, Echo, Focus, Model, Over, Question, Tone},
    msg::{Effect, Job},
};

/// What was logged before is kept for recall, so many lines of it.
const RECALLED: usize = 200;

/// Does `action` where it is about text; `None` where it is not, here.
pub fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    let on_line = model.over.is_empty() && model.focus == Focus::Line;
    let edit: fn(&mut Line) = match action {
        Action::Left => Line::left,
        Action::Right => Line::right,
        Action::WordLeft => Line::word_left,
        Action::WordRight => Line::word_right,
        Action::LineStart => Line::start,
        Action::LineEnd => Line::end,
        Action::DeleteBack => Line::delete_back,
        Action::DeleteForward => Line::delete_forward,
        Action::DeleteWord => Line::delete_word,
        Action::DeleteToStart => {
            remember(model);
            Line::delete_to_start
        }
        Action::DeleteToEnd => {
            remember(model);
            Line::delete_to_end
        }
        Action::LineBreak => |line| line.insert("\n"),
        Action::Submit if on_line => return Some(submit(model)),
        Action::Submit => {
            return match model.over.last() {
                Some(Over::Prompt(_)) => Some(asking::answer(model)),
                _ => None,
            };
        }
        Action::Complete if on_line => return Some(complete(model, 1)),
        Action::CompleteBack if on_line => return Some(complete(model, -1)),
        Action::RecallOlder if on_line => return Some(recall(model, -1)),
        Action::RecallNewer if on_line => return Some(recall(model, 1)),
        _ => return None,
    };
    model.capture.spaced = false;
    if let Some(Over::Prompt(prompt)) = model.over.last_mut() {
        prompt.proposed = false;
    }
    let line = model.editing()?;
    edit(line);
    Some(altered(model))
}

/// What is deleted at once from the line can be recalled.
fn remember(model: &mut Model) {
    if model.over.is_empty() && model.focus == Focus::Line && !model.capture.line.is_blank() {
        let text = model.capture.line.text().to_owned();
        recalled(&mut model.capture, text);
    }
}

/// Takes a line up among those that can be recalled.
pub fn recalled(capture: &mut Capture, text: String) {
    if text.trim().is_empty() || capture.recall.last() == Some(&text) {
        return;
    }
    capture.recall.push(text);
    if capture.recall.len() > RECALLED {
        capture.recall.remove(0);
    }
}

/// Puts `text` where the cursor is.
pub fn typed(model: &mut Model, text: &str) -> Vec<Effect> {
    // A space typed from habit after a completion is the one that is there.
    let spaced = std::mem::take(&mut model.capture.spaced);
    if spaced && text == " " && model.over.is_empty() {
        model.capture.completing = None;
        return vec![];
    }
    if let Some(Over::Prompt(prompt)) = model.over.last_mut()
        && std::mem::take(&mut prompt.proposed)
    {
        prompt.line = Line::default();
    }
    match model.editing() {
        Some(line) => line.insert(text),
        None => return vec![],
    }
    altered(model)
}

/// After the text that keys go to was altered.
pub fn altered(model: &mut Model) -> Vec<Effect> {
    match model.over.last_mut() {
        Some(Over::Help(finder) | Over::Palette(finder)) => {
            finder.selected = 0;
            vec![]
        }
        Some(Over::Prompt(prompt)) => {
            prompt.altered = true;
            let text = prompt.line.text().to_owned();
            match prompt.question {
                Question::Search => vec![Effect::Job(Job::Find(text))],
                Question::SearchAll => vec![Effect::Job(Job::FindAll(text))],
                Question::Filter => acting::filtered(model, &text),
                Question::Amend(_) | Question::Time(_) | Question::Task(_) | Question::AddTask => {
                    vec![drafts(model), read(model)]
                }
                Question::Row(_) => vec![read(model)],
                _ => vec![drafts(model)],
            }
        }
        Some(_) => vec![],
        None => {
            model.capture.completing = None;
            model.capture.recalling = None;
            line_altered(model)
        }
    }
}

/// After the line was altered, in whatever way: it is kept, and read anew.
pub fn line_altered(model: &mut Model) -> Vec<Effect> {
    let capture = &mut model.capture;
    if capture.line.text().is_empty() {
        capture.begun = None;
    } else if capture.begun.is_none() {
        capture.begun = Some(model.now);
    }
    if capture.line.is_blank() {
        capture.echo = Echo::Nothing;
        capture.completions.clear();
        // An answer that is still on its way is about what was there before.
        model.reading += 1;
        return vec![drafts(model)];
    }
    vec![drafts(model), read(model)]
}

/// Has the text that keys go to read.
pub fn read(model: &mut Model) -> Effect {
    model.reading += 1;
    let mut typed = line(model);
    let mut cursor = model.capture.line.before().len();
    let mut amends = None;
    if let Some(Over::Prompt(prompt)) = model.over.last() {
        typed.text = prompt.line.text().to_owned();
        if matches!(prompt.question, Question::Task(_) | Question::AddTask) {
            return Effect::Job(Job::ParseTask {
                no: model.reading,
                text: typed.text,
            });
        }
        cursor = prompt.line.before().len();
        amends = match &prompt.question {
            Question::Amend(handle) => Some((handle.clone(), false)),
            Question::Time(handle) => Some((handle.clone(), true)),
            _ => None,
        };
        // In a row of a paste `tell:` is text, unless it was switched on for it.
        if let Question::Row(at) = prompt.question {
            typed.wording = model.over.iter().any(|over| match over {
                Over::Paste(paste) => paste.rows.get(at).is_some_and(|row| row.tell),
                _ => false,
            });
        }
    }
    Effect::Job(Job::Parse {
        no: model.reading,
        typed,
        cursor,
        amends,
    })
}

fn complete(model: &mut Model, step: isize) -> Vec<Effect> {
    if model.capture.line.is_blank() {
        return super::act(model, Action::ToList);
    }
    let capture = &mut model.capture;
    let count = capture.completions.len();
    if count == 0 {
        return vec![];
    }
    let (at, before) = match capture.completing.take() {
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
    capture.spaced = !gap.is_empty();
    let mut line = Line::new(format!("{head}{}{gap}", chosen.with));
    let rest = Line::new(tail.to_owned());
    let end = line.text().len();
    line.insert(rest.text());
    // The cursor goes behind what was completed.
    while line.before().len() > end {
        line.left();
    }
    capture.line = line;
    capture.completing = Some((at, before));
    let effects = line_altered(model);
    if count == 1 {
        model.capture.completing = None;
    }
    effects
}

fn recall(model: &mut Model, step: isize) -> Vec<Effect> {
    let capture = &mut model.capture;
    let count = capture.recall.len();
    let (now, stash) = match capture.recalling.take() {
        Some(recalling) => recalling,
        None if step > 0 => {
            if capture.line.is_blank() {
                return super::act(model, Action::ToList);
            }
            return vec![];
        }
        None => (count, capture.line.clone()),
    };
    let next = now.saturating_add_signed(step).min(count);
    if next == now {
        if count == 0 {
            model.say(Tone::Note, "nothing to recall yet; Esc goes to the list");
        } else {
            capture.recalling = Some((now, stash));
        }
        return vec![];
    }
    match capture.recall.get(next) {
        Some(text) => {
            capture.line = Line::new(text.clone());
            capture.recalling = Some((next, stash));
        }
        None => capture.line = stash,
    }
    line_altered(model)
}
