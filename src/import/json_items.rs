//! Splits a long JSON input into its items without holding all of it: the elements of an array, at the top
//! or under a key of the object around it, or values one after the other (JSON Lines).

use super::{
    json::parse_value,
    lines::{MAX_ITEM_BYTES, as_utf8},
    pages::Pages,
    row::{Place, RowError},
};
use serde_json::Value;
use std::io::{self, BufRead, Read as _};

/// The items of an input. What stands beside the array in the object around it is in [`Items::around`] as
/// soon as it was read.
pub(super) struct Items {
    input: Box<dyn BufRead>,
    /// The keys under which the object around may have its array.
    keys: &'static [&'static str],
    /// What one item is called in errors: `message`, `alert`.
    unit: &'static str,
    number: u64,
    state: State,
    /// The members of the object around that were read so far, but for the array.
    around: serde_json::Map<String, Value>,
    /// How many items were read before those of this object.
    items_before: u64,
    pages: Pages,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before a top-level value.
    Top,
    /// Inside the array; `true` if an object is around it.
    Array(bool),
    /// Nothing more can be read.
    Ended,
}

/// Why scanning stopped.
enum ScanError {
    Io(io::Error),
    /// The input ends inside a value.
    Truncated,
    TooLong,
    /// Another byte was expected.
    Unexpected(u8),
    NotJson(String),
}

impl From<io::Error> for ScanError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl Items {
    /// # Errors
    /// The input cannot be read.
    pub fn new(
        input: Box<dyn BufRead>,
        keys: &'static [&'static str],
        unit: &'static str,
    ) -> io::Result<Self> {
        Ok(Self {
            input: as_utf8(input)?,
            keys,
            unit,
            number: 0,
            state: State::Top,
            around: serde_json::Map::new(),
            items_before: 0,
            pages: Pages::default(),
        })
    }

    /// Counts the objects around the arrays in `pages`, each as soon as it was read to its end.
    pub fn with_pages(mut self, pages: &Pages) -> Self {
        self.pages = pages.clone();
        self
    }

    /// The members of the object around the array that stand before the item that was read last.
    pub fn around(&self) -> &serde_json::Map<String, Value> {
        &self.around
    }

    fn scan(&mut self) -> Result<Option<Vec<u8>>, ScanError> {
        loop {
            match self.state {
                State::Ended => return Ok(None),
                State::Top => match self.peek()? {
                    None => return Ok(None),
                    Some(b'[') => {
                        self.bump();
                        self.state = State::Array(false);
                    }
                    Some(b'{') => {
                        if let Some(item) = self.open_object()? {
                            return Ok(Some(item));
                        }
                    }
                    Some(_) => return self.value().map(Some),
                },
                State::Array(in_object) => match self.peek()? {
                    None => return Err(ScanError::Truncated),
                    Some(b',') => self.bump(),
                    Some(b']') => {
                        self.bump();
                        if !(in_object && self.goes_on_in_object()?) {
                            self.state = State::Top;
                        }
                    }
                    Some(_) => return self.value().map(Some),
                },
            }
        }
    }

    /// Reads an object up to the array under one of the keys; an object without one is an item itself.
    fn open_object(&mut self) -> Result<Option<Vec<u8>>, ScanError> {
        self.bump();
        self.around.clear();
        // The item that is being read is counted already.
        self.items_before = self.number.saturating_sub(1);
        let mut whole = vec![b'{'];
        loop {
            match self.peek()?.ok_or(ScanError::Truncated)? {
                b'}' => {
                    self.bump();
                    whole.push(b'}');
                    return Ok(Some(whole));
                }
                b',' => {
                    self.bump();
                    whole.push(b',');
                }
                _ => {
                    let key = self.key()?;
                    if self.keys.contains(&key.as_str()) && self.peek()? == Some(b'[') {
                        self.bump();
                        self.state = State::Array(true);
                        return Ok(None);
                    }
                    let value = self.value()?;
                    if whole.len() + value.len() > MAX_ITEM_BYTES {
                        return Err(ScanError::TooLong);
                    }
                    whole.extend(Value::from(key.as_str()).to_string().bytes());
                    whole.push(b':');
                    whole.extend(&value);
                    self.keep_around(key, &value)?;
                }
            }
        }
    }

    /// Keeps a member of the object around the array, if it is short: only what readers look for is kept twice.
    fn keep_around(&mut self, key: String, value: &[u8]) -> Result<(), ScanError> {
        if value.len() < 4096 && !self.keys.is_empty() {
            let value = parse_value(value).map_err(|e| ScanError::NotJson(e.to_string()))?;
            self.around.insert(key, value);
        }
        Ok(())
    }

    /// Reads on in the object around an array that ended: up to another array under one of the keys, as
    /// a status page's summary has incidents and maintenances, or to its end. Returns whether there is one.
    fn goes_on_in_object(&mut self) -> Result<bool, ScanError> {
        loop {
            match self.peek()?.ok_or(ScanError::Truncated)? {
                b'}' => {
                    self.bump();
                    let items = self.number.saturating_sub(self.items_before + 1);
                    self.pages.count(&self.around, items);
                    return Ok(false);
                }
                b',' => self.bump(),
                _ => {
                    let key = self.key()?;
                    if self.keys.contains(&key.as_str()) && self.peek()? == Some(b'[') {
                        self.bump();
                        return Ok(true);
                    }
                    let value = self.value()?;
                    self.keep_around(key, &value)?;
                }
            }
        }
    }

    /// Reads `"key":`.
    fn key(&mut self) -> Result<String, ScanError> {
        match self.peek()?.ok_or(ScanError::Truncated)? {
            b'"' => {}
            other => return Err(ScanError::Unexpected(other)),
        }
        let key = self.value()?;
        match self.peek()?.ok_or(ScanError::Truncated)? {
            b':' => self.bump(),
            other => return Err(ScanError::Unexpected(other)),
        }
        // The value may stand after white space, on which `value` ends.
        self.peek()?;
        serde_json::from_slice(&key).map_err(|e| ScanError::NotJson(e.to_string()))
    }

    /// Reads one value; its brackets are balanced and its strings closed, the rest is for the parser to check.
    fn value(&mut self) -> Result<Vec<u8>, ScanError> {
        let mut out = Vec::new();
        let mut depth = 0_u32;
        let (mut in_string, mut escaped) = (false, false);
        loop {
            let buffer = self.input.fill_buf()?;
            if buffer.is_empty() {
                // A number at the top may end with the input.
                return match depth == 0 && !in_string && !out.is_empty() {
                    true => Ok(out),
                    false => Err(ScanError::Truncated),
                };
            }
            let mut used = 0;
            let mut ended = false;
            for &byte in buffer {
                if in_string {
                    used += 1;
                    match byte {
                        _ if escaped => escaped = false,
                        b'\\' => escaped = true,
                        b'"' => {
                            in_string = false;
                            ended = depth == 0;
                        }
                        _ => {}
                    }
                } else {
                    match byte {
                        b'"' => in_string = true,
                        b'[' | b'{' => depth += 1,
                        b']' | b'}' | b',' if depth == 0 => {
                            ended = true;
                            break;
                        }
                        b']' | b'}' => depth -= 1,
                        b'\n' | b' ' | b'\t' | b'\r' if depth == 0 => {
                            ended = true;
                            break;
                        }
                        _ => {}
                    }
                    used += 1;
                    ended = depth == 0 && matches!(byte, b']' | b'}');
                }
                if ended {
                    break;
                }
            }
            out.extend(&buffer[..used]);
            self.input.consume(used);
            if out.len() > MAX_ITEM_BYTES {
                return Err(ScanError::TooLong);
            }
            if ended {
                return match out.is_empty() {
                    true => Err(ScanError::Unexpected(self.peek()?.unwrap_or_default())),
                    false => Ok(out),
                };
            }
        }
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Result<Option<u8>, ScanError> {
        loop {
            let buffer = self.input.fill_buf()?;
            let Some(&first) = buffer.first() else {
                return Ok(None);
            };
            // Commands that print JSON Lines for streams put a record separator first (RFC 7464).
            if !first.is_ascii_whitespace() && first != 0x1e {
                return Ok(Some(first));
            }
            self.input.consume(1);
        }
    }

    fn bump(&mut self) {
        self.input.consume(1);
    }

    fn error(&self, error: ScanError) -> RowError {
        let place = Place::new(self.unit, self.number);
        match error {
            ScanError::Io(error) => RowError::fatal(place, format!("it cannot be read: {error}")),
            ScanError::Truncated => RowError::fatal(place, "the input ends inside it")
                .with_hint("it was cut off: export or download it again"),
            ScanError::TooLong => RowError::fatal(place, "it is longer than 64 MiB"),
            ScanError::NotJson(reason) => {
                RowError::fatal(place, format!("it is not JSON: {reason}"))
            }
            ScanError::Unexpected(byte) => RowError::fatal(
                place,
                format!(
                    "it is not JSON: `{}` is not expected there",
                    char::from(byte).escape_default()
                ),
            ),
        }
    }
}

impl Iterator for Items {
    /// The place and the value of an item, and its bytes.
    type Item = Result<(Place, Value, Vec<u8>), RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.state == State::Ended {
            return None;
        }
        self.number += 1;
        match self.scan() {
            Ok(None) => {
                self.state = State::Ended;
                None
            }
            Ok(Some(bytes)) => {
                let place = Place::new(self.unit, self.number);
                Some(match parse_value(&bytes) {
                    Ok(value) => Ok((place, value, bytes)),
                    Err(error) => Err(RowError::row(place, format!("it is not JSON: {error}"))),
                })
            }
            Err(error) => {
                self.state = State::Ended;
                Some(Err(self.error(error)))
            }
        }
    }
}

/// Returns the first complete value in `start`, or the first element of the array that it begins. The
/// members of an object that is cut off are given as far as they are complete.
pub(super) fn first_value(start: &str) -> Option<Value> {
    let input = io::Cursor::new(start.trim_start_matches('\u{feff}').to_owned().into_bytes());
    let mut items = Items::new(Box::new(input.take(u64::MAX)), &["\0"], "value").ok()?;
    match items.next()? {
        Ok((_, value, _)) => Some(value),
        Err(_) if !items.around.is_empty() => Some(Value::Object(items.around)),
        Err(_) => None,
    }
}

/// Returns the first item of `start`, as [`Items`] gives it with these keys, if it is complete.
pub(super) fn first_item(start: &str, keys: &'static [&'static str]) -> Option<Value> {
    let input = io::Cursor::new(start.trim_start_matches('\u{feff}').to_owned().into_bytes());
    let mut items = Items::new(Box::new(input), keys, "value").ok()?;
    items.next()?.ok().map(|(_, value, _)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str) -> Vec<Result<String, String>> {
        let input = Box::new(io::Cursor::new(text.to_owned().into_bytes()));
        Items::new(input, &["messages"], "message")
            .unwrap()
            .map(|item| match item {
                Ok((_, value, _)) => Ok(value.to_string()),
                Err(error) => Err(error.to_string()),
            })
            .collect()
    }

    fn good(values: &[&str]) -> Vec<Result<String, String>> {
        values.iter().map(|v| Ok((*v).to_owned())).collect()
    }

    #[test]
    fn array_object_with_array_and_lines_give_the_same_items() {
        let expected = good(&[r#"{"a":"x]}\",["}"#, "2", "[3]"]);
        for text in [
            r#"[{"a":"x]}\",["},2,[3]]"#,
            r#" [ {"a":"x]}\",["} , 2 , [3] ] "#,
            "{ \"ok\" : true , \"n\": 1,\n \"messages\" : [ {\"a\":\"x]}\\\",[\"},2,[3]], \"more\": {\"x\": [1]}, \"z\": 2 }",
            "{\"ok\":true,\"messages\":[{\"a\":\"x]}\\\",[\"},2,[3]],\"more\":{\"x\":[1]}}",
        ] {
            assert_eq!(items(text), expected, "{text}");
        }
        assert_eq!(
            items("{\"a\":1}\n{\"a\":2}\n\n{\"a\":3}"),
            good(&[r#"{"a":1}"#, r#"{"a":2}"#, r#"{"a":3}"#])
        );
    }

    #[test]
    fn pages_one_after_the_other_are_read_on() {
        let text = r#"{"messages":[1,2],"next":"x"}{"messages":[3]}"#;
        assert_eq!(items(text), good(&["1", "2", "3"]));
    }

    #[test]
    fn items_of_a_second_array_of_the_object_are_read_too() {
        let input = Box::new(io::Cursor::new(
            br#"{"incidents":[1],"page":{},"maintenances":[2,3],"status":[4]}"#.to_vec(),
        ));
        let items = Items::new(input, &["incidents", "maintenances"], "item").unwrap();
        let values: Vec<String> = items.map(|item| item.unwrap().1.to_string()).collect();
        assert_eq!(values, ["1", "2", "3"]);
    }

    #[test]
    fn members_before_the_array_are_kept() {
        let input = Box::new(io::Cursor::new(
            br#"{"channel":{"id":"7"},"messages":[1]}"#.to_vec(),
        ));
        let mut items = Items::new(input, &["messages"], "message").unwrap();
        items.next().unwrap().unwrap();
        assert_eq!(items.around()["channel"]["id"], "7");
    }

    #[test]
    fn truncated_input_says_in_which_item() {
        let found = items(r#"[{"a":1},{"a":2"#);
        assert_eq!(found[0], Ok(r#"{"a":1}"#.to_owned()));
        assert_eq!(
            found[1],
            Err("message 2: the input ends inside it".to_owned())
        );
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn item_that_is_not_json_is_refused_and_the_next_is_read() {
        let found = items(r#"[{"a":1},{nope},{"a":3}]"#);
        assert!(found[0].is_ok() && found[1].is_err() && found[2].is_ok());
    }

    #[test]
    fn no_input_makes_it_hang_or_panic() {
        for text in [
            "", " ", "[", "{", "]", "}", ",", "[,", "{,}", "[]]", "{\"a\"", "\"", "\\", "[1 2]",
            "x y", ":",
        ] {
            let found = items(text);
            assert!(found.len() < 10, "{text}: {found:?}");
        }
    }

    #[test]
    fn first_value_looks_into_what_is_cut_off() {
        assert_eq!(first_value(r#"[{"ts":"1"},{"ts"#).unwrap()["ts"], "1");
        assert_eq!(first_value(r#"{"a":1,"b":[{"#).unwrap()["a"], 1);
        assert_eq!(first_value("no json"), None);
    }
}
