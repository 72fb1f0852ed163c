//! Renaming and removing, alike for services and people.

use super::{confirm::confirm, error::Result, global::GlobalArgs, out::Out, view};
use crate::{
    domain::{count::counted, sanitize},
    ops::{
        context::quote_name,
        names::{self, NameKind, Removal},
    },
};

pub(super) fn rename(
    global: &GlobalArgs,
    kind: NameKind,
    old: &str,
    new: &str,
    out: &Out,
) -> Result {
    let mut session = global.open_existing()?;
    let renamed = names::rename(&mut session, None, kind, old, new)?;
    out.print_line(&sanitize::line(&format!(
        "renamed {} {} of {} to {}{}",
        kind.word(),
        renamed.name,
        view::short_ref(&renamed.incident),
        new.trim_start_matches('@'),
        named_by(renamed.events),
    )));
    for notice in &renamed.notices {
        out.print_note(&sanitize::line(notice));
    }
    Ok(())
}

pub(super) fn remove(
    global: &GlobalArgs,
    kind: NameKind,
    name: &str,
    agreed: bool,
    out: &Out,
) -> Result {
    let mut session = global.open_existing()?;
    let mut agreed = agreed;
    let removed = loop {
        match names::remove(&mut session, None, kind, name, agreed)? {
            Removal::Done(removed) => break removed,
            Removal::Ask(question) => {
                let without_asking = format!(
                    "bridgelog {} {} --remove --yes",
                    kind.word(),
                    quote_name(name)
                );
                confirm(&question, "remove", &without_asking, out)?;
                agreed = true;
            }
        }
    };
    out.print_line(&sanitize::line(&format!(
        "removed {} {} from {}{}",
        kind.word(),
        removed.name,
        view::short_ref(&removed.incident),
        named_by(removed.events),
    )));
    for notice in &removed.notices {
        out.print_note(&sanitize::line(notice));
    }
    Ok(())
}

fn named_by(events: usize) -> String {
    match events {
        0 => String::new(),
        n => format!(" (named by {})", counted(n, "event", "events")),
    }
}
