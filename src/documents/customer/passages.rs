//! What a view says for each variable of a letter.

use super::{
    Changed, CustomerView, Role, Stretch, Turn, Wording,
    letter::{Correction, Impact, Improvement, Passage, Pause, Pen, Service, sentence},
};
use crate::{
    documents::clock::spoken,
    domain::{task::TaskState, time::Instant, words::State},
};

impl CustomerView {
    /// The day by which the letter's times are told: that on which it began to hurt.
    fn anchor(&self) -> Instant {
        let hurts = self.stretches.iter().find(|s| s.state.is_impact());
        let first = hurts.or(self.stretches.first()).map(|s| s.from);
        first.unwrap_or(self.until)
    }

    /// `about 10:06 EDT`.
    pub(super) fn when(&self, at: Instant, approximate: bool) -> String {
        let about = if approximate { "about " } else { "" };
        format!("{about}{}", self.clock.time_zone(at))
    }

    fn other_day(&self, at: Instant) -> Option<String> {
        let same = self.clock.day(at) == self.clock.day(self.anchor());
        (!same).then(|| self.clock.date(at))
    }

    /// The same, with the day where it is not the anchor's.
    pub(super) fn day_and_time(&self, at: Instant, approximate: bool) -> String {
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
        let (last, others) = names.split_last()?;
        let names = if others.is_empty() {
            (*last).to_owned()
        } else {
            format!("{} and {last}", others.join(", "))
        };
        Some(pen.write(&names, &["service"]))
    }

    pub(super) fn said(&self, field: &'static str, pen: &mut Pen<'_>) -> Option<String> {
        let text = self.clock.said(self.fields.get(field)?, self.until);
        Some(pen.write(&text, &[&format!("field/{field}")]))
    }

    pub(super) fn data(&self, pen: &mut Pen<'_>) -> Option<String> {
        Some(pen.write(&self.data_sentence()?, &["field/data-loss"]))
    }

    /// What became of data, in a sentence.
    pub(super) fn data_sentence(&self) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        let none = matches!(
            text.to_lowercase().trim_end_matches('.'),
            "none" | "no" | "nothing" | "no data" | "no data loss"
        );
        Some(if none {
            "No data was lost.".to_owned()
        } else if text.ends_with('.') {
            text.clone()
        } else {
            format!("Data was lost: {}", sentence(text))
        })
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

    /// The services by name, where the customers know several.
    pub(super) fn services(&self, pen: &mut Pen<'_>) -> Vec<Service> {
        if self.services.len() < 2 {
            return Vec::new();
        }
        self.services
            .iter()
            .map(|s| Service {
                name: pen.write(&s.name, &["service"]),
                state: s.state.map_or("", State::word),
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

    /// What nobody has told customers yet.
    pub(super) fn news(&self, pen: &mut Pen<'_>) -> Vec<String> {
        let last = self.told.last().map(|(at, _)| *at);
        let is_new = |w: &&Wording| last.is_none_or(|last| w.recorded > last || w.at > last);
        let hurts = self.stretches.iter().any(|s| s.state.is_impact());
        // While it hurts, what a protection caught before is for the follow-up.
        let is_due = |w: &&Wording| match w.role {
            Role::Told => false,
            Role::Protection => !hurts,
            _ => true,
        };
        self.wordings
            .iter()
            .filter(is_due)
            .filter(is_new)
            .map(|w| pen.write(&sentence(&w.text), &[&w.handle]))
            .collect()
    }

    /// The cause as worded last, else the fault that began it.
    pub(super) fn cause(&self, pen: &mut Pen<'_>) -> Vec<String> {
        let of = |role: Role| self.wordings.iter().rfind(|w| w.role == role);
        let began = self
            .wordings
            .iter()
            .find(|w| w.role == Role::Fault && w.turn == Some(Turn::Began { again: false }))
            .or_else(|| of(Role::Fault));
        [began, of(Role::Cause)]
            .into_iter()
            .flatten()
            .map(|w| pen.write(&sentence(&w.text), &[&w.handle]))
            .collect()
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
                Role::Work | Role::Recovery => 2,
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
