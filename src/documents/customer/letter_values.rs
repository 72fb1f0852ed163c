//! Computes the values of a letter's variables from a [`CustomerView`].

use super::{
    affected::join_names,
    corrections::StaleFact,
    letter::{
        Change, Correction, Impact, Improvement, Pause, Service, TracedWriter, with_full_stop,
    },
    view::{CustomerSpan, CustomerView, Wording, WordingRole},
};
use crate::{
    documents::time_format::duration_in_words,
    domain::{
        task::TaskState,
        time::{UtcTime, parse_utc},
        words::State,
    },
};
use chrono::NaiveDate;

impl CustomerView {
    /// Returns the time on whose day the letter's times are given without a date: the start of impact.
    fn anchor(&self) -> UtcTime {
        self.start_span().map_or(self.until, |s| s.from)
    }

    /// Formats `about 10:06 EDT`.
    pub(super) fn format_time(&self, at: UtcTime, approximate: bool) -> String {
        let about = if approximate { "about " } else { "" };
        format!("{about}{}", self.time_format.minute_with_zone(at))
    }

    pub(super) fn date_if_other_day(&self, at: UtcTime) -> Option<String> {
        let same = self.time_format.local_date(at) == self.time_format.local_date(self.anchor());
        (!same).then(|| self.time_format.long_date(at))
    }

    /// Formats `about 10:06 EDT`, with the date if it is not that of [`anchor`](Self::anchor).
    pub(super) fn day_and_time(&self, at: UtcTime, approximate: bool) -> String {
        let when = self.format_time(at, approximate);
        match self.date_if_other_day(at) {
            Some(day) => format!("{when} on {day}"),
            None => when,
        }
    }

    pub(super) fn product(&self, writer: &mut TracedWriter<'_>) -> Option<String> {
        if let Some(product) = self.fields.get("product") {
            return Some(writer.write(product, &["field/product"]));
        }
        let names: Vec<&str> = self.services.iter().map(|s| s.name.as_str()).collect();
        Some(writer.write(&join_names(&names)?, &["service"]))
    }

    /// Formats the time that `field` promises; `None` if it has passed. Documents have no clock, so the
    /// newest entry counts as now.
    pub(super) fn promised_time(
        &self,
        field: &'static str,
        writer: &mut TracedWriter<'_>,
    ) -> Option<String> {
        let typed = self.fields.get(field)?;
        let passed = parse_utc(typed).is_some_and(|at| at <= self.until)
            || NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d")
                .is_ok_and(|day| day < self.time_format.local_date(self.until));
        if passed {
            return None;
        }
        let text = self.time_format.format_typed(typed, self.until);
        Some(writer.write(&text, &[&format!("field/{field}")]))
    }

    /// Returns the corrections of sent letters.
    pub(super) fn corrections(&self, writer: &mut TracedWriter<'_>) -> Vec<Correction> {
        let correction = |change: &StaleFact| {
            let sources = [change.message_handle.as_str()];
            let is_time = matches!(change.name.as_str(), "began" | "ended" | "day");
            let is_known_fact =
                is_time || matches!(change.name.as_str(), "affected" | "unaffected" | "data");
            let whole = |text: &String| {
                let trimmed = text.trim_end_matches('.');
                match change.name.as_str() {
                    "affected" | "unaffected" => trimmed.to_owned(),
                    _ if is_time => text.clone(),
                    _ => with_full_stop(text),
                }
            };
            Some(Correction {
                what: if is_known_fact {
                    change.name.clone()
                } else {
                    "wording".to_owned()
                },
                told: writer.write(&self.day_and_time(change.sent_at?, false), &sources),
                said: writer.write(&whole(&change.stated), &sources),
                is: change
                    .recorded
                    .as_ref()
                    .map(|is| writer.write(&whole(is), &sources)),
            })
        };
        self.corrections.iter().filter_map(correction).collect()
    }

    /// Returns the number of absorbed faults of other incidents, as a word up to twelve.
    pub(super) fn absorbed_count(&self, writer: &mut TracedWriter<'_>) -> Option<String> {
        const WORDS: [&str; 12] = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve",
        ];
        let count = self.absorbed_handles.len();
        let word = WORDS.get(count.checked_sub(1)?);
        let word = word.map_or_else(|| count.to_string(), |word| (*word).to_owned());
        let sources: Vec<&str> = self.absorbed_handles.iter().map(String::as_str).collect();
        Some(writer.write(&word, &sources))
    }

    /// Returns the services with a public name and their states; empty if there is only one.
    pub(super) fn services(&self, writer: &mut TracedWriter<'_>) -> Vec<Service> {
        if self.services.len() < 2 {
            return Vec::new();
        }
        self.services
            .iter()
            .map(|s| Service {
                name: writer.write(&s.name, &["service"]),
                state: s.states.now.map_or("", State::as_str),
            })
            .collect()
    }

    pub(super) fn impact(&self, writer: &mut TracedWriter<'_>) -> Option<Impact> {
        let mut impacts: Vec<(&CustomerSpan, Option<&CustomerSpan>)> = Vec::new();
        let mut open = false;
        for span in &self.spans {
            match (span.state.is_impact(), open) {
                (true, false) => impacts.push((span, None)),
                (false, true) => {
                    if let Some(last) = impacts.last_mut() {
                        last.1 = Some(span);
                    }
                }
                _ => {}
            }
            open = span.state.is_impact();
        }
        let (first, _) = impacts.first()?;
        let (_, end) = impacts.last()?;
        let total_seconds = |state: fn(State) -> bool| {
            let seconds = |s: &CustomerSpan| s.to.map_or(0, |to| (to - s.from).num_seconds());
            self.spans
                .iter()
                .filter(|s| state(s.state))
                .map(seconds)
                .sum::<i64>()
        };
        let (whole, down) = (
            total_seconds(State::is_impact),
            total_seconds(|s| s == State::Down),
        );
        let approximate = first.approximate || end.is_some_and(|end| end.approximate);
        Some(Impact {
            start: writer.write(
                &self.format_time(first.from, first.approximate),
                &[&first.event_handle],
            ),
            date: writer.write(
                &self.time_format.long_date(first.from),
                &[&first.event_handle],
            ),
            short_date: writer.write(
                &self
                    .time_format
                    .to_local(first.from)
                    .format("%-d %B %Y")
                    .to_string(),
                &[&first.event_handle],
            ),
            end: end.map(|end| {
                let when = self.day_and_time(end.from, end.approximate);
                writer.write(&when, &[&end.event_handle])
            }),
            lasted: end.map(|end| {
                writer.write(
                    &duration_in_words(whole, approximate),
                    &[&first.event_handle, &end.event_handle],
                )
            }),
            down: end.filter(|_| down > 0 && down < whole).map(|_| {
                writer.write(
                    &duration_in_words(down, approximate),
                    &[&first.event_handle],
                )
            }),
            pauses: impacts
                .windows(2)
                .filter_map(|pair| {
                    let (recovery, relapse) = (pair[0].1?, pair[1].0);
                    Some(Pause {
                        from: writer.write(
                            &self.day_and_time(recovery.from, recovery.approximate),
                            &[&recovery.event_handle],
                        ),
                        to: writer.write(
                            &self.day_and_time(relapse.from, relapse.approximate),
                            &[&relapse.event_handle],
                        ),
                    })
                })
                .collect(),
        })
    }

    /// Returns the wordings that an update can report. Absorbed faults are left to the follow-up if there
    /// was impact.
    fn reportable_wordings(&self) -> impl Iterator<Item = &Wording> {
        let had_impact = self.spans.iter().any(|s| s.state.is_impact());
        self.wordings.iter().filter(move |w| match w.role {
            WordingRole::CustomerUpdate => false,
            WordingRole::Protection => !had_impact,
            _ => true,
        })
    }

    fn last_customer_update(&self) -> Option<UtcTime> {
        self.customer_updates.last().map(|(at, _)| *at)
    }

    fn is_new(&self, at: UtcTime) -> bool {
        self.last_customer_update().is_none_or(|last| at > last)
    }

    /// Returns the wordings of events since the last customer update.
    pub(super) fn news(&self, writer: &mut TracedWriter<'_>) -> Vec<String> {
        self.reportable_wordings()
            .filter(|w| self.is_new(w.at))
            .map(|w| writer.write(&with_full_stop(&w.text), &[&w.handle]))
            .collect()
    }

    /// Returns the wordings of events before the last customer update that were recorded after it.
    pub(super) fn late_recorded(&self, writer: &mut TracedWriter<'_>) -> Vec<String> {
        self.reportable_wordings()
            .filter(|w| !self.is_new(w.at) && self.is_new(w.recorded))
            .map(|w| writer.write(&with_full_stop(&w.text), &[&w.handle]))
            .collect()
    }

    /// Returns the state changes since the last customer update; empty if there was none.
    pub(super) fn changes(&self, writer: &mut TracedWriter<'_>) -> Vec<Change> {
        if self.customer_updates.is_empty() {
            return Vec::new();
        }
        let previous = std::iter::once("").chain(self.spans.iter().map(|s| s.state.as_str()));
        previous
            .zip(&self.spans)
            .filter(|(_, s)| self.is_new(s.from))
            .map(|(from, s)| Change {
                from,
                to: s.state.as_str(),
                time: writer.write(
                    &self.day_and_time(s.from, s.approximate),
                    &[&s.event_handle],
                ),
            })
            .collect()
    }

    /// Returns true if nothing was recorded since the last customer update that letters can report.
    pub(super) fn has_no_news(&self) -> bool {
        let is_new_recovery = |s: &CustomerSpan| !s.state.is_impact() && self.is_new(s.recorded);
        self.spans
            .last()
            .is_none_or(|s| !self.is_new(s.from) && !is_new_recovery(s))
            && !self
                .reportable_wordings()
                .any(|w| self.is_new(w.at) || self.is_new(w.recorded))
    }

    pub(super) fn improvements(&self, writer: &mut TracedWriter<'_>) -> Vec<Improvement> {
        self.improvements
            .iter()
            .map(|improvement| {
                let sources = [improvement.handle.as_str()];
                Improvement {
                    text: writer.write(&with_full_stop(&improvement.text), &sources),
                    state: match improvement.state {
                        TaskState::Planned | TaskState::Declined => "planned",
                        TaskState::Started => "started",
                        TaskState::Done => "done",
                    }
                    .to_owned(),
                    since: improvement.since.map(|since| {
                        let day = self
                            .time_format
                            .to_local(since)
                            .format("%-d %B %Y")
                            .to_string();
                        writer.write(&day, &sources)
                    }),
                    prevents: improvement.prevents,
                    shortens: improvement.shortens,
                }
            })
            .collect()
    }
}
