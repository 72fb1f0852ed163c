//! Machines, each with its own database, meet in PostgreSQL, from the command line. The server is started by the
//! test.
#![cfg(feature = "hub")]
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;

use common::{
    CommandResult,
    machine::{Machine, counts},
    postgres_server::{Database, PASSWORD, Server},
};
use serde_json::Value as Json;
use std::{sync::LazyLock, thread, time::Duration};

static SERVER: LazyLock<Server> = LazyLock::new(Server::start);

/// A database that is a hub.
struct Team {
    database: Database<'static>,
}

impl Team {
    fn new() -> Self {
        let team = Self {
            database: SERVER.database(),
        };
        let owner = machine("owner");
        let said = owner.run(&["hub", "init", &team.url()]);
        assert!(said.contains("is a hub now"), "{said}");
        team
    }

    fn url(&self) -> String {
        self.database.tcp_url("postgres", "127.0.0.1", "")
    }

    fn sql(&self, sql: &str) {
        self.database.admin().batch_execute(sql).unwrap();
    }

    fn count(&self, what: &str) -> i64 {
        let sql = format!("SELECT count(*) FROM {what}");
        self.database.admin().query_one(&sql, &[]).unwrap().get(0)
    }
}

/// A machine that knows the password.
fn machine(name: &str) -> Machine {
    Machine {
        variables: vec![("PGPASSWORD", PASSWORD)],
        ..Machine::new(name)
    }
}

#[test]
fn journals_of_machines_become_equal() {
    let team = Team::new();
    let (ann, raj) = (machine("ann"), machine("raj"));
    ann.run(&["declare", "Checkout fails", "--service", "shop"]);
    ann.run(&["log", "fault: second fault !down"]);
    assert_eq!(counts(&ann.sync(&team.url())), (0, 2));
    assert_eq!(counts(&raj.sync(&team.url())), (2, 0));
    raj.run(&["log", "restore: rolled back"]);
    assert_eq!(counts(&raj.sync(&team.url())), (0, 1));
    assert_eq!(counts(&ann.sync(&team.url())), (1, 0));
    assert_eq!(counts(&ann.sync(&team.url())), (0, 0));
    assert_eq!(ann.journal(), raj.journal());
    let said = ann.run(&["sync", &team.url()]);
    assert!(
        said.contains("in step with") && said.contains("clocks 0."),
        "{said}"
    );
    let status = ann.run(&["hub", "status", &team.url()]);
    assert!(status.contains("entries: 3 of 2 machines"), "{status}");
    assert!(status.contains("rights: reads and inserts"), "{status}");
}

#[test]
fn init_changes_nothing_the_second_time_and_its_sql_can_be_run_by_hand() {
    let team = Team::new();
    let ann = machine("ann");
    let said = ann.run(&["hub", "init", &team.url()]);
    assert!(said.contains("was a hub already"), "{said}");
    let database = SERVER.database();
    database
        .admin()
        .batch_execute(&ann.run(&["hub", "sql"]))
        .unwrap();
    let by_hand = Team { database };
    ann.run(&["log", "x"]);
    assert_eq!(counts(&ann.sync(&by_hand.url())), (0, 1));
}

#[test]
fn database_that_is_no_hub_says_what_to_do() {
    let ann = machine("ann");
    ann.run(&["log", "x"]);
    let result = ann.try_run(&[
        "sync",
        &SERVER.database().tcp_url("postgres", "127.0.0.1", ""),
    ]);
    assert_eq!(result.exit_code, 1);
    assert!(
        result.stderr.contains("bridgelog hub init"),
        "{}",
        result.stderr
    );
    let result = ann.try_run(&[
        "sync",
        &format!("postgres://postgres@127.0.0.1:{}/nowhere", SERVER.port),
    ]);
    assert!(
        result.stderr.contains("there is no database"),
        "{}",
        result.stderr
    );
}

#[test]
fn restored_and_wiped_hubs_are_noticed_and_healed() {
    let team = Team::new();
    let (ann, raj) = (machine("ann"), machine("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(&team.url());
    raj.sync(&team.url());
    ann.run(&["log", "after the backup of the hub"]);
    ann.sync(&team.url());
    raj.sync(&team.url());
    // The hub goes back to its state before the second batch, and another machine writes.
    team.sql(
        "DELETE FROM bridgelog.entry WHERE batch = 2; DELETE FROM bridgelog.batch WHERE number = 2",
    );
    let kim = machine("kim");
    kim.run(&["log", "from kim"]);
    kim.sync(&team.url());
    let report = ann.sync(&team.url());
    assert_eq!(report["hub_went_back"], true, "{report}");
    assert_eq!(counts(&report), (1, 1));
    assert_eq!(counts(&raj.sync(&team.url())), (1, 0));
    assert_eq!(ann.journal(), raj.journal());

    team.sql("TRUNCATE bridgelog.entry, bridgelog.batch, bridgelog.writer");
    assert_eq!(counts(&raj.sync(&team.url())), (0, 3));
    for machine in [&ann, &kim, &raj, &ann] {
        machine.sync(&team.url());
    }
    assert_eq!(ann.journal(), raj.journal());
    assert_eq!(ann.journal(), kim.journal());
    assert_eq!(team.count("bridgelog.entry"), 3);
}

#[test]
fn hub_of_a_newer_version_is_only_read() {
    let team = Team::new();
    let (ann, raj) = (machine("ann"), machine("raj"));
    ann.run(&["declare", "Checkout fails"]);
    ann.sync(&team.url());
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
    let machines: Vec<Machine> = ["a", "b", "c", "d"].map(machine).into();
    thread::scope(|scope| {
        for machine in &machines {
            let team = &team;
            scope.spawn(move || {
                for round in 0..10 {
                    machine.run(&["log", &format!("round {round}")]);
                    machine.sync(&team.url());
                }
            });
        }
    });
    for machine in &machines {
        machine.sync(&team.url());
    }
    for machine in &machines {
        assert_eq!(machine.journal().len(), 40);
    }
}

#[test]
fn two_processes_of_one_machine_sync_at_once() {
    let team = Team::new();
    let ann = machine("ann");
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
    let (ann, raj) = (machine("ann"), machine("raj"));
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
        machine.sync(&team.url());
    }
    assert_eq!(ann.journal().len(), 60);
    assert_eq!(ann.journal(), raj.journal());
    assert_eq!(team.count("bridgelog.entry"), 60);
}

#[test]
fn server_that_stops_midway_is_reached_again() {
    let mut server = Server::start();
    let ann = machine("ann");
    let url = server.database().tcp_url("postgres", "127.0.0.1", "");
    ann.run(&["hub", "init", &url]);
    ann.run(&["log", "first"]);
    ann.run(&["sync", &url]);
    server.pause();
    ann.run(&["log", "while it is away"]);
    let result = ann.try_run(&["sync", &url]);
    assert_eq!(result.exit_code, 1);
    assert!(result.stderr.contains("cannot reach"), "{}", result.stderr);
    server.resume();
    let report: Json = serde_json::from_str(&ann.run(&["sync", &url, "--json"])).unwrap();
    assert_eq!(counts(&report), (0, 1));
}

#[test]
fn wrong_password_is_said_and_never_printed() {
    let team = Team::new();
    let ann = machine("ann");
    ann.run(&["log", "x"]);
    let mut command = ann.command(&["sync", &team.url()]);
    command.env("PGPASSWORD", "hunter2");
    let result = CommandResult::from_output(&["sync"], command.output().unwrap());
    assert_eq!(result.exit_code, 1);
    assert!(result.stderr.contains("not let in to"), "{}", result.stderr);
    assert!(!result.stderr.contains("hunter2"), "{}", result.stderr);
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
    let (ann, raj) = (machine("ann"), machine("raj"));
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
            .env("PGUSER", "postgres")
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
