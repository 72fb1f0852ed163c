//! Computes the values of a letter's variables from a [`CustomerView`].

use super::{
    affected::join_names,
    corrections::StaleFact,
    letter::{
        Change, Correction, Impact, Improvement, Passage, Pause, Service, TracedWriter,
        with_full_stop,
    },
    view::{CustomerSpan, CustomerView, ImpactBoundary, Wording, WordingRole},
};
use crate::{
    documents::{
        placeholder::{placeholder, with_incident_flag},
        time_format::duration_in_words,
    },
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

    fn date_if_other_day(&self, at: UtcTime) -> Option<String> {
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

    pub(super) fn data_loss(&self, writer: &mut TracedWriter<'_>) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        let sources = ["field/data-loss"];
        Some(match data_loss_sentence(text) {
            Some(sentence) => writer.write(&sentence, &sources),
            None => {
                let line = with_incident_flag(
                    "bridgelog set data-loss 'WHAT WAS LOST'",
                    &self.incident_flag,
                );
                writer.write_raw(&placeholder("what data was lost", &line), &sources)
            }
        })
    }

    /// Returns the field `data-loss` as a sentence.
    pub(super) fn recorded_data_loss(&self) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        data_loss_sentence(text)
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

    /// Returns true if the letter of stage `resolved` includes `wording`: it is of the time of impact, or
    /// a later cause or verification. Without impact all of them are included.
    fn is_about_impact(&self, wording: &Wording) -> bool {
        let mut impacts = self.spans.iter().filter(|s| s.state.is_impact());
        let Some(start) = impacts.clone().next().map(|s| s.from) else {
            return wording.role != WordingRole::CustomerUpdate;
        };
        match wording.role {
            WordingRole::CustomerUpdate | WordingRole::Protection => false,
            WordingRole::Cause | WordingRole::Verification => wording.at >= start,
            WordingRole::Fault | WordingRole::Work | WordingRole::Recovery => {
                impacts.any(|s| s.from <= wording.at && s.to.is_none_or(|to| wording.at <= to))
            }
        }
    }

    /// Returns the passages for which [`is_about_impact`](Self::is_about_impact) is true, in order.
    pub(super) fn impact_passages(&self, writer: &mut TracedWriter<'_>) -> Vec<Passage> {
        self.wordings
            .iter()
            .zip(self.all_passages(writer))
            .filter(|(wording, _)| self.is_about_impact(wording))
            .map(|(_, passage)| passage)
            .collect()
    }

    /// Returns true if these passages include a fault, a cause or an absorbed fault.
    pub(super) fn has_explanation(&self) -> bool {
        self.wordings.iter().any(|w| {
            let explains = matches!(
                w.role,
                WordingRole::Fault | WordingRole::Cause | WordingRole::Protection
            );
            explains && self.is_about_impact(w)
        })
    }

    pub(super) fn all_passages(&self, writer: &mut TracedWriter<'_>) -> Vec<Passage> {
        let start = self
            .spans
            .iter()
            .position(|s| s.state.is_impact())
            .map(|i| (self.spans[i].from, i));
        let was_at_risk = start.is_some_and(|(_, i)| {
            i.checked_sub(1)
                .is_some_and(|previous| self.spans[previous].state == State::AtRisk)
        });
        let mut absorbed_count = 0;
        let mut mentioned_protection = false;
        let mut previous_group: Option<u8> = None;
        let mut passages = Vec::with_capacity(self.wordings.len());
        for wording in &self.wordings {
            let lead = match (wording.boundary, wording.role) {
                (_, WordingRole::CustomerUpdate) => "told",
                (Some(ImpactBoundary::Began { again: true }), _) => "again",
                (Some(ImpactBoundary::Began { .. }), _) if was_at_risk && mentioned_protection => {
                    "overcame"
                }
                (Some(ImpactBoundary::Began { .. }), _) => "began",
                (Some(ImpactBoundary::Ended { last: true }), _) => "ended",
                (Some(ImpactBoundary::Ended { .. }), _) => "back",
                (None, WordingRole::Protection) if start.is_none() && absorbed_count == 0 => {
                    absorbed_count += 1;
                    "caught"
                }
                (None, WordingRole::Protection)
                    if start.is_some_and(|(at, _)| wording.at >= at) =>
                {
                    "held-after"
                }
                (None, WordingRole::Protection) => {
                    absorbed_count += 1;
                    mentioned_protection = true;
                    if absorbed_count == 1 {
                        "held"
                    } else {
                        "held-again"
                    }
                }
                _ => "",
            };
            // A paragraph has passages of one group; each update gets a paragraph of its own.
            let group = match wording.role {
                WordingRole::Protection => 0,
                WordingRole::Fault | WordingRole::Cause => 1,
                WordingRole::Work | WordingRole::Recovery | WordingRole::Verification => 2,
                WordingRole::CustomerUpdate => 3,
            };
            let begins =
                previous_group != Some(group) || matches!(lead, "told" | "overcame" | "ended");
            previous_group = Some(group);
            let sources = [wording.handle.as_str()];
            passages.push(Passage {
                lead,
                time: writer.write(&self.format_time(wording.at, wording.approximate), &sources),
                day: self
                    .date_if_other_day(wording.at)
                    .map(|day| writer.write(&day, &sources)),
                text: writer.write(&with_full_stop(&wording.text), &sources),
                begins,
            });
        }
        passages
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

/// Returns the text of the field `data-loss` as a sentence; `None` if it says that data was lost but
/// not which.
fn data_loss_sentence(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let lower = typed.to_lowercase();
    let trimmed = lower.trim_end_matches(['.', '!', ',', ';', ' ']);
    let words: Vec<&str> = trimmed.split_whitespace().collect();
    match trimmed {
        "none"
        | "no"
        | "nothing"
        | "no data"
        | "no data loss"
        | "no data lost"
        | "none lost"
        | "nothing lost"
        | "nothing was lost"
        | "no data was lost"
        | "no data has been lost"
        | "no loss" => return Some("No data was lost.".to_owned()),
        "unknown" | "not known" | "not yet known" | "not known yet" | "unclear" | "not sure"
        | "checking" | "still checking" | "we are checking" | "tbd" | "?" | "maybe"
        | "possibly" | "we do not know" | "we don't know" => {
            return Some("We are still checking whether any data was lost.".to_owned());
        }
        "" | "yes" | "y" | "true" | "some" | "some data" | "some data was lost"
        | "data was lost" | "data loss" => return None,
        _ => {}
    }
    let is_verb = |word: &&str| {
        matches!(
            *word,
            "was"
                | "were"
                | "is"
                | "are"
                | "has"
                | "have"
                | "had"
                | "could"
                | "can"
                | "cannot"
                | "may"
                | "might"
                | "will"
                | "lost"
        )
    };
    let relative = words
        .iter()
        .any(|word| matches!(*word, "that" | "which" | "who" | "whose" | "where" | "when"));
    let denies = matches!(words.first(), Some(&("no" | "none" | "nothing" | "we")));
    if denies || typed.ends_with(['.', '!']) || (!relative && words.iter().any(is_verb)) {
        let mut letters = typed.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        let text = first.unwrap_or_default() + letters.as_str();
        return Some(with_full_stop(&text));
    }
    let what = ["yes, ", "yes: ", "yes; ", "yes - "]
        .iter()
        .find_map(|yes| {
            lower
                .starts_with(yes)
                .then(|| typed.get(yes.len()..))
                .flatten()
        })
        .unwrap_or(typed);
    Some(format!("Data was lost: {}", with_full_stop(what)))
}
