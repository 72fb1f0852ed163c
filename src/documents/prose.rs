//! Prose that people wrote in Markdown, kept as Markdown.
//!
//! Only what would reach beyond its section is mended: a code fence or a comment that nobody closed,
//! and text that looks like our own markers.

use crate::domain::sanitize;

/// `text`, safe to show, to stand among other Markdown.
#[must_use]
pub fn sanitize_prose(text: &str) -> String {
    let text = sanitize::block(text.trim_matches(['\n', '\r']).trim_end());
    let mut out = text.replace("<!-- bridgelog:", "<!-- bridgelog :");
    let mut fence: Option<(char, usize)> = None;
    let mut comment = false;
    for line in text.lines() {
        let start = line.trim_start();
        let mark = start.chars().next().unwrap_or_default();
        let length = start.chars().take_while(|c| *c == mark).count();
        let is_fence = !comment
            && matches!(mark, '`' | '~')
            && length >= 3
            && line.len() - start.len() < 4
            && !(mark == '`' && start[length..].contains('`'));
        match fence {
            Some((open, long)) => {
                if is_fence && open == mark && length >= long && start[length..].trim().is_empty() {
                    fence = None;
                }
            }
            None if is_fence => fence = Some((mark, length)),
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
    if let Some((mark, length)) = fence {
        out.push('\n');
        out.extend(std::iter::repeat_n(mark, length));
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
