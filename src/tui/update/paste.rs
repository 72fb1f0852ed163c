//! Pastes and bursts. One line is inserted at the cursor; several are previewed before they are logged. A line
//! break in them is never Enter.

mod send;

use super::{
    edit::{self, insert_text},
    line::{on_line_changed, request_edit_parse, request_paste_parse, save_drafts},
    prompt,
};
use crate::{
    domain::{capture, count::counted},
    ops::chat_lines::{chat_lines, say_without_text},
    tui::{
        keymap::Action,
        layout,
        model::{Armed, Level, Model, Overlay, Paste, PasteDay, PasteRow, Question, ROW_BREAK},
        msg::{Effect, ReadRow},
    },
};
pub use send::{discard, on_logged, submit};
use std::borrow::Cow;

/// The preview takes at most this many lines.
const MAX_LINES: usize = 5_000;

/// Handles text that the terminal marked as pasted.
pub fn on_paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let text = with_plain_breaks(text);
    let text = text.trim_end_matches('\n');
    match model.overlays.last() {
        Some(Overlay::Prompt(_) | Overlay::Finder(_)) => {
            let text = without_wording(model, text);
            return insert_in_input(model, &text);
        }
        Some(Overlay::Paste(_)) if text.contains('\n') => return add_rows(model, text),
        Some(Overlay::Confirm(_)) => {
            model.overlays.pop();
            edit::leave_list(model);
        }
        _ if model.is_on_list() => edit::leave_list(model),
        _ => {}
    }
    if !text.contains('\n') || layout::too_small(model.size) {
        return insert_as_text(model, text);
    }
    open(model, text)
}

/// Handles a burst while the line is to get it, as when the list had the keys.
pub fn on_line_burst(model: &mut Model, text: &str) -> Vec<Effect> {
    let text = with_plain_breaks(text);
    let inner = text.trim_end_matches('\n');
    if inner.contains('\n') && !layout::too_small(model.size) {
        return open(model, inner);
    }
    let mut effects = vec![];
    if !inner.is_empty() {
        effects = insert_text(model, inner);
    }
    // Its line end asks; it never writes.
    if inner.len() < text.len() && !model.capture.line.is_blank() {
        model.capture.row_ended = true;
        model.capture.armed = Some(Armed::PastedLineEnd);
    }
    effects
}

/// Handles a burst while an input or the line has the keys.
pub fn on_burst_in_input(model: &mut Model, text: &str) -> Vec<Effect> {
    let text = with_plain_breaks(text);
    match model.overlays.last() {
        Some(Overlay::Prompt(_) | Overlay::Finder(_)) => {
            insert_in_input(model, text.trim_end_matches('\n'))
        }
        Some(Overlay::Paste(_)) if text.contains('\n') => {
            add_rows(model, text.trim_end_matches('\n'))
        }
        _ => on_line_burst(model, &text),
    }
}

fn with_plain_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

/// Returns what is pasted into a prompt that reads `tell:`: there it is text, as in every paste, by a backslash that
/// can be seen and removed.
fn without_wording<'t>(model: &mut Model, text: &'t str) -> Cow<'t, str> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return Cow::Borrowed(text);
    };
    // Behind a `tell:` that was typed, another one is text as it is.
    let is_in_wording = || {
        let typed = capture::escape_customer_wording(prompt.line.before_cursor());
        matches!(typed, Cow::Owned(_))
    };
    if !prompt.question.reads_customer_wording() || is_in_wording() {
        return Cow::Borrowed(text);
    }
    let escaped = capture::escape_customer_wording(text);
    if let Cow::Owned(_) = &escaped {
        let text = "a pasted tell: is text; without its \\ customers read what follows";
        model.notify(Level::Info, text);
    }
    escaped
}

/// Inserts text in a prompt or a finder: with its line breaks where the text of an event is edited, else on
/// one line.
fn insert_in_input(model: &mut Model, text: &str) -> Vec<Effect> {
    let keeps_breaks = matches!(
        model.overlays.last(),
        Some(Overlay::Prompt(prompt)) if prompt.question.takes_line_breaks()
    );
    if keeps_breaks {
        return insert_text(model, text);
    }
    insert_text(model, &text.replace('\n', " "))
}

/// Opens the preview of `text`, which has several lines. What stands before the cursor is part of its first
/// line.
fn open(model: &mut Model, text: &str) -> Vec<Effect> {
    model
        .overlays
        .retain(|overlay| !matches!(overlay, Overlay::Routing(_)));
    let capture = &mut model.capture;
    let line_before = if capture.row_ended {
        String::new()
    } else {
        capture.line.before_cursor().to_owned()
    };
    let (rows_before, first) = match line_before.rsplit_once(ROW_BREAK) {
        Some((rows, first)) => (format!("{rows}{ROW_BREAK}"), first.to_owned()),
        None => (String::new(), line_before.clone()),
    };
    let text = format!("{first}{text}");
    let line_after = if capture.row_ended {
        capture.line.text().to_owned()
    } else {
        format!("{rows_before}{}", capture.line.after_cursor())
    };
    let begun = capture.begun.unwrap_or(model.now);
    let (rows, notice) = rows_of(&text);
    let mut paste = Paste {
        request_id: 0,
        rows,
        selected: 0,
        begun,
        day: PasteDay::NotAsked,
        place: None,
        armed: false,
        typed: false,
        submitted: None,
        line_before: first,
    };
    let target = model.reading_target();
    let effect = request_paste_parse(&mut paste, target);
    model.overlays.push(Overlay::Paste(paste));
    if let Some((level, text)) = notice {
        model.notify(level, text);
    }
    warn_of_length(model, &text);
    let ended = model.capture.row_ended;
    model.capture.set_line(line_after);
    model.capture.row_ended = ended;
    let mut effects = vec![effect];
    effects.extend(on_line_changed(model));
    effects
}

/// Returns the rows of a paste: the messages of a copied chat, else its lines. The notice says that it is a
/// chat.
fn rows_of(text: &str) -> (Vec<PasteRow>, Option<(Level, String)>) {
    let row = |text: String, included: bool| PasteRow {
        text,
        included,
        allow_customer_wording: false,
        read: None,
    };
    let notice = match chat_lines(text) {
        Ok(Some(lines)) => {
            let left_out = lines.iter().filter(|line| !line.included).count();
            let messages = lines.iter().filter(|line| line.is_message).count() - left_out;
            let others = match left_out {
                0 => String::new(),
                n => format!("; {n} joins and the like are not marked"),
            };
            let empty = say_without_text(&lines);
            let notice = format!("read as a copied chat: {messages} messages{others}{empty}");
            let rows = lines.into_iter().map(|line| row(line.text, line.included));
            return (rows.take(MAX_LINES).collect(), Some((Level::Info, notice)));
        }
        Ok(None) => None,
        Err(error) => Some((
            Level::Error,
            format!("it looks like a copied chat, but {error}"),
        )),
    };
    let filled = text
        .split(['\n', ROW_BREAK])
        .filter(|line| !line.trim().is_empty());
    let rows = filled
        .take(MAX_LINES)
        .map(|line| row(line.to_owned(), true));
    (rows.collect(), notice)
}

fn warn_of_length(model: &mut Model, text: &str) {
    if text.lines().count() > MAX_LINES {
        let why = format!("only the first {MAX_LINES} lines are here; the whole is a draft");
        model.keep_draft(text, Some("a paste too long for the preview".to_owned()));
        model.notify(Level::Error, why);
    }
}

/// Adds the lines of another burst or paste at the end.
fn add_rows(model: &mut Model, text: &str) -> Vec<Effect> {
    let target = model.reading_target();
    let (mut added, _) = rows_of(text);
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    let count = added.len();
    let room = MAX_LINES.saturating_sub(paste.rows.len());
    let is_cut = added.len() > room;
    added.truncate(room);
    paste.rows.extend(added);
    let effect = request_paste_parse(paste, target);
    if is_cut {
        model.keep_draft(text, Some("a paste too long for the preview".to_owned()));
    }
    let more = counted(count as u64, "more line", "more lines");
    let text = format!("{more}: the day and the zone of the lines above go on");
    model.notify(Level::Info, text);
    vec![effect, save_drafts(model)]
}

/// Inserts pasted text at the cursor. `tell:` in it is escaped, since it was not typed as customer
/// wording.
fn insert_as_text(model: &mut Model, text: &str) -> Vec<Effect> {
    if !text.contains("tell:") {
        return insert_text(model, text);
    }
    let effects = insert_text(model, &text.replace("tell:", "\\tell:"));
    model.notify(
        Level::Info,
        "`tell:` in a paste is text; without the backslash customers read what follows",
    );
    effects
}

/// True if Space is a character, since something was typed while the preview is open.
pub fn space_is_text(model: &Model) -> bool {
    match model.overlays.last() {
        Some(Overlay::Paste(paste)) => paste.typed,
        Some(Overlay::Import(import)) => import.typed,
        _ => false,
    }
}

/// Opens a prompt to correct the selected row.
pub fn ask_correction(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Paste(paste)) = model.overlays.last() else {
        return vec![];
    };
    if paste.submitted.is_some() {
        return vec![];
    }
    let index = paste.selected;
    let Some(text) = paste.rows.get(index).map(|row| row.text.clone()) else {
        return vec![];
    };
    prompt::ask(model, Question::PasteRow(index), &text);
    request_edit_parse(model).into_iter().collect()
}

/// Replaces row `at` by `text` and parses the paste again.
pub fn apply_correction(model: &mut Model, index: usize, text: &str) -> Vec<Effect> {
    let target = model.reading_target();
    model.overlays.pop();
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    if let Some(row) = paste.rows.get_mut(index) {
        text.clone_into(&mut row.text);
        row.included = true;
        row.read = None;
    }
    vec![request_paste_parse(paste, target), save_drafts(model)]
}

/// Applies the rows as read.
pub fn on_parsed(model: &mut Model, request_id: u64, read: Vec<ReadRow>, asks_day: bool) {
    let paste = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Paste(paste) if paste.request_id == request_id => Some(paste),
        _ => None,
    });
    let Some(paste) = paste else {
        return;
    };
    for (row, read) in paste.rows.iter_mut().zip(read) {
        // Rows that cannot be parsed are left out at first.
        if row.read.is_none() && matches!(read, ReadRow::Refused(_)) {
            row.included = false;
        }
        row.read = Some(read);
    }
    if asks_day && paste.day == PasteDay::NotAsked {
        paste.day = PasteDay::Open;
    }
}

/// Runs an action of the preview.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let target = model.reading_target();
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    // What is being written stays as it was shown.
    if paste.submitted.is_some() {
        return vec![];
    }
    match action {
        Action::PasteAsText => {
            let text = paste.text();
            model.overlays.pop();
            edit::leave_list(model);
            insert_as_text(model, &text)
        }
        Action::ToggleAllRows => {
            let all_included = paste.rows.iter().all(|row| row.included);
            for row in &mut paste.rows {
                row.included = !all_included;
            }
            vec![request_paste_parse(paste, target)]
        }
        Action::ToggleComments => {
            toggle_rows(paste, PasteRow::is_comment);
            vec![request_paste_parse(paste, target)]
        }
        Action::ToggleLoggedRows => {
            toggle_rows(paste, PasteRow::is_logged_already);
            vec![request_paste_parse(paste, target)]
        }
        Action::ToggleRow => {
            toggle_row(paste, paste.selected);
            paste.selected = (paste.selected + 1).min(paste.rows.len().saturating_sub(1));
            // Which states the others start depends on it.
            vec![request_paste_parse(paste, target)]
        }
        Action::ToggleTell => {
            if let Some(row) = paste.rows.get_mut(paste.selected) {
                row.allow_customer_wording = !row.allow_customer_wording;
            }
            vec![request_paste_parse(paste, target)]
        }
        _ => vec![],
    }
}

/// Takes the row at this index, or leaves it out. A refused row cannot be taken.
pub fn toggle_row(paste: &mut Paste, at: usize) {
    if paste.submitted.is_none()
        && let Some(row) = paste.rows.get_mut(at)
        && !matches!(row.read, Some(ReadRow::Refused(_)))
    {
        row.included = !row.included;
    }
}

/// Leaves out the rows that `wanted` is true of; takes them if all are left out.
fn toggle_rows(paste: &mut Paste, wanted: impl Fn(&PasteRow) -> bool) {
    let any_included = paste.rows.iter().any(|row| row.included && wanted(row));
    for row in paste.rows.iter_mut().filter(|row| wanted(row)) {
        row.included = !any_included;
    }
}
