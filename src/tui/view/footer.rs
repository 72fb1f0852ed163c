//! The last line: what was said, else the keys that work now.

use super::put;
use crate::{
    domain::words::Kind,
    tui::{
        keymap::Action,
        model::{Choice, Focus, Model, Over, Tab},
        msg::Offered,
        text::width,
        theme::Meaning,
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

/// True where `action` would do something now.
#[must_use]
pub fn works(model: &Model, action: Action) -> bool {
    let typed = !model.capture.line.is_blank();
    let on_line = model.over.is_empty() && model.focus == Focus::Line;
    let event = model.selected();
    match action {
        Action::Submit if on_line => typed,
        Action::Complete => typed && !model.capture.completions.is_empty(),
        Action::RecallOlder => !typed && !model.capture.recall.is_empty(),
        Action::ToList => !model.timeline.events.is_empty() || model.tab != Tab::Timeline,
        Action::Open if model.tab == Tab::Timeline => event.is_some(),
        Action::Close | Action::Start | Action::Decline | Action::Amend
            if model.tab == Tab::Tasks && model.over.is_empty() =>
        {
            !crate::tui::update::task_rows(model).is_empty()
        }
        Action::Amend | Action::Retime | Action::Retract | Action::AmendInEditor => {
            if let Some(Over::Paste(_)) = model.over.last() {
                return true;
            }
            event.is_some_and(|e| e.value.retracted.is_none())
        }
        Action::Close if model.tab == Tab::Timeline => {
            event.is_some_and(|e| e.value.kind == Kind::Ask)
                || (!model.doings.open_asks.is_empty() && event.is_some())
        }
        Action::NextHit => !model.timeline.hits.is_empty(),
        Action::ClearFilter => !model.timeline.filter.is_empty(),
        Action::Search | Action::Filter if model.tab == Tab::Timeline => {
            !model.timeline.events.is_empty() || !model.timeline.filter.is_empty()
        }
        Action::Export | Action::CopyText => model.outline.is_some() || model.tab == Tab::Timeline,
        Action::Help if on_line => !typed,
        _ => true,
    }
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let accent = theme.style(Meaning::Accent);
    let mut spans = vec![Span::raw(" ")];
    let mut room = usize::from(area.width).saturating_sub(2);
    let mut seen: Vec<Action> = Vec::new();
    let keys: Vec<(String, String)> = match model.over.last() {
        Some(Over::Choice(choice)) => choices(choice),
        _ => model
            .keymap
            .footer(model.chain())
            .filter(|(action, ..)| {
                let first = !seen.contains(action);
                seen.push(*action);
                first && works(model, *action)
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
    put(buf, area.x, area.y, area.width, spans);
}

fn choices(choice: &Choice) -> Vec<(String, String)> {
    let keys: &[(&str, &str)] = match choice {
        Choice::NothingOpen(_) => &[
            ("Enter", "do it"),
            ("↑ ↓", "another way"),
            ("1-5", "severity"),
            ("Esc", "back"),
        ],
        Choice::PasteNowhere => &[("Enter", "declare"), ("u", "unfiled"), ("Esc", "back")],
        Choice::Export(document) => {
            let form = |(key, _, name, _): &Offered| (key.to_string(), (*name).to_owned());
            let back = ("Esc".to_owned(), "back".to_owned());
            return document.forms().iter().map(form).chain([back]).collect();
        }
        Choice::State(_) => &[
            ("1", "at-risk"),
            ("2", "degraded"),
            ("3", "down"),
            ("0", "ok"),
            ("Esc", "later"),
        ],
        Choice::Field => &[("a-l", "which"), ("Esc", "back")],
        Choice::Section => &[("1-9", "which"), ("Esc", "back")],
    };
    keys.iter()
        .map(|(key, word)| ((*key).to_owned(), (*word).to_owned()))
        .collect()
}
