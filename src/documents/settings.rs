//! The settings that documents are written with.

use super::templates::Templates;

/// The part of the user's settings that documents depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// The company's name as customers know it.
    pub organisation: Option<String>,
    /// Where customers ask questions: an email address, a web page or a telephone number.
    pub contact: Option<String>,
    /// True if letters write `1:26 p.m.`, not `13:26`.
    pub twelve_hour_clock: bool,
    /// True if letters write `August 16, 2012`, not `16 August 2012`.
    pub month_first: bool,
    /// The lines below a letter; `None` signs with `organisation`.
    pub signature: Option<String>,
    pub templates: Templates,
}
