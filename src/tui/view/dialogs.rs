//! Questions that take one key.

use super::widgets::draw_hint;
use crate::{
    domain::incident::{Audience, FIELDS, SECTIONS},
    tui::{
        content::prompt_text::field_value,
        model::{Dialog, Model, Preview, RoutingChoice, RoutingDialog},
    },
};
use ratatui::{buffer::Buffer, layout::Rect};

fn draw_routing(model: &Model, nowhere: &RoutingDialog, area: Rect, buf: &mut Buffer) {
    let read = match &model.capture.preview {
        Preview::Event(read) => Some(&read.event),
        _ => None,
    };
    let title = read.map_or(model.capture.line.text(), |event| event.text.as_str());
    let here = model.summary.as_ref().map_or_else(String::new, |o| {
        let number = o.number.map_or_else(|| o.handle.clone(), |n| n.to_string());
        format!("log it in #{number} {}, which is over", o.title)
    });
    let mut said: Vec<(String, String)> = Vec::new();
    let first = if model.other_open_incidents > 0 {
        "This incident is over, and another is open."
    } else {
        "No incident is open."
    };
    said.push((String::new(), first.to_owned()));
    said.push((String::new(), String::new()));
    for (at, way) in model.routing_choices().into_iter().enumerate() {
        let words = match way {
            RoutingChoice::OtherIncident => "log it in the one that is open".to_owned(),
            RoutingChoice::Declare => format!("declare it: {title}"),
            RoutingChoice::Unfiled => {
                "log it without an incident; one can take it in later".to_owned()
            }
            RoutingChoice::ShownIncident => here.clone(),
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
    if nowhere.unfiled_count > 0 {
        let events = match nowhere.unfiled_count {
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
    if !nowhere.next_line.text().is_empty() {
        let ahead = format!("then, on the next line: {}", nowhere.next_line.text());
        said.push((String::new(), ahead));
    }
    let said: Vec<_> = said.iter().map(|(k, w)| (k.as_str(), w.as_str())).collect();
    draw_hint(model, area, buf, &said);
}

/// Draws a question that takes a key.
pub(super) fn draw(model: &Model, choice: &Dialog, area: Rect, buf: &mut Buffer) {
    match choice {
        Dialog::Routing(nowhere) => draw_routing(model, nowhere, area, buf),
        Dialog::PasteRouting => draw_hint(
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
        Dialog::Export(document) => {
            let forms = document.formats();
            let keys: Vec<String> = forms.iter().map(|(key, ..)| key.to_string()).collect();
            let words = forms.iter().map(|(.., words)| *words);
            let mut said = vec![("", "Written as what?"), ("", "")];
            said.extend(keys.iter().map(String::as_str).zip(words));
            said.push(("", ""));
            said.push((
                "",
                "It goes to the folder you are in; no file is ever replaced.",
            ));
            draw_hint(model, area, buf, &said);
        }
        Dialog::State(_) => draw_hint(
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
        Dialog::Field => {
            let keys: Vec<String> = ('a'..).take(FIELDS.len()).map(String::from).collect();
            let words: Vec<String> = FIELDS
                .iter()
                .map(|(name, audience)| {
                    let sign = match audience {
                        Audience::Customers => "✉",
                        Audience::Internal => " ",
                    };
                    let now = field_value(model, name);
                    format!("{sign} {name:<16} {now}")
                })
                .collect();
            let mut said = vec![("", "Which field? ✉ customers read it")];
            said.extend(
                keys.iter()
                    .zip(&words)
                    .map(|(k, w)| (k.as_str(), w.as_str())),
            );
            draw_hint(model, area, buf, &said);
        }
        Dialog::Section => {
            let keys: Vec<String> = (1..=SECTIONS.len()).map(|n| n.to_string()).collect();
            let mut said = vec![("", "Which section? It opens in $EDITOR."), ("", "")];
            said.extend(
                keys.iter()
                    .zip(SECTIONS)
                    .map(|(key, (_, heading))| (key.as_str(), heading)),
            );
            draw_hint(model, area, buf, &said);
        }
    }
}
