//! The choice of the incident that a line or a paste goes to.

use super::widgets::{draw_more, draw_spans, draw_title, highlight_row};
use crate::{
    domain::time::format_duration,
    ops::IncidentRow,
    tui::{
        layout::{finder::first_row, routing::title_rows},
        model::{Model, Routing, RoutingChoice},
        msg::short_ref,
        text::{fit, width},
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

pub(super) fn draw(model: &Model, routing: &Routing, area: Rect, buf: &mut Buffer) {
    let (open, question) = match model.open_count() {
        0 => ("No incident is open. ".to_owned(), "Where does this go?"),
        1 => ("One incident is open. ".to_owned(), "Where does this go?"),
        n => (format!("{n} incidents are open. "), "Which one?"),
    };
    let choices = model.routing_choices();
    let height = usize::from(area.height);
    let title_rows = title_rows(choices.len(), height);
    let height = height.saturating_sub(title_rows);
    let first = first_row(routing.picked, choices.len(), height);
    let below = choices.len().saturating_sub(first + height);
    if title_rows > 0 {
        let title = format!("{open}{question}");
        let is_all = first + below == 0 && width(&title) + 4 <= usize::from(area.width);
        draw_title(model, if is_all { &title } else { question }, area, buf);
        draw_more(model, area, area.y, (first, below), buf);
    }
    let top = area.y + u16::from(title_rows > 0);
    for (y, (at, choice)) in (top..area.bottom()).zip(choices.iter().enumerate().skip(first)) {
        let marker = if routing.picked == Some(at) {
            "▸ "
        } else {
            "  "
        };
        let room = usize::from(area.width).saturating_sub(3);
        let text = format!(" {marker}{}", describe(model, routing, choice, room));
        let text = fit(&text, area.width.into());
        draw_spans(buf, area.x, y, area.width, vec![Span::raw(text)]);
        if routing.picked == Some(at) {
            highlight_row(model, area, y, buf);
        }
    }
}

/// Says what a choice does, in `columns`: of a title as much as what it is said with leaves.
fn describe(model: &Model, routing: &Routing, choice: &RoutingChoice, columns: usize) -> String {
    let add_to = |row: &IncidentRow, long: String, short: &str| {
        let number = short_ref(row.number, &row.handle);
        let state = match width(&number) + width(&row.title) + width(&long) + 8 <= columns {
            true => long.as_str(),
            false => short,
        };
        let used = width("Add to  ") + width(&number) + width(state);
        let title = fit(&row.title, columns.saturating_sub(used));
        format!("Add to {number} {title}{state}")
    };
    match choice {
        RoutingChoice::Shown => {
            let Some(summary) = &model.summary else {
                return String::new();
            };
            match summary.row.resolved {
                Some(at) if !summary.row.is_open => {
                    let ago = match (model.now - at).num_minutes() {
                        ..=0 => "just now".to_owned(),
                        minutes => format!("{} ago", format_duration(minutes * 60)),
                    };
                    add_to(&summary.row, format!(", resolved {ago}"), ", resolved")
                }
                _ => add_to(&summary.row, ", open, shown here".to_owned(), ", here"),
            }
        }
        RoutingChoice::Other(handle) => {
            let other = model.other_open.iter().find(|open| open.handle == *handle);
            other.map_or_else(String::new, |other| {
                let state = other.state.map_or_else(String::new, |s| format!(", {s}"));
                add_to(other, format!(", open{state}"), ", open")
            })
        }
        RoutingChoice::Declare => format!("Declare a new incident{}", new_incident(model, routing)),
        RoutingChoice::Unassigned => {
            let ways = [
                "Save unassigned; attach it to an incident later",
                "Save unassigned, attach it later",
            ];
            let way = ways.into_iter().find(|way| width(way) <= columns);
            way.unwrap_or(ways[1]).to_owned()
        }
    }
}

/// What a new incident gets, as the line is read now.
fn new_incident(model: &Model, routing: &Routing) -> String {
    if routing.for_paste {
        return "; asks for its title, then the paste is logged in it".to_owned();
    }
    format!("   {}", model.new_incident())
}
