//! The files and links of the events: a list, in HTML with images and texts.

use super::{context::RenderContext, writer::Writer};
use crate::{
    documents::{
        evidence::{EvidenceContent, EvidenceFile, attached_files},
        html::push_escaped,
        markdown_escape::one_line,
    },
    domain::{
        count::counted,
        event::Event,
        file::{AttachedFile, format_size},
        incident::Record,
    },
};

impl RenderContext<'_> {
    /// The files, each once with the events that have it, then the links. Empty if there are none.
    pub(super) fn attachments(&self, w: &mut Writer) {
        let files = attached_files(self.incident);
        let has_links = self
            .incident
            .active_events()
            .any(|event| !event.value.urls.is_empty());
        if files.is_empty() && !has_links {
            return;
        }
        w.list("", |w| {
            for (file, events) in &files {
                let mut known = self.related.files.iter();
                let known = known.find(|known| known.sha256 == file.sha256);
                w.item(
                    |w| self.file_line(w, file, events, known),
                    |w| {
                        if let Some(known) = known {
                            write_content(w, file, events, &known.content);
                        }
                    },
                );
            }
            for event in self.incident.active_events() {
                for url in &event.value.urls {
                    w.item(
                        |w| {
                            w.plain("Link: ");
                            w.typed(url);
                            w.plain(" (");
                            self.moment_of(w, event);
                            w.plain(")");
                        },
                        |_| {},
                    );
                }
            }
        });
    }

    /// Name, size, sort, hash and events of a file.
    fn file_line(
        &self,
        w: &mut Writer,
        file: &AttachedFile,
        events: &[&Record<Event>],
        known: Option<&EvidenceFile>,
    ) {
        let name = shown_name(file);
        let link = known.and_then(|known| known.link.as_deref());
        match link {
            Some(link) if !w.is_html() => {
                w.plain("[");
                w.typed(name);
                w.plain("](");
                w.plain(link);
                w.plain(")");
            }
            _ => w.typed(name),
        }
        w.plain(" (");
        w.plain(&format_size(file.size));
        w.plain(", ");
        w.typed(&file.media_type);
        w.plain(", ");
        for (i, event) in events.iter().enumerate() {
            w.plain(if i == 0 { "" } else { "; " });
            self.moment_of(w, event);
        }
        w.plain("). SHA-256: ");
        w.command(&file.sha256.to_string());
    }

    fn moment_of(&self, w: &mut Writer, event: &Record<Event>) {
        w.plain(&self.event_moment(&event.value));
        w.plain(" ");
        w.plain(&event.handle);
    }
}

fn shown_name(file: &AttachedFile) -> &str {
    match file.name.as_str() {
        "" => "(file redacted)",
        name => name,
    }
}

/// What is below the line of a file: in HTML the image or the text, in both forms why there is none.
fn write_content(
    w: &mut Writer,
    file: &AttachedFile,
    events: &[&Record<Event>],
    content: &EvidenceContent,
) {
    let remark = match content {
        EvidenceContent::Image { media_type, data } if w.is_html() => {
            let text = events.first().map_or("", |event| &event.value.text);
            let alt = one_line(&format!("{}: {text}", shown_name(file))).into_owned();
            write_image(w, &alt, media_type, data);
            return;
        }
        EvidenceContent::Text { shown, more_lines } if w.is_html() => {
            write_text(w, shown, *more_lines);
            return;
        }
        EvidenceContent::LeftOut { limit } => format!(
            "Not shown here: with it the page would have more than {}.",
            format_size(*limit)
        ),
        EvidenceContent::Redacted => "The content was redacted.".to_owned(),
        EvidenceContent::Missing => {
            "The content is not in the database that this was written from.".to_owned()
        }
        _ => return,
    };
    if w.is_html() {
        w.plain("<p><small>");
        w.plain(&remark);
        w.plain("</small></p>");
    } else {
        w.plain("  ");
        w.plain(&remark);
        w.plain("\n");
    }
}

/// An image; `alt` is for those who do not see it.
fn write_image(w: &mut Writer, alt: &str, media_type: &str, data: &str) {
    let out = w.out();
    out.push_str("<p><img class=\"evidence\" alt=\"");
    push_escaped(out, alt);
    out.push_str("\" src=\"data:");
    push_escaped(out, media_type);
    out.push_str(";base64,");
    push_escaped(out, data);
    out.push_str("\"></p>");
}

fn write_text(w: &mut Writer, shown: &str, more_lines: usize) {
    let out = w.out();
    out.push_str("<pre>");
    push_escaped(out, shown);
    out.push_str("</pre>");
    if more_lines > 0 {
        let lines = counted(more_lines, "more line", "more lines");
        out.push_str(&format!("<p><small>{lines} not shown here.</small></p>"));
    }
}
