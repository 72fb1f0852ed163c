//! What a page is made of: a heading, then a list or a text.

use super::{
    rows::{Item, Rows},
    words::{count_of, ended, sentence, without_signs},
};
use crate::tui::text::wrap;
use std::ops::Range;

/// What is below the heading.
#[derive(Clone, Debug)]
pub enum Body {
    /// The items in view; with `keep_last`, the last of them goes last where not all fit.
    List { items: Vec<Item>, keep_last: bool },
    /// Rows, from the first in view on.
    Text(Vec<String>),
    /// A list of this height, then a title, then a text from its first row in view on.
    Document {
        items: Vec<Item>,
        list_height: usize,
        title: String,
        text: Vec<String>,
    },
}

impl Body {
    /// Returns the rows of the selected item; 0 without one.
    #[must_use]
    pub fn selected_height(&self, columns: usize) -> usize {
        match self {
            Self::List { items, .. } | Self::Document { items, .. } => {
                let selected = items.iter().find(|item| item.selected);
                selected.map_or(0, |item| item.whole(columns).len())
            }
            Self::Text(_) => 0,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Page {
    /// Sentences.
    pub heading: Vec<String>,
    /// In the last of them, what follows on the group of the first item shown and the number of items shown: `of
    /// 13 events, newest last.`
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

    /// Returns the heading where the items of `shown` are.
    #[must_use]
    pub fn heading_rows(&self, columns: usize, shown: Range<usize>) -> Rows {
        let mut heading = self.heading.clone();
        let group = match &self.body {
            Body::List { items, .. } => items.get(shown.start).map(|item| item.group.as_str()),
            Body::Text(_) | Body::Document { .. } => None,
        };
        if let (Some(of_all), Some(last)) = (&self.of_all, heading.last_mut()) {
            let group = group.unwrap_or_default();
            last.push_str(&format!(" {group}, {} {of_all}", shown.len()));
        }
        Rows::wrapped(&heading, columns)
    }

    /// Returns the number of items; 0 for a text.
    #[must_use]
    pub fn item_count(&self) -> usize {
        match &self.body {
            Body::List { items, .. } => items.len(),
            Body::Text(_) | Body::Document { .. } => 0,
        }
    }
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
