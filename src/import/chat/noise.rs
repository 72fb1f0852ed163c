//! What chat clients put around the texts: reactions, counts of replies, marks of edits, badges.

/// Marks beside names.
const BADGES: [&str; 8] = [
    "APP", "BOT", "WORKFLOW", "Bot", "External", "Guest", "MOD", "✓",
];
/// Lines that are never what somebody wrote, in lower case.
const LINES: [&str; 14] = [
    "view thread",
    "view newer replies",
    "view message",
    "jump to present",
    "loading history...",
    "loading history…",
    "also sent to the channel",
    "saved for later",
    "edited",
    "(edited)",
    "add reaction",
    "show more",
    "new messages",
    "this message has been edited.",
];

/// Marks at the end of a message that was edited; those in `<>` are of `WhatsApp`, in its languages.
const EDIT_MARKS: [&str; 8] = [
    "(edited)",
    "<This message was edited>",
    "<Diese Nachricht wurde bearbeitet.>",
    "<Se editó este mensaje.>",
    "<Ce message a été modifié>",
    "<Mensagem editada>",
    "<Questo messaggio è stato modificato>",
    "<Dit bericht is bewerkt>",
];

/// True for a mark that clients put beside a name.
pub(super) fn is_badge(word: &str) -> bool {
    BADGES.contains(&word)
}

/// True for `:white_check_mark:` alone, also several in a row.
pub(super) fn is_emoji_code(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let is_name = |part: &&str| {
        !part.is_empty()
            && part.chars().any(|c| !c.is_ascii_digit())
            && part
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "_+-'".contains(c))
    };
    // `:a::b:` splits into an empty part before, between and after each code.
    parts.len() >= 3
        && parts.len() % 2 == 1
        && parts.iter().step_by(2).all(|part| part.is_empty())
        && parts.iter().skip(1).step_by(2).all(is_name)
}

/// True for characters of emoji alone.
fn is_emoji(text: &str) -> bool {
    let is_emoji_char = |c: char| {
        matches!(u32::from(c), 0x1f000..=0x1faff | 0x2300..=0x23ff | 0x2600..=0x27bf | 0x2b00..=0x2bff
            | 0x200d | 0xfe0f | 0x20e3 | 0xe0020..=0xe007f)
    };
    !text.is_empty() && text.chars().all(is_emoji_char)
}

fn is_reaction(text: &str) -> bool {
    is_emoji_code(text) || is_emoji(text)
}

fn is_count(text: &str) -> bool {
    !text.is_empty() && text.len() <= 4 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Returns how many lines from `line` on are no text, given the next one: 0 if it is text, 2 for a reaction
/// with its count below. Only a reaction that has a count is one: an emoji alone may be what was said.
pub(super) fn noise_lines(line: &str, next: &str) -> usize {
    if is_reaction(line) && is_count(next) {
        return 2;
    }
    let beside = line.rsplit_once(char::is_whitespace);
    if let Some((reactions, count)) = beside
        && is_count(count)
        && reactions
            .split_whitespace()
            .all(|word| is_reaction(word) || is_count(word))
        && reactions.split_whitespace().next().is_some_and(is_reaction)
    {
        return 1;
    }
    let lower = line.to_lowercase();
    let is_known = LINES.contains(&lower.as_str()) || is_reply_count(&lower) || is_new_mark(&lower);
    usize::from(is_known)
}

/// `3 replies`, `1 reply`, `Last reply today at 10:09View thread`.
fn is_reply_count(lower: &str) -> bool {
    let counts = ["reply", "replies"];
    let is_counted = lower
        .split_once(' ')
        .is_some_and(|(count, word)| is_count(count) && counts.contains(&word));
    let after_count = lower
        .split_once("last reply ")
        .map(|(before, _)| before.trim());
    let is_last = after_count.is_some_and(|before| {
        before.is_empty()
            || before
                .split_once(' ')
                .is_some_and(|(count, word)| is_count(count) && counts.contains(&word))
    });
    let has_time =
        lower.contains(" at ") || lower.contains(" ago") || lower.ends_with("view thread");
    is_counted || (is_last && has_time && lower.len() < 80)
}

/// `280+ new messages`.
fn is_new_mark(lower: &str) -> bool {
    lower
        .strip_suffix(" new messages")
        .or_else(|| lower.strip_suffix(" new message"))
        .is_some_and(|count| is_count(count.trim_end_matches('+')))
}

/// Takes the mark of an edit from the end of a line of text.
pub(super) fn without_edit_mark(line: &str) -> &str {
    let trimmed = line.trim_end();
    match EDIT_MARKS
        .iter()
        .find_map(|mark| trimmed.strip_suffix(mark))
    {
        Some(text) => text.trim_end(),
        None => line,
    }
}

/// True for words before which a client quotes what a message replies to; the quote stays.
pub(super) fn reply_mark(line: &str) -> Option<&str> {
    line.strip_prefix("replied to a thread:").map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(":eyes: 2", "", 1)]
    #[case(":eyes: 2 :+1: 1", "", 1)]
    #[case("👍 3", "", 1)]
    #[case("❤️", "1", 2)]
    #[case(":+1::+1::skin-tone-4:", "2", 2)]
    #[case("3 replies", "", 1)]
    #[case("Last reply today at 10:35 PMView thread", "", 1)]
    #[case("2 replies Last reply 3 days ago", "", 1)]
    #[case("280+ new messages", "", 1)]
    #[case("Edited", "", 1)]
    #[case(":eyes:", "looking", 0)]
    #[case("👍", "", 0)]
    #[case("3", "", 0)]
    #[case("5 nodes", "", 0)]
    #[case("last reply from the broker was an error", "", 0)]
    #[case("10:06:12", "3", 0)]
    fn lines_of_clients_are_told_from_text(
        #[case] line: &str,
        #[case] next: &str,
        #[case] lines: usize,
    ) {
        assert_eq!(noise_lines(line, next), lines);
    }
}
