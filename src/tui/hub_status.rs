//! What the screen knows of the hub.

use crate::{domain::time::UtcTime, ops::sync::Presence};

/// How far the hub is in step with this database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum HubState {
    /// It was not reached yet.
    #[default]
    Connecting,
    InStep,
    /// What others write comes in, what is written here does not go out.
    NotSending {
        /// When something was sent last, or there was nothing to send.
        since: Option<UtcTime>,
        to_send: u64,
        why: String,
    },
    Offline {
        since: UtcTime,
        to_send: u64,
        why: String,
    },
}

/// The state of the hub, with who else is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HubStatus {
    /// The hub as a person knows it.
    pub name: String,
    pub state: HubState,
    /// When entries were last received, or there were none to receive.
    pub received: Option<UtcTime>,
    /// When entries were last sent, or there were none to send.
    pub sent: Option<UtcTime>,
    /// What is wrong with the clock here.
    pub clock: Option<String>,
    /// What the last sync found, one sentence each, once.
    pub notices: Vec<String>,
    /// Who else is there, in whatever incident.
    pub others: Vec<Presence>,
}

/// How old the times on the screen may be.
const TIMES_SECONDS: i64 = 10;

impl HubStatus {
    /// True if it says something that `before` does not; times of the last seconds are none.
    #[must_use]
    pub fn is_news_after(&self, before: &Self) -> bool {
        let is_later = |now: Option<UtcTime>, before: Option<UtcTime>| match (now, before) {
            (Some(now), Some(before)) => (now - before).num_seconds() >= TIMES_SECONDS,
            (now, before) => now != before,
        };
        let facts = |status: &Self| {
            let others = status.others.iter();
            let others: Vec<_> = others
                .map(|other| (other.writer, other.incident, other.author.clone()))
                .collect();
            (
                status.name.clone(),
                status.state.clone(),
                status.clock.clone(),
                others,
            )
        };
        !self.notices.is_empty()
            || facts(self) != facts(before)
            || is_later(self.received, before.received)
            || is_later(self.sent, before.sent)
    }
}
