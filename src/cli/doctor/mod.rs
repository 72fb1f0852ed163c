//! `bridgelog doctor`: checks what the program depends on, and says what to do about each problem. It writes
//! nothing.

mod check;
mod database;
mod settings;
mod terminal;
mod terminal_query;

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, CYAN, GREEN, Out, RED, YELLOW, terminal_width},
};
use crate::{
    domain::{count::counted, sanitize},
    ops::OpsError,
};
use check::{Check, Level};
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
#[command(
    after_help = "It checks the database file and its disk, the settings, the clock, the terminal, the clipboard and the fonts.\n\
    It writes nothing to the database; `bridgelog verify` checks every entry in it. On a terminal it asks the\n\
    terminal too. The exit status is 3 if a check fails; a warning is no failure.\n\n\
    Examples:\n  bridgelog doctor\n  bridgelog doctor --json\n  bridgelog --db other.db doctor"
)]
pub struct DoctorArgs {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &DoctorArgs, out: &Out) -> Result {
    let (settings, settings_checks) = settings::check(global);
    let parts = [
        ("Database", database::check(global)),
        ("Settings and clock", settings_checks),
        ("Terminal", terminal::check(&settings)),
    ];
    let count = |level: Level| {
        let checks = parts.iter().flat_map(|(_, checks)| checks);
        checks.filter(|check| check.level == level).count() as u64
    };
    let (warnings, failures) = (count(Level::Warn), count(Level::Fail));
    if args.json {
        let checks: Vec<&Check> = parts.iter().flat_map(|(_, checks)| checks).collect();
        out.print_json(&json!({"warnings": warnings, "failures": failures, "checks": checks}))?;
    } else {
        for (title, checks) in &parts {
            out.print_line(&format!("{BOLD}{title}{BOLD:#}"));
            checks.iter().for_each(|check| print(check, out));
        }
    }
    if failures > 0 {
        return Err(OpsError::check_failed(format!(
            "{} failed",
            counted(failures, "check", "checks")
        ))
        .with_hint("the line below each says what to do"));
    }
    if !args.json {
        out.print_line(&match warnings {
            0 => "nothing to do".to_owned(),
            n => counted(n, "warning", "warnings"),
        });
    }
    Ok(())
}

fn print(check: &Check, out: &Out) {
    let (style, word) = match check.level {
        Level::Ok => (GREEN, "ok"),
        Level::Warn => (YELLOW, "warn"),
        Level::Fail => (RED, "fail"),
    };
    let found = sanitize::line(&check.found);
    let mut lines = wrap(&found).into_iter();
    out.print_line(&format!(
        "  {style}{word:<4}{style:#}  {:<16} {}",
        check.name,
        lines.next().unwrap_or_default()
    ));
    lines.for_each(|line| out.print_line(&format!("{:INDENT$}{line}", "")));
    if let Some(fix) = &check.fix {
        for line in wrap(&sanitize::line(fix)) {
            out.print_line(&format!("{:INDENT$}{CYAN}{line}{CYAN:#}", ""));
        }
    }
}

/// Columns before what was found.
const INDENT: usize = 25;

/// Wraps a text to the rest of the terminal's row; elsewhere it stays on one line.
fn wrap(text: &str) -> Vec<String> {
    let width = terminal_width().map_or(usize::MAX, |columns| columns.saturating_sub(INDENT));
    let lines = textwrap::wrap(text, width.max(20));
    lines
        .into_iter()
        .map(std::borrow::Cow::into_owned)
        .collect()
}
