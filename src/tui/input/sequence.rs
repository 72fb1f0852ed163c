//! The bytes of keys and mouse events: escape sequences of xterm, vt100, rxvt, the Linux console and
//! kitty; control bytes; UTF-8.
//!
//! [`scan`] reads from left to right and decides at the first byte that allows it, so that its result
//! does not depend on how many bytes follow.

mod keys;

use super::unit::Unit;
use crate::tui::msg::Mouse;
use crossterm::event::{KeyCode, KeyModifiers};
use keys::{character_key, key, letter_key, parse_modifiers, ss3_key, tilde_key};

pub const ESC: u8 = 0x1b;
/// Rows per step of the wheel.
const WHEEL_ROWS: i32 = 3;
/// A longer sequence is none that a terminal sends.
const MAX_SEQUENCE: usize = 256;
/// Replies of a terminal, such as a clipboard's content, may be longer.
const MAX_STRING: usize = 1 << 16;

#[derive(Debug, PartialEq, Eq)]
pub enum Scan {
    /// The bytes are the start of something longer.
    Incomplete,
    /// The first `used` bytes are decoded.
    Done { used: usize, found: Found },
}

#[derive(Debug, PartialEq, Eq)]
pub enum Found {
    /// A sequence without a meaning here, or a broken one.
    Nothing,
    Unit(Unit),
    /// The bracket that opens a paste.
    PasteStart,
}

/// Decodes what `bytes`, which are not empty, begin with.
pub fn scan(bytes: &[u8]) -> Scan {
    match bytes[0] {
        ESC => scan_escape(bytes),
        byte @ (..0x20 | 0x7f) => done(1, control_key(byte)),
        byte @ 0x20..0x7f => done(1, character(char::from(byte))),
        _ => scan_utf8(bytes),
    }
}

fn done(used: usize, unit: impl Into<Option<Unit>>) -> Scan {
    let found = unit.into().map_or(Found::Nothing, Found::Unit);
    Scan::Done { used, found }
}

fn dropped(used: usize) -> Scan {
    done(used, None)
}

fn character(c: char) -> Unit {
    Unit::press(KeyCode::Char(c), KeyModifiers::NONE)
}

fn control_key(byte: u8) -> Unit {
    let code = match byte {
        b'\r' => KeyCode::Enter,
        b'\t' => KeyCode::Tab,
        0x7f => KeyCode::Backspace,
        _ => {
            let c = match byte {
                0 => b' ',
                1..=0x1a => byte - 1 + b'a',
                // Ctrl-4 to Ctrl-7, as terminals name Ctrl-\, Ctrl-], Ctrl-^ and Ctrl-_.
                _ => byte - 0x1c + b'4',
            };
            return Unit::press(KeyCode::Char(char::from(c)), KeyModifiers::CONTROL);
        }
    };
    Unit::press(code, KeyModifiers::NONE)
}

/// Decodes a character. Bytes that are no UTF-8 become one replacement character, so that nobody
/// believes they are there.
fn scan_utf8(bytes: &[u8]) -> Scan {
    let replacement = character(char::REPLACEMENT_CHARACTER);
    let length = match bytes[0] {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return done(1, replacement),
    };
    for at in 1..length {
        match bytes.get(at) {
            None => return Scan::Incomplete,
            Some(0x80..=0xbf) => {}
            Some(_) => return done(at, replacement),
        }
    }
    match std::str::from_utf8(&bytes[..length]) {
        Ok(text) => {
            let printable = text.chars().find(|c| !c.is_control());
            done(length, printable.map(character))
        }
        Err(_) => done(length, replacement),
    }
}

fn scan_escape(bytes: &[u8]) -> Scan {
    let Some(second) = bytes.get(1) else {
        return Scan::Incomplete;
    };
    match second {
        b'[' => scan_csi(bytes),
        b'O' => scan_ss3(bytes),
        &ESC => match bytes.get(2) {
            None => Scan::Incomplete,
            // rxvt sends Alt with an arrow as two escapes.
            Some(b'[' | b'O') => match with_alt(scan_escape(&bytes[1..])) {
                done @ Scan::Done {
                    found: Found::Unit(Unit::Key { .. }),
                    ..
                } => done,
                Scan::Incomplete => Scan::Incomplete,
                Scan::Done { .. } => escape_key(),
            },
            Some(_) => escape_key(),
        },
        // These open a terminal's reply, and are Alt with a character as well.
        b']' | b'P' | b'_' => match (second, bytes.get(2)) {
            (_, None) => Scan::Incomplete,
            (b']', Some(b'0'..=b'9'))
            | (b'P', Some(b'0'..=b'9' | b'>' | b'!' | b'+'))
            | (b'_', Some(b'G')) => scan_string(bytes),
            _ => with_alt(scan(&bytes[1..2])),
        },
        _ => with_alt(scan(&bytes[1..])),
    }
}

fn escape_key() -> Scan {
    done(1, Unit::press(KeyCode::Esc, KeyModifiers::NONE))
}

/// Adds the escape before `scanned`, and Alt to its key.
fn with_alt(scanned: Scan) -> Scan {
    let Scan::Done { used, mut found } = scanned else {
        return Scan::Incomplete;
    };
    if let Found::Unit(Unit::Key { key, .. }) = &mut found {
        key.modifiers |= KeyModifiers::ALT;
    }
    let used = used + 1;
    Scan::Done { used, found }
}

/// Reads a terminal's reply up to its end, BEL or `ESC \`.
fn scan_string(bytes: &[u8]) -> Scan {
    for at in 2..bytes.len() {
        match bytes[at] {
            0x07 => return dropped(at + 1),
            ESC => match bytes.get(at + 1) {
                None => return Scan::Incomplete,
                Some(b'\\') => return dropped(at + 2),
                Some(_) => return dropped(at),
            },
            ..0x20 => return dropped(at),
            _ if at > MAX_STRING => return dropped(at),
            _ => {}
        }
    }
    Scan::Incomplete
}

/// Reads `ESC O` and a letter, with a number before it in old terminals.
fn scan_ss3(bytes: &[u8]) -> Scan {
    for at in 2..bytes.len() {
        match bytes[at] {
            b'0'..=b'9' if at < 4 => {}
            last @ 0x20..0x7f => {
                let number = parse_number(&bytes[2..at]);
                return done(at + 1, ss3_key(number, last));
            }
            _ => return dropped(at),
        }
    }
    Scan::Incomplete
}

fn scan_csi(bytes: &[u8]) -> Scan {
    match bytes.get(2) {
        None => return Scan::Incomplete,
        Some(b'[') => {
            return match bytes.get(3) {
                None => Scan::Incomplete,
                Some(last @ b'A'..=b'E') => {
                    done(4, key(KeyCode::F(last - b'A' + 1), KeyModifiers::NONE, 1))
                }
                Some(0x20..0x7f) => dropped(4),
                Some(_) => dropped(3),
            };
        }
        Some(b'M') => return scan_x10_mouse(bytes),
        Some(b'<') => return scan_sgr_mouse(bytes),
        Some(_) => {}
    }
    for at in 2..bytes.len() {
        let parameters = &bytes[2..at];
        match bytes[at] {
            // The last byte of a shifted key in rxvt, and a byte inside of other sequences.
            b'$' if parameters.iter().all(u8::is_ascii_digit) && at > 2 => {
                return csi(at + 1, parameters, b'$');
            }
            0x20..0x40 if at < MAX_SEQUENCE => {}
            last @ 0x40..0x7f => return csi(at + 1, parameters, last),
            _ => return dropped(at),
        }
    }
    Scan::Incomplete
}

/// Reads `ESC [ <`, button, column, row and `M` or `m`. Any other byte ends a report that was cut, and
/// is not part of it.
fn scan_sgr_mouse(bytes: &[u8]) -> Scan {
    for at in 3..bytes.len() {
        match bytes[at] {
            b'0'..=b'9' | b';' if at < MAX_SEQUENCE => {}
            b'm' => return dropped(at + 1),
            b'M' => {
                let mut numbers = bytes[3..at].split(|b| *b == b';').map(parse_number);
                let mut next = || numbers.next().flatten();
                return done(at + 1, mouse(next(), next(), next()));
            }
            _ => return dropped(at),
        }
    }
    Scan::Incomplete
}

/// Reads `ESC [ M` and three bytes, sent by terminals that know no longer form.
fn scan_x10_mouse(bytes: &[u8]) -> Scan {
    for at in 3..6 {
        match bytes.get(at) {
            None => return Scan::Incomplete,
            Some(..0x20) => return dropped(at),
            Some(_) => {}
        }
    }
    let number = |at: usize| Some(u32::from(bytes[at] - 32));
    done(6, mouse(number(3), number(4), number(5)))
}

/// Returns the event of a button at column and row, which count from 1; `None` for other buttons,
/// releases and motion.
fn mouse(button: Option<u32>, column: Option<u32>, row: Option<u32>) -> Option<Unit> {
    const MODIFIERS: u32 = 4 | 8 | 16;
    let place = |n: Option<u32>| u16::try_from(n?.checked_sub(1)?).ok();
    let (column, row) = (place(column)?, place(row)?);
    let wheel = |rows| {
        let at = (column, row);
        Some(Unit::Mouse(Mouse::Wheel { rows, at }))
    };
    match button? & !MODIFIERS {
        0 => Some(Unit::Mouse(Mouse::Click(column, row))),
        64 => wheel(-WHEEL_ROWS),
        65 => wheel(WHEEL_ROWS),
        _ => None,
    }
}

fn csi(used: usize, parameters: &[u8], last: u8) -> Scan {
    if last == b'~' && parameters == b"200" {
        let found = Found::PasteStart;
        return Scan::Done { used, found };
    }
    done(used, csi_unit(parameters, last))
}

fn csi_unit(parameters: &[u8], last: u8) -> Option<Unit> {
    let is_number = |b: &u8| b.is_ascii_digit() || [b';', b':'].contains(b);
    if !parameters.iter().all(is_number) {
        return None;
    }
    let fields: Vec<&[u8]> = parameters.split(|b| *b == b';').collect();
    // The part of a field, which has several in the kitty protocol.
    let number = |field: usize, part: usize| {
        let mut parts = fields.get(field)?.split(|b| *b == b':');
        parse_number(parts.nth(part)?)
    };
    let first = number(0, 0);
    let kind = number(1, 1).unwrap_or(1);
    match last {
        // xterm's modifyOtherKeys.
        b'~' if first == Some(27) => character_key(number(2, 0)?, None, number(1, 0), 1),
        b'~' => key(tilde_key(first?)?, parse_modifiers(number(1, 0))?, kind),
        b'^' => key(tilde_key(first?)?, KeyModifiers::CONTROL, 1),
        b'$' => key(tilde_key(first?)?, KeyModifiers::SHIFT, 1),
        b'@' => {
            let modifiers = KeyModifiers::CONTROL | KeyModifiers::SHIFT;
            key(tilde_key(first?)?, modifiers, 1)
        }
        b'u' => character_key(first?, number(0, 1), number(1, 0), kind),
        b'Z' => key(KeyCode::BackTab, KeyModifiers::NONE, 1),
        b'M' => mouse(first?.checked_sub(32), number(1, 0), number(2, 0)),
        b'a'..=b'd' => {
            let code = letter_key(last.to_ascii_uppercase())?;
            key(code, KeyModifiers::SHIFT, 1)
        }
        // The reply to a question for the caret's place.
        b'R' if fields.len() > 1 && first != Some(1) => None,
        _ => {
            let mask = match fields.len() {
                1 => first,
                _ => number(1, 0),
            };
            key(letter_key(last)?, parse_modifiers(mask)?, kind)
        }
    }
}

fn parse_number(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes all of `bytes`; keys are shown as in the screens, `repeat` behind a repeated one.
    fn decoded(bytes: &[u8]) -> Vec<String> {
        let mut shown = vec![];
        let mut at = 0;
        while at < bytes.len() {
            let Scan::Done { used, found } = scan(&bytes[at..]) else {
                shown.push("...".to_owned());
                break;
            };
            at += used;
            match found {
                Found::Nothing => {}
                Found::PasteStart => shown.push("paste".to_owned()),
                Found::Unit(Unit::Key { key, repeat: false }) => shown.push(key.to_string()),
                Found::Unit(Unit::Key { key, .. }) => shown.push(format!("{key} repeat")),
                Found::Unit(unit) => shown.push(format!("{unit:?}")),
            }
        }
        shown
    }

    #[test]
    fn keys_of_all_terminals_are_decoded() {
        for (bytes, keys) in [
            ("aé€😀", "a é € 😀"),
            ("A ", "A Space"),
            (
                "\r\t\x7f\n\0\x11",
                "Enter Tab Backspace Ctrl-J Ctrl-Space Ctrl-Q",
            ),
            ("\x1c\x1f", "Ctrl-4 Ctrl-7"),
            ("\x08", "Ctrl-H"),
            // Alt.
            ("\x1bc\x1bH\x1b1\x1bé", "Alt-C Alt-H Alt-1 Alt-É"),
            (
                "\x1b\r\x1b\x7f\x1b\x10",
                "Alt-Enter Alt-Backspace Ctrl-Alt-P",
            ),
            ("\x1b]x\x1bPx\x1b_x", "Alt-] x Alt-P x Alt-_ x"),
            // xterm.
            ("\x1b[A\x1b[B\x1b[C\x1b[D\x1b[H\x1b[F", "↑ ↓ → ← Home End"),
            ("\x1bOA\x1bOB\x1bOC\x1bOD\x1bOH\x1bOF", "↑ ↓ → ← Home End"),
            ("\x1bOP\x1bOQ\x1bOR\x1bOS", "F1 F2 F3 F4"),
            (
                "\x1b[15~\x1b[17~\x1b[18~\x1b[19~\x1b[20~\x1b[21~\x1b[23~\x1b[24~",
                "F5 F6 F7 F8 F9 F10 F11 F12",
            ),
            ("\x1b[2~\x1b[3~\x1b[5~\x1b[6~", "Insert Delete PgUp PgDn"),
            ("\x1b[1;5A\x1b[1;3A\x1b[1;2D", "Ctrl-↑ Alt-↑ Shift-←"),
            (
                "\x1b[1;6P\x1b[1;2R\x1b[3;5~\x1b[24;3~",
                "Ctrl-Shift-F1 Shift-F3 Ctrl-Delete Alt-F12",
            ),
            ("\x1b[5A\x1bO5P", "Ctrl-↑ Ctrl-F1"),
            ("\x1b[Z", "Shift-Tab"),
            ("\x1b[27;5;105~\x1b[27;2;13~", "Ctrl-I Shift-Enter"),
            // vt100 and its keypad.
            ("\x1bOM\x1bOp\x1bOy\x1bOk", "Enter 0 9 +"),
            // Linux console.
            ("\x1b[[A\x1b[[E\x1b[1~\x1b[4~", "F1 F5 Home End"),
            // rxvt.
            ("\x1b[7~\x1b[8~\x1b[11~\x1b[14~", "Home End F1 F4"),
            (
                "\x1b[a\x1bOa\x1b\x1b[A\x1b\x1bOB",
                "Shift-↑ Ctrl-↑ Alt-↑ Alt-↓",
            ),
            (
                "\x1b[5$\x1b[5^\x1b[5@",
                "Shift-PgUp Ctrl-PgUp Ctrl-Shift-PgUp",
            ),
            // kitty.
            ("\x1b[97u\x1b[97;5u\x1b[97:65;2u\x1b[97;2u", "a Ctrl-A A A"),
            (
                "\x1b[13u\x1b[27u\x1b[9;2u\x1b[127u",
                "Enter Esc Shift-Tab Backspace",
            ),
            ("\x1b[106;1:1u\x1b[106;1:2u\x1b[106;1:3u", "j|j repeat"),
            ("\x1b[1;1:2A\x1b[1;1:3A\x1b[5;1:3~", "↑ repeat"),
            ("\x1b[97;129u\x1b[97;9u\x1b[57441u\x1b[57400u", "a 1"),
            // Escape before something that takes no Alt.
            ("\x1b\x1bx", "Esc Alt-X"),
        ] {
            let shown = decoded(bytes.as_bytes());
            let expected: Vec<_> = if keys.contains("repeat") {
                keys.split('|').collect()
            } else {
                keys.split(' ').collect()
            };
            assert_eq!(shown, expected, "{bytes:?}");
        }
    }

    #[test]
    fn mouse_reports_are_decoded() {
        for (bytes, shown) in [
            ("\x1b[<0;3;4M", "Mouse(Click(2, 3))"),
            ("\x1b[<16;300;4M", "Mouse(Click(299, 3))"),
            ("\x1b[<64;10;5M", "Mouse(Wheel { rows: -3, at: (9, 4) })"),
            ("\x1b[<65;10;5;M", "Mouse(Wheel { rows: 3, at: (9, 4) })"),
            ("\x1b[M !!", "Mouse(Click(0, 0))"),
            ("\x1b[32;3;4M", "Mouse(Click(2, 3))"),
            ("\x1b[<0;3;4m", ""),
            ("\x1b[<2;3;4M", ""),
            ("\x1b[<0;0;4M", ""),
            ("\x1b[<0;99999;4M", ""),
            ("\x1b[<0;4M", ""),
        ] {
            assert_eq!(decoded(bytes.as_bytes()).join(" "), shown, "{bytes:?}");
        }
    }

    #[test]
    fn what_has_no_meaning_is_dropped_whole_and_nothing_else() {
        for (bytes, shown) in [
            // Focus, replies, unknown sequences.
            ("\x1b[I\x1b[Oa", "a"),
            ("\x1b[?62;22ca", "a"),
            ("\x1b[24;80Ra", "a"),
            ("\x1b[?2026;1$ya", "a"),
            ("\x1b[99~\x1b[1;1;1qa", "a"),
            (
                "\x1b]11;rgb:0000/0000/0000\x1b\\a\x1b]52;c;eA==\x07b",
                "a b",
            ),
            ("\x1bP1+r544e\x1b\\a\x1b_Gi=1;OK\x1b\\b", "a b"),
            ("\x1bOza\x1b[[xb", "a b"),
            ("\x1b[201~a", "a"),
            ("\u{85}a", "a"),
            // Cut sequences do not take what follows.
            ("\x1b[<64;10restart", "r e s t a r t"),
            ("\x1b[<64;10\r", "Enter"),
            ("\x1b[<64;10\x1b[A", "↑"),
            ("\x1b[1;\x1b[A", "↑"),
            ("\x1b[1;é", "é"),
            ("\x1bO\r", "Enter"),
            ("\x1b[M \x1b[A", "↑"),
            ("\x1b]11;rgb\r", "Enter"),
            // Starts of sequences.
            ("\x1b", "..."),
            ("\x1b[", "..."),
            ("\x1b[<64;10", "..."),
            ("\x1bO", "..."),
            ("\x1b\x1b", "..."),
            ("\x1b[[", "..."),
        ] {
            assert_eq!(decoded(bytes.as_bytes()).join(" "), shown, "{bytes:?}");
        }
    }

    #[test]
    fn bytes_that_are_no_text_are_shown_and_take_nothing_else() {
        for (bytes, shown) in [
            (&b"\xe9a"[..], "\u{fffd} a"),
            (b"\xe2\x82a", "\u{fffd} a"),
            (b"\x80\xff", "\u{fffd} \u{fffd}"),
            (b"\xed\xa0\x80a", "\u{fffd} a"),
            (b"\xc3", "..."),
            (b"\xf0\x9f\x98", "..."),
        ] {
            assert_eq!(decoded(bytes).join(" "), shown, "{bytes:?}");
        }
    }
}
