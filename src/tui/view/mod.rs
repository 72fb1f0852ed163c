//! The screen, drawn from the model alone.

mod detail;
mod dialogs;
pub mod email;
mod finder;
mod findings_panel;
mod footer;
mod header;
pub mod incidents;
mod incidents_tabs;
pub mod input;
mod markdown;
pub mod paste;
pub mod postmortem;
pub mod preview;
mod prompt_text;
mod state_band;
pub mod tabs;
pub mod tasks;
mod timeline;

use super::{
    layout,
    model::{Model, Overlay, Tab},
    text::fit,
    theme::Meaning,
};
use crate::domain::{time::UtcTime, zone::Zone};
use chrono::Datelike as _;
use ratatui::{
    Frame,
    buffer::Buffer,
    layout::Rect,
    style::{Color, Modifier, Style},
    text::{Line, Span},
    widgets::Widget as _,
};

/// Draws all of it.
pub fn view(model: &Model, frame: &mut Frame<'_>) {
    let whole = frame.area();
    if layout::too_small(model.size) {
        draw_too_small(model, whole, frame.buffer_mut());
        return;
    }
    let areas = layout::areas(model);
    // A terminal that changed since is drawn to again with its new size.
    if areas.footer.bottom() > whole.height || areas.header.width > whole.width {
        return;
    }
    let buf = frame.buffer_mut();
    header::draw(model, areas.header, buf);
    state_band::draw(model, areas.band, areas.milestones, buf);
    draw_page(model, areas.page, buf);
    tabs::draw(model, areas.tabs, buf);
    let cursor = input::draw(model, areas.line, buf);
    preview::draw(model, areas.preview, buf);
    footer::draw(model, areas.footer, buf);
    if let Some(cursor) = finder::cursor(model, areas.page).or(cursor) {
        frame.set_cursor_position(cursor);
    }
}

fn draw_page(model: &Model, area: Rect, buf: &mut Buffer) {
    // The topmost that fills the page; a question on the line leaves it to what lies below.
    let over = model
        .overlays
        .iter()
        .rev()
        .find(|over| !matches!(over, Overlay::Prompt(_)));
    match over {
        Some(Overlay::Help(_) | Overlay::Palette(_)) => return finder::draw(model, area, buf),
        Some(Overlay::Detail(detail)) => return detail::draw(model, detail, area, buf),
        Some(Overlay::Paste(paste)) => return paste::draw(model, paste, area, buf),
        Some(Overlay::Dialog(choice)) => return dialogs::draw(model, choice, area, buf),
        Some(Overlay::Prompt(_)) | None => {}
    }
    match model.tab {
        Tab::Timeline => timeline::draw(model, area, buf),
        Tab::Tasks => tasks::draw(model, area, buf),
        Tab::Postmortem => postmortem::draw(model, area, buf),
        Tab::Email => email::draw(model, area, buf),
        Tab::Incidents => incidents::draw(model, area, buf),
    }
}

fn draw_too_small(model: &Model, area: Rect, buf: &mut Buffer) {
    let (width, height) = layout::MIN_SIZE;
    let lines = [
        format!("bridgelog needs {width}×{height}"),
        format!("this is {}×{}", model.size.0, model.size.1),
        "nothing is lost".to_owned(),
    ];
    for (y, line) in (area.y..area.bottom()).zip(lines) {
        draw_spans(
            buf,
            area.x,
            y,
            area.width,
            vec![Span::raw(fit(&line, area.width.into()))],
        );
    }
}

/// Draws `spans` from (`x`, `y`) on, in `width` columns.
fn draw_spans(buf: &mut Buffer, x: u16, y: u16, width: u16, spans: Vec<Span<'_>>) {
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
fn highlight_row(model: &Model, area: Rect, y: u16, buf: &mut Buffer) {
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
fn titled_rule(model: &Model, title: &str, columns: u16) -> Vec<Span<'static>> {
    let title = fit(title, usize::from(columns).saturating_sub(4));
    let used = super::text::width(&title) + 2;
    let rest = usize::from(columns).saturating_sub(used + 1);
    vec![
        Span::styled(format!(" {title} "), model.theme.style(Meaning::Strong)),
        Span::styled("─".repeat(rest), model.theme.style(Meaning::Dim)),
    ]
}

/// Draws `lines`, scrolled by `scroll` as far as they go.
fn draw_lines(buf: &mut Buffer, area: Rect, lines: &[Line<'_>], scroll: usize) {
    let most = lines.len().saturating_sub(area.height.into());
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(scroll.min(most))) {
        let row = Rect::new(area.x, y, area.width, 1).intersection(buf.area);
        line.render(row, buf);
    }
}

/// Words side by side to choose from, the chosen one standing out.
fn choice_bar(
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

/// Which of `words`, drawn by [`choice_bar`], is at column `x`.
fn choice_at(words: &[String], x: u16) -> Option<usize> {
    let mut end = 0;
    words.iter().position(|word| {
        end += super::text::width(word) + 2;
        usize::from(x) < end
    })
}

/// A date in a list: with its year where there is room for it, or where it is another than this one.
fn format_date(model: &Model, at: UtcTime, zone: &Zone, wide: bool) -> String {
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
fn date_columns(wide: bool) -> usize {
    if wide { 18 } else { 13 }
}

/// A column of hints has at least so many columns.
const MIN_HINT_COLUMNS: usize = 26;

/// From so many columns on there is room for whole dates.
const FULL_DATE_COLUMNS: usize = 100;

/// Says in the middle of an empty page what can be done; side by side where it is too high.
fn draw_hint(model: &Model, area: Rect, buf: &mut Buffer, said: &[(&str, &str)]) {
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
