//! The settings that documents are written with.

use super::templates::Templates;

/// The part of the user's settings that documents depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The company's name as customers know it.
    pub organisation: Option<String>,
    /// Where customers ask questions: an email address, a web page or a telephone number.
    pub contact: Option<String>,
    /// The lines below a letter; `None` signs with `organisation`.
    pub signature: Option<String>,
    pub templates: Templates,
}
