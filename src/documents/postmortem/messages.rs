//! The messages of an incident: customer updates, messages to others, and the emails that were sent.

use super::{
    columns,
    context::{RenderContext, write_event_text},
    writer::Writer,
};
use crate::{
    documents::CustomerView,
    domain::{event::Event, incident::Record, time::UtcTime, value::Message, words::Kind},
};

/// One message, in the order of time.
enum SentMessage<'a> {
    Event(&'a Record<Event>),
    Letter(&'a Record<Message>),
}

impl RenderContext<'_> {
    /// Writes a table of all messages, with the text of each email below.
    pub(super) fn messages(&self, w: &mut Writer) {
        let mut messages: Vec<(UtcTime, SentMessage<'_>)> = self
            .events_of_kind(&Kind::Comms)
            .map(|record| (record.value.at_utc(), SentMessage::Event(record)))
            .collect();
        let emails = self.incident.sent_emails();
        messages.extend(emails.map(|(at, record)| (at, SentMessage::Letter(record))));
        messages.sort_by_key(|(at, _)| *at);
        if messages.is_empty() {
            if self.had_impact() {
                w.paragraph(|w| w.plain("Not recorded."));
            }
            return;
        }
        w.table("told", columns::MESSAGES, |w| {
            for (at, message) in &messages {
                match message {
                    SentMessage::Event(record) => self.event_row(w, record),
                    SentMessage::Letter(record) => self.letter_row(w, *at, record),
                }
            }
        });
        for (_, message) in &messages {
            if let SentMessage::Letter(record) = message {
                self.letter_text(w, record);
            }
        }
    }

    fn event_row(&self, w: &mut Writer, record: &Record<Event>) {
        let event = &record.value;
        w.row("", "", |w| {
            w.cell(|w| w.plain(&self.event_moment(event)));
            w.cell(|w| match &event.audience {
                Some(audience) => w.typed(audience),
                None if event.is_customer_update() => w.plain("customers"),
                None => w.plain("not recorded"),
            });
            w.cell(|w| match &event.customer {
                Some(wording) => w.typed(wording),
                None => write_event_text(w, event),
            });
            w.cell(|w| w.plain(&record.handle));
        });
    }

    fn letter_row(&self, w: &mut Writer, at: UtcTime, record: &Record<Message>) {
        let message = &record.value;
        w.row("", "", |w| {
            w.cell(|w| w.plain(&self.moment(at)));
            w.cell(|w| match &message.to_group {
                Some(group) => w.typed(group),
                None => w.plain("customers"),
            });
            w.cell(|w| {
                w.plain(&format!("Letter m{}", message.number));
                if let Some(via) = &message.via {
                    w.plain(" by ");
                    w.typed(via);
                }
                if !message.subject.is_empty() {
                    w.plain(": ");
                    w.typed(&message.subject);
                }
            });
            w.cell(|w| w.plain(&record.handle));
        });
    }

    /// The text of a letter that went out, and which of its facts have changed since.
    fn letter_text(&self, w: &mut Writer, record: &Record<Message>) {
        let message = &record.value;
        w.paragraph(|w| w.strong(&format!("Letter m{}", message.number)));
        w.quote(&message.text);
        let view = CustomerView::from_incident(self.incident, self.states);
        let stale = view.stale_facts(self.incident);
        let of_this = stale.iter().filter(|f| f.message_handle == record.handle);
        let changes: Vec<_> = of_this.collect();
        if changes.is_empty() {
            return;
        }
        w.list("", |w| {
            for change in changes {
                w.item(
                    |w| {
                        w.label("Changed since");
                        w.plain(&change.label());
                        w.plain(": the letter says ");
                        w.typed(&change.stated);
                        w.plain(", the record ");
                        match &change.recorded {
                            Some(current) => {
                                w.plain("says ");
                                w.typed(current);
                            }
                            None => w.plain("no longer says so"),
                        }
                    },
                    |_| {},
                );
            }
        });
    }
}
