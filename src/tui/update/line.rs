//! Parse requests and drafts: what follows every change of a typed text.

use crate::{
    ops::draft::Draft,
    tui::{
        model::{Model, Overlay, Paste, Preview, Question},
        msg::{Effect, Job},
    },
};

/// Returns the effect that saves everything typed and not in the store as drafts: the outbox,
/// answers to open prompts, an open paste and the input line.
pub fn save_drafts(model: &Model) -> Effect {
    let draft = |begun, text: &str| Draft {
        begun,
        text: text.to_owned(),
        about: None,
    };
    let capture = &model.capture;
    let sent = capture.outbox.iter().map(|pending| {
        let typed = &pending.typed;
        (typed.seq, draft(typed.begun, &typed.text))
    });
    let open = model.overlays.iter().filter_map(|overlay| match overlay {
        Overlay::Prompt(prompt) if prompt.altered && prompt.question.should_keep_draft() => {
            Some(Draft {
                about: Some(prompt.question.draft_label()),
                ..draft(model.now, prompt.line.text())
            })
        }
        Overlay::Paste(paste) => Some(Draft {
            about: Some("a paste".to_owned()),
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
    let recovered = &capture.recovered;
    let is_new = |draft: &Draft| {
        !draft.text.is_empty() && recovered.iter().all(|known| known.text != draft.text)
    };
    let typed = sent.chain(open).chain(stashed).chain([line]);
    let typed = typed.filter(|(_, draft)| is_new(draft));
    let recovered = recovered.iter().map(|draft| (0, draft.clone()));
    Effect::Job(Job::SaveDrafts(recovered.chain(typed).collect()))
}

/// Saves and parses the input line after any change.
pub fn on_line_changed(model: &mut Model) -> Vec<Effect> {
    let capture = &mut model.capture;
    if capture.line.text().is_empty() {
        capture.begun = None;
    } else if capture.begun.is_none() {
        capture.begun = Some(model.now);
    }
    if capture.line.is_blank() {
        capture.preview = Preview::Empty;
        capture.completions.clear();
        // A reply still to come is about the text before.
        model.parse_request_id += 1;
        return vec![save_drafts(model)];
    }
    vec![save_drafts(model), request_parse(model)]
}

/// Returns the effect that parses the open prompt, else the input line, under a new request number.
pub fn request_parse(model: &mut Model) -> Effect {
    model.parse_request_id += 1;
    let mut typed = model.current_line();
    let mut cursor = model.capture.line.before_cursor().len();
    let mut amending = None;
    if let Some(Overlay::Prompt(prompt)) = model.overlays.last() {
        typed.text = prompt.line.text().to_owned();
        if matches!(prompt.question, Question::AmendTask(_) | Question::AddTask) {
            return Effect::Job(Job::ParseTask {
                request_id: model.parse_request_id,
                text: typed.text,
            });
        }
        cursor = prompt.line.before_cursor().len();
        amending = match &prompt.question {
            Question::Amend(handle) => Some((handle.clone(), false)),
            Question::Retime(handle) => Some((handle.clone(), true)),
            _ => None,
        };
        // In a row of a paste `tell:` is text, unless the user switched it on for that row.
        if let Question::PasteRow(at) = prompt.question {
            typed.allow_customer_wording = model.overlays.iter().any(|overlay| match overlay {
                Overlay::Paste(paste) => paste
                    .rows
                    .get(at)
                    .is_some_and(|row| row.allow_customer_wording),
                _ => false,
            });
        }
    }
    Effect::Job(Job::Parse {
        request_id: model.parse_request_id,
        typed,
        cursor,
        amending,
    })
}

/// Returns the effect that parses an open paste again, for the incident it goes to now.
pub fn reparse_paste(model: &Model) -> Option<Effect> {
    model.overlays.iter().find_map(|overlay| match overlay {
        Overlay::Paste(paste) => Some(request_paste_parse(model, paste)),
        _ => None,
    })
}

/// Returns the effect that parses all rows of `paste`.
pub fn request_paste_parse(model: &Model, paste: &Paste) -> Effect {
    Effect::Job(Job::ParsePaste {
        lines: paste.lines(),
        begun: paste.begun,
        target: model.target(),
    })
}
