//! Where a line goes.

use super::{Model, Preview, command_of};
use crate::{
    tui::incident_lists::short_ref,
    tui::model::{
        overlay::Overlay,
        routing::{Routing, RoutingChoice},
    },
    tui::msg::{Target, TypedLine},
    tui::new_incident::NewIncident,
};

impl Model {
    /// Returns the incident that a line goes to: the one shown if it is open or was named by the
    /// user, else whichever is open when the line is written.
    #[must_use]
    pub fn target(&self) -> Target {
        match &self.summary {
            Some(summary) if self.explicit_incident => Target::Named(summary.row.handle.clone()),
            Some(summary) if summary.row.is_open && self.other_open.is_empty() => {
                Target::Named(summary.row.handle.clone())
            }
            _ => Target::Open,
        }
    }

    /// Returns where a line goes with `choice`.
    #[must_use]
    pub fn target_of(&self, choice: &RoutingChoice) -> Target {
        match choice {
            RoutingChoice::Shown => match &self.summary {
                Some(summary) => Target::Named(summary.row.handle.clone()),
                None => Target::Open,
            },
            RoutingChoice::Other(handle) => Target::Named(handle.clone()),
            RoutingChoice::Declare => Target::Open,
            RoutingChoice::Unassigned => Target::Unfiled,
        }
    }

    /// Returns where a line or a paste is read for: where the choice that is picked leads; while nothing is picked
    /// and it is not clear, the incident shown if it is open.
    #[must_use]
    pub fn reading_target(&self) -> Target {
        let picked = match self.overlays.last() {
            Some(Overlay::Routing(routing)) => routing.picked,
            _ => None,
        };
        let picked = picked.and_then(|at| self.routing_choices().into_iter().nth(at));
        match (picked, &self.summary) {
            // An incident that is not declared yet has no zone or services of its own.
            (Some(RoutingChoice::Declare), _) => Target::Unfiled,
            (Some(choice), _) => self.target_of(&choice),
            (None, Some(summary)) if summary.row.is_open => {
                Target::Named(summary.row.handle.clone())
            }
            (None, _) => self.target(),
        }
    }

    /// Returns where `target` is, for a sentence: `in #2`, `unassigned`; empty while it is not clear.
    #[must_use]
    pub fn place_name(&self, target: &Target) -> String {
        let Target::Named(handle) = target else {
            return match target {
                Target::Unfiled => " unassigned".to_owned(),
                _ => String::new(),
            };
        };
        let shown = self.summary.as_ref().map(|summary| &summary.row);
        let shown = shown.filter(|row| row.handle == *handle);
        let number = shown.and_then(|row| row.number).or_else(|| {
            let other = self.other_open.iter().find(|row| row.handle == *handle);
            other.and_then(|row| row.number)
        });
        format!(" in {}", short_ref(number, handle))
    }

    /// True if a line may declare an incident: it is asked where it goes, unless it goes to the open one.
    #[must_use]
    pub fn may_declare(&self) -> bool {
        let is_shown_open = self.summary.as_ref().is_some_and(|shown| shown.row.is_open);
        !(self.has_target() && is_shown_open)
    }

    /// Returns what the line would declare as it is read now, in words.
    #[must_use]
    pub fn new_incident(&self) -> String {
        let declares = match self.capture.previews.first() {
            Some(Preview::Event(parsed)) => parsed.declares.as_ref(),
            _ => None,
        };
        declares.map_or_else(
            || format!("\"{}\"", self.capture.rows().next().unwrap_or_default()),
            NewIncident::describe,
        )
    }

    /// Returns true if the incident shown accepts lines.
    #[must_use]
    pub fn has_target(&self) -> bool {
        self.target() != Target::Open
    }

    /// Returns `text`, a row of the input line, to be parsed or written. A line that could not be written and
    /// was not altered keeps its number.
    #[must_use]
    pub fn typed_line(&self, text: &str) -> TypedLine {
        let capture = &self.capture;
        let text = text.trim();
        // `\undo` is that word, which is no command of a line elsewhere; `\resolve:` is left to the parser.
        let word = text.strip_prefix('\\').filter(|word| {
            !word.ends_with(':')
                && !word.contains(": ")
                && command_of(word, &self.severities).is_some()
        });
        let typed = TypedLine {
            seq: 0,
            text: word.unwrap_or(text).to_owned(),
            begun: capture.begun.unwrap_or(self.now),
            target: self.target(),
            allow_customer_wording: true,
            confirmed: false,
        };
        let is_same = |returned: &&TypedLine| {
            (&returned.text, &returned.target) == (&typed.text, &typed.target)
        };
        match capture.returned_lines.iter().find(is_same) {
            Some(returned) => returned.clone(),
            None => typed,
        }
    }

    /// Returns the choices for a line or a paste while it is not clear where it goes: soon after a resolve
    /// the incident shown comes first.
    #[must_use]
    pub fn routing_choices(&self) -> Vec<RoutingChoice> {
        const JUST_RESOLVED_MINUTES: i64 = 60;
        let mut choices = Vec::new();
        let shown = self.summary.as_deref();
        let just_resolved = shown
            .and_then(|summary| summary.row.resolved)
            .is_some_and(|at| (self.now - at).num_minutes() < JUST_RESOLVED_MINUTES);
        let shown_first = shown.is_some_and(|summary| summary.row.is_open) || just_resolved;
        if shown_first {
            choices.push(RoutingChoice::Shown);
        }
        let others = self.other_open.iter();
        choices.extend(others.map(|other| RoutingChoice::Other(other.handle.clone())));
        choices.push(RoutingChoice::Declare);
        if shown.is_some() && !shown_first {
            choices.push(RoutingChoice::Shown);
        }
        choices.push(RoutingChoice::Unassigned);
        choices
    }

    /// Returns how many incidents are open, with the one shown.
    #[must_use]
    pub fn open_count(&self) -> usize {
        let shown = self.summary.as_ref();
        self.other_open.len() + usize::from(shown.is_some_and(|summary| summary.row.is_open))
    }

    /// Asks which incident the line goes to, or the paste.
    pub fn ask_where(&mut self, for_paste: bool) {
        self.overlays.push(Overlay::Routing(Routing {
            picked: None,
            for_paste,
        }));
    }
}
