//! Dialogs: questions that are answered with one key.

use super::widgets::draw_hint;
use crate::{
    domain::incident::{Audience, FIELDS, SECTIONS},
    tui::{
        content::prompt_text::field_value,
        model::{Dialog, Model, Preview, RoutingChoice, RoutingDialog, SECTION_KEYS},
    },
};
use ratatui::{buffer::Buffer, layout::Rect};

fn draw_routing(model: &Model, dialog: &RoutingDialog, area: Rect, buf: &mut Buffer) {
    let event = match &model.capture.preview {
        Preview::Event(parsed) => Some(&parsed.event),
        _ => None,
    };
    let title = event.map_or(model.capture.line.text(), |event| event.text.as_str());
    let here = model.summary.as_ref().map_or_else(String::new, |o| {
        let number = o.number.map_or_else(|| o.handle.clone(), |n| n.to_string());
        format!("log it in #{number} {}, which is over", o.title)
    });
    let mut hints: Vec<(String, String)> = Vec::new();
    let reason = if model.other_open_incidents > 0 {
        "This incident is over, and another is open."
    } else {
        "No incident is open."
    };
    hints.push((String::new(), reason.to_owned()));
    hints.push((String::new(), String::new()));
    for (at, choice) in model.routing_choices().into_iter().enumerate() {
        let description = match choice {
            RoutingChoice::OtherIncident => "log it in the one that is open".to_owned(),
            RoutingChoice::Declare => format!("declare it: {title}"),
            RoutingChoice::Unfiled => {
                "log it without an incident; one can take it in later".to_owned()
            }
            RoutingChoice::ShownIncident => here.clone(),
        };
        let key = if at == dialog.selected {
            "Enter ›"
        } else {
            "↓"
        };
        hints.push((key.to_owned(), description));
    }
    let severity = match dialog.severity {
        Some(severity) => format!("how bad it is: {severity}"),
        None => "how bad it is, sev1 to sev5; may be said later".to_owned(),
    };
    hints.push(("1 … 5".to_owned(), severity));
    if dialog.unfiled_count > 0 {
        let events = match dialog.unfiled_count {
            1 => "the unfiled event".to_owned(),
            n => format!("the {n} unfiled events"),
        };
        let adopt = if dialog.adopt { "yes" } else { "no" };
        hints.push((
            "Tab".to_owned(),
            format!("take {events} of the last day in: {adopt}"),
        ));
    }
    hints.push(("Esc".to_owned(), "back to the line".to_owned()));
    if !dialog.next_line.text().is_empty() {
        let next_line = format!("then, on the next line: {}", dialog.next_line.text());
        hints.push((String::new(), next_line));
    }
    let hints: Vec<_> = hints
        .iter()
        .map(|(key, text)| (key.as_str(), text.as_str()))
        .collect();
    draw_hint(model, area, buf, &hints);
}

pub(super) fn draw(model: &Model, choice: &Dialog, area: Rect, buf: &mut Buffer) {
    match choice {
        Dialog::Routing(dialog) => draw_routing(model, dialog, area, buf),
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
            let formats = document.formats();
            let keys: Vec<String> = formats.iter().map(|(key, ..)| key.to_string()).collect();
            let descriptions = formats.iter().map(|(.., description)| *description);
            let mut hints = vec![("", "Written as what?"), ("", "")];
            hints.extend(keys.iter().map(String::as_str).zip(descriptions));
            hints.push(("", ""));
            hints.push((
                "",
                "It goes to the folder you are in; no file is ever replaced.",
            ));
            draw_hint(model, area, buf, &hints);
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
            let descriptions: Vec<String> = FIELDS
                .iter()
                .map(|(name, audience)| {
                    let mark = match audience {
                        Audience::Customers => "✉",
                        Audience::Internal => " ",
                    };
                    let value = field_value(model, name);
                    format!("{mark} {name:<16} {value}")
                })
                .collect();
            let mut hints = vec![("", "Which field? ✉ customers read it")];
            hints.extend(
                keys.iter()
                    .zip(&descriptions)
                    .map(|(key, text)| (key.as_str(), text.as_str())),
            );
            draw_hint(model, area, buf, &hints);
        }
        Dialog::Section => {
            let keys: Vec<String> = SECTION_KEYS.chars().map(String::from).collect();
            let mut hints = vec![("", "Which section? It opens in $EDITOR."), ("", "")];
            hints.extend(
                keys.iter()
                    .zip(SECTIONS)
                    .map(|(key, (_, heading))| (key.as_str(), heading)),
            );
            draw_hint(model, area, buf, &hints);
        }
    }
}
