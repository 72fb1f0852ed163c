//! What a database answers when it refuses, as an error of a hub.

use super::settings::Settings;
use crate::{
    domain::white_space::fold_white_space,
    hub::{HubError, HubErrorKind},
};
use std::{error::Error, io, time::Duration};
use tokio_postgres::error::DbError;

/// Why a connection gave no answer.
#[derive(Debug)]
pub(super) enum Failure {
    Client(tokio_postgres::Error),
    /// The server ended the connection.
    Closed,
    /// The server did not answer for so long.
    TimedOut(Duration),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        if error.is_closed() {
            Self::Closed
        } else {
            Self::Client(error)
        }
    }
}

/// What a user can do while a hub cannot be reached.
const UNREACHABLE_HINT: &str =
    "what is logged meanwhile stays here, and is sent when the hub can be reached";

impl Failure {
    /// True if the connection can be used no longer.
    pub fn ends_connection(&self) -> bool {
        match self {
            Self::Client(error) => error
                .as_db_error()
                .is_none_or(|error| kind_of(error.code().code()) == HubErrorKind::Unreachable),
            Self::Closed | Self::TimedOut(_) => true,
        }
    }

    /// True if the server or the way to it ended the connection: another one may do.
    pub fn is_lost_connection(&self) -> bool {
        match self {
            Self::Client(error) => match error.as_db_error() {
                // The server was stopped or started meanwhile, or an administrator ended the connection.
                Some(refusal) => refusal.code().code().starts_with("57P"),
                None => find::<io::Error>(error).is_some(),
            },
            Self::Closed => true,
            Self::TimedOut(_) => false,
        }
    }

    /// Says it in one line that names the hub.
    pub fn into_error(self, settings: &Settings) -> HubError {
        let name = &settings.name;
        let unreachable = |why: String| {
            HubError::new(
                HubErrorKind::Unreachable,
                format!("cannot reach {name}: {why}"),
            )
            .with_hint(UNREACHABLE_HINT)
        };
        match self {
            Self::Closed => unreachable("the server ended the connection".into()),
            Self::TimedOut(limit) => unreachable(format!("no answer within {} s", limit.as_secs())),
            Self::Client(error) => {
                if let Some(refusal) = error.as_db_error() {
                    return from_server(refusal, settings).with_source(error);
                }
                if let Some(tls) = find::<rustls::Error>(&error) {
                    return from_tls(tls, settings).with_source(error);
                }
                let cause = innermost(&error);
                let error_of = |kind, hint: &str| {
                    HubError::new(kind, format!("cannot use {name}: {cause}")).with_hint(hint)
                };
                if find::<io::Error>(&error).is_some() {
                    unreachable(cause)
                } else if cause.contains("does not support TLS") {
                    error_of(
                        HubErrorKind::Failed,
                        "switch TLS on at the server, or write sslmode=disable in the URL if nobody can listen on the way",
                    )
                } else if cause.contains("password") || cause.contains("authentication") {
                    error_of(HubErrorKind::Refused, &password_hint(settings))
                } else {
                    HubError::new(HubErrorKind::Failed, format!("{name}: {cause}"))
                }
                .with_source(error)
            }
        }
    }
}

/// Returns the kind of an error by its SQLSTATE.
fn kind_of(code: &str) -> HubErrorKind {
    match code {
        // Serialization failures and deadlocks, a lock or an answer that takes too long.
        "40001" | "40P01" | "55P03" | "57014" | "25P03" => HubErrorKind::Unreachable,
        "42501" | "25006" => HubErrorKind::Refused,
        "3D000" | "3F000" | "42P01" | "42883" => HubErrorKind::Missing,
        // Connections, resources such as the number of connections, and a server that stops or starts.
        code if ["08", "53", "57P", "58"]
            .iter()
            .any(|class| code.starts_with(class)) =>
        {
            HubErrorKind::Unreachable
        }
        code if code.starts_with("28") => HubErrorKind::Refused,
        _ => HubErrorKind::Failed,
    }
}

fn from_server(refusal: &DbError, settings: &Settings) -> HubError {
    let name = &settings.name;
    let kind = kind_of(refusal.code().code());
    let mut words = refusal.message().to_owned();
    if let Some(detail) = refusal.detail() {
        words = format!("{words} ({detail})");
    }
    let words = fold_white_space(&words);
    let (what, hint) = match (kind, refusal.code().code()) {
        (HubErrorKind::Unreachable, _) => ("cannot reach", UNREACHABLE_HINT.to_owned()),
        (HubErrorKind::Missing, "3D000") => (
            "there is no database",
            format!("make it first: `createdb {}`", settings.database),
        ),
        (HubErrorKind::Missing, _) => ("there is no hub yet in", init_hint(settings)),
        (HubErrorKind::Refused, "42501") => (
            "a right is missing at",
            format!(
                "have the owner of the database grant it: `GRANT bridgelog_writer TO {}`",
                quote_identifier(&settings.user)
            ),
        ),
        (HubErrorKind::Refused, "25006") => (
            "cannot write to",
            "it is a read-only copy: name all servers, and write target_session_attrs=read-write in the URL".into(),
        ),
        (HubErrorKind::Refused, _) => ("not let in to", password_hint(settings)),
        _ => {
            let message = format!("{name} answers: {words}");
            return HubError::new(kind, message);
        }
    };
    HubError::new(kind, format!("{what} {name}: {words}")).with_hint(hint)
}

pub(super) fn init_hint(settings: &Settings) -> String {
    format!("make it one: `bridgelog hub init '{}'`", settings.url())
}

/// Returns `name` as SQL has it.
pub(super) fn quote_identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn password_hint(settings: &Settings) -> String {
    let hint = "give the password in PGPASSWORD, ~/.pgpass, a service file or the URL";
    match (&settings.passfile_problem, &settings.password) {
        (Some(problem), _) => problem.clone(),
        (None, None) => format!("no password was given; {hint}"),
        (None, Some(_)) => format!("check the user and the password; {hint}"),
    }
}

fn from_tls(error: &rustls::Error, settings: &Settings) -> HubError {
    use rustls::{CertificateError as Wrong, Error::InvalidCertificate};
    let hint = match error {
        InvalidCertificate(Wrong::NotValidForName | Wrong::NotValidForNameContext { .. }) => {
            "the certificate is for another name: write the name that it has in the URL"
        }
        InvalidCertificate(Wrong::Expired | Wrong::ExpiredContext { .. }) => {
            "have the server's certificate renewed, and check the clock here"
        }
        InvalidCertificate(_) => {
            "if it is your own authority, name its certificate: sslrootcert=FILE in the URL"
        }
        _ => "the server and this program have no way of encryption in common",
    };
    HubError::new(
        HubErrorKind::Failed,
        format!("cannot trust {}: {error}", settings.name),
    )
    .with_hint(hint)
}

/// Finds an error of a type in the chain of causes, also inside of an [`io::Error`].
fn find<'a, T: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        let inner = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| inner.downcast_ref()) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut last = error;
    while let Some(cause) = last.source() {
        last = cause;
    }
    last.to_string()
}
