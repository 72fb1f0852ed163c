//! Sentences in rows of the screen.

use crate::tui::text::{fit, wrap};
use std::ops::Range;

/// Rows with the place of the cursor in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    pub rows: Vec<String>,
    /// Row and column of the cursor, if it stands here.
    pub cursor: Option<(usize, usize)>,
}

impl Rows {
    /// Wraps `sentences` to `columns`, each beginning on a row of its own.
    #[must_use]
    pub fn wrapped(sentences: &[String], columns: usize) -> Self {
        let sentences = sentences.iter().filter(|sentence| !sentence.is_empty());
        Self {
            rows: sentences.flat_map(|text| wrap(text, columns)).collect(),
            cursor: None,
        }
    }

    /// Drops rows until at most `height` are left: those at the end, or before the cursor if it stands below.
    pub fn cut(&mut self, height: usize) {
        let skip = self
            .cursor
            .map_or(0, |(row, _)| (row + 1).saturating_sub(height));
        self.rows.drain(..skip.min(self.rows.len()));
        self.rows.truncate(height);
        let cursor = self.cursor.filter(|_| height > 0);
        self.cursor = cursor.map(|(row, column)| (row - skip, column));
    }
}

/// An item of a list.
#[derive(Clone, Debug, Default)]
pub struct Item {
    pub text: String,
    /// True for what is selected: it is shown whole, and has the cursor where the list has the keys.
    pub selected: bool,
    /// What the heading says of the first item shown, such as its day.
    pub group: String,
}

impl Item {
    /// Returns all rows of the selected item.
    #[must_use]
    pub fn whole(&self, columns: usize) -> Vec<String> {
        wrap(&format!("Selected: {}", self.text), columns)
    }
}

/// Returns the indexes of the items to show of a list of `count`: `height` around `selected`.
#[must_use]
pub fn window(selected: Option<usize>, count: usize, height: usize) -> Range<usize> {
    let from = selected
        .unwrap_or(0)
        .saturating_sub(height / 2)
        .min(count.saturating_sub(height));
    from..(from + height).min(count)
}

/// Pages at least this high show up to two rows of each item.
const TWO_ROWS_HEIGHT: usize = 8;

/// Returns `text` in at most `most` rows of `columns`; if it is cut it ends in `…`.
fn in_rows(text: &str, columns: usize, most: usize) -> Vec<String> {
    let mut rows = wrap(text, columns);
    if rows.len() > most {
        let cut = format!("{} {}", rows[most - 1], rows[most]);
        rows.truncate(most - 1);
        rows.push(fit(&cut, columns));
    }
    rows
}

/// Returns the items in at most `height` rows: the selected one whole and with the cursor, others cut to one row
/// or two. Where not all fit, those farthest below the selected one go, then those above; with `keep_last` and
/// nothing selected, the first ones. Also returns the indexes of the items that are left.
#[must_use]
pub fn list_rows(
    items: &[Item],
    columns: usize,
    height: usize,
    keep_last: bool,
) -> (Rows, Range<usize>) {
    let selected = items.iter().position(|item| item.selected);
    let most = if height < TWO_ROWS_HEIGHT { 1 } else { 2 };
    let rows: Vec<Vec<String>> = items
        .iter()
        .map(|item| match item.selected {
            true => item.whole(columns),
            false => in_rows(&item.text, columns, most),
        })
        .collect();
    let kept = match selected {
        None if keep_last => items.len().saturating_sub(1),
        selected => selected.unwrap_or(0),
    };
    let mut total: usize = rows.iter().map(Vec::len).sum();
    let (mut from, mut to) = (0, rows.len());
    while total > height && to - from > 1 {
        let gone = if to - 1 > kept {
            to -= 1;
            to
        } else {
            from += 1;
            from - 1
        };
        total -= rows[gone].len();
    }
    let above = |at: usize| rows[from..at].iter().map(Vec::len).sum();
    let mut shown = Rows {
        rows: rows[from..to].concat(),
        cursor: selected.map(|at| (above(at), 0)),
    };
    shown.rows.truncate(height);
    (shown, from..to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(text: &str, selected: bool) -> Item {
        Item {
            text: text.to_owned(),
            selected,
            ..Item::default()
        }
    }

    #[test]
    fn selected_item_is_whole_and_others_are_cut_or_go() {
        let items = [
            item("one one one one", false),
            item("two two two two", true),
            item("three", false),
            item("four", false),
        ];
        let list_rows = |items: &[Item], columns, height, keep_last| {
            list_rows(items, columns, height, keep_last).0
        };
        let rows = list_rows(&items, 10, 9, false);
        let whole = [
            "one one",
            "one one",
            "Selected:",
            "two two",
            "two two",
            "three",
            "four",
        ];
        assert_eq!(rows.rows, whole);
        assert_eq!(rows.cursor, Some((2, 0)));
        let low = [
            "one one o…",
            "Selected:",
            "two two",
            "two two",
            "three",
            "four",
        ];
        assert_eq!(list_rows(&items, 10, 6, false).rows, low);
        assert_eq!(list_rows(&items, 10, 5, false).rows, low[..5]);
        assert_eq!(list_rows(&items, 10, 3, false).rows, low[1..4]);
        assert_eq!(list_rows(&items, 10, 3, false).cursor, Some((0, 0)));
        assert_eq!(list_rows(&items, 10, 2, false).rows, low[1..3]);
        let unselected = [item("one", false), item("two", false), item("three", false)];
        assert_eq!(list_rows(&unselected, 10, 2, true).rows, ["two", "three"]);
        assert_eq!(list_rows(&unselected, 10, 2, false).rows, ["one", "two"]);
        assert!(list_rows(&[], 10, 5, false).rows.is_empty());
    }

    #[test]
    fn window_of_a_long_list_is_around_the_selected() {
        assert_eq!(window(Some(5000), 10_000, 10), 4995..5005);
        assert_eq!(window(None, 10_000, 10), 0..10);
        assert_eq!(window(Some(9999), 10_000, 10), 9990..10_000);
        assert_eq!(window(Some(0), 0, 10), 0..0);
    }
}
