//! What damaged inputs are made of.

/// Inputs of readers that have no fixture of their own.
pub const MORE_SEEDS: [(&str, &str); 6] = [
    (
        "incident-io",
        r#"{"incident_updates":[{"id":"01","created_at":"2026-11-20T10:06:00Z","message":"Looking","new_incident_status":{"name":"Investigating"},"updater":{"user":{"name":"Ann Lee"}}}]}"#,
    ),
    (
        "rootly",
        r#"{"data":[{"id":"7","type":"incident_events","attributes":{"event":"Looking","occurred_at":"2026-11-20T10:06:00.000Z","created_at":"2026-11-20T10:07:00Z","user":{"full_name":"Ann Lee"}}}]}"#,
    ),
    (
        "firehydrant",
        r#"{"data":[{"id":"7","incident_id":"1","type":"note","occurred_at":"2026-11-20T10:06:00Z","created_at":"2026-11-20T10:06:01Z","author":{"name":"Ann Lee"},"data":{"body":"Looking"}}]}"#,
    ),
    (
        "grafana-incident",
        r#"{"activityItems":[{"activityItemID":"a1","incidentID":"1","user":{"userID":"u","name":"Ann Lee"},"createdTime":"2026-11-20T10:06:01Z","eventTime":"2026-11-20T10:06:00Z","activityKind":"userNote","body":"Looking"}]}"#,
    ),
    (
        "csv",
        "time,end,author,kind,text\r\n03/04/2026 10:06,10:20,ann,fault,\"two\r\nlines\"\r\n11/20/2026 1:06 PM,,bob,note,x\r\n",
    ),
    (
        "syslog",
        "<34>1 2026-11-20T10:06:00.003Z db-1 su - ID47 [a b=\"c\\]\"] 'su root' failed\n<13>Nov 20 10:06:00 db-1 app[12]: x\n",
    ),
];

/// Parts that are put into inputs.
pub const TOKENS: [&[u8]; 40] = [
    b"\"",
    b"\\",
    b"\\u0000",
    b"\\ud800",
    b"\\udfff\\ud800",
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"-0",
    b"1e999",
    b"-1e308",
    b"9223372036854775807",
    b"-9223372036854775808",
    b"18446744073709551616",
    b"99999999999999999999999999999999999999",
    b"0.000000000000000000001",
    b"1970-01-01T00:00:00Z",
    b"9999-12-31T23:59:59Z",
    b"+275760-09-13T00:00:00Z",
    b"0000-00-00 00:00:00",
    b"24:60:61",
    b"2026-02-30T10:06:00+99:99",
    b"2026-11-20T10:06:00.999999999999-23:59",
    b"\xff",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\xf4\x90\x80\x80",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\0",
    "\u{2028}".as_bytes(),
    "\u{202e}".as_bytes(),
    "\u{fffd}\u{301}".as_bytes(),
    "İ".as_bytes(),
    b"<p><a href='",
    b"&#x110000;&#0;&amp",
    b"](<",
    b"\r\n\r\n",
];
/// Parts that are repeated without end.
pub const NESTS: [(&str, &str); 8] = [
    ("[", "]"),
    ("{\"a\":", "}"),
    ("<b>", "</b>"),
    ("*_~`", "`~_*"),
    ("&lt;<", ">"),
    ("> ", ""),
    ("\"", "\""),
    ("(", ")"),
];
