//! Text for the screen: sanitized, and cut or wrapped to columns. Everything that is drawn and not
//! a literal goes through here.

use crate::domain::sanitize;
use ratatui::{style::Style, text::Span};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

/// Returns how many columns `text` takes where each character has cells of its own, as on a screen: letters that
/// a font may join (lam and alef) are not one.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.width();
    }
    text.graphemes(true).map(UnicodeWidthStr::width).sum()
}

/// Returns `text` on one line, sanitized and at most `columns` wide; if it is cut it ends in `…`.
#[must_use]
pub fn fit(text: &str, columns: usize) -> String {
    // Fast path: printable ASCII, as far as it can be visible.
    let (visible, rest) = text.as_bytes().split_at(text.len().min(columns));
    if visible.iter().all(|b| matches!(b, b' '..=b'~')) {
        if rest.is_empty() {
            return text.to_owned();
        }
        if matches!(rest[0], b' '..=b'~') && columns > 0 {
            return format!("{}…", &text[..columns - 1]);
        }
    }
    // Sanitize only what can be visible. The factor leaves room for characters of width 0, such as
    // combining marks.
    let max_chars = columns.saturating_mul(16).saturating_add(64);
    let (text, truncated) = match text.char_indices().nth(max_chars) {
        Some((at, _)) => (&text[..at], true),
        None => (text, false),
    };
    let sanitized = sanitize::line(text);
    if !truncated && width(&sanitized) <= columns {
        return sanitized.into_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    for grapheme in sanitized.graphemes(true) {
        let grapheme_width = grapheme.width();
        if used + grapheme_width + 1 > columns {
            break;
        }
        used += grapheme_width;
        out.push_str(grapheme);
    }
    if columns > 0 {
        out.push('…');
    }
    out
}

/// Returns `text` as [`fit`] does, padded with spaces on the right to `columns`.
#[must_use]
pub fn pad(text: &str, columns: usize) -> String {
    let mut out = fit(text, columns);
    let used = width(&out);
    out.extend(std::iter::repeat_n(' ', columns.saturating_sub(used)));
    out
}

/// Returns `text` as [`fit`] does, padded with spaces on the left to `columns`.
#[must_use]
pub fn pad_left(text: &str, columns: usize) -> String {
    let fitted = fit(text, columns);
    let mut out = " ".repeat(columns.saturating_sub(width(&fitted)));
    out.push_str(&fitted);
    out
}

/// Returns `text`, sanitized, as a span.
#[must_use]
pub fn span(text: &str, style: Style) -> Span<'static> {
    Span::styled(sanitize::line(text).into_owned(), style)
}

/// Returns `text`, sanitized and wrapped to lines of at most `columns`. Line breaks are kept; there
/// is always at least one line.
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
            "لا abc لا لا",
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
