//! Finds words in the rows of a document, also where they are wrapped.

use super::{letter, postmortem};
use crate::tui::{
    model::{FoundPlace, Model, Tab},
    theme::Meaning,
};
use ratatui::{
    style::Style,
    text::{Line, Span},
};
use std::{ops::Range, rc::Rc};

/// Returns where the words searched for are in the document shown, in the order of its rows, which have
/// `columns`; nothing without a search.
#[must_use]
pub fn found_places(model: &Model, columns: usize) -> Rc<Vec<FoundPlace>> {
    let query = &model.document_find.query;
    if query.trim().is_empty() {
        return Rc::default();
    }
    match model.tab {
        Tab::Postmortem => {
            let document = postmortem::rendered(model, columns);
            let mut cache = document.found.borrow_mut();
            if let Some((known, places)) = &*cache
                && known == query
            {
                return Rc::clone(places);
            }
            let places = Rc::new(find(&document.lines, query));
            *cache = Some((query.clone(), Rc::clone(&places)));
            places
        }
        Tab::Email => match &model.letter {
            Some(letter) => Rc::new(find(&letter::letter_rows(model, letter, columns), query)),
            None => Rc::default(),
        },
        _ => Rc::default(),
    }
}

/// A character of the document in lower case, with its row and its place in the row.
type PlacedChar = (char, usize, usize);

/// Returns where `query` is in `lines`, whatever the case; white space, the ends of rows and the bar in the margin
/// are one space.
fn find(lines: &[Line<'_>], query: &str) -> Vec<FoundPlace> {
    let lower = |c: char| c.to_lowercase().next().unwrap_or(c);
    let words: Vec<&str> = query.split_whitespace().collect();
    let wanted: Vec<char> = words.join(" ").chars().map(lower).collect();
    let Some(first) = wanted.first() else {
        return vec![];
    };
    let mut text: Vec<PlacedChar> = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let chars = line.spans.iter().flat_map(|span| span.content.chars());
        for (at, c) in chars.chain([' ']).enumerate() {
            let is_second_space = text.last().is_none_or(|(last, ..)| *last == ' ');
            match c.is_whitespace() || c == '│' {
                true if is_second_space => {}
                true => text.push((' ', row, at)),
                false => text.push((lower(c), row, at)),
            }
        }
    }
    let mut places = Vec::new();
    let mut from = 0;
    while from + wanted.len() <= text.len() {
        let found = &text[from..from + wanted.len()];
        let is_found = found[0].0 == *first && found.iter().map(|c| c.0).eq(wanted.iter().copied());
        if is_found {
            places.push(place(found));
        }
        from += if is_found { wanted.len() } else { 1 };
    }
    places
}

/// Returns the stretch of each row that the characters are in.
fn place(found: &[PlacedChar]) -> FoundPlace {
    found
        .chunk_by(|a, b| a.1 == b.1)
        .filter_map(|chars| {
            let ((_, row, from), (_, _, to)) = (chars.first()?, chars.last()?);
            Some((*row, *from..to + 1))
        })
        .collect()
}

/// Returns row `row` of a document with what was found in it underlined; the place gone to last is reversed.
#[must_use]
pub fn mark_found<'l>(
    model: &Model,
    line: &Line<'l>,
    row: usize,
    places: &[FoundPlace],
) -> Line<'l> {
    let first = places.partition_point(|place| place.last().is_none_or(|(last, _)| *last < row));
    let mut marked = line.clone();
    for (at, place) in places.iter().enumerate().skip(first) {
        if place.first().is_none_or(|(begin, _)| *begin > row) {
            break;
        }
        let style = match at == model.document_find.at {
            true => model.theme.selected(),
            false => model.theme.style(Meaning::Found),
        };
        for (_, range) in place.iter().filter(|(at, _)| *at == row) {
            marked = patch(&marked, range, style);
        }
    }
    marked
}

/// Adds `style` to the characters in `range`.
fn patch<'l>(line: &Line<'l>, range: &Range<usize>, style: Style) -> Line<'l> {
    let mut spans: Vec<Span<'l>> = Vec::new();
    let mut at = 0;
    for span in &line.spans {
        let chars: Vec<char> = span.content.chars().collect();
        let cut = |place: usize| place.saturating_sub(at).min(chars.len());
        let (from, to) = (cut(range.start), cut(range.end));
        let parts = [
            (&chars[..from], span.style),
            (&chars[from..to], span.style.patch(style)),
            (&chars[to..], span.style),
        ];
        let filled = parts.into_iter().filter(|(part, _)| !part.is_empty());
        spans.extend(
            filled.map(|(part, style)| Span::styled(part.iter().collect::<String>(), style)),
        );
        at += chars.len();
    }
    Line {
        spans,
        ..line.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_found_over_the_end_of_a_row_and_in_any_case() {
        let lines = [
            Line::from("  The Image"),
            Line::from(vec![
                Span::raw("  copy  is"),
                Span::raw(" half done; image"),
            ]),
            Line::from(""),
            Line::from("copy"),
        ];
        let places = find(&lines, "image  COPY");
        assert_eq!(
            places,
            [vec![(0, 6..12), (1, 2..6)], vec![(1, 22..28), (3, 0..4)]]
        );
        assert_eq!(find(&lines, "copy is").len(), 1);
        assert_eq!(find(&lines, " "), Vec::<FoundPlace>::new());
        let marked = patch(&lines[1], &(7..12), Style::new().italic());
        let texts: Vec<&str> = marked.spans.iter().map(|s| s.content.as_ref()).collect();
        assert_eq!(texts, ["  copy ", " is", " h", "alf done; image"]);
    }
}
