//! The keys that the numbers and letters of a control sequence stand for.

use crate::{tui::input::unit::Unit, tui::keys::Key};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

pub(super) fn ss3_key(number: Option<u32>, last: u8) -> Option<Unit> {
    let modifiers = parse_modifiers(number)?;
    let code = match last {
        b'a'..=b'd' => {
            let code = letter_key(last.to_ascii_uppercase())?;
            return key(code, modifiers | KeyModifiers::CONTROL, 1);
        }
        b'I' => KeyCode::Tab,
        b'M' => KeyCode::Enter,
        b' ' => KeyCode::Char(' '),
        b'X' => KeyCode::Char('='),
        b'j'..=b'y' => KeyCode::Char(char::from(b"*+,-./0123456789"[usize::from(last - b'j')])),
        _ => letter_key(last)?,
    };
    key(code, modifiers, 1)
}

/// Reads the number that stands for modifiers, 1 plus their bits. Returns `None` for Super, Hyper and
/// Meta: with those a key is a command of the desktop, and no text.
pub(super) fn parse_modifiers(number: Option<u32>) -> Option<KeyModifiers> {
    let bits = number.unwrap_or(1).saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    modifiers.set(KeyModifiers::SHIFT, bits & 1 != 0);
    modifiers.set(KeyModifiers::ALT, bits & 2 != 0);
    modifiers.set(KeyModifiers::CONTROL, bits & 4 != 0);
    (bits & (8 | 16 | 32) == 0).then_some(modifiers)
}

/// Returns the key for `kind` 1, a press, and 2, a repeat; `None` for a release.
pub(super) fn key(code: KeyCode, modifiers: KeyModifiers, kind: u32) -> Option<Unit> {
    let code = match code {
        KeyCode::Tab if modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        code => code,
    };
    let key = Key::from_event(&KeyEvent::new(code, modifiers));
    let repeat = kind == 2;
    (kind != 3).then_some(Unit::Key { key, repeat })
}

pub(super) fn letter_key(letter: u8) -> Option<KeyCode> {
    Some(match letter {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P'..=b'S' => KeyCode::F(letter - b'P' + 1),
        _ => return None,
    })
}

pub(super) fn tilde_key(number: u32) -> Option<KeyCode> {
    let f = |before: u32| u8::try_from(number - before).ok().map(KeyCode::F);
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => return f(10),
        17..=21 => return f(11),
        23..=26 => return f(12),
        28..=29 => return f(15),
        31..=34 => return f(17),
        _ => return None,
    })
}

/// Returns the key of a character's number, as kitty and xterm send it. `shifted` is what it types
/// with Shift, where the terminal says so.
pub(super) fn character_key(
    number: u32,
    shifted: Option<u32>,
    modifiers: Option<u32>,
    kind: u32,
) -> Option<Unit> {
    const KEYPAD: &[u8] = b"0123456789./*-+";
    let modifiers = parse_modifiers(modifiers)?;
    let code = match number {
        9 => KeyCode::Tab,
        13 | 57414 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        57399..=57413 => KeyCode::Char(char::from(KEYPAD[usize::try_from(number - 57399).ok()?])),
        57415 => KeyCode::Char('='),
        57416 => KeyCode::Char(','),
        57417 => KeyCode::Left,
        57418 => KeyCode::Right,
        57419 => KeyCode::Up,
        57420 => KeyCode::Down,
        57421 => KeyCode::PageUp,
        57422 => KeyCode::PageDown,
        57423 => KeyCode::Home,
        57424 => KeyCode::End,
        57425 => KeyCode::Insert,
        57426 => KeyCode::Delete,
        57376..=57387 => KeyCode::F(u8::try_from(number - 57376 + 13).ok()?),
        // Other keys of the kitty protocol: media, modifiers alone.
        57344..=63743 => return None,
        _ => {
            let c = char::from_u32(number).filter(|c| !c.is_control())?;
            let upper = shifted
                .and_then(char::from_u32)
                .unwrap_or(c.to_ascii_uppercase());
            let shift = modifiers.contains(KeyModifiers::SHIFT);
            KeyCode::Char(if shift { upper } else { c })
        }
    };
    key(code, modifiers, kind)
}
