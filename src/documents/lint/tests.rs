use super::*;
use crate::{
    documents::{CustomerView, Settings, Stage, postmortem_markdown},
    domain::{
        incident::Incident,
        states::States,
        testing::{IncidentBuilder, at},
        value::Service,
        words::{Kind, State},
    },
};
use rstest::rstest;

/// An incident without findings.
fn clean() -> IncidentBuilder {
    let mut log = IncidentBuilder::new();
    log.event("10:12", Kind::Declare, "Search is down", |e| {
        e.number = Some(7);
        e.zone = "America/New_York".into();
        e.severity = crate::domain::words::Severity::new(2).map(Into::into);
        e.commander = Some("jw".into());
        e.services = vec!["search-api".into()];
    });
    log.event("10:06", Kind::Fault, "it halted", |e| {
        e.services = vec!["search-api".into()];
        e.state = Some(State::Down.into());
        e.customer = Some("One of our servers halted.".into());
    });
    log.state_event("10:09", Kind::Detect, None);
    let decision = log.event("10:20", Kind::Decision, "move it", |e| {
        e.rationale = Some("known".into());
    });
    log.event("10:30", Kind::Comms, "status page", |e| {
        e.audience = Some("customers".into());
    });
    log.event("10:40", Kind::Restore, "moved", |e| {
        e.services = vec!["search-api".into()];
        e.links = vec![decision];
    });
    log.state_event("10:45", Kind::Verify, None);
    log.event("10:50", Kind::Comms, "status page: over", |e| {
        e.audience = Some("customers".into());
    });
    log.event("11:00", Kind::Cause, "a full disk", |e| {
        e.customer = Some("A disk was full.".into());
    });
    log.state_event("11:10", Kind::Resolve, None);
    log.task("12:00", "Alert on full disks", |t| {
        t.owner = Some("ann".into());
        t.due = Some(at("30 12:00").fixed_offset());
        t.prevents = true;
        t.customer = Some("We notice a full disk before it hurts".into());
    });
    log.incident.services.insert(
        "search-api".into(),
        Service {
            public_name: Some("Search".into()),
            ..Default::default()
        },
    );
    log.field("product", "Search")
        .field("customer-scope", "customers who searched")
        .field("scope", "all searches")
        .field("unaffected", "everything else")
        .field("data-loss", "none")
        .field("followup-by", "2012-08-20")
        .section("summary", "A disk was full.")
        .section("impact", "Nobody could search.")
        .section("protections", "Nothing watched the disk.")
        .section("went-well", "The page came fast.")
        .section("went-badly", "The disk was not watched.");
    log
}

fn settings() -> Settings {
    Settings {
        organisation: Some("AVR".into()),
        contact: Some("support@avr.example".into()),
        signature: Some("AVR".into()),
        ..Settings::default()
    }
}

fn findings(incident: &Incident, stage: Stage, settings: &Settings, rules: &Rules) -> Vec<Finding> {
    let states = States::from_incident(incident);
    let view = CustomerView::from_incident(incident, &states);
    let now = at("13:00");
    let mut all = check_letter(incident, &states, &view, stage, settings, rules, now).unwrap();
    let text = postmortem_markdown(incident, settings).unwrap();
    all.extend(postmortem(incident, &states, &text, rules, now));
    all
}

#[test]
fn clean_incident_has_no_findings() {
    for stage in [Stage::Resolved, Stage::Followup] {
        assert_eq!(
            findings(&clean().incident, stage, &settings(), &Rules::default()),
            []
        );
    }
}

/// A word of the settings may be punctuation alone: it is found in a wording and in a template.
#[test]
fn forbidden_punctuation_is_found_everywhere() {
    let rules = Rules {
        banned_words: vec!["!".into()],
        ..Rules::default()
    };
    let found = |log: &IncidentBuilder, settings: &Settings| -> Vec<(bool, String)> {
        findings(&log.incident, Stage::Resolved, settings, &rules)
            .into_iter()
            .filter(|finding| finding.check == "word")
            .map(|finding| (finding.handle.is_some(), finding.reason))
            .collect()
    };
    assert_eq!(found(&clean(), &settings()), []);
    let mut log = clean();
    set_wording(&mut log, "A disk was full!");
    let in_wording = found(&log, &settings());
    assert!(matches!(&in_wording[..], [(true, reason)] if reason.starts_with("`!`: ")));
    let templates = settings().templates;
    let excited = Settings {
        templates: templates.with_override("email-end.j2", "{{ contact }} Thanks!"),
        ..settings()
    };
    let in_template = found(&clean(), &excited);
    assert!(matches!(&in_template[..], [(false, reason)] if reason.contains("in the template")));
}

/// Changes the clean incident, the settings or the rules so that one check reports something.
type Spoil = fn(&mut IncidentBuilder, &mut Settings, &mut Rules);

fn set_wording(log: &mut IncidentBuilder, text: &str) {
    let event = log
        .incident
        .events
        .iter_mut()
        .find(|e| e.value.kind == Kind::Cause);
    event.unwrap().value.customer = Some(text.into());
}

fn drop_kind(log: &mut IncidentBuilder, kind: &Kind) {
    log.incident.events.retain(|e| e.value.kind != *kind);
}

fn degrade(log: &mut IncidentBuilder) {
    for event in &mut log.incident.events {
        if let Some(state) = &mut event.value.state {
            *state = State::Degraded.into();
        }
    }
}

fn make_ongoing(log: &mut IncidentBuilder) {
    drop_kind(log, &Kind::Restore);
    drop_kind(log, &Kind::Resolve);
}

#[rstest]
#[case::marker("marker", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.incident.fields.remove("customer-scope"); })]
#[case::zone("time-without-zone", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "At 10:06 a disk was full."))]
#[case::outage("outage", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { degrade(l); set_wording(l, "The outage had one cause."); })]
#[case::estimate("estimate", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "It will be fixed in an hour."))]
#[case::next_update("next-update", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| make_ongoing(l))]
#[case::next_update_past("next-update", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { make_ongoing(l); l.field("next-update", "2012-08-16T11:00:00-04:00"); })]
#[case::host("host-name", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "The disk of db-17 was full."))]
#[case::service("host-name", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "Then search-api was moved."))]
#[case::domain("host-name", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.field("unaffected", "all but www.internal"); })]
#[case::address("address", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "It was at 10.2.3.4 then."))]
#[case::mail("address", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "Write to jw@avr.example please."))]
#[case::token("token", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "We used ghp_0123456789abcdef0123 for it."))]
#[case::password("token", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "The password=hunter2 was wrong."))]
#[case::person("person", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "Then Ann found a full disk."))]
#[case::vendor("vendor", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "The vendor sold us a small disk."))]
#[case::own_vendor("vendor", |l: &mut IncidentBuilder, _: &mut Settings, r: &mut Rules| { r.vendors = vec!["Disks Inc".into()]; set_wording(l, "A disk by Disks Inc. was full."); })]
#[case::passive("blaming-passive", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "It was human error."))]
#[case::word("word", |l: &mut IncidentBuilder, _: &mut Settings, r: &mut Rules| { r.banned_words = vec!["glitch".into()]; set_wording(l, "A small glitch."); })]
#[case::data("data-loss", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.incident.fields.remove("data-loss"); })]
#[case::apology("apology", |_: &mut IncidentBuilder, s: &mut Settings, _: &mut Rules| s.templates = std::mem::take(&mut s.templates).with_override("email-end.j2", "{{ contact }} so sorry"))]
#[case::template("estimate", |_: &mut IncidentBuilder, s: &mut Settings, _: &mut Rules| s.templates = std::mem::take(&mut s.templates).with_override("email-end.j2", "{{ contact }} ETA unknown"))]
#[case::article("public-name", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.service("api", Some("The API")); })]
#[case::lower("public-name", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.service("api", Some("builds")); })]
#[case::scope("scope", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.field("customer-scope", "All customers in Europe"); })]
#[case::not_ok("not-ok-at-end", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.state_event("11:20", Kind::Note, Some(State::AtRisk)); })]
#[case::contact("contact", |_: &mut IncidentBuilder, s: &mut Settings, _: &mut Rules| s.contact = None)]
#[case::subject("subject", |_: &mut IncidentBuilder, s: &mut Settings, _: &mut Rules| s.templates = std::mem::take(&mut s.templates).with_override("email-resolved.j2", "Subject: Hello\n\nWe are sorry. {{ contact }}"))]
#[case::unaffected("unaffected", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.incident.fields.remove("unaffected"); })]
#[case::silence("silence", |_: &mut IncidentBuilder, _: &mut Settings, r: &mut Rules| r.silence_minutes = 5)]
#[case::outcome("no-outcome", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { for e in &mut l.incident.events { e.value.links.clear(); } })]
#[case::due("no-due", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| l.incident.tasks[0].value.due = None)]
#[case::tense("tense", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "A disk is full, and search is down."))]
#[case::other_time("other-time", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "At 09:06 EDT a disk was full."))]
#[case::suspicion("suspicion", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { for e in &mut l.incident.events { if e.value.kind == Kind::Cause { e.value.customer = None; } } l.event("10:15", Kind::Suspect, "x", |e| e.customer = Some("It may be the disk.".into())); })]
#[case::twice("twice", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| set_wording(l, "One of our servers halted. A disk was full."))]
#[case::steps("steps", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { for n in 0..16 { l.event(&format!("10:{:02}", 10 + n), Kind::Action, "x", |e| e.customer = Some(format!("Step {n}."))); } })]
#[case::long_gap("long-gap", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { make_ongoing(l); l.event("15:40", Kind::Mitigate, "x", |e| { e.customer = Some("Half is back.".into()); e.services = vec!["search-api".into()]; }); })]
#[case::unnamed("no-public-name", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.service_event("10:10", Kind::Fault, Some(State::Down), &["replica"]); })]
#[case::followup_past("followup-by", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.field("followup-by", "2012-08-10"); })]
#[case::owner_name("person", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.field("authors", "Zoe, Ann Lee"); set_wording(l, "Then Zoe found a full disk."); })]
#[case::scope_of_nobody("scope", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.field("customer-scope", "nobody"); })]
#[case::not_recorded("not-recorded", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { for name in ["scope", "customer-scope"] { l.incident.fields.remove(name); } })]
#[case::owner("no-owner", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| l.incident.tasks[0].value.owner = None)]
#[case::verb("no-verb", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| l.incident.tasks[0].value.text = "a bigger disk".into())]
#[case::detection("no-detection", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| drop_kind(l, &Kind::Detect))]
#[case::verification("no-verification", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| drop_kind(l, &Kind::Verify))]
#[case::overdue("updates-overdue", |_: &mut IncidentBuilder, _: &mut Settings, r: &mut Rules| r.update_minutes = 20)]
#[case::order("order", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.state_event("10:55", Kind::Mitigate, Some(State::Ok)); })]
#[case::blame("blame", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.section("summary", "It was human error."); })]
#[case::name("blame", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.section("summary", "Fine. Ann should have looked."); })]
#[case::prose("marker", |l: &mut IncidentBuilder, _: &mut Settings, _: &mut Rules| { l.incident.sections.remove("went-well"); })]
fn each_check_reports_its_problem(#[case] check: &str, #[case] spoil: Spoil) {
    let (mut log, mut settings, mut rules) = (clean(), settings(), Rules::default());
    spoil(&mut log, &mut settings, &mut rules);
    let found = findings(&log.incident, Stage::Resolved, &settings, &rules);
    let matching: Vec<&Finding> = found.iter().filter(|f| f.check == check).collect();
    assert!(!matching.is_empty(), "{found:#?}");
    for finding in &found {
        assert!(!finding.reason.is_empty(), "{finding:?}");
        let is_fix =
            finding.command.starts_with("bridgelog ") || finding.command.contains("settings");
        assert!(is_fix, "{finding:?}");
    }
}

#[rstest]
#[case("At about 10:06 EDT on Thursday it halted, and at 13:26 EDT it ran.")]
#[case("From 10:06 to 10:20 EDT, then 2012-08-16T10:06:00-04:00 and 10:06 pm EDT.")]
#[case("The ratio was 3:1, see Psalm 23:1 and 10:06Z.")]
#[case("Our IPv6, UTF-8 and SHA-256 parts, in www.avr.example, at https://status.avr.example/1.")]
#[case("We will write again by 11:30 EDT, and we will mark it as done in May.")]
#[case("The market may be slow, and a hundred jws are not one.")]
#[case("It should have been faster to move, and now it is.")]
fn harmless_text_has_no_findings(#[case] text: &str) {
    let mut log = clean();
    log.incident.tasks[0].value.owner = Some("mark".into());
    set_wording(&mut log, text);
    let mut found = findings(
        &log.incident,
        Stage::Resolved,
        &settings(),
        &Rules::default(),
    );
    found.retain(|finding| !finding.advice);
    assert_eq!(found, []);
}

#[test]
fn allowed_public_name_has_no_finding() {
    let mut log = clean();
    set_wording(&mut log, "The disk of db-17 was full.");
    let rules = Rules {
        public_names: vec!["db-17".into()],
        ..Rules::default()
    };
    assert_eq!(
        findings(&log.incident, Stage::Resolved, &settings(), &rules),
        []
    );
}

/// The checks that a postmortem lint of `log` finds, with their handles.
fn lifecycle_findings(log: &IncidentBuilder) -> Vec<(&'static str, Option<String>)> {
    let incident = &log.incident;
    let states = States::from_incident(incident);
    let found = postmortem(incident, &states, "", &Rules::default(), at("18 00:00"));
    let checks = [
        "does-not-reopen",
        "does-not-resolve",
        "resolved-before-impact",
        "state-after-end",
        "audience",
    ];
    found
        .into_iter()
        .filter(|f| checks.contains(&f.check))
        .map(|f| (f.check, f.handle))
        .collect()
}

#[test]
fn silence_of_an_open_incident_ends_with_its_record() {
    let mut log = clean();
    drop_kind(&mut log, &Kind::Restore);
    drop_kind(&mut log, &Kind::Resolve);
    let states = States::from_incident(&log.incident);
    let found = |now: &str| -> Vec<(&'static str, String)> {
        let found = postmortem(&log.incident, &states, "", &Rules::default(), at(now));
        let checks = ["silence", "updates-overdue", "no-end"];
        let found = found.into_iter().filter(|f| checks.contains(&f.check));
        found.map(|f| (f.check, f.reason)).collect()
    };
    let soon: Vec<_> = found("13:00").into_iter().map(|(check, _)| check).collect();
    assert_eq!(soon, ["silence", "updates-overdue"]);
    let late = found("25 13:00");
    assert_eq!(late.len(), 1, "{late:?}");
    assert_eq!(late[0].0, "no-end");
    assert!(late[0].1.ends_with("11:00 EDT"), "{late:?}");
}

#[test]
fn resolve_that_resolves_nothing_and_states_after_the_end_are_found() {
    let handle = |id| Some(IncidentBuilder::handle(id));
    assert_eq!(lifecycle_findings(&clean()), []);

    let mut early = IncidentBuilder::new();
    early.state_event("10:00", Kind::Declare, None);
    let resolve = early.state_event("09:00", Kind::Resolve, None);
    assert_eq!(
        lifecycle_findings(&early),
        [("does-not-resolve", handle(resolve))]
    );

    let mut before_reopen = clean();
    before_reopen.state_event("12:00", Kind::Reopen, None);
    assert_eq!(lifecycle_findings(&before_reopen), [], "as it happens");
    let resolve = before_reopen.event("11:50", Kind::Resolve, "late", |_| {});
    let record = before_reopen.incident.events.iter_mut();
    let record = record.into_iter().find(|e| e.id == resolve).unwrap();
    record.recorded = at("12:30");
    assert_eq!(
        lifecycle_findings(&before_reopen),
        [("does-not-resolve", handle(resolve))]
    );

    let mut late_impact = IncidentBuilder::new();
    late_impact.state_event("10:00", Kind::Declare, None);
    let resolve = late_impact.state_event("10:10", Kind::Resolve, None);
    let fault = late_impact.state_event("10:20", Kind::Fault, Some(State::Down));
    assert_eq!(
        lifecycle_findings(&late_impact),
        [
            ("resolved-before-impact", handle(resolve)),
            ("state-after-end", handle(fault))
        ]
    );

    let mut after = clean();
    let fault = after.service_event("12:00", Kind::Fault, None, &["search-api"]);
    after.service_event("12:10", Kind::Restore, None, &["search-api"]);
    let comms = after.state_event("12:20", Kind::Comms, None);
    assert_eq!(
        lifecycle_findings(&after),
        [
            ("state-after-end", handle(fault)),
            ("audience", handle(comms))
        ]
    );

    let mut same_minute = IncidentBuilder::new();
    same_minute.state_event("10:00", Kind::Declare, None);
    same_minute.state_event("10:05", Kind::Fault, Some(State::Down));
    same_minute.state_event("10:10", Kind::Resolve, None);
    let fault = same_minute.state_event("10:10", Kind::Fault, Some(State::Down));
    assert_eq!(
        lifecycle_findings(&same_minute),
        [("state-after-end", handle(fault))]
    );

    let mut early_reopen = IncidentBuilder::new();
    early_reopen.state_event("10:00", Kind::Declare, None);
    let reopen = early_reopen.state_event("09:00", Kind::Reopen, None);
    early_reopen.state_event("10:30", Kind::Resolve, None);
    assert_eq!(
        lifecycle_findings(&early_reopen),
        [("does-not-reopen", handle(reopen))]
    );
}
