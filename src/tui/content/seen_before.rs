//! The earlier incidents that began like the one shown: as sentences, and in a few words.

use crate::tui::model::{Focus, Model};

/// Returns a line for each incident, for what helped then, and for each follow-up that is still open.
#[must_use]
pub fn lines(model: &Model) -> Vec<String> {
    let mut lines = Vec::new();
    for seen in &model.seen_before {
        let day = model.zone.to_local(seen.declared).format("%-d %b %Y");
        let common = seen.in_common.join(", ");
        lines.push(format!("#{} {}, {day}", seen.short_ref, seen.title));
        lines.push(format!("in common: {common}"));
        lines.extend(seen.what_helped());
        for task in &seen.open_actions {
            let overdue = if task.overdue { ", overdue" } else { "" };
            lines.push(format!("not done{overdue}: {}", task.text));
        }
    }
    lines
}

/// Returns the incidents in a few words with the key that shows them: `S: began like #4, #2`. `None` if there
/// are none.
#[must_use]
pub fn hint(model: &Model) -> Option<String> {
    let refs: Vec<String> = model
        .seen_before
        .iter()
        .map(|seen| format!("#{}", seen.short_ref))
        .collect();
    // In the line the key is a letter.
    let key = match model.focus {
        Focus::List => "S: ",
        Focus::Line => "",
    };
    (!refs.is_empty()).then(|| format!("{key}began like {}", refs.join(", ")))
}
