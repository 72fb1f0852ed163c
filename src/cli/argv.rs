//! The words of the command line before they are parsed.

use super::args::{Args, Command};
use std::ffi::OsString;

/// Returns `word` without the byte order mark that some editors and shells put before a text, also before the value of a
/// flag (`--at=...`).
pub(super) fn without_byte_order_mark(word: OsString) -> OsString {
    const MARK: char = '\u{feff}';
    match word.to_str() {
        Some(text) if text.starts_with(MARK) => text.trim_start_matches(MARK).into(),
        Some(text) if text.starts_with("--") && text.contains("=\u{feff}") => {
            text.replacen("=\u{feff}", "=", 1).into()
        }
        _ => word,
    }
}

/// Returns `argv`, which was parsed as `args`, with the `-` of standard input behind the flags that follow it, as the
/// parser wants it: `log - --dry-run` is `log --dry-run -`. `None` if it is so already.
pub(super) fn with_input_last(argv: &[OsString], args: &Args) -> Option<Vec<OsString>> {
    let Some(Command::Log(log)) = &args.command else {
        return None;
    };
    let at = argv.len().checked_sub(log.words_of_input_before_flags()?)?;
    let is_ended = at > 0 && argv[at - 1] == "--";
    (argv[at] == "-" && !is_ended).then(|| {
        let (before, rest) = argv.split_at(at);
        [before, &rest[1..], &rest[..1]].concat()
    })
}
