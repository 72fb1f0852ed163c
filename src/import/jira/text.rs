//! Plain text of Jira's two kinds of text: Atlassian's document format (JSON) and wiki markup.

use crate::import::json::{array_at, first_text, text_at};
use serde_json::Value;
use std::collections::BTreeMap;

/// Names of people by their account ids, as far as the issue has them.
pub(super) type Names = BTreeMap<String, String>;

/// Returns the text of a body: a document or wiki markup; empty for anything else.
pub(super) fn body_text(body: &Value, names: &Names) -> String {
    match body {
        Value::String(wiki) => wiki_text(wiki, names),
        Value::Object(_) => {
            let mut text = String::new();
            push_node(&mut text, body, names);
            text.trim().to_owned()
        }
        _ => String::new(),
    }
}

fn push_node(text: &mut String, node: &Value, names: &Names) {
    let attribute = |name: &str| text_at(node, &format!("attrs.{name}"));
    let children = |text: &mut String| {
        for child in array_at(node, "content") {
            push_node(text, child, names);
        }
    };
    match text_at(node, "type").as_deref().unwrap_or_default() {
        "text" => {
            let label = text_at(node, "text").unwrap_or_default();
            text.push_str(&label);
            let link = array_at(node, "marks")
                .iter()
                .find_map(|mark| text_at(mark, "attrs.href"));
            if let Some(link) = link.filter(|link| *link != label) {
                text.push_str(&format!(" ({link})"));
            }
        }
        "hardBreak" => text.push('\n'),
        "mention" => {
            let id = attribute("id").unwrap_or_default();
            let name = names
                .get(&id)
                .cloned()
                .or_else(|| attribute("text"))
                .unwrap_or(id);
            text.push_str(&format!("@{}", name.trim_start_matches('@')));
        }
        "emoji" => {
            text.push_str(
                &first_text(node, &["attrs.text", "attrs.shortName"]).unwrap_or_default(),
            );
        }
        "inlineCard" | "blockCard" | "embedCard" => {
            text.push_str(&attribute("url").unwrap_or_default());
        }
        "status" => text.push_str(&format!("[{}]", attribute("text").unwrap_or_default())),
        "date" => text.push_str(&attribute("timestamp").map(date).unwrap_or_default()),
        "media" | "mediaInline" => {
            text.push_str(
                &match first_text(node, &["attrs.alt", "attrs.__fileName"]) {
                    Some(name) => format!("[file: {name}]"),
                    None => "[file]".to_owned(),
                },
            );
        }
        "listItem" | "decisionItem" => {
            start_line(text);
            text.push_str("- ");
            children(text);
        }
        "taskItem" => {
            start_line(text);
            let is_done = attribute("state").as_deref() == Some("DONE");
            text.push_str(if is_done { "- [x] " } else { "- [ ] " });
            children(text);
        }
        "expand" | "nestedExpand" => {
            start_line(text);
            text.push_str(&attribute("title").unwrap_or_default());
            children(text);
        }
        // What an app puts into a text has its text, if any, in an attribute.
        kind @ ("extension" | "inlineExtension" | "bodiedExtension") => {
            if kind != "inlineExtension" {
                start_line(text);
            }
            let name = first_text(node, &["attrs.text", "attrs.extensionKey"]).unwrap_or_default();
            text.push_str(&format!("[{name}]"));
            children(text);
        }
        "placeholder" => text.push_str(&attribute("text").unwrap_or_default()),
        "tableCell" | "tableHeader" => {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push_str(" | ");
            }
            // A cell has a paragraph, and a row is one line.
            let mut cell = String::new();
            children(&mut cell);
            text.push_str(&cell.trim().replace('\n', " "));
        }
        "paragraph" if text.ends_with("- ") => children(text),
        // A node of a kind that is not known here may still have text in it.
        kind => {
            let is_inline = kind.starts_with("inline");
            if !is_inline {
                start_line(text);
            }
            children(text);
        }
    }
}

fn start_line(text: &mut String) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
}

/// The day of milliseconds since 1970.
fn date(millis: String) -> String {
    let at = millis
        .parse()
        .ok()
        .and_then(chrono::DateTime::from_timestamp_millis);
    at.map_or(millis, |at| at.format("%Y-%m-%d").to_string())
}

/// Macros of wiki markup that only say how text looks.
const MACROS: [&str; 6] = ["code", "noformat", "quote", "color", "panel", "adf"];

/// Returns wiki markup without the marks that hide its text: mentions by name, links as `label (address)`.
fn wiki_text(wiki: &str, names: &Names) -> String {
    let mut out = String::with_capacity(wiki.len());
    let mut rest = wiki;
    while let Some(at) = rest.find(['[', '{', '!']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        match mark(from, names) {
            Some((text, after)) => {
                out.push_str(&text);
                rest = after;
            }
            None => {
                out.push_str(&from[..1]);
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
    out.trim().to_owned()
}

/// Returns what stands for the mark that `from` begins with, and what follows it.
fn mark<'t>(from: &'t str, names: &Names) -> Option<(String, &'t str)> {
    let line = from.lines().next()?;
    if let Some(inner) = line.strip_prefix('{') {
        let (inner, _) = inner.split_once('}')?;
        let name = inner.split(':').next()?;
        return MACROS
            .contains(&name)
            .then(|| (String::new(), &from[inner.len() + 2..]));
    }
    if let Some(inner) = line.strip_prefix('!') {
        let (inner, _) = inner.split_once('!')?;
        let name = inner.split('|').next()?;
        let is_image = name.contains('.') && !name.contains(char::is_whitespace);
        return is_image.then(|| (format!("[image: {name}]"), &from[inner.len() + 2..]));
    }
    let (inner, _) = line.strip_prefix('[')?.split_once(']')?;
    let after = &from[inner.len() + 2..];
    if let Some(id) = inner.strip_prefix('~') {
        let id = id.trim_start_matches("accountid:");
        let name = names.get(id).map_or(id, String::as_str);
        return Some((format!("@{name}"), after));
    }
    match inner.split_once('|') {
        Some((label, address)) if address.contains("://") || address.starts_with("mailto:") => {
            let address = address.split('|').next().unwrap_or(address);
            match label == address {
                true => Some((address.to_owned(), after)),
                false => Some((format!("{label} ({address})"), after)),
            }
        }
        None if inner.contains("://") => Some((inner.to_owned(), after)),
        _ => None,
    }
}
