//! Everything that the screen is drawn from. Nothing here reads a clock or a file.

use super::{
    keymap::{Keymap, Place},
    line::Line as TextLine,
    msg::{Completion, Document, Failure, Job, Letter, Read, Target, Typed},
    theme::Theme,
};
use crate::{
    domain::{event::Event, incident::Record, time::UtcTime, zone::Zone},
    ops::incident_summary::{IncidentActivity, IncidentSummary},
};
use std::{cell::RefCell, collections::HashSet, rc::Rc};
use uuid::Uuid;

pub use super::{
    over::{Choice, Detail, Finder, Nowhere, Over, Paste, Pasted, Prompt, Question, Way},
    pages::{Band, Board, Drawing, Drawn, Incidents, Page, Reach, Tab, Timeline},
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
pub enum Tone {
    /// It was done.
    Good,
    /// Something to know.
    Note,
    /// It was not done.
    Bad,
}

/// What was said last, at the bottom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// In words.
    pub text: String,
    /// How serious.
    pub tone: Tone,
    /// Since when it stands there.
    pub at: UtcTime,
}

/// What the text on the line was understood as.
#[derive(Clone, Debug, Default)]
pub enum Echo {
    /// Nothing to understand.
    #[default]
    Nothing,
    /// An event.
    Read(Box<Read>),
    /// A follow-up, in words.
    Said(String),
    /// Nothing that could be logged.
    Wrong(Failure),
}

/// A line on its way to the log book.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The line.
    pub typed: Typed,
    /// What is to be done with it.
    pub job: Job,
    /// When it was sent.
    pub since: UtcTime,
    /// Why it is not logged yet; none while it is being tried.
    pub why: Option<Failure>,
}

/// Where the events are typed.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    /// What is typed.
    pub line: TextLine,
    /// When it was begun.
    pub begun: Option<UtcTime>,
    /// What it was understood as.
    pub echo: Echo,
    /// What the word at the cursor may become.
    pub completions: Vec<Completion>,
    /// Which of them stands on the line, while Tab goes through them; with the line before the first.
    pub completing: Option<(usize, TextLine)>,
    /// True right after a completion put a space behind itself.
    pub spaced: bool,
    /// What was logged before, the oldest first.
    pub recall: Vec<String>,
    /// Where in it one is, and what was typed before.
    pub recalling: Option<(usize, TextLine)>,
    /// The lines that are on their way to the store, and not on the disk yet.
    pub outbox: Vec<Sending>,
    /// The line that came back from there: as long as it stays as it is, it is the same one.
    pub again: Option<Typed>,
    /// How many lines were sent.
    pub sent: u64,
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
    pub over: Vec<Over>,
    /// The line.
    pub capture: Capture,
    /// The incident looked at; none where there is none.
    pub outline: Option<Box<IncidentSummary>>,
    /// True once the first look was answered.
    pub looked: bool,
    /// Its states over time as they were drawn last.
    pub band: RefCell<Option<Rc<Band>>>,
    /// True where the incident looked at was named, and lines go to it though it is over.
    pub named: bool,
    /// True where the unfiled events are looked at on purpose.
    pub unfiled: bool,
    /// How many other incidents are open.
    pub others_open: usize,
    /// What goes on in it.
    pub doings: IncidentActivity,
    /// Its timeline.
    pub timeline: Timeline,
    /// Which task is selected.
    pub task: usize,
    /// The postmortem.
    pub postmortem: Page,
    /// The customer email.
    pub letter: Option<Letter>,
    /// Which stage is looked at; none: the one that is due.
    pub stage: Option<usize>,
    /// How far down the letter one looks.
    pub letter_scroll: usize,
    /// True where the events behind each sentence are shown.
    pub trace: bool,
    /// The list of incidents.
    pub incidents: Incidents,
    /// What was typed in answer to a question, and left there.
    pub left: Vec<(Question, String)>,
    /// What was said last.
    pub said: Option<Said>,
    /// True where the mouse is caught.
    pub mouse: bool,
    /// To tell readings of the line apart.
    pub reading: u64,
    /// True where Ctrl-C was pressed once.
    pub interrupted: Option<UtcTime>,
    /// For which due time the bell was rung.
    pub rung: Option<UtcTime>,
    /// What we wrote ourselves.
    pub own: HashSet<Uuid>,
    /// True from what we did ourselves to the look after it.
    pub acted: bool,
    /// The newest recording that was seen.
    pub seen: Option<UtcTime>,
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
            over: Vec::new(),
            capture: Capture::default(),
            outline: None,
            looked: false,
            band: RefCell::default(),
            named: false,
            unfiled: false,
            others_open: 0,
            doings: IncidentActivity::default(),
            timeline: Timeline {
                follow: true,
                ..Timeline::default()
            },
            task: 0,
            postmortem: Page::default(),
            letter: None,
            stage: None,
            letter_scroll: 0,
            trace: false,
            incidents: Incidents::default(),
            left: Vec::new(),
            said: None,
            mouse: true,
            reading: 0,
            interrupted: None,
            rung: None,
            own: HashSet::new(),
            acted: false,
            seen: None,
        }
    }

    /// The places whose keys hold now.
    #[must_use]
    pub fn chain(&self) -> &'static [Place] {
        const ANYWHERE: &[Place] = &[Place::Anywhere];
        use super::keymap::CHAINS;
        let at = match self.over.last() {
            Some(Over::Help(_) | Over::Palette(_)) => 9,
            Some(Over::Prompt(_)) => 8,
            Some(Over::Paste(_)) => 7,
            Some(Over::Detail(_)) => 6,
            Some(Over::Choice(_)) => return ANYWHERE,
            None if self.focus == Focus::Line => 0,
            None => 1 + self.tab.index(),
        };
        CHAINS.get(at).copied().unwrap_or(ANYWHERE)
    }

    /// The text line that keys go to, where there is one.
    #[must_use]
    pub fn editing(&mut self) -> Option<&mut TextLine> {
        match self.over.last_mut() {
            Some(Over::Help(finder) | Over::Palette(finder)) => Some(&mut finder.query),
            Some(Over::Prompt(prompt)) => Some(&mut prompt.line),
            Some(_) => None,
            None if self.focus == Focus::Line => Some(&mut self.capture.line),
            None => None,
        }
    }

    /// The incident looked at.
    #[must_use]
    pub fn incident(&self) -> Option<Uuid> {
        self.outline.as_ref().map(|o| o.id)
    }

    /// Where a line goes.
    #[must_use]
    pub fn target(&self) -> Target {
        match &self.outline {
            Some(outline) if outline.open || self.named => Target::Named(outline.handle.clone()),
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
    pub fn ways(&self) -> Vec<Way> {
        let mut ways = if self.others_open > 0 {
            vec![Way::Elsewhere, Way::Declare]
        } else {
            vec![Way::Declare, Way::Unfiled]
        };
        if self.outline.is_some() {
            ways.push(Way::Here);
        }
        ways
    }

    /// What the field `name` of the incident says; nothing where it was never set.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.outline
            .as_ref()
            .and_then(|o| o.fields.get(name))
            .map_or("", String::as_str)
    }

    /// The event that is selected.
    #[must_use]
    pub fn selected(&self) -> Option<&Record<Event>> {
        self.timeline.events.get(self.timeline.selected)
    }

    /// When customers are to hear next, where that is known.
    #[must_use]
    pub fn update_due(&self) -> Option<UtcTime> {
        let outline = self.outline.as_ref().filter(|o| o.open)?;
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
    pub fn document(&self) -> Option<Document> {
        match self.tab {
            Tab::Postmortem => Some(Document::Postmortem),
            Tab::Email => Some(Document::Email(self.stage)),
            _ => None,
        }
    }

    /// Says something at the bottom.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>) {
        self.said = Some(Said {
            text: text.into(),
            tone,
            at: self.now,
        });
    }
}
