//! The last row: the keys that apply now.

use super::widgets::draw_spans;
use crate::{
    domain::{
        incident::{FIELDS, SECTIONS},
        words::Kind,
    },
    tui::{
        keymap::Action,
        model::{Dialog, Focus, Model, Overlay, PasteRow, Tab},
        msg::FormatOption,
        text::width,
        theme::Meaning,
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

/// The keys that the footer names are those of so many fields and sections.
const _: () = assert!(FIELDS.len() == 18 && SECTIONS.len() == 10);

/// Returns true if `action` would do something now.
#[must_use]
pub fn is_available(model: &Model, action: Action) -> bool {
    let typed = !model.capture.line.is_blank();
    let on_line = model.overlays.is_empty() && model.focus == Focus::Line;
    let event = model.selected_event();
    match action {
        Action::Submit if on_line => typed,
        Action::Complete => typed && !model.capture.completions.is_empty(),
        Action::RecallOlder => !typed && !model.capture.history.is_empty(),
        Action::FocusList => !model.timeline.events.is_empty() || model.tab != Tab::Timeline,
        Action::Open if model.tab == Tab::Timeline => event.is_some(),
        Action::Close | Action::Start | Action::Decline | Action::Amend
            if model.tab == Tab::Tasks && model.overlays.is_empty() =>
        {
            !crate::tui::model::task_rows(model).is_empty()
        }
        Action::Amend | Action::Retime | Action::Retract | Action::AmendInEditor => {
            if let Some(Overlay::Paste(_)) = model.overlays.last() {
                return true;
            }
            event.is_some_and(|e| e.value.retracted.is_none())
        }
        Action::Close if model.tab == Tab::Timeline => {
            event.is_some_and(|e| e.value.kind == Kind::Ask)
                || (!model.activity.open_asks.is_empty() && event.is_some())
        }
        Action::ToggleComments => any_row(model, PasteRow::is_comment),
        Action::ToggleLoggedRows => any_row(model, PasteRow::is_logged_already),
        Action::NextHit => !model.timeline.hits.is_empty(),
        Action::ClearFilter => !model.timeline.filter.is_empty(),
        Action::Search | Action::Filter if model.tab == Tab::Timeline => {
            !model.timeline.events.is_empty() || !model.timeline.filter.is_empty()
        }
        Action::Export | Action::CopyText => model.summary.is_some() || model.tab == Tab::Timeline,
        Action::Help if on_line => !typed,
        _ => true,
    }
}

/// True if `holds` is true of a row of the paste preview.
fn any_row(model: &Model, holds: impl Fn(&PasteRow) -> bool) -> bool {
    matches!(model.overlays.last(), Some(Overlay::Paste(paste)) if paste.rows.iter().any(holds))
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let accent = theme.style(Meaning::Accent);
    let mut spans = vec![Span::raw(" ")];
    let mut room = usize::from(area.width).saturating_sub(2);
    let mut seen: Vec<Action> = Vec::new();
    let keys: Vec<(String, String)> = match model.overlays.last() {
        Some(Overlay::Dialog(dialog)) => dialog_keys(dialog),
        _ => model
            .keymap
            .footer_hints(model.active_contexts())
            .filter(|(action, ..)| {
                let first = !seen.contains(action);
                seen.push(*action);
                first && is_available(model, *action)
            })
            .map(|(_, key, word)| (key.to_string(), word.to_owned()))
            .collect(),
    };
    for (key, word) in keys {
        let columns = width(&key) + 1 + width(&word) + 3;
        if columns > room + 3 {
            break;
        }
        room = room.saturating_sub(columns);
        spans.push(Span::styled(key, accent));
        spans.push(Span::styled(format!(" {word}   "), dim));
    }
    draw_spans(buf, area.x, area.y, area.width, spans);
}

fn dialog_keys(dialog: &Dialog) -> Vec<(String, String)> {
    let keys: &[(&str, &str)] = match dialog {
        Dialog::Routing(_) => &[
            ("Enter", "do it"),
            ("↑ ↓", "another way"),
            ("1-5", "severity"),
            ("Esc", "back"),
        ],
        Dialog::PasteRouting => &[("Enter", "declare"), ("u", "unfiled"), ("Esc", "back")],
        Dialog::Export(document) => {
            let format_key =
                |(key, _, name, _): &FormatOption| (key.to_string(), (*name).to_owned());
            let back = ("Esc".to_owned(), "back".to_owned());
            return document
                .formats()
                .iter()
                .map(format_key)
                .chain([back])
                .collect();
        }
        Dialog::State(_) => &[
            ("1", "at-risk"),
            ("2", "degraded"),
            ("3", "down"),
            ("0", "ok"),
            ("Esc", "later"),
        ],
        Dialog::Field => &[("a-n", "which"), ("Esc", "back")],
        Dialog::Section => &[("0-9", "which"), ("Esc", "back")],
    };
    keys.iter()
        .map(|(key, word)| ((*key).to_owned(), (*word).to_owned()))
        .collect()
}
