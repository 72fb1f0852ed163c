//! The lists that are searched by typing: help, actions, earlier lines, formats, sections, fields.

use super::{file_choice, import, prompt, tabs};
use crate::tui::{
    keymap::{Action, KeyContext},
    model::{
        Finder, FinderKind, FinderTarget, Focus, Level, Model, Overlay, PUT_AWAY, Tab, finder_rows,
    },
    msg::{Effect, Job},
    text_input::TextInput,
};

/// What choosing a row comes to.
pub enum Chosen {
    /// The action is to be run now.
    Run(Action),
    Done(Vec<Effect>),
}

/// Opens help, actions or recall; from one of the first two, goes to the other.
pub fn open(model: &mut Model, action: Action) -> Vec<Effect> {
    let kind = match action {
        Action::Help => FinderKind::Help,
        Action::Recall => FinderKind::Recall,
        _ => FinderKind::Palette,
    };
    // From one list to the other, with the words typed.
    if let Some(Overlay::Finder(finder)) = model.overlays.last_mut() {
        finder.kind = kind;
        finder.selected = (!finder.query.is_blank()).then_some(0);
        return vec![];
    }
    // Whatever it was, nothing is done.
    if let Some(Overlay::Confirm(_)) = model.overlays.last() {
        model.overlays.pop();
    }
    open_kind(model, kind);
    vec![]
}

/// Opens a list.
pub fn open_kind(model: &mut Model, kind: FinderKind) {
    model.overlays.push(Overlay::Finder(Finder {
        kind,
        query: TextInput::default(),
        selected: None,
    }));
}

/// Closes the list and does what the chosen row stands for. An action of another tab is not run: the tab is
/// shown first, so that the user sees what the action would apply to.
pub fn submit(model: &mut Model) -> Chosen {
    let rows = finder_rows(model);
    let Some(Overlay::Finder(finder)) = model.overlays.last() else {
        return Chosen::Done(vec![]);
    };
    let kind = finder.kind;
    let Some(row) = finder.selected.and_then(|at| rows.get(at)).cloned() else {
        let text = if rows.is_empty() {
            "no match; Esc keeps the words as a draft"
        } else {
            "no row is chosen: Up and Down choose one, then Enter"
        };
        model.notify(Level::Info, text);
        return Chosen::Done(vec![]);
    };
    if row.target == FinderTarget::Legend {
        model.notify(Level::Info, "there is nothing to run here");
        return Chosen::Done(vec![]);
    }
    if let FinderTarget::Folder(folder) = &row.target {
        return Chosen::Done(file_choice::enter(model, folder));
    }
    model.overlays.pop();
    match row.target {
        FinderTarget::File(path) => Chosen::Done(import::begin(model, &path)),
        FinderTarget::Format(name) => Chosen::Done(import::choose_format(model, name)),
        FinderTarget::RowKind(kind, of_action) => {
            import::choose_kind(model, kind, of_action);
            Chosen::Done(vec![])
        }
        FinderTarget::Folder(_) => Chosen::Done(vec![]),
        FinderTarget::Legend => Chosen::Done(vec![]),
        FinderTarget::GoTo(text) => {
            Chosen::Done(super::timeline::go_to(model, &text).unwrap_or_default())
        }
        FinderTarget::Action(action, context) => {
            if let Some(why) = row.why_not {
                model.notify(Level::Info, format!("not now: {why}"));
                return Chosen::Done(vec![]);
            }
            run_action(model, action, context, &row.keys)
        }
        FinderTarget::Begin(_)
            if matches!(
                model.overlays.last(),
                Some(
                    Overlay::Prompt(_)
                        | Overlay::Paste(_)
                        | Overlay::Import(_)
                        | Overlay::Confirm(_)
                )
            ) =>
        {
            model.notify(Level::Info, "Enter or Esc first");
            Chosen::Done(vec![])
        }
        FinderTarget::Begin(words) => {
            model
                .overlays
                .retain(|overlay| !matches!(overlay, Overlay::Routing(_)));
            model.focus = Focus::Line;
            Chosen::Done(begin_line(model, words))
        }
        FinderTarget::Recall(text) => {
            let current = model.capture.line.text().to_owned();
            model.keep_draft(&current, Some(PUT_AWAY.to_owned()));
            model
                .overlays
                .retain(|overlay| !matches!(overlay, Overlay::Routing(_)));
            model.focus = Focus::Line;
            model.capture.set_line(text);
            model.capture.history_position = None;
            model.capture.note_recalled_draft();
            Chosen::Done(super::line::on_line_changed(model))
        }
        FinderTarget::Export(format) => {
            let FinderKind::Export(document) = kind else {
                return Chosen::Done(vec![]);
            };
            let job = |incident| Effect::Job(Job::Export(incident, document, format));
            Chosen::Done(model.incident_id().map(job).into_iter().collect())
        }
        FinderTarget::Section(name) => {
            model.editor_asked_at = Some(model.input_count);
            Chosen::Done(vec![Effect::Job(Job::LoadSection(name.to_owned()))])
        }
        FinderTarget::Field(name) => {
            prompt::ask_field(model, name);
            Chosen::Done(vec![])
        }
    }
}

fn run_action(model: &mut Model, action: Action, context: KeyContext, keys: &str) -> Chosen {
    // The help covered what would be written.
    if action == Action::Submit {
        model.notify(Level::Info, format!("here: {keys}"));
        return Chosen::Done(vec![]);
    }
    if model.keymap.has_action(model.active_contexts(), action) {
        return Chosen::Run(action);
    }
    let tab = match context {
        KeyContext::Tasks => Tab::Tasks,
        KeyContext::Postmortem => Tab::Postmortem,
        KeyContext::Email => Tab::Email,
        KeyContext::Incidents => Tab::Incidents,
        KeyContext::Timeline => {
            // An action on an event runs where the event is visible.
            if !applies_to_incident(action) {
                model.tab = Tab::Timeline;
            }
            return Chosen::Run(action);
        }
        KeyContext::Anywhere => return Chosen::Run(action),
        KeyContext::List => return Chosen::Run(action),
        // Actions of the other contexts make sense only inside them.
        _ => return Chosen::Done(vec![]),
    };
    let effects = tabs::show(model, tab);
    model.focus = Focus::List;
    model.notify(Level::Info, format!("here: {keys}"));
    Chosen::Done(effects)
}

/// Puts `words` where they belong on the line: customer wording after its text, a kind before it, but after a
/// time that it begins with.
fn begin_line(model: &mut Model, words: &str) -> Vec<Effect> {
    let text = model.capture.line.text().trim().to_owned();
    let is_time = |word: &str| word.starts_with(|c: char| c.is_ascii_digit() || "-+~".contains(c));
    let text = match text.split_once(' ') {
        _ if words == "tell: " => format!("{text} {words}").trim_start().to_owned(),
        Some((time, rest)) if is_time(time) => format!("{time} {words}{rest}"),
        _ if is_time(&text) => format!("{text} {words}"),
        _ => format!("{words}{text}"),
    };
    model.capture.set_line(text);
    super::line::on_line_changed(model)
}

/// Returns true for timeline actions that apply to the incident, not to the selected event.
fn applies_to_incident(action: Action) -> bool {
    matches!(
        action,
        Action::Undo
            | Action::Redo
            | Action::Resolve
            | Action::AddTask
            | Action::Status
            | Action::Brief
            | Action::SeenBefore
    )
}
