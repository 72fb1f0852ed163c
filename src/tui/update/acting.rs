//! What is done to events, tasks, incidents and documents.

use super::{asking, jumping, pasting, tabs};
use crate::{
    domain::{event::Event, incident::Record, task::TaskState, words::Kind},
    ops::timeline::{Filter, PageAnchor},
    tui::{
        keymap::Action,
        model::{Choice, Detail, Model, Over, Question, Reach, Tab, Tone},
        msg::{Edit, Effect, Job, Select},
    },
};

/// How often the state band may be halved.
const MOST_ZOOM: u8 = 10;
/// How many stages of letters there are.
const STAGES: usize = 4;

/// The event that is meant: the one whose detail is open, else the selected one.
fn meant(model: &Model) -> Option<&Record<Event>> {
    match model.over.last() {
        Some(Over::Detail(detail)) => Some(&detail.event),
        _ => model.selected(),
    }
}

/// Does `action`.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Undo => vec![Effect::Job(Job::Undo)],
        Action::Redo => vec![Effect::Job(Job::Redo)],
        Action::Search if model.tab == Tab::Incidents => {
            asking::ask(model, Question::SearchAll, "");
            vec![]
        }
        Action::Search => {
            asking::ask(model, Question::Search, "");
            vec![]
        }
        Action::NextHit => jumping::to_hit(model, true),
        Action::PreviousHit => jumping::to_hit(model, false),
        Action::Filter => {
            let text = model.timeline.filter_text.clone();
            asking::ask(model, Question::Filter, &text);
            vec![]
        }
        Action::ClearFilter => filtered(model, ""),
        Action::ZoomIn | Action::ZoomOut => {
            let zoom = model.timeline.zoom;
            model.timeline.zoom = if action == Action::ZoomIn {
                (zoom + 1).min(MOST_ZOOM)
            } else {
                zoom.saturating_sub(1)
            };
            vec![]
        }
        Action::NextStage | Action::PreviousStage => stage(model, action),
        Action::Trace => {
            model.trace = !model.trace;
            vec![]
        }
        Action::Export => match model.document() {
            Some(document) if model.outline.is_some() => {
                model.over.push(Over::Choice(Choice::Export(document)));
                vec![]
            }
            _ => {
                model.say(Tone::Note, "the postmortem and the email can be exported");
                vec![]
            }
        },
        Action::Missing => {
            model.postmortem.lint_shown = !model.postmortem.lint_shown;
            vec![]
        }
        Action::Status if model.outline.is_some() => vec![Effect::Job(Job::Status)],
        Action::Status => {
            model.say(Tone::Note, "there is no incident yet");
            vec![]
        }
        Action::NextBoard => tabs::board(model, model.incidents.board.step(1)),
        Action::PreviousBoard => tabs::board(model, model.incidents.board.step(-1)),
        Action::Write => {
            model.over.push(Over::Choice(Choice::Section));
            vec![]
        }
        Action::Field => {
            if model.outline.is_none() {
                model.say(Tone::Note, "there is no incident yet");
                return vec![];
            }
            model.over.push(Over::Choice(Choice::Field));
            vec![]
        }
        Action::Declare => {
            asking::ask(model, Question::Declare, "");
            vec![]
        }
        Action::Resolve => in_incident(model, Question::Resolve, true),
        Action::Reopen => in_incident(model, Question::Reopen, false),
        Action::SaveLetter => match &model.letter {
            Some(letter) => vec![Effect::Job(Job::SaveLetter(letter.stage))],
            None => vec![],
        },
        Action::Approve | Action::Sent => {
            let unsent = model.letter.as_ref().and_then(|l| l.unsent.clone());
            match unsent {
                None => model.say(
                    Tone::Note,
                    "no letter is kept that did not go out; S keeps this one",
                ),
                Some(number) if action == Action::Approve => {
                    let me = model.author.clone();
                    asking::propose(model, Question::Approve(number), &me);
                }
                Some(number) => asking::propose(model, Question::Sent(number), "email"),
            }
            vec![]
        }
        Action::Service => in_incident(model, Question::Service, true),
        Action::Handoff => in_incident(model, Question::Set("commander"), true),
        Action::Severity => in_incident(model, Question::Set("severity"), true),
        Action::Title => in_incident(model, Question::Set("title"), true),
        Action::NextUpdate => in_incident(model, Question::Set("next-update"), true),
        Action::AddTask => {
            if model.outline.is_none() {
                model.say(Tone::Note, "there is no incident to add it to");
                return vec![];
            }
            asking::ask(model, Question::AddTask, "");
            vec![]
        }
        Action::Close | Action::Start | Action::Decline | Action::Amend
            if model.tab == Tab::Tasks && model.over.is_empty() =>
        {
            task(model, action)
        }
        Action::Open if model.tab == Tab::Incidents => open_incident(model),
        Action::CopyText => copy(model),
        Action::Open
        | Action::Amend
        | Action::AmendInEditor
        | Action::Retime
        | Action::Retract
        | Action::Adopt
        | Action::Move
        | Action::Redact
        | Action::Close => event(model, action),
        _ => vec![],
    }
}

fn in_incident(model: &mut Model, question: Question, open: bool) -> Vec<Effect> {
    match &model.outline {
        None => model.say(Tone::Note, "there is no incident yet"),
        Some(o) if open && !o.open && matches!(question, Question::Resolve) => {
            model.say(Tone::Note, "the incident is over already");
        }
        Some(o) if !open && o.open => model.say(Tone::Note, "the incident is open"),
        Some(o) => {
            let text = match question {
                Question::Set("title") => o.title.clone(),
                _ => String::new(),
            };
            asking::ask(model, question, &text);
        }
    }
    vec![]
}

fn event(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Some(Over::Paste(_)) = model.over.last() {
        return pasting::correct(model);
    }
    let Some(event) = meant(model).cloned() else {
        model.say(Tone::Note, "no event is selected");
        return vec![];
    };
    if action == Action::Open {
        let handle = event.handle.clone();
        model.over.push(Over::Detail(Box::new(Detail {
            event,
            versions: None,
            links: Vec::new(),
            scroll: 0,
        })));
        return vec![Effect::Job(Job::History(handle))];
    }
    let handle = event.handle.clone();
    if action == Action::Redact {
        // A secret is destroyed wherever it is, also in what was taken out of the record.
        asking::ask(model, Question::Redact(handle), "");
        return vec![];
    }
    if event.value.retracted.is_some() {
        model.say(
            Tone::Note,
            format!(
                "{} was retracted; u takes that back if it was your last entry",
                event.handle
            ),
        );
        return vec![];
    }
    match action {
        Action::Adopt if model.outline.is_some() => {
            model.say(
                Tone::Note,
                "it is in an incident already; `move` takes it elsewhere",
            );
            vec![]
        }
        Action::Adopt => vec![Effect::Job(Job::Adopt(handle))],
        Action::Move => {
            asking::ask(model, Question::Move(handle), "");
            vec![]
        }
        Action::Amend => vec![Effect::Job(Job::LineOf {
            handle,
            editor: false,
        })],
        Action::AmendInEditor => vec![Effect::Job(Job::LineOf {
            handle,
            editor: true,
        })],
        Action::Retime => {
            let at = model.zone.to_local(event.value.at_utc());
            let about = if event.value.approximate { "~" } else { "" };
            let text = format!("{about}{}", at.format("%Y-%m-%d %H:%M"));
            asking::ask(model, Question::Time(handle), &text);
            vec![]
        }
        Action::Retract => {
            if Some(event.id) == model.incident() {
                model.say(
                    Tone::Bad,
                    "this event declares the incident; undo takes a new one back",
                );
                return vec![];
            }
            asking::ask(model, Question::Retract(handle), "");
            vec![]
        }
        Action::Close => {
            let ask = if event.value.kind == Kind::Ask {
                Some(handle)
            } else {
                // The ask that is most overdue is the one that is meant, where none is selected.
                model.doings.open_asks.first().map(|a| a.handle.clone())
            };
            match ask {
                Some(handle) => asking::ask(model, Question::Close(handle), ""),
                None => model.say(Tone::Note, "no ask is open"),
            }
            vec![]
        }
        _ => vec![],
    }
}

fn task(model: &mut Model, action: Action) -> Vec<Effect> {
    let rows = tabs::task_rows(model);
    let Some(row) = rows.get(model.task.min(rows.len().saturating_sub(1))) else {
        model.say(Tone::Note, "nothing is to be done; a adds a follow-up");
        return vec![];
    };
    let handle = row.handle().to_owned();
    let is_ask = matches!(row, tabs::TaskRow::Ask(_));
    match action {
        Action::Amend if is_ask => {
            return vec![Effect::Job(Job::LineOf {
                handle,
                editor: false,
            })];
        }
        Action::Amend => return vec![Effect::Job(Job::TaskLine(handle))],
        Action::Close if is_ask => asking::ask(model, Question::Close(handle), ""),
        Action::Close => {
            return vec![Effect::Job(Job::Task(
                handle,
                TaskState::Done,
                String::new(),
            ))];
        }
        Action::Start if is_ask => model.say(Tone::Note, "an ask is for now; c closes it"),
        Action::Start => {
            return vec![Effect::Job(Job::Task(
                handle,
                TaskState::Started,
                String::new(),
            ))];
        }
        _ => asking::ask(model, Question::Decline(handle), ""),
    }
    vec![]
}

fn stage(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(letter) = &model.letter else {
        return vec![];
    };
    let step = if action == Action::NextStage {
        1
    } else {
        STAGES - 1
    };
    model.stage = Some((letter.stage + step) % STAGES);
    model.letter_scroll = 0;
    tabs::load(model)
}

fn copy(model: &mut Model) -> Vec<Effect> {
    let text = match (model.tab, model.over.last()) {
        (Tab::Postmortem, None) => model.postmortem.text.clone(),
        (Tab::Email, None) => model
            .letter
            .as_ref()
            .map(|l| format!("Subject: {}\n\n{}", l.subject, l.body)),
        _ => meant(model).map(|e| e.value.text.clone()),
    };
    match text {
        Some(text) => {
            model.say(Tone::Good, "copied");
            // What is shown is safe; so is what is copied.
            vec![Effect::Copy(
                crate::domain::sanitize::block(&text).into_owned(),
            )]
        }
        None => vec![],
    }
}

/// Looks at the incident that is selected, at the event that is selected in it, where it is one; at
/// the unfiled events, where it is in none.
fn open_incident(model: &mut Model) -> Vec<Effect> {
    let Some((handle, event)) = tabs::chosen(model) else {
        return vec![];
    };
    model.tab = Tab::Timeline;
    model.timeline.seek = event.map(Select::Event);
    match handle {
        Some(handle) => {
            // It is looked at; what is written there, where it is over, is asked first.
            model.named = false;
            model.unfiled = false;
            vec![Effect::Job(Job::Look(Some(handle)))]
        }
        None => {
            model.named = false;
            model.unfiled = true;
            vec![Effect::Job(Job::Unfiled)]
        }
    }
}

/// Shows only the events that `text` asks for.
pub fn filtered(model: &mut Model, text: &str) -> Vec<Effect> {
    let timeline = &mut model.timeline;
    timeline.filter_text = text.trim().to_owned();
    timeline.filter = Filter::parse(text);
    timeline.follow = true;
    timeline.reach = Reach::Nothing;
    timeline.seek = None;
    vec![jumping::page(model, PageAnchor::Newest, Select::Last)]
}

/// The editor came back.
pub fn edited(model: &mut Model, what: Edit, text: Result<String, String>) -> Vec<Effect> {
    match text {
        Err(why) => {
            model.say(Tone::Bad, why);
            vec![]
        }
        Ok(text) => match what {
            Edit::Event(handle) => {
                vec![Effect::Job(Job::Rewrite(handle, text.trim().to_owned()))]
            }
            Edit::Section(name) => vec![Effect::Job(Job::Write(name, text))],
        },
    }
}

/// Asks for the state of the fault `handle`, where nothing else is asked.
pub fn ask_state(model: &mut Model, handle: String) {
    // Who types on is not interrupted: the next key would be taken for an answer.
    if model.over.is_empty() && model.capture.line.text().is_empty() {
        model.over.push(Over::Choice(Choice::State(handle)));
    } else {
        model.say(
            Tone::Note,
            format!("no state was given of {handle}: e amends it, !degraded or !down"),
        );
    }
}
