//! The email tab: the letter of a stage; beside or below it, the findings.

use super::widgets::{choice_bar, draw_document, draw_hint, draw_lines, draw_spans, titled_rule};
use crate::tui::{
    content::letter::{
        LETTER_WIDTH, SIDE_BY_SIDE_WIDTH, letter_columns, letter_rows, side_rows, stage_labels,
    },
    model::Model,
    msg::Letter,
    theme::Meaning,
};
use ratatui::{buffer::Buffer, layout::Rect, text::Line};

pub(super) fn draw(model: &Model, area: Rect, buf: &mut Buffer) {
    let Some(letter) = &model.letter else {
        if model.summary.is_none() && model.first_load_done {
            draw_hint(
                model,
                area,
                buf,
                &[("", "There is no incident to write about yet.")],
            );
        }
        return;
    };
    draw_stages(model, letter, Rect { height: 1, ..area }, buf);
    let page = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        x: area.x + 2,
        width: area.width.saturating_sub(4),
    };
    let columns = letter_columns(model);
    let mut lines = letter_rows(model, letter, columns);
    if area.width >= SIDE_BY_SIDE_WIDTH {
        let side_area = Rect {
            x: area.x + LETTER_WIDTH + 5,
            width: area.width.saturating_sub(LETTER_WIDTH + 6),
            ..page
        };
        draw_document(model, buf, page, &lines, model.letter_scroll);
        let side_lines = side_rows(model, letter, side_area.width.into());
        draw_lines(buf, side_area, &side_lines, 0);
    } else {
        lines.push(Line::default());
        lines.extend(side_rows(model, letter, columns));
        draw_document(model, buf, page, &lines, model.letter_scroll);
    }
}

fn draw_stages(model: &Model, letter: &Letter, area: Rect, buf: &mut Buffer) {
    draw_spans(
        buf,
        area.x,
        area.y,
        area.width,
        titled_rule(model, "", area.width),
    );
    let labels = stage_labels(letter);
    let spans = choice_bar(model, &labels, letter.stage, Meaning::Customer);
    draw_spans(buf, area.x + 1, area.y, area.width, spans);
}
