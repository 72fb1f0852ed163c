//! The questions of the prompts.

use crate::{
    domain::review::ReviewStage,
    tui::model::{Model, Question},
};

/// Returns the value of field `name` of the incident shown; a time in the zone of the screen.
#[must_use]
pub fn field_value(model: &Model, name: &str) -> String {
    let value = model.field(name);
    match crate::domain::time::parse_utc(value) {
        Some(at) => {
            let at = model.zone.to_local(at);
            at.format("%a %-d %b %Y %H:%M").to_string()
        }
        None => value.to_owned(),
    }
}

/// Returns a note on the open findings of the letter; empty if there are none.
fn open_findings(model: &Model) -> String {
    match model
        .letter
        .as_ref()
        .map_or(0, |letter| letter.findings.len())
    {
        0 => String::new(),
        1 => " · ! 1 finding is open, under the letter".to_owned(),
        n => format!(" · ! {n} findings are open, under the letter"),
    }
}

/// Returns the question that a prompt shows.
#[must_use]
pub fn prompt_text(model: &Model, question: &Question) -> String {
    let ask_text = |handle: &str| {
        model
            .activity
            .open_asks
            .iter()
            .find(|a| a.handle == handle)
            .map(|a| a.value.text.clone())
    };
    match question {
        Question::Amend(handle) | Question::AmendTask(handle) => {
            format!("amend {handle}: what is left out goes")
        }
        Question::Retime(handle) => format!("when was {handle}? 10:06, ~10:06, -5m, 10:06-10:20"),
        Question::Retract(handle) => format!("why is {handle} to go out of the record?"),
        Question::Close(handle) => match ask_text(handle) {
            Some(text) => format!("what came of it? {text}"),
            None => format!("what came of {handle}?"),
        },
        Question::Decline(handle) => format!("why is {handle} declined?"),
        Question::AddTask => {
            "what is to be done after? prevent: … @owner due Friday prevents tell: …".into()
        }
        Question::PasteRow(at) => format!("line {} of the paste, corrected", at + 1),
        Question::Move(handle) => format!("into which incident does {handle} go? its number"),
        Question::Redact(handle) => {
            format!("why is the text of {handle} destroyed? this cannot be undone")
        }
        Question::ConfirmRedaction(handle, _) => {
            format!("destroy it? `yes` or {handle} does; Esc leaves it as it is")
        }
        Question::Search => "find in the timeline".into(),
        Question::SearchAll => "find in all incidents".into(),
        Question::Filter => "show only: kind:fault #tag @service by:jw tell words".into(),
        Question::Declare => {
            "the title of the new incident; @services and !state may follow".into()
        }
        Question::Resolve => match model.activity.open_asks.len() {
            0 => "what ended it? Enter alone will do".into(),
            1 => "what ended it? Enter alone will do · an ask is still open".into(),
            n => format!("what ended it? Enter alone will do · {n} asks are still open"),
        },
        Question::Reopen => "why was it not over? Enter alone will do".into(),
        Question::Approve(number) => {
            format!(
                "who lets {number} go out, as it stands?{}",
                open_findings(model)
            )
        }
        Question::Review(stage) => {
            let asks = match stage {
                ReviewStage::Reviewed => "who reviewed the postmortem, as its records are now?",
                ReviewStage::Final => {
                    "who says that the postmortem is final, as its records are now?"
                }
            };
            format!("{asks}{}", open_findings(model))
        }
        Question::MarkSent(number) => {
            let findings = open_findings(model);
            format!("how did {number} go out? email, statuspage or phone{findings}")
        }
        Question::AddService => {
            "which service, and what do customers call it? online-db AVR Online".into()
        }
        Question::SetField("next-update") => "when do customers hear next? 11:30, 30m".into(),
        Question::SetField("commander") => "who commands from now on?".into(),
        Question::SetField("severity") => "how bad is it? sev1 to sev5".into(),
        Question::SetField("followup-by") => {
            "by when does the letter that explains follow? Monday".into()
        }
        Question::SetField(field) => match field_value(model, field) {
            value if value.is_empty() => format!("the {field}"),
            value => format!("the {field}, now {value}; - clears it"),
        },
    }
}
