//! The postmortem in Markdown: internal, all of the incident, a draft that a person finishes.
//!
//! Each part is written here as finished Markdown; the template says which parts there are, under
//! which headings and in which order. What is missing stands in it as `[[what: the command that
//! fills it in]]`, and what there is nothing to say of is left out.

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
