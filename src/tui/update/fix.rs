//! Enter on a row above a document: opens what fixes it, with nothing made up in it.

use super::{confirm, line::on_line_changed, prompt, tabs, timeline};
use crate::{
    domain::incident::FIELDS,
    ops::lint::Fix,
    tui::{
        content::findings::outside,
        model::{
            ConfirmKind, DocumentRow, Focus, Level, Model, PUT_AWAY, Prefill, Question, Tab,
            document_rows,
        },
        msg::{Effect, Job},
        text_input::TextInput,
    },
};
use uuid::Uuid;

/// Fields that have no row among [`FIELDS`].
const HEAD_FIELDS: [&str; 3] = ["title", "severity", "commander"];

/// Begins to fix the selected row.
pub fn selected(model: &mut Model) -> Vec<Effect> {
    let rows = document_rows(model);
    let (fix, opening, event) = match rows.get(model.selected_finding) {
        Some(DocumentRow::Finding(finding)) => {
            (finding.fix.clone(), finding.opening.clone(), finding.event)
        }
        Some(DocumentRow::Fact(name)) => (Fix::Field((*name).to_owned()), String::new(), None),
        None => {
            model.notify(Level::Info, "nothing to fix");
            return vec![];
        }
    };
    begin(model, fix, &opening, event)
}

/// Opens what `fix` needs, a prompt with the text `opening`; `event` is the one that the finding is about.
fn begin(model: &mut Model, fix: Fix, opening: &str, event: Option<Uuid>) -> Vec<Effect> {
    match fix {
        Fix::Field(name) => {
            let known = FIELDS.iter().map(|(known, _)| *known).chain(HEAD_FIELDS);
            let Some(name) = known.into_iter().find(|known| *known == name) else {
                model.notify(Level::Info, format!("there is no field {name}"));
                return vec![];
            };
            prompt::ask_field(model, name);
            vec![]
        }
        Fix::Section(name) => confirm::open(model, ConfirmKind::WriteSection(name)),
        Fix::PublicName(service) => {
            prompt::ask(model, Question::AddService, &format!("{service} "));
            vec![]
        }
        Fix::EventTime(handle) => {
            prompt::ask(model, Question::Retime(handle), opening);
            vec![]
        }
        Fix::EventText(handle) => prompt::edit_event(model, handle),
        Fix::EventPart(handle, _) => {
            prompt::ask(model, Question::AmendPart(handle), opening);
            vec![]
        }
        Fix::History(_) if event.is_some() => {
            model.tab = Tab::Timeline;
            model.notify(Level::Info, "Enter opens its history");
            event
                .map(|id| Effect::Job(Job::LoadEvent(id)))
                .into_iter()
                .collect()
        }
        Fix::History(handle) => {
            model.notify(
                Level::Info,
                format!("outside the app: bridgelog history {handle}"),
            );
            vec![]
        }
        Fix::FollowUp(handle) => {
            prompt::ask_loading(model, Question::AmendTask(handle.clone()), |id| {
                Job::LoadTaskLine { id, handle }
            })
        }
        Fix::FollowUpOwner(handle) => {
            prompt::ask(model, Question::SetOwner(handle), "");
            vec![]
        }
        Fix::FollowUpDue(handle) => {
            prompt::ask(model, Question::SetDue(handle), "");
            vec![]
        }
        Fix::AddFollowUp => {
            prompt::ask(model, Question::AddTask, "");
            vec![]
        }
        Fix::Line { before, after } => begin_line(model, &before, &after),
        Fix::Wording => {
            model.tab = Tab::Timeline;
            model.focus = Focus::List;
            model.notify(Level::Info, "e edits: add tell: and what customers read");
            timeline::set_filter(model, "missing:wording")
        }
        Fix::Resolve => {
            prompt::ask(model, Question::Resolve, "");
            vec![]
        }
        Fix::Reopen => {
            prompt::ask(model, Question::Reopen, "");
            vec![]
        }
        Fix::SaveLetter(over) => {
            let stage = model.letter.as_ref().map_or(0, |letter| letter.stage);
            confirm::open(model, ConfirmKind::SaveLetter(stage, over))
        }
        Fix::LetterOfStage(stage) => {
            let stages = model.letter.as_ref().map(|letter| &letter.stages);
            model.email_stage =
                stages.and_then(|stages| stages.iter().position(|known| *known == stage));
            model.letter_scroll = 0;
            tabs::load(model)
        }
        Fix::Elsewhere(how) => {
            let text = outside(model, &how);
            model.notify(Level::Info, text);
            vec![]
        }
    }
}

/// Puts the begin of a line into the input line, the cursor where its text goes. A line that is there is kept
/// as a draft.
fn begin_line(model: &mut Model, before: &str, after: &str) -> Vec<Effect> {
    if !model.capture.line.is_blank() {
        let text = model.capture.line.text().to_owned();
        model.keep_draft(&text, Some(PUT_AWAY.to_owned()));
        model.notify(Level::Info, "your line is kept as a draft: Ctrl-R");
    }
    model.focus = Focus::Line;
    model.capture.set_line("");
    let whole = format!("{before}{after}");
    model.capture.line = TextInput::with_cursor(whole.clone(), before.len());
    let has_time = before.starts_with(|c: char| c.is_ascii_digit());
    model.capture.prefill = (!has_time).then(|| Prefill {
        before: before.to_owned(),
        whole,
    });
    on_line_changed(model)
}

/// What the selected row is about, however the rows change.
#[derive(Debug, PartialEq, Eq)]
pub struct SelectedKey {
    check: &'static str,
    handle: Option<String>,
    command: String,
}

/// Returns the key of the selected row.
pub fn selected_key(model: &Model) -> Option<SelectedKey> {
    document_rows(model).get(model.selected_finding).map(key_of)
}

fn key_of(row: &DocumentRow<'_>) -> SelectedKey {
    match row {
        DocumentRow::Finding(finding) => SelectedKey {
            check: finding.check,
            handle: finding.handle.clone(),
            command: finding.command.clone(),
        },
        DocumentRow::Fact(name) => SelectedKey {
            check: name,
            handle: None,
            command: String::new(),
        },
    }
}

/// Selects the row with this key again; where it is gone, the one that took its place.
pub fn keep_selected(model: &mut Model, key: Option<&SelectedKey>) {
    let rows = document_rows(model);
    let again = rows
        .iter()
        .position(|row| key.is_some_and(|key| key_of(row) == *key));
    let last = rows.len().saturating_sub(1);
    model.selected_finding = again.unwrap_or(model.selected_finding).min(last);
}
