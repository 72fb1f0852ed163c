//! Pages of sentences that are asked for: the brief, and what was seen before. A page opens at its key and is filled when the worker replies, so
//! that a reply never takes the keys.

use crate::tui::{
    content::seen_before,
    model::{Level, Model, Overlay, TextPage},
    msg::{Effect, Job},
};

const BRIEF: &str = "Brief for executives";
const SEEN_BEFORE: &str = "Seen before";

/// Opens the brief of the incident shown.
pub fn open_brief(model: &mut Model) -> Vec<Effect> {
    open(model, BRIEF);
    vec![Effect::Job(Job::Brief)]
}

/// Fills the page of the brief, whose lines are `text`.
pub fn fill_brief(model: &mut Model, text: String) {
    let paragraphs = text.lines().map(str::to_owned).collect();
    fill(model, BRIEF, paragraphs, text);
}

/// Opens the page of the earlier incidents that began alike.
pub fn open_seen_before(model: &mut Model) -> Vec<Effect> {
    if model.seen_before.is_empty() {
        model.notify(Level::Info, "no earlier incident began alike");
        return vec![];
    }
    let lines = seen_before::lines(model);
    let text = lines.join("\n");
    open(model, SEEN_BEFORE);
    fill(model, SEEN_BEFORE, lines, text);
    vec![]
}

fn open(model: &mut Model, title: &str) {
    model.overlays.push(Overlay::Text(TextPage {
        title: title.to_owned(),
        paragraphs: vec!["It is being made.".to_owned()],
        scroll: 0,
        copied: None,
        is_dense: true,
    }));
}

/// Fills the page with this title, if it is still open.
fn fill(model: &mut Model, title: &str, paragraphs: Vec<String>, text: String) {
    for overlay in &mut model.overlays {
        if let Overlay::Text(page) = overlay
            && page.title == title
        {
            page.paragraphs = paragraphs;
            page.copied = Some(text);
            return;
        }
    }
}
