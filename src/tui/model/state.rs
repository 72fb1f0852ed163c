//! [`Model`]: all state of the screen.

use super::{
    capture::Capture,
    overlay::{Overlay, Question, RoutingChoice},
    pages::{DocumentTab, Incidents, StateBand, Tab, Timeline},
};
use crate::{
    domain::{event::Event, incident::Record, time::UtcTime, zone::Zone},
    ops::incident_summary::{IncidentActivity, IncidentSummary},
    tui::{
        keymap::{KEY_CONTEXTS, KeyContext, Keymap},
        msg::{Document, Letter, Target, TypedLine},
        text_input::TextInput,
        theme::Theme,
    },
};
use std::{cell::RefCell, collections::HashSet, rc::Rc};
use uuid::Uuid;

/// What keys apply to while no overlay is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The input line: typed characters are text.
    #[default]
    Line,
    /// The page: typed characters are commands.
    Page,
}

/// The level of a status message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Success,
    Info,
    Error,
}

/// A message in the footer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusMessage {
    pub text: String,
    pub level: Level,
    /// When it appeared; it disappears some seconds later.
    pub at: UtcTime,
}

/// All state of the screen.
#[derive(Clone, Debug)]
pub struct Model {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The time of the last tick.
    pub now: UtcTime,
    /// The zone that times are shown in: the incident's, else that of a new incident.
    pub zone: Zone,
    pub author: String,
    pub keymap: Keymap,
    pub theme: Theme,
    /// Minutes between customer updates; `None` switches the reminder off.
    pub update_interval: Option<u32>,
    /// True for `bridgelog demo`.
    pub demo: bool,
    pub tab: Tab,
    pub focus: Focus,
    /// What covers the page, topmost last.
    pub overlays: Vec<Overlay>,
    pub capture: Capture,
    /// The incident shown; `None` while the unfiled events are shown.
    pub summary: Option<Box<IncidentSummary>>,
    /// True once the worker has answered the first load.
    pub first_load_done: bool,
    /// Cache of the state band as last drawn.
    pub band: RefCell<Option<Rc<StateBand>>>,
    /// True if the incident was named by the user: lines go to it although it is resolved.
    pub explicit_incident: bool,
    /// True if the user asked for the unfiled events although there are incidents.
    pub showing_unfiled: bool,
    /// How many incidents are open besides the one shown.
    pub other_open_incidents: usize,
    /// Open asks and the last customer update of the incident shown.
    pub activity: IncidentActivity,
    pub timeline: Timeline,
    /// Index into [`task_rows`](super::task_rows()).
    pub selected_task: usize,
    pub postmortem: DocumentTab,
    /// The customer email; `None` until loaded.
    pub letter: Option<Letter>,
    /// The stage of the email shown, 0 to 3; `None` for the one that is due.
    pub email_stage: Option<usize>,
    /// First row of the email in view.
    pub letter_scroll: usize,
    /// True if the email shows the source events of each sentence.
    pub show_sources: bool,
    pub incidents: Incidents,
    /// Answers typed into prompts that were closed without Enter; the same prompt offers them
    /// again.
    pub unsent_answers: Vec<(Question, String)>,
    pub status: Option<StatusMessage>,
    pub mouse_captured: bool,
    /// Number of the newest parse request; older replies are dropped.
    pub parse_request_id: u64,
    /// When Ctrl-C was pressed once; a second press soon after quits.
    pub interrupted_at: Option<UtcTime>,
    /// The due time of the customer update that the bell was rung for.
    pub bell_rung_for: Option<UtcTime>,
    /// The events written by this process; they are never unread.
    pub own_events: HashSet<Uuid>,
    /// True from a write of this process until the next refresh: events of the same author that
    /// arrive in between are its own.
    pub wrote_since_refresh: bool,
    /// When the newest entry was recorded that has been shown; later ones of others are unread.
    pub last_seen: Option<UtcTime>,
}

impl Model {
    /// Creates the state before the first load, for a screen of 80 × 24.
    #[must_use]
    pub fn new(now: UtcTime, zone: Zone, author: String, keymap: Keymap, theme: Theme) -> Self {
        Self {
            size: (80, 24),
            now,
            zone,
            author,
            keymap,
            theme,
            update_interval: None,
            demo: false,
            tab: Tab::default(),
            focus: Focus::default(),
            overlays: Vec::new(),
            capture: Capture::default(),
            summary: None,
            first_load_done: false,
            band: RefCell::default(),
            explicit_incident: false,
            showing_unfiled: false,
            other_open_incidents: 0,
            activity: IncidentActivity::default(),
            timeline: Timeline {
                follow: true,
                ..Timeline::default()
            },
            selected_task: 0,
            postmortem: DocumentTab::default(),
            letter: None,
            email_stage: None,
            letter_scroll: 0,
            show_sources: false,
            incidents: Incidents::default(),
            unsent_answers: Vec::new(),
            status: None,
            mouse_captured: true,
            parse_request_id: 0,
            interrupted_at: None,
            bell_rung_for: None,
            own_events: HashSet::new(),
            wrote_since_refresh: false,
            last_seen: None,
        }
    }

    /// Returns the key contexts that apply now, in the order in which they are searched.
    #[must_use]
    pub fn active_contexts(&self) -> &'static [KeyContext] {
        const ANYWHERE: &[KeyContext] = &[KeyContext::Anywhere];
        let at = match self.overlays.last() {
            Some(Overlay::Help(_) | Overlay::Palette(_)) => 9,
            Some(Overlay::Prompt(_)) => 8,
            Some(Overlay::Paste(_)) => 7,
            Some(Overlay::Detail(_) | Overlay::Text(_)) => 6,
            Some(Overlay::Dialog(_)) => return ANYWHERE,
            None if self.focus == Focus::Line => 0,
            None => 1 + self.tab.index(),
        };
        KEY_CONTEXTS.get(at).copied().unwrap_or(ANYWHERE)
    }

    /// Returns the text input that typed characters go to, if any.
    #[must_use]
    pub fn focused_input(&mut self) -> Option<&mut TextInput> {
        match self.overlays.last_mut() {
            Some(Overlay::Help(finder) | Overlay::Palette(finder)) => Some(&mut finder.query),
            Some(Overlay::Prompt(prompt)) => Some(&mut prompt.line),
            Some(_) => None,
            None if self.focus == Focus::Line => Some(&mut self.capture.line),
            None => None,
        }
    }

    #[must_use]
    pub fn incident_id(&self) -> Option<Uuid> {
        self.summary.as_ref().map(|summary| summary.id)
    }

    /// Returns the incident that a line goes to: the one shown if it is open or was named by the
    /// user, else whichever is open when the line is written.
    #[must_use]
    pub fn target(&self) -> Target {
        match &self.summary {
            Some(summary) if summary.open || self.explicit_incident => {
                Target::Named(summary.handle.clone())
            }
            _ => Target::Open,
        }
    }

    /// Returns true if the incident shown accepts lines.
    #[must_use]
    pub fn has_target(&self) -> bool {
        self.target() != Target::Open
    }

    /// Returns the input line as it is now, to be parsed or written. A line that came back from the
    /// worker and was not altered keeps its number.
    #[must_use]
    pub fn current_line(&self) -> TypedLine {
        let capture = &self.capture;
        let typed = TypedLine {
            seq: 0,
            text: capture.line.text().to_owned(),
            begun: capture.begun.unwrap_or(self.now),
            target: self.target(),
            allow_customer_wording: true,
        };
        match &capture.returned_line {
            Some(returned)
                if (&returned.text, &returned.target) == (&typed.text, &typed.target) =>
            {
                returned.clone()
            }
            _ => typed,
        }
    }

    /// Returns the choices for a line while the incident shown is not open.
    #[must_use]
    pub fn routing_choices(&self) -> Vec<RoutingChoice> {
        let mut choices = if self.other_open_incidents > 0 {
            vec![RoutingChoice::OtherIncident, RoutingChoice::Declare]
        } else {
            vec![RoutingChoice::Declare, RoutingChoice::Unfiled]
        };
        if self.summary.is_some() {
            choices.push(RoutingChoice::ShownIncident);
        }
        choices
    }

    /// Returns the value of field `name` of the incident shown; empty if never set.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.summary
            .as_ref()
            .and_then(|summary| summary.fields.get(name))
            .map_or("", String::as_str)
    }

    #[must_use]
    pub fn selected_event(&self) -> Option<&Record<Event>> {
        self.timeline.events.get(self.timeline.selected)
    }

    /// Returns when the next customer update is due: the promised time until an update is sent at or
    /// after it, else one interval after the last update or after the impact began. `None` if the
    /// incident is not open, or nothing was promised and there is no impact or no interval.
    #[must_use]
    pub fn update_due(&self) -> Option<UtcTime> {
        let is_current =
            |summary: &&IncidentSummary| summary.open && summary.stale_since(self.now).is_none();
        let summary = self.summary.as_deref().filter(is_current)?;
        let last_update = self.activity.last_customer_update;
        if let Some(promised) = summary.next_update_due
            && last_update.is_none_or(|last| last < promised)
        {
            return Some(promised);
        }
        let impact_start = summary.impact_start()?;
        let interval = chrono::Duration::minutes(i64::from(self.update_interval?));
        Some(last_update.map_or(impact_start, |last| last.max(impact_start)) + interval)
    }

    #[must_use]
    pub fn current_document(&self) -> Option<Document> {
        match self.tab {
            Tab::Postmortem => Some(Document::Postmortem),
            Tab::Email => Some(Document::Email(self.email_stage)),
            _ => None,
        }
    }

    /// Shows a status message.
    pub fn notify(&mut self, level: Level, text: impl Into<String>) {
        self.status = Some(StatusMessage {
            text: text.into(),
            level,
            at: self.now,
        });
    }
}
