//! Reads members of JSON values.

use serde_json::Value;

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
