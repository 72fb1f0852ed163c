//! Keys become messages: text that comes faster than anybody types is gathered, as it was pasted, and
//! the repeats of a held key are marked. Times are given by the caller.

use super::{
    decoder::Time,
    unit::{Unit, text_char},
};
use crate::tui::{
    keys::Key,
    msg::{Mouse, Msg},
};
use crossterm::event::{KeyCode, KeyModifiers};
use std::time::Duration;

/// Text that comes within this time after other text is a burst.
const BURST_GAP: Duration = Duration::from_millis(6);
/// A burst ends when nothing came for this time.
const BURST_SILENCE: Duration = Duration::from_millis(50);
/// A key that comes again within this time is held down.
const REPEAT_GAP: Duration = Duration::from_millis(120);
/// The first repeat of a held key comes within this time after the press.
const FIRST_REPEAT: Duration = Duration::from_millis(800);

#[derive(Debug, Default)]
pub struct Gatherer {
    /// The key before, and when it came.
    last: Option<(Key, Time)>,
    /// When the last text came.
    last_text: Option<Time>,
    /// True if the key before went out as a key, not in a burst.
    last_sent_as_key: bool,
    /// A key that is either the first repeat of a held key or a press, and when it came.
    undecided: Option<(Key, Time)>,
    burst: Option<Burst>,
}

#[derive(Debug)]
struct Burst {
    text: String,
    continues: bool,
    /// When its last character came.
    last: Time,
}

impl Gatherer {
    /// Takes the units of one read at `now` and appends messages to `out`.
    pub fn push(&mut self, units: Vec<Unit>, now: Time, out: &mut Vec<Msg>) {
        if self.deadline().is_some_and(|deadline| deadline < now) {
            self.send_gathered(out);
        }
        let mut text = vec![];
        for unit in units {
            match unit {
                Unit::Key { key, repeat: false } if text_char(key).is_some() => text.push(key),
                unit => {
                    self.take_text(&std::mem::take(&mut text), now, out);
                    self.take_other(unit, now, out);
                }
            }
        }
        self.take_text(&text, now, out);
    }

    /// Appends to `out` what has waited long enough at `now`.
    pub fn expire(&mut self, now: Time, out: &mut Vec<Msg>) {
        if self.deadline().is_some_and(|deadline| deadline <= now) {
            self.send_gathered(out);
        }
    }

    /// When to call [`Gatherer::expire`], unless units come before.
    pub fn deadline(&self) -> Option<Time> {
        let burst = self.burst.as_ref().map(|burst| burst.last + BURST_SILENCE);
        burst.or(self.undecided.map(|(_, time)| time + REPEAT_GAP))
    }

    /// Appends to `out` what was gathered, and forgets the keys before. An undecided key is taken as a
    /// repeat, which never acts.
    pub fn reset(&mut self, out: &mut Vec<Msg>) {
        self.send_burst(out);
        if let Some((key, _)) = self.undecided {
            out.push(Msg::Key { key, repeat: true });
        }
        *self = Self::default();
    }

    /// Takes characters that came in one read, with nothing between them.
    fn take_text(&mut self, keys: &[Key], now: Time, out: &mut Vec<Msg>) {
        let (Some(first), Some(last)) = (keys.first(), keys.last()) else {
            return;
        };
        let is_close = self
            .last_text
            .is_some_and(|time| now.saturating_sub(time) <= BURST_GAP);
        let before = self.last.map(|(key, _)| key).filter(|_| is_close);
        let one_key = keys.iter().all(|key| key == first) && before.is_none_or(|key| key == *first);
        self.last_text = Some(now);
        if self.burst.is_none() && one_key {
            for key in keys {
                self.take_key(*key, now, out);
            }
            return;
        }
        let burst = match &mut self.burst {
            Some(burst) => burst,
            None => {
                let before = before.and_then(text_char);
                let mut text = String::new();
                let mut continues = before.is_some() && self.last_sent_as_key;
                if let Some((key, _)) = self.undecided.take() {
                    match before {
                        // It is the burst's first character.
                        Some(c) => {
                            text.push(c);
                            continues = false;
                        }
                        None => out.push(Msg::Key { key, repeat: false }),
                    }
                }
                self.burst.insert(Burst {
                    text,
                    continues,
                    last: now,
                })
            }
        };
        burst
            .text
            .extend(keys.iter().filter_map(|key| text_char(*key)));
        burst.last = now;
        self.last = Some((*last, now));
        self.last_sent_as_key = false;
    }

    fn take_other(&mut self, unit: Unit, now: Time, out: &mut Vec<Msg>) {
        self.send_burst(out);
        match unit {
            Unit::Key { key, repeat: false } => self.take_key(key, now, out),
            Unit::Key { key, repeat: true } => {
                if let Some((undecided, _)) = self.undecided.take() {
                    let repeat = undecided == key;
                    out.push(Msg::Key {
                        key: undecided,
                        repeat,
                    });
                }
                self.send_key(key, true, now, out);
            }
            // A turn of the wheel between two repeats of a held key does not make a press of them.
            Unit::Mouse(mouse @ Mouse::Wheel { .. }) => out.push(Msg::Mouse(mouse)),
            Unit::Mouse(mouse @ Mouse::Click(..)) => {
                self.send_undecided(out);
                self.last = None;
                out.push(Msg::Mouse(mouse));
            }
            Unit::Paste(text) => {
                self.send_undecided(out);
                self.last = None;
                out.push(Msg::Paste(text));
            }
        }
    }

    fn take_key(&mut self, key: Key, now: Time, out: &mut Vec<Msg>) {
        if let Some((undecided, _)) = self.undecided.take() {
            let repeat = undecided == key;
            out.push(Msg::Key {
                key: undecided,
                repeat,
            });
            if repeat {
                self.send_key(key, true, now, out);
                return;
            }
        }
        let since_same = self
            .last
            .filter(|(last, _)| *last == key)
            .map(|(_, time)| now.saturating_sub(time));
        match since_same {
            Some(since) if since <= REPEAT_GAP => self.send_key(key, true, now, out),
            Some(since) if since <= FIRST_REPEAT && acts_at_once(key) => {
                self.undecided = Some((key, now));
                self.last = Some((key, now));
                self.last_sent_as_key = false;
            }
            _ => self.send_key(key, false, now, out),
        }
    }

    fn send_key(&mut self, key: Key, repeat: bool, now: Time, out: &mut Vec<Msg>) {
        self.last = Some((key, now));
        self.last_sent_as_key = true;
        out.push(Msg::Key { key, repeat });
    }

    fn send_gathered(&mut self, out: &mut Vec<Msg>) {
        self.send_burst(out);
        self.send_undecided(out);
    }

    fn send_burst(&mut self, out: &mut Vec<Msg>) {
        if let Some(Burst {
            text, continues, ..
        }) = self.burst.take()
        {
            out.push(Msg::Burst { text, continues });
        }
    }

    fn send_undecided(&mut self, out: &mut Vec<Msg>) {
        if let Some((key, _)) = self.undecided.take() {
            self.last_sent_as_key = true;
            out.push(Msg::Key { key, repeat: false });
        }
    }
}

/// True for the keys that write or take back when they are pressed again: their repeats must be known
/// as such from the first on.
fn acts_at_once(key: Key) -> bool {
    matches!(
        (key.code, key.modifiers),
        (KeyCode::Enter, KeyModifiers::NONE)
            | (KeyCode::Char('u'), KeyModifiers::NONE)
            | (KeyCode::Char('r'), KeyModifiers::CONTROL)
    )
}
