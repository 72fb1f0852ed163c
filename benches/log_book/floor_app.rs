//! The least that an app can be: the newest 50 rows of the floor in a list, one of them selected. This
//! benchmark runs itself as that.

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

/// Where this is set, this program is nothing but that app, with the database that it names.
pub const FLOOR_DB_ENV: &str = "BRIDGELOG_BENCH_FLOOR";
/// Its last line, and the key that leaves it.
pub const FOOTER: &str = "q leaves";
pub const QUIT_KEY: &str = "q";

pub fn run(db: &Path) -> io::Result<()> {
    let conn = Connection::open(db).map_err(io::Error::other)?;
    enable_raw_mode()?;
    execute!(stdout(), EnterAlternateScreen)?;
    let list = List::new(floor::newest_rows(&conn))
        .highlight_style(Style::new().add_modifier(Modifier::REVERSED));
    let mut state = ListState::default().with_selected(Some(0));
    let out = BufWriter::with_capacity(1 << 16, stdout());
    let mut screen = Terminal::new(CrosstermBackend::new(out))?;
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
    let parts = [Constraint::Min(0), Constraint::Length(1)];
    let [page, footer] = Layout::vertical(parts).areas(frame.area());
    frame.render_stateful_widget(list, page, state);
    frame.render_widget(Paragraph::new(FOOTER), footer);
}
