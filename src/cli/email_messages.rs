//! `bridgelog email --save`, `--approve`, `--sent`, `--list` and `--show`: saved letters.

use super::{
    error::Result,
    global::GlobalArgs,
    out::{BOLD, CYAN, DIM, Out},
    view, write,
};
use crate::{
    documents::{CustomerView, Stage},
    domain::{
        incident::Record, sanitize, states::States, time::format_utc, value::Message, zone::Zone,
    },
    ops::{
        OpsError, Session,
        message::{self, SavedMessage, SendDetails},
    },
};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

#[derive(Debug, Args)]
#[command(next_help_heading = "Saved drafts and sent emails")]
pub struct MessageArgs {
    /// Save the email as draft m1, m2, ...; `--save=m1` replaces the text of m1 and ends its approval
    #[arg(
        long,
        value_name = "M",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "",
        group = "kept"
    )]
    save: Option<String>,
    /// Record that BY approves draft M, exactly as it is saved
    #[arg(long, num_args = 2, value_names = ["BY", "M"], group = "kept")]
    approve: Option<Vec<String>>,
    /// Record that M was sent, now or at --at
    #[arg(long, value_name = "M", group = "kept", requires = "via")]
    sent: Option<String>,
    /// The channel: email, statuspage, phone
    #[arg(long, value_name = "WAY", requires = "sent")]
    via: Option<String>,
    /// The group of customers that it was sent to
    #[arg(long, value_name = "G", requires = "sent")]
    to_group: Option<String>,
    /// When it was sent
    #[arg(
        long,
        value_name = "WHEN",
        requires = "sent",
        allow_hyphen_values = true
    )]
    at: Option<String>,
    /// M was not sent after all: it was marked as sent by mistake
    #[arg(long, value_name = "M", group = "kept", requires = "reason")]
    unsent: Option<String>,
    /// Why it is not sent after all; the reason is kept
    #[arg(long, value_name = "TEXT", requires = "unsent")]
    reason: Option<String>,
    /// The text from a file, for --save or --sent; `-` is standard input
    #[arg(long, value_name = "FILE")]
    text: Option<PathBuf>,
    /// List the drafts and the sent emails
    #[arg(long, group = "kept")]
    list: bool,
    /// Print the text of M
    #[arg(long, value_name = "M", group = "kept")]
    show: Option<String>,
    /// Print the list as JSON
    #[arg(long, requires = "list")]
    json: bool,
}

/// Runs the option about saved letters; false if none was given.
pub(super) fn run(
    global: &GlobalArgs,
    args: &MessageArgs,
    reference: Option<&str>,
    stage: Option<Stage>,
    out: &Out,
) -> Result<bool> {
    if args.text.is_some() && args.save.is_none() && args.sent.is_none() {
        return Err(OpsError::usage("--text needs --save or --sent")
            .with_hint("it gives the text of the email that is saved or sent"));
    }
    let text = args.text.as_deref().map(write::read_text).transpose()?;
    let text = text.as_deref();
    if let Some(replaced_ref) = &args.save {
        let mut session = global.open_for_documents()?;
        let replaced_ref =
            Some(replaced_ref.as_str()).filter(|replaced_ref| !replaced_ref.is_empty());
        let saved = message::save(&mut session, reference, stage, replaced_ref, text)?;
        report_message("saved", &saved, out);
        return Ok(true);
    }
    if let Some([by, message_ref]) = args.approve.as_deref() {
        let mut session = global.open_for_documents()?;
        let saved = message::approve(&mut session, reference, by, message_ref)?;
        report_message(&format!("{} approved", sanitize::line(by)), &saved, out);
        return Ok(true);
    }
    if let Some(message_ref) = &args.sent {
        let mut session = global.open_for_documents()?;
        let details = SendDetails {
            via: args.via.as_deref().unwrap_or_default(),
            to_group: args.to_group.as_deref(),
            text,
            at: args.at.as_deref(),
        };
        let saved = message::mark_sent(&mut session, reference, message_ref, &details)?;
        let zone = Zone::find(&saved.incident.zone)?;
        let at = saved.message.sent_at;
        let at = at.map_or_else(String::new, |at| view::format_date_time(at.into(), &zone));
        report_message(&format!("sent at {at}"), &saved, out);
        return Ok(true);
    }
    if let (Some(message_ref), Some(reason)) = (&args.unsent, &args.reason) {
        let mut session = global.open_for_documents()?;
        let saved = message::mark_unsent(&mut session, reference, message_ref, reason)?;
        report_message("not sent:", &saved, out);
        return Ok(true);
    }
    if let Some(message_ref) = &args.show {
        let session = global.open_for_documents()?;
        let incident = session.load_incident(&session.resolve_for_read(reference)?)?;
        let record = message::find(&incident, message_ref)?;
        out.print_document(&format!(
            "Subject: {}\n\n{}",
            record.value.subject, record.value.text
        ));
        return Ok(true);
    }
    if args.list {
        print_messages(&global.open_for_documents()?, reference, args.json, out)?;
    }
    Ok(args.list)
}

fn report_message(action: &str, saved: &SavedMessage, out: &Out) {
    out.print_line(&format!(
        "{action} {} ({CYAN}{}{CYAN:#}): {}",
        message::label(saved),
        saved.handle,
        sanitize::line(&saved.message.subject)
    ));
    for notice in &saved.notices {
        out.print_note(notice);
    }
}

fn print_messages(session: &Session, reference: Option<&str>, as_json: bool, out: &Out) -> Result {
    let row = session.resolve_for_read(reference)?;
    let incident = session.load_incident(&row)?;
    let view = CustomerView::from_incident(&incident, &States::from_incident(&incident));
    let changed = view.stale_facts(&incident);
    if as_json {
        let letters: Vec<_> = incident
            .messages
            .iter()
            .map(|record| {
                let m = &record.value;
                let of_this = changed.iter().filter(|c| c.message_handle == record.handle);
                json!({
                    "number": m.number, "handle": record.handle, "id": record.id, "stage": m.stage,
                    "subject": m.subject, "text": m.text, "author": record.author,
                    "saved_at": format_utc(record.recorded), "approved_by": m.approved_by,
                    "sent_at": m.sent_at.map(|at| format_utc(at.into())), "via": m.via,
                    "to_group": m.to_group, "unsent": m.unsent,
                    "changed_since": of_this.map(|c| json!({
                        "what": c.name, "told": c.stated, "record": c.recorded,
                    })).collect::<Vec<_>>(),
                })
            })
            .collect();
        return out.print_json(&json!({"incident": view::short_ref(&row), "messages": letters}));
    }
    out.print_line(&view::label(&row));
    let zone = Zone::find(&row.zone)?;
    for record in &incident.messages {
        out.print_line(&format_message(record, &zone));
        for change in changed.iter().filter(|c| c.message_handle == record.handle) {
            let recorded = change.recorded.as_deref().unwrap_or("nothing about it");
            out.print_line(&sanitize::line(&format!(
                "      {}: the email says {}, the record says {recorded}",
                change.label(),
                change.stated
            )));
        }
    }
    if incident.messages.is_empty() {
        out.print_line(
            "  no email is saved yet: `bridgelog email --save` saves the one that is due",
        );
    }
    Ok(())
}

fn format_message(record: &Record<Message>, zone: &Zone) -> String {
    let m = &record.value;
    let status = match (m.sent_at, &m.approved_by) {
        (Some(at), by) => {
            let by = by.as_ref().map_or_else(
                || ", not approved".to_owned(),
                |by| format!(", approved by {by}"),
            );
            let to = m
                .to_group
                .as_ref()
                .map_or_else(String::new, |to| format!(" to {to}"));
            let via = m.via.as_deref().unwrap_or("?");
            format!(
                "sent {} by {via}{to}{by}",
                view::format_date_time(at.into(), zone)
            )
        }
        (None, Some(by)) => format!("approved by {by}"),
        (None, None) => "draft".to_owned(),
    };
    let unsent = m.unsent.as_ref().map_or_else(String::new, |reason| {
        format!(", not sent after all: {reason}")
    });
    let status = format!("{status}{unsent}");
    format!(
        "  {BOLD}m{:<3}{BOLD:#} {CYAN}{}{CYAN:#} {:<8}  {}  {DIM}{}{DIM:#}",
        m.number,
        record.handle,
        sanitize::line(&m.stage),
        sanitize::line(&status),
        sanitize::line(&m.subject)
    )
}
