//! The rows of the list of all actions: what the state asks for first, what is not possible now last.

use super::{
    finder::{FinderRow, FinderTarget},
    pages::Tab,
    palette_words::{LINE_WORDS, SYNONYMS},
    state::Model,
};
use crate::{
    domain::words::Kind,
    ops::incident_summary::Request,
    tui::{
        keymap::{Action, KeyContext, format_keys},
        msg::{Place, short_ref},
    },
};

/// Actions that make no sense when run from a list: cursor movement and the like.
fn is_hidden(context: KeyContext, action: Action) -> bool {
    matches!(
        context,
        KeyContext::Text
            | KeyContext::Finder
            | KeyContext::Prompt
            | KeyContext::Confirm
            | KeyContext::Routing
            | KeyContext::Paste
            | KeyContext::Import
            | KeyContext::Detail
    ) || matches!(
        action,
        Action::Up
            | Action::Down
            | Action::PageUp
            | Action::PageDown
            | Action::HalfPageUp
            | Action::HalfPageDown
            | Action::First
            | Action::Last
            | Action::Back
            | Action::Submit
            | Action::Complete
            | Action::CompleteBack
            | Action::RecallOlder
            | Action::RecallNewer
            | Action::LineBreak
            | Action::FocusList
            | Action::FocusLine
            | Action::NextKeys
            | Action::Palette
            | Action::Interrupt
            | Action::DetailUp
            | Action::DetailDown
    )
}

/// The actions that the state of the incident asks for, the most urgent first.
fn fitting_actions(model: &Model) -> Vec<Action> {
    let Some(summary) = &model.summary else {
        return vec![Action::Declare, Action::Adopt];
    };
    if !summary.row.is_open {
        return vec![Action::Reopen, Action::TabEmail, Action::TabPostmortem];
    }
    let mut fitting = Vec::new();
    if model.update_due().is_some_and(|due| due <= model.now) {
        fitting.push(Action::NextUpdate);
    }
    if late_request(model).is_some() {
        fitting.push(Action::Close);
    }
    if !model.states_put_away.is_empty() {
        fitting.push(Action::AskState);
    }
    fitting.extend([
        Action::NextUpdate,
        Action::Handoff,
        Action::Resolve,
        Action::Severity,
        Action::Undo,
        Action::Restore,
    ]);
    fitting
}

fn late_request(model: &Model) -> Option<&Request> {
    let mut open = model.activity.open_asks.iter();
    open.find(|ask| ask.is_late(model.now))
}

/// Returns what the action does now, where that can be said better than in general.
fn label_now(model: &Model, action: Action, general: &str) -> String {
    let shown = model.summary.as_ref();
    let shown = shown.map(|summary| short_ref(summary.row.number, &summary.row.handle));
    match (action, shown) {
        (Action::Resolve, Some(shown)) => format!("resolve {shown}"),
        (Action::Reopen, Some(shown)) => format!("reopen {shown}"),
        (Action::Close, _) => match late_request(model) {
            Some(ask) => format!("close the late request \"{}\"", ask.text),
            None => general.to_owned(),
        },
        _ => general.to_owned(),
    }
}

/// Returns why an action is not possible now; `None` if it is.
#[must_use]
pub fn why_not(model: &Model, action: Action) -> Option<String> {
    let shown = model.summary.as_deref();
    let name = || {
        shown.map_or_else(
            || "no incident is shown".to_owned(),
            |summary| short_ref(summary.row.number, &summary.row.handle),
        )
    };
    let why = match action {
        Action::Resolve if shown.is_some_and(|summary| !summary.row.is_open) => {
            format!("{} is resolved", name())
        }
        Action::Reopen if shown.is_some_and(|summary| summary.row.is_open) => {
            format!("{} is open", name())
        }
        Action::Resolve
        | Action::Reopen
        | Action::Handoff
        | Action::Severity
        | Action::NextUpdate
        | Action::Title
        | Action::Service
        | Action::Field
        | Action::AddTask
        | Action::Status
        | Action::Brief
        | Action::Write
        | Action::MarkReviewed
        | Action::MarkFinal
        | Action::SaveLetter
            if shown.is_none() =>
        {
            name()
        }
        Action::SeenBefore if model.seen_before.is_empty() => {
            "no earlier incident began alike".to_owned()
        }
        Action::Adopt if shown.is_some() => "only for unassigned events".to_owned(),
        Action::Amend
        | Action::AmendInEditor
        | Action::Retime
        | Action::Retract
        | Action::Attach
        | Action::Move
        | Action::Redact
        | Action::Adopt
            if model.tab == Tab::Timeline && model.selected_event().is_none() =>
        {
            "no event is selected".to_owned()
        }
        Action::Close if model.tab == Tab::Timeline && model.activity.open_asks.is_empty() => {
            "no request is open".to_owned()
        }
        Action::NextHit | Action::PreviousHit if model.timeline.hits.is_empty() => {
            "nothing is searched for".to_owned()
        }
        Action::ClearFilter if model.timeline.filter.is_empty() => "no filter is on".to_owned(),
        Action::SyncNow if model.hub.is_none() => {
            "no hub is set: `bridgelog config set hub HUB`".to_owned()
        }
        Action::AskState if model.states_put_away.is_empty() => {
            "no question was put off".to_owned()
        }
        Action::PutStateAway if model.state_questions().is_empty() => {
            "no state is asked for".to_owned()
        }
        Action::PickIncident if model.other_open.is_empty() => {
            "no other incident is open".to_owned()
        }
        Action::Approve | Action::MarkSent
            if model
                .letter
                .as_ref()
                .is_some_and(|letter| letter.unsent_message.is_none()) =>
        {
            "no saved draft is waiting".to_owned()
        }
        _ => return None,
    };
    Some(why)
}

/// Returns every action once, and the words that begin a line, that have all of `words`, the best first.
pub(super) fn palette_rows(model: &Model, words: &[String]) -> Vec<FinderRow> {
    let mut ranked: Vec<(usize, FinderRow)> = Vec::new();
    let mut actions: Vec<Action> = Vec::new();
    for (binding, keys) in model.keymap.bindings() {
        let action = binding.action;
        if is_hidden(binding.context, action) || actions.contains(&action) {
            continue;
        }
        actions.push(action);
        let known = SYNONYMS.iter().position(|(of, _)| *of == action);
        let others = known.map_or("", |at| SYNONYMS[at].1);
        let below = model.contexts_below();
        // A request is closed where one is selected; else an incident is meant.
        let is_request = model
            .selected_event()
            .is_some_and(|e| e.value.kind == Kind::Ask);
        let here = below.contains(&binding.context) && (action != Action::Close || is_request);
        let row = FinderRow {
            target: FinderTarget::Action(action, binding.context),
            label: label_now(model, action, binding.description),
            keys: keys_of(model, action).unwrap_or_else(|| format_keys(keys)),
            note: other_names(action.name(), others),
            why_not: why_not(model, action),
        };
        let names = Names {
            own: action.name(),
            others,
            place: known.unwrap_or(SYNONYMS.len()),
            general: binding.description,
            here,
        };
        ranked.extend(rank(model, row, words, &names));
    }
    for (at, (begin, label, others)) in LINE_WORDS.into_iter().enumerate() {
        let row = FinderRow {
            target: FinderTarget::Begin(begin),
            label: label.to_owned(),
            keys: begin.trim_end().to_owned(),
            note: other_names("", others),
            why_not: None,
        };
        let names = Names {
            own: begin.trim_end(),
            others,
            place: SYNONYMS.len() + at,
            general: "",
            here: true,
        };
        ranked.extend(rank(model, row, words, &names));
    }
    let typed = words.join(" ");
    if let Some(place) = Place::parse(&typed) {
        let (place, label) = match place {
            Place::Handle(handle) if !typed.contains('^') => {
                (usize::MAX, format!("go to the event {handle}"))
            }
            Place::Handle(handle) => (0, format!("go to the event {handle}")),
            _ => (0, format!("go to {}", typed.trim_start_matches(':'))),
        };
        let row = FinderRow {
            target: FinderTarget::GoTo(typed),
            label,
            keys: String::new(),
            note: "in the timeline".to_owned(),
            why_not: None,
        };
        ranked.insert(0, (place, row));
    }
    if !model.settings_file.is_empty() {
        let row = FinderRow {
            target: FinderTarget::Legend,
            label: format!("the settings are in {}", model.settings_file),
            keys: String::new(),
            note: "read at the start of the app".to_owned(),
            why_not: None,
        };
        let names = Names {
            own: "settings",
            others: "config contact signature colours keys",
            place: SYNONYMS.len() + LINE_WORDS.len(),
            general: "",
            here: true,
        };
        ranked.extend(rank(model, row, words, &names));
    }
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, row)| row).collect()
}

/// `also called: declare, new, start`
fn other_names(name: &str, synonyms: &str) -> String {
    let names: Vec<&str> = name.split(' ').chain(synonyms.split(' ')).collect();
    let names: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
    match names.is_empty() {
        true => String::new(),
        false => format!("also called: {}", names.join(", ")),
    }
}

/// The keys of an action where it has some; the palette may meet it first where it has none.
fn keys_of(model: &Model, action: Action) -> Option<String> {
    let mut keys = model.keymap.bindings().filter(|(b, _)| b.action == action);
    keys.find_map(|(_, keys)| (!keys.is_empty()).then(|| format_keys(keys)))
}

/// What of a row a typed word is looked for in, besides the row itself.
struct Names<'a> {
    /// The names that it is called by: `next-update`.
    own: &'a str,
    /// Other words for it.
    others: &'a str,
    /// The place among those with other words: the earlier is meant where several have the word.
    place: usize,
    /// What it does in general, where the row says what it does now.
    general: &'a str,
    /// True if it applies where the keys are.
    here: bool,
}

/// Returns the row with its place, unless it lacks one of `words`.
fn rank(
    model: &Model,
    row: FinderRow,
    words: &[String],
    names: &Names<'_>,
) -> Option<(usize, FinderRow)> {
    const IMPOSSIBLE: usize = 100_000;
    let text = format!(
        "{} {} {} {}",
        row.label, names.general, names.own, names.others
    );
    let text = text.to_lowercase();
    let mut place = if row.why_not.is_some() { IMPOSSIBLE } else { 0 };
    for word in words {
        let begins = |text: &str| text.starts_with(word.as_str());
        let is_named = begins(names.own) || names.own.split('-').any(|part| part == word);
        place += if names.here && is_named {
            0
        } else if names.others.split(' ').any(|other| other == word) {
            10 + names.place
        } else if begins(&text) || is_named {
            100
        } else if text.contains(word.as_str()) {
            200
        } else {
            return None;
        };
    }
    if words.is_empty() {
        let fitting = fitting_actions(model);
        place += match &row.target {
            FinderTarget::Action(action, _) => {
                let at = fitting.iter().position(|fits| fits == action);
                at.unwrap_or(fitting.len())
            }
            FinderTarget::Legend => fitting.len() + 2,
            _ => fitting.len() + 1,
        };
    }
    Some((place, row))
}
