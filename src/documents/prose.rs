//! Makes Markdown prose of users safe to embed in a document.
//!
//! Only what would affect text after the section is changed: unclosed code fences and comments are
//! closed, and text that looks like a managed block's marker is broken up.

use crate::domain::document_text;

/// Returns `text` as Markdown that can stand before other Markdown, with only what documents show.
#[must_use]
pub fn sanitize_prose(text: &str) -> String {
    let text = document_text::block(text.trim_matches(['\n', '\r']).trim_end());
    let mut out = text.replace("<!-- bridgelog:", "<!-- bridgelog :");
    let mut fence: Option<(char, usize)> = None;
    let mut comment = false;
    for line in text.lines() {
        let trimmed = line.trim_start();
        let fence_char = trimmed.chars().next().unwrap_or_default();
        let length = trimmed.chars().take_while(|c| *c == fence_char).count();
        let is_fence = !comment
            && matches!(fence_char, '`' | '~')
            && length >= 3
            && line.len() - trimmed.len() < 4
            && !(fence_char == '`' && trimmed[length..].contains('`'));
        match fence {
            Some((open, open_length)) => {
                if is_fence
                    && open == fence_char
                    && length >= open_length
                    && trimmed[length..].trim().is_empty()
                {
                    fence = None;
                }
            }
            None if is_fence => fence = Some((fence_char, length)),
            None => {
                let mut rest = line;
                loop {
                    let next = if comment { "-->" } else { "<!--" };
                    let Some(at) = rest.find(next) else { break };
                    rest = &rest[at + next.len()..];
                    comment = !comment;
                }
            }
        }
    }
    if let Some((fence_char, length)) = fence {
        out.push('\n');
        out.extend(std::iter::repeat_n(fence_char, length));
    } else if comment {
        out.push_str(" -->");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_formed_markdown_is_unchanged() {
        let text = "One *two*.\n\n- a\n  - b\n\n```sh\nls <!-- x\n```\n\n<b>raw</b>";
        assert_eq!(sanitize_prose(text), text);
    }

    #[test]
    fn open_fences_and_comments_are_closed() {
        assert_eq!(sanitize_prose("a\n```\ncode"), "a\n```\ncode\n```");
        assert_eq!(
            sanitize_prose("a\n~~~~\n```\ncode"),
            "a\n~~~~\n```\ncode\n~~~~"
        );
        assert_eq!(sanitize_prose("a <!-- b"), "a <!-- b -->");
        assert_eq!(
            sanitize_prose("<!-- bridgelog:end summary -->"),
            "<!-- bridgelog :end summary -->"
        );
    }
}
