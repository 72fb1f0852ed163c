//! The postmortem as Markdown and as HTML: an internal document with the whole incident, which a person
//! completes.
//!
//! Each section is written once, against the `Writer` of `writer.rs`, which knows the format; the
//! templates decide headings and order. What is not recorded is named as that, and sections without
//! content are left out.
//!
//! Begin at `render.rs`. `context.rs` has the `RenderContext` whose methods in the other files write the
//! sections.

mod attachments;
mod causes;
mod changes;
mod columns;
mod context;
mod figures;
mod head;
mod messages;
mod names;
mod page_one;
mod related;
mod render;
mod timeline;

mod why;
mod writer;

pub(super) use page_one::{PageOne, page_one};
pub(super) use render::VARIABLES;
pub use render::{
    postmortem_html, postmortem_markdown, postmortem_markdown_with_image,
    postmortem_markdown_with_related,
};
pub(super) use why::missing_records;
