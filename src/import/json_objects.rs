//! JSON objects of an input: one a line, or as [`Items`] splits it. In JSON Lines a line that is damaged does
//! not take the next ones with it.

use super::{
    format::{Notices, with_end},
    json::parse_value,
    json_items::Items,
    lines::{Lines, as_utf8},
    pages::Pages,
    row::{Place, RowError},
};
use serde_json::Value;
use std::io::{BufRead, Cursor, Read as _};

/// How much is looked at to tell whether there is one object a line.
const START_BYTES: u64 = 64 * 1024;

/// The place and the value of an object, and its bytes.
type Object = Result<(Place, Value, Vec<u8>), RowError>;

/// Returns the objects of `input`; `keys` and `unit` are as for [`Items::new`]. After the last one `notices`
/// says if pages are missing.
///
/// # Errors
/// The input cannot be read.
pub(super) fn json_objects(
    input: Box<dyn BufRead>,
    keys: &'static [&'static str],
    unit: &'static str,
    notices: &Notices,
) -> Result<Box<dyn Iterator<Item = Object>>, RowError> {
    let cannot = |error| RowError::input(format!("it cannot be read: {error}"));
    let mut input = as_utf8(input).map_err(cannot)?;
    let mut start = Vec::new();
    (&mut input)
        .take(START_BYTES)
        .read_to_end(&mut start)
        .map_err(cannot)?;
    let is_lines = has_object_lines(&start, keys);
    let input = Box::new(Cursor::new(start).chain(input));
    if !is_lines {
        let (pages, notices) = (Pages::default(), notices.clone());
        let items = Items::new(input, keys, unit).map_err(cannot)?;
        return Ok(Box::new(with_end(items.with_pages(&pages), move || {
            notices.borrow_mut().extend(pages.missing());
        })));
    }
    let lines = Lines::new(input).map_err(cannot)?;
    let is_blank = |line: &Result<(u64, String), RowError>| {
        line.as_ref().is_ok_and(|(_, line)| line.trim().is_empty())
    };
    Ok(Box::new(lines.filter(move |line| !is_blank(line)).map(
        |line| {
            let (number, line) = line?;
            let place = Place::new("line", number);
            match parse_value(line.as_bytes()) {
                Ok(value) => Ok((place, value, line.into_bytes())),
                Err(error) => Err(RowError::row(place, format!("it is not JSON: {error}"))),
            }
        },
    )))
}

/// True if one of the first lines is an object by itself, and not one around an array: the first line, or another
/// where each begins as an object does. Of an answer with an item a line, the last item has no comma behind it.
fn has_object_lines(start: &[u8], keys: &[&str]) -> bool {
    let is_object_line = |line: &&[u8]| {
        let value: Option<Value> = serde_json::from_slice(line).ok();
        let object = value.as_ref().and_then(Value::as_object);
        object.is_some_and(|object| {
            !keys
                .iter()
                .any(|key| object.get(*key).is_some_and(Value::is_array))
        })
    };
    let lines = start.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let lines: Vec<&[u8]> = lines.filter(|line| !line.is_empty()).take(20).collect();
    lines.first().is_some_and(|line| line.starts_with(b"{"))
        && (lines.first().is_some_and(is_object_line)
            || lines.iter().all(|line| line.starts_with(b"{")) && lines.iter().any(is_object_line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let input = Box::new(Cursor::new(text.to_owned().into_bytes()));
        let objects = json_objects(input, &["items"], "item", &Notices::default()).unwrap();
        objects
            .map(|object| match object {
                Ok((place, value, _)) => format!("{place} {value}"),
                Err(error) => error.to_string(),
            })
            .collect()
    }

    #[test]
    fn damaged_line_leaves_the_next_one_whole() {
        let found = shown("{\"a\":1}\n{\"a\":\n\n{\"a\":3}\n");
        assert_eq!(found.len(), 3);
        assert_eq!(found[0], "line 1 {\"a\":1}");
        assert!(found[1].starts_with("line 2: it is not JSON"), "{found:?}");
        assert_eq!(found[2], "line 4 {\"a\":3}");
    }

    #[test]
    fn objects_over_several_lines_and_arrays_are_split_as_items() {
        assert_eq!(
            shown("{\n\"a\": 1\n}\n{\n\"a\": 2\n}"),
            ["item 1 {\"a\":1}", "item 2 {\"a\":2}"]
        );
        assert_eq!(shown("{\"items\":[{\"a\":1}]}"), ["item 1 {\"a\":1}"]);
        assert_eq!(shown("[{\"a\":1},\n{\"a\":2}]").len(), 2);
        assert_eq!(
            shown("{\n\"items\": [\n{\"a\":1},\n{\"a\":2}\n]\n}").len(),
            2
        );
    }

    #[test]
    fn damaged_first_line_leaves_the_next_ones_whole() {
        let found = shown("{\"a\":\n{\"a\":2}\n{\"a\":3}");
        assert!(found[0].starts_with("line 1: it is not JSON"), "{found:?}");
        assert_eq!(found[1..], ["line 2 {\"a\":2}", "line 3 {\"a\":3}"]);
    }
}
