//! Handles: what a person types to refer to an event, a task or an incident.
//!
//! A UUIDv7 begins with its time, so the ids of events of the same minute share their first eight
//! digits. A handle is therefore made from the SHA-256 of the id, in the letters `k` to `z`, so
//! that it is never mistaken for a number or a hash. Any unique prefix is accepted; at least
//! [`MIN_SHOWN_LEN`] letters are displayed.

use super::hash::Hash;
use uuid::Uuid;

/// Number of letters displayed unless a longer prefix is needed.
pub const MIN_SHOWN_LEN: usize = 6;
/// Number of letters of a full handle.
pub const FULL_LEN: usize = 24;

/// Returns the full handle of `id`: [`FULL_LEN`] letters from `k` to `z`.
///
/// ```
/// use bridgelog::domain::handle;
/// let whole = handle::from_id(uuid::Uuid::nil());
/// assert_eq!(whole.len(), handle::FULL_LEN);
/// assert!(whole.bytes().all(|b| (b'k'..=b'z').contains(&b)));
/// ```
#[must_use]
pub fn from_id(id: Uuid) -> String {
    let hash = Hash::digest(id.as_bytes());
    let letter = |half: u8| char::from(b'k' + half);
    hash.0
        .iter()
        .take(FULL_LEN / 2)
        .flat_map(|byte| [letter(byte >> 4), letter(byte & 15)])
        .collect()
}

/// Returns the letters of the handle of `id` that are displayed, if no other begins with them.
#[must_use]
pub fn shown(id: Uuid) -> String {
    let mut handle = from_id(id);
    handle.truncate(MIN_SHOWN_LEN);
    handle
}

/// Number of letters to display of a full handle so that it differs from `neighbour`, another full
/// handle.
#[must_use]
pub fn unique_prefix_len(whole: &str, neighbour: &str) -> usize {
    let same = whole
        .bytes()
        .zip(neighbour.bytes())
        .take_while(|(a, b)| a == b)
        .count();
    (same + 1).clamp(MIN_SHOWN_LEN, FULL_LEN)
}

/// True if `text` could be the beginning of a handle: letters `k` to `z` only, at least one.
#[must_use]
pub fn is_handle_prefix(text: &str) -> bool {
    (1..=FULL_LEN).contains(&text.len()) && text.bytes().all(|b| (b'k'..=b'z').contains(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn handle_is_longer_when_prefix_is_shared() {
        assert_eq!(unique_prefix_len("kkkkkkkkzz", "zkkkkkkkkk"), MIN_SHOWN_LEN);
        assert_eq!(unique_prefix_len("kkkkkkkkzz", "kkkkkkkkkk"), 9);
    }
}
