//! Questions that take one key.

use super::{asking, pasting, sending};
use crate::{
    domain::{
        incident::{FIELDS, SECTIONS},
        words::Severity,
    },
    tui::{
        keymap::{Action, Place},
        keys::Key,
        model::{Choice, Model, Over, Question, Tone},
        msg::{Document, Effect, Form, Job, Target},
    },
};
use crossterm::event::KeyCode;

/// Nothing is open: asks what becomes of the line.
pub fn nothing_open(model: &mut Model) -> Vec<Effect> {
    model.over.push(Over::Choice(Choice::NothingOpen {
        offered: 0,
        adopt: false,
        severity: None,
    }));
    vec![Effect::Job(Job::Offered)]
}

/// A key, while such a question is asked.
pub fn pressed(model: &mut Model, key: Key) -> Vec<Effect> {
    if let Some(action) = model.keymap.action(&[Place::Anywhere], key)
        && matches!(action, Action::Quit | Action::Interrupt | Action::Suspend)
    {
        return super::act(model, action);
    }
    if key.code == KeyCode::Esc {
        model.over.pop();
        return vec![];
    }
    let Some(Over::Choice(choice)) = model.over.last_mut() else {
        return vec![];
    };
    match choice {
        Choice::NothingOpen {
            adopt,
            severity,
            offered,
        } => match key.code {
            KeyCode::Char('a') if *offered > 0 => {
                *adopt = !*adopt;
                vec![]
            }
            KeyCode::Char(c @ '1'..='5') => {
                let level = u8::try_from(u32::from(c) - u32::from('0')).unwrap_or(1);
                *severity = Severity::new(level);
                vec![]
            }
            KeyCode::Char('u') => {
                model.over.pop();
                let mut typed = sending::line(model);
                typed.target = Target::Unfiled;
                sending::send(model, typed, Job::Log)
            }
            KeyCode::Char('i') if model.outline.is_some() => {
                model.over.pop();
                model.named = true;
                let typed = sending::line(model);
                sending::send(model, typed, Job::Log)
            }
            KeyCode::Enter | KeyCode::Char('d') => {
                let (adopt, severity) = (*adopt, *severity);
                model.over.pop();
                let typed = sending::line(model);
                sending::send(model, typed, |typed| Job::Declare {
                    typed,
                    severity,
                    adopt,
                })
            }
            _ => vec![],
        },
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
            let form = match (key.code, *document) {
                (KeyCode::Char('m') | KeyCode::Enter, Document::Postmortem) => Form::Markdown,
                (KeyCode::Char('h'), Document::Postmortem) => Form::Html,
                (KeyCode::Char('j'), Document::Postmortem) => Form::Json,
                (KeyCode::Char('t') | KeyCode::Enter, Document::Email(_)) => Form::Text,
                (KeyCode::Char('m'), Document::Email(_)) => Form::Markdown,
                (KeyCode::Char('e'), Document::Email(_)) => Form::Eml,
                _ => return vec![],
            };
            let document = *document;
            model.over.pop();
            let job = |incident| Effect::Job(Job::Export(incident, document, form));
            model.incident().map(job).into_iter().collect()
        }
        Choice::State(handle) => {
            let state = match key.code {
                KeyCode::Char('0' | 'o') => "ok",
                KeyCode::Char('1' | 'r') => "at-risk",
                KeyCode::Char('2' | 'g') => "degraded",
                KeyCode::Char('3' | 'd') => "down",
                _ => return vec![],
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
