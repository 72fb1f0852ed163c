//! The names of the fields and sections of an incident, and who may read each.

/// The fields of an incident that are stored as fields, with their audience.
pub const FIELDS: [(&str, Audience); 22] = [
    ("scribe", Audience::Internal),
    ("comms-lead", Audience::Internal),
    ("impact", Audience::Internal),
    ("scope", Audience::Internal),
    ("zone", Audience::Internal),
    ("trigger", Audience::Internal),
    ("resolution", Audience::Internal),
    ("owner", Audience::Internal),
    ("authors", Audience::Internal),
    ("ticket", Audience::Internal),
    ("channel", Audience::Internal),
    ("drill", Audience::Internal),
    ("product", Audience::Customers),
    ("customer-scope", Audience::Customers),
    ("customer-impact", Audience::Customers),
    ("customer-action", Audience::Customers),
    ("unaffected", Audience::Customers),
    ("data-loss", Audience::Customers),
    ("next-update", Audience::Customers),
    ("followup-by", Audience::Customers),
    ("ledger-in-letter", Audience::Customers),
    ("private", Audience::Internal),
];

/// The fields that name the person in a role.
pub const ROLE_FIELDS: [&str; 3] = ["scribe", "comms-lead", "owner"];

/// True if `text`, the value of the field `customer-scope`, says that no customer was affected.
#[must_use]
pub fn says_nobody(text: &str) -> bool {
    const WORDS: [&str; 5] = ["none", "nobody", "no one", "no customer", "no customers"];
    let text = text.trim().trim_end_matches('.');
    WORDS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// True if `text`, the value of the field `drill`, says that the incident is one.
#[must_use]
pub fn is_drill(text: &str) -> bool {
    text == "yes"
}

/// True if `text`, the value of the field `private`, says that the incident stays on this machine.
#[must_use]
pub fn is_private(text: &str) -> bool {
    text == "yes"
}

/// True if `text`, the value of the field `private`, says that the incident may go to other machines.
#[must_use]
pub fn is_shared(text: &str) -> bool {
    text == "no"
}

/// The sections of a postmortem with their headings, in document order, and those of customer letters
/// ([`section_audience`]).
pub const SECTIONS: [(&str, &str); 10] = [
    ("summary", "Summary"),
    ("impact", "Impact"),
    ("protections", "Protections"),
    ("went-well", "What went well"),
    ("went-badly", "What went badly"),
    ("lucky", "Where we got lucky"),
    ("surprises", "What surprised us"),
    ("questions", "Open questions"),
    (
        "customer-followup",
        "Your own paragraphs of the follow-up email",
    ),
    ("customer-apology", "Your own apology in the emails"),
];

/// Returns who may read the section `name`.
#[must_use]
pub fn section_audience(name: &str) -> Audience {
    match name {
        "customer-followup" | "customer-apology" => Audience::Customers,
        _ => Audience::Internal,
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// People in the company.
    Internal,
    /// Anyone.
    Customers,
}
