//! What the source leaves open: a person says it.

use super::{
    super::{finder, prompt, typed_day::typed_day},
    open_import, read,
};
use crate::{
    domain::zone::{Zone, ZoneError},
    ops::import::{InputNeed, Need},
    tui::{
        model::{FinderKind, ImportStage, Level, Model, Question},
        msg::Effect,
    },
};

/// Asks what is missing. Only what was said before is proposed: an Enter too many must not answer.
pub fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(import) = open_import(model) else {
        return vec![];
    };
    let ImportStage::Asks(need, _) = &import.stage else {
        return vec![];
    };
    let before = &import.answers_before;
    let (question, proposed) = match need {
        InputNeed::Format => {
            finder::open_kind(model, FinderKind::ImportFormat);
            return vec![];
        }
        InputNeed::Source(Need::Zone) => (
            Question::ImportZone,
            before.zone.clone().unwrap_or_default(),
        ),
        InputNeed::Source(Need::Date) => {
            let date = before.date.map(|date| date.to_string());
            (Question::ImportDate, date.unwrap_or_default())
        }
        InputNeed::Source(Need::Start) => (
            Question::ImportStart,
            before.start.clone().unwrap_or_default(),
        ),
        InputNeed::Source(Need::Column(field, _)) => {
            let column = before.columns.get(*field).cloned();
            (Question::ImportColumn(field), column.unwrap_or_default())
        }
    };
    prompt::ask_with_default(model, question, &proposed);
    vec![]
}

/// Asks everything again that was asked before.
pub fn ask_again(model: &mut Model) -> Vec<Effect> {
    let Some(import) = open_import(model) else {
        return vec![];
    };
    if import.is_writing() {
        return vec![];
    }
    if !import.was_asked() {
        model.notify(Level::Info, "nothing was asked: the source says its times");
        return vec![];
    }
    let request = &mut import.request;
    import.answers_before = request.clone();
    request.zone = None;
    request.date = None;
    request.start = None;
    request.columns.clear();
    read(model)
}

/// Takes the answer to a question about an import.
pub fn answer(model: &mut Model, question: &Question, text: &str) -> Vec<Effect> {
    if text.is_empty() {
        model.notify(Level::Info, "nothing is typed; Esc leaves it open");
        return vec![];
    }
    let here = model.zone.clone();
    let day = typed_day(model, text);
    let Some(import) = open_import(model) else {
        model.overlays.pop();
        return vec![];
    };
    let refused = match question {
        Question::ImportZone => match zone(text, here) {
            Ok(zone) => {
                import.request.zone = Some(zone.name().to_owned());
                None
            }
            Err(error) => Some(format!("{error}; {}", error.hint())),
        },
        Question::ImportDate => match day {
            Ok(day) => {
                import.request.date = Some(day);
                None
            }
            Err(why) => Some(why),
        },
        Question::ImportStart => {
            import.request.start = Some(text.to_owned());
            None
        }
        Question::ImportColumn(field) => {
            let column = column_like(&import.stage, text);
            import.request.columns.insert((*field).to_owned(), column);
            None
        }
        _ => None,
    };
    if let Some(why) = refused {
        model.notify(Level::Info, why);
        return vec![];
    }
    model.overlays.pop();
    read(model)
}

/// The zone with this name; `here` is that of the incident.
fn zone(text: &str, here: Zone) -> Result<Zone, ZoneError> {
    match text.eq_ignore_ascii_case("here") {
        true => Ok(here),
        false => Zone::find(text),
    }
}

/// The column that `text` is, or the only one that contains it.
fn column_like(stage: &ImportStage, text: &str) -> String {
    let ImportStage::Asks(InputNeed::Source(Need::Column(_, columns)), _) = stage else {
        return text.to_owned();
    };
    let wanted = text.to_lowercase();
    let mut like = columns
        .iter()
        .filter(|column| column.to_lowercase().contains(&wanted));
    match (like.next(), like.next()) {
        (Some(only), None) => only.clone(),
        _ => text.to_owned(),
    }
}

/// Reads the input again as this format.
pub fn choose_format(model: &mut Model, name: &'static str) -> Vec<Effect> {
    match open_import(model) {
        Some(import) => import.request.format = Some(name),
        None => return vec![],
    }
    read(model)
}
