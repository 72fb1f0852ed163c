//! `bridgelog import`: what other tools recorded, or the journal of another database.

use super::{
    error::Result,
    global::GlobalArgs,
    import_output::{Listed, RowPrinter, print_report, report_json},
    out::Out,
};
use crate::{
    domain::{count::counted, zone::Zone},
    ops::{
        OpsError, Session, bounded_read,
        context::LineOptions,
        future_time::parse_past,
        import::{self, Files, ImportOptions, format_names},
        journal_lines, redact_outlived,
    },
};
use chrono::NaiveDate;
use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser},
};
use std::{
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
};

/// The format's name that stands for all: the input shows which it is.
const AUTO: &str = "auto";
/// The journal's own format, and foreign JSON Lines.
const JSONL: &str = "jsonl";

#[derive(Debug, Args)]
#[command(
    after_help = "It imports every row or none; a second import of the same rows adds nothing, one of a newer export amends what\n\
    was edited. Nothing imported changes a state, except by a kind that --map gives. `bridgelog undo` takes an import\n\
    back. `jsonl` takes both the lines of `bridgelog export jsonl`, whose entries keep their authors, times and hashes,\n\
    and those of other tools.\n\n\
    Examples:\n  bridgelog import auto export.zip --dry-run\n  bridgelog import slack export.zip --channel incident-7 --since 10:00\n  \
    bridgelog import csv alerts.csv --zone UTC --map time='Fired at'\n  \
    bridgelog import pagerduty log_entries.json --map resolve=restore\n  \
    pbpaste | bridgelog import chat - --zone Europe/Berlin --date 2026-11-20\n  bridgelog import jsonl journal.jsonl"
)]
pub struct ImportArgs {
    /// The format; `auto` finds it out
    #[arg(value_parser = format_values())]
    format: String,
    /// A file, a folder or a zip archive; `-` is standard input
    #[arg(value_name = "PATH")]
    path: PathBuf,
    /// Write nothing; list what would become of each row
    #[arg(long)]
    dry_run: bool,
    /// Import the rows that can be read although others cannot
    #[arg(long)]
    skip_bad: bool,
    /// The day of the first row, where rows have only a time of day
    #[arg(long, value_name = "DAY")]
    date: Option<NaiveDate>,
    /// When a recording began, or the time of rows without one
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    start: Option<String>,
    /// A file with names for ids: `U123 = Ann Lee` on each line
    #[arg(long, value_name = "FILE")]
    people: Option<PathBuf>,
    /// ACTION=KIND, ACTION=skip, FIELD=COLUMN, or the name of a map in the settings; may be given again
    #[arg(long, value_name = "MAP")]
    map: Vec<String>,
    /// Only this channel; may be given again
    #[arg(long = "channel", value_name = "NAME")]
    channels: Vec<String>,
    /// Only rows at this time or later
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    since: Option<String>,
    /// Only rows before this time
    #[arg(long, value_name = "WHEN", allow_hyphen_values = true)]
    until: Option<String>,
    /// Look for #tags, @services, ^links, !states and `tell:` in the texts, as in a line of `log`
    #[arg(long)]
    markers: bool,
    /// List the rows of these outcomes
    #[arg(long, value_enum, value_name = "OUTCOME", num_args = 1..)]
    list: Vec<Listed>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn format_values() -> PossibleValuesParser {
    let formats = format_names()
        .filter(|(name, _)| *name != JSONL)
        .map(|(name, about)| PossibleValue::new(name).help(about));
    let own = [
        PossibleValue::new(AUTO).help("the first of the others that the input looks like"),
        PossibleValue::new(JSONL)
            .help("JSON Lines: a journal from `bridgelog export jsonl`, or one object a line"),
    ];
    PossibleValuesParser::new(own.into_iter().chain(formats))
}

pub(super) fn run(global: &GlobalArgs, args: &ImportArgs, out: &Out) -> Result {
    let mut files = open_input(&args.path)?;
    let is_own = [AUTO, JSONL].contains(&args.format.as_str());
    if is_own && journal_lines::looks_like_journal(&files.peek().map_err(import::input_error)?) {
        return import_journal(global, args, files, out);
    }
    let (_folder, mut session) = match args.dry_run {
        true => global.open_dry_run()?,
        false => (None, global.open_or_create()?),
    };
    // Here it is the zone of the source.
    session.zone_is_typed = false;
    let options = args.options(global, &session)?;
    let incident = session.resolve_for_write(None)?;
    if incident.is_none() {
        out.print_note("no incident is open: the events stay unassigned; --incident REF names one");
    }
    let zone = session.zone_of(incident.as_ref())?;
    let mut rows = RowPrinter {
        listed: args.listed(),
        zone,
        out,
        json: args.json,
        read: 0,
    };
    let report = import::import(&mut session, files, &options, &mut |row| rows.print(row));
    out.clear_progress();
    let report = report?;
    if args.json {
        return out.print_json_line(&report_json(&report));
    }
    print_report(&report, args.dry_run, &args.listed(), out);
    Ok(())
}

fn read_text(path: &Path) -> Result<String> {
    let name = path.display().to_string();
    let file = File::open(path).map_err(|e| {
        OpsError::failed(format!("{name} cannot be read"))
            .with_hint("check the path and who may read it")
            .with_source(e)
    })?;
    let bytes = bounded_read::read_bytes(file, &name, bounded_read::MAX_PROSE_BYTES)?;
    String::from_utf8(bytes).map_err(|_| {
        OpsError::failed(format!("{name} is not UTF-8"))
            .with_hint("convert it first: iconv -t UTF-8")
    })
}

fn open_input(path: &Path) -> Result<Files> {
    if path.as_os_str() == "-" {
        return Ok(Files::once(Box::new(BufReader::with_capacity(
            1 << 16,
            io::stdin(),
        ))));
    }
    Files::open(path).map_err(|error| {
        import::input_error(error)
            .with_hint("name a file, a folder or a zip archive, or - for standard input")
    })
}

impl ImportArgs {
    fn listed(&self) -> Vec<Listed> {
        match self.dry_run && self.list.is_empty() {
            true => vec![Listed::All],
            false => self.list.clone(),
        }
    }

    /// # Errors
    /// A value that cannot be read, named by its flag.
    fn options(&self, global: &GlobalArgs, session: &Session) -> Result<ImportOptions> {
        let incident = session.resolve_for_write(None)?;
        let context =
            session.line_context(incident.as_ref(), &LineOptions::for_typed_line(None))?;
        let parse = |flag: &str, typed: &Option<String>| {
            let parsed = typed
                .as_ref()
                .map(|typed| parse_past(typed, &context.time_context()));
            let parsed = parsed.transpose().map_err(|error| error.in_flag(flag))?;
            Ok::<_, OpsError>(parsed.map(|at| at.to_utc()))
        };
        let people = match &self.people {
            None => Default::default(),
            Some(path) => import::parse_people(&read_text(path)?)?,
        };
        let (kinds, columns) = import::parse_map(&self.map, &session.settings)?;
        Ok(ImportOptions {
            format: import::find_format(&self.format),
            name: match self.path.file_name() {
                Some(name) => name.to_string_lossy().into_owned(),
                None => self.path.display().to_string(),
            },
            // The zone of new incidents says nothing about that of a source.
            zone: match &global.zone {
                Some(zone) if global.zone_is_typed => Some(Zone::find(zone)?),
                _ => None,
            },
            date: self.date,
            start: parse("--start", &self.start)?,
            people,
            kinds,
            columns,
            channels: self
                .channels
                .iter()
                .map(|name| name.trim_start_matches('#').to_owned())
                .collect(),
            since: parse("--since", &self.since)?,
            until: parse("--until", &self.until)?,
            markers: self.markers,
            skip_bad: self.skip_bad,
            dry_run: self.dry_run,
            ..ImportOptions::default()
        })
    }

    /// Names a flag that says nothing about a journal.
    fn flag_without_use(&self) -> Option<&'static str> {
        [
            ("--skip-bad", self.skip_bad),
            ("--date", self.date.is_some()),
            ("--start", self.start.is_some()),
            ("--people", self.people.is_some()),
            ("--map", !self.map.is_empty()),
            ("--channel", !self.channels.is_empty()),
            ("--since", self.since.is_some()),
            ("--until", self.until.is_some()),
            ("--markers", self.markers),
            ("--list", !self.list.is_empty()),
        ]
        .into_iter()
        .find_map(|(flag, given)| given.then_some(flag))
    }
}

/// Imports the entries of another database.
fn import_journal(global: &GlobalArgs, args: &ImportArgs, mut files: Files, out: &Out) -> Result {
    if let Some(flag) = args.flag_without_use() {
        return Err(
            OpsError::usage(format!("{flag} does not apply to a journal"))
                .with_hint("its entries come in as they are, all or none"),
        );
    }
    let (_folder, mut session) = match args.dry_run {
        true => global.open_dry_run()?,
        false => (None, global.open_or_create()?),
    };
    let mut input = files.read(0).map_err(import::input_error)?;
    let mut work = |session: &mut Session| journal_lines::import(session, &mut input);
    let imported = match args.dry_run {
        true => session.rehearse(&mut work)?,
        false => work(&mut session)?,
    };
    if args.json {
        return out.print_json_line(&serde_json::json!({
            "format": "journal", "read": imported.read, "new": imported.new,
        }));
    }
    let would = if args.dry_run { "would be " } else { "" };
    out.print_line(&format!(
        "{} read, {} {would}new",
        counted(imported.read, "entry", "entries"),
        imported.new
    ));
    for version in redact_outlived::outlived(&session)? {
        out.print_note(&version.sentence());
    }
    Ok(())
}
