//! Where a PostgreSQL server is and how it is spoken to: the URL, and where it is silent, a service file, the
//! environment and the password file, as libpq takes them
//! (PostgreSQL 15, "Database Connection Control Functions", "The Password File", "The Connection Service File").

use super::super::{HubError, HubErrorKind};
use postgres::{
    Config,
    config::{Host, SslMode},
};
use std::{
    collections::BTreeMap,
    fs, io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    time::Duration,
};

const DEFAULT_PORT: u16 = 5432;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// A server that does not answer is given up after about so long.
const SILENCE_TIMEOUT: Duration = Duration::from_secs(15);

/// How the connection is protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Protection {
    /// None: the server is on this machine, or the user wants none.
    Plain,
    /// Encrypted, without checking who answers.
    Unchecked,
    /// Encrypted, with the name and the certificate of the server checked: by the authorities of the system, or by
    /// those in a file (PEM).
    Checked { authorities: Option<PathBuf> },
}

/// All that is needed to connect.
pub struct Connection {
    pub config: Config,
    pub protection: Protection,
}

/// Reads the environment: the value of a variable, if it is set and not empty.
pub type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// The process's own environment.
#[must_use]
pub fn process_environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Connection {
    /// Reads `url`; `name` is the same without a password.
    ///
    /// # Errors
    /// Something in it cannot be understood, or a file that it needs cannot be read. The text of an error has no
    /// password in it.
    pub fn parse(url: &str, name: &str, environment: Environment<'_>) -> Result<Self, HubError> {
        let (bare, mut parameters) = split_parameters(url)?;
        let service = parameters
            .remove("service")
            .or_else(|| environment("PGSERVICE"));
        let service = match service {
            Some(service) => read_service(&service, environment)?,
            None => BTreeMap::new(),
        };
        let find = |parameter: &str, variable: &str| {
            service
                .get(parameter)
                .cloned()
                .or_else(|| environment(variable))
        };
        let mode = parameters
            .remove("sslmode")
            .or_else(|| find("sslmode", "PGSSLMODE"));
        let authorities = parameters
            .remove("sslrootcert")
            .or_else(|| find("sslrootcert", "PGSSLROOTCERT"))
            .filter(|file| file != "system")
            .map(PathBuf::from);
        let passfile = parameters
            .remove("passfile")
            .or_else(|| find("passfile", "PGPASSFILE"));
        let mut config: Config = join_parameters(&bare, &parameters)
            .parse()
            .map_err(|error: postgres::Error| bad_url(name, &error.to_string()))?;
        if config.get_hosts().is_empty() {
            let host = find("host", "PGHOST").unwrap_or_else(default_host);
            config.host(&host);
        }
        if config.get_ports().is_empty()
            && let Some(port) = find("port", "PGPORT")
        {
            let port = port
                .parse()
                .map_err(|_| bad_url(name, &format!("`{port}` is not a port")))?;
            config.port(port);
        }
        if config.get_user().is_none() {
            let user = find("user", "PGUSER")
                .or_else(|| environment("USER"))
                .or_else(|| environment("LOGNAME"))
                .ok_or_else(|| bad_url(name, "it names no user"))?;
            config.user(&user);
        }
        if config.get_dbname().is_none() {
            let database = find("dbname", "PGDATABASE");
            let database = database.or_else(|| config.get_user().map(str::to_owned));
            config.dbname(&database.unwrap_or_default());
        }
        if config.get_password().is_none() {
            let password = match find("password", "PGPASSWORD") {
                Some(password) => Some(password),
                None => password_in_file(&config, passfile.as_deref(), environment)?,
            };
            if let Some(password) = password {
                config.password(password);
            }
        }
        let protection = protection(mode.as_deref(), authorities, &config, name)?;
        config.ssl_mode(match protection {
            Protection::Plain => SslMode::Disable,
            Protection::Unchecked | Protection::Checked { .. } => SslMode::Require,
        });
        config
            .application_name("bridgelog")
            .keepalives_idle(SILENCE_TIMEOUT / 3)
            .keepalives_interval(SILENCE_TIMEOUT / 3)
            .keepalives_retries(2)
            .tcp_user_timeout(SILENCE_TIMEOUT);
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT_TIMEOUT);
        }
        Ok(Self { config, protection })
    }
}

fn bad_url(name: &str, why: &str) -> HubError {
    HubError::new(
        HubErrorKind::Failed,
        format!("the URL `{name}` is not understood: {why}"),
    )
    .with_hint(
        "postgres://USER@HOST:PORT/DATABASE, such as postgres://bridgelog@db.example/bridgelog",
    )
}

/// Splits the parameters from `url`, decoded.
fn split_parameters(url: &str) -> Result<(String, BTreeMap<String, String>), HubError> {
    let Some((bare, query)) = url.split_once('?') else {
        return Ok((url.to_owned(), BTreeMap::new()));
    };
    let mut parameters = BTreeMap::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = decode(value).ok_or_else(|| {
            HubError::new(
                HubErrorKind::Failed,
                format!("the parameter `{name}` of the hub's URL is not understood"),
            )
            .with_hint("a percent sign stands before two hexadecimal digits: %25 is one")
        })?;
        parameters.insert(name.to_owned(), value);
    }
    Ok((bare.to_owned(), parameters))
}

fn join_parameters(bare: &str, parameters: &BTreeMap<String, String>) -> String {
    let encode = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => {
                    char::from(byte).to_string()
                }
                other => format!("%{other:02X}"),
            })
            .collect()
    };
    let pairs: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    match pairs.is_empty() {
        true => bare.to_owned(),
        false => format!("{bare}?{}", pairs.join("&")),
    }
}

/// Decodes `%2F` and the like (RFC 3986, section 2.1).
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digits = [rest.next()?, rest.next()?];
        let digits = std::str::from_utf8(&digits).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// The folder of the server's Unix socket where there is one, else this machine.
fn default_host() -> String {
    ["/var/run/postgresql", "/run/postgresql", "/tmp"]
        .into_iter()
        .find(|folder| {
            Path::new(folder)
                .join(format!(".s.PGSQL.{DEFAULT_PORT}"))
                .exists()
        })
        .unwrap_or("localhost")
        .to_owned()
}

/// True if `host` is this machine.
fn is_local(host: &Host) -> bool {
    match host {
        Host::Unix(_) => true,
        Host::Tcp(name) => {
            name == "localhost"
                || name
                    .trim_matches(['[', ']'])
                    .parse::<std::net::IpAddr>()
                    .is_ok_and(|address| address.is_loopback())
        }
    }
}

fn protection(
    mode: Option<&str>,
    authorities: Option<PathBuf>,
    config: &Config,
    name: &str,
) -> Result<Protection, HubError> {
    Ok(match mode {
        Some("disable") => Protection::Plain,
        Some("require") if authorities.is_none() => Protection::Unchecked,
        Some("require" | "verify-ca" | "verify-full") => Protection::Checked { authorities },
        None if config.get_hosts().iter().all(is_local) && authorities.is_none() => {
            Protection::Plain
        }
        None => Protection::Checked { authorities },
        Some(other) => {
            return Err(
                bad_url(name, &format!("sslmode={other} protects nothing")).with_hint(
                    "leave it out to have the server checked; sslmode=disable goes without TLS",
                ),
            );
        }
    })
}

fn home(environment: Environment<'_>) -> Option<PathBuf> {
    environment("HOME").map(PathBuf::from)
}

fn unreadable(path: &Path, error: io::Error) -> HubError {
    HubError::new(
        HubErrorKind::Failed,
        format!("{} cannot be read", path.display()),
    )
    .with_source(error)
}

/// Reads the parameters of `service`: the lines below `[service]`.
fn read_service(
    service: &str,
    environment: Environment<'_>,
) -> Result<BTreeMap<String, String>, HubError> {
    let path = environment("PGSERVICEFILE")
        .map(PathBuf::from)
        .or_else(|| Some(home(environment)?.join(".pg_service.conf")))
        .unwrap_or_default();
    let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
    let mut parameters = BTreeMap::new();
    let mut is_wanted = false;
    let mut is_found = false;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            is_wanted = name == service;
            is_found |= is_wanted;
        } else if let (true, false, Some((name, value))) =
            (is_wanted, line.starts_with('#'), line.split_once('='))
        {
            parameters.insert(name.trim().to_owned(), value.trim().to_owned());
        }
    }
    if !is_found {
        return Err(HubError::new(
            HubErrorKind::Failed,
            format!("there is no service `{service}` in {}", path.display()),
        ));
    }
    Ok(parameters)
}

/// Looks for the password in the password file: lines `HOST:PORT:DATABASE:USER:PASSWORD`, `*` for any, a backslash
/// before a colon or a backslash.
fn password_in_file(
    config: &Config,
    passfile: Option<&str>,
    environment: Environment<'_>,
) -> Result<Option<String>, HubError> {
    let (path, is_named) = match (passfile, home(environment)) {
        (Some(path), _) => (PathBuf::from(path), true),
        (None, Some(home)) => (home.join(".pgpass"), false),
        (None, None) => return Ok(None),
    };
    let about = match fs::metadata(&path) {
        Ok(about) => about,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_named => return Ok(None),
        Err(error) => return Err(unreadable(&path, error)),
    };
    if about.permissions().mode() & 0o077 != 0 {
        return Err(HubError::new(
            HubErrorKind::Failed,
            format!(
                "{} can be read by others, so the passwords in it are not used",
                path.display()
            ),
        )
        .with_hint(format!("`chmod 600 {}`", path.display())));
    }
    let text = fs::read_to_string(&path).map_err(|error| unreadable(&path, error))?;
    let host = match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        _ => "localhost".to_owned(),
    };
    let port = config.get_ports().first().unwrap_or(&DEFAULT_PORT);
    let wanted = [
        host,
        port.to_string(),
        config.get_dbname().unwrap_or_default().to_owned(),
        config.get_user().unwrap_or_default().to_owned(),
    ];
    let found = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(split_fields)
        .find(|fields| {
            fields.len() == 5
                && fields
                    .iter()
                    .zip(&wanted)
                    .all(|(field, wanted)| field == "*" || field == wanted)
        });
    Ok(found.and_then(|fields| fields.into_iter().nth(4)))
}

fn split_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match (character, fields.len(), fields.last_mut()) {
            ('\\', _, Some(field)) => field.extend(characters.next()),
            // The password is the rest of the line.
            (':', ..=4, _) => fields.push(String::new()),
            (other, _, Some(field)) => field.push(other),
            (_, _, None) => {}
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    fn parse(url: &str, variables: &[(&str, &str)]) -> Result<Connection, HubError> {
        let variables: BTreeMap<String, String> = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Connection::parse(url, "the hub", &|name| variables.get(name).cloned())
    }

    fn password(connection: &Connection) -> Option<String> {
        let bytes = connection.config.get_password()?;
        Some(String::from_utf8(bytes.to_vec()).unwrap())
    }

    #[test]
    fn server_elsewhere_is_checked_unless_told_otherwise() {
        let protection = |url: &str| parse(url, &[("USER", "ann")]).unwrap().protection;
        let checked = Protection::Checked { authorities: None };
        assert_eq!(protection("postgres://db.example/log"), checked);
        assert_eq!(
            protection("postgres://db.example/log?sslmode=verify-full"),
            checked
        );
        assert_eq!(
            protection("postgres://db.example/log?sslmode=verify-ca"),
            checked
        );
        assert_eq!(
            protection("postgres://db.example/log?sslrootcert=/etc/own%20ca.pem"),
            Protection::Checked {
                authorities: Some("/etc/own ca.pem".into())
            }
        );
        assert_eq!(
            protection("postgres://db.example/log?sslmode=require"),
            Protection::Unchecked
        );
        assert_eq!(
            protection("postgres://db.example/log?sslmode=disable"),
            Protection::Plain
        );
        for local in [
            "postgres://localhost/log",
            "postgres://127.0.0.1/log",
            "postgres:///log?host=/tmp",
        ] {
            assert_eq!(protection(local), Protection::Plain, "{local}");
        }
        assert!(
            parse(
                "postgres://db.example/log?sslmode=prefer",
                &[("USER", "ann")]
            )
            .is_err()
        );
    }

    #[test]
    fn password_is_found_in_the_url_then_the_environment_then_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".pgpass");
        let mut file = fs::File::create(&path).unwrap();
        writeln!(
            file,
            "# comment\nother:*:*:*:wrong\ndb.example:5432:*:ann:se\\:cr\\\\et:too\n*:*:*:*:any"
        )
        .unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let home = folder.path().to_str().unwrap();
        let url = "postgres://ann@db.example/log";
        let found = parse(url, &[("HOME", home)]).unwrap();
        assert_eq!(password(&found).unwrap(), "se:cr\\et:too");
        let found = parse(url, &[("HOME", home), ("PGPASSWORD", "env")]).unwrap();
        assert_eq!(password(&found).unwrap(), "env");
        let found = parse(
            "postgres://ann:url@db.example/log",
            &[("HOME", home), ("PGPASSWORD", "env")],
        );
        assert_eq!(password(&found.unwrap()).unwrap(), "url");
        let found = parse("postgres://raj@elsewhere/log", &[("HOME", home)]).unwrap();
        assert_eq!(password(&found).unwrap(), "any");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let Err(error) = parse(url, &[("HOME", home)]) else {
            panic!("a file that others can read was used");
        };
        assert!(error.hint.unwrap().contains("chmod 600"));
    }

    #[test]
    fn service_file_gives_what_the_url_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("services");
        fs::write(&path, "[other]\nhost=wrong\n[team]\n# where\nhost=db.example\nport = 6000\nuser=kim\ndbname=log\npassword=pw\n").unwrap();
        let variables = [("PGSERVICEFILE", path.to_str().unwrap())];
        let found = parse("postgres://?service=team", &variables).unwrap();
        assert_eq!(found.config.get_hosts(), [Host::Tcp("db.example".into())]);
        assert_eq!(found.config.get_ports(), [6000]);
        assert_eq!(found.config.get_user(), Some("kim"));
        assert_eq!(password(&found).unwrap(), "pw");
        let found = parse("postgres://ann@db2.example/x?service=team", &variables).unwrap();
        assert_eq!(found.config.get_user(), Some("ann"));
        assert!(parse("postgres://?service=none", &variables).is_err());
    }

    #[test]
    fn error_never_has_the_password() {
        for url in [
            "postgres://ann:hunter2@db.example:port/log",
            "postgres://ann:hunter2@db.example/log?nonsense=1",
            "postgres://ann:hunter2@db.example/log?x=%zz",
            "postgres://ann:hunter2@db.example/log?sslmode=allow",
        ] {
            let Err(error) = parse(url, &[]) else {
                panic!("{url} was accepted");
            };
            assert!(
                !format!("{error:?}{error}").contains("hunter2"),
                "{error:?}"
            );
        }
    }
}
