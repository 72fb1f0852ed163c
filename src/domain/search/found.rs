//! Where the words of a query are in a text.

use super::{
    query::{Query, Word},
    tokens::{Token, tokens},
};
use std::ops::Range;

/// A part of a text, and where found words are in it, in characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snippet {
    pub text: String,
    pub found: Vec<Range<usize>>,
}

impl Word {
    /// Returns where the word is among `tokens` of a text, in characters. `wanted` are its own tokens.
    fn places(&self, wanted: &[Token], tokens: &[Token]) -> Vec<Range<usize>> {
        let Some(last) = wanted.len().checked_sub(1) else {
            return vec![];
        };
        let is_prefix = self.finds_longer_words();
        let matches = |at: usize, token: &Token| match wanted.get(at) {
            Some(word) if is_prefix && at == last => token.letters.starts_with(&word.letters),
            Some(word) => token.letters == word.letters,
            None => false,
        };
        let windows = tokens.windows(wanted.len());
        let found = windows.filter(|window| (0..).zip(*window).all(|(at, t)| matches(at, t)));
        found
            .filter_map(|window| {
                let end = window.last()?;
                // Of a longer word, what was typed.
                let typed = wanted.last()?.letters.chars().count();
                let end = match is_prefix {
                    true => end.range.end.min(end.range.start + typed),
                    false => end.range.end,
                };
                Some(window.first()?.range.start..end)
            })
            .collect()
    }
}

impl Query {
    /// Returns where the words of the query are in `text`: ranges of characters, in order, that do not
    /// overlap.
    #[must_use]
    pub fn found_in(&self, text: &str) -> Vec<Range<usize>> {
        if self.words.is_empty() {
            return vec![];
        }
        let tokens = tokens(text);
        let mut places: Vec<Range<usize>> = self
            .words
            .iter()
            .flat_map(|word| word.places(&word.tokens(), &tokens))
            .collect();
        places.sort_by_key(|place| (place.start, place.end));
        let mut merged: Vec<Range<usize>> = Vec::with_capacity(places.len());
        for place in places {
            match merged.last_mut() {
                Some(last) if place.start <= last.end && place.start < last.end => {
                    last.end = last.end.max(place.end);
                }
                _ => merged.push(place),
            }
        }
        merged
    }

    /// Returns true if one of the words that must not occur is in `text`.
    #[must_use]
    pub fn is_excluded(&self, text: &str) -> bool {
        if self.without.is_empty() {
            return false;
        }
        let tokens = tokens(text);
        let mut without = self.without.iter();
        without.any(|word| !word.places(&word.tokens(), &tokens).is_empty())
    }
}

/// Returns at most `room` characters of `text` with the first of the `found` words in view; `…` stands for
/// what is left out.
#[must_use]
pub fn snippet(text: &str, found: &[Range<usize>], room: usize) -> Snippet {
    let count = text.chars().count();
    if count <= room {
        return Snippet {
            text: text.to_owned(),
            found: found.to_vec(),
        };
    }
    let first = found.first().cloned().unwrap_or(0..0);
    // The beginning of the text says most; else what is before the word has a third of the room.
    let start = match first.end < room {
        true => 0,
        false => first.start.saturating_sub(room / 3).min(count - room + 1),
    };
    let cut_before = usize::from(start > 0);
    let kept = room.saturating_sub(cut_before);
    let cut_after = usize::from(start + kept < count);
    let end = (start + kept.saturating_sub(cut_after)).min(count);
    let mut cut = String::from(if cut_before > 0 { "…" } else { "" });
    cut.extend(text.chars().skip(start).take(end - start));
    if cut_after > 0 {
        cut.push('…');
    }
    let inside = found
        .iter()
        .filter(|place| place.end > start && place.start < end);
    let moved = |at: usize| at.clamp(start, end) - start + cut_before;
    Snippet {
        text: cut,
        found: inside.map(|p| moved(p.start)..moved(p.end)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(typed: &str, text: &str) -> String {
        let found = Query::parse(typed).unwrap().found_in(text);
        let mut marked = String::new();
        for (at, c) in text.chars().enumerate() {
            marked.extend(found.iter().any(|p| p.start == at).then_some('['));
            marked.push(c);
            marked.extend(found.iter().any(|p| p.end == at + 1).then_some(']'));
        }
        marked
    }

    #[test]
    fn found_words_are_marked_in_the_text() {
        for (typed, text, expected) in [
            ("lag", "Replica LAG, lagging", "Replica [LAG], [lag]ging"),
            (
                "lag rep",
                "Replica lag, lagging",
                "[Rep]lica [lag], lagging",
            ),
            (
                "\"replica lag\"",
                "a replica-lag, replica",
                "a [replica-lag], replica",
            ),
            ("db-17", "db 17 and db-171 db", "[db 17] and [db-17]1 db"),
            ("cafe", "Café, cafe\u{301}s", "[Café], [cafe]\u{301}s"),
            ("障害", "本番障害の障", "本番[障害]の障"),
            ("サーバ", "ｻｰﾊﾞ とサーハ", "[ｻｰﾊﾞ] とサーハ"),
            ("nothing", "else", "else"),
            ("kind:fault", "a fault", "a fault"),
        ] {
            assert_eq!(marked(typed, text), expected, "{typed}");
        }
    }

    #[test]
    fn snippet_has_the_first_hit_in_view() {
        let text = format!(
            "{} needle {}",
            "before ".repeat(40).trim(),
            "after ".repeat(40)
        );
        let found = Query::of_words("needle").found_in(&text);
        let snippet = snippet(&text, &found, 60);
        assert_eq!(snippet.text.chars().count(), 60);
        assert!(snippet.text.starts_with('…') && snippet.text.ends_with('…'));
        let place = snippet.found[0].clone();
        let marked: String = snippet
            .text
            .chars()
            .skip(place.start)
            .take(place.len())
            .collect();
        assert_eq!(marked, "needle");
        let whole = super::snippet("short", &[], 60);
        assert_eq!(whole.text, "short");
    }
}
