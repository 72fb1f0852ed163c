//! What holds a text that a redaction destroys, and is not reached by it: other entries, headers, half-typed
//! lines, files beside the database.

use super::{
    OpsError, Result, Session, draft,
    journal_lines::entries,
    resolve::{Target, short_ref},
};
use crate::domain::{
    file::{FileContent, TEXT},
    hash::Hash,
    incident::FIELDS,
    subject::Subject,
    value::Value,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value as Json;
use std::{collections::BTreeSet, fs};
use uuid::Uuid;

/// The shortest text, in bytes, that is looked for in other places; shorter ones are in many.
const MIN_SEARCHED_BYTES: usize = 6;
/// How many other places that hold a destroyed text are named.
const MAX_NAMED_PLACES: usize = 5;

/// What one walk over the journal found.
pub(super) struct Remains {
    /// The services that something else names, so that a mention of them is no secret.
    pub services: BTreeSet<String>,
    /// The subjects that hold some of the texts, each with those that it holds.
    holders: Vec<(Subject, Option<Uuid>, BTreeSet<String>)>,
    /// The authors and services in headers that are among the texts, as `author/NAME`.
    names: BTreeSet<(&'static str, String)>,
    /// Words of the texts that the rest of the journal uses.
    common_words: BTreeSet<String>,
}

impl Remains {
    /// Walks over the entries of all subjects but `about`, and looks for `texts` in them; also in the attached
    /// texts but `own_files`.
    pub fn search(
        session: &Session,
        about: &Subject,
        own_files: &BTreeSet<Hash>,
        texts: &BTreeSet<String>,
    ) -> Result<Self> {
        let long: Vec<(&String, String)> = texts
            .iter()
            .filter(|text| text.len() >= MIN_SEARCHED_BYTES)
            .map(|text| (text, escaped(text)))
            .collect();
        let mut words: Vec<(String, String)> =
            words_of(texts).map(|word| (escaped(&word), word)).collect();
        let mut found = Self {
            services: BTreeSet::new(),
            holders: Vec::new(),
            names: BTreeSet::new(),
            common_words: BTreeSet::new(),
        };
        for entry in entries(session) {
            let entry = entry?;
            let header = entry.header();
            if texts.contains(&header.author) {
                found.names.insert(("author", header.author.clone()));
            }
            if let Subject::Service(name) = &header.subject {
                found.services.insert(name.clone());
                if texts.contains(name) {
                    found.names.insert(("service", name.clone()));
                }
            }
            let Some(body) = entry.body_bytes().filter(|_| header.subject != *about) else {
                continue;
            };
            let content;
            let body = match (&header.subject, Value::from_body(Some(body))) {
                (Subject::File(hash), _) if own_files.contains(hash) => continue,
                (_, Value::File(file)) => {
                    content = text_of(&file);
                    &content
                }
                (_, Value::Event(event)) => {
                    found.services.extend(event.services);
                    body
                }
                _ => body,
            };
            words.retain(|(escaped, word)| {
                let common = body.contains(escaped);
                if common {
                    found.common_words.insert(word.clone());
                }
                !common
            });
            let held = long.iter().filter(|(_, text)| body.contains(text));
            let held: BTreeSet<String> = held.map(|(text, _)| (*text).clone()).collect();
            let place = |(subject, incident, _): &&mut (Subject, Option<Uuid>, _)| {
                *subject == header.subject && *incident == header.incident
            };
            match found.holders.iter_mut().find(place) {
                _ if held.is_empty() => {}
                Some((.., texts)) => texts.extend(held),
                None => found
                    .holders
                    .push((header.subject.clone(), header.incident, held)),
            }
        }
        Ok(found)
    }

    /// Removes the half-typed lines that hold one of the texts `destroyed`, which are some of those that were
    /// looked for, and says what still holds one.
    ///
    /// # Errors
    /// Drafts or files beside the database that cannot be read.
    pub fn notices(
        self,
        session: &Session,
        target: &Target,
        destroyed: &BTreeSet<String>,
    ) -> Result<Vec<String>> {
        let mut notices = self.holder_notices(session, destroyed)?;
        let mut names: BTreeSet<String> = self
            .names
            .iter()
            .filter(|(_, name)| destroyed.contains(name))
            .map(|(kind, name)| format!("{kind}/{name}"))
            .collect();
        match &target.subject {
            Subject::Service(_) | Subject::Person(_) => {
                names.insert(target.subject.to_string());
            }
            Subject::Field(name) if FIELDS.iter().all(|(known, _)| known != name) => {
                names.insert(format!("field/{name}"));
            }
            _ => {}
        }
        notices.extend(names.iter().map(|name| unreachable_sentence(name)));
        // A word that the rest of the journal never uses is part of what had to go.
        let words: Vec<String> = words_of(destroyed)
            .filter(|word| !self.common_words.contains(word))
            .collect();
        let holds = |text: &str| {
            let whole = destroyed
                .iter()
                .filter(|text| text.len() >= MIN_SEARCHED_BYTES);
            whole.chain(&words).any(|part| text.contains(part))
        };
        notices.extend(file_notices(session, holds)?);
        Ok(notices)
    }

    fn holder_notices(
        &self,
        session: &Session,
        destroyed: &BTreeSet<String>,
    ) -> Result<Vec<String>> {
        let held = self
            .holders
            .iter()
            .filter(|(.., texts)| !texts.is_disjoint(destroyed));
        let count = held.clone().count();
        let mut notices = Vec::new();
        for (subject, incident, _) in held.take(MAX_NAMED_PLACES) {
            let Some((current, handle)) = session.read().subject_state(subject, *incident)? else {
                continue;
            };
            let name = match &current.value {
                _ if handle.is_empty() => subject.to_string(),
                Value::Message(message) => format!("email m{} ({handle})", message.number),
                _ => handle.clone(),
            };
            let typed = if handle.is_empty() { &name } else { &handle };
            let flag = match incident {
                Some(id) if handle.is_empty() => match session.read().incident_row(*id)? {
                    Some(row) => format!(" --incident {}", short_ref(&row)),
                    None => String::new(),
                },
                _ => String::new(),
            };
            notices.push(format!(
                "{name} holds some of this text too: `bridgelog redact {typed}{flag} --reason TEXT`"
            ));
        }
        if count > MAX_NAMED_PLACES {
            notices.push(format!(
                "so do {} more: `bridgelog search --all` finds them",
                count - MAX_NAMED_PLACES
            ));
        }
        Ok(notices)
    }
}

/// Removes the drafts for which `holds` is true, and names what else beside the database it is true for.
fn file_notices(session: &Session, holds: impl Fn(&str) -> bool) -> Result<Vec<String>> {
    let path = session.store.path();
    let listed =
        |e| OpsError::failed("it was redacted, but not all drafts could be read").with_source(e);
    let mut notices = Vec::new();
    let (removed, kept) = draft::remove_where(path, &holds).map_err(listed)?;
    if removed > 0 {
        notices.push(format!("drafts that held it, removed: {removed}"));
    }
    if kept > 0 {
        notices.push(format!(
            "drafts that hold it in a bridgelog that is running: {kept}; clear them there"
        ));
    }
    for copy in draft::sidecars(path).map_err(listed)? {
        let name = copy.display().to_string();
        if ["-wal", "-shm", "-journal"]
            .iter()
            .any(|end| name.ends_with(end))
            || name.contains("-draft-")
        {
            continue;
        }
        let bytes = fs::read(&copy).map_err(listed)?;
        if holds(&String::from_utf8_lossy(&bytes)) {
            notices.push(format!(
                "{name} is a copy made before and holds it still: delete it"
            ));
        }
    }
    Ok(notices)
}

/// The words of `texts` that are long enough to be looked for, without the marks around them.
fn words_of(texts: &BTreeSet<String>) -> impl Iterator<Item = String> + '_ {
    let words = texts.iter().flat_map(|text| text.split_whitespace());
    words
        .map(|word| word.trim_matches(|c: char| ",.;:!?'\"()[]`".contains(c)))
        .filter(|word| word.len() >= MIN_SEARCHED_BYTES)
        .map(str::to_owned)
}

/// Says that what `name` names stands in headers, and the way to leave it behind.
fn unreachable_sentence(name: &str) -> String {
    format!(
        "`{name}` is in the header of entries, which keeps the chain together, and cannot be destroyed: `bridgelog export jsonl --without {name}` leaves those entries behind"
    )
}

/// The name of an attached file, and what it says if it is text, both as they would stand in JSON.
fn text_of(file: &FileContent) -> String {
    let mut text = escaped(&file.name);
    if file.media_type == TEXT
        && let Ok(bytes) = STANDARD.decode(file.data.as_bytes())
    {
        text.push('\n');
        text.push_str(&escaped(&String::from_utf8_lossy(&bytes)));
    }
    text
}

/// Returns `text` as it stands in JSON.
fn escaped(text: &str) -> String {
    let json = Json::from(text).to_string();
    json[1..json.len() - 1].to_owned()
}
