//! Handles: from what a person typed to what it means.

use super::{
    error::StoreError,
    read::Reader,
    row::{optional_uuid, subject_from_columns},
};
use crate::domain::{handle, subject::Subject};
use uuid::Uuid;

/// How many are given for an ambiguous beginning.
const MAX_MATCHES: i64 = 20;
/// How many are proposed for a slip of the finger.
const MAX_SUGGESTIONS: usize = 3;

/// What a beginning of a handle may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandleMatch {
    /// What it is.
    pub subject: Subject,
    /// Its id.
    pub id: Uuid,
    /// The incident it stands in. An incident is found by the event that declared it.
    pub incident: Option<Uuid>,
    /// Its handle, as many letters as tell it from all others.
    pub handle: String,
    /// False where nothing is shown of it any more: it was taken back, or it moved away.
    pub visible: bool,
}

impl Reader<'_> {
    /// What bears a handle that begins with `prefix`: one where it is unique, none where there is no
    /// such; of many, the first twenty.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn find_by_handle(&self, prefix: &str) -> Result<Vec<HandleMatch>, StoreError> {
        if !handle::is_handle_prefix(prefix) {
            return Ok(Vec::new());
        }
        // `{` comes after `z`.
        self.query_all(
            "SELECT sort,id,name,incident,letters,flags FROM subject WHERE name>=?1 AND name<?1||'{' AND id IS NOT NULL ORDER BY name,sort LIMIT ?2",
            &[&prefix, &MAX_MATCHES],
            |row| {
                let name = row.get_ref(2)?.as_str()?;
                let letters = usize::try_from(row.get::<_, i64>(4)?).unwrap_or_default();
                let id = Uuid::from_bytes(row.get(1)?);
                Ok(HandleMatch {
                    subject: subject_from_columns(row.get(0)?, Some(id), name),
                    id,
                    incident: optional_uuid(row, 3)?,
                    handle: name.get(..letters).unwrap_or(name).to_owned(),
                    visible: row.get::<_, i64>(5)? & super::row::VISIBLE != 0,
                })
            },
        )
    }

    /// Handles that `typed` may have been meant as: one letter other, two swapped, or with the same
    /// beginning. At most three; none where nothing is near.
    ///
    /// # Errors
    /// See [`Reader`].
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
                let mut other = letters.clone();
                other[at] = letter;
                guesses.push(other.into_iter().collect());
            }
        }
        // A slip may also be at the end: the longest beginning that anything has.
        guesses.extend(
            (2..letters.len())
                .rev()
                .map(|n| letters[..n].iter().collect()),
        );
        self.in_read_tx(|| {
            let mut near: Vec<String> = Vec::new();
            for guess in guesses {
                for found in self.find_by_handle(&guess)? {
                    if near.len() < MAX_SUGGESTIONS
                        && found.visible
                        && !near.contains(&found.handle)
                    {
                        near.push(found.handle);
                    }
                }
                if near.len() == MAX_SUGGESTIONS {
                    break;
                }
            }
            Ok(near)
        })
    }
}
