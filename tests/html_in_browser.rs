//! The HTML postmortem in a real browser: it fits every screen size, logs nothing on the console and
//! fetches nothing.
#![allow(clippy::unwrap_used, clippy::panic, clippy::needless_pass_by_value)]

mod common;
use common::{TestEnv, skip};
use std::{
    net::TcpListener,
    path::Path,
    process::{Command, Stdio},
};

/// A page that loads the postmortem in frames of several widths and reports elements that are too wide and
/// texts of the picture that overlap. The postmortem itself has no script.
const INSPECTOR: &str = r#"<!DOCTYPE html><meta charset="utf-8"><body><script>
const sizes = SIZES;
let left = sizes.length;
// A box for each line of the text of an element.
function boxes(page, element) {
  if (element.closest("svg")) return [element.getBoundingClientRect()];
  const range = page.createRange();
  range.selectNodeContents(element);
  return [...range.getClientRects()];
}
const found = [];
for (const [file, width] of sizes) {
  const frame = document.createElement("iframe");
  frame.style.cssText = "border:0;height:900px;width:" + width + "px";
  frame.onload = () => {
    const page = frame.contentDocument;
    const root = page.documentElement;
    const wide = [...page.querySelectorAll("body *")].filter(e =>
      e.getBoundingClientRect().right > width + 1 && !e.closest("thead")).map(e => e.tagName + "." + e.className);
    const texts = ".axis text, .name, .when span, .figure > span, .reason, caption h2, th.figures";
    const labels = [...page.querySelectorAll(".picture")].flatMap(e => [...e.querySelectorAll(texts)])
      .filter(e => e.getBoundingClientRect().width > 2).flatMap(e => boxes(page, e).map(box => [e.textContent, box])).filter(([, b]) => b.width > 1);
    let met = [];
    for (let i = 0; i < labels.length; i++) for (let j = 0; j < i; j++) {
      const [a, b] = [labels[i][1], labels[j][1]];
      if (a.left + 1 < b.right && b.left + 1 < a.right && a.top + 2 < b.bottom && b.top + 2 < a.bottom)
        met.push(labels[i][0] + " / " + labels[j][0]);
    }
    const charts = [...page.querySelectorAll(".picture:first-of-type thead svg")].filter(e => e.getBoundingClientRect().width > 0).length;
    found.push([file, width, root.scrollWidth <= root.clientWidth, wide.slice(0, 5), met, charts, labels.length,
      page.querySelector('[id=page-one]')?.getBoundingClientRect().bottom]);
    if (--left === 0) {
      const out = document.createElement("pre");
      out.id = "found";
      out.textContent = JSON.stringify(found);
      document.body.replaceChildren(out);
    }
  };
  frame.src = file;
  document.body.append(frame);
}
</script></body>"#;

fn browser() -> Option<&'static str> {
    ["chromium", "chromium-browser", "google-chrome"]
        .into_iter()
        .find(|name| {
            Command::new(name)
                .arg("--version")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status()
                .is_ok_and(|status| status.success())
        })
}

/// Loads `page` in the browser and returns the document and the browser's log.
fn load_page(browser: &str, page: &Path, flags: &[&str]) -> (String, String) {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--enable-logging=stderr",
            "--allow-file-access-from-files",
            "--virtual-time-budget=10000",
        ])
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .args(flags)
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

/// Writes the inspector to `path`, and returns what it finds for each of `sizes`: pairs of a page beside it
/// and a width.
fn look_at(browser: &str, path: &Path, sizes: &str) -> Vec<serde_json::Value> {
    std::fs::write(path, INSPECTOR.replace("SIZES", sizes)).unwrap();
    let (document, _) = load_page(browser, path, &["--dump-dom"]);
    let (_, rest) = document
        .split_once("<pre id=\"found\">")
        .unwrap_or_else(|| panic!("{document}"));
    let inspected = rest.split_once("</pre>").unwrap().0.replace("&amp;", "&");
    serde_json::from_str(&inspected.replace("&lt;", "<").replace("&gt;", ">")).unwrap()
}

/// Asserts for the page of incident 1 at every size: nothing beyond the edge, no overlapping texts in the
/// picture, one axis; and an empty console. Returns where page one ends on a screen of 1280 px, in px.
#[track_caller]
fn assert_page_fits(browser: &str, env: &TestEnv) -> f64 {
    let (page, print_page, inspector) = (
        env.path().join("page.html"),
        env.path().join("print.html"),
        env.path().join("look.html"),
    );
    env.run_ok(&[
        "postmortem",
        "1",
        "--format",
        "html",
        "--output",
        "page.html",
    ]);
    let text = std::fs::read_to_string(&page).unwrap();
    // The print style as a screen of the width between the margins of A4.
    let policy = text.find("<meta http-equiv").unwrap();
    let policy = &text[policy..policy + text[policy..].find('>').unwrap() + 1];
    let printed = text
        .replace(policy, "")
        .replace("@media screen", "@media not all")
        .replace("@media print", "@media all");
    std::fs::write(&print_page, printed).unwrap();
    let sizes = look_at(
        browser,
        &inspector,
        r#"[1600, 1280, 1024, 900, 768, 390, 320].map(width => ["page.html", width]).concat([["print.html", 672]])"#,
    );
    assert_eq!(sizes.len(), 8);
    for size in &sizes {
        assert_eq!(size[2], true, "it is wider than its window: {size}");
        assert_eq!(size[3], serde_json::json!([]), "beyond the edge: {size}");
        assert_eq!(size[4], serde_json::json!([]), "texts overlap: {size}");
        assert_eq!(size[5], 1, "one axis: {size}");
        assert!(size[6].as_u64().unwrap() > 5, "labels: {size}");
    }
    let of_width = |width: u64| sizes.iter().find(|size| size[1] == width).unwrap();
    let page_one_ends = of_width(1280)[7].as_f64().unwrap();

    for dark in [0, 1] {
        let scheme = format!("--blink-settings=preferredColorScheme={dark}");
        let (document, log) = load_page(browser, &page, &["--dump-dom", &scheme]);
        assert!(document.contains("</html>"), "{document}");
        let console: Vec<&str> = log.lines().filter(|l| l.contains("CONSOLE")).collect();
        assert!(console.is_empty(), "{console:#?}");
    }
    page_one_ends
}

#[test]
fn worked_example_page_fits_every_screen_size() {
    let Some(browser) = browser() else {
        return skip("there is no chromium");
    };
    for env in [TestEnv::worked_example(), TestEnv::several_names()] {
        let page_one_ends = assert_page_fits(browser, &env);
        assert!(page_one_ends <= 800.0, "{page_one_ends}");
    }
}

#[test]
fn long_hostile_page_fits_and_fetches_nothing() {
    let Some(browser) = browser() else {
        return skip("there is no chromium");
    };
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    let env = TestEnv::new();
    let long = "averyverylongwordwithoutanybreak".repeat(4);
    env.run_ok(&[
        "declare",
        &format!("{long} <img src={url}/a>"),
        "--service",
        "db",
        "--at",
        "2012-08-15 22:00",
    ]);
    let lines = format!(
        "2012-08-15\n21:40 absorbed: one side lost @db\n22:02 fault: <script src='{url}/s'></script> {long} @db !down\n\
         22:03 detect: page @db\n22:03 ack: on it\n22:04 decision: {long} why: {long}\n22:30 mitigate: half @db\n\
         22:31 fault: search @a-service-with-a-name-that-is-rather-long-for-any-picture !degraded\n\
         2012-08-16\n00:30 fault: again @db !down\n01:00 restore: {url}/{long} @db\n07:00 restore: \
         @a-service-with-a-name-that-is-rather-long-for-any-picture\n"
    );
    let result = env.run_with_stdin(&["log", "--markers", "-"], lines.as_bytes());
    assert_eq!(result.exit_code, 0, "{result:?}");
    env.run_ok(&["task", "add", &long, "--ticket", &long, "--owner", "raj"]);
    let prose = format!(
        "![a]({url}/i.png) <img src=\"{url}/j\"> <script>fetch('{url}/f')</script>\n\n<link rel=stylesheet href=\"{url}/c\">\n\n\
         <style>@import '{url}/d';</style>\n\n| {long} | b |\n|---|---|\n| {long} | `{long}` |\n\n```\n{long}\n```\n\n\
         [x](javascript:alert(1)) [y](data:text/html,z) > {long}\n"
    );
    for section in ["summary", "impact", "went-well", "questions"] {
        let result = env.run_with_stdin(&["write", section, "--from", "-"], prose.as_bytes());
        assert_eq!(result.exit_code, 0, "{result:?}");
    }
    assert_page_fits(browser, &env);
    assert!(listener.accept().is_err(), "something was fetched");
}

/// Incidents whose axes have every kind of tick, with milestones near to each other and to both ends.
#[test]
fn picture_of_any_length_fits_every_screen_size() {
    let Some(browser) = browser() else {
        return skip("there is no chromium");
    };
    for (from, to) in [
        ("2021-03-08 22:52", "2021-03-08 22:53"),
        ("2021-03-08 22:52", "2021-03-09 23:08"),
        ("2021-03-08 23:58", "2021-03-11 00:03"),
        ("2021-03-08 22:52", "2021-03-18 00:02"),
        ("2021-03-08 22:52", "2021-04-07 23:08"),
        ("2018-03-08 22:52", "2021-03-09 23:08"),
    ] {
        let env = TestEnv::new();
        let run = |args: &[&str]| env.run_ok(args);
        run(&["declare", "x", "--at", from, "--zone", "UTC"]);
        let at = |time: &str, kind: &str, rest: &str| {
            run(&["log", "--incident", "1", &format!("{time} {kind}: {rest}")]);
        };
        at(from, "fault", "@db @web !degraded");
        at(from, "detect", "a page");
        at(from, "fault", "mail fails @mail");
        at(to, "comms/customers", "all is well");
        at(to, "decision", "to end it");
        at(to, "restore", "@db @web @mail");
        run(&["resolve", "--at", to, "over"]);
        assert_page_fits(browser, &env);
    }
}

#[test]
fn html_part_of_a_letter_fits_every_screen_size() {
    let Some(browser) = browser() else {
        return skip("there is no chromium");
    };
    let env = TestEnv::worked_example();
    let long = "averyverylongwordwithoutanybreak".repeat(4);
    let names = [
        ("db", "Builds"),
        ("web", long.as_str()),
        ("hooks", "Webhooks"),
    ];
    for (service, public) in names {
        env.run_ok(&[
            "log",
            &format!("2012-08-16 09:05 fault: x @{service} !down tell: {long}"),
        ]);
        env.run_ok(&["log", &format!("2012-08-17 ~01:10 restore: x @{service}")]);
        env.run_ok(&[
            "service",
            service,
            "--public",
            public,
            "--incident",
            "latest",
        ]);
    }
    env.run_ok(&["set", "customer-action", &long, "--incident", "latest"]);
    for stage in ["update", "resolved", "followup"] {
        let draft = env.run_ok(&["email", "1", "--stage", stage, "--format", "eml"]);
        let mail = mail_parser::MessageParser::default()
            .parse(draft.as_bytes())
            .unwrap();
        let html = mail.body_html(0).unwrap();
        std::fs::write(env.path().join("letter.html"), html.as_bytes()).unwrap();
        let sizes = r#"[["letter.html", 320], ["letter.html", 390], ["letter.html", 600], ["letter.html", 1280]]"#;
        let found = look_at(browser, &env.path().join("look.html"), sizes);
        assert_eq!(found.len(), 4);
        for size in found {
            assert_eq!(size[2], true, "it is wider than its window: {stage} {size}");
            assert_eq!(
                size[3],
                serde_json::json!([]),
                "beyond the edge: {stage} {size}"
            );
        }
    }
}
