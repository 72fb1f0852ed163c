//! Where the events of an open incident lie in time: the day of a bare time depends on it.

use crate::domain::time::UtcTime;
use chrono::TimeDelta;

/// After how long without an event the times of an open incident are no longer those of today; events
/// further apart are of different parts of an incident.
pub const MAX_QUIET: TimeDelta = TimeDelta::hours(24);
/// An event that was recorded so long after it occurred was not logged at now.
const MAX_TYPING: TimeDelta = TimeDelta::hours(1);
/// So many events, the newest ones, are looked at, if one of them was given a time.
const MAX_EVENT_TIMES: usize = 1000;

/// When one event occurred, and when it was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventTime {
    pub at: UtcTime,
    /// When it was first recorded.
    pub recorded: UtcTime,
    /// Its place in the order of recording.
    pub order: i64,
    pub author: String,
    /// True if it was given a time; false if it was logged at now.
    pub has_time: bool,
    /// True if it declares or reopens its incident, which begins then, though no time was given.
    pub begins: bool,
}

impl EventTime {
    /// Tells from its times whether an event was given a time: a typed one has no fraction of a second,
    /// and the clock's has.
    #[must_use]
    pub fn was_typed(at: UtcTime, recorded: UtcTime) -> bool {
        let lag = recorded - at;
        let is_of_clock = at.timestamp_subsec_micros() != 0;
        !lag.is_zero() && (lag < TimeDelta::zero() || lag > MAX_TYPING || !is_of_clock)
    }

    /// True if it says where the incident lies: what is logged at now does not.
    #[must_use]
    pub fn is_evidence(&self) -> bool {
        self.has_time || self.begins
    }

    /// True if it was recorded over a day after it occurred.
    #[must_use]
    pub fn is_of_the_past(&self) -> bool {
        self.recorded - self.at > MAX_QUIET
    }
}

/// Returns until when events say how an incident went on: when the newest one occurred. In an incident that was
/// recorded over a day late it is the newest one with a time, as what was logged at now over a day after that does not
/// say that the incident lasted until then. `None` if there is no event.
pub fn known_until(newest_first: impl IntoIterator<Item = EventTime>) -> Option<UtcTime> {
    let mut times = newest_first.into_iter().peekable();
    let newest = times.peek()?.at;
    let (mut later, mut follows_gap) = (newest, false);
    for time in times {
        follows_gap |= later - time.at > MAX_QUIET;
        later = time.at;
        if time.is_evidence() {
            let is_last_known = follows_gap && time.is_of_the_past();
            return Some(if is_last_known { time.at } else { newest });
        }
    }
    Some(newest)
}

/// Where the events of an open incident lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventDays {
    /// Around the newest event, which occurred then.
    Newest(UtcTime),
    /// Around the newest event that was given a time: it was recorded over a day after that, and what is
    /// newer was logged at now.
    Past(UtcTime),
    /// Now, and before that over a day earlier, where the last event recorded with a time belongs.
    NowAndPast(UtcTime),
}

/// The newest events of an open incident.
#[derive(Clone, Debug, Default)]
pub struct EventTimes {
    /// Newest first.
    times: Vec<EventTime>,
}

impl EventTimes {
    /// Takes events in any order.
    #[must_use]
    pub fn new(mut times: Vec<EventTime>) -> Self {
        times.sort_by_key(|time| std::cmp::Reverse((time.at, time.order)));
        Self { times }
    }

    /// Adds an event recorded after all others, and returns its place in the order of recording.
    pub fn push(&mut self, mut time: EventTime) -> i64 {
        let last = self.times.iter().map(|time| time.order).max();
        time.order = last.map_or(0, |last| last.saturating_add(1));
        let (order, at) = (time.order, time.at);
        let place = self.times.partition_point(|other| other.at > at);
        self.times.insert(place, time);
        let mut kept = self.times.iter().take(MAX_EVENT_TIMES);
        if self.times.len() > MAX_EVENT_TIMES && kept.any(EventTime::is_evidence) {
            self.times.truncate(MAX_EVENT_TIMES);
        }
        order
    }

    /// Takes out the event with this place in the order of recording.
    pub fn remove(&mut self, order: i64) {
        self.times.retain(|time| time.order != order);
    }

    /// Says where the events lie, at `now` and for what `author` logs; `None` if there is none.
    #[must_use]
    pub fn days(&self, now: UtcTime, author: &str) -> Option<EventDays> {
        let newest = self.times.first()?.at;
        let (mut part, mut earlier) = split_newest_part(&self.times);
        if now - newest <= MAX_QUIET && part.iter().any(EventTime::is_evidence) {
            return Some(match earlier.first() {
                Some(past) if continues_earlier(part, earlier, author) => {
                    EventDays::NowAndPast(past.at)
                }
                _ => EventDays::Newest(newest),
            });
        }
        let had_earlier = earlier.first();
        while !part.iter().any(EventTime::is_evidence) && !earlier.is_empty() {
            (part, earlier) = split_newest_part(earlier);
        }
        let evidence = part.iter().find(|time| time.is_evidence());
        Some(match (evidence, had_earlier) {
            (Some(evidence), _) if evidence.at < newest && evidence.is_of_the_past() => {
                EventDays::Past(evidence.at)
            }
            (_, Some(past)) if now - newest <= MAX_QUIET => EventDays::NowAndPast(past.at),
            _ => EventDays::Newest(newest),
        })
    }
}

/// Splits events, newest first, where the first two follow that are over a day apart.
fn split_newest_part(times: &[EventTime]) -> (&[EventTime], &[EventTime]) {
    let gap = times
        .windows(2)
        .position(|pair| pair[0].at - pair[1].at > MAX_QUIET);
    times.split_at(gap.map_or(times.len(), |gap| gap + 1))
}

/// True if the last event that `author` (else anybody) recorded with a time was one of the past.
fn continues_earlier(part: &[EventTime], earlier: &[EventTime], author: &str) -> bool {
    let is_own = |time: &&EventTime| time.author == author;
    let now = || part.iter().filter(|time| time.is_evidence());
    let before = || {
        let before = earlier.iter().filter(|time| time.is_evidence());
        before.filter(|time| time.is_of_the_past())
    };
    let order = |time: &EventTime| time.order;
    let own_now = now().filter(is_own).map(order).max();
    let own_before = before().filter(is_own).map(order).max();
    if own_now.is_none() && own_before.is_none() {
        return before().map(order).max() > now().map(order).max();
    }
    own_before > own_now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_utc;
    use proptest::prelude::*;
    use rstest::rstest;

    const NOW: &str = "2026-11-27T15:00:42Z";

    fn time(at: UtcTime, recorded: UtcTime, order: i64, author: &str, what: &str) -> EventTime {
        EventTime {
            at,
            recorded,
            order,
            author: author.to_owned(),
            has_time: what == "typed",
            begins: what == "begins",
        }
    }

    /// Reads events in the order of recording, each `AT RECORDED WHAT AUTHOR`.
    fn events(text: &str) -> EventTimes {
        let read = |(order, event): (usize, &str)| {
            let mut words = event.split_whitespace();
            let mut stamp = || parse_utc(&format!("{}:00Z", words.next().unwrap())).unwrap();
            let (at, recorded) = (stamp(), stamp());
            let (what, author) = (words.next().unwrap(), words.next().unwrap_or("ann"));
            time(at, recorded, i64::try_from(order).unwrap(), author, what)
        };
        EventTimes::new(text.split(';').enumerate().map(read).collect())
    }

    #[rstest]
    // Kept live, or only in hindsight.
    #[case("2026-11-27T14:00 2026-11-27T14:00 begins", "newest 2026-11-27T14:00")]
    #[case("2021-06-08T09:47 2026-11-27T14:00 typed", "newest 2021-06-08T09:47")]
    // What is logged at now does not bring an incident of the past to today.
    #[case(
        "2021-06-08T09:47 2026-11-27T14:00 typed;2026-11-27T14:10 2026-11-27T14:10 now",
        "past 2021-06-08T09:47"
    )]
    #[case(
        "2021-06-08T09:47 2026-11-20T14:00 typed;2026-11-20T14:10 2026-11-20T14:10 now;2026-11-27T14:10 2026-11-27T14:10 now",
        "past 2021-06-08T09:47"
    )]
    // One that is logged for days is of today; after a silence it is said.
    #[case(
        "2026-11-25T18:00 2026-11-25T18:00 begins;2026-11-26T12:00 2026-11-26T12:00 now;2026-11-27T11:00 2026-11-27T11:00 now",
        "newest 2026-11-27T11:00"
    )]
    #[case(
        "2026-11-20T18:00 2026-11-20T18:00 begins;2026-11-27T14:00 2026-11-27T14:00 now",
        "both 2026-11-20T18:00"
    )]
    #[case(
        "2026-11-20T18:00 2026-11-20T18:00 begins;2026-11-27T14:00 2026-11-27T14:10 typed",
        "newest 2026-11-27T14:00"
    )]
    // A live incident with an event of the week before: said until the next time is typed.
    #[case(
        "2026-11-27T14:00 2026-11-27T14:00 begins;2026-11-20T10:00 2026-11-27T14:10 typed",
        "both 2026-11-20T10:00"
    )]
    #[case(
        "2026-11-27T14:00 2026-11-27T14:00 begins;2026-11-20T10:00 2026-11-27T14:10 typed;2026-11-27T14:05 2026-11-27T14:12 typed",
        "newest 2026-11-27T14:05"
    )]
    // Two people: one logs what goes on, the other what was.
    #[case(
        "2021-06-08T09:47 2026-11-27T14:00 typed ann;2026-11-27T14:05 2026-11-27T14:12 typed bob",
        "both 2021-06-08T09:47"
    )]
    #[case(
        "2021-06-08T09:47 2026-11-27T14:00 typed bob;2026-11-27T14:05 2026-11-27T14:12 typed ann;2021-06-08T09:48 2026-11-27T14:20 typed bob",
        "newest 2026-11-27T14:05"
    )]
    fn events_lie_where_those_with_a_time_are(#[case] recorded: &str, #[case] expected: &str) {
        let days = events(recorded)
            .days(parse_utc(NOW).unwrap(), "ann")
            .unwrap();
        let (word, at) = match days {
            EventDays::Newest(at) => ("newest", at),
            EventDays::Past(at) => ("past", at),
            EventDays::NowAndPast(at) => ("both", at),
        };
        let shown = format!("{word} {}", at.format("%Y-%m-%dT%H:%M"));
        assert_eq!(shown, expected, "{recorded}");
    }

    #[rstest]
    #[case("2026-11-27T14:00 2026-11-27T14:00 begins", "2026-11-27T14:00")]
    #[case(
        "2024-05-06T10:05 2026-11-27T14:00 typed;2026-11-27T14:10 2026-11-27T14:10 now",
        "2024-05-06T10:05"
    )]
    #[case(
        "2024-05-06T10:05 2026-11-20T14:00 typed;2026-11-20T14:10 2026-11-20T14:10 now;2026-11-27T14:10 2026-11-27T14:10 now",
        "2024-05-06T10:05"
    )]
    // It is said that it goes on.
    #[case(
        "2024-05-06T10:05 2026-11-27T14:00 typed;2026-11-27T14:00 2026-11-27T14:10 typed",
        "2026-11-27T14:00"
    )]
    // Logged while it went on.
    #[case(
        "2026-11-20T18:00 2026-11-20T18:00 begins;2026-11-27T14:00 2026-11-27T14:00 now",
        "2026-11-27T14:00"
    )]
    #[case(
        "2026-11-26T10:00 2026-11-27T14:00 typed;2026-11-27T09:00 2026-11-27T09:00 now",
        "2026-11-27T09:00"
    )]
    fn what_is_logged_at_now_does_not_prolong_an_incident_of_the_past(
        #[case] recorded: &str,
        #[case] expected: &str,
    ) {
        let until = known_until(events(recorded).times).unwrap();
        let shown = until.format("%Y-%m-%dT%H:%M").to_string();
        assert_eq!(shown, expected, "{recorded}");
    }

    #[rstest]
    #[case("2026-11-27T15:00:42.123456Z", "2026-11-27T15:00:42.125Z", false)]
    #[case("2026-11-27T15:00:42Z", "2026-11-27T15:00:42Z", false)]
    #[case("2026-11-27T15:00:00Z", "2026-11-27T15:00:42.125Z", true)]
    #[case("2026-11-27T10:00:42.5Z", "2026-11-27T15:00:42.125Z", true)]
    #[case("2027-11-27T10:00:00Z", "2026-11-27T15:00:42.125Z", true)]
    fn a_typed_time_has_no_fraction_of_a_second(
        #[case] at: &str,
        #[case] recorded: &str,
        #[case] typed: bool,
    ) {
        let [at, recorded] = [at, recorded].map(|time| parse_utc(time).unwrap());
        assert_eq!(EventTime::was_typed(at, recorded), typed);
    }

    proptest! {
        /// However many events are logged at now between those of the past, and in whatever order.
        #[test]
        fn what_is_logged_at_now_never_moves_the_days_of_a_past_incident(
            hours_ago in prop::collection::vec(48..50_000_i64, 1..6),
            logged_at_now in prop::collection::vec((0..30_i64, 0..6_usize), 0..6),
        ) {
            let now = parse_utc(NOW).unwrap();
            let mut times = EventTimes::default();
            for (index, hours) in hours_ago.iter().enumerate() {
                times.push(time(now - TimeDelta::hours(*hours), now, 0, "ann", "typed"));
                for (minutes, _) in logged_at_now.iter().filter(|(_, after)| *after == index) {
                    let at = now - TimeDelta::minutes(*minutes);
                    times.push(time(at, at, 0, "ann", "now"));
                }
            }
            let newest = now - TimeDelta::hours(*hours_ago.iter().min().unwrap());
            let days = times.days(now, "ann");
            let expected = [EventDays::Newest(newest), EventDays::Past(newest)];
            prop_assert!(days.is_some_and(|days| expected.contains(&days)), "{days:?}");
        }
    }
}
