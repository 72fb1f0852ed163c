//! The last line: what has the keys, and the text that is typed there.

use super::{
    follows::is_confirm,
    rows::Rows,
    words::{ended, without_signs},
};
use crate::tui::{
    content::{
        input_text::wrap_with_cursor,
        zone::{zone_head, zone_input},
    },
    model::{CheckStage, Model, Overlay},
};

/// Returns `Mode log. Line: …` with the cursor in its text, `Mode list. Tab writes.`, or
/// `Confirm: …? Enter yes, Escape no.`
#[must_use]
pub fn input_rows(model: &Model, columns: usize) -> Rows {
    let head = zone_head(model);
    let label = without_signs(&head.label);
    if is_confirm(model) {
        let is_refused = matches!(
            model.overlays.last(),
            Some(Overlay::Confirm(confirm)) if matches!(confirm.check, CheckStage::Refused(_))
        );
        let answers = if is_refused {
            "This is not possible. Enter or Escape closes it."
        } else {
            "Enter yes, Escape no."
        };
        let mut rows = Rows::wrapped(&[format!("Confirm: {label} {answers}")], columns);
        rows.cursor = Some((0, 0));
        return rows;
    }
    let mode = format!("Mode {}.", head.badge.to_lowercase());
    let Some(input) = zone_input(model) else {
        let way_out = match model.overlays.last() {
            Some(Overlay::Detail(_) | Overlay::Text(_)) => "Escape goes back.".to_owned(),
            _ if label.is_empty() => String::new(),
            _ => ended(&label),
        };
        let mut rows = Rows::wrapped(&[format!("{mode} {way_out}")], columns);
        rows.cursor = Some((0, 0));
        return rows;
    };
    let label = match (model.overlays.last(), label.as_str()) {
        (None | Some(Overlay::Routing(_)), _) => "Line:",
        (Some(Overlay::Finder(_)), _) => "Search:",
        (_, "" | "›") => "Text:",
        (_, label) => label,
    };
    let before = format!("{mode} {label} ");
    let text = format!("{before}{}", input.text());
    let at = before.len() + input.before_cursor().len();
    let (rows, cursor) = wrap_with_cursor(&text, at, columns.saturating_sub(1));
    Rows {
        rows,
        cursor: Some(cursor),
    }
}
