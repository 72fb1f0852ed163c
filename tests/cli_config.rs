//! `bridgelog config`: the settings with where each comes from, and changes that keep the rest of the file.
#![allow(clippy::unwrap_used, clippy::panic)]

mod common;
use common::TestEnv;
use std::{fs, os::unix::fs::symlink, path::PathBuf};

fn file(env: &TestEnv) -> PathBuf {
    env.path().join("config/bridgelog/config.toml")
}

fn row(env: &TestEnv, key: &str) -> serde_json::Value {
    let listed = env.run_json(&["config", "list", "--json"]);
    let rows = listed["settings"].as_array().unwrap();
    let found = rows.iter().find(|row| row["key"] == key);
    found
        .unwrap_or_else(|| panic!("no {key}: {listed}"))
        .clone()
}

#[test]
fn list_says_value_and_source_of_each_setting() {
    let env = TestEnv::new();
    let path = env.run_ok(&["config", "--path"]);
    assert_eq!(path.trim_end(), file(&env).to_str().unwrap());
    assert!(env.run_ok(&["config"]).contains("not there yet"));
    env.write_config("contact = 'a@b.example'\nzone = 'Europe/Berlin'\n[keys]\nundo = 'U'\n");
    let contact = row(&env, "contact");
    assert_eq!(
        (contact["value"].as_str(), contact["source"].as_str()),
        (Some("a@b.example"), Some("file"))
    );
    let minutes = row(&env, "lint.update-minutes");
    assert_eq!(
        (minutes["value"].as_u64(), minutes["source"].as_str()),
        (Some(60), Some("default"))
    );
    // The environment of the tests names a zone.
    let zone = row(&env, "zone");
    assert_eq!(
        (zone["value"].as_str(), zone["source"].as_str()),
        (Some("America/New_York"), Some("environment"))
    );
    assert_eq!(row(&env, "keys.undo")["value"], "U");
    assert!(row(&env, "signature")["value"].is_null());
    assert_eq!(
        env.run_ok(&["config", "--json"]),
        env.run_ok(&["config", "list", "--json"])
    );
    let listed = env.run_ok(&["config", "list"]);
    assert!(
        listed.contains("contact") && listed.contains("a@b.example"),
        "{listed}"
    );
}

#[test]
fn get_prints_the_bare_value() {
    let env = TestEnv::new();
    env.write_config("contact = 'a@b.example'\nlint.words = ['glitch', 'two words']\n");
    assert_eq!(env.run_ok(&["config", "get", "contact"]), "a@b.example\n");
    assert_eq!(
        env.run_ok(&["config", "get", "lint.words"]),
        "glitch\ntwo words\n"
    );
    assert_eq!(env.run_ok(&["config", "get", "clock"]), "24h\n");
    env.run(&["config", "get", "signature"])
        .assert_error(1, &["signature is not set", "hint: "]);
    env.run(&["config", "get", "contakt"])
        .assert_error(2, &["did you mean `contact`?"]);
}

#[test]
fn set_keeps_comments_and_order_and_is_read_by_the_program() {
    let env = TestEnv::new();
    env.write_config(
        "# ours\ncontact = 'old' # for now\n\n[lint]\n# strict\nupdate-minutes = 30\n",
    );
    let set = env.run_ok(&["config", "set", "contact", "support@avr.example"]);
    assert!(
        set.contains("set contact to \"support@avr.example\""),
        "{set}"
    );
    env.run_ok(&["config", "set", "lint.vendors", "Example Hosting", "Other"]);
    env.run_ok(&["config", "set", "mouse", "off"]);
    assert_eq!(
        fs::read_to_string(file(&env)).unwrap(),
        "# ours\ncontact = \"support@avr.example\" # for now\nmouse = false\n\n[lint]\n# strict\n\
         update-minutes = 30\nvendors = [\"Example Hosting\", \"Other\"]\n"
    );
    env.run_ok(&["config", "set", "contact", "-"]);
    let text = fs::read_to_string(file(&env)).unwrap();
    assert!(
        !text.contains("contact") && text.contains("# strict"),
        "{text}"
    );
    // An alias is used by `log`.
    env.run_ok(&["config", "set", "aliases.theory", "suspect"]);
    assert_eq!(
        env.run_json(&["log", "--json", "theory: the cache"])["kind"],
        "suspect"
    );
}

#[test]
fn text_of_two_lines_is_kept_as_it_is() {
    let env = TestEnv::new();
    env.run_ok(&["config", "set", "signature", "Ann Lee\nAVR \"Online\""]);
    assert_eq!(
        env.run_ok(&["config", "get", "signature"]),
        "Ann Lee\nAVR \"Online\"\n"
    );
}

#[test]
fn refused_value_changes_nothing() {
    let env = TestEnv::new();
    let before = "contact = 'a'\n";
    env.write_config(before);
    for (args, parts) in [
        (
            &["contakt", "x"][..],
            &["contakt", "did you mean `contact`?"][..],
        ),
        (&["clock", "13h"], &["`13h`", "24h"]),
        (&["mouse", "perhaps"], &["true or false"]),
        (&["update-interval", "soon"], &["whole number"]),
        (&["zone", "Europe/Belin"], &["Europe/Belin"]),
        (&["keys.undo", "ctrl-zz"], &["ctrl-zz"]),
        (&["keys.nothing", "x"], &["nothing"]),
        (&["theme.down", "red fat"], &["fat"]),
        (&["aliases.theory", "suspekt"], &["suspect"]),
        (&["aliases.fault", "note"], &["is a kind itself"]),
        (&["keys", "x"], &["there is no setting `keys`"]),
    ] {
        let args: Vec<&str> = ["config", "set"].iter().chain(args).copied().collect();
        env.run(&args).assert_error(2, parts);
        assert_eq!(fs::read_to_string(file(&env)).unwrap(), before, "{args:?}");
    }
}

#[test]
fn value_that_the_file_could_not_have_blames_the_value() {
    let env = TestEnv::new();
    for args in [
        &["config", "set", "attach-mib", "100"][..],
        &["config", "set", "severities", "a", "a"],
    ] {
        let result = env.run(args);
        result.assert_error(2, &[args[2], "does not take", "nothing was changed"]);
        assert!(!result.stderr.contains("the settings file"), "{result:#?}");
    }
}

#[test]
fn wrong_file_is_named_and_can_be_mended() {
    let env = TestEnv::new();
    env.write_config("contakt = 'a'\n");
    env.run(&["config"])
        .assert_error(1, &["line 1", "did you mean `contact`?"]);
    env.run(&["config", "set", "mouse", "off"])
        .assert_error(1, &["contakt"]);
    env.write_config("clock = '13h'\n");
    env.run_ok(&["config", "set", "clock", "12h"]);
    assert_eq!(env.run_ok(&["config", "get", "clock"]), "12h\n");
    env.write_config("clock = \n");
    env.run(&["config", "set", "clock", "12h"])
        .assert_error(1, &["config.toml"]);
}

#[test]
fn link_stays_and_its_target_is_written() {
    let env = TestEnv::new();
    let target = env.path().join("dotfiles.toml");
    fs::write(&target, "mouse = true\n").unwrap();
    symlink(&target, file(&env)).unwrap();
    env.run_ok(&["config", "set", "mouse", "false"]);
    assert_eq!(fs::read_to_string(&target).unwrap(), "mouse = false\n");
    assert!(fs::symlink_metadata(file(&env)).unwrap().is_symlink());
}

#[test]
fn folder_is_made_for_a_first_setting() {
    let env = TestEnv::new();
    fs::remove_dir_all(env.path().join("config")).unwrap();
    env.run_ok(&["config", "set", "organisation", "Acme", "Corp"]);
    assert_eq!(
        fs::read_to_string(file(&env)).unwrap(),
        "organisation = \"Acme Corp\"\n"
    );
    assert!(!env.db_path().exists());
}
