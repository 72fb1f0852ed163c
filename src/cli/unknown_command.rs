//! The error for a command that does not exist: it names the command that is meant, with a line to paste.

use crate::{
    domain::{
        command_words as app,
        incident::{FIELDS, SECTIONS},
        suggestion,
        words::{CAPTURE_KINDS, Kind, Severity},
    },
    ops::{OpsError, field::EVENT_BACKED_FIELDS},
};
use std::ffi::OsString;

/// Most commands that one error suggests.
const MAX_SUGGESTIONS: usize = 3;

/// What of the words behind the unknown command goes into the suggested line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Typed {
    All,
    /// The first word, which is a handle.
    First,
    None,
}

/// A command, and the words that people type for it.
struct Meant {
    command: &'static str,
    /// Words that the list of all actions in the app knows too.
    app_words: &'static str,
    words: &'static str,
    typed: Typed,
    /// The arguments where none were typed.
    example: &'static str,
    /// What always ends the line.
    ending: &'static str,
}

const fn meant(
    command: &'static str,
    app_words: &'static str,
    words: &'static str,
    typed: Typed,
    example: &'static str,
    ending: &'static str,
) -> Meant {
    Meant {
        command,
        app_words,
        words,
        typed,
        example,
        ending,
    }
}

/// The commands; those named first are suggested first. `redact` destroys, so no everyday word leads to it.
#[rustfmt::skip]
const COMMANDS: [Meant; 44] = [
    meant("amend", app::AMEND, "modify retime retag", Typed::All, "kvnqrs 10:12", ""),
    meant("retract", app::RETRACT, "rm del drop strike discard", Typed::First, "kvnqrs", "--reason 'logged twice'"),
    meant("undo", app::UNDO, "rm del revert rollback", Typed::None, "", ""),
    meant("redo", "", "redo-last", Typed::None, "", ""),
    meant("restore-event", app::RESTORE_EVENT, "restore unretract unremove", Typed::First, "kvnqrs", ""),
    meant("declare", app::DECLARE, "init begin-incident raise", Typed::All, "'Checkout is failing' --severity sev2", ""),
    meant("resolve", app::RESOLVE, "stop complete resolved", Typed::All, "", ""),
    meant("reopen", app::REOPEN, "unresolve re-open", Typed::All, "", ""),
    meant("log", "", "add note append record line comment entry event say logs", Typed::All, "'error rate alert @checkout'", ""),
    meant("show", "", "timeline tl view cat print events display", Typed::All, "", ""),
    meant("list", app::LIST, "ls incidents all", Typed::None, "", ""),
    meant("status", app::STATUS, "state st now sitrep", Typed::None, "", ""),
    meant("brief", app::BRIEF, "executive executives exec execs tldr summary summarize", Typed::All, "", ""),
    meant("postmortem", "", "report pm retro retrospective rca pir post-mortem doc document", Typed::All, "", ""),
    meant("email", app::EMAIL, "mail e-mail letters customer message draft send", Typed::All, "", ""),
    meant("log", "", "update tell inform", Typed::None, "'comms/customers: status page updated'", ""),
    meant("email --stage update", "", "update", Typed::None, "", ""),
    meant("handoff", app::HANDOFF, "hand-off handover hand-over pass", Typed::All, "ann", ""),
    meant("set severity", app::SEVERITY, "severity sev", Typed::All, "sev2", ""),
    meant("set", "", "field fields title", Typed::None, "impact 'orders cannot be paid'", ""),
    meant("search", app::SEARCH, "find query", Typed::All, "replica lag", ""),
    meant("task done", app::TASK_DONE, "close", Typed::All, "kvnqrs", ""),
    meant("task add", app::TASK_ADD, "followup follow-up action-item ticket", Typed::All, "'Warm standby' --owner raj", ""),
    meant("task list", "", "tasks todos followups follow-ups asks requests actions", Typed::None, "", ""),
    meant("write", app::WRITE, "prose sections", Typed::None, "summary", ""),
    meant("move", "", "mv", Typed::All, "kvnqrs 8", ""),
    meant("merge", "", "join combine", Typed::All, "8 --into 7", ""),
    meant("adopt", "", "attach file claim take unfiled unassigned", Typed::All, "all", ""),
    meant("near-misses", "", "near-miss nearmiss nearmisses near_misses misses", Typed::None, "", ""),
    meant("metrics", "", "figures numbers kpi mttr mttd", Typed::None, "", ""),
    meant("stats", "", "trends statistics compare", Typed::None, "", ""),
    meant("service", "", "services component", Typed::All, "checkout --public 'Online shop'", ""),
    meant("history", "", "versions diff audit blame", Typed::First, "kvnqrs", ""),
    meant("lint", "", "check validate", Typed::None, "", ""),
    meant("verify", "", "check fsck integrity", Typed::None, "", ""),
    meant("doctor", "", "check health diagnose", Typed::None, "", ""),
    meant("config", "", "settings setting configure preferences prefs options conf cfg", Typed::None, "", ""),
    meant("backup", "", "copy save dump", Typed::All, "copy.db", ""),
    meant("export jsonl", "", "save dump json", Typed::None, "", ""),
    meant("import jsonl", "", "load", Typed::All, "journal.jsonl", ""),
    meant("templates list", "", "template", Typed::None, "", ""),
    meant("completions", "", "completion complete", Typed::All, "bash", ""),
    meant("man", "", "manual docs", Typed::None, "", ""),
    meant("demo", "", "tutorial example try tour", Typed::None, "", ""),
];

/// Words behind `bridgelog task`.
#[rustfmt::skip]
const TASK_COMMANDS: [Meant; 7] = [
    meant("task done", app::TASK_DONE, "close complete end resolve", Typed::All, "kvnqrs", ""),
    meant("task add", app::TASK_ADD, "create open log note", Typed::All, "'Warm standby' --owner raj", ""),
    meant("task list", app::LIST, "ls show status", Typed::None, "", ""),
    meant("task set", app::AMEND, "amend update owner due", Typed::First, "kvnqrs", "--owner raj"),
    meant("task start", "", "begin started", Typed::First, "kvnqrs", ""),
    meant("task decline", "", "reject drop cancel wontfix skip", Typed::First, "kvnqrs", "--reason 'replaced by another'"),
    meant("retract", app::RETRACT, "rm del", Typed::First, "kvnqrs", "--reason 'added twice'"),
];

/// Makes the error for the unknown command `word` of `argv`. `root` is the whole command line's definition.
pub(super) fn error(word: &str, argv: &[OsString], root: &clap::Command) -> OpsError {
    let argv: Vec<String> = argv
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let at = argv.iter().skip(1).position(|given| given == word);
    let (before, behind) = argv.split_at(at.map_or(argv.len(), |at| at + 1));
    let behind = behind.get(1..).unwrap_or_default();
    let parent = before
        .last()
        .and_then(|parent| root.find_subcommand(parent))
        .filter(|parent| parent.get_name() != "help");
    let message = match parent {
        Some(parent) => format!("`{}` has no command `{word}`", parent.get_name()),
        None => format!("there is no command `{word}`"),
    };
    let mut hints = match parent {
        Some(parent) if parent.get_name() == "task" => suggest(&TASK_COMMANDS, word, behind, root),
        Some(_) => Vec::new(),
        None => match suggest_number(word) {
            Some(hint) => vec![hint],
            None => suggest(&COMMANDS, word, behind, root),
        },
    };
    if hints.is_empty() && parent.is_none() {
        hints.extend(suggest_value(word, behind).or_else(|| suggest_log(word, behind)));
    }
    if hints.is_empty() {
        hints.extend(suggest_similar(word, behind, parent.unwrap_or(root)));
    }
    hints.push(match parent {
        Some(parent) => format!(
            "`bridgelog {} --help` says what there is: {}",
            parent.get_name(),
            names_below(parent).join(", ")
        ),
        None => "`bridgelog --help` lists the commands".to_owned(),
    });
    OpsError {
        hints,
        ..OpsError::usage(message)
    }
}

fn suggest(known: &[Meant], word: &str, behind: &[String], root: &clap::Command) -> Vec<String> {
    let word = word.to_lowercase();
    let knows = |words: &str| words.split(' ').any(|known| known == word);
    known
        .iter()
        .filter(|meant| knows(meant.words) || knows(meant.app_words))
        .take(MAX_SUGGESTIONS)
        .map(|meant| hint(&meant.line(behind), about(root, meant.command).as_deref()))
        .collect()
}

impl Meant {
    /// Returns the line to paste, with what was typed behind the unknown command where it fits.
    fn line(&self, behind: &[String]) -> String {
        let typed = match self.typed {
            Typed::All => behind,
            Typed::First => behind.get(..1).unwrap_or_default(),
            Typed::None => &[],
        };
        let arguments = if typed.is_empty() {
            self.example.to_owned()
        } else {
            quote_all(typed)
        };
        let reason = match (self.typed, behind) {
            // What follows the handle is the reason.
            (Typed::First, [_, rest @ ..])
                if self.ending.starts_with("--reason") && !rest.is_empty() =>
            {
                Some(format!("--reason {}", quote(&rest.join(" "))))
            }
            _ => None,
        };
        let ending = reason.as_deref().unwrap_or(self.ending);
        let parts = [self.command, &arguments, ending];
        let parts = parts.into_iter().filter(|part| !part.is_empty());
        parts.collect::<Vec<_>>().join(" ")
    }
}

/// Quotes a word for a shell where one could read anything in it, such as `!` in an interactive one.
fn quote(word: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || "_@%+=:,./-".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

fn quote_all(words: &[String]) -> String {
    let words = words.iter().map(|word| quote(word));
    words.collect::<Vec<_>>().join(" ")
}

/// Returns what `command`, which may be of two words, does: its line of the list of commands.
fn about(root: &clap::Command, command: &str) -> Option<String> {
    let words = command.split(' ');
    let mut found = root;
    for word in words {
        match found.find_subcommand(word) {
            Some(below) => found = below,
            None => break,
        }
    }
    found.get_about().map(ToString::to_string)
}

/// Formats a suggestion: the line to paste and what it does.
fn hint(line: &str, about: Option<&str>) -> String {
    let about = about.unwrap_or_default();
    let mut letters = about.chars();
    let about: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_lowercase)
        .chain(letters)
        .collect();
    format!("`bridgelog {line}`: {about}")
}

/// Makes the error for a command that lacks the one below it, such as `bridgelog task`.
pub(super) fn missing_error(argv: &[OsString], root: &clap::Command) -> OpsError {
    let words = argv.iter().skip(1).filter_map(|word| word.to_str());
    let mut words = words.filter_map(|word| root.find_subcommand(word));
    let Some(parent) = words.next() else {
        return OpsError::usage("there is no command")
            .with_hint("`bridgelog --help` lists the commands");
    };
    let name = parent.get_name();
    OpsError::usage(format!("`{name}` needs a command")).with_hint(format!(
        "`bridgelog {name} --help` says what there is: {}",
        names_below(parent).join(", ")
    ))
}

/// Suggests `show` for the number of an incident, and `set severity` for a severity.
fn suggest_number(word: &str) -> Option<String> {
    if word.parse::<u32>().is_ok() {
        return Some(hint(&format!("show {word}"), Some("Show the timeline")));
    }
    let severity = word.parse::<Severity>().ok()?;
    let line = format!("set severity {severity}");
    Some(hint(&line, Some("Set the severity")))
}

/// Suggests `set` for a field, and `write` for a section.
fn suggest_value(word: &str, behind: &[String]) -> Option<String> {
    let word = word.to_lowercase();
    let fields = FIELDS.iter().map(|(name, _)| *name);
    if fields.chain(EVENT_BACKED_FIELDS).any(|field| field == word) {
        let value = match behind {
            [] => "VALUE".to_owned(),
            behind => quote_all(behind),
        };
        return Some(hint(&format!("set {word} {value}"), Some("Set this field")));
    }
    let mut sections = SECTIONS.iter();
    let is_section = sections.any(|(name, _)| *name == word);
    is_section.then(|| hint(&format!("write {word}"), Some("Write this section")))
}

/// Suggests `log` for what is a line rather than a command: several words, a kind, a time.
fn suggest_log(word: &str, behind: &[String]) -> Option<String> {
    let kind = word.to_lowercase();
    let kind = kind.trim_end_matches(':');
    let is_kind = CAPTURE_KINDS
        .iter()
        .map(Kind::as_str)
        .chain(["done"])
        .any(|known| known == kind);
    let begins_like_time =
        word.starts_with(|c: char| c == '~' || c.is_ascii_digit()) && word.contains([':', '-']);
    if !is_kind && !begins_like_time && !word.contains([' ', ':']) {
        return None;
    }
    let begin = if is_kind {
        format!("{kind}:")
    } else {
        word.to_owned()
    };
    let mut line = vec![begin];
    line.extend_from_slice(behind);
    let text = if line.len() == 1 && is_kind {
        format!("{kind}: what happened")
    } else {
        line.join(" ")
    };
    Some(format!("`bridgelog log {}`: log one line", quote(&text)))
}

/// Suggests the command of `parent` that is spelled most like `word`.
fn suggest_similar(word: &str, behind: &[String], parent: &clap::Command) -> Option<String> {
    let name = suggestion::nearest(word, names_below(parent))?;
    let found = parent.find_subcommand(name)?;
    let mut line = vec![name.to_owned()];
    if parent.get_name() != "bridgelog" {
        line.insert(0, parent.get_name().to_owned());
    }
    line.extend_from_slice(behind);
    let about = found.get_about().map(ToString::to_string);
    Some(hint(&quote_all(&line), about.as_deref()))
}

/// Returns the names of the commands of `parent` that the help lists.
fn names_below(parent: &clap::Command) -> Vec<&str> {
    let visible = parent
        .get_subcommands()
        .filter(|command| !command.is_hide_set() && command.get_name() != "help");
    visible
        .flat_map(clap::Command::get_name_and_visible_aliases)
        .collect()
}
