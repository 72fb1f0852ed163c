//! What the worker answers.

use super::{acting, asking, jumping, looked, refresh_all, sending, typing};
use crate::tui::{
    line::Line,
    model::{Choice, Echo, Focus, Model, Over, Question, Tone},
    msg::{Clear, Edit, Effect, Failure, Job, Next, Reply},
};

/// Takes a reply up.
pub fn reply(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Looked(seen) => looked::looked(model, *seen),
        Reply::Page {
            page,
            from,
            select,
            filter,
        } => looked::paged(model, page, from, select, &filter),
        Reply::Story(id, story) => {
            if let Some(outline) = model.outline.as_mut().filter(|o| o.id == id) {
                outline.history = Some(story);
                model.band.take();
            }
            vec![]
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
            if let Some(Over::Choice(Choice::NothingOpen(nowhere))) = model.over.last_mut() {
                nowhere.offered = count;
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
            let line = drafts.iter().rev().find(|draft| draft.about.is_none());
            let other = drafts.iter().rev().find_map(|draft| draft.about.as_ref());
            if let Some(what) = other {
                let text = format!("half-typed and still here: {what}; ↑ brings it back");
                model.say(Tone::Note, text);
            }
            match line {
                Some(draft) if model.capture.line.text().is_empty() => {
                    model.capture.line = Line::new(draft.text.clone());
                    model.capture.begun = Some(draft.begun);
                    let at = model.zone.to_local(draft.begun).format("%H:%M");
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

fn done(model: &mut Model, said: String, next: Next) -> Vec<Effect> {
    if !said.is_empty() {
        model.say(Tone::Good, said);
    }
    model.acted = true;
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
