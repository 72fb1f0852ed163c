//! What a postmortem has of the files that are attached to the events of its incident.

use crate::domain::{
    event::Event,
    file::AttachedFile,
    hash::Hash,
    incident::{Incident, Record},
};

/// A file of the incident, once, whatever the number of events that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    pub sha256: Hash,
    /// Where it lies, as a URL relative to the document; `None` if it is not written beside it.
    pub link: Option<String>,
    pub content: EvidenceContent,
}

/// What of a file is shown in the document itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EvidenceContent {
    /// Only its name: the form shows no content, or it is neither image nor text.
    Named,
    /// An image: what sort its bytes are, and the bytes in base64.
    Image {
        media_type: &'static str,
        data: String,
    },
    /// The first lines of a text, and how many more it has.
    Text { shown: String, more_lines: usize },
    /// There was no room for it: the document would be larger than so many bytes.
    LeftOut { limit: u64 },
    /// It was destroyed.
    Redacted,
    /// It is not in this database, or not as it was attached.
    Missing,
}

/// Returns the files of the events that count, in timeline order, each once with the events that have it.
#[must_use]
pub fn attached_files(incident: &Incident) -> Vec<(&AttachedFile, Vec<&Record<Event>>)> {
    let mut files: Vec<(&AttachedFile, Vec<&Record<Event>>)> = Vec::new();
    for event in incident.active_events() {
        for file in &event.value.files {
            let known = files
                .iter_mut()
                .find(|(known, _)| known.sha256 == file.sha256);
            match known {
                Some((known, events)) => {
                    // A redacted event has no name of it.
                    if known.name.is_empty() {
                        *known = file;
                    }
                    events.push(event);
                }
                None => files.push((file, vec![event])),
            }
        }
    }
    files
}
