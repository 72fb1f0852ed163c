//! Tables: CSV of any delimiter, JSON Lines, and JSON of products whose members are known.
//!
//! `fields.rs` has the names of columns, `record.rs` makes rows of what they hold; `comments.rs` finds the
//! comments in a table of issues.

mod comments;
mod csv_file;
mod fields;
mod json_lines;
mod record;

pub(super) use csv_file::FORMAT as CSV;
pub(super) use json_lines::{FIREHYDRANT, FORMAT as JSONL, GRAFANA_INCIDENT, INCIDENT_IO, ROOTLY};

#[cfg(test)]
mod tests;
