//! Pastes. One line goes where the cursor is; several are looked at before they are logged.

use super::{asking, sending, typing};
use crate::tui::{
    keymap::Action,
    layout,
    model::{Choice, Focus, Model, Over, Paste, Pasted, Question, Tone},
    msg::{Effect, Job},
};

/// The most lines that are looked at at once; what is longer belongs in an import.
const MOST: usize = 5_000;

/// Text was pasted. It never submits.
pub fn pasted(model: &mut Model, text: &str) -> Vec<Effect> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim_end_matches('\n');
    let on_line = model.over.is_empty();
    if !text.contains('\n') || !on_line || layout::too_small(model.size) {
        if on_line {
            model.focus = Focus::Line;
        }
        return as_text(model, text);
    }
    let rows: Vec<Pasted> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .take(MOST)
        .map(|line| Pasted {
            text: line.to_owned(),
            take: true,
            tell: false,
            read: None,
            date: false,
        })
        .collect();
    if text.lines().count() > MOST {
        model.say(
            Tone::Bad,
            format!("only the first {MOST} lines are here; import a longer file"),
        );
    }
    let paste = Paste {
        rows,
        selected: 0,
        begun: model.now,
        sent: false,
    };
    let effect = read(model, &paste);
    model.over.push(Over::Paste(paste));
    vec![effect, sending::drafts(model)]
}

/// Puts what was pasted where the cursor is. `tell:` in it is text: nobody typed it for customers.
fn as_text(model: &mut Model, text: &str) -> Vec<Effect> {
    let on_line = model.over.is_empty();
    if !on_line || !text.contains("tell:") {
        return typing::typed(model, text);
    }
    let effects = typing::typed(model, &text.replace("tell:", "\\tell:"));
    model.say(
        Tone::Note,
        "`tell:` in a paste is text; without the backslash customers read what follows",
    );
    effects
}

/// Asks for the selected row, corrected.
pub fn correct(model: &mut Model) -> Vec<Effect> {
    let Some(Over::Paste(paste)) = model.over.last() else {
        return vec![];
    };
    let at = paste.selected;
    let Some(text) = paste.rows.get(at).map(|row| row.text.clone()) else {
        return vec![];
    };
    asking::ask(model, Question::Row(at), &text);
    vec![typing::read(model)]
}

/// Row `at` was corrected to `text`.
pub fn corrected(model: &mut Model, at: usize, text: &str) -> Vec<Effect> {
    model.over.pop();
    let Some(Over::Paste(paste)) = model.over.last_mut() else {
        return vec![];
    };
    if let Some(row) = paste.rows.get_mut(at) {
        text.clone_into(&mut row.text);
        row.take = true;
        row.read = None;
    }
    let paste = paste.clone();
    vec![read(model, &paste)]
}

/// Reads a paste anew, for the incident that it goes to now.
pub fn again(model: &Model) -> Option<Effect> {
    model.over.iter().find_map(|over| match over {
        Over::Paste(paste) => Some(read(model, paste)),
        _ => None,
    })
}

fn read(model: &Model, paste: &Paste) -> Effect {
    Effect::Job(Job::ParseMany {
        lines: paste
            .rows
            .iter()
            .map(|row| (row.text.clone(), row.tell))
            .collect(),
        begun: paste.begun,
        target: model.target(),
    })
}

/// Takes or leaves rows.
pub fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let Some(Over::Paste(paste)) = model.over.last_mut() else {
        return vec![];
    };
    match action {
        Action::AsText => {
            let text = paste.text();
            model.over.pop();
            model.focus = Focus::Line;
            as_text(model, &text)
        }
        Action::TakeAll => {
            let all = paste.rows.iter().all(|row| row.take);
            for row in &mut paste.rows {
                row.take = !all;
            }
            vec![]
        }
        Action::Take => {
            if let Some(row) = paste.rows.get_mut(paste.selected) {
                row.take = !row.take;
            }
            paste.selected = (paste.selected + 1).min(paste.rows.len().saturating_sub(1));
            vec![]
        }
        Action::Tell => {
            if let Some(row) = paste.rows.get_mut(paste.selected) {
                row.tell = !row.tell;
            }
            let paste = paste.clone();
            vec![read(model, &paste)]
        }
        _ => vec![],
    }
}

/// Logs the rows that are taken.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let nowhere = !model.has_target();
    let Some(Over::Paste(paste)) = model.over.last_mut() else {
        return vec![];
    };
    if paste.sent {
        return vec![];
    }
    let wrong = paste
        .rows
        .iter()
        .position(|row| row.take && matches!(row.read, Some(Err(_))));
    if let Some(wrong) = wrong {
        paste.selected = wrong;
        model.say(
            Tone::Bad,
            format!(
                "line {} cannot be read: e corrects it, Space leaves it",
                wrong + 1
            ),
        );
        return vec![];
    }
    if !paste.rows.iter().any(|row| row.take && !row.date) {
        model.say(Tone::Note, "no row is taken");
        return vec![];
    }
    if nowhere && model.others_open > 0 {
        model.say(
            Tone::Note,
            "another incident is open than the one you look at: Enter logs the paste there",
        );
        return vec![Effect::Job(Job::Look(None))];
    }
    if nowhere {
        model.over.push(Over::Choice(Choice::PasteNowhere));
        return vec![];
    }
    send(model)
}

/// Sends the rows that are taken off.
pub fn send(model: &mut Model) -> Vec<Effect> {
    let target = model.target();
    let Some(Over::Paste(paste)) = model.over.last_mut() else {
        return vec![];
    };
    let lines: Vec<(String, bool)> = paste
        .rows
        .iter()
        .filter(|row| row.take || row.date)
        .map(|row| (row.text.clone(), row.tell))
        .collect();
    paste.sent = true;
    let begun = paste.begun;
    vec![Effect::Job(Job::LogMany {
        lines,
        begun,
        target,
    })]
}
