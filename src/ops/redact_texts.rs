//! What a redaction is about: the places and the entries whose bodies it destroys, and the texts in them.

use super::{Result, Session, resolve::Target};
use crate::domain::entry::Entry;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use uuid::Uuid;

/// The places whose versions of `target` are destroyed: for a field, section or service the incidents merged
/// into its own, which no command can name any more, and last its own.
pub(super) fn places_of(session: &Session, target: &Target) -> Result<Vec<Option<Uuid>>> {
    let own = target.current.incident;
    let mut places = Vec::new();
    if let (None, Some(own)) = (target.subject.id(), own) {
        places.extend(session.read().merged_incidents(own)?.into_iter().map(Some));
    }
    places.push(own);
    Ok(places)
}

/// The ids that a redaction of `version` destroys: its own, and those that it destroyed itself.
pub(super) fn destroyed_with(version: &Entry) -> Vec<Uuid> {
    let mut ids = version
        .body()
        .ok()
        .flatten()
        .map(|body| body.destroys)
        .unwrap_or_default();
    ids.push(version.header().id);
    ids
}

/// The texts in the value of a body (JSON): all strings but times, ids and the words of fixed lists.
pub(super) fn texts_in(body: &str) -> BTreeSet<String> {
    const FIXED: [&str; 16] = [
        "sha256", "data", "at", "zone", "end", "kind", "state", "severity", "type", "links",
        "since", "due", "sent_at", "stage", "via", "to",
    ];
    fn collect(json: &Json, texts: &mut BTreeSet<String>) {
        match json {
            Json::String(text) if !text.trim().is_empty() => {
                texts.insert(text.trim().to_owned());
            }
            Json::Array(items) => items.iter().for_each(|item| collect(item, texts)),
            Json::Object(fields) => {
                for (name, value) in fields {
                    if !FIXED.contains(&name.as_str()) {
                        collect(value, texts);
                    }
                }
            }
            _ => {}
        }
    }
    let mut texts = BTreeSet::new();
    if let Ok(Json::Object(body)) = serde_json::from_str(body)
        && let Some(value) = body.get("value")
    {
        collect(value, &mut texts);
    }
    texts
}
