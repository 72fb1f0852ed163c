//! Escapes text of users for Markdown, so that it renders as typed.
//!
//! Only what Markdown or an extension of GitHub or GitLab would take for syntax gets a backslash, so
//! that the source stays readable. URLs stay links.

use crate::domain::{document_text, event::Event};
use std::borrow::Cow;

/// Returns true for characters that are syntax anywhere in a line. All are ASCII, so that text can be
/// scanned by bytes.
const fn is_special(byte: u8) -> bool {
    matches!(
        byte,
        b'\\'
            | b'`'
            | b'*'
            | b'_'
            | b'['
            | b']'
            | b'<'
            | b'&'
            | b'|'
            | b'~'
            | b'$'
            | b'^'
            | b'{'
            | b'}'
            | b'='
    )
}

/// True for bytes that [`push_escaped_inline`] has to look at more closely.
fn may_be_special(byte: u8) -> bool {
    const BYTES: [bool; 256] = {
        let mut bytes = [false; 256];
        // All of them are ASCII.
        let mut byte = 0_u8;
        while byte < 128 {
            bytes[byte as usize] = is_special(byte) || matches!(byte, b'h' | b'#');
            byte += 1;
        }
        bytes
    };
    BYTES[usize::from(byte)]
}

/// Returns `text` as one line of a document: line breaks and tabs become spaces, ends are trimmed, and
/// what no document shows becomes U+FFFD.
#[must_use]
pub fn one_line(text: &str) -> Cow<'_, str> {
    document_text::line(text.trim())
}

/// Escapes `text` for a table cell, or for anywhere after a line's first word.
#[must_use]
pub fn escape_inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push_escaped_inline(&mut out, text);
    out
}

/// Appends what [`escape_inline`] returns.
pub fn push_escaped_inline(out: &mut String, text: &str) {
    let text = one_line(text);
    let mut copied = 0;
    let mut at = 0;
    while let Some(plain) = text.as_bytes()[at..]
        .iter()
        .position(|b| may_be_special(*b))
    {
        at += plain;
        let byte = text.as_bytes()[at];
        if byte == b'h' && text[at..].starts_with("http") {
            let url = match text[..at].chars().next_back() {
                Some(before) if before.is_alphanumeric() => "",
                _ => leading_url(&text[at..]),
            };
            if !url.is_empty() {
                out.push_str(&text[copied..at]);
                out.push('<');
                out.push_str(url);
                out.push('>');
                at += url.len();
                copied = at;
                continue;
            }
        } else if byte == b'_' && is_inside_word(&text, at) {
            // Emphasis begins and ends at a word's edge: `online_db` needs no backslash.
        } else if is_special(byte) || (byte == b'#' && is_closing_sequence(&text, at)) {
            out.push_str(&text[copied..at]);
            out.push('\\');
            copied = at;
        }
        at += 1;
    }
    out.push_str(&text[copied..]);
}

/// Appends `text` with a backslash before all that could be syntax.
pub(super) fn push_literal(out: &mut String, text: &str) {
    for c in text.chars() {
        if u8::try_from(c).is_ok_and(is_special) {
            out.push('\\');
        }
        out.push(c);
    }
}

/// True if the run of `_` around `at` has letters or digits on both sides.
fn is_inside_word(text: &str, at: usize) -> bool {
    let before = text[..at].trim_end_matches('_').chars().next_back();
    let after = text[at..].trim_start_matches('_').chars().next();
    before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphanumeric)
}

/// True if `#` at `at` begins what a heading drops at its end: `# title ##`.
fn is_closing_sequence(text: &str, at: usize) -> bool {
    let before = &text[..at];
    text[at..].bytes().all(|byte| byte == b'#')
        && (before.is_empty() || before.ends_with(char::is_whitespace))
}

/// Escapes `text` for the start of a line: a paragraph, a list item.
#[must_use]
pub fn escape_line(text: &str) -> String {
    let mut out = escape_inline(text);
    let digits = out.bytes().take_while(u8::is_ascii_digit).count();
    let special = match out.as_bytes().get(digits) {
        Some(b'#' | b'+' | b'-' | b'>' | b':') if digits == 0 => true,
        Some(b'.' | b')') => digits > 0,
        _ => false,
    };
    if special {
        out.insert(digits, '\\');
    }
    out
}

/// Returns the URL at the start of `text`, without the punctuation after it; empty if there is none,
/// or if it would not survive as an autolink `<...>`.
pub(super) fn leading_url(text: &str) -> &str {
    let Some(host) = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
    else {
        return "";
    };
    let end = text
        .find(|c: char| {
            c.is_whitespace()
                || c.is_control()
                || matches!(
                    c,
                    '<' | '>' | '|' | '\\' | '`' | '"' | '[' | ']' | '{' | '}'
                )
        })
        .unwrap_or(text.len());
    let mut url = &text[..end];
    loop {
        let shorter = url.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_', '~']);
        // A closing parenthesis belongs to the URL only if the URL opens it.
        let shorter = match shorter.strip_suffix(')') {
            Some(inner) if shorter.matches('(').count() < shorter.matches(')').count() => inner,
            _ => shorter,
        };
        if shorter.len() == url.len() {
            break;
        }
        url = shorter;
    }
    let entity = url.contains('&') && url.contains(';');
    let has_host = host.starts_with(char::is_alphanumeric) && url.len() > text.len() - host.len();
    if has_host && !entity { url } else { "" }
}

/// Returns the text of `event` without the `@` and `#` before its services, people and tags: GitHub
/// and GitLab turn `@name` and `#name` into mentions.
#[must_use]
pub fn strip_sigils(event: &Event) -> Cow<'_, str> {
    let text = event.text.as_str();
    if !text.bytes().any(|b| matches!(b, b'@' | b'#')) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['@', '#']) {
        let (before, from_sign) = rest.split_at(at);
        out.push_str(before);
        let in_word = before.ends_with(|c: char| c.is_alphanumeric());
        let mut names: Box<dyn Iterator<Item = &String>> = if from_sign.starts_with('@') {
            Box::new(event.services.iter().chain(&event.people))
        } else {
            Box::new(event.tags.iter())
        };
        let known = names.any(|name| {
            !name.is_empty()
                && from_sign[1..]
                    .strip_prefix(name.as_str())
                    .is_some_and(|after| {
                        !after.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')
                    })
        });
        if in_word || !known {
            out.push_str(&from_sign[..1]);
        }
        rest = &from_sign[1..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{testing::at, words::Kind};
    use proptest::prelude::*;
    use pulldown_cmark::{Event as Md, Options, Parser, Tag, TagEnd};

    /// What forges have beyond CommonMark, all at once.
    fn extensions() -> Options {
        Options::all() - Options::ENABLE_SMART_PUNCTUATION
    }

    /// Returns the text that `markdown` renders as.
    fn read(markdown: &str) -> String {
        let mut out = String::new();
        for event in Parser::new_ext(markdown, extensions()) {
            match event {
                Md::Text(text) => out.push_str(&text),
                Md::HardBreak => out.push('\n'),
                Md::Start(Tag::Paragraph | Tag::Link { .. } | Tag::List(None) | Tag::Item)
                | Md::Start(Tag::Heading {
                    id: None,
                    classes: _,
                    attrs: _,
                    ..
                })
                | Md::End(_) => {}
                other => panic!("{other:?} in {markdown:?}"),
            }
        }
        out
    }

    /// Returns the text of a table cell with the content `markdown`.
    fn read_cell(markdown: &str) -> String {
        let table = format!("| a | b | c |\n|---|---|---|\n| x | {markdown} | z |\n");
        let mut cells = vec![String::new()];
        for event in Parser::new_ext(&table, extensions()) {
            match event {
                Md::End(TagEnd::TableCell) => cells.push(String::new()),
                Md::Text(text) => cells.last_mut().unwrap().push_str(&text),
                Md::Start(
                    Tag::Link { .. }
                    | Tag::Table(_)
                    | Tag::TableHead
                    | Tag::TableRow
                    | Tag::TableCell,
                )
                | Md::End(_) => {}
                other => panic!("{other:?} in {markdown:?}"),
            }
        }
        assert_eq!(cells.len(), 7, "{markdown:?}");
        assert_eq!(cells[5], "z");
        cells[4].clone()
    }

    /// Generates text full of Markdown syntax.
    fn nasty() -> impl Strategy<Value = String> {
        let bits = prop::sample::select(vec![
            "`",
            "``",
            "*",
            "**",
            "_",
            "__",
            "[",
            "](",
            "]",
            "<b>",
            "<",
            "&amp;",
            "&",
            "|",
            "\\",
            "\\|",
            "~",
            "~~",
            "$",
            "$$",
            "^",
            "{",
            "}",
            "=",
            "===",
            "#",
            "# ",
            "-",
            "- ",
            "+ ",
            "1. ",
            "2) ",
            ">",
            "> ",
            "!",
            "[x]",
            "[ ]",
            "\n",
            "\r\n",
            "a",
            "word",
            " ",
            "  ",
            "https://a.example/x_y?z=1&b=2",
            "http://",
            "https://h.example/(a)",
            ")",
            ".",
            "<!--",
            "-->",
            ":",
            "\"",
            "'",
            "é",
            "雪",
            "\u{202e}",
            "\u{200d}",
            "e\u{301}",
            ": ",
            ":-:",
            "\n: ",
            "\t",
            " #",
            " ##",
            "{#id}",
            "+++",
            "[[w]]",
            "> [!NOTE]",
            "@ann",
            "12:00",
            "https",
            "***",
            "---",
            "[^1]",
            "<https://x.example>",
        ]);
        prop::collection::vec(bits, 0..16).prop_map(|bits| bits.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn escaped_text_renders_as_typed(text in prop_oneof![nasty(), any::<String>()]) {
            let typed = one_line(&text).into_owned();
            prop_assert_eq!(read_cell(&escape_inline(&text)), typed.trim());
            prop_assert_eq!(read(&escape_line(&text)), typed.trim());
            prop_assert_eq!(read(&format!("- {}\n", escape_line(&text))), typed.trim());
            prop_assert_eq!(read(&format!("## {}\n", escape_inline(&text))), typed.trim());
            let after_word = format!("a {}", typed.trim());
            prop_assert_eq!(read(&format!("a {}\n", escape_inline(&text))), after_word.trim());
            let lines: Vec<String> = text.lines().map(|l| one_line(l).trim().to_owned()).filter(|l| !l.is_empty()).collect();
            let paragraph: Vec<String> = text.lines().map(str::trim).filter(|l| !l.is_empty()).map(escape_line).collect();
            prop_assert_eq!(read(&paragraph.join("\\\n")), lines.join("\n"));
        }
    }

    #[test]
    fn escaped_markdown_stays_readable() {
        assert_eq!(
            escape_inline("C# at 12:00 (p99 > 3 s), a@b.example: it's \"fine\"!"),
            "C# at 12:00 (p99 > 3 s), a@b.example: it's \"fine\"!"
        );
        assert_eq!(escape_line("- not a list"), "\\- not a list");
        assert_eq!(escape_line("1. not a list"), "1\\. not a list");
        assert_eq!(escape_line("10:06 is a time"), "10:06 is a time");
        assert_eq!(
            escape_inline("see https://x.example/a_b_c?d=1&e=2."),
            "see <https://x.example/a_b_c?d=1&e=2>."
        );
        assert_eq!(escape_inline("a|b\nc"), "a\\|b c");
        assert_eq!(
            escape_inline("online_db and __init__ of pay_db_2"),
            "online_db and \\_\\_init\\_\\_ of pay_db_2"
        );
        assert_eq!(escape_inline("C# and issue #"), "C# and issue \\#");
        assert_eq!(escape_line(": not a definition"), "\\: not a definition");
    }

    #[test]
    fn sigils_are_stripped_only_from_known_names() {
        let mut event = Event::new(
            at("10:06").fixed_offset(),
            Kind::Fault,
            "@online-db halted, @online-db2 did not; #storage, #4412, mail a@online-db",
        );
        event.services = vec!["online-db".into()];
        event.tags = vec!["storage".into()];
        assert_eq!(
            strip_sigils(&event),
            "online-db halted, @online-db2 did not; storage, #4412, mail a@online-db"
        );
    }
}
