//! Computes the variables of a letter from a [`CustomerView`].

use super::{
    letter::{Caught, Change, Letter, Name, Step},
    letter_writer::{LetterWriter, state_word},
    names::{Edge, PublicName, Span},
    times::LetterTimes,
    view::{CustomerView, LetterPart, PublicTask, Wording},
};
use crate::{
    documents::{DocumentError, Settings, provenance::Provenance, wrap::Layout},
    domain::{task::TaskState, time::UtcTime},
};
use chrono::NaiveDate;

impl Letter {
    /// Computes the variables for `view` in `layout`; their sources go to `provenance`.
    ///
    /// # Errors
    /// The template of the words fails.
    pub(in crate::documents) fn new(
        view: &CustomerView,
        settings: &Settings,
        layout: Layout,
        provenance: &mut Provenance,
    ) -> Result<Self, DocumentError> {
        let times = LetterTimes::new(&view.zone, settings, layout)?;
        let listed = view.names.iter().flat_map(PublicName::listed);
        let moments = listed.flat_map(|span| [Some(&span.from), span.to.as_ref()]);
        let mut days: Vec<NaiveDate> = moments
            .flatten()
            .map(|edge| times.local_date(edge.at))
            .collect();
        days.sort_unstable();
        if view.is_ongoing() {
            days.push(times.local_date(view.as_of));
        }
        days.dedup();
        let mut writer = LetterWriter {
            view,
            times,
            layout,
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
        let as_of = Edge::exact(view.as_of, "");
        let scope = self.fact_of("customer-scope");
        let all = |_: &Wording| true;
        let was_sent = view.last_sent.is_some();
        let of_day = |at: UtcTime| Some(self.times.local_date(at));
        let (day_of_as_of, day) = (of_day(view.as_of), self.day);
        let (now, now_since) = self.shared_now();
        Letter {
            states: self.states(),
            now,
            now_since,
            organisation: self.setting(settings.organisation.as_deref()),
            contact: self.contact(settings.contact.as_deref()),
            signature: settings
                .signature
                .iter()
                .flat_map(|text| text.lines())
                .filter_map(|text| self.setting(Some(text)))
                .collect(),
            product: product.map(|text| self.write(text, &["field/product"])),
            open: view.open,
            ongoing: view.is_ongoing(),
            stateless: names.is_empty() && !view.says_that_none_was_hit(),
            some: scope.as_ref().is_some_and(|scope| scope.kind == "text"),
            only: only.and(names.first().cloned()),
            part: only.is_some_and(|only| only.name.as_ref() != product),
            names,
            groups: self.groups(),
            impact: view.overall.as_ref().map(|overall| self.impact(overall)),
            as_of: self.times.short(&as_of, day),
            as_of_zone: self.times.with_zone(&as_of, day_of_as_of),
            zone: self.times.abbreviations(&view.shown_times()),
            meaning: self.field("customer-impact"),
            scope,
            unaffected: match view.told_field("unaffected") {
                Some(_) => self.field("unaffected"),
                None => None,
            },
            unaffected_command: (!view.said_unaffected.is_empty())
                .then_some("bridgelog set unaffected VALUE"),
            data: self.fact_of("data-loss"),
            action: self.fact_of("customer-action"),
            next_update: self.promised("next-update"),
            followup_by: self.promised("followup-by"),
            last_sent: self.last_sent(day_of_as_of),
            new_since: match view.has_only_later_news() {
                true => self.last_sent(day_of_as_of),
                false => None,
            },
            said_over: view.said_over.as_ref().map(|(at, handle)| {
                let text = self
                    .times
                    .with_zone(&Edge::exact(*at, handle), day_of_as_of);
                self.write(&text, &[handle])
            }),
            corrections: self.corrections(),
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

    /// The state now where all names have the same, and since when where that is the same as well.
    fn shared_now(&mut self) -> (Option<&'static str>, Option<String>) {
        let view = self.view;
        let now: Option<Vec<&Span>> = view.names.iter().map(PublicName::now).collect();
        let Some((first, rest)) = now.as_deref().and_then(<[&Span]>::split_first) else {
            return (None, None);
        };
        let is_same = rest.iter().all(|span| span.state == first.state);
        if !first.state.is_impact() || !is_same {
            return (None, None);
        }
        let since = |span: &Span| (span.from.minute(), span.from.approximate);
        let is_since = rest.iter().all(|span| since(span) == since(first));
        let day = self.times.local_date(view.as_of);
        let text = self.times.with_zone(&first.from, Some(day));
        let text = is_since.then(|| self.write(&text, &[&first.from.handle]));
        (Some(state_word(first.state)), text)
    }

    fn last_sent(&mut self, day: Option<NaiveDate>) -> Option<String> {
        let (at, handle) = self.view.last_sent.as_ref()?;
        let text = self.times.short(&Edge::exact(*at, handle), day);
        Some(self.write(&text, &[handle]))
    }

    fn promised(&mut self, name: &str) -> Option<String> {
        let typed = self.view.fields.get(name)?;
        let text = self.times.promised(typed, self.view.as_of)?;
        Some(self.write(&text, &[&format!("field/{name}")]))
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
            let time = self.times.clear_time(&Edge {
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
        let day = |at: UtcTime| self.times.local_date(at);
        let is_past = |due: UtcTime| day(due) < day(self.view.as_of);
        let is_broken = task.state != TaskState::Done && task.due.is_some_and(is_past);
        let due = task.due.filter(|_| !is_broken);
        let dates = [task.planned, task.started, task.done, due];
        let dates = dates.map(|at| {
            let text = self.times.date(self.times.local_date(at?));
            Some(self.write(&text, &[&task.handle]))
        });
        let [planned, started, done, due] = dates;
        Change {
            source: self.write("", &[&task.handle]),
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
            due_command: is_broken
                .then(|| format!("bridgelog task set {} --due WHEN", task.handle)),
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
