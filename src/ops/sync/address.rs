//! Where a hub is: the path of a directory, or the URL of a PostgreSQL database.

use super::super::{OpsError, Result};
use crate::{
    config::without_password,
    domain::sanitize,
    hub::{Hub, directory::DirectoryHub},
};
use std::{fmt, path::PathBuf};

/// What a URL of PostgreSQL begins with.
const POSTGRES_SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// Where a hub is.
#[derive(Clone, PartialEq, Eq)]
pub enum HubAddress {
    Directory(PathBuf),
    /// A URL, perhaps with a password: never shown as it is.
    Postgres(String),
}

impl fmt::Debug for HubAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl HubAddress {
    /// Reads what the settings or the environment say. A path may begin with `~/`.
    ///
    /// # Errors
    /// It is empty, or the URL of something else.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Err(OpsError::usage("the hub is empty").with_hint(FORMS));
        }
        if POSTGRES_SCHEMES
            .iter()
            .any(|scheme| text.starts_with(scheme))
        {
            return Ok(Self::Postgres(text.to_owned()));
        }
        if let Some((scheme, _)) = text.split_once("://") {
            return Err(OpsError::usage(format!(
                "`{}://` is no hub that Bridgelog knows",
                sanitize::line(scheme)
            ))
            .with_hint(FORMS));
        }
        let home = std::env::home_dir();
        let path = match (text.strip_prefix("~/"), home) {
            (Some(rest), Some(home)) => home.join(rest),
            _ => PathBuf::from(text),
        };
        Ok(Self::Directory(path))
    }

    /// Reads what was typed as an argument: every process of the machine can read it, so a password in it is
    /// refused.
    ///
    /// # Errors
    /// Those of [`HubAddress::parse`]; a URL with a password.
    pub fn parse_argument(text: &str) -> Result<Self> {
        let address = Self::parse(text)?;
        if let Self::Postgres(url) = &address
            && without_password(url) != *url
        {
            return Err(OpsError::usage(
                "a password on the command line can be read by every program of this machine",
            )
            .with_hint(
                "leave it out of the URL, and put it into ~/.pgpass or PGPASSWORD; or write the whole URL into \
                 the setting `hub` or into BRIDGELOG_HUB",
            ));
        }
        Ok(address)
    }

    /// Returns it without a password, to show it.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Self::Directory(path) => path.display().to_string(),
            Self::Postgres(url) => postgres::name(url).unwrap_or_else(|| without_password(url)),
        }
    }

    /// Opens the hub.
    ///
    /// # Errors
    /// Those of the hub.
    pub fn open(&self) -> Result<Box<dyn Hub + Send>> {
        match self {
            Self::Directory(path) => Ok(Box::new(DirectoryHub::open(path)?)),
            Self::Postgres(url) => postgres::open(url),
        }
    }
}

const FORMS: &str =
    "a hub is a directory, or a URL such as postgres://bridgelog@db.example/bridgelog";

/// Makes the PostgreSQL database at `url` a hub, and lets the role `grant` sync. Returns false if it was one.
///
/// # Errors
/// Those of the hub.
pub fn init_postgres(url: &str, grant: Option<&str>) -> Result<bool> {
    postgres::init(url, grant)
}

/// Returns the SQL of [`init_postgres`].
///
/// # Errors
/// This program was built without PostgreSQL.
pub fn init_sql(grant: Option<&str>) -> Result<String> {
    postgres::init_sql(grant)
}

#[cfg(feature = "hub")]
mod postgres {
    use super::{Hub, Result};
    use crate::{config::environment::variable, hub::postgres::PostgresHub};

    pub(super) fn name(url: &str) -> Option<String> {
        PostgresHub::name_of(url, &variable).ok()
    }

    pub(super) fn open(url: &str) -> Result<Box<dyn Hub + Send>> {
        Ok(Box::new(PostgresHub::open(url, &variable)?))
    }

    pub(super) fn init(url: &str, grant: Option<&str>) -> Result<bool> {
        Ok(PostgresHub::init(url, &variable, grant)?.is_new)
    }

    pub(super) fn init_sql(grant: Option<&str>) -> Result<String> {
        Ok(crate::hub::postgres::init_sql(grant))
    }
}

#[cfg(not(feature = "hub"))]
mod postgres {
    use super::{Hub, OpsError, Result};

    pub(super) fn name(_url: &str) -> Option<String> {
        None
    }

    pub(super) fn open(_url: &str) -> Result<Box<dyn Hub + Send>> {
        Err(without_postgres())
    }

    pub(super) fn init(_url: &str, _grant: Option<&str>) -> Result<bool> {
        Err(without_postgres())
    }

    pub(super) fn init_sql(_grant: Option<&str>) -> Result<String> {
        Err(without_postgres())
    }

    fn without_postgres() -> OpsError {
        OpsError::failed("this program was built without PostgreSQL").with_hint(
            "a directory can be the hub; or build it with the feature `hub`, which is on by default",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn password_in_an_argument_is_refused_and_never_shown() {
        for url in [
            "postgres://ann:hunter2@db.example/log",
            "postgresql://ann:hunter2@db.example",
            "postgres://db.example/log?password=hunter2",
            "postgres://db.example/log?sslmode=require&password=hunter2",
        ] {
            let error = HubAddress::parse_argument(url).unwrap_err();
            assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
            assert!(HubAddress::parse(url).is_ok());
        }
        for url in [
            "postgres://ann@db.example:5432/log",
            "postgres:///log?host=/run/postgresql",
            "postgres://[::1]:5432/log",
        ] {
            assert!(HubAddress::parse_argument(url).is_ok(), "{url}");
        }
    }

    #[test]
    fn address_of_something_else_is_refused() {
        for text in ["", "  ", "mysql://db", "https://example.org/hub"] {
            assert!(HubAddress::parse(text).is_err(), "{text}");
        }
        assert_eq!(
            HubAddress::parse("/mnt/hub").unwrap(),
            HubAddress::Directory("/mnt/hub".into())
        );
    }
}
