//! The state that the screen is drawn from, and the lists derived from it. Nothing here does I/O or
//! reads a clock. Begin with [`Model`] in `state.rs`.

mod capture;
mod finder_rows;
mod months;
mod overlay;
mod pages;
mod state;
mod task_rows;

pub use capture::{Capture, PendingLine, Preview};
pub use finder_rows::{FinderRow, finder_rows};
pub use months::{MonthSummary, trend_months};
pub use overlay::{
    Detail, Dialog, Finder, Overlay, Paste, PasteRow, Prompt, Question, RoutingChoice,
    RoutingDialog, SECTION_KEYS, TextPage,
};
pub use pages::{
    DocumentTab, FilterProgress, Incidents, IncidentsTab, RenderCache, RenderedDocument, StateBand,
    Tab, Timeline,
};
pub use state::{Focus, Level, Model, StatusMessage};
pub use task_rows::{TaskRow, task_rows};
