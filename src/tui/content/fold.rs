//! One row of parts that become shorter, the least important first, until they fit.

use crate::tui::text::width;
use ratatui::{style::Style, text::Span};

/// A part of a row, in one or more forms.
#[derive(Clone, Debug)]
pub struct Part {
    style: Style,
    /// Each form with the rank at which it gives way to the next: those of a low rank first. The last form stays;
    /// it may be empty.
    forms: Vec<(u8, String)>,
    /// Index into `forms`.
    at: usize,
}

impl Part {
    /// Creates a part that is always shown as `text`.
    #[must_use]
    pub fn fixed(text: impl Into<String>, style: Style) -> Self {
        Self {
            style,
            forms: vec![(u8::MAX, text.into())],
            at: 0,
        }
    }

    /// Adds a shorter form, taken once the parts of a lower rank are short.
    #[must_use]
    pub fn or(mut self, rank: u8, text: impl Into<String>) -> Self {
        if let Some((gives_way, _)) = self.forms.last_mut() {
            *gives_way = rank;
        }
        self.forms.push((u8::MAX, text.into()));
        self
    }

    fn text(&self) -> &str {
        self.forms.get(self.at).map_or("", |(_, text)| text)
    }

    /// The rank at which it becomes shorter.
    fn rank(&self) -> u8 {
        self.forms.get(self.at).map_or(u8::MAX, |(rank, _)| *rank)
    }
}

/// Returns how many columns the parts take, each after a gap of `gap` columns; those that are empty take none.
#[must_use]
pub fn columns_of(parts: &[Part], gap: usize) -> usize {
    let texts = parts.iter().map(Part::text).filter(|text| !text.is_empty());
    texts.map(|text| gap + width(text)).sum()
}

/// Makes parts shorter, up to those of rank `most`, until they take at most `columns` with their gaps.
pub fn fold(parts: &mut [Part], gap: usize, columns: usize, most: u8) {
    while columns_of(parts, gap) > columns {
        let least = parts
            .iter_mut()
            .filter(|part| part.rank() <= most && part.rank() != u8::MAX)
            .min_by_key(|part| part.rank());
        let Some(part) = least else {
            return;
        };
        part.at += 1;
    }
}

/// Returns the parts as they are, each after a gap of `gap` columns.
#[must_use]
pub fn spans(parts: &[Part], gap: usize) -> Vec<Span<'static>> {
    let shown = parts.iter().filter(|part| !part.text().is_empty());
    shown
        .flat_map(|part| {
            [
                Span::raw(" ".repeat(gap)),
                Span::styled(part.text().to_owned(), part.style),
            ]
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(parts: &[Part]) -> String {
        spans(parts, 1).iter().map(|s| s.content.as_ref()).collect()
    }

    #[test]
    fn least_important_part_is_shortened_first_and_what_is_fixed_stays() {
        let all = [
            Part::fixed("2 requests, 1 late", Style::new()).or(2, "1 late"),
            Part::fixed("10:48:12", Style::new())
                .or(1, "10:48")
                .or(3, ""),
        ];
        for (columns, expected) in [
            (28, " 2 requests, 1 late 10:48:12"),
            (27, " 2 requests, 1 late 10:48"),
            (24, " 1 late 10:48"),
            (12, " 1 late"),
            (0, " 1 late"),
        ] {
            let mut parts = all.clone();
            fold(&mut parts, 1, columns, u8::MAX);
            assert_eq!(text(&parts), expected, "{columns}");
        }
        let mut parts = all;
        fold(&mut parts, 1, 0, 2);
        assert_eq!(text(&parts), " 1 late 10:48");
    }
}
