//! A letter in another language is a set of templates: `tests/templates_de` has all of them in German.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::TestEnv;
use std::{collections::BTreeSet, fs, path::Path};

fn install_german_templates(env: &TestEnv) {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/templates_de");
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        env.write_template(&name, &fs::read(&path).unwrap());
    }
}

fn english_words() -> BTreeSet<String> {
    let mut english = BTreeSet::new();
    let mut german = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (folder, words) in [
        ("templates", &mut english),
        ("tests/templates_de", &mut german),
    ] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if name.starts_with("email-") || name == "words.j2" {
                words.extend(words_of(&readable(&fs::read_to_string(&path).unwrap())));
            }
        }
    }
    &english - &german
}

/// What of a template may reach a reader: the text between its tags, and what they quote.
fn readable(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(open) = ["{{", "{%", "{#"]
        .iter()
        .filter_map(|tag| rest.find(tag))
        .min()
    {
        out.push_str(&rest[..open]);
        let close = match &rest[open..open + 2] {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let end = open + rest[open..].find(close).unwrap();
        if close != "#}" {
            let quoted = rest[open..end].split('"').skip(1).step_by(2);
            out.extend(quoted.flat_map(|text| [" ", text]));
        }
        out.push(' ');
        rest = &rest[end + 2..];
    }
    out + rest
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphabetic());
    words
        .filter(|word| word.len() > 1)
        .map(str::to_lowercase)
        .collect()
}

/// What the code itself would add to a letter if it had sentences of its own.
#[test]
fn no_english_word_is_left_in_a_german_letter() {
    let mut env = TestEnv::new();
    env.write_config("organisation = \"Laden\"\ncontact = \"hilfe@laden.example\"\n");
    install_german_templates(&env);
    let english = english_words();
    for word in ["monday", "about", "sorry", "hours", "since", "parts", "did"] {
        assert!(english.contains(word), "{word}");
    }
    let check = |env: &TestEnv, stage: &str, format: &str| {
        let letter = env.run_ok(&["email", "1", "--stage", stage, "--format", format]);
        // Commands in placeholders are the program's.
        let parts = letter
            .split("]]")
            .map(|part| part.split("[[").next().unwrap());
        let words: BTreeSet<String> = parts.flat_map(words_of).collect();
        let left: Vec<&String> = words.intersection(&english).collect();
        let left: Vec<&&String> = left.iter().filter(|word| **word != "subject").collect();
        assert!(left.is_empty(), "{stage}: {left:?}\n{letter}");
        letter
    };
    let run = |env: &TestEnv, line: &str| {
        let result = env.run_script(&format!("bridgelog {line}"));
        assert_eq!(result.exit_code, 0, "{line} {result:#?}");
    };
    env.set_now("2021-05-03T21:41:00Z");
    run(&env, "declare x --zone UTC --at '2021-05-03 21:40'");
    for stage in ["initial", "update", "resolved", "followup"] {
        check(&env, stage, "txt");
    }
    run(&env, "service netz --public Netz");
    run(&env, "service kasse --public Kasse");
    run(&env, "set product Laden");
    run(
        &env,
        "log '~21:40 fault: x @netz !degraded tell: Seiten sind alt.'",
    );
    let initial = check(&env, "initial", "txt");
    assert!(
        initial.contains("Netz: gestört seit etwa 21:40"),
        "{initial}"
    );
    run(&env, "email --save");
    run(&env, "email --sent m1 --via email");
    env.set_now("2021-05-06T22:52:00Z");
    run(
        &env,
        "log '2021-05-04 22:10 fault: x @kasse !down tell: Die Kasse steht.'",
    );
    run(&env, "set next-update 23:30");
    check(&env, "update", "txt");
    run(
        &env,
        "log '2021-05-06 09:45 restore: x @netz @kasse tell: Alles geht.'",
    );
    run(&env, "resolve");
    for (field, value) in [
        ("customer-scope", "viele"),
        ("customer-impact", "alte Seiten"),
        ("customer-action", "none"),
        ("unaffected", "Bilder"),
        ("data-loss", "none"),
        ("followup-by", "2021-05-14"),
    ] {
        run(&env, &format!("set --incident 1 {field} '{value}'"));
    }
    run(
        &env,
        "task add x --incident 1 --prevents --since 2021-04-01 --due 2021-09-01 --customer Ersatz",
    );
    for format in ["txt", "md"] {
        check(&env, "resolved", format);
        let followup = check(&env, "followup", format);
        for part in [
            "Teile von Laden liefen gestört oder fielen aus",
            "3. bis 6. Mai 2021",
        ] {
            assert!(followup.replace('\n', " ").contains(part), "{followup}");
        }
    }
    env.run_ok(&["templates", "check"]);
}
