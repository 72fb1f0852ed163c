//! The notices on the line that is being typed.

use crate::tui::text::{fit, wrap};

/// How many rows notices take at most.
const NOTICE_ROWS: usize = 3;

/// Returns the notices: the only one wrapped, else a row each, as far as there is room.
#[must_use]
pub fn notice_rows(notices: &[String], columns: usize) -> Vec<String> {
    if let [only] = notices {
        let mut rows = wrap(only, columns);
        let cut = rows.split_off(rows.len().min(NOTICE_ROWS - 1));
        if !cut.is_empty() {
            rows.push(fit(&cut.join(" "), columns));
        }
        return rows;
    }
    let shown = match notices.len() {
        more if more > NOTICE_ROWS => NOTICE_ROWS - 1,
        all => all,
    };
    let mut rows: Vec<String> = notices[..shown]
        .iter()
        .map(|notice| fit(notice, columns))
        .collect();
    if shown < notices.len() {
        let more = notices.len() - shown;
        rows.push(fit(
            &format!("{more} more: {}", notices[shown..].join(" · ")),
            columns,
        ));
    }
    rows
}
