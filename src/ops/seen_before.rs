//! Earlier incidents that began alike: what was decided then, how long until it was better, and which
//! follow-ups are still open.
//!
//! The words of the first lines are looked up in the full-text index, the rarest first; of the incidents
//! that have most of them in their first entries the beginnings are read and compared
//! ([`crate::domain::alike`]). So the cost depends on the number of words, not on the number of incidents.

pub use crate::documents::related::SeenIncident;

use super::{Result, Session, ledger::open_action, resolve::short_ref};
use crate::{
    documents::related::{Improvement, Step},
    domain::{
        alike::{self, Frequencies, Opening, TokenKind, WEIGHTS, kind_of, likeness},
        event::Event,
        incident::Record,
        states::CurrentStates,
        time::UtcTime,
        words::{Kind, State},
    },
    store::{IncidentRow, Reader},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// How many are shown.
pub const MAX_SEEN: usize = 3;
/// The newest entries with a token that are looked at.
const ENTRIES_PER_TOKEN: usize = 200;
/// The entries of which the incident is looked up, of all tokens.
const MAX_ENTRIES: usize = 2_000;
/// An entry this far in the chain of its incident is not of its first lines.
const FIRST_ENTRIES: u64 = 40;
/// The incidents whose beginnings are read.
const MAX_CANDIDATES: usize = 24;
/// Events read for a beginning: some are retracted, or about people.
const OPENING_EVENTS: usize = alike::FIRST_LINES + 8;
/// Nothing is said of what helped in an incident of more events.
const MAX_EVENTS_READ: usize = 1_000;
/// The words in common that are shown.
const MAX_WORDS_SHOWN: usize = 5;

/// Returns the earlier incidents that began like `row`, the most alike first, at most [`MAX_SEEN`]. Empty if
/// none is alike. A drill is compared with drills, any other incident with none of them. Follow-ups are
/// overdue as of `now`.
pub fn seen_before(
    session: &Session,
    row: &IncidentRow,
    now: UtcTime,
) -> Result<Vec<SeenIncident>> {
    seen_in(session, row, now, |_| true)
}

/// Returns those of [`seen_before`] that a document may name: none that is private.
pub(super) fn seen_before_in_documents(
    session: &Session,
    row: &IncidentRow,
    now: UtcTime,
) -> Result<Vec<SeenIncident>> {
    seen_in(session, row, now, |row| !row.is_private)
}

fn seen_in(
    session: &Session,
    row: &IncidentRow,
    now: UtcTime,
    is_shown: impl Fn(&IncidentRow) -> bool,
) -> Result<Vec<SeenIncident>> {
    session.read().with_snapshot(|| {
        let read = session.read();
        let events = read.oldest_events(Some(row.id), OPENING_EVENTS, None)?;
        let opening = alike::opening_of(&row.title, &events);
        let found = find_alike(&read, row, &opening, is_shown)?;
        let words = WordsTyped::of(&row.title, &events);
        let mut seen = Vec::with_capacity(found.len());
        for (row, likeness) in found {
            let events = read.oldest_events(Some(row.id), MAX_EVENTS_READ + 1, None)?;
            // Of a part of them it cannot be said how it went on.
            let are_all = events.len() <= MAX_EVENTS_READ;
            let (step, improvement) = match are_all {
                true => what_helped(&events, &row),
                false => (None, None),
            };
            let mut active = events.iter().filter(|record| record.is_active());
            let has_no_decision = are_all && active.all(|e| e.value.kind != Kind::Decision);
            let tasks = read.follow_ups(row.id)?.into_iter();
            let open = tasks.filter(|task| task.value.is_open());
            seen.push(SeenIncident {
                short_ref: short_ref(&row),
                handle: row.handle.clone(),
                declared: row.declared.unwrap_or_default(),
                title: row.title,
                score: likeness.score,
                in_common: words.of_tokens(&likeness.shared),
                has_no_decision,
                step,
                improvement,
                open_actions: open.map(|task| open_action(task, now)).collect(),
            });
        }
        Ok(seen)
    })
}

/// The incidents of one token, and an estimate of how many have it.
struct TokenHits {
    token: String,
    entries: Vec<i64>,
    incidents: f64,
}

/// Returns the incidents that are alike with how much, the most alike first.
fn find_alike(
    read: &Reader<'_>,
    own: &IncidentRow,
    opening: &Opening,
    is_shown: impl Fn(&IncidentRow) -> bool,
) -> Result<Vec<(IncidentRow, alike::Likeness)>> {
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let incidents = read.incident_count()?.saturating_sub(1) as f64;
    let mut hits = hits_of_tokens(read, opening, incidents)?;
    hits.sort_by(|a, b| {
        a.incidents
            .total_cmp(&b.incidents)
            .then(a.token.cmp(&b.token))
    });
    let mut frequencies = Frequencies {
        incidents,
        of_token: BTreeMap::new(),
    };
    let mut origins: HashMap<i64, Option<Uuid>> = HashMap::new();
    let mut candidates: BTreeMap<Uuid, f64> = BTreeMap::new();
    for hit in &hits {
        let is_exact = hit.entries.len() < ENTRIES_PER_TOKEN;
        let mut having: BTreeSet<Uuid> = BTreeSet::new();
        let mut was_cut = false;
        for no in &hit.entries {
            if origins.len() >= MAX_ENTRIES && !origins.contains_key(no) {
                was_cut = true;
                break;
            }
            let origin = match origins.get(no) {
                Some(origin) => *origin,
                None => {
                    let found = read.entry_origin(*no)?;
                    let first = found.filter(|origin| origin.seq <= FIRST_ENTRIES);
                    let incident = first.and_then(|origin| origin.incident);
                    origins.insert(*no, incident);
                    incident
                }
            };
            having.extend(origin.filter(|id| *id != own.id));
        }
        #[expect(clippy::cast_precision_loss, reason = "at most some hundreds")]
        let count = match is_exact && !was_cut {
            true => having.len() as f64,
            false => hit.incidents.max(having.len() as f64),
        };
        frequencies.of_token.insert(hit.token.clone(), count);
        let rarity = frequencies.rarity(&hit.token);
        for id in having {
            *candidates.entry(id).or_default() += rarity * rarity;
        }
    }
    let mut candidates: Vec<(Uuid, f64)> = candidates.into_iter().collect();
    candidates.sort_by(|(one, a), (other, b)| b.total_cmp(a).then(one.cmp(other)));
    let mut compared: BTreeSet<Uuid> = BTreeSet::new();
    let mut found = Vec::new();
    for (id, _) in candidates {
        if compared.len() >= MAX_CANDIDATES {
            break;
        }
        let Some(row) = shown_row(read, id)? else {
            continue;
        };
        let is_like_own = is_earlier(&row, own) && row.is_drill == own.is_drill;
        if !is_like_own || !is_shown(&row) || !compared.insert(row.id) {
            continue;
        }
        let events = read.oldest_events(Some(row.id), OPENING_EVENTS, None)?;
        let earlier = alike::opening_of(&row.title, &events);
        let likeness = likeness(opening, &earlier, &frequencies, &WEIGHTS);
        if likeness.is_alike() {
            found.push((row, likeness));
        }
    }
    found.sort_by(|(one, a), (other, b)| {
        let newer = other.declared.cmp(&one.declared);
        b.score
            .total_cmp(&a.score)
            .then(newer)
            .then(one.id.cmp(&other.id))
    });
    found.truncate(MAX_SEEN);
    Ok(found)
}

/// Looks up each token of `opening`. Where there are more entries than are looked at, the number of
/// incidents is estimated from how near to each other the newest ones are.
fn hits_of_tokens(read: &Reader<'_>, opening: &Opening, incidents: f64) -> Result<Vec<TokenHits>> {
    let newest = read.newest_entry()?;
    let mut hits = Vec::new();
    for token in opening
        .tokens()
        .filter(|token| kind_of(token) != TokenKind::States)
    {
        let entries = read.entries_with_token(token, ENTRIES_PER_TOKEN)?;
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let estimated = match entries.last() {
            Some(oldest) if entries.len() == ENTRIES_PER_TOKEN => {
                let share = newest as f64 / (newest - oldest + 1).max(1) as f64;
                entries.len() as f64 * share
            }
            _ => entries.len() as f64,
        };
        hits.push(TokenHits {
            token: token.to_owned(),
            entries,
            incidents: estimated.min(incidents),
        });
    }
    Ok(hits)
}

/// Returns the row of the incident that shows what is in incident `id`; `None` if it was withdrawn.
fn shown_row(read: &Reader<'_>, id: Uuid) -> Result<Option<IncidentRow>> {
    const MOST_MERGES: usize = 8;
    let mut row = read.incident_row(id)?;
    for _ in 0..MOST_MERGES {
        match row.as_ref().and_then(|row| row.merged_into) {
            Some(into) => row = read.incident_row(into)?,
            None => break,
        }
    }
    Ok(row.filter(|row| !row.withdrawn && row.merged_into.is_none()))
}

fn is_earlier(row: &IncidentRow, than: &IncidentRow) -> bool {
    let order = |row: &IncidentRow| (row.declared, row.number, row.id);
    row.id != than.id && row.declared.is_some() && order(row) < order(than)
}

/// What an earlier incident tells of how it went on.
#[derive(Default)]
struct Course<'a> {
    /// The event with which the impact of the first service that was hit began.
    began: Option<&'a Record<Event>>,
    service: String,
    /// The `mitigate` of that service after which it did not get worse again.
    eased: Option<&'a Record<Event>>,
    /// The event since which that service is ok.
    ended: Option<&'a Record<Event>>,
}

impl<'a> Course<'a> {
    /// Follows the states through `events`, which are all of the incident, from those before its first event.
    fn of(events: &'a [Record<Event>], mut states: CurrentStates) -> Self {
        let mut course = Self::default();
        for record in events.iter().filter(|record| record.is_active()) {
            for change in states.apply(record) {
                let is_hit = !matches!(change.state, State::Ok | State::AtRisk);
                if course.began.is_none() && is_hit {
                    course.began = Some(record);
                    course.service.clone_from(&change.service);
                }
                if course.began.is_some() && change.service == course.service {
                    course.ended = (change.state == State::Ok).then_some(record);
                    if change.state != State::Ok && record.value.kind != Kind::Mitigate {
                        course.eased = None;
                    }
                }
            }
            let services = &record.value.services;
            let concerns = services.is_empty() || services.contains(&course.service);
            if course.began.is_some() && concerns {
                match record.value.kind {
                    Kind::Mitigate => course.eased = course.eased.or(Some(record)),
                    Kind::Fault => course.eased = None,
                    _ => {}
                }
            }
        }
        course
    }

    /// What made it better, the event that says what did so first.
    fn better(&self) -> Option<&'a Record<Event>> {
        let ended = self.ended.filter(|e| e.value.kind == Kind::Restore);
        let mut linked = [ended, self.eased].into_iter().flatten();
        let linked = linked.find(|e| !e.value.links.is_empty());
        linked.or(ended).or(self.eased)
    }
}

/// Returns what was decided and what made it better, from all `events` of an incident: the decision that the
/// latter links to, else the last decision between the begin of the impact and it, else the last action.
/// Without an improvement it is the first decision.
fn what_helped(events: &[Record<Event>], row: &IncidentRow) -> (Option<Step>, Option<Improvement>) {
    let active = || events.iter().filter(|record| record.is_active());
    let is = |kind: Kind| move |record: &&Record<Event>| record.value.kind == kind;
    let course = Course::of(events, row.states.without_states());
    let found = course.began.zip(course.better());
    let step = match found {
        Some((began, better)) => {
            let is_linked = |e: &&Record<Event>| better.value.links.contains(&e.id);
            let between = || {
                let since = active().skip_while(|e| e.id != began.id);
                since.take_while(|e| e.id != better.id)
            };
            let linked = || active().filter(is_linked);
            linked()
                .find(is(Kind::Decision))
                .or_else(|| linked().find(is(Kind::Action)))
                .or_else(|| between().filter(is(Kind::Decision)).last())
                .or_else(|| between().filter(is(Kind::Action)).last())
        }
        None => active().find(is(Kind::Decision)),
    };
    let improvement = found.map(|(began, better)| {
        let since = step.unwrap_or(began);
        let is_one_of_several = row.services.len() > 1 && !course.service.is_empty();
        Improvement {
            handle: better.handle.clone(),
            kind: better.value.kind.to_string(),
            service: is_one_of_several.then(|| course.service.clone()),
            seconds: (better.value.at_utc() - since.value.at_utc())
                .num_seconds()
                .max(0),
            approximate: better.value.approximate || since.value.approximate,
        }
    });
    let step = step.map(|step| Step {
        handle: step.handle.clone(),
        kind: step.value.kind.to_string(),
        text: match &step.value.redacted {
            Some(_) => "[redacted]".to_owned(),
            None => step.value.text.clone(),
        },
    });
    (step, improvement)
}

/// The words of the first lines as they were typed, by their stems.
struct WordsTyped(HashMap<String, String>);

impl WordsTyped {
    fn of(title: &str, events: &[Record<Event>]) -> Self {
        let mut typed = HashMap::new();
        let lines = alike::first_lines(events).map(|event| event.text.as_str());
        for text in [title].into_iter().chain(lines) {
            for word in text.split(|c: char| !c.is_alphanumeric()) {
                for stem in alike::stems(word) {
                    typed.entry(stem).or_insert_with(|| word.to_lowercase());
                }
            }
        }
        Self(typed)
    }

    /// Returns the words, services and tags that `tokens` stand for, the most telling first. A group is
    /// shown by the word of it that was typed.
    fn of_tokens(&self, tokens: &[String]) -> Vec<String> {
        let mut shown: Vec<String> = Vec::new();
        for token in tokens {
            let text = match kind_of(token) {
                TokenKind::Group => {
                    let mut typed = self.0.iter().filter_map(|(stem, word)| {
                        let group = alike::group_of(stem)?;
                        (group == token).then_some(word)
                    });
                    let first = typed.next().cloned();
                    typed.fold(first, |least, word| least.min(Some(word.clone())))
                }
                TokenKind::Word => self.0.get(token).cloned(),
                _ => Some(token.clone()),
            };
            let Some(text) = text.filter(|text| !shown.contains(text)) else {
                continue;
            };
            shown.push(text);
            if shown.len() == MAX_WORDS_SHOWN {
                break;
            }
        }
        shown
    }
}
