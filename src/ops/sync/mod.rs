//! Makes the journal here and a hub equal, and says what that did.
//!
//! The sync itself is in `hub/sync.rs`; here are the session's side of it, where the hub is, and the sentences.

mod address;
mod presence;
mod replica;
mod sentences;

pub use self::{
    address::{HubAddress, init_postgres, init_sql},
    presence::{announce, others},
    sentences::{clock_sentence, clock_warning, notices},
};
pub use crate::hub::{
    Hub, Presence,
    replica::{Memory, Notes},
    report::Difference,
};

use self::replica::{HeldBack, SessionReplica, parse_notes};
use super::{OpsError, Result, Session};
use crate::{
    config::{Settings, environment::variable},
    domain::{entry::Header, subject::Subject},
    hub::{
        HubError,
        directory::DirectoryHub,
        report::{Report, SyncError},
        sync as hub_sync,
    },
};
use std::path::Path;
use uuid::Uuid;

/// What a sync did.
pub type SyncReport = Report<OpsError>;

impl From<HubError> for OpsError {
    fn from(error: HubError) -> Self {
        let retryable = error.is_retryable();
        let hint = error.hint.clone();
        let mut made = Self::failed(error.message.clone());
        if let Some(source) = error.into_source() {
            made = made.with_source(source);
        }
        made.retryable = retryable;
        match hint {
            Some(hint) => made.with_hint(hint),
            None => made,
        }
    }
}

impl From<SyncError<Self>> for OpsError {
    fn from(error: SyncError<Self>) -> Self {
        match error {
            SyncError::Hub(error) => error.into(),
            SyncError::Local(error) => error,
        }
    }
}

/// Returns where the hub is: `typed`, else what the environment says, else the setting `hub`.
///
/// # Errors
/// None of them says so, or not where a hub can be.
pub fn find_hub(settings: &Settings, typed: Option<&str>) -> Result<HubAddress> {
    if let Some(typed) = typed {
        return HubAddress::parse_argument(typed);
    }
    match configured_hub(settings) {
        Some(address) => address,
        None => Err(OpsError::usage("no hub is named").with_hint(
            "`bridgelog sync DIRECTORY` or `bridgelog sync postgres://...` names one; \
             `bridgelog config set hub ...` does for every sync",
        )),
    }
}

/// Returns the hub of the environment, else of the settings; `None` if there is none.
#[must_use]
pub fn configured_hub(settings: &Settings) -> Option<Result<HubAddress>> {
    let named = variable("BRIDGELOG_HUB").or_else(|| settings.hub.clone())?;
    Some(HubAddress::parse(&named))
}

/// Makes the directory at `path`, which must exist, a hub. Returns false if it was one already.
///
/// # Errors
/// It cannot be written.
pub fn init_directory(path: &Path) -> Result<bool> {
    Ok(DirectoryHub::init(path, Uuid::new_v4())?)
}

/// True if the directory at `path` is a hub.
#[must_use]
pub fn is_hub(path: &Path) -> bool {
    DirectoryHub::open(path).is_ok()
}

/// Returns what is remembered of the hub with `key`.
///
/// # Errors
/// Those of the store.
pub fn memory(session: &Session, key: &str) -> Result<Memory> {
    replica::memory(session, key)
}

/// True if this database was in step with a hub called `name` before.
///
/// # Errors
/// Those of the store.
pub fn is_known(session: &Session, name: &str) -> Result<bool> {
    let hubs = session.read().hubs()?;
    Ok(hubs
        .iter()
        .any(|(_, notes)| parse_notes(notes).name == name))
}

/// Receives what `hub` has and is not here, then sends what it lacks.
///
/// # Errors
/// The hub does not answer, or the journal cannot be read: then nothing was done. What failed later is in the
/// report.
pub fn sync(session: &mut Session, hub: &mut dyn Hub) -> Result<SyncReport> {
    let now = session.now();
    Ok(hub_sync::sync(&mut SessionReplica(session), hub, now)?)
}

/// Says what a sync would move.
///
/// # Errors
/// The hub or the journal cannot be read.
pub fn compare(session: &mut Session, hub: &mut dyn Hub) -> Result<Difference> {
    Ok(hub_sync::compare(&mut SessionReplica(session), hub)?)
}

/// Returns how many entries the hub with `key` does not have yet.
///
/// # Errors
/// Those of the store.
pub fn waiting(session: &Session, key: &str) -> Result<u64> {
    let sent = session.read().hub(key)?.map_or(0, |row| row.sent);
    let private = HeldBack::of(session)?.incidents;
    let mut waiting = 0;
    for (incident, count) in session.read().count_after(sent)? {
        if !private.contains(&incident.unwrap_or(replica::UNASSIGNED)) {
            waiting += count;
        }
    }
    Ok(waiting)
}

/// As [`waiting`], of the hub that is called `name`.
///
/// # Errors
/// Those of the store.
pub fn waiting_at(session: &Session, name: &str) -> Result<u64> {
    let hubs = session.read().hubs()?;
    let known = hubs
        .iter()
        .find(|(_, notes)| parse_notes(notes).name == name);
    waiting(session, known.map_or("", |(key, _)| key))
}

/// Returns how many of the entries of `incident` may be at a hub already, and the names of these hubs.
///
/// # Errors
/// Those of the store.
pub fn sent_before(session: &Session, incident: Uuid) -> Result<Vec<String>> {
    let Some(first) = session.read().first_number_in(Some(incident))? else {
        return Ok(Vec::new());
    };
    let in_part = HeldBack::of(session)?.in_part.contains_key(&incident);
    let hubs = hubs_beyond(session, first)?.into_iter();
    let shared = hubs.filter(|notes| in_part || !notes.private.contains(&incident));
    Ok(shared.map(|notes| notes.name).collect())
}

/// Returns the notes on the hubs to which entries up to number `first` or beyond were sent.
fn hubs_beyond(session: &Session, first: i64) -> Result<Vec<Notes>> {
    let mut beyond = Vec::new();
    for (key, notes) in session.read().hubs()? {
        let sent = session.read().hub(&key)?.map_or(0, |row| row.sent);
        beyond.extend((sent >= first).then(|| parse_notes(&notes)));
    }
    Ok(beyond)
}

/// Returns the names of the hubs that may have some of `versions`, headers of entries of the private `incident`: those
/// recorded before it was private. What is recorded of it now, as a redaction, does not go there.
///
/// # Errors
/// Those of the store.
pub fn may_hold<'e>(
    session: &Session,
    incident: Uuid,
    versions: impl Iterator<Item = &'e Header>,
) -> Result<Vec<String>> {
    if !HeldBack::of(session)?.incidents.contains(&incident) {
        return Ok(Vec::new());
    }
    let read = session.read();
    let marks = read.subject_versions(&Subject::Field("private".to_owned()), Some(incident))?;
    let order = |header: &Header| (header.recorded, header.seq);
    let Some(first) = marks.iter().min_by_key(|mark| order(mark.header())) else {
        return Ok(Vec::new());
    };
    let group = first.body().ok().flatten().and_then(|body| body.group);
    let mut first_sent = None;
    for version in versions {
        let is_declared_private = group == Some(version.id);
        // One of another incident was moved into this one.
        if version.incident != Some(incident)
            || (order(version) < order(first.header()) && !is_declared_private)
        {
            let number = read.first_number_in(version.incident)?;
            first_sent = first_sent.into_iter().chain(number).min();
        }
    }
    let Some(first_sent) = first_sent else {
        return Ok(Vec::new());
    };
    let hubs = hubs_beyond(session, first_sent)?.into_iter();
    Ok(hubs.map(|notes| notes.name).collect())
}
