//! Pastes. One line goes where the cursor is; several are looked at before they are logged.

use super::typing;
use crate::tui::{
    keymap::Action,
    layout,
    model::{Model, Over, Paste, Pasted, Tone},
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
            model.focus = crate::tui::model::Focus::Line;
        }
        return typing::typed(model, text);
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
    vec![effect]
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
    let target = model.target();
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
                "line {} cannot be read: leave it with Space, or correct it",
                wrong + 1
            ),
        );
        return vec![];
    }
    let lines: Vec<(String, bool)> = paste
        .rows
        .iter()
        .filter(|row| row.take || row.date)
        .map(|row| (row.text.clone(), row.tell))
        .collect();
    if !paste.rows.iter().any(|row| row.take && !row.date) {
        model.say(Tone::Note, "no row is taken");
        return vec![];
    }
    paste.sent = true;
    let begun = paste.begun;
    if nowhere {
        model.say(Tone::Note, "no incident is open: the events go unfiled");
    }
    vec![Effect::Job(Job::LogMany {
        lines,
        begun,
        target,
    })]
}
