//! How to reach a database and as whom: from the URL, else from a service, else from the variables that
//! PostgreSQL's own programs heed, else from what is usual.

use super::{
    address::{Address, invalid},
    passfile, service_file,
};
use crate::hub::{HubError, HubErrorKind};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio_postgres::config::{ChannelBinding, TargetSessionAttrs};

/// The environment: returns the value of a variable.
pub type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// How to reach a database and as whom. It has no `Debug`: it holds a password.
pub(super) struct Settings {
    /// The database as a person knows it: a URL without its password.
    pub name: String,
    /// Host names, addresses, or folders of sockets, each with its port. At least one.
    pub hosts: Vec<(String, u16)>,
    pub user: String,
    pub database: String,
    pub password: Option<String>,
    /// Why the file of passwords was not read.
    pub passfile_problem: Option<String>,
    pub encryption: Encryption,
    pub connect_timeout: Duration,
    pub application_name: String,
    pub options: Option<String>,
    pub target: TargetSessionAttrs,
    pub channel_binding: ChannelBinding,
}

/// How a connection is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Encryption {
    /// Not at all: a socket of this machine, or `sslmode=disable`.
    None,
    /// Encrypted, but any server that answers is accepted: `sslmode=require`.
    Unverified,
    /// Encrypted, and the server proves its name: by a certificate of the authorities in `roots`, or of those
    /// that the system trusts.
    Verified { roots: Option<PathBuf> },
}

impl fmt::Display for Encryption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("not encrypted"),
            Self::Unverified => f.write_str("encrypted, the server's certificate not verified"),
            Self::Verified { roots: None } => {
                f.write_str("encrypted, the server's certificate verified")
            }
            Self::Verified { roots: Some(file) } => write!(
                f,
                "encrypted, the server's certificate verified against {}",
                file.display()
            ),
        }
    }
}

/// Where a server on this machine has its socket.
const SOCKET_FOLDERS: [&str; 2] = ["/var/run/postgresql", "/tmp"];

const DEFAULT_PORT: u16 = 5432;

/// What is written as `%XX` in the query of a URL, and could end the quotes around it in a shell.
const IN_QUERY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'+')
    .add(b'\'');

/// Each parameter with the variable that stands for it.
const VARIABLES: [(&str, &str); 12] = [
    ("application_name", "PGAPPNAME"),
    ("channel_binding", "PGCHANNELBINDING"),
    ("connect_timeout", "PGCONNECT_TIMEOUT"),
    ("dbname", "PGDATABASE"),
    ("host", "PGHOST"),
    ("options", "PGOPTIONS"),
    ("password", "PGPASSWORD"),
    ("port", "PGPORT"),
    ("sslmode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("target_session_attrs", "PGTARGETSESSIONATTRS"),
    ("user", "PGUSER"),
];

impl Settings {
    /// Resolves `url`.
    ///
    /// # Errors
    /// The URL, the service or a variable cannot be understood. No error shows a password.
    pub fn resolve(url: &str, variables: Variables<'_>) -> Result<Self, HubError> {
        let variable = |name: &str| variables(name).filter(|value| !value.is_empty());
        let home = variable("HOME").map(PathBuf::from);
        let address = complete(url, &variable, home.as_deref())?;
        let get = |name: &str| address.get(name).map(str::to_owned);
        let user = get("user")
            .or_else(|| variable("USER"))
            .or_else(|| variable("LOGNAME"))
            .ok_or_else(|| invalid(url, "names no user, and neither PGUSER nor USER is set"))?;
        let database = get("dbname").unwrap_or_else(|| user.clone());
        let hosts = hosts(url, &address)?;
        let encryption = encryption(url, &address, &hosts)?;
        let connect_timeout = match get("connect_timeout") {
            None => 5,
            Some(seconds) => seconds
                .parse()
                .ok()
                .filter(|seconds| (1..=600).contains(seconds))
                .ok_or_else(|| invalid(url, "has a connect_timeout that is not 1 to 600 s"))?,
        };
        let target = match get("target_session_attrs").as_deref() {
            None | Some("any") => TargetSessionAttrs::Any,
            Some("read-write" | "primary") => TargetSessionAttrs::ReadWrite,
            Some("read-only" | "standby") => TargetSessionAttrs::ReadOnly,
            Some(_) => {
                return Err(invalid(
                    url,
                    "has a target_session_attrs that is not any, read-write or read-only",
                ));
            }
        };
        let channel_binding = match get("channel_binding").as_deref() {
            None | Some("prefer") => ChannelBinding::Prefer,
            Some("disable") => ChannelBinding::Disable,
            Some("require") => ChannelBinding::Require,
            Some(_) => {
                return Err(invalid(
                    url,
                    "has a channel_binding that is not disable, prefer or require",
                ));
            }
        };
        let mut settings = Self {
            name: display_name(&user, &hosts, &database),
            password: get("password"),
            passfile_problem: None,
            application_name: get("application_name").unwrap_or_else(|| "bridgelog".into()),
            options: get("options"),
            hosts,
            user,
            database,
            encryption,
            connect_timeout: Duration::from_secs(connect_timeout),
            target,
            channel_binding,
        };
        if settings.password.is_none() {
            let file = get("passfile")
                .or_else(|| variable("PGPASSFILE"))
                .map(PathBuf::from)
                .or_else(|| home.map(|home| home.join(".pgpass")));
            settings.find_password(file.as_deref());
        }
        Ok(settings)
    }

    /// Returns a URL of the same database with the same encryption, without a password.
    pub fn url(&self) -> String {
        let is_local = self.hosts.iter().all(|(host, _)| is_local(host));
        let query = match &self.encryption {
            Encryption::None if is_local => "",
            Encryption::None => "?sslmode=disable",
            Encryption::Unverified => "?sslmode=require",
            Encryption::Verified { roots: None } if is_local => "?sslmode=verify-full",
            Encryption::Verified { roots: None } => "",
            Encryption::Verified { roots: Some(file) } => {
                let file = file.to_string_lossy();
                let file = utf8_percent_encode(&file, IN_QUERY);
                return format!("{}?sslrootcert={file}", self.name);
            }
        };
        format!("{}{query}", self.name)
    }

    /// Looks for the password in `file`.
    fn find_password(&mut self, file: Option<&Path>) {
        let Some(file) = file else { return };
        for (host, port) in &self.hosts {
            let is_usual_socket = SOCKET_FOLDERS.contains(&host.as_str());
            let host = if is_usual_socket { "localhost" } else { host };
            match passfile::find(file, host, *port, &self.database, &self.user) {
                Ok(None) => {}
                Ok(password) => {
                    self.password = password;
                    return;
                }
                Err(problem) => {
                    self.passfile_problem = Some(problem);
                    return;
                }
            }
        }
    }
}

/// Adds to what `url` says what its service and the variables say.
fn complete(
    url: &str,
    variable: &dyn Fn(&str) -> Option<String>,
    home: Option<&Path>,
) -> Result<Address, HubError> {
    let mut address = Address::parse(url)?;
    let service = address.get("service").map(str::to_owned);
    if let Some(service) = service.or_else(|| variable("PGSERVICE")) {
        let file = variable("PGSERVICEFILE")
            .map(PathBuf::from)
            .or_else(|| home.map(|home| home.join(".pg_service.conf")))
            .unwrap_or_default();
        let failed = |message| HubError::new(HubErrorKind::Failed, message);
        let found = service_file::find(&file, &service).map_err(failed)?;
        let Some(found) = found else {
            return Err(failed(format!(
                "{} has no service [{service}]",
                file.display()
            )));
        };
        for (name, value) in found {
            address.parameters.entry(name).or_insert(value);
        }
    }
    for (name, of) in VARIABLES {
        if let Some(value) = variable(of) {
            let parameters = &mut address.parameters;
            parameters.entry(name.to_owned()).or_insert(value);
        }
    }
    Ok(address)
}

/// Returns the hosts with their ports; without any, the socket of this machine or else `localhost`.
fn hosts(url: &str, address: &Address) -> Result<Vec<(String, u16)>, HubError> {
    let mut ports = Vec::new();
    for port in address.get("port").unwrap_or_default().split(',') {
        let port = match port {
            "" => DEFAULT_PORT,
            port => port
                .parse()
                .map_err(|_| invalid(url, "has a port that is not 1 to 65535"))?,
        };
        ports.push(port);
    }
    let first = *ports.first().unwrap_or(&DEFAULT_PORT);
    let names: Vec<String> = match address.get("host") {
        Some(hosts) => hosts.split(',').map(str::to_owned).collect(),
        None => vec![local_host(first)],
    };
    if names.iter().any(String::is_empty) {
        return Err(invalid(url, "has an empty host in its list"));
    }
    if ports.len() == 1 {
        ports.resize(names.len(), first);
    }
    if ports.len() != names.len() {
        return Err(invalid(url, "has a different number of ports than hosts"));
    }
    Ok(names.into_iter().zip(ports).collect())
}

fn local_host(port: u16) -> String {
    let has_socket = |folder: &&str| Path::new(folder).join(format!(".s.PGSQL.{port}")).exists();
    let folder = SOCKET_FOLDERS.iter().copied().find(has_socket);
    folder.unwrap_or("localhost").to_owned()
}

/// True if a connection to `host` does not leave this machine.
fn is_local(host: &str) -> bool {
    let is_loopback = || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    is_socket(host) || host == "localhost" || is_loopback()
}

pub(super) fn is_socket(host: &str) -> bool {
    host.starts_with('/')
}

fn encryption(
    url: &str,
    address: &Address,
    hosts: &[(String, u16)],
) -> Result<Encryption, HubError> {
    let roots = address
        .get("sslrootcert")
        .filter(|file| *file != "system")
        .map(PathBuf::from);
    let all = |test: fn(&str) -> bool| hosts.iter().all(|(host, _)| test(host));
    // What goes through a socket of this machine is never encrypted.
    if all(is_socket) {
        return Ok(Encryption::None);
    }
    match address.get("sslmode") {
        None if all(is_local) && roots.is_none() => Ok(Encryption::None),
        None | Some("verify-full" | "verify-ca") => Ok(Encryption::Verified { roots }),
        Some("disable") => Ok(Encryption::None),
        Some("require") => Ok(Encryption::Unverified),
        Some("prefer" | "allow") => Err(HubError::new(
            HubErrorKind::Failed,
            format!(
                "sslmode {} would fall back to no encryption without a word",
                address.get("sslmode").unwrap_or_default()
            ),
        )
        .with_hint(
            "use sslmode=verify-full, require (encrypted, not verified) or disable; in the URL, the service or PGSSLMODE",
        )),
        Some(_) => Err(invalid(
            url,
            "has an sslmode that is not verify-full, verify-ca, require or disable",
        )),
    }
}

fn display_name(user: &str, hosts: &[(String, u16)], database: &str) -> String {
    let mut shown = Vec::new();
    for (host, port) in hosts {
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.replace('/', "%2F")
        };
        shown.push(match *port {
            DEFAULT_PORT => host,
            port => format!("{host}:{port}"),
        });
    }
    format!("postgres://{user}@{}/{database}", shown.join(","))
}

#[cfg(test)]
mod tests;
