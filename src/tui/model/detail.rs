//! Pages over the list, or beside it: the detail of an event, sentences to read.

use crate::{
    domain::{event::Event, incident::Record},
    tui::msg::EventDetail,
};

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
    /// What the key that copies takes: all of it as text; `None` where nothing is to be copied.
    pub copied: Option<String>,
    /// True if no empty row is between the paragraphs.
    pub is_dense: bool,
}

/// A text that could not be copied, to be selected with the mouse.
#[derive(Clone, Debug, Default)]
pub struct Uncopied {
    pub text: String,
    /// First row in view.
    pub scroll: usize,
}
