//! The columns of the tabs in the rule above the input line.

use crate::tui::{
    model::{Model, Tab},
    msg::R_RESTORES,
    text::{fit, width},
};

/// Fewer columns say nothing of what happened.
const MIN_MESSAGE_COLUMNS: usize = 6;

/// Ends the message of a line that was logged and is not shown.
pub const HIDDEN_BY_FILTER: &str = ", hidden by the filter";

/// Returns each tab with its label and the columns it covers: the first, and one past the last.
#[must_use]
pub fn tab_ranges(model: &Model) -> Vec<(Tab, String, u16, u16)> {
    let narrow = model.size.0 < 72;
    let mut x = 1;
    Tab::ALL
        .iter()
        .map(|tab| {
            let count = match tab {
                Tab::Tasks => model.activity.open_asks.len(),
                _ => 0,
            };
            let label = if narrow {
                tab.short_label()
            } else {
                tab.label()
            };
            let label = if count > 0 {
                format!("{label} {count}")
            } else {
                label.to_owned()
            };
            // The one shown is in brackets, also without colours.
            let text = match (*tab == model.tab, narrow) {
                (true, _) => format!("[{label}]"),
                (false, true) => label,
                (false, false) => format!(" {label} "),
            };
            let from = x;
            x += u16::try_from(width(&text)).unwrap_or(0);
            let range = (*tab, text, from, x);
            x += 1;
            range
        })
        .collect()
}

/// Returns how many columns a message has at the right of the tabs.
#[must_use]
pub fn message_columns(model: &Model) -> usize {
    let used = tab_ranges(model).last().map_or(0, |(.., to)| *to);
    usize::from(model.size.0.saturating_sub(used + 4))
}

/// Returns the tab at column `x`.
#[must_use]
pub fn tab_at(model: &Model, x: u16) -> Option<Tab> {
    tab_ranges(model)
        .into_iter()
        .find(|(.., from, to)| (*from..*to).contains(&x))
        .map(|(tab, ..)| tab)
}

/// True if column `x` is on the words of the last message that bring back what was undone or retracted.
#[must_use]
pub fn is_on_restores(model: &Model, x: u16) -> bool {
    let Some(status) = model.status.as_ref().filter(|_| model.offers_restore()) else {
        return false;
    };
    // As it is drawn: cut, with a space on each side, one column from the edge.
    let used = tab_ranges(model).last().map_or(0, |(.., to)| *to);
    let room = usize::from(model.size.0.saturating_sub(used + 2));
    let text = fit_message(&status.text, room.saturating_sub(2));
    let Some(at) = text.find(R_RESTORES) else {
        return false;
    };
    let end = usize::from(model.size.0).saturating_sub(2);
    let from = end.saturating_sub(width(&text[at..]));
    (from..from + width(R_RESTORES)).contains(&usize::from(x))
}

/// Returns a message in at most `columns`; where it is cut, what follows from it stays.
#[must_use]
pub fn fit_message(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return fit(text, columns);
    }
    for kept in [format!(" · {R_RESTORES}"), HIDDEN_BY_FILTER.to_owned()] {
        if let Some(at) = text.find(&kept) {
            let room = columns.saturating_sub(width(&kept));
            return match room >= MIN_MESSAGE_COLUMNS {
                true => format!("{}{kept}", fit(&text[..at], room)),
                false => fit(kept.trim_start_matches([' ', '·', ',']), columns),
            };
        }
    }
    fit(text, columns)
}
