//! Machines meet in a PostgreSQL database. The server is started by the test.
#![cfg(feature = "hub")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use bridgelog::{
    domain::{
        entry::{ChainHead, Entry},
        event::Event,
        subject::Subject,
        time::parse_utc,
        value::{Body, Change, Operation, Value},
        words::Kind,
    },
    hub::{Cursor, Hub as _, HubErrorKind, postgres::PostgresHub},
};
use common::{
    CommandResult, TestEnv,
    postgres_server::{OWNER_PASSWORD, PostgresServer},
};
use serde_json::Value as Json;
use std::{sync::LazyLock, thread, time::Duration};
use uuid::Uuid;

static SERVER: LazyLock<PostgresServer> = LazyLock::new(PostgresServer::start);

/// A database that is a hub.
struct Team {
    database: String,
}

impl Team {
    fn new() -> Self {
        let database = SERVER.database();
        assert!(PostgresHub::init(&SERVER.secret_url(&database), "the hub", None).unwrap());
        Self { database }
    }

    fn open(&self) -> PostgresHub {
        PostgresHub::open(&SERVER.secret_url(&self.database), "the hub").unwrap()
    }

    fn url(&self) -> String {
        SERVER.url(&self.database)
    }

    fn sql(&self, sql: &str) {
        SERVER.sql(&self.database, sql);
    }

    fn count(&self, what: &str) -> i64 {
        let mut client = SERVER.connect(&self.database);
        client
            .query_one(&format!("SELECT count(*) FROM {what}"), &[])
            .unwrap()
            .get(0)
    }
}

struct Machine {
    env: TestEnv,
    name: &'static str,
}

impl Machine {
    fn new(name: &'static str) -> Self {
        Self {
            env: TestEnv::new(),
            name,
        }
    }

    fn command(&self, args: &[&str]) -> std::process::Command {
        let mut command = self.env.command(args);
        command
            .env("BRIDGELOG_SEED", self.name)
            .env("BRIDGELOG_AUTHOR", self.name)
            .env("PGPASSWORD", OWNER_PASSWORD);
        command
    }

    fn try_run(&self, args: &[&str]) -> CommandResult {
        CommandResult::from_output(args, self.command(args).output().unwrap())
    }

    fn run(&self, args: &[&str]) -> String {
        let result = self.try_run(args);
        assert_eq!(
            result.exit_code, 0,
            "{args:?}\n{}{}",
            result.stdout, result.stderr
        );
        result.stdout
    }

    fn sync(&self, team: &Team) -> Json {
        serde_json::from_str(&self.run(&["sync", &team.url(), "--json"])).unwrap()
    }

    fn journal(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .run(&["export", "jsonl"])
            .lines()
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines
    }
}

fn counts(report: &Json) -> (u64, u64) {
    (
        report["received"].as_u64().unwrap(),
        report["sent"].as_u64().unwrap(),
    )
}

/// The entry with number `seq` of `origin`.
fn entry(origin: Uuid, seq: u64, text: &str, destroys: Vec<Uuid>) -> Entry {
    let at = parse_utc("2012-08-16T14:06:00Z").unwrap();
    let id = Uuid::new_v4();
    let value = Value::Event(Box::new(Event::new(at.fixed_offset(), Kind::Note, text)));
    let change = Change {
        id,
        incident: None,
        subject: Subject::Event(id),
        replaces: vec![],
        recorded: at,
        author: "jw".into(),
        salt: "00".repeat(16),
        body: Body {
            destroys,
            ..Body::new(Operation::Log, value)
        },
    };
    let head = ChainHead {
        origin,
        seq: seq - 1,
        hash: None,
    };
    Entry::from_change(&change, head).unwrap()
}

fn read_all(hub: &mut PostgresHub, cursors: &mut Vec<Cursor>) -> Vec<Entry> {
    let mut entries = Vec::new();
    loop {
        let page = hub.read(cursors).unwrap();
        entries.extend(page.entries);
        for cursor in page.cursors {
            cursors.retain(|known| known.source != cursor.source);
            cursors.push(cursor);
        }
        if !page.more {
            return entries;
        }
    }
}

#[test]
fn journals_of_machines_become_equal() {
    let team = Team::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails", "--service", "shop"]);
    ann.run(&["log", "fault: second fault !down"]);
    assert_eq!(counts(&ann.sync(&team)), (0, 2));
    assert_eq!(counts(&raj.sync(&team)), (2, 0));
    raj.run(&["log", "restore: rolled back"]);
    assert_eq!(counts(&raj.sync(&team)), (0, 1));
    assert_eq!(counts(&ann.sync(&team)), (1, 0));
    assert_eq!(counts(&ann.sync(&team)), (0, 0));
    assert_eq!(ann.journal(), raj.journal());
    let said = ann.run(&["sync", &team.url()]);
    assert!(
        said.contains("in step with") && said.contains("clocks 0."),
        "{said}"
    );
    let status = ann.run(&["hub", "status", &team.url()]);
    assert!(status.contains("entries: 3 of 2 machines"), "{status}");
    assert!(status.contains("owner, reads and inserts"), "{status}");
}

#[test]
fn init_changes_nothing_the_second_time_and_its_sql_can_be_run_by_hand() {
    let team = Team::new();
    let ann = Machine::new("ann");
    let said = ann.run(&["hub", "init", &team.url()]);
    assert!(said.contains("was a hub already"), "{said}");
    let database = SERVER.database();
    SERVER.sql(&database, &ann.run(&["hub", "sql"]));
    let by_hand = Team { database };
    ann.run(&["log", "x"]);
    assert_eq!(counts(&ann.sync(&by_hand)), (0, 1));
}

#[test]
fn database_that_is_no_hub_says_what_to_do() {
    let ann = Machine::new("ann");
    ann.run(&["log", "x"]);
    let result = ann.try_run(&["sync", &SERVER.url(&SERVER.database())]);
    assert_eq!(result.exit_code, 1);
    assert!(
        result.stderr.contains("bridgelog hub init"),
        "{}",
        result.stderr
    );
    let result = ann.try_run(&["sync", &SERVER.url("nowhere")]);
    assert!(
        result.stderr.contains("has no such database"),
        "{}",
        result.stderr
    );
}

#[test]
fn role_of_a_writer_can_sync_and_nothing_else() {
    let team = Team::new();
    team.sql("CREATE ROLE kim LOGIN PASSWORD 'kims'");
    PostgresHub::init(&SERVER.secret_url(&team.database), "the hub", Some("kim")).unwrap();
    let url = SERVER.url_of("kim:kims", &team.database);
    let mut hub = PostgresHub::open(&url, "the hub").unwrap();
    let writer = Uuid::new_v4();
    let secret = entry(writer, 1, "hunter2", vec![]);
    let redaction = entry(writer, 2, "redacted", vec![secret.header().id]);
    let written = hub
        .write(writer, None, std::slice::from_ref(&secret))
        .unwrap();
    hub.write(writer, Some(&written.cursor), &[redaction])
        .unwrap();
    assert!(!hub.held(&[secret.header().id]).unwrap()[0].has_body);

    let mut client = postgres::Client::connect(&url, postgres::NoTls).unwrap();
    for table in ["entry", "batch", "writer", "hub", "destroyed"] {
        for sql in [
            format!("DELETE FROM bridgelog.{table}"),
            format!("TRUNCATE bridgelog.{table}"),
            format!("DROP TABLE bridgelog.{table}"),
            format!("ALTER TABLE bridgelog.{table} ADD x text"),
        ] {
            let error = client.batch_execute(&sql).unwrap_err();
            assert_eq!(error.code().unwrap().code(), "42501", "{sql}: {error}");
        }
    }
    for sql in [
        "UPDATE bridgelog.entry SET body = 'x'",
        "UPDATE bridgelog.batch SET number = 9",
        "UPDATE bridgelog.hub SET format = 9",
        "INSERT INTO bridgelog.hub VALUES (gen_random_uuid(), 1)",
        "INSERT INTO bridgelog.destroyed VALUES (gen_random_uuid())",
        "DELETE FROM bridgelog.presence",
        "CREATE TABLE bridgelog.mine (x text)",
        "CREATE OR REPLACE FUNCTION bridgelog.redact(redaction uuid) RETURNS bigint LANGUAGE sql AS 'SELECT 1'",
        "DROP SCHEMA bridgelog",
    ] {
        let error = client.batch_execute(sql).unwrap_err();
        assert_eq!(error.code().unwrap().code(), "42501", "{sql}: {error}");
    }
}

#[test]
fn batch_that_commits_late_is_not_passed_over() {
    let team = Team::new();
    let mut hub = team.open();
    let (slow, fast) = (Uuid::new_v4(), Uuid::new_v4());
    let late = entry(slow, 1, "late", vec![]);
    let mut open = SERVER.connect(&team.database);
    let mut transaction = open.transaction().unwrap();
    let batch = Uuid::new_v4();
    transaction
        .execute("INSERT INTO bridgelog.writer VALUES ($1)", &[&slow])
        .unwrap();
    transaction
        .execute(
            "INSERT INTO bridgelog.batch VALUES ($1, 1, $2, 10)",
            &[&slow, &batch],
        )
        .unwrap();
    transaction
        .execute(
            "INSERT INTO bridgelog.entry VALUES ($1, $2, 1, 0, $3, $4, $5)",
            &[
                &late.header().id,
                &slow,
                &late.hash().0.to_vec(),
                &late.header_bytes(),
                &late.body_bytes(),
            ],
        )
        .unwrap();
    let mut cursor = None;
    let mut cursors = Vec::new();
    for seq in 1..=5 {
        let written = hub
            .write(fast, cursor.as_ref(), &[entry(fast, seq, "x", vec![])])
            .unwrap();
        cursor = Some(written.cursor);
        assert_eq!(read_all(&mut hub, &mut cursors).len(), 1);
    }
    transaction.commit().unwrap();
    assert!(hub.look(&cursors).unwrap().has_new);
    assert_eq!(read_all(&mut hub, &mut cursors), [late]);
    assert!(!hub.look(&cursors).unwrap().has_new);
}

#[test]
fn batch_is_numbered_once_and_a_second_try_is_seen() {
    let team = Team::new();
    let mut hub = team.open();
    let writer = Uuid::new_v4();
    let first = entry(writer, 1, "first", vec![]);
    let written = hub
        .write(writer, None, std::slice::from_ref(&first))
        .unwrap();
    // The reply was lost: the machine does not know of its batch.
    let error = hub
        .write(writer, None, std::slice::from_ref(&first))
        .unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Behind);
    let again = hub
        .write(writer, Some(&written.cursor), std::slice::from_ref(&first))
        .unwrap();
    assert_eq!(again.already.len(), 1);
    assert_eq!(again.already[0].hash, first.hash());
    assert_eq!(team.count("bridgelog.entry"), 1);
    // A cursor with another mark is not this machine's batch.
    let other = Cursor {
        mark: Uuid::new_v4().to_string(),
        ..again.cursor.clone()
    };
    let error = hub
        .write(writer, Some(&other), &[entry(writer, 2, "x", vec![])])
        .unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Behind);
}

#[test]
fn altered_entry_is_returned_with_its_hash() {
    let team = Team::new();
    let mut hub = team.open();
    let writer = Uuid::new_v4();
    let original = entry(writer, 1, "as it was", vec![]);
    hub.write(writer, None, std::slice::from_ref(&original))
        .unwrap();
    let line = original
        .to_line()
        .replace("\"author\":\"jw\"", "\"author\":\"bob\"");
    let altered = Entry::parse(&line).unwrap();
    let other = Uuid::new_v4();
    let written = hub.write(other, None, &[altered]).unwrap();
    assert_eq!(written.already[0].hash, original.hash());
    let mut cursors = Vec::new();
    assert_eq!(read_all(&mut hub, &mut cursors), [original]);
}

#[test]
fn restored_and_wiped_hubs_are_noticed_and_healed() {
    let team = Team::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(&team);
    raj.sync(&team);
    ann.run(&["log", "after the backup of the hub"]);
    ann.sync(&team);
    raj.sync(&team);
    // The hub goes back to its state before the second batch, and another machine writes.
    team.sql(
        "DELETE FROM bridgelog.entry WHERE batch = 2; DELETE FROM bridgelog.batch WHERE number = 2",
    );
    let kim = Machine::new("kim");
    kim.run(&["log", "from kim"]);
    kim.sync(&team);
    let report = ann.sync(&team);
    assert_eq!(report["hub_went_back"], true, "{report}");
    assert_eq!(counts(&report), (1, 1));
    assert_eq!(counts(&raj.sync(&team)), (1, 0));
    assert_eq!(ann.journal(), raj.journal());

    team.sql("TRUNCATE bridgelog.entry, bridgelog.batch, bridgelog.writer");
    assert_eq!(counts(&raj.sync(&team)), (0, 3));
    for machine in [&ann, &kim, &raj, &ann] {
        machine.sync(&team);
    }
    assert_eq!(ann.journal(), raj.journal());
    assert_eq!(ann.journal(), kim.journal());
    assert_eq!(team.count("bridgelog.entry"), 3);
}

#[test]
fn redacted_text_is_destroyed_at_the_hub_and_does_not_come_back() {
    let team = Team::new();
    let mut hub = team.open();
    let (writer, old) = (Uuid::new_v4(), Uuid::new_v4());
    let secret = entry(writer, 1, "hunter2", vec![]);
    let redaction = entry(writer, 2, "redacted", vec![secret.header().id]);
    let written = hub
        .write(writer, None, std::slice::from_ref(&secret))
        .unwrap();
    // An entry that destroys others goes only with all of these.
    let nested = entry(
        writer,
        3,
        "redacts the redaction",
        vec![redaction.header().id],
    );
    let all = [redaction.clone(), nested];
    hub.write(writer, Some(&written.cursor), &all).unwrap();
    let held = hub
        .held(&[secret.header().id, redaction.header().id])
        .unwrap();
    for held in held {
        assert_eq!(held.has_body, held.id == redaction.header().id);
    }
    team.sql(&format!(
        "DELETE FROM bridgelog.entry WHERE id = '{}'",
        secret.header().id
    ));
    hub.write(old, None, std::slice::from_ref(&secret)).unwrap();
    assert!(!hub.held(&[secret.header().id]).unwrap()[0].has_body);
    assert_eq!(team.count("bridgelog.entry WHERE body LIKE '%hunter2%'"), 0);
}

#[test]
fn row_that_is_no_entry_is_named_and_passed_over() {
    let team = Team::new();
    let mut hub = team.open();
    let writer = Uuid::new_v4();
    let first = entry(writer, 1, "first", vec![]);
    let written = hub
        .write(writer, None, std::slice::from_ref(&first))
        .unwrap();
    let second = entry(writer, 2, "second", vec![]);
    hub.write(writer, Some(&written.cursor), std::slice::from_ref(&second))
        .unwrap();
    team.sql(&format!(
        "UPDATE bridgelog.entry SET body = 'nonsense' WHERE id = '{}'",
        first.header().id
    ));
    let page = hub.read(&[]).unwrap();
    assert_eq!(page.entries, [second]);
    assert!(
        page.unreadable[0].contains(&first.header().id.to_string()),
        "{:?}",
        page.unreadable
    );
    assert_eq!(page.cursors[0].position, 2);
}

#[test]
fn hub_of_a_newer_version_is_only_read() {
    let team = Team::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(&team);
    team.sql("UPDATE bridgelog.hub SET format = 99");
    raj.run(&["log", "mine"]);
    let result = raj.try_run(&["sync", &team.url()]);
    assert_eq!(result.exit_code, 1);
    assert!(
        result.stdout.contains("received 1 entry"),
        "{}",
        result.stdout
    );
    assert!(result.stderr.contains("newer version"), "{}", result.stderr);
    let result = raj.try_run(&["hub", "init", &team.url()]);
    assert!(result.stderr.contains("newer version"), "{}", result.stderr);
}

#[test]
fn machines_write_at_once() {
    let team = Team::new();
    let machines: Vec<Machine> = ["a", "b", "c", "d"].map(Machine::new).into();
    thread::scope(|scope| {
        for machine in &machines {
            let team = &team;
            scope.spawn(move || {
                for round in 0..10 {
                    machine.run(&["log", &format!("round {round}")]);
                    machine.sync(team);
                }
            });
        }
    });
    for machine in &machines {
        machine.sync(&team);
    }
    for machine in &machines {
        assert_eq!(machine.journal().len(), 40);
    }
}

#[test]
fn two_processes_of_one_machine_sync_at_once() {
    let team = Team::new();
    let ann = Machine::new("ann");
    ann.run(&["log", "x"]);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..8 {
                    let result = ann.try_run(&["sync", &team.url()]);
                    assert_eq!(result.exit_code, 0, "{}", result.stderr);
                }
            });
        }
    });
    assert_eq!(team.count("bridgelog.entry"), 1);
}

#[test]
fn machines_killed_in_the_middle_of_a_sync_become_equal() {
    let team = Team::new();
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    for round in 0..10_u64 {
        for machine in [&ann, &raj] {
            for line in 0..3 {
                machine.run(&["log", &format!("{round} {line}")]);
            }
            let mut child = machine
                .command(&["sync", &team.url()])
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap();
            thread::sleep(Duration::from_millis(5 + 7 * round));
            let _ = child.kill();
            child.wait().unwrap();
        }
    }
    for machine in [&ann, &raj, &ann] {
        machine.sync(&team);
    }
    assert_eq!(ann.journal().len(), 60);
    assert_eq!(ann.journal(), raj.journal());
    assert_eq!(team.count("bridgelog.entry"), 60);
}

#[test]
fn server_that_stops_midway_is_reached_again() {
    let mut server = PostgresServer::start();
    let database = server.database();
    PostgresHub::init(&server.secret_url(&database), "the hub", None).unwrap();
    let ann = Machine::new("ann");
    let url = server.url(&database);
    ann.run(&["log", "first"]);
    ann.run(&["sync", &url]);
    let mut hub = PostgresHub::open(&server.secret_url(&database), "the hub").unwrap();
    server.kill();
    let error = hub.look(&[]).unwrap_err();
    assert_eq!(error.kind, HubErrorKind::Unreachable);
    ann.run(&["log", "while it is away"]);
    let result = ann.try_run(&["sync", &url]);
    assert_eq!(result.exit_code, 1);
    assert!(
        result.stderr.contains("cannot be reached"),
        "{}",
        result.stderr
    );
    server.restart();
    let report: Json = serde_json::from_str(&ann.run(&["sync", &url, "--json"])).unwrap();
    assert_eq!(counts(&report), (0, 1));
}

#[test]
fn server_is_checked_by_its_certificate() {
    let team = Team::new();
    let open = |host: &str, parameters: &str| {
        let url = format!(
            "postgres://owner:{OWNER_PASSWORD}@{host}:{}/{}?{parameters}",
            SERVER.port, team.database
        );
        PostgresHub::open(&url, "the hub")
    };
    let authority = format!("sslrootcert={}", SERVER.authority().display());
    let other = format!("sslrootcert={}", SERVER.other_authority().display());
    let mut hub = open("localhost", &authority).unwrap();
    let facts = format!("{:?}", hub.facts().unwrap());
    assert!(facts.contains("encrypted, the server checked"), "{facts}");
    let mut hub = open("127.0.0.1", "sslmode=require").unwrap();
    let facts = format!("{:?}", hub.facts().unwrap());
    assert!(facts.contains("the server not checked"), "{facts}");
    for (host, parameters) in [
        // Another authority, another name, and the system's own authorities.
        ("localhost", other.as_str()),
        ("127.0.0.1", authority.as_str()),
        ("localhost", "sslmode=verify-full"),
    ] {
        let error = open(host, parameters).unwrap_err();
        assert_eq!(
            error.kind,
            HubErrorKind::Refused,
            "{host} {parameters}: {error:?}"
        );
        assert!(error.to_string().contains("does not prove"), "{error}");
    }
}

#[test]
fn wrong_password_is_said_and_never_printed() {
    let team = Team::new();
    let ann = Machine::new("ann");
    ann.run(&["log", "x"]);
    let mut command = ann.command(&["sync", &team.url()]);
    command.env("PGPASSWORD", "hunter2");
    let result = CommandResult::from_output(&["sync"], command.output().unwrap());
    assert_eq!(result.exit_code, 1);
    assert!(
        result.stderr.contains("does not let this user in"),
        "{}",
        result.stderr
    );
    assert!(!result.stderr.contains("hunter2"), "{}", result.stderr);
}

#[test]
fn machine_that_listens_hears_of_others_and_not_of_itself() {
    let team = Team::new();
    let (mut first, mut second) = (team.open(), team.open());
    let (one, two) = (Uuid::new_v4(), Uuid::new_v4());
    assert!(first.listen());
    first
        .write(one, None, &[entry(one, 1, "mine", vec![])])
        .unwrap();
    assert!(!first.wait(Duration::from_millis(50)).unwrap());
    second
        .write(two, None, &[entry(two, 1, "theirs", vec![])])
        .unwrap();
    assert!(first.wait(Duration::from_secs(30)).unwrap());
}

#[test]
fn large_and_many_batches_are_read_in_pages() {
    let team = Team::new();
    let mut hub = team.open();
    let writer = Uuid::new_v4();
    let long = "x".repeat(3 << 20);
    let mut cursor = None;
    let mut expected = Vec::new();
    for seq in 1..=4 {
        let large = entry(writer, seq, &long, vec![]);
        let written = hub
            .write(writer, cursor.as_ref(), std::slice::from_ref(&large))
            .unwrap();
        cursor = Some(written.cursor);
        expected.push(large);
    }
    let page = hub.read(&[]).unwrap();
    assert!(
        page.more && page.entries.len() == 1,
        "{}",
        page.entries.len()
    );
    let mut cursors = Vec::new();
    assert!(read_all(&mut hub, &mut cursors) == expected);
}

#[test]
fn commands_of_the_readme_set_up_a_team() {
    let readme = include_str!("../README.md");
    let blocks: Vec<&str> = readme
        .split("```sh team\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    let [once, each] = blocks.as_slice() else {
        panic!("the README has {} blocks for a team", blocks.len());
    };
    let (ann, raj) = (Machine::new("ann"), Machine::new("raj"));
    let run = |machine: &Machine, script: &str| {
        let mut path = std::env::split_paths(&std::env::var("PATH").unwrap()).collect::<Vec<_>>();
        path.insert(
            0,
            std::path::Path::new(env!("CARGO_BIN_EXE_bridgelog"))
                .parent()
                .unwrap()
                .into(),
        );
        let mut command = machine.command(&[]);
        let variables: Vec<_> = command
            .get_envs()
            .map(|(name, value)| (name.to_owned(), value.unwrap_or_default().to_owned()))
            .collect();
        command = std::process::Command::new("bash");
        command
            .env_clear()
            .envs(variables)
            .env("PATH", std::env::join_paths(path).unwrap())
            .env("PGHOST", "127.0.0.1")
            .env("PGPORT", SERVER.port.to_string())
            .env("PGUSER", "owner")
            .current_dir(machine.env.path())
            .args(["-euo", "pipefail", "-c", script]);
        let result = CommandResult::from_output(&[script], command.output().unwrap());
        assert_eq!(
            result.exit_code, 0,
            "{script}\n{}{}",
            result.stdout, result.stderr
        );
        result.stdout
    };
    run(&ann, once);
    ann.run(&["declare", "Checkout fails"]);
    run(&ann, each);
    raj.run(&["log", "from the second machine"]);
    let said = run(&raj, each);
    assert!(
        said.contains("received 1 entry") && said.contains("in step"),
        "{said}"
    );
}
