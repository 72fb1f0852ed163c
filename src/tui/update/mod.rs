//! Messages change the model: a message comes in, effects for the main loop go out. No I/O, no
//! clock. Begin with [`update`]. Only this file dispatches actions; the files below do not call it.

mod actions;
mod answer;
mod capture;
mod dialogs;
mod edit;
mod finder;
mod incident_loaded;
mod line;
mod mouse;
mod navigation;
mod outbox;
mod overlays;
mod paste;
mod prompt;
mod refresh;
mod replies;
mod scroll;
mod tabs;
mod timeline;

use finder::Chosen;

use super::{
    keymap::{Action, KeyContext},
    keys::Key,
    layout,
    model::{Focus, IncidentsTab, Level, Model, Overlay, Tab},
    msg::{Effect, Job, Msg},
};

/// Ctrl-C twice within this time quits.
const INTERRUPT_SECONDS: i64 = 4;
/// A status message disappears after this time.
const STATUS_SECONDS: i64 = 12;

/// Returns the effects of the start: load the incident that `given` means, else the default one;
/// load the drafts.
#[must_use]
pub fn initial_effects(given: Option<String>) -> Vec<Effect> {
    vec![
        Effect::Job(Job::LoadIncident(given)),
        Effect::Job(Job::LoadDrafts),
    ]
}

/// Changes `model` for `msg` and returns what the main loop has to do.
pub fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    let mut effects = handle(model, msg);
    effects.extend(outbox::restore_failed_line(model));
    effects
}

fn handle(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Tick(now) => tick(model, now),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            scroll::sync_scroll(model);
            vec![]
        }
        Msg::Key(key) => on_key(model, key),
        Msg::Paste(text) => paste::on_paste(model, &text),
        Msg::Mouse(mouse) => mouse::on_mouse(model, mouse),
        Msg::Reply(reply) => replies::on_reply(model, *reply),
        Msg::Edited(what, text) => actions::apply_edit(model, what, text),
        Msg::Quit | Msg::TerminalLost => quit(model),
        Msg::Suspend => vec![Effect::Suspend],
    }
}

fn tick(model: &mut Model, now: crate::domain::time::UtcTime) -> Vec<Effect> {
    model.now = now;
    if let Some(status) = &model.status
        && (now - status.at).num_seconds() >= STATUS_SECONDS
    {
        model.status = None;
    }
    let mut effects = outbox::retry_pending(model);
    if let Some(due) = model.update_due()
        && due <= now
        && model.bell_rung_for != Some(due)
    {
        model.bell_rung_for = Some(due);
        model.notify(Level::Info, "the next customer update is due");
        effects.push(Effect::Bell);
    }
    effects
}

fn quit(model: &mut Model) -> Vec<Effect> {
    vec![line::save_drafts(model), Effect::Quit]
}

fn on_key(model: &mut Model, key: Key) -> Vec<Effect> {
    let dialog = matches!(model.overlays.last(), Some(Overlay::Dialog(_)));
    if dialog || layout::too_small(model.size) {
        return match model.keymap.action(&[KeyContext::Anywhere], key) {
            Some(action @ (Action::Quit | Action::Interrupt | Action::Suspend)) => {
                act(model, action)
            }
            _ if layout::too_small(model.size) => vec![],
            _ => dialogs::on_key(model, key),
        };
    }
    let line_empty = model.capture.line.text().is_empty();
    let on_line = model.overlays.is_empty() && model.focus == Focus::Line;
    // On an empty line a question mark opens help.
    if on_line && line_empty && key.typed_char() == Some('?') {
        return act(model, Action::Help);
    }
    if let Some(action) = model.keymap.action(model.active_contexts(), key) {
        return act(model, action);
    }
    match key.typed_char() {
        Some(c) if model.focused_input().is_some() => edit::insert_text(model, &c.to_string()),
        _ => vec![],
    }
}

/// Runs an action chosen by key or palette.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if action != Action::Interrupt {
        model.interrupted_at = None;
    }
    if let Some(effects) = capture::act(model, action) {
        return effects;
    }
    match action {
        Action::Quit => quit(model),
        Action::Interrupt => {
            let pressed_twice = model
                .interrupted_at
                .is_some_and(|at| (model.now - at).num_seconds() < INTERRUPT_SECONDS);
            if pressed_twice {
                return quit(model);
            }
            model.interrupted_at = Some(model.now);
            let suffix = if model.capture.line.is_blank() {
                ""
            } else {
                "; the line is kept"
            };
            model.notify(Level::Info, format!("Ctrl-C again leaves{suffix}"));
            vec![]
        }
        Action::Suspend => vec![line::save_drafts(model), Effect::Suspend],
        Action::Redraw => vec![Effect::Redraw],
        Action::ToggleMouse => {
            model.mouse_captured = !model.mouse_captured;
            let text = if model.mouse_captured {
                "the mouse is caught: wheel, click, tabs"
            } else {
                "the mouse is the terminal's: select text with it"
            };
            model.notify(Level::Info, text);
            vec![Effect::CaptureMouse(model.mouse_captured)]
        }
        Action::Help | Action::Palette => finder::open(model, action),
        Action::TabTimeline => tabs::show(model, Tab::Timeline),
        Action::TabTasks => tabs::show(model, Tab::Tasks),
        Action::TabPostmortem => tabs::show(model, Tab::Postmortem),
        Action::TabEmail => tabs::show(model, Tab::Email),
        Action::TabIncidents => tabs::show(model, Tab::Incidents),
        Action::NextTab => tabs::step(model, 1),
        Action::PreviousTab => tabs::step(model, -1),
        Action::FocusList => scroll::focus_page(model),
        Action::FocusLine => {
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
        | Action::PreviousGap => navigation::act(model, action),
        Action::Back => go_back(model),
        Action::ToggleRow
        | Action::ToggleAllRows
        | Action::ToggleComments
        | Action::ToggleLoggedRows
        | Action::ToggleTell
        | Action::PasteAsText => paste::act(model, action),
        Action::Submit => match model.overlays.last() {
            Some(Overlay::Paste(_)) => paste::submit(model),
            Some(Overlay::Help(_) | Overlay::Palette(_)) => match finder::submit(model) {
                Chosen::Run(action) => act(model, action),
                Chosen::Done(effects) => effects,
            },
            _ => vec![],
        },
        _ => actions::act(model, action),
    }
}

/// Goes one level back: closes an overlay, then leaves search, sub-tab, findings, tab, search hits
/// and filter, one at a time.
fn go_back(model: &mut Model) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        overlays::close(model);
        return vec![line::save_drafts(model)];
    }
    if model.tab == Tab::Incidents && model.incidents.search_results.take().is_some() {
        model.incidents.selected = 0;
        return vec![];
    }
    if model.tab == Tab::Incidents && model.incidents.tab != IncidentsTab::List {
        return tabs::show_incidents_tab(model, IncidentsTab::List);
    }
    if model.tab == Tab::Postmortem && std::mem::take(&mut model.postmortem.findings_shown) {
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
        return timeline::set_filter(model, "");
    }
    model.timeline.unread.clear();
    // The focus stays on the page, where letters are commands.
    model.notify(Level::Info, "i or Tab goes to the line");
    vec![]
}
