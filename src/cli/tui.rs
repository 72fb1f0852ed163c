//! `bridgelog` without a command (the app on a terminal, `status` elsewhere) and `bridgelog demo`.

use super::{error::Result, global::GlobalArgs, out::Out, status};
use crate::{
    ops::OpsError,
    tui::{self, Options},
};
use clap::Args;
use std::io::{self, IsTerminal};

/// The arguments of the app, with or without a store of its own.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct AppArgs {
    /// In the app, write sentences instead of drawing the screen: for a screen reader
    #[arg(long)]
    pub plain: bool,
}

fn can_run_tui() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    io::stdin().is_terminal() && io::stdout().is_terminal() && !dumb
}

pub(super) fn run(global: &GlobalArgs, app: AppArgs, out: &Out) -> Result {
    if !can_run_tui() {
        return status::run_default(global, out);
    }
    let mut session = global.open_or_create()?;
    // Incidents may be declared in the app.
    session.zone_is_typed = false;
    let options = Options {
        incident: global.incident.clone(),
        demo: false,
        plain: app.plain,
    };
    tui::run(session, &options)
}

pub(super) fn demo(global: &GlobalArgs, app: AppArgs) -> Result {
    if !can_run_tui() {
        return Err(OpsError::failed("the demo needs a terminal")
            .with_hint("`bridgelog --help` shows what there is without one"));
    }
    let (folder, session) = global.open_demo()?;
    let options = Options {
        incident: None,
        demo: true,
        plain: app.plain,
    };
    let result = tui::run(session, &options);
    // The system removes a temporary folder that is left.
    let _ = folder.close();
    result
}
