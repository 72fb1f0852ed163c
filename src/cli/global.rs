//! The arguments of every command: database file, author, incident, zone. Opens the session from them.

use super::{error::Result, out, terminal_session, upgrade};
use crate::{
    config::{self, ConfigError, Settings},
    domain::time,
    ops::{OpsError, Session, SessionOptions, context::reject_placeholder, write_context::Clock},
    store::OpenOptions,
};
use clap::Args;
use std::path::PathBuf;

#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "For every command")]
pub struct GlobalArgs {
    /// The database file [default: bridgelog/bridgelog.db in your data folder]
    #[arg(
        long,
        global = true,
        env = "BRIDGELOG_DB",
        hide_env_values = true,
        value_name = "PATH"
    )]
    pub db: Option<PathBuf>,
    /// The author of what is written [default: your login name]
    #[arg(
        long,
        global = true,
        env = "BRIDGELOG_AUTHOR",
        hide_env_values = true,
        value_name = "WHO"
    )]
    pub by: Option<String>,
    /// The incident: its number, its handle, or `latest`
    #[arg(long, global = true, value_name = "REF")]
    pub incident: Option<String>,
    /// The time zone of a new incident [default: the system's]
    #[arg(
        long,
        global = true,
        env = "BRIDGELOG_ZONE",
        hide_env_values = true,
        value_name = "ZONE"
    )]
    pub zone: Option<String>,
    /// True if the zone is from the flag, not from the environment.
    #[arg(skip)]
    pub zone_is_typed: bool,
    /// Open a database on a network file system
    #[arg(long, global = true, hide_short_help = true)]
    pub allow_network: bool,
}

impl GlobalArgs {
    /// Opens the session and creates the database file if there is none.
    pub fn open_or_create(&self) -> Result<Session> {
        self.open_session(true)
    }

    /// Opens the session; a missing database file is an error.
    pub fn open_existing(&self) -> Result<Session> {
        self.open_session(false)
    }

    /// Opens the worked example in a temporary folder, which is removed when the returned folder is dropped.
    pub fn open_demo(&self) -> Result<(tempfile::TempDir, Session)> {
        let zone = self.zone.clone();
        crate::ops::demo::open_demo(SessionOptions {
            path: PathBuf::new(),
            store: OpenOptions::default(),
            author: self.author()?,
            terminal_session: terminal_session::current(),
            clock: clock_from_env()?,
            seed: std::env::var("BRIDGELOG_SEED").ok(),
            default_zone: zone,
            default_incident: None,
            settings: load_settings(),
        })
    }

    /// Opens the session for a dry run. Where there is no database file yet, an empty one in a temporary folder
    /// stands in for it, which is removed when the returned folder is dropped.
    pub fn open_dry_run(&self) -> Result<(Option<tempfile::TempDir>, Session)> {
        if self.db_path()?.exists() {
            return Ok((None, self.open_existing()?));
        }
        let folder = tempfile::Builder::new()
            .prefix("bridgelog-dry-run-")
            .tempdir()
            .map_err(|e| {
                OpsError::failed("no folder for the dry run")
                    .with_hint("set TMPDIR to a folder that can be written to")
                    .with_source(e)
            })?;
        let elsewhere = Self {
            db: Some(folder.path().join("dry-run.db")),
            allow_network: true,
            ..self.clone()
        };
        let session = elsewhere.open_or_create()?;
        Ok((Some(folder), session))
    }

    fn open_session(&self, create: bool) -> Result<Session> {
        let path = self.db_path()?;
        if !create && !path.exists() {
            return Err(OpsError::failed(format!(
                "there is no database at {} yet",
                path.display()
            ))
            .with_hint("`bridgelog declare 'TITLE'` begins one; --db opens another file"));
        }
        let mut session = Session::open(SessionOptions {
            store: OpenOptions {
                create,
                allow_network: self.allow_network,
                on_upgrade: upgrade::report,
                ..OpenOptions::default()
            },
            path,
            author: self.author()?,
            terminal_session: terminal_session::current(),
            clock: clock_from_env()?,
            seed: std::env::var("BRIDGELOG_SEED").ok(),
            default_zone: self.zone.clone(),
            default_incident: self.incident.clone(),
            settings: load_settings(),
        })?;
        session.zone_is_typed = self.zone_is_typed;
        Ok(session)
    }

    /// Opens the session for a document. Unlike elsewhere, invalid settings are an error: the document
    /// depends on them. Without a home folder there are none.
    pub fn open_for_documents(&self) -> Result<Session> {
        match Settings::load() {
            Err(ConfigError::NoHome) => {}
            loaded => drop(loaded?),
        }
        self.open_existing()
    }

    /// Returns the path given, or the default one; an error if there is no home folder.
    pub fn db_path(&self) -> Result<PathBuf> {
        Ok(match &self.db {
            Some(path) if path.as_os_str().is_empty() => {
                return Err(OpsError::usage("--db names no file")
                    .with_hint("give a path, or leave --db and BRIDGELOG_DB out"));
            }
            Some(path) => path.clone(),
            None => config::default_db_path()?,
        })
    }

    fn author(&self) -> Result<String> {
        let named = self.by.clone().filter(|by| !by.trim().is_empty());
        let login = || {
            ["LOGNAME", "USER", "USERNAME"]
                .iter()
                .find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()))
        };
        let author = named
            .or_else(login)
            .or_else(name_from_passwd)
            .unwrap_or_else(|| "unknown".into());
        let author = author.trim().trim_start_matches('@');
        let author: Vec<&str> = author.split_whitespace().collect();
        let author = author.join(" ");
        if author.is_empty() || author.len() > 64 || author.chars().any(char::is_control) {
            return Err(OpsError::usage("the author's name is not valid")
                .with_hint("--by takes a short name: --by ann"));
        }
        reject_placeholder(&author, "author")?;
        Ok(author)
    }
}

/// Reads the settings. A mistake in them, or no home folder to look in, must not prevent logging: it is
/// a note on standard error.
fn load_settings() -> Settings {
    Settings::load().unwrap_or_else(|error| {
        let error = OpsError::from(error).full_message();
        out::note_to_stderr(&format!("{error}; the settings are left out"));
        Settings {
            load_error: Some(error),
            ..Settings::default()
        }
    })
}

/// Returns the login name of the process's user, for when the environment has none.
fn name_from_passwd() -> Option<String> {
    let uid = rustix::process::getuid().as_raw().to_string();
    let accounts = std::fs::read_to_string("/etc/passwd").ok()?;
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1)? == uid).then(|| name.to_owned())
    })
}

fn clock_from_env() -> Result<Clock> {
    match std::env::var("BRIDGELOG_NOW") {
        Err(_) => Ok(Clock::System),
        Ok(text) => time::parse_utc(&text).map(Clock::Fixed).ok_or_else(|| {
            OpsError::usage(format!("BRIDGELOG_NOW is `{text}`, which is not a time"))
                .with_hint("it takes RFC 3339: 2012-08-16T14:06:00Z")
        }),
    }
}

/// Converts clap's error: its message, then its tip and usage as the hint. `command` is the one that was
/// called, such as `email`, if it is known.
#[must_use]
pub fn usage_error(error: &clap::Error, command: Option<&str>) -> OpsError {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text).trim_end();
    let (message, rest) = text.split_once("\n\n").unwrap_or((text, ""));
    let tip = rest
        .lines()
        .find_map(|line| line.trim().strip_prefix("tip: "))
        .map(str::to_owned);
    let usage = rest
        .lines()
        .find_map(|line| line.trim().strip_prefix("Usage: "))
        .map(|usage| {
            // clap lists global flags that are set by the environment as if they had to be typed.
            let global_flags = [
                " --db <PATH>",
                " --by <WHO>",
                " --zone <ZONE>",
                " --incident <REF>",
            ];
            let usage = global_flags
                .iter()
                .fold(usage.to_owned(), |usage, flag| usage.replace(flag, ""));
            format!("usage: {usage}")
        });
    let mut hints: Vec<String> = tip.into_iter().chain(usage).collect();
    if hints.is_empty() {
        hints.push(match command {
            Some(command) => format!("`bridgelog {command} --help` has examples"),
            None => "`bridgelog --help` lists the commands".into(),
        });
    }
    OpsError {
        hints,
        ..OpsError::usage(message)
    }
}
