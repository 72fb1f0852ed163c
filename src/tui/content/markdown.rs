//! Markdown as styled rows. Supports what the postmortem uses: headings, lists, tables, quotes,
//! code, emphasis, links, rules.

use super::findings;
use crate::domain::sanitize;
use crate::tui::{
    model::{Model, RenderedDocument},
    text::{fit, pad, width},
    theme::Meaning,
};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use ratatui::{
    style::{Modifier, Style},
    text::{Line, Span},
};
use std::cell::RefCell;
use unicode_segmentation::UnicodeSegmentation as _;

/// Cells of a table are at most this wide.
const MAX_CELL_COLUMNS: usize = 60;

struct MarkdownWriter<'m> {
    model: &'m Model,
    columns: usize,
    out: Vec<Line<'static>>,
    headings: Vec<usize>,
    /// The text of the current paragraph, one piece per style.
    pieces: Vec<(String, Style)>,
    styles: Vec<Style>,
    /// Precedes the first row of the paragraph (a list marker); `indent` spaces precede the others.
    first_prefix: String,
    indent: usize,
    lists: Vec<Option<u64>>,
    quote: usize,
    code: bool,
    table: Option<Vec<Vec<String>>>,
    cell: String,
}

/// Renders `text`, sanitized, in rows of at most `columns`.
#[must_use]
pub fn render(model: &Model, text: &str, columns: usize) -> RenderedDocument {
    let text = sanitize::block(text);
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut writer = MarkdownWriter {
        model,
        columns: columns.max(10),
        out: Vec::new(),
        headings: Vec::new(),
        pieces: Vec::new(),
        styles: vec![Style::new()],
        first_prefix: String::new(),
        indent: 0,
        lists: Vec::new(),
        quote: 0,
        code: false,
        table: None,
        cell: String::new(),
    };
    for event in Parser::new_ext(&text, options) {
        writer.handle(event);
    }
    writer.flush();
    RenderedDocument {
        found: RefCell::default(),
        columns,
        lines: writer.out,
        headings: writer.headings,
    }
}

/// Returns `pieces` with the `[[...]]` placeholders in the style `open`.
fn highlight_placeholders(pieces: Vec<(String, Style)>, open: Style) -> Vec<(String, Style)> {
    // The parser splits texts at brackets: join them first.
    let mut joined: Vec<(String, Style)> = Vec::new();
    for (text, style) in pieces {
        match joined.last_mut() {
            Some((last, last_style)) if *last_style == style => last.push_str(&text),
            _ => joined.push((text, style)),
        }
    }
    let mut out = Vec::new();
    for (text, style) in joined {
        let piece = |(text, is_open): (&str, bool)| {
            let style = if is_open { style.patch(open) } else { style };
            (text.to_owned(), style)
        };
        out.extend(findings::split_placeholders(&text).into_iter().map(piece));
    }
    out
}

/// Splits `text` where a row may end: between words, and within words of wide characters, whose
/// scripts have no spaces.
fn split_words(text: &str) -> Vec<&str> {
    let mut out = Vec::new();
    for run in text.split_inclusive(char::is_whitespace) {
        let word = run.trim_end();
        if word.chars().count() == width(word) {
            out.push(word);
        } else {
            out.extend(word.split_word_bounds());
        }
        out.push(&run[word.len()..]);
    }
    out.retain(|piece| !piece.is_empty());
    out
}

impl MarkdownWriter<'_> {
    fn style(&self) -> Style {
        self.styles.last().copied().unwrap_or_default()
    }

    fn push(&mut self, style: Style) {
        let style = self.style().patch(style);
        self.styles.push(style);
    }

    fn text(&mut self, text: &str) {
        if self.table.is_some() {
            self.cell.push_str(text);
        } else {
            self.pieces.push((text.to_owned(), self.style()));
        }
    }

    fn blank_line(&mut self) {
        if self.out.last().is_some_and(|line| !line.spans.is_empty()) {
            self.out.push(Line::default());
        }
    }

    fn handle(&mut self, event: Event<'_>) {
        let theme = &self.model.theme;
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.flush();
                self.blank_line();
                self.headings.push(self.out.len());
                let style = theme.style(Meaning::Strong);
                let style = if level == HeadingLevel::H1 {
                    style.add_modifier(Modifier::UNDERLINED)
                } else {
                    style.patch(theme.style(Meaning::Accent))
                };
                self.push(style);
            }
            Event::End(TagEnd::Heading(_)) => {
                self.styles.pop();
                self.flush();
                self.out.push(Line::default());
            }
            Event::Start(Tag::Emphasis) => self.push(Style::new().add_modifier(Modifier::ITALIC)),
            Event::Start(Tag::Strong) => self.push(Style::new().add_modifier(Modifier::BOLD)),
            Event::Start(Tag::Strikethrough) => {
                self.push(Style::new().add_modifier(Modifier::CROSSED_OUT));
            }
            Event::Start(Tag::Link { .. }) => {
                self.push(Style::new().add_modifier(Modifier::UNDERLINED));
            }
            Event::End(
                TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link,
            ) => {
                self.styles.pop();
            }
            Event::End(TagEnd::Paragraph) => {
                self.flush();
                if self.lists.is_empty() {
                    self.out.push(Line::default());
                }
            }
            Event::Start(Tag::List(start)) => {
                self.flush();
                self.lists.push(start);
            }
            Event::End(TagEnd::List(_)) => {
                self.flush();
                self.lists.pop();
                if self.lists.is_empty() {
                    self.indent = 0;
                    self.out.push(Line::default());
                }
            }
            Event::Start(Tag::Item) => {
                self.flush();
                let depth = self.lists.len().saturating_sub(1);
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "• ".to_owned(),
                };
                self.indent = depth * 2 + width(&marker);
                self.first_prefix = format!("{}{marker}", " ".repeat(depth * 2));
            }
            Event::End(TagEnd::Item) => self.flush(),
            Event::TaskListMarker(checked) => self.text(if checked { "√ " } else { "□ " }),
            Event::Start(Tag::BlockQuote(_)) => {
                self.flush();
                self.quote += 1;
            }
            Event::End(TagEnd::BlockQuote(_)) => {
                self.flush();
                self.quote = self.quote.saturating_sub(1);
            }
            Event::Start(Tag::CodeBlock(_)) => {
                self.flush();
                self.code = true;
            }
            Event::End(TagEnd::CodeBlock) => {
                self.code = false;
                self.out.push(Line::default());
            }
            Event::Start(Tag::Table(_)) => {
                self.flush();
                self.table = Some(Vec::new());
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                if let Some(table) = &mut self.table {
                    table.push(Vec::new());
                }
            }
            Event::Start(Tag::TableCell) => self.cell.clear(),
            Event::End(TagEnd::TableCell) => {
                let cell = std::mem::take(&mut self.cell);
                if let Some(row) = self.table.as_mut().and_then(|t| t.last_mut()) {
                    row.push(cell);
                }
            }
            Event::End(TagEnd::Table) => {
                if let Some(table) = self.table.take() {
                    self.draw_table(&table);
                }
            }
            Event::Text(text) if self.code => {
                let dim = self.model.theme.style(Meaning::Dim);
                for line in text.lines() {
                    let line = fit(line, self.columns.saturating_sub(2));
                    self.out
                        .push(Line::from(Span::styled(format!("  {line}"), dim)));
                }
            }
            Event::Code(text) => {
                let style = self.model.theme.style(Meaning::Accent);
                self.push(style);
                self.text(&text);
                self.styles.pop();
            }
            Event::Text(text) => self.text(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => {
                if self.table.is_some() {
                    self.text(" ");
                } else {
                    self.flush();
                }
            }
            Event::Rule => {
                self.flush();
                let dim = self.model.theme.style(Meaning::Dim);
                self.out
                    .push(Line::from(Span::styled("─".repeat(self.columns), dim)));
            }
            // HTML, comments and footnotes are not shown.
            _ => {}
        }
    }

    /// Wraps the current paragraph into rows.
    fn flush(&mut self) {
        let pieces = std::mem::take(&mut self.pieces);
        let first_prefix = std::mem::take(&mut self.first_prefix);
        if pieces.iter().all(|(text, _)| text.is_empty()) && first_prefix.is_empty() {
            return;
        }
        let quote_bar = "│ ".repeat(self.quote);
        let dim = self.model.theme.style(Meaning::Dim);
        let prefix = |text: String| Span::styled(format!("{quote_bar}{text}"), dim);
        let mut row = vec![prefix(if first_prefix.is_empty() {
            " ".repeat(self.indent)
        } else {
            first_prefix
        })];
        let prefix_width = width(&row[0].content);
        let mut used = prefix_width;
        let warning = self.model.theme.style(Meaning::Warning);
        for (text, style) in highlight_placeholders(pieces, warning) {
            for word in split_words(&text) {
                let word_width = width(word);
                if used + word_width > self.columns
                    && used > prefix_width
                    && !word.trim().is_empty()
                {
                    self.out.push(Line::from(std::mem::take(&mut row)));
                    row.push(prefix(" ".repeat(self.indent)));
                    used = width(&row[0].content);
                }
                if word.trim().is_empty() && used == prefix_width {
                    continue;
                }
                row.push(Span::styled(fit(word, self.columns), style));
                used += word_width;
            }
        }
        self.out.push(Line::from(row));
    }

    /// Writes a table. If it is too wide, the widest columns shrink and their cells wrap.
    fn draw_table(&mut self, table: &[Vec<String>]) {
        let count = table.iter().map(Vec::len).max().unwrap_or(0);
        if count == 0 {
            return;
        }
        let mut widths: Vec<usize> = (0..count)
            .map(|at| {
                table
                    .iter()
                    .filter_map(|row| row.get(at))
                    .map(|cell| width(cell).min(MAX_CELL_COLUMNS))
                    .max()
                    .unwrap_or(0)
                    .max(1)
            })
            .collect();
        let room = self.columns.saturating_sub(2 * (count - 1));
        while widths.iter().sum::<usize>() > room {
            let Some(widest) = (0..count).max_by_key(|at| widths[*at]) else {
                break;
            };
            if widths[widest] <= 3 {
                break;
            }
            widths[widest] -= 1;
        }
        let theme = &self.model.theme;
        for (at, row) in table.iter().enumerate() {
            let style = if at == 0 {
                theme.style(Meaning::Dim)
            } else {
                Style::new()
            };
            let cells: Vec<Vec<String>> = (0..count)
                .map(|c| {
                    let text = row.get(c).map_or("", String::as_str);
                    textwrap::wrap(text, textwrap::Options::new(widths[c]).break_words(true))
                        .into_iter()
                        .map(std::borrow::Cow::into_owned)
                        .collect()
                })
                .collect();
            let height = cells.iter().map(Vec::len).max().unwrap_or(1).max(1);
            for line in 0..height {
                let mut text = String::new();
                for (c, cell) in cells.iter().enumerate() {
                    let piece = cell.get(line).map_or("", String::as_str);
                    text.push_str(&pad(piece, widths[c]));
                    text.push_str("  ");
                }
                self.out
                    .push(Line::from(Span::styled(text.trim_end().to_owned(), style)));
            }
        }
        self.out.push(Line::default());
    }
}
