//! Who works where: a small file for each machine.

use super::{
    super::{HubError, Presence},
    files::{io_error, write_whole},
};
use crate::domain::time::UtcTime;
use serde::{Deserialize, Serialize};
use std::{fs, path::Path};
use uuid::Uuid;

const FOLDER: &str = "presence";

/// What a file in `presence` says.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct PresenceFile {
    incident: Option<Uuid>,
    author: String,
    machine: String,
    seen: UtcTime,
}

/// Writes what `presence` says to its machine's file.
pub(super) fn write(hub: &Path, presence: &Presence) -> Result<(), HubError> {
    let folder = hub.join(FOLDER);
    let path = folder.join(format!("{}.json", presence.writer));
    let text = serde_json::to_string(&PresenceFile {
        incident: presence.incident,
        author: presence.author.clone(),
        machine: presence.machine.clone(),
        seen: presence.seen,
    })
    .unwrap_or_default();
    fs::create_dir_all(&folder)
        .and_then(|()| write_whole(&path, format!("{text}\n").as_bytes()))
        .map_err(|error| io_error(&path, "cannot be written", error))
}

/// Reads what machines said within `seconds` of `now`. A file that cannot be read says nothing.
pub(super) fn read(hub: &Path, now: UtcTime, seconds: u32) -> Vec<Presence> {
    let items = fs::read_dir(hub.join(FOLDER)).into_iter().flatten();
    let mut present: Vec<Presence> = items
        .flatten()
        .filter_map(|item| {
            let name = item.file_name().into_string().ok()?;
            let writer = name.strip_suffix(".json")?.parse().ok()?;
            let said = fs::read_to_string(item.path()).ok()?;
            let said: PresenceFile = serde_json::from_str(&said).ok()?;
            Some(Presence {
                writer,
                incident: said.incident,
                author: said.author,
                machine: said.machine,
                seen: said.seen,
            })
        })
        .filter(|there| (now - there.seen).num_seconds().abs() <= i64::from(seconds))
        .collect();
    present.sort_by(|a, b| (&a.author, a.writer).cmp(&(&b.author, b.writer)));
    present
}
