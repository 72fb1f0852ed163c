//! Files that are attached to events, and links. An event names its files by their hash
//! ([`AttachedFile`]); the content of each is a subject of its own ([`FileContent`]), once in an incident.

use super::{count::counted, document_text, hash::Hash, unknown::UnknownFields};
use serde::{Deserialize, Serialize};

/// Most bytes of a file's name.
const MAX_NAME_BYTES: usize = 100;
/// Most bytes of a link.
const MAX_URL_BYTES: usize = 2048;
/// The media type of a file of no known sort.
pub const BINARY: &str = "application/octet-stream";
/// The media type of UTF-8 text.
pub const TEXT: &str = "text/plain";

/// A file that an event refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    /// Of its bytes, and the name of its [`Subject::File`](super::subject::Subject::File).
    pub sha256: Hash,
    /// A name without a folder, see [`safe_name`]. Empty after a redaction of the event.
    #[serde(default)]
    pub name: String,
    /// In bytes.
    #[serde(default)]
    pub size: u64,
    /// What its bytes are, see [`media_type`].
    #[serde(default, rename = "type")]
    pub media_type: String,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

impl AttachedFile {
    /// The name, and the size for people: `graph.png (12 KiB)`.
    #[must_use]
    pub fn label(&self) -> String {
        let name = match self.name.as_str() {
            "" => "[redacted]",
            name => name,
        };
        format!("{name} ({})", format_size(self.size))
    }

    /// The first digits of its hash, which are enough to name it.
    #[must_use]
    pub fn short_hash(&self) -> String {
        let mut hash = self.sha256.to_string();
        hash.truncate(12);
        hash
    }

    /// The file as it stays after the event was redacted: its hash is in the header of an entry in any case.
    #[must_use]
    pub fn redact(&self) -> Self {
        Self {
            name: String::new(),
            unknown: UnknownFields::default(),
            ..self.clone()
        }
    }
}

/// The content of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileContent {
    /// Its name when it was first attached.
    pub name: String,
    /// In bytes.
    pub size: u64,
    #[serde(rename = "type")]
    pub media_type: String,
    /// The bytes in base64 (RFC 4648, section 4); empty after a redaction.
    pub data: String,
    /// The reason, if the content was destroyed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redacted: Option<String>,
    #[serde(flatten)]
    pub unknown: UnknownFields,
}

impl FileContent {
    /// Returns what stays after a redaction for `reason`.
    #[must_use]
    pub fn redact(&self, reason: &str) -> Self {
        Self {
            name: String::new(),
            data: String::new(),
            redacted: Some(reason.to_owned()),
            unknown: UnknownFields::default(),
            ..self.clone()
        }
    }
}

/// Returns the media type of `bytes` by their first ones, never by the name of the file: PNG, JPEG, GIF, WebP,
/// UTF-8 text without NUL, else [`BINARY`]. SVG and HTML are text.
#[must_use]
pub fn media_type(bytes: &[u8]) -> &'static str {
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => "image/gif",
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => "image/webp",
        _ if !bytes.contains(&0) && std::str::from_utf8(bytes).is_ok() => TEXT,
        _ => BINARY,
    }
}

/// True for the media types of images that [`media_type`] knows.
#[must_use]
pub fn is_image(media_type: &str) -> bool {
    ["image/png", "image/jpeg", "image/gif", "image/webp"].contains(&media_type)
}

/// Returns the last part of the path `name` as a name that is safe in any folder: without control, invisible or
/// bidirectional characters, separators and characters that a file system refuses, not hidden, of at most 100
/// bytes with its ending. `file` if nothing is left.
#[must_use]
pub fn safe_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = document_text::line(name)
        .chars()
        .map(|c| match c {
            '\u{fffd}' | '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c if c.is_control() => '_',
            c => c,
        })
        .collect();
    let name = name
        .trim_matches(char::is_whitespace)
        .trim_start_matches('.')
        .trim_end_matches(['.', ' ']);
    let name = shortened(name);
    match name.as_str() {
        "" => "file".to_owned(),
        _ => name,
    }
}

/// Cuts `name` to [`MAX_NAME_BYTES`], and keeps its ending.
fn shortened(name: &str) -> String {
    if name.len() <= MAX_NAME_BYTES {
        return name.to_owned();
    }
    let ending = name.rfind('.').map_or("", |at| &name[at..]);
    let ending = if ending.len() > 16 { "" } else { ending };
    let mut end = MAX_NAME_BYTES - ending.len();
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{ending}", &name[..end])
}

/// Returns names under which `files` can lie in one folder: those of the files, with `-2`, `-3` and so on
/// before the ending where two have the same but for upper and lower case.
#[must_use]
pub fn unique_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut taken = std::collections::BTreeSet::new();
    names
        .into_iter()
        .map(|name| {
            let name = safe_name(name);
            let (stem, ending) = match name.rfind('.').filter(|at| *at > 0) {
                Some(at) => name.split_at(at),
                None => (name.as_str(), ""),
            };
            let mut unique = name.clone();
            let mut number = 1;
            while !taken.insert(unique.to_lowercase()) {
                number += 1;
                unique = format!("{stem}-{number}{ending}");
            }
            unique
        })
        .collect()
}

/// A size for people, in binary units: `812 bytes`, `12 KiB`, `4.9 MiB`.
#[must_use]
pub fn format_size(bytes: u64) -> String {
    const KIB: u64 = 1 << 10;
    const MIB: u64 = 1 << 20;
    match bytes {
        0..KIB => counted(bytes, "byte", "bytes"),
        KIB..MIB => format!("{} KiB", bytes.div_ceil(KIB)),
        _ => {
            let tenths = bytes.saturating_mul(10) / MIB;
            format!("{}.{} MiB", tenths / 10, tenths % 10)
        }
    }
}

/// Why a link is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error("it does not begin with https://, http:// or mailto:")]
    Scheme,
    #[error("it names no host")]
    Host,
    #[error("it has a space or a character that cannot be seen")]
    Character,
    #[error("it has more than {MAX_URL_BYTES} bytes")]
    TooLong,
}

/// Checks a link, without spaces around it: `https` or `http` with a host, or `mailto` with an address.
///
/// # Errors
/// Any other scheme, no host, a character that is not shown, or more than 2048 bytes.
pub fn check_url(url: &str) -> Result<(), LinkError> {
    let (scheme, rest) = url.split_once(':').ok_or(LinkError::Scheme)?;
    let is_web = ["http", "https"]
        .iter()
        .any(|s| scheme.eq_ignore_ascii_case(s));
    if !is_web && !scheme.eq_ignore_ascii_case("mailto") {
        return Err(LinkError::Scheme);
    }
    if url.len() > MAX_URL_BYTES {
        return Err(LinkError::TooLong);
    }
    let is_hidden = |c: char| c.is_whitespace() || c.is_control();
    if url.contains(is_hidden) || document_text::first_refused(url).is_some() {
        return Err(LinkError::Character);
    }
    let host = if is_web {
        let rest = rest.strip_prefix("//").ok_or(LinkError::Scheme)?;
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        let host = authority.rsplit('@').next().unwrap_or_default();
        host.split(':').next().unwrap_or_default()
    } else {
        let address = rest.split('?').next().unwrap_or_default();
        address
            .split_once('@')
            .map_or("", |(user, host)| match user {
                "" => "",
                _ => host,
            })
    };
    if host.contains(char::is_alphanumeric) || host.starts_with('[') {
        Ok(())
    } else {
        Err(LinkError::Host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_type_is_that_of_the_bytes() {
        for (bytes, expected) in [
            (&b"\x89PNG\r\n\x1a\nx"[..], "image/png"),
            (b"\xff\xd8\xff\xe0", "image/jpeg"),
            (b"GIF89a", "image/gif"),
            (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
            (b"<svg onload=alert(1)>", TEXT),
            ("Größe\n".as_bytes(), TEXT),
            (b"a\0b", BINARY),
            (b"\xff\xfe", BINARY),
        ] {
            assert_eq!(media_type(bytes), expected, "{bytes:?}");
        }
        assert!(is_image("image/png") && !is_image("image/svg+xml") && !is_image(TEXT));
    }

    #[test]
    fn names_are_safe_in_any_folder() {
        for (name, expected) in [
            ("graph.png", "graph.png"),
            ("../../etc/passwd", "passwd"),
            ("C:\\temp\\a.txt", "a.txt"),
            ("..", "file"),
            ("/", "file"),
            (".bashrc", "bashrc"),
            ("a\u{202e}gpj.exe", "a_gpj.exe"),
            ("a\u{0}\u{1b}[2Jb", "a__[2Jb"),
            ("what? <now>: \"x\"", "what_ _now__ _x_"),
            ("Überlast 3.png", "Überlast 3.png"),
        ] {
            assert_eq!(safe_name(name), expected, "{name:?}");
        }
        let long = safe_name(&format!("{}.png", "é".repeat(200)));
        assert!(
            long.len() <= MAX_NAME_BYTES && long.ends_with("é.png"),
            "{long}"
        );
    }

    #[test]
    fn fields_of_a_newer_version_are_kept_in_an_event_and_in_a_content() {
        use crate::domain::value::{Body, Value};
        let hash = Hash::digest(b"x");
        let event = format!(
            r#"{{"at":"2012-08-16T10:06:00-04:00","kind":"note","text":"t","files":[{{"sha256":"{hash}","name":"a","size":1,"type":"text/plain","ratio":0.10}}]}}"#
        );
        let content = r#"{"name":"a","size":1,"type":"text/plain","data":"eA==","ratio":0.10}"#;
        for (name, value) in [("event", event.as_str()), ("file", content)] {
            let salt = "5f0c9e2ab7d41836c2e95a017fb3d864";
            let bytes =
                format!(r#"{{"salt":"{salt}","act":"log","type":"{name}","value":{value}}}"#);
            let body = Body::decode(&bytes).unwrap();
            assert!(!matches!(body.value, Value::Unknown(_)));
            assert_eq!(body.encode(salt).unwrap(), bytes);
            let redacted = Body::new(body.operation.clone(), body.value.redact("r"));
            assert!(!redacted.encode(salt).unwrap().contains("ratio"));
        }
    }

    #[test]
    fn equal_names_get_a_number() {
        assert_eq!(
            unique_names(["a.png", "A.PNG", "a.png", "a-2.png", "b", "b"]),
            ["a.png", "A-2.PNG", "a-3.png", "a-2-2.png", "b", "b-2"]
        );
    }

    #[test]
    fn links_have_a_known_scheme_and_a_host() {
        for good in [
            "https://grafana.example/d/abc?from=1#p",
            "HTTP://x",
            "http://[::1]:3000/",
            "https://u:p@h.example/",
            "mailto:ann@x.example?subject=a",
        ] {
            assert_eq!(check_url(good), Ok(()), "{good}");
        }
        for (bad, why) in [
            ("grafana.example", LinkError::Scheme),
            ("javascript:alert(1)", LinkError::Scheme),
            ("file:///etc/passwd", LinkError::Scheme),
            ("data:text/html,x", LinkError::Scheme),
            ("https:x", LinkError::Scheme),
            ("https://", LinkError::Host),
            ("https://:80/", LinkError::Host),
            ("mailto:ann", LinkError::Host),
            ("https://x.example/a b", LinkError::Character),
            ("https://x.example/\u{202e}a", LinkError::Character),
            ("https://x.example/\u{1b}", LinkError::Character),
        ] {
            assert_eq!(check_url(bad), Err(why), "{bad}");
        }
        assert_eq!(
            check_url(&format!("https://x/{}", "a".repeat(3000))),
            Err(LinkError::TooLong)
        );
    }

    #[test]
    fn sizes_are_readable() {
        for (bytes, expected) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (1023, "1023 bytes"),
            (1025, "2 KiB"),
            (5 << 20, "5.0 MiB"),
        ] {
            assert_eq!(format_size(bytes), expected);
        }
    }
}
