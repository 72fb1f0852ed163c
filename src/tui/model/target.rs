//! Where a line goes.

use super::Model;
use crate::{
    tui::model::{
        overlay::Overlay,
        routing::{Routing, RoutingChoice},
    },
    tui::msg::{Target, TypedLine},
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
        let typed = TypedLine {
            seq: 0,
            text: text.trim().to_owned(),
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
