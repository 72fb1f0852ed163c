//! The input of an import: which format it has, and what is said where it cannot be read.

use super::{
    super::{OpsError, Result},
    options::ImportOptions,
};
use crate::import::{self as readers, Files, Format, RowError, Sample};

/// Returns the format that was named, or the one that the input looks like.
pub(super) fn find_format(files: &mut Files, options: &ImportOptions) -> Result<&'static Format> {
    let sample = Sample::of(files).map_err(input_error)?;
    if sample.start.trim().is_empty() && !files.is_several() {
        return Err(OpsError::failed("the input is empty")
            .with_hint("name the file that the other tool exported"));
    }
    let looks_like = readers::detect_format(&sample);
    match (options.format, looks_like) {
        (Some(named), looks_like) => match looks_like {
            Some(other) if other.name != named.name && !(named.detect)(&sample) => {
                Err(OpsError::failed(format!(
                    "the input is not {}: it looks like {}",
                    named.about, other.about
                ))
                .with_hint(format!("`bridgelog import {} ...` reads it", other.name)))
            }
            _ => Ok(named),
        },
        (None, Some(format)) => Ok(format),
        (None, None) => {
            let names: Vec<&str> = readers::FORMATS.iter().map(|format| format.name).collect();
            Err(
                OpsError::failed("the input looks like none of the known formats")
                    .with_hint(format!("name the format: {}", names.join(", ")))
                    .for_unknown_format(),
            )
        }
    }
}

/// Returns the error of an input that cannot be read.
#[must_use]
pub fn input_error(error: RowError) -> OpsError {
    let failed = OpsError::failed(error.to_string());
    match error.hint {
        Some(hint) => failed.with_hint(hint),
        None => failed,
    }
}
