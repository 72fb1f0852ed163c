//! Reading what another tool recorded, and importing it.

use super::{Worker, wording::in_app_terms};
use crate::{
    domain::{count::counted, zone::Zone},
    ops::{
        OpsError, Result,
        context::LineOptions,
        folder,
        future_time::parse_past,
        import::{
            self, Destination, Files, ImportOptions, ImportReport, MAX_UNDONE_EVENTS,
            PreviewResult, RowChoices, grouped,
        },
    },
    tui::msg::{ImportDone, ImportRead, ImportRequest, ImportWrite, Progress, Reply, Target},
};

/// How many vanished events are named.
const NAMED_VANISHED: usize = 20;

impl Worker {
    /// Reads an input for a preview; `None` if it was stopped.
    pub(super) fn read_import(
        &mut self,
        id: u64,
        request: &ImportRequest,
        progress: &Progress,
    ) -> Option<Reply> {
        let mut keep_going = |rows: usize| {
            progress.set_rows(rows);
            !progress.is_stopped()
        };
        if progress.is_stopped() {
            return None;
        }
        let found = self.import_options(request).and_then(|options| {
            let files = open(request)?;
            import::preview(&mut self.session, files, &options, &mut keep_going)
        });
        let result = match found {
            Ok(PreviewResult::Stopped) => return None,
            Ok(PreviewResult::Rows(preview)) => Ok(ImportRead::Rows(preview)),
            Ok(PreviewResult::Needs(need, message)) => Ok(ImportRead::Needs(need, message)),
            Ok(PreviewResult::Journal) => Err(OpsError::failed(
                "it is the journal of another database, whose entries come in as they are",
            )
            .with_hint(format!(
                "`bridgelog import jsonl {}` in the shell takes them in",
                request.path
            ))),
            Err(error) => Err(error),
        };
        Some(Reply::ImportRead {
            id,
            result: result.map_err(in_app_terms),
        })
    }

    /// Imports the rows that are taken, all or none.
    pub(super) fn import(&mut self, id: u64, write: &ImportWrite, progress: &Progress) -> Reply {
        let result = self.import_options(&write.request).and_then(|options| {
            let options = ImportOptions {
                choices: write.choices.clone(),
                expected: Some(write.fingerprint),
                skip_bad: true,
                ..options
            };
            let mut rows = 0;
            import::import(
                &mut self.session,
                open(&write.request)?,
                &options,
                &mut |_| {
                    rows += 1;
                    progress.set_rows(rows);
                },
            )
        });
        Reply::Imported {
            id,
            result: result.map(|report| done(&report)).map_err(in_app_terms),
        }
    }

    fn import_options(&self, request: &ImportRequest) -> Result<ImportOptions> {
        let start = match &request.start {
            None => None,
            Some(typed) => {
                let incident = match &request.target {
                    Target::Named(handle) => self.session.resolve_for_write(Some(handle))?,
                    Target::Open | Target::Unfiled => None,
                };
                let options = LineOptions::for_typed_line(None);
                let context = self.session.line_context(incident.as_ref(), &options)?;
                Some(parse_past(typed, &context.time_context())?.to_utc())
            }
        };
        let path = folder::path_of(&request.path);
        let name = path.file_name().map(|name| name.to_string_lossy());
        Ok(ImportOptions {
            format: request.format.and_then(import::find_format),
            name: name.map_or_else(|| request.path.clone(), std::borrow::Cow::into_owned),
            zone: request.zone.as_deref().map(Zone::find).transpose()?,
            date: request.date,
            start,
            columns: request.columns.clone(),
            kinds: request.kinds.clone(),
            destination: match &request.target {
                Target::Named(handle) => Destination::Named(handle.clone()),
                // Where it goes is asked before it is written.
                Target::Open | Target::Unfiled => Destination::Unassigned,
            },
            choices: RowChoices::default(),
            ..ImportOptions::default()
        })
    }
}

fn open(request: &ImportRequest) -> Result<Files> {
    Files::open(&folder::path_of(&request.path)).map_err(import::input_error)
}

/// Says what an import did.
fn done(report: &ImportReport) -> ImportDone {
    let left_out: usize = report.left_out.values().sum::<usize>()
        + report.not_taken
        + report.outside_period
        + report.empty;
    let changed = report.amended + report.brought_back;
    let short: Vec<String> = [
        (report.added, "added"),
        (changed, "changed"),
        (report.there + report.changed_here, "already here"),
        (left_out, "left out"),
        (report.bad, "could not be read"),
    ]
    .into_iter()
    .filter(|(count, what)| *count > 0 || *what == "added")
    .map(|(count, what)| format!("{} {what}", grouped(count)))
    .collect();
    let is_undoable = report.handle.is_some() && report.added <= MAX_UNDONE_EVENTS;
    let mut paragraphs = vec![report.to_string()];
    if let Some(handle) = &report.handle {
        paragraphs.push(match is_undoable {
            true => {
                "u in the list takes it back, as long as nothing else was written since".to_owned()
            }
            false => "it is too large for undo".to_owned(),
        });
        paragraphs.push(format!(
            "`bridgelog retract {handle} --reason TEXT` takes it back at any time"
        ));
    }
    paragraphs.extend(report.notices.iter().cloned());
    if !report.vanished.is_empty() {
        let count = counted(report.vanished.len() as u64, "event", "events");
        paragraphs.push(format!(
            "{count} imported before are not in this input; they stay:"
        ));
        let named = report.vanished.iter().take(NAMED_VANISHED);
        paragraphs.extend(named.map(|(handle, text)| format!("{handle} {text}")));
        let more = report.vanished.len().saturating_sub(NAMED_VANISHED);
        if more > 0 {
            paragraphs.push(format!("and {more} more"));
        }
    }
    ImportDone {
        short: short.join(", "),
        paragraphs,
        is_undoable,
    }
}
