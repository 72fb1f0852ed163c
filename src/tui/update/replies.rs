//! Replies of the worker change the model. A reply touches rows, messages and drafts, and the prompt or
//! question whose number it names; never what the keys go to, nor the text of an input.

use super::{
    detail, fix, hub, import, incident_loaded,
    line::{on_answer_parsed, on_line_changed, save_drafts},
    next_step::apply_next_step,
    outbox, paste, prompt,
    refresh::refresh_all,
    state_question, text_pages, timeline,
};
use crate::{
    domain::count::counted,
    ops::draft::Draft,
    tui::{
        content::event_text::day_and_time,
        model::{Level, Model, Overlay, Preview, Question, RestoredDraft},
        msg::{CopyOf, CopyRequest, EditTarget, Effect, Failure, Job, NextStep, Reply, Write},
    },
};

/// How the message begins that says why drafts cannot be saved.
const DRAFTS_UNSAVED: &str = "drafts cannot be saved";

/// Changes the model for a reply.
pub fn on_reply(model: &mut Model, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::IncidentLoaded(loaded) => incident_loaded::on_incident_loaded(model, *loaded),
        Reply::Page {
            page,
            from,
            select,
            filter,
        } => incident_loaded::on_page_loaded(model, *page, from, select, &filter),
        Reply::IncidentHistory(id, history) => {
            if let Some(summary) = model.summary.as_mut().filter(|o| o.row.id == id) {
                summary.history = Some(history);
                model.band.take();
                state_question::forget_answered(model);
            }
            vec![]
        }
        Reply::StartedStates(id, started) => {
            if model.summary.as_ref().is_some_and(|o| o.row.id == id) {
                model.timeline.started.extend(started);
            }
            vec![]
        }
        Reply::GapFound(gap) => timeline::on_gap_found(model, gap),
        Reply::MilestoneFound { event, forward } => {
            timeline::on_milestone_found(model, event.as_deref(), forward)
        }
        Reply::PlaceFound(event, at) => timeline::on_place_found(model, &event, at),
        Reply::EventLoaded(event) => timeline::jump_to_event(model, &event),
        Reply::Activity(activity) => {
            model.activity = activity;
            vec![]
        }
        Reply::Parsed {
            request_id, result, ..
        } => {
            let preview = match result {
                Ok(parsed) => Preview::Event(parsed),
                Err(failure) => Preview::Invalid(failure),
            };
            on_answer_parsed(model, request_id, preview);
            vec![]
        }
        Reply::ParsedTask { request_id, result } => {
            let preview = match result {
                Ok(message) => Preview::FollowUp(message),
                Err(failure) => Preview::Invalid(failure),
            };
            on_answer_parsed(model, request_id, preview);
            vec![]
        }
        Reply::ParsedRows {
            request_id,
            rows,
            completions,
        } => {
            if request_id != model.parse_request_id {
                return vec![];
            }
            let preview = |row| match row {
                Ok(parsed) => Preview::Event(parsed),
                Err(failure) => Preview::Invalid(failure),
            };
            let capture = &mut model.capture;
            capture.previews = rows.into_iter().map(preview).collect();
            capture.previews_id = request_id;
            if capture.active_completion.is_none() {
                capture.completions = completions;
            }
            vec![]
        }
        Reply::ParsedPaste {
            request_id,
            rows,
            asks_day,
        } => {
            paste::on_parsed(model, request_id, rows, asks_day);
            vec![]
        }
        Reply::Checked { id, result } => {
            prompt::on_checked(model, id, result);
            vec![]
        }
        Reply::LineLoaded { id, result } => prompt::on_line_loaded(model, id, result),
        Reply::Done { message, next, job } => on_done(model, &message, next, job.as_deref()),
        Reply::Failed { failure, job, .. } => match job {
            Some(job) if matches!(*job, Job::LoadPage { .. }) => {
                incident_loaded::on_page_failed(model, &job, &failure)
            }
            Some(job) => match *job {
                Job::LoadDetail(event) => {
                    detail::on_failed(model, event, &failure);
                    vec![]
                }
                Job::GoTo { .. } => {
                    model.notify(Level::Info, failure.message_with_hint());
                    vec![]
                }
                job => on_write_failed(model, &job, &failure),
            },
            None => {
                model.notify(Level::Error, failure.message_with_hint());
                vec![]
            }
        },
        Reply::Unsaved {
            obstacle,
            failure,
            job,
        } => {
            if let Job::Write(Write::LogPaste { .. }) = *job {
                let retryable = true;
                return on_write_failed(
                    model,
                    &job,
                    &Failure {
                        retryable,
                        ..failure
                    },
                );
            }
            outbox::mark_unsaved(model, &job, obstacle, &failure);
            vec![]
        }
        Reply::StoreChanged => {
            let mut effects = refresh_all(model);
            effects.extend(prompt::look_again(model));
            effects
        }
        Reply::Hub(status) => {
            hub::on_status(model, *status);
            vec![]
        }
        Reply::EventLine {
            handle,
            line,
            editor: true,
        } => open_editor(model, EditTarget::Event(handle), line),
        Reply::EventLine { .. } => vec![],
        Reply::Status(text) => {
            let of = CopyOf::Status;
            vec![Effect::Copy(CopyRequest { text, of })]
        }
        Reply::SeenBefore(id, seen) => {
            if model
                .summary
                .as_ref()
                .is_some_and(|summary| summary.row.id == id)
            {
                model.seen_before = seen;
            }
            vec![]
        }
        Reply::Brief(text) => {
            text_pages::fill_brief(model, text);
            vec![]
        }
        Reply::DetailOpened(loaded) => {
            detail::on_opened(model, loaded);
            vec![]
        }
        Reply::DetailLoaded(loaded) => {
            detail::on_loaded(model, loaded);
            vec![]
        }
        Reply::Hits(query, hits) => {
            model.timeline.query = query;
            model.timeline.hits = hits;
            vec![]
        }
        Reply::SearchResults(results) => {
            model.incidents.selected = 0;
            model.incidents.search_problem = None;
            model.incidents.search_results = (!results.query.trim().is_empty()).then_some(*results);
            vec![]
        }
        Reply::SearchRefused(problem) => {
            finder_problem(model, problem);
            vec![]
        }
        Reply::Incidents(all) => {
            let selected = model.incidents.selected_target();
            model.incidents.all = Some(all);
            model.incidents.select_again(&selected);
            vec![]
        }
        Reply::Ledger(lines) => {
            let selected = model.incidents.selected_target();
            model.incidents.ledger = Some(lines);
            model.incidents.select_again(&selected);
            vec![]
        }
        Reply::Trends(trends) => {
            let selected = model.incidents.selected_target();
            model.incidents.trends = Some(trends);
            model.incidents.select_again(&selected);
            vec![]
        }
        Reply::Postmortem(text, findings) => {
            let selected = fix::selected_key(model);
            model.postmortem.text = Some(text);
            model.postmortem.findings = findings;
            *model.postmortem.render_cache.borrow_mut() = None;
            fix::keep_selected(model, selected.as_ref());
            vec![]
        }
        Reply::Letter(letter) => {
            let selected = fix::selected_key(model);
            model.letter = Some(letter);
            fix::keep_selected(model, selected.as_ref());
            vec![]
        }
        Reply::UnsavedWritten { path, shown } => {
            model.unsaved_file = Some((shown.clone(), model.capture.outbox.len()));
            let of = CopyOf::SavedFile(shown);
            vec![Effect::Copy(CopyRequest { text: path, of })]
        }
        Reply::Exported { path, shown } => {
            model.notify(Level::Success, format!("Saved in {shown}"));
            let of = CopyOf::SavedFile(shown);
            vec![Effect::Copy(CopyRequest { text: path, of })]
        }
        Reply::Folder(listing) => {
            model.files.listing = Some(listing);
            vec![]
        }
        Reply::ImportRead { id, result } => import::on_read(model, id, result),
        Reply::Imported { id, result } => import::on_imported(model, id, result),
        Reply::Section(name, text) => open_editor(model, EditTarget::Section(name), text),
        Reply::Drafts { drafts, unreadable } => {
            let effects = on_drafts(model, &drafts);
            if !unreadable.is_empty() {
                let files = unreadable.join("; ");
                let text =
                    format!("drafts of earlier sessions cannot be read, and stay in {files}");
                model.notify(Level::Error, text);
            }
            effects
        }
        Reply::DraftsSaved => {
            model.drafts_unsaved = false;
            model
                .failure
                .take_if(|failure| failure.text.starts_with(DRAFTS_UNSAVED));
            vec![]
        }
        Reply::DraftsUnsaved(why) => {
            model.drafts_unsaved = true;
            let text = format!("{DRAFTS_UNSAVED}, and are lost if the app is killed: {why}");
            model.notify(Level::Error, text);
            vec![]
        }
        Reply::StoreUnreadable(failure) => {
            let text = format!(
                "new entries of others cannot be read now: {}",
                failure.message_with_hint()
            );
            model.notify(Level::Error, text);
            vec![]
        }
    }
}

/// Opens `$EDITOR`, unless keys came since it was asked for: they would go into it.
fn open_editor(model: &mut Model, target: EditTarget, text: String) -> Vec<Effect> {
    if model.editor_asked_at.take() == Some(model.input_count) {
        return vec![Effect::OpenEditor(target, text)];
    }
    model.notify(Level::Info, "the editor was not opened, since you typed on");
    vec![]
}

/// Puts the drafts of earlier processes into the history, and the newest line back on the input line.
fn on_drafts(model: &mut Model, drafts: &[Draft]) -> Vec<Effect> {
    for draft in drafts {
        model.capture.add_to_history(draft.text.clone());
    }
    let line = drafts.iter().rev().find(|draft| draft.about.is_none());
    model.capture.drafts.extend(drafts.iter().cloned());
    match line {
        Some(draft) if model.capture.line.text().is_empty() && model.input_count == 0 => {
            model.capture.set_line(draft.text.clone());
            model.capture.note_recalled_draft();
            model.capture.begun = Some(draft.begun);
            let begun = day_and_time(model, draft.begun, "%H:%M");
            model.notify(Level::Info, format!("draft of {begun} restored"));
            model.capture.restored = Some(RestoredDraft {
                begun,
                text: draft.text.clone(),
            });
            on_line_changed(model)
        }
        _ if drafts.is_empty() => vec![],
        _ => {
            let kept = counted(drafts.len(), "draft", "drafts");
            model.notify(Level::Info, format!("{kept} kept: Ctrl-R on the line"));
            vec![save_drafts(model)]
        }
    }
}

fn on_done(
    model: &mut Model,
    message: &str,
    next_step: NextStep,
    job: Option<&Job>,
) -> Vec<Effect> {
    if !message.is_empty() {
        model.notify(Level::Success, message);
    }
    model.wrote_since_refresh = true;
    let mut effects = vec![];
    if let Some(job) = job {
        effects.extend(outbox::confirm_job(model, job));
    }
    effects.extend(apply_next_step(model, next_step));
    effects
}

/// A write failed: that of the line, a prompt, a question or a paste.
fn on_write_failed(model: &mut Model, job: &Job, failure: &Failure) -> Vec<Effect> {
    if let Job::Write(Write::LogPaste { .. }) = job {
        for overlay in &mut model.overlays {
            if let Overlay::Paste(paste) = overlay {
                paste.submitted = None;
                paste.armed = false;
            }
        }
        let again = if failure.retryable {
            " Enter tries again; nothing is lost."
        } else {
            ""
        };
        model.notify(
            Level::Error,
            format!("{}.{again}", failure.message_with_hint()),
        );
        return vec![];
    }
    if let (Job::Write(Write::Patch(handle, _)), false) = (job, failure.retryable) {
        state_question::on_answer_refused(model, handle);
    }
    outbox::mark_failed(model, job, failure)
}

/// Says below what is typed to search all incidents that it is not understood; in the status line if it is
/// no longer being typed.
fn finder_problem(model: &mut Model, problem: String) {
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) if prompt.question == Question::SearchAll => {
            model.incidents.search_problem = Some(problem);
        }
        _ => model.notify(Level::Info, problem),
    }
}
