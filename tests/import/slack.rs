//! Slack exports and pages of `conversations.history`.

use crate::*;

fn incidents(options: &ReadOptions) -> Vec<Row> {
    let path = fixtures().join("slack/export");
    let source = open_path("slack", &path, options).unwrap();
    assert_eq!(source.instance, "T0BREVA");
    source.rows.map(|row| row.unwrap()).collect()
}

fn only(channel: &str) -> ReadOptions {
    ReadOptions {
        channels: vec![channel.to_owned()],
        ..ReadOptions::default()
    }
}

#[test]
fn export_becomes_plain_text_with_names() {
    let found: Vec<String> = incidents(&only("incidents")).iter().map(line).collect();
    assert_eq!(
        found,
        [
            "2026-11-20T09:00:00.000100Z join Sam Okafor: @Sam Okafor has joined the channel",
            "2026-11-20T09:01:00.000200Z message Alertmanager: [FIRING:1] CheckoutErrors \
             (https://alerts.breva.example/#/alerts?token=[removed]) / \
             5xx above 5 % on checkout (https://grafana.breva.example/d/1) / Severity: critical",
            "2026-11-20T09:02:00.123456Z message Nora: @here checkout is failing, @Sam Okafor please \
             look at #general & https://status.breva.example; p95 > 3 s",
            "2026-11-20T09:03:00.000300Z message Sam Okafor: On it. Rolling back 4.12 \
             (see run 812 (https://ci.breva.example/run/812?token=[removed]))",
            "2026-11-20T09:09:00.000400Z message Sam Okafor: Rollback is done",
            "2026-11-20T09:10:00.000500Z deleted Slackbot: [deleted message]",
            "2026-11-20T09:11:00.000600Z message Ines Pardo: [file: db-load.png] / [file: deleted]",
            "2026-11-20T09:12:00.000700Z message Deploybot: Deploy finished / *Service* checkout / \
             *Version* 4.11 / by @Sam Okafor / - 3 pods / shimmering",
            "2026-11-20T09:13:00.000800Z housekeeping Nora: @Nora set the channel topic: SEV1 checkout",
            "2026-11-20T09:14:00.000900Z message U0NOBODY: A hologram started with @U0NOBODY",
            "2026-11-20T09:15:00.001Z message Nora: See https://wiki.breva.example/runbook",
            "2026-11-21T09:06:40.000100Z message Vera (DB vendor): Root cause was the missing index \
             <orders_by_day>",
        ]
    );
}

#[test]
fn id_is_the_channel_id_and_the_time_as_written() {
    let rows = incidents(&only("#incidents"));
    assert_eq!(rows[2].id, "C0INC/1795165320.123456");
    assert_eq!(
        rows[2].place.to_string(),
        "incidents/2026-11-20.json, message 3"
    );
}

#[test]
fn every_channel_is_read_unless_one_is_named() {
    assert_eq!(incidents(&ReadOptions::default()).len(), 14);
    assert_eq!(incidents(&only("general")).len(), 2);
    assert_eq!(incidents(&only("C0GEN")).len(), 2);
    let path = fixtures().join("slack/export");
    let error = open_path("slack", &path, &only("incident")).err().unwrap();
    assert_eq!(error.to_string(), "there is no channel `incident` in it");
    assert_eq!(error.hint.unwrap(), "it has general, incidents");
}

#[test]
fn archive_gives_the_rows_of_its_folder() {
    let folder = fixtures().join("slack/export");
    let temporary = tempfile::tempdir().unwrap();
    let path = temporary.path().join("Breva Slack export.zip");
    let mut archive = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    let options = zip::write::SimpleFileOptions::default();
    for name in Files::open(&folder).unwrap().names() {
        archive
            .start_file(format!("export/{name}"), options)
            .unwrap();
        archive
            .write_all(&fs::read(folder.join(name)).unwrap())
            .unwrap();
    }
    archive.finish().unwrap();
    let source = open_path("slack", &path, &ReadOptions::default()).unwrap();
    assert_eq!(source.instance, "T0BREVA");
    let zipped: Vec<Row> = source.rows.map(|row| row.unwrap()).collect();
    let unzipped = incidents(&ReadOptions::default());
    assert_eq!(ids(&zipped), ids(&unzipped));
    assert_eq!(zipped[5].hash, unzipped[5].hash);
}

#[test]
fn one_day_and_pages_of_history_give_the_same_messages() {
    let day = rows("slack", "slack/day.json");
    let mut history = rows("slack", "slack/history.json");
    history.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(
        ids(&day),
        [
            "1795165320.123456",
            "1795165380.000300",
            "1795165740.000400"
        ]
    );
    assert_eq!(ids(&day), ids(&history));
    let said = notices("slack", "slack/day.json");
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("the file does not say which channel"));
}

#[test]
fn reactions_and_replies_are_no_edit_and_a_new_text_is_one() {
    let message = |rest: &str| {
        let text = format!(r#"[{{"ts":"1795165320.000100","user":"U1","type":"message",{rest}}}]"#);
        rows_of_text("slack", &text)[0].hash
    };
    let first = message(r#""text":"a""#);
    assert_eq!(
        first,
        message(r#""reply_count": 2, "reactions":[{"name":"eyes"}], "text": "a""#)
    );
    assert_ne!(first, message(r#""text":"b""#));
    let file = |address: &str| {
        let file = format!(r#""files":[{{"id":"F1","name":"a.png","url_private":"{address}"}}]"#);
        message(&file)
    };
    assert_eq!(
        file("https://a/?t=1"),
        file("https://a/?t=2"),
        "tokens change with each export"
    );
}

#[test]
fn time_that_is_a_number_is_refused_and_the_next_message_is_read() {
    let text = r#"[{"ts":1795165320.123456,"text":"a"},{"text":"b"},{"ts":"1795165320.000100","text":"c"}]"#;
    assert_eq!(
        errors_of_text("slack", text),
        [
            "message 1: `ts` is not a time of Slack, \"1763632800.000200\": 1795165320.123456",
            "message 2: it has no `ts`, as every message of Slack has",
        ]
    );
    assert_eq!(read_text("slack", text).len(), 3);
}

#[test]
fn file_that_is_cut_off_does_not_end_the_folder() {
    let temporary = tempfile::tempdir().unwrap();
    let folder = temporary.path().join("incidents");
    fs::create_dir(&folder).unwrap();
    fs::write(
        folder.join("2026-11-20.json"),
        r#"[{"ts":"1795165320.000100","text":"a"#,
    )
    .unwrap();
    let good = r#"[{"ts":"1795252000.000100","text":"b"}]"#;
    fs::write(folder.join("2026-11-21.json"), good).unwrap();
    let source = open_path("slack", temporary.path(), &ReadOptions::default()).unwrap();
    let found: Vec<_> = source.rows.collect();
    let error = found[0].as_ref().unwrap_err();
    assert_eq!(
        error.to_string(),
        "incidents/2026-11-20.json, message 1: the input ends inside it; the rest of this file is left out"
    );
    assert!(!error.is_fatal);
    assert_eq!(found[1].as_ref().unwrap().text, "b");
}

#[test]
fn folder_without_days_says_what_is_expected() {
    let temporary = tempfile::tempdir().unwrap();
    fs::write(temporary.path().join("users.json"), "[]").unwrap();
    let error = open_path("slack", temporary.path(), &ReadOptions::default());
    let error = error.err().unwrap().to_string();
    assert!(error.contains("there is no day of a channel"), "{error}");
}

#[test]
fn half_a_character_where_a_text_was_cut_does_not_cost_the_message() {
    let text = r#"[{"ts":"1795165320.000100","text":"down \ud83d"},{"ts":"1795165320.000200","text":"\ud83d\ude00 \\ud83d \udc00x\u0000"}]"#;
    let texts: Vec<String> = rows_of_text("slack", text)
        .into_iter()
        .map(|row| row.text)
        .collect();
    assert_eq!(texts, ["down \u{fffd}", "😀 \\ud83d \u{fffd}x"]);
}
