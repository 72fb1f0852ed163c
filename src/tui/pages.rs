//! What the tabs show, as far as it was read.

use super::msg::{IncidentListItem, LedgerLine, SearchResult, Select, Trends};
use crate::{
    domain::{
        event::Event,
        incident::Record,
        time::UtcTime,
        words::{Kind, State},
    },
    ops::timeline::{Filter, TimelineCursor},
};
use ratatui::text::Line;
use std::{cell::RefCell, collections::HashSet, rc::Rc};
use uuid::Uuid;

/// What fills the middle of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    /// The timeline.
    #[default]
    Timeline,
    /// Asks and follow-ups.
    Tasks,
    /// The postmortem.
    Postmortem,
    /// The customer email.
    Email,
    /// All incidents.
    Incidents,
}

impl Tab {
    /// All of them, in their order.
    pub const ALL: [Self; 5] = [
        Self::Timeline,
        Self::Tasks,
        Self::Postmortem,
        Self::Email,
        Self::Incidents,
    ];

    /// As it is called on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Timeline => "Timeline",
            Self::Tasks => "Tasks",
            Self::Postmortem => "Postmortem",
            Self::Email => "Email",
            Self::Incidents => "Incidents",
        }
    }

    /// Its place among all.
    #[must_use]
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|t| *t == self).unwrap_or(0)
    }
}

/// How far back the timeline was looked through for what a filter asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FilterProgress {
    /// Not yet.
    #[default]
    NotStarted,
    /// To this place.
    ScannedTo(TimelineCursor),
    /// All of it.
    Complete,
}

/// The timeline, as far as it was read.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// The events, oldest first.
    pub events: Vec<Record<Event>>,
    /// True where there are older ones.
    pub has_older: bool,
    /// True where there are newer ones.
    pub has_newer: bool,
    /// Which one is selected.
    pub selected: usize,
    /// The first one in view.
    pub top: usize,
    /// True while the end is looked at, and what is new is followed.
    pub follow: bool,
    /// How far back was looked for what the filter asks.
    pub filter_progress: FilterProgress,
    /// What is looked for further back than that.
    pub pending_jump: Option<Select>,
    /// True while a page is on its way.
    pub page_requested: bool,
    /// What others wrote since it was last looked at.
    pub unread: HashSet<Uuid>,
    /// Which events are shown.
    pub filter: Filter,
    /// The filter as it was typed.
    pub filter_text: String,
    /// What was looked for.
    pub query: String,
    /// Where it was found, the newest first.
    pub hits: Vec<Record<Event>>,
    /// How far the state band is zoomed in: each step halves what it shows.
    pub zoom: u8,
}

/// The states over time as they were drawn last: of a long story there is much to look through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateBand {
    /// From when to when.
    pub range: (UtcTime, UtcTime),
    /// The worst state of each column; none where it is not known.
    pub states: Vec<Option<State>>,
    /// The milestone of each column that says most: kind and state.
    pub milestones: Vec<Option<(Kind, Option<State>)>>,
}

/// A text as rows of a screen.
#[derive(Clone, Debug, Default)]
pub struct RenderedDocument {
    /// For how many columns.
    pub columns: usize,
    /// The rows.
    pub lines: Vec<Line<'static>>,
    /// Which of them are headings.
    pub headings: Vec<usize>,
}

/// What was drawn last.
pub type RenderCache = RefCell<Option<Rc<RenderedDocument>>>;

/// A text that is scrolled.
#[derive(Clone, Debug, Default)]
pub struct DocumentTab {
    /// The text; none while it is not known.
    pub text: Option<String>,
    /// How it was drawn last: long texts take longer than a frame.
    pub render_cache: RenderCache,
    /// How far down one looks.
    pub scroll: usize,
    /// What is missing in it, each with the command that mends it.
    pub findings: Vec<String>,
    /// True where that is shown in place of the text.
    pub findings_shown: bool,
}

/// What the tab of the incidents shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IncidentsTab {
    /// All of them.
    #[default]
    List,
    /// Outages that did not happen.
    Ledger,
    /// How many there were, month by month, and their figures.
    Trends,
}

impl IncidentsTab {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::List, Self::Ledger, Self::Trends];

    /// As it is called on the screen.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::List => "incidents",
            Self::Ledger => "did not happen",
            Self::Trends => "trends",
        }
    }

    /// The one `step` further on.
    #[must_use]
    pub fn step(self, step: isize) -> Self {
        let at = Self::ALL.iter().position(|b| *b == self).unwrap_or(0);
        let count = Self::ALL.len();
        Self::ALL[(at + count).saturating_add_signed(step) % count]
    }
}

/// The list of incidents.
#[derive(Clone, Debug, Default)]
pub struct Incidents {
    /// What is shown.
    pub tab: IncidentsTab,
    /// Outages that did not happen, the newest first; none while they are not known.
    pub ledger: Option<Vec<LedgerLine>>,
    /// Those of a year with their figures; none while they are not known.
    pub trends: Option<Trends>,
    /// All of them, the newest first; none while they are not known.
    pub all: Option<Vec<IncidentListItem>>,
    /// What was looked for, and found.
    pub search_results: Option<(String, Vec<SearchResult>)>,
    /// Which one is selected.
    pub selected: usize,
}
