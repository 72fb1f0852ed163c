//! The sanitiser for everything that is shown: screen, standard output, errors, documents.
//!
//! Stored text is kept as typed. Characters that could move the cursor, hide a word or change the
//! reading direction are shown as visible escapes (`\u{202e}`). Source of the list: RELIABILITY,
//! The terminal.

use std::{borrow::Cow, fmt::Write as _};
use unicode_width::UnicodeWidthChar as _;

/// Maximum number of combining marks on one character; further ones are escaped.
pub const MAX_COMBINING_MARKS: usize = 8;

/// Returns `text` on one line: unsafe characters are escaped, including line breaks and tabs.
///
/// Borrows if nothing changes. Idempotent.
///
/// ```
/// use bridgelog::domain::sanitize;
/// assert_eq!(sanitize::line("a\tb\u{202e}"), "a\\tb\\u{202e}");
/// ```
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    escape_unsafe_chars(text, |out, c| out.extend(c.escape_default()))
}

/// Returns a text of several lines on one: its line breaks are shown as ` ↵ `, the rest as [`line()`] shows it.
///
/// ```
/// use bridgelog::domain::sanitize;
/// assert_eq!(sanitize::one_line("a\r\nb\n\nc\td"), "a ↵ b ↵ c\\td");
/// ```
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return line(text);
    }
    let lines = text.lines().map(str::trim_end);
    let filled: Vec<Cow<'_, str>> = lines.filter(|text| !text.is_empty()).map(line).collect();
    Cow::Owned(filled.join(" ↵ "))
}

/// Returns `text` with its line breaks: `\n` stays, a tab becomes four spaces, `\r\n` becomes `\n`,
/// and other unsafe characters are escaped, including a lone CR.
///
/// Borrows if nothing changes.
#[must_use]
pub fn block(text: &str) -> Cow<'_, str> {
    let text = if text.contains("\r\n") {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    };
    let escape = |out: &mut String, c: char| match c {
        '\n' => out.push('\n'),
        '\t' => out.push_str("    "),
        c => out.extend(c.escape_default()),
    };
    match text {
        Cow::Borrowed(text) => {
            // The line break is the only unsafe character that stays.
            let untouched =
                |line: &str| is_printable_ascii(line) || unsafe_chars(line).all(|(_, c)| c == '\n');
            if text.split_inclusive('\n').all(untouched) {
                return Cow::Borrowed(text);
            }
            escape_unsafe_chars(text, escape)
        }
        Cow::Owned(text) => Cow::Owned(escape_unsafe_chars(&text, escape).into_owned()),
    }
}

/// Returns serialized JSON with unsafe characters as `\uXXXX` escapes (a surrogate pair above
/// U+FFFF). The result is valid JSON with the same meaning; white space between values stays.
#[must_use]
pub fn json(text: String) -> String {
    let escape = |out: &mut String, c: char| {
        if matches!(c, '\n' | '\r' | '\t') {
            out.push(c);
            return;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    };
    match escape_unsafe_chars(&text, escape) {
        Cow::Borrowed(_) => text,
        Cow::Owned(changed) => changed,
    }
}

/// True if `text` is printable ASCII and line breaks, the most common case.
fn is_printable_ascii(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n'))
}

/// Copies `text`, and calls `escape` for every unsafe character.
fn escape_unsafe_chars(text: &str, escape: impl Fn(&mut String, char)) -> Cow<'_, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, c) in unsafe_chars(text) {
        out.push_str(&text[copied..at]);
        escape(&mut out, c);
        copied = at + c.len_utf8();
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

/// Yields the unsafe characters of `text` with their byte offsets.
fn unsafe_chars(text: &str) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut previous: Option<char> = None;
    // The last character that takes up space, not counting modifiers: what a zero-width joiner
    // joins.
    let mut base: Option<char> = None;
    let mut marks = 0;
    text.char_indices().filter(move |&(at, c)| {
        if matches!(c, ' '..='~') {
            (previous, base, marks) = (Some(c), Some(c), 0);
            return false;
        }
        let is_unsafe = match c {
            c if c.is_control() => true,
            '\u{200c}' | '\u{200d}' => {
                let next = text[at + c.len_utf8()..].chars().next();
                let joins = |is_joined: fn(char) -> bool, before: Option<char>| {
                    before.is_some_and(is_joined) && next.is_some_and(is_joined)
                };
                let joins_emoji =
                    c == '\u{200d}' && previous != Some(c) && joins(is_emoji_base, base);
                !(joins_emoji || joins(is_of_joining_script, previous))
            }
            '\u{fe0e}' | '\u{fe0f}' => {
                !previous.is_some_and(|b| is_emoji_base(b) || matches!(b, '0'..='9' | '#' | '*'))
            }
            c if is_invisible(c) => true,
            c if is_combining_mark(c) => {
                marks += 1;
                base.is_none() || marks > MAX_COMBINING_MARKS
            }
            _ => false,
        };
        if is_unsafe {
            (previous, base) = (None, None);
        } else {
            previous = Some(c);
            if !is_combining_mark(c)
                && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe0e}' | '\u{fe0f}')
            {
                marks = 0;
                // A skin tone modifies the emoji before it.
                if !(matches!(c, '\u{1f3fb}'..='\u{1f3ff}') && base.is_some_and(is_emoji_base)) {
                    base = Some(c);
                }
            }
        }
        // Marks beyond the maximum still count for the same base.
        if is_unsafe && is_combining_mark(c) && !is_invisible(c) {
            base = Some(' ');
        }
        is_unsafe
    })
}

/// True for characters that are invisible or change how others are read.
fn is_invisible(c: char) -> bool {
    matches!(c,
        // The twelve bidi controls.
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        // Zero width and fillers.
        | '\u{00ad}' | '\u{034f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        // Line and paragraph separators.
        | '\u{2028}' | '\u{2029}'
        // Tags and further variation selectors.
        | '\u{e0000}'..='\u{e0fff}')
}

/// True for a mark that combines with the character before it.
fn is_combining_mark(c: char) -> bool {
    c.width() == Some(0)
}

/// True for a character of a script that is written with joiners and non-joiners, as Persian and Hindi
/// are: the blocks of Arabic, Syriac, N'Ko, Mandaic, the scripts of India and Sri Lanka, Tibetan,
/// Myanmar, Khmer and Mongolian. Source: The Unicode Standard, 23.2, Cursive Connection and Ligatures.
fn is_of_joining_script(c: char) -> bool {
    matches!(c,
        '\u{0600}'..='\u{077f}' | '\u{07c0}'..='\u{07ff}' | '\u{0840}'..='\u{0dff}'
        | '\u{0f00}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{fb50}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}')
        && !is_invisible(c)
}

/// True for a character of which emoji sequences are made.
fn is_emoji_base(c: char) -> bool {
    matches!(c,
        '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}'
        | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}' | '\u{24c2}' | '\u{25a0}'..='\u{27bf}'
        | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}'
        | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1faff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn deceptive_characters_are_escaped() {
        for (text, shown) in [
            ("plain, naïve and 日本語", "plain, naïve and 日本語"),
            ("two\nlines\tand\r", "two\\nlines\\tand\\r"),
            ("\u{1b}[2J", "\\u{1b}[2J"),
            ("a\u{7f}\u{9b}", "a\\u{7f}\\u{9b}"),
            ("\u{202e}evil\u{2069}", "\\u{202e}evil\\u{2069}"),
            ("pass\u{200b}word", "pass\\u{200b}word"),
            ("a\u{200d}b", "a\\u{200d}b"),
            ("a\u{200c}b", "a\\u{200c}b"),
            ("می\u{200c}خواهم", "می\u{200c}خواهم"),
            (
                "क्\u{200d}ष र\u{94d}\u{200c}क",
                "क्\u{200d}ष र\u{94d}\u{200c}क",
            ),
            ("می\u{200c}", "می\\u{200c}"),
            ("ی\u{200c}\u{200c}خ", "ی\\u{200c}\\u{200c}خ"),
            ("ی\u{200c}b\u{200c}ی", "ی\\u{200c}b\\u{200c}ی"),
            ("ی\u{202e}\u{200c}ی", "ی\\u{202e}\\u{200c}ی"),
            ("tag\u{e0041}", "tag\\u{e0041}"),
            ("\u{feff}x\u{2028}", "\\u{feff}x\\u{2028}"),
            (
                "👩\u{200d}🚒 ❤\u{fe0f} 1\u{fe0f}\u{20e3}",
                "👩\u{200d}🚒 ❤\u{fe0f} 1\u{fe0f}\u{20e3}",
            ),
            ("👩🏽\u{200d}🚒", "👩🏽\u{200d}🚒"),
            ("👩\u{200d}", "👩\\u{200d}"),
            ("x\u{fe0f}", "x\\u{fe0f}"),
            ("e\u{301}", "e\u{301}"),
            ("\u{301}e", "\\u{301}e"),
        ] {
            assert_eq!(line(text), shown, "{text:?}");
        }
        assert!(matches!(line("plain ünïcode"), Cow::Borrowed(_)));
        assert!(matches!(block("two\nlines"), Cow::Borrowed(_)));
        assert_eq!(block("a\r\nb\tc\rd"), "a\nb    c\\rd");
    }

    #[test]
    fn excess_combining_marks_are_escaped() {
        let tower = format!("a{}", "\u{301}".repeat(40));
        let shown = line(&tower);
        assert_eq!(shown.matches('\u{301}').count(), MAX_COMBINING_MARKS);
        assert_eq!(shown.matches("\\u{301}").count(), 40 - MAX_COMBINING_MARKS);
    }

    #[test]
    fn sanitized_json_parses_to_same_value() {
        let value = serde_json::json!({"a\u{202e}": ["\u{e0041}\u{1b}\u{7f}", "é\n"], "b": 1});
        let text = json(serde_json::to_string_pretty(&value).unwrap());
        assert!(
            text.contains("\\u202e") && text.contains("\\udb40\\udc41"),
            "{text}"
        );
        assert!(text.contains('\n'));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            value
        );
    }

    proptest! {
        #[test]
        fn sanitized_text_has_no_unsafe_characters(text in "\\PC*|(?s).*|[a👩یक\u{200c}\u{200d}\u{fe0f}\u{301}\u{94d}\u{202e}🏽 ]{0,40}") {
            let shown = line(&text);
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert!(unsafe_chars(&shown).next().is_none(), "{shown:?}");
            prop_assert_eq!(line(&shown), shown.clone());
            prop_assert!(unsafe_chars(&block(&text)).all(|(_, c)| c == '\n'));
            let value = serde_json::Value::String(text);
            let out = json(value.to_string());
            prop_assert!(unsafe_chars(&out).next().is_none());
            prop_assert_eq!(serde_json::from_str::<serde_json::Value>(&out).unwrap(), value);
        }
    }
}
