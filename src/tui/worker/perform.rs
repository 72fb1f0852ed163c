//! Every job by name.

use super::Worker;
use crate::{
    ops::{Result, folder::list_folder, incident_summary::load_activity, search},
    tui::msg::{Document, Job, Reply, Write},
};

impl Worker {
    /// Does `job`; returns `None` for a job without a reply.
    pub(super) fn perform(&mut self, job: Job) -> Result<Option<Reply>> {
        Ok(Some(match job {
            // The worker polls the store after each job.
            Job::PollStore | Job::Stop => return Ok(None),
            Job::SaveDrafts(drafts) => return Ok(self.save_drafts(drafts)),
            Job::LoadDrafts => self.load_drafts()?,

            Job::LoadIncident(given) => self.load_first_page(|session| {
                let row = session.initial_incident(given.as_deref())?;
                Ok(row.map(|row| row.id))
            })?,
            Job::LoadUnfiled => self.load_first_page(|_| Ok(None))?,
            Job::Refresh {
                unfiled,
                incident,
                from,
                filter,
            } => self.refresh(unfiled, incident, from, filter)?,
            Job::LoadPage {
                incident,
                from,
                filter,
                select,
            } => self.page(incident, from, filter, select)?,
            Job::GoTo { incident, place } => self.find_place(incident, &place)?,
            Job::FindGap {
                incident,
                from,
                forward,
            } => self.find_gap(incident, from, forward)?,
            Job::FindMilestone {
                incident,
                from,
                forward,
            } => self.find_milestone(incident, from, forward)?,
            Job::LoadEvent(id) => {
                Reply::EventLoaded(Box::new(search::load_event(&self.session, id)?))
            }
            Job::LoadActivity(id) => Reply::Activity(load_activity(&self.session, id)?),
            Job::Search(query) => self.search(query)?,
            Job::SearchAll(query) => self.search_all(query)?,
            Job::LoadSection(name) => self.load_section(name)?,
            Job::StatusText => Reply::Status(self.brief_text()?),
            Job::Brief => Reply::Brief(self.brief_text()?),
            Job::Incidents => self.incidents()?,
            Job::LoadDetail(id) => Reply::DetailLoaded(self.load_detail(id)?),
            Job::OpenDetail(id) => Reply::DetailOpened(self.load_detail(id)?),

            Job::Parse {
                request_id,
                typed,
                amending,
            } => self.parse(request_id, &typed, amending)?,
            Job::ParseRows {
                request_id,
                rows,
                cursor,
                may_declare,
            } => self.parse_rows(request_id, &rows, cursor, may_declare)?,
            Job::ParseTask { request_id, text } => self.parse_task(request_id, &text),
            Job::ParsePaste {
                request_id,
                lines,
                begun,
                target,
                day,
            } => self.parse_paste(request_id, &lines, begun, &target, day)?,
            Job::EventLine { handle, editor } => self.event_line(handle, editor)?,
            Job::LoadEventLine { id, handle } => self.load_event_line(id, &handle),
            Job::LoadTaskLine { id, handle } => self.load_task_line(id, &handle),

            Job::IncidentHistory(id) => {
                let history = self.session.incident_history(id)?;
                Reply::IncidentHistory(id, history.unwrap_or_default())
            }
            Job::StartedStates(id, events) => {
                let row = self.session.read().incident_row(id)?;
                Reply::StartedStates(id, self.session.started_states(row.as_ref(), &events)?)
            }
            Job::Document(id, Document::Postmortem) => self.postmortem(id)?,
            Job::Document(id, Document::Email(stage)) => self.letter(id, stage)?,
            Job::Export(id, document, format) => self.export(id, document, format)?,
            Job::SaveUnsaved(text) => self.save_unsaved(&text)?,
            Job::SeenBefore(id) => self.seen_before(id)?,
            Job::Ledger => self.ledger()?,
            Job::Trends => self.trends()?,

            Job::ListFolder(typed) => Reply::Folder(list_folder(&typed)),
            Job::ReadImport {
                id,
                request,
                progress,
            } => return Ok(self.read_import(id, &request, &progress)),
            Job::Import {
                id,
                write,
                progress,
            } => self.import(id, &write, &progress),

            Job::Check { id, write } => self.check(id, &write),
            Job::Confirmed { id, write } => self.confirmed(id, *write)?,
            // Nothing may fail before a write: it may be a retry of what is in the store already.
            Job::Write(write) => self.perform_write(write)?,
        }))
    }

    /// Does `write`, without a check.
    pub(super) fn perform_write(&mut self, write: Write) -> Result<Reply> {
        match write {
            Write::Log(typed) => self.log_line(&typed),
            Write::LogPaste {
                lines,
                begun,
                target,
                day,
            } => self.log_paste(&lines, begun, &target, day),
            Write::Declare(typed) => self.declare(&typed),
            Write::Rewrite { handle, line, seen } => self.rewrite(&handle, &line, seen),
            Write::Retime(handle, when) => self.retime(&handle, &when),
            Write::Patch(handle, line) => self.patch(&handle, &line),
            Write::Retract(handle, reason) => self.retract(&handle, &reason),
            Write::Restore(handles) => self.restore(&handles),
            Write::Undo => self.undo(),
            Write::Redo => self.redo(),
            Write::ChangeTaskState(handle, state, reason) => {
                self.change_task_state(&handle, state, &reason)
            }
            Write::SetOwner(handle, owner) => self.set_owner(&handle, &owner),
            Write::SetDue(handle, due) => self.set_due(&handle, &due),
            Write::AddTask(line) => self.add_task(&line),
            Write::SetTask(handle, line) => self.set_task(&handle, &line),
            Write::SetField(handle, name, value) => self.set_field(&handle, &name, &value),
            Write::AddService(handle, text) => self.add_service(&handle, &text),
            Write::SaveLetter { stage, over } => self.save_letter(stage, over.as_deref()),
            Write::Approve(number, approver) => self.approve(&number, &approver),
            Write::Review(stage, by) => self.review(stage, &by),
            Write::MarkSent(number, via) => self.mark_sent(&number, &via),
            Write::Resolve(handle, text) => self.resolve(&handle, &text),
            Write::Merge(from, into) => self.merge(&from, &into),
            Write::Reopen(handle, text) => self.reopen(&handle, &text),
            Write::Adopt(handle) => self.adopt(&handle),
            Write::Attach(handle, typed) => self.attach(&handle, &typed),
            Write::Move(handle, to) => self.move_event(&handle, &to),
            Write::Redact {
                handle,
                reason,
                answer,
            } => self.redact(&handle, &reason, &answer),
            Write::WriteSection(name, text) => self.write_section(&name, &text),
        }
    }
}
