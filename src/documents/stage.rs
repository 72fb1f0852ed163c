//! The stages of telling customers.

use crate::domain::{
    incident::Incident,
    states::States,
    time::UtcTime,
    words::{Kind, UnknownWord},
};
use chrono::Utc;
use std::{fmt, str::FromStr};

/// Which of the four letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// We know, what is affected, when the next word comes.
    Initial,
    /// What changed since the last one, and the next word.
    Update,
    /// It is over: what it was in a sentence, data lost or none, what follows.
    Resolved,
    /// The letter that explains.
    Followup,
}

impl Stage {
    /// All four, in their order.
    pub const ALL: [Self; 4] = [Self::Initial, Self::Update, Self::Resolved, Self::Followup];

    /// The word as it is stored and shown.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Initial => "initial",
            Self::Update => "update",
            Self::Resolved => "resolved",
            Self::Followup => "followup",
        }
    }

    /// The letter that is due: while the incident is open the first word, then updates; once it is
    /// resolved the all-clear, and the follow-up when customers have been told that it is over.
    #[must_use]
    pub fn next_for(incident: &Incident) -> Self {
        let told = customer_updates(incident);
        let Some(resolution) = incident.resolution() else {
            return if told.is_empty() {
                Self::Initial
            } else {
                Self::Update
            };
        };
        // Customers were told when service came back, or when somebody resolved, whichever was
        // first; a resolution is often recorded late.
        let back = States::from_incident(incident)
            .overall
            .iter()
            .rev()
            .take_while(|span| !span.state.is_impact())
            .last()
            .map(|span| span.from);
        let resolved = resolution.value.at_utc();
        let over = back.map_or(resolved, |back| back.min(resolved));
        if told.iter().any(|(at, stage)| {
            *at >= over && matches!(stage, None | Some(Self::Resolved | Self::Followup))
        }) {
            Self::Followup
        } else {
            Self::Resolved
        }
    }
}

/// When customers were told something, with the stage where a letter was sent.
fn customer_updates(incident: &Incident) -> Vec<(UtcTime, Option<Stage>)> {
    let said = incident
        .active_events()
        .filter(|e| e.value.kind == Kind::Comms && e.value.is_customer_update())
        .map(|e| (e.value.at_utc(), None));
    let sent = incident.messages.iter().filter_map(|m| {
        let at = m.value.sent_at?.with_timezone(&Utc);
        Some((at, Some(m.value.stage.parse().ok()?)))
    });
    said.chain(sent).collect()
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Stage {
    type Err = UnknownWord;

    /// Reads a stage as people write it: any case, `follow-up`.
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
    use crate::domain::{testing::IncidentBuilder, words::State};

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
