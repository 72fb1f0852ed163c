//! The line, its echo, and questions asked in its place.

use super::{hint, put};
use crate::{
    domain::{
        incident::{Audience, FIELDS, SECTIONS},
        task::ask_due,
        time::duration,
    },
    tui::{
        model::{Choice, Echo, Focus, Model, Over, Prompt, Question, Tone},
        msg::Read,
        text::{fit, width, wrap},
        theme::{Meaning, shape},
    },
};
use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
    text::Span,
};
use unicode_segmentation::UnicodeSegmentation as _;

/// Columns before the text.
const BEFORE: u16 = 3;

/// One character as a person counts, laid out.
struct Cell {
    at: usize,
    shown: String,
    wide: usize,
    space: bool,
    breaks: bool,
}

fn cells(text: &str, columns: usize) -> Vec<Cell> {
    text.grapheme_indices(true)
        .map(|(at, grapheme)| {
            let breaks = grapheme == "\n";
            let shown = if breaks {
                String::new()
            } else {
                fit(grapheme, columns)
            };
            Cell {
                at,
                wide: width(&shown),
                space: grapheme == " ",
                shown,
                breaks,
            }
        })
        .collect()
}

/// A text laid out in rows of at most `columns`, cut between words where there are some; with it the
/// row and column where byte `cursor` of it is.
fn layout(text: &str, cursor: usize, columns: usize) -> (Vec<String>, (usize, usize)) {
    let columns = columns.max(2);
    let cells = cells(text, columns);
    // Where each row begins.
    let mut starts = vec![0];
    let (mut used, mut word) = (0, 0);
    for (i, cell) in cells.iter().enumerate() {
        let start = starts.last().copied().unwrap_or(0);
        if cell.breaks {
            starts.push(i + 1);
            (used, word) = (0, i + 1);
            continue;
        }
        // A space may hang over the edge; what follows it may not.
        if used + cell.wide > columns && !cell.space {
            let from = if word > start { word } else { i };
            starts.push(from);
            used = cells[from..i].iter().map(|c| c.wide).sum();
        }
        used += cell.wide;
        if cell.space {
            word = i + 1;
        }
    }
    let mut place = (0, 0);
    let mut rows = Vec::with_capacity(starts.len());
    for (row, &start) in starts.iter().enumerate() {
        let end = starts.get(row + 1).copied().unwrap_or(cells.len());
        let mut line = String::new();
        let mut x = 0;
        for cell in &cells[start..end] {
            if cell.at == cursor {
                place = (row, x);
            }
            x += cell.wide;
            line.push_str(&cell.shown);
        }
        if cursor >= text.len() && row + 1 == starts.len() {
            place = (row, x);
        }
        rows.push(line);
    }
    if place.1 >= columns {
        place = (place.0 + 1, 0);
        if place.0 == rows.len() {
            rows.push(String::new());
        }
    }
    (rows, place)
}

/// How many rows `text` takes on a screen of `columns`.
#[must_use]
pub fn rows(text: &str, columns: u16) -> u16 {
    let columns = usize::from(columns.saturating_sub(BEFORE + 1));
    let (rows, _) = layout(text, text.len(), columns);
    u16::try_from(rows.len()).unwrap_or(u16::MAX)
}

/// Draws the line; gives where the cursor stands.
pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) -> Option<Position> {
    let theme = &model.theme;
    let (line, prompt) = match model.over.last() {
        Some(Over::Prompt(prompt)) => (&prompt.line, true),
        _ => (&model.capture.line, false),
    };
    let active = prompt || (model.over.is_empty() && model.focus == Focus::Line);
    let columns = usize::from(area.width.saturating_sub(BEFORE + 1));
    let (rows, (row, column)) = layout(line.text(), line.before().len(), columns);
    let height = usize::from(area.height);
    let skip = (row + 1).saturating_sub(height);
    let sign = if prompt { " ? " } else { " › " };
    let style = if active {
        theme.style(Meaning::Accent).add_modifier(Modifier::BOLD)
    } else {
        theme.style(Meaning::Dim)
    };
    put(buf, area.x, area.y, BEFORE, vec![Span::styled(sign, style)]);
    let text_style = if active {
        theme.style(Meaning::Plain)
    } else {
        theme.style(Meaning::Dim)
    };
    for (y, text) in (area.y..area.bottom()).zip(rows.iter().skip(skip)) {
        put(
            buf,
            area.x + BEFORE,
            y,
            area.width - BEFORE,
            vec![Span::styled(text.clone(), text_style)],
        );
    }
    if line.text().is_empty() && !prompt {
        let ghost = if model.outline.is_none() {
            "what happened?"
        } else if active {
            "what happened?  -5m fault: …  decision: …  ask: … @who 10m"
        } else {
            "i to write"
        };
        put(
            buf,
            area.x + BEFORE,
            area.y,
            area.width - BEFORE,
            vec![Span::styled(fit(ghost, columns), theme.style(Meaning::Dim))],
        );
    }
    active.then(|| {
        let x = area.x + BEFORE + u16::try_from(column).unwrap_or(0);
        let y = area.y + u16::try_from(row - skip.min(row)).unwrap_or(0);
        Position::new(
            x.min(area.right().saturating_sub(1)),
            y.min(area.bottom().saturating_sub(1)),
        )
    })
}

/// What is asked, in words.
fn asked(model: &Model, question: &Question) -> String {
    let due = |handle: &str| {
        model
            .doings
            .asks
            .iter()
            .find(|a| a.handle == handle)
            .map(|a| a.value.text.clone())
    };
    match question {
        Question::Amend(handle) => format!("amend {handle}: what is left out goes"),
        Question::Time(handle) => format!("when was {handle}? 10:06, ~10:06, -5m, 10:06-10:20"),
        Question::Retract(handle) => format!("why is {handle} to go out of the record?"),
        Question::Close(handle) => match due(handle) {
            Some(text) => format!("what came of it? {text}"),
            None => format!("what came of {handle}?"),
        },
        Question::Decline(handle) => format!("why is {handle} declined?"),
        Question::AddTask => {
            "what is to be done after this? prevent: … @owner due 2012-10-31".into()
        }
        Question::Search => "find in the timeline".into(),
        Question::SearchAll => "find in all incidents".into(),
        Question::Filter => "show only: kind:fault #tag @service by:jw tell words".into(),
        Question::Declare => {
            "the title of the new incident; @services and !state may follow".into()
        }
        Question::Resolve => "what ended it? Enter alone will do".into(),
        Question::Reopen => "why was it not over? Enter alone will do".into(),
        Question::Set("next-update") => "when do customers hear next? 11:30, 30m".into(),
        Question::Set("commander") => "who commands from now on?".into(),
        Question::Set("severity") => "how bad is it? sev1 to sev5".into(),
        Question::Set("followup-by") => {
            "by when does the letter that explains follow? Monday".into()
        }
        Question::Set(field) => format!("the {field}; - clears it"),
    }
}

/// Draws what was understood, or said, or asked.
pub(super) fn echo(model: &Model, area: Rect, buf: &mut Buffer) {
    let theme = &model.theme;
    let mut rows: Vec<Vec<Span<'static>>> = Vec::new();
    let columns = usize::from(area.width.saturating_sub(BEFORE + 1));
    let one =
        |text: &str, meaning: Meaning| vec![Span::styled(fit(text, columns), theme.style(meaning))];
    let said = model.said.as_ref().map(|said| {
        let meaning = match said.tone {
            Tone::Good => Meaning::Ok,
            Tone::Note => Meaning::Accent,
            Tone::Bad => Meaning::Error,
        };
        one(&said.text, meaning)
    });
    // What was done before is no news while the next line is typed.
    let news = model.said.as_ref().is_some_and(|s| s.tone != Tone::Good);
    let note = said.clone().filter(|_| news && model.over.is_empty());
    let understood = |echo: &Echo, rows: &mut Vec<Vec<Span<'static>>>| match echo {
        Echo::Nothing => {}
        Echo::Wrong(failure) => {
            rows.push(one(&failure.message, Meaning::Error));
            if let Some(hint) = &failure.hint {
                rows.push(one(hint, Meaning::Dim));
            }
        }
        Echo::Read(read) => rows.extend(read_rows(model, read, columns, note.clone())),
    };
    match model.over.last() {
        Some(Over::Prompt(Prompt { question, echo, .. })) => {
            understood(echo, &mut rows);
            if rows.len() < 2 {
                rows.insert(0, one(&asked(model, question), Meaning::Dim));
            }
            if let Some(said) = said
                && rows.len() < 2
            {
                rows.push(said);
            }
        }
        None if model.focus == Focus::Line && !model.capture.line.is_blank() => {
            if let Some(said) = said
                && model.said.as_ref().is_some_and(|s| s.tone == Tone::Bad)
            {
                rows.push(said);
            }
            understood(&model.capture.echo, &mut rows);
        }
        None if model.focus == Focus::Page && model.tab == crate::tui::model::Tab::Timeline => {
            rows.extend(said);
            if rows.is_empty()
                && let Some(event) = model.selected()
            {
                let text = wrap(&super::timeline::text_of(&event.value), columns);
                rows.push(vec![Span::raw(fit(&text.join(" "), columns))]);
                let rest = match (&event.value.customer, text.len()) {
                    (Some(customer), _) => {
                        one(&format!("customers read: {customer}"), Meaning::Customer)
                    }
                    (None, 1) => one(&about(model, event), Meaning::Dim),
                    (None, _) => vec![Span::raw(text.get(1).cloned().unwrap_or_default())],
                };
                if text.len() > 1 && event.value.customer.is_none() {
                    rows[0] = vec![Span::raw(text[0].clone())];
                }
                rows.push(rest);
            }
        }
        _ => rows.extend(said),
    }
    for (y, spans) in (area.y..area.bottom()).zip(rows) {
        put(buf, area.x + BEFORE, y, area.width - BEFORE, spans);
    }
}

/// By whom and when it was recorded, and its handle.
fn about(
    model: &Model,
    event: &crate::domain::incident::Record<crate::domain::event::Event>,
) -> String {
    let at = model.zone.stamp(event.recorded);
    let mut text = format!(
        "{} · recorded {} by {}",
        event.handle,
        at.format("%a %-d %b %H:%M:%S"),
        event.author
    );
    let markers = super::timeline::markers(&event.value);
    if !markers.is_empty() {
        text = format!("{markers} · {text}");
    }
    text
}

/// What customers will read, in rows.
fn wording(read: &Read, columns: usize) -> Vec<String> {
    read.event.customer.as_ref().map_or_else(Vec::new, |text| {
        wrap(&format!("✉ customers will read: {text}"), columns)
    })
}

/// How many rows it takes to say what was understood.
#[must_use]
pub fn echo_rows(model: &Model) -> u16 {
    let echo = match model.over.last() {
        Some(Over::Prompt(prompt)) => &prompt.echo,
        Some(_) => return 0,
        None => &model.capture.echo,
    };
    let columns = usize::from(model.size.0.saturating_sub(BEFORE + 1));
    match echo {
        Echo::Read(read) => u16::try_from(1 + wording(read, columns).len()).unwrap_or(u16::MAX),
        _ => 0,
    }
}

/// What a line was understood as; what customers will read of it is said whole.
fn read_rows(
    model: &Model,
    read: &Read,
    columns: usize,
    said: Option<Vec<Span<'static>>>,
) -> Vec<Vec<Span<'static>>> {
    let theme = &model.theme;
    let event = &read.event;
    let dim = theme.style(Meaning::Dim);
    let at = read.zone.stamp(event.instant());
    let today = read.zone.stamp(model.now).date_naive();
    let date = if at.date_naive() == today {
        at.format("%H:%M").to_string()
    } else {
        at.format("%a %-d %b %Y %H:%M").to_string()
    };
    let about = if event.approximate { "~" } else { "" };
    let mut parts: Vec<(String, Style)> = vec![
        (
            format!("{about}{date} {}", read.zone.abbreviation(event.instant())),
            dim,
        ),
        (event.kind.word().to_owned(), theme.style(Meaning::Strong)),
    ];
    if let Some(end) = event.end_instant() {
        parts[0]
            .0
            .push_str(&format!(" to {}", read.zone.stamp(end).format("%H:%M")));
    }
    if let Some(state) = event.state_or_implied() {
        parts.push((
            format!("{} {}", shape(Some(state)), state.word()),
            theme.state(Some(state)),
        ));
    }
    for service in &event.services {
        parts.push((format!("@{service}"), dim));
    }
    for person in &event.people {
        parts.push((format!("@{person}"), dim));
    }
    for tag in &event.tags {
        parts.push((format!("#{tag}"), dim));
    }
    if let Some(due) = ask_due(event) {
        let seconds = (due - event.instant()).num_seconds();
        parts.push((format!("within {}", duration(seconds)), dim));
    }
    if event.closes {
        parts.push(("closes the ask".to_owned(), dim));
    }
    if let Some(audience) = &event.audience {
        parts.push((format!("to {audience}"), dim));
    }
    if event.customer.is_none() {
        parts.push(("internal".to_owned(), dim));
    }
    let mut room = columns;
    let mut first: Vec<Span<'static>> = Vec::new();
    for (at, (text, style)) in parts.into_iter().enumerate() {
        let dot = if at == 0 { "" } else { " · " };
        let text = fit(&text, room.saturating_sub(3));
        if text.is_empty() {
            break;
        }
        room = room.saturating_sub(width(&text) + 3);
        first.push(Span::styled(dot, dim));
        first.push(Span::styled(text, style));
    }
    let mut rows = vec![first];
    for text in wording(read, columns) {
        let style = theme.style(Meaning::Customer).add_modifier(Modifier::BOLD);
        rows.push(vec![Span::styled(text, style)]);
    }
    // What customers read goes first, then what was said, then advice, then what could be typed.
    if let (Some(said), true) = (said, rows.len() < 2) {
        rows.push(said);
    } else if let Some(notice) = read.notices.first() {
        let row = vec![Span::styled(
            fit(notice, columns),
            theme.style(Meaning::Warning),
        )];
        if rows.len() < 2 {
            rows.push(row);
        }
    } else if rows.len() < 2 {
        let offered: Vec<&str> = model
            .capture
            .completions
            .iter()
            .take(8)
            .map(|c| c.with.as_str())
            .collect();
        if !offered.is_empty() && model.over.is_empty() {
            let text = format!("Tab  {}", offered.join("  "));
            rows.push(vec![Span::styled(
                fit(&text, columns),
                theme.style(Meaning::Accent),
            )]);
        }
    }
    rows
}

/// Draws a question that takes a key.
pub(super) fn choice(model: &Model, choice: &Choice, area: Rect, buf: &mut Buffer) {
    match choice {
        Choice::NothingOpen {
            offered,
            adopt,
            severity,
        } => {
            let title = match &model.capture.echo {
                Echo::Read(read) => read.event.text.clone(),
                _ => model.capture.line.text().to_owned(),
            };
            let title = format!("declares it: {title}");
            let severity = match severity {
                Some(severity) => format!("how bad it is: {severity}"),
                None => "how bad it is, sev1 to sev5; may be said later".to_owned(),
            };
            let take = format!(
                "{} the {offered} unfiled events of the last day",
                if *adopt { "takes in" } else { "leaves" }
            );
            let into = model.outline.as_ref().map(|o| {
                format!(
                    "logs it in #{} {}, which is over",
                    o.number.map_or_else(|| o.handle.clone(), |n| n.to_string()),
                    o.title
                )
            });
            let mut said = vec![
                ("", "No incident is open."),
                ("", ""),
                ("Enter", title.as_str()),
                ("1 … 5", severity.as_str()),
            ];
            if *offered > 0 {
                said.push(("a", take.as_str()));
            }
            said.push((
                "u",
                "logs it without an incident; `declare` can take it in later",
            ));
            if let Some(into) = &into {
                said.push(("i", into.as_str()));
            }
            said.push(("Esc", "back to the line"));
            hint(model, area, buf, &said);
        }
        Choice::State(_) => hint(
            model,
            area,
            buf,
            &[
                ("", "In which state did this fault put the service?"),
                ("", ""),
                ("1", "▃ at-risk: redundancy lost, customers unhurt"),
                ("2", "▅ degraded: customers hurt, not all of it gone"),
                ("3", "█ down: gone"),
                ("0", "▁ ok: nothing is changed by it"),
                ("Esc", "not known yet; the header says state? until it is"),
            ],
        ),
        Choice::Field => {
            let keys: Vec<String> = ('a'..).take(FIELDS.len()).map(String::from).collect();
            let words: Vec<String> = FIELDS
                .iter()
                .map(|(name, audience)| match audience {
                    Audience::Customers => format!("{name} ✉ customers read it"),
                    Audience::Internal => (*name).to_owned(),
                })
                .collect();
            let mut said = vec![("", "Which field?")];
            said.extend(
                keys.iter()
                    .zip(&words)
                    .map(|(k, w)| (k.as_str(), w.as_str())),
            );
            hint(model, area, buf, &said);
        }
        Choice::Section => {
            let keys: Vec<String> = (1..=SECTIONS.len()).map(|n| n.to_string()).collect();
            let mut said = vec![("", "Which section? It opens in $EDITOR."), ("", "")];
            said.extend(
                keys.iter()
                    .zip(SECTIONS)
                    .map(|(key, (_, heading))| (key.as_str(), heading)),
            );
            hint(model, area, buf, &said);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stands_where_it_would_be_drawn() {
        assert_eq!(layout("abc", 1, 10).1, (0, 1));
        assert_eq!(layout("日本", 3, 10).1, (0, 2));
        assert_eq!(layout("a\nb", 3, 10).1, (1, 1));
        assert_eq!(layout("abcd", 4, 4).1, (1, 0));
        assert_eq!(layout("abcdef", 4, 4).1, (1, 0));
        assert_eq!(layout("e\u{301}x", 3, 10).1, (0, 1));
        assert_eq!(layout("", 0, 10), (vec![String::new()], (0, 0)));
    }
}
