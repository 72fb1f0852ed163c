//! The detail view: everything about an event, with its history.

use super::{
    timeline::shown_state,
    widgets::{draw_lines, titled_rule},
};
use crate::{
    domain::{
        event::Event,
        time::{UtcTime, format_duration},
    },
    tui::{
        content::event_text::{drawn_state, event_text, format_markers, format_state},
        model::{Detail, Model},
        text::{fit, span, wrap},
        theme::{Meaning, kind_glyph, kind_word},
    },
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::Style,
    text::{Line, Span},
};

fn format_timestamp(model: &Model, at: UtcTime) -> String {
    format!(
        "{} {}",
        model.zone.to_local(at).format("%a %-d %b %Y %H:%M:%S"),
        model.zone.abbreviation(at)
    )
}

pub(super) fn draw(model: &Model, detail: &Detail, area: Rect, buf: &mut Buffer) {
    let columns = usize::from(area.width).saturating_sub(16).max(10);
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let record = &detail.event;
    let event = &record.value;
    let mut lines: Vec<Line<'static>> = Vec::new();
    let title = format!(
        "{} {} · {}",
        kind_glyph(&event.kind),
        kind_word(&event.kind),
        record.handle
    );
    lines.push(Line::from(titled_rule(model, &title, area.width)));
    let mut row = |label: &str, text: &str, style: Style| {
        for (at, text) in wrap(text, columns).into_iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            lines.push(Line::from(vec![
                Span::styled(format!("  {label:<12}"), dim),
                Span::styled(text, style),
            ]));
        }
    };
    let plain = theme.style(Meaning::Plain);
    row("", &event_text(event), theme.style(Meaning::Strong));
    for (label, text) in [("why", &event.rationale), ("not", &event.rejected)] {
        if let Some(text) = text {
            row(label, text, plain);
        }
    }
    match &event.customer {
        Some(customer) => row("✉ customers", customer, theme.style(Meaning::Customer)),
        None => row("", "internal: customers read nothing of it", dim),
    }
    let approx = if event.approximate { "about " } else { "" };
    row(
        "occurred",
        &format!("{approx}{}", format_timestamp(model, event.at_utc())),
        plain,
    );
    if let Some(end) = event.end_utc() {
        row("ended", &format_timestamp(model, end), plain);
    }
    let delay = (record.recorded - event.at_utc()).num_seconds();
    let delay = if delay >= 60 {
        format!(", {} after", format_duration(delay))
    } else {
        String::new()
    };
    row(
        "recorded",
        &format!(
            "{} by {}{delay}",
            format_timestamp(model, record.recorded),
            record.author
        ),
        plain,
    );
    if let Some(state) = shown_state(model, record) {
        let known = drawn_state(&state);
        row("state", &format_state(&state), theme.state_style(known));
    }
    for (label, names) in [
        ("services", &event.services),
        ("people", &event.people),
        ("tags", &event.tags),
    ] {
        if !names.is_empty() {
            row(label, &names.join(", "), plain);
        }
    }
    if let Some(audience) = &event.audience {
        row("to", audience, plain);
    }
    if let Some(within) = event.time_box_secs {
        row("time box", &format_duration(i64::from(within)), plain);
    }
    if let Some(reason) = &event.retracted {
        row("retracted", reason, theme.style(Meaning::Warning));
    }
    for linked in &detail.links {
        let at = model.zone.to_local(linked.at).format("%H:%M");
        let label = if linked.is_backlink {
            "linked by"
        } else {
            "links to"
        };
        row(
            label,
            &format!("{} {at} {}", linked.handle, linked.text),
            plain,
        );
    }
    if record.conflicts > 0 {
        row(
            "conflict",
            "corrected in two places at once: ≠ in the history stands beside what is shown, until e amends it",
            theme.style(Meaning::Warning),
        );
    }
    lines.push(Line::default());
    lines.push(Line::from(titled_rule(model, "History", area.width)));
    match &detail.versions {
        None => lines.push(Line::from(Span::styled("  …", dim))),
        Some(versions) => {
            let mut before: Option<&Event> = None;
            for version in versions {
                let at = model
                    .zone
                    .to_local(version.recorded)
                    .format("%-d %b %H:%M:%S");
                let change = match (&version.event, &version.unreadable) {
                    (Some(event), _) => describe_change(model, before, event),
                    (None, Some(why)) => format!("cannot be read: {why}"),
                    (None, None) => "nothing any more".to_owned(),
                };
                let conflict_mark = if version.conflicting { "≠" } else { " " };
                let head = format!(
                    " {conflict_mark}{at}  {:<8} {:<10} ",
                    fit(&version.operation, 8),
                    fit(&version.author, 10)
                );
                let room =
                    usize::from(area.width).saturating_sub(crate::tui::text::width(&head) + 1);
                lines.push(Line::from(vec![
                    Span::styled(head, dim),
                    span(&fit(&change, room), plain),
                ]));
                before = version.event.as_ref();
            }
        }
    }
    draw_lines(buf, area, &lines, detail.scroll);
}

/// Describes what `event` changes compared with the version before; the whole text for the first
/// version.
fn describe_change(model: &Model, before: Option<&Event>, event: &Event) -> String {
    let Some(before) = before else {
        return event_text(event);
    };
    let mut parts: Vec<String> = Vec::new();
    if before.text != event.text {
        parts.push(event.text.clone());
    }
    if before.at != event.at || before.approximate != event.approximate {
        let approx = if event.approximate { "~" } else { "" };
        parts.push(format!(
            "{approx}{}",
            format_timestamp(model, event.at_utc())
        ));
    }
    if before.kind != event.kind {
        parts.push(format!("kind {}", event.kind));
    }
    if before.state != event.state {
        parts.push(
            event
                .state
                .as_ref()
                .map_or("no state".to_owned(), |s| format!("!{s}")),
        );
    }
    if before.customer != event.customer {
        parts.push(match &event.customer {
            Some(text) => format!("✉ {text}"),
            None => "no customer wording".to_owned(),
        });
    }
    if before.retracted != event.retracted {
        parts.push(match &event.retracted {
            Some(reason) => format!("retracted: {reason}"),
            None => "stands again".to_owned(),
        });
    }
    if before.services != event.services
        || before.tags != event.tags
        || before.people != event.people
    {
        let names = format_markers(&Event {
            text: String::new(),
            ..event.clone()
        });
        parts.push(if names.is_empty() {
            "no markers".to_owned()
        } else {
            names
        });
    }
    if parts.is_empty() {
        "the same".to_owned()
    } else {
        parts.join(" · ")
    }
}
