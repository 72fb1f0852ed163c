//! Which characters documents show as they were typed.
//!
//! Scripts and emoji need joiners, direction marks, variation selectors and tags: those stay. What
//! hides text, reorders it or cannot be seen is refused where text is typed ([`first_refused`]), and
//! becomes U+FFFD in a document where a journal has it already ([`line()`], [`block`]): documents never
//! show escapes. What a terminal shows is stricter, see [`sanitize`](super::sanitize).

use super::sanitize::MAX_COMBINING_MARKS;
use std::{borrow::Cow, fmt};
use unicode_width::UnicodeWidthChar as _;

/// Stands for a character that no document shows.
const REPLACEMENT: char = '\u{fffd}';

/// A character that documents do not show, and where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Its byte offset in the text.
    pub at: usize,
    pub character: char,
}

impl fmt::Display for Refused {
    /// Writes the code point and what it is: `U+202E, which reverses the text after it`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.character {
            '\u{1b}' => "a control character: a colour or an arrow key begins with it",
            c if c.is_control() => "a control character",
            '\u{202a}'..='\u{202e}' => "which reverses or embeds the text after it",
            '\u{2066}'..='\u{2068}' => "an isolate that no U+2069 ends on its line",
            '\u{2069}' => "the end of an isolate that nothing on its line begins",
            '\u{00ad}' => "a soft hyphen",
            '\u{200b}' => "a space of no width",
            '\u{2060}' | '\u{feff}' => "a joiner of no width",
            '\u{2028}' | '\u{2029}' => "a line separator",
            '\u{e0000}'..='\u{e007f}' => "an invisible tag",
            '\u{e000}'..='\u{f8ff}' | '\u{100000}'..='\u{10ffff}' => {
                "which has no meaning outside the program it is from"
            }
            c if is_mark(c) => "a mark with no letter of its own",
            _ => "an invisible character",
        };
        write!(f, "U+{:04X}, {what}", u32::from(self.character))
    }
}

/// True for a letter or a mark of a script that is written from right to left. Source: the ranges of
/// DerivedBidiClass.txt whose default is R or AL.
#[must_use]
pub fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{0590}'..='\u{08ff}' | '\u{200f}' | '\u{fb1d}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}' | '\u{10800}'..='\u{10cff}' | '\u{10d40}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

/// Returns the first character of `text` that no document would show. Line breaks and tabs are fine.
#[must_use]
pub fn first_refused(text: &str) -> Option<Refused> {
    let mut found = None;
    for_each_refused(text, |refused| {
        found = Some(refused);
        false
    });
    found
}

/// Returns `text` on one line: line breaks and tabs become spaces, refused characters U+FFFD.
///
/// Borrows if nothing changes. Idempotent.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    // Most texts are of this kind: a long incident has ten thousand.
    if is_of_bytes(text, |b| matches!(b, b' '..=b'~')) {
        return Cow::Borrowed(text);
    }
    match block(text) {
        text if text.contains('\n') => Cow::Owned(text.replace('\n', " ")),
        text => text,
    }
}

/// Returns `text` with its line breaks: `\r\n` becomes `\n`, a tab four spaces, and refused characters
/// U+FFFD.
///
/// Borrows if nothing changes. Idempotent.
#[must_use]
pub fn block(text: &str) -> Cow<'_, str> {
    if is_printable_ascii(text) {
        return Cow::Borrowed(text);
    }
    let mut out = String::new();
    let mut copied = 0;
    for_each_refused(text, |Refused { at, character }| {
        out.push_str(&text[copied..at]);
        out.push(REPLACEMENT);
        copied = at + character.len_utf8();
        true
    });
    let text = if copied == 0 {
        Cow::Borrowed(text)
    } else {
        out.push_str(&text[copied..]);
        Cow::Owned(out)
    };
    if text.contains(['\r', '\t']) {
        return Cow::Owned(text.replace("\r\n", "\n").replace('\t', "    "));
    }
    text
}

fn is_printable_ascii(text: &str) -> bool {
    is_of_bytes(text, |b| matches!(b, b' '..=b'~' | b'\n'))
}

/// True if `is_of` is true of every byte of `text`. Several bytes at a time are tested without a branch,
/// which takes a fraction of the time.
fn is_of_bytes(text: &str, is_of: impl Fn(u8) -> bool) -> bool {
    let all = |bytes: &[u8]| bytes.iter().fold(true, |all, b| all & is_of(*b));
    text.as_bytes().chunks(32).all(all)
}

/// Calls `found` for every refused character, in order, until it returns false.
fn for_each_refused(text: &str, mut found: impl FnMut(Refused) -> bool) {
    // A text direction ends with its line, so isolates are paired within one.
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if is_printable_ascii(line) {
            start += line.len();
            continue;
        }
        let unpaired = unpaired_isolates(line);
        let mut marks = Marks::default();
        let mut previous = None;
        for (at, character) in line.char_indices() {
            let rest = &line[at + character.len_utf8()..];
            let is_refused = marks.is_excess(character)
                || match character {
                    '\n' | '\t' => false,
                    '\r' => !rest.starts_with('\n'),
                    '\u{2066}'..='\u{2069}' => unpaired.contains(&at),
                    '\u{e0020}'..='\u{e007f}' => !is_in_flag(&line[..at], character, rest),
                    c => is_refused(c, previous, rest),
                };
            if is_refused {
                let at = start + at;
                if !found(Refused { at, character }) {
                    return;
                }
            }
            previous = Some(character);
        }
        start += line.len();
    }
}

/// True for `character` between `previous` and `rest` if no script and no emoji needs it there.
fn is_refused(character: char, previous: Option<char>, rest: &str) -> bool {
    let next = rest.chars().next();
    let touches = |is_of: fn(char) -> bool| previous.is_some_and(is_of) || next.is_some_and(is_of);
    match character {
        c if c.is_control() => true,
        // Scripts without spaces between words mark where a line may break.
        '\u{200b}' => !touches(is_of_script_without_spaces),
        // Stand for a missing letter in syllables of old Korean.
        '\u{115f}' | '\u{1160}' => !touches(|c| matches!(c, '\u{1100}'..='\u{11ff}')),
        c => {
            let code = u32::from(c);
            matches!(c,
                '\u{00ad}' | '\u{17b4}' | '\u{17b5}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}'
                | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e00ff}' | '\u{e01f0}'..='\u{e0fff}'
                // Documents mark their values with this plane, see `documents::provenance`.
                | '\u{100000}'..='\u{10ffff}')
                // Code points that are no characters.
                || code & 0xfffe == 0xfffe
                || (0xfdd0..=0xfdef).contains(&code)
        }
    }
}

/// Returns the byte offsets of the isolates of `line` that have no other half.
fn unpaired_isolates(line: &str) -> Vec<usize> {
    let mut unpaired = Vec::new();
    let mut open = Vec::new();
    for (at, c) in line.char_indices() {
        match c {
            '\u{2066}'..='\u{2068}' => open.push(at),
            '\u{2069}' if open.pop().is_none() => unpaired.push(at),
            _ => {}
        }
    }
    unpaired.append(&mut open);
    unpaired
}

/// True if the tag `character` after `before` belongs to the flag of a region: a black flag, tags of
/// letters and digits, the tag that ends them. Source: Unicode Technical Standard 51, section 1.4.6.
fn is_in_flag(before: &str, character: char, rest: &str) -> bool {
    let is_tag = |c: char| matches!(c, '\u{e0030}'..='\u{e0039}' | '\u{e0061}'..='\u{e007a}');
    let is_end = |c: char| c == '\u{e007f}';
    let begins = before.trim_end_matches(is_tag).ends_with('\u{1f3f4}');
    let named = before.ends_with(is_tag);
    begins
        && if is_end(character) {
            named
        } else {
            is_tag(character) && rest.trim_start_matches(is_tag).starts_with(is_end)
        }
}

/// Counts the combining marks of a letter.
#[derive(Default)]
struct Marks {
    has_letter: bool,
    count: usize,
}

impl Marks {
    /// True if `c` is a mark on no letter, or on one that has [`MAX_COMBINING_MARKS`] already.
    fn is_excess(&mut self, c: char) -> bool {
        if is_mark(c) {
            self.count += 1;
            return !self.has_letter || self.count > MAX_COMBINING_MARKS;
        }
        if c.width() != Some(0) {
            self.count = 0;
        }
        self.has_letter |= !c.is_control();
        false
    }
}

/// True for a mark that is drawn on the letter before it.
fn is_mark(c: char) -> bool {
    c.width() == Some(0)
        && !matches!(c,
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}'..='\u{11ff}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{d7b0}'..='\u{d7ff}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// True for a letter of Thai, Lao, Tibetan, Myanmar, Khmer, Tai, Balinese, Javanese and their like.
fn is_of_script_without_spaces(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1950}'..='\u{19ff}'
        | '\u{1a20}'..='\u{1aaf}' | '\u{1b00}'..='\u{1b7f}' | '\u{a980}'..='\u{a9ff}'
        | '\u{aa60}'..='\u{aadf}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case::persian("می\u{200c}خواهم")]
    #[case::hindi("क्\u{200d}ष र\u{94d}\u{200c}क")]
    #[case::mixed_directions("\u{200f}שלום (abc)\u{200e} \u{61c}١٢")]
    #[case::family("👩\u{200d}👩\u{200d}👧 👩🏽\u{200d}🚒 ❤\u{fe0f} ❤\u{fe0e} 1\u{fe0f}\u{20e3}")]
    #[case::flags("🇩🇪 \u{1f3f4}\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}!")]
    #[case::han_variant("葛\u{e0100}城 邉\u{e01ef}")]
    #[case::mongolian("ᠮᠣᠩᠭᠣᠯ\u{180e}ᠠ ᠨ\u{180b}")]
    #[case::khmer("ខ្ញុំ\u{200b}ចង់ ภาษา\u{200b}ไทย")]
    #[case::korean_letters("\u{1112}\u{1161}\u{11ab} \u{1100}\u{1160} \u{115f}\u{1161}")]
    #[case::isolates("a \u{2068}שלום\u{2069} b \u{2066}x \u{2067}y\u{2069}\u{2069}")]
    #[case::accents("e\u{301} a\u{302}\u{301}")]
    #[case::prompt_symbols("\u{e0b0} \u{f0001}")]
    #[case::literal_escape("\\u{202e} and \\x1b")]
    fn what_scripts_and_emoji_need_stays(#[case] text: &str) {
        assert_eq!(first_refused(text), None);
        assert_eq!(block(text), text);
        assert_eq!(line(text), text);
    }

    #[rstest]
    #[case("\u{1b}[31mred", "\u{fffd}[31mred", 0)]
    #[case("a\u{7}b\u{9b}", "a\u{fffd}b\u{fffd}", 1)]
    #[case("gnp\u{202e}jpg\u{202c}", "gnp\u{fffd}jpg\u{fffd}", 3)]
    #[case("pass\u{200b}word", "pass\u{fffd}word", 4)]
    #[case(
        "pass\u{ad}word\u{2060}\u{feff}",
        "pass\u{fffd}word\u{fffd}\u{fffd}",
        4
    )]
    #[case("a \u{2067}b\nc\u{2069}", "a \u{fffd}b\nc\u{fffd}", 2)]
    #[case(
        "\u{2066}a\u{2069} \u{2068}b",
        "\u{2066}a\u{2069} \u{fffd}b",
        "\u{2066}a\u{2069} ".len()
    )]
    #[case("tag\u{e0041}", "tag\u{fffd}", 3)]
    #[case("\u{1f3f4}\u{e0067}x", "\u{1f3f4}\u{fffd}x", 4)]
    #[case("\u{1f3f4}\u{e007f}", "\u{1f3f4}\u{fffd}", 4)]
    #[case("a\u{2028}b\u{3164}", "a\u{fffd}b\u{fffd}", 1)]
    #[case("over\rwritten\r\n", "over\u{fffd}written\n", 4)]
    #[case("\u{301}e", "\u{fffd}e", 0)]
    #[case("a\u{100000}\u{10fffd}\u{fdd0}", "a\u{fffd}\u{fffd}\u{fffd}", 1)]
    fn what_hides_or_reorders_text_is_refused_and_replaced(
        #[case] text: &str,
        #[case] shown: &str,
        #[case] at: usize,
    ) {
        assert_eq!(first_refused(text).map(|refused| refused.at), Some(at));
        assert_eq!(block(text), shown);
    }

    #[test]
    fn marks_beyond_what_a_letter_bears_are_replaced() {
        let tower = format!("a{}b\u{301}", "\u{301}".repeat(40));
        let shown = block(&tower);
        assert_eq!(shown.matches('\u{301}').count(), MAX_COMBINING_MARKS + 1);
        assert_eq!(shown.matches(REPLACEMENT).count(), 40 - MAX_COMBINING_MARKS);
    }

    #[test]
    fn lines_and_tabs_become_spaces_on_one_line() {
        assert_eq!(line("a\r\nb\tc\nd"), "a b    c d");
        assert!(matches!(line("plain ünïcode"), Cow::Borrowed(_)));
        assert!(matches!(block("two\nlines"), Cow::Borrowed(_)));
    }

    #[test]
    fn refused_characters_are_named() {
        for (text, named) in [
            ("\u{1b}", "U+001B, a control character"),
            ("\u{202e}", "U+202E, which reverses"),
            ("\u{2067}", "U+2067, an isolate that no U+2069 ends"),
            ("\u{ad}", "U+00AD, a soft hyphen"),
            ("\u{e0041}", "U+E0041, an invisible tag"),
        ] {
            let shown = first_refused(text).unwrap().to_string();
            assert!(shown.starts_with(named), "{shown}");
        }
    }

    proptest! {
        #[test]
        fn shown_text_has_no_refused_character(
            text in "\\PC*|(?s).*|[a👩یก\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{fe0f}\u{301}🏴\u{e0067}\u{e007f}\r\n ]{0,40}"
        ) {
            let shown = block(&text);
            prop_assert_eq!(first_refused(&shown), None);
            prop_assert_eq!(block(&shown), shown.as_ref());
            let shown = line(&text);
            prop_assert!(!shown.chars().any(char::is_control));
            prop_assert_eq!(line(&shown), shown.as_ref());
            // Nothing else changes: a refused character is one U+FFFD.
            let count = |text: &str| text.replace("\r\n", "\n").replace('\t', "    ").chars().count();
            prop_assert_eq!(block(&text).chars().count(), count(&text));
        }
    }
}
