//! The domain: journal entries, events, kinds, service states, metrics, and the parsers of the
//! capture line and of times. Pure functions: no I/O, and the caller passes the current time.
//!
//! In: entries from the store, and lines that a person types. Out: an [`incident::Incident`] with
//! its states and metrics, and changes to append to the journal. The other rooms depend on this
//! one, and this one depends on none.
//!
//! Start reading at `entry.rs` and `value.rs` (what is stored), then `subject.rs` and `incident.rs`
//! (how the current values follow from it), and `capture/mod.rs` (how a line is parsed).

pub mod alike;
pub mod capture;
pub mod command_words;
pub mod count;
pub mod customer_updates;
pub mod document_text;
pub mod entry;
pub mod event;
pub mod file;
pub mod handle;
pub mod hash;
pub mod incident;
pub mod json;
pub mod ledger;
pub mod metrics;
pub mod parse_error;
pub mod renames;
pub mod review;
pub mod sanitize;
pub mod search;
pub mod severities;
pub mod source;
pub mod states;
pub mod subject;
pub mod suggestion;
pub mod task;
#[cfg(test)]
pub(crate) mod testing;
pub mod time;
pub mod unknown;
pub mod value;
pub mod when;
pub mod white_space;
pub mod words;
pub mod zone;
