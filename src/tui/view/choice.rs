//! Questions that take one key.

use super::hint;
use crate::{
    domain::incident::{Audience, FIELDS, SECTIONS},
    tui::{
        model::{Choice, Echo, Model},
        msg::Document,
    },
};
use ratatui::{buffer::Buffer, layout::Rect};

/// The forms that a document can be written in, each under its key.
pub(super) fn forms(document: Document) -> &'static [(&'static str, &'static str)] {
    match document {
        Document::Postmortem => &[
            ("m", "Markdown, with the picture beside it"),
            ("h", "a page: one HTML file that prints well"),
            ("j", "JSON"),
        ],
        Document::Email(_) => &[
            ("t", "text"),
            ("m", "Markdown"),
            ("e", "a draft that a mail program opens for editing (.eml)"),
        ],
    }
}

/// What a field says now; of a time, the time as it is read here.
pub(super) fn field_words(model: &Model, name: &str) -> String {
    let now = model.field(name);
    match crate::domain::time::instant(now) {
        Some(at) => {
            let at = model.zone.stamp(at);
            at.format("%a %-d %b %Y %H:%M").to_string()
        }
        None => now.to_owned(),
    }
}

/// Draws a question that takes a key.
pub(super) fn draw(model: &Model, choice: &Choice, area: Rect, buf: &mut Buffer) {
    match choice {
        Choice::NothingOpen {
            offered,
            adopt,
            severity,
        } => {
            let read = match &model.capture.echo {
                Echo::Read(read) => Some(&read.event),
                _ => None,
            };
            let title = read.map_or(model.capture.line.text(), |event| event.text.as_str());
            let title = format!("declares it: {title}");
            let wording = read
                .and_then(|event| event.customer.as_deref())
                .map(|text| format!("✉ customers will read: {text}"));
            let severity = match severity {
                Some(severity) => format!("how bad it is: {severity}"),
                None => "how bad it is, sev1 to sev5; may be said later".to_owned(),
            };
            let take = format!(
                "{} the {offered} unfiled events of the last day",
                if *adopt { "takes in" } else { "leaves" }
            );
            let into = model.outline.as_ref().map(|o| {
                format!(
                    "logs it in #{} {}, which is over",
                    o.number.map_or_else(|| o.handle.clone(), |n| n.to_string()),
                    o.title
                )
            });
            let mut said = vec![
                ("", "No incident is open."),
                ("", wording.as_deref().unwrap_or_default()),
                ("Enter", title.as_str()),
                ("1 … 5", severity.as_str()),
            ];
            if *offered > 0 {
                said.push(("a", take.as_str()));
            }
            said.push((
                "u",
                "logs it without an incident; `declare` can take it in later",
            ));
            if let Some(into) = &into {
                said.push(("i", into.as_str()));
            }
            said.push(("Esc", "back to the line"));
            hint(model, area, buf, &said);
        }
        Choice::PasteNowhere => hint(
            model,
            area,
            buf,
            &[
                ("", "No incident is open for what was pasted."),
                ("", ""),
                (
                    "Enter",
                    "asks for a title and declares one; then Enter logs the paste in it",
                ),
                (
                    "u",
                    "logs it without an incident; `declare` can take it in later",
                ),
                ("Esc", "back to the paste"),
            ],
        ),
        Choice::Export(document) => {
            let mut said = vec![("", "Written as what?"), ("", "")];
            said.extend(forms(*document));
            said.push(("", ""));
            said.push((
                "",
                "It goes to the folder you are in; no file is ever replaced.",
            ));
            hint(model, area, buf, &said);
        }
        Choice::State(_) => hint(
            model,
            area,
            buf,
            &[
                ("", "In which state did this fault put the service?"),
                ("", ""),
                ("1", "▃ at-risk: redundancy lost, customers unhurt"),
                ("2", "▅ degraded: customers hurt, not all of it gone"),
                ("3", "█ down: gone"),
                ("0", "▁ ok: nothing is changed by it"),
                ("Esc", "not known yet; the header says state? until it is"),
            ],
        ),
        Choice::Field => {
            let keys: Vec<String> = ('a'..).take(FIELDS.len()).map(String::from).collect();
            let words: Vec<String> = FIELDS
                .iter()
                .map(|(name, audience)| {
                    let sign = match audience {
                        Audience::Customers => "✉",
                        Audience::Internal => " ",
                    };
                    let now = field_words(model, name);
                    format!("{sign} {name:<16} {now}")
                })
                .collect();
            let mut said = vec![("", "Which field? ✉ customers read it")];
            said.extend(
                keys.iter()
                    .zip(&words)
                    .map(|(k, w)| (k.as_str(), w.as_str())),
            );
            hint(model, area, buf, &said);
        }
        Choice::Section => {
            let keys: Vec<String> = (1..=SECTIONS.len()).map(|n| n.to_string()).collect();
            let mut said = vec![("", "Which section? It opens in $EDITOR."), ("", "")];
            said.extend(
                keys.iter()
                    .zip(SECTIONS)
                    .map(|(key, (_, heading))| (key.as_str(), heading)),
            );
            hint(model, area, buf, &said);
        }
    }
}
