//! Scripts that are written without spaces between words: each of their characters is a token of its
//! own in the index, so that any part of a text is found as a phrase, from one character on.

use std::borrow::Cow;

/// The half-width katakana from U+FF66 on, as full-width ones.
const HALF_WIDTH: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン";
/// The hiragana that the character after them is the voiced form of. The katakana are 0x60 later.
const VOICEABLE: &str = "かきくけこさしすせそたちつてとはひふへほ";
/// The hiragana that the second character after them is the half-voiced form of.
const HALF_VOICEABLE: &str = "はひふへほ";
const HIRAGANA_TO_KATAKANA: u32 = 0x60;

/// Returns true for a letter or a mark of a script in which words are not separated by spaces: Han,
/// Hiragana, Katakana, Thai, Lao, Khmer and Myanmar.
pub(super) fn is_spaceless(c: char) -> bool {
    is_east_asian(c) || is_south_east_asian(c)
}

fn is_east_asian(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309d}'..='\u{309f}'
        | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

fn is_south_east_asian(c: char) -> bool {
    matches!(c, '\u{e01}'..='\u{e4e}' | '\u{e81}'..='\u{ece}' | '\u{1000}'..='\u{103f}'
        | '\u{1050}'..='\u{108f}' | '\u{1780}'..='\u{17d3}')
        && c != '\u{e3f}'
}

/// Returns the character that stands for `c` in the index. FTS5's tokenizer takes the vowel signs and
/// tone marks of South-East Asia for separators, and characters for private use for letters.
fn indexed(c: char) -> char {
    let code = u32::from(c);
    let private = match code {
        _ if is_south_east_asian(c) => 0xe000 + (code & 0x1fff),
        // Han characters that Unicode had not when the tokenizer's tables were made.
        0x2_a6de..=0x2_f7ff | 0x2_fa1e..=0x3_ffff => 0xf_0000 + (code & 0xffff),
        _ => code,
    };
    char::from_u32(private).unwrap_or(c)
}

/// Returns `c` in the width in which it is indexed: full-width Latin as ASCII, half-width kana as
/// full-width ones.
pub(super) fn unify_width(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0),
        '\u{ff66}'..='\u{ff9d}' => HALF_WIDTH.chars().nth((u32::from(c) - 0xff66) as usize),
        c => Some(c),
    }
    .unwrap_or(c)
}

/// Returns the kana that `base` and the sound mark after it are together.
pub(super) fn with_sound_mark(base: char, mark: char) -> Option<char> {
    let steps = match mark {
        '\u{3099}' | '\u{ff9e}' => 1,
        '\u{309a}' | '\u{ff9f}' => 2,
        _ => return None,
    };
    let code = u32::from(base);
    match base {
        'う' | 'ウ' if steps == 1 => return char::from_u32(code + 0x4e),
        _ => {}
    }
    let is_katakana = matches!(base, '\u{30a1}'..='\u{30fa}');
    let hiragana = if is_katakana {
        code - HIRAGANA_TO_KATAKANA
    } else {
        code
    };
    let bases = if steps == 1 {
        VOICEABLE
    } else {
        HALF_VOICEABLE
    };
    bases
        .chars()
        .any(|c| u32::from(c) == hiragana)
        .then(|| char::from_u32(code + steps))?
}

/// The characters of `text` in the width and composition in which they are indexed, each with its
/// position in `text` and the position after it, in characters.
pub(super) fn unified_chars(text: &str) -> impl Iterator<Item = (char, usize, usize)> {
    let mut chars = text.chars().enumerate().peekable();
    std::iter::from_fn(move || {
        let (at, c) = chars.next()?;
        let c = unify_width(c);
        match chars.peek().and_then(|(_, mark)| with_sound_mark(c, *mark)) {
            Some(composed) => {
                chars.next();
                Some((composed, at, at + 2))
            }
            None => Some((c, at, at + 1)),
        }
    })
}

/// Returns `text` as the full-text index takes it: the characters of scripts without spaces apart, and
/// letters in one width. Texts of other scripts are returned as they are.
#[must_use]
pub fn index_text(text: &str) -> Cow<'_, str> {
    // No character before Thai is changed; the first byte of all later ones is E0 or more.
    if text.bytes().all(|byte| byte < 0xe0) {
        return Cow::Borrowed(text);
    }
    let mut apart = String::with_capacity(text.len() * 4 / 3 + 8);
    let mut is_after_spaceless = false;
    for (c, _, _) in unified_chars(text) {
        let is_spaceless = is_spaceless(c);
        if (is_spaceless || is_after_spaceless) && !apart.is_empty() {
            apart.push(' ');
        }
        apart.push(if is_spaceless { indexed(c) } else { c });
        is_after_spaceless = is_spaceless;
    }
    Cow::Owned(apart)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_of_scripts_without_spaces_are_put_apart() {
        for (text, indexed) in [
            ("replica lag é", "replica lag é"),
            ("DBサーバ障害", "DB サ ー バ 障 害"),
            ("障害 db", "障 害  db"),
            ("ＤＢ－１", "DB-1"),
            ("ｻｰﾊﾞ ﾊﾟ", "サ ー バ   パ"),
            ("か\u{3099}ウ\u{3099}", "が ヴ"),
            ("서버 장애", "서버 장애"),
            ("“curly”", "“curly”"),
        ] {
            assert_eq!(index_text(text), indexed, "{text}");
        }
        // The tone mark of Thai is a letter of the index.
        assert_eq!(index_text("ก่"), "\u{ee01} \u{ee48}");
        assert!(matches!(index_text("plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn tables_of_kana_fit_together() {
        assert_eq!(HALF_WIDTH.chars().count(), 0xff9d - 0xff66 + 1);
        assert_eq!(unify_width('ｱ'), 'ア');
        assert_eq!(unify_width('ﾝ'), 'ン');
        assert_eq!(with_sound_mark('ハ', 'ﾟ'), Some('パ'));
        assert_eq!(with_sound_mark('と', '\u{3099}'), Some('ど'));
        assert_eq!(with_sound_mark('ア', 'ﾞ'), None);
        assert_eq!(with_sound_mark('カ', 'ﾟ'), None);
    }
}
