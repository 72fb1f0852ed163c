//! Redacts a secret that was pasted: its bytes are destroyed, its hash stays.

use super::{
    OpsError, Result, Session,
    context::validate_text,
    draft,
    journal_lines::{LeftOut, entries},
    message,
    resolve::{Target, short_ref},
};
use crate::domain::{
    entry::Entry,
    event::REDACTED,
    handle,
    incident::FIELDS,
    subject::Subject,
    value::{Body, Operation, Value},
};
use crate::store::StoreError;
use serde_json::Value as Json;
use std::{collections::BTreeSet, fs};
use uuid::Uuid;

/// The shortest text, in bytes, that is looked for in other places; shorter ones are in many.
const MIN_SEARCHED_BYTES: usize = 6;
/// How many other places that hold a destroyed text are named.
const MAX_NAMED_PLACES: usize = 5;
/// How many merges in a row are followed.
const MAX_MERGES: usize = 16;

/// The result of a redaction.
#[derive(Clone, Debug)]
pub struct Redacted {
    /// As it was before.
    pub target: Target,
    /// What else was removed, and what still holds the text; one sentence each.
    pub notices: Vec<String>,
}

/// Finds what `typed` names: a handle, `field/NAME`, `section/NAME`, `service/NAME`, or `m1` for a
/// saved letter; also what was undone.
///
/// # Errors
/// Nothing of that name, or something that cannot be destroyed because it stands in a header.
pub fn find(session: &Session, typed: &str) -> Result<Target> {
    let word = typed.trim();
    if let Some(author) = word.strip_prefix("author/") {
        return Err(author_error(author));
    }
    if let Some(name) = word.strip_prefix("service/") {
        return find_service(session, name);
    }
    if is_letter_number(word) {
        let row = session.resolve_for_read(None)?;
        let incident = session.load_incident(&row)?;
        let handle = message::find(&incident, word)?.handle.clone();
        return session.resolve_including_undone(&handle);
    }
    session.resolve_including_undone(word).map_err(|error| {
        match has_author(session, word.trim_start_matches('@')) {
            Ok(true) => author_error(word.trim_start_matches('@')),
            _ => error,
        }
    })
}

/// Returns what `export --without` leaves out for `typed`.
///
/// # Errors
/// Nothing of that name.
pub fn left_out(session: &Session, typed: &str) -> Result<LeftOut> {
    let none = || {
        OpsError::failed(format!("there is no entry of `{typed}` to leave out"))
            .with_hint("give a handle, `m1`, `service/NAME`, `field/NAME` or `author/NAME`")
    };
    let left = match typed.split_once('/') {
        Some(("author", author)) => LeftOut::Author(author.to_owned()),
        Some(_) => LeftOut::Subject(typed.parse().unwrap_or_else(|never| match never {})),
        None => return Ok(LeftOut::Subject(find(session, typed)?.subject)),
    };
    for entry in entries(session) {
        if left.matches(entry?.header()) {
            return Ok(left);
        }
    }
    Err(none())
}

/// True if `typed` is all letters of the handle that are shown, or a name, and not only the
/// beginning of a handle.
#[must_use]
pub fn is_typed_in_full(typed: &str, target: &Target) -> bool {
    let typed = typed.trim().trim_start_matches('^').to_lowercase();
    let is_name = target.subject.id().is_none() || is_letter_number(&typed);
    is_name || (typed.len() >= handle::MIN_SHOWN_LEN && typed.starts_with(&target.handle))
}

/// Destroys the text of all versions of what `typed` names.
///
/// # Errors
/// Those of [`find`] and [`redact_target`].
pub fn redact(session: &mut Session, typed: &str, reason: &str) -> Result<Redacted> {
    let target = find(session, typed)?;
    redact_target(session, &target, reason)
}

/// Destroys the text of all versions of `target`, and of the redactions before. Time and state stay,
/// and so does the hash of each version, so the chain still verifies.
///
/// Half-typed lines that hold the text are removed; the notices name what else holds it.
///
/// # Errors
/// An empty reason, a sent message; or a store that appended it but could not wipe old bytes.
pub fn redact_target(session: &mut Session, target: &Target, reason: &str) -> Result<Redacted> {
    let reason = validate_text(reason, "reason")?;
    let services = services_named_elsewhere(session, target)?;
    let (destroyed, replaced) = session.transact(|session| {
        let mut changes = Vec::new();
        let (mut destroyed, mut replaced) = (BTreeSet::new(), BTreeSet::new());
        for incident in places_of(session, target)? {
            let Some((current, _)) = session.read().subject_state(&target.subject, incident)?
            else {
                continue;
            };
            if matches!(&current.value, Value::Message(m) if m.sent_at.is_some()) {
                return Err(OpsError::failed(format!(
                    "`{}` is a message that was sent: its text is kept",
                    target.handle
                ))
                .with_hint(format!(
                    "`bridgelog export jsonl --without {}` leaves it behind",
                    target.handle
                )));
            }
            let mut value = current.value.redact(&reason);
            if let Value::Event(event) = &mut value {
                if target.subject.id() == current.incident {
                    event.text = REDACTED.to_owned();
                }
                // The author stands in the header in any case.
                if let (Some(after), Some(before)) = (
                    &mut event.commander,
                    current.value.event().and_then(|e| e.commander.as_ref()),
                ) && *before == current.author
                {
                    after.clone_from(before);
                }
                for service in &mut event.services {
                    if !services.contains(service) {
                        replaced.insert(std::mem::replace(service, "redacted".to_owned()));
                    }
                }
            }
            let versions = session.read().subject_versions(&target.subject, incident)?;
            destroyed.extend(
                versions
                    .iter()
                    .filter_map(Entry::body_bytes)
                    .flat_map(texts_in),
            );
            let destroys: BTreeSet<Uuid> = versions.iter().flat_map(destroyed_with).collect();
            let body = Body {
                destroys: destroys.into_iter().collect(),
                ..Body::new(Operation::Redact, value)
            };
            let change = session.write_context.new_change(
                current.incident,
                target.subject.clone(),
                current.head_ids(),
                body,
            );
            let kept = change.body.encode(&change.salt).map_err(StoreError::from)?;
            for text in texts_in(&kept) {
                destroyed.remove(&text);
            }
            changes.push(change);
        }
        session.append(&changes)?;
        Ok((destroyed, replaced))
    })?;
    let mut notices: Vec<String> = replaced
        .iter()
        .filter(|service| *service != "redacted")
        .map(|service| {
            format!("@{service} stood nowhere else and is @redacted now; `bridgelog amend {} @NAME` names the service", target.handle)
        })
        .collect();
    notices.extend(remaining_notices(session, target, &destroyed)?);
    Ok(Redacted {
        target: target.clone(),
        notices,
    })
}

/// The places whose versions of `target` are destroyed: its incident, and for a field, section or
/// service also the incidents merged into that one, which nobody can name any more.
fn places_of(session: &Session, target: &Target) -> Result<Vec<Option<Uuid>>> {
    let own = target.current.incident;
    let mut places = vec![own];
    if target.subject.id().is_some() {
        return Ok(places);
    }
    let mut others = BTreeSet::new();
    for entry in entries(session) {
        let entry = entry?;
        if entry.header().subject == target.subject {
            others.extend(entry.header().incident);
        }
    }
    let read = session.read();
    for incident in others {
        let mut into = Some(incident);
        // A chain of merges is short; a circle of them ends here.
        for _ in 0..MAX_MERGES {
            into = match into {
                Some(id) => read.incident_row(id)?.and_then(|row| row.merged_into),
                None => None,
            };
            if into.is_some() && into == own && !places.contains(&Some(incident)) {
                places.push(Some(incident));
            }
        }
    }
    Ok(places)
}

/// The services that something else than `target` names, so that its own mention is no secret.
fn services_named_elsewhere(session: &Session, target: &Target) -> Result<BTreeSet<String>> {
    let own = target.subject.id();
    let mut named = BTreeSet::new();
    for entry in entries(session) {
        let entry = entry?;
        if let Subject::Service(name) = &entry.header().subject {
            named.insert(name.clone());
        }
        if entry.header().subject.id() != own
            && let Value::Event(event) = Value::from_body(entry.body_bytes())
        {
            named.extend(event.services);
        }
    }
    Ok(named)
}

/// The ids that a redaction of `version` destroys: its own, and those that it destroyed itself.
fn destroyed_with(version: &Entry) -> Vec<Uuid> {
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
fn texts_in(body: &str) -> BTreeSet<String> {
    const FIXED: [&str; 14] = [
        "at", "zone", "end", "kind", "state", "severity", "type", "links", "since", "due",
        "sent_at", "stage", "via", "to",
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

/// Removes the drafts that hold one of the texts `destroyed`, and says what still holds one: other
/// entries, headers, files beside the log book.
fn remaining_notices(
    session: &Session,
    target: &Target,
    destroyed: &BTreeSet<String>,
) -> Result<Vec<String>> {
    let long: Vec<(&String, String)> = destroyed
        .iter()
        .filter(|text| text.len() >= MIN_SEARCHED_BYTES)
        .map(|text| (text, escaped(text)))
        .collect();
    // A word that the rest of the journal never uses is part of what had to go.
    let mut words: BTreeSet<String> = destroyed
        .iter()
        .flat_map(|text| text.split_whitespace())
        .map(|word| word.trim_matches(|c: char| ",.;:!?'\"()[]`".contains(c)))
        .filter(|word| word.len() >= MIN_SEARCHED_BYTES)
        .map(str::to_owned)
        .collect();
    let (mut holders, mut names) = (Vec::new(), BTreeSet::new());
    for entry in entries(session) {
        let entry = entry?;
        let header = entry.header();
        let mut named = |name: &str, kind: &str| {
            if destroyed.contains(name) {
                names.insert(format!("{kind}/{name}"));
            }
        };
        named(&header.author, "author");
        if let Subject::Service(name) = &header.subject {
            named(name, "service");
        }
        let Some(body) = entry.body_bytes() else {
            continue;
        };
        if header.subject == target.subject {
            continue;
        }
        words.retain(|word| !body.contains(&escaped(word)));
        let place = (header.subject.clone(), header.incident);
        if long.iter().any(|(_, text)| body.contains(text)) && !holders.contains(&place) {
            holders.push(place);
        }
    }
    let holds = |text: &str| {
        long.iter().any(|(whole, _)| text.contains(*whole))
            || words.iter().any(|word| text.contains(word))
    };
    let mut notices = Vec::new();
    for (subject, incident) in holders.iter().take(MAX_NAMED_PLACES) {
        let Some((current, handle)) = session.read().subject_state(subject, *incident)? else {
            continue;
        };
        let name = match &current.value {
            _ if handle.is_empty() => subject.to_string(),
            Value::Message(message) => format!("letter m{} ({handle})", message.number),
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
    if holders.len() > MAX_NAMED_PLACES {
        notices.push(format!(
            "so do {} more: `bridgelog search --all` finds them",
            holders.len() - MAX_NAMED_PLACES
        ));
    }
    match &target.subject {
        Subject::Service(name) => {
            names.insert(format!("service/{name}"));
        }
        Subject::Field(name) if !is_known_field(name) => {
            names.insert(format!("field/{name}"));
        }
        _ => {}
    }
    for name in names {
        notices.push(unreachable_sentence(&name));
    }
    let path = session.store.path();
    let listed =
        |e| OpsError::failed("it was redacted, but not all drafts could be read").with_source(e);
    let (removed, kept) = draft::remove_where(path, holds).map_err(listed)?;
    if removed > 0 {
        notices.push(format!("half-typed lines that held it, removed: {removed}"));
    }
    if kept > 0 {
        notices.push(format!(
            "half-typed lines that hold it in a bridgelog that runs now: {kept}; clear them there"
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

/// Says that what `name` names stands in headers, and the way to leave it behind.
fn unreachable_sentence(name: &str) -> String {
    format!(
        "`{name}` stands in the header of entries, which keeps the chain together, and cannot be destroyed: `bridgelog export jsonl --without {name}` leaves those entries behind"
    )
}

fn author_error(author: &str) -> OpsError {
    OpsError::failed(format!(
        "`{author}` is an author: it stands in the header of entries, which keeps the chain together, and cannot be destroyed"
    ))
    .with_hint(format!(
        "`bridgelog export jsonl --without author/{author}` leaves those entries behind"
    ))
}

fn find_service(session: &Session, name: &str) -> Result<Target> {
    let subject = Subject::Service(name.trim_start_matches('@').to_owned());
    let row = match &session.default_incident {
        Some(given) => Some(session.resolve_for_read(Some(given))?),
        None => session.resolve_for_read(None).ok(),
    };
    for incident in [row.map(|row| row.id), None] {
        if let Some((current, _)) = session.read().subject_state(&subject, incident)? {
            return Ok(Target {
                handle: subject.to_string(),
                subject,
                current,
            });
        }
    }
    Err(OpsError::failed(format!(
        "service `{name}` has no entry of its own here, only events that name it"
    ))
    .with_hint("redact those events, or name the incident with --incident"))
}

fn has_author(session: &Session, author: &str) -> Result<bool> {
    for entry in entries(session) {
        if entry?.header().author == author {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_letter_number(typed: &str) -> bool {
    let digits = typed.strip_prefix(['m', 'M']).unwrap_or_default();
    !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

fn is_known_field(name: &str) -> bool {
    FIELDS.iter().any(|(known, _)| *known == name)
}

/// Returns `text` as it stands in JSON.
fn escaped(text: &str) -> String {
    let json = Json::from(text).to_string();
    json[1..json.len() - 1].to_owned()
}
