//! All incidents, or what was found in them; over the list what they come to.

use super::{WIDE, boards, chooser, chosen_at, date, date_columns, hint, put, rule, select};
use crate::{
    domain::{time::format_duration, zone::Zone},
    tui::{
        model::{Board, Focus, Incidents, Model},
        msg::{Found, Listed},
        text::{fit, pad, pad_left, width},
        theme::{Meaning, shape},
        update::choices,
    },
};
use ratatui::{buffer::Buffer, layout::Rect, text::Span};

/// The rows over the list: what is shown, and what it comes to.
fn head(model: &Model, columns: u16, height: u16) -> Vec<Vec<Span<'static>>> {
    let mut head = vec![bar(model, columns)];
    if model.incidents.found.is_none() && model.incidents.board == Board::Trends {
        head.extend(boards::months(
            model,
            columns.into(),
            usize::from(height) / 2,
        ));
        head.push(boards::heads(model, columns.into()));
    }
    head
}

/// What there is to choose from, and what it comes to.
fn bar(model: &Model, columns: u16) -> Vec<Span<'static>> {
    let list = &model.incidents;
    if let Some((query, found)) = &list.found {
        return rule(
            model,
            &format!("{} found for {query}", found.len()),
            columns,
        );
    }
    let chosen = Board::ALL.iter().position(|board| *board == list.board);
    let words = Board::ALL.map(|board| board.word().to_owned());
    let mut spans = chooser(model, &words, chosen.unwrap_or(0), Meaning::Accent);
    let used: usize = spans.iter().map(|s| width(&s.content)).sum();
    let wide = usize::from(columns) >= WIDE;
    let said = match list.board {
        Board::List => list.all.as_ref().map(|all| lately(model, all, wide)),
        Board::Ledger => list.ledger.as_ref().map(|lines| boards::held(lines, wide)),
        Board::Trends => list
            .trends
            .as_ref()
            .map(|_| "the last twelve months".to_owned()),
    };
    let room = u16::try_from(usize::from(columns).saturating_sub(used)).unwrap_or(0);
    spans.extend(rule(model, &said.unwrap_or_default(), room));
    spans
}

/// The board at column `x` of the first row of the page.
#[must_use]
pub fn board_at(model: &Model, x: u16) -> Option<Board> {
    if model.incidents.found.is_some() {
        return None;
    }
    let words = Board::ALL.map(|board| board.word().to_owned());
    Board::ALL.get(chosen_at(&words, x)?).copied()
}

fn top(model: &Model, rows: usize, count: usize) -> usize {
    model
        .incidents
        .selected
        .saturating_sub(rows / 2)
        .min(count.saturating_sub(rows))
}

/// The incident at row `row` of the page.
#[must_use]
pub fn at(model: &Model, row: usize) -> Option<usize> {
    let count = choices(model);
    let page = crate::tui::layout::areas(model).page;
    let head = head(model, page.width, page.height).len();
    let rows = usize::from(page.height).saturating_sub(head).max(1);
    let at = top(model, rows, count) + row.checked_sub(head)?;
    (at < count).then_some(at)
}

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let list = &model.incidents;
    let head = head(model, area.width, area.height);
    let rows = usize::from(area.height).saturating_sub(head.len()).max(1);
    let below = area.y + u16::try_from(head.len()).unwrap_or(0);
    for (y, spans) in (area.y..area.bottom()).zip(head) {
        put(buf, area.x, y, area.width, spans);
    }
    let count = choices(model);
    let known = match list.board {
        Board::List => list.all.is_some(),
        Board::Ledger => list.ledger.is_some(),
        Board::Trends => list.trends.is_some(),
    };
    if count == 0 {
        if known {
            let area = Rect {
                y: below,
                height: area.bottom().saturating_sub(below),
                ..area
            };
            hint(model, area, buf, nothing(list));
        }
        return;
    }
    let top = top(model, rows, count);
    let columns = usize::from(area.width);
    for (y, at) in (below..area.bottom()).zip(top..count) {
        let spans = match (&list.found, list.board) {
            (Some((_, found)), _) => found.get(at).map(|hit| hit_row(model, hit, columns)),
            (None, Board::List) => list
                .all
                .as_ref()
                .and_then(|all| all.get(at))
                .map(|one| row(model, one, columns)),
            (None, Board::Ledger) => list
                .ledger
                .as_ref()
                .and_then(|lines| lines.get(at))
                .map(|line| boards::fault(model, line, columns)),
            (None, Board::Trends) => list
                .trends
                .as_ref()
                .and_then(|trends| trends.lines.get(at))
                .map(|line| boards::figures(model, line, columns)),
        };
        put(buf, area.x, y, area.width, spans.unwrap_or_default());
        if at == list.selected && model.focus == Focus::Page {
            select(model, area, y, buf);
        }
    }
}

fn nothing(list: &Incidents) -> &'static [(&'static str, &'static str)] {
    match (&list.found, list.board) {
        (Some(_), _) => &[
            ("", "Nothing has these words."),
            ("Esc", "back to the list"),
        ],
        (None, Board::List) => &[
            ("", "No incident yet."),
            ("D", "declares one"),
            ("i", "to the line"),
        ],
        (None, Board::Ledger) => &[
            ("", "No fault is logged that a protection caught."),
            (
                "absorbed:",
                "on the line notes one: absorbed: a disk failed @db #mirror",
            ),
        ],
        (None, Board::Trends) => &[("", "No incident in the last twelve months.")],
    }
}

/// How many there were lately, with the list behind it under it.
fn lately(model: &Model, all: &[Listed], wide: bool) -> String {
    let since = |days| {
        let from = model.now - chrono::Duration::days(days);
        all.iter()
            .filter(|i| i.declared.is_some_and(|at| at >= from))
            .count()
    };
    let open = all.iter().filter(|i| i.open).count();
    let count = all.iter().filter(|i| !i.handle.is_empty()).count();
    let s = if count == 1 { "" } else { "s" };
    if !wide {
        return format!(
            "{count} incident{s} · {open} open · {} in 30 days",
            since(30)
        );
    }
    format!(
        "{count} incident{s} · {open} open · {} in 30 days · {} in 90",
        since(30),
        since(90)
    )
}

/// How an incident is called in a list.
pub(super) fn number(one: &Listed) -> String {
    one.number
        .map_or_else(|| one.handle.clone(), |n| format!("#{n}"))
}

fn row(model: &Model, one: &Listed, columns: usize) -> Vec<Span<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let number = number(one);
    let zone = Zone::find(&one.zone).unwrap_or_else(|_| Zone::utc());
    let wide = columns >= WIDE;
    let declared = one
        .declared
        .map_or(String::new(), |at| date(model, at, &zone, wide));
    let date_columns = date_columns(wide);
    let lasted = match (one.declared, one.resolved) {
        (Some(from), Some(to)) => format_duration((to - from).num_seconds().max(0)),
        (Some(_), None) if one.open => "open".to_owned(),
        _ => String::new(),
    };
    let severity = one
        .severity
        .as_ref()
        .map_or(String::new(), |s| s.to_string().to_uppercase());
    let room = columns.saturating_sub(7 + 6 + 3 + date_columns + 13 + 9);
    let state = one.state.filter(|_| one.open);
    vec![
        Span::styled(pad_left(&number, 6), dim),
        Span::raw(" "),
        Span::styled(pad(&severity, 6), theme.style(Meaning::Strong)),
        Span::styled(
            if one.open {
                format!("{}  ", shape(state))
            } else {
                "   ".to_owned()
            },
            theme.state(state),
        ),
        Span::styled(
            pad(&one.title, room),
            theme.style(if one.open {
                Meaning::Strong
            } else {
                Meaning::Plain
            }),
        ),
        Span::styled(pad_left(&declared, date_columns), dim),
        Span::styled(
            pad_left(&lasted, 13),
            if one.open {
                theme.style(Meaning::Warning)
            } else {
                dim
            },
        ),
        Span::styled(pad_left(&format!("{} ev", one.events), 9), dim),
    ]
}

fn hit_row(model: &Model, hit: &Found, columns: usize) -> Vec<Span<'static>> {
    let dim = model.theme.style(Meaning::Dim);
    let number = match (hit.number, &hit.incident) {
        (Some(n), _) => format!("#{n}"),
        (None, Some(handle)) => handle.clone(),
        (None, None) => "unfiled".to_owned(),
    };
    let wide = columns >= WIDE;
    let at = hit
        .at
        .map_or(String::new(), |at| date(model, at, &model.zone, wide));
    let date_columns = date_columns(wide);
    vec![
        Span::styled(pad_left(&fit(&number, 8), 8), dim),
        Span::styled(pad_left(&at, date_columns), dim),
        Span::raw("  "),
        Span::raw(pad(&hit.text, columns.saturating_sub(11 + date_columns))),
    ]
}
