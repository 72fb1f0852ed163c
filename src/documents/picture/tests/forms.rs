//! The HTML, SVG, text and Markdown forms.

use super::*;
use crate::domain::zone::{LocalTimeResult, Zone};
use chrono::NaiveDate;
use unicode_width::UnicodeWidthStr;

/// Returns the values of the attribute `name` in per cent.
fn percents(svg: &str, name: &str) -> Vec<f64> {
    let start = format!(" {name}=\"");
    svg.split(&start)
        .skip(1)
        .filter_map(|rest| rest.split_once('"')?.0.strip_suffix('%')?.parse().ok())
        .collect()
}

#[test]
fn all_lengths_along_the_axis_are_within_it() {
    for log in [
        acme(),
        many_spells(3000),
        one_spell(at("10:00"), Duration::seconds(1), Down),
    ] {
        let html = picture(&log).html("x");
        for name in ["x", "x1", "x2", "cx", "width"] {
            for value in percents(&html, name) {
                assert!((0.0..=100.0).contains(&value), "{name} {value}");
            }
        }
        for bar in html.split("<rect ").skip(1) {
            let bar = format!(" {}", bar.split_once('>').unwrap().0);
            if let (Some(x), Some(width)) =
                (percents(&bar, "x").first(), percents(&bar, "width").first())
            {
                assert!(x + width <= 100.001 && *width > 0.0, "{bar}");
            }
        }
        assert!(!html.contains("viewBox") && !html.contains("style="));
    }
}

#[test]
fn html_table_is_readable_without_seeing_it() {
    let html = picture(&acme()).html("Whom it hit");
    for part in [
        "<caption><h2>Whom it hit</h2></caption>",
        "<th scope=\"row\" class=\"names\"><span class=\"name\" dir=\"auto\">Builds</span> ",
        "<span>Thu 21:52</span> to <span>Fri 09:45</span>",
        "not hit, at risk from <span>Thu 23:52</span>",
        "role=\"img\" aria-label=\"Acme Store: at-risk Thu 20:12 to 21:40, down 21:40",
        "<li>Thu 21:46 detected</li>",
    ] {
        let part = part.replace("down 21:40", "down Thu 21:40");
        assert!(html.contains(&part), "{part}\n{html}");
    }
    assert_eq!(html.matches("<pattern").count(), 1);
}

#[test]
fn size_is_bounded_for_ten_thousand_spells() {
    let picture = picture(&many_spells(10_000));
    for (form, text) in [
        ("html", picture.html("x")),
        ("svg", picture.svg_file()),
        ("text", picture.text()),
    ] {
        assert!(text.len() < 60_000, "{form}: {}", text.len());
    }
}

#[test]
fn more_rows_than_fit_are_counted_and_all_are_in_the_section_of_all_services() {
    let mut log = IncidentBuilder::new();
    let names: Vec<String> = (0..60).map(|i| format!("service-{i:02}")).collect();
    for (i, name) in names.iter().enumerate() {
        log.service_event(&format!("10:{i:02}"), Kind::Fault, Some(Down), &[name]);
    }
    log.service_event("11:30", Kind::Restore, Some(AtRisk), &["service-00"]);
    log.state_event("12:00", Kind::Resolve, None);
    let many = picture(&log);
    assert_eq!(many.left_out(), 55);
    let html = many.html("x");
    assert!(html.contains("<a href=\"#all-services\">55 more services</a>"));
    assert!(!html.contains("<span>at-risk</span>"), "one page");
    let all = many.all_services_html().unwrap();
    assert!(names.iter().all(|name| all.contains(name)));
    assert!(all.contains("<span>at-risk</span>") && !all.contains("<pattern"));
    assert_eq!(many.all_services_markdown().unwrap().rows.len(), 60);
    assert_eq!(many.markdown_table().rows.len(), 5);
    assert!(picture(&acme()).all_services_html().is_none());
}

#[test]
fn markdown_table_has_the_states_that_occurred() {
    let picture = picture(&acme());
    let table = picture.markdown_table();
    assert_eq!(
        table.head,
        [
            "Service", "From", "To", "down", "degraded", "unknown", "at-risk"
        ]
    );
    assert_eq!(
        table.rows[0],
        [
            "Builds",
            "Thu 21:52",
            "Fri 09:45",
            "7 h 30 min",
            "3 h 35 min",
            "48 min",
            "–"
        ]
    );
    assert_eq!(table.rows[3][0], "Accounts (not hit)");
    assert_eq!(table.figures, 4);
    assert_eq!(table.bold, [false, false, false, true, false, false, false]);
    let totals = picture.totals();
    assert_eq!(totals[0].label, "At least one service down");
    assert_eq!(totals[0].value, "8 h 30 min (Thu 21:40 to Fri 06:10)");
    assert_eq!(totals[1].value, "15 h 11 min (Thu 21:40 to Fri 12:51)");
}

#[test]
fn text_has_a_letter_per_step_beside_each_name() {
    let text = picture(&acme()).text();
    assert_eq!(
        text.lines().collect::<Vec<_>>(),
        [
            "            Thu 16 Aug      Fri 17 Aug",
            "                21          00          03          06          09          12",
            "Builds      ·······???███████████████████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒···············",
            "Acme Store  ░░░░░░███████··███████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒···············",
            "Webhooks    ·········▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒··",
            "Accounts    ···············░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░··",
            "",
            "█ down  ▒ degraded  ░ at-risk  ? unknown  · ok   one letter: 15 min",
        ]
    );
}

#[test]
fn text_names_every_day_and_is_at_most_72_letters_wide_beside_the_name() {
    for minutes in [
        1,
        4,
        60,
        1441,
        2 * 1440,
        5 * 1440,
        9 * 1440,
        10 * 1440,
        20 * 1440,
        31 * 1440,
    ] {
        let length = Duration::minutes(minutes);
        let from = at("10 22:52");
        let text = picture(&one_spell(from, length, Down)).text();
        let lines: Vec<&str> = text.lines().collect();
        let row = lines.iter().find(|line| line.starts_with("db  ")).unwrap();
        assert!(row.width() <= 72 + 4, "{text}");
        let axis = lines.iter().take_while(|line| !line.starts_with("db"));
        let words: Vec<&str> = axis.flat_map(|line| line.split_whitespace()).collect();
        let time_format = time_format::TimeFormatter::new("America/New_York");
        let mut day = time_format.local_date(from);
        while day <= time_format.local_date(from + length - Duration::seconds(1)) {
            let number = day.format("%-d").to_string();
            assert!(words.contains(&number.as_str()), "{number}\n{text}");
            day = day.succ_opt().unwrap();
        }
    }
}

#[test]
fn long_name_is_on_a_line_of_its_own_in_text() {
    let mut log = IncidentBuilder::new();
    let long = "a service whose name has many letters";
    log.service_event("10:00", Kind::Fault, Some(Down), &[long]);
    log.service_event("10:10", Kind::Restore, None, &[long]);
    log.service_event("10:00", Kind::Fault, Some(Degraded), &["```"]);
    let text = picture(&log).text();
    assert!(text.lines().any(|line| line == long), "{text}");
    assert!(text.lines().all(|line| line != "```"), "{text}");
}

#[test]
fn svg_file_is_drawn_from_the_same_rows_with_its_own_style() {
    let svg = picture(&acme()).svg_file();
    assert!(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\""));
    for part in [
        "<style>",
        "prefers-color-scheme: dark",
        ">Builds<",
        ">7 h 30 min<",
        "</tspan> detected<",
        ">at least one hit<",
    ] {
        assert!(svg.contains(part), "{part}\n{svg}");
    }
    // The rules for a narrow page are about an image as wide as the file.
    assert!(!svg.contains("class=\"word down wide\"") && !svg.contains("class=\"wide\""));
    let mut long = IncidentBuilder::new();
    let name = "<b>averyverylongwordwithoutanybreakatallinitwhatsoever & more";
    long.service_event("10:00", Kind::Fault, Some(Down), &[name]);
    let svg = picture(&long).svg_file();
    assert!(svg.contains("&lt;b&gt;") && !svg.contains("<b>"), "{svg}");
    assert!(one_line(name).len() > 20);
}

#[test]
fn long_axis_names_its_years() {
    for days in [32, 90, 400, 1100, 5000, 400_000] {
        let text = picture(&one_spell(at("10 22:52"), Duration::days(days), Down)).text();
        let is_year = |word: &str| word.len() == 4 && word.parse::<u32>().is_ok();
        let mut axis = text.lines().next().unwrap().split_whitespace();
        assert!(axis.any(is_year), "{text}");
        assert!(text.lines().nth(1).unwrap().width() <= 76, "{text}");
    }
}

#[test]
fn letters_of_hours_and_days_follow_the_local_clock_where_it_is_changed() {
    let local = |zone: &str, day: &str, days: i64, time: &str| {
        let day = day.parse::<NaiveDate>().unwrap() + Duration::days(days);
        let local = day.and_time(time.parse().unwrap());
        match Zone::find(zone).unwrap().resolve(local) {
            LocalTimeResult::Unique(at) => at.to_utc(),
            other => panic!("{zone} {local}: {other:?}"),
        }
    };
    for (zone, begins) in [
        ("Europe/Berlin", "2026-10-23"),
        ("America/New_York", "2026-03-06"),
        ("Australia/Sydney", "2026-10-02"),
        ("Asia/Tokyo", "2026-10-02"),
    ] {
        for (days, minutes) in [(8, 180), (30, 720), (60, 1440)] {
            for (first, last) in [("23:10", "23:50"), ("00:10", "00:50")] {
                let mut log = IncidentBuilder::new();
                log.service_event("10:00", Kind::Fault, Some(AtRisk), &["db"]);
                log.service_event("10:01", Kind::Note, Some(Down), &["db"]);
                log.service_event("10:02", Kind::Note, Some(AtRisk), &["db"]);
                log.state_event("10:03", Kind::Resolve, None);
                let moments = [
                    local(zone, begins, 0, "00:00"),
                    local(zone, begins, 6, first),
                    local(zone, begins, 6, last),
                    local(zone, begins, days, "00:00"),
                ];
                for (record, at) in log.incident.events.iter_mut().zip(moments) {
                    record.value.at = at.fixed_offset();
                }
                log.incident.last_recorded_at = moments[3];
                let text = picture_in(&log, zone).unwrap().text();
                let row = text.lines().find(|line| line.starts_with("db")).unwrap();
                let letters: Vec<char> = row[4..].chars().collect();
                let of_day = if first == "00:10" { 0 } else { 1439 };
                let expected = (6 * 1440 + of_day) / minutes;
                let down: Vec<usize> = (0..letters.len()).filter(|i| letters[*i] == '█').collect();
                assert_eq!(down, [expected], "{zone} {days} {first}\n{text}");
                assert_eq!(letters.len(), days as usize * 1440 / minutes, "{text}");
            }
        }
    }
}
