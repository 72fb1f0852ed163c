//! Recognises two times that another sign than that of a span joins without spaces: `9am~10am`.

use super::{
    cursor::Cursor, other_time::is_other_time, parse::parse_leading, types::TimeContext,
    unread_end::NOONS,
};

/// Signs that stand directly between two times.
const GLUED_SIGNS: [char; 3] = ['~', '…', '→'];

/// Length in bytes of two times that another sign than that of a span joins, with which `text` begins: `9am~10am`,
/// `-20m~-10m`, `0912Z→noon`.
pub(super) fn glued_len(text: &str, context: &TimeContext<'_>) -> Option<usize> {
    const MAX_LEN: usize = 24;
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return None;
    }
    let head = &text[..text.floor_char_boundary(MAX_LEN)];
    let (at, sign) = head.char_indices().find(|(_, c)| GLUED_SIGNS.contains(c))?;
    let first = head[..at].trim_end();
    let is_time = is_other_time(first)
        || matches!(parse_leading(first, context), Some(Ok((_, length))) if length == first.len());
    let end = at + sign.len_utf8();
    let mut cursor = Cursor::new(text, end);
    let second = cursor.take_while(|c| !c.is_whitespace());
    let is_end = second
        .trim_start_matches(['-', '~'])
        .starts_with(|c: char| c.is_ascii_digit())
        || NOONS.contains(&second)
        || second == "now";
    (is_time && is_end).then_some(cursor.position)
}
