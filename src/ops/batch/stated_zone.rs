//! The zone that a line of a block states for the times below it.

use crate::{
    domain::{parse_error::ParseError, when, zone::Zone},
    ops::{OpsError, Result, context::LineContext, log::PreparedEvent},
};
use chrono::Offset as _;

/// What the lines so far say about the zone of the times.
#[derive(Clone, Debug, Default)]
pub(super) enum StatedZone {
    #[default]
    None,
    /// The line of this number states the zone; `is_said` once a notice said so.
    Known {
        zone: Zone,
        line: usize,
        /// What that line says.
        typed: String,
        is_said: bool,
    },
    /// The line of this number states a zone that is not understood.
    Unknown(usize),
}

impl StatedZone {
    /// Takes the zone that line `number`, which is `typed`, states for the times below it into `context`.
    ///
    /// # Errors
    /// It is not understood, so that those times are refused.
    pub(super) fn take(
        &mut self,
        number: usize,
        typed: &str,
        zone: Result<Zone, ParseError>,
        context: &mut LineContext,
    ) -> Result<()> {
        match zone {
            Ok(zone) if zone == context.capture_context().zone => {
                if matches!(self, Self::Unknown(_)) {
                    *self = Self::None;
                }
            }
            Ok(zone) => {
                context.set_zone(zone.clone());
                *self = Self::Known {
                    zone,
                    line: number,
                    typed: typed.to_owned(),
                    is_said: false,
                };
            }
            Err(error) => {
                *self = Self::Unknown(number);
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Refuses a line that states `zone` for all times where those above it were read in another, `own` or the one
    /// that a line before it stated.
    pub(super) fn check_above(&self, zone: Option<&Zone>, own: &Zone) -> Result<()> {
        let above = match self {
            Self::Known { zone, .. } => zone,
            _ => own,
        };
        let Some(zone) = zone.filter(|zone| *zone != above) else {
            return Ok(());
        };
        let error = OpsError::usage(format!(
            "it states {} for all times, and those above it were read in {}",
            zone.name(),
            above.name()
        ));
        Err(error.with_hint(
            "take back what was logged with `bridgelog undo`, and log it again with this line first",
        ))
    }

    /// Says with the first event that its time was read in the zone which a line states, if it is in that, `own`.
    ///
    /// # Errors
    /// That zone is not understood, and the time has no other.
    pub(super) fn check(&mut self, own: &str, prepared: &mut PreparedEvent) -> Result<()> {
        if !prepared.has_time || prepared.event.zone != own {
            return Ok(());
        }
        match self {
            Self::Known {
                zone,
                line,
                typed,
                is_said: is_said @ false,
            } => {
                let is_of_season = |notice: &String| notice.starts_with("a line above states");
                if !prepared.notices.iter().any(is_of_season) {
                    prepared
                        .notices
                        .extend(when::stated_name_notice(typed, prepared.event.at));
                }
                *is_said = true;
                // The names of these zones have the sign reversed.
                let shown = match zone.name() {
                    name if name.starts_with("Etc/") => {
                        format!("UTC{}", prepared.event.at.offset())
                    }
                    name => name.to_owned(),
                };
                prepared.notices.push(format!(
                    "the times below line {line} were read in {shown}, as it says"
                ));
                Ok(())
            }
            Self::Unknown(line) => Err(OpsError::usage(format!(
                "its zone is not known: line {line} states one that is not understood"
            ))
            .with_hint("correct that line, and log the lines behind it again")),
            _ => Ok(()),
        }
    }
}

/// Whether the times so far have a zone behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(super) enum FirstZone {
    #[default]
    None,
    /// Each has one with another offset than the zone of the times without one has.
    Other,
    /// One has none, or that offset.
    Own,
}

impl FirstZone {
    /// Says of the first time without a zone, below one with another zone than `own`, that it was read in that: its writer may
    /// have meant the zone above it.
    pub(super) fn note_missing(&mut self, name: &str, own: &Zone, prepared: &mut PreparedEvent) {
        if !prepared.has_time || *self == Self::Own {
            return;
        }
        let at = prepared.event.at;
        if own.to_local(at.to_utc()).offset().fix() != at.offset().fix() {
            *self = Self::Other;
            return;
        }
        if *self == Self::Other && prepared.event.zone == name {
            prepared.notices.push(format!(
                "{} has no zone below a time with another one: it was read in {name}; write the zone behind each time",
                at.format("%H:%M")
            ));
        }
        *self = Self::Own;
    }
}
