//! Renders an incident as documents: the postmortem (Markdown, HTML, JSON), customer letters (text,
//! Markdown, mail drafts), the picture of the states over time, and the lint of both.
//!
//! In: an [`Incident`](crate::domain::incident::Incident), [`Settings`] and, for what is known of
//! other incidents, a [`RelatedContext`]. Out: text, or a [`DocumentError`]. No files, no clock: the
//! same input gives the same bytes.
//!
//! The postmortem is internal and reads the whole incident. A letter reads only a [`CustomerView`],
//! which contains nothing that customers may not read.
//!
//! A brief ([`brief`]) is for executives: the facts of the incident in 120 words.
//!
//! Begin reading at `postmortem/render.rs` for the postmortem and at `email.rs` for letters.

pub mod brief;
pub mod customer;
pub mod email;
pub mod eml;
mod error;
pub mod evidence;
mod format;
pub mod html;
pub mod json;
mod letter_html;
pub mod letter_lines;
pub mod lint;
pub mod managed_blocks;
pub mod markdown_escape;
mod metric_text;
mod picture;
mod placeholder;
pub mod postmortem;
pub mod prose;
pub mod provenance;
pub mod related;
mod samples;
mod settings;
pub mod stage;
mod state_command;
mod template_bounds;
pub mod template_check;
mod template_names;
mod template_variable;
pub mod template_variables;
pub mod templates;
pub mod time_format;
pub mod wrap;

pub use customer::CustomerView;
pub use email::{Email, email};
pub use eml::{Address, AddressError, Envelope, eml};
pub use error::DocumentError;
pub use evidence::{EvidenceContent, EvidenceFile};
pub use format::Format;
pub use json::postmortem_json;
pub use picture::state_chart_svg;
pub use postmortem::{
    postmortem_html, postmortem_markdown, postmortem_markdown_with_image,
    postmortem_markdown_with_related,
};
pub use related::RelatedContext;
pub use settings::Settings;
pub use stage::Stage;
pub use templates::Templates;

#[cfg(test)]
mod tests;
