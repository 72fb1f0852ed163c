//! The settings file, the folders, the defaults.
//!
//! Everything here is optional: without a settings file Bridgelog works, and documents carry a
//! visible marker where a setting is missing.

use etcetera::{BaseStrategy, choose_base_strategy};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

/// What the settings file may say. TOML; every key may be left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Who writes to customers, for the letter's signature and greeting.
    pub organisation: Option<String>,
    /// Where customers ask questions: an address or a page.
    pub contact: Option<String>,
    /// The lines under a letter; the organisation where this is missing.
    pub signature: Option<String>,
    /// The zone of a new incident, where neither flag nor environment names one.
    pub zone: Option<String>,
    /// Words for kinds: `theory = "suspect"`.
    pub aliases: BTreeMap<String, String>,
    /// What `lint` goes by.
    pub lint: LintSettings,
    /// Of the app: how often customers are to hear while they are hurt, in minutes.
    pub update_interval: Option<u32>,
    /// Of the app: false leaves the mouse to the terminal.
    pub mouse: Option<bool>,
    /// Of the app: other keys, by action: `undo = "ctrl-u U"`.
    pub keys: BTreeMap<String, String>,
    /// Of the app: other colours, by meaning: `down = "red bold"`.
    pub theme: BTreeMap<String, String>,
    /// Why the file was left out, where it was.
    #[serde(skip)]
    pub load_error: Option<String>,
    /// The folder of the user's own templates; none where only those built in count.
    #[serde(skip)]
    pub templates_folder: Option<PathBuf>,
}

/// What `lint` goes by: the table `[lint]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LintSettings {
    /// Further words that no letter may have.
    pub words: Vec<String>,
    /// Names that look internal and may go out.
    pub public_names: Vec<String>,
    /// Vendors, whom no letter blames.
    pub vendors: Vec<String>,
    /// How long customers may wait for a word while it hurts, in minutes.
    pub update_minutes: u32,
    /// How long nothing may be written down while it hurts, in minutes.
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

/// Why the settings could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there and cannot be read.
    #[error("the settings file {path} cannot be read")]
    Read {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is not what a settings file may say.
    #[error("the settings file {path} is wrong: {message}")]
    Invalid {
        /// Which file.
        path: PathBuf,
        /// What is wrong, with the line.
        message: String,
    },
    /// No home folder, so nowhere to keep anything.
    #[error("there is no home folder to keep the log book in")]
    NoHome,
}

impl ConfigError {
    /// The way out.
    #[must_use]
    pub fn hint(&self) -> String {
        match self {
            Self::Read { path, .. } => format!("check who may read {}", path.display()),
            Self::Invalid { path, .. } => format!("correct or remove {}", path.display()),
            Self::NoHome => "name the file with --db PATH, or set HOME".to_owned(),
        }
    }
}

impl Settings {
    /// Reads the settings file of this user; the defaults where there is none.
    ///
    /// # Errors
    /// Where the file is there and cannot be read or understood.
    pub fn load() -> Result<Self, ConfigError> {
        let settings =
            settings_path().map_or_else(|_| Ok(Self::default()), |path| Self::read(&path))?;
        Ok(Self {
            templates_folder: templates_folder().ok(),
            ..settings
        })
    }

    /// Reads the settings file at `path`; the defaults where there is none.
    ///
    /// # Errors
    /// Where the file is there and cannot be read or understood.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => {
                return Err(ConfigError::Read {
                    path: path.to_owned(),
                    source,
                });
            }
        };
        toml::from_str(&text).map_err(|e| ConfigError::Invalid {
            path: path.to_owned(),
            message: {
                let line = e
                    .span()
                    .map_or(0, |at| text[..at.start].lines().count().max(1));
                let line =
                    line + usize::from(e.span().is_some_and(|at| text[..at.start].ends_with('\n')));
                format!("line {line}: {}", e.message().replace('\n', " "))
            },
        })
    }
}

/// The settings file: `bridgelog/config.toml` in the user's configuration folder.
///
/// # Errors
/// Where there is no home folder.
pub fn settings_path() -> Result<PathBuf, ConfigError> {
    let base = choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
    Ok(base.config_dir().join("bridgelog/config.toml"))
}

/// The user's own templates: `bridgelog/templates` in the user's configuration folder.
///
/// # Errors
/// Where there is no home folder.
pub fn templates_folder() -> Result<PathBuf, ConfigError> {
    let base = choose_base_strategy().map_err(|_| ConfigError::NoHome)?;
    Ok(base.config_dir().join("bridgelog/templates"))
}

/// The log book where none is named: `bridgelog/bridgelog.db` in the user's data folder.
///
/// # Errors
/// Where there is no home folder.
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
    }
}
