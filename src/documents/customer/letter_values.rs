//! Computes the variables of a letter from a [`CustomerView`].

use super::{
    corrections::{Corrected, Correction as RecordedCorrection},
    letter::{Caught, Change, Correction, Fact, Group, Impact, Letter, Name, Spell, Spells, Step},
    names::{Edge, Overall, PublicName, Span},
    times::LetterTimes,
    view::{CustomerView, LetterPart, PublicTask, Wording},
};
use crate::{
    documents::{
        DocumentError, Format, Settings, markdown_escape,
        provenance::{Provenance, VERBATIM, clean_line},
    },
    domain::{sanitize, task::TaskState, time::UtcTime, words::State},
};
use chrono::NaiveDate;

/// More spells than these are shown as their number, the first, the last and the total.
const MAX_SPELLS: usize = 4;
/// A sentence has at most so many spells.
const MAX_SPELLS_IN_SENTENCE: usize = 2;

/// Writes the values of one letter: escaped for the format, and marked with their sources.
struct LetterWriter<'a> {
    view: &'a CustomerView,
    times: LetterTimes<'a>,
    format: Format,
    provenance: &'a mut Provenance,
    /// The day of times that have none; `None` if the letter spans days.
    day: Option<NaiveDate>,
}

impl Letter {
    /// Computes the variables for `view` in `format`; their sources go to `provenance`.
    ///
    /// # Errors
    /// The template of the words fails.
    pub(in crate::documents) fn new(
        view: &CustomerView,
        settings: &Settings,
        format: Format,
        provenance: &mut Provenance,
    ) -> Result<Self, DocumentError> {
        let times = LetterTimes::new(&view.zone, settings)?;
        let told = view.names.iter().flat_map(PublicName::told);
        let moments = told.flat_map(|span| {
            let to = span.to.as_ref().map_or(view.as_of, |to| to.at);
            [span.from.at, to]
        });
        let mut days: Vec<NaiveDate> = moments.map(|at| times.local_date(at)).collect();
        if view.is_ongoing() {
            days.push(times.local_date(view.as_of));
        }
        days.dedup();
        let mut writer = LetterWriter {
            view,
            times,
            format,
            provenance,
            day: match days.as_slice() {
                [] => Some(view.zone.local_date(view.as_of)),
                [day] => Some(*day),
                _ => None,
            },
        };
        Ok(writer.letter(settings))
    }
}

impl LetterWriter<'_> {
    fn letter(&mut self, settings: &Settings) -> Letter {
        let view = self.view;
        let names: Vec<Name> = view.names.iter().map(|name| self.name(name)).collect();
        let product = view.fields.get("product");
        let only = match view.names.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        let as_of = Edge {
            at: view.as_of,
            approximate: false,
            handle: String::new(),
        };
        let all = |_: &Wording| true;
        let was_sent = view.last_sent.is_some();
        let of_day = |at: UtcTime| Some(self.times.local_date(at));
        let (day_of_as_of, day) = (of_day(view.as_of), self.day);
        Letter {
            organisation: self.setting(settings.organisation.as_deref()),
            contact: self.setting(settings.contact.as_deref()),
            signature: settings
                .signature
                .iter()
                .flat_map(|text| text.lines())
                .filter_map(|text| self.setting(Some(text)))
                .collect(),
            product: product.map(|text| self.write(text, &["field/product"])),
            open: view.open,
            ongoing: view.is_ongoing(),
            stateless: view.is_without_states,
            some: self.scope_kind() == Some("text"),
            only: only.and(names.first().cloned()),
            part: only.is_some_and(|only| only.name.as_ref() != product),
            names,
            groups: self.groups(),
            impact: view.overall.as_ref().map(|overall| self.impact(overall)),
            as_of: self.times.short(&as_of, day),
            as_of_zone: self.times.with_zone(&as_of, day_of_as_of),
            zone: self.times.abbreviation(
                view.overall
                    .as_ref()
                    .map_or(view.as_of, |overall| overall.from.at),
            ),
            meaning: self.field("customer-impact"),
            scope: self
                .scope_kind()
                .map(|kind| self.fact("customer-scope", kind)),
            unaffected: self.field("unaffected"),
            data: self.fact_of("data-loss", &["none", "unknown"]),
            action: self.fact_of("customer-action", &["none"]),
            next_update: self.promised("next-update"),
            followup_by: self.promised("followup-by"),
            last_sent: view.last_sent.as_ref().map(|(at, handle)| {
                let text = self.times.short(&edge(*at, handle), day_of_as_of);
                self.write(&text, &[handle])
            }),
            said_over: view.said_over.as_ref().map(|(at, handle)| {
                let text = self.times.with_zone(&edge(*at, handle), day_of_as_of);
                self.write(&text, &[handle])
            }),
            corrections: view
                .corrections
                .iter()
                .map(|c| self.correction(c))
                .collect(),
            news: self.steps(|wording| wording.is_new || !was_sent),
            earlier: self.steps(|wording| was_sent && !wording.is_new),
            steps: self.steps(all),
            causes: self.causes(),
            would_have_prevented: self.changes(|task| task.prevents),
            would_have_shortened: self.changes(|task| task.shortens && !task.prevents),
            other_changes: self.changes(|task| !task.prevents && !task.shortens),
            caught: self.caught(),
            paragraphs: self.section("customer-followup", view.paragraphs.as_deref()),
            apology: self.section("customer-apology", view.apology.as_deref()),
        }
    }

    fn escaped(&self, text: &str) -> String {
        match self.format {
            Format::Text => text.to_owned(),
            Format::Markdown => markdown_escape::escape_line(text),
        }
    }

    fn write(&mut self, text: &str, sources: &[&str]) -> String {
        let sources: Vec<String> = sources.iter().map(|&source| source.to_owned()).collect();
        let text = self.escaped(text);
        self.provenance.mark(&text, &sources)
    }

    fn setting(&self, text: Option<&str>) -> Option<String> {
        Some(self.escaped(&clean_line(text?)?))
    }

    fn field(&mut self, name: &str) -> Option<String> {
        let text = self.view.fields.get(name)?;
        Some(self.write(text, &[&format!("field/{name}")]))
    }

    fn section(&mut self, name: &str, text: Option<&str>) -> Option<String> {
        let text = format!("{VERBATIM}{}{VERBATIM}", sanitize::block(text?));
        Some(self.provenance.mark(&text, &[format!("section/{name}")]))
    }

    fn fact(&mut self, name: &str, kind: &'static str) -> Fact {
        Fact {
            kind,
            text: self.field(name).unwrap_or_default(),
        }
    }

    /// A field of which `words` have a meaning of their own.
    fn fact_of(&mut self, name: &str, words: &[&'static str]) -> Option<Fact> {
        let typed = self.view.fields.get(name)?;
        let is_typed = |word: &&&str| typed.trim_end_matches('.').eq_ignore_ascii_case(word);
        let kind = words.iter().find(is_typed).copied().unwrap_or("text");
        Some(self.fact(name, kind))
    }

    fn scope_kind(&self) -> Option<&'static str> {
        let typed = self.view.fields.get("customer-scope")?;
        let words = ["everyone", "unknown"];
        let is_typed = |word: &&str| typed.trim_end_matches('.').eq_ignore_ascii_case(word);
        Some(words.into_iter().find(is_typed).unwrap_or("text"))
    }

    fn promised(&mut self, name: &str) -> Option<String> {
        let typed = self.view.fields.get(name)?;
        let text = self.times.promised(typed, self.view.as_of)?;
        Some(self.write(&text, &[&format!("field/{name}")]))
    }

    /// The command that gives a state to the event that left it open.
    fn state_command(&self, span: &Span) -> Option<String> {
        (span.state == State::Unknown)
            .then(|| format!("bridgelog amend {} '!STATE'", span.from.handle))
    }

    fn name(&mut self, public: &PublicName) -> Name {
        let (over, lasting): (Vec<&Span>, Vec<&Span>) =
            public.told().partition(|span| span.to.is_some());
        let now = lasting.last().copied();
        let since = match (now, public.working_since()) {
            (Some(span), _) => span.from.clone(),
            (None, Some(end)) => end.clone(),
            (None, None) => edge(self.view.as_of, ""),
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
            before_in_all: self.in_all(&over),
            before: self.spells(&over),
            spells: self.spells(&public.told().collect::<Vec<_>>()),
            command: now.and_then(|span| self.state_command(span)),
        }
    }

    fn spells(&mut self, spans: &[&Span]) -> Vec<Spell> {
        let last_day = spans
            .last()
            .and_then(|span| Some(self.times.local_date(span.to.as_ref()?.at)));
        let count = spans.len();
        let mut spells = Vec::with_capacity(count);
        for (index, span) in spans.iter().enumerate() {
            let day_follows = last_day.filter(|_| index + 1 < count);
            spells.push(self.spell(span, day_follows));
        }
        spells
    }

    fn spell(&mut self, span: &Span, day_follows: Option<NaiveDate>) -> Spell {
        let now = edge(self.view.as_of, &span.from.handle);
        let to = span.to.as_ref().unwrap_or(&now);
        let minutes = span.minutes(self.view.as_of);
        let sources = [span.from.handle.as_str(), to.handle.as_str()];
        let approximate = span.is_approximate();
        let texts = [
            self.times.short_range(&span.from, to, self.day),
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
            command: self.state_command(span),
        }
    }

    fn in_all(&mut self, spans: &[&Span]) -> Option<Spells> {
        let (first, last) = (spans.first()?, spans.last()?);
        if spans.len() <= MAX_SPELLS || spans.iter().any(|span| span.state == State::Unknown) {
            return None;
        }
        let now = edge(self.view.as_of, "");
        let to = last.to.as_ref().unwrap_or(&now);
        let minutes = spans.iter().map(|span| span.minutes(self.view.as_of)).sum();
        let approximate = spans.iter().any(|span| span.is_approximate());
        let range = self.times.short_range(&first.from, to, self.day);
        let lasted = self.times.short_duration(minutes, approximate);
        let sources: Vec<&str> = spans.iter().map(|span| span.from.handle.as_str()).collect();
        Some(Spells {
            count: spans.len().to_string(),
            range: self.write(&range, &sources),
            short_lasted: self.write(&lasted, &sources),
        })
    }

    /// The names in a table, unless a sentence says it all.
    fn groups(&mut self) -> Vec<Group> {
        if let [only] = self.view.names.as_slice()
            && only.told().count() <= MAX_SPELLS_IN_SENTENCE
            && only
                .told()
                .all(|span| span.state != State::Unknown && span.to.is_some())
        {
            return Vec::new();
        }
        type Shown = Vec<(State, UtcTime, Option<UtcTime>)>;
        let mut groups: Vec<(Shown, Vec<&PublicName>)> = Vec::new();
        for name in &self.view.names {
            let shown: Shown = name
                .told()
                .map(|s| (s.state, s.from.minute(), s.to.as_ref().map(Edge::minute)))
                .collect();
            match groups.iter_mut().find(|(known, _)| *known == shown) {
                Some((_, names)) => names.push(name),
                None => groups.push((shown, vec![name])),
            }
        }
        let mut written = Vec::with_capacity(groups.len());
        for (_, names) in groups {
            let spans: Vec<&Span> = names[0].told().collect();
            let in_all = self.in_all(&spans);
            let spells = self.spells(&spans);
            let names = names.iter().filter_map(|name| name.name.clone());
            let names: Vec<String> = names.collect();
            written.push(Group {
                names: names
                    .iter()
                    .map(|name| self.write(name, &["service"]))
                    .collect(),
                spells,
                in_all,
            });
        }
        written
    }

    fn impact(&mut self, overall: &Overall) -> Impact {
        let from = &overall.from;
        let day_of_as_of = Some(self.times.local_date(self.view.as_of));
        let last = overall.to.as_ref().map_or(self.view.as_of, |to| to.at);
        let mut sources = vec![from.handle.as_str()];
        sources.extend(overall.to.as_ref().map(|to| to.handle.as_str()));
        let since = self.times.short(from, self.day);
        let since_zone = self.times.with_zone(from, day_of_as_of);
        let days = self.times.days(from.at, last);
        let (times, ended) = (&self.times, overall.to.as_ref());
        let texts = [
            ended.map(|to| times.long(to)),
            ended.map(|to| times.with_zone(to, day_of_as_of)),
            ended.map(|to| times.period(from, to, None)),
            ended
                .and(overall.minutes)
                .map(|minutes| times.duration(minutes, overall.approximate)),
        ];
        let one_day = times.local_date(from.at) == times.local_date(last);
        let texts = texts.map(|text| text.map(|text| self.write(&text, &sources)));
        let [end, end_zone, period, lasted] = texts;
        Impact {
            since: self.write(&since, &sources),
            since_zone: self.write(&since_zone, &sources),
            end,
            end_zone,
            period,
            lasted,
            gaps: overall.has_gaps,
            down: overall.was_down,
            problems: overall.had_problems,
            one_day,
            days: self.write(&days, &sources),
        }
    }

    fn correction(&mut self, correction: &RecordedCorrection) -> Correction {
        let sources = [correction.message_handle.as_str()];
        let mut at = None;
        let (what, is, wrote) = match &correction.what {
            Corrected::Start(wrote, is) | Corrected::End(wrote, is) => {
                // The days only where they differ.
                let same_day = self.times.local_date(wrote.at) == self.times.local_date(is.at);
                let text = |edge: &Edge| {
                    let day = Some(self.times.local_date(edge.at)).filter(|_| same_day);
                    self.times.with_zone(edge, day)
                };
                let is_start = matches!(correction.what, Corrected::Start(..));
                let what = if is_start { "start" } else { "end" };
                (what, text(is), text(wrote))
            }
            Corrected::State(wrote, is, time) => {
                let day = Some(self.times.local_date(self.view.as_of));
                at = Some(self.times.with_zone(&edge(*time, ""), day));
                let word = |state: &State| state_word(*state).to_owned();
                ("state", word(is), word(wrote))
            }
            Corrected::Count(wrote, is) => ("count", is.clone(), wrote.clone()),
        };
        Correction {
            what,
            name: correction
                .name
                .as_ref()
                .map(|name| self.write(name, &["service"])),
            // The words of states are the template's, which compares them.
            is: if what == "state" {
                is
            } else {
                self.write(&is, &sources)
            },
            wrote: if what == "state" {
                wrote
            } else {
                self.write(&wrote, &sources)
            },
            at: at.map(|text| self.write(&text, &sources)),
        }
    }

    fn steps(&mut self, is_taken: impl Fn(&Wording) -> bool) -> Vec<Step> {
        let view = self.view;
        let has_cause = view.has_cause();
        let is_step = |wording: &&Wording| match wording.part {
            LetterPart::Step => true,
            LetterPart::Suspicion => !has_cause,
            LetterPart::Cause | LetterPart::Update => false,
        };
        let wordings: Vec<&Wording> = view
            .wordings
            .iter()
            .filter(is_step)
            .filter(|wording| is_taken(wording))
            .collect();
        let day_of = |at: UtcTime| self.times.local_date(at);
        // The day of a letter about one day needs no row.
        let start = view.overall.as_ref().map(|overall| overall.from.at);
        let with_days = wordings.iter().any(|w| Some(day_of(w.at)) != self.day);
        let dated: Vec<(&Wording, NaiveDate)> =
            wordings.iter().map(|w| (*w, day_of(w.at))).collect();
        let mut steps: Vec<Step> = Vec::with_capacity(dated.len());
        let mut last_day = None;
        let mut has_begun = false;
        for (wording, day) in dated {
            let begins = start.is_some_and(|start| wording.at >= start) && !has_begun;
            has_begun |= begins;
            let sources = [wording.handle.as_str()];
            let row = with_days && last_day != Some(day);
            last_day = Some(day);
            let time = self.times.time(&Edge {
                at: wording.at,
                approximate: wording.approximate,
                handle: String::new(),
            });
            let weekday = self.times.weekday_date(day);
            steps.push(Step {
                day: row.then(|| self.write(&weekday, &sources)),
                time: self.write(&time, &sources),
                text: self.write(&wording.text, &sources),
                begins_impact: begins && !steps.is_empty(),
            });
        }
        steps
    }

    fn causes(&mut self) -> Vec<String> {
        let view = self.view;
        let causes = view.wordings.iter().filter(|w| w.part == LetterPart::Cause);
        causes.map(|w| self.write(&w.text, &[&w.handle])).collect()
    }

    fn changes(&mut self, is_taken: impl Fn(&PublicTask) -> bool) -> Vec<Change> {
        let view = self.view;
        let taken = view.improvements.iter().filter(|task| is_taken(task));
        taken.map(|task| self.change(task)).collect()
    }

    fn change(&mut self, task: &PublicTask) -> Change {
        let dates = [task.planned, task.started, task.done, task.due];
        let dates = dates.map(|at| {
            let text = self.times.date(self.times.local_date(at?));
            Some(self.write(&text, &[&task.handle]))
        });
        let [planned, started, done, due] = dates;
        Change {
            text: self.write(&task.text, &[&task.handle]),
            state: match task.state {
                TaskState::Planned | TaskState::Declined => "planned",
                TaskState::Started => "started",
                TaskState::Done => "done",
            },
            planned,
            started,
            done,
            due,
        }
    }

    fn caught(&mut self) -> Option<Caught> {
        let caught = self.view.caught.as_ref()?;
        let count = caught.handles.len();
        let sources: Vec<&str> = caught.handles.iter().map(String::as_str).collect();
        let days = self.times.days(caught.since, caught.until);
        (count > 0).then(|| Caught {
            count: self.write(&count.to_string(), &sources),
            several: count > 1,
            days: self.write(&days, &sources),
        })
    }
}

/// The word by which templates know a state. Letters do not say that something is at risk.
fn state_word(state: State) -> &'static str {
    match state {
        State::Down => "down",
        State::Degraded => "problems",
        State::Unknown => "unknown",
        State::AtRisk | State::Ok => "working",
    }
}

fn edge(at: UtcTime, handle: &str) -> Edge {
    Edge {
        at,
        approximate: false,
        handle: handle.to_owned(),
    }
}
