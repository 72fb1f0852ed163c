//! What the zone says of the line while it is typed: how it is read, what customers will read, advice.

use super::{event_text::drawn_state, line_effects::line_effects, notice_rows::notice_rows};
use crate::{
    domain::{
        task::ask_due,
        time::{format_duration, other_day},
        words::Kind,
    },
    tui::{
        model::{Armed, Model, Preview, command_of, is_state_alone},
        msg::{ParsedLine, short_ref},
        text::{fit, width, wrap},
        theme::{Meaning, kind_glyph, kind_word, state_glyph},
    },
};
use ratatui::{
    style::{Modifier, Style},
    text::Span,
};

type Row = Vec<Span<'static>>;

/// Rows of events that a half-typed link may mean.
const LINK_ROWS: usize = 3;

/// Returns the rows, at most `columns` wide.
#[must_use]
pub fn line_rows(model: &Model, columns: usize) -> Vec<Row> {
    let mut rows = restored_rows(model, columns);
    rows.extend(reading_rows(model, columns));
    rows
}

/// Returns how the line is read, or what it stands for.
fn reading_rows(model: &Model, columns: usize) -> Vec<Row> {
    let style = |meaning| model.theme.style(meaning);
    let capture = &model.capture;
    let texts: Vec<&str> = capture.rows().collect();
    if texts.is_empty() {
        return vec![];
    }
    let advice = |text: &str, meaning| vec![Span::styled(fit(text, columns), style(meaning))];
    if let [text] = texts.as_slice()
        && let Some(command) = command_of(text, &model.severities)
    {
        return wrap(&command.advice(text), columns)
            .iter()
            .map(|text| advice(text, Meaning::Warning))
            .collect();
    }
    if let [text] = texts.as_slice()
        && let Some(state) = is_state_alone(text)
        && let Some(asked) = model.state_questions().first()
    {
        let of = match asked.services.as_slice() {
            [] => "the incident".to_owned(),
            services => services.join(", "),
        };
        let text = format!(
            "Enter answers for {}: {of} is {state} since then",
            asked.handle
        );
        return vec![advice(&text, Meaning::Plain)];
    }
    let mut rows = Vec::new();
    // The row of the cursor; of the others, those that cannot be logged.
    let (at, _) = capture.cursor_in_rows();
    let at = at.min(texts.len() - 1);
    for (other, preview) in capture.previews.iter().enumerate() {
        if let (Preview::Invalid(failure), true) = (preview, other != at) {
            let text = format!("row {}: {}", other + 1, failure.message);
            rows.push(advice(&text, Meaning::Error));
        }
    }
    match capture.previews.get(at) {
        preview if offers_links(model) => {
            rows.extend(link_rows(model, texts[at], preview, columns));
        }
        Some(Preview::Event(parsed)) => {
            rows.extend(parsed_rows(model, texts[at], parsed, columns));
        }
        Some(preview) => rows.extend(preview_rows(model, preview, columns)),
        None => {}
    }
    rows.extend(resolved_note(model, columns));
    if capture.armed == Some(Armed::PastedLineEnd) {
        rows.push(advice(
            "It was pasted with its line end: Enter logs it.",
            Meaning::Warning,
        ));
    }
    rows
}

/// Says that the line begins with the draft of an earlier start, what puts it away, and what Enter does.
fn restored_rows(model: &Model, columns: usize) -> Vec<Row> {
    let Some(draft) = model.capture.restored_draft() else {
        return vec![];
    };
    let begun = &draft.begun;
    let text = match model.capture.armed {
        Some(Armed::RestoredDraft) => {
            format!("It began with the draft of {begun}: Enter again logs it, Ctrl-C puts it away.")
        }
        _ => format!("Draft of {begun} restored; Ctrl-C puts it away."),
    };
    let style = model.theme.style(Meaning::Warning);
    let row = |text| vec![Span::styled(text, style)];
    wrap(&text, columns).into_iter().map(row).collect()
}

/// Says that a line is added to an incident that is resolved, or may be.
#[must_use]
pub fn resolved_note(model: &Model, columns: usize) -> Option<Row> {
    let summary = model
        .summary
        .as_ref()
        .filter(|summary| !summary.row.is_open)?;
    let name = short_ref(summary.row.number, &summary.row.handle);
    let at_now = model.zone.to_local(model.now);
    let day = summary.row.resolved.map(|at| model.zone.to_local(at));
    let day = day.map_or_else(String::new, |at| match other_day(at, at_now) {
        None => format!(" {}", at.format("%-d %b")),
        Some(day) => format!(" {day}"),
    });
    let asks = if model.has_target() {
        ""
    } else {
        ", or elsewhere: Enter asks"
    };
    let text = format!("adds to {name} (resolved{day}){asks}");
    let style = model.theme.style(Meaning::Warning);
    Some(vec![Span::styled(fit(&text, columns), style)])
}

/// Returns the rows of a preview that is no event, or of an event in a prompt.
#[must_use]
pub fn preview_rows(model: &Model, preview: &Preview, columns: usize) -> Vec<Row> {
    let wrapped = |text: &str, meaning: Meaning| {
        let style = model.theme.style(meaning);
        let row = move |text| vec![Span::styled(text, style)];
        wrap(text, columns).into_iter().map(row)
    };
    match preview {
        Preview::Empty => vec![],
        Preview::FollowUp(text) => wrapped(text, Meaning::Dim).collect(),
        Preview::Invalid(failure) => {
            let hint = failure.hint.as_deref().unwrap_or_default();
            let hint = (!hint.is_empty()).then(|| wrapped(hint, Meaning::Dim));
            wrapped(&failure.message, Meaning::Error)
                .chain(hint.into_iter().flatten())
                .collect()
        }
        Preview::Event(parsed) => {
            let mut rows = vec![event_row(model, parsed, vec![], columns)];
            rows.extend(wording_rows(model, parsed, columns));
            rows
        }
    }
}

/// Returns the customer wording of a line, in full.
fn wording_rows(model: &Model, parsed: &ParsedLine, columns: usize) -> Vec<Row> {
    let style = model
        .theme
        .style(Meaning::Customer)
        .add_modifier(Modifier::BOLD);
    let wording = parsed.event.customer.as_deref();
    wording.map_or_else(Vec::new, |text| {
        wrap(&format!("» customers will read: {text}"), columns)
            .into_iter()
            .map(|text| vec![Span::styled(text, style)])
            .collect()
    })
}

/// Returns how a line is read: one row with all parts of the event, then its customer wording in full, then
/// the question that Enter asks, else advice, else completions.
fn parsed_rows(model: &Model, row: &str, parsed: &ParsedLine, columns: usize) -> Vec<Row> {
    let style = |meaning| model.theme.style(meaning);
    let effects = line_effects(model, parsed);
    let mut rows = vec![event_row(model, parsed, effects, columns)];
    let wording = wording_rows(model, parsed, columns);
    if wording.is_empty() {
        let text = fit("customers read nothing of this", columns);
        rows.push(vec![Span::styled(text, style(Meaning::Dim))]);
    } else {
        rows.extend(wording);
    }
    if let Some(question) = model.capture.question_of(row, parsed) {
        let again = match model.capture.armed {
            Some(Armed::Time) => "Enter again logs it",
            _ => "Enter asks once more",
        };
        let text = format!("{question}. {again}.");
        rows.extend(
            wrap(&text, columns)
                .into_iter()
                .map(|text| vec![Span::styled(text, style(Meaning::Warning))]),
        );
    } else if !parsed.notices.is_empty() {
        let row = |text| vec![Span::styled(text, style(Meaning::Warning))];
        rows.extend(notice_rows(&parsed.notices, columns).into_iter().map(row));
    } else if !offers_links(model) {
        rows.extend(completion_rows(model, columns, 1));
    }
    rows
}

/// Returns the events that the link at the cursor may mean; above them what the line is without it, or why it
/// was refused.
fn link_rows(model: &Model, text: &str, preview: Option<&Preview>, columns: usize) -> Vec<Row> {
    let row = |text: &str, meaning| {
        let style = model.theme.style(meaning);
        vec![Span::styled(fit(text, columns), style)]
    };
    let mut rows = match preview {
        // All of these are read before Enter.
        Some(Preview::Event(parsed))
            if parsed.question.is_some() || parsed.event.customer.is_some() =>
        {
            parsed_rows(model, text, parsed, columns)
        }
        Some(Preview::Event(parsed)) => match parsed.notices.first() {
            Some(notice) => vec![row(notice, Meaning::Warning)],
            None => {
                let effects = line_effects(model, parsed);
                vec![event_row(model, parsed, effects, columns)]
            }
        },
        Some(Preview::Invalid(failure)) if model.capture.row_ended => {
            vec![row(&failure.message, Meaning::Error)]
        }
        _ => vec![],
    };
    let height = LINK_ROWS.saturating_sub(rows.len()).max(1);
    rows.extend(completion_rows(model, columns, height));
    rows
}

/// Returns the completions: events that a link may mean in at most `height` rows, others in one.
fn completion_rows(model: &Model, columns: usize, height: usize) -> Vec<Row> {
    let capture = &model.capture;
    let completions = &capture.completions;
    if completions.is_empty() || !model.overlays.is_empty() {
        return vec![];
    }
    let accent = model.theme.style(Meaning::Accent);
    if !offers_links(model) {
        let words: Vec<&str> = completions
            .iter()
            .take(8)
            .map(|completion| completion.replacement.as_str())
            .collect();
        let text = fit(&format!("Tab  {}", words.join("  ")), columns);
        return vec![vec![Span::styled(text, accent)]];
    }
    let chosen = capture.active_completion.as_ref().map(|(at, _)| *at);
    let next = chosen.unwrap_or(0);
    let first = (next + 1).saturating_sub(height);
    let shown = completions.iter().enumerate().skip(first).take(height);
    let below = completions.len().saturating_sub(first + height);
    shown
        .map(|(at, link)| {
            let (mark, style) = match at == next {
                true if chosen.is_some() => ("▸    ", accent),
                true => ("Tab  ", accent),
                false => ("     ", model.theme.style(Meaning::Dim)),
            };
            let more = match at + 1 == first + height && below > 0 {
                true => format!("  {below} more"),
                false => String::new(),
            };
            let room = columns.saturating_sub(width(&more));
            let text = fit(&format!("{mark}{}  {}", link.replacement, link.note), room);
            vec![Span::styled(format!("{text}{more}"), style)]
        })
        .collect()
}

/// True if the completions are the events that a link may mean.
fn offers_links(model: &Model) -> bool {
    let mut completions = model.capture.completions.iter();
    model.overlays.is_empty() && completions.any(|completion| !completion.note.is_empty())
}

/// The kind with its sign; a note has none of its own.
fn kind_text(kind: &Kind) -> String {
    match kind {
        Kind::Note => kind.to_string(),
        kind => format!("{} {}", kind_glyph(kind), kind_word(kind)),
    }
}

/// Returns the row with all parts of the event, and `effects`, what follows from it.
fn event_row(
    model: &Model,
    parsed: &ParsedLine,
    effects: Vec<(String, Style)>,
    columns: usize,
) -> Row {
    let theme = &model.theme;
    let event = &parsed.event;
    let dim = theme.style(Meaning::Dim);
    let at = parsed.zone.to_local(event.at_utc());
    let today = parsed.zone.to_local(model.now).date_naive();
    let abbreviation = parsed.zone.abbreviation(event.at_utc());
    let approx = if event.approximate { "~" } else { "" };
    let when = if at.date_naive() == today {
        format!("{approx}{} {abbreviation} today", at.format("%H:%M"))
    } else {
        format!("{approx}{} {abbreviation}", at.format("%a %-d %b %Y %H:%M"))
    };
    let mut parts: Vec<(String, Style)> = vec![
        (when, dim),
        (kind_text(&event.kind), theme.style(Meaning::Strong)),
    ];
    if let Some(end) = event.end_utc() {
        let end = parsed.zone.to_local(end).format("%H:%M");
        parts[0].0.push_str(&format!(", to {end}"));
    }
    if let Some(state) = event.shown_state() {
        let known = drawn_state(&state);
        let text = format!("{} {state}", state_glyph(known));
        parts.push((text, theme.state_style(known)));
    }
    parts.extend(effects);
    parts.extend(event.typed_names().map(|name| (name, dim)));
    if let Some(due) = ask_due(event) {
        let seconds = (due - event.at_utc()).num_seconds();
        parts.push((format!("within {}", format_duration(seconds)), dim));
    }
    if event.closes {
        parts.push(("closes the request".to_owned(), dim));
    }
    if let Some(audience) = &event.audience {
        parts.push((format!("to {audience}"), dim));
    }
    // Where it goes, if that is not plain.
    if let Some(summary) = &model.summary {
        let number = short_ref(summary.row.number, &summary.row.handle);
        if !summary.row.is_open && model.explicit_incident {
            parts.insert(
                0,
                (
                    format!("{number} (resolved)"),
                    theme.style(Meaning::Warning),
                ),
            );
        } else if !model.other_open.is_empty() && model.has_target() {
            parts.insert(0, (number, theme.style(Meaning::Warning)));
        }
    }
    let mut room = columns;
    let mut row: Row = Vec::new();
    for (at, (text, style)) in parts.into_iter().enumerate() {
        let separator = if at == 0 { "" } else { " · " };
        let text = fit(&text, room.saturating_sub(3));
        if text.is_empty() {
            // It ends in the sign of what is cut already, or has room for it.
            let is_signed = row.last().is_some_and(|span| span.content.ends_with('…'));
            row.extend((!is_signed).then(|| Span::styled("…", dim)));
            break;
        }
        room = room.saturating_sub(width(&text) + 3);
        row.push(Span::styled(separator, dim));
        row.push(Span::styled(text, style));
    }
    row
}
