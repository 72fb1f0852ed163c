//! `bridgelog complete-words`: what can stand at the end of a command line. The scripts of `completions` call it;
//! it is hidden.
//!
//! It prints one candidate a line, with a tab and what it is; `:files` alone stands for the names of files, and
//! `:folders` for those of folders. It reads the database without writing, and prints nothing where it cannot.

mod values;

use super::{error::Result, global::GlobalArgs, out::Out};
use clap::{Arg, ArgAction, Args, Command, ValueHint};
use values::{Candidate, Lookup};

/// Stand for the names of files and of folders, which shells complete better.
const FILES: &str = ":files";
const FOLDERS: &str = ":folders";

#[derive(Debug, Args)]
pub struct CompleteArgs {
    /// The words behind `bridgelog`; the last one is completed
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

pub(super) fn run(
    global: &GlobalArgs,
    args: &CompleteArgs,
    mut root: Command,
    out: &Out,
) -> Result {
    root.build();
    for Candidate { value, what } in complete(&root, &args.words, global) {
        // A candidate with a line break would look like two.
        if !value.contains(char::is_control) {
            let what: Vec<&str> = what.split_whitespace().collect();
            out.print(&format!("{value}\t{}\n", what.join(" ")));
        }
    }
    Ok(())
}

/// Where the last word of a command line stands.
struct Place<'a> {
    command: &'a Command,
    /// The names of the commands, with spaces between: `task done`.
    path: String,
    /// The words of the command that are no flags.
    positionals: Vec<&'a str>,
    /// The flag whose value is the last word.
    flag: Option<&'a Arg>,
    /// True behind `--`, where there are no flags.
    ended: bool,
    /// The values of `--db` and `--incident`, if given.
    db: Option<&'a str>,
    incident: Option<&'a str>,
}

impl<'a> Place<'a> {
    fn new(root: &'a Command, before: &'a [String]) -> Self {
        let mut place = Self {
            command: root,
            path: String::new(),
            positionals: Vec::new(),
            flag: None,
            ended: false,
            db: None,
            incident: None,
        };
        let mut values_left = 0;
        // Bash gives the `=` of `--flag=value` as a word of its own.
        for word in before
            .iter()
            .map(String::as_str)
            .filter(|word| *word != "=")
        {
            if let Some(flag) = place.flag {
                place.keep_value(flag, word);
                values_left -= 1;
                if values_left == 0 {
                    place.flag = None;
                }
                continue;
            }
            if word == "--" && !place.ended {
                place.ended = true;
            } else if word.starts_with("--") && !place.ended {
                let (name, value) = match word.split_once('=') {
                    Some((name, value)) => (name, Some(value)),
                    None => (word, None),
                };
                if let Some(flag) = place.find_flag(name) {
                    match value {
                        Some(value) => place.keep_value(flag, value),
                        None => {
                            values_left = value_count(flag);
                            place.flag = Some(flag).filter(|_| values_left > 0);
                        }
                    }
                }
            } else {
                place.take_word(word);
            }
        }
        place
    }

    fn take_word(&mut self, word: &'a str) {
        let below = self.command.find_subcommand(word);
        match below.filter(|_| self.positionals.is_empty()) {
            Some(below) => {
                self.command = below;
                if !self.path.is_empty() {
                    self.path.push(' ');
                }
                self.path.push_str(below.get_name());
            }
            None => self.positionals.push(word),
        }
    }

    fn find_flag(&self, name: &str) -> Option<&'a Arg> {
        let name = name.trim_start_matches('-');
        let flags = self.command.get_arguments();
        flags.into_iter().find(|arg| arg.get_long() == Some(name))
    }

    fn keep_value(&mut self, flag: &Arg, value: &'a str) {
        match flag.get_id().as_str() {
            "db" => self.db = Some(value),
            "incident" => self.incident = Some(value),
            _ => {}
        }
    }

    /// Returns the argument without a flag that the next word is.
    fn positional(&self) -> Option<&'a Arg> {
        let mut positionals = self.command.get_positionals();
        let at = self.positionals.len();
        let all: Vec<&Arg> = positionals.by_ref().collect();
        let last = all.last().copied();
        all.get(at).copied().or_else(|| {
            last.filter(|arg| {
                arg.get_num_args()
                    .is_some_and(|range| range.max_values() > 1)
            })
        })
    }
}

/// Returns how many words behind a flag are its values; 0 for a switch, and where they need a `=`.
fn value_count(flag: &Arg) -> usize {
    let takes = matches!(flag.get_action(), ArgAction::Set | ArgAction::Append);
    match flag.get_num_args() {
        _ if !takes || flag.is_require_equals_set() => 0,
        Some(range) if range.max_values() < 10 => range.max_values(),
        _ => 1,
    }
}

/// Returns the candidates for the last of `words`.
fn complete(root: &Command, words: &[String], global: &GlobalArgs) -> Vec<Candidate> {
    let (last, before) = match words.split_last() {
        Some((last, before)) => (last.as_str(), before),
        None => ("", words),
    };
    let last = if last == "=" { "" } else { last };
    let place = Place::new(root, before);
    let lookup = Lookup::new(global, place.db, place.incident);
    if let Some(flag) = place.flag {
        return matching(last, "", values_of(flag, &place, &lookup));
    }
    if let Some((name, value)) = last.split_once('=').filter(|_| last.starts_with("--")) {
        let found = place.find_flag(name);
        let candidates = found.map(|flag| values_of(flag, &place, &lookup));
        return matching(value, &format!("{name}="), candidates.unwrap_or_default());
    }
    if last.starts_with('-') && !place.ended {
        return matching(last, "", flags(place.command));
    }
    let mut candidates = Vec::new();
    if place.positionals.is_empty() {
        candidates.extend(commands(place.command));
    }
    if let Some(arg) = place.positional() {
        candidates.extend(values_of(arg, &place, &lookup));
    }
    matching(last, "", candidates)
}

fn matching(typed: &str, prefix: &str, candidates: Vec<Candidate>) -> Vec<Candidate> {
    let is_path = |candidate: &Candidate| [FILES, FOLDERS].contains(&candidate.value.as_str());
    let fits = |candidate: &Candidate| is_path(candidate) || candidate.value.starts_with(typed);
    let candidates = candidates.into_iter().filter(fits);
    candidates
        .map(|candidate| match is_path(&candidate) {
            true => candidate,
            false => Candidate::new(format!("{prefix}{}", candidate.value), candidate.what),
        })
        .collect()
}

fn values_of(arg: &Arg, place: &Place<'_>, lookup: &Lookup<'_>) -> Vec<Candidate> {
    let known = arg.get_possible_values();
    if !known.is_empty() && !matches!(arg.get_action(), ArgAction::SetTrue) {
        let names = known.iter().filter(|value| !value.is_hide_set());
        return names
            .map(|value| Candidate::new(value.get_name(), ""))
            .collect();
    }
    match arg.get_value_hint() {
        // What is parsed as a path has this hint by itself.
        ValueHint::AnyPath | ValueHint::FilePath => return vec![Candidate::new(FILES, "")],
        ValueHint::DirPath => return vec![Candidate::new(FOLDERS, "")],
        _ => {}
    }
    lookup.values(&place.path, arg.get_id().as_str(), &place.positionals)
}

fn flags(command: &Command) -> Vec<Candidate> {
    let visible = command.get_arguments().filter(|arg| !arg.is_hide_set());
    visible
        .filter_map(|arg| {
            let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
            Some(Candidate::new(format!("--{}", arg.get_long()?), help))
        })
        .collect()
}

fn commands(command: &Command) -> Vec<Candidate> {
    let visible = command
        .get_subcommands()
        .filter(|below| !below.is_hide_set());
    visible
        .map(|below| {
            let about = below.get_about().map(ToString::to_string);
            Candidate::new(below.get_name(), about.unwrap_or_default())
        })
        .collect()
}
