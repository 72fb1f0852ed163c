//! Where a line or a paste goes while that is not clear. Nothing is picked beforehand, and characters still
//! go to the line.

use super::{
    import,
    line::{on_line_changed, request_parse, request_paste_parse},
    outbox, submit,
};
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
pub fn step(model: &mut Model, forward: bool) -> Vec<Effect> {
    let count = model.routing_choices().len();
    let Some(Overlay::Routing(routing)) = model.overlays.last() else {
        return vec![];
    };
    let at = match routing.picked {
        None if forward => 0,
        None => count - 1,
        Some(at) if forward => (at + 1) % count,
        Some(at) => (at + count - 1) % count,
    };
    pick(model, at)
}

/// Picks the choice at this index: the line or the paste is read for the incident that it leads to.
pub fn pick(model: &mut Model, at: usize) -> Vec<Effect> {
    let Some(Overlay::Routing(routing)) = model.overlays.last_mut() else {
        return vec![];
    };
    routing.picked = Some(at);
    if routing.for_paste || model.capture.line.is_blank() {
        return vec![];
    }
    vec![request_parse(model)]
}

/// True if the lines that follow may go to the incident shown without a question.
fn is_shown_open(model: &Model) -> bool {
    let shown = model.summary.as_ref();
    shown.is_some_and(|summary| summary.row.is_open)
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
    let is_read = for_paste
        || choice == RoutingChoice::Declare
        || model.capture.is_parsed(model.parse_request_id);
    if !is_read {
        model.notify(Level::Info, "being read for what is picked: Enter again");
        return vec![];
    }
    model.overlays.pop();
    if for_paste {
        return route_paste(model, choice);
    }
    let target = model.target_of(&choice);
    match choice {
        RoutingChoice::Declare => return declare(model),
        RoutingChoice::Other(handle) => {
            model.explicit_incident = true;
            // Shown first: what is logged refreshes what is shown then.
            let mut effects = vec![Effect::Job(Job::LoadIncident(Some(handle)))];
            effects.extend(log_to(model, &target));
            return effects;
        }
        RoutingChoice::Shown if is_shown_open(model) => model.explicit_incident = true,
        // Enter again would only ask for the place again: the Enter after a pick also answers whether an
        // unlikely time is meant, which is on the screen.
        RoutingChoice::Shown | RoutingChoice::Unassigned => {
            model.capture.armed = Some(Armed::Time);
        }
    }
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
    let target = model.target_of(&choice);
    let mut effects = vec![];
    match choice {
        RoutingChoice::Declare => {
            super::prompt::ask(model, crate::tui::model::Question::Declare, "");
            model.notify(
                Level::Info,
                "the paste waits; log it once the incident is declared",
            );
            return vec![];
        }
        RoutingChoice::Unassigned => {}
        RoutingChoice::Shown => model.explicit_incident |= is_shown_open(model),
        RoutingChoice::Other(handle) => {
            model.explicit_incident = true;
            effects.push(Effect::Job(Job::LoadIncident(Some(handle))));
        }
    }
    // Its times and services may be others there: its rows are shown again before they are logged.
    if let Some(Overlay::Paste(paste)) = model.overlays.last_mut() {
        paste.place = Some(target.clone());
        effects.push(request_paste_parse(paste, target));
        paste.armed = true;
    }
    effects
}
