//! The rows of the email tab: the letter, and its saved drafts.

use super::findings;
use crate::domain::{time::format_duration, white_space::fold_white_space};
use crate::tui::{
    model::{DocumentRow, Model, document_rows},
    msg::Letter,
    text::{fit, span, wrap},
    theme::Meaning,
};
use ratatui::text::{Line, Span};

/// Columns before the text: a bar marks the lines that the selected row above is about.
const MARGIN: usize = 2;

/// Returns the labels of the stages; the one that comes next says so.
#[must_use]
pub fn stage_labels(model: &Model, letter: &Letter) -> Vec<String> {
    let label = |(at, stage): (usize, &String)| {
        let due = at == letter.stage && letter.is_due;
        let stage = match stage.as_str() {
            "followup" => "follow-up",
            stage => stage,
        };
        match (due, model.promised_update()) {
            // A narrow screen has room for the names only.
            _ if model.size.0 < 60 => stage.to_owned(),
            (false, _) => stage.to_owned(),
            (true, Some(at)) if stage == "update" => match (at - model.now).num_minutes() {
                minutes if minutes < 0 => format!("{stage} (late)"),
                minutes => format!("{stage} (due in {})", format_duration(minutes * 60)),
            },
            (true, _) => format!("{stage} (to send)"),
        }
    };
    letter.stages.iter().enumerate().map(label).collect()
}

fn highlight_placeholders(model: &Model, text: &str) -> Vec<Span<'static>> {
    let warning = model.theme.style(Meaning::Warning);
    let span = |(text, is_placeholder): (&str, bool)| match is_placeholder {
        true => Span::styled(text.to_owned(), warning),
        false => Span::raw(text.to_owned()),
    };
    findings::split_placeholders(text)
        .into_iter()
        .map(span)
        .collect()
}

/// Returns the letter in rows of at most `columns`, with the source events of each line if those
/// are shown; below it the saved drafts.
#[must_use]
pub fn letter_rows(model: &Model, letter: &Letter, columns: usize) -> Vec<Line<'static>> {
    let theme = &model.theme;
    let dim = theme.style(Meaning::Dim);
    let columns = columns.saturating_sub(MARGIN).max(1);
    let marked = marked_lines(model, letter);
    let margin = |is_marked: bool| match is_marked {
        true => Span::styled("▌ ", theme.style(Meaning::Accent)),
        false => Span::raw("  "),
    };
    let subject = Span::styled(
        fit(
            &findings::without_commands(&letter.subject),
            columns.saturating_sub(9),
        ),
        theme.style(Meaning::Strong),
    );
    let mut rows = vec![
        Line::from(vec![
            margin(marked.contains(&0)),
            Span::styled("Subject: ", dim),
            subject,
        ]),
        Line::default(),
    ];
    let body = findings::without_commands(&letter.body);
    for (at, line) in body.lines().enumerate() {
        for text in wrap(line, columns) {
            let mut spans = vec![margin(marked.contains(&(at + 1)))];
            spans.extend(highlight_placeholders(model, &text));
            rows.push(Line::from(spans));
        }
        if !model.show_sources {
            continue;
        }
        // A sentence may span lines: its sources are shown under the first.
        let known: Vec<_> = sources_of(letter, at).collect();
        for (handle, text) in sources_of(letter, at + 1).filter(|source| !known.contains(source)) {
            let source = format!("↳ {handle} {text}");
            rows.push(Line::from(vec![
                margin(false),
                span(&fit(&source, columns), theme.style(Meaning::Accent)),
            ]));
        }
    }
    if !letter.saved_messages.is_empty() {
        rows.push(Line::default());
        rows.push(Line::from(Span::styled(
            "  Saved drafts",
            theme.style(Meaning::Strong),
        )));
        for message in &letter.saved_messages {
            for text in wrap(message, columns) {
                rows.push(Line::from(format!("  {text}")));
            }
        }
    }
    rows
}

/// The records that line `number` comes from.
fn sources_of(letter: &Letter, number: usize) -> impl Iterator<Item = &(String, String)> {
    let lines = letter.sources.iter();
    lines
        .filter(move |(line, _)| *line == number)
        .flat_map(|(_, sources)| sources)
}

/// The numbers of the lines that the selected row above the letter is about: those made from its record, and
/// those of the placeholder that it fills in. 0 is the subject.
fn marked_lines(model: &Model, letter: &Letter) -> Vec<usize> {
    let rows = document_rows(model);
    let (handle, command) = match rows.get(model.selected_finding) {
        Some(DocumentRow::Finding(finding)) => {
            (finding.handle.clone(), Some(finding.command.as_str()))
        }
        Some(DocumentRow::Fact(name)) => (Some(format!("field/{name}")), None),
        None => return vec![],
    };
    let is_of = |source: &(String, String)| Some(&source.0) == handle.as_ref();
    let mut lines: Vec<usize> = letter
        .sources
        .iter()
        .filter(|(_, sources)| sources.iter().any(is_of))
        .map(|(line, _)| *line)
        .collect();
    let mut number = 1;
    for (piece, is_placeholder) in findings::split_placeholders(&letter.body) {
        let breaks = piece.matches('\n').count();
        if is_placeholder
            && command.is_some_and(|c| fold_white_space(piece).ends_with(&format!(": {c}]]")))
        {
            lines.extend(number..=number + breaks);
        }
        number += breaks;
    }
    if command.is_some_and(|c| letter.subject.contains(&format!(": {c}]]"))) {
        lines.push(0);
    }
    lines
}
