//! What a line declares that is logged while no incident is open.

use crate::domain::{
    event::Event,
    severities::Severities,
    time::{OffsetTime, UtcTime},
    words::{Kind, Severity, State, Word},
};
use chrono::TimeDelta;

/// A line of so long ago is of an incident of the past.
const LONG_AGO: TimeDelta = TimeDelta::days(7);

/// The incident that a line declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewIncident {
    pub title: String,
    pub severity: Option<Word<Severity>>,
    pub services: Vec<String>,
    pub state: Option<State>,
    /// When it began, if the line says a time of long ago: nobody declares it now.
    pub began: Option<OffsetTime>,
    /// True if the line says more than the declaration records (a kind, a time, customer wording): it is its first
    /// event too.
    pub logs_line: bool,
}

impl NewIncident {
    /// Returns what the line read as `event` declares, once [`split_severity`] took `severity` out of it. It was
    /// begun at `begun`.
    #[must_use]
    pub fn of(event: Event, severity: Option<Word<Severity>>, begun: UtcTime) -> Self {
        let logs_line = !is_title_only(&event, begun);
        let (title, named_services) = extract_services(&event.text);
        let state = event.given_state().filter(|_| !logs_line);
        let began = (begun - event.at_utc() > LONG_AGO).then_some(event.at);
        let mut services = event.services;
        services.extend(
            named_services
                .into_iter()
                .filter(|name| !event.people.contains(name)),
        );
        services.dedup();
        NewIncident {
            title,
            severity,
            services,
            state,
            began,
            logs_line,
        }
    }

    /// Returns it in words, for the choice of where the line goes: `"mail is slow" SEV3 @mail !down`.
    #[must_use]
    pub fn describe(&self) -> String {
        let mut words = format!("\"{}\"", self.title.replace('\n', " "));
        if let Some(began) = self.began {
            let day = began.format("%-d %b %Y %H:%M");
            words.insert_str(0, &format!("of {day}  "));
        }
        if let Some(severity) = &self.severity {
            words.push_str(&format!(" {}", severity.to_string().to_uppercase()));
        }
        for service in &self.services {
            words.push_str(&format!(" @{service}"));
        }
        if let Some(state) = self.state {
            words.push_str(&format!(" !{state}"));
        }
        if self.logs_line {
            words.push_str(", with this line in it");
        }
        words
    }
}

/// Returns true if a line contains nothing beyond what the declaration records.
fn is_title_only(event: &Event, begun: UtcTime) -> bool {
    event.kind == Kind::Note
        && event.at_utc() == begun
        && !event.approximate
        && event.end.is_none()
        && event.customer.is_none()
        && [&event.tags, &event.people]
            .iter()
            .all(|names| names.is_empty())
        && event.links.is_empty()
        && !event.text.contains('\n')
}

/// Returns a line without `declare` or `declare:` before its title: what it is to do, where it declares.
pub fn without_command(line: &str) -> &str {
    let rest = line.trim_start().strip_prefix("declare");
    let title = rest.and_then(|rest| rest.strip_prefix([':', ' ']));
    title.map_or(line, str::trim_start)
}

/// Takes the severity out of a line whose text ends with it, before its markers and the customer wording, as in
/// `mail is slow sev3 !down @mail`. Of the names in the settings only those with a digit: `major` is a word of a
/// sentence.
pub fn split_severity(line: &str, severities: &Severities) -> (String, Option<Word<Severity>>) {
    let is_severity = |word: &str| {
        let has_prefix = word.len() == 4 && word.to_ascii_lowercase().starts_with("sev");
        let own = severities.own_names().iter();
        has_prefix
            || own
                .filter(|name| name.contains(|c: char| c.is_ascii_digit()))
                .any(|name| name.eq_ignore_ascii_case(word))
    };
    let text_end = line.find(" tell:").unwrap_or(line.len());
    let mut before = &line[..text_end];
    while let Some((rest, word)) = before.rsplit_once(' ') {
        let parsed = severities.parse(word).filter(|_| is_severity(word));
        if let Some(severity) = parsed {
            let (rest, after) = (rest.trim_end(), &line[before.len()..]);
            return (format!("{rest}{after}"), Some(severity));
        }
        if !word.is_empty() && !word.starts_with(['!', '@', '#']) {
            break;
        }
        before = rest;
    }
    (line.to_owned(), None)
}

/// Returns a title without its `@` signs, and the services marked by them. Services at the end are
/// removed from the title, others stay as words.
fn extract_services(text: &str) -> (String, Vec<String>) {
    let mut words: Vec<&str> = text.split(' ').collect();
    let mut named_services = Vec::new();
    let name = |word: &str| {
        let name = word
            .strip_prefix('@')?
            .trim_end_matches([',', '.', ';', ':']);
        (!name.is_empty() && !name.contains('@')).then(|| name.to_owned())
    };
    while words.len() > 1
        && let Some(service) = words.last().and_then(|word| name(word))
    {
        named_services.insert(0, service);
        words.pop();
    }
    for word in &mut words {
        if let Some(service) = name(word) {
            named_services.push(service);
            *word = &word[1..];
        }
    }
    (words.join(" "), named_services)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn severity_is_found_before_markers_and_customer_wording() {
        let severities = Severities::default();
        for (line, text, severity) in [
            ("mail is slow sev3", "mail is slow", Some(3)),
            (
                "x @shop sev2 !down tell: X fails.",
                "x @shop !down tell: X fails.",
                Some(2),
            ),
            ("New sev3 @web !degraded", "New @web !degraded", Some(3)),
            ("was it sev2 or worse", "was it sev2 or worse", None),
            ("x tell: it is sev2", "x tell: it is sev2", None),
            ("sev2", "sev2", None),
        ] {
            let severity = severity.map(|n| Severity::new(n).unwrap().into());
            assert_eq!(
                split_severity(line, &severities),
                (text.to_owned(), severity),
                "{line}"
            );
        }
    }

    #[test]
    fn services_are_extracted_from_title() {
        assert_eq!(
            extract_services("outage @db"),
            ("outage".into(), vec!["db".into()])
        );
        assert_eq!(
            extract_services("@db is gone"),
            ("db is gone".into(), vec!["db".into()])
        );
        assert_eq!(
            extract_services("mail to a@b.example"),
            ("mail to a@b.example".into(), vec![])
        );
    }
}
