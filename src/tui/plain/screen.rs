//! The parts of the screen in reading order. Where it is low, what has the keys is kept, and others give way.

use super::{
    documents::text_height,
    follows::follows,
    foot::{keys, last, notice},
    header::{self, header},
    input::input_rows,
    pages::{body_height, is_uncovered, page, page_has_keys, page_matters, selected_height},
    rows::Rows,
};
use crate::tui::model::{Model, Overlay, Tab};

/// Screens at least this high keep rows free for what follows from a typed line, so that the page above does not
/// move while it is typed.
const HIGH: usize = 20;
/// The rows that are kept free.
const KEPT_FOR_FOLLOWS: usize = 3;

/// The screen as rows of text, from top to bottom.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    pub rows: Vec<String>,
    /// Row and column of the cursor, which stands on what has the keys.
    pub cursor: (usize, usize),
}

/// The parts below and above the page, with the rows that each gets.
struct Parts {
    header: Vec<Rows>,
    page_height: usize,
    last: Rows,
    notice: Rows,
    follows: Rows,
    keys: Rows,
    input: Rows,
}

/// Returns the rows of the page below its heading: so many the keys scroll by. In the timeline the heading stands
/// for the row of the first day.
#[must_use]
pub fn page_height(model: &Model) -> u16 {
    let columns = usize::from(model.size.0);
    let body = body_height(model, columns, parts(model).page_height);
    let first_day = usize::from(model.tab == Tab::Timeline && is_uncovered(model));
    u16::try_from(body + first_day).unwrap_or(u16::MAX)
}

/// Returns how many rows of the postmortem or the email are in view.
#[must_use]
pub fn document_height(model: &Model) -> u16 {
    let columns = usize::from(model.size.0);
    let body = body_height(model, columns, parts(model).page_height);
    u16::try_from(text_height(model, columns, body)).unwrap_or(u16::MAX)
}

fn parts(model: &Model) -> Parts {
    let columns = usize::from(model.size.0);
    let height = usize::from(model.size.1);
    let is_high = height >= HIGH;
    let mut left = height;
    // Takes what a part needs, or less if there is not so much left.
    let mut take = |rows: &mut Rows, wanted: usize, most: usize| {
        rows.cut(wanted.min(most).min(left));
        let kept = wanted.min(most).min(left);
        rows.rows.resize(kept, String::new());
        left -= kept;
    };
    let mut input = input_rows(model, columns);
    let wanted = input.rows.len();
    take(&mut input, wanted, (height / 2).max(1));
    let mut notice = notice(model, columns);
    let wanted = notice.rows.len().max(usize::from(is_high));
    take(&mut notice, wanted, height / 3);
    // What a prompt or a question would do is shown whole, before the page.
    let asks = matches!(
        model.overlays.last(),
        Some(Overlay::Prompt(_) | Overlay::Confirm(_))
    );
    // In a list the selected row goes before what more there is of it.
    let mut follows = if is_high || !page_has_keys(model) {
        follows(model, columns)
    } else {
        Rows::default()
    };
    let wanted = follows.rows.len();
    let wanted = if is_high {
        wanted.max(KEPT_FOR_FOLLOWS)
    } else {
        wanted
    };
    let most = match model.overlays.last() {
        _ if asks => height,
        // The choices go before what is known of the line already.
        Some(Overlay::Routing(_)) if !is_high => height / 5,
        _ => height / 2,
    };
    take(&mut follows, wanted, most);
    let for_page = if page_matters(model) {
        let least = if is_high { height / 3 } else { height / 2 };
        selected_height(model, columns, left).max(least)
    } else {
        height / 4
    };
    // The parts that give way: whole or not at all.
    let mut spare = left.saturating_sub(for_page);
    let mut take_whole = |rows: Rows, least: usize| {
        let wanted = rows.rows.len().max(least);
        if wanted > spare {
            return Rows::default();
        }
        spare -= wanted;
        left -= wanted;
        let mut rows = rows;
        rows.rows.resize(wanted, String::new());
        rows
    };
    let mut header: Vec<Rows> = header(model)
        .iter()
        .map(|sentence| Rows::wrapped(std::slice::from_ref(sentence), columns))
        .collect();
    let mut in_order = |at: usize| {
        if let Some(rows) = header.get_mut(at) {
            *rows = take_whole(std::mem::take(rows), 0);
        }
    };
    in_order(header::STATE);
    in_order(header::INCIDENT);
    let keys = take_whole(keys(model, columns), 0);
    let last = take_whole(last(model, columns), usize::from(is_high));
    for at in [header::REQUESTS, header::UPDATE] {
        if let Some(rows) = header.get_mut(at) {
            *rows = take_whole(std::mem::take(rows), 0);
        }
    }
    Parts {
        header,
        page_height: left,
        last,
        notice,
        follows,
        keys,
        input,
    }
}

#[must_use]
pub fn screen(model: &Model) -> Screen {
    let columns = usize::from(model.size.0);
    let parts = parts(model);
    let mut page = page(model, columns, parts.page_height);
    page.cut(parts.page_height);
    page.rows.resize(parts.page_height, String::new());
    if !page_has_keys(model) {
        page.cursor = None;
    }
    let mut screen = Screen::default();
    let mut cursor = None;
    let after_page = [
        parts.last,
        parts.notice,
        parts.follows,
        parts.keys,
        parts.input,
    ];
    for part in parts.header.into_iter().chain([page]).chain(after_page) {
        if let Some((row, column)) = part.cursor {
            cursor = cursor.or(Some((screen.rows.len() + row, column)));
        }
        screen.rows.extend(part.rows);
    }
    screen.cursor = cursor.unwrap_or((screen.rows.len().saturating_sub(1), 0));
    screen
}
