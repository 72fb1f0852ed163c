//! Questions that take one key.

use super::hint;
use crate::{
    domain::incident::{Audience, FIELDS, SECTIONS},
    tui::model::{Choice, Echo, Model, Nowhere, Way},
};
use ratatui::{buffer::Buffer, layout::Rect};

fn nothing_open(model: &Model, nowhere: &Nowhere, area: Rect, buf: &mut Buffer) {
    let read = match &model.capture.echo {
        Echo::Read(read) => Some(&read.event),
        _ => None,
    };
    let title = read.map_or(model.capture.line.text(), |event| event.text.as_str());
    let here = model.outline.as_ref().map_or_else(String::new, |o| {
        let number = o.number.map_or_else(|| o.handle.clone(), |n| n.to_string());
        format!("log it in #{number} {}, which is over", o.title)
    });
    let mut said: Vec<(String, String)> = Vec::new();
    let first = if model.others_open > 0 {
        "This incident is over, and another is open."
    } else {
        "No incident is open."
    };
    said.push((String::new(), first.to_owned()));
    said.push((String::new(), String::new()));
    for (at, way) in model.ways().into_iter().enumerate() {
        let words = match way {
            Way::Elsewhere => "log it in the one that is open".to_owned(),
            Way::Declare => format!("declare it: {title}"),
            Way::Unfiled => "log it without an incident; one can take it in later".to_owned(),
            Way::Here => here.clone(),
        };
        let key = if at == nowhere.selected {
            "Enter ›"
        } else {
            "↓"
        };
        said.push((key.to_owned(), words));
    }
    let severity = match nowhere.severity {
        Some(severity) => format!("how bad it is: {severity}"),
        None => "how bad it is, sev1 to sev5; may be said later".to_owned(),
    };
    said.push(("1 … 5".to_owned(), severity));
    if nowhere.offered > 0 {
        let events = match nowhere.offered {
            1 => "the unfiled event".to_owned(),
            n => format!("the {n} unfiled events"),
        };
        let taken = if nowhere.adopt { "yes" } else { "no" };
        said.push((
            "Tab".to_owned(),
            format!("take {events} of the last day in: {taken}"),
        ));
    }
    said.push(("Esc".to_owned(), "back to the line".to_owned()));
    if !nowhere.ahead.text().is_empty() {
        let ahead = format!("then, on the next line: {}", nowhere.ahead.text());
        said.push((String::new(), ahead));
    }
    let said: Vec<_> = said.iter().map(|(k, w)| (k.as_str(), w.as_str())).collect();
    hint(model, area, buf, &said);
}

/// What a field says now; of a time, the time as it is read here.
pub(super) fn field_words(model: &Model, name: &str) -> String {
    let now = model.field(name);
    match crate::domain::time::parse_utc(now) {
        Some(at) => {
            let at = model.zone.to_local(at);
            at.format("%a %-d %b %Y %H:%M").to_string()
        }
        None => now.to_owned(),
    }
}

/// Draws a question that takes a key.
pub(super) fn draw(model: &Model, choice: &Choice, area: Rect, buf: &mut Buffer) {
    match choice {
        Choice::NothingOpen(nowhere) => nothing_open(model, nowhere, area, buf),
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
            let forms = document.forms();
            let keys: Vec<String> = forms.iter().map(|(key, ..)| key.to_string()).collect();
            let words = forms.iter().map(|(.., words)| *words);
            let mut said = vec![("", "Written as what?"), ("", "")];
            said.extend(keys.iter().map(String::as_str).zip(words));
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
