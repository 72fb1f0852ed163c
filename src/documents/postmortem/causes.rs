//! Causes, protections and decisions, each with the records that link to it.

use super::{
    context::{REDACTED_TEXT, RenderContext, write_event_text},
    names::write_unmentioned,
    writer::Writer,
};
use crate::domain::{
    event::Event,
    incident::Record,
    states::StateSpan,
    words::{Kind, State},
};

impl RenderContext<'_> {
    /// Appends the events that link to `record`, each as an item of a list.
    fn linked_items(&self, w: &mut Writer, record: &Record<Event>) {
        for linked in self.linked_by.get(&record.id).into_iter().flatten() {
            w.item(
                |w| {
                    w.plain(&self.event_moment(&linked.value));
                    w.plain(" ");
                    w.typed(linked.value.kind.as_str());
                    w.plain(": ");
                    write_event_text(w, &linked.value);
                },
                |_| {},
            );
        }
    }

    fn has_links(&self, record: &Record<Event>) -> bool {
        self.linked_by.contains_key(&record.id)
    }

    /// Causes and contributing factors.
    pub(super) fn causes(&self, w: &mut Writer) {
        let kinds = [(Kind::Cause, "Cause"), (Kind::Factor, "Factor")];
        let has_any = kinds
            .iter()
            .any(|(kind, _)| self.events_of_kind(kind).next().is_some());
        if !has_any {
            return w.paragraph(|w| {
                w.marker(
                    "the cause",
                    &self.command("bridgelog log 'WHEN cause: TEXT'"),
                );
            });
        }
        w.list("", |w| {
            for (kind, label) in kinds {
                for record in self.events_of_kind(&kind) {
                    w.item(
                        |w| {
                            w.label(label);
                            write_event_text(w, &record.value);
                            write_unmentioned(w, &record.value, &[]);
                        },
                        |w| self.linked_list(w, record),
                    );
                }
            }
        });
    }

    fn linked_list(&self, w: &mut Writer, record: &Record<Event>) {
        if self.has_links(record) {
            w.list("", |w| self.linked_items(w, record));
        }
    }

    /// The faults that protections caught, and the states of their services from then on.
    pub(super) fn protections(&self, w: &mut Writer) {
        if let Some(text) = self.section("protections") {
            w.prose(text);
        }
        if self.events_of_kind(&Kind::Absorbed).next().is_none() {
            return;
        }
        w.list("", |w| {
            for record in self.events_of_kind(&Kind::Absorbed) {
                w.item(
                    |w| {
                        w.strong(&self.event_moment(&record.value));
                        w.plain(" ");
                        write_event_text(w, &record.value);
                    },
                    |w| self.after_absorbed(w, record),
                );
            }
        });
    }

    fn after_absorbed(&self, w: &mut Writer, record: &Record<Event>) {
        let followed: Vec<(&str, &[StateSpan])> = self
            .states
            .services
            .iter()
            .filter_map(|(name, spans)| {
                let at = spans.iter().position(|span| span.started_by == record.id)?;
                (spans[at].state == State::AtRisk).then_some((name.as_str(), &spans[at..]))
            })
            .collect();
        if followed.is_empty() && !self.has_links(record) {
            return;
        }
        w.list("", |w| {
            for (name, spans) in followed {
                w.item(
                    |w| {
                        if !name.is_empty() {
                            w.typed(self.shown_name(name));
                            w.plain(": ");
                        }
                        w.plain("at-risk until ");
                        match spans.get(1) {
                            Some(next) => {
                                let at = self.moment_or_about(next.from, next.approximate);
                                w.plain(&format!("{at}, then {}", next.state));
                            }
                            None => {
                                let newest = self.moment(self.incident.last_recorded_at);
                                w.plain(&format!("the newest record ({newest})"));
                            }
                        }
                    },
                    |_| {},
                );
            }
            self.linked_items(w, record);
        });
    }

    /// Decisions: what was known, what was turned down, what links to each.
    pub(super) fn decisions(&self, w: &mut Writer) {
        if self.events_of_kind(&Kind::Decision).next().is_none() {
            return;
        }
        w.list("entries", |w| {
            for record in self.events_of_kind(&Kind::Decision) {
                let event = &record.value;
                w.item(
                    |w| {
                        w.either("", "<span class=\"when\">");
                        w.plain(&self.event_moment(event));
                        w.either(" **", "</span> <b>");
                        write_event_text(w, event);
                        w.either("**", "</b>");
                    },
                    |w| w.list("", |w| self.decision_items(w, record)),
                );
            }
        });
    }

    fn decision_items(&self, w: &mut Writer, record: &Record<Event>) {
        let event = &record.value;
        let item = |w: &mut Writer, label: &str, write: &dyn Fn(&mut Writer)| {
            w.item(
                |w| {
                    w.soft(|w| w.plain(&format!("{label}: ")));
                    write(w);
                },
                |_| {},
            );
        };
        item(w, "Known", &|w| match &event.rationale {
            Some(known) => w.typed(known),
            None if event.redacted.is_some() => w.plain(REDACTED_TEXT),
            None => w.plain("not recorded"),
        });
        if let Some(rejected) = &event.rejected {
            item(w, "Turned down", &|w| w.typed(rejected));
        }
        for outcome in self.linked_by.get(&record.id).into_iter().flatten() {
            item(w, "Outcome", &|w| {
                w.plain(&self.event_moment(&outcome.value));
                w.plain(" ");
                w.typed(outcome.value.kind.as_str());
                w.plain(": ");
                write_event_text(w, &outcome.value);
            });
        }
        if !event.people.is_empty() {
            item(w, "Decided by", &|w| w.names(&event.people));
        }
        item(w, "Recorded by", &|w| w.typed(&record.author));
    }
}
