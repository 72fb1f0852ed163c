//! Parse requests and drafts: what follows every change of a typed text.

use crate::{
    ops::draft::Draft,
    tui::{
        model::{Model, Overlay, Paste, Preview, Question, ROW_BREAK},
        msg::{Effect, Job, Target},
    },
};

/// Returns the effect that saves everything typed and not in the store as drafts: the outbox,
/// answers to open prompts, an open paste and the input line.
pub fn save_drafts(model: &Model) -> Effect {
    let draft = |begun, text: &str| Draft {
        begun,
        text: text.replace(ROW_BREAK, "\n"),
        about: None,
    };
    let capture = &model.capture;
    let sent = capture.outbox.iter().map(|pending| {
        let typed = pending.typed.as_ref();
        let begun = typed.map_or(pending.since, |typed| typed.begun);
        let draft = Draft {
            about: pending.about.clone(),
            ..draft(begun, &pending.text)
        };
        (typed.map_or(0, |typed| typed.seq), draft)
    });
    let open = model.overlays.iter().filter_map(|overlay| match overlay {
        Overlay::Prompt(prompt) if prompt.altered => Some(Draft {
            about: Some(prompt.question.draft_label()),
            ..draft(model.now, prompt.line.text())
        }),
        Overlay::Paste(paste) => Some(Draft {
            about: Some(format!("a paste of {} lines", paste.rows.len())),
            ..draft(paste.begun, &paste.text())
        }),
        _ => None,
    });
    let open = open.map(|draft| (0, draft));
    let begun = capture.begun.unwrap_or(model.now);
    // While an earlier line is recalled, the one typed before it is kept too.
    let stashed = capture.history_position.as_ref();
    let stashed = stashed.map(|(_, line)| (0, draft(begun, line.text())));
    let line = (0, draft(begun, capture.line.text()));
    let kept = &capture.drafts;
    let is_new =
        |draft: &Draft| !draft.text.is_empty() && kept.iter().all(|known| known.text != draft.text);
    let typed = sent.chain(open).chain(stashed).chain([line]);
    let typed = typed.filter(|(_, draft)| is_new(draft));
    let kept = kept.iter().map(|draft| (0, draft.clone()));
    Effect::Job(Job::SaveDrafts(kept.chain(typed).collect()))
}

/// Saves and parses the input line after any change.
pub fn on_line_changed(model: &mut Model) -> Vec<Effect> {
    let target = model.target();
    let capture = &mut model.capture;
    if capture.is_untouched() {
        capture.begun = None;
        capture.begun_target = None;
    } else if capture.begun.is_none() {
        capture.begun = Some(model.now);
        capture.begun_target = Some(target);
    }
    if capture.line.is_blank() {
        capture.previews.clear();
        capture.completions.clear();
        capture.row_ended = false;
        // A reply still to come is about the text before.
        model.parse_request_id += 1;
        return vec![save_drafts(model)];
    }
    vec![save_drafts(model), request_parse(model)]
}

/// Returns the effect that parses the rows of the input line, under a new request number.
pub fn request_parse(model: &mut Model) -> Effect {
    model.parse_request_id += 1;
    let target = model.reading_target();
    let rows = model.capture.rows().map(|row| model.typed_line(row));
    let rows = rows.map(|typed| crate::tui::msg::TypedLine {
        target: target.clone(),
        ..typed
    });
    Effect::Job(Job::ParseRows {
        request_id: model.parse_request_id,
        rows: rows.collect(),
        cursor: model.capture.cursor_in_rows(),
        may_declare: model.may_declare(),
    })
}

/// Returns the effect that parses the answer of the open prompt, if it is an event or a follow-up.
pub fn request_edit_parse(model: &mut Model) -> Option<Effect> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return None;
    };
    if prompt.is_loading {
        return None;
    }
    let text = prompt.line.text().to_owned();
    let question = prompt.question.clone();
    model.parse_request_id += 1;
    let request_id = model.parse_request_id;
    let mut typed = model.typed_line(&text);
    let amending = match question {
        Question::AmendTask(_) | Question::AddTask => {
            return Some(Effect::Job(Job::ParseTask { request_id, text }));
        }
        Question::Amend(handle) => Some((handle, false)),
        Question::Retime(handle) => Some((handle, true)),
        // In a row of a paste `tell:` is text, unless the user switched it on for that row.
        Question::PasteRow(at) => {
            typed.allow_customer_wording = model.overlays.iter().any(|overlay| match overlay {
                Overlay::Paste(paste) => paste
                    .rows
                    .get(at)
                    .is_some_and(|row| row.allow_customer_wording),
                _ => false,
            });
            None
        }
        _ => return None,
    };
    Some(Effect::Job(Job::Parse {
        request_id,
        typed,
        amending,
    }))
}

/// Applies the preview of the open prompt with the newest request.
pub fn on_answer_parsed(model: &mut Model, request_id: u64, preview: Preview) {
    if let (true, Some(Overlay::Prompt(prompt))) = (
        request_id == model.parse_request_id,
        model.overlays.last_mut(),
    ) {
        prompt.preview = preview;
    }
}

/// Returns the effect that parses an open paste again, for the incident it goes to now.
pub fn reparse_paste(model: &mut Model) -> Option<Effect> {
    let target = model.reading_target();
    model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Paste(paste) => Some(request_paste_parse(paste, target.clone())),
        _ => None,
    })
}

/// Returns the effect that parses all rows of `paste`.
pub fn request_paste_parse(paste: &mut Paste, target: Target) -> Effect {
    paste.request_id += 1;
    paste.armed = false;
    Effect::Job(Job::ParsePaste {
        request_id: paste.request_id,
        lines: paste.lines(),
        begun: paste.begun,
        target: paste.place.clone().unwrap_or(target),
        day: paste.picked_day(),
    })
}
