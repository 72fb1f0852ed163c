//! The JSON of `--json` that is about a row of the list of incidents, and the handles of links. Events,
//! follow-ups and states are written by [`domain::json`](crate::domain::json). Field names are a contract
//! with scripts; nothing is renamed or removed.

pub use crate::domain::json::{EventJson, TaskJson, states_json};
use crate::{
    domain::{
        handle,
        time::format_utc,
        words::{Severity, State, Word},
    },
    ops::Session,
    store::IncidentRow,
};
use serde::Serialize;
use uuid::Uuid;

/// Returns what gives the handle of an id. Where the store cannot be read, that is the whole handle, which
/// is right whatever others there are.
pub fn handles(session: &Session) -> impl Fn(Uuid) -> String + '_ {
    |id| {
        let short = session.read().handle_of(id);
        short.unwrap_or_else(|_| handle::from_id(id))
    }
}

#[derive(Debug, Serialize)]
pub struct IncidentJson<'a> {
    handle: &'a str,
    id: Uuid,
    number: Option<u32>,
    title: &'a str,
    severity: Option<Word<Severity>>,
    state: Option<State>,
    zone: &'a str,
    services: &'a [String],
    commander: Option<&'a str>,
    declared_at: Option<String>,
    resolved_at: Option<String>,
    open: bool,
    drill: bool,
    private: bool,
}

impl<'a> IncidentJson<'a> {
    #[must_use]
    pub fn new(row: &'a IncidentRow) -> Self {
        Self {
            handle: &row.handle,
            id: row.id,
            number: row.number,
            title: &row.title,
            severity: row.severity.clone(),
            state: row.state,
            zone: &row.zone,
            services: &row.services,
            commander: row.commander.as_deref(),
            declared_at: row.declared.map(format_utc),
            resolved_at: row.resolved.map(format_utc),
            open: row.resolved.is_none(),
            drill: row.is_drill,
            private: row.is_private,
        }
    }
}
