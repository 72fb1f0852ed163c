//! Who and which channel the ids of a workspace stand for.

use crate::import::{
    files::Files,
    json::{array_at, first_text, text_at},
    json_items::Items,
    row::RowError,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// The lists of an export that name its channels: public and private ones, direct messages.
const CHANNEL_LISTS: [&str; 4] = ["channels.json", "groups.json", "mpims.json", "dms.json"];

/// The people, bots and channels of a workspace, and its id.
#[derive(Debug, Default)]
pub(super) struct Directory {
    people: BTreeMap<String, String>,
    channels: BTreeMap<String, String>,
    channel_ids: BTreeMap<String, String>,
    /// The id of the workspace; empty if nothing names it.
    pub team: String,
}

impl Directory {
    /// Knows the workspace alone, as where one file was exported.
    pub fn of_team(team: String) -> Self {
        Self {
            team,
            ..Self::default()
        }
    }

    /// Reads the lists of an export that stand in the folder `root` (with its `/`, or empty).
    ///
    /// # Errors
    /// A list is there and cannot be read.
    pub fn read(files: &mut Files, root: &str) -> Result<Self, RowError> {
        let mut directory = Self::default();
        let mut teams = BTreeMap::<String, usize>::new();
        for user in list(files, &format!("{root}users.json"))? {
            if let (Some(id), Some(name)) = (text_at(&user, "id"), profile_name(&user)) {
                directory.people.insert(id, name);
            }
            if let Some(team) = text_at(&user, "team_id") {
                *teams.entry(team).or_default() += 1;
            }
        }
        // Guests of shared channels are listed with their own workspace.
        let most = teams.into_iter().max_by_key(|(_, count)| *count);
        directory.team = most.map(|(team, _)| team).unwrap_or_default();
        for name in CHANNEL_LISTS {
            for channel in list(files, &format!("{root}{name}"))? {
                let Some(id) = text_at(&channel, "id") else {
                    continue;
                };
                // Direct messages have no name: their folder is named by the id.
                let name = text_at(&channel, "name").unwrap_or_else(|| id.clone());
                directory.channel_ids.insert(name.clone(), id.clone());
                directory.channels.insert(id, name);
            }
        }
        Ok(directory)
    }

    /// The name of a person, if the export has it.
    pub fn person(&self, id: &str) -> Option<&str> {
        match self.people.get(id) {
            Some(name) => Some(name),
            None if id == "USLACKBOT" => Some("Slackbot"),
            None => None,
        }
    }

    /// The name of a channel, if the export has it.
    pub fn channel(&self, id: &str) -> Option<&str> {
        self.channels.get(id).map(String::as_str)
    }

    /// The id of the channel with this name; the name itself if the export does not list it.
    pub fn channel_id<'d>(&'d self, name: &'d str) -> &'d str {
        self.channel_ids.get(name).map_or(name, String::as_str)
    }
}

/// The name that Slack shows for a user, or for the `user_profile` of a message.
pub(super) fn profile_name(user: &Value) -> Option<String> {
    let paths = [
        "profile.display_name",
        "display_name",
        "profile.real_name",
        "real_name",
        "name",
    ];
    first_text(user, &paths)
}

/// The elements of a list in an export; none if there is no such file.
fn list(files: &mut Files, name: &str) -> Result<Vec<Value>, RowError> {
    let Some(index) = files.names().iter().position(|known| known == name) else {
        return Ok(Vec::new());
    };
    let input = files.read(index)?;
    let items = Items::new(input, &["members", "channels"], "item")
        .map_err(|error| RowError::input(format!("{name} cannot be read: {error}")))?;
    let values: Result<Vec<Value>, RowError> =
        items.map(|item| item.map(|(_, value, _)| value)).collect();
    values.map_err(|error| error.in_file(&name.into()))
}

/// Returns the workspace that one of these messages names.
pub(super) fn team_of(sample: &Value) -> Option<String> {
    let paths = ["team", "user_team", "source_team", "user_profile.team"];
    let one = |message: &Value| first_text(message, &paths);
    one(sample).or_else(|| array_at(sample, "messages").iter().find_map(one))
}
