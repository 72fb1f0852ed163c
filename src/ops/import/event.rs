//! Makes the event of a row.

use super::{
    super::{
        Result, Session,
        context::{LineContext, LineOptions},
        log,
        typed_text::validate_length,
    },
    options::ImportOptions,
    report::Outcome,
};
use crate::{
    domain::{
        capture::{self, Flags},
        document_text,
        event::Event,
        source::EventSource,
        time::OffsetTime,
        unknown::UnknownFields,
        words::Kind,
    },
    import::{Action, Row, Speaker},
    store::IncidentRow,
};
use uuid::Uuid;

/// Makes events of rows.
pub(super) struct EventMaker<'o> {
    options: &'o ImportOptions,
    format: &'static str,
    instance: String,
    import: Uuid,
    /// With `--markers`: the context in which texts are parsed.
    line_context: Option<LineContext>,
    /// The services of the incident: a state of one of several says which.
    services: Vec<String>,
    /// Rows from which characters that no document shows were taken out.
    pub cleaned: usize,
}

impl<'o> EventMaker<'o> {
    /// # Errors
    /// The store cannot be read.
    pub fn new(
        session: &Session,
        incident: Option<&IncidentRow>,
        options: &'o ImportOptions,
        instance: String,
        import: Uuid,
    ) -> Result<Self> {
        let line_context = match options.markers {
            true => Some(session.line_context(incident, &LineOptions::for_typed_line(None))?),
            false => None,
        };
        Ok(Self {
            options,
            format: options.format.map_or("", |format| format.name),
            instance,
            import,
            line_context,
            services: incident.map_or_else(Vec::new, |row| row.services.clone()),
            cleaned: 0,
        })
    }

    /// Returns the kind that rows with `action` get; `None` if they are left out.
    pub fn kind(&self, action: Action) -> Option<Kind> {
        match self.options.kinds.get(&action) {
            Some(decided) => decided.clone(),
            None => action.rule().kind,
        }
    }

    /// Makes the event of `row`, which happened at `at`.
    ///
    /// # Errors
    /// What becomes of the row instead: it is empty, or cannot be an event.
    pub fn make(
        &mut self,
        session: &Session,
        row: Row,
        kind: Kind,
        at: OffsetTime,
        end: Option<OffsetTime>,
    ) -> Result<Event, Outcome> {
        let text = self.without_hidden_characters(&row.text);
        if text.trim().is_empty() {
            return Err(Outcome::Empty);
        }
        let bad = |error: super::super::OpsError| Outcome::Bad(error.full_message());
        let name = row.speaker.as_ref().map(|speaker| self.name_of(speaker));
        let text = match &name {
            Some(name) if !name.is_empty() && !text.starts_with(name.as_str()) => {
                format!("{name}: {text}")
            }
            _ => text,
        };
        let text = validate_length(&text, "text").map_err(bad)?;
        let mut event = match &mut self.line_context {
            Some(context) => {
                let flags = Flags::default();
                let parsed = log::prepare(session, context, &text, &flags).map_err(bad)?;
                parsed.event
            }
            None => Event::new(at, kind.clone(), text),
        };
        if self.line_context.is_none() || event.kind == Kind::Note {
            event.kind = kind;
        }
        event.at = at;
        event.zone = self
            .options
            .zone
            .as_ref()
            .map_or_else(String::new, |zone| zone.name().to_owned());
        event.end = end.filter(|end| *end > at);
        if let Some(customer) = &row.customer {
            event.customer = Some(validate_length(customer, "customer wording").map_err(bad)?);
            event.audience = Some("customers".to_owned());
        }
        for service in row.services {
            if !event.services.contains(&service) {
                event.services.push(service);
            }
        }
        if event.services.is_empty() && event.is_of_all_services() && self.services.len() > 1 {
            return Err(Outcome::Bad(self.service_is_missing(&event)));
        }
        if let Some(name) = name.filter(|name| !name.is_empty() && !event.people.contains(name)) {
            event.people.push(name);
        }
        event.source = Some(Box::new(EventSource {
            format: self.format.to_owned(),
            instance: self.instance.clone(),
            id: row.id,
            hash: Some(row.hash),
            recorded: row.recorded,
            import: self.import,
            unknown: UnknownFields::default(),
        }));
        Ok(event)
    }

    /// Says that nothing names the service of which `event` gives a state, as a typed line is answered.
    fn service_is_missing(&self, event: &Event) -> String {
        format!(
            "`{}` gives a state and names no service, and the incident has {}: name it in a column for `service`, or `--map ACTION=note` makes it a note",
            event.kind,
            capture::list_services(&self.services)
        )
    }

    /// Returns the name of a speaker: that of `--people`, else the source's, else its id.
    fn name_of(&self, speaker: &Speaker) -> String {
        let named = [&speaker.id, &speaker.name]
            .into_iter()
            .find_map(|key| self.options.people.get(key));
        let own = [&speaker.name, &speaker.id];
        let name = named.or_else(|| own.into_iter().find(|name| !name.is_empty()));
        name.map(|name| document_text::line(name).trim().to_owned())
            .unwrap_or_default()
    }

    /// Takes out what no document shows: direction marks and the like, which chat windows add by themselves.
    fn without_hidden_characters(&mut self, text: &str) -> String {
        let Some(mut refused) = document_text::first_refused(text) else {
            return text.to_owned();
        };
        self.cleaned += 1;
        let mut text = text.to_owned();
        loop {
            text.remove(refused.at);
            match document_text::first_refused(&text) {
                Some(next) => refused = next,
                None => return text,
            }
        }
    }
}
