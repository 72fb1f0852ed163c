//! The facts that a letter states, as it keeps them: of each name that was hit the times in a state, when the
//! impact began and ended and the state at the time of the letter; the number of these names; fields; and
//! each customer wording under its handle.

use super::names::{Edge, PublicName, Span};
use crate::{
    documents::time_format::TimeFormatter,
    domain::{
        time::{UtcTime, format_utc, parse_utc},
        value::StatedFact,
        words::State,
    },
};
use chrono::Utc;
use uuid::Uuid;

/// The fields that letters state and whose changes are told.
pub(super) const STATED_FIELDS: [&str; 5] = [
    "customer-impact",
    "customer-scope",
    "unaffected",
    "data-loss",
    "customer-action",
];

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Topic<'a> {
    /// The time that the letter is as of.
    AsOf,
    /// The letters that had been sent when it was made, which it corrects where they told something otherwise.
    Follows,
    /// How many names were hit.
    Count,
    Start(&'a str),
    End(&'a str),
    State(&'a str),
    Spells(&'a str),
    Field(&'a str),
    /// The event with this handle.
    Wording(&'a str),
}

impl<'a> Topic<'a> {
    /// Reads the name of a fact.
    pub(super) fn of(name: &'a str) -> Self {
        match (name, name.split_once('/')) {
            ("as-of", _) => Self::AsOf,
            ("follows", _) => Self::Follows,
            ("names", _) => Self::Count,
            (_, Some(("start", of))) => Self::Start(of),
            (_, Some(("end", of))) => Self::End(of),
            (_, Some(("state", of))) => Self::State(of),
            (_, Some(("spells", of))) => Self::Spells(of),
            (_, Some(("field", of))) => Self::Field(of),
            _ => Self::Wording(name),
        }
    }

    /// The name of the fact, as [`of`](Self::of) reads it.
    pub(super) fn fact_name(self) -> String {
        match self {
            Self::AsOf => "as-of".to_owned(),
            Self::Follows => "follows".to_owned(),
            Self::Count => "names".to_owned(),
            Self::Start(of) => format!("start/{of}"),
            Self::End(of) => format!("end/{of}"),
            Self::State(of) => format!("state/{of}"),
            Self::Spells(of) => format!("spells/{of}"),
            Self::Field(of) => format!("field/{of}"),
            Self::Wording(handle) => handle.to_owned(),
        }
    }

    /// The name that customers know, if it is about one.
    pub(super) fn public_name(self) -> Option<&'a str> {
        match self {
            Self::Start(name) | Self::End(name) | Self::State(name) | Self::Spells(name) => {
                Some(name)
            }
            _ => None,
        }
    }

    pub(super) fn fact(self, wording: String) -> StatedFact {
        StatedFact {
            name: self.fact_name(),
            wording,
            ..StatedFact::default()
        }
    }
}

/// Returns the facts of times, states and counts as they were at `as_of`, as far as recorded now.
pub(super) fn facts_as_of(
    names: &[PublicName],
    zone: &TimeFormatter,
    as_of: UtcTime,
) -> Vec<StatedFact> {
    let names: Vec<(&PublicName, PublicName)> = names
        .iter()
        .map(|name| (name, name.up_to(as_of)))
        .filter(|(_, then)| then.listed().next().is_some())
        .collect();
    let mut facts = vec![
        StatedFact {
            at: Some(as_of.fixed_offset()),
            ..Topic::AsOf.fact(String::new())
        },
        Topic::Count.fact(names.len().to_string()),
    ];
    let time = |topic: Topic<'_>, edge: &Edge| StatedFact {
        at: Some(edge.minute().fixed_offset()),
        approximate: edge.approximate,
        ..topic.fact(time_words(zone, edge))
    };
    for (later, public) in &names {
        let Some(name) = &public.name else { continue };
        if let Some(first) = public.listed().next() {
            facts.push(time(Topic::Start(name), &first.from));
        }
        // An end that is recorded as later now is the end all the same.
        let end = public.working_since();
        if let Some(end) = end.or_else(|| later.works_after(as_of)) {
            facts.push(time(Topic::End(name), end));
        }
        let state = public.now().map_or(State::Ok, shown_state);
        facts.push(Topic::State(name).fact(state.to_string()));
        facts.push(spells_fact(
            name,
            &public.listed().collect::<Vec<_>>(),
            zone,
        ));
    }
    facts
}

/// Letters do not say that something is at risk.
fn shown_state(span: &Span) -> State {
    match span.state {
        State::AtRisk => State::Ok,
        state => state,
    }
}

/// The times in a state of `name`; none says that it was not affected.
pub(super) fn spells_fact(name: &str, spells: &[&Span], zone: &TimeFormatter) -> StatedFact {
    StatedFact {
        spells: spells.iter().map(|span| write_spell(span)).collect(),
        ..Topic::Spells(name).fact(spells_words(spells, zone))
    }
}

/// `down 2012-08-16 10:06 EDT to 2012-08-16 13:26 EDT, degraded since 2012-08-16 14:00 EDT`.
fn spells_words(spells: &[&Span], zone: &TimeFormatter) -> String {
    let words = spells.iter().map(|span| {
        let from = time_words(zone, &span.from);
        let state = match span.state {
            // Which of the states it was is not known.
            State::Ok => "affected",
            state => state.as_str(),
        };
        match &span.to {
            Some(to) => format!("{state} {from} to {}", time_words(zone, to)),
            None => format!("{state} since {from}"),
        }
    });
    let words: Vec<String> = words.collect();
    match words.is_empty() {
        true => "not affected".to_owned(),
        false => words.join(", "),
    }
}

fn time_words(zone: &TimeFormatter, edge: &Edge) -> String {
    let about = if edge.approximate { "about " } else { "" };
    format!("{about}{}", zone.date_time_with_zone(edge.minute()))
}

fn write_spell(span: &Span) -> String {
    let time = |edge: &Edge| {
        let about = if edge.approximate { "~" } else { "" };
        format!("{about}{}", format_utc(edge.minute()))
    };
    let to = span.to.as_ref().map(time).unwrap_or_default();
    format!("{} {}/{to}", span.state, time(&span.from))
}

/// Returns the spells that `fact` states. What a later version wrote in another form is left out.
pub(super) fn read_spells(fact: &StatedFact) -> Vec<Span> {
    let time = |text: &str| {
        let exact = text.strip_prefix('~');
        Some(Edge {
            at: parse_utc(exact.unwrap_or(text))?,
            approximate: exact.is_some(),
            handle: String::new(),
        })
    };
    let spell = |text: &String| {
        let (state, times) = text.split_once(' ')?;
        let (from, to) = times.split_once('/')?;
        Some(Span {
            state: state.parse().ok()?,
            from: time(from)?,
            to: match to {
                "" => None,
                to => Some(time(to)?),
            },
            command: None,
        })
    };
    fact.spells.iter().filter_map(spell).collect()
}

/// The fact that a letter follows those with these ids.
pub(super) fn follows_fact(sent: &[Uuid]) -> StatedFact {
    let ids: Vec<String> = sent.iter().map(Uuid::to_string).collect();
    Topic::Follows.fact(ids.join(" "))
}

/// True if a letter that states `facts` follows the one with `id`, which was sent before it.
pub(super) fn follows(facts: &[StatedFact], id: Uuid) -> bool {
    let followed = facts
        .iter()
        .find(|fact| Topic::of(&fact.name) == Topic::Follows);
    // Those of earlier versions do not say.
    followed.is_none_or(|fact| {
        let mut ids = fact.wording.split(' ');
        ids.any(|text| text.parse() == Ok(id))
    })
}

/// The time that `fact` states, as the message with `handle` has it.
pub(super) fn edge_of(fact: &StatedFact, handle: &str) -> Option<Edge> {
    Some(Edge {
        at: fact.at?.with_timezone(&Utc),
        approximate: fact.approximate,
        handle: handle.to_owned(),
    })
}
