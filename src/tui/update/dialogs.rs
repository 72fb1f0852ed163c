//! Questions that take one key.

use super::{edit::insert_text, line::on_line_changed, outbox, paste, prompt};
use crate::{
    domain::{
        incident::{FIELDS, SECTIONS},
        words::Severity,
    },
    tui::{
        keys::Key,
        model::{Dialog, Focus, Level, Model, Overlay, Question, RoutingChoice, RoutingDialog},
        msg::{Effect, Job, Target},
    },
};
use crossterm::event::KeyCode;

/// Nothing is open: asks what becomes of the line.
pub fn ask_routing(model: &mut Model) -> Vec<Effect> {
    let nowhere = Box::<RoutingDialog>::default();
    model
        .overlays
        .push(Overlay::Dialog(Dialog::Routing(nowhere)));
    vec![Effect::Job(Job::CountUnfiled)]
}

/// A key while a line has nowhere to go yet. What is typed is the beginning of the next line.
fn on_routing_key(model: &mut Model, key: Key) -> Vec<Effect> {
    let ways = model.routing_choices();
    let Some(Overlay::Dialog(Dialog::Routing(nowhere))) = model.overlays.last_mut() else {
        return vec![];
    };
    let count = ways.len();
    match (key.code, key.typed_char()) {
        (KeyCode::Up, _) => nowhere.selected = (nowhere.selected + count - 1) % count,
        (KeyCode::Down, _) => nowhere.selected = (nowhere.selected + 1) % count,
        (KeyCode::Tab, _) if nowhere.unfiled_count > 0 => nowhere.adopt = !nowhere.adopt,
        (KeyCode::Backspace, _) => nowhere.next_line.delete_back(),
        (_, Some(c @ '1'..='5')) if nowhere.next_line.text().is_empty() => {
            let level = u8::try_from(u32::from(c) - u32::from('0')).unwrap_or(1);
            nowhere.severity = Severity::new(level);
        }
        (_, Some(c)) => nowhere.next_line.insert(&c.to_string()),
        (KeyCode::Enter, _) => {
            let nowhere = (**nowhere).clone();
            let way = ways
                .get(nowhere.selected)
                .copied()
                .unwrap_or(RoutingChoice::Declare);
            model.overlays.pop();
            return apply_routing(model, way, nowhere);
        }
        _ => {}
    }
    vec![]
}

fn apply_routing(model: &mut Model, way: RoutingChoice, nowhere: RoutingDialog) -> Vec<Effect> {
    let mut typed = model.current_line();
    let mut effects = match way {
        RoutingChoice::OtherIncident => {
            model
                .capture
                .add_to_history(nowhere.next_line.text().to_owned());
            model.explicit_incident = false;
            model.notify(Level::Info, "this one is open: Enter logs the line in it");
            return vec![Effect::Job(Job::LoadIncident(None))];
        }
        RoutingChoice::Declare => outbox::send(model, typed, |typed| Job::Declare {
            typed,
            severity: nowhere.severity,
            adopt: nowhere.adopt,
        }),
        RoutingChoice::Unfiled => {
            typed.target = Target::Unfiled;
            outbox::send(model, typed, Job::Log)
        }
        RoutingChoice::ShownIncident => {
            model.explicit_incident = true;
            let typed = model.current_line();
            outbox::send(model, typed, Job::Log)
        }
    };
    if !nowhere.next_line.text().is_empty() {
        model.capture.line = nowhere.next_line;
        effects.extend(on_line_changed(model));
    }
    effects
}

/// A key, while such a question is asked.
pub fn on_key(model: &mut Model, key: Key) -> Vec<Effect> {
    if key.code == KeyCode::Esc {
        if let Some(Overlay::Dialog(Dialog::Routing(nowhere))) = model.overlays.pop() {
            model
                .capture
                .add_to_history(nowhere.next_line.text().to_owned());
        }
        return vec![];
    }
    let Some(Overlay::Dialog(choice)) = model.overlays.last_mut() else {
        return vec![];
    };
    match choice {
        Dialog::Routing(_) => on_routing_key(model, key),
        Dialog::PasteRouting => match key.code {
            KeyCode::Enter | KeyCode::Char('d') => {
                model.overlays.pop();
                prompt::ask(model, Question::Declare, "");
                model.notify(Level::Info, "then Enter logs the paste in it");
                vec![]
            }
            KeyCode::Char('u') => {
                model.overlays.pop();
                paste::send(model)
            }
            _ => vec![],
        },
        Dialog::Export(document) => {
            let forms = document.formats();
            let chosen = match key.code {
                KeyCode::Enter => forms.first(),
                KeyCode::Char(c) => forms.iter().find(|(key, ..)| *key == c),
                _ => None,
            };
            let Some(&(_, form, ..)) = chosen else {
                return vec![];
            };
            let document = *document;
            model.overlays.pop();
            let job = |incident| Effect::Job(Job::Export(incident, document, form));
            model.incident_id().map(job).into_iter().collect()
        }
        Dialog::State(handle) => {
            let state = match key.code {
                KeyCode::Char('0') => "ok",
                KeyCode::Char('1') => "at-risk",
                KeyCode::Char('2') => "degraded",
                KeyCode::Char('3') => "down",
                _ => {
                    // Who types on has no answer yet; what is typed is the next line.
                    let Some(c) = key.typed_char().filter(|_| model.focus == Focus::Line) else {
                        return vec![];
                    };
                    model.overlays.pop();
                    return insert_text(model, &c.to_string());
                }
            };
            let job = Job::Patch(handle.clone(), format!("!{state}"));
            model.overlays.pop();
            vec![Effect::Job(job)]
        }
        Dialog::Field => {
            let KeyCode::Char(c) = key.code else {
                return vec![];
            };
            let at = usize::try_from(u32::from(c).wrapping_sub(u32::from('a'))).unwrap_or(99);
            let Some((name, _)) = FIELDS.get(at) else {
                return vec![];
            };
            model.overlays.pop();
            // A sentence is altered; a word or a time is typed anew.
            let prose = ["impact", "scope", "customer-scope", "unaffected"].contains(name);
            let now = if prose { model.field(name) } else { "" }.to_owned();
            prompt::ask(model, Question::SetField(name), &now);
            vec![]
        }
        Dialog::Section => {
            let KeyCode::Char(c) = key.code else {
                return vec![];
            };
            let at = usize::try_from(u32::from(c).wrapping_sub(u32::from('1'))).unwrap_or(99);
            let Some((name, _)) = SECTIONS.get(at) else {
                return vec![];
            };
            model.overlays.pop();
            vec![Effect::Job(Job::LoadSection((*name).to_owned()))]
        }
    }
}
