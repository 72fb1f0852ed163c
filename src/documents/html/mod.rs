//! HTML output: escaping, safe links, placeholders and filtered Markdown.

use super::{
    markdown_escape::{leading_url, one_line},
    placeholder,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::fmt::Write;

mod markdown;

pub use markdown::{MARKDOWN_OPTIONS, markdown_to_html};

/// Appends `text`, escaped for text content and quoted attributes.
pub fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
        out.push_str(&rest[..at]);
        out.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        });
        rest = &rest[at + 1..];
    }
    out.push_str(rest);
}

/// Returns what [`push_escaped`] appends.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    push_escaped(&mut out, text);
    out
}

/// Appends text of a user on one line: escaped, safe to show, with `http` and `https` URLs as links.
pub fn push_linkified(out: &mut String, text: &str) {
    let text = one_line(text);
    let mut rest: &str = &text;
    let mut from = 0;
    while let Some(at) = rest[from..].find("http").map(|at| at + from) {
        let url = if rest[..at].ends_with(char::is_alphanumeric) {
            ""
        } else {
            leading_url(&rest[at..])
        };
        if url.is_empty() {
            from = at + 4;
            continue;
        }
        push_escaped(out, &rest[..at]);
        push_link_start(out, url);
        push_escaped(out, url);
        out.push_str("</a>");
        rest = &rest[at + url.len()..];
        from = 0;
    }
    push_escaped(out, rest);
}

/// Appends text of a user as a part of a line: [`push_linkified`] in an element that takes its direction
/// from the text and keeps it from the text around.
pub fn push_typed(out: &mut String, text: &str) {
    out.push_str("<bdi>");
    push_linkified(out, text);
    out.push_str("</bdi>");
}

/// Appends the start tag of a link to `url`, without a referrer.
fn push_link_start(out: &mut String, url: &str) {
    out.push_str("<a href=\"");
    push_escaped(out, url);
    out.push_str("\" rel=\"noreferrer noopener\">");
}

/// Appends a [`placeholder`](super::placeholder::placeholder) as HTML, with its command as code. `inner`
/// is the text between `[[` and `]]`.
fn push_placeholder(out: &mut String, inner: &str) {
    out.push_str("<mark>");
    match inner.split_once(": ") {
        Some((what, command)) => {
            push_escaped(out, what);
            out.push_str(" <code>");
            push_escaped(out, command);
            out.push_str("</code>");
        }
        None => push_escaped(out, inner),
    }
    out.push_str("</mark>");
}

/// Appends `text`, escaped, with its placeholders highlighted.
fn push_with_placeholders(out: &mut String, text: &str) {
    for (part, marked) in placeholder::split(text) {
        if marked {
            push_placeholder(out, part);
        } else {
            push_escaped(out, part);
        }
    }
}

/// Encodes bytes in base64. Source: RFC 4648, section 4.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Percent-encodes a file name as a relative URL.
#[must_use]
pub fn percent_encode(name: &[u8]) -> String {
    let mut out = String::with_capacity(name.len());
    for byte in name {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            out.push(char::from(*byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// Decodes what [`percent_encode`] returns; `None` if `url` has a `/` or a broken escape.
#[must_use]
pub fn percent_decode(url: &str) -> Option<Vec<u8>> {
    let mut name = Vec::with_capacity(url.len());
    let mut bytes = url.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'/' => return None,
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                let digits = std::str::from_utf8(&digits).ok()?;
                name.push(u8::from_str_radix(digits, 16).ok()?);
            }
            byte => name.push(byte),
        }
    }
    (!name.contains(&b'/')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn linkified(text: &str) -> String {
        let mut out = String::new();
        push_linkified(&mut out, text);
        out
    }

    #[test]
    fn typed_text_is_escaped_and_urls_linked() {
        assert_eq!(
            linkified("a <b> & \"c\" 'd'\ne"),
            "a &lt;b&gt; &amp; &quot;c&quot; &#39;d&#39; e"
        );
        assert_eq!(
            linkified("see https://x.example/?a=1&b=2, httpx and javascript:alert(1)"),
            "see <a href=\"https://x.example/?a=1&amp;b=2\" rel=\"noreferrer noopener\">\
             https://x.example/?a=1&amp;b=2</a>, httpx and javascript:alert(1)"
        );
    }

    #[test]
    fn typed_text_has_its_own_direction() {
        let typed = |text| {
            let mut out = String::new();
            push_typed(&mut out, text);
            out
        };
        assert_eq!(typed("שלום <b>"), "<bdi>שלום &lt;b&gt;</bdi>");
        assert_eq!(typed("a\u{202e}b"), "<bdi>a\u{fffd}b</bdi>");
    }

    #[test]
    fn base64_matches_rfc_examples() {
        for (plain, encoded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), encoded);
        }
    }

    #[test]
    fn file_names_are_percent_encoded() {
        assert_eq!(percent_encode("a b(1).svg".as_bytes()), "a%20b%281%29.svg");
        assert_eq!(percent_encode(b"\xff?.svg"), "%FF%3F.svg");
        for name in [&b"a b(1).svg"[..], b"\xff?.svg"] {
            assert_eq!(percent_decode(&percent_encode(name)).as_deref(), Some(name));
        }
        for broken in ["%2", "%zz", "a/b.svg", "..%2fb.svg"] {
            assert_eq!(percent_decode(broken), None, "{broken}");
        }
    }
}
