//! Jobs that write.

use super::{Worker, reading::given};
use crate::{
    domain::{
        capture::Flags,
        task::TaskState,
        time::utc,
        value::{Act, Value},
        words::{Kind, Severity},
    },
    ops::{
        OpsError, Result, adopt, amend, declare, document, field, lifecycle, log, message, rewrite,
        service, task, undo, which::reference,
    },
    tui::msg::{Clear, Job, Next, Reply, Target, Typed},
};

fn done(said: impl Into<String>, next: Next) -> Reply {
    Reply::Done {
        said: said.into(),
        next,
    }
}

impl Worker {
    pub(super) fn write(&mut self, job: Job) -> Result<Reply> {
        let book = &mut self.book;
        let named = self
            .looked
            .map(|id| book.read().handle_of(id))
            .transpose()?;
        Ok(match job {
            Job::Log(typed) => return self.log(&typed),
            Job::LogMany {
                lines,
                begun,
                target,
            } => return self.log_many(&lines, begun, &target),
            Job::Declare {
                typed,
                severity,
                adopt,
            } => return self.declare(&typed, severity, adopt),
            Job::Rewrite(handle, line) => {
                let amended = rewrite::rewrite(book, &handle, &line)?;
                done(
                    format!("amended {handle}: {}", amended.event.text),
                    Next::Refresh,
                )
            }
            Job::Patch(handle, line) => {
                let amended = amend::amend(book, &handle, &line, &Flags::default())?;
                let at = self.zone.stamp(amended.event.instant());
                let state = amended
                    .event
                    .state
                    .map_or_else(String::new, |state| format!(", {state}"));
                done(
                    format!(
                        "amended {handle}: {}{state}",
                        at.format("%a %-d %b %Y %H:%M")
                    ),
                    Next::Refresh,
                )
            }
            Job::Retract(handle, reason) => {
                amend::retract(book, &handle, &reason)?;
                done(
                    format!("retracted {handle}; u takes that back"),
                    Next::Refresh,
                )
            }
            Job::Undo => {
                let undone = undo::undo(book, named.as_deref())?;
                done(
                    format!("undone: {}; Ctrl-R does it again", said(&undone)),
                    Next::Refresh,
                )
            }
            Job::Redo => {
                let redone = undo::redo(book, named.as_deref())?;
                done(format!("done again: {}", said(&redone)), Next::Refresh)
            }
            Job::Task(handle, state, reason) => {
                match task::to_state(book, &handle, state, &reason)? {
                    task::Moved::Ask(logged) => done(
                        format!("closed {handle}"),
                        Next::Wrote {
                            ids: vec![logged.event.id],
                            ask_state: None,
                            clear: Clear::Nothing,
                        },
                    ),
                    task::Moved::FollowUp(written) => done(
                        format!("{}: {}", written.task.state, written.task.text),
                        Next::Refresh,
                    ),
                }
            }
            Job::AddTask(line) => {
                let patch = follow_up(&line);
                let written = task::add(book, named.as_deref(), &patch)?;
                done(
                    format!("added {}: {}", written.handle, written.task.text),
                    Next::Refresh,
                )
            }
            Job::Set(handle, name, value) => {
                let set = field::set(book, Some(&handle), &name, &value, None)?;
                let notice = set
                    .notices
                    .first()
                    .map_or_else(String::new, |n| format!(" · {n}"));
                done(
                    format!("{} is {}{notice}", set.name, set.value),
                    Next::Refresh,
                )
            }
            Job::SaveLetter(stage) => {
                let stage = document::Stage::ALL.get(stage).copied();
                let kept = message::save(book, named.as_deref(), stage, None, None)?;
                done(format!("kept as {}", message::called(&kept)), Next::Refresh)
            }
            Job::Approve(number, who) => {
                let kept = message::approve(book, named.as_deref(), &who, &number)?;
                done(
                    format!("{who} lets {} go out", message::called(&kept)),
                    Next::Refresh,
                )
            }
            Job::Sent(number, via) => {
                let sent = message::Sent {
                    via: &via,
                    ..message::Sent::default()
                };
                let kept = message::sent(book, named.as_deref(), &number, &sent)?;
                let notice = kept
                    .notices
                    .first()
                    .map_or_else(String::new, |n| format!(" · {n}"));
                done(
                    format!("{} went out{notice}", message::called(&kept)),
                    Next::Refresh,
                )
            }
            Job::Service(handle, text) => {
                let (name, public) = text.split_once(' ').unwrap_or((&text, ""));
                let public = public.trim();
                let public = (!public.is_empty()).then_some(public);
                let (_, name, service) = service::service(book, Some(&handle), name, public)?;
                let called = service
                    .public
                    .map_or_else(String::new, |p| format!(" · customers will read: {p}"));
                done(format!("service {name}{called}"), Next::Refresh)
            }
            Job::Resolve(handle, text) => {
                let logged = lifecycle::resolve(book, Some(&handle), None, &text)?;
                done(
                    "resolved; the postmortem and the follow-up letter are on tabs 3 and 4",
                    wrote(&logged, Clear::Nothing),
                )
            }
            Job::Reopen(handle, text) => {
                let logged = lifecycle::reopen(book, Some(&handle), None, &text)?;
                done("reopened", wrote(&logged, Clear::Nothing))
            }
            Job::Write(name, text) => {
                let set = field::write(book, named.as_deref(), &name, &text)?;
                done(format!("{} is written", set.name), Next::Refresh)
            }
            _ => Reply::Changed,
        })
    }

    fn log(&mut self, typed: &Typed) -> Result<Reply> {
        let state_known = match &typed.target {
            Target::Unfiled => true,
            Target::Open => self
                .book
                .writing(None)?
                .is_none_or(|row| row.state.is_some()),
            Target::Named(handle) => self
                .book
                .writing(Some(handle))?
                .is_none_or(|row| row.state.is_some()),
        };
        let given = given(&typed.target, typed.begun, typed.wording);
        let logged = log::log(&mut self.book, &typed.text, &Flags::default(), &given)?;
        let event = &logged.event;
        let asks = event.value.kind == Kind::Fault && event.value.state.is_none() && !state_known;
        let place = match &logged.incident {
            Some(row) => format!("in #{}", reference(row)),
            None => "unfiled: no incident is open".to_owned(),
        };
        let notice = logged
            .notices
            .first()
            .map_or_else(String::new, |n| format!(" · {n}"));
        let ids = vec![event.id];
        Ok(done(
            format!("logged {} {place}{notice}", event.handle),
            Next::Wrote {
                ids,
                ask_state: asks.then(|| event.handle.clone()),
                clear: Clear::Line,
            },
        ))
    }

    fn log_many(
        &mut self,
        lines: &[(String, bool)],
        begun: crate::domain::time::Instant,
        target: &Target,
    ) -> Result<Reply> {
        let (mut known, _) = self.known(target, begun, false)?;
        let (mut telling, _) = self.known(target, begun, true)?;
        let incident = match target {
            Target::Named(handle) => self.book.writing(Some(handle))?,
            Target::Open => self.book.writing(None)?,
            Target::Unfiled => None,
        };
        let mut prepared = Vec::new();
        for (line, tell) in lines {
            if let Some(Ok(day)) = crate::domain::when::date_line(line, &known.when()) {
                known.set_day(day);
                telling.set_day(day);
                continue;
            }
            let known = if *tell { &mut telling } else { &mut known };
            prepared.push(log::prepare(&self.book, known, line, &Flags::default())?);
        }
        let logged = log::commit(&mut self.book, prepared, incident.as_ref())?;
        Ok(done(
            format!("logged {} events", logged.len()),
            Next::Wrote {
                ids: logged.iter().map(|l| l.event.id).collect(),
                ask_state: None,
                clear: Clear::Paste,
            },
        ))
    }

    fn declare(&mut self, typed: &Typed, severity: Option<Severity>, adopt: bool) -> Result<Reply> {
        let (mut known, _) = self.known(&Target::Unfiled, typed.begun, true)?;
        let prepared = log::prepare(&self.book, &mut known, &typed.text, &Flags::default())?;
        let event = prepared.event;
        let (title, named) = services_in(&event.text);
        let mut services = event.services;
        services.extend(
            named
                .into_iter()
                .filter(|name| !event.people.contains(name)),
        );
        services.dedup();
        let declaration = declare::Declaration {
            title,
            severity,
            services,
            state: event.state,
            at: Some(utc(event.at.into())),
            adopt: if adopt {
                vec!["all".to_owned()]
            } else {
                vec![]
            },
            ..declare::Declaration::default()
        };
        if adopt && adopt::recent(&self.book)?.is_empty() {
            return Err(OpsError::failed("there is no unfiled event to take in"));
        }
        let declared = declare::declare(&mut self.book, &declaration)?;
        Ok(done(
            format!("declared #{}", reference(&declared.incident)),
            Next::Look(declared.incident.handle),
        ))
    }
}

fn wrote(logged: &log::Logged, clear: Clear) -> Next {
    Next::Wrote {
        ids: vec![logged.event.id],
        ask_state: None,
        clear,
    }
}

/// A title, and the services named in it: with an incident begins what `@` means. At the end they are
/// taken out, within they stay as their words.
fn services_in(text: &str) -> (String, Vec<String>) {
    let mut words: Vec<&str> = text.split(' ').collect();
    let mut named = Vec::new();
    let name = |word: &str| {
        let name = word
            .strip_prefix('@')?
            .trim_end_matches([',', '.', ';', ':']);
        (!name.is_empty() && !name.contains('@')).then(|| name.to_owned())
    };
    while words.len() > 1
        && let Some(service) = words.last().and_then(|word| name(word))
    {
        named.insert(0, service);
        words.pop();
    }
    for word in &mut words {
        if let Some(service) = name(word) {
            named.push(service);
            *word = &word[1..];
        }
    }
    (words.join(" "), named)
}

/// What was undone, in words.
fn said(undone: &undo::Undone) -> String {
    let act = match &undone.act {
        Act::Log => "logging",
        Act::Amend => "amending",
        Act::Retract => "retracting",
        Act::Move => "moving",
        other => other.word(),
    };
    let what = match &undone.value {
        Value::Event(event) => event.text.clone(),
        Value::Task(task) => task.text.clone(),
        _ => undone.subject.to_string(),
    };
    let handle = undone.handle.clone().unwrap_or_default();
    format!("{act} {handle} {what}").trim_end().to_owned()
}

/// A follow-up from one line: `prevent: text @owner due WHEN`.
fn follow_up(line: &str) -> task::Patch {
    let mut patch = task::Patch::default();
    let mut text = line.trim();
    if let Some((word, rest)) = text.split_once(':')
        && let Ok(type_) = word.parse()
    {
        patch.type_ = Some(type_);
        text = rest.trim();
    }
    if let Some((before, due)) = text.rsplit_once(" due ") {
        patch.due = Some(due.trim().to_owned());
        text = before.trim();
    }
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if let Some(owner) = words.last().and_then(|w| w.strip_prefix('@'))
        && !owner.is_empty()
    {
        patch.owner = Some(owner.to_owned());
        words.pop();
    }
    patch.text = Some(words.join(" "));
    patch.state = Some(TaskState::Planned);
    patch
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::task::TaskType;

    #[test]
    fn a_title_names_services() {
        let named = |text| services_in(text);
        assert_eq!(named("outage @db"), ("outage".into(), vec!["db".into()]));
        assert_eq!(
            named("@db is gone"),
            ("db is gone".into(), vec!["db".into()])
        );
        assert_eq!(
            named("mail to a@b.example"),
            ("mail to a@b.example".into(), vec![])
        );
    }

    #[test]
    fn a_follow_up_is_one_line() {
        let patch = follow_up("prevent: fail over to a warm standby @raj due 2012-10-31");
        assert_eq!(patch.type_, Some(TaskType::Prevent));
        assert_eq!(patch.owner.as_deref(), Some("raj"));
        assert_eq!(patch.due.as_deref(), Some("2012-10-31"));
        assert_eq!(patch.text.as_deref(), Some("fail over to a warm standby"));
    }
}
