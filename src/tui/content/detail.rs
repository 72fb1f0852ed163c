//! The detail of an event, in rows: the same for the pane beside the list and for the whole page.

use super::{
    event_changes::changes,
    event_text::{day_and_time, drawn_state, event_text, format_state, shown_state},
    last_edit::{last_edit, past_form},
};
use crate::{
    domain::{
        event::Event,
        task::ask_due,
        time::{UtcTime, format_duration},
        words::Word,
    },
    ops::event_detail::StateAfter,
    tui::{
        model::{Detail, Model},
        msg::{EventDetail, EventVersion, LinkedEvent},
        text::{fit, width, wrap},
        theme::{Meaning, kind_glyph, kind_word},
    },
};
use ratatui::{
    style::Style,
    text::{Line, Span},
};

/// Columns of the names of parts.
const LABEL_COLUMNS: usize = 10;
/// A time of day with seconds.
const SECONDS: &str = "%H:%M:%S";

/// The rows so far, and the columns that they have.
struct Rows<'m> {
    model: &'m Model,
    columns: usize,
    lines: Vec<Line<'static>>,
}

/// Returns the detail in rows of at most `columns`.
#[must_use]
pub fn detail_rows(model: &Model, detail: &Detail, columns: usize) -> Vec<Line<'static>> {
    let mut rows = Rows {
        model,
        columns,
        lines: Vec::new(),
    };
    let event = &detail.event.value;
    rows.add_head(detail);
    rows.add(&event_text(event), rows.style(Meaning::Strong));
    if let Some(gone) = model.timeline.gone.get(&detail.event.id) {
        rows.add(&gone.note, rows.style(Meaning::Warning));
        if !gone.rows.is_empty() {
            let count = gone.rows.len();
            rows.add_heading(&format!("{count} rows were undone together"));
            for row in &gone.rows {
                rows.add_after("− ", &row.text, rows.style(Meaning::Plain));
            }
        }
    } else if let Some(reason) = &event.retracted {
        rows.add(
            &format!("retracted: {reason}"),
            rows.style(Meaning::Warning),
        );
    }
    rows.add_parts(detail);
    rows.add_wording(event);
    match &detail.loaded {
        None => rows.add_heading("History"),
        Some(loaded) => {
            rows.add_conflict(loaded);
            rows.add_heading("History");
            rows.add_history(&loaded.versions);
            rows.add_states(&loaded.states);
        }
    }
    rows.lines
}

impl Rows<'_> {
    fn style(&self, meaning: Meaning) -> Style {
        self.model.theme.style(meaning)
    }

    /// Adds an empty row, unless the last one is.
    fn blank(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// Adds a text, wrapped.
    fn add(&mut self, text: &str, style: Style) {
        self.add_after("", text, style);
    }

    /// Adds a text, wrapped, each row after `indent` or as many spaces.
    fn add_after(&mut self, indent: &str, text: &str, style: Style) {
        let dim = self.style(Meaning::Dim);
        let used = width(indent);
        let texts = wrap(text, self.columns.saturating_sub(used));
        for (at, text) in texts.into_iter().enumerate() {
            let before = match at {
                0 => indent.to_owned(),
                _ => " ".repeat(used),
            };
            let spans = vec![Span::styled(before, dim), Span::styled(text, style)];
            self.lines.push(Line::from(spans));
        }
    }

    /// Adds a part with its name.
    fn add_part(&mut self, label: &str, text: &str, style: Style) {
        self.add_after(&format!("{label:<LABEL_COLUMNS$}"), text, style);
    }

    fn add_heading(&mut self, heading: &str) {
        self.blank();
        self.add(heading, self.style(Meaning::Strong));
    }

    /// Formats a time by `form`, after its day where that is not today.
    fn time(&self, at: UtcTime, form: &str) -> String {
        day_and_time(self.model, at, form)
    }

    /// When, what kind of event, and by whom.
    fn add_head(&mut self, detail: &Detail) {
        let (record, event) = (&detail.event, &detail.event.value);
        let at = event.at_utc();
        let about = if event.approximate { "~" } else { "" };
        let mut when = format!("{about}{}", self.time(at, SECONDS));
        if let Some(end) = event.end_utc() {
            let length = format_duration((end - at).num_seconds());
            when.push_str(&format!(" to {} ({length})", self.time(end, SECONDS)));
        }
        when.push_str(&format!(" {}", self.model.zone.abbreviation(at)));
        let kind = format!("{} {}", kind_glyph(&event.kind), kind_word(&event.kind));
        let by = format!("by {}", record.author);
        let head = format!("{when}   {kind}   {by}");
        if width(&head) <= self.columns {
            self.add(&head, self.style(Meaning::Plain));
        } else {
            self.add(&when, self.style(Meaning::Plain));
            self.add(&format!("{kind}   {by}"), self.style(Meaning::Plain));
        }
        if let Some(edit) = last_edit(self.model, record, detail.loaded.as_deref()) {
            self.add(&edit, self.style(Meaning::Warning));
        }
    }

    fn add_parts(&mut self, detail: &Detail) {
        let event = &detail.event.value;
        let plain = self.style(Meaning::Plain);
        let reasons = [("why", &event.rationale), ("not", &event.rejected)];
        if reasons.iter().any(|(_, text)| text.is_some()) {
            self.blank();
        }
        for (label, text) in reasons {
            if let Some(text) = text {
                self.add_after(&format!("{label:<6}"), text, plain);
            }
        }
        self.blank();
        if let Some(state) = shown_state(self.model, &detail.event) {
            let style = self.model.theme.state_style(drawn_state(&state));
            self.add_part("state", &format_state(&state), style);
        }
        let names = [
            ("service", &event.services),
            ("people", &event.people),
            ("tags", &event.tags),
        ];
        for (label, names) in names {
            if !names.is_empty() {
                self.add_part(label, &names.join(", "), plain);
            }
        }
        if let Some(audience) = &event.audience {
            self.add_part("to", audience, plain);
        }
        if let (Some(due), Some(within)) = (ask_due(event), event.time_box_secs) {
            let at = self.model.zone.to_local(due).format("%H:%M");
            let within = format_duration(i64::from(within));
            self.add_part("due", &format!("{at}, {within} after it was asked"), plain);
        }
        for file in &event.files {
            self.add_part("file", &file.label(), plain);
        }
        for url in &event.urls {
            self.add_part("link", url, plain);
        }
        for linked in detail.loaded.iter().flat_map(|loaded| &loaded.links) {
            self.add_link(linked);
        }
    }

    fn add_link(&mut self, linked: &LinkedEvent) {
        let label = match linked.is_backlink {
            true => "linked by",
            false => "link to",
        };
        let at = self.model.zone.to_local(linked.at).format("%H:%M");
        let head = format!("{at} {:<9} {}", linked.kind, linked.handle);
        let text = format!("{head}  {}", linked.text);
        let room = self.columns.saturating_sub(LABEL_COLUMNS);
        self.add_part(label, &fit(&text, room), self.style(Meaning::Plain));
    }

    /// What customers will read, whole.
    fn add_wording(&mut self, event: &Event) {
        self.blank();
        match &event.customer {
            Some(wording) => {
                let style = self.style(Meaning::Customer);
                self.add("» customers will read", style);
                self.add(wording, style);
            }
            None => self.add("customers read nothing of this", self.style(Meaning::Dim)),
        }
    }

    /// The versions of which none replaces the other.
    fn add_conflict(&mut self, loaded: &EventDetail) {
        let others: Vec<&EventVersion> = loaded.versions.iter().filter(|v| v.conflicting).collect();
        if others.is_empty() {
            return;
        }
        let warning = self.style(Meaning::Warning);
        self.blank();
        let count = others.len() + 1;
        self.add(
            &format!("edit conflict: {count} versions; e writes the one that counts"),
            warning,
        );
        let shown = loaded
            .versions
            .iter()
            .rev()
            .find(|v| !v.conflicting && v.event.as_ref() == Some(&loaded.event.value));
        for version in shown.into_iter().chain(others) {
            let text = version
                .event
                .as_ref()
                .map_or_else(|| "it was undone".to_owned(), event_text);
            let head = format!("{}: ", version.author);
            self.add_after(&head, &text, self.style(Meaning::Plain));
        }
    }

    fn add_history(&mut self, versions: &[EventVersion]) {
        let mut before: Option<&Event> = None;
        for version in versions {
            let at = self.time(version.recorded, SECONDS);
            let what = match (&version.event, before, &version.unreadable) {
                (None, _, Some(why)) => format!("cannot be read: {why}"),
                (None, _, None) => past_form(&version.operation).to_owned(),
                (Some(_), None, _) if version.operation == "log" => {
                    format!("recorded by {}", version.author)
                }
                (Some(_), None, _) => past_form(&version.operation).to_owned(),
                (Some(now), Some(before), _) => {
                    let changed = changes(self.model, before, now);
                    let parts: Vec<&str> = changed.iter().map(|change| change.part).collect();
                    match version.operation.as_str() {
                        "amend" if !parts.is_empty() => parts.join(", "),
                        "retract" => {
                            let reason = now.retracted.as_deref().unwrap_or_default();
                            format!("retracted: {reason}")
                        }
                        operation => past_form(operation).to_owned(),
                    }
                }
            };
            let is_first = before.is_none() && version.operation == "log";
            let who = match is_first {
                true => String::new(),
                false => format!("{}: ", version.author),
            };
            let mark = if version.conflicting { " ≠" } else { "" };
            let text = format!("{who}{what}{mark}");
            self.add_after(&format!("{at}  "), &text, self.style(Meaning::Plain));
            if let (Some(now), Some(before), false) =
                (&version.event, before, version.operation == "retract")
            {
                self.add_difference(before, now);
            }
            before = version.event.as_ref().or(before);
        }
    }

    /// What a version changes: what was, then what is.
    fn add_difference(&mut self, before: &Event, now: &Event) {
        for change in changes(self.model, before, now) {
            let sides = [
                ("  − ", change.before, Meaning::Error),
                ("  + ", change.now, Meaning::Ok),
            ];
            for (sign, text, meaning) in sides {
                if let Some(text) = text {
                    self.add_after(sign, &text, self.style(meaning));
                }
            }
        }
    }

    fn add_states(&mut self, states: &[StateAfter]) {
        if states.is_empty() {
            return;
        }
        self.blank();
        for after in states {
            let about = if after.is_about { "~" } else { "" };
            let since = self.time(after.since, "%H:%M");
            let length = match (after.until - after.since).num_seconds() {
                0 => String::new(),
                seconds => format!(" ({})", format_duration(seconds)),
            };
            let service = match after.service.as_str() {
                "" => String::new(),
                name => format!("{name} "),
            };
            let state = after.state;
            let text = format!("state after it: {service}{state} since {about}{since}{length}");
            let known = drawn_state(&Word::Known(state));
            self.add(&text, self.model.theme.state_style(known));
        }
    }
}
