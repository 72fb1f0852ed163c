//! Finds the facts of a brief.

use super::{
    fact::{BriefInput, Fact},
    parts::Parts,
    times::Times,
    words::shorten,
};
use crate::{
    documents::{CustomerView, lint::InternalNames},
    domain::{
        count::counted,
        document_text,
        event::Event,
        incident::{Audience, FIELDS, Record},
        task::ask_due,
        time::parse_utc,
        words::{Kind, State},
    },
};
use chrono::NaiveDate;

/// The names of services that are listed; of more the number is said.
const MAX_NAMES: usize = 3;
/// The words of each that are shown.
const MAX_NAME_WORDS: usize = 4;

pub(super) struct Facts<'a> {
    pub(super) input: &'a BriefInput<'a>,
    names: &'a InternalNames,
    view: CustomerView,
    pub(super) times: Times,
}

impl<'a> Facts<'a> {
    pub(super) fn new(input: &'a BriefInput<'a>, names: &'a InternalNames) -> Self {
        Self {
            input,
            names,
            view: CustomerView::from_incident(input.incident, input.states),
            times: Times::new(input.incident.zone(), input.now),
        }
    }

    /// Returns the first line. `title` is the incident's title as it may be shown.
    pub(super) fn heading(&self, title: &str) -> String {
        let incident = self.input.incident;
        let number = incident.number();
        let number = number.map_or_else(|| incident.handle.clone(), |number| number.to_string());
        let drill = if incident.is_drill() { " DRILL" } else { "" };
        let severity = incident.severity().map_or_else(String::new, |severity| {
            format!(" ({})", severity.to_string().to_uppercase())
        });
        let status = if incident.is_open() {
            "open"
        } else {
            "resolved"
        };
        let as_of = self.times.with_day(self.input.now);
        let title = match title {
            "" => "(no title)",
            title => title,
        };
        format!("#{number}{drill} {title}{severity}: {status}, as of {as_of}")
    }

    /// Returns all facts in the order shown.
    pub(super) fn collect(&self) -> Vec<Fact> {
        let mut facts = Vec::new();
        facts.extend(self.warning().map(|w| w.named("warning", "Warning", 10)));
        facts.push(self.customers().named("customers", "Customers", 9));
        facts.push(self.affected().named("affected", "Affected", 6));
        facts.push(self.since().named("since", "Since", 7));
        facts.push(self.state().named("state", "State", 8));
        facts.push(self.commander().named("commander", "Commander", 3));
        let doing = match self.input.incident.is_open() {
            true => "Being done",
            false => "Done",
        };
        facts.push(self.doing().named("doing", doing, 4));
        let next = self.next_update();
        facts.extend(next.map(|next| next.named("next_update", "Next update", 5)));
        facts.extend(self.data().map(|data| data.named("data", "Data", 1)));
        facts.push(self.not_known().named("not_known", "Not known", 2));
        facts
    }

    /// Returns the field `name` as it may be shown: what is for customers as it was typed. `None` if it is not set.
    fn field(&self, name: &str) -> Option<String> {
        let text = self.input.incident.fields.get(name)?;
        let text = document_text::line(text.trim());
        let is_public = FIELDS.contains(&(name, Audience::Customers));
        (!text.is_empty()).then(|| match is_public {
            true => text.into_owned(),
            false => self.names.hide(&text),
        })
    }

    /// True if a service was hit, also while it was not known of another whether it was.
    pub(super) fn has_impact(&self) -> bool {
        let mut spans = self.input.states.service_spans();
        spans.any(|(_, span)| span.state.is_impact())
    }

    /// True if the record says whether there was impact.
    pub(super) fn covers_impact(&self) -> bool {
        self.input.states.cover_impact()
    }

    /// True if a time with impact may be hidden in one of which the state is not known.
    pub(super) fn has_unknown(&self) -> bool {
        self.input.states.has_unknown_span()
    }

    fn warning(&self) -> Option<Parts> {
        let changed = self.input.incident.unverified.is_some();
        changed.then(|| Parts::recorded("records were changed; `bridgelog verify` says which"))
    }

    fn customers(&self) -> Parts {
        if let Some(text) = self.field("customer-impact") {
            return Parts::typed(text);
        }
        if self.has_impact() {
            return Parts::missing("hit; what they cannot do is not recorded");
        }
        match (self.covers_impact(), self.has_unknown()) {
            (_, true) => Parts::missing("not known whether they are hit"),
            (true, false) => Parts::recorded("no impact recorded"),
            (false, false) => Parts::missing("impact not recorded"),
        }
    }

    fn affected(&self) -> Parts {
        let scope = self
            .field("customer-scope")
            .map(|scope| match scope.as_str() {
                "everyone" => "everyone".to_owned(),
                "unknown" => "not known yet".to_owned(),
                _ => scope,
            });
        let is_unknown = scope.as_deref() == Some("not known yet");
        let parts: Vec<String> = scope.into_iter().chain(self.field("impact")).collect();
        if !parts.is_empty() {
            return Parts {
                is_recorded: !is_unknown || parts.len() > 1,
                ..Parts::typed(parts.join("; "))
            };
        }
        match self.has_impact() || self.has_unknown() || !self.covers_impact() {
            true => Parts::missing("how many is not recorded"),
            false => Parts::recorded("nobody, as recorded"),
        }
    }

    fn state(&self) -> Parts {
        let incident = self.input.incident;
        let hit = self.view.names_hit_now();
        let mut is_recorded = true;
        let mut parts: Vec<String> = hit
            .iter()
            .take(MAX_NAMES)
            .map(|(name, state, since, about)| {
                let word = match state {
                    State::Down => "down",
                    State::Degraded => "degraded",
                    _ => "state not known",
                };
                let name = name.map_or_else(String::new, |name| {
                    format!("{} ", shorten(name, MAX_NAME_WORDS))
                });
                format!("{name}{word} since {}", self.times.moment(*since, *about))
            })
            .collect();
        if hit.len() > MAX_NAMES {
            parts.push(format!("{} more", hit.len() - MAX_NAMES));
        }
        if hit.is_empty() {
            let working = self.working();
            is_recorded = working.is_some();
            parts.push(working.unwrap_or_else(|| "not recorded".to_owned()));
        }
        if let Some(resolution) = incident.resolution() {
            let event = &resolution.value;
            let at = self.times.moment(event.at_utc(), event.approximate);
            parts.push(format!("resolved {at}"));
        }
        if let Some(newest) = incident.stale_since(self.input.now) {
            let newest = self.times.moment(newest, false);
            parts.push(format!(
                "nothing recorded since {newest}, so this may have changed"
            ));
        }
        Parts {
            is_recorded,
            ..Parts::recorded(parts.join("; "))
        }
    }

    fn commander(&self) -> Parts {
        match self.input.incident.commander() {
            Some(name) => Parts::typed(document_text::line(name).into_owned()),
            None => Parts::missing("not recorded"),
        }
    }

    fn doing(&self) -> Parts {
        let incident = self.input.incident;
        let mut after = String::new();
        if !incident.is_open() {
            let open = incident
                .tasks
                .iter()
                .filter(|task| task.value.retracted.is_none() && !task.value.is_finished());
            let open = open.count();
            if open > 0 {
                after = format!("; {} not done", counted(open, "follow-up", "follow-ups"));
            }
            if let Some(resolution) = self.field("resolution") {
                return Parts {
                    after,
                    ..Parts::typed(resolution)
                };
            }
        }
        let is_step = |event: &&Record<Event>| {
            matches!(
                event.value.kind,
                Kind::Decision | Kind::Action | Kind::Mitigate | Kind::Restore
            ) && event.value.redacted.is_none()
        };
        // What was done before it was reopened is not what is being done.
        let is_reopen = |e: &&Record<Event>| e.value.kind == Kind::Reopen && incident.is_open();
        let mut latest = incident.active_events().rev().take_while(|e| !is_reopen(e));
        let Some(step) = latest.find(is_step) else {
            let reopened = incident.active_events().rev().find(is_reopen);
            let reopened =
                reopened.map(|e| self.times.moment(e.value.at_utc(), e.value.approximate));
            return Parts {
                after,
                ..Parts::missing(match reopened {
                    Some(at) => format!("nothing recorded since it was reopened at {at}"),
                    None => "nothing recorded".to_owned(),
                })
            };
        };
        let event = &step.value;
        let text = match event.customer.as_deref() {
            Some(wording) => document_text::line(wording.trim()).into_owned(),
            None => self.names.hide(&document_text::line(event.text.trim())),
        };
        let at = self.times.moment(event.at_utc(), event.approximate);
        let colon = if text.is_empty() { "" } else { ": " };
        Parts {
            before: format!("{at} {}{colon}", event.kind),
            after,
            ..Parts::typed(text.trim_end_matches('.').to_owned())
        }
    }

    /// When customers, and with them everybody, hear next; `None` if it is over and nothing was promised.
    fn next_update(&self) -> Option<Parts> {
        let incident = self.input.incident;
        if !incident.is_open() {
            return self.full_account();
        }
        let Some(typed) = incident.fields.get("next-update") else {
            return Some(Parts::missing("none set"));
        };
        let Some(due) = parse_utc(typed) else {
            return self.field("next-update").map(Parts::typed);
        };
        let at = self.times.moment(due, false);
        Some(Parts::recorded(match due < self.input.now {
            true => format!("was due {at}, late"),
            false => at,
        }))
    }

    /// When the full account comes or should have come; `None` if it was sent, or nothing was promised.
    fn full_account(&self) -> Option<Parts> {
        let mut sent = self.input.incident.sent_emails();
        if sent.any(|(_, letter)| letter.value.stage == "followup") {
            return None;
        }
        let typed = self.field("followup-by")?;
        let (when, is_past) = match (typed.parse::<NaiveDate>(), parse_utc(&typed)) {
            (Ok(day), _) => (
                day.format("%a %-d %b %Y").to_string(),
                self.times.is_over(day),
            ),
            (_, Some(at)) => (self.times.moment(at, false), at < self.input.now),
            _ => (typed, false),
        };
        let by = if is_past { "was due" } else { "by" };
        Some(Parts::recorded(format!("full account {by} {when}")))
    }

    fn data(&self) -> Option<Parts> {
        let text = self.field("data-loss").filter(|text| text != "unknown")?;
        Some(match text.as_str() {
            "none" => Parts::recorded("nothing lost"),
            _ => Parts::typed(text),
        })
    }

    fn not_known(&self) -> Parts {
        let incident = self.input.incident;
        let mut unknown: Vec<String> = Vec::new();
        if !incident
            .active_events()
            .any(|e| e.value.kind == Kind::Cause)
        {
            unknown.push("cause".to_owned());
        }
        let data = incident.fields.get("data-loss").map(String::as_str);
        let may_be_lost = self.has_impact() || self.has_unknown() || data.is_some();
        if may_be_lost && matches!(data, None | Some("unknown")) {
            unknown.push("whether data was lost".to_owned());
        }
        if self.has_impact() && self.has_unknown() {
            unknown.push("the state for some time".to_owned());
        }
        let asks = incident.open_asks();
        if !asks.is_empty() {
            let late = asks.iter().filter_map(|ask| ask_due(&ask.value));
            let late = late.filter(|due| *due < self.input.now).count();
            let open = counted(asks.len(), "open request", "open requests");
            let late = match late {
                0 => String::new(),
                late => format!(", {late} late"),
            };
            unknown.push(format!("{open}{late}"));
        }
        if !incident.unknown.is_empty() {
            unknown.push(format!("{} unreadable records", incident.unknown.len()));
        }
        match unknown.is_empty() {
            true => Parts::recorded("nothing that is recorded as open"),
            false => Parts::recorded(unknown.join("; ")),
        }
    }
}
