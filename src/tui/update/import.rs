//! An import: its file is read, its rows are previewed, and what is taken is written. Nothing is written before
//! the second Enter.

mod answer;
mod rows;
mod write;

pub use answer::{answer, ask, choose_format};
pub use rows::{act, choose_kind, click, step_filter};
pub use write::{close, on_imported, on_tick, route, submit};

use super::file_choice;
use crate::{
    ops::folder,
    tui::{
        model::{FinderKind, Import, ImportRows, ImportStage, Level, Model, Overlay},
        msg::{Effect, Failure, ImportRead, ImportRequest, Job, Progress},
    },
};

/// Opens the list of files; an import that is not done opens again.
pub fn open(model: &mut Model) -> Vec<Effect> {
    if model
        .overlays
        .iter()
        .any(|overlay| matches!(overlay, Overlay::Import(_)))
    {
        model.notify(Level::Info, "an import is open already");
        return vec![];
    }
    if let Some(import) = model.background_import.take() {
        model.overlays.push(Overlay::Import(import));
        return vec![];
    }
    let folder = model.files.chosen_from.clone();
    file_choice::open(model, FinderKind::ImportFile, &folder)
}

/// Reads the input at `path`.
pub fn begin(model: &mut Model, path: &str) -> Vec<Effect> {
    folder::split_typed(path)
        .0
        .clone_into(&mut model.files.chosen_from);
    let name = path.trim_end_matches('/').rsplit('/').next();
    let name = name.unwrap_or(path).trim_matches(['\'', '"']).to_owned();
    let import = Import {
        id: 0,
        name,
        request: ImportRequest {
            path: path.to_owned(),
            target: model.target(),
            ..ImportRequest::default()
        },
        stage: ImportStage::Reading,
        rows_before: None,
        answers_before: ImportRequest::default(),
        progress: Progress::default(),
        scroll: 0,
        rows_so_far: 0,
        asked_at: 0,
        armed: false,
        typed: false,
    };
    model.overlays.push(Overlay::Import(Box::new(import)));
    read(model)
}

/// Returns the import that is open, though a prompt or a list may be over it.
pub fn open_import(model: &mut Model) -> Option<&mut Import> {
    model
        .overlays
        .iter_mut()
        .rev()
        .find_map(|overlay| match overlay {
            Overlay::Import(import) => Some(&mut **import),
            _ => None,
        })
}

/// Asks the worker to read the input again, with the answers given so far.
pub fn read(model: &mut Model) -> Vec<Effect> {
    let id = model.next_dialog_id();
    let asked_at = model.input_count;
    let Some(import) = open_import(model) else {
        return vec![];
    };
    import.progress.stop();
    import.progress = Progress::default();
    import.rows_so_far = 0;
    import.scroll = 0;
    import.id = id;
    import.asked_at = asked_at;
    import.armed = false;
    let stage = std::mem::replace(&mut import.stage, ImportStage::Reading);
    if let ImportStage::Shown(rows) = stage {
        import.rows_before = Some(rows);
    }
    vec![Effect::Job(Job::ReadImport {
        id,
        request: Box::new(import.request.clone()),
        progress: import.progress.clone(),
    })]
}

/// Applies what a reading found.
pub fn on_read(model: &mut Model, id: u64, result: Result<ImportRead, Failure>) -> Vec<Effect> {
    let input_count = model.input_count;
    let is_on_top = matches!(model.overlays.last(), Some(Overlay::Import(_)));
    let Some(import) = open_import(model).filter(|import| import.id == id) else {
        return vec![];
    };
    // A question that opened under keys which were meant for something else would take them as its answer.
    let opens = is_on_top && import.asked_at == input_count;
    match result {
        Err(failure) => import.stage = ImportStage::Refused(failure),
        Ok(ImportRead::Rows(preview)) => {
            let mut rows = ImportRows::new(*preview);
            // What was decided about the same rows stays.
            if let Some(before) = import.rows_before.take()
                && before.preview.fingerprint == rows.preview.fingerprint
                && before.choices.len() == rows.choices.len()
            {
                rows.choices = before.choices;
                rows.rest_taken = before.rest_taken;
                rows.filter = before.filter;
                rows.selected = before.selected;
            }
            import.stage = ImportStage::Shown(Box::new(rows));
        }
        Ok(ImportRead::Needs(need, message)) => {
            import.stage = ImportStage::Asks(need, message);
            if opens {
                return ask(model);
            }
        }
    }
    vec![]
}
