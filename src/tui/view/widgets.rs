//! Drawing primitives that several parts of the screen share.

use crate::{
    domain::{time::UtcTime, zone::Zone},
    tui::{
        model::Model,
        text::{fit, width},
        theme::Meaning,
    },
};
use chrono::Datelike as _;
use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier, Style},
    text::{Line, Span},
    widgets::Widget as _,
};

/// Draws `spans` from (`x`, `y`) on, in `width` columns.
pub(super) fn draw_spans(buf: &mut Buffer, x: u16, y: u16, width: u16, spans: Vec<Span<'_>>) {
    let line = Line::from(spans);
    let area = Rect::new(x, y, width, 1).intersection(buf.area);
    // What was there before leaves nothing behind, dimness neither.
    let columns = u16::try_from(line.width()).unwrap_or(u16::MAX);
    for x in area.x..area.right().min(area.x.saturating_add(columns)) {
        if let Some(cell) = buf.cell_mut((x, area.y)) {
            cell.reset();
        }
    }
    line.render(area, buf);
}

/// The row `y` of `area` has the style of what is selected.
pub(super) fn highlight_row(model: &Model, area: Rect, y: u16, buf: &mut Buffer) {
    let row = Rect::new(area.x, y, area.width, 1).intersection(buf.area);
    for x in row.left()..row.right() {
        if let Some(cell) = buf.cell_mut((x, y)) {
            // One bar, and no patchwork of all that was bright or dim in it.
            cell.fg = Color::Reset;
            cell.modifier.remove(Modifier::DIM);
        }
    }
    buf.set_style(row, model.theme.selected());
}

/// A rule over `columns`, beginning with `title`.
pub(super) fn titled_rule(model: &Model, title: &str, columns: u16) -> Vec<Span<'static>> {
    let title = fit(title, usize::from(columns).saturating_sub(4));
    let used = width(&title) + 2;
    let rest = usize::from(columns).saturating_sub(used + 1);
    vec![
        Span::styled(format!(" {title} "), model.theme.style(Meaning::Strong)),
        Span::styled("─".repeat(rest), model.theme.style(Meaning::Dim)),
    ]
}

/// Draws `lines`, scrolled by `scroll` as far as they go.
pub(super) fn draw_lines(buf: &mut Buffer, area: Rect, lines: &[Line<'_>], scroll: usize) {
    let most = lines.len().saturating_sub(area.height.into());
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(scroll.min(most))) {
        let row = Rect::new(area.x, y, area.width, 1).intersection(buf.area);
        line.render(row, buf);
    }
}

/// Words side by side to choose from, the chosen one standing out.
pub(super) fn choice_bar(
    model: &Model,
    words: &[String],
    chosen: usize,
    meaning: Meaning,
) -> Vec<Span<'static>> {
    let style = |at| {
        if at == chosen {
            model.theme.style(meaning).add_modifier(Modifier::BOLD)
        } else {
            model.theme.style(Meaning::Dim)
        }
    };
    let word = |(at, word): (usize, &String)| Span::styled(format!(" {word} "), style(at));
    words.iter().enumerate().map(word).collect()
}

/// A date in a list: with its year where there is room for it, or where it is another than this
/// one.
pub(super) fn format_date(model: &Model, at: UtcTime, zone: &Zone, wide: bool) -> String {
    let here = zone.to_local(at);
    let this_year = zone.to_local(model.now).year() == here.year();
    let form = match (wide, this_year) {
        (true, _) => "%-d %b %Y %H:%M",
        (false, true) => "%-d %b %H:%M",
        (false, false) => "%-d %b %Y",
    };
    here.format(form).to_string()
}

/// How many columns [`format_date`] takes.
pub(super) fn date_columns(wide: bool) -> usize {
    if wide { 18 } else { 13 }
}

/// A column of hints has at least so many columns.
const MIN_HINT_COLUMNS: usize = 26;

/// From so many columns on there is room for whole dates.
pub(super) const FULL_DATE_COLUMNS: usize = 100;

/// Says in the middle of an empty page what can be done; side by side where it is too high.
pub(super) fn draw_hint(model: &Model, area: Rect, buf: &mut Buffer, said: &[(&str, &str)]) {
    let dim = model.theme.style(Meaning::Dim);
    let accent = model.theme.style(Meaning::Accent);
    let rows = usize::from(area.height).max(1);
    // Columns in which nothing can be read are worth less than the rows that are missing.
    let most = (usize::from(area.width) / MIN_HINT_COLUMNS).max(1);
    let beside = said.len().div_ceil(rows).clamp(1, most);
    let columns = usize::from(area.width) / beside;
    // A narrow column has its keys at its edge.
    let indent = if beside == 1 { 12 } else { 3 };
    let top = if beside == 1 {
        area.y + u16::try_from(rows.saturating_sub(said.len()) / 3).unwrap_or(0)
    } else {
        area.y
    };
    for (at, (key, words)) in said.iter().enumerate().take(rows * beside) {
        let style = if key.is_empty() { Style::new() } else { dim };
        let shown = if key.is_empty() {
            String::new()
        } else {
            format!("{key:>indent$}  ")
        };
        let room = columns.saturating_sub(if key.is_empty() { 3 } else { indent + 5 });
        let spans = vec![
            Span::raw("  "),
            Span::styled(shown, accent),
            Span::styled(fit(words, room), style),
        ];
        let x = u16::try_from(columns * (at / rows)).unwrap_or(0);
        let y = u16::try_from(at % rows).unwrap_or(0);
        draw_spans(
            buf,
            area.x + x,
            top + y,
            area.width.saturating_sub(x),
            spans,
        );
    }
}
