//! The screenshot of the README: what the app puts on the screen during the worked example's outage, as SVG.

use super::tui_support::{TestApp, outage};
use ratatui::{
    buffer::{Buffer, Cell},
    style::{Color, Modifier},
};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Columns and rows of the terminal.
const SIZE: (u16, u16) = (104, 24);
/// Width and height of a cell, and the size of the font, in px.
const CELL: (f64, f64) = (8.4, 18.0);
const FONT_SIZE: f64 = 14.0;
/// Space around the screen, in px.
const MARGIN: f64 = 12.0;
const BACKGROUND: &str = "#15181e";
const FOREGROUND: &str = "#d8dbe2";

/// Returns the colours of a cell, text before background. Reverse video exchanges them.
fn colours(cell: &Cell) -> (&'static str, &'static str) {
    let text = colour(cell.fg).unwrap_or(FOREGROUND);
    let background = colour(cell.bg).unwrap_or(BACKGROUND);
    let text = match cell.modifier.contains(Modifier::DIM) {
        true if text == FOREGROUND => "#949aa7",
        _ => text,
    };
    match cell.modifier.contains(Modifier::REVERSED) {
        true => (background, text),
        false => (text, background),
    }
}

fn colour(colour: Color) -> Option<&'static str> {
    Some(match colour {
        Color::Red => "#ff6b6b",
        Color::Green => "#6fcf7f",
        Color::Yellow => "#e6c35c",
        Color::Blue => "#7aa7ff",
        Color::Magenta => "#d98be0",
        Color::Cyan => "#5cc8d7",
        Color::DarkGray => "#949aa7",
        Color::Black => BACKGROUND,
        _ => return None,
    })
}

/// A piece of a row with one style. A sign that is not ASCII is a piece of its own, so that the font that
/// draws it moves nothing else.
struct Piece {
    column: u16,
    columns: u16,
    text: String,
    style: (&'static str, &'static str),
    is_bold: bool,
}

fn pieces(buffer: &Buffer, y: u16) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut x = 0;
    while x < buffer.area.width {
        let cell = &buffer[(x, y)];
        let columns = u16::try_from(cell.symbol().width().max(1)).unwrap();
        let piece = Piece {
            column: x,
            columns,
            text: cell.symbol().to_owned(),
            style: colours(cell),
            is_bold: cell.modifier.contains(Modifier::BOLD),
        };
        x += columns;
        match pieces.last_mut() {
            Some(last)
                if last.text.is_ascii()
                    && piece.text.is_ascii()
                    && last.style == piece.style
                    && last.is_bold == piece.is_bold =>
            {
                last.text.push_str(&piece.text);
                last.columns += piece.columns;
            }
            _ => pieces.push(piece),
        }
    }
    pieces
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// Draws a screen. `cursor`: column and row.
fn svg(buffer: &Buffer, cursor: Option<(u16, u16)>) -> String {
    let left = |column: u16| MARGIN + f64::from(column) * CELL.0;
    let top = |row: u16| MARGIN + f64::from(row) * CELL.1;
    let width = f64::from(buffer.area.width) * CELL.0 + 2.0 * MARGIN;
    let height = f64::from(buffer.area.height) * CELL.1 + 2.0 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         font-family=\"ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace\" font-size=\"{FONT_SIZE}\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{BACKGROUND}\"/>\n"
    );
    for y in 0..buffer.area.height {
        for piece in pieces(buffer, y) {
            let (text, background) = piece.style;
            let piece_width = f64::from(piece.columns) * CELL.0;
            if background != BACKGROUND {
                writeln!(
                    svg,
                    "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"{piece_width:.1}\" height=\"{:.1}\" fill=\"{background}\"/>",
                    left(piece.column),
                    top(y),
                    CELL.1
                )
                .unwrap();
            }
            if piece.text.trim().is_empty() {
                continue;
            }
            let weight = match piece.is_bold {
                true => " font-weight=\"bold\"",
                false => "",
            };
            writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" textLength=\"{piece_width:.1}\" lengthAdjust=\"spacingAndGlyphs\" \
                 xml:space=\"preserve\" fill=\"{text}\"{weight}>{}</text>",
                left(piece.column),
                top(y) + CELL.1 * 0.75,
                escape(&piece.text)
            )
            .unwrap();
        }
    }
    if let Some((x, y)) = cursor {
        writeln!(
            svg,
            "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"2\" height=\"{:.1}\" fill=\"{FOREGROUND}\"/>",
            left(x),
            top(y) + 2.0,
            CELL.1 - 4.0
        )
        .unwrap();
    }
    svg.push_str("</svg>\n");
    svg
}

#[test]
fn screenshot_is_what_the_app_shows() {
    let mut app = TestApp::with_session(outage);
    app.resize(SIZE.0, SIZE.1)
        .type_text("-3m action: image copy at 60% #hardware tell: The copy is past half.");
    let (buffer, cursor) = app.buffer();
    let drawn = svg(&buffer, cursor);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/screen.svg");
    if std::env::var_os("BRIDGELOG_UPDATE_README").is_some() {
        std::fs::write(path, drawn).unwrap();
        return;
    }
    assert!(
        std::fs::read_to_string(path).unwrap() == drawn,
        "the screen changed: BRIDGELOG_UPDATE_README=1 cargo test --test tui_screens draws it again"
    );
}
