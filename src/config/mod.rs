//! The settings file, its folders and its defaults. Begin with [`Settings`].
//!
//! Everything is optional: Bridgelog works without a settings file, and documents show a visible
//! marker if a setting is missing.

pub mod edit;
pub mod environment;
pub mod setting;

use crate::domain::severities::Severities;
use etcetera::{BaseStrategy, choose_base_strategy};
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use setting::Setting;
use std::{
    collections::BTreeMap,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Most bytes of the settings file.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;

/// Returns the URL of a hub without its password, to show it. A path is returned as it is.
#[must_use]
pub fn without_password(hub: &str) -> String {
    let Some((scheme, rest)) = hub.split_once("://") else {
        return hub.to_owned();
    };
    let (address, parameters) = match rest.split_once('?') {
        Some((address, parameters)) => (address, Some(parameters)),
        None => (rest, None),
    };
    // The last `@` before the path ends the user: a password may hold others.
    let address = match address.rsplit_once('@') {
        Some((user, host)) => format!("{}@{host}", user.split(':').next().unwrap_or_default()),
        None => address.to_owned(),
    };
    let kept: Vec<&str> = parameters
        .into_iter()
        .flat_map(|parameters| parameters.split('&'))
        .filter(|parameter| !parameter.to_ascii_lowercase().starts_with("password="))
        .collect();
    match kept.is_empty() {
        true => format!("{scheme}://{address}"),
        false => format!("{scheme}://{address}?{}", kept.join("&")),
    }
}

/// Which incidents go to the hub.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Share {
    /// All but the private ones.
    #[default]
    All,
    /// Only those marked by `set private no`.
    Chosen,
}

/// The settings file (TOML). Every key may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// The company's name, in the letter's greeting and signature.
    pub organisation: Option<String>,
    /// Where customers ask questions: an address, a page or both.
    pub contact: Option<String>,
    /// The address that mail drafts are from; `None` takes the contact.
    pub from: Option<String>,
    /// How letters write times of day.
    pub clock: Clock,
    /// How letters write dates.
    pub date: DateOrder,
    /// The lines under a letter; `None` signs with the organisation.
    pub signature: Option<String>,
    /// The zone of a new incident if neither flag nor environment names one.
    pub zone: Option<String>,
    /// Further words for kinds: `theory = "suspect"`.
    pub aliases: BTreeMap<String, String>,
    /// What `import --map NAME` stands for: `ACTION=KIND` and `FIELD=COLUMN`.
    pub maps: BTreeMap<String, Vec<String>>,
    /// The names of severities, most severe first; none means `sev1` to `sev5`, and `sev0`.
    #[serde(deserialize_with = "checked_severities")]
    pub severities: Severities,
    /// Where this machine meets others: a directory or a URL.
    pub hub: Option<String>,
    /// Which incidents go to the hub.
    pub share: Share,
    pub lint: LintSettings,
    /// Most MiB of a file that is attached to an event.
    #[serde(deserialize_with = "checked_attach_mib")]
    pub attach_mib: Option<u32>,
    /// App: the interval between customer updates during impact, in minutes.
    pub update_interval: Option<u32>,
    /// App: `false` leaves the mouse to the terminal.
    pub mouse: Option<bool>,
    /// App: `true` draws its signs in ASCII, `false` never; `None` goes by locale and terminal.
    pub ascii: Option<bool>,
    /// App: `true` writes sentences instead of drawing, for a screen reader.
    pub plain: bool,
    /// App: keys by action: `undo = "ctrl-u U"`.
    pub keys: BTreeMap<String, String>,
    /// App: colours by meaning: `down = "red bold"`; `preset` takes those of a `"dark"` or a `"light"`
    /// background.
    pub theme: BTreeMap<String, String>,
    /// Why the file was ignored, if it was.
    #[serde(skip)]
    pub load_error: Option<String>,
    /// Folder of the user's own templates; `None` uses only the built-in ones.
    #[serde(skip)]
    pub templates_folder: Option<PathBuf>,
}

/// Reads a list of names.
fn checked_severities<'de, D: Deserializer<'de>>(from: D) -> Result<Severities, D::Error> {
    Severities::new(&Vec::<String>::deserialize(from)?).map_err(D::Error::custom)
}

/// Most MiB of an attached file where the settings do not say.
const DEFAULT_ATTACH_MIB: u32 = 5;
/// The most that they may say: such a file is a line of the journal that `import jsonl` still reads.
const MAX_ATTACH_MIB: u32 = 40;

impl Settings {
    /// Most bytes of an attached file.
    #[must_use]
    pub fn attach_bytes(&self) -> u64 {
        u64::from(self.attach_mib.unwrap_or(DEFAULT_ATTACH_MIB)) << 20
    }
}

fn checked_attach_mib<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u32>, D::Error> {
    match u32::deserialize(from)? {
        mib @ 1..=MAX_ATTACH_MIB => Ok(Some(mib)),
        _ => Err(D::Error::custom(format!(
            "attach-mib is a number from 1 to {MAX_ATTACH_MIB}"
        ))),
    }
}

/// How letters write times of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum Clock {
    /// `13:26`.
    #[default]
    #[serde(rename = "24h")]
    TwentyFourHours,
    /// `1:26 p.m.`
    #[serde(rename = "12h")]
    TwelveHours,
}

/// How letters write dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub enum DateOrder {
    /// `16 August 2012`.
    #[default]
    #[serde(rename = "dmy")]
    DayFirst,
    /// `August 16, 2012`.
    #[serde(rename = "mdy")]
    MonthFirst,
}

/// Rules of `lint`: the table `[lint]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LintSettings {
    /// Further words that a letter must not contain.
    pub words: Vec<String>,
    /// Names that look internal but may appear in a letter.
    pub public_names: Vec<String>,
    /// Names of vendors, which a letter must not blame.
    pub vendors: Vec<String>,
    /// Longest time between customer updates during impact, in minutes.
    pub update_minutes: u32,
    /// Longest time without an event during impact, in minutes.
    pub silence_minutes: u32,
}

impl Default for LintSettings {
    fn default() -> Self {
        Self {
            words: Vec::new(),
            public_names: Vec::new(),
            vendors: Vec::new(),
            update_minutes: 60,
            silence_minutes: 60,
        }
    }
}

/// An error in reading the settings or in finding the user's folders.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file exists and cannot be read.
    #[error("the settings file {path} cannot be read")]
    Read { path: PathBuf, source: io::Error },
    /// The file is not valid TOML or has unknown keys.
    #[error("the settings file {path} is wrong: {message}")]
    Invalid {
        path: PathBuf,
        /// What is wrong, with the line number.
        message: String,
    },
    /// The file is larger than any settings are.
    #[error("the settings file {} holds more than {} MiB", .0.display(), MAX_SETTINGS_BYTES >> 20)]
    TooLarge(PathBuf),
    /// There is no home folder.
    #[error("there is no home folder, where the database, the settings and templates are kept")]
    NoHome,
}

impl ConfigError {
    /// What the user can do about it.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Read { path, .. } => format!("check who may read {}", path.display()),
            Self::Invalid { path, .. } | Self::TooLarge(path) => {
                format!("correct or remove {}", path.display())
            }
            Self::NoHome => "set HOME; --db PATH names the database without one".to_owned(),
        }
    }
}

impl Settings {
    /// Reads the user's settings file; returns the defaults if there is none.
    ///
    /// # Errors
    /// There is no home folder to look for it in, or the file cannot be read or parsed.
    pub fn load() -> Result<Self, ConfigError> {
        Ok(Self {
            templates_folder: Some(templates_folder()?),
            ..Self::read(&settings_path()?)?
        })
    }

    /// Reads the settings file at `path`; returns the defaults if there is none.
    ///
    /// # Errors
    /// The file cannot be read or parsed.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        match read_text(path)? {
            None => Ok(Self::default()),
            Some(text) => Self::parse(&text, path),
        }
    }

    /// Parses `text`, the settings file at `path`.
    ///
    /// # Errors
    /// It is no TOML, has an unknown key, or a value that the key does not take.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|e: toml::de::Error| {
            let line = e
                .span()
                .map_or(0, |at| text[..at.start].lines().count().max(1));
            let line =
                line + usize::from(e.span().is_some_and(|at| text[..at.start].ends_with('\n')));
            let message = e.message().replace('\n', " ");
            ConfigError::Invalid {
                path: path.to_owned(),
                message: format!("line {line}: {message}{}", suggestion(&message)),
            }
        })
    }

    /// Returns the value of `key`, such as `lint.words`; `None` if it has none.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<toml::Value> {
        let mut found = toml::Value::try_from(self).ok()?;
        for part in key.split('.') {
            found = found.as_table_mut()?.remove(part)?;
        }
        Some(found)
    }
}

/// Returns what to add to the error about an unknown key: the key that was probably meant.
fn suggestion(message: &str) -> String {
    let unknown = message
        .strip_prefix("unknown field `")
        .and_then(|rest| rest.split('`').next());
    unknown
        .and_then(Setting::nearest)
        .map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"))
}

/// Reads the text of the settings file at `path`; `None` if there is none.
///
/// # Errors
/// It cannot be read, is not UTF-8 or is too large.
pub fn read_text(path: &Path) -> Result<Option<String>, ConfigError> {
    let mut text = String::new();
    let read = std::fs::File::open(path)
        .and_then(|file| file.take(MAX_SETTINGS_BYTES + 1).read_to_string(&mut text));
    match read {
        Ok(len) if len as u64 > MAX_SETTINGS_BYTES => Err(ConfigError::TooLarge(path.to_owned())),
        Ok(_) => Ok(Some(text)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigError::Read {
            path: path.to_owned(),
            source,
        }),
    }
}

/// Returns the path of the settings file: `bridgelog/config.toml` in the user's configuration
/// folder.
pub fn settings_path() -> Result<PathBuf, ConfigError> {
    let base = choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
    Ok(base.config_dir().join("bridgelog/config.toml"))
}

/// Returns the folder of the user's own templates: `bridgelog/templates` in the user's
/// configuration folder.
pub fn templates_folder() -> Result<PathBuf, ConfigError> {
    let base = choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
    Ok(base.config_dir().join("bridgelog/templates"))
}

/// Returns the default database file: `bridgelog/bridgelog.db` in the user's data folder.
pub fn default_db_path() -> Result<PathBuf, ConfigError> {
    let base = choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
    Ok(base.data_dir().join("bridgelog/bridgelog.db"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_setting_error_names_key_and_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        assert_eq!(Settings::read(&path).unwrap(), Settings::default());
        std::fs::write(&path, "organisation = \"AVR\"\ncontakt = \"x\"\n").unwrap();
        let error = Settings::read(&path).unwrap_err().to_string();
        assert!(
            error.contains("line 2") && error.contains("contakt"),
            "{error}"
        );
        std::fs::write(&path, "clock = \"am\"\n").unwrap();
        let error = Settings::read(&path).unwrap_err().to_string();
        for part in ["line 1", "am", "24h", "12h"] {
            assert!(error.contains(part), "{error}");
        }
    }
}
