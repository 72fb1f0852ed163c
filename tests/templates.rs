//! The user's own templates win over those built in, and their faults are named before they hurt.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::Env;
use std::fs;

fn own(env: &Env, name: &str, text: impl AsRef<[u8]>) {
    let folder = env.path().join("config/bridgelog/templates");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(name), text).unwrap();
}

#[test]
fn ones_own_win_and_the_built_in_ones_come_back() {
    let env = Env::example();
    let said = env.ok(&["templates", "eject", "email-end"]);
    assert!(said.contains("templates/email-end.j2"), "{said}");
    assert_eq!(env.ok(&["email"]), Env::example().ok(&["email"]));
    env.run(&["templates", "eject", "email-end"])
        .refused(1, &["is there already", "--force"]);
    own(&env, "email-end.j2", "Ask {{ contact }}.\n");
    assert!(env.ok(&["email"]).ends_with("Ask support@avr.example.\n"));
    assert!(env.ok(&["templates", "list"]).contains("your own: "));
    assert_eq!(
        env.ok(&["templates", "show", "email-end"]),
        "Ask {{ contact }}.\n"
    );
    assert!(
        env.ok(&["templates", "check"])
            .contains("1 of them your own")
    );
    env.ok(&["templates", "eject", "email-end", "--force"]);
    assert_eq!(env.ok(&["email"]), Env::example().ok(&["email"]));
}

#[test]
fn a_fault_is_named_with_its_file_its_line_and_what_was_not_there() {
    let env = Env::example();
    own(&env, "email-end.j2", "{{ contact }}\n{{ signatur }}\n");
    env.run(&["email"]).refused(
        1,
        &["`email-end.j2`, line 2: there is no `signatur`", "hint:"],
    );
    let ran = env.run(&["templates", "check"]);
    ran.refused(3, &["fault", "config/bridgelog/templates"]);
    assert!(
        ran.out
            .contains("template `email-end.j2`, line 2: there is no `signatur`"),
        "{}",
        ran.out
    );
    own(&env, "email-end.j2", "{% if %}");
    assert!(
        env.run(&["templates", "check"])
            .out
            .contains("line 1: syntax error")
    );
    own(&env, "email-end.j2", b"ok\n\xff");
    env.run(&["templates", "check"])
        .refused(1, &["line 2: this is not UTF-8"]);
    own(&env, "email-end.j2", vec![b'x'; (1 << 20) + 1]);
    env.run(&["email"]).refused(1, &["more than 1 MiB"]);
    // Logging does not care.
    env.ok(&["log", "--incident", "1", "12:00 a note"]);
}

#[test]
fn what_can_be_used_is_listed_from_the_types() {
    let env = Env::new();
    let letter = env.ok(&["templates", "show", "email-followup", "--variables"]);
    for says in [
        "next_update",
        "text or none",
        "list of Passage",
        "When the next word comes",
    ] {
        assert!(letter.contains(says), "{says}: {letter}");
    }
    let postmortem = env.ok(&["templates", "show", "postmortem", "--variables"]);
    assert!(
        postmortem.contains("The metrics with their formulas: a table."),
        "{postmortem}"
    );
    env.run(&["templates", "show", "poem"])
        .refused(2, &["no template `poem`", "email-end.j2"]);
    assert!(
        env.json(&["templates", "list", "--json"])
            .as_array()
            .unwrap()
            .len()
            >= 9
    );
}
