//! Writes the postmortem's content as Markdown or as HTML, so that each section is written once.
//!
//! Typed text is escaped for the format; the words of the document itself are written as they are.

mod table;

use crate::documents::{
    html::{markdown_to_html, push_escaped, push_linkified, push_typed},
    markdown_escape::{escape_line, one_line, push_escaped_inline},
    placeholder::placeholder,
    prose::{sanitize_prose, sanitize_prose_line},
};
pub(super) use table::Column;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Markdown,
    Html,
}

/// Collects the text of one section.
#[derive(Debug)]
pub(super) struct Writer {
    form: Form,
    out: String,
    /// The columns of the open table.
    columns: Vec<Column>,
    /// The number of the next cell in its row.
    column: usize,
    /// The number of open lists.
    depth: usize,
}

impl Writer {
    pub(super) fn new(form: Form) -> Self {
        Self {
            form,
            out: String::new(),
            columns: Vec::new(),
            column: 0,
            depth: 0,
        }
    }

    pub(super) fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    pub(super) fn is_html(&self) -> bool {
        self.form == Form::Html
    }

    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Appends `markdown` or `html`, whichever is written.
    pub(super) fn either(&mut self, markdown: &str, html: &str) {
        self.out.push_str(match self.form {
            Form::Markdown => markdown,
            Form::Html => html,
        });
    }

    /// Appends words of the document itself, which need no escape.
    pub(super) fn plain(&mut self, text: &str) {
        self.out.push_str(text);
    }

    /// Gives access to the text, for what appends words of the document itself.
    pub(super) fn out(&mut self) -> &mut String {
        &mut self.out
    }

    /// Appends text that a person typed, on one line.
    pub(super) fn typed(&mut self, text: &str) {
        match self.form {
            Form::Markdown if self.out.ends_with("- ") || self.out.ends_with('\n') => {
                self.out.push_str(&escape_line(text));
            }
            Form::Markdown => push_escaped_inline(&mut self.out, text),
            Form::Html if text.is_ascii() => push_linkified(&mut self.out, text),
            // Text of another direction orders only itself.
            Form::Html => push_typed(&mut self.out, text),
        }
    }

    /// Appends words of the document itself in bold.
    pub(super) fn strong(&mut self, text: &str) {
        self.either("**", "<b>");
        self.plain(text);
        self.either("**", "</b>");
    }

    /// Appends a remark, less prominent in HTML.
    pub(super) fn soft(&mut self, write: impl FnOnce(&mut Self)) {
        self.either("", "<small>");
        write(self);
        self.either("", "</small>");
    }

    /// Appends words that a line does not break.
    pub(super) fn unbroken(&mut self, write: impl FnOnce(&mut Self)) {
        self.either("", "<span class=\"whole\">");
        write(self);
        self.either("", "</span>");
    }

    /// Appends a command.
    pub(super) fn command(&mut self, command: &str) {
        self.either("`", "<code>");
        match self.form {
            Form::Markdown => self.out.push_str(command),
            Form::Html => push_escaped(&mut self.out, command),
        }
        self.either("`", "</code>");
    }

    /// Appends what is missing and the command that fills it in.
    pub(super) fn marker(&mut self, what: &str, command: &str) {
        match self.form {
            Form::Markdown => self.out.push_str(&placeholder(what, command)),
            Form::Html => {
                self.out.push_str("<mark>");
                push_escaped(&mut self.out, what);
                self.out.push(' ');
                self.command(command);
                self.out.push_str("</mark>");
            }
        }
    }

    /// Appends a paragraph.
    pub(super) fn paragraph(&mut self, write: impl FnOnce(&mut Self)) {
        self.separate_blocks();
        self.either("", "<p>");
        write(self);
        self.either("\n", "</p>\n");
    }

    /// Appends prose that a person wrote in Markdown.
    pub(super) fn prose(&mut self, text: &str) {
        self.separate_blocks();
        match self.form {
            Form::Markdown => self.out.push_str(&sanitize_prose(text)),
            Form::Html => {
                self.out.push_str("<div class=\"prose\" dir=\"auto\">\n");
                self.out.push_str(&markdown_to_html(text));
                self.out.push_str("</div>");
            }
        }
        self.out.push('\n');
    }

    /// Appends a labelled line of a list of facts.
    pub(super) fn fact(&mut self, label: &str, write: impl FnOnce(&mut Self)) {
        self.either("- ", "<p class=\"fact\">");
        self.label(label);
        write(self);
        self.either("\n", "</p>\n");
    }

    /// Appends a labelled line of a list of facts that a person wrote in Markdown: one paragraph.
    pub(super) fn prose_fact(&mut self, label: &str, text: &str) {
        self.fact(label, |w| match w.form {
            Form::Markdown => w.out.push_str(&sanitize_prose_line(text)),
            Form::Html => {
                let html = markdown_to_html(text);
                let html = html.trim_end();
                let inner = html
                    .strip_prefix("<p dir=\"auto\">")
                    .and_then(|p| p.strip_suffix("</p>"));
                w.out.push_str("<bdi>");
                w.out.push_str(inner.unwrap_or(html));
                w.out.push_str("</bdi>");
            }
        });
    }

    /// Appends a label with its colon.
    pub(super) fn label(&mut self, label: &str) {
        self.either("**", "<b>");
        self.plain(label);
        self.either(":** ", ":</b> ");
    }

    /// Appends a list; `write` appends its items.
    pub(super) fn list(&mut self, class: &str, write: impl FnOnce(&mut Self)) {
        if self.depth == 0 {
            self.separate_blocks();
        }
        self.depth += 1;
        match self.form {
            Form::Html if class.is_empty() => self.out.push_str("<ul>\n"),
            Form::Html => {
                self.out.push_str("<ul class=\"");
                self.out.push_str(class);
                self.out.push_str("\">\n");
            }
            Form::Markdown => {}
        }
        write(self);
        self.either("", "</ul>\n");
        self.depth -= 1;
    }

    /// Appends an item of a list: its text, and then what belongs below it.
    pub(super) fn item(
        &mut self,
        write: impl FnOnce(&mut Self),
        write_below: impl FnOnce(&mut Self),
    ) {
        match self.form {
            Form::Markdown => {
                for _ in 1..self.depth {
                    self.out.push_str("  ");
                }
                self.out.push_str("- ");
            }
            Form::Html => self.out.push_str("<li>"),
        }
        write(self);
        self.either("\n", "");
        write_below(self);
        self.either("", "</li>\n");
    }

    /// Appends what stands in a cell without a value.
    pub(super) fn nothing(&mut self) {
        self.either("–", "<span class=\"none\">–</span>");
    }

    /// Appends names that people typed, with commas between them.
    pub(super) fn names<N: AsRef<str>>(&mut self, names: impl IntoIterator<Item = N>) {
        for (i, name) in names.into_iter().enumerate() {
            self.plain(if i == 0 { "" } else { ", " });
            self.typed(name.as_ref());
        }
    }

    /// Appends a quotation of several lines, which keeps its line breaks.
    pub(super) fn quote(&mut self, text: &str) {
        self.separate_blocks();
        self.either("", "<blockquote dir=\"auto\">");
        let mut lines = text.lines().map(str::trim_end).peekable();
        let mut is_first = true;
        while let Some(line) = lines.next() {
            match self.form {
                Form::Markdown => {
                    if !is_first {
                        self.out.push('\n');
                    }
                    self.out.push('>');
                    if !line.is_empty() {
                        self.out.push(' ');
                        self.out.push_str(&escape_line(line));
                        // At the end of a paragraph it would be a backslash.
                        if lines.peek().is_some_and(|next| !next.is_empty()) {
                            self.out.push('\\');
                        }
                    }
                }
                Form::Html => {
                    if !is_first {
                        self.out.push_str("<br>\n");
                    }
                    push_linkified(&mut self.out, &one_line(line));
                }
            }
            is_first = false;
        }
        self.either("\n", "</blockquote>\n");
    }

    /// In Markdown, blocks are separated by an empty line.
    fn separate_blocks(&mut self) {
        if self.form == Form::Markdown && !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Form, Writer};

    #[test]
    fn quote_breaks_lines_only_inside_a_paragraph() {
        let mut writer = Writer::new(Form::Markdown);
        writer.quote("Hello,\nall is back.\n\nSee C:\\logs\\");
        let text = writer.finish();
        assert_eq!(
            text.trim_end(),
            "> Hello,\\\n> all is back.\n>\n> See C:\\\\logs\\\\"
        );
    }
}
