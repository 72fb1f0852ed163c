//! The keys in the last row: those that do something now, in pages; the ways out stay on every page.

use super::areas::hidden_check_rows;
use crate::tui::{
    keymap::{Action, Binding, KeyContext},
    keys::Key,
    model::{
        CheckStage, ConfirmKind, FinderKind, ImportStage, Model, Overlay, Tab, is_available,
        is_offered,
    },
    text::width,
};

/// A key in the last row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BarKey {
    pub action: Action,
    pub key: String,
    pub label: &'static str,
    /// First column, and one past the last.
    pub columns: (u16, u16),
}

/// Screens narrower than this show fewer keys.
const NARROW: usize = 60;
/// Columns between two keys.
const GAP: usize = 2;

/// The last row.
#[derive(Clone, Debug, Default)]
pub struct KeyBar {
    pub keys: Vec<BarKey>,
    /// Where the keys that stay on every page begin, if there is a rule before them.
    pub rule: Option<u16>,
    /// The page and how many there are, `^G 1/2`, at its column; `None` with one page.
    pub page: Option<(String, u16)>,
}

/// Returns what the key does now, where that is not always the same.
fn label_now(model: &Model, binding: &Binding) -> &'static str {
    let is_blank = model.capture.line.is_blank();
    match (model.overlays.last(), binding.action) {
        (Some(Overlay::Prompt(_) | Overlay::Confirm(_)), Action::Submit)
            if hidden_check_rows(model) > 0 =>
        {
            "show the rest"
        }
        (Some(Overlay::Prompt(prompt)), Action::Submit) => match prompt.check {
            CheckStage::Passed(..) => "write it",
            CheckStage::Changed(..) => "look again",
            _ if prompt.question.writes_nothing() => "apply",
            CheckStage::Running(_) | CheckStage::Refused(_) | CheckStage::Unchecked => "check",
        },
        (Some(Overlay::Confirm(confirm)), Action::Submit)
            if matches!(confirm.check, CheckStage::Refused(_)) =>
        {
            "close"
        }
        (Some(Overlay::Confirm(confirm)), Action::Submit) => match confirm.kind {
            ConfirmKind::Undo => "undo it",
            ConfirmKind::Redo => "redo",
            ConfirmKind::Restore(_) => "bring it back",
            ConfirmKind::Leave => "quit",
            ConfirmKind::StartTask(_) => "start",
            ConfirmKind::SaveLetter(..) => "save",
            ConfirmKind::OpenEditor(_) | ConfirmKind::WriteSection(_) => "open",
            ConfirmKind::Adopt(_) => "attach",
        },
        (Some(Overlay::Finder(finder)), Action::Submit) => match finder.kind {
            FinderKind::ImportFile => "open",
            FinderKind::ImportFormat | FinderKind::RowKind => "choose it",
            _ => binding.footer_label,
        },
        (Some(Overlay::Import(import)), Action::Submit) => match import.stage {
            ImportStage::Asks(..) => "answer",
            ImportStage::Done(_) => "close",
            _ => binding.footer_label,
        },
        (Some(Overlay::Import(import)), Action::Back) => match import.stage {
            ImportStage::Reading => "cancel",
            ImportStage::Writing(_) => "back to the log",
            _ => binding.footer_label,
        },
        (None, Action::Complete) if is_blank && !model.state_questions().is_empty() => "answer",
        _ => binding.footer_label,
    }
}

/// Returns true for the keys that stay on every page.
fn stays(model: &Model, context: KeyContext) -> bool {
    if model.overlays.is_empty() && model.is_on_list() {
        context == KeyContext::List
    } else {
        context == KeyContext::Anywhere
    }
}

/// What the state asks for and only the list of actions has: there it is among the first rows.
fn asked_for(model: &Model) -> Option<(Action, &'static str)> {
    if model.tab != Tab::Timeline {
        return None;
    }
    let Some(summary) = &model.summary else {
        let is_open = !model.other_open.is_empty();
        let can_attach = is_open && is_available(model, Action::Retract);
        return can_attach.then_some((Action::Adopt, "attach"));
    };
    let update = model.promised_update();
    if !summary.row.is_open {
        Some((Action::Reopen, "reopen"))
    } else if summary.impact_since().is_some() && update.is_none_or(|due| due <= model.now) {
        Some((Action::NextUpdate, "next update"))
    } else {
        None
    }
}

/// The key of the list of actions in the list.
fn palette_key(model: &Model) -> String {
    let is_it = |(binding, _): &(&Binding, &[Key])| {
        (binding.action, binding.context) == (Action::Palette, KeyContext::List)
    };
    let found = model.keymap.bindings().find(is_it);
    let key = found.and_then(|(_, keys)| keys.first().map(ToString::to_string));
    key.unwrap_or_else(|| "Ctrl-P".to_owned())
}

/// Returns the keys for a row of `model.size.0` columns.
#[must_use]
pub fn key_bar(model: &Model) -> KeyBar {
    let columns = usize::from(model.size.0);
    let in_list = model.overlays.is_empty() && model.is_on_list();
    let mut seen: Vec<Action> = Vec::new();
    let (mut paged, mut fixed) = (Vec::new(), Vec::new());
    for (binding, key) in model.keymap.footer_hints(model.active_contexts()) {
        // In the list, help and all actions have keys of their own.
        let is_double = in_list && binding.context == KeyContext::Anywhere;
        if seen.contains(&binding.action) || is_double || !is_offered(model, binding.action) {
            continue;
        }
        seen.push(binding.action);
        let label = label_now(model, binding);
        let key = model.character_set.key_names(&key.to_string());
        let item = (binding.action, key, label);
        // On a narrow screen the list of actions gives way to what the keys do here.
        let gives_way =
            columns < NARROW && matches!(binding.action, Action::Palette | Action::FocusLine);
        if stays(model, binding.context) && !gives_way {
            fixed.push(item);
        } else {
            paged.push(item);
        }
    }
    // What fits the selected row comes first.
    paged.sort_by_key(|(action, ..)| {
        !matches!(action, Action::Restore | Action::Close | Action::Submit)
    });
    if in_list && let Some((action, label)) = asked_for(model) {
        paged.insert(0, (action, palette_key(model), label));
    }
    let item_width = |(_, key, label): &(Action, String, &str)| width(key) + 1 + width(label) + GAP;
    let fixed_width: usize = fixed.iter().map(item_width).sum();
    let page_mark = 8;
    let room = columns.saturating_sub(1 + fixed_width + page_mark).max(12);
    let mut pages: Vec<Vec<(Action, String, &'static str)>> = vec![vec![]];
    let mut used = 0;
    for item in paged {
        let more = item_width(&item);
        if used + more > room && used > 0 {
            pages.push(vec![]);
            used = 0;
        }
        used += more;
        if let Some(page) = pages.last_mut() {
            page.push(item);
        }
    }
    let count = pages.len();
    let at = model.key_page % count;
    let mut bar = KeyBar::default();
    let mut x = 1;
    let push = |item: (Action, String, &'static str), x: &mut usize, bar: &mut KeyBar| {
        let end = *x + width(&item.1) + 1 + width(item.2);
        if end > columns.saturating_sub(1) {
            return;
        }
        bar.keys.push(BarKey {
            action: item.0,
            columns: (cell(*x), cell(end)),
            key: item.1,
            label: item.2,
        });
        *x = end + GAP;
    };
    for item in pages.swap_remove(at) {
        push(item, &mut x, &mut bar);
    }
    let mark = format!("^G {}/{count}", at + 1);
    let mark_width = if count > 1 { width(&mark) + 1 } else { 0 };
    let start = columns.saturating_sub(fixed_width + mark_width).max(x);
    x = start;
    bar.rule = (!fixed.is_empty() && in_list && start >= 2).then(|| cell(start - 2));
    for item in fixed {
        if x + item_width(&item) > columns.saturating_sub(mark_width) + GAP {
            break;
        }
        push(item, &mut x, &mut bar);
    }
    if count > 1 {
        bar.page = Some((mark, cell(columns.saturating_sub(mark_width))));
    }
    bar
}

fn cell(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}

/// Returns the action of the key at column `x`.
#[must_use]
pub fn action_at(model: &Model, x: u16) -> Option<Action> {
    let bar = key_bar(model);
    let on_key = |key: &&BarKey| (key.columns.0..key.columns.1).contains(&x);
    if let Some(key) = bar.keys.iter().find(on_key) {
        return Some(key.action);
    }
    let (_, from) = bar.page?;
    (x >= from).then_some(Action::NextKeys)
}
