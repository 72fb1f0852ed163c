//! The zone that a line of a block states for the times below it.

use super::{BatchParser, PreparedEvent};
use crate::{
    domain::{parse_error::ParseError, zone::Zone},
    ops::{OpsError, Result},
};

/// What the lines so far say about the zone of the times.
#[derive(Clone, Debug, Default)]
pub(super) enum StatedZone {
    #[default]
    None,
    /// The line of this number states the zone; `is_said` once a notice said so.
    Known {
        zone: Zone,
        line: usize,
        is_said: bool,
    },
    /// The line of this number states a zone that is not understood.
    Unknown(usize),
}

impl BatchParser {
    /// Takes the zone that line `number` states for the times below it.
    ///
    /// # Errors
    /// It is not understood, so that those times are refused.
    pub(super) fn take_zone(
        &mut self,
        number: usize,
        zone: Result<Zone, ParseError>,
    ) -> Result<()> {
        match zone {
            Ok(zone) if zone == self.context.capture_context().zone => {
                if matches!(self.zone, StatedZone::Unknown(_)) {
                    self.zone = StatedZone::None;
                }
            }
            Ok(zone) => {
                self.context.set_zone(zone.clone());
                self.zone = StatedZone::Known {
                    zone,
                    line: number,
                    is_said: false,
                };
            }
            Err(error) => {
                self.zone = StatedZone::Unknown(number);
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Says with the first event that its time was read in the zone which a line states.
    ///
    /// # Errors
    /// That zone is not understood, and the time has no other.
    pub(super) fn check_zone(&mut self, prepared: &mut PreparedEvent) -> Result<()> {
        let own = self.context.capture_context().zone.name();
        if !prepared.has_time || prepared.event.zone != own {
            return Ok(());
        }
        match &mut self.zone {
            StatedZone::Known {
                zone,
                line,
                is_said: is_said @ false,
            } => {
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
            StatedZone::Unknown(line) => Err(OpsError::usage(format!(
                "its zone is not known: line {line} states one that is not understood"
            ))
            .with_hint("correct that line, and log the lines behind it again")),
            _ => Ok(()),
        }
    }
}
