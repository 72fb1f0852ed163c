//! Checks of the terminal, of copying, and of the signs that the app draws.

use super::{
    check::Check,
    terminal_query::{self, Answers},
};
use crate::{
    cli::out::is_interactive,
    config::{Settings, environment::variable},
    tui::{
        character_set::CharacterSet,
        clipboard_way,
        layout::{MIN_SIZE, too_small},
        msg::CopyWay,
        view::signs_in_ascii,
    },
};
use std::process::{Command, Stdio};

pub(super) fn check(settings: &Settings) -> Vec<Check> {
    let mut checks = vec![terminal_type(), colours(), characters(settings)];
    if is_interactive() {
        checks.extend(size());
        checks.extend(answers(settings));
    } else {
        checks.push(Check::ok(
            "terminal",
            "not asked: standard input or output is not one",
        ));
    }
    checks.extend(tmux());
    checks.push(clipboard());
    let (signs, ascii) = signs_in_ascii();
    checks.push(Check::ok(
        "fonts",
        format!("each of these must look like one sign, not like a box: {signs}"),
    ));
    checks.push(Check::ok("in ASCII", ascii));
    checks
}

fn terminal_type() -> Check {
    match variable("TERM").as_deref() {
        None => Check::warn(
            "TERM",
            "not set",
            "set it to your terminal's type: `export TERM=xterm-256color`",
        ),
        Some("dumb") => Check::warn(
            "TERM",
            "dumb: the app does not start, the commands work",
            "run it in a terminal, or `export TERM=xterm-256color` if this is one",
        ),
        Some(term) => Check::ok("TERM", term),
    }
}

fn colours() -> Check {
    Check::ok(
        "colours",
        if variable("NO_COLOR").is_some() {
            "none: NO_COLOR is set; all that they say is also said in words"
        } else {
            "the terminal's 16 colours; `bridgelog config set theme.preset light` suits a light background"
        },
    )
}

/// Checks the locale, which says whether the terminal reads UTF-8.
fn characters(settings: &Settings) -> Check {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"]
        .into_iter()
        .find_map(|name| Some(format!("{name}={}", variable(name)?)));
    let locale = locale.unwrap_or_else(|| "no LC_ALL, LC_CTYPE or LANG".to_owned());
    match CharacterSet::choose(settings.ascii, variable) {
        CharacterSet::Unicode => Check::ok("characters", format!("UTF-8 ({locale})")),
        CharacterSet::AsciiSigns => Check::ok(
            "characters",
            format!("UTF-8 for texts, the app's own signs in ASCII ({locale})"),
        ),
        CharacterSet::AsciiOnly => Check::warn(
            "characters",
            format!("not UTF-8 ({locale}): the app draws in ASCII alone"),
            "if the terminal shows UTF-8: `export LC_ALL=C.UTF-8`, or your language's UTF-8 locale",
        ),
    }
}

fn size() -> Option<Check> {
    let (columns, rows) = crossterm::terminal::size().ok()?;
    let found = format!("{columns}×{rows}");
    Some(if too_small((columns, rows)) {
        Check::warn(
            "size",
            found,
            format!(
                "the app needs {}×{}: make the window larger",
                MIN_SIZE.0, MIN_SIZE.1
            ),
        )
    } else {
        Check::ok("size", found)
    })
}

/// Checks what the terminal itself answers.
fn answers(settings: &Settings) -> Vec<Check> {
    let answers = match terminal_query::ask() {
        Ok(answers) => answers,
        Err(error) => {
            return vec![Check::warn(
                "answers",
                format!("the terminal cannot be asked: {error}"),
                "nothing depends on it but the checks of signs and pastes",
            )];
        }
    };
    if answers == Answers::default() {
        return vec![Check::warn(
            "answers",
            "the terminal did not answer within a second",
            "over a slow line run it again; `bridgelog config set ascii true` if the screen is out of line",
        )];
    }
    let drawn = CharacterSet::choose(settings.ascii, variable);
    let width = match answers.sign_columns {
        Some(2..) if drawn == CharacterSet::Unicode => Check::warn(
            "sign width",
            "the signs take two columns: the app's rows are out of line",
            "`bridgelog config set ascii true`, or let the terminal show ambiguous characters in one column",
        ),
        Some(2..) => Check::ok("sign width", "two columns; the app draws in ASCII"),
        Some(_) => Check::ok("sign width", "one column"),
        None => Check::ok("sign width", "the terminal does not say"),
    };
    let paste = match answers.bracketed_paste {
        Some(true) => Check::ok("pastes", "marked by the terminal (bracketed paste)"),
        Some(false) => Check::warn(
            "pastes",
            "the terminal does not mark them",
            "several pasted lines are still found by their speed; look at the preview before Enter",
        ),
        None => Check::ok("pastes", "the terminal does not say whether it marks them"),
    };
    vec![width, paste]
}

/// Checks the settings of the tmux that this runs in.
fn tmux() -> Vec<Check> {
    if variable("TMUX").is_none() {
        return Vec::new();
    }
    let clipboard = match tmux_option("set-clipboard").as_deref() {
        Some("off") => Check::warn(
            "tmux clipboard",
            "set-clipboard off: a copied text stays in tmux",
            "`set -g set-clipboard on` in ~/.tmux.conf",
        ),
        Some(value) => Check::ok("tmux clipboard", format!("set-clipboard {value}")),
        None => Check::ok("tmux clipboard", "tmux does not say"),
    };
    let terminal = match tmux_option("default-terminal").as_deref() {
        Some(value) if value.starts_with("tmux") || value.contains("256color") => {
            Check::ok("tmux terminal", format!("default-terminal {value}"))
        }
        Some(value) => Check::warn(
            "tmux terminal",
            format!("default-terminal {value}: few colours, and no italics"),
            "`set -g default-terminal tmux-256color` in ~/.tmux.conf",
        ),
        None => Check::ok("tmux terminal", "tmux does not say"),
    };
    vec![clipboard, terminal]
}

fn tmux_option(name: &str) -> Option<String> {
    let output = Command::new("tmux")
        .args(["show-options", "-gv", name])
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let value = String::from_utf8(output.stdout).ok()?;
    Some(value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Says which way the app would copy a text.
fn clipboard() -> Check {
    let name = "clipboard";
    match clipboard_way() {
        CopyWay::Program(program) => Check::ok(name, format!("by {program}")),
        CopyWay::Terminal => Check::ok(
            name,
            "by the terminal (OSC 52), which does not say whether it takes the text",
        ),
        CopyWay::Nowhere => Check::warn(
            name,
            "there is no way to copy here: the app shows the text instead",
            "install wl-copy, xclip or xsel where there is a screen, or run it in tmux",
        ),
    }
}
