//! What the templates of letters are given.

use super::{CustomerView, Role, Stretch, Turn, Wording};
use crate::{
    documents::{
        Format, Settings,
        clock::spoken,
        escape,
        marks::{Marks, VERBATIM},
    },
    domain::{safe, task::TaskState, time::Instant, words::State},
};
use serde::Serialize;

/// The variables of a letter's template. Texts come escaped for the format and marked with the
/// records behind them; a fact nobody recorded is `none`.
#[derive(Clone, Debug, Serialize)]
pub struct Letter {
    /// The company, from the settings.
    organisation: Option<String>,
    /// Where questions go, from the settings.
    contact: Option<String>,
    /// The lines under the letter, from the settings.
    signature: Vec<String>,
    /// What customers call it: the field `product`, else the public names of the services.
    product: Option<String>,
    /// `outage` where it was down, `disruption` where it was degraded, else `incident`.
    noun: &'static str,
    /// The state now: `down`, `degraded`, `at-risk`, `ok`; empty where none was ever given.
    now: &'static str,
    /// Since when: `about 10:06 EDT on Thursday, 16 August 2012`.
    since: Option<String>,
    /// When customers were hurt.
    impact: Option<Impact>,
    /// Each service that customers know by name, where there are several.
    services: Vec<Service>,
    /// Who was hit.
    scope: Option<Phrase>,
    /// Who or what was not.
    unaffected: Option<String>,
    /// A sentence on what became of data.
    data: Option<String>,
    /// When the next word comes, while it lasts.
    next_update: Option<String>,
    /// By when the follow-up comes.
    followup_by: Option<String>,
    /// When customers were last told something.
    last_told: Option<String>,
    /// The wordings since then, as sentences.
    news: Vec<String>,
    /// Of all-clears that were none, the last, until customers are told.
    false_clear: Option<FalseClear>,
    /// What it was, in a sentence or two.
    cause: Vec<String>,
    /// How it was made good and checked.
    recovery: Vec<String>,
    /// Every wording, in order.
    story: Vec<Passage>,
    /// What is being changed.
    improvements: Vec<Improvement>,
    /// The paragraph written for the letter.
    paragraph: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct Impact {
    /// `about 10:06 EDT`.
    start: String,
    /// `Thursday, 16 August 2012`.
    date: String,
    /// `16 August 2012`.
    short_date: String,
    /// `14:05 EDT`, with the day where it is another; none while it lasts.
    end: Option<String>,
    /// `about 4 hours`, of the time in impact; none while it lasts.
    lasted: Option<String>,
    /// How much of that it was down, where it was degraded as well.
    down: Option<String>,
    /// Stretches within in which it seemed over.
    pauses: Vec<Pause>,
}

#[derive(Clone, Debug, Serialize)]
struct Pause {
    from: String,
    to: String,
}

#[derive(Clone, Debug, Serialize)]
struct Service {
    name: String,
    state: &'static str,
}

#[derive(Clone, Debug, Serialize)]
struct Phrase {
    text: String,
    /// True where it is a sentence of its own.
    sentence: bool,
}

#[derive(Clone, Debug, Serialize)]
struct FalseClear {
    said: String,
    reopened: String,
}

#[derive(Clone, Debug, Serialize)]
struct Passage {
    /// `held`, `held-again`, `held-after`, `overcame`, `began`, `again`, `back`, `ended`, `told`, or
    /// empty.
    lead: &'static str,
    /// `about 10:06 EDT`.
    time: String,
    /// The day, where it is not that on which it began to hurt.
    day: Option<String>,
    /// The wording.
    text: String,
    /// True where a new paragraph begins.
    begins: bool,
}

#[derive(Clone, Debug, Serialize)]
struct Improvement {
    text: String,
    /// `planned`, `started` or `done`.
    state: String,
    /// `2 July 2012`.
    since: Option<String>,
    prevents: bool,
    shortens: bool,
}

/// Writes values as the format has them, and marks them.
struct Pen<'a> {
    format: Format,
    marks: &'a mut Marks,
}

impl Pen<'_> {
    fn escaped(&self, text: &str) -> String {
        match self.format {
            Format::Text => text.to_owned(),
            Format::Markdown => escape::line(text),
        }
    }

    fn write(&mut self, text: &str, sources: &[&str]) -> String {
        let sources: Vec<String> = sources.iter().map(|&s| s.to_owned()).collect();
        let text = self.escaped(text);
        self.marks.mark(&text, &sources)
    }
}

/// `text` with a full stop, where it ends in none.
fn sentence(text: &str) -> String {
    let end = text.trim_end_matches(['"', '\'', ')', '\u{201d}', '\u{2019}']);
    if end.ends_with(['.', '!', '?', '…', '。', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

impl Letter {
    /// The variables for `view` in `format`; the records behind them go to `marks`.
    pub(in crate::documents) fn new(
        view: &CustomerView,
        settings: &Settings,
        format: Format,
        marks: &mut Marks,
    ) -> Self {
        let mut pen = Pen { format, marks };
        let setting = |pen: &Pen<'_>, text: &Option<String>| {
            let text = text.as_deref().and_then(super::clean)?;
            Some(pen.escaped(&text))
        };
        let last = view.stretches.last();
        let worst = view.stretches.iter().map(|s| s.state).max();
        Self {
            organisation: setting(&pen, &settings.organisation),
            contact: setting(&pen, &settings.contact),
            signature: settings
                .signature
                .iter()
                .flat_map(|text| text.lines())
                .filter_map(super::clean)
                .map(|text| pen.escaped(&text))
                .collect(),
            product: view.product(&mut pen),
            noun: match worst {
                Some(State::Down) => "outage",
                Some(State::Degraded) => "disruption",
                _ => "incident",
            },
            now: last.map_or("", |s| s.state.word()),
            since: last.map(|s| {
                let when = view.when(s.from, s.approximate);
                let when = format!("{when} on {}", view.clock.date(s.from));
                pen.write(&when, &[&s.by])
            }),
            impact: view.impact(&mut pen),
            services: view.services(&mut pen),
            scope: view.fields.get("customer-scope").map(|text| Phrase {
                sentence: text.ends_with('.'),
                text: pen.write(text, &["field/customer-scope"]),
            }),
            unaffected: view
                .fields
                .get("unaffected")
                .map(|text| pen.write(&sentence(text), &["field/unaffected"])),
            data: view.data(&mut pen),
            next_update: view.said("next-update", &mut pen),
            followup_by: view.said("followup-by", &mut pen),
            last_told: view.told.last().map(|(at, by)| {
                let when = view.day_and_time(*at, false);
                pen.write(&when, &[by])
            }),
            news: view.news(&mut pen),
            false_clear: view.false_clear.as_ref().map(|clear| FalseClear {
                said: pen.write(&view.day_and_time(clear.said, false), &[&clear.by]),
                reopened: pen.write(
                    &view.day_and_time(clear.reopened, false),
                    &[&clear.reopened_by],
                ),
            }),
            cause: view.cause(&mut pen),
            recovery: view
                .wordings
                .iter()
                .filter(|w| w.role == Role::Recovery)
                .map(|w| pen.write(&sentence(&w.text), &[&w.handle]))
                .collect(),
            story: view.story(&mut pen),
            improvements: view.improvements(&mut pen),
            paragraph: view.paragraph.as_ref().map(|text| {
                let text = format!("{VERBATIM}{}{VERBATIM}", safe::block(text));
                let sources = ["section/customer-followup".to_owned()];
                pen.marks.mark(&text, &sources)
            }),
        }
    }
}

impl CustomerView {
    /// The day by which the letter's times are told: that on which it began to hurt.
    fn anchor(&self) -> Instant {
        let hurts = self.stretches.iter().find(|s| s.state.is_impact());
        let first = hurts.or(self.stretches.first()).map(|s| s.from);
        first.unwrap_or(self.until)
    }

    /// `about 10:06 EDT`.
    fn when(&self, at: Instant, approximate: bool) -> String {
        let about = if approximate { "about " } else { "" };
        format!("{about}{}", self.clock.time_zone(at))
    }

    fn other_day(&self, at: Instant) -> Option<String> {
        let same = self.clock.day(at) == self.clock.day(self.anchor());
        (!same).then(|| self.clock.date(at))
    }

    /// The same, with the day where it is not the anchor's.
    fn day_and_time(&self, at: Instant, approximate: bool) -> String {
        let when = self.when(at, approximate);
        match self.other_day(at) {
            Some(day) => format!("{when} on {day}"),
            None => when,
        }
    }

    fn product(&self, pen: &mut Pen<'_>) -> Option<String> {
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

    fn said(&self, field: &'static str, pen: &mut Pen<'_>) -> Option<String> {
        let text = self.clock.said(self.fields.get(field)?, self.until);
        Some(pen.write(&text, &[&format!("field/{field}")]))
    }

    fn data(&self, pen: &mut Pen<'_>) -> Option<String> {
        let text = self.fields.get("data-loss")?;
        let none = matches!(
            text.to_lowercase().trim_end_matches('.'),
            "none" | "no" | "nothing" | "no data" | "no data loss"
        );
        let text = if none {
            "No data was lost.".to_owned()
        } else if text.ends_with('.') {
            text.clone()
        } else {
            format!("Data was lost: {}", sentence(text))
        };
        Some(pen.write(&text, &["field/data-loss"]))
    }

    /// The services by name, where the customers know several.
    fn services(&self, pen: &mut Pen<'_>) -> Vec<Service> {
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

    fn impact(&self, pen: &mut Pen<'_>) -> Option<Impact> {
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
    fn news(&self, pen: &mut Pen<'_>) -> Vec<String> {
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
    fn cause(&self, pen: &mut Pen<'_>) -> Vec<String> {
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

    fn story(&self, pen: &mut Pen<'_>) -> Vec<Passage> {
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

    fn improvements(&self, pen: &mut Pen<'_>) -> Vec<Improvement> {
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
