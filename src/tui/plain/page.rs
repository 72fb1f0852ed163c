//! The page: its heading, then a list or a text.

use super::{
    events, incidents, overlays,
    rows::{Item, Rows, list_rows},
    tasks,
    words::{count_of, ended, sentence, without_signs},
};
use crate::tui::{
    content::{
        letter::{letter_columns, letter_rows, side_rows, stage_labels},
        postmortem::rendered,
    },
    model::{Focus, Model, Overlay, Tab},
    text::wrap,
};
use ratatui::text::Line;

/// What is below the heading.
#[derive(Clone, Debug)]
pub enum Body {
    /// The items in view; with `keep_last`, the last of them goes last where not all fit.
    List { items: Vec<Item>, keep_last: bool },
    /// Rows, from the first in view on.
    Text(Vec<String>),
}

impl Body {
    /// Returns the rows of the selected item; 0 without one.
    fn selected_height(&self, columns: usize) -> usize {
        match self {
            Self::List { items, .. } => {
                let selected = items.iter().find(|item| item.selected);
                selected.map_or(0, |item| item.whole(columns).len())
            }
            Self::Text(_) => 0,
        }
    }
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    /// Sentences.
    pub heading: Vec<String>,
    /// What follows on the number of items shown, in the last of them: `of 13 events, newest last.`
    pub of_all: Option<String>,
    pub body: Body,
}

impl Page {
    /// Returns a list page.
    #[must_use]
    pub fn list(heading: Vec<String>, items: Vec<Item>) -> Self {
        Self {
            heading,
            of_all: None,
            body: Body::List {
                items,
                keep_last: false,
            },
        }
    }

    /// Returns a page of text.
    #[must_use]
    pub fn text(heading: String, rows: Vec<String>) -> Self {
        Self {
            heading: vec![heading],
            of_all: None,
            body: Body::Text(rows),
        }
    }

    /// Returns the heading for so many items shown.
    fn heading_rows(&self, columns: usize, shown: usize) -> Rows {
        let mut heading = self.heading.clone();
        if let (Some(of_all), Some(last)) = (&self.of_all, heading.last_mut()) {
            last.push_str(&format!(" {shown} {of_all}"));
        }
        Rows::wrapped(&heading, columns)
    }

    fn item_count(&self) -> usize {
        match &self.body {
            Body::List { items, .. } => items.len(),
            Body::Text(_) => 0,
        }
    }
}

/// True if the page is what the keys are about, though text may be typed besides.
#[must_use]
pub fn page_matters(model: &Model) -> bool {
    let overlay = model.overlays.last();
    page_has_keys(model) || matches!(overlay, Some(Overlay::Finder(_) | Overlay::Routing(_)))
}

/// True if the keys move in the page, so that the cursor stands there.
#[must_use]
pub fn page_has_keys(model: &Model) -> bool {
    match model.overlays.last() {
        Some(Overlay::Detail(_) | Overlay::Text(_) | Overlay::Paste(_)) => true,
        Some(_) => false,
        None => model.focus == Focus::List,
    }
}

/// Returns the page in at most `height` rows, with the cursor on what is selected or read. Only the rows near it
/// are made.
#[must_use]
pub fn page(model: &Model, columns: usize, height: usize) -> Rows {
    if height == 0 {
        return Rows::default();
    }
    let left = body_height(model, columns, height);
    let heading_height = height - left;
    let page = page_of(model, columns, left);
    let (body, shown) = match &page.body {
        Body::List { items, keep_last } => list_rows(items, columns, left, *keep_last),
        Body::Text(text) => {
            let text = Rows {
                rows: text.clone(),
                cursor: Some((0, 0)),
            };
            (text, 0)
        }
    };
    let mut rows = page.heading_rows(columns, shown);
    rows.cut(heading_height);
    let above = rows.rows.len();
    rows.cursor = match body.cursor {
        Some((row, column)) if !body.rows.is_empty() => Some((above + row, column)),
        _ => Some((0, 0)),
    };
    rows.rows.extend(body.rows.into_iter().take(left));
    rows
}

/// Returns how many of the page's `height` rows are below the heading.
#[must_use]
pub fn body_height(model: &Model, columns: usize, height: usize) -> usize {
    let page = page_of(model, columns, height);
    // What is selected goes before the heading.
    let selected = page.body.selected_height(columns).max(1);
    let heading = page.heading_rows(columns, page.item_count());
    height - heading.rows.len().min(height.saturating_sub(selected))
}

/// Returns how many rows the heading and the selected item take, where the page has `height` rows at most.
#[must_use]
pub fn selected_height(model: &Model, columns: usize, height: usize) -> usize {
    let page = page_of(model, columns, height);
    let heading = page.heading_rows(columns, page.item_count());
    heading.rows.len() + page.body.selected_height(columns)
}

/// Returns the page with `height` rows below its heading.
fn page_of(model: &Model, columns: usize, height: usize) -> Page {
    // The topmost that covers the page; prompts and questions do not.
    let covers = |overlay: &&Overlay| !matches!(overlay, Overlay::Prompt(_) | Overlay::Confirm(_));
    match model.overlays.iter().rev().find(covers) {
        Some(Overlay::Finder(finder)) => return overlays::finder(model, finder, height),
        Some(Overlay::Detail(detail)) => return overlays::detail(model, detail, columns, height),
        Some(Overlay::Text(page)) => return overlays::text(page, columns, height),
        Some(Overlay::Paste(paste)) => return overlays::paste(model, paste, height),
        Some(Overlay::Routing(routing)) => return overlays::routing(model, routing),
        Some(Overlay::Prompt(_) | Overlay::Confirm(_)) | None => {}
    }
    match model.tab {
        Tab::Timeline => events::timeline(model, columns, height),
        Tab::Tasks => tasks::tasks(model, height),
        Tab::Postmortem => postmortem(model, height),
        Tab::Email => email(model, height),
        Tab::Incidents => incidents::incidents(model, height),
    }
}

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

fn postmortem(model: &Model, height: usize) -> Page {
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

fn email(model: &Model, height: usize) -> Page {
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

/// Returns paragraphs in rows of `columns`, from row `scroll` on, at most scrolled to the last page of `height`.
#[must_use]
pub fn paragraphs(text: &[String], columns: usize, scroll: usize, height: usize) -> Vec<String> {
    let rows: Vec<String> = text.iter().flat_map(|text| wrap(text, columns)).collect();
    let max = rows.len().saturating_sub(height);
    rows.into_iter().skip(scroll.min(max)).collect()
}

/// Returns `Near misses, 3 events.`
#[must_use]
pub fn heading(name: &str, count: usize, thing: &str, rest: &str) -> Vec<String> {
    let rest = without_signs(rest);
    let rest = if rest.is_empty() {
        String::new()
    } else {
        format!(" {}", sentence(&rest))
    };
    vec![format!(
        "{}{rest}",
        ended(&format!("{name}, {}", count_of(count, thing)))
    )]
}
