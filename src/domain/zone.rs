//! Time zones: converts between local time and UTC. The only file that uses jiff.
//!
//! The time zone database is bundled, so that a journal reads the same on every machine.

mod offset_name;

use super::{
    suggestion::did_you_mean,
    time::{OffsetTime, UtcTime},
};
use chrono::{
    DateTime, Datelike as _, FixedOffset, NaiveDateTime, Offset as _, TimeDelta, Timelike as _, Utc,
};
use jiff::{
    Timestamp, civil,
    tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase},
};
pub use offset_name::reversed_sign_notice;
use offset_name::{offset_of, signed_hours};
use std::sync::OnceLock;
use strsim::osa_distance;

/// Areas of zone names: a word that begins with one and a `/` is never text.
pub(super) const ZONE_AREAS: [&str; 10] = [
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
];

#[derive(Clone, Debug)]
pub struct Zone {
    name: String,
    rules: TimeZone,
    /// False for a name that the database does not have.
    known: bool,
}

impl PartialEq for Zone {
    /// Zones are equal if their names are.
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

/// The moments that a local time may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalTimeResult {
    Unique(OffsetTime),
    /// None: the clock was put forward past it. Both fields are the moment of the change.
    Gap {
        /// Local time before the change.
        before: OffsetTime,
        /// Local time after the change.
        after: OffsetTime,
    },
    /// Two: the clock was put back.
    Fold {
        earlier: OffsetTime,
        later: OffsetTime,
    },
}

/// An unknown zone name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` is not a time zone")]
pub struct ZoneError {
    pub name: String,
}

impl ZoneError {
    /// Returns up to three similar names. They are compared with all names of the database, which a caller
    /// that only tries a word does without.
    #[must_use]
    pub fn suggestions(&self) -> Vec<String> {
        suggest_zones(&self.name.replace(' ', "_"))
    }

    /// Returns a hint, one sentence.
    #[must_use]
    pub fn hint(&self) -> String {
        if let Some((hours, zone)) = signed_hours(&self.name) {
            let direction = if hours < 0 { "behind" } else { "ahead of" };
            return format!(
                "a zone {} h {direction} UTC is named `{zone}` (the sign in such names is reversed); better name a place, such as Europe/Berlin",
                hours.abs()
            );
        }
        if offset_of(&self.name).is_some() {
            return "a zone is named by a place, such as Europe/Berlin or Asia/Kolkata: an offset alone does not say when clocks change".to_owned();
        }
        let suggestions = self.suggestions();
        if suggestions.is_empty() {
            "write a name such as America/New_York or UTC".to_owned()
        } else {
            did_you_mean(&suggestions)
        }
    }
}

fn database() -> &'static TimeZoneDatabase {
    static DATABASE: OnceLock<TimeZoneDatabase> = OnceLock::new();
    DATABASE.get_or_init(TimeZoneDatabase::bundled)
}

impl Zone {
    /// Finds a zone by name, regardless of case and with spaces for underscores.
    ///
    /// # Errors
    /// If the bundled database has no such zone; the error suggests similar names.
    pub fn find(name: &str) -> Result<Self, ZoneError> {
        let wanted = name.trim().replace(' ', "_");
        let found = database()
            .get(&wanted)
            .ok()
            .filter(|rules| !rules.is_unknown());
        match found {
            Some(rules) => Ok(Self {
                name: rules.iana_name().unwrap_or(&wanted).to_owned(),
                rules,
                known: true,
            }),
            None => Err(ZoneError {
                name: name.trim().to_owned(),
            }),
        }
    }

    /// Finds the zone that has the name of a city, such as `New York`.
    #[must_use]
    pub fn of_city(city: &str) -> Option<Self> {
        let city = city.replace(' ', "_");
        let is_city = |name: &String| {
            let area = name.split('/').next().unwrap_or_default();
            let last = name.rsplit('/').next().unwrap_or_default();
            ZONE_AREAS.contains(&area) && last.eq_ignore_ascii_case(&city)
        };
        let mut names = database().available().map(|name| name.to_string());
        let name = names.find(is_city)?;
        Self::find(&name).ok()
    }

    #[must_use]
    pub fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            rules: TimeZone::UTC,
            known: true,
        }
    }

    /// Finds a zone by name for showing times. A name that the database does not have is kept, and its
    /// times are in UTC: a caller that shows them says so where the zone is not [known](Self::is_known).
    #[must_use]
    pub fn find_or_utc(name: &str) -> Self {
        Self::find(name).unwrap_or_else(|error| Self {
            name: error.name,
            known: false,
            ..Self::utc()
        })
    }

    /// Returns false if the database does not have the zone, so that its times are in UTC.
    #[must_use]
    pub fn is_known(&self) -> bool {
        self.known
    }

    /// The zone of `TZ` or of the system; `None` if it has no name, or one that the database does not
    /// have.
    #[must_use]
    pub fn system() -> Option<Self> {
        let rules = TimeZone::try_system().ok()?;
        let zone = Self::find(rules.iana_name()?).ok()?;
        // Installers write `Etc/UTC`; people expect `UTC`.
        Some(if zone.name == "Etc/UTC" {
            Self::utc()
        } else {
            zone
        })
    }

    /// The name as spelt in the database.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Local time in the zone at `at`.
    ///
    /// Offsets are cut to whole minutes because RFC 3339 has no seconds in them (Liberia had until
    /// 1972).
    #[must_use]
    pub fn to_local(&self, at: UtcTime) -> OffsetTime {
        at.with_timezone(&whole_minutes(self.rules.to_offset(to_jiff(at))))
    }

    /// The zone's abbreviation at `at`, such as `EDT`; digits such as `+03` if it has no letters.
    #[must_use]
    pub fn abbreviation(&self, at: UtcTime) -> String {
        self.rules
            .to_offset_info(to_jiff(at))
            .abbreviation()
            .to_owned()
    }

    /// Resolves a local time in the zone.
    #[must_use]
    pub fn resolve(&self, local: NaiveDateTime) -> LocalTimeResult {
        let Some(civil) = civil_time(local) else {
            return LocalTimeResult::Unique(self.to_local(local.and_utc()));
        };
        let at = |offset: Offset| local - TimeDelta::seconds(i64::from(offset.seconds()));
        let to_offset_time =
            |offset: Offset| at(offset).and_utc().with_timezone(&whole_minutes(offset));
        match self.rules.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => {
                LocalTimeResult::Unique(to_offset_time(offset))
            }
            AmbiguousOffset::Fold { before, after } => LocalTimeResult::Fold {
                earlier: to_offset_time(before),
                later: to_offset_time(after),
            },
            AmbiguousOffset::Gap { before, after } => {
                let change = self
                    .rules
                    .following(to_jiff(at(after).and_utc()))
                    .next()
                    .map_or(at(before).and_utc(), |t| from_jiff(t.timestamp()));
                LocalTimeResult::Gap {
                    before: change.with_timezone(&whole_minutes(before)),
                    after: change.with_timezone(&whole_minutes(after)),
                }
            }
        }
    }

    /// Returns `at` as one types it: `2026-10-25 02:40:00`, with its offset in an hour that the clock shows twice.
    #[must_use]
    pub fn typed(&self, at: UtcTime) -> String {
        let local = self.to_local(at);
        let form = match self.resolve(local.naive_local()) {
            LocalTimeResult::Fold { .. } => "%Y-%m-%d %H:%M:%S %:z",
            _ => "%Y-%m-%d %H:%M:%S",
        };
        local.format(form).to_string()
    }

    /// The offset for which the zone uses `abbreviation` (in any case) at the time nearest to
    /// `local`; `None` if it has not used that name within some years.
    #[must_use]
    pub fn offset_for_abbreviation(
        &self,
        abbreviation: &str,
        local: NaiveDateTime,
    ) -> Option<FixedOffset> {
        // Changes before and after: two years each in a zone with daylight saving time.
        const CHANGES: usize = 4;
        if !abbreviation.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let around = to_jiff(local.and_utc());
        let nearby = [around]
            .into_iter()
            .chain(
                self.rules
                    .preceding(around)
                    .take(CHANGES)
                    .map(|t| t.timestamp()),
            )
            .chain(
                self.rules
                    .following(around)
                    .take(CHANGES)
                    .map(|t| t.timestamp()),
            );
        nearby
            .map(|at| self.rules.to_offset_info(at))
            .find(|info| info.abbreviation().eq_ignore_ascii_case(abbreviation))
            .map(|info| whole_minutes(info.offset()))
    }
}

fn whole_minutes(offset: Offset) -> FixedOffset {
    let seconds = offset.seconds() / 60 * 60;
    FixedOffset::east_opt(seconds).unwrap_or_else(|| Utc.fix())
}

/// Converts to jiff, clamped to its range.
fn to_jiff(at: UtcTime) -> Timestamp {
    i32::try_from(at.timestamp_subsec_nanos())
        .ok()
        .and_then(|nanos| Timestamp::new(at.timestamp(), nanos).ok())
        .unwrap_or(if at.timestamp() < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
}

fn from_jiff(at: Timestamp) -> UtcTime {
    DateTime::from_timestamp(at.as_second(), at.subsec_nanosecond().unsigned_abs())
        .unwrap_or_default()
}

fn civil_time(local: NaiveDateTime) -> Option<civil::DateTime> {
    civil::DateTime::new(
        i16::try_from(local.year()).ok()?,
        i8::try_from(local.month()).ok()?,
        i8::try_from(local.day()).ok()?,
        i8::try_from(local.hour()).ok()?,
        i8::try_from(local.minute()).ok()?,
        i8::try_from(local.second()).ok()?,
        i32::try_from(local.nanosecond() % 1_000_000_000).ok()?,
    )
    .ok()
}

/// Returns up to three similar zone names: the same city, a name that contains `wanted`, or a small
/// edit distance.
fn suggest_zones(wanted: &str) -> Vec<String> {
    let wanted = wanted.to_lowercase();
    if wanted.is_empty() || wanted.len() > 40 {
        return Vec::new();
    }
    if wanted == "z" {
        return vec!["UTC".to_owned()];
    }
    let city = |name: &str| name.rsplit('/').next().unwrap_or_default().to_owned();
    let mut found: Vec<(usize, String)> = database()
        .available()
        .filter_map(|name| {
            let name = name.as_str();
            let lower = name.to_lowercase();
            let edits =
                osa_distance(&wanted, &lower).min(1 + osa_distance(&city(&wanted), &city(&lower)));
            let distance = if city(&lower) == wanted {
                0
            } else if wanted.len() >= 3 && lower.contains(&wanted) {
                1
            } else {
                edits
            };
            (distance <= 1 + wanted.len() / 5).then(|| (distance, name.to_owned()))
        })
        .collect();
    found.sort();
    found.truncate(3);
    found.into_iter().map(|(_, name)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::time::parse_utc as at;
    use chrono::NaiveDate;

    fn reading(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap()
    }

    fn zone(name: &str) -> Zone {
        Zone::find(name).unwrap()
    }

    #[test]
    fn typed_time_has_its_offset_only_in_an_hour_that_comes_twice() {
        let berlin = zone("Europe/Berlin");
        for (instant, typed) in [
            ("2026-10-25T00:40:00Z", "2026-10-25 02:40:00 +02:00"),
            ("2026-10-25T01:40:00Z", "2026-10-25 02:40:00 +01:00"),
            ("2026-10-25T02:40:00Z", "2026-10-25 03:40:00"),
        ] {
            assert_eq!(berlin.typed(at(instant).unwrap()), typed);
        }
    }

    #[test]
    fn zone_lookup_ignores_case_and_suggests_names() {
        for name in ["America/New_York", "america/new_york", " America/New York "] {
            assert_eq!(zone(name).name(), "America/New_York");
        }
        assert_eq!(zone("utc"), Zone::utc());
        let wrong = Zone::find("Berlin").unwrap_err();
        assert_eq!(wrong.suggestions()[0], "Europe/Berlin");
        assert!(
            Zone::find("Europe/Berln")
                .unwrap_err()
                .suggestions()
                .contains(&"Europe/Berlin".to_owned())
        );
        assert!(wrong.to_string().contains("Berlin"));
        let hint = Zone::find("GMT-3").unwrap_err().hint();
        assert!(
            hint.contains("3 h behind UTC is named `Etc/GMT+3`"),
            "{hint}"
        );
        for (name, zone) in [
            ("+2", "Etc/GMT-2"),
            ("+02:00", "Etc/GMT-2"),
            ("utc +0200", "Etc/GMT-2"),
            ("-10", "Etc/GMT+10"),
            ("+13:00", "Etc/GMT-13"),
        ] {
            let hint = Zone::find(name).unwrap_err().hint();
            assert!(hint.contains(zone), "{name}: {hint}");
            assert!(Zone::find(zone).is_ok());
        }
        for name in ["GMT+5:30", "+05:45", "+15", "-0330"] {
            let hint = Zone::find(name).unwrap_err().hint();
            assert!(hint.contains("named by a place"), "{name}: {hint}");
        }
        assert_eq!(Zone::find("Z").unwrap_err().hint(), "did you mean UTC?");
        assert!(Zone::find("Etc/GMT+3").is_ok());
        let notice = |name| reversed_sign_notice(name).unwrap_or_default();
        assert!(notice("Etc/GMT+3").contains("3 h behind UTC"));
        assert!(notice("Etc/GMT-14").contains("14 h ahead of UTC"));
        for other in ["Etc/GMT", "Etc/GMT0", "Etc/GMT-0", "GMT", "Europe/Berlin"] {
            assert_eq!(reversed_sign_notice(other), None, "{other}");
        }
        assert!(Zone::find("").is_err());
        assert!(Zone::find_or_utc("Europe/Berlin").is_known());
        let unknown = Zone::find_or_utc("Mars/Phobos");
        assert!(!unknown.is_known() && unknown.name() == "Mars/Phobos");
        assert_eq!(unknown.abbreviation(DateTime::UNIX_EPOCH), "UTC");
        assert!(Zone::find("Etc/Unknown").is_err());
    }

    #[test]
    fn zone_offset_follows_daylight_saving_time() {
        let ny = zone("America/New_York");
        let summer = at("2012-08-16T14:06:00Z").unwrap();
        assert_eq!(
            ny.to_local(summer).to_rfc3339(),
            "2012-08-16T10:06:00-04:00"
        );
        assert_eq!(ny.abbreviation(summer), "EDT");
        let last = at("9999-12-31T23:59:59Z").unwrap();
        assert_eq!(ny.to_local(last).to_rfc3339(), "9999-12-31T18:59:59-05:00");
    }

    #[test]
    fn local_times_resolve_to_gaps_and_folds() {
        for (name, when, before, after) in [
            (
                "America/New_York",
                "2012-03-11 02:30",
                "02:00 -05:00",
                "03:00 -04:00",
            ),
            (
                "Europe/Berlin",
                "2012-03-25 02:00",
                "02:00 +01:00",
                "03:00 +02:00",
            ),
            (
                "Australia/Lord_Howe",
                "2012-10-07 02:15",
                "02:00 +10:30",
                "02:30 +11:00",
            ),
            (
                "Africa/Casablanca",
                "2024-04-14 02:30",
                "02:00 +00:00",
                "03:00 +01:00",
            ),
        ] {
            let LocalTimeResult::Gap {
                before: b,
                after: a,
            } = zone(name).resolve(reading(when))
            else {
                unreachable!("{name} {when}")
            };
            assert_eq!(b.format("%H:%M %:z").to_string(), before);
            assert_eq!(a.format("%H:%M %:z").to_string(), after);
        }
        for (name, when, earlier, later) in [
            ("America/New_York", "2012-11-04 01:30", "-04:00", "-05:00"),
            ("Europe/Berlin", "2012-10-28 02:00", "+02:00", "+01:00"),
            (
                "Australia/Lord_Howe",
                "2012-04-01 01:45",
                "+11:00",
                "+10:30",
            ),
            ("Africa/Casablanca", "2024-03-10 02:30", "+01:00", "+00:00"),
        ] {
            let LocalTimeResult::Fold {
                earlier: e,
                later: l,
            } = zone(name).resolve(reading(when))
            else {
                unreachable!("{name} {when}")
            };
            assert_eq!(e.format("%:z").to_string(), earlier);
            assert_eq!(l.format("%:z").to_string(), later);
            assert!(e < l);
        }
    }

    #[test]
    fn zone_abbreviations_resolve_to_its_offsets() {
        let ny = zone("America/New_York");
        let august = reading("2012-08-16 10:06");
        let hours = |h: i32| FixedOffset::east_opt(h * 3600);
        assert_eq!(ny.offset_for_abbreviation("EDT", august), hours(-4));
        assert_eq!(ny.offset_for_abbreviation("est", august), hours(-5));
        assert_eq!(ny.offset_for_abbreviation("CEST", august), None);
        assert_eq!(
            zone("Asia/Kolkata")
                .offset_for_abbreviation("IST", august)
                .map(|o| o.local_minus_utc()),
            Some(19_800)
        );
        assert_eq!(
            zone("America/Sao_Paulo").offset_for_abbreviation("+03", august),
            None
        );
    }

    #[test]
    fn every_zone_resolves_its_own_local_times() {
        let start = NaiveDate::from_ymd_opt(2024, 1, 1)
            .unwrap()
            .and_hms_opt(0, 17, 0)
            .unwrap();
        for name in database().available() {
            let Ok(zone) = Zone::find(name.as_str()) else {
                continue;
            };
            for step in 0..40 {
                let moment = (start + TimeDelta::hours(step * 223)).and_utc();
                let shown = zone.to_local(moment);
                let back = match zone.resolve(shown.naive_local()) {
                    LocalTimeResult::Unique(one) => one == moment,
                    LocalTimeResult::Fold { earlier, later } => {
                        earlier == moment || later == moment
                    }
                    LocalTimeResult::Gap { .. } => false,
                };
                assert!(back, "{name:?} {moment}");
            }
        }
    }
}
