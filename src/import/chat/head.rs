//! Finds where the messages of a chat begin: a name and a time on one line or on two, or a time before the text.

use super::{
    super::{
        row::Action,
        stamp::{Day, Stamp, parse_day, parse_leading_stamp, parse_stamp},
    },
    names::{
        MAX_NAME, is_kind_or_level, is_name, is_nick, is_proper_name, name_before_colon,
        without_badge,
    },
    noise::{is_badge, is_emoji_code},
};

/// Where a message begins.
#[derive(Clone, Debug)]
pub(super) struct Head<'t> {
    pub stamp: Stamp,
    /// `None` if the one of the message before goes on, or there is none.
    pub name: Option<&'t str>,
    /// True if the message is by the author of the one before.
    pub is_continued: bool,
    /// What of the text stands on the same line.
    pub text: &'t str,
    /// How many lines it takes.
    pub lines: usize,
    pub action: Action,
    /// True if nobody types it as a line of a timeline.
    pub is_sure: bool,
}

/// What the lines that are only a time look like in this text.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct StampLines {
    has_indented: bool,
    has_meridiem: bool,
}

/// The lines of a text, and what they look like as a whole.
pub(super) struct Lines<'t> {
    lines: &'t [&'t str],
    stamp_lines: StampLines,
    /// True if authors stand above their messages: then `[10:07] note: text` has no author `note`.
    has_blocks: bool,
    /// True if messages begin with a day and a time: then a line with a time alone is text.
    is_dated: bool,
}

impl<'t> Lines<'t> {
    pub fn new(lines: &'t [&'t str]) -> Self {
        let mut stamp_lines = StampLines::default();
        for line in lines {
            if let Some(stamp) = stamp_line(line).filter(|stamp| stamp.day == Day::Unnamed) {
                stamp_lines.has_indented |= line.starts_with(char::is_whitespace);
                stamp_lines.has_meridiem |= stamp.has_meridiem;
            }
        }
        let mut found = Self {
            lines,
            stamp_lines,
            has_blocks: false,
            is_dated: false,
        };
        let indexes = || 0..lines.len();
        let named_heads = indexes().filter_map(|at| {
            let head = found.bracket_name_head(at).or_else(|| line_head(lines[at]));
            head.filter(|head| head.name.is_some())
        });
        let (undated, dated): (Vec<Head<'_>>, Vec<Head<'_>>) =
            named_heads.partition(|head| head.stamp.day == Day::Unnamed);
        let is_dated = dated.len() >= 2 && dated.len() > undated.len();
        let blocks = indexes()
            .filter(|at| found.block_head(*at).is_some())
            .count();
        let named = indexes()
            .filter(|at| line_head(lines[*at]).is_some_and(|head| head.name.is_some()))
            .count();
        found.has_blocks = blocks > 0 && blocks * 3 >= named;
        found.is_dated = is_dated && !found.has_blocks;
        found
    }

    pub fn is_dated(&self) -> bool {
        self.is_dated
    }

    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// The line without blanks around it; empty behind the last one.
    pub fn line(&self, at: usize) -> &'t str {
        self.lines.get(at).copied().unwrap_or_default().trim()
    }

    /// Returns the head that begins at the line with this index.
    pub fn head(&self, at: usize) -> Option<Head<'t>> {
        let head = self.head_of_any_form(at)?;
        (!self.is_dated || head.stamp.day != Day::Unnamed).then_some(head)
    }

    fn head_of_any_form(&self, at: usize) -> Option<Head<'t>> {
        if let Some(head) = self.block_head(at) {
            return Some(head);
        }
        let line = self.lines.get(at).copied()?;
        if !self.has_blocks {
            return self
                .bracket_name_head(at)
                .or_else(|| self.bracket_above_name(at))
                .or_else(|| line_head(line));
        }
        if let Some(head) = line_head(line).filter(|head| head.is_sure) {
            return Some(head);
        }
        // The next message of the same author.
        let (stamp, text) = match (stamp_line(line), bracket_stamp(line.trim())) {
            (Some(stamp), _) => (stamp, ""),
            (None, Some((stamp, text))) => (stamp, text),
            _ => return None,
        };
        let next = || !self.line(at + 1).is_empty() && self.name_beside_stamp(at + 1).is_none();
        let has_text = !text.is_empty() || next();
        has_text.then_some(Head {
            stamp,
            name: None,
            is_continued: true,
            text,
            lines: 1,
            action: Action::Message,
            is_sure: false,
        })
    }

    /// A name above the text, with the time beside it or on the next line.
    fn block_head(&self, at: usize) -> Option<Head<'t>> {
        let name = self.line(at);
        if name.is_empty() || name.len() > 2 * MAX_NAME {
            return None;
        }
        let head = |stamp, name: &'t str, lines| Head {
            stamp,
            name: Some(without_badge(name)),
            is_continued: false,
            text: "",
            lines,
            action: Action::Message,
            is_sure: !self.line(at + lines).is_empty(),
        };
        if let Some((before, stamp)) = self.name_beside_stamp(at) {
            let mut head = head(stamp, before, 1);
            // In a table, line after line ends with a time.
            head.is_sure &= self.name_beside_stamp(at + 1).is_none();
            return Some(head);
        }
        let mut next = at + 1;
        let mut has_dash = false;
        while next < at + 5 && !self.line(next).is_empty() {
            let line = self.line(next);
            if is_dash(line) || is_badge(line) || is_emoji_code(line) || line == name {
                has_dash |= is_dash(line);
                next += 1;
                continue;
            }
            let raw = self.lines[next];
            let stamp = stamp_line(raw)?;
            has_dash |= line.starts_with(is_dash_char);
            let is_head = match self.stamp_lines {
                _ if has_dash || stamp.day != Day::Unnamed => true,
                StampLines {
                    has_meridiem: true, ..
                } => stamp.has_meridiem,
                StampLines {
                    has_indented: true, ..
                } => raw.starts_with(char::is_whitespace) || parse_stamp(line).is_none(),
                _ => at == 0 || self.line(at - 1).is_empty(),
            };
            let is_time = stamp_line(name).is_some() || parse_day(name).is_some();
            let fits = is_head && is_name(name) && !is_time;
            return fits.then(|| head(stamp, name, next + 1 - at));
        }
        None
    }

    /// `Ann Lee  10:06 AM`, `Ann Lee — Today at 10:06`, `ann [10:06]`, `Ann Lee 20/11/2026 10:06`.
    fn name_beside_stamp(&self, at: usize) -> Option<(&'t str, Stamp)> {
        let line = self.line(at).trim_end_matches(':');
        let ends_like_stamp = line.ends_with(|c: char| c.is_ascii_digit() || "])mM.".contains(c));
        if !ends_like_stamp {
            return None;
        }
        for (open, close) in [('[', ']'), ('(', ')')] {
            if let Some((name, stamp)) = line.strip_suffix(close).and_then(|l| l.rsplit_once(open))
            {
                let stamp = parse_stamp(stamp)?;
                let name = name.trim().trim_end_matches(',');
                return is_name(name).then_some((name, stamp));
            }
        }
        if let Some((name, stamp)) = line.rsplit_once(is_dash_char)
            && let Some(stamp) = parse_stamp(stamp)
        {
            return is_name(name.trim()).then_some((name.trim(), stamp));
        }
        let starts = line
            .char_indices()
            .filter(|(_, c)| c.is_whitespace())
            .map(|(at, c)| at + c.len_utf8())
            .filter(|start| !line[*start..].starts_with(char::is_whitespace));
        let mut starts: Vec<usize> = starts.collect();
        if starts.len() > 12 {
            starts.drain(..starts.len() - 12);
        }
        let (start, stamp) = starts
            .into_iter()
            .find_map(|start| Some((start, parse_stamp(&line[start..])?)))?;
        let before = &line[..start];
        let name = before.trim().trim_end_matches(',');
        let is_wide =
            before.ends_with("  ") || before.ends_with('\t') || before.ends_with('\u{a0}');
        let is_sure = is_wide
            || (is_proper_name(name)
                && (stamp.day != Day::Unnamed || stamp.has_meridiem)
                && (at == 0 || self.line(at - 1).is_empty()));
        (is_sure && is_name(name) && parse_stamp(name).is_none()).then_some((name, stamp))
    }

    /// Teams: `[Yesterday 10:06] Ann Lee`, with the text below.
    fn bracket_name_head(&self, at: usize) -> Option<Head<'t>> {
        let (stamp, name) = bracket_stamp(self.line(at))?;
        let text = self.line(at + 1);
        let has_text = !text.is_empty() && bracket_stamp(text).is_none();
        (has_text && is_proper_name(name)).then_some(Head {
            stamp,
            name: Some(name),
            is_continued: false,
            text: "",
            lines: 1,
            action: Action::Message,
            is_sure: true,
        })
    }

    /// Discord: `[10:06 AM]` above `Ann: text`.
    fn bracket_above_name(&self, at: usize) -> Option<Head<'t>> {
        let (stamp, rest) = bracket_stamp(self.line(at))?;
        let (name, text) = name_before_colon(self.line(at + 1))?;
        rest.is_empty().then_some(Head {
            stamp,
            name: Some(name),
            is_continued: false,
            text,
            lines: 2,
            action: Action::Message,
            is_sure: true,
        })
    }
}

/// A time at the start of a line, then a name in one of the usual marks, or only the text.
fn line_head(line: &str) -> Option<Head<'_>> {
    let line = line.trim();
    let (stamp, rest) = bracket_stamp(line).or_else(|| parse_leading_stamp(line))?;
    let is_bracket = line.starts_with('[');
    let has_tab = rest.starts_with('\t');
    let rest = rest.trim_start();
    let head = |name, text, action, is_sure| {
        Some(Head {
            stamp,
            name,
            is_continued: false,
            text,
            lines: 1,
            action,
            is_sure,
        })
    };
    if let Some((nick, text)) = rest.strip_prefix('<').and_then(|rest| rest.split_once('>')) {
        let nick = nick.trim_start_matches(['@', '+', '%', '&', '~', ' ']);
        if is_nick(nick) && (text.is_empty() || text.starts_with(char::is_whitespace)) {
            let is_sure = !is_kind_or_level(nick);
            return head(Some(nick), text.trim_start(), Action::Message, is_sure);
        }
    }
    if let Some(text) = rest.strip_prefix("-!- ") {
        return head(None, text, notice_action(text), true);
    }
    let after_star = rest.strip_prefix('*');
    if let Some(text) = after_star.filter(|text| text.starts_with([' ', '\t'])) {
        let text = text.trim_start();
        let nick = text
            .split_whitespace()
            .next()
            .filter(|nick| is_nick(nick))?;
        return head(Some(nick), text, Action::Message, false);
    }
    for (mark, action) in [
        ("-->", Action::Join),
        ("<--", Action::Join),
        ("=!=", Action::Housekeeping),
        ("--", Action::Housekeeping),
    ] {
        if let Some(text) = rest
            .strip_prefix(mark)
            .filter(|t| t.starts_with(['\t', ' ']))
        {
            let text = text.trim_start_matches(['\t', ' ', '|']);
            return head(None, text, action, false);
        }
    }
    let marked = match has_tab {
        true => rest.split_once('\t'),
        false => rest
            .split_once(" | ")
            .or_else(|| Some((rest.strip_suffix(" |")?, ""))),
    };
    if let Some((nick, text)) = marked {
        let nick = nick.trim().trim_start_matches(['@', '+', '%', '&', '~']);
        if is_nick(nick) {
            return head(Some(nick), text.trim(), Action::Message, false);
        }
    }
    let named = name_before_colon(rest.strip_prefix("- ").unwrap_or(rest));
    if let Some((name, text)) = named {
        // `WhatsApp`: `24/11/26, 21:12 - Ann: text`
        let is_dashed = rest.starts_with("- ")
            && line.split_once(", ").is_some_and(|(date, _)| {
                date.contains(['/', '.']) && !date.contains(char::is_whitespace)
            });
        let is_dated = stamp.day != Day::Unnamed;
        let is_sure = (is_bracket || is_dashed) && is_dated && is_proper_name(name);
        return head(
            Some(name),
            text,
            Action::Message,
            is_sure && !is_kind_or_level(name),
        );
    }
    let text = match stamp.day {
        Day::Unnamed => rest,
        // `WhatsApp` puts a dash behind the time, also where it wrote something itself.
        _ => rest.strip_prefix("- ").unwrap_or(rest),
    };
    head(None, text, Action::Message, false)
}

/// What irssi says besides messages.
fn notice_action(text: &str) -> Action {
    let moves = ["has joined", "has quit", "has left", "was kicked"];
    match moves.iter().any(|words| text.contains(words)) {
        true => Action::Join,
        false => Action::Housekeeping,
    }
}

/// Returns the stamp in brackets at the start of a line, and what follows it.
fn bracket_stamp(line: &str) -> Option<(Stamp, &str)> {
    let (stamp, rest) = line.strip_prefix('[')?.split_once(']')?;
    Some((parse_stamp(stamp)?, rest.trim()))
}

/// Parses a line that is only a time, behind what clients put before it.
pub(super) fn stamp_line(line: &str) -> Option<Stamp> {
    if line.len() > 2 * MAX_NAME || !line.contains(':') {
        return None;
    }
    let mut rest = line.trim();
    if let Some(stamp) = parse_stamp(rest) {
        return Some(stamp);
    }
    rest = rest.trim_start_matches(is_dash_char).trim_start();
    while let Some((word, after)) = rest.split_once(char::is_whitespace) {
        let is_skipped = is_badge(word)
            || is_emoji_code(word)
            || word.chars().all(|c| !c.is_ascii() || is_dash_char(c));
        if !is_skipped {
            break;
        }
        rest = after.trim_start();
    }
    parse_stamp(rest)
}

fn is_dash_char(c: char) -> bool {
    matches!(c, '—' | '–' | '•' | '·')
}

fn is_dash(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|c| is_dash_char(c) || c.is_whitespace())
}
