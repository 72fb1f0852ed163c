//! The state that the screen is drawn from, and the lists derived from it. Nothing here does I/O or
//! reads a clock. Begin with [`Model`] in `state.rs`.

mod available;
mod background;
mod capture;
mod confirm;
mod detail;
mod document_find;
mod document_rows;
mod file_rows;
mod finder;
mod finder_rows;
mod import;
mod line_command;
mod months;
mod overlay;
mod page_shown;
mod pages;
mod palette;
mod palette_words;
mod paste;
mod prompt;
mod routing;
mod state;
mod status_message;
mod target;
mod task_rows;
mod update_due;

pub use available::{is_available, is_offered, prompt_opened_by};
pub use capture::{
    Armed, Capture, PUT_AWAY, PendingWrite, Prefill, Preview, ROW_BREAK, RestoredDraft,
    is_state_alone,
};
pub use confirm::{Confirm, ConfirmKind};
pub use detail::{Detail, TextPage, Uncopied};
pub use document_find::{DocumentFind, FoundPlace};
pub use document_rows::{DocumentRow, document_rows, email_facts, findings};
pub use finder::{FileList, Finder, FinderKind, FinderRow, FinderTarget};
pub use finder_rows::finder_rows;
pub use import::{
    Import, ImportRows, ImportStage, ListedRow, RowChoice, RowCounts, RowFate, RowFilter,
    is_side_action, kind_of_action,
};
pub use line_command::{LineCommand, command_of};
pub use months::{MonthSummary, trend_months};
pub use overlay::Overlay;
pub use pages::{
    DocumentTab, FilterProgress, Incidents, IncidentsTab, RenderCache, RenderedDocument, StateBand,
    Tab, Tasks, Timeline,
};
pub use palette::why_not;
pub use paste::{Paste, PasteDay, PasteRow};
pub use prompt::{CheckStage, Prompt, Question};
pub use routing::{Routing, RoutingChoice};
pub use state::{Focus, Model, StatePick};
pub use status_message::{Level, StatusMessage};
pub use task_rows::{TaskRow, all_tasks, found_tasks, selected_task, task_rows};
