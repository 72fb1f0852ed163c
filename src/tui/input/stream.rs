//! The terminal's bytes become messages. Times are given by the caller, so that tests need not wait.

use super::{
    decoder::{Decoder, Time},
    gatherer::Gatherer,
};
use crate::tui::msg::Msg;

#[derive(Debug, Default)]
pub struct InputStream {
    decoder: Decoder,
    gatherer: Gatherer,
}

impl InputStream {
    /// Takes the bytes of one read at `now` and returns the messages that are ready.
    pub fn push(&mut self, bytes: &[u8], now: Time) -> Vec<Msg> {
        let mut out = vec![];
        let units = self.decoder.push(bytes, now);
        self.gatherer.push(units, now, &mut out);
        out
    }

    /// Returns the messages that become ready at `now` because nothing came.
    pub fn expire(&mut self, now: Time) -> Vec<Msg> {
        let mut out = vec![];
        let units = self.decoder.expire(now);
        if !units.is_empty() {
            self.gatherer.push(units, now, &mut out);
        }
        self.gatherer.expire(now, &mut out);
        out
    }

    /// When to call [`InputStream::expire`], unless bytes come before; `None` if nothing waits.
    pub fn deadline(&self) -> Option<Time> {
        let deadlines = [self.decoder.deadline(), self.gatherer.deadline()];
        deadlines.into_iter().flatten().min()
    }

    /// Returns what was gathered and forgets the rest, before another program reads the terminal.
    pub fn reset(&mut self) -> Vec<Msg> {
        let mut out = vec![];
        self.gatherer.reset(&mut out);
        let paste = self.decoder.reset();
        self.gatherer.push(paste, Time::ZERO, &mut out);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::{input::unit::text_char, msg::Mouse};
    use proptest::prelude::*;
    use std::time::Duration;

    fn ms(time: u64) -> Time {
        Duration::from_millis(time)
    }

    /// Runs reads at milliseconds and returns each message with the time at which it was sent.
    fn run(reads: &[(u64, &str)]) -> Vec<(u64, Msg)> {
        let mut stream = InputStream::default();
        let mut sent = vec![];
        let mut wake = |stream: &mut InputStream, until: Option<u64>| {
            while let Some(deadline) = stream.deadline()
                && until.is_none_or(|until| deadline < ms(until))
            {
                let at = u64::try_from(deadline.as_millis()).unwrap();
                sent.extend(stream.expire(deadline).into_iter().map(|msg| (at, msg)));
            }
            if let Some(at) = until {
                let text = reads.iter().filter(|read| read.0 == at);
                for (_, text) in text {
                    let messages = stream.push(text.as_bytes(), ms(at));
                    sent.extend(messages.into_iter().map(|msg| (at, msg)));
                }
            }
        };
        let mut times: Vec<u64> = reads.iter().map(|read| read.0).collect();
        times.dedup();
        for time in times {
            wake(&mut stream, Some(time));
        }
        wake(&mut stream, None);
        sent
    }

    /// Shows messages as `time key`, a repeat with `*`, a burst as `"text"`, and with `+` in front if it
    /// continues a key.
    fn show(sent: &[(u64, Msg)]) -> String {
        let shown = sent.iter().map(|(time, msg)| match msg {
            Msg::Key { key, repeat } => format!("{time} {key}{}", if *repeat { "*" } else { "" }),
            Msg::Burst { text, continues } => {
                format!("{time} {}{text:?}", if *continues { "+" } else { "" })
            }
            Msg::Paste(text) => format!("{time} paste {text:?}"),
            Msg::Mouse(Mouse::Wheel { .. }) => format!("{time} wheel"),
            Msg::Mouse(Mouse::Click(..)) => format!("{time} click"),
            other => format!("{time} {other:?}"),
        });
        shown.collect::<Vec<_>>().join(", ")
    }

    const WHEEL: &str = "\x1b[<64;10;5M";
    const CLICK: &str = "\x1b[<0;10;5M";

    #[test]
    fn keys_go_out_at_once() {
        for (reads, shown) in [
            (&[(0, "a"), (80, "b"), (87, "c")][..], "0 a, 80 b, 87 c"),
            (&[(0, "\r"), (1000, "\r")], "0 Enter, 1000 Enter"),
            (&[(0, "\x1b[A"), (1, "\x1b[B")], "0 ↑, 1 ↓"),
            (&[(0, "\x1b")], "20 Esc"),
            (&[(0, "\t")], "0 Tab"),
            (&[(0, "\n")], "0 Ctrl-J"),
            (&[(0, "\r\n")], "0 Enter"),
            (&[(0, "a\x7f")], "0 a, 0 Backspace"),
            (&[(0, "a\x1b[C")], "0 a, 0 →"),
        ] {
            assert_eq!(show(&run(reads)), shown, "{reads:?}");
        }
    }

    #[test]
    fn text_faster_than_typing_is_a_burst() {
        for (reads, shown) in [
            // In one read.
            (&[(0, "ab")][..], "50 \"ab\""),
            (&[(0, "04:52 a\r04:53 b\r")], "50 \"04:52 a\\n04:53 b\\n\""),
            (&[(0, "a\tb\r\nc\nd")], "50 \"a\\tb\\nc\\nd\""),
            (&[(0, "a\r")], "50 \"a\\n\""),
            // One by one; the first is out already.
            (&[(0, "a"), (6, "b"), (12, "c")], "0 a, 62 +\"bc\""),
            (&[(0, "a"), (7, "b"), (14, "c")], "0 a, 7 b, 14 c"),
            (&[(0, "a"), (3, "bc\rd")], "0 a, 53 +\"bc\\nd\""),
            (&[(0, "j"), (3, "j"), (6, "k")], "0 j, 3 j*, 56 +\"k\""),
            (&[(0, "k"), (3, "jj")], "0 k, 53 +\"jj\""),
            // Until 50 ms are silent.
            (&[(0, "ab"), (50, "c"), (100, "d")], "150 \"abcd\""),
            (&[(0, "ab"), (51, "c")], "50 \"ab\", 51 c"),
            (&[(0, "ab"), (30, "bb")], "80 \"abbb\""),
            // Or until something else comes.
            (&[(0, "half\x1b")], "20 \"half\", 20 Esc"),
            (&[(0, "ab\r\x11")], "0 \"ab\\n\", 0 Ctrl-Q"),
            (&[(0, "ab"), (10, "\x7f")], "10 \"ab\", 10 Backspace"),
            (
                &[(0, "ab"), (10, WHEEL), (12, "c")],
                "10 \"ab\", 10 wheel, 12 c",
            ),
            (
                &[(0, "ab"), (10, "\x1b[200~x\x1b[201~")],
                "10 \"ab\", 10 paste \"x\"",
            ),
            // A line break alone behind something else in a burst never acts.
            (&[(0, "ab\x0b\r")], "0 \"ab\", 0 Ctrl-K, 50 \"\\n\""),
            // A dropped sequence ends nothing.
            (&[(0, "ab\x1b[Icd")], "50 \"abcd\""),
        ] {
            assert_eq!(show(&run(reads)), shown, "{reads:?}");
        }
    }

    #[test]
    fn repeats_of_a_held_key_are_marked() {
        for (reads, shown) in [
            (&[(0, "jjjj")][..], "0 j, 0 j*, 0 j*, 0 j*"),
            (&[(0, "\x1b[A\x1b[A")], "0 ↑, 0 ↑*"),
            (&[(0, "\r\r")], "0 Enter, 0 Enter*"),
            (&[(0, "j"), (120, "j"), (241, "j")], "0 j, 120 j*, 241 j"),
            (&[(0, "x"), (400, "x"), (433, "x")], "0 x, 400 x, 433 x*"),
            (&[(0, "j"), (30, "k"), (60, "j")], "0 j, 30 k, 60 j"),
            // The first repeat of these waits until it is known.
            (
                &[(0, "u"), (400, "u"), (433, "u"), (466, "u")],
                "0 u, 433 u*, 433 u*, 466 u*",
            ),
            (
                &[(0, "\r"), (500, "\r"), (620, "\r")],
                "0 Enter, 620 Enter*, 620 Enter*",
            ),
            (&[(0, "\x12"), (300, "\x12")], "0 Ctrl-R, 420 Ctrl-R"),
            (&[(0, "u"), (400, "u")], "0 u, 520 u"),
            (&[(0, "\r"), (150, "\r")], "0 Enter, 270 Enter"),
            (&[(0, "u"), (400, "uu")], "0 u, 400 u*, 400 u*"),
            (&[(0, "u"), (801, "u")], "0 u, 801 u"),
            (&[(0, "u"), (400, "u"), (450, "s")], "0 u, 450 u, 450 s"),
            (
                &[(0, "u"), (200, "u"), (330, "u"), (340, "u")],
                "0 u, 320 u, 340 u*, 340 u*",
            ),
            // A pause in a stream of repeats, as a slow line makes it.
            (
                &[(0, "u"), (100, "u"), (250, "u"), (280, "u")],
                "0 u, 100 u*, 280 u*, 280 u*",
            ),
            // It is the first character of a burst.
            (
                &[(0, "\r"), (500, "\r"), (503, "ab")],
                "0 Enter, 553 \"\\nab\"",
            ),
            (&[(0, "\r"), (500, "\rab")], "0 Enter, 550 \"\\nab\""),
            // The mouse.
            (
                &[(0, "\r"), (400, "\r"), (410, WHEEL), (433, "\r")],
                "0 Enter, 410 wheel, 433 Enter*, 433 Enter*",
            ),
            (
                &[(0, "\r"), (400, "\r"), (410, CLICK)],
                "0 Enter, 410 Enter, 410 click",
            ),
            // The kitty protocol says so itself.
            (
                &[
                    (0, "\x1b[117u"),
                    (400, "\x1b[117;1:2u"),
                    (433, "\x1b[117;1:3u"),
                ],
                "0 u, 400 u*",
            ),
            (
                &[
                    (0, "\x1b[13u"),
                    (20, "\x1b[13;1:3u"),
                    (2000, "\x1b[13;1:2u"),
                ],
                "0 Enter, 2000 Enter*",
            ),
            // After a burst, and after a paste, which is something between.
            (&[(0, "ab\r"), (300, "\r")], "50 \"ab\\n\", 420 Enter"),
            (
                &[(0, "\r"), (300, "\x1b[200~x\x1b[201~"), (400, "\r")],
                "0 Enter, 300 paste \"x\", 400 Enter",
            ),
        ] {
            assert_eq!(show(&run(reads)), shown, "{reads:?}");
        }
    }

    #[test]
    fn nothing_waits_when_nothing_is_open() {
        let mut stream = InputStream::default();
        assert_eq!(stream.deadline(), None);
        for bytes in ["a", "\x1b[A", WHEEL, "\x1b[200~x\x1b[201~", "\x1b[I"] {
            stream.push(bytes.as_bytes(), ms(0));
            assert_eq!(stream.deadline(), None, "{bytes:?}");
        }
        stream.push(b"bc", ms(100));
        assert_eq!(stream.deadline(), Some(ms(150)));
        stream.push(b"\x1b", ms(110));
        assert_eq!(stream.deadline(), Some(ms(130)));
    }

    #[test]
    fn reset_sends_text_and_no_press() {
        for (reads, shown) in [
            (&["ab"][..], "0 \"ab\""),
            (&["\x1b[200~ab"], "0 paste \"ab\""),
            (&["\x1b[<64;1"], ""),
            (&["\r", "\r"], "0 Enter*"),
            (&["u", "u\x1b[200~ab"], "0 u*, 0 paste \"ab\""),
        ] {
            let mut stream = InputStream::default();
            for (time, bytes) in reads.iter().enumerate() {
                stream.push(bytes.as_bytes(), ms(400 * time as u64));
            }
            let sent: Vec<_> = stream.reset().into_iter().map(|msg| (0, msg)).collect();
            assert_eq!(show(&sent), shown, "{reads:?}");
            assert_eq!(stream.deadline(), None);
        }
    }

    proptest! {
        /// Texts and whole sequences, at any times.
        #[test]
        fn no_character_of_a_text_is_lost(
            parts in prop::collection::vec(
                (
                    0_u64..900,
                    prop_oneof![
                        3 => "[ -~]{1,3}|[uj\r]{1,3}|[aé€😀\t\r\n]{1,5}",
                        1 => prop::sample::select(vec![
                            "\x1b[A", "\x1b[1;5A", "\x1bOP", "\x1b[<64;10;5M", "\x1b[<0;1;1M",
                            "\x1b[<0;1;1m", "\x1b[I", "\x7f", "\x1b[99~", "\x1b[97;1:3u",
                        ]).prop_map(str::to_owned),
                    ],
                    prop::bool::ANY,
                ),
                0..40,
            ),
        ) {
            let mut time = 0;
            let mut reads = vec![];
            for (wait, text, is_fast) in &parts {
                time += if *is_fast { wait % 10 } else { *wait };
                reads.push((time, text.as_str()));
            }
            let mut typed = String::new();
            for (_, msg) in run(&reads) {
                match msg {
                    Msg::Key { key, .. } => typed.extend(text_char(key)),
                    Msg::Burst { text, .. } => typed.push_str(&text),
                    _ => {}
                }
            }
            // Line breaks are compared by themselves: a line feed may belong to the return before it.
            let printable = |text: &str| text.replace(['\r', '\n'], "");
            let texts = parts.iter().map(|(_, text, _)| text.as_str());
            let expected: String = texts
                .filter(|text| !text.starts_with(['\x1b', '\x7f']))
                .map(printable)
                .collect();
            prop_assert_eq!(printable(&typed), expected);
        }
    }
}
