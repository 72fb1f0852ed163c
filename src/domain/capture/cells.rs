//! The cells of the rows of tables, as Markdown, spreadsheets and programs write them.

use std::{borrow::Cow, collections::HashSet};

/// What separates the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `| 10:06 | text |`
    Bars,
    /// `10:06 | text`
    InnerBars,
    Tabs,
    /// The rows are read as lines: their columns are padded with spaces, or follow a dash or a comma.
    Lines,
}

/// Returns `line` without the marks of a quote before a row of a table: `> | 10:06 | text |`; the bars of one that a program
/// drew (`│ 10:06 │ text │`) are plain ones.
#[must_use]
pub fn plain_row(line: &str) -> Cow<'_, str> {
    let row = line.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
    match row.chars().next() {
        Some('|') => Cow::Borrowed(row),
        Some('│' | '┃' | '║') => Cow::Owned(row.replace(['│', '┃', '║'], "|")),
        _ => Cow::Borrowed(line),
    }
}

/// Returns the lines that a rule such as `|---|---|` follows.
pub fn lines_above_rules<'l>(lines: impl Iterator<Item = &'l str>) -> HashSet<String> {
    let mut heads = HashSet::new();
    let mut above = Cow::Borrowed("");
    let filled = lines.map(plain_row).filter(|line| !line.trim().is_empty());
    for line in filled {
        if is_table_rule(&line) && !is_table_rule(&above) && !above.is_empty() {
            heads.insert(above.trim().to_owned());
        }
        above = line;
    }
    heads
}

/// True for a line of dashes and bars below the head of a table.
#[must_use]
pub fn is_table_rule(line: &str) -> bool {
    let is_drawn = |c: char| ('\u{2500}'..='\u{257f}').contains(&c);
    let line = line.trim();
    line.len() >= 3
        && line.contains(['-', '─', '━', '═'])
        && line.contains(|c| "|+┼╪╬╋".contains(c))
        && line.chars().all(|c| "|-=+: ".contains(c) || is_drawn(c))
}

/// Returns the cells, trimmed, of a row of a Markdown table, or of a table that was copied with tabs. A bar behind
/// a backslash is part of a cell.
pub fn table_cells(line: &str) -> Option<Vec<&str>> {
    bar_cells(line).or_else(|| tab_cells(line))
}

pub(super) fn bar_cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(split_at_bars(inner))
}

pub(super) fn inner_bar_cells(line: &str) -> Option<Vec<&str>> {
    line.contains('|').then(|| split_at_bars(line))
}

pub(super) fn tab_cells(line: &str) -> Option<Vec<&str>> {
    line.contains('\t')
        .then(|| line.split('\t').map(str::trim).collect())
}

fn split_at_bars(inner: &str) -> Vec<&str> {
    let mut cells = vec![];
    let mut start = 0;
    for (at, _) in inner.match_indices('|') {
        if !inner[..at].ends_with('\\') {
            cells.push(inner[start..at].trim());
            start = at + 1;
        }
    }
    cells.push(inner[start..].trim());
    cells
}

/// Returns the cells of a line that may be the head of a table, `has_rule` if a rule is below it, and what separates them.
pub(super) fn split_head(line: &str, has_rule: bool) -> Option<(Form, Vec<&str>)> {
    // Wikis write `||Time||Event||`.
    if let Some(inner) = line.strip_prefix("||").and_then(|l| l.strip_suffix("||")) {
        return Some((Form::Bars, inner.split("||").map(str::trim).collect()));
    }
    if let Some(cells) = bar_cells(line) {
        return Some((Form::Bars, cells));
    }
    if let Some(cells) = tab_cells(line) {
        return Some((Form::Tabs, cells));
    }
    if has_rule && let Some(cells) = inner_bar_cells(line) {
        return Some((Form::InnerBars, cells));
    }
    ["  ", " - ", " – ", " — ", " | ", " / ", ": ", ", ", "; "]
        .iter()
        .find(|separator| line.contains(*separator))
        .map(|separator| {
            let cells = line.split(separator).map(str::trim);
            (Form::Lines, cells.filter(|cell| !cell.is_empty()).collect())
        })
}

/// Returns a cell without the emphasis around it.
pub(super) fn plain(cell: &str) -> &str {
    cell.trim_matches(|c: char| c.is_whitespace() || "*_`".contains(c))
}

/// Returns `line` without the bar that ends a row of a table, if it is one that begins with a time: `| 10:06 | text |`.
pub(super) fn without_closing_bar(line: &str, begins_with_time: bool) -> &str {
    let row = line.trim_end().strip_suffix('|').filter(|row| {
        let has_bar = || row.trim_start_matches(['>', ' ']).starts_with('|');
        begins_with_time && !row.ends_with('\\') && has_bar()
    });
    row.unwrap_or(line)
}

/// True for a row of two cells or more between bars: `| mail | down |`.
#[must_use]
pub fn is_closed_row(line: &str) -> bool {
    let filled = |cells: Vec<&str>| cells.iter().filter(|cell| !cell.is_empty()).count();
    bar_cells(line.trim()).is_some_and(|cells| filled(cells) > 1)
}
