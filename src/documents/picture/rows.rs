//! The rows of the picture: names that were hit or at risk, their spells and figures.

use crate::{
    documents::{customer::combine_spans, provenance::clean_line},
    domain::{
        incident::Incident,
        states::{NAMELESS, StateSpan, States},
        time::{UtcTime, format_shown_minutes, minutes_between, start_of_minute},
        words::State,
    },
};
use std::{borrow::Cow, cmp::Reverse, collections::HashMap};

/// The states that have a figure, the worst first.
pub(super) const FIGURE_STATES: [State; 4] =
    [State::Down, State::Degraded, State::Unknown, State::AtRisk];
/// The name of what has neither a service nor a product.
const NAMELESS_ROW: &str = "no service named";

/// A time in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Spell {
    pub state: State,
    pub from: UtcTime,
    /// `None` while it lasts.
    pub to: Option<UtcTime>,
    pub is_from_approximate: bool,
    pub is_to_approximate: bool,
}

/// The recorded time in one state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Figure {
    pub state: State,
    pub minutes: i64,
    /// `about 3 h 20 min so far`.
    pub text: String,
}

/// One or more names with the same spells.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// On one line each, safe to show.
    pub names: Vec<String>,
    /// Adjacent, oldest first; neighbours differ in state.
    pub spells: Vec<Spell>,
    pub figures: Vec<Figure>,
}

/// All rows in order, and the names that were `ok` throughout.
pub(super) struct Rows {
    pub rows: Vec<Row>,
    pub not_hit: Vec<String>,
    /// True if a name stands for several services.
    pub has_shared_names: bool,
}

impl Row {
    /// True if customers are known to have been affected.
    pub fn is_hit(&self) -> bool {
        self.spells.iter().any(|spell| spell.state.is_impact())
    }

    /// The spells that are not `ok`.
    pub fn troubled(&self) -> impl DoubleEndedIterator<Item = &Spell> {
        self.spells.iter().filter(|spell| spell.state != State::Ok)
    }

    /// The spells of impact, or of which it is not known; those at risk if there is no other.
    pub fn main_spells(&self) -> Vec<&Spell> {
        let worse: Vec<&Spell> = self
            .troubled()
            .filter(|spell| spell.state != State::AtRisk)
            .collect();
        if worse.is_empty() {
            self.troubled().collect()
        } else {
            worse
        }
    }

    pub fn figure(&self, state: State) -> Option<&Figure> {
        self.figures.iter().find(|figure| figure.state == state)
    }

    fn minutes_in(&self, state: State) -> i64 {
        self.figure(state).map_or(0, |figure| figure.minutes)
    }

    fn new(name: String, spans: &[StateSpan], until: UtcTime, is_stale: bool) -> Self {
        let spells = spells(spans);
        let figure = |state| {
            let of_state: Vec<&Spell> = spells.iter().filter(|s| s.state == state).collect();
            let lasts = of_state.last()?.to.is_none();
            let minutes = of_state
                .iter()
                .map(|spell| minutes_between(spell.from, spell.to.unwrap_or(until)).max(0))
                .sum();
            let approximate = of_state
                .iter()
                .any(|s| s.is_from_approximate || s.is_to_approximate);
            let text = match (lasts, is_stale) {
                (true, true) => "end not recorded".to_owned(),
                (true, false) => format!("{} so far", format_shown_minutes(minutes, approximate)),
                (false, _) => format_shown_minutes(minutes, approximate),
            };
            Some(Figure {
                state,
                minutes,
                text,
            })
        };
        Self {
            names: vec![name],
            figures: FIGURE_STATES.into_iter().filter_map(figure).collect(),
            spells,
        }
    }
}

fn spells(spans: &[StateSpan]) -> Vec<Spell> {
    let spell = |(i, span): (usize, &StateSpan)| Spell {
        state: span.state,
        from: span.from,
        to: span.to,
        is_from_approximate: span.approximate,
        is_to_approximate: span.to.is_some() && spans.get(i + 1).is_some_and(|s| s.approximate),
    };
    spans.iter().enumerate().map(spell).collect()
}

/// Computes the rows; spells that last are counted to `until`, unless `is_stale`. A service with a public name has its row under that name, as letters have it.
pub(super) fn rows(incident: &Incident, states: &States, until: UtcTime, is_stale: bool) -> Rows {
    let product = incident.fields.get("product");
    let product = product.and_then(|name| clean_line(name));
    // Where another service counts under the product, the product's state is not that of what has no service.
    let is_of_product = |(service, spans): &(String, Vec<StateSpan>)| {
        let known = incident.services.get(service);
        let is_named = known.is_some_and(|known| known.public_name.is_some());
        let was_hit = spans.iter().any(|span| span.state != State::Ok);
        service != NAMELESS && !is_named && was_hit
    };
    let product = product.filter(|_| !states.services.iter().any(is_of_product));
    let mut index_by_name: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<(String, Vec<&[StateSpan]>)> = Vec::new();
    // What was restored without a state before it was not well, and nobody recorded how.
    let mut restored: Vec<String> = Vec::new();
    for (service, spans) in &states.services {
        let known = incident.services.get(service);
        let public = known.and_then(|service| clean_line(service.public_name.as_deref()?));
        let own = match service.as_str() {
            NAMELESS => product.clone(),
            name => clean_line(name),
        };
        let name = public.or(own).unwrap_or_else(|| NAMELESS_ROW.to_owned());
        if states.unexplained_restore(Some(service)).is_some() {
            restored.push(name.clone());
        }
        let index = *index_by_name.entry(name.clone()).or_insert(groups.len());
        match groups.get_mut(index) {
            Some((_, members)) => members.push(spans),
            None => groups.push((name, vec![spans])),
        }
    }
    let mut all = Rows {
        rows: Vec::new(),
        not_hit: Vec::new(),
        has_shared_names: groups.iter().any(|(_, members)| {
            let with_state = members.iter().filter(|spans| !spans.is_empty());
            with_state.count() > 1
        }),
    };
    // Of a service that was first named later it is not known whether it was hit.
    let trouble = states.overall.iter().find(|span| span.state != State::Ok);
    let was_ok_before = |spans: &[StateSpan]| {
        let first = spans.first();
        first.is_some_and(|first| trouble.is_none_or(|trouble| first.from <= trouble.from))
    };
    for (name, members) in groups {
        let spans = match members.as_slice() {
            [only] => Cow::Borrowed(*only),
            several => Cow::Owned(combine_spans(several)),
        };
        if spans.iter().any(|span| span.state != State::Ok) {
            all.rows.push(Row::new(name, &spans, until, is_stale));
        } else if was_ok_before(&spans) && !restored.contains(&name) {
            all.not_hit.push(name);
        }
    }
    all.rows
        .sort_by_key(|row| Reverse(FIGURE_STATES.map(|state| row.minutes_in(state))));
    all.rows = share_rows(all.rows);
    all
}

/// Joins rows whose spells look the same.
fn share_rows(rows: Vec<Row>) -> Vec<Row> {
    // When a service was first seen working makes no difference; whether it was does.
    type Shown = (bool, Vec<(State, UtcTime, Option<UtcTime>, bool)>);
    let mut index_by_spells: HashMap<Shown, usize> = HashMap::new();
    let mut shared: Vec<Row> = Vec::new();
    for row in rows {
        let was_ok = row.spells.first().is_some_and(|s| s.state == State::Ok);
        let spells = row.troubled().map(|spell| {
            (
                spell.state,
                start_of_minute(spell.from),
                spell.to.map(start_of_minute),
                spell.is_from_approximate,
            )
        });
        let shown: Shown = (was_ok, spells.collect());
        let index = *index_by_spells.entry(shown).or_insert(shared.len());
        match shared.get_mut(index) {
            Some(known) => known.names.extend(row.names),
            None => shared.push(row),
        }
    }
    shared
}
