//! Lines of text from a file of any encoding that people have: UTF-8 with or without a byte order mark,
//! UTF-16 with one; any line end.

use super::row::{Place, RowError};
use std::io::{self, BufRead, BufReader, Read};

/// How long a line, or one item of a JSON array, may be in bytes.
pub(super) const MAX_ITEM_BYTES: usize = 64 * 1024 * 1024;

/// Returns `input` as UTF-8 without its byte order mark.
///
/// # Errors
/// The input cannot be read.
pub(super) fn as_utf8(mut input: Box<dyn BufRead>) -> io::Result<Box<dyn BufRead>> {
    let mut start = Vec::new();
    (&mut input).take(3).read_to_end(&mut start)?;
    let big_endian = match start.as_slice() {
        [0xef, 0xbb, 0xbf] => return Ok(input),
        [0xff, 0xfe, ..] => false,
        [0xfe, 0xff, ..] => true,
        _ => return Ok(Box::new(io::Cursor::new(start).chain(input))),
    };
    let rest = io::Cursor::new(start.split_off(2)).chain(input);
    Ok(Box::new(BufReader::with_capacity(
        1 << 16,
        Utf16Reader {
            input: rest,
            big_endian,
            half_pair: None,
        },
    )))
}

/// Turns UTF-16 into UTF-8. A surrogate without its partner becomes U+FFFD.
struct Utf16Reader<R> {
    input: R,
    big_endian: bool,
    /// The first half of a character outside the basic plane, if the last read ended after it.
    half_pair: Option<u16>,
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        // Two bytes give up to three, and a half pair that was kept another three.
        let room = (out.len().saturating_sub(6) / 3).clamp(1, 1 << 14) * 2;
        let mut bytes = Vec::new();
        (&mut self.input)
            .take(room as u64)
            .read_to_end(&mut bytes)?;
        let at_end = bytes.len() < room;
        let pairs = bytes.chunks_exact(2).map(|pair| match self.big_endian {
            true => u16::from_be_bytes([pair[0], pair[1]]),
            false => u16::from_le_bytes([pair[0], pair[1]]),
        });
        let mut units: Vec<u16> = self.half_pair.take().into_iter().chain(pairs).collect();
        if !at_end
            && units
                .last()
                .is_some_and(|unit| (0xd800..0xdc00).contains(unit))
        {
            self.half_pair = units.pop();
        }
        let text: String = char::decode_utf16(units)
            .map(|decoded| decoded.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect();
        let Some(target) = out.get_mut(..text.len()) else {
            return Err(io::Error::other("the buffer is too small for UTF-16"));
        };
        target.copy_from_slice(text.as_bytes());
        Ok(text.len())
    }
}

/// The lines of an input, with their numbers from 1 and without their ends.
pub(super) struct Lines {
    input: Box<dyn BufRead>,
    number: u64,
    ended: bool,
}

impl Lines {
    /// # Errors
    /// The input cannot be read.
    pub fn new(input: Box<dyn BufRead>) -> io::Result<Self> {
        Ok(Self {
            input: as_utf8(input)?,
            number: 0,
            ended: false,
        })
    }
}

impl Iterator for Lines {
    type Item = Result<(u64, String), RowError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        self.number += 1;
        let place = Place::new("line", self.number);
        let mut bytes = Vec::new();
        let mut limited = (&mut self.input).take(MAX_ITEM_BYTES as u64 + 1);
        let read = limited.read_until(b'\n', &mut bytes);
        match read {
            Err(error) => {
                self.ended = true;
                return Some(Err(RowError::fatal(
                    place,
                    format!("it cannot be read: {error}"),
                )));
            }
            Ok(0) => {
                self.ended = true;
                return None;
            }
            Ok(_) => {}
        }
        if bytes.len() > MAX_ITEM_BYTES {
            self.ended = true;
            return Some(Err(RowError::fatal(place, "it is longer than 64 MiB")));
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        Some(match String::from_utf8(bytes) {
            Ok(line) => Ok((self.number, line)),
            Err(error) => Err(RowError::row(
                place,
                format!(
                    "it is not UTF-8 at byte {}",
                    error.utf8_error().valid_up_to() + 1
                ),
            )
            .with_hint("convert the file first: iconv -t UTF-8")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(bytes: Vec<u8>) -> Vec<String> {
        Lines::new(Box::new(BufReader::new(io::Cursor::new(bytes))))
            .unwrap()
            .map(|line| line.unwrap().1)
            .collect()
    }

    fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
        "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(|unit| match big_endian {
                true => unit.to_be_bytes(),
                false => unit.to_le_bytes(),
            })
            .collect()
    }

    #[test]
    fn every_encoding_gives_the_same_lines() {
        let text = "a\r\n\nGrüße 😀\nlast";
        let expected = ["a", "", "Grüße 😀", "last"];
        assert_eq!(lines_of(text.into()), expected);
        assert_eq!(lines_of(format!("\u{feff}{text}").into()), expected);
        assert_eq!(lines_of(utf16(text, false)), expected);
        assert_eq!(lines_of(utf16(text, true)), expected);
    }

    #[test]
    fn characters_across_the_reads_of_utf16_stay_whole() {
        let text = "😀".repeat(100_000);
        assert_eq!(lines_of(utf16(&text, false)), [text]);
    }

    #[test]
    fn line_that_is_not_utf8_is_refused_and_the_next_is_read() {
        let bytes = b"good\n\xff\xfa\nalso good\n".to_vec();
        let lines: Vec<_> = Lines::new(Box::new(io::Cursor::new(bytes)))
            .unwrap()
            .collect();
        assert!(lines[0].is_ok() && lines[2].is_ok());
        let error = lines[1].as_ref().unwrap_err();
        assert_eq!(error.to_string(), "line 2: it is not UTF-8 at byte 1");
        assert!(!error.is_fatal);
    }

    #[test]
    fn short_inputs_are_not_taken_for_a_byte_order_mark() {
        assert_eq!(lines_of(b"".to_vec()), Vec::<String>::new());
        assert_eq!(lines_of(b"a".to_vec()), ["a"]);
        assert_eq!(lines_of(vec![0xff, 0xfe]), Vec::<String>::new());
    }
}
