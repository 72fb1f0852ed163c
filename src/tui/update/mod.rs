//! Messages change the model: a message comes in, effects for the main loop go out. No I/O, no
//! clock. Begin with [`update`]. Only this file dispatches actions; the files below do not call it.
//!
//! What the keys go to moves only by the user's own key. A reply, a timer, another's entry or the wheel
//! touches rows, messages and drafts, and nothing else.

mod actions;
mod answer;
mod back;
mod capture;
mod confirm;
mod detail;
mod document_find;
mod edit;
mod editor;
mod file_choice;
mod finder;
mod fix;
mod hub;
mod import;
mod incident_loaded;
mod leave;
mod line;
mod mouse;
mod navigation;
mod next_step;
mod open_incident;
mod outbox;
mod overlays;
mod paste;
mod paste_day;
mod prompt;
mod refresh;
mod replies;
mod restore;
mod routing;
mod scroll;
mod state_question;
mod submit;
mod tabs;
mod task_selection;
mod tasks;
mod text_pages;
mod timeline;
mod typed_day;
mod uncopied;

use super::{
    keymap::Action,
    keys::Key,
    layout,
    model::{ConfirmKind, Focus, Level, Model, Overlay, Tab, is_available, prompt_opened_by},
    msg::{Effect, Job, Msg},
};
use crossterm::event::KeyCode;
use finder::Chosen;
pub use timeline::go_to;

/// What happened last disappears after this time.
const STATUS_SECONDS: i64 = 12;

/// A clock that goes back by this much is said.
const CLOCK_JUMP_SECONDS: i64 = 60;

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
    let mut effects = apply(model, msg);
    task_selection::keep_selection(model);
    effects.extend(detail::follow_selection(model));
    effects
}

fn apply(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Tick(now) => tick(model, now),
        Msg::Resize(width, height) => {
            model.size = (width, height);
            scroll::sync_scroll(model);
            vec![]
        }
        Msg::Key { key, repeat } => on_key(model, key, repeat),
        Msg::Burst { text, continues } => on_burst(model, &text, continues),
        Msg::Paste(text) => {
            model.input_count += 1;
            disarm(model);
            let mut effects = uncopied::close(model);
            effects.extend(paste::on_paste(model, &text));
            effects
        }
        Msg::Mouse(mouse) => match mouse::on_mouse(model, mouse) {
            Chosen::Run(action) => act(model, action),
            Chosen::Done(effects) => effects,
        },
        Msg::Reply(reply) => replies::on_reply(model, *reply),
        Msg::Copied(reply) => uncopied::on_copied(model, *reply),
        Msg::Edited(what, edited) => editor::on_edited(model, what, edited),
        Msg::Quit | Msg::TerminalLost => leave::quit(model),
        Msg::Suspend => leave::suspend(model),
    }
}

fn tick(model: &mut Model, now: crate::domain::time::UtcTime) -> Vec<Effect> {
    let went_back = (model.now - now).num_seconds();
    let before = model.zone.to_local(model.now).format("%H:%M").to_string();
    model.now = now;
    import::on_tick(model);
    if went_back >= CLOCK_JUMP_SECONDS {
        let by = crate::domain::time::format_duration(went_back);
        let text = format!(
            "The clock went back {by}. Times are taken from the new clock; check {before}."
        );
        model.notify(Level::Error, text);
    }
    if let Some(status) = &model.status
        && (now - status.at).num_seconds() >= STATUS_SECONDS
    {
        model.status = None;
    }
    if model.timeline.follow {
        scroll::sync_scroll(model);
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

/// Takes back what Enter would answer: any key but Enter does.
fn disarm(model: &mut Model) {
    model.capture.armed = None;
    match model.overlays.last_mut() {
        Some(Overlay::Paste(paste)) => paste.armed = false,
        Some(Overlay::Import(import)) => import.armed = false,
        Some(Overlay::Prompt(prompt)) => prompt.check = Default::default(),
        _ => {}
    }
}

fn on_key(model: &mut Model, key: Key, repeat: bool) -> Vec<Effect> {
    model.input_count += 1;
    if let Some(Overlay::Uncopied(_)) = model.overlays.last() {
        return uncopied::on_key(model, key);
    }
    let action = model.keymap.action(model.active_contexts(), key);
    if layout::too_small(model.size) {
        return on_small_screen(model, key, action);
    }
    let acts_once = matches!(
        action,
        Some(Action::Submit | Action::Open | Action::Undo | Action::Redo | Action::Leave)
    );
    // A held key is one press.
    if repeat && (acts_once || key.code == KeyCode::Enter) {
        return vec![];
    }
    if action != Some(Action::Submit) {
        disarm(model);
    }
    if action != Some(Action::NextKeys) {
        model.key_page = 0;
    }
    let typed = key.typed_char();
    if let (Some(Overlay::Confirm(_)), Some(c)) = (model.overlays.last(), typed) {
        return match confirm::close_for(model, c, repeat) {
            confirm::Outcome::Leave => leave::quit(model),
            confirm::Outcome::Text(text) => edit::to_line(model, &text),
            confirm::Outcome::Done(effects) => effects,
        };
    }
    if model.is_on_list() {
        return on_list_key(model, typed, action);
    }
    match (action, typed) {
        (Some(Action::ToggleRow), Some(c)) if paste::space_is_text(model) => {
            edit::insert_text(model, &c.to_string())
        }
        (Some(action), _) => act(model, action),
        (None, Some(c)) if model.focused_input().is_some() => {
            edit::insert_text(model, &c.to_string())
        }
        _ => vec![],
    }
}

/// A screen too small to be drawn: characters are kept, no other key acts.
fn on_small_screen(model: &mut Model, key: Key, action: Option<Action>) -> Vec<Effect> {
    match (action, key.typed_char()) {
        (Some(action @ (Action::Quit | Action::Suspend)), _) => act(model, action),
        (_, Some(c)) if model.focused_input().is_some() => edit::insert_text(model, &c.to_string()),
        (_, Some(c)) => {
            let opener = match model.overlays.last() {
                Some(Overlay::Confirm(confirm)) => confirm.opener,
                _ => None,
            };
            model
                .overlays
                .retain(|overlay| !matches!(overlay, Overlay::Confirm(_)));
            let text: String = opener.into_iter().chain([c]).collect();
            edit::to_line(model, &text)
        }
        _ => vec![],
    }
}

/// A key while the list has the keys. What is no command now is text, with the letter just before it.
fn on_list_key(model: &mut Model, typed: Option<char>, action: Option<Action>) -> Vec<Effect> {
    match (action, typed) {
        (Some(action), Some(c)) if is_available(model, action) => {
            let effects = open_with(model, action, Some(c));
            model.last_letter = model.is_on_list().then_some((c, model.now));
            effects
        }
        (_, Some(c)) => {
            let text: String = edit::take_last_letter(model)
                .into_iter()
                .chain([c])
                .collect();
            edit::to_line(model, &text)
        }
        (Some(action), None) => {
            model.last_letter = None;
            act(model, action)
        }
        (None, None) => vec![],
    }
}

/// Runs `action`; the question that it opens remembers the letter that it was opened with.
fn open_with(model: &mut Model, action: Action, letter: Option<char>) -> Vec<Effect> {
    let effects = act(model, action);
    if let Some(Overlay::Confirm(confirm)) = model.overlays.last_mut() {
        confirm.opener = letter;
    }
    effects
}

/// Text that came faster than anybody types: a paste that the terminal did not mark, or keys that the network
/// kept together.
fn on_burst(model: &mut Model, text: &str, continues: bool) -> Vec<Effect> {
    model.input_count += 1;
    disarm(model);
    let mut effects = uncopied::close(model);
    effects.extend(apply_burst(model, text, continues));
    effects
}

fn apply_burst(model: &mut Model, text: &str, continues: bool) -> Vec<Effect> {
    if let Some(Overlay::Confirm(confirm)) = model.overlays.last() {
        let opener = confirm.opener;
        model.overlays.pop();
        let text: String = opener.into_iter().chain(text.chars()).collect();
        model.focus = Focus::Line;
        return paste::on_line_burst(model, &text);
    }
    if model.is_on_list() && !layout::too_small(model.size) {
        let before = edit::take_last_letter(model).filter(|_| continues);
        if before.is_none()
            && let Some(c) = text.chars().next()
            && let Some(action) = prompt_opened_by(model, c)
        {
            let effects = act(model, action);
            if matches!(
                model.overlays.last(),
                Some(Overlay::Prompt(_) | Overlay::Finder(_))
            ) {
                let rest = &text[c.len_utf8()..];
                return effects
                    .into_iter()
                    .chain(paste::on_burst_in_input(model, rest))
                    .collect();
            }
            return effects;
        }
        let text: String = before.into_iter().chain(text.chars()).collect();
        edit::leave_list(model);
        return paste::on_line_burst(model, &text);
    }
    paste::on_burst_in_input(model, text)
}

/// Runs an action chosen by key, by click or from the list of actions.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(effects) = capture::act(model, action) {
        return effects;
    }
    match action {
        Action::Quit => leave::quit_or_ask(model),
        Action::Leave => confirm::open(model, ConfirmKind::Leave),
        Action::Interrupt => back::interrupt(model),
        Action::Suspend => leave::suspend(model),
        Action::Redraw => vec![Effect::Redraw],
        Action::SyncNow => hub::sync_now(model),
        Action::NextKeys => {
            model.key_page += 1;
            vec![]
        }
        Action::ToggleMouse => {
            model.mouse_captured = !model.mouse_captured;
            let text = if model.mouse_captured {
                "mouse on: wheel, click, tabs"
            } else {
                "mouse off: the terminal selects text with it"
            };
            model.notify(Level::Info, text);
            vec![Effect::CaptureMouse(model.mouse_captured)]
        }
        Action::Help | Action::Palette | Action::Recall => finder::open(model, action),
        Action::TabTimeline => tabs::go_to(model, Tab::Timeline),
        Action::TabTasks => tabs::go_to(model, Tab::Tasks),
        Action::TabPostmortem => tabs::go_to(model, Tab::Postmortem),
        Action::TabEmail => tabs::go_to(model, Tab::Email),
        Action::TabIncidents => tabs::go_to(model, Tab::Incidents),
        Action::NextTab => tabs::step(model, 1),
        Action::PreviousTab => tabs::step(model, -1),
        Action::FocusList => back::focus_list(model),
        Action::FocusLine => {
            edit::leave_list(model);
            vec![]
        }
        Action::Up
        | Action::Down
        | Action::PageUp
        | Action::PageDown
        | Action::HalfPageUp
        | Action::HalfPageDown
        | Action::First
        | Action::Last
        | Action::NextHeading
        | Action::PreviousHeading
        | Action::NextMilestone
        | Action::PreviousMilestone
        | Action::NextGap
        | Action::PreviousGap => navigation::act(model, action),
        Action::DetailUp | Action::DetailDown => detail::scroll_pane_by_page(model, action),
        Action::Back => back::go_back(model),
        Action::ToggleSideRows | Action::RowKind | Action::AskAgain | Action::InputFormat => {
            import::act(model, action)
        }
        Action::ToggleRow | Action::ToggleAllRows
            if matches!(model.overlays.last(), Some(Overlay::Import(_))) =>
        {
            import::act(model, action)
        }
        Action::Import => import::open(model),
        Action::ToggleRow
        | Action::ToggleAllRows
        | Action::ToggleComments
        | Action::ToggleLoggedRows
        | Action::ToggleTell
        | Action::PasteAsText => paste::act(model, action),
        Action::TakeTheirs => prompt::take_theirs(model),
        Action::PickIncident => routing::pick_incident(model),
        Action::AskState => state_question::ask_again(model),
        Action::PutStateAway => state_question::put_away(model),
        Action::Submit => match model.overlays.last() {
            Some(Overlay::Paste(_)) => paste::submit(model),
            Some(Overlay::Import(_)) => import::submit(model),
            Some(Overlay::Routing(_)) => routing::submit(model),
            Some(Overlay::Prompt(_)) => answer::submit(model),
            Some(Overlay::Confirm(_)) => match confirm::submit(model) {
                confirm::Outcome::Done(effects) => effects,
                _ => leave::quit(model),
            },
            Some(Overlay::Finder(_)) => match finder::submit(model) {
                Chosen::Run(action) => act(model, action),
                Chosen::Done(effects) => effects,
            },
            Some(Overlay::Detail(_) | Overlay::Text(_) | Overlay::Uncopied(_)) => vec![],
            None => match submit::submit(model) {
                submit::Submitted::Run(action) => act(model, action),
                submit::Submitted::Done(effects) => effects,
            },
        },
        _ => actions::act(model, action),
    }
}
