//! The end of an import: what is taken is written, or nothing is.

use super::{
    super::{prompt, refresh::refresh_all},
    ask, open_import, read,
};
use crate::{
    ops::import::grouped,
    tui::{
        model::{Import, ImportStage, Level, Model, Overlay, Question, RoutingChoice},
        msg::{Effect, Failure, ImportDone, ImportWrite, Job, Progress, Target},
    },
};

/// Enter: the first says what it imports, the next imports it.
pub fn submit(model: &mut Model) -> Vec<Effect> {
    let target = model.target();
    let Some(Overlay::Import(import)) = model.overlays.last_mut() else {
        return vec![];
    };
    let rows = match &import.stage {
        ImportStage::Reading => {
            model.notify(Level::Info, "the rows are still being read; Esc cancels");
            return vec![];
        }
        ImportStage::Asks(..) => return ask(model),
        ImportStage::Refused(_) => {
            model.notify(
                Level::Info,
                "Esc closes it; Ctrl-O reads it as another format",
            );
            return vec![];
        }
        ImportStage::Writing(_) => return vec![],
        ImportStage::Done(_) => {
            model.overlays.pop();
            return vec![];
        }
        ImportStage::Shown(rows) => rows,
    };
    if rows.counts(&import.request).taken == 0 {
        model.notify(Level::Info, "no row is taken");
        return vec![];
    }
    let is_elsewhere = match (&import.request.target, &target) {
        (Target::Named(read_for), Target::Named(now)) => read_for != now,
        (Target::Open, Target::Named(_)) => true,
        _ => false,
    };
    if is_elsewhere {
        import.request.target = target;
        model.notify(
            Level::Info,
            "the incident changed: what is here already was looked up again",
        );
        return read(model);
    }
    if !std::mem::replace(&mut import.armed, true) {
        return vec![];
    }
    if import.request.target == Target::Open {
        model.ask_where(true);
        return vec![];
    }
    send(model)
}

/// Sends the import to the worker.
fn send(model: &mut Model) -> Vec<Effect> {
    let id = model.next_dialog_id();
    let Some(import) = open_import(model) else {
        return vec![];
    };
    let stage = std::mem::replace(&mut import.stage, ImportStage::Reading);
    let ImportStage::Shown(rows) = stage else {
        import.stage = stage;
        return vec![];
    };
    let write = ImportWrite {
        request: import.request.clone(),
        choices: rows.row_choices(&import.request),
        fingerprint: rows.preview.fingerprint,
    };
    import.stage = ImportStage::Writing(rows);
    import.id = id;
    import.armed = false;
    import.rows_so_far = 0;
    import.progress = Progress::default();
    vec![Effect::Job(Job::Import {
        id,
        write: Box::new(write),
        progress: import.progress.clone(),
    })]
}

/// Does what was picked for where the import goes. For another incident the rows are looked up again, since other
/// events may be there.
pub fn route(model: &mut Model, choice: RoutingChoice) -> Vec<Effect> {
    let mut effects = vec![];
    let target = match choice {
        RoutingChoice::Declare => {
            prompt::ask(model, Question::Declare, "");
            model.notify(
                Level::Info,
                "the import waits; Enter imports it once the incident is declared",
            );
            return vec![];
        }
        RoutingChoice::Unassigned => {
            if let Some(import) = open_import(model) {
                import.request.target = Target::Unfiled;
            }
            return send(model);
        }
        RoutingChoice::Shown => model.target_of(&choice),
        RoutingChoice::Other(handle) => {
            model.explicit_incident = true;
            effects.push(Effect::Job(Job::LoadIncident(Some(handle.clone()))));
            Target::Named(handle)
        }
    };
    if let Some(import) = open_import(model) {
        import.request.target = target;
    }
    model.notify(
        Level::Info,
        "read for this incident; Enter, and Enter again, imports",
    );
    effects.extend(read(model));
    effects
}

/// What became of the import with this number.
pub fn on_imported(model: &mut Model, id: u64, result: Result<ImportDone, Failure>) -> Vec<Effect> {
    model.wrote_since_refresh = true;
    let is_it = |import: &Import| import.id == id && import.is_writing();
    let in_background = model.background_import.as_deref().is_some_and(is_it);
    let import = match in_background {
        true => model.background_import.as_deref_mut(),
        false => open_import(model).filter(|import| is_it(import)),
    };
    let Some(import) = import else {
        return refresh_all(model);
    };
    let name = import.name.clone();
    match result {
        Ok(done) => {
            let way_back = if done.is_undoable {
                " · u takes them back"
            } else {
                ""
            };
            let text = format!("{name}: {}{way_back}", done.short);
            import.scroll = 0;
            import.stage = ImportStage::Done(done);
            model.notify(Level::Success, text);
            refresh_all(model)
        }
        Err(failure) => {
            let stage = std::mem::replace(&mut import.stage, ImportStage::Reading);
            import.stage = match stage {
                ImportStage::Writing(rows) => ImportStage::Shown(rows),
                stage => stage,
            };
            let again = match in_background {
                true => " Ctrl-P import opens its rows again.",
                false => "",
            };
            model.notify(
                Level::Error,
                format!(
                    "{name} was not imported: {}.{again}",
                    failure.message_with_hint()
                ),
            );
            vec![]
        }
    }
}

/// Closes an import. One that is being written goes on.
pub fn close(model: &mut Model, import: Box<Import>) {
    match &import.stage {
        ImportStage::Done(_) => {}
        ImportStage::Writing(_) => {
            model.background_import = Some(import);
            model.notify(Level::Info, "the import goes on; Ctrl-P import shows it");
        }
        _ => {
            import.progress.stop();
            model.notify(Level::Info, "nothing was imported");
        }
    }
}

/// Takes over how far reading or writing has come.
pub fn on_tick(model: &mut Model) {
    if let Some(import) = open_import(model) {
        import.rows_so_far = import.progress.rows();
    }
    let Some(import) = model.background_import.as_deref_mut() else {
        return;
    };
    import.rows_so_far = import.progress.rows();
    if !import.is_writing() {
        return;
    }
    let text = format!(
        "{IMPORTING}{}: {} rows so far",
        import.name,
        grouped(import.rows_so_far)
    );
    // What just happened stays to be read.
    let is_free = model
        .status
        .as_ref()
        .is_none_or(|status| status.text.starts_with(IMPORTING));
    if is_free {
        model.notify(Level::Info, text);
    }
}

/// How the message begins that says how far an import has come.
const IMPORTING: &str = "importing ";
