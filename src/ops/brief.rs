//! The brief of an incident, for an executive.

use super::{Result, Session, document};
use crate::{
    documents::brief::{Brief, BriefInput},
    domain::{incident::Incident, states::States},
};

pub use crate::documents::brief::word_count;

/// Makes the brief of `incident` as of now.
///
/// # Errors
/// A template of the settings that cannot be read.
pub fn brief(session: &Session, incident: &Incident) -> Result<Brief> {
    Ok(Brief::new(&BriefInput {
        incident,
        states: &States::from_incident(incident),
        now: session.now(),
        settings: &document::settings(session)?,
        public_names: &session.settings.lint.public_names,
    }))
}
