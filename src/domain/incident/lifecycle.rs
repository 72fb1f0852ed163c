//! Whether a `resolve` or `reopen` has an effect where it is in the timeline.

use super::{Incident, Record};
use crate::domain::{event::Event, words::Kind};

impl Incident {
    /// Returns the declaration, or a `reopen` that was recorded before `resolve`, if it is later in the timeline: then
    /// `resolve` does not resolve the incident.
    #[must_use]
    pub fn opened_after(&self, resolve: &Record<Event>) -> Option<&Record<Event>> {
        let is_later = |e: &&Record<Event>| e.sort_key() > resolve.sort_key();
        self.active_events().filter(is_later).find(|e| {
            let reopened = e.value.kind == Kind::Reopen;
            e.id == self.id || (reopened && e.recorded_order() < resolve.recorded_order())
        })
    }

    /// True if no `resolve` is earlier in the timeline than `reopen`: then there is nothing that it reopens.
    #[must_use]
    pub fn reopens_nothing(&self, reopen: &Record<Event>) -> bool {
        let order = reopen.sort_key();
        let mut before = self.active_events().take_while(|e| e.sort_key() < order);
        !before.any(|e| e.value.kind == Kind::Resolve)
    }
}
