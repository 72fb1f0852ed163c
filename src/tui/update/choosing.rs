//! Questions that take one key.

use super::{asking, pasting, sending, typing};
use crate::{
    domain::{
        incident::{FIELDS, SECTIONS},
        words::Severity,
    },
    tui::{
        keymap::{Action, Place},
        keys::Key,
        model::{Choice, Focus, Model, Nowhere, Over, Question, Tone, Way},
        msg::{Effect, Job, Target},
    },
};
use crossterm::event::KeyCode;

/// Nothing is open: asks what becomes of the line.
pub fn nothing_open(model: &mut Model) -> Vec<Effect> {
    let nowhere = Box::<Nowhere>::default();
    model.over.push(Over::Choice(Choice::NothingOpen(nowhere)));
    vec![Effect::Job(Job::Offered)]
}

/// A key while a line has nowhere to go yet. What is typed is the beginning of the next line.
fn nowhere(model: &mut Model, key: Key) -> Vec<Effect> {
    let ways = model.ways();
    let Some(Over::Choice(Choice::NothingOpen(nowhere))) = model.over.last_mut() else {
        return vec![];
    };
    let count = ways.len();
    match (key.code, key.typed()) {
        (KeyCode::Up, _) => nowhere.selected = (nowhere.selected + count - 1) % count,
        (KeyCode::Down, _) => nowhere.selected = (nowhere.selected + 1) % count,
        (KeyCode::Tab, _) if nowhere.offered > 0 => nowhere.adopt = !nowhere.adopt,
        (KeyCode::Backspace, _) => nowhere.ahead.delete_back(),
        (_, Some(c @ '1'..='5')) if nowhere.ahead.text().is_empty() => {
            let level = u8::try_from(u32::from(c) - u32::from('0')).unwrap_or(1);
            nowhere.severity = Severity::new(level);
        }
        (_, Some(c)) => nowhere.ahead.insert(&c.to_string()),
        (KeyCode::Enter, _) => {
            let nowhere = (**nowhere).clone();
            let way = ways.get(nowhere.selected).copied().unwrap_or(Way::Declare);
            model.over.pop();
            return go(model, way, nowhere);
        }
        _ => {}
    }
    vec![]
}

fn go(model: &mut Model, way: Way, nowhere: Nowhere) -> Vec<Effect> {
    let mut typed = sending::line(model);
    let mut effects = match way {
        Way::Elsewhere => {
            typing::recalled(&mut model.capture, nowhere.ahead.text().to_owned());
            model.named = false;
            model.say(Tone::Note, "this one is open: Enter logs the line in it");
            return vec![Effect::Job(Job::Look(None))];
        }
        Way::Declare => sending::send(model, typed, |typed| Job::Declare {
            typed,
            severity: nowhere.severity,
            adopt: nowhere.adopt,
        }),
        Way::Unfiled => {
            typed.target = Target::Unfiled;
            sending::send(model, typed, Job::Log)
        }
        Way::Here => {
            model.named = true;
            let typed = sending::line(model);
            sending::send(model, typed, Job::Log)
        }
    };
    if !nowhere.ahead.text().is_empty() {
        model.capture.line = nowhere.ahead;
        effects.extend(typing::line_altered(model));
    }
    effects
}

/// A key, while such a question is asked.
pub fn pressed(model: &mut Model, key: Key) -> Vec<Effect> {
    if let Some(action) = model.keymap.action(&[Place::Anywhere], key)
        && matches!(action, Action::Quit | Action::Interrupt | Action::Suspend)
    {
        return super::act(model, action);
    }
    if key.code == KeyCode::Esc {
        if let Some(Over::Choice(Choice::NothingOpen(nowhere))) = model.over.pop() {
            typing::recalled(&mut model.capture, nowhere.ahead.text().to_owned());
        }
        return vec![];
    }
    let Some(Over::Choice(choice)) = model.over.last_mut() else {
        return vec![];
    };
    match choice {
        Choice::NothingOpen(_) => nowhere(model, key),
        Choice::PasteNowhere => match key.code {
            KeyCode::Enter | KeyCode::Char('d') => {
                model.over.pop();
                asking::ask(model, Question::Declare, "");
                model.say(Tone::Note, "then Enter logs the paste in it");
                vec![]
            }
            KeyCode::Char('u') => {
                model.over.pop();
                pasting::send(model)
            }
            _ => vec![],
        },
        Choice::Export(document) => {
            let forms = document.forms();
            let chosen = match key.code {
                KeyCode::Enter => forms.first(),
                KeyCode::Char(c) => forms.iter().find(|(key, ..)| *key == c),
                _ => None,
            };
            let Some(&(_, form, ..)) = chosen else {
                return vec![];
            };
            let document = *document;
            model.over.pop();
            let job = |incident| Effect::Job(Job::Export(incident, document, form));
            model.incident().map(job).into_iter().collect()
        }
        Choice::State(handle) => {
            let state = match key.code {
                KeyCode::Char('0') => "ok",
                KeyCode::Char('1') => "at-risk",
                KeyCode::Char('2') => "degraded",
                KeyCode::Char('3') => "down",
                _ => {
                    // Who types on has no answer yet; what is typed is the next line.
                    let Some(c) = key.typed().filter(|_| model.focus == Focus::Line) else {
                        return vec![];
                    };
                    model.over.pop();
                    return typing::typed(model, &c.to_string());
                }
            };
            let job = Job::Patch(handle.clone(), format!("!{state}"));
            model.over.pop();
            vec![Effect::Job(job)]
        }
        Choice::Field => {
            let KeyCode::Char(c) = key.code else {
                return vec![];
            };
            let at = usize::try_from(u32::from(c).wrapping_sub(u32::from('a'))).unwrap_or(99);
            let Some((name, _)) = FIELDS.get(at) else {
                return vec![];
            };
            model.over.pop();
            // A sentence is altered; a word or a time is typed anew.
            let prose = ["impact", "scope", "customer-scope", "unaffected"].contains(name);
            let now = if prose { model.field(name) } else { "" }.to_owned();
            asking::ask(model, Question::Set(name), &now);
            vec![]
        }
        Choice::Section => {
            let KeyCode::Char(c) = key.code else {
                return vec![];
            };
            let at = usize::try_from(u32::from(c).wrapping_sub(u32::from('1'))).unwrap_or(99);
            let Some((name, _)) = SECTIONS.get(at) else {
                return vec![];
            };
            model.over.pop();
            vec![Effect::Job(Job::Section((*name).to_owned()))]
        }
    }
}
