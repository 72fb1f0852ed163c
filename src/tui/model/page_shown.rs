//! What the page shows now.

use super::{overlay::Overlay, pages::Tab, state::Model};
use crate::tui::msg::R_RESTORES;

/// Screens at least this wide show the detail beside the list.
const PANE_MIN_COLUMNS: u16 = 120;

impl Model {
    /// True if the detail of the selected event is beside the list.
    #[must_use]
    pub fn has_detail_pane(&self) -> bool {
        let covers =
            |overlay: &Overlay| !matches!(overlay, Overlay::Prompt(_) | Overlay::Confirm(_));
        !self.plain
            && self.size.0 >= PANE_MIN_COLUMNS
            && self.tab == Tab::Timeline
            && !self.timeline.events.is_empty()
            && !self.overlays.iter().any(covers)
    }

    /// Returns the first row in view of the document shown; 0 on the other tabs.
    #[must_use]
    pub fn document_scroll(&self) -> usize {
        match self.tab {
            Tab::Postmortem => self.postmortem.scroll,
            Tab::Email => self.letter_scroll,
            _ => 0,
        }
    }

    /// True if the message of what happened last says that it can be brought back.
    #[must_use]
    pub fn offers_restore(&self) -> bool {
        let text = self.status.as_ref().map_or("", |status| &status.text);
        !self.restorable.is_empty() && text.contains(R_RESTORES)
    }
}
