use super::*;

fn patch(event: &Event, line: &str) -> Event {
    read(line)
        .patch(event, &context())
        .unwrap_or_else(|e| unreachable!("{line}: {e} ({})", e.hint))
}

fn full() -> Event {
    event("10:06 fault: it broke @online-db #storage !down tell: We know.")
}

#[test]
fn patch_changes_only_given_parts() {
    let before = full();
    let at = |time: &str| crate::domain::time::parse_utc(time).unwrap();
    assert_eq!(
        patch(&before, "10:12"),
        Event {
            at: before.at + chrono::TimeDelta::minutes(6),
            ..before.clone()
        }
    );
    assert_eq!(
        patch(&before, "!degraded"),
        Event {
            state: Some(State::Degraded.into()),
            ..before.clone()
        }
    );
    assert_eq!(
        patch(&before, "tell: We see it."),
        Event {
            customer: Some("We see it.".into()),
            ..before.clone()
        }
    );
    assert_eq!(
        patch(&before, "tell: -"),
        Event {
            customer: None,
            ..before.clone()
        }
    );
    assert_eq!(
        patch(&before, "it broke again"),
        Event {
            text: "it broke again".into(),
            ..before.clone()
        }
    );
    assert_eq!(
        patch(&before, "finding:"),
        Event {
            kind: Kind::Finding,
            ..before.clone()
        }
    );
    assert_eq!(
        patch(&before, "#a #b"),
        Event {
            tags: vec!["a".into(), "b".into()],
            ..before.clone()
        }
    );
    assert_eq!(
        patch(&before, "@web"),
        Event {
            services: vec!["Web".into()],
            ..before.clone()
        }
    );
    assert_eq!(
        patch(&before, "@all"),
        Event {
            services: vec!["online-db".into(), "Web".into()],
            ..before.clone()
        }
    );
    assert_eq!(patch(&before, "@cache").services, ["cache"]);
    let spanned = patch(&before, "10:06..10:20");
    assert_eq!(spanned.end_utc(), Some(at("2012-08-16T10:20:00-04:00")));
    assert_eq!(patch(&spanned, "10:08").end, spanned.end);
    assert_eq!(patch(&spanned, "10:06..10:06"), before);
    let late = read("10:17 x").patch(&patch(&before, "10:06..10:10"), &context());
    assert!(late.unwrap_err().message.contains("end before"));
    assert!(read("").patch(&before, &context()).is_err());
}

#[test]
fn patch_is_parsed_in_context_of_event() {
    let decision = event("decision: wait");
    let changed = patch(&decision, "why: nobody knows not: hope");
    assert_eq!(
        (
            &*changed.text,
            changed.rationale.as_deref(),
            changed.rejected.as_deref()
        ),
        ("wait", Some("nobody knows"), Some("hope"))
    );
    assert_eq!(patch(&decision, "not: hope").kind, Kind::Decision);
    let ask = event("ask: look @ann");
    assert_eq!(patch(&ask, "10m").time_box_secs, Some(600));
    // The day of the event, not today.
    let mut old = full();
    old.at -= chrono::TimeDelta::days(3);
    assert_eq!(
        patch(&old, "10:12").at,
        old.at + chrono::TimeDelta::minutes(6)
    );
    let late = event("2012-08-14 23:58 note: x");
    assert_eq!(
        patch(&late, "00:03").at.to_rfc3339(),
        "2012-08-15T00:03:00-04:00"
    );
    let handoff = event("handoff: @ann");
    let to = patch(&handoff, "@carol");
    assert_eq!(
        (to.commander.as_deref(), &*to.text),
        (Some("carol"), "carol")
    );
    assert_eq!(patch(&handoff, "note:").commander, None);
}

#[test]
fn added_state_requires_a_service() {
    let plain = event("fault: it broke");
    assert!(read("!down").patch(&plain, &context()).is_err());
    assert_eq!(patch(&plain, "!down @web").services, ["Web"]);
    let all = event("fault: it broke !down @all");
    assert_eq!(patch(&all, "!degraded").services, ["online-db", "Web"]);
    let unnamed = Event {
        services: vec![],
        ..all
    };
    assert!(patch(&unnamed, "!degraded").services.is_empty());
}

#[test]
fn rewrite_with_unchanged_line_changes_nothing() {
    let mut odd = full();
    odd.at += chrono::TimeDelta::microseconds(123_456);
    odd.people = vec!["not known".into()];
    odd.severity = crate::domain::words::Severity::new(2).map(Into::into);
    odd.links = vec![id(99)];
    let mut declared = odd.clone();
    declared.kind = Kind::Declare;
    declared.text = "fault: odd title".into();
    for event in [
        odd,
        declared,
        full(),
        event("handoff: @ann"),
        event("comms/legal: x"),
    ] {
        let line = format_line(&event, &context());
        assert_eq!(
            read(&line).rewrite(&event, &context()).unwrap(),
            event,
            "{line}"
        );
    }
}

#[test]
fn rewrite_removes_parts_left_out() {
    let before = full();
    let line = format_line(&before, &context());
    assert_eq!(
        line,
        "2012-08-16 10:06 fault: it broke !down @online-db #storage tell: We know."
    );
    let edited = |from: &str, to: &str| {
        read(&line.replace(from, to))
            .rewrite(&before, &context())
            .unwrap()
    };
    assert_eq!(
        edited(" #storage", ""),
        Event {
            tags: vec![],
            ..before.clone()
        }
    );
    assert_eq!(
        edited(" tell: We know.", ""),
        Event {
            customer: None,
            ..before.clone()
        }
    );
    assert_eq!(
        edited("10:06", "10:07").at,
        before.at + chrono::TimeDelta::minutes(1)
    );
    assert_eq!(edited("2012-08-16 10:06 ", "").at, before.at);
    assert_eq!(edited("fault: ", "").kind, Kind::Note);
    assert_eq!(edited(" !down", "").state, None);
    assert!(read("10:06").rewrite(&before, &context()).is_err());
}

#[test]
fn why_and_not_are_cleared_only_on_decisions() {
    let decided = event("dec: wait why: slow not: restart");
    let patched = |line: &str, of: &Event| {
        parse_for_event(line, &Flags::default(), &context(), of)
            .and_then(|l| l.patch(of, &context()))
    };
    let next = patched("why: -", &decided).unwrap();
    assert_eq!(
        (next.rationale.as_deref(), next.rejected.as_deref()),
        (None, Some("restart"))
    );
    let next = patched("why: late not: -", &decided).unwrap();
    assert_eq!(
        (next.rationale.as_deref(), next.rejected.as_deref()),
        (Some("late"), None)
    );
    let note = event("it is slow");
    for line in ["why: foo", "not: foo", "10:06 why: foo"] {
        let error = patched(line, &note).unwrap_err();
        assert!(error.message.contains("only a decision"), "{error}");
    }
    assert_eq!(
        patched("dec: why: foo", &note)
            .unwrap()
            .rationale
            .as_deref(),
        Some("foo")
    );
    assert_eq!(patched("\\why: foo", &note).unwrap().text, "why: foo");
    let read = parse_for_event("tomorrow 10:06", &Flags::default(), &context(), &note).unwrap();
    assert!(read.notices.concat().contains("kept as text"));
}

#[test]
fn state_flag_dash_clears_the_state() {
    for flag in ["-", "", "!-"] {
        let flags = Flags {
            state: Some(flag.to_owned()),
            ..Flags::default()
        };
        let down = event("fault: x @web !down");
        let next = parse_for_event("", &flags, &context(), &down).unwrap();
        let next = next.patch(&down, &context()).unwrap();
        assert_eq!((next.state, &*next.text), (None, "x"));
        let mitigated = event("mit: x @web !ok");
        let next = parse_for_event("", &flags, &context(), &mitigated).unwrap();
        let next = next.patch(&mitigated, &context()).unwrap();
        assert_eq!((&next.state, next.shown_state()), (&None, None));
        assert!(next.bears_state());
    }
}

#[test]
fn customer_wording_is_rejected_for_internal_comms() {
    for line in ["comms/execs: told tell: X", "com/support: tell: X"] {
        let error = wrong(line);
        assert!(error.message.contains("customers") && error.hint.contains("comms/customers:"));
    }
    for line in [
        "comms: told tell: X",
        "comms/customer: tell: X",
        "comms/execs: told",
    ] {
        let _ = event(line);
    }
    let execs = event("comms/execs: told");
    let read = |line: &str| parse_for_event(line, &Flags::default(), &context(), &execs).unwrap();
    assert!(read("tell: X").patch(&execs, &context()).is_err());
    assert!(
        read("comms/customers: tell: X")
            .patch(&execs, &context())
            .is_ok()
    );
    let note = event("x tell: X");
    assert!(read("comms/execs:").patch(&note, &context()).is_err());
    // An event that was logged before this rule can still be corrected.
    let old = Event {
        customer: Some("X".into()),
        ..execs.clone()
    };
    assert!(read("10:06").patch(&old, &context()).is_ok());
    assert!(read("tell: -").patch(&old, &context()).is_ok());
    let line = format!("{} tell: X", format_line(&execs, &context()));
    assert!(self::read(&line).rewrite(&execs, &context()).is_err());
}
