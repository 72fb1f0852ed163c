//! The values of names and their spells.

use super::{
    letter::{Group, Impact, Name, Shared, Spell, Spells},
    letter_writer::{LetterWriter, state_word},
    names::{Edge, PublicName, Span},
    overall::{Overall, Total},
};
use crate::domain::{time::UtcTime, words::State};
use chrono::NaiveDate;

/// More spells than these are shown as their number, the first, the last and the total.
const MAX_SPELLS: usize = 4;
/// A sentence has at most so many spells.
const MAX_SPELLS_IN_SENTENCE: usize = 2;

impl<'a> LetterWriter<'a> {
    pub(super) fn name(&mut self, public: &PublicName) -> Name {
        let (over, lasting): (Vec<&Span>, Vec<&Span>) =
            public.listed().partition(|span| span.to.is_some());
        let now = lasting.last().copied();
        let since = match (now, public.working_since()) {
            (Some(span), _) => span.from.clone(),
            (None, Some(end)) => end.clone(),
            (None, None) => Edge::exact(self.view.as_of, ""),
        };
        let day_of_as_of = Some(self.times.local_date(self.view.as_of));
        let sources = [since.handle.as_str()];
        let (short, zoned) = (
            self.times.short(&since, self.day),
            self.times.with_zone(&since, day_of_as_of),
        );
        let written = public.name.clone();
        Name {
            name: written.map(|name| self.write(&name, &["service"])),
            now: now.map_or("working", |span| state_word(span.state)),
            since: self.write(&short, &sources),
            since_zone: self.write(&zoned, &sources),
            before_in_all: self.in_all(&over, self.day),
            before: self.spells(&over, self.day),
            spells: self.spells(&public.listed().collect::<Vec<_>>(), self.day),
            command: now.and_then(|span| span.command.clone()),
        }
    }

    pub(super) fn spells(&mut self, spans: &[&Span], day: Option<NaiveDate>) -> Vec<Spell> {
        let last_day = spans
            .last()
            .and_then(|span| Some(self.times.local_date(span.to.as_ref()?.at)));
        let count = spans.len();
        let mut spells = Vec::with_capacity(count);
        for (index, span) in spans.iter().enumerate() {
            let day_follows = last_day.filter(|_| index + 1 < count);
            spells.push(self.spell(span, day, day_follows));
        }
        spells
    }

    pub(super) fn spell(
        &mut self,
        span: &Span,
        day: Option<NaiveDate>,
        day_follows: Option<NaiveDate>,
    ) -> Spell {
        let now = Edge::exact(self.view.as_of, &span.from.handle);
        let to = span.to.as_ref().unwrap_or(&now);
        let minutes = span.minutes(self.view.as_of);
        let sources = [span.from.handle.as_str(), to.handle.as_str()];
        let approximate = span.is_approximate();
        let texts = [
            self.times.short_range(&span.from, to, day),
            self.times.period(&span.from, to, day_follows),
            self.times.duration(minutes, approximate),
            self.times.short_duration(minutes, approximate),
        ];
        let [range, period, lasted, short_lasted] = texts.map(|text| self.write(&text, &sources));
        Spell {
            state: state_word(span.state),
            range,
            period,
            lasted,
            short_lasted,
            command: span.command.clone(),
        }
    }

    pub(super) fn in_all(&mut self, spans: &[&Span], day: Option<NaiveDate>) -> Option<Spells> {
        let (first, last) = (spans.first()?, spans.last()?);
        if spans.len() <= MAX_SPELLS || spans.iter().any(|span| span.state == State::Unknown) {
            return None;
        }
        let now = Edge::exact(self.view.as_of, "");
        let to = last.to.as_ref().unwrap_or(&now);
        let minutes = spans.iter().map(|span| span.minutes(self.view.as_of)).sum();
        let approximate = spans.iter().any(|span| span.is_approximate());
        let range = self.times.short_range(&first.from, to, day);
        let lasted = self.times.short_duration(minutes, approximate);
        let sources: Vec<&str> = spans.iter().map(|span| span.from.handle.as_str()).collect();
        Some(Spells {
            count: spans.len().to_string(),
            range: self.write(&range, &sources),
            short_lasted: self.write(&lasted, &sources),
        })
    }

    /// The names in a table, unless a sentence says it all.
    pub(super) fn groups(&mut self) -> Vec<Group> {
        if let [only] = self.view.names.as_slice()
            && only.listed().count() <= MAX_SPELLS_IN_SENTENCE
            && only
                .listed()
                .all(|span| span.state != State::Unknown && span.to.is_some())
        {
            return Vec::new();
        }
        let groups = self.alike();
        let mut written = Vec::with_capacity(groups.len());
        for names in groups {
            let spans: Vec<&Span> = names[0].listed().collect();
            let in_all = self.in_all(&spans, self.day);
            let spells = self.spells(&spans, self.day);
            written.push(Group {
                names: self.written_names(&names),
                spells,
                in_all,
            });
        }
        written
    }

    fn written_names(&mut self, names: &[&PublicName]) -> Vec<String> {
        let names = names.iter().filter_map(|name| name.name.as_deref());
        names.map(|name| self.write(name, &["service"])).collect()
    }

    /// The names that were hit, those with the same spells together.
    fn alike(&self) -> Vec<Vec<&'a PublicName>> {
        type Shown = Vec<(State, UtcTime, bool, Option<(UtcTime, bool)>)>;
        let view = self.view;
        let mut groups: Vec<(Shown, Vec<&'a PublicName>)> = Vec::new();
        for name in &view.names {
            let edge = |edge: &Edge| (edge.minute(), edge.approximate);
            let shown: Shown = name
                .listed()
                .map(|s| {
                    (
                        s.state,
                        s.from.minute(),
                        s.from.approximate,
                        s.to.as_ref().map(edge),
                    )
                })
                .collect();
            match groups.iter_mut().find(|(known, _)| *known == shown) {
                Some((_, names)) => names.push(name),
                None => groups.push((shown, vec![name])),
            }
        }
        groups.into_iter().map(|(_, names)| names).collect()
    }

    /// The state lines: names with the same spells share one.
    pub(super) fn states(&mut self) -> Vec<Shared> {
        let groups = self.alike();
        let mut lines = Vec::with_capacity(groups.len());
        for names in &groups {
            lines.push(Shared {
                names: self.written_names(names),
                state: self.name(names[0]),
            });
        }
        lines
    }

    pub(super) fn impact(&mut self, overall: &Overall) -> Impact {
        let from = &overall.from;
        let day_of_as_of = Some(self.times.local_date(self.view.as_of));
        let last = overall.to.as_ref().map_or(self.view.as_of, |to| to.at);
        let mut sources = vec![from.handle.as_str()];
        sources.extend(overall.to.as_ref().map(|to| to.handle.as_str()));
        let works = overall.works_since.as_ref();
        let sources_of_end: Vec<&str> = works.iter().map(|to| to.handle.as_str()).collect();
        let since = self.times.short(from, self.day);
        let since_zone = self.times.with_zone(from, day_of_as_of);
        let days = self.times.days(from.at, last);
        let (times, ended) = (&self.times, overall.to.as_ref());
        let lasted = |total: Total| times.duration(total.minutes, total.approximate);
        let texts = [
            ended.map(|to| times.period(from, to, None)),
            ended.and(overall.total).map(lasted),
            ended.and(overall.down).map(lasted),
            Some(times.short_days(from.at, last)),
        ];
        let ends = works.map(|to| [times.long(to), times.with_zone(to, day_of_as_of)]);
        let one_day = times.local_date(from.at) == times.local_date(last);
        let texts = texts.map(|text| text.map(|text| self.write(&text, &sources)));
        let [period, lasted, down_lasted, days_short] = texts;
        let ends = ends.map(|texts| texts.map(|text| self.write(&text, &sources_of_end)));
        let [end, end_zone] = ends.map_or([None, None], |texts| texts.map(Some));
        Impact {
            since: self.write(&since, &sources),
            since_zone: self.write(&since_zone, &sources),
            end,
            end_zone,
            period,
            command: overall
                .unknown_beyond
                .as_ref()
                .and_then(|span| span.command.clone()),
            lasted,
            down_lasted,
            gaps: overall.has_gaps,
            down: overall.had(State::Down),
            problems: overall.had(State::Degraded),
            states: overall.states.iter().map(|s| state_word(*s)).collect(),
            each_was_down: overall.each_was_down,
            all_names: self.view.other_names.is_empty() && overall.is_of_each,
            one_day,
            days_short: days_short.unwrap_or_default(),
            days: self.write(&days, &sources),
        }
    }
}
