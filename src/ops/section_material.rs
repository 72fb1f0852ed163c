//! What stands below a section in an editor: the customer wordings with their times, as material for the
//! story that a person writes.

use crate::{
    domain::{document_text, incident::Incident, zone::Zone},
    ops::Result,
};

/// The line above the material. Neither it nor what follows is kept.
pub const MATERIAL_LINE: &str =
    "---- below this line: what customers read so far, as material; none of it is kept ----";

/// Returns what an editor opens on for the section `name` of `incident`: its prose, and for the story of
/// the letter the dated wordings below [`MATERIAL_LINE`].
///
/// # Errors
/// The incident's zone is unknown.
pub fn text_for_editor(incident: &Incident, name: &str) -> Result<String> {
    let prose = incident.sections.get(name).cloned().unwrap_or_default();
    if name != "customer-followup" {
        return Ok(prose);
    }
    let zone = Zone::find(incident.zone())?;
    let mut material = String::new();
    let mut last_day = None;
    for event in incident.active_events() {
        let Some(wording) = &event.value.customer else {
            continue;
        };
        let at = zone.to_local(event.value.at_utc());
        if last_day.replace(at.date_naive()) != Some(at.date_naive()) {
            material.push_str(&format!("\n{}\n", at.format("%A, %-d %B %Y")));
        }
        let about = if event.value.approximate {
            "about "
        } else {
            ""
        };
        let wording = document_text::block(wording);
        material.push_str(&format!("{about}{} {wording}\n", at.format("%H:%M")));
    }
    if material.is_empty() {
        return Ok(prose);
    }
    Ok(format!(
        "{}\n\n{MATERIAL_LINE}\n{material}",
        prose.trim_end()
    ))
}

#[must_use]
pub fn without_material(text: &str) -> &str {
    match text.find(MATERIAL_LINE) {
        Some(at) => text[..at].trim_end(),
        None => text,
    }
}
