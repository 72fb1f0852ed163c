//! The drawn screen in ASCII, for terminals that cannot show the app's signs.
//!
//! What is drawn is replaced cell by cell, so no other part of the screen knows of it. The sign of a kind becomes
//! its letter only where it is a sign, before the word of the kind or in the row of milestones: in a text the same
//! character keeps its look, since a letter there would be read as one.

use crate::{
    domain::words::Kind,
    tui::{
        character_set::CharacterSet, content::zone::zone_head, layout, model::Model, text::width,
        theme::kind_glyph,
    },
};
use ratatui::buffer::{Buffer, Cell};

/// What the app draws besides letters, and its look in ASCII. Where there is no room for all of it, the first
/// character stands for it.
const SIGNS: [(char, &str); 55] = [
    // States, lower to worse.
    ('▁', "_"),
    ('▃', "-"),
    ('▅', "="),
    ('█', "#"),
    // The same in the picture of a postmortem.
    ('░', "-"),
    ('▒', "="),
    ('▓', "="),
    ('·', "."),
    // Customers read it.
    ('»', ">>"),
    ('✉', ">"),
    // Marks of a row.
    ('▸', ">"),
    ('○', "o"),
    ('□', "-"),
    ('√', "v"),
    ('×', "x"),
    ('≠', "!="),
    ('•', "*"),
    ('◊', "&"),
    // Cut, gone on, broken.
    ('…', "..."),
    ('↵', "/"),
    ('↳', ">"),
    // Rules.
    ('─', "-"),
    ('┄', "-"),
    ('━', "-"),
    ('│', "|"),
    ('┃', "|"),
    ('▏', "|"),
    ('▌', "|"),
    ('┌', "+"),
    ('┐', "+"),
    ('└', "+"),
    ('┘', "+"),
    ('├', "+"),
    ('┤', "+"),
    ('┬', "+"),
    ('┴', "+"),
    ('┼', "+"),
    // Arrows.
    ('▲', "^"),
    ('▼', "v"),
    ('↑', "^"),
    ('↓', "v"),
    ('←', "<"),
    ('→', ">"),
    ('↔', "-"),
    ('›', ">"),
    ('‹', "<"),
    // Punctuation of a typesetter.
    ('−', "-"),
    ('–', "-"),
    ('—', "-"),
    ('‑', "-"),
    ('’', "'"),
    ('‘', "'"),
    ('“', "\""),
    ('”', "\""),
    ('\u{a0}', " "),
];

/// The letter of each kind's sign.
const KIND_LETTERS: [(Kind, &str); 21] = [
    (Kind::Fault, "F"),
    (Kind::Absorbed, "A"),
    (Kind::Detect, "D"),
    (Kind::Ack, "K"),
    (Kind::Declare, "B"),
    (Kind::Comms, "C"),
    (Kind::Suspect, "?"),
    (Kind::Decision, "*"),
    (Kind::Ask, "o"),
    (Kind::Action, ">"),
    (Kind::Finding, "!"),
    (Kind::Note, "."),
    (Kind::Resolve, "R"),
    (Kind::Handoff, "H"),
    (Kind::Cause, "Q"),
    (Kind::Factor, "f"),
    (Kind::Change, "c"),
    (Kind::Verify, "="),
    (Kind::Mitigate, "M"),
    (Kind::Restore, "O"),
    (Kind::Reopen, "N"),
];

/// Returns the signs that the app draws, and the same in ASCII, each row with spaces between. For a look at
/// whether a terminal's font has them.
#[must_use]
pub fn signs_in_ascii() -> (String, String) {
    let kinds = KIND_LETTERS
        .iter()
        .map(|(kind, letter)| (kind_glyph(kind).to_owned(), *letter));
    let others = SIGNS
        .iter()
        .filter(|(sign, _)| !sign.is_whitespace())
        .map(|(sign, ascii)| (sign.to_string(), *ascii));
    let (mut signs, mut in_ascii) = (Vec::new(), Vec::new());
    for (sign, ascii) in kinds.chain(others) {
        if !sign.is_ascii() && !signs.contains(&sign) {
            signs.push(sign);
            in_ascii.push(ascii);
        }
    }
    (signs.join(" "), in_ascii.join(" "))
}

/// Replaces what the terminal cannot show in the drawn screen of `model`.
pub(super) fn replace(model: &Model, buf: &mut Buffer) {
    if model.character_set == CharacterSet::Unicode {
        return;
    }
    let areas = layout::areas(model);
    let is_drawn = !layout::too_small(model.size) && !model.plain;
    if is_drawn {
        let head = zone_head(model);
        let end = u16::try_from(width(head.badge) + 1).unwrap_or(0);
        set(buf, areas.zone.x, areas.zone.y, "[");
        set(buf, areas.zone.x + end, areas.zone.y, "]");
    }
    for y in buf.area.top()..buf.area.bottom() {
        let in_milestones =
            is_drawn && areas.milestones.top() <= y && y < areas.milestones.bottom();
        for x in buf.area.left()..buf.area.right() {
            let letter = kind_letter(buf, x, y, in_milestones);
            match letter {
                Some(letter) => set(buf, x, y, letter),
                None => replace_sign(buf, x, y),
            }
        }
        if model.character_set == CharacterSet::AsciiOnly {
            replace_letters(buf, y);
        }
    }
}

/// Returns the letter of the kind whose sign is in the cell, if it is a sign there.
fn kind_letter(buf: &Buffer, x: u16, y: u16, in_milestones: bool) -> Option<&'static str> {
    let symbol = buf.cell((x, y))?.symbol();
    if symbol.is_ascii() {
        return None;
    }
    let mut of_sign = KIND_LETTERS
        .iter()
        .filter(|(kind, _)| kind_glyph(kind) == symbol);
    if in_milestones {
        return of_sign.next().map(|(_, letter)| *letter);
    }
    let word: String = (x + 2..buf.area.right())
        .map_while(|x| {
            let c = buf.cell((x, y))?.symbol().chars().next()?;
            c.is_ascii_lowercase().then_some(c)
        })
        .collect();
    let is_apart = is_blank(buf, x.wrapping_sub(1), y) && is_blank(buf, x + 1, y);
    // On a narrow screen the words are cut.
    let is_word_of = |kind: &Kind| word.len() >= 3 && kind.as_str().starts_with(&word);
    of_sign
        .find(|(kind, _)| is_apart && is_word_of(kind))
        .map(|(_, letter)| *letter)
}

/// Replaces the sign in the cell, if it is one, by its look; a look of several characters takes cells beside it
/// that are free, or the end of the text that `…` cuts.
fn replace_sign(buf: &mut Buffer, x: u16, y: u16) {
    let Some(symbol) = buf.cell((x, y)).map(Cell::symbol) else {
        return;
    };
    if symbol.is_ascii() {
        return;
    }
    let mut chars = symbol.chars();
    let sign = chars.next().filter(|_| chars.next().is_none());
    let Some((_, look)) = SIGNS.iter().find(|(known, _)| Some(*known) == sign) else {
        return;
    };
    let before = |back: u16| x.wrapping_sub(back);
    let blank = |x: u16| is_blank(buf, x, y);
    let text = |x: u16| is_text(buf, x, y);
    let is_colon = |x: u16| buf.cell((x, y)).is_some_and(|cell| cell.symbol() == ":");
    let from = match look.len() {
        1 => x,
        2 if blank(x + 1) && blank(x + 2) => x,
        2 if blank(before(1)) => before(1),
        2 if blank(x + 1) => x,
        // The end of a text that is cut; behind a blank, too, but not over what is to be typed: `why: …`.
        3 if text(before(1)) && (text(before(2)) || blank(before(2))) => before(2),
        // A column stays free before the text after it.
        3 if blank(x + 1) && blank(x + 2) && !text(x + 3) => x,
        3 if blank(before(1)) && text(before(2)) && !is_colon(before(2)) && !text(x + 1) => {
            before(2)
        }
        3 if blank(before(1)) && blank(x + 1) => before(1),
        _ => {
            set(buf, x, y, &look[..1]);
            return;
        }
    };
    for (x, at) in (from..).zip(0..look.len()) {
        set(buf, x, y, &look[at..=at]);
    }
}

/// Replaces what is left in row `y` besides ASCII by a question mark per column.
fn replace_letters(buf: &mut Buffer, y: u16) {
    let mut x = buf.area.left();
    while let Some(symbol) = buf.cell((x, y)).map(Cell::symbol) {
        let columns = u16::try_from(width(symbol)).unwrap_or(1).max(1);
        if !symbol.is_ascii() {
            for x in x..x + columns {
                set(buf, x, y, "?");
            }
        }
        x += columns;
    }
}

fn set(buf: &mut Buffer, x: u16, y: u16, symbol: &str) {
    if let Some(cell) = buf.cell_mut((x, y)) {
        cell.set_symbol(symbol);
    }
}

/// True if the cell is on the screen and empty; the second half of a wide character is not.
fn is_blank(buf: &Buffer, x: u16, y: u16) -> bool {
    let is_second_half = || {
        let before = buf.cell((x.wrapping_sub(1), y));
        before.is_some_and(|cell| width(cell.symbol()) > 1)
    };
    buf.cell((x, y))
        .is_some_and(|cell| cell.symbol() == " " && !is_second_half())
}

/// True if a character of one column is drawn in the cell.
fn is_text(buf: &Buffer, x: u16, y: u16) -> bool {
    buf.cell((x, y))
        .is_some_and(|cell| cell.symbol() != " " && width(cell.symbol()) == 1)
}
