//! Where a line or a paste goes while that is not clear. Nothing is picked beforehand, and characters still
//! go to the line.

use super::{import, line::on_line_changed, outbox, paste, submit};
use crate::tui::{
    model::{Armed, Level, Model, Overlay, ROW_BREAK, RoutingChoice},
    msg::{Effect, Job, Target, Write},
};

/// Opens the choice again where several incidents are open: the next line asks.
pub fn pick_incident(model: &mut Model) -> Vec<Effect> {
    if model.other_open.is_empty() {
        model.notify(Level::Info, "no other incident is open");
        return vec![];
    }
    model.explicit_incident = false;
    if model.capture.line.is_blank() {
        model.notify(Level::Info, "the next line asks which incident it goes to");
        return vec![];
    }
    model.ask_where(false);
    vec![]
}

/// Picks the next or the previous choice.
pub fn step(model: &mut Model, forward: bool) {
    let count = model.routing_choices().len();
    if let Some(Overlay::Routing(routing)) = model.overlays.last_mut() {
        routing.picked = Some(match routing.picked {
            None if forward => 0,
            None => count - 1,
            Some(at) if forward => (at + 1) % count,
            Some(at) => (at + count - 1) % count,
        });
    }
}

/// Enter: does what is picked.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let choices = model.routing_choices();
    let Some(Overlay::Routing(routing)) = model.overlays.last() else {
        return vec![];
    };
    let (picked, for_paste) = (routing.picked, routing.for_paste);
    let Some(choice) = picked.and_then(|at| choices.get(at)).cloned() else {
        model.capture.row_ended = true;
        model.notify(Level::Info, "pick where it goes: ↑ ↓, then Enter");
        return vec![];
    };
    if !for_paste && model.capture.line.is_blank() {
        model.overlays.pop();
        return vec![];
    }
    model.overlays.pop();
    if for_paste {
        return route_paste(model, choice);
    }
    // Without an incident shown, Enter again would only ask for the place again: the Enter after a pick
    // also answers whether an unlikely time is meant, which is on the screen.
    let target = match choice {
        RoutingChoice::Declare => return declare(model),
        RoutingChoice::Unassigned => {
            model.capture.armed = Some(Armed::Time);
            Target::Unfiled
        }
        RoutingChoice::Other(handle) => {
            model.explicit_incident = true;
            // Shown first: what is logged refreshes what is shown then.
            let mut effects = vec![Effect::Job(Job::LoadIncident(Some(handle.clone())))];
            effects.extend(log_to(model, &Target::Named(handle)));
            return effects;
        }
        RoutingChoice::Shown => {
            model.explicit_incident = true;
            model.target()
        }
    };
    log_to(model, &target)
}

/// Logs the rows of the line to `target`. Rows that are refused or asked about stay.
fn log_to(model: &mut Model, target: &Target) -> Vec<Effect> {
    model.capture.begun_target = Some(target.clone());
    submit::log_rows_to(model, target)
}

/// Declares an incident with the first row; the others are logged in it.
fn declare(model: &mut Model) -> Vec<Effect> {
    let rows: Vec<String> = model.capture.rows().map(str::to_owned).collect();
    let Some((first, others)) = rows.split_first() else {
        return vec![];
    };
    let mut typed = model.typed_line(first);
    typed.target = Target::Open;
    typed.confirmed = true;
    let declare = |typed| Write::Declare(typed);
    let mut effects = vec![outbox::send_line(model, typed, declare)];
    // They stay on the line until the incident is there.
    model.capture.set_line(others.join(&ROW_BREAK.to_string()));
    model.capture.begun_target = None;
    effects.extend(on_line_changed(model));
    effects
}

fn route_paste(model: &mut Model, choice: RoutingChoice) -> Vec<Effect> {
    if let Some(Overlay::Import(_)) = model.overlays.last() {
        return import::route(model, choice);
    }
    match choice {
        RoutingChoice::Declare => {
            super::prompt::ask(model, crate::tui::model::Question::Declare, "");
            model.notify(
                Level::Info,
                "the paste waits; log it once the incident is declared",
            );
            vec![]
        }
        RoutingChoice::Unassigned => paste::send(model, Target::Unfiled),
        RoutingChoice::Shown => {
            model.explicit_incident = true;
            let target = model.target();
            paste::send(model, target)
        }
        RoutingChoice::Other(handle) => {
            model.explicit_incident = true;
            let mut effects = vec![Effect::Job(Job::LoadIncident(Some(handle.clone())))];
            effects.extend(paste::send(model, Target::Named(handle)));
            effects
        }
    }
}
