//! Enter on the input line.

use super::{finder, line::on_line_changed, outbox, prompt, state_question};
use crate::tui::{
    content::zone,
    keymap::Action,
    layout,
    model::{
        Armed, ConfirmKind, Level, LineCommand, Model, Preview, Question, ROW_BREAK, command_of,
        is_state_alone,
    },
    msg::{Effect, Target, Write},
};

/// What Enter on the line comes to.
pub enum Submitted {
    /// The line was a word of a command: this action is to be run.
    Run(Action),
    Done(Vec<Effect>),
}

/// Enter on the input line: logs each row, or says what stands against it. An empty line does nothing.
pub fn submit(model: &mut Model) -> Submitted {
    let done = Submitted::Done;
    if model.capture.line.is_blank() {
        return done(state_question::submit(model));
    }
    let armed = model.capture.armed.clone();
    let is_read = matches!(
        armed,
        Some(Armed::RestoredDraft | Armed::HiddenWording | Armed::Time)
    );
    if !is_read && model.capture.restored_draft().is_some() {
        model.capture.armed = Some(Armed::RestoredDraft);
        model.capture.row_ended = true;
        return done(vec![]);
    }
    let rows: Vec<String> = model.capture.rows().map(str::to_owned).collect();
    if let [row] = rows.as_slice() {
        if let Some(state) = is_state_alone(row)
            && let Some(effects) = state_question::answer_typed(model, state)
        {
            return done(effects);
        }
        if let Some(command) = command_of(row, &model.severities) {
            return run_command(model, command);
        }
    }
    let was_asked = matches!(armed, Some(Armed::HiddenWording | Armed::Time));
    if !was_asked && has_hidden_wording(model) {
        model.capture.armed = Some(Armed::HiddenWording);
        model.capture.row_ended = true;
        let text = "not all that customers will read is here: Enter again logs it";
        model.notify(Level::Info, text);
        return done(vec![]);
    }
    let target_changed = model
        .capture
        .begun_target
        .as_ref()
        .is_some_and(|begun| *begun != model.target());
    if !model.has_target() || target_changed {
        model.capture.row_ended = true;
        model.ask_where(false);
        return done(vec![]);
    }
    done(log_rows(model))
}

/// True if the line has customer wording that there was no room for, or that is in another row than the cursor.
fn has_hidden_wording(model: &Model) -> bool {
    let has_wording = |preview: &Preview| match preview {
        Preview::Event(parsed) => parsed.event.customer.is_some(),
        _ => false,
    };
    let (at, _) = model.capture.cursor_in_rows();
    let mut worded = model.capture.previews.iter().enumerate();
    let Some((row, _)) = worded.find(|(_, preview)| has_wording(preview)) else {
        return false;
    };
    let is_cut = || {
        let (width, height) = model.size;
        let wanted =
            usize::from(layout::text_rows(model)) + zone::wanted_rows(model, width, height);
        !model.plain && usize::from(layout::areas(model).zone.height) < wanted
    };
    row != at || worded.any(|(_, preview)| has_wording(preview)) || is_cut()
}

/// Opens what the line stands for. The line itself is empty then: its text is in the prompt.
fn run_command(model: &mut Model, command: LineCommand) -> Submitted {
    let open = model.summary.as_ref().map(|summary| summary.row.is_open);
    let refused = match (&command, open) {
        (LineCommand::Ask(Question::Resolve, _), Some(false)) => {
            Some("the incident is resolved already")
        }
        (LineCommand::Ask(Question::Reopen, _), Some(true)) => Some("the incident is open"),
        (LineCommand::Ask(Question::Declare | Question::Search, _) | LineCommand::Run(_), _) => {
            None
        }
        (_, None) => Some("no incident is declared yet"),
        _ => None,
    };
    if let Some(refused) = refused {
        model.notify(
            Level::Error,
            format!("{refused}. A backslash before the line logs it as text."),
        );
        model.capture.row_ended = true;
        return Submitted::Done(vec![]);
    }
    let text = model.capture.line.text().to_owned();
    model.capture.add_to_history(text);
    model.capture.set_line("");
    let mut effects = on_line_changed(model);
    match command {
        LineCommand::Run(action) => {
            model.capture.previews.clear();
            match action {
                Action::Leave => {
                    effects.extend(super::confirm::open(model, ConfirmKind::Leave));
                    Submitted::Done(effects)
                }
                Action::Help => {
                    effects.extend(finder::open(model, Action::Help));
                    Submitted::Done(effects)
                }
                action => Submitted::Run(action),
            }
        }
        LineCommand::Ask(question, rest) => {
            effects.extend(prompt::ask_with_text(model, question, &rest));
            Submitted::Done(effects)
        }
    }
}

fn log_rows(model: &mut Model) -> Vec<Effect> {
    let target = model.target();
    log_rows_to(model, &target)
}

/// Sends the rows that can be logged in `target` to the worker. The others stay on the line, with the reason.
pub fn log_rows_to(model: &mut Model, target: &Target) -> Vec<Effect> {
    let is_parsed = model.capture.is_parsed(model.parse_request_id);
    let armed = model.capture.armed.take();
    let rows: Vec<String> = model.capture.rows().map(str::to_owned).collect();
    let mut effects = vec![];
    let mut kept: Vec<String> = vec![];
    let mut is_asked = false;
    for (at, row) in rows.iter().enumerate() {
        let preview = model.capture.previews.get(at).filter(|_| is_parsed);
        let confirmed = armed == Some(Armed::Time);
        match preview {
            Some(Preview::Invalid(_)) => {
                kept.push(row.clone());
                continue;
            }
            Some(Preview::Event(parsed))
                if !confirmed && model.capture.question_of(row, parsed).is_some() =>
            {
                kept.push(row.clone());
                is_asked = true;
                continue;
            }
            _ => {}
        }
        let event = match preview {
            Some(Preview::Event(parsed)) => Some(parsed.event.clone()),
            _ => None,
        };
        let mut typed = model.typed_line(row);
        typed.confirmed = confirmed;
        typed.target = target.clone();
        effects.push(outbox::send_line(model, typed, Write::Log));
        outbox::note_event(model, event);
    }
    if kept.len() == rows.len() {
        // Nothing was sent: the row ends here, and its reason or question is on the screen.
        model.capture.row_ended = true;
        model.capture.armed = is_asked.then_some(Armed::Time);
        return effects;
    }
    let separator = ROW_BREAK.to_string();
    model.capture.set_line(kept.join(&separator));
    model.capture.prefill = None;
    model.capture.row_ended = !kept.is_empty();
    model.capture.armed = is_asked.then_some(Armed::Time);
    model.capture.history_position = None;
    model.capture.recalled_draft = None;
    effects.extend(on_line_changed(model));
    effects
}
