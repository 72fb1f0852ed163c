//! `bridgelog service`: adds a service, names it for customers, renames or removes it.

use super::{error::Result, global::GlobalArgs, names, out::Out, view};
use crate::{
    domain::sanitize,
    ops::{names::NameKind, service::set_service},
};
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog service online-db --public 'AVR Online'\n  bridgelog service search\n  \
    bridgelog service onlin-db --rename online-db   a typo, or two names of one\n  \
    bridgelog service onlin-db --remove\n\n\
    A rename counts wherever the name was recorded, in the open incident, else the latest: states, figures and\n\
    documents have the new name; texts and the history stay as they were typed. --incident says another one."
)]
pub struct ServiceArgs {
    /// The service, as typed after `@`
    name: String,
    /// The name that customers read; `-` clears it
    #[arg(long, value_name = "NAME", allow_hyphen_values = true, conflicts_with_all = ["rename", "remove"])]
    public: Option<String>,
    /// Give it another name; if that is a service already, the two become one
    #[arg(long, value_name = "NEW", conflicts_with = "remove")]
    rename: Option<String>,
    /// Take it out of the incident: its events stay, its states go
    #[arg(long)]
    remove: bool,
    /// Do not ask before removing
    #[arg(long, requires = "remove")]
    yes: bool,
}

pub(super) fn run(global: &GlobalArgs, args: &ServiceArgs, out: &Out) -> Result {
    if let Some(new) = &args.rename {
        return names::rename(global, NameKind::Service, &args.name, new, out);
    }
    if args.remove {
        return names::remove(global, NameKind::Service, &args.name, args.yes, out);
    }
    let mut session = global.open_or_create()?;
    let set = set_service(&mut session, None, &args.name, args.public.as_deref())?;
    let place = set
        .incident
        .as_ref()
        .map_or_else(|| "every incident".to_owned(), view::short_ref);
    let public = set.value.public_name.map_or_else(
        || "no name for customers yet".to_owned(),
        |p| format!("customers read: {p}"),
    );
    out.print_line(&sanitize::line(&format!(
        "service {} of {place}: {public}",
        set.name
    )));
    if let Some(notice) = set.notice {
        out.print_note(&sanitize::line(&notice));
    }
    Ok(())
}
