//! The stages of customer communication.

use crate::domain::{
    customer_updates::CustomerUpdate, incident::Incident, states::States, time::UtcTime,
    words::UnknownWord,
};
use std::{fmt, str::FromStr};

/// One of the four letters that customers get.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// Announces the incident: what is affected, and when the next update comes.
    Initial,
    /// What changed since the last letter, and when the next update comes.
    Update,
    /// Announces the end: what happened in a sentence, whether data was lost, what follows.
    Resolved,
    /// Explains causes and improvements.
    Followup,
}

impl Stage {
    /// All stages, in the order in which they are sent.
    pub const ALL: [Self; 4] = [Self::Initial, Self::Update, Self::Resolved, Self::Followup];

    /// Returns the word as it is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Update => "update",
            Self::Resolved => "resolved",
            Self::Followup => "followup",
        }
    }

    /// Returns the stage that is due: `Initial`, then `Update`, while the incident is open; `Resolved`
    /// once it is resolved; `Followup` after customers were informed of the end.
    #[must_use]
    pub fn next_for(incident: &Incident) -> Self {
        let updates = customer_updates(incident);
        let Some(resolution) = incident.resolution() else {
            return if updates.is_empty() {
                Self::Initial
            } else {
                Self::Update
            };
        };
        // The incident is over for customers at the end of the impact or at the resolution,
        // whichever is earlier: a resolution is often recorded late.
        let impact_end = States::from_incident(incident)
            .overall
            .iter()
            .rev()
            .take_while(|span| !span.state.is_impact())
            .last()
            .map(|span| span.from);
        let resolved = resolution.value.at_utc();
        let end = impact_end.map_or(resolved, |impact_end| impact_end.min(resolved));
        if updates.iter().any(|(at, stage)| {
            *at >= end && matches!(stage, None | Some(Self::Resolved | Self::Followup))
        }) {
            Self::Followup
        } else {
            Self::Resolved
        }
    }
}

/// Returns the times of customer updates. Sent emails have a stage, `comms` events have none.
fn customer_updates(incident: &Incident) -> Vec<(UtcTime, Option<Stage>)> {
    let updates = incident.customer_updates().into_iter();
    updates
        .filter_map(|update| match update {
            CustomerUpdate::Comms(_) => Some((update.at(), None)),
            CustomerUpdate::Email(at, message) => {
                Some((at, Some(message.value.stage.parse().ok()?)))
            }
        })
        .collect()
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Stage {
    type Err = UnknownWord;

    /// Parses a stage in any case, with or without hyphens: `follow-up`.
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let word = text.trim().to_lowercase().replace(['-', '_', ' '], "");
        Self::ALL
            .into_iter()
            .find(|stage| stage.as_str() == word)
            .ok_or(UnknownWord {
                word: text.to_owned(),
                what: "stage",
                known: "initial, update, resolved, followup",
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        testing::IncidentBuilder,
        words::{Kind, State},
    };

    #[test]
    fn stage_is_inferred_from_incident_events() {
        let mut log = IncidentBuilder::new();
        log.state_event("10:12", Kind::Declare, None);
        log.state_event("10:06", Kind::Fault, Some(State::Down));
        assert_eq!(Stage::next_for(&log.incident), Stage::Initial);
        log.event("10:30", Kind::Comms, "told", |e| {
            e.audience = Some("customers".into());
        });
        assert_eq!(Stage::next_for(&log.incident), Stage::Update);
        log.state_event("14:00", Kind::Restore, None);
        assert_eq!(Stage::next_for(&log.incident), Stage::Update);
        log.state_event("14:30", Kind::Resolve, None);
        assert_eq!(Stage::next_for(&log.incident), Stage::Resolved);
        let mut later = log.incident.clone();
        log.message("14:40", "resolved", "It is over.", true);
        assert_eq!(Stage::next_for(&log.incident), Stage::Followup);
        log.state_event("15:00", Kind::Reopen, None);
        assert_eq!(Stage::next_for(&log.incident), Stage::Update);
        later.events.retain(|e| e.value.kind != Kind::Resolve);
        assert_eq!(Stage::next_for(&later), Stage::Update);
    }

    #[test]
    fn stages_parse_common_spellings() {
        assert_eq!("Follow-up".parse(), Ok(Stage::Followup));
        assert!("last".parse::<Stage>().is_err());
        for stage in Stage::ALL {
            assert_eq!(stage.to_string().parse(), Ok(stage));
        }
    }
}
