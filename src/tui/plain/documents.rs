//! The postmortem and the email: what is to be fixed, then the text without signs.

use super::{
    page::{Body, Page},
    rows::{Item, Rows, list_rows, window},
    words::{ended, sentence, without_signs},
};
use crate::tui::{
    content::{
        findings::{document_row, enter_does, facts_known, list_title},
        letter::{letter_rows, stage_labels},
        postmortem::rendered,
    },
    model::{DocumentRow, Model, Tab, document_rows},
};
use ratatui::text::Line;

/// Columns that the text of a postmortem leaves free.
const MARGIN: usize = 3;
/// Wide enough that no row is cut; it is wrapped afterwards.
const UNCUT: usize = 2_000;
/// Pages at least this high say where the text begins.
const TITLED_HEIGHT: usize = 8;

/// What is to be fixed, and how much room is below it.
struct List {
    items: Vec<Item>,
    /// Its rows.
    height: usize,
    /// The rows of the text.
    text_height: usize,
}

/// Returns the document shown, with `height` rows below its heading.
#[must_use]
pub fn document(model: &Model, columns: usize, height: usize) -> Page {
    let is_loaded = match model.tab {
        Tab::Email => model.letter.is_some(),
        _ => model.postmortem.text.is_some(),
    };
    if !is_loaded {
        let text = match model.summary {
            None if model.first_load_done => "There is no incident to write about yet.",
            _ => "Loading.",
        };
        return Page::list(vec![format!("{}. {text}", model.tab.label())], vec![]);
    }
    let list = list(model, columns, height);
    let title = if height >= TITLED_HEIGHT {
        "The text, which Page Down scrolls:"
    } else {
        ""
    };
    Page {
        heading: vec![heading(model)],
        of_all: None,
        body: Body::Document {
            text: text_rows(model, columns, list.text_height),
            items: list.items,
            list_height: list.height,
            title: title.to_owned(),
        },
    }
}

/// Returns how many rows of the text are in view, where the page has `height` rows below its heading.
#[must_use]
pub fn text_height(model: &Model, columns: usize, height: usize) -> usize {
    list(model, columns, height).text_height
}

fn heading(model: &Model) -> String {
    let to_fix = ended(&list_title(model));
    let Some(letter) = model.letter.as_ref().filter(|_| model.tab == Tab::Email) else {
        return format!("Postmortem. {to_fix}");
    };
    let stages = stage_labels(model, letter);
    let stage = stages.get(letter.stage).map_or("", String::as_str);
    format!(
        "Email, stage {stage}, {} of {}. {to_fix} {}",
        letter.stage + 1,
        stages.len(),
        sentence(&facts_known(model))
    )
}

/// Returns the rows near the selected one in two fifths of the page, or in what the selected one takes.
fn list(model: &Model, columns: usize, height: usize) -> List {
    let rows = document_rows(model);
    let share = (height * 2).div_ceil(5);
    let items: Vec<Item> = window(Some(model.selected_finding), rows.len(), share)
        .map(|at| Item {
            text: row_in_words(model, rows[at]),
            selected: at == model.selected_finding,
            ..Item::default()
        })
        .collect();
    let selected = items.iter().find(|item| item.selected);
    let selected = selected.map_or(0, |item| item.whole(columns).len());
    let most = share.max(selected).min(height.saturating_sub(1));
    let Rows { rows, .. } = list_rows(&items, columns, most, false).0;
    let title = usize::from(height >= TITLED_HEIGHT);
    List {
        items,
        height: rows.len(),
        text_height: height.saturating_sub(rows.len() + title),
    }
}

/// `Fix: scope: "a small share" has no number. Enter edits it.`
fn row_in_words(model: &Model, row: DocumentRow<'_>) -> String {
    let enter = ended(&enter_does(model, row));
    match row {
        DocumentRow::Finding(finding) => {
            let begin = if finding.advice { "Consider" } else { "Fix" };
            let reason = without_signs(&finding.reason);
            format!("{begin}: {}, {} {enter}", finding.subject, ended(&reason))
        }
        DocumentRow::Fact(_) => {
            let spans = document_row(model, row, UNCUT, 0);
            let part = |at: usize| spans.get(at).map_or("", |span| span.content.trim());
            format!("{}: {} {enter}", part(1), ended(part(3)))
        }
    }
}

/// Returns the text in rows, from the first in view on.
fn text_rows(model: &Model, columns: usize, height: usize) -> Vec<String> {
    if let Some(letter) = model.letter.as_ref().filter(|_| model.tab == Tab::Email) {
        let lines = letter_rows(model, letter, columns);
        return without_drawing(&lines, &[], model.letter_scroll, height);
    }
    let document = rendered(model, columns.saturating_sub(MARGIN));
    let scroll = model.postmortem.scroll;
    without_drawing(&document.lines, &document.headings, scroll, height)
}

/// Returns the rows of a drawn text from `scroll` on, without rules, signs and pictures.
fn without_drawing(
    lines: &[Line<'_>],
    headings: &[usize],
    scroll: usize,
    height: usize,
) -> Vec<String> {
    let first = scroll.min(lines.len().saturating_sub(height));
    let mut in_picture = false;
    let row = |(at, line): (usize, &Line<'_>)| {
        let text: String = line.spans.iter().map(|s| s.content.as_ref()).collect();
        if text.contains(['█', '▓', '▒', '░']) {
            let begins = !std::mem::replace(&mut in_picture, true);
            return if begins {
                "A picture of the states over time is left out.".to_owned()
            } else {
                String::new()
            };
        }
        in_picture &= text.trim().is_empty();
        if text.chars().all(|c| matches!(c, '─' | ' ')) {
            return String::new();
        }
        let text = text.replace("• ", "- ").replace("↳ ", "from ");
        let text = text.replace(" · ", ", ").replace(" ·", ",");
        let text = text.replace(['│', '▌'], " ");
        match headings.contains(&at) {
            true => format!("Heading: {}", text.trim()),
            false => text,
        }
    };
    let shown = lines.iter().enumerate().skip(first).take(height);
    shown.map(row).collect()
}
