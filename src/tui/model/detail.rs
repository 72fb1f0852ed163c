//! Pages over the list, or beside it: the detail of an event, sentences to read.

use super::{overlay::Overlay, pages::Tab, state::Model};
use crate::{
    domain::{event::Event, incident::Record},
    tui::msg::EventDetail,
};

/// Screens at least this wide show the detail beside the list.
const PANE_MIN_COLUMNS: u16 = 120;

/// The detail of an event.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The event as the list has it.
    pub event: Record<Event>,
    /// All that is known of it; `None` until loaded.
    pub loaded: Option<Box<EventDetail>>,
    /// First row in view.
    pub scroll: usize,
}

impl Detail {
    #[must_use]
    pub fn new(event: Record<Event>) -> Self {
        Self {
            event,
            loaded: None,
            scroll: 0,
        }
    }
}

/// Sentences to read, each a paragraph.
#[derive(Clone, Debug, Default)]
pub struct TextPage {
    pub title: String,
    pub paragraphs: Vec<String>,
    /// First row in view.
    pub scroll: usize,
}

impl Model {
    /// True if the detail of the selected event is beside the list.
    #[must_use]
    pub fn has_detail_pane(&self) -> bool {
        let covers =
            |overlay: &Overlay| !matches!(overlay, Overlay::Prompt(_) | Overlay::Confirm(_));
        self.size.0 >= PANE_MIN_COLUMNS
            && self.tab == Tab::Timeline
            && !self.timeline.events.is_empty()
            && !self.overlays.iter().any(covers)
    }
}
