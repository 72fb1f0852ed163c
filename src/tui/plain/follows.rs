//! What follows from what is typed or asked: the rows of the zone, as sentences.

use super::{
    rows::Rows,
    words::{ended, sentence, without_signs},
};
use crate::tui::{
    content::{
        event_text::event_text,
        zone::{zone_head, zone_rows},
    },
    model::{Model, Overlay, Tab},
};
use ratatui::text::Span;

/// Wide enough that no text is cut; it is wrapped afterwards.
const UNCUT: usize = 10_000;
/// More rows than are ever shown.
const ROWS: usize = 200;

/// Returns the sentences.
#[must_use]
pub fn follows(model: &Model, columns: usize) -> Rows {
    if let Some(Overlay::Finder(finder)) = model.overlays.last()
        && finder.selected.is_some()
    {
        // The chosen row says it all.
        return Rows::default();
    }
    let selected = model.selected_event();
    let is_shown_above = |row: &[Span<'_>]| {
        // The text of the selected event is in the list.
        let in_list = model.overlays.is_empty() && model.is_on_list();
        let selected = selected.filter(|_| in_list && model.tab == Tab::Timeline);
        selected.is_some_and(|event| joined(row) == event_text(&event.value).replace('\n', " "))
    };
    let mut sentences: Vec<String> = zone_rows(model, UNCUT, ROWS)
        .iter()
        .filter(|row| !is_shown_above(row))
        .enumerate()
        .map(|(at, row)| row_in_words(model, at, row))
        .collect();
    let is_empty_line =
        model.overlays.is_empty() && model.is_on_line() && model.capture.line.is_blank();
    if is_empty_line && model.summary.is_none() && model.first_load_done {
        sentences.push(
            "Type what happened and press Enter. It asks where to log it: in a new incident, or unassigned."
                .to_owned(),
        );
    }
    let hint = zone_head(model).hint;
    if !hint.is_empty() {
        sentences.push(sentence(&hint));
    }
    Rows::wrapped(&sentences, columns)
}

fn joined(row: &[Span<'_>]) -> String {
    row.iter().map(|span| span.content.as_ref()).collect()
}

/// Returns a row as a sentence: its signs by their words.
fn row_in_words(model: &Model, at: usize, row: &[Span<'_>]) -> String {
    let is_log = model.is_on_line();
    // Behind what is said of a draft.
    let reading = usize::from(model.capture.restored_draft().is_some());
    match row {
        [sign, text] if sign.content == "− " => {
            format!("Goes: {}", ended(&without_signs(&text.content)))
        }
        [sign, text] if sign.content == "+ " => {
            format!("Comes: {}", ended(&without_signs(&text.content)))
        }
        // Typed lines, as they are.
        [one] if one.content.starts_with("− ") => one.content.replacen("− ", "Was: ", 1),
        [one] if one.content.starts_with("+ ") => one.content.replacen("+ ", "Now: ", 1),
        // How the line is read.
        parts if is_log && at == reading && parts.len() > 1 => {
            let parts: String = parts
                .iter()
                .map(|part| part_in_words(&part.content))
                .collect();
            format!("Understood: {}", ended(&without_signs(&parts)))
        }
        parts => {
            let parts: String = parts
                .iter()
                .map(|part| kind_in_words(&part.content))
                .collect();
            let is_completion = is_log && parts.starts_with("Tab  ");
            if is_completion {
                let words = parts.trim_start_matches("Tab  ").replace("  ", ", ");
                return format!("Tab completes: {}", ended(&words));
            }
            let text = without_signs(&parts);
            // A name that comes first keeps its first letter.
            match text.starts_with("customers ") {
                true => sentence(&text),
                false => ended(&text),
            }
        }
    }
}

/// `#db` as `tag db`, `@ann` as `ann`, `> action` as `action`.
fn part_in_words(part: &str) -> String {
    match part.chars().next() {
        Some('#') => format!("tag {}", &part[1..]),
        Some('@') => part[1..].to_owned(),
        Some('~') => format!("about {}", &part[1..]),
        _ => kind_in_words(part),
    }
}

/// The word of a kind without its sign; other texts as they are.
fn kind_in_words(part: &str) -> String {
    const SIGNED: [&str; 4] = ["? suspect", "! finding", "> action", "= verify"];
    match SIGNED.contains(&part) {
        true => part[2..].to_owned(),
        false => part.to_owned(),
    }
}

/// True if the text of what is asked is in the last line: see [`super::input`].
#[must_use]
pub fn is_confirm(model: &Model) -> bool {
    matches!(model.overlays.last(), Some(Overlay::Confirm(_)))
}
