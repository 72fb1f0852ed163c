//! Plain mode, for a screen reader: sentences instead of drawing, one thing a line, in reading order. Begin with
//! [`screen`] in `screen.rs`.
//!
//! | file | contents |
//! |---|---|
//! | `screen.rs` | the order of the parts, and which of them give way on a low screen |
//! | `header.rs`, `foot.rs` | what stands above and below the page |
//! | `pages.rs`, `page.rs` | which page is shown; its heading, its list or text |
//! | `events.rs`, `tasks.rs`, `documents.rs`, `incidents.rs`, `detail.rs`, `overlays.rs` | what each page says |
//! | `input.rs`, `follows.rs` | the last line, where the keys go; what follows from what is typed there |
//! | `rows.rs`, `words.rs` | sentences in rows; times, counts, keys and signs in words |

mod detail;
mod documents;
mod events;
mod follows;
mod foot;
mod header;
mod import;
mod incidents;
mod input;
mod overlays;
mod page;
mod pages;
mod rows;
mod screen;
mod tasks;
mod words;

pub use detail::detail_row_count;
pub use screen::{document_height, page_height, screen};
