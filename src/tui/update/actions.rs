//! Actions on events, tasks, incidents and documents.

use super::{paste, prompt, tabs, timeline};
use crate::{
    domain::{event::Event, incident::Record, review::ReviewStage, task::TaskState, words::Kind},
    tui::{
        keymap::Action,
        model::{Detail, Dialog, Level, Model, Overlay, Question, Tab, TaskRow, task_rows},
        msg::{EditTarget, Effect, Job, Select},
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
        Action::Undo => vec![Effect::Job(Job::Undo)],
        Action::Redo => vec![Effect::Job(Job::Redo)],
        Action::Search if model.tab == Tab::Incidents => {
            prompt::ask(model, Question::SearchAll, "");
            vec![]
        }
        Action::Search => {
            prompt::ask(model, Question::Search, "");
            vec![]
        }
        Action::NextHit => timeline::jump_to_hit(model, true),
        Action::PreviousHit => timeline::jump_to_hit(model, false),
        Action::Filter => {
            let text = model.timeline.filter_text.clone();
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
        Action::NextStage | Action::PreviousStage => change_stage(model, action),
        Action::ToggleSources => {
            model.show_sources = !model.show_sources;
            vec![]
        }
        Action::Export => match model.current_document() {
            Some(document) if model.summary.is_some() => {
                model
                    .overlays
                    .push(Overlay::Dialog(Dialog::Export(document)));
                vec![]
            }
            _ => {
                model.notify(Level::Info, "the postmortem and the email can be exported");
                vec![]
            }
        },
        Action::ToggleFindings => {
            model.postmortem.findings_shown = !model.postmortem.findings_shown;
            vec![]
        }
        Action::Status if model.summary.is_some() => vec![Effect::Job(Job::StatusText)],
        Action::Status => {
            model.notify(Level::Info, "there is no incident yet");
            vec![]
        }
        Action::NextIncidentsTab => tabs::show_incidents_tab(model, model.incidents.tab.step(1)),
        Action::PreviousIncidentsTab => {
            tabs::show_incidents_tab(model, model.incidents.tab.step(-1))
        }
        Action::Write => {
            model.overlays.push(Overlay::Dialog(Dialog::Section));
            vec![]
        }
        Action::Field => {
            if model.summary.is_none() {
                model.notify(Level::Info, "there is no incident yet");
                return vec![];
            }
            model.overlays.push(Overlay::Dialog(Dialog::Field));
            vec![]
        }
        Action::Declare => {
            prompt::ask(model, Question::Declare, "");
            vec![]
        }
        Action::Resolve => ask_about_incident(model, Question::Resolve, true),
        Action::Reopen => ask_about_incident(model, Question::Reopen, false),
        Action::SaveLetter => match &model.letter {
            Some(letter) => vec![Effect::Job(Job::SaveLetter(letter.stage))],
            None => vec![],
        },
        Action::Approve | Action::MarkSent => {
            let unsent = model.letter.as_ref().and_then(|l| l.unsent_message.clone());
            match unsent {
                None => model.notify(
                    Level::Info,
                    "no letter is kept that did not go out; S keeps this one",
                ),
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
        Action::Close | Action::Start | Action::Decline | Action::Amend
            if model.tab == Tab::Tasks && model.overlays.is_empty() =>
        {
            act_on_task(model, action)
        }
        Action::Open if model.tab == Tab::Incidents => open_incident(model),
        Action::CopyText => copy_text(model),
        Action::Open
        | Action::Amend
        | Action::AmendInEditor
        | Action::Retime
        | Action::Retract
        | Action::Adopt
        | Action::Move
        | Action::Redact
        | Action::Close => act_on_event(model, action),
        _ => vec![],
    }
}

fn ask_about_incident(model: &mut Model, question: Question, open: bool) -> Vec<Effect> {
    match &model.summary {
        None => model.notify(Level::Info, "there is no incident yet"),
        Some(summary) if open && !summary.open && matches!(question, Question::Resolve) => {
            model.notify(Level::Info, "the incident is over already");
        }
        Some(summary) if !open && summary.open => model.notify(Level::Info, "the incident is open"),
        Some(summary) => {
            let text = match question {
                Question::SetField("title") => summary.title.clone(),
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
        let handle = event.handle.clone();
        model.overlays.push(Overlay::Detail(Box::new(Detail {
            event,
            versions: None,
            links: Vec::new(),
            scroll: 0,
        })));
        return vec![Effect::Job(Job::EventHistory(handle))];
    }
    let handle = event.handle.clone();
    if action == Action::Redact {
        // Retracted events can be redacted as well.
        prompt::ask(model, Question::Redact(handle), "");
        return vec![];
    }
    if event.value.retracted.is_some() {
        model.notify(
            Level::Info,
            format!(
                "{} was retracted; u takes that back if it was your last entry",
                event.handle
            ),
        );
        return vec![];
    }
    match action {
        Action::Adopt if model.summary.is_some() => {
            model.notify(
                Level::Info,
                "it is in an incident already; `move` takes it elsewhere",
            );
            vec![]
        }
        Action::Adopt => vec![Effect::Job(Job::Adopt(handle))],
        Action::Move => {
            prompt::ask(model, Question::Move(handle), "");
            vec![]
        }
        Action::Amend => vec![Effect::Job(Job::EventLine {
            handle,
            editor: false,
        })],
        Action::AmendInEditor => vec![Effect::Job(Job::EventLine {
            handle,
            editor: true,
        })],
        Action::Retime => {
            let at = model.zone.to_local(event.value.at_utc());
            let approx = if event.value.approximate { "~" } else { "" };
            let text = format!("{approx}{}", at.format("%Y-%m-%d %H:%M"));
            prompt::ask(model, Question::Retime(handle), &text);
            vec![]
        }
        Action::Retract => {
            if Some(event.id) == model.incident_id() {
                model.notify(
                    Level::Error,
                    "this event declares the incident; undo takes a new one back",
                );
                return vec![];
            }
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
                Some(handle) => prompt::ask(model, Question::Close(handle), ""),
                None => model.notify(Level::Info, "no ask is open"),
            }
            vec![]
        }
        _ => vec![],
    }
}

fn act_on_task(model: &mut Model, action: Action) -> Vec<Effect> {
    let rows = task_rows(model);
    let Some(row) = rows.get(model.selected_task.min(rows.len().saturating_sub(1))) else {
        model.notify(Level::Info, "nothing is to be done; a adds a follow-up");
        return vec![];
    };
    let handle = row.handle().to_owned();
    let is_ask = matches!(row, TaskRow::Ask(_));
    match action {
        Action::Amend if is_ask => {
            return vec![Effect::Job(Job::EventLine {
                handle,
                editor: false,
            })];
        }
        Action::Amend => return vec![Effect::Job(Job::TaskLine(handle))],
        Action::Close if is_ask => prompt::ask(model, Question::Close(handle), ""),
        Action::Close => {
            return vec![Effect::Job(Job::ChangeTaskState(
                handle,
                TaskState::Done,
                String::new(),
            ))];
        }
        Action::Start if is_ask => model.notify(Level::Info, "an ask is for now; c closes it"),
        Action::Start => {
            return vec![Effect::Job(Job::ChangeTaskState(
                handle,
                TaskState::Started,
                String::new(),
            ))];
        }
        _ => prompt::ask(model, Question::Decline(handle), ""),
    }
    vec![]
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
        _ => target_event(model).map(|e| e.value.text.clone()),
    };
    match text {
        Some(text) => {
            model.notify(Level::Success, "copied");
            // It goes where documents go, not to the screen.
            vec![Effect::Copy(
                crate::domain::document_text::block(&text).into_owned(),
            )]
        }
        None => vec![],
    }
}

/// Opens what is selected in the incidents tab: an incident, an event in its incident, or the
/// unfiled events.
fn open_incident(model: &mut Model) -> Vec<Effect> {
    let Some((handle, event)) = model.incidents.selected_target() else {
        return vec![];
    };
    model.tab = Tab::Timeline;
    model.timeline.pending_jump = event.map(Select::Event);
    match handle {
        Some(handle) => {
            // Opening is not naming: lines to a resolved incident are asked about.
            model.explicit_incident = false;
            model.showing_unfiled = false;
            vec![Effect::Job(Job::LoadIncident(Some(handle)))]
        }
        None => {
            model.explicit_incident = false;
            model.showing_unfiled = true;
            vec![Effect::Job(Job::LoadUnfiled)]
        }
    }
}

/// Applies the text saved in the editor.
pub fn apply_edit(
    model: &mut Model,
    target: EditTarget,
    text: Result<String, String>,
) -> Vec<Effect> {
    match text {
        Err(error) => {
            model.notify(Level::Error, error);
            vec![]
        }
        Ok(text) => match target {
            EditTarget::Event(handle) => {
                // If it is refused, it can be recalled.
                model.capture.add_to_history(text.trim().to_owned());
                vec![Effect::Job(Job::Rewrite(handle, text.trim().to_owned()))]
            }
            EditTarget::Section(name) => vec![Effect::Job(Job::WriteSection(name, text))],
        },
    }
}

/// Asks for the state of the fault `handle`, unless the user is typing or another overlay is open:
/// then a message names the command.
pub fn ask_state(model: &mut Model, handle: String) {
    // Otherwise the next typed key would be taken for an answer.
    if model.overlays.is_empty() && model.capture.line.text().is_empty() {
        model.overlays.push(Overlay::Dialog(Dialog::State(handle)));
    } else {
        model.notify(
            Level::Info,
            format!("no state was given of {handle}: e amends it, !degraded or !down"),
        );
    }
}
