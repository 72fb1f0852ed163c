//! `bridgelog undo` and `bridgelog redo`.

use super::{error::Result, global::GlobalArgs, out::Out, view};
use crate::ops::undo::{self, Undone};

pub(super) fn undo(global: &GlobalArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let undone = undo::undo(&mut session, None)?;
    report_undone("undid", &undone, out);
    Ok(())
}

pub(super) fn redo(global: &GlobalArgs, out: &Out) -> Result {
    let mut session = global.open_existing()?;
    let undone = undo::redo(&mut session, None)?;
    report_undone("redid", &undone, out);
    Ok(())
}

fn report_undone(verb: &str, undone: &Undone, out: &Out) {
    let what = undone
        .handle
        .clone()
        .unwrap_or_else(|| undone.subject.to_string());
    let others = match undone.count {
        0 | 1 => String::new(),
        n => format!(" and {} more of the same act", n - 1),
    };
    let place = undone.incident.as_ref().map_or_else(
        || "unfiled".to_owned(),
        |row| format!("in {}", view::short_ref(row)),
    );
    out.print_line(&format!(
        "{verb} {} {what}{others} ({place}): {}",
        undone.act.as_str(),
        view::format_value(&undone.value)
    ));
}
