//! Writes the sections of the postmortem and of letters.

use super::{FieldChange, write_subject};
use crate::{
    domain::{
        incident::{SECTIONS, section_audience},
        subject::Subject,
        value::Value,
    },
    ops::{
        OpsError, Result, Session,
        bounded_read::{self, MAX_PROSE_BYTES},
        context,
        resolve::{label, short_ref},
        section_material,
    },
};

/// Writes the section `name` of the incident `given`, else the open one, else the latest: most
/// prose is written after the end. Empty prose clears it.
///
/// # Errors
/// An unknown section, no incident, or a character in the prose that no document shows.
pub fn write_section(
    session: &mut Session,
    given: Option<&str>,
    name: &str,
    prose: &str,
) -> Result<FieldChange> {
    session.transact(|session| {
        let name = resolve_section(name)?;
        let row = session.resolve_to_change(given)?;
        let prose = section_material::without_material(prose);
        let prose = prose.trim_end().trim_start_matches(['\n', '\r']).to_owned();
        context::reject_placeholder(&prose, name)?;
        context::reject_hidden_characters(&prose, "prose")?;
        bounded_read::check_len(prose.len(), "the prose", MAX_PROSE_BYTES)?;
        let before = write_subject(
            session,
            &row,
            Subject::Section(name.to_owned()),
            Value::Section(prose.clone().into()),
        )?;
        Ok(FieldChange {
            incident: row,
            name: name.to_owned(),
            before,
            value: prose,
            audience: section_audience(name),
            notices: vec![],
        })
    })
}

/// Writes the section `name` of the incident `given` after it was edited; `before` is its prose from when
/// that began.
///
/// # Errors
/// The section was changed meanwhile; and those of [`write_section`].
pub fn write_edited_section(
    session: &mut Session,
    given: &str,
    name: &str,
    before: &str,
    prose: &str,
) -> Result<FieldChange> {
    session.transact(|session| {
        let name = resolve_section(name)?;
        let row = session.resolve_to_change(Some(given))?;
        let subject = Subject::Section(name.to_owned());
        let now = match session.read().subject_state(&subject, Some(row.id))? {
            Some((current, _)) => match current.value {
                Value::Section(text) => text.text,
                _ => String::new(),
            },
            None => String::new(),
        };
        if now.trim_end() != before.trim_end() {
            return Err(OpsError::failed(format!(
                "{name} of incident {} was changed while you edited it",
                label(&row)
            ))
            .with_hint(format!(
                "`bridgelog history section/{name} --incident {}` shows what it says now: put both together",
                short_ref(&row)
            )));
        }
        write_section(session, Some(given), name, prose)
    })
}

/// Resolves the name of a section; `_` and spaces count as `-`.
///
/// # Errors
/// An unknown section: lists the known ones.
pub fn resolve_section(name: &str) -> Result<&'static str> {
    let lower = name.to_lowercase().replace(['_', ' '], "-");
    SECTIONS
        .iter()
        .map(|(known, _)| *known)
        .find(|known| *known == lower)
        .ok_or_else(|| {
            let known: Vec<_> = SECTIONS.iter().map(|(name, _)| *name).collect();
            OpsError::usage(format!("there is no section `{name}`"))
                .with_hint(format!("one of: {}", known.join(", ")))
        })
}
