//! The two documents everybody waits for: the postmortem and the customer email. Pure: an incident
//! in, text out; no files, no clock. The same incident and settings give the same bytes.
//!
//! Two views are made of an incident. The postmortem is internal and sees all of it. A letter is
//! given a [`CustomerView`], which holds what customers may read and nothing else.

pub mod band;
pub mod clock;
pub mod customer;
pub mod email;
pub mod engine;
pub mod escape;
pub mod json;
pub mod lint;
pub mod marks;
pub mod parts;
pub mod postmortem;
pub mod prose;
pub mod stage;
pub mod wrap;

pub use customer::CustomerView;
pub use email::{Email, Format, email};
pub use engine::Templates;
pub use json::postmortem_json;
pub use postmortem::postmortem_markdown;
pub use stage::Stage;

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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
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
    Parts(#[from] parts::PartsError),
    /// A value could not be written as JSON.
    #[error("the document cannot be written as JSON: {0}")]
    Json(String),
}

#[cfg(test)]
mod tests;
