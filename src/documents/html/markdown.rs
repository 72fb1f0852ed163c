//! Converts Markdown to safe HTML: raw HTML is shown as text, links are only `http`, `https` and
//! `mailto`, and images become links, so that nothing is fetched.

use super::{escaped, push_escaped, push_link_start, push_with_placeholders};
use crate::domain::document_text;
use pulldown_cmark::{
    CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream,
};

/// What prose may have besides CommonMark.
pub const MARKDOWN_OPTIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS);

/// Converts the Markdown `text` to HTML.
#[must_use]
pub fn markdown_to_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 4);
    push_markdown_as_html(&mut out, text);
    out
}

/// Appends what [`markdown_to_html`] returns.
pub fn push_markdown_as_html(out: &mut String, text: &str) {
    let text = document_text::block(text);
    let events = TextMergeStream::new(Parser::new_ext(&text, MARKDOWN_OPTIONS));
    let mut filter = Filter::default();
    pulldown_cmark::html::push_html(out, events.map(|event| filter.convert(event)));
}

/// Converts parser events; the fields are its state between events.
#[derive(Default)]
struct Filter<'a> {
    /// For each open link: the URL if it is not allowed, else `None`.
    blocked_links: Vec<Option<CowStr<'a>>>,
    /// For each open image: its URL.
    image_urls: Vec<CowStr<'a>>,
    /// True inside a code block, where placeholders are not highlighted.
    in_code: bool,
    /// The header cells of the current table, as far as they are read.
    header_cells: Vec<String>,
    in_table_head: bool,
    column: usize,
}

impl<'a> Filter<'a> {
    fn convert(&mut self, event: Event<'a>) -> Event<'a> {
        match event {
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                let text = document_text::line(&text);
                self.append_header_cell(&text);
                html(format!("<code>{}</code>", escaped(&text)))
            }
            Event::Html(raw) => html(escaped(&document_text::block(&raw))),
            Event::InlineHtml(raw) => html(format!(
                "<code>{}</code>",
                escaped(&document_text::block(&raw))
            )),
            Event::TaskListMarker(done) => html(if done { "☑ " } else { "☐ " }.to_owned()),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::FootnoteReference(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.text(&text)
            }
            Event::SoftBreak | Event::HardBreak | Event::Rule => event,
        }
    }

    fn text(&mut self, text: &str) -> Event<'a> {
        let text = document_text::block(text);
        self.append_header_cell(&text);
        if self.in_code {
            return html(escaped(&text));
        }
        let mut out = String::with_capacity(text.len() + 16);
        push_with_placeholders(&mut out, &text);
        html(out)
    }

    fn start(&mut self, tag: Tag<'a>) -> Event<'a> {
        match tag {
            Tag::HtmlBlock => html("<pre class=\"raw\"><code>".to_owned()),
            Tag::CodeBlock(_) => {
                self.in_code = true;
                html("<pre><code>".to_owned())
            }
            // A heading in prose is below the heading of its section.
            Tag::Heading { level, .. } => {
                html(format!("<h{} dir=\"auto\">", demote_heading(level)))
            }
            Tag::Paragraph => html("<p dir=\"auto\">".to_owned()),
            Tag::Item => html("<li dir=\"auto\">".to_owned()),
            Tag::Link {
                dest_url,
                link_type,
                ..
            } => {
                let dest_url = match link_type {
                    LinkType::Email => format!("mailto:{dest_url}").into(),
                    _ => dest_url,
                };
                if is_allowed_url(&dest_url) {
                    self.blocked_links.push(None);
                    let mut out = String::new();
                    push_link_start(&mut out, &document_text::line(&dest_url));
                    html(out)
                } else {
                    self.blocked_links.push(Some(dest_url));
                    empty_html()
                }
            }
            Tag::Image { dest_url, .. } => {
                self.image_urls.push(dest_url);
                html("<span class=\"image\">".to_owned())
            }
            Tag::Table(_) => {
                self.header_cells.clear();
                html("<table class=\"cards\">".to_owned())
            }
            Tag::TableHead => {
                self.in_table_head = true;
                html("<thead><tr>".to_owned())
            }
            Tag::TableRow => {
                self.column = 0;
                html("<tr>".to_owned())
            }
            Tag::TableCell if self.in_table_head => {
                self.header_cells.push(String::new());
                html("<th scope=\"col\" dir=\"auto\">".to_owned())
            }
            Tag::TableCell => {
                let name = self
                    .header_cells
                    .get(self.column)
                    .map_or("", String::as_str);
                self.column += 1;
                html(format!("<td data-name=\"{}\" dir=\"auto\">", escaped(name)))
            }
            other => Event::Start(other),
        }
    }

    fn end(&mut self, tag: TagEnd) -> Event<'a> {
        match tag {
            TagEnd::HtmlBlock => html("</code></pre>\n".to_owned()),
            TagEnd::CodeBlock => {
                self.in_code = false;
                html("</code></pre>\n".to_owned())
            }
            TagEnd::Heading(level) => html(format!("</h{}>\n", demote_heading(level))),
            TagEnd::Paragraph => html("</p>\n".to_owned()),
            TagEnd::Item => html("</li>\n".to_owned()),
            TagEnd::Link => match self.blocked_links.pop().flatten() {
                Some(blocked) if !blocked.is_empty() => {
                    html(format!(" ({})", escaped(&document_text::line(&blocked))))
                }
                Some(_) => empty_html(),
                None => html("</a>".to_owned()),
            },
            TagEnd::Image => html(self.image()),
            TagEnd::TableHead => {
                self.in_table_head = false;
                html("</tr></thead><tbody>\n".to_owned())
            }
            TagEnd::Table => html("</tbody></table>\n".to_owned()),
            TagEnd::TableRow => html("</tr>\n".to_owned()),
            TagEnd::TableCell if self.in_table_head => html("</th>".to_owned()),
            TagEnd::TableCell => html("</td>".to_owned()),
            other => Event::End(other),
        }
    }

    /// Returns what follows the alt text of an image: its URL, as a link if that is allowed.
    fn image(&mut self) -> String {
        let Some(url) = self.image_urls.pop() else {
            return "</span>".to_owned();
        };
        let url = document_text::line(&url);
        let mut out = String::from(" (image: ");
        // A link inside a link would close the outer one.
        if is_allowed_url(&url) && self.blocked_links.iter().all(Option::is_some) {
            push_link_start(&mut out, &url);
            push_escaped(&mut out, &url);
            out.push_str("</a>");
        } else {
            push_escaped(&mut out, &url);
        }
        out.push_str(")</span>");
        out
    }

    fn append_header_cell(&mut self, text: &str) {
        if self.in_table_head
            && let Some(name) = self.header_cells.last_mut()
        {
            name.push_str(text);
        }
    }
}

/// Returns true for `http`, `https` and `mailto` URLs.
fn is_allowed_url(url: &str) -> bool {
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    let known = ["http", "https", "mailto"];
    known.iter().any(|known| scheme.eq_ignore_ascii_case(known))
        && !url.contains(|c: char| c.is_control() || c.is_whitespace())
}

/// Moves a heading two levels down, at most to 6: headings of sections are `h2`.
fn demote_heading(level: HeadingLevel) -> usize {
    (level as usize + 2).min(6)
}

fn html<'a>(text: String) -> Event<'a> {
    Event::Html(text.into())
}

fn empty_html<'a>() -> Event<'a> {
    html(String::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn executable_html_and_links_are_shown_as_text() {
        for (text, expected) in [
            (
                "a <script>alert(1)</script>",
                "<p dir=\"auto\">a <code>&lt;script&gt;</code>alert(1)<code>&lt;/script&gt;</code></p>\n",
            ),
            (
                "<div onclick=\"x\">\nhi\n</div>",
                "<pre class=\"raw\"><code>&lt;div onclick=&quot;x&quot;&gt;\nhi\n&lt;/div&gt;</code></pre>\n",
            ),
            (
                "[x](javascript:alert(1)) [y](data:text/html,z) [z](DOC.md)",
                "<p dir=\"auto\">x (javascript:alert(1)) y (data:text/html,z) z (DOC.md)</p>\n",
            ),
            (
                "[x](java&#x73;cript:a) [m](MAILTO:a@b.example)",
                "<p dir=\"auto\">x (javascript:a) <a href=\"MAILTO:a@b.example\" rel=\"noreferrer noopener\">m</a></p>\n",
            ),
            (
                "<a@b.example>",
                "<p dir=\"auto\"><a href=\"mailto:a@b.example\" rel=\"noreferrer noopener\">a@b.example</a></p>\n",
            ),
            (
                "![a graph](https://x.example/a.png)",
                "<p dir=\"auto\"><span class=\"image\">a graph (image: <a href=\"https://x.example/a.png\" \
                 rel=\"noreferrer noopener\">https://x.example/a.png</a>)</span></p>\n",
            ),
            (
                "[![a](http://x.example/a)](http://y.example)",
                "<p dir=\"auto\"><a href=\"http://y.example\" rel=\"noreferrer noopener\"><span class=\"image\">a \
                 (image: http://x.example/a)</span></a></p>\n",
            ),
            (
                "# Mine\n\n- [x] done",
                "<h3 dir=\"auto\">Mine</h3>\n<ul>\n<li dir=\"auto\">☑ done</li>\n</ul>\n",
            ),
            ("&#x202e;a", "<p dir=\"auto\">\u{fffd}a</p>\n"),
            (
                "[[the cause: bridgelog log 'x']]",
                "<p dir=\"auto\"><mark>the cause <code>bridgelog log &#39;x&#39;</code></mark></p>\n",
            ),
            (
                "| a | b |\n|---|:-:|\n| *1* | 2 |",
                "<table class=\"cards\"><thead><tr><th scope=\"col\" dir=\"auto\">a</th><th scope=\"col\" dir=\"auto\">b</th></tr></thead>\
                 <tbody>\n<tr><td data-name=\"a\" dir=\"auto\"><em>1</em></td><td data-name=\"b\" dir=\"auto\">2</td></tr>\n</tbody></table>\n",
            ),
        ] {
            assert_eq!(markdown_to_html(text), expected, "{text}");
        }
    }

    /// Returns the tags of `html` with their attributes, and checks that text outside is escaped.
    fn tags(html: &str) -> Vec<String> {
        let mut tags = Vec::new();
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            assert!(!rest[..at].contains('>'), "{html}");
            let end = rest[at..].find('>').expect("a tag ends") + at;
            tags.push(rest[at + 1..end].to_owned());
            rest = &rest[end + 1..];
        }
        assert!(!rest.contains('>'), "{html}");
        tags
    }

    fn hostile() -> impl Strategy<Value = String> {
        let bits = prop::sample::select(vec![
            "<script>",
            "</script>",
            "<img src=x onerror=a>",
            "![",
            "](",
            ")",
            "[",
            "]",
            "[x]: ",
            "javascript:alert(1)",
            "JaVaScRiPt:",
            "data:text/html,",
            "vbscript:",
            "https://x.example/",
            "mailto:a@b",
            "<https://x>",
            "<javascript:a>",
            "\"",
            "'",
            "onload=",
            "`",
            "```\n",
            "~~~\n",
            "    ",
            "\n",
            "\n\n",
            "> ",
            "- ",
            "1. ",
            "# ",
            "|",
            "|---|\n",
            "<!--",
            "-->",
            "<![CDATA[",
            "<?php",
            "&lt;",
            "&#60;",
            "&#x3c;script&#x3e;",
            "\\",
            "*",
            "**",
            "_",
            "~~",
            "[[",
            "]]",
            ": ",
            "a",
            "&Tab;",
            "&colon;",
            "\u{202e}",
            "\u{0}",
            "<a href='javascript:x'>",
            "<svg/onload=a>",
            "{{",
            "}}",
            "<style>",
            "</style>",
            "- [x] ",
        ]);
        prop::collection::vec(bits, 0..24).prop_map(|bits| bits.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1500))]

        #[test]
        fn hostile_markdown_yields_only_allowed_tags(text in prop_oneof![hostile(), any::<String>()]) {
            let html = markdown_to_html(&text);
            for tag in tags(&html) {
                let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
                prop_assert!(
                    ["p", "a", "em", "strong", "del", "code", "pre", "ul", "ol", "li", "blockquote", "hr",
                     "br", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td", "span",
                     "mark"].contains(&name),
                    "<{}> of {:?}", tag, text
                );
                let attributes = tag.strip_prefix(name).unwrap_or_default();
                let known = ["", " /", " dir=\"auto\""].contains(&attributes)
                    || attributes.starts_with(" href=\"http") || attributes.to_lowercase().starts_with(" href=\"mailto:")
                    || attributes.to_lowercase().starts_with(" href=\"http")
                    || attributes.starts_with(" class=\"") || attributes.starts_with(" data-name=\"")
                    || attributes.starts_with(" scope=\"col\"") || attributes.starts_with(" start=\"");
                prop_assert!(tag.starts_with('/') || known, "<{}> of {:?}", tag, text);
            }
            let safe = document_text::block(&html);
            prop_assert_eq!(safe.as_ref(), html.as_str());
        }
    }
}
