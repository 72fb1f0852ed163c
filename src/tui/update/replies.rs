//! What the worker answers.

use super::{acting, moving, refresh_all, tabs, typing};
use crate::{
    domain::{event::Event, incident::Record},
    ops::page::Page,
    tui::{
        line::Line,
        model::{Choice, Echo, Focus, Model, Over, Prompt, Question, Tone},
        msg::{Clear, Edit, Effect, Failure, Job, Next, Reply, Select},
    },
};

/// Takes a reply up.
pub fn reply(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Looked {
            outline,
            zone,
            page,
            another,
            others_open,
            filter,
        } => {
            let first = !model.looked;
            model.looked = true;
            model.zone = zone;
            let more_open = others_open > model.others_open;
            model.others_open = others_open;
            let id = outline.as_ref().map(|o| o.id);
            let newest = outline.as_ref().map(|o| o.newest);
            model.outline = outline;
            if another || first {
                forget(model);
            }
            if filter == model.timeline.filter {
                let seen = if another { None } else { model.seen };
                fresh(model, &page, seen);
                put(
                    model,
                    page,
                    if another { Select::Last } else { Select::Keep },
                );
            }
            model.seen = newest.or(model.seen);
            // Somebody declared an incident while an old one was looked at: that is where lines go now.
            let old = model.outline.as_ref().is_some_and(|o| !o.open);
            if more_open && old && !model.named && !another {
                return vec![Effect::Job(Job::Look(None))];
            }
            let mut effects: Vec<Effect> = id
                .map(|id| Effect::Job(Job::Doings(id)))
                .into_iter()
                .collect();
            if another && !first {
                effects.extend(tabs::load(model));
            }
            // The line is read anew for the incident that it goes to now.
            if another && !model.capture.line.is_blank() {
                effects.push(typing::read(model));
            }
            effects
        }
        Reply::Page {
            page,
            select,
            filter,
        } => {
            model.timeline.asked = false;
            if filter == model.timeline.filter {
                put(model, page, select);
            }
            vec![]
        }
        Reply::Doings(doings) => {
            model.doings = doings;
            vec![]
        }
        Reply::Parsed {
            no,
            read,
            completions,
        } => {
            if no != model.reading {
                return vec![];
            }
            let echo = match read {
                Ok(read) => Echo::Read(read),
                Err(failure) => Echo::Wrong(failure),
            };
            if let Some(Over::Prompt(prompt)) = model.over.last_mut() {
                prompt.echo = echo;
                return vec![];
            }
            model.capture.echo = echo;
            if model.capture.completing.is_none() {
                model.capture.completions = completions;
            }
            vec![]
        }
        Reply::ParsedMany(read) => {
            if let Some(Over::Paste(paste)) = model.over.last_mut() {
                for (row, read) in paste.rows.iter_mut().zip(read) {
                    row.date = read.is_none();
                    let first = row.read.is_none();
                    // What cannot be read is left, until somebody says otherwise.
                    if first && matches!(read, Some(Err(_))) {
                        row.take = false;
                    }
                    row.read = read;
                }
            }
            vec![]
        }
        Reply::Done { said, next } => done(model, said, next),
        Reply::Failed { why, .. } => failed(model, &why),
        Reply::Changed => refresh_all(model),
        Reply::Offered(count) => {
            if let Some(Over::Choice(Choice::NothingOpen { offered, .. })) = model.over.last_mut() {
                *offered = count;
            }
            vec![]
        }
        Reply::LineOf {
            handle,
            line,
            editor,
        } => {
            if editor {
                return vec![Effect::Edit(Edit::Event(handle), line)];
            }
            model.over.push(Over::Prompt(Prompt {
                question: Question::Amend(handle),
                line: Line::new(line),
                echo: Echo::Nothing,
                altered: false,
            }));
            vec![typing::read(model)]
        }
        Reply::History(handle, versions) => {
            if let Some(Over::Detail(detail)) = model.over.last_mut()
                && detail.event.handle == handle
            {
                detail.versions = Some(versions);
            }
            vec![]
        }
        Reply::Hits(query, hits) => {
            model.timeline.query = query;
            model.timeline.hits = hits;
            vec![]
        }
        Reply::FoundAll(query, found) => {
            model.incidents.selected = 0;
            model.incidents.found = (!query.trim().is_empty()).then_some((query, found));
            vec![]
        }
        Reply::Incidents(all) => {
            let count = all.len();
            model.incidents.all = Some(all);
            if model.incidents.found.is_none() {
                model.incidents.selected = model.incidents.selected.min(count.saturating_sub(1));
            }
            vec![]
        }
        Reply::Postmortem(text) => {
            model.postmortem.text = Some(text);
            *model.postmortem.drawn.borrow_mut() = None;
            vec![]
        }
        Reply::Letter(letter) => {
            model.letter = Some(letter);
            vec![]
        }
        Reply::Exported(path) => {
            model.say(Tone::Good, format!("written to {path}; the path is copied"));
            vec![Effect::Copy(path)]
        }
        Reply::Section(name, text) => vec![Effect::Edit(Edit::Section(name), text)],
        Reply::Drafts(drafts) => {
            for draft in &drafts {
                typing::recalled(&mut model.capture, draft.text.clone());
            }
            match drafts.last() {
                Some(draft) if model.capture.line.text().is_empty() => {
                    model.capture.line = Line::new(draft.text.clone());
                    model.capture.begun = Some(draft.begun);
                    let at = model.zone.stamp(draft.begun).format("%H:%M");
                    model.say(
                        Tone::Note,
                        format!("half-typed at {at}, and still here; Enter logs it, Ctrl-U empties the line"),
                    );
                    typing::line_altered(model)
                }
                _ => vec![],
            }
        }
        Reply::Broken(why) => failed(model, &why),
    }
}

/// What belonged to another incident.
fn forget(model: &mut Model) {
    model.doings = crate::ops::outline::Doings::default();
    model.timeline.fresh.clear();
    model.timeline.hits.clear();
    model.timeline.query.clear();
    model.timeline.follow = true;
    model.timeline.zoom = 0;
    model.postmortem = crate::tui::model::Page::default();
    model.letter = None;
    model.stage = None;
    model.letter_scroll = 0;
    model.task = 0;
    model.seen = None;
}

/// Marks what others wrote since `seen`.
fn fresh(model: &mut Model, page: &Page, seen: Option<crate::domain::time::Instant>) {
    let Some(seen) = seen else {
        return;
    };
    let known = |id| model.timeline.events.iter().any(|e| e.id == id);
    let others: Vec<&Record<Event>> = page
        .events
        .iter()
        .filter(|e| e.recorded > seen && !model.own.contains(&e.id) && !known(e.id))
        .collect();
    let Some(last) = others.last() else {
        return;
    };
    let text = match others.len() {
        1 => format!("{} wrote: {}", last.author, last.value.text),
        n => format!("{n} new events from others"),
    };
    model.timeline.fresh.extend(others.iter().map(|e| e.id));
    model.say(Tone::Note, text);
}

/// Puts a page in place of the one before; what is looked at stays where it is.
fn put(model: &mut Model, page: Page, select: Select) {
    let timeline = &mut model.timeline;
    let top = timeline.events.get(timeline.top).map(|e| e.id);
    let selected = timeline.events.get(timeline.selected).map(|e| e.id);
    timeline.events = page.events;
    timeline.older = page.older;
    timeline.newer = page.newer;
    let at = |id: Option<uuid::Uuid>| timeline.events.iter().position(|e| Some(e.id) == id);
    let last = timeline.events.len().saturating_sub(1);
    let (new_top, new_selected) = (at(top), at(selected));
    timeline.top = new_top.unwrap_or(timeline.top.min(last));
    timeline.selected = match select {
        Select::First => 0,
        Select::Last => last,
        Select::Event(id) => timeline
            .events
            .iter()
            .position(|e| e.id == id)
            .unwrap_or(last),
        Select::Keep => new_selected.unwrap_or(timeline.selected.min(last)),
    };
    if matches!(select, Select::First) {
        timeline.top = 0;
    }
    moving::settle(model);
}

fn done(model: &mut Model, said: String, next: Next) -> Vec<Effect> {
    if !said.is_empty() {
        model.say(Tone::Good, said);
    }
    // What was asked for on the bottom line is settled.
    if let Some(Over::Prompt(_)) = model.over.last() {
        model.over.pop();
    }
    match next {
        Next::Look(handle) => {
            let mut effects = vec![];
            if model.capture.sent {
                effects.push(typing::clear(model));
            }
            model.named = false;
            effects.push(Effect::Job(Job::Look(Some(handle))));
            effects
        }
        Next::Refresh => {
            if let Some(Over::Detail(_)) = model.over.last() {
                model.over.pop();
            }
            refresh_all(model)
        }
        Next::Wrote {
            ids,
            ask_state,
            clear,
        } => {
            model.own.extend(&ids);
            let mut effects = vec![];
            match clear {
                Clear::Line => effects.push(typing::clear(model)),
                Clear::Paste => {
                    model.over.retain(|over| !matches!(over, Over::Paste(_)));
                }
                Clear::Nothing => {}
            }
            if let Some(handle) = ask_state {
                acting::ask_state(model, handle);
            }
            // What one wrote oneself one sees, where one was at the end.
            if model.focus == Focus::Line && clear != Clear::Nothing {
                model.timeline.follow = !model.timeline.newer || model.timeline.follow;
            }
            effects.extend(refresh_all(model));
            effects
        }
    }
}

fn failed(model: &mut Model, why: &Failure) -> Vec<Effect> {
    model.capture.sent = false;
    if let Some(Over::Paste(paste)) = model.over.last_mut() {
        paste.sent = false;
    }
    let mut text = why.message.clone();
    if let Some(hint) = &why.hint {
        text.push_str(" · ");
        text.push_str(hint);
    }
    if why.passing {
        text.push_str(" · nothing is lost: Enter tries again");
    }
    model.say(Tone::Bad, text);
    vec![]
}
