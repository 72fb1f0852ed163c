//! What the worker answers.

use super::{acting, asking, jumping, moving, pasting, refresh_all, sending, tabs, typing};
use crate::{
    domain::{event::Event, incident::Record},
    ops::page::{From, Page},
    tui::{
        line::Line,
        model::{Choice, Echo, Focus, Model, Over, Question, Reach, Tone},
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
            model.unfiled &= id.is_none();
            let newest = outline.as_ref().map(|o| o.newest);
            model.outline = outline;
            if another || first {
                forget(model);
            }
            let mut further = vec![];
            if filter == model.timeline.filter {
                let seen = if another { None } else { model.seen };
                fresh(model, &page, seen);
                if another {
                    model.timeline.reach = Reach::Nothing;
                    put(model, page, Select::Last);
                } else {
                    put(model, page, Select::Keep);
                }
                further = jumping::look_back(model);
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
            effects.extend(further);
            if another && !first {
                effects.extend(tabs::load(model));
            }
            effects.extend(sought(model));
            effects.extend(looked_closer(model));
            if another {
                effects.extend(pasting::again(model));
            }
            // The line is read anew for the incident that it goes to now.
            if another && !model.capture.line.is_blank() {
                effects.push(typing::read(model));
            }
            effects
        }
        Reply::Page {
            page,
            from,
            select,
            filter,
        } => {
            model.timeline.asked = false;
            if filter != model.timeline.filter {
                return vec![];
            }
            if let From::Before(edge) = from {
                // What was looked for meanwhile from another place has its own answer.
                if model.timeline.reach == Reach::Back(edge) {
                    before(model, page);
                }
            } else {
                put(model, page, select);
            }
            jumping::look_back(model)
        }
        Reply::Gap(found) => jumping::to_gap(model, found),
        Reply::Sought(event) => jumping::to_event(model, &event),
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
        Reply::ParsedTask { no, said } => {
            if let (true, Some(Over::Prompt(prompt))) = (no == model.reading, model.over.last_mut())
            {
                prompt.echo = match said {
                    Ok(said) => Echo::Said(said),
                    Err(failure) => Echo::Wrong(failure),
                };
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
        Reply::Failed { why, line } => {
            if let Some(line) = line.filter(|line| line.no > 0) {
                sending::unsent(model, line.no, &why);
                if why.passing {
                    let text = format!("{} · tried again by itself; nothing is lost", why.message);
                    model.say(Tone::Bad, text);
                }
                return vec![];
            }
            failed(model, &why)
        }
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
            asking::ask(model, Question::Amend(handle), &line);
            vec![typing::read(model)]
        }
        Reply::TaskLine { handle, line } => {
            asking::ask(model, Question::Task(handle), &line);
            vec![typing::read(model)]
        }
        Reply::Status(text) => {
            model.say(Tone::Good, format!("copied: {text}"));
            vec![Effect::Copy(text)]
        }
        Reply::History(event, versions, links) => {
            if let Some(Over::Detail(detail)) = model.over.last_mut()
                && detail.event.id == event.id
            {
                detail.event = *event;
                detail.versions = Some(versions);
                detail.links = links;
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
        Reply::Ledger(lines) => {
            model.incidents.ledger = Some(lines);
            vec![]
        }
        Reply::Trends(trends) => {
            model.incidents.trends = Some(trends);
            vec![]
        }
        Reply::Postmortem(text, lint) => {
            model.postmortem.text = Some(text);
            model.postmortem.lint = lint;
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

/// To the event that was asked for with the incident that it is in.
fn sought(model: &mut Model) -> Vec<Effect> {
    let Some(Select::Event(id)) = model.timeline.seek else {
        return vec![];
    };
    if !model.timeline.filter.is_empty() {
        return vec![];
    }
    model.timeline.seek = None;
    model.focus = Focus::Page;
    match model.timeline.events.iter().position(|e| e.id == id) {
        Some(at) => {
            model.timeline.selected = at;
            moving::select(model)
        }
        None => vec![Effect::Job(Job::Seek(id))],
    }
}

/// The event whose detail is open is read anew: another may have corrected it.
fn looked_closer(model: &Model) -> Option<Effect> {
    model.over.iter().find_map(|over| match over {
        Over::Detail(detail) => Some(Effect::Job(Job::History(detail.event.handle.clone()))),
        _ => None,
    })
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
    let filtered = !timeline.filter.is_empty();
    // What a filter found further back stays found.
    let further = |rest| match timeline.reach {
        Reach::Nothing => false,
        Reach::Back(before) => before < rest,
        Reach::All => true,
    };
    match page.rest.filter(|_| filtered) {
        Some(rest) if further(rest) => timeline.events.retain(|e| e.order() < rest),
        rest => {
            timeline.reach = rest.map_or(Reach::All, Reach::Back);
            timeline.events.clear();
        }
    }
    timeline.events.extend(page.events);
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

/// Puts what a filter found further back before what is there.
fn before(model: &mut Model, page: Page) {
    let timeline = &mut model.timeline;
    let count = page.events.len();
    timeline.reach = page.rest.map_or(Reach::All, Reach::Back);
    timeline.events.splice(0..0, page.events);
    timeline.top += count;
    timeline.selected += count;
    moving::settle(model);
}

fn done(model: &mut Model, said: String, next: Next) -> Vec<Effect> {
    if !said.is_empty() {
        model.say(Tone::Good, said);
    }
    // What was asked for on the bottom line is settled, and no draft any more.
    let mut settled = vec![];
    if let Some(Over::Prompt(_)) = model.over.last() {
        model.over.pop();
        settled.push(sending::drafts(model));
    }
    settled.extend(follow(model, next));
    settled
}

fn follow(model: &mut Model, next: Next) -> Vec<Effect> {
    match next {
        Next::Look {
            handle,
            no,
            ask_state,
        } => {
            let mut effects = sending::sent(model, no);
            if let Some(handle) = ask_state {
                acting::ask_state(model, handle);
            }
            model.named = false;
            model.unfiled = false;
            effects.push(Effect::Job(Job::Look(Some(handle))));
            effects
        }
        Next::Refresh => refresh_all(model),
        Next::Wrote {
            ids,
            ask_state,
            clear,
        } => {
            model.own.extend(&ids);
            let mut effects = vec![];
            match clear {
                Clear::Line(no) => effects.extend(sending::sent(model, no)),
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
    if let Some(Over::Paste(paste)) = model.over.last_mut() {
        paste.sent = false;
    }
    let mut text = why.in_words();
    if why.passing {
        text.push_str(" · nothing is lost: Enter tries again");
    }
    model.say(Tone::Bad, text);
    vec![]
}
