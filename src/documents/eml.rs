//! Writes a letter as a mail draft that mail programs open for editing: RFC 5322 with `X-Unsent: 1`,
//! as text and HTML.
//!
//! The same letter and envelope give the same bytes: the boundary is a hash of the content.

use super::{
    CustomerView, DocumentError, Email, Settings, Stage, email::email_in_layout, letter_html,
    wrap::Layout,
};
use crate::domain::{document_text, sanitize, time::UtcTime};
use mail_builder::{
    MessageBuilder,
    headers::{address, content_type::ContentType, date::Date, raw::Raw},
    mime::MimePart,
};
use sha2::{Digest, Sha256};
use std::{fmt::Write, str::FromStr};
use uuid::Uuid;

/// A mail address with an optional display name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    name: Option<String>,
    local: String,
    domain: String,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a mail address: {why}", sanitize::line(text))]
pub struct AddressError {
    text: String,
    pub why: &'static str,
}

impl FromStr for Address {
    type Err = AddressError;

    /// Parses `ann@example.com` and `Ann <ann@example.com>`. Source: RFC 5322, section 3.4.1, without
    /// quoted local parts and obsolete forms; lengths: RFC 5321, section 4.5.3.1.
    fn from_str(text: &str) -> Result<Self, AddressError> {
        let error = |why| AddressError {
            text: text.to_owned(),
            why,
        };
        if text.chars().any(char::is_control) {
            return Err(error("it has a line break or another control character"));
        }
        let (name, address) = match text.trim().strip_suffix('>') {
            Some(inside) => {
                let (name, address) = inside.split_once('<').ok_or(error("it has no `<`"))?;
                let name = name.trim().trim_matches('"').trim();
                ((!name.is_empty()).then(|| name.to_owned()), address.trim())
            }
            None => (None, text.trim()),
        };
        let (local, domain) = address.rsplit_once('@').ok_or(error("it has no `@`"))?;
        if !address.is_ascii() {
            return Err(error(
                "it has letters beyond ASCII, which most mail servers refuse",
            ));
        }
        let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
        let is_atom = |part: &str| !part.is_empty() && part.chars().all(atom);
        if local.len() > 64 || !local.split('.').all(is_atom) {
            return Err(error("what is before the `@` is not a mailbox"));
        }
        let is_label = |label: &str| {
            (1..=63).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        };
        if domain.len() > 253 || !domain.contains('.') || !domain.split('.').all(is_label) {
            return Err(error("what is after the `@` is not a domain"));
        }
        Ok(Self {
            name,
            local: local.to_owned(),
            domain: domain.to_owned(),
        })
    }
}

impl Address {
    /// Sets the display name to `name` unless the address has one already.
    #[must_use]
    pub fn with_display_name(mut self, name: Option<&str>) -> Self {
        let name = name.map(|name| document_text::line(name.trim()).into_owned());
        self.name = self.name.or(name.filter(|name| !name.is_empty()));
        self
    }

    fn header(&self) -> address::Address<'_> {
        let email = format!("{}@{}", self.local, self.domain);
        address::Address::new_address(self.name.as_deref(), email)
    }
}

/// The mail headers of a draft that do not come from the letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    pub from: Address,
    /// When the draft is made.
    pub at: UtcTime,
    /// The kept letter that it is, which gives its Message-ID; `None` takes a hash of the content.
    pub kept_as: Option<Uuid>,
    /// The first letter of the incident that was sent.
    pub reply_to: Option<Uuid>,
    /// Usually empty: the sender adds the recipients in the mail program.
    pub to: Vec<Address>,
    /// `None` takes the letter's subject.
    pub subject: Option<String>,
}

/// Renders the letter of `stage` to the customers of `view` as a draft: ASCII with CRLF line ends.
///
/// # Errors
/// [`DocumentError::Template`] with the template's file and line, or [`DocumentError::Mail`].
pub fn eml(
    view: &CustomerView,
    stage: Stage,
    settings: &Settings,
    envelope: &Envelope,
) -> Result<String, DocumentError> {
    let plain = email_in_layout(view, stage, settings, Layout::Flowed)?;
    let styled = email_in_layout(view, stage, settings, Layout::Html)?;
    draft(&plain, &styled, envelope)
}

fn draft(plain: &Email, styled: &Email, envelope: &Envelope) -> Result<String, DocumentError> {
    let subject = envelope.subject.as_deref().unwrap_or(&plain.subject);
    let subject = document_text::line(subject);
    let text = space_stuffed(&document_text::block(&plain.body));
    let html = letter_html::page(&subject, &styled.body);
    let addresses: Vec<String> = std::iter::once(&envelope.from)
        .chain(&envelope.to)
        .map(|a| {
            format!(
                "{} {}@{}",
                a.name.as_deref().unwrap_or_default(),
                a.local,
                a.domain
            )
        })
        .collect();
    let at = envelope.at.timestamp();
    let date_and_addresses = format!("{at} {}", addresses.join("\n"));
    let hash = hash(&[&date_and_addresses, &subject, &text, &html]);
    let mut mail = MessageBuilder::new()
        .header("X-Unsent", Raw::new("1"))
        .from(envelope.from.header());
    if !envelope.to.is_empty() {
        let to = envelope.to.iter().map(Address::header).collect();
        mail = mail.to(address::Address::new_list(to));
    }
    let parts = vec![
        MimePart::new(
            ContentType::new("text/plain")
                .attribute("charset", "utf-8")
                .attribute("format", "flowed"),
            text.as_str(),
        ),
        MimePart::new("text/html", html.as_str()),
    ];
    let boundary = format!("=_{hash}");
    let domain = &envelope.from.domain;
    let message_id = |kept: Uuid| format!("{}@{domain}", kept.simple());
    if let Some(first) = envelope
        .reply_to
        .filter(|first| envelope.kept_as != Some(*first))
    {
        mail = mail
            .in_reply_to(message_id(first))
            .references(message_id(first));
    }
    mail.subject(subject.as_ref())
        .date(Date::new(at))
        .message_id(
            envelope
                .kept_as
                .map_or_else(|| format!("{hash}@{domain}"), message_id),
        )
        .body(MimePart::new(
            ContentType::new("multipart/alternative").attribute("boundary", boundary.as_str()),
            parts,
        ))
        .write_to_string()
        .map_err(DocumentError::Mail)
}

/// Returns `text` with a space before each line that a reader of `format=flowed` would take for another
/// kind. Source: RFC 3676, section 4.4.
fn space_stuffed(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    for line in text.split_inclusive('\n') {
        if line.starts_with([' ', '>']) || line.starts_with("From ") {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// Returns the first 32 hex digits of the SHA-256 of `parts`, each preceded by its length.
fn hash(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.len().to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut out = String::with_capacity(32);
    for byte in hash.finalize().iter().take(16) {
        // Writing to a String cannot fail.
        let _ = write!(out, "{byte:02x}");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_parses_valid_and_rejects_invalid() {
        for (text, name) in [
            ("ann@example.com", None),
            (" Ann Müller <a.m+x@mail.example.com> ", Some("Ann Müller")),
            ("\"Ann, M.\" <ann@example.com>", Some("Ann, M.")),
        ] {
            assert_eq!(text.parse::<Address>().unwrap().name.as_deref(), name);
        }
        for text in [
            "",
            "ann",
            "@example.com",
            "ann@",
            "ann@example",
            "ann@exa mple.com",
            "a b@example.com",
            "ann@example.com, raj@example.com",
            "ann@example.com\r\nBcc: eve@example.com",
            "ann@example..com",
            ".ann@example.com",
            "ann@-example.com",
            "Ann ann@example.com>",
            "Ann <ann@example.com> x",
            "ann@bücher.example",
            "https://status.example",
        ] {
            assert!(text.parse::<Address>().is_err(), "{text:?}");
        }
    }
}
