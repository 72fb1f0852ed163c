//! Tables, in Markdown and in HTML.

use super::{Form, Writer};
use crate::documents::html::push_escaped;

/// A column of a table: its heading, and its class in HTML.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub name: &'static str,
    pub class: &'static str,
}

impl Column {
    pub const fn new(name: &'static str, class: &'static str) -> Self {
        Self { name, class }
    }
}

impl Writer {
    /// Appends a table; `write` appends its rows.
    pub fn table(&mut self, class: &str, columns: &[Column], write: impl FnOnce(&mut Self)) {
        self.open_table(class, columns);
        write(self);
        self.close_table();
    }

    /// Begins a table.
    pub fn open_table(&mut self, class: &str, columns: &[Column]) {
        self.separate_blocks();
        self.columns = columns.to_vec();
        match self.form {
            Form::Markdown => self.push_markdown_head(),
            Form::Html => {
                self.out.push_str("<table class=\"");
                self.out.push_str(class);
                self.out.push_str("\">\n<thead><tr>");
                for column in columns {
                    self.out.push_str("<th scope=\"col\" class=\"");
                    self.out.push_str(column.class);
                    self.out.push_str("\">");
                    self.out.push_str(column.name);
                    self.out.push_str("</th>");
                }
                self.out.push_str("</tr></thead>\n<tbody>\n");
            }
        }
    }

    fn push_markdown_head(&mut self) {
        self.out.push('|');
        for column in &self.columns {
            self.out.push(' ');
            self.out.push_str(column.name);
            self.out.push_str(" |");
        }
        self.out.push_str("\n|");
        for _ in &self.columns {
            self.out.push_str("---|");
        }
        self.out.push('\n');
    }

    pub fn close_table(&mut self) {
        self.either("", "</tbody></table>\n");
    }

    /// Begins a group of rows with the heading `name`: in Markdown another table.
    pub fn group(&mut self, name: &str, is_first: bool) {
        match self.form {
            Form::Markdown => {
                // The table that `open_table` began has no rows yet.
                if is_first {
                    let begin = self.out.rfind("\n\n").map_or(0, |at| at + 2);
                    self.out.truncate(begin);
                } else {
                    self.out.push('\n');
                }
                self.out.push_str("### ");
                self.out.push_str(name);
                self.out.push_str("\n\n");
                self.push_markdown_head();
            }
            Form::Html => {
                if !is_first {
                    self.out.push_str("</tbody>\n<tbody>\n");
                }
                self.out
                    .push_str("<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"");
                self.out.push_str(&self.columns.len().to_string());
                self.out.push_str("\">");
                self.out.push_str(name);
                self.out.push_str("</th></tr>\n");
            }
        }
    }

    /// Appends a row. In HTML it has `id` and `class` where they are not empty; `write` appends its cells.
    pub fn row(&mut self, id: &str, class: &str, write: impl FnOnce(&mut Self)) {
        self.column = 0;
        match self.form {
            Form::Markdown => self.out.push('|'),
            Form::Html => {
                self.out.push_str("<tr");
                for (name, value) in [("id", id), ("class", class)] {
                    if !value.is_empty() {
                        self.out.push(' ');
                        self.out.push_str(name);
                        self.out.push_str("=\"");
                        push_escaped(&mut self.out, value);
                        self.out.push('"');
                    }
                }
                self.out.push('>');
            }
        }
        write(self);
        self.either("\n", "</tr>\n");
    }

    /// Appends the next cell of a row.
    pub fn cell(&mut self, write: impl FnOnce(&mut Self)) {
        let column = self.columns.get(self.column).copied();
        self.column += 1;
        match (self.form, column) {
            (Form::Html, Some(column)) => {
                self.out.push_str("<td class=\"");
                self.out.push_str(column.class);
                self.out.push_str("\">");
            }
            (Form::Html, None) => self.out.push_str("<td>"),
            (Form::Markdown, _) => self.out.push(' '),
        }
        write(self);
        self.either(" |", "</td>");
    }

    /// Appends the label that a cell has on a phone, where the table has no head.
    pub fn phone_label(&mut self, label: &str) {
        if self.is_html() {
            self.out.push_str("<span class=\"phone\">");
            self.out.push_str(label);
            self.out.push_str(": </span>");
        }
    }
}
