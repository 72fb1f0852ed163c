//! The prompt of `bridgelog log` in a pseudo-terminal.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
use common::{TestEnv, pty};
use std::{
    io::{Read, Write},
    time::{Duration, Instant},
};

/// Runs the prompt. Each step is a text to wait for and the keys to type then.
fn run_prompt(env: &TestEnv, steps: &[(&str, &str)]) -> String {
    run_in_terminal(env, &["log"], steps)
}

/// Runs `bridgelog args` in a terminal.
fn run_in_terminal(env: &TestEnv, args: &[&str], steps: &[(&str, &str)]) -> String {
    let (mut child, terminal) = pty::start(env, args, (24, 80));
    let (mut reader, mut writer) = (
        terminal.try_clone_reader().unwrap(),
        terminal.take_writer().unwrap(),
    );
    let (sender, output) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(n @ 1..) = reader.read(&mut bytes) {
            let _ = sender.send(bytes[..n].to_vec());
        }
    });
    let mut screen = vt100::Parser::new(24.try_into().unwrap(), 80.try_into().unwrap(), 0);
    let mut wait_for = |text: &str| {
        let start = Instant::now();
        while !screen.screen().contents().contains(text) {
            assert!(
                start.elapsed() < Duration::from_secs(30),
                "no `{text}`: {}",
                screen.screen().contents()
            );
            if let Ok(bytes) = output.recv_timeout(Duration::from_millis(50)) {
                screen.process(&bytes);
            }
        }
        screen.screen().contents()
    };
    let mut seen = String::new();
    for (text, keys) in steps {
        seen = wait_for(text);
        writer.write_all(keys.as_bytes()).unwrap();
        writer.flush().unwrap();
    }
    child.wait().unwrap();
    seen
}

fn last_event(env: &TestEnv) -> serde_json::Value {
    let show = env.run_json(&["show", "--json"]);
    show["events"].as_array().unwrap().last().unwrap().clone()
}

fn env_with_incident() -> TestEnv {
    TestEnv::with_incident(&["--at", "08:00"])
}

#[test]
fn rejected_prompt_line_stays_editable() {
    let env = env_with_incident();
    run_prompt(
        &env,
        &[
            ("›", "8:59 it's dwon !dwon"),
            ("!dwon", "\r"),
            ("error:", "\x1b[D\x1b[D\x1b[D\x1b[3~\x1b[3~ow"),
            ("!down", "\r"),
        ],
    );
    let event = last_event(&env);
    assert_eq!(event["text"], "it's dwon");
    assert_eq!(event["state"], "down");
}

#[test]
fn pasted_text_sets_no_customer_wording() {
    let env = env_with_incident();
    run_prompt(
        &env,
        &[
            (
                "›",
                "\x1b[200~harmless tell: pasted secret\rtouch PWNED\r\x1b[201~",
            ),
            ("touch PWNED", "\r"),
        ],
    );
    let event = last_event(&env);
    assert_eq!(event["customer"], serde_json::Value::Null);
    assert_eq!(event["text"], "harmless tell: pasted secret touch PWNED");
}

#[test]
fn ctrl_c_at_prompt_logs_nothing() {
    let env = env_with_incident();
    run_prompt(&env, &[("›", "half a line"), ("half a line", "\x03")]);
    assert_eq!(last_event(&env)["kind"], "declare");
}

#[test]
fn redact_in_a_terminal_shows_the_event_and_wants_a_yes() {
    let env = env_with_incident();
    let handle = env.log("8:05 note: the token is hunter2");
    let redact = ["redact", &handle[..3], "--reason", "a secret"];
    run_in_terminal(&env, &redact, &[("the token is hunter2", "n\r")]);
    assert_eq!(last_event(&env)["text"], "the token is hunter2");
    // A short beginning is no answer either.
    let short = format!("{}\r", &handle[..3]);
    run_in_terminal(&env, &redact, &[("type `yes`", &short)]);
    assert_eq!(last_event(&env)["text"], "the token is hunter2");
    let whole = format!("{handle}\r");
    run_in_terminal(&env, &redact, &[("type `yes`", &whole)]);
    assert_eq!(last_event(&env)["text"], "");
    let other = env.log("8:06 note: another");
    let redact = ["redact", &other, "--reason", "a secret"];
    run_in_terminal(&env, &redact, &[("note: another", "yes\r")]);
    assert_eq!(last_event(&env)["text"], "");
}
