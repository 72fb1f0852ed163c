//! Who speaks in the text of a cue, and what is said.

use crate::import::html::decode_entities;
use std::collections::{BTreeMap, BTreeSet};

/// Returns the parts of a cue's text without marks, each with its speaker, of `<v Ann Lee>text</v>` or
/// `Ann Lee: text`.
pub(super) fn split_voices(text: &str, names: &Names) -> Vec<(Option<String>, String)> {
    let voices = Voices::of(text);
    let mut parts = Vec::new();
    let mut end = 0;
    let mut next = voices.after(0);
    while let Some(start) = next {
        let before = without_tags(&text[end..start]);
        // A dash before a voice says that another one speaks.
        if !before.trim_matches(['-', '–', ' ']).is_empty() {
            parts.push((None, before));
        }
        let tag_end = text[start..].find('>').map_or(text.len(), |at| start + at);
        let said = (tag_end + 1).min(text.len());
        next = voices.after(said);
        end = next.unwrap_or(text.len());
        if let Some(at) = text[said..end].find("</v>") {
            end = said + at;
        }
        parts.push((
            voice_name(&text[start..tag_end]),
            without_tags(&text[said..end]),
        ));
    }
    if parts.is_empty() {
        return vec![names.split(without_tags(text))];
    }
    let rest = without_tags(&text[end..]);
    if !rest.is_empty() {
        parts.push((None, rest));
    }
    parts
}

/// Finds the voice tags of a text: `<v Ann Lee>`.
struct Voices<'t> {
    text: &'t str,
    /// Where the last `>` is, so that it is searched for once.
    last: usize,
}

impl<'t> Voices<'t> {
    fn of(text: &'t str) -> Self {
        let last = text.rfind('>').unwrap_or(0);
        Self { text, last }
    }

    /// Returns where the first one begins at or after `from`.
    fn after(&self, mut from: usize) -> Option<usize> {
        while let Some(at) = self.text.get(from..self.last)?.find("<v") {
            let after = &self.text[from + at + 2..];
            if after.starts_with([' ', '.', '\t', '>']) {
                return Some(from + at);
            }
            from += at + 2;
        }
        None
    }
}

/// Returns the name in `<v Ann Lee`, or in `<v.loud Ann Lee` behind its classes.
fn voice_name(tag: &str) -> Option<String> {
    let name = tag.strip_prefix("<v").unwrap_or(tag);
    let name = match name.strip_prefix('.') {
        Some(classes) => classes.split_once([' ', '\t']).map_or("", |(_, name)| name),
        None => name,
    };
    let name = decoded(name.trim());
    (!name.is_empty()).then_some(name)
}

/// Whether the texts of a transcript begin with names, as those of Zoom do: `Ann Lee: text`. In other transcripts,
/// such as those with voice tags, a colon is one of the text.
pub(super) struct Names {
    are_used: bool,
    /// The names that several of the first cues begin with.
    known: BTreeSet<String>,
}

impl Names {
    /// Looks at the texts of the first cues.
    pub fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut counts = BTreeMap::<String, u32>::new();
        let (mut tagged, mut untagged) = (0, 0);
        for text in texts {
            if Voices::of(text).after(0).is_some() {
                tagged += 1;
                continue;
            }
            untagged += 1;
            let text = without_tags(text);
            if let Some((name, _)) = split_name(&text) {
                *counts.entry(name.to_owned()).or_default() += 1;
            }
        }
        let is_name = |(name, count): &(&String, &u32)| is_like_a_name(name) || **count > 1;
        let named: u32 = counts.iter().filter(is_name).map(|(_, count)| count).sum();
        let known = counts.into_iter().filter(|(_, count)| *count > 1);
        Self {
            are_used: tagged == 0 && named > 0 && named * 2 >= untagged,
            known: known.map(|(name, _)| name).collect(),
        }
    }

    /// Returns the name that a text begins with, and the text after it.
    fn split(&self, text: String) -> (Option<String>, String) {
        let named = split_name(&text).filter(|(name, _)| {
            self.are_used && (is_like_a_name(name) || self.known.contains(*name))
        });
        match named {
            Some((name, rest)) => (Some(name.to_owned()), rest.to_owned()),
            None => (None, text),
        }
    }
}

fn split_name(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(": ").or_else(|| text.split_once(":\n"))?;
    let words = name.split_whitespace().count();
    ((1..=6).contains(&words) && name.chars().count() <= 60 && !name.contains('\n'))
        .then(|| (name.trim(), rest.trim()))
}

/// True unless it begins as a word inside a sentence does. Scripts without capitals have names, too.
fn is_like_a_name(name: &str) -> bool {
    name.chars()
        .next()
        .is_some_and(|first| !first.is_lowercase())
}

/// Takes tags (`</v>`, `<i>`, `<00:00:01.000>`) out, and decodes what stands for characters.
fn without_tags(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    // False once no `>` follows: to look for it after each of many `<` would take for ever.
    let mut can_end = true;
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        out.push_str(before);
        let is_tag = tag[1..].starts_with(|c: char| c == '/' || c.is_ascii_alphanumeric());
        let end = (is_tag && can_end).then(|| tag.find('>'));
        can_end &= end != Some(None);
        match end.flatten() {
            Some(end) => rest = &tag[end + 1..],
            None => {
                out.push('<');
                rest = &tag[1..];
            }
        }
    }
    out.push_str(rest);
    decoded(&out).trim().to_owned()
}

fn decoded(text: &str) -> String {
    let text = text.replace("&lrm;", "").replace("&rlm;", "");
    decode_entities(&text).replace('\u{a0}', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(texts: &[&str]) -> Vec<String> {
        let names = Names::of(texts.iter().copied());
        let parts = texts.iter().flat_map(|text| split_voices(text, &names));
        parts
            .map(|(name, text)| format!("{}|{text}", name.unwrap_or_default()))
            .collect()
    }

    #[test]
    fn each_voice_of_a_cue_is_a_part() {
        let text = "- <v Ann Lee>it is <i>down</i></v>\n- <v.loud Lee, Bob (EXT)>since when?";
        assert_eq!(
            split(&[text]),
            ["Ann Lee|it is down", "Lee, Bob (EXT)|since when?"]
        );
        assert_eq!(
            split(&["[music] <v Ann>yes</v> and so on <b>"]),
            ["|[music]", "Ann|yes", "|and so on"]
        );
        assert_eq!(
            split(&["<v >who?</v>", "<video> <v Ann"]),
            ["|who?", "|<v Ann"]
        );
    }

    #[test]
    fn names_before_a_colon_are_speakers_where_most_texts_have_one() {
        let zoom = [
            "Ann Lee: down",
            "李雷: 是的",
            "+1 555 0100: hello",
            "ann's phone: one",
            "ann's phone: two",
            "the cause is: the pool",
        ];
        assert_eq!(
            split(&zoom),
            [
                "Ann Lee|down",
                "李雷|是的",
                "+1 555 0100|hello",
                "ann's phone|one",
                "ann's phone|two",
                "|the cause is: the pool",
            ]
        );
        let captions = ["we look", "Note: the pool", "it waits", "and so on"];
        assert_eq!(split(&captions)[1], "|Note: the pool");
        assert_eq!(split(&["<v Ann>x</v>", "Note: y"])[1], "|Note: y");
    }

    #[test]
    fn long_text_of_tags_that_never_end_is_read_in_little_time() {
        let text = "<b".repeat(2_000_000);
        assert_eq!(without_tags(&text), text);
        let text = format!("{}>", "<vx".repeat(1_000_000));
        assert_eq!(split(&[&text]).len(), 1);
    }
}
