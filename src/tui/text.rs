//! Text on the screen: made safe, and cut to columns. Nothing is drawn that did not come through
//! here.

use crate::domain::sanitize;
use ratatui::{style::Style, text::Span};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// How many columns `text` takes.
#[must_use]
pub fn width(text: &str) -> usize {
    text.width()
}

/// `text` on one line, safe, and no wider than `columns`; where it was cut it ends in `…`.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    // Most of what is shown is plain, and as wide as it is long.
    if text.len() <= columns && text.bytes().all(|b| matches!(b, b' '..=b'~')) {
        return text.to_owned();
    }
    // What cannot be seen need not be made safe: a character has at least a byte a column, but for
    // marks, which are few.
    let far = columns.saturating_mul(16).saturating_add(64);
    let (text, more) = match text.char_indices().nth(far) {
        Some((at, _)) => (&text[..at], true),
        None => (text, false),
    };
    let safe = sanitize::line(text);
    if !more && safe.width() <= columns {
        return safe.into_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in safe.graphemes(true) {
        let wide = grapheme.width();
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        out.push_str(grapheme);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// `text` as [`fit`] has it, with spaces after it up to `columns`.
#[must_use]
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = fit(text, columns);
    let used = out.width();
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// `text` as [`fit`] has it, with spaces before it up to `columns`.
#[must_use]
pub fn pad_left(text: &str, columns: usize) -> String {
    let fitted = fit(text, columns);
    let mut out = " ".repeat(columns.saturating_sub(fitted.width()));
    out.push_str(&fitted);
    out
}

/// A piece of safe text with its style.
#[must_use]
pub fn span(text: &str, style: Style) -> Span<'static> {
    Span::styled(sanitize::line(text).into_owned(), style)
}

/// `text`, safe, wrapped to lines of at most `columns`, its own line breaks kept.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = Vec::new();
    for line in sanitize::block(text).lines() {
        let options = textwrap::Options::new(columns).break_words(true);
        lines.extend(
            textwrap::wrap(line, options)
                .into_iter()
                .map(Cow::into_owned),
        );
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fitted_and_padded_text_respects_width() {
        for text in [
            "",
            "abc",
            "日本語のテキスト",
            "e\u{301}e\u{301}e\u{301}",
            "👩‍🚒👩‍🚒",
            "a\u{202e}b",
        ] {
            for columns in 0..12 {
                assert!(width(&fit(text, columns)) <= columns, "{text} {columns}");
                assert_eq!(width(&pad(text, columns)), columns, "{text} {columns}");
                assert_eq!(width(&pad_left(text, columns)), columns, "{text} {columns}");
            }
        }
    }

    #[test]
    fn wrapped_text_is_sanitized() {
        assert_eq!(wrap("one two\nthree", 5), ["one", "two", "three"]);
        assert!(wrap("a\u{1b}[31m", 40)[0].contains("\\u{1b}"));
    }
}
