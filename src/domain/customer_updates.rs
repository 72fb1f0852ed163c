//! When customers were informed of an incident: by `comms` to them, and by emails that were sent.

use super::{
    event::Event,
    incident::{Incident, Record},
    time::UtcTime,
    value::Message,
};

/// One message to customers.
#[derive(Clone, Copy, Debug)]
pub enum CustomerUpdate<'a> {
    Comms(&'a Record<Event>),
    /// An email, and when it was sent.
    Email(UtcTime, &'a Record<Message>),
}

impl CustomerUpdate<'_> {
    #[must_use]
    pub fn at(&self) -> UtcTime {
        match self {
            Self::Comms(event) => event.value.at_utc(),
            Self::Email(at, _) => *at,
        }
    }

    /// True if its time is not exact.
    #[must_use]
    pub fn is_approximate(&self) -> bool {
        matches!(self, Self::Comms(event) if event.value.approximate)
    }
}

impl<'a> CustomerUpdate<'a> {
    /// Returns the handle of the event or of the message.
    #[must_use]
    pub fn handle(&self) -> &'a str {
        match self {
            Self::Comms(event) => &event.handle,
            Self::Email(_, message) => &message.handle,
        }
    }
}

impl Incident {
    /// Returns all messages to customers, oldest first.
    #[must_use]
    pub fn customer_updates(&self) -> Vec<CustomerUpdate<'_>> {
        let comms = self
            .active_events()
            .filter(|event| event.value.is_customer_update())
            .map(CustomerUpdate::Comms);
        let emails = self
            .sent_emails()
            .map(|(at, message)| CustomerUpdate::Email(at, message));
        let mut updates: Vec<CustomerUpdate<'_>> = comms.chain(emails).collect();
        updates.sort_by_key(|update| (update.at(), update.handle()));
        updates
    }

    /// Returns the emails that were sent, with when, in the order of their numbers.
    pub fn sent_emails(&self) -> impl Iterator<Item = (UtcTime, &Record<Message>)> {
        self.messages
            .iter()
            .filter_map(|message| Some((message.value.sent_at?.to_utc(), message)))
    }
}
