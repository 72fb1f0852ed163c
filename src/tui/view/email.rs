//! The customer email of a stage; beside it, or under it, what is missing and must not go out.

use super::widgets::{choice_bar, draw_hint, draw_lines, draw_spans, titled_rule};
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
    let below = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        x: area.x + 2,
        width: area.width.saturating_sub(4),
    };
    let columns = letter_columns(model);
    let mut text = letter_rows(model, letter, columns);
    if area.width >= SIDE_BY_SIDE_WIDTH {
        let beside = Rect {
            x: area.x + LETTER_WIDTH + 5,
            width: area.width.saturating_sub(LETTER_WIDTH + 6),
            ..below
        };
        draw_lines(buf, below, &text, model.letter_scroll);
        let side = side_rows(model, letter, beside.width.into());
        draw_lines(buf, beside, &side, 0);
    } else {
        text.push(Line::default());
        text.extend(side_rows(model, letter, columns));
        draw_lines(buf, below, &text, model.letter_scroll);
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
    let words = stage_labels(letter);
    let spans = choice_bar(model, &words, letter.stage, Meaning::Customer);
    draw_spans(buf, area.x + 1, area.y, area.width, spans);
}
