//! Drawing primitives that several parts of the screen share.

use crate::{
    domain::{time::UtcTime, zone::Zone},
    tui::{
        content::document_find::mark_found,
        model::{FoundPlace, Model},
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
use std::borrow::Cow;

/// Draws `spans` at (`x`, `y`), cut to `width` columns.
pub(super) fn draw_spans(buf: &mut Buffer, x: u16, y: u16, width: u16, spans: Vec<Span<'_>>) {
    let mut area = Rect::new(x, y, width, 1).intersection(buf.area);
    for span in spans {
        let ascii = span.content.bytes().all(|b| matches!(b, b' '..=b'~'));
        let columns = match ascii {
            true => span.content.len(),
            false => span.width(),
        };
        let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(area.width);
        // Reset the cells: a style would otherwise be merged with the one drawn before.
        for x in area.x..area.x + columns {
            buf[(x, y)].reset();
        }
        if ascii {
            // Most texts: ratatui looks for characters of several code points in them, which takes long.
            for (x, byte) in (area.x..area.x + columns).zip(span.content.bytes()) {
                let cell = &mut buf[(x, y)];
                cell.set_char(char::from(byte)).set_style(span.style);
            }
        } else {
            span.render(area, buf);
        }
        area.x += columns;
        area.width -= columns;
    }
}

/// Draws row `y` of `area` as selected.
pub(super) fn highlight_row(model: &Model, area: Rect, y: u16, buf: &mut Buffer) {
    let row = Rect::new(area.x, y, area.width, 1).intersection(buf.area);
    for x in row.left()..row.right() {
        if let Some(cell) = buf.cell_mut((x, y)) {
            // An even bar, whatever colours the row has.
            cell.fg = Color::Reset;
            cell.modifier.remove(Modifier::DIM);
        }
    }
    buf.set_style(row, model.theme.selected());
}

/// Returns a rule of `columns` columns that begins with `title`.
pub(super) fn titled_rule(model: &Model, title: &str, columns: u16) -> Vec<Span<'static>> {
    let title = fit(title, usize::from(columns).saturating_sub(4));
    let used = width(&title) + 2;
    let rest = usize::from(columns).saturating_sub(used + 1);
    vec![
        Span::styled(format!(" {title} "), model.theme.style(Meaning::Strong)),
        Span::styled("─".repeat(rest), model.theme.style(Meaning::Dim)),
    ]
}

/// Draws a rule that begins with `title` in the first row of `area`.
pub(super) fn draw_title(model: &Model, title: &str, area: Rect, buf: &mut Buffer) {
    let rule = titled_rule(model, title, area.width);
    draw_spans(buf, area.x, area.y, area.width, rule);
}

/// Draws at the right end of row `y` how many rows are out of view: `▲ 3  ▼ 20 more`. Nothing where there are
/// none.
pub(super) fn draw_more(
    model: &Model,
    area: Rect,
    y: u16,
    (above, below): (usize, usize),
    buf: &mut Buffer,
) {
    let text = match (above, below) {
        (0, 0) => return,
        (above, 0) => format!(" ▲ {above} more "),
        (0, below) => format!(" ▼ {below} more "),
        (above, below) => format!(" ▲ {above}  ▼ {below} more "),
    };
    let columns = u16::try_from(width(&text)).unwrap_or(0);
    let x = area.right().saturating_sub(columns).max(area.x);
    let style = model.theme.style(Meaning::Accent);
    let room = area.right().saturating_sub(x);
    // What it is drawn over is cut with a sign.
    let is_text = |x: u16| {
        let cell = buf.cell((x, y));
        cell.is_some_and(|cell| !matches!(cell.symbol(), " " | "─" | ""))
    };
    let is_cut = x > area.x && is_text(x - 1) && (is_text(x) || is_text(x + 1));
    draw_spans(buf, x, y, room, vec![Span::styled(text, style)]);
    if let Some(cell) = buf.cell_mut((x.saturating_sub(1), y)).filter(|_| is_cut) {
        cell.set_symbol("…");
    }
}

/// Draws at the right end of the first row of `area` how many of `count` rows are out of view, of which `height`
/// are shown from index `scroll` on.
pub(super) fn draw_rows_out_of_view(
    model: &Model,
    area: Rect,
    count: usize,
    height: usize,
    scroll: usize,
    buf: &mut Buffer,
) {
    let above = scroll.min(count.saturating_sub(height));
    let below = count.saturating_sub(above + height);
    draw_more(model, area, area.y, (above, below), buf);
}

/// Draws `lines` from index `scroll` on, at most scrolled to the last page.
pub(super) fn draw_lines(buf: &mut Buffer, area: Rect, lines: &[Line<'_>], scroll: usize) {
    let max = lines.len().saturating_sub(area.height.into());
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(scroll.min(max))) {
        let row = Rect::new(area.x, y, area.width, 1).intersection(buf.area);
        line.render(row, buf);
    }
}

/// Draws the document shown like [`draw_lines`], with the words searched for marked.
pub(super) fn draw_document(
    model: &Model,
    buf: &mut Buffer,
    area: Rect,
    lines: &[Line<'_>],
    scroll: usize,
    places: &[FoundPlace],
) {
    let top = scroll.min(lines.len().saturating_sub(area.height.into()));
    let shown = lines.iter().enumerate().skip(top).take(area.height.into());
    let shown: Vec<Line<'_>> = shown
        .map(|(row, line)| mark_found(model, line, row, places))
        .collect();
    draw_lines(buf, area, &shown, 0);
}

/// Returns words side by side, the chosen one highlighted and in brackets. `layout/choice_bar.rs` has the hit test.
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
    let word = |(at, word): (usize, &String)| {
        let text = match at == chosen {
            true => format!("[{word}]"),
            false => format!(" {word} "),
        };
        Span::styled(text, style(at))
    };
    words.iter().enumerate().map(word).collect()
}

/// Formats a date in a list. If not `wide`, a date of another year has its year instead of the
/// time.
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

/// Returns `text`, with a word before it if the dates beside it are in UTC because `zone` is unknown.
pub(super) fn mark_unknown_zone<'a>(text: &'a str, zone: &Zone) -> Cow<'a, str> {
    if zone.is_known() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(format!("[unknown zone: UTC] {text}"))
}

/// Returns the columns reserved for [`format_date`].
pub(super) fn date_columns(wide: bool) -> usize {
    if wide { 18 } else { 13 }
}

/// Each column of hints has at least this many columns.
const MIN_HINT_COLUMNS: usize = 26;

/// Lists narrower than this leave out what has a shorter form.
pub(super) const NARROW_COLUMNS: usize = 60;

/// Lists at least this wide show full dates.
pub(super) const FULL_DATE_COLUMNS: usize = 100;

/// Draws hints (key, text) on an empty page; in several columns if they do not fit below each
/// other.
pub(super) fn draw_hint(model: &Model, area: Rect, buf: &mut Buffer, hints: &[(&str, &str)]) {
    let dim = model.theme.style(Meaning::Dim);
    let accent = model.theme.style(Meaning::Accent);
    let rows = usize::from(area.height).max(1);
    // Rather drop rows than use columns too narrow to read.
    let max = (usize::from(area.width) / MIN_HINT_COLUMNS).max(1);
    let column_count = hints.len().div_ceil(rows).clamp(1, max);
    let columns = usize::from(area.width) / column_count;
    // In narrow columns the keys are at the edge.
    let indent = if column_count == 1 { 12 } else { 3 };
    let top = if column_count == 1 {
        area.y + u16::try_from(rows.saturating_sub(hints.len()) / 3).unwrap_or(0)
    } else {
        area.y
    };
    for (at, (key, text)) in hints.iter().enumerate().take(rows * column_count) {
        let style = if key.is_empty() { Style::new() } else { dim };
        let key_text = if key.is_empty() {
            String::new()
        } else {
            format!("{key:>indent$}  ")
        };
        let room = columns.saturating_sub(if key.is_empty() { 3 } else { indent + 5 });
        let spans = vec![
            Span::raw("  "),
            Span::styled(key_text, accent),
            Span::styled(fit(text, room), style),
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
