//! Reads the URL of a database, which may carry a password that must never be shown.

use crate::hub::{HubError, HubErrorKind};
use percent_encoding::percent_decode_str;
use std::collections::BTreeMap;

/// What a URL says. What it leaves out comes from elsewhere.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// By the names that libpq gives them: `host`, `port`, `user`, `password`, `dbname`, and those of the query.
    /// `host` and `port` may be lists with commas.
    pub parameters: BTreeMap<String, String>,
}

/// The parameters that a URL or a service file may have.
const KNOWN: [&str; 15] = [
    "application_name",
    "channel_binding",
    "connect_timeout",
    "dbname",
    "gssencmode",
    "host",
    "options",
    "passfile",
    "password",
    "port",
    "service",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
    "user",
];

/// True if `name` is a parameter that is heeded, or that changes nothing here (`gssencmode`).
pub(super) fn is_known(name: &str) -> bool {
    KNOWN.contains(&name)
}

impl Address {
    /// Parses `postgres://USER:PASSWORD@HOST:PORT/DATABASE?NAME=VALUE&…`, of which each part may be missing.
    ///
    /// # Errors
    /// It is none, or it has a parameter that is not known.
    pub fn parse(url: &str) -> Result<Self, HubError> {
        let Some(rest) = without_scheme(url) else {
            return Err(invalid(url, "does not begin with postgres://"));
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, database) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, hosts) = match authority.rsplit_once('@') {
            Some((user, hosts)) => (Some(user), hosts),
            None => (None, authority),
        };
        if database.contains('@') || query.contains('@') {
            return Err(invalid(url, "has an @ after its first / or ?").with_hint(
                "in a user name or a password, write / as %2F, ? as %3F, # as %23, @ as %40 and % as %25",
            ));
        }
        let mut address = Self::default();
        let mut set = |name: &str, value: &str| -> Result<(), HubError> {
            let value = percent_decode_str(value)
                .decode_utf8()
                .map_err(|_| invalid(url, "has a % that no character in UTF-8 follows"))?;
            if !value.is_empty() {
                let parameters = &mut address.parameters;
                parameters.insert(name.to_owned(), value.into_owned());
            }
            Ok(())
        };
        if let Some(user) = user {
            let (user, password) = user.split_once(':').unwrap_or((user, ""));
            set("user", user)?;
            set("password", password)?;
        }
        let (hosts, ports) = split_ports(hosts);
        set("host", &hosts)?;
        set("port", &ports)?;
        set("dbname", database)?;
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            if !is_known(name) {
                return Err(
                    invalid(url, format!("has a parameter that is not known: {name}"))
                        .with_hint(format!("known ones: {}", KNOWN.join(", "))),
                );
            }
            set(name, value)?;
        }
        Ok(address)
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }
}

/// An error about `url`, which is shown without what may be a password.
pub(super) fn invalid(url: &str, what: impl std::fmt::Display) -> HubError {
    HubError::new(
        HubErrorKind::Failed,
        format!("the URL {} {what}", without_secrets(url)),
    )
    .with_hint("it is written postgres://USER@HOST/DATABASE")
}

/// Returns what can be shown of a URL that may be malformed: nothing before its last `@`, nothing of its query.
fn without_secrets(url: &str) -> String {
    let rest = without_scheme(url).unwrap_or(url);
    let shown = match rest.rsplit_once('@') {
        _ if rest.contains("password") => "…".to_owned(),
        Some((_, after)) => format!("…@{after}"),
        None => rest.to_owned(),
    };
    let shown = shown.split('?').next().unwrap_or_default();
    match without_scheme(url) {
        Some(_) => format!("postgres://{shown}"),
        None => shown.to_owned(),
    }
}

fn without_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("postgres://")
        .or_else(|| url.strip_prefix("postgresql://"))
}

/// Splits `a:1,[::1]:2` into `a,::1` and `1,2`. The ports are empty if none is given.
fn split_ports(hosts: &str) -> (String, String) {
    let mut names = Vec::new();
    let mut ports = Vec::new();
    for host in hosts.split(',') {
        let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((name, port)) => (name, port.strip_prefix(':').unwrap_or_default()),
            None => host.split_once(':').unwrap_or((host, "")),
        };
        names.push(name);
        ports.push(port);
    }
    let has_ports = ports.iter().any(|port| !port.is_empty());
    let ports = if has_ports {
        ports.join(",")
    } else {
        String::new()
    };
    (names.join(","), ports)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> Vec<(String, String)> {
        let address = Address::parse(url).unwrap();
        address.parameters.into_iter().collect()
    }

    #[test]
    fn url_parts_are_parameters() {
        let pairs = parse("postgres://ann:s%40fe@db.example:5433/book?sslmode=require");
        let expected = [
            ("dbname", "book"),
            ("host", "db.example"),
            ("password", "s@fe"),
            ("port", "5433"),
            ("sslmode", "require"),
            ("user", "ann"),
        ];
        assert_eq!(
            pairs,
            expected.map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert_eq!(
            parse("postgresql://[::1]:1,b/"),
            [("host", "::1,b"), ("port", "1,")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
        );
        assert_eq!(
            parse("postgres://u@%2Frun%2Fpg/d")[1],
            ("host".to_owned(), "/run/pg".to_owned())
        );
        assert!(parse("postgres://").is_empty());
    }

    #[test]
    fn password_with_an_at_sign_is_read_to_the_last_one() {
        let address = Address::parse("postgres://ann:s@fe@db/x").unwrap();
        assert_eq!(address.get("password"), Some("s@fe"));
        assert_eq!(address.get("host"), Some("db"));
    }

    #[test]
    fn errors_show_no_part_of_a_password() {
        for url in [
            "postgres://ann:hun/ter2@db/x",
            "postgres://ann:hun?ter2@db/x",
            "postgres://ann:hun/@ter2@db/x",
            "postgres://ann:hunter2@db/x?frob=1",
            "postgres://ann:hun%ffter2@db/x",
            "postgres://db/x?password=hunter2&frob=1",
            "postgres://db/x?password=hun@ter2",
            "mysql://ann:hunter2@db/x",
        ] {
            let error = Address::parse(url).err().unwrap_or_else(|| panic!("{url}"));
            let text = format!("{error} {:?} {error:?}", error.hint);
            for part in ["hun", "ter2"] {
                assert!(!text.contains(part), "{url}: {text}");
            }
        }
    }
}
