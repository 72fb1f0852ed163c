//! The worked example: the incident of the seed letter, with invented times for steps that the letter
//! does not date.

use super::super::Settings;
use crate::domain::{
    task::{TaskState, TaskType},
    testing::{IncidentBuilder, at},
    value::Service,
    words::{Kind, Severity, State},
};

pub(super) fn settings() -> Settings {
    Settings {
        organisation: Some("AVR".into()),
        contact: Some("support@avr.example".into()),
        signature: Some("The AVR Online team".into()),
        ..Settings::default()
    }
}

/// The incident as recorded at 10:15, nine minutes after its start.
pub(super) fn early() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.event("07:58", Kind::Absorbed, "memory module in @online-db failed; the mirror took over #storage", |e| {
        e.services = vec!["online-db".into()];
        e.tags = vec!["storage".into()];
        e.customer = Some("A memory module in one of our database servers failed, and its mirror took over without a pause".into());
    });
    log.event("~10:06", Kind::Fault, "second fault while degraded, @online-db halted #storage", |e| {
        e.services = vec!["online-db".into()];
        e.tags = vec!["storage".into()];
        e.state = Some(State::Down.into());
        e.customer = Some("A hardware fault halted one of our database servers, which holds your database and those of several other customers.".into());
    });
    log.event(
        "10:09",
        Kind::Detect,
        "monitoring pages on-call: online-db unreachable",
        |_| {},
    );
    log.event("10:11", Kind::Ack, "ann has the page", |e| {
        e.people = vec!["ann".into()];
    });
    log.event("10:12", Kind::Declare, "AVR Online outage", |e| {
        e.number = Some(7);
        e.zone = "America/New_York".into();
        e.severity = Severity::new(1).map(Into::into);
        e.commander = Some("jw".into());
        e.services = vec!["online-db".into()];
    });
    log.field("product", "Online");
    log
}

/// The whole incident.
pub(super) fn complete() -> IncidentBuilder {
    let mut log = early();
    log.incident.services.insert(
        "online-db".into(),
        Service {
            public_name: Some("Online databases".into()),
            ..Default::default()
        },
    );
    log.event(
        "10:18",
        Kind::Finding,
        "console shows an uncorrectable memory error, host will not POST",
        |_| {},
    );
    let decision = log.event("10:25", Kind::Decision, "move a system image to srv-12", |e| {
        e.rationale = Some("repair time unknown, spare hardware is racked and idle".into());
        e.rejected = Some("wait for the vendor".into());
        e.customer = Some("We decided to move a complete image of the server to other hardware rather than wait for a repair.".into());
    });
    log.event("10:30", Kind::Comms, "status page and mail to affected customers", |e| {
        e.customer = Some("Online is down for some customers. We are working on it and will write again by 11:30.".into());
    });
    log.event("10:41", Kind::Action, "image copy to srv-12 started", |e| {
        e.links = vec![decision];
    });
    log.event("11:20", Kind::Cause, "mirrored memory was already running on one side after 07:58; the second module failed in a burst too fast for the controller", |e| {
        e.customer = Some("The redundancy is there for exactly this kind of fault, but the second fault came too soon and too hard for what was left of it.".into());
    });
    log.event(
        "11:25",
        Kind::Factor,
        "the 07:58 alert went to a mailbox nobody reads out of hours",
        |_| {},
    );
    log.event(
        "13:31",
        Kind::Mitigate,
        "srv-12 boots from the image, half of the databases attached",
        |e| {
            e.links = vec![decision];
            e.customer = Some(
                "The first databases were running on the new hardware in the early afternoon."
                    .into(),
            );
        },
    );
    log.event(
        "14:05",
        Kind::Restore,
        "all databases attached on srv-12",
        |e| e.links = vec![decision],
    );
    log.event(
        "14:20",
        Kind::Verify,
        "row counts and checksums match the last backup on all 31 databases",
        |e| {
            e.customer = Some(
                "We compared every database with its last backup before calling this done.".into(),
            );
        },
    );
    log.event("14:30", Kind::Resolve, "AVR Online outage over", |_| {});
    log.event("10:50", Kind::Suspect, "power supply?", |e| {
        e.retracted = Some("it was not".into());
    });
    log.task(
        "15:00",
        "second database server with live replication",
        |t| {
            t.type_ = Some(TaskType::Prevent.into());
            t.owner = Some("ann".into());
            t.ticket = Some("OPS-412".into());
            t.due = Some(at("31 17:00").fixed_offset());
            t.prevents = true;
            t.state = TaskState::Started.into();
            t.since = Some(at("02 09:00").fixed_offset());
            t.customer = Some(
                "A second database server that follows the first and can take over within seconds."
                    .into(),
            );
        },
    );
    log.task(
        "15:01",
        "keep a bootable image of each database host on spare hardware",
        |t| {
            t.type_ = Some(TaskType::Mitigate.into());
            t.owner = Some("raj".into());
            t.due = Some(at("24 17:00").fixed_offset());
            t.shortens = true;
            t.customer = Some("A ready image of each database server on spare hardware.".into());
        },
    );
    log.task("15:02", "route memory alerts to the pager", |t| {
        t.type_ = Some(TaskType::Detect.into());
    });
    log.task("15:03", "ask the vendor for a four-hour contract", |t| {
        t.state = TaskState::Declined.into();
        t.reason = Some("the spare hardware is faster than any contract".into());
    });
    log.field("scope", "31 of 412 databases")
        .field("customer-scope", "a small part of our Online customers: those with a database on that one server")
        .field("unaffected", "all other Online customers, and every other AVR product")
        .field("data-loss", "none")
        .field("followup-by", "2012-08-20")
        .field("next-update", "11:30")
        .section("summary", "One of the database hosts of AVR Online halted at about 10:06 and took 31 customer databases with it. Its redundancy had already been used up by a first fault at 07:58, which nobody had seen. We moved its image to spare hardware, and all databases were back at 14:05. No data was lost.")
        .section("went-well", "- The first fault was absorbed as designed.\n- The decision to move the image was taken 13 minutes after the page.")
        .section("went-badly", "- The alert for the first fault was sent where nobody looks.\n- Between 10:30 and the all-clear customers heard nothing.");
    log
}
