//! Questions without text: Enter agrees, any letter closes them and goes to the line.

use super::outbox;
use crate::{
    domain::task::TaskState,
    tui::{
        layout,
        model::{CheckStage, Confirm, ConfirmKind, Level, Model, Overlay},
        msg::{Effect, Job, Write},
    },
};

/// What a key did to a question.
pub enum Outcome {
    /// It is closed, and the app is left.
    Leave,
    /// It is closed, nothing is done; this goes to the line.
    Text(String),
    Done(Vec<Effect>),
}

/// The write that `kind` asks about; `None` for leaving and the editor.
fn write_of(kind: &ConfirmKind) -> Option<Write> {
    Some(match kind {
        ConfirmKind::Undo => Write::Undo,
        ConfirmKind::Redo => Write::Redo,
        ConfirmKind::Restore(handles) => Write::Restore(handles.clone()),
        ConfirmKind::StartTask(handle) => {
            Write::ChangeTaskState(handle.clone(), TaskState::Started, String::new())
        }
        ConfirmKind::SaveLetter(stage, over) => Write::SaveLetter {
            stage: *stage,
            over: over.clone(),
        },
        ConfirmKind::Adopt(handle) => Write::Adopt(handle.clone()),
        ConfirmKind::Leave | ConfirmKind::OpenEditor(_) | ConfirmKind::WriteSection(_) => {
            return None;
        }
    })
}

/// Opens a question, and has the worker say what it would do.
pub fn open(model: &mut Model, kind: ConfirmKind) -> Vec<Effect> {
    let id = model.next_dialog_id();
    let write = write_of(&kind).map(Box::new);
    let check = write
        .clone()
        .map_or(CheckStage::Unchecked, CheckStage::Running);
    model.overlays.push(Overlay::Confirm(Box::new(Confirm {
        id,
        kind,
        opener: None,
        check,
    })));
    let check = |write| Effect::Job(Job::Check { id, write });
    write.map(check).into_iter().collect()
}

/// Handles letter `c` while a question is open.
pub fn close_for(model: &mut Model, c: char, repeat: bool) -> Outcome {
    let Some(Overlay::Confirm(confirm)) = model.overlays.last() else {
        return Outcome::Done(vec![]);
    };
    let (opener, leaves) = (confirm.opener, confirm.kind == ConfirmKind::Leave);
    if opener == Some(c) {
        return if leaves && !repeat {
            Outcome::Leave
        } else {
            let again = model.last_letter.map(|(letter, _)| letter) == Some(c);
            // Pressed again, not held: it is kept if text follows.
            if !repeat && !again {
                model.last_letter = Some((c, model.now));
            }
            Outcome::Done(vec![])
        };
    }
    model.overlays.pop();
    let again = model.last_letter.take().map(|(letter, _)| letter);
    Outcome::Text(opener.into_iter().chain(again).chain([c]).collect())
}

/// Brings into view what the screen had no room for of what would be written: it is read before the Enter that
/// writes. False if all of it was in view.
pub(super) fn shows_more(model: &mut Model) -> bool {
    let hidden = layout::hidden_check_rows(model);
    model.check_from += hidden;
    hidden > 0
}

/// Enter: does what the question asks.
pub fn submit(model: &mut Model) -> Outcome {
    let Some(Overlay::Confirm(confirm)) = model.overlays.last_mut() else {
        return Outcome::Done(vec![]);
    };
    match &confirm.kind {
        ConfirmKind::Leave => return Outcome::Leave,
        ConfirmKind::OpenEditor(handle) => {
            let handle = handle.clone();
            model.overlays.pop();
            model.editor_asked_at = Some(model.input_count);
            return Outcome::Done(vec![Effect::Job(Job::EventLine {
                handle,
                editor: true,
            })]);
        }
        ConfirmKind::WriteSection(name) => {
            let name = name.clone();
            model.overlays.pop();
            model.editor_asked_at = Some(model.input_count);
            return Outcome::Done(vec![Effect::Job(Job::LoadSection(name))]);
        }
        _ => {}
    }
    if shows_more(model) {
        return Outcome::Done(vec![]);
    }
    let Some(Overlay::Confirm(confirm)) = model.overlays.last_mut() else {
        return Outcome::Done(vec![]);
    };
    Outcome::Done(match std::mem::take(&mut confirm.check) {
        CheckStage::Passed(write, _) => {
            let id = confirm.id;
            model.overlays.pop();
            outbox::send_write(model, Job::Confirmed { id, write }, String::new(), None)
        }
        CheckStage::Changed(write, check) => {
            confirm.check = CheckStage::Passed(write, check);
            vec![]
        }
        CheckStage::Running(write) => {
            confirm.check = CheckStage::Running(write);
            model.notify(Level::Info, "still being looked up");
            vec![]
        }
        CheckStage::Refused(failure) => {
            model.overlays.pop();
            model.notify(Level::Error, failure.message_with_hint());
            vec![]
        }
        CheckStage::Unchecked => {
            model.overlays.pop();
            model.notify(Level::Info, "nothing was done");
            vec![]
        }
    })
}
