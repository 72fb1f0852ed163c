//! User templates take precedence over the built-in ones, and their faults are reported by `check`.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;

fn write_own_template(env: &TestEnv, name: &str, text: impl AsRef<[u8]>) {
    env.write_template(name, text.as_ref());
}

#[test]
fn own_template_overrides_built_in_until_ejected_again() {
    let env = TestEnv::worked_example();
    let output = env.run_ok(&["templates", "eject", "email-end"]);
    assert!(output.contains("templates/email-end.j2"), "{output}");
    assert_eq!(
        env.run_ok(&["email"]),
        TestEnv::worked_example().run_ok(&["email"])
    );
    env.run(&["templates", "eject", "email-end"])
        .assert_error(1, &["is there already", "--force"]);
    write_own_template(&env, "email-end.j2", "Ask {{ contact }}.\n");
    assert!(
        env.run_ok(&["email"])
            .contains("Ask support@avr.example.\n")
    );
    assert!(env.run_ok(&["templates", "list"]).contains("your own: "));
    assert_eq!(
        env.run_ok(&["templates", "show", "email-end"]),
        "Ask {{ contact }}.\n"
    );
    assert!(
        env.run_ok(&["templates", "check"])
            .contains("1 of them your own")
    );
    env.run_ok(&["templates", "eject", "email-end", "--force"]);
    assert_eq!(
        env.run_ok(&["email"]),
        TestEnv::worked_example().run_ok(&["email"])
    );
}

#[test]
fn template_error_names_file_line_and_variable() {
    let env = TestEnv::worked_example();
    write_own_template(&env, "email-end.j2", "{{ contact }}\n{{ signatur }}\n");
    env.run(&["email"]).assert_error(
        1,
        &["`email-end.j2`, line 2: there is no `signatur`", "hint:"],
    );
    let result = env.run(&["templates", "check"]);
    result.assert_error(3, &["fault", "config/bridgelog/templates"]);
    assert!(
        result
            .stdout
            .contains("template `email-end.j2`, line 2: there is no `signatur`"),
        "{}",
        result.stdout
    );
    write_own_template(&env, "email-end.j2", "{% if %}");
    assert!(
        env.run(&["templates", "check"])
            .stdout
            .contains("line 1: syntax error")
    );
    write_own_template(&env, "email-end.j2", b"ok\n\xff");
    env.run(&["templates", "check"])
        .assert_error(1, &["line 2: this is not UTF-8"]);
    write_own_template(&env, "email-end.j2", vec![b'x'; (1 << 20) + 1]);
    env.run(&["email"]).assert_error(1, &["more than 1 MiB"]);
    // Logging works with a broken template.
    env.run_ok(&["log", "--incident", "1", "12:00 a note"]);
}

#[test]
fn templates_show_lists_variables_and_types() {
    let env = TestEnv::new();
    let letter = env.run_ok(&["templates", "show", "email-followup", "--variables"]);
    for part in [
        "next_update",
        "text or none",
        "list of Step",
        "When the next update comes",
    ] {
        assert!(letter.contains(part), "{part}: {letter}");
    }
    let postmortem = env.run_ok(&["templates", "show", "postmortem", "--variables"]);
    assert!(
        postmortem.contains("The figures with their formulas: a table."),
        "{postmortem}"
    );
    env.run(&["templates", "show", "poem"])
        .assert_error(2, &["no template `poem`", "email-end.j2"]);
    assert!(
        env.run_json(&["templates", "list", "--json"])
            .as_array()
            .unwrap()
            .len()
            >= 9
    );
}

#[test]
fn template_nested_too_deep_is_an_error_of_every_verb_that_renders_it() {
    let env = TestEnv::worked_example();
    for source in [
        format!("{{{{ contact{} }}}}", "|upper".repeat(100_000)),
        format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000)),
        format!("{{% if 0 %}}{}", "{% elif 0 %}".repeat(80_000)),
        "{% if 1 %}".repeat(100_000),
        "{% include 'email-end.j2' %}".to_owned(),
    ] {
        write_own_template(&env, "email-end.j2", &source);
        env.run(&["email"])
            .assert_error(1, &["`email-end.j2`, line 1: "]);
        env.run(&["lint"])
            .assert_error(1, &["`email-end.j2`, line 1: "]);
        env.run(&["templates", "check"]).assert_error(3, &["fault"]);
    }
    write_own_template(&env, "email-end.j2", "{{ [contakt] }}");
    let why = "`email-end.j2`, line 1: there is no `contakt`: did you mean `contact`?";
    env.run(&["email"]).assert_error(1, &[why]);
    assert!(env.run(&["templates", "check"]).stdout.contains(why));
}
