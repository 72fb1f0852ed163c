//! Bounds a template before it is parsed: the parser and what it builds use the stack once for each link
//! of a chain of operators, so that a long enough one would end the whole program.

/// How many operators one `{{ ... }}` or `{% ... %}` may have. The built-in templates have at most twenty.
const MAX_OPERATORS: usize = 1000;
/// How many `{% elif %}` a template may have.
const MAX_ELIFS: usize = 1000;

/// What is too long in a template, and the line where it begins, from 1.
pub(super) type TooLong = (usize, String);

/// Returns what of `source` is too long to parse; `None` if nothing is.
pub(super) fn find_too_long(source: &str) -> Option<TooLong> {
    let mut elifs = 0;
    let mut at = 0;
    while let Some(found) = source[at..].find('{') {
        let start = at + found;
        let rest = &source[start + 1..];
        at = start + 1;
        let line = || 1 + source[..start].bytes().filter(|b| *b == b'\n').count();
        match rest.bytes().next() {
            Some(b'#') => at += rest.find("#}").unwrap_or(rest.len()),
            Some(b'{' | b'%') => {
                let tag = Tag::read(&rest[1..]);
                elifs += usize::from(tag.is_elif);
                if tag.operators > MAX_OPERATORS {
                    let why =
                        format!("it has an expression of more than {MAX_OPERATORS} operators");
                    return Some((line(), why));
                }
                if elifs > MAX_ELIFS {
                    return Some((line(), format!("it has more than {MAX_ELIFS} `elif`")));
                }
                at += 1 + tag.len;
            }
            _ => {}
        }
    }
    None
}

/// A `{{ ... }}` or `{% ... %}`.
struct Tag {
    /// How long it is, in bytes, without what opens it.
    len: usize,
    operators: usize,
    is_elif: bool,
}

impl Tag {
    /// Reads the tag at the beginning of `text`, after what opened it. Whatever can make an expression
    /// deeper counts as an operator; what is in quotes does not.
    fn read(text: &str) -> Self {
        let bytes = text.as_bytes();
        let (mut at, mut operators) = (0, 0);
        let mut is_elif = None;
        while let Some(byte) = bytes.get(at) {
            match byte {
                b'}' if at > 0 && matches!(bytes[at - 1], b'}' | b'%') => break,
                b'"' | b'\'' => {
                    at += 1;
                    while bytes.get(at).is_some_and(|b| b != byte) {
                        at += if bytes[at] == b'\\' { 2 } else { 1 };
                    }
                }
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    let end = bytes[at..].iter().position(|b| !is_word(*b));
                    let end = end.map_or(bytes.len(), |length| at + length);
                    let word = &text[at..end];
                    is_elif.get_or_insert(word == "elif");
                    let deepens = ["not", "and", "or", "in", "is", "if", "else"];
                    operators += usize::from(deepens.contains(&word));
                    at = end - 1;
                }
                b'|' | b'.' | b'[' | b'(' | b'{' | b'+' | b'-' | b'*' | b'/' | b'%' | b'~'
                | b'<' | b'>' | b'=' | b'!' => operators += 1,
                _ => {}
            }
            at += 1;
        }
        Self {
            len: at.min(bytes.len()),
            operators,
            is_elif: is_elif.unwrap_or(false),
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case::text("(((((", 4000, false)]
    #[case::comment_and_text("{# x #}((", 4000, false)]
    #[case::quotes("{{ '((((' ~ \"|\\\"|\" }}", 4000, false)]
    #[case::many_tags("{{ a + 1 }}{% if b %}{% endif %}", 4000, false)]
    #[case::list("{{ [1, 2, 3] }}", 4000, false)]
    #[case::elifs("{% elif a %}", 1001, true)]
    #[case::some_elifs("{% elif a %}", 1000, false)]
    fn text_is_bounded_by_its_longest_tag(
        #[case] part: &str,
        #[case] times: usize,
        #[case] too_long: bool,
    ) {
        assert_eq!(find_too_long(&part.repeat(times)).is_some(), too_long);
    }

    #[rstest]
    fn every_operator_counts(
        #[values(
            "|upper",
            ".a",
            "[0]",
            "()",
            "[",
            "(",
            "{'a':",
            " not",
            "-",
            "+1",
            "~1",
            " or 0",
            " and 0",
            "**1",
            "*1",
            "//1",
            "%1",
            "<1",
            " in a",
            " is defined",
            " if 0 else 1"
        )]
        link: &str,
        #[values("{{ x", "{% if x")] open: &str,
    ) {
        let tag = |links: usize| format!("a\n{open}{} }}}}", link.repeat(links));
        assert_eq!(find_too_long(&tag(100)), None);
        assert_eq!(find_too_long(&tag(1001)).unwrap().0, 2, "{link}");
    }
}
