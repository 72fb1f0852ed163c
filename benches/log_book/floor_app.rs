//! The floor of the app: the newest 50 rows in a list with a selection. The benchmark starts itself as
//! this app.

use super::floor;
use crossterm::{
    event::{Event, KeyCode, read},
    execute, queue,
    terminal::{
        BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
        disable_raw_mode, enable_raw_mode,
    },
};
use ratatui::{
    Frame, Terminal,
    backend::CrosstermBackend,
    layout::{Constraint, Layout},
    style::{Modifier, Style},
    widgets::{List, ListState, Paragraph},
};
use rusqlite::Connection;
use std::{
    io::{self, BufWriter, stdout},
    path::Path,
};

/// If set, this program runs only the floor's app, on the database of that path.
pub const FLOOR_DB_ENV: &str = "BRIDGELOG_BENCH_FLOOR";
pub const FOOTER: &str = "q leaves";
pub const QUIT_KEY: &str = "q";

pub fn run(db: &Path) -> io::Result<()> {
    let conn = Connection::open(db).map_err(io::Error::other)?;
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen)?;
    let list = List::new(floor::newest_rows(&conn))
        .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = ListState::default().with_selected(Some(0));
    let writer = BufWriter::with_capacity(1 << 16, stdout());
    let mut screen = Terminal::new(CrosstermBackend::new(writer))?;
    loop {
        queue!(screen.backend_mut(), BeginSynchronizedUpdate)?;
        screen.draw(|frame| draw(frame, &list, &mut state))?;
        execute!(screen.backend_mut(), EndSynchronizedUpdate)?;
        if let Event::Key(key) = read()? {
            match key.code {
                KeyCode::Down | KeyCode::Char('j') => state.select_next(),
                KeyCode::Up | KeyCode::Char('k') => state.select_previous(),
                KeyCode::Char('q') => break,
                _ => {}
            }
        }
    }
    execute!(stdout(), LeaveAlternateScreen)?;
    disable_raw_mode()
}

fn draw(frame: &mut Frame<'_>, list: &List<'_>, state: &mut ListState) {
    let constraints = [Constraint::Min(0), Constraint::Length(1)];
    let [list_area, footer_area] = Layout::vertical(constraints).areas(frame.area());
    frame.render_stateful_widget(list, list_area, state);
    frame.render_widget(Paragraph::new(FOOTER), footer_area);
}
