//! The template variables of letters. The doc comments of the variables are shown by `templates show`.

use crate::documents::template_variable::{VariableGroup, documented};

documented! {
    /// The variables of a letter's template. Texts are escaped for the format and marked with their
    /// sources; what is not recorded is `none`.
    pub struct Letter {
        /// The company, from the settings.
        pub(super) organisation: Option<String>,
        /// Where questions go, from the settings.
        pub(super) contact: Option<String>,
        /// The lines under the letter, from the settings.
        pub(super) signature: Vec<String>,
        /// What customers call the whole: the field `product`.
        pub(super) product: Option<String>,
        /// True until the incident is resolved.
        pub(super) open: bool,
        /// True while a name is down, has problems, or its state is not known.
        pub(super) ongoing: bool,
        /// True if no name was hit as recorded, and the record does not say either that none was: it has no
        /// state, or what was restored had none.
        pub(super) stateless: bool,
        /// True if `customer-scope` is a text that says which customers were affected.
        pub(super) some: bool,
        /// The names that were hit: most time down first, then most time in problems.
        pub(super) names: Vec<Name>,
        /// The only name that was hit; none if there are several.
        pub(super) only: Option<Name>,
        /// True if `only` is another name than the product.
        pub(super) part: bool,
        /// The same names in a table: those with the same spells together.
        pub(super) groups: Vec<Group>,
        /// The same names with their states now: those with the same spells together.
        pub(super) states: Vec<Shared>,
        /// The state now, where all names have the same: `down` or `problems`.
        pub(super) now: Option<&'static str>,
        /// Since when, where that is the same for all as well: `about 10:06 EDT`.
        pub(super) now_since: Option<String>,
        /// When customers had less than they should; none if they always had all.
        pub(super) impact: Option<Impact>,
        /// What the letter is as of: `00:52`, with the day where the letter spans days.
        pub(super) as_of: String,
        /// The same with its zone: `00:52 UTC`.
        pub(super) as_of_zone: String,
        /// The zone of the times without one: `UTC`.
        pub(super) zone: String,
        /// What it meant for customers: the field `customer-impact`.
        pub(super) meaning: Option<String>,
        /// Who was affected: the field `customer-scope`.
        pub(super) scope: Option<Fact>,
        /// What was not affected.
        pub(super) unaffected: Option<String>,
        /// Where that names what was affected: the command that sets another text.
        pub(super) unaffected_command: Option<&'static str>,
        /// What became of data: the field `data-loss`.
        pub(super) data: Option<Fact>,
        /// What customers need to do: the field `customer-action`.
        pub(super) action: Option<Fact>,
        /// When the next update comes; none if that is past.
        pub(super) next_update: Option<String>,
        /// By when the full account comes; none if that is past.
        pub(super) followup_by: Option<String>,
        /// When the last letter was sent: `23:40`.
        pub(super) last_sent: Option<String>,
        /// The same where everything new is of later; none otherwise, and where no letter was sent.
        pub(super) new_since: Option<String>,
        /// When a letter said that it was over, before the incident was reopened: `21:10 UTC`.
        pub(super) said_over: Option<String>,
        /// What sent letters stated and is otherwise.
        pub(super) corrections: Vec<Correction>,
        /// The wordings that are in no letter that was sent, oldest first; all where none was sent.
        pub(super) news: Vec<Step>,
        /// The other wordings.
        pub(super) earlier: Vec<Step>,
        /// All wordings.
        pub(super) steps: Vec<Step>,
        /// The wordings of causes and factors, which are in no list of steps.
        pub(super) causes: Vec<String>,
        /// What changes and would have prevented it.
        pub(super) would_have_prevented: Vec<Change>,
        /// What changes and would have made it shorter.
        pub(super) would_have_shortened: Vec<Change>,
        /// What changes besides.
        pub(super) other_changes: Vec<Change>,
        /// The near misses, where they may be said and there were any.
        pub(super) caught: Option<Caught>,
        /// The section `customer-followup`.
        pub(super) paragraphs: Option<String>,
        /// The section `customer-apology`.
        pub(super) apology: Option<String>,
    }
}

documented! {
    pub(super) struct Name {
        /// None if it is the product, and that has no name yet.
        pub(super) name: Option<String>,
        /// `down`, `problems`, `working` or `unknown`.
        pub(super) now: &'static str,
        /// Since when: `about 10:06`, with the day where the letter spans days.
        pub(super) since: String,
        /// The same with the zone: `about 10:06 EDT`, and with the day unless it is that of the newest entry.
        pub(super) since_zone: String,
        /// The spells that are over.
        pub(super) before: Vec<Spell>,
        /// In place of `before`, where those are more than four.
        pub(super) before_in_all: Option<Spells>,
        pub(super) spells: Vec<Spell>,
        /// Where the state is not known: the command that gives it.
        pub(super) command: Option<String>,
    }
}

documented! {
    /// Names with the same spells.
    pub(super) struct Shared {
        pub(super) names: Vec<String>,
        /// What holds for each of them.
        pub(super) state: Name,
    }
}

documented! {
    /// A time in one state.
    pub(super) struct Spell {
        /// `down`, `problems` or `unknown`.
        pub(super) state: &'static str,
        /// `about 10:06 to 13:26`, with days where the letter spans days; up to now where it lasts.
        pub(super) range: String,
        /// `from about 10:06 to 13:26 EDT on Thursday, 16 August 2012`.
        pub(super) period: String,
        /// `about 3 hours 20 minutes`.
        pub(super) lasted: String,
        /// `about 3 h 20 min`.
        pub(super) short_lasted: String,
        /// Where the state is not known: the command that gives it.
        pub(super) command: Option<String>,
    }
}

documented! {
    /// Several spells, in all.
    pub(super) struct Spells {
        pub(super) count: String,
        /// From the beginning of the first to the end of the last.
        pub(super) range: String,
        /// The sum of their times.
        pub(super) short_lasted: String,
    }
}

documented! {
    pub(super) struct Group {
        pub(super) names: Vec<String>,
        pub(super) spells: Vec<Spell>,
        /// In place of `spells`, where those are more than four.
        pub(super) in_all: Option<Spells>,
    }
}

documented! {
    pub(super) struct Impact {
        /// The first moment, as in `since`: `about 10:06`.
        pub(super) since: String,
        pub(super) since_zone: String,
        /// From when on all of it works: `13:26 EDT on Thursday, 16 August 2012`; none while it lasts, or a state
        /// is not known.
        pub(super) end: Option<String>,
        /// `13:26 EDT`, with the day unless it is that of the newest entry.
        pub(super) end_zone: Option<String>,
        /// `from about 10:06 to 13:26 EDT on Thursday, 16 August 2012`.
        pub(super) period: Option<String>,
        /// The command that gives a state that is not known, where that may change `since` and `period`.
        pub(super) command: Option<String>,
        /// The time in impact: `about 3 hours 20 minutes`; none where unknown time could change it.
        pub(super) lasted: Option<String>,
        /// The time in which at least one name was down, likewise.
        pub(super) down_lasted: Option<String>,
        /// True if there was time without impact between.
        pub(super) gaps: bool,
        /// True if a name was down.
        pub(super) down: bool,
        /// True if a name had problems.
        pub(super) problems: bool,
        /// `down` and `problems`, as far as they occurred, in the order in which they began.
        pub(super) states: Vec<&'static str>,
        /// True if each name was down at some time.
        pub(super) each_was_down: bool,
        /// True if no name is recorded that was not hit.
        pub(super) all_names: bool,
        /// True if all of it was on one day.
        pub(super) one_day: bool,
        /// `16 August 2012`, or `3 to 4 May 2021`.
        pub(super) days: String,
        /// The same with short months: `31 Jan to 1 Feb 2017`.
        pub(super) days_short: String,
    }
}

documented! {
    /// A value of a field that is a word with a meaning, or a text.
    pub(super) struct Fact {
        /// The word, such as `none` or `unknown`; else `text`.
        pub(super) kind: &'static str,
        pub(super) text: String,
        /// Shows nothing, and gives its line the source of the field in `email --explain`.
        pub(super) source: String,
    }
}

documented! {
    pub(super) struct Correction {
        /// `start`, `end`, `state`, `spells`; `count`, `count-from-none` or `count-to-none`; `scope`, `data`, `unaffected` or `action` of a fact.
        pub(super) what: &'static str,
        pub(super) name: Option<String>,
        /// What is so, of a start, an end, a state and a count.
        pub(super) is: String,
        pub(super) wrote: String,
        /// Of a state: at what time.
        pub(super) at: Option<String>,
        /// The spells that are so; none if it was not affected.
        pub(super) spells: Vec<ToldSpell>,
        /// Those that were written; none if it was written that it was not affected.
        pub(super) wrote_spells: Vec<ToldSpell>,
        /// The fact that is so; none if it is not known.
        pub(super) fact: Option<Fact>,
        pub(super) wrote_fact: Option<Fact>,
    }
}

documented! {
    /// A time in one state, as a letter told it.
    pub(super) struct ToldSpell {
        /// `down`, `problems` or `unknown`; `affected` where it is not known which.
        pub(super) state: &'static str,
        /// `about 10:06 to 13:26`, with days where the letter spans days; none if it lasted.
        pub(super) range: Option<String>,
        /// Since when, if it lasted.
        pub(super) since: Option<String>,
    }
}

documented! {
    /// An event with customer wording.
    pub(super) struct Step {
        /// The day, where it begins and the letter's steps span days.
        pub(super) day: Option<String>,
        /// `about 10:06`.
        pub(super) time: String,
        pub(super) text: String,
        /// True for the first step at or after the first impact, unless it is the first of all.
        pub(super) begins_impact: bool,
    }
}

documented! {
    /// A follow-up with customer wording. Dates are none where they were not recorded.
    pub(super) struct Change {
        pub(super) text: String,
        /// `planned`, `started` or `done`.
        pub(super) state: &'static str,
        /// Shows nothing, and gives its line the follow-up as its source in `email --explain`.
        pub(super) source: String,
        pub(super) planned: Option<String>,
        pub(super) started: Option<String>,
        pub(super) done: Option<String>,
        /// None where it is past at the newest entry: that is no promise.
        pub(super) due: Option<String>,
        /// Of a due date that is past, and not done: the command that sets another.
        pub(super) due_command: Option<String>,
    }
}

documented! {
    pub(super) struct Caught {
        pub(super) count: String,
        /// True if it is more than one.
        pub(super) several: bool,
        /// The days in which they are counted: `16 May 2012 to 16 August 2012`.
        pub(super) days: String,
    }
}

/// The variables of a letter's template, and the fields of their types.
pub(in crate::documents) const VARIABLES: [VariableGroup; 13] = [
    ("letter", Letter::VARIABLES),
    ("Name", Name::VARIABLES),
    ("Shared", Shared::VARIABLES),
    ("Spell", Spell::VARIABLES),
    ("Spells", Spells::VARIABLES),
    ("Group", Group::VARIABLES),
    ("Impact", Impact::VARIABLES),
    ("Fact", Fact::VARIABLES),
    ("Correction", Correction::VARIABLES),
    ("ToldSpell", ToldSpell::VARIABLES),
    ("Step", Step::VARIABLES),
    ("Change", Change::VARIABLES),
    ("Caught", Caught::VARIABLES),
];
