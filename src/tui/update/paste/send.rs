//! The end of a paste: its rows are sent, logged or kept.

use crate::{
    tui::update::line::{on_line_changed, request_paste_parse, save_drafts},
    tui::{
        model::{Level, Model, Overlay, Paste, PasteDay, PasteRow},
        msg::{Effect, Job, ReadRow, Target, Write},
    },
};

/// Enter: the first says what it logs, the next logs it.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let open = Some(model.target()).filter(|_| model.has_target());
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    if paste.submitted.is_some() {
        return vec![];
    }
    if paste.day == PasteDay::Open {
        model.notify(Level::Info, "pick the day first: ← →");
        return vec![];
    }
    if paste.rows.iter().any(|row| row.read.is_none()) {
        model.notify(Level::Info, "the rows are still being read");
        return vec![];
    }
    let count = paste.taken_count();
    if count == 0 {
        model.notify(Level::Info, "no row is taken");
        return vec![];
    }
    if !std::mem::replace(&mut paste.armed, true) {
        return vec![];
    }
    match paste.place.clone().or(open) {
        Some(target) => send(model, target),
        None => {
            model.ask_where(true);
            vec![]
        }
    }
}

/// Sends the taken rows to the worker.
fn send(model: &mut Model, target: Target) -> Vec<Effect> {
    let Some(Overlay::Paste(paste)) = model.overlays.last_mut() else {
        return vec![];
    };
    let mut lines = paste.lines();
    for (line, row) in lines.iter_mut().zip(&paste.rows) {
        line.included &= !matches!(row.read, Some(ReadRow::Refused(_)));
    }
    paste.submitted = Some(paste.rows.len());
    vec![Effect::Job(Job::Write(Write::LogPaste {
        lines,
        begun: paste.begun,
        target,
        day: paste.picked_day(),
    }))]
}

/// Closes the preview whose rows are logged. Those left out become a draft; rows that were added meanwhile
/// stay.
pub fn on_logged(model: &mut Model) -> Vec<Effect> {
    let target = model.reading_target();
    let sent = model
        .overlays
        .iter_mut()
        .enumerate()
        .find_map(|(at, overlay)| match overlay {
            Overlay::Paste(paste) => Some((at, paste.submitted.take()?, paste)),
            _ => None,
        });
    let Some((at, count, paste)) = sent else {
        return vec![];
    };
    let is_left_out =
        |row: &PasteRow| !row.included || matches!(row.read, Some(ReadRow::Refused(_)));
    let rows = paste.rows.drain(..count.min(paste.rows.len()));
    let left: Vec<String> = rows.filter(is_left_out).map(|row| row.text).collect();
    let mut effects = vec![];
    if paste.rows.is_empty() {
        model.overlays.remove(at);
    } else {
        paste.selected = 0;
        effects.push(request_paste_parse(paste, target));
    }
    let about = format!("{} lines left out of a paste", left.len());
    model.keep_draft(&left.join("\n"), Some(about));
    effects.push(save_drafts(model));
    effects
}

/// Keeps a paste that is left as a draft; what stood before it goes back to the line.
pub fn discard(model: &mut Model, paste: &Paste) -> Vec<Effect> {
    let about = format!("a paste of {} lines", paste.rows.len());
    let mut text = paste.text();
    // The beginning of the first row was on the line.
    if let Some(rest) = text.strip_prefix(paste.line_before.as_str()) {
        text = rest.to_owned();
        if !paste.line_before.is_empty() {
            let line = format!("{}{}", paste.line_before, model.capture.line.text());
            model.capture.set_line(line);
        }
    }
    model.keep_draft(&text, Some(about));
    model.notify(
        Level::Info,
        "the paste was not logged; it is a draft: Ctrl-R on the line",
    );
    on_line_changed(model)
}
