//! What came of copying a text, and the page with a text that could not be copied.

use crate::tui::{
    keys::Key,
    layout::uncopied,
    model::{Level, Model, Overlay, Uncopied},
    msg::{CopyOf, CopyReply, CopyRequest, CopyWay, Effect},
};
use crossterm::event::KeyCode;

/// Returns the effect that copies `text`, for the key just pressed.
pub fn copy(model: &mut Model, text: String, of: CopyOf) -> Effect {
    model.copy_asked_at = model.input_count;
    Effect::Copy(CopyRequest { text, of })
}

/// Says how a text was copied; where it could not be, shows it. A page with it is not opened under keys that came
/// since.
pub fn on_copied(model: &mut Model, reply: CopyReply) -> Vec<Effect> {
    let CopyReply {
        request,
        way,
        failures,
    } = reply;
    let what = match &request.of {
        CopyOf::Text => String::new(),
        CopyOf::Email { .. } => "email ".to_owned(),
        CopyOf::Status => "status ".to_owned(),
        CopyOf::SavedFile(shown) => format!("Saved in {shown} · path "),
    };
    let gaps = match request.of {
        CopyOf::Email { gaps: 0 } => String::new(),
        CopyOf::Email { gaps: 1 } => ", with 1 gap to fill in, marked [[".to_owned(),
        CopyOf::Email { gaps } => format!(", with {gaps} gaps to fill in, marked [["),
        _ => String::new(),
    };
    let failed: String = failures.iter().map(|why| format!("; {why}")).collect();
    match way {
        CopyWay::Program(name) => {
            // A gap is easily sent along: that is no success yet.
            let level = match gaps.as_str() {
                "" => Level::Success,
                _ => Level::Info,
            };
            model.notify(level, format!("{what}copied{gaps} ({name}{failed})"));
            vec![]
        }
        CopyWay::Terminal => {
            let text = format!("{what}sent to the terminal{gaps} (OSC 52, unconfirmed{failed})");
            model.notify(Level::Info, text);
            vec![Effect::CopyByTerminal(request.text)]
        }
        CopyWay::Nowhere => {
            let why = failures.join("; ");
            let why = if why.is_empty() {
                "no clipboard here"
            } else {
                &why
            };
            if let CopyOf::SavedFile(shown) = request.of {
                let text = format!("Saved in {shown} · path not copied: {why}");
                model.notify(Level::Success, text);
            } else if model.copy_asked_at == model.input_count {
                model.notify(Level::Info, format!("not copied: {why}"));
                model.overlays.push(Overlay::Uncopied(Uncopied {
                    text: request.text,
                    scroll: 0,
                }));
                return vec![Effect::CaptureMouse(false)];
            } else {
                let text = format!("Not copied: {why}. Copy it again to see the text.");
                model.notify(Level::Error, text);
            }
            vec![]
        }
    }
}

/// A key on the page: scrolls a text that is longer than the page, else closes it.
pub fn on_key(model: &mut Model, key: Key) -> Vec<Effect> {
    let (rows, height) = uncopied::size(model);
    let step = match key.code {
        KeyCode::Up => -1,
        KeyCode::Down => 1,
        KeyCode::PageUp => -isize::try_from(height).unwrap_or(1),
        KeyCode::PageDown => isize::try_from(height).unwrap_or(1),
        _ => return close(model),
    };
    if rows <= height {
        return close(model);
    }
    if let Some(Overlay::Uncopied(page)) = model.overlays.last_mut() {
        let last = rows.saturating_sub(height);
        page.scroll = page.scroll.saturating_add_signed(step).min(last);
    }
    vec![]
}

/// Closes the page, if it is open; the mouse is as before.
pub fn close(model: &mut Model) -> Vec<Effect> {
    if !matches!(model.overlays.last(), Some(Overlay::Uncopied(_))) {
        return vec![];
    }
    model.overlays.pop();
    vec![Effect::CaptureMouse(model.mouse_captured)]
}
