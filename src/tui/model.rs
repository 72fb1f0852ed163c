//! Everything that the screen is drawn from. Nothing here reads a clock or a file.

use super::{
    keymap::{KeyContext, Keymap},
    msg::{Completion, Document, Failure, Job, Letter, ParsedLine, Target, TypedLine},
    text_input::TextInput as TextLine,
    theme::Theme,
};
use crate::{
    domain::{event::Event, incident::Record, time::UtcTime, zone::Zone},
    ops::{
        draft::Draft,
        incident_summary::{IncidentActivity, IncidentSummary},
    },
};
use std::{cell::RefCell, collections::HashSet, rc::Rc};
use uuid::Uuid;

pub use super::{
    overlay::{
        Detail, Dialog, Finder, Overlay, Paste, PasteRow, Prompt, Question, RoutingChoice,
        RoutingDialog,
    },
    pages::{
        DocumentTab, FilterProgress, Incidents, IncidentsTab, RenderCache, RenderedDocument,
        StateBand, Tab, Timeline,
    },
};

/// Where keys go when nothing lies over the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Focus {
    /// The line: what is typed is text.
    #[default]
    Line,
    /// The page in the middle.
    Page,
}

/// How serious a word at the bottom is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It was done.
    Success,
    /// Something to know.
    Info,
    /// It was not done.
    Error,
}

/// What was said last, at the bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusMessage {
    /// In words.
    pub text: String,
    /// How serious.
    pub level: Level,
    /// Since when it stands there.
    pub at: UtcTime,
}

/// What the text on the line was understood as.
#[derive(Clone, Debug, Default)]
pub enum Preview {
    /// Nothing to understand.
    #[default]
    Empty,
    /// An event.
    Event(Box<ParsedLine>),
    /// A follow-up, in words.
    FollowUp(String),
    /// Nothing that could be logged.
    Invalid(Failure),
}

/// A line on its way to the log book.
#[derive(Clone, Debug)]
pub struct PendingLine {
    /// The line.
    pub typed: TypedLine,
    /// What is to be done with it.
    pub job: Job,
    /// When it was sent.
    pub since: UtcTime,
    /// Why it is not logged yet; none while it is being tried.
    pub failure: Option<Failure>,
}

/// Where the events are typed.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    /// What is typed.
    pub line: TextLine,
    /// When it was begun.
    pub begun: Option<UtcTime>,
    /// What it was understood as.
    pub preview: Preview,
    /// What the word at the cursor may become.
    pub completions: Vec<Completion>,
    /// Which of them stands on the line, while Tab goes through them; with the line before the first.
    pub active_completion: Option<(usize, TextLine)>,
    /// True right after a completion put a space behind itself.
    pub completion_added_space: bool,
    /// What was logged before, the oldest first.
    pub history: Vec<String>,
    /// Where in it one is, and what was typed before.
    pub history_position: Option<(usize, TextLine)>,
    /// Drafts of programs that ended, until their text is edited or logged.
    pub recovered: Vec<Draft>,
    /// The text of the one of them that stands on the line as it was.
    pub recalled_draft: Option<String>,
    /// The lines that are on their way to the store, and not on the disk yet.
    pub outbox: Vec<PendingLine>,
    /// The line that came back from there: as long as it stays as it is, it is the same one.
    pub returned_line: Option<TypedLine>,
    /// How many lines were sent.
    pub sent_count: u64,
}

/// Everything that the screen is drawn from.
#[derive(Clone, Debug)]
pub struct Model {
    /// Columns and rows.
    pub size: (u16, u16),
    /// The time.
    pub now: UtcTime,
    /// The zone that times are shown in.
    pub zone: Zone,
    /// Who writes.
    pub author: String,
    /// The keys.
    pub keymap: Keymap,
    /// The colours.
    pub theme: Theme,
    /// How often customers are to hear, in minutes; none: it is not counted.
    pub update_interval: Option<u32>,
    /// True where this is only a look around.
    pub demo: bool,
    /// What fills the middle.
    pub tab: Tab,
    /// Where keys go.
    pub focus: Focus,
    /// What lies over the page, the topmost last.
    pub overlays: Vec<Overlay>,
    /// The line.
    pub capture: Capture,
    /// The incident looked at; none where there is none.
    pub summary: Option<Box<IncidentSummary>>,
    /// True once the first look was answered.
    pub first_load_done: bool,
    /// Its states over time as they were drawn last.
    pub band: RefCell<Option<Rc<StateBand>>>,
    /// True where the incident looked at was named, and lines go to it though it is over.
    pub explicit_incident: bool,
    /// True where the unfiled events are looked at on purpose.
    pub showing_unfiled: bool,
    /// How many other incidents are open.
    pub other_open_incidents: usize,
    /// What goes on in it.
    pub doings: IncidentActivity,
    /// Its timeline.
    pub timeline: Timeline,
    /// Which task is selected.
    pub selected_task: usize,
    /// The postmortem.
    pub postmortem: DocumentTab,
    /// The customer email.
    pub letter: Option<Letter>,
    /// Which stage is looked at; none: the one that is due.
    pub email_stage: Option<usize>,
    /// How far down the letter one looks.
    pub letter_scroll: usize,
    /// True where the events behind each sentence are shown.
    pub show_sources: bool,
    /// The list of incidents.
    pub incidents: Incidents,
    /// What was typed in answer to a question, and left there.
    pub unsent_answers: Vec<(Question, String)>,
    /// What was said last.
    pub status: Option<StatusMessage>,
    /// True where the mouse is caught.
    pub mouse_captured: bool,
    /// To tell readings of the line apart.
    pub parse_request_id: u64,
    /// True where Ctrl-C was pressed once.
    pub interrupted_at: Option<UtcTime>,
    /// For which due time the bell was rung.
    pub bell_rung_for: Option<UtcTime>,
    /// What we wrote ourselves.
    pub own_events: HashSet<Uuid>,
    /// True from what we did ourselves to the look after it.
    pub wrote_since_refresh: bool,
    /// The newest recording that was seen.
    pub last_seen: Option<UtcTime>,
}

impl Model {
    /// An empty screen.
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
            doings: IncidentActivity::default(),
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

    /// The places whose keys hold now.
    #[must_use]
    pub fn active_contexts(&self) -> &'static [KeyContext] {
        const ANYWHERE: &[KeyContext] = &[KeyContext::Anywhere];
        use super::keymap::KEY_CONTEXTS;
        let at = match self.overlays.last() {
            Some(Overlay::Help(_) | Overlay::Palette(_)) => 9,
            Some(Overlay::Prompt(_)) => 8,
            Some(Overlay::Paste(_)) => 7,
            Some(Overlay::Detail(_)) => 6,
            Some(Overlay::Dialog(_)) => return ANYWHERE,
            None if self.focus == Focus::Line => 0,
            None => 1 + self.tab.index(),
        };
        KEY_CONTEXTS.get(at).copied().unwrap_or(ANYWHERE)
    }

    /// The text line that keys go to, where there is one.
    #[must_use]
    pub fn focused_input(&mut self) -> Option<&mut TextLine> {
        match self.overlays.last_mut() {
            Some(Overlay::Help(finder) | Overlay::Palette(finder)) => Some(&mut finder.query),
            Some(Overlay::Prompt(prompt)) => Some(&mut prompt.line),
            Some(_) => None,
            None if self.focus == Focus::Line => Some(&mut self.capture.line),
            None => None,
        }
    }

    /// The incident looked at.
    #[must_use]
    pub fn incident_id(&self) -> Option<Uuid> {
        self.summary.as_ref().map(|o| o.id)
    }

    /// Where a line goes.
    #[must_use]
    pub fn target(&self) -> Target {
        match &self.summary {
            Some(outline) if outline.open || self.explicit_incident => {
                Target::Named(outline.handle.clone())
            }
            _ => Target::Open,
        }
    }

    /// True where a line has an incident to go to.
    #[must_use]
    pub fn has_target(&self) -> bool {
        self.target() != Target::Open
    }

    /// What may become of a line where the incident looked at is not open.
    #[must_use]
    pub fn routing_choices(&self) -> Vec<RoutingChoice> {
        let mut ways = if self.other_open_incidents > 0 {
            vec![RoutingChoice::OtherIncident, RoutingChoice::Declare]
        } else {
            vec![RoutingChoice::Declare, RoutingChoice::Unfiled]
        };
        if self.summary.is_some() {
            ways.push(RoutingChoice::ShownIncident);
        }
        ways
    }

    /// What the field `name` of the incident says; nothing where it was never set.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.summary
            .as_ref()
            .and_then(|o| o.fields.get(name))
            .map_or("", String::as_str)
    }

    /// The event that is selected.
    #[must_use]
    pub fn selected_event(&self) -> Option<&Record<Event>> {
        self.timeline.events.get(self.timeline.selected)
    }

    /// When customers are to hear next, where that is known.
    #[must_use]
    pub fn update_due(&self) -> Option<UtcTime> {
        let outline = self.summary.as_ref().filter(|o| o.open)?;
        let told = self.doings.last_customer_update;
        if let Some(promised) = outline.next_update_due
            && told.is_none_or(|told| told < promised)
        {
            return Some(promised);
        }
        let hurt = outline.impact_start()?;
        let interval = chrono::Duration::minutes(i64::from(self.update_interval?));
        Some(told.map_or(hurt, |told| told.max(hurt)) + interval)
    }

    /// The document that is on the screen.
    #[must_use]
    pub fn current_document(&self) -> Option<Document> {
        match self.tab {
            Tab::Postmortem => Some(Document::Postmortem),
            Tab::Email => Some(Document::Email(self.email_stage)),
            _ => None,
        }
    }

    /// Says something at the bottom.
    pub fn notify(&mut self, level: Level, text: impl Into<String>) {
        self.status = Some(StatusMessage {
            text: text.into(),
            level,
            at: self.now,
        });
    }
}
