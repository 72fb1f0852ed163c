use super::*;
use rstest::rstest;
use std::{fs, os::unix::fs::PermissionsExt as _};

fn resolve(url: &str, variables: &[(&str, &str)]) -> Result<Settings, HubError> {
    Settings::resolve(url, &|name| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn url_counts_before_variables() {
    let variables = [
        ("PGHOST", "other"),
        ("PGPORT", "6000"),
        ("PGUSER", "bob"),
        ("PGDATABASE", "d"),
        ("PGPASSWORD", "secret"),
    ];
    let settings = resolve("postgres://ann@db.example/book", &variables).unwrap();
    assert_eq!(settings.name, "postgres://ann@db.example:6000/book");
    assert_eq!(settings.password.as_deref(), Some("secret"));
    let settings = resolve("postgresql://", &variables).unwrap();
    assert_eq!(settings.name, "postgres://bob@other:6000/d");
}

#[test]
fn service_counts_before_variables_and_after_the_url() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(".pg_service.conf");
    fs::write(
        &file,
        "[book]\nhost=db\nuser=carl\ndbname=s\npassword=hunter2\n",
    )
    .unwrap();
    let home = folder.path().to_str().unwrap();
    let variables = [("HOME", home), ("PGUSER", "bob")];
    let settings = resolve("postgres:///x?service=book", &variables).unwrap();
    assert_eq!(settings.name, "postgres://carl@db/x");
    assert_eq!(settings.password.as_deref(), Some("hunter2"));
    let error = resolve("postgres://?service=none", &variables)
        .err()
        .unwrap();
    assert!(error.message.contains("[none]"), "{error}");
}

#[test]
fn url_for_a_hint_keeps_the_encryption_and_drops_the_password() {
    for (url, expected) in [
        ("postgres://ann:s@db/book", "postgres://ann@db/book"),
        (
            "postgres://ann:s@db/book?sslmode=require",
            "postgres://ann@db/book?sslmode=require",
        ),
        (
            "postgres://ann@db/book?sslmode=disable",
            "postgres://ann@db/book?sslmode=disable",
        ),
        (
            "postgres://ann@localhost/book",
            "postgres://ann@localhost/book",
        ),
        (
            "postgres://ann@localhost/book?sslmode=verify-full",
            "postgres://ann@localhost/book?sslmode=verify-full",
        ),
        (
            "postgres://ann@db/book?sslrootcert=/etc/our%20ca.crt",
            "postgres://ann@db/book?sslrootcert=/etc/our%20ca.crt",
        ),
    ] {
        assert_eq!(resolve(url, &[]).unwrap().url(), expected);
        let again = resolve(expected, &[]).unwrap();
        assert_eq!(again.url(), expected);
    }
}

#[test]
fn password_comes_from_the_file_of_passwords() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pass");
    fs::write(&file, "db:*:book:ann:hunter2\n").unwrap();
    let variables = [("PGPASSFILE", file.to_str().unwrap())];
    let set_mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    set_mode(0o600);
    let settings = resolve("postgres://ann@db/book", &variables).unwrap();
    assert_eq!(settings.password.as_deref(), Some("hunter2"));
    set_mode(0o644);
    let settings = resolve("postgres://ann@db/book", &variables).unwrap();
    assert_eq!(settings.password, None);
    assert!(settings.passfile_problem.unwrap().contains("chmod 600"));
}

#[rstest]
#[case("postgres://a@db/x", "verified")]
#[case("postgres://a@localhost,db/x", "verified")]
#[case("postgres://a@db/x?sslmode=verify-ca", "verified")]
#[case("postgres://a@localhost/x?sslrootcert=/ca", "verified against /ca")]
#[case("postgres://a@db/x?sslmode=require", "not verified")]
#[case("postgres://a@db/x?sslmode=disable", "not encrypted")]
#[case("postgres://a@localhost/x", "not encrypted")]
#[case("postgres://a@127.0.0.2/x", "not encrypted")]
#[case("postgres://a@[::1]/x", "not encrypted")]
#[case("postgres://a@%2Frun/x?sslmode=verify-full", "not encrypted")]
fn only_what_stays_on_the_machine_is_plain_by_itself(#[case] url: &str, #[case] shown: &str) {
    let settings = resolve(url, &[]).unwrap();
    let encryption = settings.encryption.to_string();
    assert!(encryption.ends_with(shown), "{url}: {encryption}");
}

#[rstest]
#[case("postgres://a:hunter2@db:x/b", &[], "port")]
#[case("postgres://a:hunter2@db,c,d/b?port=1,2", &[], "port")]
#[case("postgres://a:hunter2@db/b?sslmode=prefer", &[], "fall back")]
#[case("postgres://a:hunter2@db/b", &[("PGSSLMODE", "allow")], "fall back")]
#[case("postgres://a:hunter2@db/b?sslmode=on", &[], "sslmode")]
#[case("postgres://a:hunter2@db/b?connect_timeout=0", &[], "connect_timeout")]
#[case("postgres://db/b", &[], "names no user")]
fn what_cannot_be_understood_is_named_without_the_password(
    #[case] url: &str,
    #[case] variables: &[(&str, &str)],
    #[case] part: &str,
) {
    let error = resolve(url, variables).err().unwrap();
    let text = format!("{error:?} {error}");
    assert!(text.contains(part) && !text.contains("hunter2"), "{text}");
}
