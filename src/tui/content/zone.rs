//! The input zone (no time zone): what the keys go to, named by a badge, and what follows from what is typed there.

use super::{
    import_text::{import_rows, zone_label},
    kept_line::kept_line_row,
    line_rows::{line_rows, resolved_note},
    paste_zone::{paste_rows, wanted_paste_rows},
    prompt_rows::{confirm_rows, prompt_rows, stage_rows},
    prompt_text::{confirm_head, finder_head, prompt_head},
    selected_rows::selected_rows,
    unsaved::unsaved_notice,
};
use crate::tui::{
    model::{CheckStage, Focus, Model, Overlay, Question, finder_rows},
    text::{fit, width, wrap},
    text_input::TextInput,
    theme::Meaning,
};
use ratatui::text::Span;

type Row = Vec<Span<'static>>;

/// The first row of the zone, without the text being typed.
#[derive(Clone, Debug)]
pub struct ZoneHead {
    /// What has the keys, in one word.
    pub badge: &'static str,
    pub meaning: Meaning,
    /// What stands between badge and text.
    pub label: String,
    /// What stands at the right of the first row.
    pub hint: String,
}

/// Returns badge, label and hint of what has the keys.
#[must_use]
pub fn zone_head(model: &Model) -> ZoneHead {
    let head = |badge, meaning, label: String| ZoneHead {
        badge,
        meaning,
        label,
        hint: String::new(),
    };
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => {
            let (badge, label) = prompt_head(&prompt.question);
            let label = match label.is_empty() || is_label_below(model, &label) {
                true => "›".to_owned(),
                false => label,
            };
            let hint = match &prompt.check {
                CheckStage::Passed(..) => match prompt.question {
                    Question::Close(_) if prompt.line.is_blank() => {
                        "Enter again closes it without an outcome"
                    }
                    Question::Close(_) => "Enter again closes it",
                    _ => "Enter again writes it",
                },
                CheckStage::Changed(..) => "changed meanwhile: Enter looks again",
                CheckStage::Running(_) => "checking",
                CheckStage::Unchecked | CheckStage::Refused(_) => "",
            };
            ZoneHead {
                hint: hint.to_owned(),
                ..head(badge, Meaning::Warning, label)
            }
        }
        Some(Overlay::Confirm(confirm)) => {
            let (badge, text) = confirm_head(model, &confirm.kind);
            head(badge, Meaning::Error, text)
        }
        Some(Overlay::Finder(finder)) => {
            let (badge, _) = finder_head(finder.kind);
            head(badge, Meaning::Warning, "›".to_owned())
        }
        Some(Overlay::Paste(paste)) => {
            let count = paste.taken_count();
            let text = match count {
                0 => "No row is taken".to_owned(),
                1 => "1 row goes in, and one undo removes it".to_owned(),
                n => format!("{n} rows go in together, and one undo removes them together"),
            };
            head("PASTE", Meaning::Warning, text)
        }
        Some(Overlay::Import(import)) => head("IMPORT", Meaning::Warning, zone_label(import)),
        Some(Overlay::Detail(_)) => head("DETAIL", Meaning::Customer, String::new()),
        Some(Overlay::Uncopied(_)) => head(
            "COPY",
            Meaning::Customer,
            "select it with the mouse; any key returns".to_owned(),
        ),
        Some(Overlay::Text(_)) => head("READ", Meaning::Customer, String::new()),
        None if model.focus == Focus::List => {
            head("LIST", Meaning::Customer, "Tab writes".to_owned())
        }
        Some(Overlay::Routing(_)) | None => head("LOG", Meaning::Ok, "›".to_owned()),
    }
}

/// A screen of fewer columns has no room for a long label beside the text.
const NARROW: u16 = 60;
/// Columns of a label that leaves room for the text on any screen.
const SHORT_LABEL: usize = 12;

/// True if a label of a prompt stands below the text that answers it.
fn is_label_below(model: &Model, label: &str) -> bool {
    model.size.0 < NARROW && width(label) > SHORT_LABEL
}

/// Returns what a prompt asks where that stands below the text, until it is answered.
fn label_below(model: &Model) -> Option<String> {
    let Some(Overlay::Prompt(prompt)) = model.overlays.last() else {
        return None;
    };
    let (_, label) = prompt_head(&prompt.question);
    let is_open = matches!(prompt.check, CheckStage::Unchecked | CheckStage::Refused(_));
    (is_open && is_label_below(model, &label)).then_some(label)
}

/// Returns the text that is typed in the zone, if any.
#[must_use]
pub fn zone_input(model: &Model) -> Option<&TextInput> {
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => Some(&prompt.line),
        Some(Overlay::Finder(finder)) => Some(&finder.query),
        _ if model.is_on_line() => Some(&model.capture.line),
        _ => None,
    }
}

/// Returns the columns before the text: badge, label and the spaces between.
#[must_use]
pub fn text_column(model: &Model) -> usize {
    let head = zone_head(model);
    let label = width(&head.label);
    1 + width(head.badge) + 2 + label + usize::from(label > 0)
}

/// Returns how many rows below the text the zone wants for what is typed; the layout gives at least its usual
/// number.
#[must_use]
pub fn wanted_rows(model: &Model, columns: u16, height: u16) -> usize {
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => {
            let least = match prompt.question {
                Question::Amend(_) | Question::AmendTask(_) if height >= 24 => 6,
                _ if height >= 20 => 3,
                _ => 2,
            };
            // What the answer does is there whole once it is checked; what is asked, and what another wrote meanwhile,
            // before that.
            let label = usize::from(label_below(model).is_some());
            let is_open = matches!(prompt.check, CheckStage::Unchecked | CheckStage::Running(_));
            if is_open && label == 0 && prompt.theirs.is_none() {
                return least;
            }
            let columns = usize::from(columns).saturating_sub(4);
            (prompt_rows(model, prompt, columns).len() + label).max(least)
        }
        Some(Overlay::Confirm(confirm)) => {
            let columns = usize::from(columns).saturating_sub(4);
            confirm_rows(model, confirm, columns, 0..usize::MAX).len()
        }
        Some(Overlay::Paste(paste)) => {
            wanted_paste_rows(model, paste, usize::from(columns).saturating_sub(4))
        }
        None | Some(Overlay::Routing(_)) if model.is_on_line() => {
            // Below all that is said of the line, how to pick.
            let picks = usize::from(!model.overlays.is_empty());
            line_rows(model, usize::from(columns).saturating_sub(4)).len() + picks
        }
        _ => 0,
    }
}

/// Returns how many rows a prompt or a question has that says what would be written, or what another wrote meanwhile;
/// `None` where none does.
#[must_use]
pub fn check_row_count(model: &Model) -> Option<usize> {
    let columns = usize::from(model.size.0).saturating_sub(4);
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt))
            if matches!(prompt.check, CheckStage::Passed(..))
                || (prompt.theirs.is_some() && prompt.check == CheckStage::Unchecked) =>
        {
            Some(prompt_rows(model, prompt, columns).len())
        }
        Some(Overlay::Confirm(confirm)) if matches!(confirm.check, CheckStage::Passed(..)) => {
            Some(stage_rows(model, &confirm.check, columns).len())
        }
        _ => None,
    }
}

/// Returns how many rows stand below what would be written.
#[must_use]
pub fn rows_below_check(model: &Model) -> usize {
    let columns = usize::from(model.size.0).saturating_sub(4);
    match model.overlays.last() {
        Some(Overlay::Confirm(_)) => usize::from(kept_line_row(model, columns).is_some()),
        _ => 0,
    }
}

/// Returns the rows below the text, at most `columns` wide, for `height` rows.
#[must_use]
pub fn zone_rows(model: &Model, columns: usize, height: usize) -> Vec<Row> {
    let style = |meaning| model.theme.style(meaning);
    let row = |text: &str, meaning| vec![Span::styled(fit(text, columns), style(meaning))];
    match model.overlays.last() {
        Some(Overlay::Prompt(prompt)) => {
            let label = label_below(model).map(|label| row(&label, Meaning::Strong));
            let rows = prompt_rows(model, prompt, columns);
            let rows = rows.into_iter().skip(model.check_from);
            label.into_iter().chain(rows).collect()
        }
        Some(Overlay::Confirm(confirm)) => confirm_rows(
            model,
            confirm,
            columns,
            model.check_from..model.check_from.saturating_add(height),
        ),
        Some(Overlay::Finder(finder)) => {
            let rows = finder_rows(model);
            match finder.selected.and_then(|at| rows.get(at)) {
                Some(found) => {
                    let mut rows = vec![row(&found.label, Meaning::Plain)];
                    if let Some(why) = &found.why_not {
                        rows.push(row(&format!("not now: {why}"), Meaning::Warning));
                    }
                    if !found.note.is_empty() {
                        rows.push(row(&found.note, Meaning::Dim));
                    }
                    rows
                }
                None if rows.is_empty() => {
                    vec![row(
                        "no match: Esc keeps the words as a draft",
                        Meaning::Warning,
                    )]
                }
                None if finder.kind.is_files() => {
                    let text = "type a path, ~/ for your home folder; ↑ ↓ choose, Tab completes";
                    vec![row(text, Meaning::Dim)]
                }
                None => vec![row("type to search, ↑ ↓ to choose", Meaning::Dim)],
            }
        }
        Some(Overlay::Paste(paste)) => paste_rows(model, paste, columns, height),
        Some(Overlay::Import(import)) => import_rows(model, import, columns, height),
        Some(Overlay::Routing(_)) => {
            let mut rows = line_rows(model, columns);
            let room = height.saturating_sub(1);
            if rows.len() > room
                && let Some(last) = rows.get_mut(room.saturating_sub(1))
            {
                last.push(Span::styled(" …", style(Meaning::Warning)));
            }
            rows.truncate(room);
            let ways = [
                "Pick where it goes: ↑ ↓ or Tab, then Enter. Esc goes back to the line.",
                "Pick where it goes: ↑ ↓, then Enter",
            ];
            let way = ways.into_iter().find(|way| width(way) <= columns);
            rows.push(row(way.unwrap_or(ways[1]), Meaning::Warning));
            rows
        }
        Some(Overlay::Uncopied(_)) => {
            vec![row(
                "↑ ↓ PgUp PgDn scroll a text that is longer than the page",
                Meaning::Dim,
            )]
        }
        Some(Overlay::Detail(_) | Overlay::Text(_)) => {
            kept_line_row(model, columns).into_iter().collect()
        }
        None if model.focus == Focus::Line => {
            if model.failure.is_none() && model.is_first_run() && model.capture.line.is_blank() {
                let keys = "Enter logs · Tab completes · Esc goes to the list · F1 help";
                vec![row(keys, Meaning::Dim)]
            } else if model.capture.line.is_blank() {
                let mut rows = failure_rows(model, columns);
                if rows.is_empty() {
                    rows.extend(resolved_note(model, columns));
                }
                rows
            } else {
                line_rows(model, columns)
            }
        }
        None => {
            let failure = failure_rows(model, columns);
            if failure.is_empty() {
                selected_rows(model, columns)
            } else {
                failure
            }
        }
    }
}

/// The failure in full, where its own row is too short for it.
fn failure_rows(model: &Model, columns: usize) -> Vec<Row> {
    let failure = model.failure.as_ref().map(|failure| failure.text.clone());
    let Some(text) = unsaved_notice(model).or(failure) else {
        return vec![];
    };
    // Its own row begins two columns further left.
    if width(&text) < columns {
        return vec![];
    }
    let style = model.theme.style(Meaning::Error);
    let row = |text| vec![Span::styled(text, style)];
    wrap(&text, columns).into_iter().map(row).collect()
}
