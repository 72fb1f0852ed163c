//! The preview of an import: each row with what becomes of it; before and after that, what is done.

use super::widgets::{
    choice_bar, draw_lines, draw_more, draw_rows_out_of_view, draw_spans, draw_title, highlight_row,
};
use crate::{
    domain::words::Kind,
    ops::import::Outcome,
    tui::{
        content::import_text::{page_rows, rest_text, title},
        layout::import::{
            FILTER_ROW, filter_words, first_row, is_narrow, time_columns, visible_row_count,
        },
        model::{Import, ImportRows, ImportStage, ListedRow, Model, RowFate, RowFilter},
        text::{fit, pad, pad_left, width},
        theme::{Meaning, kind_glyph, kind_word},
    },
};
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    text::{Line, Span},
};

pub(super) fn draw(model: &Model, import: &Import, area: Rect, buf: &mut Buffer) {
    draw_title(model, &title(import), area, buf);
    if let ImportStage::Shown(rows) = &import.stage {
        draw_rows(model, import, rows, area, buf);
        return;
    }
    let lines = page_rows(import, area.width, area.height);
    let lines: Vec<Line<'_>> = lines.into_iter().map(Line::from).collect();
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    draw_lines(buf, below, &lines, import.scroll);
    let (count, height) = (lines.len(), below.height.into());
    draw_rows_out_of_view(model, area, count, height, import.scroll, buf);
}

fn draw_rows(model: &Model, import: &Import, rows: &ImportRows, area: Rect, buf: &mut Buffer) {
    let words = filter_words(import, rows, area.width);
    let chosen = RowFilter::ALL.iter().position(|f| *f == rows.filter);
    let mut bar = vec![Span::raw(" ")];
    bar.extend(choice_bar(
        model,
        &words,
        chosen.unwrap_or(0),
        Meaning::Accent,
    ));
    let filter_row = u16::try_from(FILTER_ROW).unwrap_or(1);
    draw_spans(buf, area.x, area.y + filter_row, area.width, bar);
    let shown = rows.shown(&import.request);
    let height = visible_row_count(area.height);
    let first = first_row(rows.selected, shown.len(), area.height);
    let below = shown.len().saturating_sub(first + height);
    draw_more(model, area, area.y, (first, below), buf);
    let top = area.y + filter_row + 1;
    for (y, (at, row)) in (top..area.bottom()).zip(shown.iter().enumerate().skip(first)) {
        let spans = match row {
            ListedRow::Row(index) => import_row(model, import, rows, *index, area.width),
            ListedRow::Rest => rest_row(model, import, rows, area.width),
        };
        draw_spans(buf, area.x, y, area.width, spans);
        if at == rows.selected {
            highlight_row(model, area, y, buf);
        }
    }
    if shown.is_empty() {
        let dim = model.theme.style(Meaning::Dim);
        let text = "no such row; ← → list others";
        draw_spans(
            buf,
            area.x + 2,
            top,
            area.width.saturating_sub(2),
            vec![Span::styled(text, dim)],
        );
    }
}

fn mark(model: &Model, fate: RowFate) -> Span<'static> {
    let (mark, meaning) = match fate {
        RowFate::Taken => ("[x] ", Meaning::Ok),
        RowFate::LeftOut => ("[ ] ", Meaning::Dim),
        RowFate::Here => (" =  ", Meaning::Dim),
        RowFate::Unreadable => (" !  ", Meaning::Error),
    };
    Span::styled(mark, model.theme.style(meaning))
}

fn import_row(
    model: &Model,
    import: &Import,
    rows: &ImportRows,
    index: usize,
    columns: u16,
) -> Vec<Span<'static>> {
    let Some(row) = rows.preview.rows.get(index) else {
        return vec![];
    };
    let style = |meaning| model.theme.style(meaning);
    let dim = style(Meaning::Dim);
    let fate = rows.fate(&import.request, index);
    let mut spans = vec![mark(model, fate)];
    let room = usize::from(columns);
    if let Outcome::Bad(reason) = &row.outcome {
        let text = match row.place.as_str() {
            "" => reason.clone(),
            place => format!("{place}: {reason}"),
        };
        let text = fit(&text, room.saturating_sub(4));
        spans.push(Span::styled(text, style(Meaning::Error)));
        return spans;
    }
    let at = row.at.map(|at| model.zone.to_local(at.to_utc()));
    let form = if is_narrow(columns) {
        "%H:%M"
    } else {
        "%-d %b %H:%M"
    };
    let at = at.map_or_else(String::new, |at| at.format(form).to_string());
    let time = time_columns(columns);
    spans.push(Span::styled(format!("{} ", pad_left(&at, time - 1)), dim));
    let kind = rows.kind(&import.request, index);
    let is_taken = fate == RowFate::Taken;
    let word = match kind {
        Kind::Note if !is_taken => String::new(),
        _ => kind_word(&kind).to_owned(),
    };
    spans.push(Span::raw(format!("{} ", kind_glyph(&kind))));
    spans.push(Span::styled(
        pad(&word, 9),
        if is_taken {
            style(Meaning::Strong)
        } else {
            dim
        },
    ));
    let remark = match (&row.outcome, fate) {
        (Outcome::There | Outcome::ChangedHere, _) => "  here already",
        (Outcome::Amended, RowFate::Taken) => "  edited there",
        (Outcome::BroughtBack, RowFate::Taken) => "  comes back",
        (Outcome::Empty, _) => "  no text",
        (Outcome::OutsidePeriod, _) => "  outside",
        _ => "",
    };
    let remark = if is_narrow(columns) { "" } else { remark };
    let used: usize = spans.iter().map(|span| width(&span.content)).sum();
    let room = room.saturating_sub(used + 1 + width(remark));
    let text = row.text.replace('\n', " ↵ ");
    let text_style = if is_taken { style(Meaning::Plain) } else { dim };
    spans.push(Span::styled(format!(" {}", fit(&text, room)), text_style));
    spans.push(Span::styled(remark, style(Meaning::Warning)));
    spans
}

fn rest_row(model: &Model, import: &Import, rows: &ImportRows, columns: u16) -> Vec<Span<'static>> {
    let fate = match rows.rest_taken {
        true => RowFate::Taken,
        false => RowFate::LeftOut,
    };
    let room = usize::from(columns).saturating_sub(4);
    let text = fit(&rest_text(import, rows), room);
    vec![mark(model, fate), Span::raw(text)]
}
