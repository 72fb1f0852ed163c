//! The flags that attach files and links to an event.

use crate::ops::attach::TypedEvidence;
use clap::{Args, ValueHint};
use std::path::PathBuf;

/// Files and links to attach.
#[derive(Clone, Debug, Default, Args)]
pub struct AttachFlags {
    /// Keep this file in the log with the event; may be given again
    #[arg(long = "attach", value_name = "FILE", value_hint = ValueHint::FilePath)]
    attached: Vec<PathBuf>,
    /// Keep this address with the event: https://... ; may be given again
    #[arg(long = "link", value_name = "URL")]
    linked: Vec<String>,
}

impl AttachFlags {
    pub fn to_evidence(&self) -> TypedEvidence {
        TypedEvidence {
            files: self.attached.clone(),
            urls: self.linked.clone(),
            ..TypedEvidence::default()
        }
    }
}

/// Files and links to take off.
#[derive(Clone, Debug, Default, Args)]
pub struct DetachFlags {
    /// Take off a file, by its name or the beginning of its hash; may be given again
    #[arg(long = "detach", value_name = "NAME")]
    detached: Vec<String>,
    /// Take off a link; may be given again
    #[arg(long = "unlink", value_name = "URL")]
    unlinked: Vec<String>,
}

impl DetachFlags {
    /// Adds what is to be taken off to `evidence`.
    pub fn add_to(&self, evidence: TypedEvidence) -> TypedEvidence {
        TypedEvidence {
            detached: self.detached.clone(),
            unlinked: self.unlinked.clone(),
            ..evidence
        }
    }
}
