//! [`Model`]: all state of the screen.

use super::{
    capture::Capture,
    detail::Detail,
    document_find::DocumentFind,
    finder::FileList,
    import::Import,
    overlay::Overlay,
    pages::{DocumentTab, Incidents, StateBand, Tab, Tasks, Timeline},
    status_message::{Level, StatusMessage},
};
use crate::{
    domain::{event::Event, incident::Record, severities::Severities, time::UtcTime, zone::Zone},
    ops::{
        IncidentRow,
        incident_history::UnknownState,
        incident_summary::{IncidentActivity, IncidentSummary},
        seen_before::SeenIncident,
    },
    tui::{
        character_set::CharacterSet,
        hub_status::HubStatus,
        keymap::{KEY_CONTEXTS, KeyContext, Keymap},
        msg::{Document, Letter},
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
    /// The list or page: letters are commands where they do something.
    List,
}

/// The choice of a state for the question about an event, while its choices have the keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StatePick {
    /// The event asked about.
    pub event: Uuid,
    /// Index into [`Model::STATE_CHOICES`]; `None` if none is picked yet.
    pub picked: Option<usize>,
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
    /// What the app's own signs are drawn in.
    pub character_set: CharacterSet,
    /// True if the screen is sentences, one thing a line, for a screen reader.
    pub plain: bool,
    /// Minutes between customer updates; `None` switches the reminder off.
    pub update_interval: Option<u32>,
    /// The severities that can be typed.
    pub severities: Severities,
    /// True for `bridgelog demo`.
    pub demo: bool,
    /// Where the database is, for the first screen; empty if that is not to be said.
    pub database: String,
    /// Where the settings are; empty if that is not known.
    pub settings_file: String,
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
    /// True if the incident was named on the command line, or picked: lines go to it although it is resolved
    /// or another is open.
    pub explicit_incident: bool,
    /// True if the user asked for the unfiled events although there are incidents.
    pub showing_unfiled: bool,
    /// What is known of the hub; `None` if there is none.
    pub hub: Option<HubStatus>,
    /// The incidents that are open besides the one shown.
    pub other_open: Vec<IncidentRow>,
    /// Open asks and the last customer update of the incident shown.
    pub activity: IncidentActivity,
    /// Earlier incidents that began like the one shown, while it is open.
    pub seen_before: Vec<SeenIncident>,
    pub timeline: Timeline,
    /// The detail beside the list on wide screens, of the event selected last.
    pub pane: Option<Detail>,
    pub tasks: Tasks,
    pub postmortem: DocumentTab,
    /// The words searched for in the document shown.
    pub document_find: DocumentFind,
    /// The customer email; `None` until loaded.
    pub letter: Option<Letter>,
    /// The stage of the email shown, 0 to 3; `None` for the one that is due.
    pub email_stage: Option<usize>,
    /// First row of the email in view.
    pub letter_scroll: usize,
    /// Index into [`document_rows`](super::document_rows()) of the postmortem or the email, whichever is shown.
    pub selected_finding: usize,
    /// True if the email shows the source events of each sentence.
    pub show_sources: bool,
    pub incidents: Incidents,
    /// An import that was closed while it was written, or that could not be.
    pub background_import: Option<Box<Import>>,
    /// The files to choose from.
    pub files: FileList,
    /// What happened last, at the right of the tabs.
    pub status: Option<StatusMessage>,
    /// The handles of what was undone or retracted last, while the message says that it can be brought back.
    pub restorable: Vec<String>,
    /// What failed, above the keys, until it is over or Esc is pressed on an empty line.
    pub failure: Option<StatusMessage>,
    /// True if the user put away the message that entries are not saved.
    pub unsaved_put_away: bool,
    /// The file to which the entries that are not in the database were written, and how many there were.
    pub unsaved_file: Option<(String, usize)>,
    /// True if half-typed texts cannot be saved either.
    pub drafts_unsaved: bool,
    /// The choices of the state question, while they have the keys.
    pub state_pick: Option<StatePick>,
    /// The events whose state question was put away.
    pub states_put_away: HashSet<Uuid>,
    /// The letter that ran as a command just before, and when: prose in the list takes it along.
    pub last_letter: Option<(char, UtcTime)>,
    /// Number of the newest prompt or question.
    pub dialog_id: u64,
    /// The first row in view of what the prompt or question would write.
    pub check_from: usize,
    /// How many keys, bursts and pastes came: a reply that would open an editor or a detail is dropped if more came since
    /// it was asked for.
    pub input_count: u64,
    /// `input_count` when the editor was asked for.
    pub editor_asked_at: Option<u64>,
    /// `input_count` when the detail of an event that is not loaded was asked for.
    pub detail_asked_at: Option<u64>,
    /// `input_count` when a text was to be copied: a page with the text is not opened under keys that came since.
    pub copy_asked_at: u64,
    /// Which page of keys the last row shows.
    pub key_page: usize,
    pub mouse_captured: bool,
    /// Number of the newest parse request; older replies are dropped.
    pub parse_request_id: u64,
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
            character_set: CharacterSet::default(),
            plain: false,
            update_interval: None,
            severities: Severities::default(),
            demo: false,
            database: String::new(),
            settings_file: String::new(),
            tab: Tab::default(),
            focus: Focus::default(),
            overlays: Vec::new(),
            capture: Capture::default(),
            summary: None,
            first_load_done: false,
            band: RefCell::default(),
            explicit_incident: false,
            showing_unfiled: false,
            hub: None,
            other_open: Vec::new(),
            activity: IncidentActivity::default(),
            seen_before: Vec::new(),
            timeline: Timeline {
                follow: true,
                ..Timeline::default()
            },
            pane: None,
            tasks: Tasks::default(),
            postmortem: DocumentTab::default(),
            document_find: DocumentFind::default(),
            letter: None,
            email_stage: None,
            letter_scroll: 0,
            selected_finding: 0,
            show_sources: false,
            incidents: Incidents::default(),
            background_import: None,
            files: FileList::default(),
            status: None,
            restorable: Vec::new(),
            failure: None,
            unsaved_put_away: false,
            unsaved_file: None,
            drafts_unsaved: false,
            state_pick: None,
            states_put_away: HashSet::new(),
            last_letter: None,
            dialog_id: 0,
            check_from: 0,
            input_count: 0,
            editor_asked_at: None,
            detail_asked_at: None,
            copy_asked_at: 0,
            key_page: 0,
            mouse_captured: true,
            parse_request_id: 0,
            bell_rung_for: None,
            own_events: HashSet::new(),
            wrote_since_refresh: false,
            last_seen: None,
        }
    }

    /// The states that the question for a state offers, and the way to put it away.
    pub const STATE_CHOICES: [&str; 5] = ["ok", "at-risk", "degraded", "down", "later"];

    /// Returns the key contexts that apply now, in the order in which they are searched.
    #[must_use]
    pub fn active_contexts(&self) -> &'static [KeyContext] {
        self.contexts_of(self.overlays.last())
    }

    /// Returns the key contexts of what is below the topmost overlay.
    #[must_use]
    pub fn contexts_below(&self) -> &'static [KeyContext] {
        self.contexts_of(self.overlays.iter().rev().nth(1))
    }

    fn contexts_of(&self, overlay: Option<&Overlay>) -> &'static [KeyContext] {
        let at = match overlay {
            Some(Overlay::Finder(_)) => 9,
            Some(Overlay::Prompt(_)) => 8,
            Some(Overlay::Paste(_)) => 7,
            Some(Overlay::Detail(_) | Overlay::Text(_)) => 6,
            Some(Overlay::Uncopied(_)) => 12,
            Some(Overlay::Confirm(_)) => 10,
            Some(Overlay::Routing(_)) => 11,
            Some(Overlay::Import(_)) => 13,
            None if self.focus == Focus::Line => 0,
            None => 1 + self.tab.index(),
        };
        KEY_CONTEXTS[at]
    }

    /// True if characters go to the input line: it has the focus, or the choice of an incident is open over
    /// it.
    #[must_use]
    pub fn is_on_line(&self) -> bool {
        match self.overlays.last() {
            None => self.focus == Focus::Line,
            Some(Overlay::Routing(_)) => true,
            Some(_) => false,
        }
    }

    /// True if letters are commands: the list or the detail of an event has the keys.
    #[must_use]
    pub fn is_on_list(&self) -> bool {
        match self.overlays.last() {
            None => self.focus == Focus::List,
            Some(Overlay::Detail(_) | Overlay::Text(_)) => true,
            Some(_) => false,
        }
    }

    /// Returns the text input that typed characters go to, if any.
    #[must_use]
    pub fn focused_input(&mut self) -> Option<&mut TextInput> {
        match self.overlays.last_mut() {
            Some(Overlay::Finder(finder)) => Some(&mut finder.query),
            Some(Overlay::Prompt(prompt)) => Some(&mut prompt.line),
            Some(Overlay::Paste(_) | Overlay::Import(_) | Overlay::Routing(_)) => {
                Some(&mut self.capture.line)
            }
            Some(_) => None,
            None if self.focus == Focus::Line => Some(&mut self.capture.line),
            None => None,
        }
    }

    /// Returns the events whose state is to be asked, oldest first.
    #[must_use]
    pub fn state_questions(&self) -> Vec<&UnknownState> {
        let history = self.summary.as_ref().and_then(|s| s.history.as_ref());
        let is_asked = |unknown: &&UnknownState| !self.states_put_away.contains(&unknown.event);
        let open = self
            .summary
            .as_ref()
            .is_some_and(|summary| summary.row.is_open);
        history
            .filter(|_| open)
            .map_or(&[][..], |history| &history.unknown)
            .iter()
            .filter(is_asked)
            .collect()
    }

    /// True while there is nothing to show: no incident and no unassigned event.
    #[must_use]
    pub fn is_first_run(&self) -> bool {
        self.first_load_done
            && self.summary.is_none()
            && self.other_open.is_empty()
            && self.timeline.events.is_empty()
    }

    #[must_use]
    pub fn incident_id(&self) -> Option<Uuid> {
        self.summary.as_ref().map(|summary| summary.row.id)
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

    #[must_use]
    pub fn current_document(&self) -> Option<Document> {
        match self.tab {
            Tab::Postmortem => Some(Document::Postmortem),
            Tab::Email => Some(Document::Email(self.email_stage)),
            _ => None,
        }
    }

    /// Says what happened, or what is to be done: at the right of the tabs; an error above the keys, where it
    /// stays.
    pub fn notify(&mut self, level: Level, text: impl Into<String>) {
        let message = StatusMessage {
            text: text.into(),
            level,
            at: self.now,
        };
        if level == Level::Error {
            // What succeeded before is not to be read beside it.
            self.status = None;
            self.failure = Some(message);
        } else {
            self.status = Some(message);
        }
    }

    /// Returns the number of the next prompt or question.
    pub fn next_dialog_id(&mut self) -> u64 {
        self.dialog_id += 1;
        self.check_from = 0;
        self.dialog_id
    }

    /// Keeps what was typed into an input that is left, unless it is blank.
    pub fn keep_draft(&mut self, text: &str, about: Option<String>) {
        let now = self.now;
        self.capture.keep_draft(now, text, about);
    }
}
