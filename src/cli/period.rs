//! The arguments that choose incidents by period and service: of `ledger` and `stats`.

use crate::{
    domain::{time::UtcTime, zone::Zone},
    ops::{self, Session, ledger},
};
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct PeriodArgs {
    /// Since when: 3mo, 2w, 1y or a day [default: the beginning]
    #[arg(long, value_name = "PERIOD", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only this service
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Drills too
    #[arg(long)]
    pub drills: bool,
}

impl PeriodArgs {
    /// Returns the start of the period, if it has one; times without a zone are in `zone`.
    pub fn start(&self, session: &Session, zone: &Zone) -> ops::Result<Option<UtcTime>> {
        self.since
            .as_deref()
            .map(|typed| ledger::parse_period_start(typed, session.now(), zone))
            .transpose()
    }

    pub fn service(&self) -> Option<&str> {
        self.service.as_deref().map(|s| s.trim_start_matches('@'))
    }
}
