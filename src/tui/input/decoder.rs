//! Bytes of the terminal become keys, mouse events and pastes. Times are given by the caller.

use super::{
    sequence::{ESC, Found, Scan, scan},
    unit::Unit,
};
use crossterm::event::{KeyCode, KeyModifiers};
use std::time::Duration;

/// An escape that nothing follows for this time is the Esc key.
const ESCAPE_TIMEOUT: Duration = Duration::from_millis(20);
/// A sequence that does not go on for this time is dropped.
const SEQUENCE_TIMEOUT: Duration = Duration::from_millis(50);
/// The rest of a sequence that was dropped is known as such for this time.
const REST_TIMEOUT: Duration = Duration::from_secs(1);
/// A paste that does not go on for this time has lost its end.
const PASTE_TIMEOUT: Duration = Duration::from_secs(2);
/// A line feed within this time after a carriage return is part of the same line break.
const LINE_BREAK_TIME: Duration = Duration::from_millis(6);

const PASTE_END: &[u8] = b"\x1b[201~";

/// A point in time, as the time since the start.
pub type Time = Duration;

#[derive(Debug, Default)]
pub struct Decoder {
    /// The start of a character or sequence.
    pending: Vec<u8>,
    /// The paste that has begun.
    paste: Option<Vec<u8>>,
    /// When the last bytes came.
    last_read: Time,
    /// The start of a sequence that was given up, and when.
    given_up: Option<(Vec<u8>, Time)>,
    /// When a carriage return came, if it was the last byte.
    carriage_return: Option<Time>,
}

impl Decoder {
    /// Decodes the bytes of one read at `now`.
    pub fn push(&mut self, bytes: &[u8], now: Time) -> Vec<Unit> {
        let mut units = vec![];
        if self.deadline().is_some_and(|deadline| deadline < now) {
            self.give_up(now, &mut units);
        }
        self.last_read = now;
        let bytes = self.without_rest(bytes, now);
        if let Some(paste) = &mut self.paste {
            let before = paste.len();
            paste.extend_from_slice(bytes);
            self.end_paste(before, &mut units);
        } else {
            self.pending.extend_from_slice(bytes);
        }
        self.scan_pending(now, &mut units);
        units
    }

    /// Decides on what is still open at `now`.
    pub fn expire(&mut self, now: Time) -> Vec<Unit> {
        let mut units = vec![];
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.give_up(now, &mut units);
        }
        units
    }

    /// When to call [`Decoder::expire`], unless bytes come before.
    pub fn deadline(&self) -> Option<Time> {
        let timeout = match self.pending.as_slice() {
            _ if self.paste.is_some() => PASTE_TIMEOUT,
            [] => return None,
            [ESC] | [ESC, ESC | b']' | b'P' | b'_'] => ESCAPE_TIMEOUT,
            _ => SEQUENCE_TIMEOUT,
        };
        Some(self.last_read + timeout)
    }

    /// Forgets the start of a sequence and returns the paste that has begun, if any.
    pub fn reset(&mut self) -> Vec<Unit> {
        let mut units = vec![];
        self.cut_paste(&mut units);
        *self = Self::default();
        units
    }

    fn scan_pending(&mut self, now: Time, units: &mut Vec<Unit>) {
        let mut at = 0;
        while at < self.pending.len() {
            let Scan::Done { used, found } = scan(&self.pending[at..]) else {
                break;
            };
            let first = self.pending[at];
            at += used;
            let after_return = self
                .carriage_return
                .take()
                .is_some_and(|time| now.saturating_sub(time) <= LINE_BREAK_TIME);
            match found {
                Found::Nothing => {}
                // Some serial consoles send these after the carriage return of Enter.
                Found::Unit(_) if after_return && [b'\n', 0].contains(&first) => {}
                Found::Unit(unit) => {
                    self.carriage_return = (first == b'\r').then_some(now);
                    units.push(unit);
                }
                Found::PasteStart => {
                    self.paste = Some(self.pending.split_off(at));
                    self.pending.clear();
                    at = 0;
                    self.end_paste(0, units);
                }
            }
        }
        self.pending.drain(..at);
    }

    /// Ends the paste if its end is there; the bytes before `searched` have been looked through.
    fn end_paste(&mut self, searched: usize, units: &mut Vec<Unit>) {
        let Some(paste) = &mut self.paste else {
            return;
        };
        let from = searched.saturating_sub(PASTE_END.len() - 1);
        let found = paste[from..]
            .windows(PASTE_END.len())
            .position(|window| window == PASTE_END);
        if let Some(at) = found.map(|at| from + at) {
            self.pending = paste.split_off(at + PASTE_END.len());
            paste.truncate(at);
            units.push(Unit::Paste(String::from_utf8_lossy(paste).into_owned()));
            self.paste = None;
        }
    }

    /// Ends the paste without its end; a part of the end is no text.
    fn cut_paste(&mut self, units: &mut Vec<Unit>) {
        let Some(mut paste) = self.paste.take() else {
            return;
        };
        let part = (1..PASTE_END.len())
            .rev()
            .find(|length| paste.ends_with(&PASTE_END[..*length]));
        paste.truncate(paste.len() - part.unwrap_or(0));
        units.push(Unit::Paste(String::from_utf8_lossy(&paste).into_owned()));
    }

    fn give_up(&mut self, now: Time, units: &mut Vec<Unit>) {
        self.cut_paste(units);
        let escape = Unit::press(KeyCode::Esc, KeyModifiers::NONE);
        let mut pending = std::mem::take(&mut self.pending);
        if pending.starts_with(&[ESC, ESC]) {
            units.push(escape.clone());
            pending.remove(0);
        }
        match pending.as_slice() {
            [] => return,
            [ESC] => units.push(escape),
            [ESC, second @ (b']' | b'P' | b'_')] => units.push(Unit::press(
                KeyCode::Char(char::from(*second)),
                KeyModifiers::ALT,
            )),
            [ESC, ..] => {}
            _ => {
                let replacement = KeyCode::Char(char::REPLACEMENT_CHARACTER);
                units.push(Unit::press(replacement, KeyModifiers::NONE));
            }
        }
        if pending[0] == ESC {
            self.given_up = Some((pending, now));
        }
    }

    /// Cuts from `bytes` what completes a mouse report that was given up. A paste that begins late is
    /// a paste all the same.
    fn without_rest<'a>(&mut self, bytes: &'a [u8], now: Time) -> &'a [u8] {
        let Some((start, time)) = self.given_up.take() else {
            return bytes;
        };
        if now.saturating_sub(time) > REST_TIMEOUT || bytes.is_empty() {
            return bytes;
        }
        let whole = [&start, &bytes[..bytes.len().min(64)]].concat();
        let Scan::Done { used, found } = scan(&whole) else {
            return bytes;
        };
        let ends_in_rest = used > start.len() && used <= whole.len();
        let is_report = whole.starts_with(b"\x1b[<") && whole[used - 1].eq_ignore_ascii_case(&b'm');
        match found {
            Found::PasteStart if ends_in_rest => self.paste = Some(vec![]),
            _ if ends_in_rest && is_report => {}
            _ => return bytes,
        }
        &bytes[used - start.len()..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn show(units: &[Unit]) -> String {
        let shown = units.iter().map(|unit| match unit {
            Unit::Key { key, .. } => key.to_string(),
            Unit::Mouse(mouse) => format!("{mouse:?}"),
            Unit::Paste(text) => format!("paste:{text}"),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    fn ms(time: u64) -> Time {
        Duration::from_millis(time)
    }

    /// Reads at milliseconds; the decoder is woken at each of its deadlines between them.
    fn decode(reads: &[(u64, &str)]) -> String {
        let mut decoder = Decoder::default();
        let mut units = vec![];
        for (time, text) in reads {
            while let Some(deadline) = decoder.deadline().filter(|at| *at < ms(*time)) {
                units.extend(decoder.expire(deadline));
            }
            units.extend(decoder.push(text.as_bytes(), ms(*time)));
        }
        while let Some(deadline) = decoder.deadline() {
            units.extend(decoder.expire(deadline));
        }
        show(&units)
    }

    #[test]
    fn time_decides_on_open_sequences() {
        for (reads, shown) in [
            // A lone escape is the key after 20 ms; before that it may begin a sequence.
            (&[(0, "\x1b")][..], "Esc"),
            (&[(0, "\x1b"), (19, "[A")], "↑"),
            (&[(0, "\x1b"), (20, "[A")], "↑"),
            (&[(0, "\x1b"), (30, "k")], "Esc k"),
            (&[(0, "\x1b"), (5, "k")], "Alt-K"),
            (&[(0, "\x1b\x1b")], "Esc Esc"),
            (&[(0, "\x1bP")], "Alt-P"),
            // A half sequence is dropped after 50 ms of silence.
            (&[(0, "\x1b["), (40, "1;5"), (80, "A")], "Ctrl-↑"),
            (&[(0, "\x1b[1;5"), (60, "x")], "x"),
            (&[(0, "\x1bO"), (60, "x")], "x"),
            (&[(0, "\x1b\x1b[1"), (60, "x")], "Esc x"),
            (&[(0, "\x1b]11;rgb"), (60, "x")], "x"),
            // Half a mouse report, and the rest of it up to 1 s later.
            (&[(0, "\x1b[<64;10"), (60, "user")], "u s e r"),
            (&[(0, "\x1b[<64;10"), (60, ";5Muser")], "u s e r"),
            (&[(0, "\x1b[<64;10;5"), (900, "Muser")], "u s e r"),
            (&[(0, "\x1b["), (60, "<64;10;5Muser")], "u s e r"),
            (&[(0, "\x1b"), (60, "[<64;10;5Mu")], "Esc u"),
            (&[(0, "\x1b[<64;10"), (1200, ";5M")], "; 5 M"),
            (&[(0, "\x1b[<64;10"), (60, "x;5M")], "x ; 5 M"),
            (&[(0, "\x1b[<64;10"), (60, "x"), (90, ";5M")], "x ; 5 M"),
            (
                &[(0, "\x1b[<64;10"), (40, ";5M")],
                "Wheel { rows: -3, at: (9, 4) }",
            ),
            // The rest of other sequences is taken as text.
            (&[(0, "\x1b[1"), (60, "0:05")], "0 : 0 5"),
            // A paste has all the time while bytes come, and ends 2 s after the last.
            (
                &[(0, "\x1b[200~a"), (1900, "b"), (3800, "c\x1b[201~d")],
                "paste:abc d",
            ),
            (&[(0, "\x1b[200~a"), (2100, "b")], "paste:a b"),
            (&[(0, "\x1b[200~a\x1b[20")], "paste:a"),
            (&[(0, "\x1b[20"), (60, "0~a\rb\x1b[201~")], "paste:a\rb"),
            (&[(0, "\x1b[200~"), (1, "\x1b[201~")], "paste:"),
            (
                &[(0, "\x1b[200~\x1b[A\x1b[201"), (1, "~x")],
                "paste:\x1b[A x",
            ),
            // One line break.
            (
                &[(0, "\r\n"), (10, "\r"), (12, "\n"), (30, "\r\0")],
                "Enter Enter Enter",
            ),
            (
                &[(0, "\r"), (20, "\n"), (40, "\n\r\n")],
                "Enter Ctrl-J Ctrl-J Enter",
            ),
        ] {
            assert_eq!(decode(reads), shown, "{reads:?}");
        }
    }

    #[test]
    fn half_a_character_waits_and_is_then_shown_as_broken() {
        let mut decoder = Decoder::default();
        assert_eq!(decoder.push(b"\xe2\x82", ms(0)), []);
        assert_eq!(show(&decoder.push(b"\xac", ms(49))), "€");
        assert_eq!(decoder.push(b"\xe2\x82", ms(100)), []);
        assert_eq!(show(&decoder.expire(ms(150))), "\u{fffd}");
        assert_eq!(decoder.deadline(), None);
    }

    #[test]
    fn paste_of_a_megabyte_is_whole() {
        let text: String = (0..90_000).map(|n| format!("строка {n}\n")).collect();
        assert!(text.len() > 1 << 20);
        let bytes = format!("\x1b[200~{text}\x1b[201~x").into_bytes();
        let mut decoder = Decoder::default();
        let mut units = vec![];
        for part in bytes.chunks(1021) {
            units.extend(decoder.push(part, ms(0)));
        }
        let [Unit::Paste(pasted), Unit::Key { .. }] = units.as_slice() else {
            panic!("{} units", units.len());
        };
        assert!(*pasted == text);
    }

    #[test]
    fn reset_keeps_a_paste_and_forgets_half_a_sequence() {
        let mut decoder = Decoder::default();
        decoder.push(b"\x1b[200~ab", ms(0));
        assert_eq!(show(&decoder.reset()), "paste:ab");
        decoder.push(b"\x1b[1;", ms(0));
        assert_eq!(decoder.reset(), []);
        assert_eq!(show(&decoder.push(b"A", ms(1))), "A");
    }

    /// Texts, whole and half sequences, pastes, and any bytes.
    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let known = prop::sample::select(vec![
            "\x1b",
            "\x1b[",
            "\x1bO",
            "\x1b[A",
            "\x1b[1;5A",
            "\x1b[[A",
            "\x1b[<64;10;5M",
            "\x1b[<0;1;1m",
            "\x1b[<64;10",
            "\x1b[200~",
            "\x1b[201~",
            "\x1b[106;1:2u",
            "\r",
            "\r\n",
            "\t",
            "\x7f",
            "\x1b]11;x\x1b\\",
            "\x1bP1",
            "\x1b[3$",
            "\x1b[M",
            "é€😀",
        ]);
        let part = prop_oneof![
            4 => known.prop_map(|text| text.as_bytes().to_vec()),
            2 => "[a-z0-9;M ~é]{0,6}".prop_map(String::into_bytes),
            1 => prop::collection::vec(any::<u8>(), 0..4),
        ];
        prop::collection::vec(part, 0..24).prop_map(|parts| parts.concat())
    }

    proptest! {
        #[test]
        fn any_split_of_a_stream_gives_the_same_units(
            bytes in stream(),
            cuts in prop::collection::vec(1_usize..9, 0..64),
        ) {
            let finish = |decoder: &mut Decoder| {
                let mut units = vec![];
                while let Some(deadline) = decoder.deadline() {
                    units.extend(decoder.expire(deadline));
                }
                units
            };
            let mut whole = Decoder::default();
            let mut expected = whole.push(&bytes, ms(7));
            expected.extend(finish(&mut whole));
            let mut decoder = Decoder::default();
            let mut units = vec![];
            let mut rest = bytes.as_slice();
            for cut in cuts {
                let (part, after) = rest.split_at(cut.min(rest.len()));
                units.extend(decoder.push(part, ms(7)));
                rest = after;
            }
            units.extend(decoder.push(rest, ms(7)));
            units.extend(finish(&mut decoder));
            prop_assert_eq!(units, expected);
        }
    }
}
