//! Tables: CSV of any delimiter, JSON Lines, and JSON of products whose members are known.
//!
//! `fields.rs` has the names of columns, `record.rs` makes rows of what they hold; `comments.rs` finds the
//! comments in a table of issues, `incidents.rs` what became of the incidents in one of PagerDuty; `products.rs`
//! says where the members of incident tools' JSON are.

mod comments;
mod csv_file;
mod fields;
mod incidents;
mod json_lines;
mod products;
mod record;

pub(super) use csv_file::FORMAT as CSV;
pub(super) use json_lines::FORMAT as JSONL;
pub(super) use products::{FIREHYDRANT, GRAFANA_INCIDENT, INCIDENT_IO, ROOTLY};

#[cfg(test)]
mod tests;
