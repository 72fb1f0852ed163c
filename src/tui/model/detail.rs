//! Pages over the list: the detail of an event, sentences to read.

use crate::{
    domain::{event::Event, incident::Record},
    tui::msg::{EventVersion, LinkedEvent},
};

/// The detail view of an event.
#[derive(Clone, Debug)]
pub struct Detail {
    pub event: Record<Event>,
    /// Oldest first; `None` until loaded.
    pub versions: Option<Vec<EventVersion>>,
    /// The events it links to, and those that link to it.
    pub links: Vec<LinkedEvent>,
    /// First row in view.
    pub scroll: usize,
}

/// Sentences to read, each a paragraph.
#[derive(Clone, Debug, Default)]
pub struct TextPage {
    pub title: String,
    pub paragraphs: Vec<String>,
    /// First row in view.
    pub scroll: usize,
}

/// A text that could not be copied, to be selected with the mouse.
#[derive(Clone, Debug, Default)]
pub struct Uncopied {
    pub text: String,
    /// First row in view.
    pub scroll: usize,
}
