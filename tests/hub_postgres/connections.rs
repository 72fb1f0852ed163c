//! Whom a hub lets in, what is verified, and what is said where it cannot be reached.

use super::*;
use bridgelog::hub::{HubErrorKind, postgres::Encryption};
use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Opens with the right password, and returns how the connection is protected.
fn encryption(url: &str) -> Result<Encryption, HubError> {
    let mut hub = PostgresHub::open(url, &with_password)?;
    hub.status().map(|status| status.encryption)
}

/// Says an error as a user sees it, with all its causes.
fn said(error: &HubError) -> String {
    format!(
        "{error}\n{}\n{error:?}",
        error.hint.as_deref().unwrap_or_default()
    )
}

#[test]
fn certificate_is_verified_against_the_named_authority() {
    let database = hub();
    let ca = server().folder().join("ca.crt");
    let roots = |name: &str| format!("?sslrootcert={}", ca.with_file_name(name).display());
    let url = |host: &str, query: &str| database.tcp_url("postgres", host, query);
    assert_eq!(
        encryption(&url("localhost", &roots("ca.crt"))).unwrap(),
        Encryption::Verified {
            roots: Some(ca.clone())
        }
    );
    let error = encryption(&url("localhost", &roots("other.crt"))).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Failed);
    assert!(
        error.message.starts_with("cannot trust postgres://"),
        "{error}"
    );
    assert!(error.hint.unwrap().contains("sslrootcert=FILE"));
    // The certificate is for localhost.
    let error = encryption(&url("127.0.0.1", &roots("ca.crt"))).unwrap_err();
    assert!(
        error.message.starts_with("cannot trust postgres://"),
        "{error}"
    );
    assert!(error.hint.unwrap().contains("another name"));
    let error = encryption(&url("localhost", &roots("none.crt"))).unwrap_err();
    assert!(error.message.contains("none.crt"), "{error}");
    // No public authority has signed it.
    let error = encryption(&url("localhost", "?sslmode=verify-full")).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Failed);
}

#[test]
fn other_modes_of_encryption_are_what_they_say() {
    let database = hub();
    let url = |query: &str| database.tcp_url("postgres", "127.0.0.1", query);
    assert_eq!(
        encryption(&url("?sslmode=require")).unwrap(),
        Encryption::Unverified
    );
    assert_eq!(
        encryption(&url("?sslmode=disable")).unwrap(),
        Encryption::None
    );
    assert_eq!(encryption(&url("")).unwrap(), Encryption::None);
    let mut admin = database.admin();
    let mut hub = PostgresHub::open(&url("?sslmode=require"), &with_password).unwrap();
    hub.look(&[]).unwrap();
    let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
        WHERE ssl AND datname = current_database()";
    let count: i64 = admin.query_one(encrypted, &[]).unwrap().get(0);
    assert_eq!(count, 1);
}

#[test]
fn password_is_refused_and_never_shown() {
    let database = hub();
    let role = "postgres:wrong-sesame";
    let url = database.tcp_url(role, "127.0.0.1", "");
    let error = open(&url).err().unwrap();
    assert_eq!(error.kind, HubErrorKind::Refused);
    let text = said(&error);
    assert!(text.contains("password authentication failed"), "{text}");
    assert!(!text.contains("wrong-sesame"), "{text}");
    // None at all.
    let error = open(&database.tcp_url("postgres", "127.0.0.1", ""))
        .err()
        .unwrap();
    assert_eq!(error.kind, HubErrorKind::Refused, "{error}");
    assert!(error.hint.unwrap().contains("no password was given"));
    // The right one, which is neither in the name nor in an error.
    let url = database.tcp_url(&format!("postgres:{PASSWORD}"), "127.0.0.1", "");
    let mut hub = open(&url).unwrap();
    assert!(!hub.name().contains(PASSWORD));
    assert!(!hub.status().unwrap().name.contains(PASSWORD));
    let other = url.replace(&database.name, "no_such_book");
    let error = open(&other).err().unwrap();
    assert_eq!(error.kind, HubErrorKind::Missing);
    assert!(!said(&error).contains(PASSWORD), "{}", said(&error));
    assert!(error.hint.unwrap().contains("createdb no_such_book"));
}

#[test]
fn password_from_a_file_that_others_can_read_is_not_used() {
    let database = hub();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, format!("*:*:*:postgres:{PASSWORD}\n")).unwrap();
    let variables = |name: &str| {
        let path = file.path().to_str().unwrap().to_owned();
        (name == "PGPASSFILE").then_some(path)
    };
    let url = database.tcp_url("postgres", "127.0.0.1", "");
    assert!(PostgresHub::open(&url, &variables).is_ok());
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let error = PostgresHub::open(&url, &variables).err().unwrap();
    assert_eq!(error.kind, HubErrorKind::Refused);
    assert!(said(&error).contains("chmod 600"), "{}", said(&error));
}

#[test]
fn database_without_a_hub_says_how_to_make_one() {
    let database = server().database();
    let error = open(&database.url()).err().unwrap();
    assert_eq!(error.kind, HubErrorKind::Missing);
    assert!(
        error
            .hint
            .unwrap()
            .starts_with("make it one: `bridgelog hub init 'postgres://")
    );
}

#[test]
fn server_that_stops_is_unreachable_and_found_again() {
    let mut server = Server::start();
    let (url, mut machine, sent) = {
        let database = server.database();
        PostgresHub::init(&database.url(), &no_variables, None).unwrap();
        let mut machine = Machine::new(&database);
        let sent = machine.write(&["before"]);
        (database.url(), machine, sent)
    };
    server.pause();
    let next = machine.entries(&["after"]);
    let error = machine.hub.look(&[]).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Unreachable, "{error}");
    assert_eq!(
        machine.try_write(&next).unwrap_err().kind,
        HubErrorKind::Unreachable
    );
    assert_eq!(open(&url).err().unwrap().kind, HubErrorKind::Unreachable);
    server.resume();
    assert_eq!(machine.try_write(&next).unwrap(), 0);
    assert_eq!(machine.read(), [sent, next].concat());
    // A connection that was cut in between is not seen by who only reads.
    server.pause();
    server.resume();
    assert!(!machine.hub.look(&machine.known.clone()).unwrap().has_new);
}

#[test]
fn too_many_connections_pass_later() {
    let database = hub();
    let role = format!("{}_w", database.name);
    let mut admin = database.admin();
    admin
        .batch_execute(&format!(
            "CREATE ROLE {role} LOGIN CONNECTION LIMIT 1; GRANT bridgelog_writer TO {role}"
        ))
        .unwrap();
    let url = database.url().replacen("postgres@", &format!("{role}@"), 1);
    let first = open(&url).unwrap();
    let error = open(&url).err().unwrap();
    assert_eq!(error.kind, HubErrorKind::Unreachable, "{error}");
    assert!(error.message.contains("too many connections"), "{error}");
    drop(first);
    let second = (0..600).find_map(|_| {
        thread::sleep(Duration::from_millis(20));
        open(&url).ok()
    });
    assert!(second.is_some());
}

#[test]
fn server_that_accepts_and_says_nothing_ends_in_an_error() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let accepting = thread::spawn(move || {
        let (mut stream, _) = silent.accept().unwrap();
        // Until the other side gives up.
        let mut all = Vec::new();
        stream.read_to_end(&mut all).unwrap();
    });
    let url = format!("postgres://ann:hunter2@127.0.0.1:{port}/book?connect_timeout=1");
    let error = open(&url).err().unwrap();
    assert_eq!(error.kind, HubErrorKind::Unreachable);
    assert!(!said(&error).contains("hunter2"));
    assert!(error.message.contains("no answer within"), "{error}");
    accepting.join().unwrap();
}

/// Passes on what comes from one side, and nothing more once `is_frozen`.
fn relay(mut from: TcpStream, mut to: TcpStream, is_frozen: Arc<AtomicBool>) {
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            if is_frozen.load(Ordering::Relaxed) {
                continue;
            }
            let _ = to.write_all(&buffer[..count]);
        }
    });
}

#[test]
fn server_that_hangs_ends_in_an_error() {
    let database = hub();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let is_frozen = Arc::new(AtomicBool::new(false));
    let (frozen, to) = (Arc::clone(&is_frozen), database.server.port);
    thread::spawn(move || {
        for client in listener.incoming() {
            let client = client.unwrap();
            let server = TcpStream::connect(("127.0.0.1", to)).unwrap();
            let (client_in, server_in) = (client.try_clone(), server.try_clone());
            relay(client_in.unwrap(), server, Arc::clone(&frozen));
            relay(server_in.unwrap(), client, Arc::clone(&frozen));
        }
    });
    let url = database.tcp_url("postgres", "127.0.0.1", "");
    let url = url.replace(&format!(":{to}"), &format!(":{port}"));
    let mut hub = PostgresHub::open(&url, &with_password).unwrap();
    assert!(!hub.look(&[]).unwrap().has_new);
    is_frozen.store(true, Ordering::Relaxed);
    let error = hub.look(&[]).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Unreachable);
    assert!(error.message.contains("no answer within 15 s"), "{error}");
    is_frozen.store(false, Ordering::Relaxed);
    assert!(!hub.look(&[]).unwrap().has_new);
}

#[test]
fn write_waits_for_another_one_of_the_same_entry() {
    let database = hub();
    let mut machine = Machine::new(&database);
    let entry = machine.entry("shared", &[]);
    // Another machine has inserted it, and is silent before its commit.
    let mut admin = database.admin();
    let mut transaction = admin.transaction().unwrap();
    let insert = format!(
        "INSERT INTO bridgelog.entry VALUES ('{}', gen_random_uuid(), 1, 1, '', '', '')",
        entry.header().id
    );
    transaction.batch_execute(&insert).unwrap();
    let blocked = thread::spawn(move || machine.try_write(&[entry]).unwrap());
    // The one that waits is let in when the other is gone.
    thread::sleep(Duration::from_millis(200));
    transaction.rollback().unwrap();
    assert_eq!(blocked.join().unwrap(), 0);
}
