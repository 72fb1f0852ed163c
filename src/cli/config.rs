//! `bridgelog config`: shows the settings and where each comes from, and changes the settings file.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, DIM, Out},
    settings_check,
};
use crate::{
    config::{
        self, ConfigError, Settings,
        edit::{parse_value, with_value},
        environment::variable,
        setting::{SETTINGS, Setting},
    },
    domain::sanitize,
    ops::{OpsError, atomic_write},
};
use clap::{Args, Subcommand};
use serde_json::json;
use std::{
    fs,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Without a command it lists the settings. `set` checks the value, and keeps the comments and the order of the\n\
    file. `bridgelog --help` has all keys.\n\n\
    Examples:\n  bridgelog config\n  bridgelog config --path\n  bridgelog config get contact\n  \
    bridgelog config set contact support@avr.example\n  \
    bridgelog config set lint.words glitch hiccup     a list\n  \
    bridgelog config set keys.undo U\n  \
    bridgelog config set contact -                    clears it"
)]
pub struct ConfigArgs {
    /// Print the path of the settings file
    #[arg(long)]
    path: bool,
    /// Print the list as JSON
    #[arg(long, conflicts_with = "path")]
    json: bool,
    #[command(subcommand)]
    command: Option<ConfigCommand>,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// List the settings with their values and where each comes from
    #[command(after_help = "Example:\n  bridgelog config list --json")]
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Print the value of a setting
    #[command(after_help = "Example:\n  bridgelog config get lint.update-minutes")]
    Get {
        /// The key: contact, lint.words
        key: String,
    },
    /// Change a setting in the settings file
    #[command(
        after_help = "Examples:\n  bridgelog config set update-interval 30\n  bridgelog config set theme.down 'red bold'"
    )]
    Set {
        /// The key: contact, lint.words, keys.ACTION
        key: String,
        /// The value; several for a list; `-` clears it
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true)]
        value: Vec<String>,
    },
}

pub(super) fn run(global: &GlobalArgs, args: &ConfigArgs, out: &Out) -> Result {
    let path = config::settings_path()?;
    if args.path {
        out.print_line(&sanitize::line(&path.display().to_string()));
        return Ok(());
    }
    match &args.command {
        None => list(&path, args.json, out),
        Some(ConfigCommand::List { json }) => list(&path, *json, out),
        Some(ConfigCommand::Get { key }) => get(&path, key, out),
        Some(ConfigCommand::Set { key, value }) => set(global, &path, key, value, out),
    }
}

/// A setting as it applies now.
struct Row {
    key: String,
    value: Option<toml::Value>,
    /// `default`, `file` or `environment`.
    source: &'static str,
    setting: &'static Setting,
}

/// Returns the settings as they apply, in the order of [`SETTINGS`]. A table of free words gives a row for each
/// of its entries, or one row for the empty table.
fn rows(path: &Path) -> Result<Vec<Row>> {
    let settings = Settings::read(path)?;
    let text = config::read_text(path)?.unwrap_or_default();
    let in_file: toml::Table = text.parse().unwrap_or_default();
    let mut rows = Vec::new();
    for setting in &SETTINGS {
        let mut keys = vec![setting.key.to_owned()];
        if let Some(table) = setting.table() {
            let entries = in_file.get(table).and_then(toml::Value::as_table);
            let words = entries.into_iter().flat_map(toml::Table::keys);
            let words: Vec<String> = words.map(|word| format!("{table}.{word}")).collect();
            if !words.is_empty() {
                keys = words;
            }
        }
        for key in keys {
            let (value, source) = match variable("BRIDGELOG_ZONE").filter(|_| key == "zone") {
                Some(zone) => (Some(zone.into()), "environment"),
                None if is_in(&in_file, &key) => (settings.value(&key), "file"),
                None => (settings.value(&key), "default"),
            };
            let value = match value {
                // Those that `unset` says count then.
                Some(toml::Value::Array(values))
                    if values.is_empty() && source == "default" && !setting.unset.is_empty() =>
                {
                    None
                }
                Some(toml::Value::String(url)) if key == "hub" => {
                    Some(config::without_password(&url).into())
                }
                value => value,
            };
            rows.push(Row {
                key,
                value,
                source,
                setting,
            });
        }
    }
    Ok(rows)
}

/// True if the file sets `key`.
fn is_in(file: &toml::Table, key: &str) -> bool {
    match key.split_once('.') {
        None => file.contains_key(key),
        Some((table, word)) => {
            let table = file.get(table).and_then(toml::Value::as_table);
            table.is_some_and(|table| table.contains_key(word))
        }
    }
}

fn list(path: &Path, json: bool, out: &Out) -> Result {
    let rows = rows(path)?;
    if json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                json!({
                    "key": row.key, "value": row.value, "source": row.source,
                    "what": row.setting.what, "unset": row.setting.unset,
                })
            })
            .collect();
        return out.print_json(&json!({
            "file": path.display().to_string(), "exists": path.exists(), "settings": rows,
        }));
    }
    let missing = if path.exists() {
        ""
    } else {
        " (not there yet)"
    };
    out.print_line(&format!(
        "{BOLD}{}{BOLD:#}{missing}",
        sanitize::line(&path.display().to_string())
    ));
    for row in &rows {
        let value = match &row.value {
            Some(value) => sanitize::line(&value.to_string()).into_owned(),
            None => format!("not set; {}", row.setting.unset),
        };
        out.print_line(&format!(
            "{BOLD}{:<22}{BOLD:#} {value}  {DIM}{}{DIM:#}",
            sanitize::line(&row.key),
            row.source
        ));
        out.print_line(&format!("{:22} {DIM}{}{DIM:#}", "", row.setting.what));
    }
    for problem in settings_check::problems(&Settings::read(path)?) {
        out.print_note(&problem);
    }
    Ok(())
}

/// Returns the setting of `key`, which is a whole key.
///
/// # Errors
/// There is none; the hint names the nearest.
fn find(key: &str) -> Result<&'static Setting> {
    let found = Setting::find(key).filter(|found| found.table().is_none() || found.key != key);
    found.ok_or_else(|| {
        OpsError::usage(format!("there is no setting `{key}`"))
            .with_suggestion(Setting::nearest(key))
            .with_hint("`bridgelog config list` lists them")
    })
}

fn get(path: &Path, key: &str, out: &Out) -> Result {
    let setting = find(key)?;
    let row = rows(path)?.into_iter().find(|row| row.key == key);
    match row.and_then(|row| row.value) {
        Some(toml::Value::Array(values)) => values.iter().for_each(|value| print(value, out)),
        Some(value) => print(&value, out),
        None => {
            let unset = match setting.unset {
                "" => "it has no default".to_owned(),
                unset => format!("without it: {unset}"),
            };
            return Err(
                OpsError::failed(format!("{key} is not set")).with_hint(format!(
                    "{unset}; `bridgelog config set {key} VALUE` sets it"
                )),
            );
        }
    }
    Ok(())
}

fn print(value: &toml::Value, out: &Out) {
    match value {
        toml::Value::String(text) => out.print_line(&sanitize::block(text)),
        other => out.print_line(&sanitize::line(&other.to_string())),
    }
}

fn set(global: &GlobalArgs, path: &Path, key: &str, words: &[String], out: &Out) -> Result {
    let setting = find(key)?;
    let value = match words {
        [word] if word == "-" => None,
        words => Some(parse_value(setting, words).map_err(|takes| {
            OpsError::usage(format!("{key} takes {takes}, not `{}`", words.join(" ")))
                .with_hint(format!("in the file: {}", setting.example))
        })?),
    };
    // Where the file is a link, as with settings kept in another folder, its target is written.
    let file = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = config::read_text(&file)?.unwrap_or_default();
    let shown = value
        .as_ref()
        .map(|value| value.to_string().trim().to_owned());
    let text = with_value(&before, path, key, value)?;
    let parsed_before = Settings::parse(&before, path);
    let settings = Settings::parse(&text, path).map_err(|error| match parsed_before {
        Ok(_) => refusal(&error, key, words, setting),
        Err(_) => error.into(),
    })?;
    let known = parsed_before.map(|before| settings_check::problems(&before));
    let known = known.unwrap_or_default();
    let problems = settings_check::problems(&settings);
    if let Some(problem) = problems.iter().find(|problem| !known.contains(problem)) {
        return Err(OpsError::usage(problem.clone()).with_hint("nothing was changed"));
    }
    write(global, &file, &text)?;
    let path = path.display().to_string();
    let line = match shown {
        Some(value) => format!("set {key} to {value} in {path}"),
        None => format!("cleared {key} in {path}"),
    };
    out.print_line(&sanitize::line(&line));
    if key == "zone" && variable("BRIDGELOG_ZONE").is_some() {
        out.print_note("BRIDGELOG_ZONE is set and overrides it");
    }
    for problem in problems {
        out.print_note(&problem);
    }
    Ok(())
}

/// The error of a new value that the reader of the settings refuses, in a file that it read before.
fn refusal(error: &ConfigError, key: &str, words: &[String], setting: &Setting) -> OpsError {
    let value = words.join(" ");
    let why = match error {
        ConfigError::Invalid { message, .. } => message
            .split_once(&format!("`{value}`"))
            .and_then(|(_, after)| after.split_once(": "))
            .or_else(|| message.split_once(": "))
            .map_or(message.as_str(), |(_, why)| why),
        _ => "",
    };
    let reason = match why {
        "" => String::new(),
        why => format!(": {why}"),
    };
    OpsError::usage(format!("{key} does not take `{value}`{reason}"))
        .with_hint(format!(
            "{}; in the file: {}",
            setting.what, setting.example
        ))
        .with_hint("nothing was changed")
}

/// Writes the settings file, and makes its folder where there is none.
fn write(global: &GlobalArgs, file: &Path, text: &str) -> Result {
    if let Some(folder) = file.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)
            .map_err(|e| {
                OpsError::failed(format!("the folder {} cannot be made", folder.display()))
                    .with_source(e)
                    .with_hint("set XDG_CONFIG_HOME to use another folder for the settings")
            })?;
    }
    let database = global.db_path().unwrap_or_else(|_| PathBuf::new());
    let options = atomic_write::WriteOptions {
        force: true,
        database: &database,
    };
    atomic_write::write(file, text.as_bytes(), options)
}
