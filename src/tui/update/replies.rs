//! Replies of the worker change the model.

use super::{
    actions, incident_loaded,
    line::{on_line_changed, request_parse, save_drafts},
    outbox, prompt,
    refresh::refresh_all,
    timeline,
};
use crate::{
    ops::draft::Draft,
    tui::{
        model::{Dialog, Focus, Level, Model, Overlay, Preview, Question, TextPage},
        msg::{ClearInput, EditTarget, Effect, Failure, Job, NextStep, ReadRow, Reply},
        text_input::TextInput,
    },
};

/// Changes the model for a reply.
pub fn on_reply(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::IncidentLoaded(loaded) => incident_loaded::on_incident_loaded(model, *loaded),
        Reply::Page {
            page,
            from,
            select,
            filter,
        } => incident_loaded::on_page_loaded(model, page, from, select, &filter),
        Reply::IncidentHistory(id, history) => {
            if let Some(summary) = model.summary.as_mut().filter(|o| o.id == id) {
                summary.history = Some(history);
                model.band.take();
            }
            vec![]
        }
        Reply::GapFound(gap) => timeline::on_gap_found(model, gap),
        Reply::MilestoneFound { event, forward } => {
            timeline::on_milestone_found(model, event.as_deref(), forward)
        }
        Reply::EventLoaded(event) => timeline::jump_to_event(model, &event),
        Reply::Activity(activity) => {
            model.activity = activity;
            vec![]
        }
        Reply::Parsed {
            request_id,
            result: parsed,
            completions,
        } => {
            if request_id != model.parse_request_id {
                return vec![];
            }
            let preview = match parsed {
                Ok(parsed) => Preview::Event(parsed),
                Err(failure) => Preview::Invalid(failure),
            };
            if let Some(Overlay::Prompt(prompt)) = model.overlays.last_mut() {
                prompt.preview = preview;
                return vec![];
            }
            model.capture.preview = preview;
            if model.capture.active_completion.is_none() {
                model.capture.completions = completions;
            }
            vec![]
        }
        Reply::ParsedTask { request_id, result } => {
            if let (true, Some(Overlay::Prompt(prompt))) = (
                request_id == model.parse_request_id,
                model.overlays.last_mut(),
            ) {
                prompt.preview = match result {
                    Ok(message) => Preview::FollowUp(message),
                    Err(failure) => Preview::Invalid(failure),
                };
            }
            vec![]
        }
        Reply::ParsedPaste(read) => {
            if let Some(Overlay::Paste(paste)) = model.overlays.last_mut() {
                for (row, read) in paste.rows.iter_mut().zip(read) {
                    // Rows that cannot be parsed are excluded at first; the user can include them
                    // again.
                    if row.read.is_none() && matches!(read, ReadRow::Refused(_)) {
                        row.included = false;
                    }
                    row.read = Some(read);
                }
            }
            vec![]
        }
        Reply::RedactionDescribed {
            handle,
            reason,
            paragraphs,
        } => {
            let question = Question::Redact(handle.clone());
            let asked =
                |overlay: &Overlay| matches!(overlay, Overlay::Prompt(p) if p.question == question);
            // The prompt was left meanwhile.
            if !model.overlays.last().is_some_and(asked) {
                return vec![];
            }
            model.overlays.pop();
            model.overlays.push(Overlay::Text(TextPage {
                title: "This is destroyed".to_owned(),
                paragraphs,
                scroll: 0,
            }));
            prompt::ask(model, Question::ConfirmRedaction(handle, reason), "");
            vec![]
        }
        Reply::Done { message, next, job } => on_done(model, message, next, job.as_deref()),
        Reply::Failed { failure, line } => {
            if let Some(line) = line.filter(|line| line.seq > 0) {
                outbox::mark_failed(model, line.seq, &failure);
                if failure.retryable {
                    let text = format!(
                        "{} · tried again by itself; nothing is lost",
                        failure.message
                    );
                    model.notify(Level::Error, text);
                }
                return vec![];
            }
            on_failed(model, &failure)
        }
        Reply::StoreChanged => refresh_all(model),
        Reply::UnfiledCount(count) => {
            if let Some(Overlay::Dialog(Dialog::Routing(dialog))) = model.overlays.last_mut() {
                dialog.unfiled_count = count;
            }
            vec![]
        }
        Reply::EventLine {
            handle,
            line,
            editor,
        } => {
            if editor {
                return vec![Effect::OpenEditor(EditTarget::Event(handle), line)];
            }
            prompt::ask(model, Question::Amend(handle), &line);
            vec![request_parse(model)]
        }
        Reply::TaskLine { handle, line } => {
            prompt::ask(model, Question::AmendTask(handle), &line);
            vec![request_parse(model)]
        }
        Reply::Status(text) => {
            model.notify(Level::Success, format!("copied: {text}"));
            vec![Effect::Copy(text)]
        }
        Reply::EventHistory(event, versions, links) => {
            if let Some(Overlay::Detail(detail)) = model.overlays.last_mut()
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
        Reply::SearchResults(query, results) => {
            model.incidents.selected = 0;
            model.incidents.search_results = (!query.trim().is_empty()).then_some((query, results));
            vec![]
        }
        Reply::Incidents(all) => {
            let count = all.len();
            model.incidents.all = Some(all);
            if model.incidents.search_results.is_none() {
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
        Reply::Postmortem(text, findings) => {
            model.postmortem.text = Some(text);
            model.postmortem.findings = findings;
            *model.postmortem.render_cache.borrow_mut() = None;
            vec![]
        }
        Reply::Letter(letter) => {
            model.letter = Some(letter);
            vec![]
        }
        Reply::Exported(path) => {
            model.notify(
                Level::Success,
                format!("written to {path}; the path is copied"),
            );
            vec![Effect::Copy(path)]
        }
        Reply::Section(name, text) => vec![Effect::OpenEditor(EditTarget::Section(name), text)],
        Reply::Drafts { drafts, unreadable } => {
            let effects = on_drafts(model, &drafts);
            if !unreadable.is_empty() {
                let files = unreadable.join("; ");
                let text =
                    format!("half-typed lines of before cannot be read, and stay in {files}");
                model.notify(Level::Error, text);
            }
            effects
        }
        Reply::DraftsUnsaved(why) => {
            let text = format!(
                "half-typed lines cannot be saved, and are lost if the app is killed: {why}"
            );
            model.notify(Level::Error, text);
            vec![]
        }
        Reply::StoreUnreadable(failure) => {
            let text = format!(
                "what others write is not seen now: {}",
                failure.message_with_hint()
            );
            model.notify(Level::Error, text);
            vec![]
        }
    }
}

/// Puts the drafts of earlier processes into the history, and the newest line back on the input line.
fn on_drafts(model: &mut Model, drafts: &[Draft]) -> Vec<Effect> {
    for draft in drafts {
        model.capture.add_to_history(draft.text.clone());
    }
    let line = drafts.iter().rev().find(|draft| draft.about.is_none());
    let other = drafts.iter().rev().find_map(|draft| draft.about.as_ref());
    if let Some(about) = other {
        let text = format!("half-typed and still here: {about}; ↑ brings it back");
        model.notify(Level::Info, text);
    }
    model.capture.recovered.extend(drafts.iter().cloned());
    match line {
        Some(draft) if model.capture.line.text().is_empty() => {
            model.capture.line = TextInput::new(draft.text.clone());
            model.capture.note_recalled_draft();
            model.capture.begun = Some(draft.begun);
            let at = model.zone.to_local(draft.begun).format("%H:%M");
            model.notify(
                Level::Info,
                format!(
                    "half-typed at {at}, and still here; Enter logs it, Ctrl-U empties the line"
                ),
            );
            on_line_changed(model)
        }
        _ if drafts.is_empty() => vec![],
        _ => vec![save_drafts(model)],
    }
}

fn on_done(
    model: &mut Model,
    message: String,
    next_step: NextStep,
    job: Option<&Job>,
) -> Vec<Effect> {
    if !message.is_empty() {
        model.notify(Level::Success, message);
    }
    model.wrote_since_refresh = true;
    let mut effects = vec![];
    if job.is_some_and(|job| prompt::close_answered(model, job)) {
        // Its draft is deleted.
        effects.push(save_drafts(model));
    }
    effects.extend(apply_next_step(model, next_step));
    effects
}

fn apply_next_step(model: &mut Model, next_step: NextStep) -> Vec<Effect> {
    match next_step {
        NextStep::ShowIncident {
            handle,
            line_seq,
            ask_state,
        } => {
            let mut effects = outbox::confirm_logged(model, line_seq);
            if let Some(handle) = ask_state {
                actions::ask_state(model, handle);
            }
            model.explicit_incident = false;
            model.showing_unfiled = false;
            effects.push(Effect::Job(Job::LoadIncident(Some(handle))));
            effects
        }
        NextStep::Refresh => refresh_all(model),
        NextStep::ShowText { title, paragraphs } => {
            model.overlays.push(Overlay::Text(TextPage {
                title,
                paragraphs,
                scroll: 0,
            }));
            refresh_all(model)
        }
        NextStep::EventsWritten {
            ids,
            ask_state,
            clear,
        } => {
            model.own_events.extend(&ids);
            let mut effects = vec![];
            match clear {
                ClearInput::Line(seq) => effects.extend(outbox::confirm_logged(model, seq)),
                ClearInput::Paste => {
                    model
                        .overlays
                        .retain(|overlay| !matches!(overlay, Overlay::Paste(_)));
                }
                ClearInput::Nothing => {}
            }
            if let Some(handle) = ask_state {
                actions::ask_state(model, handle);
            }
            // The own line or paste is brought into view, unless newer events are not loaded.
            if model.focus == Focus::Line && clear != ClearInput::Nothing {
                model.timeline.follow = !model.timeline.has_newer || model.timeline.follow;
            }
            effects.extend(refresh_all(model));
            effects
        }
    }
}

fn on_failed(model: &mut Model, failure: &Failure) -> Vec<Effect> {
    if let Some(Overlay::Paste(paste)) = model.overlays.last_mut() {
        paste.submitted = false;
    }
    let mut text = failure.message_with_hint();
    if failure.retryable {
        text.push_str(" · nothing is lost: Enter tries again");
    }
    model.notify(Level::Error, text);
    vec![]
}
