//! The state of the tabs, with what the worker has loaded for them.

use super::document_find::FoundPlace;
use crate::{
    domain::{
        event::Event,
        incident::Record,
        states::StartedStates,
        time::UtcTime,
        words::{Kind, State},
    },
    ops::timeline::{Filter, Gone, TimelineCursor},
    tui::msg::{FindingRow, IncidentListItem, LedgerLine, SearchResults, Select, Trends},
};
use ratatui::text::Line;
use std::{
    cell::RefCell,
    collections::{BTreeMap, HashSet},
    rc::Rc,
};
use uuid::Uuid;

/// A tab of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tab {
    #[default]
    Timeline,
    /// Open asks and follow-ups.
    Tasks,
    Postmortem,
    Email,
    Incidents,
}

impl Tab {
    pub const ALL: [Self; 5] = [
        Self::Timeline,
        Self::Tasks,
        Self::Postmortem,
        Self::Email,
        Self::Incidents,
    ];

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

    /// Returns the label for a narrow screen.
    #[must_use]
    pub fn short_label(self) -> &'static str {
        match self {
            Self::Timeline => "Time",
            Self::Tasks => "Task",
            Self::Postmortem => "Post",
            Self::Email => "Mail",
            Self::Incidents => "Inc",
        }
    }

    /// Returns the tab's index in [`Tab::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0)
    }
}

/// How far back the store was scanned for events that match the filter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FilterProgress {
    #[default]
    NotStarted,
    /// Everything from this event on was scanned.
    ScannedTo(TimelineCursor),
    Complete,
}

/// The loaded part of the timeline.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    /// Oldest first.
    pub events: Vec<Record<Event>>,
    /// The states that they started, where the history of their incident is thinned or still loading.
    pub started: StartedStates,
    /// True if the store has older events.
    pub has_older: bool,
    /// True if the store has newer events.
    pub has_newer: bool,
    /// Index of the selected event.
    pub selected: usize,
    /// Index of the first event in view.
    pub top: usize,
    /// True while the view scrolls along with new events.
    pub follow: bool,
    pub filter_progress: FilterProgress,
    /// What to select once the scan reaches it.
    pub pending_jump: Option<Select>,
    /// True while a page is being loaded.
    pub page_requested: bool,
    /// Events written by others and not seen yet.
    pub unread: HashSet<Uuid>,
    /// What the rows of the filter `gone` say of how they went.
    pub gone: BTreeMap<Uuid, Gone>,
    /// True after the wheel moved the view: the selection may be out of it.
    pub scrolled_away: bool,
    pub filter: Filter,
    /// The filter as typed.
    pub filter_text: String,
    /// What was selected when the filter was begun to be typed: its id, and its position.
    pub filter_anchor: Option<(Uuid, TimelineCursor)>,
    /// Events just logged, until the list is loaded again: it is said if a filter hides them.
    pub just_logged: Vec<Uuid>,
    /// Why the filter finds nothing: it has a word that is no state, or no time.
    pub filter_problem: Option<String>,
    /// The words searched for.
    pub query: String,
    /// The events that contain them, newest first.
    pub hits: Vec<Record<Event>>,
    /// True if the rows show the handles.
    pub show_handles: bool,
    /// Zoom level of the state band: each step halves the time shown.
    pub zoom: u8,
}

/// The state band as computed last; cached because a long incident takes long to scan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateBand {
    /// The time shown: start and end.
    pub range: (UtcTime, UtcTime),
    /// The worst state in each column; `None` if not known.
    pub states: Vec<Option<State>>,
    /// The most important milestone in each column: its kind and state.
    pub milestones: Vec<Option<(Kind, Option<State>)>>,
}

/// A document as styled rows.
#[derive(Clone, Debug, Default)]
pub struct RenderedDocument {
    /// The width the rows were wrapped to.
    pub columns: usize,
    pub lines: Vec<Line<'static>>,
    /// Indexes of the rows that are headings.
    pub headings: Vec<usize>,
    /// Where the words are that were searched for last.
    pub found: RefCell<Option<(String, Rc<Vec<FoundPlace>>)>>,
}

/// The rows as rendered last, since long documents take longer than a frame.
pub type RenderCache = RefCell<Option<Rc<RenderedDocument>>>;

/// A document with its scroll position.
#[derive(Clone, Debug, Default)]
pub struct DocumentTab {
    /// Markdown; `None` until loaded.
    pub text: Option<String>,
    pub render_cache: RenderCache,
    /// First row in view.
    pub scroll: usize,
    /// What the document lacks, or must not say.
    pub findings: Vec<FindingRow>,
}

/// A sub-tab of the incidents tab.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IncidentsTab {
    #[default]
    List,
    /// The absorbed faults.
    Ledger,
    /// Counts by month, and the metrics of each incident.
    Trends,
}

impl IncidentsTab {
    pub const ALL: [Self; 3] = [Self::List, Self::Ledger, Self::Trends];

    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::List => "Incidents",
            Self::Ledger => "Near misses",
            Self::Trends => "Trends",
        }
    }

    /// Returns the sub-tab `step` further on, wrapping around.
    #[must_use]
    pub fn step(self, step: isize) -> Self {
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        let count = Self::ALL.len();
        Self::ALL[(at + count).saturating_add_signed(step) % count]
    }
}

/// What the tasks tab is filtered and searched by, and what is selected in it.
#[derive(Clone, Debug, Default)]
pub struct Tasks {
    /// Index into [`task_rows`](super::task_rows()).
    pub selected: usize,
    /// The handle of the selected task: the selection stays with it when others come before it.
    pub selected_handle: Option<String>,
    /// The filter as typed; empty for all that is open.
    pub filter: String,
    /// The words searched for.
    pub query: String,
}

/// The state of the incidents tab.
#[derive(Clone, Debug, Default)]
pub struct Incidents {
    pub tab: IncidentsTab,
    /// Absorbed faults, newest first; `None` until loaded.
    pub ledger: Option<Vec<LedgerLine>>,
    /// The last twelve months; `None` until loaded.
    pub trends: Option<Trends>,
    /// All incidents, newest first; `None` until loaded.
    pub all: Option<Vec<IncidentListItem>>,
    /// What a search in all incidents found; `None` if there is no search.
    pub search_results: Option<SearchResults>,
    /// Why what is being typed to search is not understood.
    pub search_problem: Option<String>,
    /// Index of the selected row.
    pub selected: usize,
}

impl Incidents {
    /// Returns how many rows can be selected in what is shown.
    #[must_use]
    pub fn row_count(&self) -> usize {
        match (&self.search_results, self.tab) {
            (Some(results), _) => results.rows.len(),
            (None, IncidentsTab::List) => self.all.as_ref().map_or(0, Vec::len),
            (None, IncidentsTab::Ledger) => self.ledger.as_ref().map_or(0, Vec::len),
            (None, IncidentsTab::Trends) => self.trends.as_ref().map_or(0, |t| t.lines.len()),
        }
    }

    /// Returns what the selected row stands for: the handle of its incident (`None` for the unassigned
    /// events), and the id of the event if the row is an event.
    #[must_use]
    pub fn selected_target(&self) -> Option<(Option<String>, Option<Uuid>)> {
        self.target_at(self.selected)
    }

    /// Selects the row that stands for `target` again after rows came or went; without it, the row in its place.
    pub fn select_again(&mut self, target: &Option<(Option<String>, Option<Uuid>)>) {
        let count = self.row_count();
        let found = (0..count).find(|at| target.is_some() && self.target_at(*at) == *target);
        let last = count.saturating_sub(1);
        self.selected = found.unwrap_or(self.selected).min(last);
    }

    /// Returns the incident selected in the list of incidents.
    #[must_use]
    pub fn selected_incident(&self) -> Option<&IncidentListItem> {
        if self.tab != IncidentsTab::List || self.search_results.is_some() {
            return None;
        }
        let item = self.all.as_ref()?.get(self.selected)?;
        Some(item).filter(|item| !item.handle.is_empty())
    }

    /// Returns what row `at` stands for, as `selected_target` does.
    fn target_at(&self, at: usize) -> Option<(Option<String>, Option<Uuid>)> {
        let non_empty = |handle: &String| Some(handle.clone()).filter(|h| !h.is_empty());
        match (&self.search_results, self.tab) {
            (Some(results), _) => {
                let hit = results.rows.get(at)?;
                Some((hit.incident.clone(), hit.id))
            }
            (None, IncidentsTab::List) => {
                let item = self.all.as_ref()?.get(at)?;
                Some((non_empty(&item.handle), None))
            }
            (None, IncidentsTab::Ledger) => {
                let line = self.ledger.as_ref()?.get(at)?;
                let incident = line.incident.as_ref().map(|(handle, _)| handle.clone());
                Some((incident, Some(line.fault.id)))
            }
            (None, IncidentsTab::Trends) => {
                let line = self.trends.as_ref()?.lines.get(at)?;
                Some((non_empty(&line.incident.handle), None))
            }
        }
    }
}
