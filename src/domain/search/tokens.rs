//! Words of a text, as the full-text index has them.

use super::script::{is_spaceless, unified_chars};
use std::ops::Range;

/// Letters with a diacritic by the letter without, which they are found by. Source: the canonical
/// decompositions of Unicode, as FTS5's `remove_diacritics 2`.
const ACCENTED: [(char, &str); 25] = [
    ('a', "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
    ('b', "ḃḅḇ"),
    ('c', "çćĉċčḉ"),
    ('d', "ďḋḍḏḑḓ"),
    ('e', "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
    ('f', "ḟ"),
    ('g', "ĝğġģǧǵḡ"),
    ('h', "ĥȟḣḥḧḩḫẖ"),
    ('i', "ìíîïĩīĭįǐȉȋḭḯỉị"),
    ('j', "ĵǰ"),
    ('k', "ķǩḱḳḵ"),
    ('l', "ĺļľḷḹḻḽ"),
    ('m', "ḿṁṃ"),
    ('n', "ñńņňǹṅṇṉṋ"),
    ('o', "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợ"),
    ('p', "ṕṗ"),
    ('r', "ŕŗřȑȓṙṛṝṟ"),
    ('s', "śŝşšșṡṣṥṧṩ"),
    ('t', "ţťțṫṭṯṱẗ"),
    ('u', "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ('v', "ṽṿ"),
    ('w', "ŵẁẃẅẇẉẘ"),
    ('x', "ẋẍ"),
    ('y', "ýÿŷȳẏẙỳỵỷỹ"),
    ('z', "źżžẑẓẕ"),
];

/// A word of a text: its letters without case and diacritics, and where it is, in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub letters: String,
    pub range: Range<usize>,
}

/// Returns the tokens of `text`, as the index has them.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut is_open = false;
    for (c, start, end) in unified_chars(text) {
        let is_diacritic = matches!(c, '\u{300}'..='\u{36f}');
        let continues = is_open && (c.is_alphanumeric() || is_diacritic) && !is_spaceless(c);
        let begins = c.is_alphanumeric() || is_spaceless(c);
        match tokens.last_mut() {
            Some(token) if continues => token.range.end = end,
            _ if begins => tokens.push(Token {
                letters: String::new(),
                range: start..end,
            }),
            _ => {
                is_open = false;
                continue;
            }
        }
        is_open = !is_spaceless(c);
        if let Some(token) = tokens.last_mut()
            && !is_diacritic
        {
            token
                .letters
                .extend(c.to_lowercase().map(without_diacritic));
        }
    }
    tokens
}

fn without_diacritic(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let found = ACCENTED.iter().find(|(_, letters)| letters.contains(c));
    found.map_or(c, |(base, _)| *base)
}
