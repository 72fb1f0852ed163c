//! Finds a message by its number or handle.

use crate::{
    domain::{
        incident::{Incident, Record},
        value::Message,
    },
    ops::{OpsError, Result},
};
use uuid::Uuid;

pub(super) fn next_number(messages: &[Record<Message>]) -> u32 {
    let greatest = messages.iter().map(|m| m.value.number).max();
    greatest.unwrap_or(0).saturating_add(1)
}

/// Returns the number for message `id` that comes into an incident with `messages`: `number`, or the
/// next free one if another message has it.
pub fn free_number(messages: &[Record<Message>], id: Uuid, number: u32) -> u32 {
    let taken = |m: &Record<Message>| m.id != id && m.value.number == number;
    if messages.iter().any(taken) {
        next_number(messages)
    } else {
        number
    }
}

/// Returns the number in `m1`; `None` if `typed` is not of that form.
#[must_use]
pub fn letter_number(typed: &str) -> Option<u32> {
    let digits = typed.trim().strip_prefix(['m', 'M'])?;
    let is_number = digits.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| digits.parse().ok()).flatten()
}

/// Finds a message by number (`m1`, `1`) or by the beginning of its handle.
///
/// # Errors
/// No match; or two messages with that number, made on two machines while apart.
pub fn find<'a>(incident: &'a Incident, typed: &str) -> Result<&'a Record<Message>> {
    let word = typed.trim().to_lowercase();
    let number = letter_number(&word).or_else(|| word.parse().ok());
    let matches: Vec<&Record<Message>> = incident
        .messages
        .iter()
        .filter(|m| match number {
            Some(number) => m.value.number == number,
            None => word.len() > 2 && m.handle.starts_with(&word),
        })
        .collect();
    match matches.as_slice() {
        [one] => Ok(one),
        [] => {
            let known: Vec<String> = incident
                .messages
                .iter()
                .map(|m| format!("m{}", m.value.number))
                .collect();
            Err(
                OpsError::failed(format!("there is no saved draft `{typed}` here")).with_hint(
                    if known.is_empty() {
                        "`bridgelog email --save` saves the one that is due".to_owned()
                    } else {
                        format!("there is {}", known.join(", "))
                    },
                ),
            )
        }
        several => {
            let handles: Vec<&str> = several.iter().map(|m| m.handle.as_str()).collect();
            Err(OpsError::failed(format!(
                "two machines both saved a draft `{typed}` while apart"
            ))
            .with_hint(format!("name it by its handle: {}", handles.join(", "))))
        }
    }
}

pub(super) fn find_unsent(incident: &Incident, typed: &str, what: &str) -> Result<Record<Message>> {
    let found = find(incident, typed)?;
    match found.value.sent_at {
        None => Ok(found.clone()),
        Some(at) => Err(OpsError::failed(format!(
            "m{} was sent at {}; it cannot be {what} any more",
            found.value.number,
            at.format("%Y-%m-%d %H:%M %:z")
        ))
        .with_hint("`bridgelog email --save` saves the next one")
        .with_hint(format!(
            "if it did not go out: `bridgelog email --unsent m{} --reason TEXT`",
            found.value.number
        ))),
    }
}
