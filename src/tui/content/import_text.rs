//! What is said of an import: its title, what becomes of each row, what Enter does.

use super::kept_line::kept_line_row;
use crate::{
    ops::import::{InputNeed, Need, Outcome, PreviewRow, grouped},
    tui::{
        model::{Import, ImportRows, ImportStage, ListedRow, Model, Question, RowFate},
        msg::Target,
        text::{fit, wrap},
        theme::{Meaning, kind_word},
    },
};
use ratatui::text::Span;

type Row = Vec<Span<'static>>;

/// Returns the title of the page: the file, its format, and what was said of its times.
#[must_use]
pub fn title(import: &Import) -> String {
    let request = &import.request;
    let format = import.rows().map(|rows| rows.preview.format.to_owned());
    let date = request.date.map(|date| format!("from {date}"));
    let start = request.start.as_ref().map(|start| format!("from {start}"));
    let columns = request.columns.iter();
    let columns = columns.map(|(field, column)| format!("{field}: {column}"));
    let said = [format, request.zone.clone(), date, start];
    let said: Vec<String> = said.into_iter().flatten().chain(columns).collect();
    let said = match said.is_empty() {
        true => String::new(),
        false => format!(" ({})", said.join(", ")),
    };
    let what = match import.stage {
        ImportStage::Done(_) => "Imported",
        ImportStage::Writing(_) => "Being imported",
        _ => "Import",
    };
    format!("{what}: {}{said}", import.name)
}

/// Returns the sentences of a page without rows; empty while rows are shown.
#[must_use]
pub fn paragraphs(import: &Import) -> Vec<String> {
    let so_far = grouped(import.rows_so_far);
    match &import.stage {
        ImportStage::Shown(_) => vec![],
        ImportStage::Reading => vec![
            format!("Reading {}: {so_far} rows so far.", import.name),
            "Nothing is written. Esc cancels.".to_owned(),
        ],
        ImportStage::Asks(need, message) => vec![
            format!("{message}."),
            question(need),
            "Enter answers, Esc closes it.".to_owned(),
        ],
        ImportStage::Refused(failure) => {
            let mut paragraphs = vec![
                "It cannot be read.".to_owned(),
                failure.message.clone(),
            ];
            paragraphs.extend(failure.hint.iter().cloned());
            paragraphs.push("Esc closes it. Ctrl-O reads it as another format.".to_owned());
            paragraphs
        }
        ImportStage::Writing(rows) => vec![
            format!(
                "Importing {} of {} rows: {so_far} read so far.",
                grouped(rows.counts(&import.request).taken),
                grouped(rows.preview.read)
            ),
            "All of them go in together, or none. Esc goes back to the log, and the import goes on; what you log meanwhile is kept, and saved after it."
                .to_owned(),
        ],
        ImportStage::Done(done) => done.paragraphs.clone(),
    }
}

/// Returns the rows below the title of a page without a list, of a page of this size.
#[must_use]
pub fn page_rows(import: &Import, width: u16, height: u16) -> Vec<String> {
    let columns = usize::from(width).saturating_sub(4).max(10);
    let mut rows = Vec::new();
    for paragraph in paragraphs(import) {
        rows.push(String::new());
        rows.extend(
            wrap(&paragraph, columns)
                .iter()
                .map(|row| format!("  {row}")),
        );
    }
    // On a low page the blank rows give way.
    if rows.len() >= usize::from(height) {
        rows.retain(|row| !row.is_empty());
    }
    rows
}

/// What the user must say, as a question.
#[must_use]
pub fn question(need: &InputNeed) -> String {
    match need {
        InputNeed::Format => "Which format has it?".to_owned(),
        InputNeed::Source(Need::Zone) => "In which zone are its times?".to_owned(),
        InputNeed::Source(Need::Date) => "Which day is its first row of?".to_owned(),
        InputNeed::Source(Need::Start) => "When did it begin?".to_owned(),
        InputNeed::Source(Need::Column(field, columns)) => {
            format!("Which column has the {field}? {}", columns.join(", "))
        }
    }
}

/// Returns what is said below the prompt for an answer.
#[must_use]
pub fn answer_hint(model: &Model, question: &Question) -> String {
    let asked = model
        .overlays
        .iter()
        .rev()
        .find_map(|overlay| match overlay {
            crate::tui::model::Overlay::Import(import) => match &import.stage {
                ImportStage::Asks(InputNeed::Source(need), _) => Some(need),
                _ => None,
            },
            _ => None,
        });
    match question {
        Question::ImportZone => format!(
            "such as Europe/Berlin or UTC; here: as the incident, {}",
            model.zone.name()
        ),
        Question::ImportDate => "such as 20 Nov, yesterday or 2026-11-20".to_owned(),
        Question::ImportStart => "2026-11-20 10:00, in the zone of the incident".to_owned(),
        _ => match asked {
            Some(Need::Column(_, columns)) => format!("one of: {}", columns.join(", ")),
            _ => String::new(),
        },
    }
}

/// Says what becomes of a row, and why.
#[must_use]
pub fn outcome(import: &Import, rows: &ImportRows, index: usize) -> (String, Meaning) {
    let Some(row) = rows.preview.rows.get(index) else {
        return (String::new(), Meaning::Plain);
    };
    let place = match row.place.as_str() {
        "" => String::new(),
        place => format!("{place}: "),
    };
    let (text, meaning) = match (&row.outcome, rows.fate(&import.request, index)) {
        (Outcome::Bad(reason), _) => (format!("cannot be read: {reason}"), Meaning::Error),
        (Outcome::There, _) => ("it is here already".to_owned(), Meaning::Dim),
        (Outcome::ChangedHere, _) => (
            "it was edited in the source and here: it stays as it is here".to_owned(),
            Meaning::Warning,
        ),
        (Outcome::Empty, _) => ("it has no text: left out".to_owned(), Meaning::Dim),
        (Outcome::OutsidePeriod, _) => ("outside the period: left out".to_owned(), Meaning::Dim),
        (outcome, RowFate::Taken) => {
            let kind = rows.kind(&import.request, index);
            let what = match outcome {
                Outcome::Amended => "the source edited it: its event here is amended, as",
                Outcome::BroughtBack => "it was undone here: it comes back, as",
                _ => "becomes",
            };
            let article = match kind_word(&kind).starts_with(['a', 'e', 'i', 'o', 'u']) {
                true => "an",
                false => "a",
            };
            let state = match kind.bears_state() {
                true => "; its kind may change the state",
                false => "",
            };
            let text = format!("{what} {article} {}{state}", kind_word(&kind));
            let meaning = match state {
                "" => Meaning::Plain,
                _ => Meaning::Warning,
            };
            (text, meaning)
        }
        _ => (
            format!("{}left out; Space takes it", side_note(row)),
            Meaning::Dim,
        ),
    };
    (format!("{place}{text}"), meaning)
}

/// `a join, `
fn side_note(row: &PreviewRow) -> String {
    let rule = row.action.map(crate::ops::import::Action::rule);
    match rule.filter(|rule| rule.kind.is_none()) {
        Some(rule) => format!("{}: ", rule.nouns.0),
        None => String::new(),
    }
}

/// Says what becomes of the rows that are not listed.
#[must_use]
pub fn rest_text(import: &Import, rows: &ImportRows) -> String {
    let count = rows.preview.read.saturating_sub(rows.preview.rows.len());
    let counts = rows.rest_counts(&import.request);
    let what = match rows.rest_taken {
        true => format!("{} by the same rules", grouped(counts.taken)),
        false => "left out".to_owned(),
    };
    format!("{} more rows, not listed: {what}", grouped(count))
}

/// Returns the label of the zone.
#[must_use]
pub fn zone_label(import: &Import) -> String {
    match &import.stage {
        ImportStage::Reading => "reading; Esc cancels".to_owned(),
        ImportStage::Asks(need, _) => question(need),
        ImportStage::Refused(_) => "it cannot be read".to_owned(),
        ImportStage::Writing(_) => "being written; Esc goes back to the log".to_owned(),
        ImportStage::Done(_) => "done; Esc closes".to_owned(),
        ImportStage::Shown(rows) => match rows.counts(&import.request).taken {
            0 => "No row is taken".to_owned(),
            1 => "1 row goes in, and one undo removes it".to_owned(),
            n if n > crate::ops::import::MAX_UNDONE_EVENTS => {
                format!("{} rows go in together; too many for undo", grouped(n))
            }
            n => format!(
                "{} rows go in together, and one undo removes them together",
                grouped(n)
            ),
        },
    }
}

/// Returns the rows below the badge, as many as fit `height`.
#[must_use]
pub fn import_rows(model: &Model, import: &Import, columns: usize, height: usize) -> Vec<Row> {
    let row =
        |text: &str, meaning| vec![Span::styled(fit(text, columns), model.theme.style(meaning))];
    let kept = kept_line_row(model, columns);
    let ImportStage::Shown(rows) = &import.stage else {
        return kept.into_iter().collect();
    };
    let mut said = Vec::new();
    match rows.selected_row(&import.request) {
        Some(ListedRow::Row(index)) => {
            let (text, meaning) = outcome(import, rows, index);
            let style = model.theme.style(meaning);
            let wrapped = wrap(&text, columns);
            said.extend(
                wrapped
                    .into_iter()
                    .map(|text| vec![Span::styled(text, style)]),
            );
        }
        Some(ListedRow::Rest) => said.push(row(&rest_text(import, rows), Meaning::Plain)),
        None => {}
    }
    if let Some(notice) = rows.preview.notices.first() {
        let more = match rows.preview.notices.len() {
            1 => String::new(),
            n => format!(" (and {} more remarks)", n - 1),
        };
        said.push(row(&format!("{notice}{more}"), Meaning::Warning));
    }
    let ask = match import.armed {
        true => {
            let count = grouped(rows.counts(&import.request).taken);
            format!(
                "Enter again imports {count} rows {}; your line stays.",
                destination(model, import)
            )
        }
        false if import.taken_count() == 0 => {
            "Nothing is taken. Space takes a row, ← → list others, Esc closes it.".to_owned()
        }
        false => "Enter, and Enter again, imports the rows.".to_owned(),
    };
    said.truncate(
        height
            .saturating_sub(1 + usize::from(kept.is_some()))
            .max(1),
    );
    said.extend(kept);
    said.push(row(&ask, Meaning::Warning));
    said
}

/// `into #1`
fn destination(model: &Model, import: &Import) -> String {
    match (&import.request.target, &model.summary) {
        (Target::Unfiled, _) => "into no incident".to_owned(),
        (Target::Named(handle), Some(summary)) if summary.row.handle == *handle => {
            let name = crate::tui::msg::short_ref(summary.row.number, &summary.row.handle);
            format!("into {name}")
        }
        (Target::Named(handle), _) => format!("into {handle}"),
        (Target::Open, _) => "where you say next".to_owned(),
    }
}
