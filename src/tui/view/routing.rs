//! The choice of the incident that a line or a paste goes to.

use super::widgets::{draw_more, draw_spans, draw_title, highlight_row};
use crate::{
    domain::time::format_duration,
    tui::{
        layout::finder::first_row,
        model::{Model, Routing, RoutingChoice},
        msg::short_ref,
        text::fit,
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

pub(super) fn draw(model: &Model, routing: &Routing, area: Rect, buf: &mut Buffer) {
    let title = match model.open_count() {
        0 => "No incident is open. Where does this go?".to_owned(),
        1 => "One incident is open. Where does this go?".to_owned(),
        n => format!("{n} incidents are open. Which one?"),
    };
    draw_title(model, &title, area, buf);
    let choices = model.routing_choices();
    let height = usize::from(area.height.saturating_sub(1));
    let first = first_row(routing.picked, choices.len(), height);
    let below = choices.len().saturating_sub(first + height);
    draw_more(model, area, area.y, (first, below), buf);
    for (y, (at, choice)) in (area.y + 1..area.bottom()).zip(choices.iter().enumerate().skip(first))
    {
        let marker = if routing.picked == Some(at) {
            "▸ "
        } else {
            "  "
        };
        let text = format!(" {marker}{}", describe(model, routing, choice));
        let text = fit(&text, area.width.into());
        draw_spans(buf, area.x, y, area.width, vec![Span::raw(text)]);
        if routing.picked == Some(at) {
            highlight_row(model, area, y, buf);
        }
    }
}

fn describe(model: &Model, routing: &Routing, choice: &RoutingChoice) -> String {
    match choice {
        RoutingChoice::Shown => {
            let Some(summary) = &model.summary else {
                return String::new();
            };
            let number = short_ref(summary.row.number, &summary.row.handle);
            let state = match summary.row.resolved {
                Some(at) if !summary.row.is_open => {
                    let ago = format_duration((model.now - at).num_seconds().max(0));
                    format!(", resolved {ago} ago")
                }
                _ => ", open, shown here".to_owned(),
            };
            format!("Add to {number} {}{state}", summary.row.title)
        }
        RoutingChoice::Other(handle) => {
            let other = model.other_open.iter().find(|open| open.handle == *handle);
            other.map_or_else(String::new, |other| {
                let number = short_ref(other.number, &other.handle);
                let state = other.state.map_or_else(String::new, |s| format!(", {s}"));
                format!("Add to {number} {}, open{state}", other.title)
            })
        }
        RoutingChoice::Declare => format!("Declare a new incident{}", new_incident(model, routing)),
        RoutingChoice::Unassigned => "Save unassigned; attach it to an incident later".to_owned(),
    }
}

/// What a new incident gets, as the line is read now.
fn new_incident(model: &Model, routing: &Routing) -> String {
    if routing.for_paste {
        return "; asks for its title, then the paste is logged in it".to_owned();
    }
    format!("   {}", model.new_incident())
}
