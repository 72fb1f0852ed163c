//! Plain text of HTML that tools put into their messages.

/// Elements that begin on a line of their own.
const BLOCKS: [&str; 17] = [
    "address",
    "article",
    "blockquote",
    "br",
    "div",
    "dl",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "ol",
    "p",
    "tr",
    "ul",
];
/// How many times the length of a text is read at the most in looking for ends of tags that have none.
const MAX_VAIN_READS: usize = 16;
/// Elements whose content is no text.
const HIDDEN: [&str; 4] = ["script", "style", "head", "template"];

/// Returns the text of `html`: paragraphs and list items as lines, links as `label (address)`, mentions as
/// `@Name`, images as their alternative text. A `<` that begins no tag stays.
pub(super) fn html_to_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut link: Option<(String, usize)> = None;
    let mut pre_depth = 0_u32;
    let mut rest = html;
    // To look for the end of each of many tags that have none would take for ever: after some, a `<` is text.
    let mut vain_bytes = 0;
    let max_vain_bytes = html.len().saturating_mul(MAX_VAIN_READS);
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        push_text(&mut text, before, pre_depth > 0);
        let split = match vain_bytes <= max_vain_bytes {
            true => split_tag(from),
            false => None,
        };
        let Some((tag, after)) = split else {
            vain_bytes += from.len();
            text.push('<');
            rest = &from[1..];
            continue;
        };
        rest = after;
        let is_end = tag.starts_with('/');
        let name = tag_name(tag);
        match name.as_str() {
            "pre" => {
                break_line(&mut text);
                pre_depth = match is_end {
                    true => pre_depth.saturating_sub(1),
                    false => pre_depth + 1,
                };
            }
            "li" if !is_end => {
                break_line(&mut text);
                text.push_str("- ");
            }
            "td" | "th" if !is_end && !text.is_empty() && !text.ends_with('\n') => {
                text.push_str(" | ");
            }
            "a" if !is_end => link = attribute(tag, "href").map(|href| (href, text.len())),
            "a" => {
                if let Some((href, start)) = link.take() {
                    let label = text.get(start..).unwrap_or_default().trim().to_owned();
                    if label.is_empty() {
                        text.push_str(&href);
                    } else if !is_same_address(&label, &href) {
                        text.push_str(&format!(" ({href})"));
                    }
                }
            }
            "at" if !is_end => text.push('@'),
            "img" | "emoji" => match attribute(tag, "alt") {
                Some(alt) if name == "emoji" => text.push_str(&alt),
                Some(alt) if !alt.is_empty() => text.push_str(&format!("[image: {alt}]")),
                _ if name == "img" => text.push_str("[image]"),
                _ => {}
            },
            _ if HIDDEN.contains(&name.as_str()) && !is_end => {
                rest = from_end_tag(rest, &name);
            }
            _ if BLOCKS.contains(&name.as_str()) => break_line(&mut text),
            _ => {}
        }
    }
    push_text(&mut text, rest, pre_depth > 0);
    text.trim().to_owned()
}

/// Returns `text` from `</name` on; empty if that is not in it.
fn from_end_tag<'t>(text: &'t str, name: &str) -> &'t str {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("</") {
        let is_end = after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_end {
            return &text[text.len() - after.len() - 2..];
        }
        rest = after;
    }
    ""
}

/// True if a link's label says no more than its address.
pub(super) fn is_same_address(label: &str, address: &str) -> bool {
    let bare = |text: &str| {
        let text = text.trim_end_matches('/');
        let after = text.split_once("://").map_or(text, |(_, after)| after);
        after.trim_start_matches("mailto:").to_owned()
    };
    bare(label) == bare(address)
}

/// Splits `<tag ...>rest` after the tag; `None` if no tag begins here. A `>` in quotes ends no tag.
fn split_tag(from: &str) -> Option<(&str, &str)> {
    let inner = from.strip_prefix('<')?;
    if let Some(comment) = inner.strip_prefix("!--") {
        return Some((
            "!",
            comment.split_once("-->").map_or("", |(_, after)| after),
        ));
    }
    let first = inner.trim_start_matches('/').chars().next()?;
    if !(first.is_ascii_alphabetic() || first == '!') {
        return None;
    }
    let mut quote = None;
    for (at, c) in inner.char_indices() {
        match (c, quote) {
            ('>', None) => return Some((&inner[..at], &inner[at + 1..])),
            ('"' | '\'', None) => quote = Some(c),
            (c, Some(open)) if c == open => quote = None,
            _ => {}
        }
    }
    None
}

fn tag_name(tag: &str) -> String {
    tag.trim_start_matches('/')
        .split(|c: char| !c.is_ascii_alphanumeric())
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase()
}

/// Returns the value of an attribute, with its entities decoded.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let key = before
            .rsplit(char::is_whitespace)
            .next()
            .unwrap_or_default();
        let after = after.trim_start();
        let (value, tail) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
            _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(decode_entities(value));
        }
        rest = tail;
    }
    None
}

/// Pushes text between tags: white space counts as one space, unless it is preformatted.
fn push_text(text: &mut String, piece: &str, is_preformatted: bool) {
    let piece = decode_entities(piece);
    if is_preformatted {
        text.push_str(&piece);
        return;
    }
    for c in piece.chars() {
        match c.is_whitespace() {
            true if text.is_empty() || text.ends_with(['\n', ' ']) => {}
            true => text.push(' '),
            false => text.push(c),
        }
    }
}

fn break_line(text: &mut String) {
    text.truncate(text.trim_end_matches(' ').len());
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// Decodes `&amp;`, `&#39;`, `&#x27;` and the entities that tools write; others stay as they are.
pub(super) fn decode_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let from = &rest[at..];
        let end = from.bytes().take(12).position(|b| b == b';');
        match end.and_then(|end| Some((entity(from.get(1..end)?)?, end))) {
            Some((c, end)) => {
                out.push(c);
                rest = &from[end + 1..];
            }
            None => {
                out.push('&');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "hellip" => '…',
        "ndash" => '–',
        "mdash" => '—',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ldquo" => '“',
        "rdquo" => '”',
        "bull" => '•',
        "middot" => '·',
        "rarr" => '→',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("<p>One</p><p>Two &amp; three</p>", "One\nTwo & three")]
    #[case("a<br/>b<BR>c", "a\nb\nc")]
    #[case("<ul><li>x</li><li>y</li></ul>", "- x\n- y")]
    #[case(
        r#"see <a href="https://h.example/a?b=1&amp;c=2">the graph</a>."#,
        "see the graph (https://h.example/a?b=1&c=2)."
    )]
    #[case(
        r#"<a href="https://h.example/">https://h.example</a>"#,
        "https://h.example"
    )]
    #[case(r#"<at id="0">Nora Lind</at> look"#, "@Nora Lind look")]
    #[case(r#"<img alt="graph" src="x">"#, "[image: graph]")]
    #[case("load < 5 and > 2", "load < 5 and > 2")]
    #[case("<pre>a\n  b</pre>", "a\n  b")]
    #[case("<style>p{}</style>x", "x")]
    #[case("<style>a</b></STYLE >x<script>y", "x")]
    #[case("a <!-- b --> c", "a c")]
    #[case("<p title=\"a>b\">x</p>", "x")]
    #[case("it&#39;s &unknown; &#x1f525;", "it's &unknown; 🔥")]
    #[case("<", "<")]
    #[case("<a", "<a")]
    #[case("<a href=x", "<a href=x")]
    fn html_becomes_text(#[case] html: &str, #[case] expected: &str) {
        assert_eq!(html_to_text(html), expected);
    }

    #[test]
    fn long_text_of_tags_that_never_end_is_read_in_little_time() {
        const COUNT: usize = 500_000;
        assert_eq!(
            html_to_text(&"<a \"".repeat(COUNT)).matches('<').count(),
            COUNT
        );
        assert_eq!(html_to_text(&"<style>p</style>".repeat(COUNT)), "");
    }
}
