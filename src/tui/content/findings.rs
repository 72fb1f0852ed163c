//! The rows above a document: what is to be fixed, each with what Enter does; and the `[[...]]` placeholders
//! in its text.

use super::prompt_text::field_value;
use crate::{
    ops::lint::Fix,
    tui::{
        model::{DocumentRow, Model, Tab, document_rows, email_facts, findings},
        msg::FindingRow,
        text::{fit, pad, width, wrap},
        theme::Meaning,
    },
};
use ratatui::text::Span;

type Row = Vec<Span<'static>>;

/// Columns of what a row is about.
const SUBJECT_COLUMNS: usize = 17;
/// Rows narrower than this do not say what Enter does; the zone does.
const WIDE_ROW: usize = 64;

/// Splits `text` into pieces, in their order; true marks a `[[...]]` placeholder, which a person
/// must fill in.
#[must_use]
pub fn split_placeholders(text: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(from) = rest.find("[[") {
        let to = rest[from..]
            .find("]]")
            .map_or(rest.len(), |at| from + at + 2);
        pieces.push((&rest[..from], false));
        pieces.push((&rest[from..to], true));
        rest = &rest[to..];
    }
    pieces.push((rest, false));
    pieces
}

/// Returns `text` with what each placeholder stands for, without its shell command: on the screen, Enter on the
/// finding does it. The number of lines stays.
#[must_use]
pub fn without_commands(text: &str) -> String {
    let piece = |(piece, is_placeholder): (&str, bool)| {
        let command = [": bridgelog", ":\nbridgelog", ": `", ":\n`"]
            .iter()
            .filter_map(|begin| piece.find(begin))
            .min();
        match command {
            Some(at) if is_placeholder => {
                let space = if piece[at..].contains('\n') {
                    '\n'
                } else {
                    ' '
                };
                format!("{}: not{space}set]]", &piece[..at])
            }
            _ => piece.to_owned(),
        }
    };
    split_placeholders(text).into_iter().map(piece).collect()
}

/// Returns the heading of the rows: how many are to be fixed.
#[must_use]
pub fn list_title(model: &Model) -> String {
    let advice = findings(model).iter().filter(|f| f.advice).count();
    let to_fix = findings(model).len() - advice;
    let what = match model.tab {
        Tab::Email => "To fix before sending",
        _ => "To fix",
    };
    let unchecked = model.letter.as_ref().and_then(|l| l.unchecked.as_ref());
    match (unchecked, to_fix, advice) {
        (Some(why), ..) if model.tab == Tab::Email => format!("Not checked: {why}"),
        (_, 0, 0) => "Nothing to fix".to_owned(),
        (_, n, 0) => format!("{what}: {n}"),
        (_, n, advice) => format!("{what}: {n}, to consider: {advice}"),
    }
}

/// Returns how many of the facts that customers are given are known: `facts: 5 of 8 known`.
#[must_use]
pub fn facts_known(model: &Model) -> String {
    let known = email_facts().filter(|name| !model.field(name).is_empty());
    format!(
        "facts: {} of {} known",
        known.count(),
        email_facts().count()
    )
}

/// The name of a field among the facts: those of customers need no word for it there.
fn fact_name(name: &str) -> String {
    match name {
        "followup-by" => "follow-up by".to_owned(),
        name => name
            .strip_prefix("customer-")
            .unwrap_or(name)
            .replace('-', " "),
    }
}

#[must_use]
pub fn enter_does(model: &Model, row: DocumentRow<'_>) -> String {
    let sets = |name: &str| match model.field(name) {
        "" => "Enter sets it",
        _ => "Enter edits it",
    };
    let text = match row {
        DocumentRow::Fact(name) => sets(name),
        DocumentRow::Finding(finding) => match &finding.fix {
            Fix::Field(name) => sets(name),
            Fix::Section(_) => "Enter asks, then $EDITOR",
            Fix::PublicName(_) => "Enter names it",
            Fix::EventTime(_) => "Enter sets the time",
            Fix::EventPart(_, begin) if begin.starts_with("tell:") => "Enter words it",
            Fix::EventPart(_, begin) if begin == "!" => "Enter sets the state",
            Fix::EventPart(..) => "Enter adds it",
            Fix::EventText(_) | Fix::FollowUp(_) => "Enter edits it",
            Fix::FollowUpOwner(_) => "Enter sets the owner",
            Fix::FollowUpDue(_) => "Enter sets the time",
            Fix::History(_) => "Enter shows it",
            Fix::AddFollowUp => "Enter adds one",
            Fix::Line { before, .. } => {
                return format!("Enter begins \"{}\"", before.trim_end());
            }
            Fix::Wording => "Enter lists the events",
            Fix::Resolve => "Enter resolves it",
            Fix::Reopen => "Enter reopens it",
            Fix::SaveLetter(_) => "Enter saves it",
            Fix::LetterOfStage(_) => "Enter shows that email",
            Fix::Elsewhere(_) => "outside the app",
        },
    };
    text.to_owned()
}

/// Returns a row of at most `columns`, of which the last `taken` stay free: its mark, what it is about, why, and
/// what Enter does.
#[must_use]
pub fn document_row(model: &Model, row: DocumentRow<'_>, columns: usize, taken: usize) -> Row {
    let style = |meaning| model.theme.style(meaning);
    let hint = if columns >= WIDE_ROW + taken {
        enter_does(model, row)
    } else {
        String::new()
    };
    let subject_columns = SUBJECT_COLUMNS.min(columns / 3);
    let columns = columns.saturating_sub(taken);
    let used = 2 + subject_columns + 1 + width(&hint) + 2 * usize::from(!hint.is_empty());
    let room = columns.saturating_sub(used);
    let (mark, mark_style, subject, text, text_style) = match row {
        DocumentRow::Finding(finding) => (
            if finding.advice { "? " } else { "! " },
            style(Meaning::Warning),
            finding.subject.clone(),
            finding.reason.clone(),
            style(Meaning::Plain),
        ),
        DocumentRow::Fact(name) => {
            let value = field_value(model, name);
            let (text, style) = match value.as_str() {
                "" => ("not set".to_owned(), style(Meaning::Dim)),
                _ => (value, style(Meaning::Plain)),
            };
            ("  ", Default::default(), fact_name(name), text, style)
        }
    };
    let mut spans = vec![
        Span::styled(mark, mark_style),
        Span::styled(pad(&subject, subject_columns), style(Meaning::Strong)),
        Span::raw(" "),
        Span::styled(pad(&text, room), text_style),
    ];
    if !hint.is_empty() {
        spans.push(Span::styled(format!("  {hint}"), style(Meaning::Dim)));
    }
    spans
}

/// Returns what the zone says of the selected row: all of why, and what Enter does.
#[must_use]
pub fn selected_row(model: &Model, columns: usize) -> Vec<Row> {
    let rows = document_rows(model);
    let Some(row) = rows.get(model.selected_finding) else {
        return vec![];
    };
    let style = |meaning| model.theme.style(meaning);
    let (text, then) = match row {
        DocumentRow::Finding(finding) => (
            format!("{}: {}", finding.subject, finding.reason),
            what_follows(model, finding),
        ),
        DocumentRow::Fact(name) => (
            format!("{}: customers read it in the email", fact_name(name)),
            None,
        ),
    };
    let mut rows: Vec<Row> = wrap(&text, columns)
        .into_iter()
        .take(2)
        .map(|text| vec![Span::raw(text)])
        .collect();
    let then = then.unwrap_or_else(|| enter_does(model, *row));
    rows.push(vec![Span::styled(fit(&then, columns), style(Meaning::Dim))]);
    rows
}

/// Says where something is done that is not done in the app: a setting names its file.
#[must_use]
pub fn outside(model: &Model, command: &str) -> String {
    let file = model.settings_file.as_str();
    match command.strip_suffix(" in the settings") {
        Some(setting) if !file.is_empty() => {
            format!("Outside the app: {setting} in {file}, from the next start on")
        }
        _ => format!("Outside the app: {command}"),
    }
}

/// What Enter on a finding leaves to the user.
fn what_follows(model: &Model, finding: &FindingRow) -> Option<String> {
    match &finding.fix {
        Fix::Line { before, .. } if before.starts_with(|c: char| c.is_ascii_digit()) => {
            Some(format!(
                "Enter begins \"{}\"; you say what it was",
                before.trim_end()
            ))
        }
        Fix::Line { before, .. } => Some(format!(
            "Enter begins \"{}\"; without a time before it, it is now",
            before.trim_end()
        )),
        Fix::Elsewhere(command) => Some(outside(model, command)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_shown_without_its_command() {
        let text = "by [[when\nit comes: bridgelog set next-update WHEN]], or [[what: bridgelog\nset x]] [[mine]]";
        let shown = "by [[when\nit comes: not set]], or [[what: not\nset]] [[mine]]";
        assert_eq!(without_commands(text), shown);
        assert_eq!(
            without_commands("[[a: `contact` in the settings]]."),
            "[[a: not set]]."
        );
    }
}
