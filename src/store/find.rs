//! Handles: from what a person typed to what it means.

use super::{
    error::StoreError,
    read::Reader,
    row::{subject_of, uuid},
};
use crate::domain::{handle, subject::Subject};
use uuid::Uuid;

/// How many are given for an ambiguous beginning.
const AMBIGUOUS: i64 = 20;
/// How many are proposed for a slip of the finger.
const PROPOSED: usize = 3;

/// What a beginning of a handle may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What it is.
    pub subject: Subject,
    /// Its id.
    pub id: Uuid,
    /// The incident it stands in. An incident is found by the event that declared it.
    pub incident: Option<Uuid>,
    /// Its handle, as many letters as tell it from all others.
    pub handle: String,
    /// False where nothing is shown of it any more: it was taken back, or it moved away.
    pub there: bool,
}

impl Reader<'_> {
    /// What bears a handle that begins with `prefix`: one where it is unique, none where there is no
    /// such; of many, the first twenty.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn find(&self, prefix: &str) -> Result<Vec<Found>, StoreError> {
        if !handle::is_handle_prefix(prefix) {
            return Ok(Vec::new());
        }
        // `{` comes after `z`.
        self.all(
            "SELECT sort,id,name,incident,letters,flags FROM subject WHERE name>=?1 AND name<?1||'{' AND id IS NOT NULL ORDER BY name,sort LIMIT ?2",
            &[&prefix, &AMBIGUOUS],
            |row| {
                let name = row.get_ref(2)?.as_str()?;
                let letters = usize::try_from(row.get::<_, i64>(4)?).unwrap_or_default();
                let id = Uuid::from_bytes(row.get(1)?);
                Ok(Found {
                    subject: subject_of(row.get(0)?, Some(id), name),
                    id,
                    incident: uuid(row, 3)?,
                    handle: name.get(..letters).unwrap_or(name).to_owned(),
                    there: row.get::<_, i64>(5)? & super::row::THERE != 0,
                })
            },
        )
    }

    /// Handles that `typed` may have been meant as: one letter other, two swapped, or with the same
    /// beginning. At most three; none where nothing is near.
    ///
    /// # Errors
    /// See [`Reader`].
    pub fn near(&self, typed: &str) -> Result<Vec<String>, StoreError> {
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
        self.steady(|| {
            let mut near: Vec<String> = Vec::new();
            for guess in guesses {
                for found in self.find(&guess)? {
                    if near.len() < PROPOSED && found.there && !near.contains(&found.handle) {
                        near.push(found.handle);
                    }
                }
                if near.len() == PROPOSED {
                    break;
                }
            }
            Ok(near)
        })
    }
}
