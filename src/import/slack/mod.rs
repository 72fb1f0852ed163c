//! Slack: an export (a zip archive or its folder), one day of a channel, and pages of `conversations.history`.
//!
//! An export has `users.json`, `channels.json` and `CHANNEL/YYYY-MM-DD.json`. A file names a day in some time
//! zone and the messages have their own time, so that names of files only say which channel it is.

mod blocks;
mod directory;
mod markup;
mod message;

use self::{
    directory::{Directory, team_of},
    message::rows_of,
};
use super::{
    files::Files,
    format::{Format, MAX_NAMES, Notices, ReadOptions, Sample, Source},
    json::text_at,
    json_items::first_item,
    json_rows::json_rows,
    row::RowError,
    time::{parse_date, parse_epoch},
};
use std::collections::BTreeSet;

pub(super) const SLACK: Format = Format {
    name: "slack",
    about: "a Slack export (zip or folder), a channel's day from it, or pages of conversations.history",
    detect,
    open,
};

/// Where `conversations.history` and other tools put the messages.
const KEYS: &[&str] = &["messages"];

fn detect(sample: &Sample) -> bool {
    let has_list = |name: &String| {
        let base = base_name(name);
        base == "channels.json" || base == "users.json" || base == "dms.json"
    };
    let has_days = sample.names.iter().any(|name| is_day(name));
    // The lists of a large export stand behind the names that a sample has.
    let may_have_list = sample.names.len() >= MAX_NAMES || sample.names.iter().any(has_list);
    if has_days && may_have_list {
        return true;
    }
    if let Some(message) = sample.first_item(KEYS) {
        let ts = message.get("ts").and_then(|ts| ts.as_str());
        let has_six_digits = |ts: &str| {
            ts.rsplit_once('.')
                .is_some_and(|(_, digits)| digits.len() == 6)
        };
        return ts.is_some_and(|ts| has_six_digits(ts) && parse_epoch(ts).is_some())
            && ["type", "user", "bot_id", "text", "blocks"]
                .iter()
                .any(|key| message.get(key).is_some());
    }
    sample.mentions_keys(&["ts", "type", "text", "user"])
}

fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// True for `.../YYYY-MM-DD.json`.
fn is_day(name: &str) -> bool {
    base_name(name)
        .strip_suffix(".json")
        .is_some_and(|date| parse_date(date).is_some())
}

/// The channel that a day's file belongs to, from its folder; empty at the top.
fn channel_of(name: &str) -> &str {
    let mut parts = name.rsplit('/');
    parts.nth(1).unwrap_or_default()
}

fn open(files: Files, options: &ReadOptions) -> Result<Source, RowError> {
    match files.is_several() {
        true => open_export(files, options),
        false => open_file(files, options),
    }
}

fn open_export(mut files: Files, options: &ReadOptions) -> Result<Source, RowError> {
    let lists = ["users.json", "channels.json", "groups.json", "dms.json"];
    let is_list = |name: &&String| lists.contains(&base_name(name));
    let root = files.names().iter().find(is_list).map_or("", |name| {
        let end = name.len() - base_name(name).len();
        &name[..end]
    });
    let root = root.to_owned();
    let mut directory = Directory::read(&mut files, &root)?;
    let days: Vec<usize> = (0..files.names().len())
        .filter(|index| files.names().get(*index).is_some_and(|name| is_day(name)))
        .collect();
    let Some(&first_day) = days.first() else {
        return Err(RowError::input(
            "there is no day of a channel in it, such as `incidents/2026-11-20.json`",
        )
        .with_hint("name the zip archive of the export, or the folder that has `users.json`"));
    };
    if directory.team.is_empty() {
        directory.team = team_in(&mut files, first_day)?;
    }
    let names = files.names();
    let channels: BTreeSet<&str> = days
        .iter()
        .filter_map(|index| names.get(*index))
        .map(|name| channel_of(name))
        .collect();
    let is_wanted = |channel: &str| {
        options.channels.is_empty()
            || options.channels.iter().any(|wanted| {
                let wanted = wanted.trim_start_matches('#');
                wanted == channel || wanted == directory.channel_id(channel)
            })
    };
    for wanted in &options.channels {
        let bare = wanted.trim_start_matches('#');
        let has = |channel: &&str| *channel == bare || directory.channel_id(channel) == bare;
        if !channels.iter().any(has) {
            return Err(no_such_channel(bare, &channels));
        }
    }
    let days = days
        .into_iter()
        .filter(|index| {
            names
                .get(*index)
                .is_some_and(|name| is_wanted(channel_of(name)))
        })
        .collect();
    let notices = Notices::default();
    if channels.contains("") {
        notices.borrow_mut().push(UNKNOWN_CHANNEL.to_owned());
    }
    let instance = instance(&directory);
    let rows = json_rows(files, days, KEYS, "message", &notices, move |item| {
        let channel = directory.channel_id(channel_of(item.file));
        rows_of(item, channel, &directory)
    });
    Ok(Source {
        instance,
        rows,
        notices,
    })
}

/// Said where a message's id cannot have its channel.
const UNKNOWN_CHANNEL: &str = "the file does not say which channel it is: an export that has the same messages \
    would add them once more";

fn no_such_channel(name: &str, channels: &BTreeSet<&str>) -> RowError {
    const SHOWN: usize = 20;
    let mut known: Vec<&str> = channels.iter().copied().take(SHOWN).collect();
    if channels.len() > SHOWN {
        known.push("...");
    }
    RowError::input(format!("there is no channel `{name}` in it"))
        .with_hint(format!("it has {}", known.join(", ")))
}

fn open_file(mut files: Files, options: &ReadOptions) -> Result<Source, RowError> {
    if !options.channels.is_empty() {
        return Err(RowError::input("the file does not say which channel it is")
            .with_hint("leave --channel out, or name the whole export"));
    }
    let directory = Directory::of_team(team_in_text(&files.peek()?));
    let notices = Notices::default();
    let said = notices.clone();
    let instance = instance(&directory);
    let rows = json_rows(files, vec![0], KEYS, "message", &notices, move |item| {
        let channel = ["channel_id", "channel"]
            .iter()
            .find_map(|key| item.around.get(*key)?.as_str().map(str::to_owned))
            .or_else(|| text_at(item.value, "channel"));
        let mut said = said.borrow_mut();
        if channel.is_none() && said.is_empty() {
            said.push(UNKNOWN_CHANNEL.to_owned());
        }
        rows_of(item, &channel.unwrap_or_default(), &directory)
    });
    Ok(Source {
        instance,
        rows,
        notices,
    })
}

/// The workspace; a word for it where nothing names it, so that the rows still have a key.
fn instance(directory: &Directory) -> String {
    match directory.team.as_str() {
        "" => "unknown-workspace".to_owned(),
        team => team.to_owned(),
    }
}

fn team_in(files: &mut Files, index: usize) -> Result<String, RowError> {
    use std::io::Read as _;
    let mut start = Vec::new();
    files
        .read(index)?
        .take(64 * 1024)
        .read_to_end(&mut start)
        .map_err(|error| RowError::input(format!("it cannot be read: {error}")))?;
    Ok(team_in_text(&String::from_utf8_lossy(&start)))
}

fn team_in_text(start: &str) -> String {
    first_item(start, KEYS)
        .as_ref()
        .and_then(team_of)
        .unwrap_or_default()
}
