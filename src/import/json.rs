//! Reads members of JSON values.

use serde_json::Value;

/// Parses one value. Half a character (`\\ud83d` without its partner), as tools leave where they cut a text,
/// becomes U+FFFD.
///
/// # Errors
/// It is not JSON.
pub(super) fn parse_value(bytes: &[u8]) -> serde_json::Result<Value> {
    serde_json::from_slice(bytes).or_else(|error| match without_half_characters(bytes) {
        Some(repaired) => serde_json::from_slice(&repaired),
        None => Err(error),
    })
}

/// Returns the JSON with every half character replaced; `None` if it has none.
fn without_half_characters(bytes: &[u8]) -> Option<Vec<u8>> {
    let unit = |at: usize| {
        let digits = bytes.get(at..at + 6)?.strip_prefix(br"\u")?;
        u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
    };
    let mut out = Vec::with_capacity(bytes.len());
    let (mut at, mut is_changed) = (0, false);
    while let Some(&byte) = bytes.get(at) {
        let length = match (byte, unit(at)) {
            (b'\\', Some(0xd800..0xdc00)) if matches!(unit(at + 6), Some(0xdc00..0xe000)) => 12,
            (b'\\', Some(0xd800..0xe000)) => {
                out.extend(br"\ufffd");
                at += 6;
                is_changed = true;
                continue;
            }
            (b'\\', _) => 2,
            _ => 1,
        };
        let end = (at + length).min(bytes.len());
        out.extend(&bytes[at..end]);
        at = end;
    }
    is_changed.then_some(out)
}

/// Returns the text under `path` (`from.user.name`): a string, or a number as it is written. `None` if it is
/// missing, null, empty or of another type.
pub(super) fn text_at(value: &Value, path: &str) -> Option<String> {
    match member(value, path)? {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Returns the first of these paths that has a text.
pub(super) fn first_text(value: &Value, paths: &[&str]) -> Option<String> {
    paths.iter().find_map(|path| text_at(value, path))
}

/// Returns the server in the first address under these paths: `git.example` of `https://git.example/a/b`.
pub(super) fn host_at(value: &Value, paths: &[&str]) -> Option<String> {
    let address = first_text(value, paths)?;
    let (_, after) = address.split_once("://")?;
    after.split('/').next().map(str::to_owned)
}

/// Returns the value under `path`; a number in it is an index.
pub(super) fn member<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').try_fold(value, |value, key| match value {
        Value::Array(items) => items.get(key.parse::<usize>().ok()?),
        _ => value.get(key),
    })
}

/// Returns the elements of the array under `path`; none if there is no array.
pub(super) fn array_at<'v>(value: &'v Value, path: &str) -> &'v [Value] {
    member(value, path)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
