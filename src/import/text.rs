//! Plain text of what sources put into their texts.

/// Parameters of addresses whose values give access to something.
const SECRET_PARAMETERS: [&str; 12] = [
    "access_token",
    "api_key",
    "apikey",
    "auth",
    "key",
    "password",
    "secret",
    "sig",
    "signature",
    "t",
    "token",
    "x-amz-signature",
];

/// Takes the values of parameters that give access (tokens, signatures) out of the addresses in `text`, and
/// passwords before an `@`: an export is passed on to people who may not have that access.
///
/// ```
/// use bridgelog::import::strip_url_secrets;
/// assert_eq!(
///     strip_url_secrets("see https://x.example/a?page=2&token=abc#top, ok"),
///     "see https://x.example/a?page=2&token=[removed]#top, ok"
/// );
/// ```
#[must_use]
pub fn strip_url_secrets(text: &str) -> String {
    if !text.contains("://") {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        match piece.find("://") {
            Some(at) => {
                let (scheme, rest) = piece.split_at(at + 3);
                out.push_str(scheme);
                push_without_secrets(rest, &mut out);
            }
            None => out.push_str(piece),
        }
    }
    out
}

/// Pushes what follows the scheme of an address.
fn push_without_secrets(rest: &str, out: &mut String) {
    let path_at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(path_at);
    match authority.rsplit_once('@') {
        Some((login, host)) if login.contains(':') => {
            let user = login.split(':').next().unwrap_or_default();
            out.push_str(&format!("{user}:[removed]@{host}"));
        }
        _ => out.push_str(authority),
    }
    let Some((path, query)) = path.split_once('?') else {
        out.push_str(path);
        return;
    };
    out.push_str(path);
    out.push('?');
    for (number, parameter) in query.split('&').enumerate() {
        if number > 0 {
            out.push('&');
        }
        match parameter.split_once('=') {
            Some((name, value))
                if SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) =>
            {
                let end = value.find(|c: char| !(c.is_alphanumeric() || "%+-._~/=".contains(c)));
                let rest = end.map_or("", |end| &value[end..]);
                out.push_str(&format!("{name}=[removed]{rest}"));
            }
            _ => out.push_str(parameter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::strip_url_secrets;
    use rstest::rstest;

    #[rstest]
    #[case("no address: a?token=b", "no address: a?token=b")]
    #[case("https://u:pw@h.example/x", "https://u:[removed]@h.example/x")]
    #[case(
        "<https://h.example/f?t=xoxe-1&b=2|f>",
        "<https://h.example/f?t=[removed]&b=2|f>"
    )]
    #[case("https://h.example/?q=token", "https://h.example/?q=token")]
    #[case(
        "a\n  https://h.example/?X-Amz-Signature=ab%2F",
        "a\n  https://h.example/?X-Amz-Signature=[removed]"
    )]
    fn secrets_go_and_the_rest_stays(#[case] text: &str, #[case] expected: &str) {
        assert_eq!(strip_url_secrets(text), expected);
    }
}
