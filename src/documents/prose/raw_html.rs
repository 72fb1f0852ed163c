//! Whether the raw HTML of a text is closed by the text itself.

use pulldown_cmark::{Event, Tag, TagEnd};

/// Elements without content, which nothing closes.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// True if every element, comment and quoted value of the raw HTML in `events` ends in it, each element
/// before those around it. False also where it cannot be told: declarations and the like.
pub(super) fn is_closed<'a>(events: impl Iterator<Item = Event<'a>>) -> bool {
    let mut open = Vec::new();
    let mut block: Option<String> = None;
    for event in events {
        let closed = match (event, &mut block) {
            (Event::Start(Tag::HtmlBlock), _) => {
                block = Some(String::new());
                true
            }
            (Event::Html(part), Some(block)) => {
                block.push_str(&part);
                true
            }
            (Event::End(TagEnd::HtmlBlock), _) => {
                read(&block.take().unwrap_or_default(), &mut open).is_some()
            }
            (Event::Html(html) | Event::InlineHtml(html), _) => read(&html, &mut open).is_some(),
            _ => true,
        };
        if !closed {
            return false;
        }
    }
    open.is_empty()
}

/// Opens and closes the elements of `html`. `None` where one is closed that is not the innermost, or
/// something else does not end.
fn read(html: &str, open: &mut Vec<String>) -> Option<()> {
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            let end = comment.find("-->")?;
            let inside = &comment[..end];
            // What some readers take for the end, others do not.
            if inside.starts_with(['>', '-']) || inside.contains("--!>") || inside.contains("<!--")
            {
                return None;
            }
            rest = &comment[end + 3..];
            continue;
        }
        let (name_on, is_end) = match rest.strip_prefix('/') {
            Some(name_on) => (name_on, true),
            None => (rest, false),
        };
        if !name_on.starts_with(|c: char| c.is_ascii_alphabetic()) {
            if is_end || rest.starts_with(['!', '?']) {
                return None;
            }
            continue;
        }
        let ends_name = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
        let name = name_on[..name_on.find(ends_name)?].to_ascii_lowercase();
        rest = after_tag(&name_on[name.len()..])?;
        if is_end {
            if open.pop()? != name {
                return None;
            }
        } else if !VOID.contains(&name.as_str()) {
            open.push(name);
        }
    }
    Some(())
}

/// Returns what follows the `>` of a tag; one in a quoted value is not its end.
fn after_tag(attributes: &str) -> Option<&str> {
    let mut quote = None;
    for (at, c) in attributes.char_indices() {
        match quote {
            Some(sign) if sign == c => quote = None,
            Some(_) => {}
            None if matches!(c, '"' | '\'') => quote = Some(c),
            None if c == '>' => return Some(&attributes[at + 1..]),
            None => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::is_closed;
    use pulldown_cmark::Parser;
    use rstest::rstest;

    #[rstest]
    #[case::no_html("a < b")]
    #[case::element("<b>a</b>")]
    #[case::nested("<details>\n<summary>More</summary>\n\n- *a*\n\n</details>")]
    #[case::void("a<br>b<BR/>c <img src='>' alt=\"</b>\">")]
    #[case::comment("<!-- a\n\nb -->\n\nc")]
    fn closed(#[case] text: &str) {
        assert!(is_closed(Parser::new(text)));
    }

    #[rstest]
    #[case::open("<details>\n\nmore")]
    #[case::open_in_line("a <b>c")]
    #[case::never_opened("a</b>")]
    #[case::crossed("<b><i>a</b></i>")]
    #[case::comment("<!-- a")]
    #[case::short_comment("<!--> a -->")]
    #[case::other_end_of_comment("<!-- a --!> b -->")]
    #[case::instruction("<?php\nx")]
    #[case::declaration("<!DOCTYPE html>")]
    #[case::data("<![CDATA[\nx ]]>")]
    #[case::plain("<div>\n<plaintext>\n</div>")]
    #[case::value("<div title=\"a>\n\n\"</div>")]
    #[case::not_an_end_of_itself("<div/>\n\na")]
    fn not_closed(#[case] text: &str) {
        assert!(!is_closed(Parser::new(text)));
    }
}
