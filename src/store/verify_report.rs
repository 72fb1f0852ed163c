//! What a [`Store::verify`] tells.

#[cfg(doc)]
use super::Store;
use std::fmt;
use uuid::Uuid;

/// How many findings are kept; more are counted.
const MAX_FINDINGS: usize = 1000;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyFinding {
    /// The inner structure of the file is damaged.
    File(String),
    /// An entry is not what was written.
    Entry {
        /// The entry, as its table names it.
        id: Uuid,
        /// The handle of its subject; empty where it has none, or cannot be read.
        handle: String,
        /// What is wrong.
        what: String,
    },
    /// An entry does not go on from the one before it in its chain: something there was altered, taken
    /// out or put in.
    BrokenChain {
        /// The entry.
        id: Uuid,
        /// The handle of its subject; empty where it has none.
        handle: String,
    },
    /// Entries of a chain are missing: they were deleted, or have not come in yet.
    Gap {
        /// The incident of the chain; none for unfiled entries.
        incident: Option<Uuid>,
        /// The store that wrote it.
        origin: Uuid,
        /// The first that is missing.
        from: u64,
        /// The last that is missing.
        to: u64,
    },
    /// Several entries bear one place of a chain: the file was copied while in use.
    Fork {
        /// The incident of the chain; none for unfiled entries.
        incident: Option<Uuid>,
        /// The store that wrote it.
        origin: Uuid,
        /// The place.
        seq: u64,
        /// Those that bear it.
        entries: Vec<Uuid>,
    },
    /// What is shown is not what the journal says: somebody changed a read model, or it was made wrong.
    /// The journal is not touched by it; [`Store::rebuild`] mends it.
    ReadModel(String),
}

impl fmt::Display for VerifyFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_chain = |incident: &Option<Uuid>, origin: &Uuid| match incident {
            Some(incident) => format!("incident {incident}, written by {origin}"),
            None => format!("unfiled entries, written by {origin}"),
        };
        match self {
            Self::File(what) => write!(f, "the file: {what}"),
            Self::Entry { id, handle, what } => write!(f, "entry {id} {handle}: {what}"),
            Self::BrokenChain { id, handle } => write!(
                f,
                "entry {id} {handle}: does not go on from the entry before it in its chain"
            ),
            Self::Gap {
                incident,
                origin,
                from,
                to,
            } => write!(
                f,
                "{}: {from} to {to} are missing",
                in_chain(incident, origin)
            ),
            Self::Fork {
                incident,
                origin,
                seq,
                entries,
            } => {
                let entries: Vec<String> = entries.iter().map(ToString::to_string).collect();
                write!(
                    f,
                    "{}: {} all bear number {seq}",
                    in_chain(incident, origin),
                    entries.join(", ")
                )
            }
            Self::ReadModel(what) => {
                write!(
                    f,
                    "{what} is not what the journal says: what is shown may be wrong, the entries are not touched by it"
                )
            }
        }
    }
}

/// What a [`Store::verify`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// How many entries were looked at.
    pub entries: u64,
    /// How many of them have had their body destroyed.
    pub destroyed: u64,
    /// How many chains they make.
    pub chains: u64,
    /// How many subjects they are about.
    pub subjects: u64,
    /// How many incidents.
    pub incidents: u64,
    /// True if a newer version of the program wrote the read models: they were not checked.
    pub newer_read_models: bool,
    /// What is not as it should be, at most a thousand.
    pub findings: Vec<VerifyFinding>,
    /// How many findings there are in all.
    pub total_findings: u64,
}

impl VerifyReport {
    /// True where all is as it should be.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.total_findings == 0
    }

    pub(super) fn add(&mut self, finding: VerifyFinding) {
        self.total_findings += 1;
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}
