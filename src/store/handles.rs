//! Queries that resolve a typed handle to its subject, or suggest handles for a mistyped one.

use super::{
    error::StoreError,
    read::Reader,
    row::{VISIBLE, optional_uuid, subject_from_columns},
};
use crate::domain::{handle, subject::Subject};
use uuid::Uuid;

/// How many matches of an ambiguous prefix are returned.
const MAX_MATCHES: i64 = 20;
/// How many handles are suggested for a typing error.
const MAX_SUGGESTIONS: usize = 3;

/// A subject whose handle begins with a given prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandleMatch {
    pub subject: Subject,
    pub id: Uuid,
    /// The incident that the subject is in; none if it is unfiled. An incident itself is matched by
    /// the event that declared it.
    pub incident: Option<Uuid>,
    /// The shortest prefix that is unique in this store, at least [`handle::MIN_SHOWN_LEN`] letters.
    pub handle: String,
    /// False if it was undone or moved to another incident, so that no view shows it.
    pub visible: bool,
}

impl Reader<'_> {
    /// Returns the subjects whose handle begins with `prefix`, in the order of their handles, at most
    /// twenty: one if the prefix is unique, none if nothing matches.
    pub fn find_by_handle(&self, prefix: &str) -> Result<Vec<HandleMatch>, StoreError> {
        if !handle::is_handle_prefix(prefix) {
            return Ok(Vec::new());
        }
        // Handles have the letters `k` to `z`, and `{` is the character after `z`.
        self.query_all(
            "SELECT sort,id,name,incident,letters,flags FROM subject WHERE name>=?1 AND name<?1||'{' AND id IS NOT NULL ORDER BY name,sort LIMIT ?2",
            &[&prefix, &MAX_MATCHES],
            |row| {
                let name = row.get_ref(2)?.as_str()?;
                let prefix_len = usize::try_from(row.get::<_, i64>(4)?).unwrap_or_default();
                let id = Uuid::from_bytes(row.get(1)?);
                Ok(HandleMatch {
                    subject: subject_from_columns(row.get(0)?, Some(id), name),
                    id,
                    incident: optional_uuid(row, 3)?,
                    handle: name.get(..prefix_len).unwrap_or(name).to_owned(),
                    visible: row.get::<_, i64>(5)? & VISIBLE != 0,
                })
            },
        )
    }

    /// Returns at most three existing handles that are near `typed`: one letter replaced, two
    /// neighbouring letters swapped, or a common prefix. Empty if none is near.
    pub fn suggest_handles(&self, typed: &str) -> Result<Vec<String>, StoreError> {
        let letters: Vec<char> = typed.chars().take(handle::MIN_SHOWN_LEN).collect();
        let mut guesses: Vec<String> = Vec::new();
        for at in 0..letters.len() {
            if at + 1 < letters.len() {
                let mut swapped = letters.clone();
                swapped.swap(at, at + 1);
                guesses.push(swapped.into_iter().collect());
            }
            for letter in 'k'..='z' {
                let mut replaced = letters.clone();
                replaced[at] = letter;
                guesses.push(replaced.into_iter().collect());
            }
        }
        // The error may also be at the end: try ever shorter prefixes.
        guesses.extend(
            (2..letters.len())
                .rev()
                .map(|n| letters[..n].iter().collect()),
        );
        self.in_read_tx(|| {
            let mut suggestions: Vec<String> = Vec::new();
            for guess in guesses {
                for candidate in self.find_by_handle(&guess)? {
                    if suggestions.len() < MAX_SUGGESTIONS
                        && candidate.visible
                        && !suggestions.contains(&candidate.handle)
                    {
                        suggestions.push(candidate.handle);
                    }
                }
                if suggestions.len() == MAX_SUGGESTIONS {
                    break;
                }
            }
            Ok(suggestions)
        })
    }
}
