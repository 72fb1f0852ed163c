//! The model that the app starts with: from the settings, the environment and the command line.

use super::{
    character_set::CharacterSet,
    hub_status::HubStatus,
    keymap::Keymap,
    model::{Level, Model},
    theme::{Background, Theme},
};
use crate::{
    config::settings_path,
    ops::{
        OpsError, Result, Session,
        sync::{self, HubAddress},
    },
};
use std::collections::BTreeMap;

/// Options of the command line.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The incident to show: number or handle.
    pub incident: Option<String>,
    /// True for `bridgelog demo`.
    pub demo: bool,
    /// True for `--plain`.
    pub plain: bool,
}

/// Creates the model before the first load. A mistake in the settings must not keep the user from logging: the
/// defaults are used, with a message.
pub(super) fn new_model(session: &Session, options: &Options) -> Result<Model> {
    let settings = session.settings.clone();
    let colour = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let load_errors = settings.load_error.iter();
    let mut problems: Vec<String> = load_errors
        .map(|why| format!("{why}; all of them are left out"))
        .collect();
    let keymap = Keymap::new(&settings.keys).or_else(|error| {
        problems.push(format!("{error}; using the default keys"));
        Keymap::new(&BTreeMap::new())
    });
    let keymap = keymap.map_err(|error| OpsError::failed(error.to_string()))?;
    let variable = |name: &str| std::env::var(name).ok();
    let background = Background::of_terminal(variable("COLORFGBG").as_deref());
    let theme = Theme::on(background, &settings.theme, colour).or_else(|error| {
        problems.push(format!("{error}; using the default colours"));
        Theme::on(background, &BTreeMap::new(), colour)
    });
    let theme = theme.map_err(OpsError::failed)?;
    let clock = session.write_context.clock;
    let zone = session.zone_for_new_incident(None)?;
    let mut model = Model::new(
        clock.now(),
        zone,
        session.write_context.author.clone(),
        keymap,
        theme,
    );
    model.severities = settings.severities.clone();
    model.update_interval = settings
        .update_interval
        .or(Some(settings.lint.update_minutes));
    model.demo = options.demo;
    model.database = in_home(session.store.path());
    model.settings_file = settings_path().map_or_else(|_| String::new(), |path| in_home(&path));
    model.explicit_incident = options.incident.is_some();
    model.character_set = CharacterSet::choose(settings.ascii, variable);
    model.plain = options.plain || settings.plain;
    model.mouse_captured = !model.plain && settings.mouse.unwrap_or(true);
    if !problems.is_empty() {
        let file =
            settings_path().map_or_else(|_| String::new(), |path| format!(" ({})", path.display()));
        model.notify(
            Level::Error,
            format!("settings: {}{file}", problems.join("; ")),
        );
    }
    Ok(model)
}

/// Writes a path as people do: what is in the home folder begins with `~`.
fn in_home(path: &std::path::Path) -> String {
    let home = std::env::var_os("HOME").map(std::path::PathBuf::from);
    let inside = home
        .as_deref()
        .and_then(|home| path.strip_prefix(home).ok());
    match inside {
        Some(inside) => format!("~/{}", inside.display()),
        None => path.display().to_string(),
    }
}

/// Returns where the hub of the settings is, if there is one, and shows it as not reached yet. The demo has none.
pub(super) fn find_hub(model: &mut Model, session: &Session) -> Option<HubAddress> {
    if model.demo {
        return None;
    }
    match sync::configured_hub(&session.settings)? {
        Ok(address) => {
            model.hub = Some(HubStatus {
                name: address.shown(),
                ..HubStatus::default()
            });
            Some(address)
        }
        Err(error) => {
            model.notify(Level::Error, format!("hub: {}", error.full_message()));
            None
        }
    }
}
