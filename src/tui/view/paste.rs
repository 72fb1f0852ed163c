//! The paste preview: each row as parsed, included or not; below them the selected row.

use super::widgets::{NARROW_COLUMNS, draw_more, draw_spans, draw_title, highlight_row};
use crate::{
    domain::words::Kind,
    tui::{
        layout,
        layout::paste::first_row,
        model::{Model, Paste, PasteDay, PasteRow},
        msg::ReadRow,
        text::{fit, pad, width},
        theme::{Meaning, kind_glyph, kind_word, state_glyph},
    },
};
use chrono::NaiveDate;
use ratatui::{buffer::Buffer, layout::Rect, style::Modifier, text::Span};

pub(super) fn draw(model: &Model, paste: &Paste, area: Rect, buf: &mut Buffer) {
    let title = format!(
        "Paste of {} lines, not logged yet: {}",
        paste.rows.len(),
        paste.counts()
    );
    draw_title(model, &title, area, buf);
    let asks_day = paste.day != PasteDay::NotAsked;
    if asks_day {
        draw_day(model, paste, area, buf);
    }
    let head = layout::paste::head_rows(paste);
    let list = Rect {
        y: area.y + head,
        height: area.height.saturating_sub(head),
        ..area
    };
    let first = first_row(paste, area.height);
    let below = paste
        .rows
        .len()
        .saturating_sub(first + usize::from(list.height));
    draw_more(model, area, area.y, (first, below), buf);
    for (y, (at, row)) in (list.y..list.bottom()).zip(paste.rows.iter().enumerate().skip(first)) {
        draw_spans(
            buf,
            area.x,
            y,
            area.width,
            paste_row(model, row, area.width.into()),
        );
        if at == paste.selected {
            highlight_row(model, area, y, buf);
        }
    }
}

/// The question for the day, with what is picked.
fn draw_day(model: &Model, paste: &Paste, area: Rect, buf: &mut Buffer) {
    let today = model.zone.to_local(model.now).date_naive();
    let yesterday = today
        .checked_sub_days(chrono::Days::new(1))
        .unwrap_or(today);
    let picked = paste.picked_day();
    let other = picked.filter(|day| *day != today && *day != yesterday);
    let wide = (
        " Which day do the times belong to? ",
        ["today %a %-d", "yesterday %a %-d", "%a %-d %b %Y"],
    );
    let narrow = (" Day? ", ["today", "yesterday", "%-d %b %Y"]);
    let choices = |forms: [&'static str; 3]| {
        [
            (Some(today), today.format(forms[0]).to_string()),
            (Some(yesterday), yesterday.format(forms[1]).to_string()),
            (
                other,
                other.map_or_else(
                    || "another…".to_owned(),
                    |day| day.format(forms[2]).to_string(),
                ),
            ),
        ]
    };
    // All choices are seen.
    let columns = |question: &str, choices: &[(Option<NaiveDate>, String)]| {
        let choices = choices.iter().map(|(_, text)| width(text) + 2);
        width(question) + choices.sum::<usize>()
    };
    let fits = columns(wide.0, &choices(wide.1)) <= usize::from(area.width);
    let (question, forms) = if fits { wide } else { narrow };
    let choices = choices(forms);
    let mut spans = vec![Span::styled(question, model.theme.style(Meaning::Warning))];
    for (day, text) in choices {
        if day.is_some() && day == picked {
            let style = model
                .theme
                .style(Meaning::Accent)
                .add_modifier(Modifier::REVERSED);
            spans.push(Span::styled(format!("[{text}]"), style));
        } else {
            spans.push(Span::styled(
                format!(" {text} "),
                model.theme.style(Meaning::Accent),
            ));
        }
    }
    draw_spans(buf, area.x, area.y + 1, area.width, spans);
}

fn paste_row(model: &Model, row: &PasteRow, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let (marker, style) = match (&row.read, row.included) {
        (Some(ReadRow::Day | ReadRow::Frame), _) => (" ┄  ", theme.style(Meaning::Ok)),
        (Some(ReadRow::Refused(_)), _) => (" !  ", theme.style(Meaning::Error)),
        (_, true) => ("[x] ", theme.style(Meaning::Ok)),
        (_, false) => ("[ ] ", dim),
    };
    let mut spans = vec![Span::styled(marker, style)];
    let rest = columns.saturating_sub(width(marker));
    match &row.read {
        Some(ReadRow::Event(pasted)) => {
            let event = &pasted.line.event;
            let at = pasted.line.zone.to_local(event.at_utc());
            let approx = if event.approximate { "~" } else { " " };
            let state = pasted.state();
            let is_narrow = columns < NARROW_COLUMNS;
            spans.push(Span::styled(
                format!("{approx}{} ", at.format("%-d %b %H:%M")),
                dim,
            ));
            let kind = match event.kind {
                Kind::Note => "",
                ref kind => kind_word(kind),
            };
            let strong = theme.style(Meaning::Strong);
            if is_narrow {
                spans.push(Span::styled(kind.to_owned(), strong));
            } else {
                spans.push(Span::raw(format!("{} ", kind_glyph(&event.kind))));
                spans.push(Span::styled(pad(kind, 9), strong));
            }
            if let Some(state) = state {
                spans.push(Span::styled(
                    format!(" {}", state_glyph(Some(state))),
                    theme.state_style(Some(state)),
                ));
            } else if !is_narrow {
                spans.push(Span::raw("  "));
            }
            let used: usize = spans.iter().map(|s| width(&s.content)).sum();
            let customer_mark = if event.customer.is_some() { " »" } else { "" };
            let remark = match pasted {
                pasted if pasted.is_logged_already && is_narrow => "  before",
                pasted if pasted.is_logged_already => "  logged before",
                pasted if pasted.is_comment => "  comment",
                _ if event.customer.is_none() && row.text.contains("tell:") && is_narrow => {
                    "  no tell:"
                }
                _ if event.customer.is_none() && row.text.contains("tell:") => {
                    "  \"tell:\" is text"
                }
                pasted if !pasted.line.notices.is_empty() => "  note",
                _ => "",
            };
            let marks = customer_mark.len() + remark.len();
            let room = columns.saturating_sub(used + 1 + marks);
            let style = if row.included {
                theme.style(Meaning::Plain)
            } else {
                dim
            };
            spans.push(Span::styled(format!(" {}", fit(&event.text, room)), style));
            spans.push(Span::styled(customer_mark, theme.style(Meaning::Customer)));
            spans.push(Span::styled(remark, theme.style(Meaning::Warning)));
        }
        Some(ReadRow::Refused(failure)) => {
            let reason = format!("  refused: {}", failure.message);
            let room = rest.saturating_sub(width(&reason)).max(rest / 2);
            let text = pad(&fit(&row.text, room), room);
            spans.push(Span::styled(text, dim));
            let reason = fit(&reason, rest.saturating_sub(room));
            spans.push(Span::styled(reason, theme.style(Meaning::Error)));
        }
        _ => spans.push(Span::styled(fit(&row.text, rest), dim)),
    }
    spans
}
