//! The postmortem and the email: their rows without signs.

use super::{page::Page, words::sentence};
use crate::tui::{
    content::{
        letter::{letter_columns, letter_rows, side_rows, stage_labels},
        postmortem::rendered,
    },
    model::Model,
};
use ratatui::text::Line;

/// Returns the rows of a drawn document from `scroll` on, without rules, signs and pictures.
fn document_rows(lines: &[Line<'_>], scroll: usize, height: usize) -> Vec<String> {
    let text =
        |line: &Line<'_>| -> String { line.spans.iter().map(|s| s.content.as_ref()).collect() };
    let is_picture = |text: &str| text.contains(['█', '▓', '▒', '░']);
    let first = scroll.min(lines.len().saturating_sub(height));
    let mut in_picture = false;
    let row = |line: &Line<'_>| {
        let text = text(line);
        if is_picture(&text) {
            let begins = !std::mem::replace(&mut in_picture, true);
            return if begins {
                "A picture of the states over time is left out.".to_owned()
            } else {
                String::new()
            };
        }
        in_picture &= text.trim().is_empty();
        let text = text.replace("• ", "- ").replace("↳ ", "from ");
        let text = text.replace(" · ", ", ").replace("│ ", "");
        match text.chars().all(|c| matches!(c, '─' | ' ')) {
            true => String::new(),
            false => text.replace(" ·", ","),
        }
    };
    lines.iter().skip(first).take(height).map(row).collect()
}

fn to_fix(findings: usize) -> String {
    match findings {
        0 => "nothing to fix".to_owned(),
        n => format!("{n} to fix"),
    }
}

fn nothing_to_write(model: &Model, name: &str) -> Page {
    let text = match model.summary {
        None if model.first_load_done => "There is no incident to write about yet.",
        _ => "Loading.",
    };
    Page::list(vec![format!("{name}. {text}")], vec![])
}

/// The postmortem, from the first row in view on.
#[must_use]
pub fn postmortem(model: &Model, height: usize) -> Page {
    let document = &model.postmortem;
    if document.text.is_none() {
        return nothing_to_write(model, "Postmortem");
    }
    let what = if document.findings_shown {
        "what it lacks"
    } else {
        "the document"
    };
    let findings = to_fix(document.findings.len());
    let rendered = rendered(model);
    let mut rows = document_rows(&rendered.lines, document.scroll, height);
    let first = document
        .scroll
        .min(rendered.lines.len().saturating_sub(height));
    for (at, row) in rows.iter_mut().enumerate() {
        if rendered.headings.contains(&(first + at)) {
            *row = format!("Heading: {}", row.trim());
        }
    }
    Page::text(format!("Postmortem, {what}, {findings}."), rows)
}

/// The email of the stage shown, then what it lacks, from the first row in view on.
#[must_use]
pub fn email(model: &Model, height: usize) -> Page {
    let Some(letter) = &model.letter else {
        return nothing_to_write(model, "Email");
    };
    let columns = letter_columns(model);
    let mut lines = letter_rows(model, letter, columns);
    lines.push(Line::default());
    lines.extend(side_rows(model, letter, columns));
    let stages = stage_labels(letter);
    let stage = stages.get(letter.stage).cloned().unwrap_or_default();
    let heading = format!(
        "Email, stage {stage}, {} of {}. {}.",
        letter.stage + 1,
        stages.len(),
        sentence(&to_fix(letter.findings.len())).trim_end_matches('.')
    );
    Page::text(heading, document_rows(&lines, model.letter_scroll, height))
}
