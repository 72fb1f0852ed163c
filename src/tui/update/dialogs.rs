//! Dialogs: opening the routing dialog, and the keys of all dialogs.

use super::{edit::insert_text, line::on_line_changed, outbox, paste, prompt};
use crate::{
    domain::{
        incident::{FIELDS, SECTIONS},
        words::Severity,
    },
    tui::{
        keys::Key,
        model::{
            Dialog, Focus, Level, Model, Overlay, Question, RoutingChoice, RoutingDialog,
            SECTION_KEYS,
        },
        msg::{Effect, Job, Target},
    },
};
use crossterm::event::KeyCode;

/// Opens the routing dialog for the input line.
pub fn ask_routing(model: &mut Model) -> Vec<Effect> {
    let dialog = Box::<RoutingDialog>::default();
    model
        .overlays
        .push(Overlay::Dialog(Dialog::Routing(dialog)));
    vec![Effect::Job(Job::CountUnfiled)]
}

/// Handles a key of the routing dialog. Typed characters begin the next line.
fn on_routing_key(model: &mut Model, key: Key) -> Vec<Effect> {
    let choices = model.routing_choices();
    let Some(Overlay::Dialog(Dialog::Routing(dialog))) = model.overlays.last_mut() else {
        return vec![];
    };
    let count = choices.len();
    match (key.code, key.typed_char()) {
        (KeyCode::Up, _) => dialog.selected = (dialog.selected + count - 1) % count,
        (KeyCode::Down, _) => dialog.selected = (dialog.selected + 1) % count,
        (KeyCode::Tab, _) if dialog.unfiled_count > 0 => dialog.adopt = !dialog.adopt,
        (KeyCode::Backspace, _) => dialog.next_line.delete_back(),
        (_, Some(c @ '1'..='5')) if dialog.next_line.text().is_empty() => {
            let level = u8::try_from(u32::from(c) - u32::from('0')).unwrap_or(1);
            dialog.severity = Severity::new(level);
        }
        (_, Some(c)) => dialog.next_line.insert(&c.to_string()),
        (KeyCode::Enter, _) => {
            let dialog = (**dialog).clone();
            let choice = choices
                .get(dialog.selected)
                .copied()
                .unwrap_or(RoutingChoice::Declare);
            model.overlays.pop();
            return apply_routing(model, choice, dialog);
        }
        _ => {}
    }
    vec![]
}

fn apply_routing(model: &mut Model, choice: RoutingChoice, dialog: RoutingDialog) -> Vec<Effect> {
    let mut typed = model.current_line();
    let mut effects = match choice {
        RoutingChoice::OtherIncident => {
            model
                .capture
                .add_to_history(dialog.next_line.text().to_owned());
            model.explicit_incident = false;
            model.notify(Level::Info, "this one is open: Enter logs the line in it");
            return vec![Effect::Job(Job::LoadIncident(None))];
        }
        RoutingChoice::Declare => outbox::send(model, typed, |typed| Job::Declare {
            typed,
            severity: dialog.severity,
            adopt: dialog.adopt,
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
    if !dialog.next_line.text().is_empty() {
        model.capture.line = dialog.next_line;
        effects.extend(on_line_changed(model));
    }
    effects
}

/// Handles a key while a dialog is open.
pub fn on_key(model: &mut Model, key: Key) -> Vec<Effect> {
    if key.code == KeyCode::Esc {
        if let Some(Overlay::Dialog(Dialog::Routing(dialog))) = model.overlays.pop() {
            model
                .capture
                .add_to_history(dialog.next_line.text().to_owned());
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
            let formats = document.formats();
            let chosen = match key.code {
                KeyCode::Enter => formats.first(),
                KeyCode::Char(c) => formats.iter().find(|(key, ..)| *key == c),
                _ => None,
            };
            let Some(&(_, format, ..)) = chosen else {
                return vec![];
            };
            let document = *document;
            model.overlays.pop();
            let job = |incident| Effect::Job(Job::Export(incident, document, format));
            model.incident_id().map(job).into_iter().collect()
        }
        Dialog::State(handle) => {
            let state = match key.code {
                KeyCode::Char('0') => "ok",
                KeyCode::Char('1') => "at-risk",
                KeyCode::Char('2') => "degraded",
                KeyCode::Char('3') => "down",
                _ => {
                    // A typed character closes the dialog: the user goes on with the next line.
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
            // Sentences are edited; words and times are typed again.
            let is_prose = [
                "impact",
                "scope",
                "trigger",
                "resolution",
                "authors",
                "customer-scope",
                "customer-impact",
                "customer-action",
                "unaffected",
            ]
            .contains(name);
            let value = if is_prose { model.field(name) } else { "" }.to_owned();
            prompt::ask(model, Question::SetField(name), &value);
            vec![]
        }
        Dialog::Section => {
            let KeyCode::Char(c) = key.code else {
                return vec![];
            };
            let at = SECTION_KEYS.chars().position(|key| key == c);
            let Some((name, _)) = at.and_then(|at| SECTIONS.get(at)) else {
                return vec![];
            };
            model.overlays.pop();
            vec![Effect::Job(Job::LoadSection((*name).to_owned()))]
        }
    }
}
