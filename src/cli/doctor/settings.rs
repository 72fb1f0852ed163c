//! Checks of the settings file, the clock and the time zone.

use super::{super::global::GlobalArgs, check::Check};
use crate::{
    cli::settings_check,
    config::{self, Settings, environment::variable},
    domain::zone::Zone,
    ops::{OpsError, sync, template},
};
use std::path::PathBuf;

/// Returns the settings, which are the defaults if the file cannot be used, and the checks.
pub(super) fn check(global: &GlobalArgs) -> (Settings, Vec<Check>) {
    let mut checks = Vec::new();
    let settings = match config::settings_path().and_then(|path| Ok((Settings::read(&path)?, path)))
    {
        Err(error) => {
            checks.push(Check::of_error("settings file", &OpsError::from(error)));
            Settings::default()
        }
        Ok((settings, path)) => {
            let problems = settings_check::problems(&settings);
            let shown = path.display();
            checks.push(if !problems.is_empty() {
                Check::fail(
                    "settings file",
                    problems.join("; "),
                    format!("correct {shown}, or `bridgelog config set KEY VALUE`"),
                )
            } else if path.exists() {
                Check::ok("settings file", format!("{shown} is valid"))
            } else {
                Check::ok(
                    "settings file",
                    format!("none: all have their defaults ({shown})"),
                )
            });
            settings
        }
    };
    checks.push(match variable("BRIDGELOG_NOW") {
        None => Check::ok("clock", "the system's"),
        Some(now) => Check::warn(
            "clock",
            format!("stopped at {now} by BRIDGELOG_NOW, which is for tests"),
            "`unset BRIDGELOG_NOW`",
        ),
    });
    checks.push(zone(global, &settings));
    checks.extend(hub(&settings));
    checks.extend(templates());
    checks.push(editor());
    (settings, checks)
}

/// Checks that the hub answers, if there is one.
fn hub(settings: &Settings) -> Option<Check> {
    let address = match sync::configured_hub(settings)? {
        Ok(address) => address,
        Err(error) => return Some(Check::of_error("hub", &error)),
    };
    Some(match address.open() {
        Ok(hub) => Check::ok("hub", format!("{} answers", hub.name())),
        Err(error) if error.retryable => Check::warn(
            "hub",
            error.full_message(),
            "logging goes on without it; `bridgelog sync` tries again",
        ),
        Err(error) => Check::of_error("hub", &error),
    })
}

/// Checks the user's own templates, if there are any.
fn templates() -> Option<Check> {
    let folder = config::templates_folder().ok()?;
    let listed = template::list(Some(&folder)).unwrap_or_default();
    let own = listed.iter().filter(|listed| listed.user_file.is_some());
    let own = own.count();
    if own == 0 {
        return None;
    }
    Some(match template::check(Some(&folder)) {
        Ok(faults) if faults.is_empty() => Check::ok(
            "templates",
            format!("{own} of your own; all can be rendered"),
        ),
        Ok(faults) => Check::fail(
            "templates",
            faults.join("; "),
            "correct them; without a file the built-in one is used",
        ),
        Err(error) => Check::of_error("templates", &error),
    })
}

/// Checks that the editor for `write` is there.
fn editor() -> Check {
    let named = variable("VISUAL").or_else(|| variable("EDITOR"));
    let editor = named.unwrap_or_else(|| "vi".to_owned());
    let words = shell_words::split(&editor).unwrap_or_default();
    let program = words.first().map(PathBuf::from).unwrap_or_default();
    let path = std::env::var_os("PATH").unwrap_or_default();
    // A path with a folder in it is not looked up.
    let is_there = std::env::split_paths(&path).any(|folder| folder.join(&program).is_file());
    if is_there && !words.is_empty() {
        Check::ok("editor", editor)
    } else {
        Check::warn(
            "editor",
            format!("`{editor}` is not on the PATH"),
            "`export EDITOR=nano`, or `bridgelog write SECTION --from FILE`, which needs none",
        )
    }
}

/// Checks the zone of a new incident.
fn zone(global: &GlobalArgs, settings: &Settings) -> Check {
    let by_flag = global
        .zone
        .clone()
        .map(|zone| (zone, "--zone or BRIDGELOG_ZONE"));
    let named = by_flag.or_else(|| settings.zone.clone().map(|zone| (zone, "the settings")));
    match named {
        Some((name, source)) => match Zone::find(&name) {
            Ok(zone) => Check::ok("time zone", format!("{}, by {source}", zone.name())),
            Err(error) => Check::of_error("time zone", &OpsError::from(error)),
        },
        None => match Zone::system() {
            Some(zone) => Check::ok("time zone", format!("{}, the system's", zone.name())),
            None => Check::warn(
                "time zone",
                "the system's (TZ, /etc/localtime) is not known by name: new incidents are in UTC",
                "`bridgelog config set zone Europe/Berlin`, or `export TZ=Europe/Berlin`",
            ),
        },
    }
}
