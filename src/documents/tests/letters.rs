use super::{super::*, sample};
use crate::domain::{states::States, testing::Log};

fn letter(log: &Log, stage: Stage, format: Format) -> Email {
    let view = CustomerView::of(&log.incident, &States::of(&log.incident));
    email(&view, stage, &sample::settings(), format).unwrap()
}

#[test]
fn read_aloud() {
    for (log, stage) in [
        (sample::early(), Stage::Initial),
        (sample::whole(), Stage::Update),
        (sample::whole(), Stage::Resolved),
        (sample::whole(), Stage::Followup),
    ] {
        let mail = letter(&log, stage, Format::Text);
        println!(
            "=== {stage}\nSubject: {}\n\n{}\n{:?}",
            mail.subject, mail.body, mail.trace
        );
    }
}
