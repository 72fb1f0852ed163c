//! What becomes of a message: a changed model, and what is to be done outside it. No I/O, no clock.

mod acting;
mod asking;
mod choosing;
mod finding;
mod jumping;
mod looked;
mod moving;
mod pasting;
mod replies;
mod sending;
mod tabs;
mod typing;

pub use finding::{Entry, entries};
pub use moving::{Visible, visible};
pub use tabs::{TaskRow, choices, task_rows};

use super::{
    keymap::Action,
    keys::Key,
    layout,
    model::{Board, Focus, Model, Over, Tab, Tone},
    msg::{Effect, Job, Mouse, Msg},
};
use crate::ops::timeline::{Filter, PageAnchor};
use ratatui::layout::Position;

/// For how many seconds a first Ctrl-C counts, and a word at the bottom stays.
const SECONDS: i64 = 4;
const SAID_SECONDS: i64 = 12;

/// What is to be done at the beginning.
#[must_use]
pub fn begin(given: Option<String>) -> Vec<Effect> {
    vec![Effect::Job(Job::Look(given)), Effect::Job(Job::Drafts)]
}

/// Takes `msg` up.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = take(model, msg);
    effects.extend(sending::take_back(model));
    effects
}

fn take(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Tick(now) => tick(model, now),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            moving::settle(model);
            vec![]
        }
        Msg::Key(key) => pressed(model, key),
        Msg::Paste(text) => pasting::pasted(model, &text),
        Msg::Mouse(mouse) => moused(model, mouse),
        Msg::Reply(reply) => replies::reply(model, *reply),
        Msg::Edited(what, text) => acting::edited(model, what, text),
        Msg::Leave | Msg::Gone => leave(model),
        Msg::Suspend => vec![Effect::Suspend],
    }
}

fn tick(model: &mut Model, now: crate::domain::time::UtcTime) -> Vec<Effect> {
    model.now = now;
    if let Some(said) = &model.said
        && (now - said.at).num_seconds() >= SAID_SECONDS
    {
        model.said = None;
    }
    let mut effects = sending::try_again(model);
    if let Some(due) = model.update_due()
        && due <= now
        && model.rung != Some(due)
    {
        model.rung = Some(due);
        model.say(Tone::Note, "the next customer update is due");
        effects.push(Effect::Bell);
    }
    effects
}

fn leave(model: &mut Model) -> Vec<Effect> {
    vec![sending::drafts(model), Effect::Quit]
}

fn pressed(model: &mut Model, key: Key) -> Vec<Effect> {
    if layout::too_small(model.size) {
        let known = model.keymap.action(&[super::keymap::Place::Anywhere], key);
        return match known {
            Some(action @ (Action::Quit | Action::Interrupt | Action::Suspend)) => {
                act(model, action)
            }
            _ => vec![],
        };
    }
    if let Some(Over::Choice(_)) = model.over.last() {
        return choosing::pressed(model, key);
    }
    let line_empty = model.capture.line.text().is_empty();
    let on_line = model.over.is_empty() && model.focus == Focus::Line;
    // A question mark alone asks for help wherever it is not part of a text.
    if on_line && line_empty && key.typed() == Some('?') {
        return act(model, Action::Help);
    }
    if let Some(action) = model.keymap.action(model.chain(), key) {
        return act(model, action);
    }
    match key.typed() {
        Some(c) if model.editing().is_some() => typing::typed(model, &c.to_string()),
        _ => vec![],
    }
}

/// Does what a key or the palette asks for.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if action != Action::Interrupt {
        model.interrupted = None;
    }
    if let Some(effects) = typing::act(model, action) {
        return effects;
    }
    match action {
        Action::Quit => leave(model),
        Action::Interrupt => {
            let again = model
                .interrupted
                .is_some_and(|at| (model.now - at).num_seconds() < SECONDS);
            if again {
                return leave(model);
            }
            model.interrupted = Some(model.now);
            let kept = if model.capture.line.is_blank() {
                ""
            } else {
                "; the line is kept"
            };
            model.say(Tone::Note, format!("Ctrl-C again leaves{kept}"));
            vec![]
        }
        Action::Suspend => vec![sending::drafts(model), Effect::Suspend],
        Action::Redraw => vec![Effect::Redraw],
        Action::Mouse => {
            model.mouse = !model.mouse;
            let word = if model.mouse {
                "the mouse is caught: wheel, click, tabs"
            } else {
                "the mouse is the terminal's: select text with it"
            };
            model.say(Tone::Note, word);
            vec![Effect::Mouse(model.mouse)]
        }
        Action::Help | Action::Palette => finding::open(model, action),
        Action::TabTimeline => tabs::show(model, Tab::Timeline),
        Action::TabTasks => tabs::show(model, Tab::Tasks),
        Action::TabPostmortem => tabs::show(model, Tab::Postmortem),
        Action::TabEmail => tabs::show(model, Tab::Email),
        Action::TabIncidents => tabs::show(model, Tab::Incidents),
        Action::NextTab => tabs::step(model, 1),
        Action::PreviousTab => tabs::step(model, -1),
        Action::ToList => {
            model.focus = Focus::Page;
            moving::settle(model);
            vec![]
        }
        Action::ToLine => {
            model.focus = Focus::Line;
            vec![]
        }
        Action::Up
        | Action::Down
        | Action::PageUp
        | Action::PageDown
        | Action::First
        | Action::Last
        | Action::NextHeading
        | Action::PreviousHeading
        | Action::NextMilestone
        | Action::PreviousMilestone
        | Action::NextGap
        | Action::PreviousGap => moving::act(model, action),
        Action::Back => back(model),
        Action::Take | Action::TakeAll | Action::Tell | Action::AsText => {
            pasting::act(model, action)
        }
        Action::Submit => match model.over.last() {
            Some(Over::Paste(_)) => pasting::submit(model),
            Some(Over::Help(_) | Over::Palette(_)) => finding::submit(model),
            _ => vec![],
        },
        _ => acting::act(model, action),
    }
}

/// One level back; from the page itself what narrows it is taken off, one by one.
fn back(model: &mut Model) -> Vec<Effect> {
    if !model.over.is_empty() {
        leave_over(model);
        return vec![sending::drafts(model)];
    }
    if model.tab == Tab::Incidents && model.incidents.found.take().is_some() {
        model.incidents.selected = 0;
        return vec![];
    }
    if model.tab == Tab::Incidents && model.incidents.board != Board::List {
        return tabs::board(model, Board::List);
    }
    if model.tab == Tab::Postmortem && std::mem::take(&mut model.postmortem.lint_shown) {
        return vec![];
    }
    if model.tab != Tab::Timeline {
        return tabs::show(model, Tab::Timeline);
    }
    if !model.timeline.query.is_empty() {
        model.timeline.query.clear();
        model.timeline.hits.clear();
        return vec![];
    }
    if !model.timeline.filter.is_empty() {
        return acting::filtered(model, "");
    }
    model.timeline.fresh.clear();
    // A letter typed next is a command here: nobody is sent to the line unasked.
    model.say(Tone::Note, "i or Tab goes to the line");
    vec![]
}

/// Leaves what lies topmost over the page; what was typed there is kept.
fn leave_over(model: &mut Model) {
    match model.over.pop() {
        Some(Over::Paste(paste)) => {
            typing::recalled(&mut model.capture, paste.text());
            model.say(
                Tone::Note,
                "the paste was not logged; ↑ on the line brings it back as one text",
            );
        }
        Some(Over::Prompt(prompt)) => asking::leave(model, prompt),
        _ => {}
    }
}

fn moused(model: &mut Model, mouse: Mouse) -> Vec<Effect> {
    let areas = layout::areas(model);
    match mouse {
        Mouse::Wheel(rows) => {
            let action = if rows < 0 { Action::Up } else { Action::Down };
            if let Some(Over::Prompt(_) | Over::Choice(_)) = model.over.last() {
                return vec![];
            }
            if model.over.is_empty() {
                model.focus = Focus::Page;
            }
            let mut effects = vec![];
            for _ in 0..rows.unsigned_abs() {
                effects.extend(moving::act(model, action));
            }
            effects
        }
        Mouse::Click(x, y) => {
            let at = Position::new(x, y);
            if areas.tabs.contains(at) && model.over.is_empty() {
                return match super::view::tabs::hit(model, x) {
                    Some(tab) => tabs::show(model, tab),
                    None => vec![],
                };
            }
            if areas.line.contains(at) && model.over.is_empty() {
                model.focus = Focus::Line;
                return vec![];
            }
            if areas.page.contains(at) {
                return moving::click(model, x - areas.page.x, usize::from(y - areas.page.y));
            }
            vec![]
        }
    }
}

/// A new look at the incident, at the part of its timeline that is in view.
pub fn refresh(model: &Model) -> Effect {
    let timeline = &model.timeline;
    let from = match timeline.events.get(timeline.top) {
        Some(event) if !timeline.follow && timeline.filter.is_empty() => {
            PageAnchor::Around(event.sort_key())
        }
        _ => PageAnchor::Newest,
    };
    Effect::Job(Job::Refresh {
        unfiled: model.unfiled,
        incident: model.incident(),
        from,
        filter: timeline.filter.clone(),
    })
}

/// What is shown of the incident is read anew: the timeline, and the page that is open.
pub fn refresh_all(model: &mut Model) -> Vec<Effect> {
    let mut effects = vec![refresh(model)];
    effects.extend(tabs::load(model));
    effects
}

/// Nothing is filtered.
#[must_use]
pub fn all() -> Filter {
    Filter::default()
}
