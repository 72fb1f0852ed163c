//! The file that makes a directory a hub.

use super::{
    super::{HubError, HubErrorKind},
    files::{io_error, write_whole},
};
use serde::{Deserialize, Serialize};
use std::{fs, io, path::Path};
use uuid::Uuid;

/// Its name.
const MARKER: &str = "bridgelog-hub.json";
/// The version of the layout that `directory.rs` describes.
const FORMAT: u32 = 1;

/// What the marker says.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Marker {
    format: u32,
    pub id: Uuid,
}

impl Marker {
    /// Makes the directory at `path` a hub with the id `id`. Returns false if it is one already.
    pub fn write(path: &Path, id: Uuid) -> Result<bool, HubError> {
        let marker = Self { format: FORMAT, id };
        let text = serde_json::to_string(&marker).unwrap_or_default();
        let marker_path = path.join(MARKER);
        if marker_path.exists() {
            return Ok(false);
        }
        write_whole(&marker_path, format!("{text}\n").as_bytes())
            .map_err(|error| io_error(&marker_path, "cannot be written", error))?;
        Ok(true)
    }

    /// Reads the marker of the directory at `path`.
    pub fn read(path: &Path) -> Result<Self, HubError> {
        let name = path.display();
        let marker_path = path.join(MARKER);
        let text = match fs::read_to_string(&marker_path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(HubError::new(
                    HubErrorKind::Missing,
                    format!("`{name}` is not a hub: it has no file {MARKER}"),
                )
                .with_hint(format!(
                    "if it is a mount, mount it; `bridgelog hub init {name}` makes it a hub"
                )));
            }
            Err(error) => return Err(io_error(&marker_path, "cannot be read", error)),
        };
        serde_json::from_str(&text).map_err(|error| {
            HubError::new(
                HubErrorKind::Failed,
                format!("{} does not say which hub it is", marker_path.display()),
            )
            .with_source(error)
            .with_hint("take it back from a copy, or remove it and run `bridgelog hub init`")
        })
    }

    /// True if a newer version of Bridgelog made the hub.
    pub fn is_newer(&self) -> bool {
        self.format > FORMAT
    }
}
