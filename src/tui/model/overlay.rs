//! What has the keys instead of line and list.

use super::{
    confirm::Confirm,
    detail::{Detail, TextPage, Uncopied},
    finder::Finder,
    import::Import,
    paste::Paste,
    prompt::Prompt,
    routing::Routing,
};

/// What has the keys, topmost last.
#[derive(Clone, Debug)]
pub enum Overlay {
    Finder(Finder),
    Detail(Box<Detail>),
    Text(TextPage),
    Uncopied(Uncopied),
    Paste(Paste),
    Import(Box<Import>),
    Prompt(Box<Prompt>),
    Confirm(Box<Confirm>),
    Routing(Routing),
}
