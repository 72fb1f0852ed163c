//! Zones: a stand-in with the calls that documents make.

use super::time::{Instant, Stamp};
use chrono::{FixedOffset, Offset, Utc};
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// A time zone.
#[derive(Clone, Debug)]
pub struct Zone(String, TimeZone);

/// No zone has this name.
#[derive(Debug, thiserror::Error)]
#[error("there is no zone `{0}`")]
pub struct UnknownZone(String);

impl Zone {
    /// The zone called `name`.
    ///
    /// # Errors
    /// Where no zone is called so.
    pub fn find(name: &str) -> Result<Self, UnknownZone> {
        let zone = TimeZoneDatabase::bundled()
            .get(name)
            .map_err(|_| UnknownZone(name.to_owned()))?;
        Ok(Self(zone.iana_name().unwrap_or(name).to_owned(), zone))
    }

    /// UTC.
    #[must_use]
    pub fn utc() -> Self {
        Self("UTC".to_owned(), TimeZone::UTC)
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// What its clocks showed at `at`.
    #[must_use]
    pub fn stamp(&self, at: Instant) -> Stamp {
        let seconds = jiff::Timestamp::from_second(at.timestamp())
            .map_or(0, |at| self.1.to_offset(at).seconds());
        at.with_timezone(&FixedOffset::east_opt(seconds).unwrap_or_else(|| Utc.fix()))
    }

    /// What its time is called at `at`: `EDT`.
    #[must_use]
    pub fn abbreviation(&self, at: Instant) -> String {
        jiff::Timestamp::from_second(at.timestamp()).map_or_else(
            |_| String::new(),
            |at| self.1.to_offset_info(at).abbreviation().to_owned(),
        )
    }
}
