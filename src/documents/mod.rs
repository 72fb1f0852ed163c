//! The two documents everybody waits for: the postmortem and the customer email. Pure: an incident
//! in, text out; no files, no clock. The same incident and settings give the same bytes.
//!
//! Two views are made of an incident. The postmortem is internal and sees all of it. A letter is
//! given a [`CustomerView`], which holds what customers may read and nothing else.

pub mod chart;
pub mod customer;
pub mod email;
pub mod eml;
pub mod html;
pub mod json;
pub mod lint;
pub mod managed_blocks;
pub mod markdown_escape;
pub mod postmortem;
pub mod prose;
pub mod provenance;
pub mod related;
mod samples;
pub mod stage;
pub mod template_check;
pub mod template_variables;
pub mod templates;
pub mod text_chart;
pub mod time_format;
pub mod wrap;

pub use customer::CustomerView;
pub use email::{Email, Format, email};
pub use eml::{Address, AddressError, Envelope, eml};
pub use json::postmortem_json;
pub use postmortem::{
    postmortem_html, postmortem_markdown, postmortem_markdown_with_image,
    postmortem_markdown_with_related,
};
pub use related::RelatedContext;
pub use stage::Stage;
pub use templates::Templates;

use crate::domain::{incident::Incident, states::States};

/// The state of `incident` over time as an SVG file; `None` where no state was ever given.
#[must_use]
pub fn state_chart_svg(incident: &Incident) -> Option<String> {
    let picture = chart::svg(
        incident,
        &States::from_incident(incident),
        &time_format::TimeFormatter::new(incident.zone()),
        incident.last_recorded_at,
        chart::ChartLayout::File,
    );
    (!picture.is_empty()).then_some(picture)
}

/// What documents need of the settings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The company, as customers know it.
    pub organisation: Option<String>,
    /// Where customers take their questions: an address, a page, a telephone number.
    pub contact: Option<String>,
    /// The lines under a letter; without them the company signs.
    pub signature: Option<String>,
    /// The templates to write with.
    pub templates: Templates,
}

/// Why a document could not be written.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// A template has a fault.
    #[error("template `{name}`{}: {message}", line.map_or(String::new(), |l| format!(", line {l}")))]
    Template {
        /// Its file name.
        name: String,
        /// The line, from 1, where it is known.
        line: Option<usize>,
        /// What is wrong with it.
        message: String,
    },
    /// A postmortem's template leaves a marker without its other.
    #[error("template `postmortem.md.j2`, {0}")]
    ManagedBlocks(managed_blocks::BlockError),
    /// A value could not be written as JSON.
    #[error("the document cannot be written as JSON")]
    Json(#[source] serde_json::Error),
    /// A letter could not be written as mail.
    #[error("the letter cannot be written as mail")]
    Mail(#[source] std::io::Error),
}

impl From<managed_blocks::BlockError> for DocumentError {
    fn from(error: managed_blocks::BlockError) -> Self {
        Self::ManagedBlocks(error)
    }
}

#[cfg(test)]
mod tests;
