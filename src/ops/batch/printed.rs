//! Lines of printed timelines and documents among those of a block.

use super::{BatchLine, BatchParser};
use crate::{
    domain::capture::{self, PrintedLine},
    ops::{OpsError, Result},
};

/// The way out for a line of a printed timeline.
const PRINTED_HINT: &str = "write it as in `10:06 fault: TEXT !down @SERVICE`; `bridgelog export jsonl` and `bridgelog import` take whole events to another database";

impl BatchParser {
    /// Returns the outcome of a line of a printed timeline; `None` for a line to log.
    pub(super) fn read_printed(&mut self, line: &str) -> Option<Result<BatchLine>> {
        let printed = capture::printed_line(line, &self.context.time_context());
        let goes_on =
            self.is_in_printed_row && printed.is_none() && capture::continues_printed_row(line);
        self.is_in_printed_row = goes_on || printed == Some(PrintedLine::Row);
        if let Some(begins) = capture::document_part(line) {
            self.is_in_document = begins;
        }
        match printed {
            None if self.is_in_document && !goes_on => Some(Ok(BatchLine::Frame)),
            Some(PrintedLine::Frame) => Some(Ok(BatchLine::Frame)),
            Some(PrintedLine::Row) => Some(Err(OpsError::usage(
                "it is a row of a table or a printed timeline, whose columns are not read",
            )
            .with_hint(PRINTED_HINT))),
            None if goes_on => Some(Err(OpsError::usage(
                "it belongs to the row of a printed timeline above it",
            )
            .with_hint(PRINTED_HINT))),
            None => None,
        }
    }
}
