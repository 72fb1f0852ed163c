//! Gives a bare time below a date line its day.

use super::{BatchParser, PreparedEvent, Source};
use crate::{
    domain::{
        capture,
        when::{self, DayStep, HalfDay},
    },
    ops::{OpsError, Result},
};
use chrono::{NaiveDate, Offset as _, TimeDelta};

/// How far ahead of the clock a time below a day line may be.
const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);

impl BatchParser {
    /// Moves an event below a day line to the day that the order of the lines gives it.
    ///
    /// # Errors
    /// It would be later than now.
    pub(super) fn place_on_day(
        &mut self,
        source: Source<'_>,
        day: NaiveDate,
        prepared: &mut PreparedEvent,
    ) -> Result<()> {
        let limit = self.context.time_context().now + MAX_AHEAD;
        let day = self.place_in_zone(source, day, prepared)?;
        let step = self.sequence.step(prepared.event.at_utc());
        let days = match step {
            DayStep::Next => 1,
            DayStep::Previous => -1,
            DayStep::Same | DayStep::OutOfOrder => 0,
        };
        let time = prepared.event.at.format("%H:%M").to_string();
        let moved = day.checked_add_signed(TimeDelta::days(days));
        match moved.filter(|_| days != 0) {
            Some(moved) => {
                let typed_in = prepared.event.at.date_naive();
                let typed = typed_in.checked_add_signed(TimeDelta::days(days));
                self.prepare_on(source, typed.unwrap_or(moved), prepared)?;
                self.context.set_day(moved);
                let relation = if step == DayStep::Next {
                    "after"
                } else {
                    "before"
                };
                prepared.notices.push(format!(
                    "{time} is twelve hours or more from the line before, so it was taken as that of {moved}, the day {relation}"
                ));
            }
            None if step == DayStep::OutOfOrder => {
                let way_out = self.afternoon_way_out(source.line, prepared);
                prepared.notices.push(format!(
                    "{time} is out of the order of the lines; it stays on {day}{way_out}"
                ));
            }
            None => self.note_unclear_order(prepared),
        }
        let at = prepared.event.at_utc();
        if at > limit {
            return Err(OpsError::usage(format!(
                "{} is later than now",
                prepared.event.at.format("%Y-%m-%d %H:%M")
            ))
            .with_hint("correct the day above it, or write the date before the time"));
        }
        self.note_newest_first(prepared);
        self.sequence.advance(at);
        prepared.notices.extend(self.day_notice.take());
        Ok(())
    }

    /// Says once that the lines are taken as newest first.
    fn note_newest_first(&mut self, prepared: &mut PreparedEvent) {
        if self.sequence.is_newest_first() && !std::mem::replace(&mut self.said_newest_first, true)
        {
            prepared
                .notices
                .push("the lines run backwards, so they were taken as newest first".to_owned());
        }
    }

    /// Says of a time far after that of the line before that it may as well be of the day before.
    fn note_unclear_order(&self, prepared: &mut PreparedEvent) {
        let at = prepared.event.at_utc();
        if self.sequence.may_be_day_before(at) {
            let local = self.context.time_context().zone.to_local(at);
            prepared.notices.push(format!(
                "{} is twelve hours or more after the line before, and was taken as that of {}; where the lines run backwards, write its date before it",
                local.format("%H:%M"),
                local.format("%Y-%m-%d"),
            ));
        }
    }

    /// Says of a bare time without a day line that it goes back by an hour or more, or moves it to the day of the line
    /// before, if it is in order there.
    ///
    /// # Errors
    /// There is no such time on that day.
    pub(super) fn note_order(
        &mut self,
        source: Source<'_>,
        prepared: &mut PreparedEvent,
    ) -> Result<()> {
        if let Some(day) = self.day_in_order(prepared) {
            let moved = self.prepare_on(source, day, prepared);
            self.context.set_day(None);
            moved?;
            self.note_newest_first(prepared);
        }
        self.note_unclear_order(prepared);
        let at = prepared.event.at_utc();
        if self.sequence.step(at) != DayStep::Same {
            let way_out = self.afternoon_way_out(source.line, prepared);
            let at = prepared.event.at;
            prepared.notices.push(format!(
                "{} is out of the order of the lines; it was taken as that of {}{way_out}",
                at.format("%H:%M"),
                at.format("%Y-%m-%d")
            ));
        }
        self.sequence.advance(at);
        prepared.notices.extend(self.day_notice.take());
        Ok(())
    }

    /// Returns how a time out of order is written if it is meant twelve hours later, as the end of a sentence; empty
    /// if that is not in order either, or the time has AM, PM or a leading zero.
    fn afternoon_way_out(&self, line: &str, prepared: &PreparedEvent) -> String {
        let later = TimeDelta::hours(12);
        let context = self.context.time_context();
        let typed = capture::unmarked_time(line, &context);
        let is_open = when::is_of_either_half(&typed, &context);
        let fits = self.sequence.step(prepared.event.at_utc() + later) == DayStep::Same;
        match is_open && fits {
            true => format!(
                "; for the afternoon write `{}`",
                (prepared.event.at + later).format("%H:%M")
            ),
            false => String::new(),
        }
    }

    /// True if some times of twelve hours have PM and others nothing, so that their order is not known.
    pub(super) fn mixes_half_days<'l>(&self, lines: impl IntoIterator<Item = &'l str>) -> bool {
        let context = self.context.time_context();
        let (mut has_pm, mut has_unsaid) = (false, false);
        for line in lines {
            let half = when::half_day(&capture::unmarked_time(line, &context), &context);
            has_pm |= half == Some(HalfDay::Pm);
            has_unsaid |= half == Some(HalfDay::Unsaid);
        }
        has_pm && has_unsaid
    }

    /// Says once of a time of twelve hours that it has neither AM nor PM, below one that has PM.
    /// `typed` is its line without marks before the time.
    pub(super) fn note_half_day(&mut self, typed: &str, prepared: &mut PreparedEvent) {
        match when::half_day(typed, &self.context.time_context()) {
            Some(HalfDay::Pm) => self.is_after_pm = true,
            Some(HalfDay::Am) => self.is_after_pm = false,
            Some(HalfDay::Unsaid) if self.is_after_pm && !self.said_half_day => {
                self.said_half_day = true;
                prepared.notices.push(format!(
                    "{} has no AM or PM below a time with PM: it was read as one of 24 hours; write AM or PM behind each time",
                    prepared.event.at.format("%H:%M")
                ));
            }
            _ => {}
        }
    }

    /// Moves an event with a bare time of another zone than that in which `day` is meant to the time that is
    /// on `day` there; returns `day`, which holds for the lines after it.
    ///
    /// # Errors
    /// There is no such time.
    fn place_in_zone(
        &mut self,
        source: Source<'_>,
        day: NaiveDate,
        prepared: &mut PreparedEvent,
    ) -> Result<NaiveDate> {
        let zone = self.context.time_context().zone.clone();
        let at = prepared.event.at;
        let here = zone.to_local(at.to_utc());
        let offset = at.offset().fix();
        let is_here = here.offset().fix() == offset;
        let day_offset = *self.day_offset.get_or_insert((!is_here).then_some(offset));
        let there = day_offset.map_or(here, |offset| at.with_timezone(&offset));
        let days_off = (day - there.date_naive()).num_days();
        if days_off == 0 {
            if !is_here && here.date_naive() != day {
                prepared.notices.push(format!(
                    "{} is {} in {}",
                    at.format("%Y-%m-%d %H:%M %:z"),
                    here.format("%Y-%m-%d %H:%M"),
                    zone.name()
                ));
            }
            return Ok(day);
        }
        if let Some(typed) = at
            .date_naive()
            .checked_add_signed(TimeDelta::days(days_off))
        {
            self.prepare_on(source, typed, prepared)?;
            self.context.set_day(day);
            let at = prepared.event.at;
            let typed = at.format("%Y-%m-%d %H:%M %:z");
            let meant = day_offset.map_or(zone.to_local(at.to_utc()), |o| at.with_timezone(&o));
            prepared.notices.push(format!(
                "{} was taken as {typed}, which is {}, on the day of the lines above",
                at.format("%H:%M"),
                meant.format("%Y-%m-%d %H:%M %:z"),
            ));
        }
        Ok(day)
    }

    /// Prepares the event of a line again, with a bare time on `day` in the zone in which it was typed.
    fn prepare_on(
        &mut self,
        source: Source<'_>,
        day: NaiveDate,
        prepared: &mut PreparedEvent,
    ) -> Result<()> {
        self.context.set_day(day);
        self.context.forget_time();
        *prepared = source.prepare(&mut self.context)?;
        Ok(())
    }
}
