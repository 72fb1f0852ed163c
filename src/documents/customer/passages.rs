//! What a view says for each variable of a letter.

use super::{
    Changed, CustomerView, Role, Stretch, Turn, Wording,
    hit::joined,
    letter::{Change, Correction, Impact, Improvement, Passage, Pause, Pen, Service, sentence},
};
use crate::{
    documents::{
        clock::spoken,
        engine::{command, missing},
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
        self.first().map_or(self.until, |s| s.from)
    }

    /// `about 10:06 EDT`.
    pub(super) fn when(&self, at: UtcTime, approximate: bool) -> String {
        let about = if approximate { "about " } else { "" };
        format!("{about}{}", self.clock.minute_zone(at))
    }

    fn other_day(&self, at: UtcTime) -> Option<String> {
        let same = self.clock.day(at) == self.clock.day(self.anchor());
        (!same).then(|| self.clock.date(at))
    }

    /// The same, with the day where it is not the anchor's.
    pub(super) fn day_and_time(&self, at: UtcTime, approximate: bool) -> String {
        let when = self.when(at, approximate);
        match self.other_day(at) {
            Some(day) => format!("{when} on {day}"),
            None => when,
        }
    }

    pub(super) fn product(&self, pen: &mut Pen<'_>) -> Option<String> {
        if let Some(product) = self.fields.get("product") {
            return Some(pen.write(product, &["field/product"]));
        }
        let names: Vec<&str> = self.services.iter().map(|s| s.name.as_str()).collect();
        Some(pen.write(&joined(&names)?, &["service"]))
    }

    /// When something is promised for; nothing where that has passed. A letter has no clock but the
    /// newest entry.
    pub(super) fn ahead(&self, field: &'static str, pen: &mut Pen<'_>) -> Option<String> {
        let typed = self.fields.get(field)?;
        let passed = parse_utc(typed).is_some_and(|at| at <= self.until)
            || NaiveDate::parse_from_str(typed.trim(), "%Y-%m-%d")
                .is_ok_and(|day| day < self.clock.day(self.until));
        if passed {
            return None;
        }
        let text = self.clock.said(typed, self.until);
        Some(pen.write(&text, &[&format!("field/{field}")]))
    }

    pub(super) fn data(&self, pen: &mut Pen<'_>) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        let sources = ["field/data-loss"];
        Some(match lost(text) {
            Some(said) => pen.write(&said, &sources),
            None => {
                let line = command("bridgelog set data-loss 'WHAT WAS LOST'", &self.reference);
                pen.ours(&missing("what data was lost", &line), &sources)
            }
        })
    }

    /// What became of data, in a sentence.
    pub(super) fn data_sentence(&self) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        lost(text)
    }

    /// What sent letters said and what is not so.
    pub(super) fn corrections(&self, pen: &mut Pen<'_>) -> Vec<Correction> {
        let of = |change: &Changed| {
            let sources = [change.handle.as_str()];
            let timed = matches!(change.what.as_str(), "began" | "ended" | "day");
            let named = timed || matches!(change.what.as_str(), "affected" | "unaffected" | "data");
            let whole = |text: &String| {
                let bare = text.trim_end_matches('.');
                match change.what.as_str() {
                    "affected" | "unaffected" => bare.to_owned(),
                    _ if timed => text.clone(),
                    _ => sentence(text),
                }
            };
            Some(Correction {
                what: if named {
                    change.what.clone()
                } else {
                    "wording".to_owned()
                },
                told: pen.write(&self.day_and_time(change.told?, false), &sources),
                said: pen.write(&whole(&change.said), &sources),
                is: change.is.as_ref().map(|is| pen.write(&whole(is), &sources)),
            })
        };
        self.corrections.iter().filter_map(of).collect()
    }

    /// How many faults protections caught elsewhere, as a word up to twelve.
    pub(super) fn held(&self, pen: &mut Pen<'_>) -> Option<String> {
        const WORDS: [&str; 12] = [
            "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
            "eleven", "twelve",
        ];
        let count = self.held.len();
        let word = WORDS.get(count.checked_sub(1)?);
        let word = word.map_or_else(|| count.to_string(), |word| (*word).to_owned());
        let sources: Vec<&str> = self.held.iter().map(String::as_str).collect();
        Some(pen.write(&word, &sources))
    }

    /// The services by name, where the customers know several.
    pub(super) fn services(&self, pen: &mut Pen<'_>) -> Vec<Service> {
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

    pub(super) fn impact(&self, pen: &mut Pen<'_>) -> Option<Impact> {
        let mut hurts: Vec<(&Stretch, Option<&Stretch>)> = Vec::new();
        let mut open = false;
        for stretch in &self.stretches {
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
            let of = |s: &Stretch| s.to.map_or(0, |to| (to - s.from).num_seconds());
            self.stretches
                .iter()
                .filter(|s| state(s.state))
                .map(of)
                .sum::<i64>()
        };
        let (whole, down) = (lasted(State::is_impact), lasted(|s| s == State::Down));
        let rough = first.approximate || end.is_some_and(|end| end.approximate);
        Some(Impact {
            start: pen.write(&self.when(first.from, first.approximate), &[&first.by]),
            date: pen.write(&self.clock.date(first.from), &[&first.by]),
            short_date: pen.write(
                &self.clock.stamp(first.from).format("%-d %B %Y").to_string(),
                &[&first.by],
            ),
            end: end.map(|end| {
                let when = self.day_and_time(end.from, end.approximate);
                pen.write(&when, &[&end.by])
            }),
            lasted: end.map(|end| pen.write(&spoken(whole, rough), &[&first.by, &end.by])),
            down: end
                .filter(|_| down > 0 && down < whole)
                .map(|_| pen.write(&spoken(down, rough), &[&first.by])),
            pauses: hurts
                .windows(2)
                .filter_map(|pair| {
                    let (back, again) = (pair[0].1?, pair[1].0);
                    Some(Pause {
                        from: pen
                            .write(&self.day_and_time(back.from, back.approximate), &[&back.by]),
                        to: pen.write(
                            &self.day_and_time(again.from, again.approximate),
                            &[&again.by],
                        ),
                    })
                })
                .collect(),
        })
    }

    /// Wordings that an update may tell: while it hurts, what a protection caught before is for the
    /// follow-up.
    fn due(&self) -> impl Iterator<Item = &Wording> {
        let hurts = self.stretches.iter().any(|s| s.state.is_impact());
        self.wordings.iter().filter(move |w| match w.role {
            Role::Told => false,
            Role::Protection => !hurts,
            _ => true,
        })
    }

    fn last_told(&self) -> Option<UtcTime> {
        self.told.last().map(|(at, _)| *at)
    }

    fn is_new(&self, at: UtcTime) -> bool {
        self.last_told().is_none_or(|last| at > last)
    }

    /// What happened since customers were last told something.
    pub(super) fn news(&self, pen: &mut Pen<'_>) -> Vec<String> {
        self.due()
            .filter(|w| self.is_new(w.at))
            .map(|w| pen.write(&sentence(&w.text), &[&w.handle]))
            .collect()
    }

    /// What happened before that, and was recorded after it.
    pub(super) fn known(&self, pen: &mut Pen<'_>) -> Vec<String> {
        self.due()
            .filter(|w| !self.is_new(w.at) && self.is_new(w.recorded))
            .map(|w| pen.write(&sentence(&w.text), &[&w.handle]))
            .collect()
    }

    /// How the state changed since customers were last told something.
    pub(super) fn changes(&self, pen: &mut Pen<'_>) -> Vec<Change> {
        if self.told.is_empty() {
            return Vec::new();
        }
        let before = std::iter::once("").chain(self.stretches.iter().map(|s| s.state.as_str()));
        before
            .zip(&self.stretches)
            .filter(|(_, s)| self.is_new(s.from))
            .map(|(from, s)| Change {
                from,
                to: s.state.as_str(),
                time: pen.write(&self.day_and_time(s.from, s.approximate), &[&s.by]),
            })
            .collect()
    }

    /// True where customers have been told all there is to tell.
    pub(super) fn quiet(&self) -> bool {
        let back = |s: &Stretch| !s.state.is_impact() && self.is_new(s.recorded);
        self.stretches
            .last()
            .is_none_or(|s| !self.is_new(s.from) && !back(s))
            && !self
                .due()
                .any(|w| self.is_new(w.at) || self.is_new(w.recorded))
    }

    /// True where a wording belongs in the all-clear: it is of while it hurt, or says why it did or
    /// that it was checked afterwards. Where nobody was hurt all of them do.
    fn is_of_impact(&self, wording: &Wording) -> bool {
        let mut hurts = self.stretches.iter().filter(|s| s.state.is_impact());
        let Some(start) = hurts.clone().next().map(|s| s.from) else {
            return wording.role != Role::Told;
        };
        match wording.role {
            Role::Told | Role::Protection => false,
            Role::Cause | Role::Checked => wording.at >= start,
            Role::Fault | Role::Work | Role::Recovery => {
                hurts.any(|s| s.from <= wording.at && s.to.is_none_or(|to| wording.at <= to))
            }
        }
    }

    /// Those wordings, in order.
    pub(super) fn happened(&self, pen: &mut Pen<'_>) -> Vec<Passage> {
        self.wordings
            .iter()
            .zip(self.story(pen))
            .filter(|(wording, _)| self.is_of_impact(wording))
            .map(|(_, passage)| passage)
            .collect()
    }

    /// True where they say what broke, or why.
    pub(super) fn explained(&self) -> bool {
        self.wordings.iter().any(|w| {
            let says = matches!(w.role, Role::Fault | Role::Cause | Role::Protection);
            says && self.is_of_impact(w)
        })
    }

    pub(super) fn story(&self, pen: &mut Pen<'_>) -> Vec<Passage> {
        let start = self
            .stretches
            .iter()
            .position(|s| s.state.is_impact())
            .map(|i| (self.stretches[i].from, i));
        let was_at_risk = start.is_some_and(|(_, i)| {
            i.checked_sub(1)
                .is_some_and(|before| self.stretches[before].state == State::AtRisk)
        });
        let mut held = 0;
        let mut told_of_protection = false;
        let mut before: Option<u8> = None;
        let mut story = Vec::with_capacity(self.wordings.len());
        for wording in &self.wordings {
            let lead = match (wording.turn, wording.role) {
                (_, Role::Told) => "told",
                (Some(Turn::Began { again: true }), _) => "again",
                (Some(Turn::Began { .. }), _) if was_at_risk && told_of_protection => "overcame",
                (Some(Turn::Began { .. }), _) => "began",
                (Some(Turn::Ended { last: true }), _) => "ended",
                (Some(Turn::Ended { .. }), _) => "back",
                (None, Role::Protection) if start.is_none() && held == 0 => {
                    held += 1;
                    "caught"
                }
                (None, Role::Protection) if start.is_some_and(|(at, _)| wording.at >= at) => {
                    "held-after"
                }
                (None, Role::Protection) => {
                    held += 1;
                    told_of_protection = true;
                    if held == 1 { "held" } else { "held-again" }
                }
                _ => "",
            };
            // What belongs together is told together; each update stands alone.
            let group = match wording.role {
                Role::Protection => 0,
                Role::Fault | Role::Cause => 1,
                Role::Work | Role::Recovery | Role::Checked => 2,
                Role::Told => 3,
            };
            let begins = before != Some(group) || matches!(lead, "told" | "overcame" | "ended");
            before = Some(group);
            let sources = [wording.handle.as_str()];
            story.push(Passage {
                lead,
                time: pen.write(&self.when(wording.at, wording.approximate), &sources),
                day: self
                    .other_day(wording.at)
                    .map(|day| pen.write(&day, &sources)),
                text: pen.write(&sentence(&wording.text), &sources),
                begins,
            });
        }
        story
    }

    pub(super) fn improvements(&self, pen: &mut Pen<'_>) -> Vec<Improvement> {
        self.improvements
            .iter()
            .map(|improvement| {
                let sources = [improvement.handle.as_str()];
                Improvement {
                    text: pen.write(&sentence(&improvement.text), &sources),
                    state: match improvement.state {
                        TaskState::Planned | TaskState::Declined => "planned",
                        TaskState::Started => "started",
                        TaskState::Done => "done",
                    }
                    .to_owned(),
                    since: improvement.since.map(|since| {
                        let day = self.clock.stamp(since).format("%-d %B %Y").to_string();
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
fn lost(typed: &str) -> Option<String> {
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
        return Some(sentence(&text));
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
    Some(format!("Data was lost: {}", sentence(what)))
}
