//! Parts of a text that hold no markers: code in backticks, quotations, `$(...)` and `${...}` of a shell.

/// Keywords that begin a part of the line; what seems to enclose one is not closed.
const KEYWORDS: [&str; 3] = ["why:", "not:", "tell:"];

/// Length in bytes of the part that `text` begins with and that holds no markers. Quotes only open at
/// the start of a word. `None` if nothing opens, or nothing closes.
pub(super) fn verbatim_len(text: &str, at_word_start: bool) -> Option<usize> {
    let (open, close) = match text.chars().next()? {
        '`' => {
            let count = text.bytes().take_while(|b| *b == b'`').count();
            let ticks = &text[..count];
            return enclosed_len(text, ticks, ticks);
        }
        '$' if text.starts_with("$(") => return substitution_len(text),
        '$' if text.starts_with("${") => return enclosed_len(text, "${", "}"),
        '"' if at_word_start => ("\"", "\""),
        '\'' if at_word_start => ("'", "'"),
        '“' if at_word_start => ("“", "”"),
        '‘' if at_word_start => ("‘", "’"),
        _ => return None,
    };
    let mut from = open.len();
    // An apostrophe inside a word closes nothing.
    loop {
        let end = from + text[from..].find(close)? + close.len();
        let closes_word = text[end..]
            .chars()
            .next()
            .is_none_or(|c| c.is_whitespace() || ",.;:!?)]}…".contains(c));
        let inside = &text[open.len()..end - close.len()];
        if closes_word {
            let is_quotation = !inside.is_empty() && !inside.contains("@\"") && is_closed(inside);
            return is_quotation.then_some(end);
        }
        from = end;
    }
}

fn enclosed_len(text: &str, open: &str, close: &str) -> Option<usize> {
    let length = text[open.len()..].find(close)?;
    let inside = &text[open.len()..open.len() + length];
    (length > 0 && is_closed(inside)).then_some(open.len() + length + close.len())
}

/// Length of `$(...)` with the parentheses inside it.
fn substitution_len(text: &str) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    return is_closed(&text[..at]).then_some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// False if `inside` goes over a line break or a keyword, also one that a backslash makes plain text:
/// the printed form of a text reads as the text does.
fn is_closed(inside: &str) -> bool {
    !inside.contains('\n')
        && !inside
            .split(char::is_whitespace)
            .any(|word| KEYWORDS.contains(&word.trim_start_matches('\\')))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("`@db #x` y", Some("`@db #x`"))]
    #[case("``a ` @db`` y", Some("``a ` @db``"))]
    #[case("`open @db", None)]
    #[case("`` x", None)]
    #[case("$(date +%s) y", Some("$(date +%s)"))]
    #[case("$(a $(b) @c) y", Some("$(a $(b) @c)"))]
    #[case("$(open", None)]
    #[case("${@web} y", Some("${@web}"))]
    #[case("${} y", None)]
    #[case("${open @web", None)]
    #[case("$5 y", None)]
    #[case("\"see #x\", y", Some("\"see #x\""))]
    #[case("'it's @db' y", Some("'it's @db'"))]
    #[case("'tis @db", None)]
    #[case("“@db” y", Some("“@db”"))]
    #[case("\"\" y", None)]
    #[case("\"a why: b\"", None)]
    #[case("`a tell: b`", None)]
    #[case("` \\why: `", None)]
    #[case("$(a \\\\not: @c)", None)]
    #[case("\"a @\"Ann Lee\" b\"", None)]
    fn code_quotations_and_substitutions_are_found(
        #[case] text: &str,
        #[case] found: Option<&str>,
    ) {
        assert_eq!(verbatim_len(text, true).map(|end| &text[..end]), found);
    }
}
