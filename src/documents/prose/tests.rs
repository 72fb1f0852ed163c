use super::*;
use crate::documents::html::markdown_to_html;
use proptest::prelude::*;
use rstest::rstest;

#[rstest]
#[case::code_and_elements("One *two*.\n\n- a\n  - b\n\n```sh\nls <!-- x\n```\n\n<b>raw</b>")]
#[case::fence_in_a_list("First.\n\n- ```\n  x\n  ```")]
#[case::open_fence_in_a_list("- item\n\n  ```\n  code")]
#[case::open_fence_in_a_quote("> ```\n> code")]
#[case::fence_in_a_deep_list("- a\n  - b\n    ~~~\n    c\n    ~~~\n- d")]
#[case::fence_in_indented_code("a\n\n    ```\n    b")]
#[case::comment_in_a_line("a <!-- b")]
#[case::details("<details><summary>Log</summary>\n\n```\nx\n```\n\n</details>")]
#[case::escaped("\\<pre> and `<pre>`")]
fn prose_with_nothing_open_is_unchanged(#[case] text: &str) {
    assert_eq!(sanitize_prose(text), text);
}

#[rstest]
#[case::fence("a\n```\ncode", "a\n```\ncode\n```")]
#[case::other_fence_inside("a\n~~~~\n```\ncode", "a\n~~~~\n```\ncode\n~~~~")]
#[case::only_a_fence("```", "```\n```")]
#[case::indented_fence("  ````\n  x", "  ````\n  x\n````")]
#[case::fence_after_a_list("- ```\n  x\n\n```\ny", "- ```\n  x\n\n```\ny\n```")]
#[case::pre("a\n\n<pre>\n  x\n\ny", "a\n\n```\n<pre>\n  x\n\ny\n```")]
#[case::element_in_a_line("a <b>c *d*", "a \\<b>c *d*")]
#[case::unknown_element("kill <pid>", "kill \\<pid>")]
#[case::comment("<!-- a\n\nb", "```\n<!-- a\n\nb\n```")]
#[case::php("<?php\nx\n\n# y", "```\n<?php\nx\n\n# y\n```")]
#[case::details(
    "<details>\n<summary>a</summary>\n\n*b*",
    "```\n<details>\n<summary>a</summary>\n```\n\n*b*"
)]
#[case::fence_inside("<pre>\n```\nx", "````\n<pre>\n```\nx\n````")]
#[case::in_a_list("- a\n\n  <pre>\n  x\n- b", "- a\n\n  ```\n  <pre>\n  x\n  ```\n- b")]
#[case::at_an_item("1. <pre>\n   x\n2. b", "1. ```\n   <pre>\n   x\n   ```\n2. b")]
#[case::in_a_quote("> - <style>\n>   x\n\nb", "> - ```\n>   <style>\n>   x\n>   ```\n\nb")]
#[case::marker("<!-- bridgelog:end summary -->", "<!-- bridgelog :end summary -->")]
fn what_is_open_at_the_end_does_not_reach_beyond(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(sanitize_prose(text), expected);
}

#[rstest]
#[case::fence("```", "```")]
#[case::tag(" <pre> hangs", "\\<pre> hangs")]
#[case::dash("- a", "- a")]
fn a_line_behind_words_opens_no_block(#[case] text: &str, #[case] expected: &str) {
    assert_eq!(sanitize_prose_line(text), expected);
}

/// The words that a reader sees of `text`.
fn words(text: &str) -> String {
    let html = markdown_to_html(text);
    let mut words = String::new();
    let mut in_tag = false;
    for c in html.chars() {
        match c {
            '<' => in_tag = true,
            '>' => in_tag = false,
            c if in_tag || c.is_whitespace() => {}
            c => words.push(c),
        }
    }
    words
}

fn prose() -> impl Strategy<Value = String> {
    let bits = prop::sample::select(vec![
        "<script>",
        "</script>",
        "<pre>",
        "</pre>",
        "<style>",
        "<textarea>",
        "<details>",
        "</details>",
        "<b>",
        "</b>",
        "<br>",
        "<x y='",
        "'>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?php",
        "?>",
        "<!X",
        "```",
        "~~~~",
        "```sh",
        "`",
        "\n",
        "\n",
        "\n\n",
        "    ",
        "  ",
        "> ",
        "- ",
        "1. ",
        "# ",
        "a",
        "b c",
        "*",
        "**",
        "\\",
        "| a | b |\n|---|---|\n",
        "|",
        "[x](",
        ")",
        "&lt;",
        "[r]: ",
        "===",
    ]);
    prop::collection::vec(bits, 0..20).prop_map(|bits| bits.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn nothing_of_prose_reaches_beyond_it_and_its_words_stay(text in prose()) {
        let safe = sanitize_prose(&text);
        let whole = format!("{safe}\n<!-- end -->\n\n# What follows\n");
        let mut depth = 0;
        let mut depth_of_heading = None;
        for (event, range) in events(&whole) {
            match event {
                Event::Start(Tag::Heading { .. }) if whole[range.clone()].contains("What follows") => {
                    depth_of_heading = Some(depth);
                    depth += 1;
                }
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
        prop_assert_eq!(depth_of_heading, Some(0), "{}", safe);
        prop_assert!(raw_html::is_closed(events(&safe).map(|(event, _)| event)), "{}", safe);
        // A tag may be what keeps signs around it from being a link, code or a table.
        if !text.replace("```", "").contains(['`', '[', '|']) {
            let shown = document_text::block(text.trim_matches(['\n', '\r']).trim_end());
            prop_assert_eq!(words(&safe), words(&shown), "{}", safe);
        }
    }
}
