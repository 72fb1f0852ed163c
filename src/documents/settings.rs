//! The settings that documents are written with.

use super::templates::Templates;

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
