//! Actions on events, tasks, incidents and documents.

use super::{
    confirm, detail, document_find, finder, fix, open_incident::open_incident, paste, prompt,
    restore, tabs, task_selection, tasks, text_pages, timeline, uncopied,
};
use crate::{
    domain::{event::Event, incident::Record, review::ReviewStage, words::Kind},
    ops::status,
    tui::{
        content::unsaved,
        keymap::Action,
        model::{ConfirmKind, FinderKind, Level, Model, Overlay, Question, Tab, is_available},
        msg::{CopyOf, Effect, Job},
    },
};

/// The highest zoom level of the state band.
const MAX_ZOOM: u8 = 10;
/// The number of stages of the customer email.
const STAGE_COUNT: usize = 4;

/// Returns the event an action applies to: the one whose detail is open, else the selected one.
fn target_event(model: &Model) -> Option<&Record<Event>> {
    match model.overlays.last() {
        Some(Overlay::Detail(detail)) => Some(&detail.event),
        _ => model.selected_event(),
    }
}

/// Runs `action`.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Undo => confirm::open(model, ConfirmKind::Undo),
        Action::Redo => confirm::open(model, ConfirmKind::Redo),
        Action::Search if model.tab == Tab::Incidents => {
            let results = model.incidents.search_results.as_ref();
            let before = results.map_or_else(String::new, |results| results.query.clone());
            model.incidents.search_problem = None;
            prompt::ask_with_way_back(model, Question::SearchAll, before);
            vec![]
        }
        Action::Search | Action::NextHit | Action::PreviousHit
            if model.current_document().is_some() =>
        {
            match action {
                Action::Search => {
                    model.document_find.from = model.document_scroll();
                    let before = model.document_find.query.clone();
                    prompt::ask_with_way_back(model, Question::SearchDocument, before);
                    vec![]
                }
                action => document_find::step(model, action == Action::NextHit),
            }
        }
        Action::Search if model.tab == Tab::Tasks => {
            prompt::ask(model, Question::FindTask, "");
            vec![]
        }
        Action::Filter if model.tab == Tab::Tasks => {
            let text = model.tasks.filter.clone();
            prompt::ask(model, Question::FilterTasks, &text);
            vec![]
        }
        Action::ClearFilter if model.tab == Tab::Tasks => task_selection::set_filter(model, ""),
        Action::Search => {
            let before = model.timeline.query.clone();
            prompt::ask_with_way_back(model, Question::Search, before);
            vec![]
        }
        Action::NextHit | Action::PreviousHit if model.tab == Tab::Tasks => {
            task_selection::jump_to_hit(model, action == Action::NextHit)
        }
        Action::NextHit => timeline::jump_to_hit(model, true),
        Action::PreviousHit => timeline::jump_to_hit(model, false),
        Action::Filter => {
            let text = model.timeline.filter_text.clone();
            timeline::begin_filter(model);
            prompt::ask(model, Question::Filter, &text);
            vec![]
        }
        Action::ClearFilter => timeline::set_filter(model, ""),
        Action::ZoomIn | Action::ZoomOut => {
            let zoom = model.timeline.zoom;
            let history = model.summary.as_ref().and_then(|o| o.history.as_ref());
            let max_zoom = history.map_or(MAX_ZOOM, |history| history.max_zoom(MAX_ZOOM));
            model.timeline.zoom = if action == Action::ZoomIn {
                (zoom + 1).min(max_zoom)
            } else {
                zoom.saturating_sub(1)
            };
            vec![]
        }
        Action::ShowGone => restore::show_gone(model),
        Action::Restore => {
            let event = target_event(model).cloned();
            restore::ask(model, event)
        }
        Action::ToggleHandles => {
            model.timeline.show_handles = !model.timeline.show_handles;
            let text = match model.timeline.show_handles {
                true => "handles shown: ^ and a handle link to the event",
                false => "handles hidden",
            };
            model.notify(Level::Info, text);
            vec![]
        }
        Action::NextStage | Action::PreviousStage => change_stage(model, action),
        Action::ToggleSources => {
            model.show_sources = !model.show_sources;
            vec![]
        }
        Action::Export => match model.current_document() {
            Some(document) if model.summary.is_some() => {
                finder::open_kind(model, FinderKind::Export(document));
                vec![]
            }
            _ => {
                model.notify(Level::Info, "the postmortem and the email can be exported");
                vec![]
            }
        },
        Action::Status if model.summary.is_some() => {
            model.copy_asked_at = model.input_count;
            vec![Effect::Job(Job::StatusText)]
        }
        Action::Brief if model.summary.is_some() => text_pages::open_brief(model),
        Action::SeenBefore => text_pages::open_seen_before(model),
        Action::Status | Action::Brief => {
            model.notify(Level::Info, "there is no incident yet");
            vec![]
        }
        Action::NextIncidentsTab => tabs::show_incidents_tab(model, model.incidents.tab.step(1)),
        Action::PreviousIncidentsTab => {
            tabs::show_incidents_tab(model, model.incidents.tab.step(-1))
        }
        Action::Write => {
            finder::open_kind(model, FinderKind::Section);
            vec![]
        }
        Action::Field => {
            if model.summary.is_none() {
                model.notify(Level::Info, "there is no incident yet");
                return vec![];
            }
            finder::open_kind(model, FinderKind::Field);
            vec![]
        }
        Action::Declare => {
            prompt::ask(model, Question::Declare, "");
            vec![]
        }
        Action::CopyUnsaved | Action::SaveUnsaved if !is_available(model, action) => {
            model.notify(Level::Info, "all is saved");
            vec![]
        }
        Action::CopyUnsaved => {
            let text = unsaved::unsaved_text(model);
            vec![uncopied::copy(model, text, CopyOf::Text)]
        }
        Action::SaveUnsaved => vec![Effect::Job(Job::SaveUnsaved(unsaved::unsaved_text(model)))],
        Action::Merge => {
            if let Some(item) = model.incidents.selected_incident() {
                let name = format!("{} {}", item.short_ref(), item.title);
                let handle = item.handle.clone();
                prompt::ask(model, Question::Merge(handle, name), "");
            }
            vec![]
        }
        Action::Resolve => ask_about_incident(model, Question::Resolve, true),
        Action::Reopen => ask_about_incident(model, Question::Reopen, false),
        Action::SaveLetter => match &model.letter {
            Some(letter) => {
                let stage = letter.stage;
                confirm::open(model, ConfirmKind::SaveLetter(stage, None))
            }
            None => vec![],
        },
        Action::Approve | Action::MarkSent => {
            let unsent = model.letter.as_ref().and_then(|l| l.unsent_message.clone());
            match unsent {
                None => model.notify(Level::Info, "no saved draft is waiting; S saves this one"),
                Some(number) if action == Action::Approve => {
                    let author = model.author.clone();
                    prompt::ask_with_default(model, Question::Approve(number), &author);
                }
                Some(number) => {
                    prompt::ask_with_default(model, Question::MarkSent(number), "email");
                }
            }
            vec![]
        }
        Action::MarkReviewed | Action::MarkFinal => {
            let stage = match action {
                Action::MarkFinal => ReviewStage::Final,
                _ => ReviewStage::Reviewed,
            };
            if model.summary.is_some() {
                let author = model.author.clone();
                prompt::ask_with_default(model, Question::Review(stage), &author);
            }
            vec![]
        }
        Action::Service => ask_about_incident(model, Question::AddService, true),
        Action::Handoff => ask_about_incident(model, Question::SetField("commander"), true),
        Action::Severity => ask_about_incident(model, Question::SetField("severity"), true),
        Action::Title => ask_about_incident(model, Question::SetField("title"), true),
        Action::NextUpdate => ask_about_incident(model, Question::SetField("next-update"), true),
        Action::AddTask => {
            if model.summary.is_none() {
                model.notify(Level::Info, "there is no incident to add it to");
                return vec![];
            }
            prompt::ask(model, Question::AddTask, "");
            vec![]
        }
        Action::Open
        | Action::Close
        | Action::Start
        | Action::Decline
        | Action::Amend
        | Action::SetOwner
        | Action::SetDue
            if model.tab == Tab::Tasks && model.overlays.is_empty() =>
        {
            tasks::act(model, action)
        }
        Action::Open if model.tab == Tab::Incidents => open_incident(model),
        Action::Open if model.current_document().is_some() => fix::selected(model),
        Action::CopyText => copy_text(model),
        Action::CopyLink => copy_link(model),
        Action::Open
        | Action::Amend
        | Action::AmendInEditor
        | Action::Retime
        | Action::Retract
        | Action::Adopt
        | Action::Attach
        | Action::Move
        | Action::Redact
        | Action::Close => act_on_event(model, action),
        _ => vec![],
    }
}

fn ask_about_incident(model: &mut Model, question: Question, open: bool) -> Vec<Effect> {
    match &model.summary {
        None => model.notify(Level::Info, "there is no incident yet"),
        Some(summary) if open && !summary.row.is_open && matches!(question, Question::Resolve) => {
            model.notify(Level::Info, "the incident is resolved already");
        }
        Some(summary) if !open && summary.row.is_open => {
            model.notify(Level::Info, "the incident is open");
        }
        Some(summary) => {
            let text = match question {
                Question::SetField("title") => summary.row.title.clone(),
                _ => String::new(),
            };
            prompt::ask(model, question, &text);
        }
    }
    vec![]
}

fn act_on_event(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(Overlay::Paste(_)) = model.overlays.last() {
        return paste::ask_correction(model);
    }
    let Some(event) = target_event(model).cloned() else {
        model.notify(Level::Info, "no event is selected");
        return vec![];
    };
    if action == Action::Open {
        return detail::open(model, event);
    }
    let handle = event.handle.clone();
    if action == Action::Redact {
        // Retracted events can be redacted as well.
        prompt::ask(model, Question::Redact(handle), "");
        return vec![];
    }
    let is_gone = event.value.retracted.is_some() || model.timeline.gone.contains_key(&event.id);
    if is_gone {
        model.notify(Level::Info, "it was undone or retracted; r brings it back");
        return vec![];
    }
    match action {
        Action::Adopt if model.summary.is_some() => {
            model.notify(
                Level::Info,
                "it is in an incident already; Ctrl-P move moves it to another",
            );
            vec![]
        }
        // Of several it is asked which.
        Action::Adopt if model.other_open.len() > 1 => {
            prompt::ask(model, Question::Move(handle), "");
            vec![]
        }
        Action::Adopt => confirm::open(model, ConfirmKind::Adopt(handle)),
        Action::Attach => {
            prompt::ask(model, Question::Attach(handle), "");
            vec![]
        }
        Action::Move => {
            prompt::ask(model, Question::Move(handle), "");
            vec![]
        }
        Action::Amend => prompt::edit_event(model, handle),
        Action::AmendInEditor => confirm::open(model, ConfirmKind::OpenEditor(handle)),
        Action::Retime => {
            let text = status::editable_time(&event.value, &model.zone);
            prompt::ask(model, Question::Retime(handle), &text);
            vec![]
        }
        // Where the check will refuse it, the reason being typed is safe in the prompt.
        Action::Retract => {
            prompt::ask(model, Question::Retract(handle), "");
            vec![]
        }
        Action::Close => {
            let ask_handle = if event.value.kind == Kind::Ask {
                Some(handle)
            } else {
                // Without a selected ask, the first open one: the most overdue, else the next to
                // end.
                model.activity.open_asks.first().map(|a| a.handle.clone())
            };
            match ask_handle {
                Some(handle) => {
                    prompt::ask(model, Question::Close(handle), "");
                }
                None => model.notify(Level::Info, "no request is open"),
            }
            vec![]
        }
        _ => vec![],
    }
}

fn change_stage(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(letter) = &model.letter else {
        return vec![];
    };
    let offset = if action == Action::NextStage {
        1
    } else {
        STAGE_COUNT - 1
    };
    model.email_stage = Some((letter.stage + offset) % STAGE_COUNT);
    model.letter_scroll = 0;
    tabs::load(model)
}

fn copy_text(model: &mut Model) -> Vec<Effect> {
    let text = match (model.tab, model.overlays.last()) {
        (Tab::Postmortem, None) => model.postmortem.text.clone(),
        (Tab::Email, None) => model
            .letter
            .as_ref()
            .map(|l| format!("Subject: {}\n\n{}", l.subject, l.body)),
        (_, Some(Overlay::Text(page))) => page.copied.clone(),
        _ => target_event(model).map(|e| e.value.text.clone()),
    };
    match text {
        Some(text) => {
            // It goes where documents go, not to the screen.
            let text = crate::domain::document_text::block(&text).into_owned();
            let of = match (model.tab, model.overlays.last()) {
                (Tab::Email, None) => CopyOf::Email {
                    gaps: text.matches("[[").count(),
                },
                _ => CopyOf::Text,
            };
            vec![uncopied::copy(model, text, of)]
        }
        None => vec![],
    }
}

/// Copies the links of the selected event, one a line.
fn copy_link(model: &mut Model) -> Vec<Effect> {
    let links = target_event(model).map(|event| event.value.urls.join("\n"));
    match links.filter(|links| !links.is_empty()) {
        Some(links) => vec![uncopied::copy(model, links, CopyOf::Text)],
        None => {
            model.notify(Level::Info, "the event has no link");
            vec![]
        }
    }
}
