//! The preview of an import, as sentences.

use super::{
    page::{Page, paragraphs},
    rows::{Item, window},
    words::{count_of, ended, sentence, without_signs},
};
use crate::tui::{
    content::import_text::{self, outcome, rest_text},
    model::{Import, ImportRows, ImportStage, ListedRow, Model, RowFate, RowFilter},
    theme::kind_word,
};

#[must_use]
pub fn import(model: &Model, import: &Import, columns: usize, height: usize) -> Page {
    let title = ended(&without_signs(&import_text::title(import)));
    let ImportStage::Shown(rows) = &import.stage else {
        let text = import_text::paragraphs(import);
        return Page::text(title, paragraphs(&text, columns, 0, height));
    };
    let counts = rows.counts(&import.request);
    let heading = format!(
        "{} taken, {} left out, {} here already, {} unreadable.",
        counts.taken, counts.left_out, counts.here, counts.unreadable
    );
    let listed = match rows.filter {
        RowFilter::All => "All rows are listed.",
        RowFilter::Taken => "The rows taken are listed.",
        RowFilter::LeftOut => "The rows left out are listed.",
        RowFilter::Here => "The rows that are here already are listed.",
        RowFilter::Unreadable => "The unreadable rows are listed.",
    };
    let shown = rows.shown(&import.request);
    let count = count_of(shown.len(), "row");
    let items = window(Some(rows.selected), shown.len(), height).map(|at| Item {
        text: match shown[at] {
            ListedRow::Row(index) => import_row(model, import, rows, index),
            ListedRow::Rest => sentence(&rest_text(import, rows)),
        },
        selected: at == rows.selected,
        ..Item::default()
    });
    Page::list(
        vec![title, heading, format!("{listed} {}", sentence(&count))],
        items.collect(),
    )
}

/// `Taken: 20 November 10:06 note: Ann Lee: it fails.`
fn import_row(model: &Model, import: &Import, rows: &ImportRows, index: usize) -> String {
    let Some(row) = rows.preview.rows.get(index) else {
        return String::new();
    };
    let fate = rows.fate(&import.request, index);
    if fate == RowFate::Unreadable {
        return sentence(&outcome(import, rows, index).0);
    }
    let what = match fate {
        RowFate::Taken => "Taken",
        RowFate::Here => "Here already",
        _ => "Left out",
    };
    let at = row.at.map_or_else(String::new, |at| {
        let at = model.zone.to_local(at.to_utc());
        format!(" {}", at.format("%-d %B %H:%M"))
    });
    let kind = rows.kind(&import.request, index);
    let text = row.text.replace('\n', " / ");
    format!("{what}:{at} {}: {}", kind_word(&kind), ended(&text))
}
