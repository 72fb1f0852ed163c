//! The postmortem as Markdown and as HTML: an internal draft with the whole incident, which a person
//! completes.
//!
//! The code renders each section; the template decides their headings and their order. Missing
//! information appears as a placeholder `[[what: the command that fills it in]]`, and sections without
//! content are left out.
//!
//! Begin at `markdown.rs`. `context.rs` has the `RenderContext` whose methods in the other files render
//! the sections.

mod analysis;
mod context;
mod header;
mod html;
mod markdown;
mod metrics_table;
mod related;
mod timeline;

pub use html::postmortem_html;
pub(super) use markdown::VARIABLES;
pub use markdown::{
    postmortem_markdown, postmortem_markdown_with_image, postmortem_markdown_with_related,
};
