//! What is typed to search all incidents: words, prefixes, phrases and filters.
//!
//! In: the text that was typed, and the texts that are searched. Out: a [`Query`], and where its words
//! are in a text. `parse.rs` reads what was typed; `script.rs` prepares texts for the index, also those
//! in scripts without spaces; `found.rs` marks what was found.

mod found;
mod parse;
mod query;
mod script;
mod tokens;

pub use found::{Snippet, snippet};
pub use query::{FILTERS, Names, Query, Word};
pub use script::index_text;
