//! What a view says for each variable of a letter.

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
    /// The day by which the letter's times are told: that on which it began to hurt.
    fn anchor(&self) -> UtcTime {
        self.start_span().map_or(self.until, |s| s.from)
    }

    /// `about 10:06 EDT`.
    pub(super) fn format_time(&self, at: UtcTime, approximate: bool) -> String {
        let about = if approximate { "about " } else { "" };
        format!("{about}{}", self.time_format.minute_with_zone(at))
    }

    fn date_if_other_day(&self, at: UtcTime) -> Option<String> {
        let same = self.time_format.local_date(at) == self.time_format.local_date(self.anchor());
        (!same).then(|| self.time_format.long_date(at))
    }

    /// The same, with the day where it is not the anchor's.
    pub(super) fn day_and_time(&self, at: UtcTime, approximate: bool) -> String {
        let when = self.format_time(at, approximate);
        match self.date_if_other_day(at) {
            Some(day) => format!("{when} on {day}"),
            None => when,
        }
    }

    pub(super) fn product(&self, pen: &mut TracedWriter<'_>) -> Option<String> {
        if let Some(product) = self.fields.get("product") {
            return Some(pen.write(product, &["field/product"]));
        }
        let names: Vec<&str> = self.services.iter().map(|s| s.name.as_str()).collect();
        Some(pen.write(&join_names(&names)?, &["service"]))
    }

    /// When something is promised for; nothing where that has passed. A letter has no clock but the
    /// newest entry.
    pub(super) fn promised_time(
        &self,
        field: &'static str,
        pen: &mut TracedWriter<'_>,
    ) -> Option<String> {
        let typed = self.fields.get(field)?;
        let passed = parse_utc(typed).is_some_and(|at| at <= self.until)
            || NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d")
                .is_ok_and(|day| day < self.time_format.local_date(self.until));
        if passed {
            return None;
        }
        let text = self.time_format.format_typed(typed, self.until);
        Some(pen.write(&text, &[&format!("field/{field}")]))
    }

    pub(super) fn data_loss(&self, pen: &mut TracedWriter<'_>) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        let sources = ["field/data-loss"];
        Some(match data_loss_sentence(text) {
            Some(said) => pen.write(&said, &sources),
            None => {
                let line = with_incident_flag(
                    "bridgelog set data-loss 'WHAT WAS LOST'",
                    &self.incident_flag,
                );
                pen.write_raw(&placeholder("what data was lost", &line), &sources)
            }
        })
    }

    /// What became of data, in a sentence.
    pub(super) fn recorded_data_loss(&self) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        data_loss_sentence(text)
    }

    /// What sent letters said and what is not so.
    pub(super) fn corrections(&self, pen: &mut TracedWriter<'_>) -> Vec<Correction> {
        let of = |change: &StaleFact| {
            let sources = [change.message_handle.as_str()];
            let timed = matches!(change.name.as_str(), "began" | "ended" | "day");
            let named = timed || matches!(change.name.as_str(), "affected" | "unaffected" | "data");
            let whole = |text: &String| {
                let bare = text.trim_end_matches('.');
                match change.name.as_str() {
                    "affected" | "unaffected" => bare.to_owned(),
                    _ if timed => text.clone(),
                    _ => with_full_stop(text),
                }
            };
            Some(Correction {
                what: if named {
                    change.name.clone()
                } else {
                    "wording".to_owned()
                },
                told: pen.write(&self.day_and_time(change.sent_at?, false), &sources),
                said: pen.write(&whole(&change.stated), &sources),
                is: change
                    .recorded
                    .as_ref()
                    .map(|is| pen.write(&whole(is), &sources)),
            })
        };
        self.corrections.iter().filter_map(of).collect()
    }

    /// How many faults protections caught elsewhere, as a word up to twelve.
    pub(super) fn absorbed_count(&self, pen: &mut TracedWriter<'_>) -> Option<String> {
        const WORDS: [&str; 12] = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve",
        ];
        let count = self.absorbed_handles.len();
        let word = WORDS.get(count.checked_sub(1)?);
        let word = word.map_or_else(|| count.to_string(), |word| (*word).to_owned());
        let sources: Vec<&str> = self.absorbed_handles.iter().map(String::as_str).collect();
        Some(pen.write(&word, &sources))
    }

    /// The services by name, where the customers know several.
    pub(super) fn services(&self, pen: &mut TracedWriter<'_>) -> Vec<Service> {
        if self.services.len() < 2 {
            return Vec::new();
        }
        self.services
            .iter()
            .map(|s| Service {
                name: pen.write(&s.name, &["service"]),
                state: s.states.now.map_or("", State::as_str),
            })
            .collect()
    }

    pub(super) fn impact(&self, pen: &mut TracedWriter<'_>) -> Option<Impact> {
        let mut hurts: Vec<(&CustomerSpan, Option<&CustomerSpan>)> = Vec::new();
        let mut open = false;
        for stretch in &self.spans {
            match (stretch.state.is_impact(), open) {
                (true, false) => hurts.push((stretch, None)),
                (false, true) => {
                    if let Some(last) = hurts.last_mut() {
                        last.1 = Some(stretch);
                    }
                }
                _ => {}
            }
            open = stretch.state.is_impact();
        }
        let (first, _) = hurts.first()?;
        let (_, end) = hurts.last()?;
        let lasted = |state: fn(State) -> bool| {
            let of = |s: &CustomerSpan| s.to.map_or(0, |to| (to - s.from).num_seconds());
            self.spans
                .iter()
                .filter(|s| state(s.state))
                .map(of)
                .sum::<i64>()
        };
        let (whole, down) = (lasted(State::is_impact), lasted(|s| s == State::Down));
        let rough = first.approximate || end.is_some_and(|end| end.approximate);
        Some(Impact {
            start: pen.write(
                &self.format_time(first.from, first.approximate),
                &[&first.event_handle],
            ),
            date: pen.write(
                &self.time_format.long_date(first.from),
                &[&first.event_handle],
            ),
            short_date: pen.write(
                &self
                    .time_format
                    .to_local(first.from)
                    .format("%-d %B %Y")
                    .to_string(),
                &[&first.event_handle],
            ),
            end: end.map(|end| {
                let when = self.day_and_time(end.from, end.approximate);
                pen.write(&when, &[&end.event_handle])
            }),
            lasted: end.map(|end| {
                pen.write(
                    &duration_in_words(whole, rough),
                    &[&first.event_handle, &end.event_handle],
                )
            }),
            down: end
                .filter(|_| down > 0 && down < whole)
                .map(|_| pen.write(&duration_in_words(down, rough), &[&first.event_handle])),
            pauses: hurts
                .windows(2)
                .filter_map(|pair| {
                    let (back, again) = (pair[0].1?, pair[1].0);
                    Some(Pause {
                        from: pen.write(
                            &self.day_and_time(back.from, back.approximate),
                            &[&back.event_handle],
                        ),
                        to: pen.write(
                            &self.day_and_time(again.from, again.approximate),
                            &[&again.event_handle],
                        ),
                    })
                })
                .collect(),
        })
    }

    /// Wordings that an update may tell: while it hurts, what a protection caught before is for the
    /// follow-up.
    fn reportable_wordings(&self) -> impl Iterator<Item = &Wording> {
        let hurts = self.spans.iter().any(|s| s.state.is_impact());
        self.wordings.iter().filter(move |w| match w.role {
            WordingRole::CustomerUpdate => false,
            WordingRole::Protection => !hurts,
            _ => true,
        })
    }

    fn last_customer_update(&self) -> Option<UtcTime> {
        self.customer_updates.last().map(|(at, _)| *at)
    }

    fn is_new(&self, at: UtcTime) -> bool {
        self.last_customer_update().is_none_or(|last| at > last)
    }

    /// What happened since customers were last told something.
    pub(super) fn news(&self, pen: &mut TracedWriter<'_>) -> Vec<String> {
        self.reportable_wordings()
            .filter(|w| self.is_new(w.at))
            .map(|w| pen.write(&with_full_stop(&w.text), &[&w.handle]))
            .collect()
    }

    /// What happened before that, and was recorded after it.
    pub(super) fn late_recorded(&self, pen: &mut TracedWriter<'_>) -> Vec<String> {
        self.reportable_wordings()
            .filter(|w| !self.is_new(w.at) && self.is_new(w.recorded))
            .map(|w| pen.write(&with_full_stop(&w.text), &[&w.handle]))
            .collect()
    }

    /// How the state changed since customers were last told something.
    pub(super) fn changes(&self, pen: &mut TracedWriter<'_>) -> Vec<Change> {
        if self.customer_updates.is_empty() {
            return Vec::new();
        }
        let before = std::iter::once("").chain(self.spans.iter().map(|s| s.state.as_str()));
        before
            .zip(&self.spans)
            .filter(|(_, s)| self.is_new(s.from))
            .map(|(from, s)| Change {
                from,
                to: s.state.as_str(),
                time: pen.write(
                    &self.day_and_time(s.from, s.approximate),
                    &[&s.event_handle],
                ),
            })
            .collect()
    }

    /// True where customers have been told all there is to tell.
    pub(super) fn has_no_news(&self) -> bool {
        let back = |s: &CustomerSpan| !s.state.is_impact() && self.is_new(s.recorded);
        self.spans
            .last()
            .is_none_or(|s| !self.is_new(s.from) && !back(s))
            && !self
                .reportable_wordings()
                .any(|w| self.is_new(w.at) || self.is_new(w.recorded))
    }

    /// True where a wording belongs in the all-clear: it is of while it hurt, or says why it did or
    /// that it was checked afterwards. Where nobody was hurt all of them do.
    fn is_about_impact(&self, wording: &Wording) -> bool {
        let mut hurts = self.spans.iter().filter(|s| s.state.is_impact());
        let Some(start) = hurts.clone().next().map(|s| s.from) else {
            return wording.role != WordingRole::CustomerUpdate;
        };
        match wording.role {
            WordingRole::CustomerUpdate | WordingRole::Protection => false,
            WordingRole::Cause | WordingRole::Verification => wording.at >= start,
            WordingRole::Fault | WordingRole::Work | WordingRole::Recovery => {
                hurts.any(|s| s.from <= wording.at && s.to.is_none_or(|to| wording.at <= to))
            }
        }
    }

    /// Those wordings, in order.
    pub(super) fn impact_passages(&self, pen: &mut TracedWriter<'_>) -> Vec<Passage> {
        self.wordings
            .iter()
            .zip(self.all_passages(pen))
            .filter(|(wording, _)| self.is_about_impact(wording))
            .map(|(_, passage)| passage)
            .collect()
    }

    /// True where they say what broke, or why.
    pub(super) fn has_explanation(&self) -> bool {
        self.wordings.iter().any(|w| {
            let says = matches!(
                w.role,
                WordingRole::Fault | WordingRole::Cause | WordingRole::Protection
            );
            says && self.is_about_impact(w)
        })
    }

    pub(super) fn all_passages(&self, pen: &mut TracedWriter<'_>) -> Vec<Passage> {
        let start = self
            .spans
            .iter()
            .position(|s| s.state.is_impact())
            .map(|i| (self.spans[i].from, i));
        let was_at_risk = start.is_some_and(|(_, i)| {
            i.checked_sub(1)
                .is_some_and(|before| self.spans[before].state == State::AtRisk)
        });
        let mut held = 0;
        let mut told_of_protection = false;
        let mut before: Option<u8> = None;
        let mut story = Vec::with_capacity(self.wordings.len());
        for wording in &self.wordings {
            let lead = match (wording.boundary, wording.role) {
                (_, WordingRole::CustomerUpdate) => "told",
                (Some(ImpactBoundary::Began { again: true }), _) => "again",
                (Some(ImpactBoundary::Began { .. }), _) if was_at_risk && told_of_protection => {
                    "overcame"
                }
                (Some(ImpactBoundary::Began { .. }), _) => "began",
                (Some(ImpactBoundary::Ended { last: true }), _) => "ended",
                (Some(ImpactBoundary::Ended { .. }), _) => "back",
                (None, WordingRole::Protection) if start.is_none() && held == 0 => {
                    held += 1;
                    "caught"
                }
                (None, WordingRole::Protection)
                    if start.is_some_and(|(at, _)| wording.at >= at) =>
                {
                    "held-after"
                }
                (None, WordingRole::Protection) => {
                    held += 1;
                    told_of_protection = true;
                    if held == 1 { "held" } else { "held-again" }
                }
                _ => "",
            };
            // What belongs together is told together; each update stands alone.
            let group = match wording.role {
                WordingRole::Protection => 0,
                WordingRole::Fault | WordingRole::Cause => 1,
                WordingRole::Work | WordingRole::Recovery | WordingRole::Verification => 2,
                WordingRole::CustomerUpdate => 3,
            };
            let begins = before != Some(group) || matches!(lead, "told" | "overcame" | "ended");
            before = Some(group);
            let sources = [wording.handle.as_str()];
            story.push(Passage {
                lead,
                time: pen.write(&self.format_time(wording.at, wording.approximate), &sources),
                day: self
                    .date_if_other_day(wording.at)
                    .map(|day| pen.write(&day, &sources)),
                text: pen.write(&with_full_stop(&wording.text), &sources),
                begins,
            });
        }
        story
    }

    pub(super) fn improvements(&self, pen: &mut TracedWriter<'_>) -> Vec<Improvement> {
        self.improvements
            .iter()
            .map(|improvement| {
                let sources = [improvement.handle.as_str()];
                Improvement {
                    text: pen.write(&with_full_stop(&improvement.text), &sources),
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
                        pen.write(&day, &sources)
                    }),
                    prevents: improvement.prevents,
                    shortens: improvement.shortens,
                }
            })
            .collect()
    }
}

/// What the field `data-loss` says, as a sentence; `None` where it says that something was lost and
/// not what.
fn data_loss_sentence(typed: &str) -> Option<String> {
    let typed = typed.trim();
    let lower = typed.to_lowercase();
    let bare = lower.trim_end_matches(['.', '!', ',', ';', ' ']);
    let words: Vec<&str> = bare.split_whitespace().collect();
    match bare {
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
    let says = |word: &&str| {
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
    if denies || typed.ends_with(['.', '!']) || (!relative && words.iter().any(says)) {
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
