//! What a prompt or a question says: its badge, its label, its hint.

use super::import_text::answer_hint;
use crate::{
    domain::{review::ReviewStage, time::parse_utc},
    tui::{
        model::{ConfirmKind, FinderKind, Model, Question},
        msg::short_ref,
    },
};

/// Returns the value of a field for the screen: a time is shown in the zone of the screen.
#[must_use]
pub fn field_value(model: &Model, name: &str) -> String {
    let value = model.field(name);
    match parse_utc(value) {
        Some(at) => {
            let at = model.zone.to_local(at);
            at.format("%a %-d %b %Y %H:%M").to_string()
        }
        None => value.to_owned(),
    }
}

/// Returns badge and label of a prompt: `RETRACT`, `Reason:`.
#[must_use]
pub fn prompt_head(question: &Question) -> (&'static str, String) {
    let (badge, label) = match question {
        Question::Amend(_)
        | Question::AmendPart(_)
        | Question::AmendTask(_)
        | Question::PasteRow(_) => ("EDIT", ""),
        Question::Retime(_) => ("TIME", ""),
        Question::Retract(_) => ("RETRACT", "Reason:"),
        Question::Close(_) => ("OUTCOME", "What came of it?"),
        Question::Decline(_) => ("DECLINE", "Reason:"),
        Question::AddTask => ("TASK", "New follow-up:"),
        Question::PasteDay => ("DAY", "Day of the first row:"),
        Question::ImportZone => ("ZONE", "Zone of its times:"),
        Question::ImportDate => ("DAY", "Day of its first row:"),
        Question::ImportStart => ("START", "When it began:"),
        Question::ImportColumn(field) => return ("COLUMN", format!("Column of the {field}:")),
        Question::Attach(_) => ("ATTACH", "File or link:"),
        Question::Move(_) => ("MOVE", "To incident:"),
        Question::Merge(..) => ("MERGE", "Into incident:"),
        Question::Redact(_) => ("REDACT", "Reason:"),
        Question::ConfirmRedaction(..) => ("REDACT", "Type yes to destroy it:"),
        Question::SetOwner(_) => ("OWNER", "Who is it for?"),
        Question::SetDue(_) => ("DUE", "Due:"),
        Question::Search | Question::SearchAll | Question::SearchDocument | Question::FindTask => {
            ("FIND", "")
        }
        Question::Filter | Question::FilterTasks => ("FILTER", ""),
        Question::Declare => ("DECLARE", "Title:"),
        Question::Resolve => ("RESOLVE", "Resolution (optional):"),
        Question::Reopen => ("REOPEN", "Reason for reopening (optional):"),
        Question::Approve(_) => ("APPROVE", "Approver:"),
        Question::Review(ReviewStage::Reviewed) => ("REVIEWED", "Reviewed by:"),
        Question::Review(ReviewStage::Final) => ("FINAL", "Declared final by:"),
        Question::MarkSent(_) => ("SENT", "Sent via:"),
        Question::AddService => ("SERVICE", "Service, then its public name:"),
        Question::SetField("next-update") => ("SET", "Next customer update:"),
        Question::SetField("commander") => ("SET", "New incident commander:"),
        Question::SetField("severity") => ("SET", "Severity:"),
        Question::SetField("followup-by") => ("SET", "Follow-up email due:"),
        Question::SetField(field) => return ("SET", format!("{field}:")),
    };
    (badge, label.to_owned())
}

/// Returns what to say while nothing is checked.
#[must_use]
pub fn prompt_hint(model: &Model, question: &Question) -> String {
    let request = |handle: &str| {
        let asks = model.activity.open_asks.iter();
        let found = asks.clone().find(|ask| ask.handle == *handle);
        found.map(|ask| ask.text.clone())
    };
    match question {
        Question::Amend(handle) | Question::AmendTask(handle) => {
            format!("{handle}: what you remove is cleared")
        }
        Question::AmendPart(handle) => format!("{handle}: the rest of it stays as it is"),
        Question::Retime(handle) => {
            format!("{handle}: 10:06, ~10:06, 10:06-10:20, +2m later, -5m earlier; Ctrl-U clears")
        }
        Question::Retract(handle) => {
            format!("{handle} is retracted; its history stays")
        }
        Question::Close(handle) => request(handle).unwrap_or_else(|| handle.clone()),
        Question::Decline(handle) => format!("{handle} will not be done"),
        Question::SetOwner(handle) => format!("{handle}: a name; - for no owner"),
        Question::SetDue(handle) => {
            format!("{handle}: 10m, 10:20, Friday, 2026-11-30; - for no due time")
        }
        Question::FilterTasks => "done, @who, words; nothing shows all that is open".into(),
        Question::FindTask => "words in the tasks shown; then n and N".into(),
        Question::AddTask => "prevent: … @owner due Friday prevents tell: …".into(),
        Question::PasteRow(at) => format!("row {} of the paste, corrected", at + 1),
        Question::PasteDay => "such as 20 Nov, yesterday or 2026-11-20".into(),
        Question::ImportZone
        | Question::ImportDate
        | Question::ImportStart
        | Question::ImportColumn(_) => answer_hint(model, question),
        Question::Attach(handle) => {
            format!("{handle}: the path of a file, or https://…; customers never get it")
        }
        Question::Move(handle) => {
            let open: Vec<String> = model
                .other_open
                .iter()
                .map(|row| format!("{} {}", short_ref(row.number, &row.handle), row.title))
                .collect();
            match open.as_slice() {
                [] => format!("{handle} goes to the incident with this number"),
                open => format!("{handle} goes to the incident with this number; open: {}", open.join(", ")),
            }
        }
        Question::Merge(_, name) => {
            format!("{name}: all of it goes into the incident with this number")
        }
        Question::Redact(handle) => {
            format!("the text of {handle} is destroyed everywhere; this cannot be undone")
        }
        Question::ConfirmRedaction(handle, _) => {
            format!("destroys the text of {handle}; it cannot be undone")
        }
        Question::Search => "words in this timeline; then n and N".into(),
        Question::SearchAll => model.incidents.search_problem.clone().unwrap_or_else(|| {
            "words \"a phrase\" kind:fault service:db tag:x by:ann state:down after:Mon incident:7".into()
        }),
        Question::SearchDocument => found_text(model),
        Question::Filter if model.timeline.filter_problem.is_some() => {
            model.timeline.filter_problem.clone().unwrap_or_default()
        }
        Question::Filter => {
            "kind:fault #tag @service by:jw !down since:10:05 missing:wording gone words".into()
        }
        Question::Declare => "@services, sev2 and !state may follow the title".into(),
        Question::Resolve => match model.activity.open_asks.len() {
            0 => "ends the incident".into(),
            1 => "ends the incident · 1 request stays open".into(),
            n => format!("ends the incident · {n} requests stay open"),
        },
        Question::Reopen => "the incident is open again from now on".into(),
        Question::Approve(number) => format!("{number}{}", open_findings(model)),
        Question::Review(stage) => {
            let what = match stage {
                ReviewStage::Reviewed => "the postmortem was reviewed, as its records are now",
                ReviewStage::Final => "the postmortem is final, as its records are now",
            };
            format!("{what}{}", open_findings(model))
        }
        Question::MarkSent(number) => {
            format!(
                "{number}: email, statuspage or phone{}",
                open_findings(model)
            )
        }
        Question::AddService => {
            "online-db AVR Online; onlin-db --rename online-db; online-db --remove".into()
        }
        Question::SetField("next-update") => "11:30, 30m, none".into(),
        Question::SetField("commander") => "who takes over command, from now on".into(),
        Question::SetField("severity") => match model.severities.own_names() {
            [worst, .., least] => format!("{worst}, the worst, to {least}"),
            [only] => only.clone(),
            [] => "sev1, the worst, to sev5".into(),
        },
        Question::SetField("followup-by") => "Monday, 2026-11-30".into(),
        Question::SetField(field) => match field_value(model, field) {
            value if value.is_empty() => "not set".into(),
            value => format!("now: {value}; - clears it"),
        },
    }
}

/// Says how many places have the words that are typed.
fn found_text(model: &Model) -> String {
    let is_blank = model.document_find.query.trim().is_empty();
    match model.document_find.count {
        _ if is_blank => "words in this text; then n and N".to_owned(),
        0 => "not found".to_owned(),
        count => format!("{} of {count}; then n and N", model.document_find.at + 1),
    }
}

/// Returns a note on the open findings of the letter; empty if there are none.
fn open_findings(model: &Model) -> String {
    let findings = model.letter.as_ref().map(|letter| letter.findings.len());
    match findings.unwrap_or(0) {
        0 => String::new(),
        1 => " · ! 1 open issue, on the Email tab".to_owned(),
        n => format!(" · ! {n} open issues, on the Email tab"),
    }
}

/// Returns badge and sentence of a question without text.
#[must_use]
pub fn confirm_head(model: &Model, kind: &ConfirmKind) -> (&'static str, String) {
    match kind {
        ConfirmKind::Undo => ("UNDO", "Undo what you did last?".to_owned()),
        ConfirmKind::Redo => ("REDO", "Redo what was undone?".to_owned()),
        ConfirmKind::Restore(handles) => {
            let text = match handles.len() {
                1 => "Bring this back at its own time?".to_owned(),
                n => format!("Bring these {n} rows back at their own times?"),
            };
            ("RESTORE", text)
        }
        ConfirmKind::StartTask(handle) => ("START", format!("Start the follow-up {handle}?")),
        ConfirmKind::SaveLetter(_, None) => ("SAVE", "Save the email as a new draft?".to_owned()),
        ConfirmKind::SaveLetter(_, Some(number)) => (
            "SAVE",
            format!("Save the email in place of the draft {number}?"),
        ),
        ConfirmKind::OpenEditor(handle) => ("OPEN", format!("Edit {handle} in $EDITOR?")),
        ConfirmKind::WriteSection(name) => ("OPEN", format!("Write the {name} in $EDITOR?")),
        ConfirmKind::Adopt(handle) => ("ATTACH", format!("Attach {handle} to the open incident?")),
        ConfirmKind::Leave => {
            let unsaved = model.capture.outbox.len();
            let what = match unsaved {
                _ if model.is_importing() => {
                    "An import is being written and would be lost. Quit?".to_owned()
                }
                0 if model.capture.line.is_blank() => "Quit Bridgelog?".to_owned(),
                0 => "Quit Bridgelog? Your line is kept as a draft.".to_owned(),
                1 if model.drafts_unsaved => {
                    "1 entry is not saved and would be lost. Quit?".to_owned()
                }
                n if model.drafts_unsaved => {
                    format!("{n} entries are not saved and would be lost. Quit?")
                }
                1 => "1 entry is not saved yet; its text is kept as a draft. Quit?".to_owned(),
                n => {
                    format!("{n} entries are not saved yet; their texts are kept as drafts. Quit?")
                }
            };
            ("LEAVE", what)
        }
    }
}

/// Returns the badge of a list that is searched by typing, and its title.
#[must_use]
pub fn finder_head(kind: FinderKind) -> (&'static str, &'static str) {
    match kind {
        FinderKind::Help => ("HELP", "Keys"),
        FinderKind::Palette => ("RUN", "All actions"),
        FinderKind::Recall => ("RECALL", "Earlier lines and drafts"),
        FinderKind::Export(_) => (
            "EXPORT",
            "Export format: the file goes to the current folder",
        ),
        FinderKind::Section => ("WRITE", "Which section? It opens in $EDITOR"),
        FinderKind::Field => ("FIELD", "Which field?"),
        FinderKind::ImportFile => ("IMPORT", "Files, newest first"),
        FinderKind::ImportFormat => ("FORMAT", "Formats"),
        FinderKind::RowKind => ("KIND", "Kinds"),
    }
}
