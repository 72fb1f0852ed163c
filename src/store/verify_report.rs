//! The report of [`Store::verify`]: counts and findings.

#[cfg(doc)]
use super::Store;
use std::fmt;
use uuid::Uuid;

/// How many findings the report lists; further ones are only counted.
const MAX_FINDINGS: usize = 1000;

#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum VerifyFinding {
    /// The structure of the database file is damaged; with SQLite's message.
    File(String),
    /// The header or body of an entry does not match its hash or its columns, or cannot be read.
    Entry {
        /// Column `entry.id`.
        id: Uuid,
        /// The handle of its subject; empty if it has none or its header cannot be read.
        handle: String,
        /// What is wrong, for people.
        what: String,
    },
    /// The previous hash of an entry is not the hash of the entry before it in its chain: an entry there
    /// was altered, removed or inserted.
    BrokenChain {
        id: Uuid,
        /// The handle of its subject; empty if it has none.
        handle: String,
    },
    /// Entries of a chain are missing: they were deleted, or have not arrived yet.
    Gap {
        /// None for the chain of unfiled entries.
        incident: Option<Uuid>,
        /// The store that wrote the chain.
        origin: Uuid,
        /// The first missing sequence number.
        from: u64,
        /// The last missing sequence number.
        to: u64,
    },
    /// Several entries have the same sequence number in a chain: the file was copied while in use.
    Fork {
        /// None for the chain of unfiled entries.
        incident: Option<Uuid>,
        /// The store that wrote the chain.
        origin: Uuid,
        seq: u64,
        /// The ids of the entries with number `seq`.
        entries: Vec<Uuid>,
    },
    /// A read model does not match the journal: another program changed it, or it was computed wrongly.
    /// The journal itself is not affected; [`Store::rebuild`] repairs the read models. The text names
    /// what differs.
    ReadModel(String),
}

impl fmt::Display for VerifyFinding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let in_chain = |incident: &Option<Uuid>, origin: &Uuid| match incident {
            Some(incident) => format!("incident {incident}, written by {origin}"),
            None => format!("entries of no incident, written by {origin}"),
        };
        match self {
            Self::File(what) => write!(f, "the file: {what}"),
            Self::Entry { id, handle, what } => write!(f, "entry {id} {handle}: {what}"),
            Self::BrokenChain { id, handle } => write!(
                f,
                "entry {id} {handle}: does not follow the entry before it in its chain"
            ),
            Self::Gap {
                incident,
                origin,
                from,
                to,
            } => write!(
                f,
                "{}: {from} to {to} are missing: not arrived yet, kept back as private, or deleted",
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
                    "{what} does not match the journal: what is shown may be wrong; the entries themselves are not affected"
                )
            }
        }
    }
}

/// The result of [`Store::verify`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VerifyReport {
    /// Number of entries checked.
    pub entries: u64,
    /// Number of these whose body was destroyed by a redaction.
    pub destroyed: u64,
    pub chains: u64,
    pub subjects: u64,
    pub incidents: u64,
    /// True if a newer version of the program wrote the read models: they were not checked.
    pub newer_read_models: bool,
    /// At most the first thousand findings.
    pub findings: Vec<VerifyFinding>,
    /// Number of all findings, listed or not.
    pub total_findings: u64,
    /// Number of those of what is derived from the entries.
    pub read_model_findings: u64,
}

impl VerifyReport {
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.total_findings == 0
    }

    /// True if there are findings, and all are of what is derived from the entries.
    #[must_use]
    pub fn is_only_read_models(&self) -> bool {
        !self.is_clean() && self.total_findings == self.read_model_findings
    }

    pub(super) fn add(&mut self, finding: VerifyFinding) {
        self.total_findings += 1;
        self.read_model_findings += u64::from(matches!(finding, VerifyFinding::ReadModel(_)));
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(finding);
        }
    }
}
