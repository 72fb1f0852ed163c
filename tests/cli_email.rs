//! `.eml` drafts, and files that are written together.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::{TestEnv, assert_matches_golden, skip};
use std::{
    fs,
    process::{Command, Stdio},
};

const STAGES: [&str; 4] = ["initial", "update", "resolved", "followup"];

#[test]
fn eml_draft_matches_golden_file() {
    let env = TestEnv::worked_example();
    let args = ["email", "--stage", "followup", "--format", "eml"];
    let draft = env.run_ok(&args);
    assert_matches_golden("followup.eml", &draft);
    assert_eq!(draft, env.run_ok(&args), "the same records, the same bytes");
    assert_eq!(draft, TestEnv::worked_example().run_ok(&args));
    env.run_ok(&[&args[..], &["--output", "letter.eml"]].concat());
    assert_eq!(
        fs::read_to_string(env.path().join("letter.eml")).unwrap(),
        draft,
        "a file keeps its CRLF"
    );
}

#[test]
fn eml_drafts_parse_in_python_without_defects() {
    let python = Command::new("python3").arg("-V").output();
    if !python.is_ok_and(|output| output.status.success()) {
        return skip("there is no python3");
    }
    let env = TestEnv::worked_example();
    env.write_config(
        "organisation = 'Änderungs-Haus \"AVR\", Inc. (EU)'\ncontact = 'support@avr.example'\n",
    );
    let name = "Önline: 日本 👩‍🚒 and more of it, so that the subject is folded somewhere";
    env.run_ok(&["set", "product", name, "--incident", "1"]);
    env.run_ok(&["service", "online-db", "--public", name, "--incident", "1"]);
    for stage in STAGES {
        let file = format!("{stage}.eml");
        env.run_ok(&[
            "email",
            "1",
            "--stage",
            stage,
            "--format",
            "eml",
            "--to",
            "ann@x.example",
            "--to",
            "Räj, the <raj@x.example>",
            "--output",
            &file,
        ]);
        let check = r#"
import email, email.policy, sys
mail = email.message_from_bytes(open(sys.argv[1], "rb").read(), policy=email.policy.strict)
assert not [d for part in mail.walk() for d in part.defects]
assert not [d for name in mail.keys() for d in mail[name].defects]
assert mail.get_content_type() == "multipart/alternative", mail.get_content_type()
assert [p.get_content_type() for p in mail.iter_parts()] == ["text/plain", "text/html"]
assert mail["X-Unsent"] == "1"
assert [a.addr_spec for a in mail["To"].addresses] == ["ann@x.example", "raj@x.example"]
assert [a.addr_spec for a in mail["From"].addresses] == ["support@avr.example"]
assert mail["From"].addresses[0].display_name == 'Änderungs-Haus "AVR", Inc. (EU)'
assert mail["To"].addresses[1].display_name == "Räj, the"
assert "Önline: 日本 👩‍🚒 and more of it" in mail["Subject"], mail["Subject"]
for part in mail.iter_parts():
    assert "Önline" in part.get_content()
"#;
        let output = Command::new("python3")
            .args(["-X", "utf8", "-c", check, &file])
            .current_dir(env.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{stage}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

#[test]
fn eml_requires_valid_contact_address() {
    let env = TestEnv::worked_example();
    env.write_config("");
    let draft = ["email", "--format", "eml"];
    env.run(&draft)
        .assert_error(1, &["no `from` and no `contact`", "hint: ", "config.toml"]);
    env.write_config("contact = \"https://status.avr.example\"\n");
    env.run(&draft)
        .assert_error(1, &["https://status.avr.example", "config.toml"]);
    env.write_config("contact = \"a@b.example\\nBcc: eve@evil.example\"\n");
    env.run(&draft).assert_error(1, &["line break"]);
    assert!(!env.run_ok(&["email"]).is_empty(), "text needs no sender");
}

#[test]
fn email_rejects_invalid_recipients_and_subjects() {
    let env = TestEnv::worked_example();
    for invalid in [
        "ann",
        "ann@x",
        "a@x.example\r\nBcc: eve@evil.example",
        "",
        "a@x.example,b@x.example",
    ] {
        env.run(&[
            "email",
            "--format",
            "eml",
            "--to",
            "ok@x.example",
            "--to",
            invalid,
        ])
        .assert_error(2, &["is not a mail address", "hint: "]);
    }
    for invalid in ["a\r\nBcc: eve@evil.example", "a\nb", "a\rb", "", " "] {
        for format in ["eml", "txt"] {
            env.run(&["email", "--format", format, "--subject", invalid])
                .assert_error(2, &["the subject", "hint: "]);
        }
    }
    env.run(&["email", "--to", "ann@x.example"])
        .assert_error(2, &["--to", "--format eml"]);
    env.run(&["email", "--format", "pdf"])
        .assert_error(2, &["pdf", "txt, md or eml"]);
    let email = env.run_ok(&["email", "--subject", "Über 日本"]);
    assert!(email.starts_with("Subject: Über 日本\n\n"), "{email}");
    let mail = env.run_ok(&["email", "--format", "eml", "--subject", "All is well"]);
    assert!(mail.contains("\r\nSubject: All is well\r\n") && !mail.contains("\r\nTo: "));
}

#[test]
fn postmortem_and_svg_are_written_both_or_neither() {
    let env = TestEnv::worked_example();
    let read = |name: &str| fs::read_to_string(env.path().join(name)).unwrap();
    fs::write(env.path().join("a report.svg"), "mine").unwrap();
    env.run(&["postmortem", "--output", "a report.md"])
        .assert_error(1, &["a report.svg exists already", "--force"]);
    assert!(!env.path().join("a report.md").exists());
    env.run_ok(&["postmortem", "--output", "a report.md", "--force"]);
    assert!(read("a report.md").contains("](a%20report.svg)\n"));
    assert!(read("a report.svg").starts_with("<svg xmlns="));

    fs::remove_file(env.path().join("a report.svg")).unwrap();
    fs::write(env.path().join("a report.md"), "mine").unwrap();
    env.run(&["postmortem", "--output", "a report.md"])
        .assert_error(1, &["a report.md exists already"]);
    assert!(!env.path().join("a report.svg").exists());
    assert_eq!(read("a report.md"), "mine");

    fs::create_dir(env.path().join("b.svg")).unwrap();
    env.run(&["postmortem", "--output", "b.md", "--force"])
        .assert_error(1, &["b.svg is a folder"]);
    assert!(!env.path().join("b.md").exists());
    env.run_ok(&["postmortem", "--output", "plain.txt"]);
    assert!(!env.path().join("plain.svg").exists() && !read("plain.txt").contains("!["));
    let temporary_files: Vec<_> = fs::read_dir(env.path())
        .unwrap()
        .filter_map(|e| e.unwrap().file_name().into_string().ok())
        .filter(|name| name.starts_with(".bridgelog-"))
        .collect();
    assert!(temporary_files.is_empty(), "{temporary_files:?}");

    env.run_ok(&["postmortem", "--format", "html", "--output", "p.html"]);
    env.run(&["postmortem", "--format", "html", "--output", "p.html"])
        .assert_error(1, &["p.html exists already"]);
    env.run(&["postmortem", "--format", "html", "--output", "."])
        .assert_error(1, &["is a folder"]);
    std::os::unix::fs::symlink("elsewhere.html", env.path().join("link.html")).unwrap();
    env.run_ok(&[
        "postmortem",
        "--format",
        "html",
        "--output",
        "link.html",
        "--force",
    ]);
    assert!(!env.path().join("elsewhere.html").exists());
}

/// An incident of three names over two days, whose letters the README shows.
fn env_with_three_names() -> TestEnv {
    let mut env = TestEnv::new();
    env.write_config("organisation = \"Acme\"\ncontact = \"help@acme.example\"\n");
    env.set_now("2021-05-03T21:41:00Z");
    let declare = "declare 'Replication broke' --zone UTC --at '2021-05-03 21:40'";
    let script = [
        declare,
        "service web --public 'Acme Web'",
        "service hooks --public Webhooks",
        "service builds --public Builds",
        "set product Acme",
        "log '21:40 fault: stale pages @web !degraded tell: Pages show old information.'",
    ];
    let run = |env: &TestEnv, lines: &[&str]| {
        for line in lines {
            let result = env.run_script(&format!("bridgelog {line}"));
            assert_eq!(result.exit_code, 0, "{line} {result:#?}");
        }
    };
    run(&env, &script);
    env.set_now("2021-05-03T22:52:00Z");
    run(
        &env,
        &["log '22:10 fault: queue stuck @hooks @builds !down tell: Webhooks and builds stopped.'"],
    );
    env.set_now("2021-05-04T13:00:00Z");
    run(
        &env,
        &[
            "log '2021-05-04 09:45 mitigate: workers @hooks @builds tell: Builds run, with a delay.'",
            "log '12:51 restore: all back @web @hooks @builds tell: All is up to date again.'",
            "resolve over",
            "set --incident 1 customer-scope everyone",
            "set --incident 1 customer-impact 'pages showed information that was out of date; webhooks were not delivered and builds did not start'",
            "set --incident 1 unaffected 'the repositories themselves'",
            "set --incident 1 data-loss none",
            "task add --incident 1 standby --prevents --customer 'A second site'",
        ],
    );
    env
}

#[test]
fn letter_of_several_names_begins_as_documented() {
    let env = env_with_three_names();
    let letter = env.run_ok(&["email", "1", "--stage", "followup"]);
    let (beginning, _) = letter.split_once("\nWhat happened (UTC)\n").unwrap();
    let page = include_str!("../docs/documents.md");
    assert!(
        page.contains(&format!("```text\n{beginning}```\n")),
        "{letter}"
    );
}

fn header<'a>(draft: &'a str, name: &str) -> Option<&'a str> {
    let prefix = format!("{name}: ");
    draft
        .lines()
        .find_map(|line| line.strip_prefix(prefix.as_str()))
}

#[test]
fn mail_drafts_of_kept_letters_are_one_thread() {
    let mut env = env_with_three_names();
    env.write_config("contact = 'https://help.acme.example'\nfrom = 'Acme <help@acme.example>'\n");
    let draft = |env: &TestEnv, stage: &str| {
        env.run_ok(&["email", "1", "--stage", stage, "--format", "eml"])
    };
    let unkept = draft(&env, "resolved");
    assert_eq!(header(&unkept, "In-Reply-To"), None);
    assert_eq!(
        header(&unkept, "From"),
        Some("\"Acme\" <help@acme.example>")
    );
    assert!(
        unkept.contains("Questions: https://help.acme.example"),
        "{unkept}"
    );
    env.run_ok(&["email", "1", "--stage", "resolved", "--save"]);
    let first = draft(&env, "resolved");
    env.set_now("2021-05-04T13:05:00Z");
    let again = draft(&env, "resolved");
    let id = header(&first, "Message-ID").unwrap();
    assert_eq!(
        header(&again, "Message-ID"),
        Some(id),
        "a kept letter has one"
    );
    assert_ne!(header(&again, "Date"), header(&first, "Date"));
    assert_ne!(header(&unkept, "Message-ID"), Some(id));
    // What was sent by another way is no mail to reply to.
    env.run_ok(&["email", "1", "--stage", "update", "--save"]);
    env.run_ok(&["--incident", "1", "email", "--sent", "m2", "--via", "phone"]);
    assert_eq!(header(&draft(&env, "followup"), "In-Reply-To"), None);
    env.run_ok(&["--incident", "1", "email", "--sent", "m1", "--via", "email"]);
    let followup = draft(&env, "followup");
    assert_eq!(header(&followup, "In-Reply-To"), Some(id));
    assert_eq!(header(&followup, "References"), Some(id));
    assert_ne!(header(&followup, "Message-ID"), Some(id));
}

#[test]
fn clock_and_date_of_letters_are_settings() {
    let env = env_with_three_names();
    env.write_config("organisation = 'Acme'\nclock = '12h'\ndate = 'mdy'\n");
    let letter = env.run_ok(&["email", "1", "--stage", "followup"]);
    for part in [
        "disruption of May 3 to 4, 2021",
        "from 9:40 p.m. UTC on Monday,\nMay 3, 2021 to 12:51 p.m. UTC on Tuesday, May 4, 2021",
        "Mon May 3 10:10 p.m. to Tue May 4 9:45 a.m.",
        "\n9:45 a.m. Builds run, with a delay.",
    ] {
        assert!(letter.contains(part), "{part}\n{letter}");
    }
    env.write_config("clock = 'noon'\n");
    env.run(&["email", "1"])
        .assert_error(1, &["config.toml", "noon", "12h"]);
}

#[test]
fn story_of_the_letter_opens_on_the_dated_wordings_which_are_not_kept() {
    let env = env_with_three_names();
    let editor = env.path().join("editor.sh");
    let seen = env.path().join("seen.md");
    let with_editor = |script: &str| {
        fs::write(
            &editor,
            format!("#!/bin/sh\ncp \"$1\" '{}'\n{script}\n", seen.display()),
        )
        .unwrap();
        env.run_script(&format!(
            "EDITOR='sh {}' bridgelog write customer-followup",
            editor.display()
        ))
    };
    let unchanged = with_editor("true");
    assert!(unchanged.stdout.contains("is as it was"), "{unchanged:?}");
    let material = fs::read_to_string(&seen).unwrap();
    for part in [
        "none of it is kept",
        "\nMonday, 3 May 2021\n21:40 Pages show old information.\n",
        "\nTuesday, 4 May 2021\n09:45 Builds run, with a delay.\n",
    ] {
        assert!(material.contains(part), "{part}\n{material}");
    }
    let written = with_editor("sed -i '1s/^/It was a long night.\\n/' \"$1\"");
    assert_eq!(written.exit_code, 0, "{written:?}");
    let letter = env.run_ok(&["email", "1", "--stage", "followup"]);
    assert!(letter.contains("It was a long night."), "{letter}");
    assert!(!letter.contains("none of it is kept"), "{letter}");
    // A file kept from an editor that failed has the material too.
    env.run(&["write", "customer-followup", "--from", "seen.md"])
        .assert_error(2, &["no prose"]);
    with_editor("true");
    env.run_ok(&["write", "customer-followup", "--from", "seen.md"]);
    let letter = env.run_ok(&["email", "1", "--stage", "followup"]);
    assert!(
        letter.contains("It was a long night.") && !letter.contains("is kept"),
        "{letter}"
    );
}
