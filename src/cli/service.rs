//! `bridgelog service`: adds a service, or sets its name for customers.

use super::{error::Result, global::GlobalArgs, out::Out, view};
use crate::{domain::sanitize, ops::service::set_service};
use clap::Args;

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog service online-db --public 'AVR Online'\n  bridgelog service search"
)]
pub struct ServiceArgs {
    /// The service, as typed after `@`
    name: String,
    /// The name that customers read; `-` clears it
    #[arg(long, value_name = "NAME", allow_hyphen_values = true)]
    public: Option<String>,
}

pub(super) fn run(global: &GlobalArgs, args: &ServiceArgs, out: &Out) -> Result {
    let mut session = global.open_or_create()?;
    let (row, name, value) = set_service(&mut session, None, &args.name, args.public.as_deref())?;
    let place = row
        .as_ref()
        .map_or_else(|| "every incident".to_owned(), view::short_ref);
    let public = value.public_name.map_or_else(
        || "no name for customers yet".to_owned(),
        |p| format!("customers read: {p}"),
    );
    out.print_line(&sanitize::line(&format!(
        "service {name} of {place}: {public}"
    )));
    Ok(())
}
