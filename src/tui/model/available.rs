//! Which actions would do something now: a key of another one is text, and no row of keys names it.

use super::{
    confirm::ConfirmKind,
    document_rows::document_rows,
    import::{ImportRows, ImportStage, is_side_action},
    overlay::Overlay,
    pages::Tab,
    paste::{PasteDay, PasteRow},
    state::Model,
    task_rows::{TaskRow, all_tasks, found_tasks, selected_task},
};
use crate::{domain::words::Kind, tui::keymap::Action};

/// True if `action` would do something now.
#[must_use]
pub fn is_available(model: &Model, action: Action) -> bool {
    let on_page = !model.is_on_line();
    let on_tab = |tab| model.tab == tab;
    let event = match model.overlays.last() {
        Some(Overlay::Detail(detail)) => Some(&detail.event),
        _ => model.selected_event(),
    };
    let is_gone = |id| model.timeline.gone.contains_key(&id);
    let counts = |e: &crate::domain::incident::Record<_>| !is_gone(e.id);
    match action {
        Action::Complete if model.is_on_line() && model.overlays.is_empty() => {
            if model.capture.line.is_blank() {
                !model.state_questions().is_empty()
            } else {
                !model.capture.completions.is_empty()
            }
        }
        Action::Submit if matches!(model.overlays.last(), Some(Overlay::Routing(_))) => {
            matches!(model.overlays.last(), Some(Overlay::Routing(routing)) if routing.picked.is_some())
        }
        Action::RecallOlder => !model.capture.history.is_empty(),
        Action::Open if on_tab(Tab::Timeline) => event.is_some(),
        Action::Open if model.overlays.is_empty() && model.current_document().is_some() => {
            !document_rows(model).is_empty()
        }
        Action::Open
        | Action::Close
        | Action::Start
        | Action::Decline
        | Action::Amend
        | Action::SetOwner
        | Action::SetDue
            if on_tab(Tab::Tasks) && model.overlays.is_empty() && on_page =>
        {
            selected_task(model).is_some()
        }
        Action::SetOwner | Action::SetDue => false,
        Action::CopyUnsaved | Action::SaveUnsaved => {
            let is_asked = match model.overlays.last() {
                Some(Overlay::Confirm(confirm)) => confirm.kind == ConfirmKind::Leave,
                _ => true,
            };
            is_asked && !model.capture.outbox.is_empty()
        }
        Action::Merge => on_tab(Tab::Incidents) && model.incidents.selected_incident().is_some(),
        Action::NextHit | Action::PreviousHit if on_tab(Tab::Tasks) => {
            !found_tasks(model).is_empty()
        }
        Action::ClearFilter if on_tab(Tab::Tasks) => !model.tasks.filter.is_empty(),
        Action::Filter | Action::Search if on_tab(Tab::Tasks) => !all_tasks(model).is_empty(),
        Action::Open => true,
        Action::Amend if matches!(model.overlays.last(), Some(Overlay::Paste(_))) => true,
        Action::CopyLink => event.is_some_and(|e| !e.value.urls.is_empty()),
        Action::Amend
        | Action::Retime
        | Action::Retract
        | Action::AmendInEditor
        | Action::Attach => event.is_some_and(|e| e.value.retracted.is_none() && counts(e)),
        Action::Restore if model.offers_restore() => true,
        Action::ShowGone => model.first_load_done,
        Action::Restore => event.is_some_and(|e| e.value.retracted.is_some() || is_gone(e.id)),
        Action::Close => event.is_some_and(|e| {
            e.value.kind == Kind::Ask && model.activity.open_asks.iter().any(|ask| ask.id() == e.id)
        }),
        Action::ToggleSideRows
        | Action::ToggleAllRows
        | Action::ToggleRow
        | Action::RowKind
        | Action::Left
        | Action::Right
            if matches!(model.overlays.last(), Some(Overlay::Import(_))) =>
        {
            let import = model.overlays.last().and_then(|overlay| match overlay {
                Overlay::Import(import) => import.rows().filter(|_| !import.is_writing()),
                _ => None,
            });
            import.is_some_and(|rows| action != Action::ToggleSideRows || has_side_rows(rows))
        }
        Action::Submit if matches!(model.overlays.last(), Some(Overlay::Import(_))) => {
            matches!(model.overlays.last(), Some(Overlay::Import(import))
                if !matches!(import.stage, ImportStage::Reading | ImportStage::Refused(_) | ImportStage::Writing(_)))
        }
        Action::AskAgain => matches!(model.overlays.last(), Some(Overlay::Import(import))
            if import.rows().is_some() && !import.is_writing() && import.was_asked()),
        Action::InputFormat => matches!(model.overlays.last(), Some(Overlay::Import(import))
            if !import.is_writing() && !matches!(import.stage, ImportStage::Done(_))),
        Action::Left | Action::Right => match model.overlays.last() {
            Some(Overlay::Paste(paste)) => paste.day != PasteDay::NotAsked,
            _ => true,
        },
        Action::ToggleComments => any_row(model, PasteRow::is_comment),
        Action::ToggleLoggedRows => any_row(model, PasteRow::is_logged_already),
        Action::NextHit | Action::PreviousHit if model.current_document().is_some() => {
            !model.document_find.query.trim().is_empty()
        }
        Action::Search if model.current_document().is_some() => model.summary.is_some(),
        Action::NextHit | Action::PreviousHit => !model.timeline.hits.is_empty(),
        Action::ToggleHandles => event.is_some(),
        Action::DetailUp | Action::DetailDown => model.has_detail_pane(),
        Action::ClearFilter => !model.timeline.filter.is_empty(),
        Action::Search if on_tab(Tab::Timeline) => !model.timeline.events.is_empty(),
        Action::NextMilestone
        | Action::PreviousMilestone
        | Action::NextGap
        | Action::PreviousGap => event.is_some(),
        Action::ZoomIn | Action::ZoomOut | Action::Status | Action::Brief | Action::AddTask => {
            model.summary.is_some()
        }
        Action::SeenBefore => !model.seen_before.is_empty(),
        Action::Resolve => model
            .summary
            .as_ref()
            .is_some_and(|summary| summary.row.is_open),
        Action::Reopen => model
            .summary
            .as_ref()
            .is_some_and(|summary| !summary.row.is_open),
        Action::Export
        | Action::Write
        | Action::MarkReviewed
        | Action::MarkFinal
        | Action::Field => model.summary.is_some(),
        Action::SaveLetter | Action::NextStage | Action::PreviousStage | Action::ToggleSources => {
            model.letter.is_some()
        }
        Action::Approve | Action::MarkSent => model
            .letter
            .as_ref()
            .is_some_and(|letter| letter.unsent_message.is_some()),
        Action::CopyText => event.is_some() || model.summary.is_some(),
        Action::PickIncident => !model.other_open.is_empty(),
        Action::ToggleMouse => !model.plain,
        Action::SyncNow => model.hub.is_some(),
        Action::AskState => !model.states_put_away.is_empty(),
        Action::PutStateAway => !model.state_questions().is_empty(),
        _ => true,
    }
}

/// True if the row of keys is to name `action`. A request cannot be started: its key only says so.
#[must_use]
pub fn is_offered(model: &Model, action: Action) -> bool {
    let is_refused = match selected_task(model) {
        Some(TaskRow::Ask(_)) => action == Action::Start,
        Some(TaskRow::ClosedAsk(_)) => !matches!(action, Action::Open | Action::Amend),
        Some(TaskRow::FollowUp(_)) | None => false,
    };
    let is_of_task = matches!(
        action,
        Action::Start | Action::Close | Action::Decline | Action::SetOwner | Action::SetDue
    );
    is_available(model, action) && !(model.tab == Tab::Tasks && is_of_task && is_refused)
}

/// True if some rows are joins, notifications and the like.
fn has_side_rows(rows: &ImportRows) -> bool {
    let listed = rows.preview.rows.iter().filter_map(|row| row.action);
    let others = rows.preview.rest.keys().copied();
    listed.chain(others).any(is_side_action)
}

/// True if `holds` is true of a row of the paste preview.
fn any_row(model: &Model, holds: impl Fn(&PasteRow) -> bool) -> bool {
    matches!(model.overlays.last(), Some(Overlay::Paste(paste)) if paste.rows.iter().any(holds))
}

/// Returns the action of letter `c` in the list, if it opens a prompt.
#[must_use]
pub fn prompt_opened_by(model: &Model, c: char) -> Option<Action> {
    let key = crate::tui::keys::Key {
        code: crossterm::event::KeyCode::Char(c),
        modifiers: crossterm::event::KeyModifiers::NONE,
    };
    let action = model.keymap.action(model.active_contexts(), key)?;
    let opens_prompt = matches!(
        action,
        Action::Amend
            | Action::Retime
            | Action::Retract
            | Action::Close
            | Action::Search
            | Action::Filter
            | Action::Resolve
            | Action::AddTask
            | Action::SetOwner
            | Action::SetDue
            | Action::Decline
            | Action::MarkReviewed
            | Action::MarkFinal
            | Action::Approve
            | Action::MarkSent
            | Action::Declare
            | Action::Merge
            | Action::Palette
            | Action::Help
            | Action::Field
            | Action::Write
            | Action::Export
    );
    (opens_prompt && is_available(model, action)).then_some(action)
}
