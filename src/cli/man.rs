//! `bridgelog man`: manual pages, one for the program and one for each command, made from the same texts as
//! the help.

use super::{
    error::{EXIT_CODES, Result},
    global::GlobalArgs,
    help::{self, GROUPS, examples_and_notes},
    out::Out,
};
use crate::{
    config::{environment::VARIABLES, setting::SETTINGS},
    domain::{count::counted, sanitize, suggestion},
    ops::{OpsError, atomic_write},
};
use clap::{Args, Command, ValueHint};
use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  bridgelog man | man -l -\n  bridgelog man log | man -l -\n  \
    bridgelog man --dir ~/.local/share/man/man1      writes all pages"
)]
pub struct ManArgs {
    /// The command, such as `log`; without it, the page of the program
    #[arg(value_name = "COMMAND")]
    verb: Vec<String>,
    /// Write all pages to this folder: bridgelog.1, bridgelog-log.1, ...
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with = "verb")]
    dir: Option<PathBuf>,
    /// Overwrite existing pages
    #[arg(long, requires = "dir")]
    force: bool,
}

/// The files that the program reads and writes, with what they are.
const FILES: [(&str, &str); 4] = [
    (
        "~/.local/share/bridgelog/bridgelog.db",
        "the database; beside it, while it is in use, bridgelog.db-wal and bridgelog.db-shm",
    ),
    (
        "~/.local/share/bridgelog/bridgelog.db.format-1",
        "the copy that an upgrade of the database makes before",
    ),
    (
        "~/.config/bridgelog/config.toml",
        "the settings; `bridgelog config --path` prints where it is",
    ),
    (
        "~/.config/bridgelog/templates/",
        "your own templates of the documents",
    ),
];

/// Prints or writes pages; `root` is the definition of the command line with its help texts.
pub(super) fn run(global: &GlobalArgs, args: &ManArgs, root: Command, out: &Out) -> Result {
    let mut root = root.mut_arg("allow_network", |arg| arg.hide_short_help(false));
    root.build();
    if let Some(folder) = &args.dir {
        return write_all(global, &root, folder, args.force, out);
    }
    let page = match args.verb.first() {
        None => main_page(&root),
        Some(verb) => verb_page(find(&root, verb)?),
    };
    out.print(&page.map_err(failed)?);
    Ok(())
}

fn failed(error: io::Error) -> OpsError {
    OpsError::failed("the manual page cannot be made").with_source(error)
}

fn find<'a>(root: &'a Command, verb: &str) -> Result<&'a Command> {
    let found = root.find_subcommand(verb);
    found
        .filter(|command| !command.is_hide_set())
        .ok_or_else(|| {
            let names = commands_below(root).map(Command::get_name);
            let error = OpsError::usage(format!("there is no command `{verb}`"));
            let error = match suggestion::nearest(verb, names) {
                Some(meant) => error.with_hint(format!("did you mean `{meant}`?")),
                None => error,
            };
            error.with_hint("`bridgelog man` lists the pages")
        })
}

fn write_all(global: &GlobalArgs, root: &Command, folder: &Path, force: bool, out: &Out) -> Result {
    fs::create_dir_all(folder).map_err(|e| {
        OpsError::failed(format!("the folder {} cannot be made", folder.display()))
            .with_hint("name a folder after --dir that can be made and written to")
            .with_source(e)
    })?;
    let mut pages = vec![(folder.join("bridgelog.1"), main_page(root).map_err(failed)?)];
    for verb in commands_below(root) {
        let path = folder.join(format!("bridgelog-{}.1", verb.get_name()));
        pages.push((path, verb_page(verb).map_err(failed)?));
    }
    let files: Vec<(&Path, &[u8])> = pages
        .iter()
        .map(|(path, page)| (path.as_path(), page.as_bytes()))
        .collect();
    let database = global.db_path().unwrap_or_default();
    let options = atomic_write::WriteOptions {
        force,
        database: &database,
    };
    atomic_write::write_all(&files, options)?;
    out.print_line(&sanitize::line(&format!(
        "wrote {} to {}",
        counted(files.len(), "page", "pages"),
        folder.display()
    )));
    Ok(())
}

/// Returns the visible commands of `command`, without the `help` that clap adds.
fn commands_below(command: &Command) -> impl Iterator<Item = &Command> {
    command
        .get_subcommands()
        .filter(|below| below.get_name() != "help" && !below.is_hide_set())
}

/// The page of the program: its commands in groups, the settings, and what all pages have.
fn main_page(root: &Command) -> io::Result<String> {
    let mut page = Page::new("bridgelog");
    let man = clap_mangen::Man::new(root.clone());
    page.render(|w| man.render_name_section(w))?;
    page.render(|w| man.render_synopsis_section(w))?;
    page.render(|w| man.render_description_section(w))?;
    page.heading("COMMANDS");
    for (title, names) in GROUPS {
        page.subheading(title);
        for verb in names.iter().filter_map(|name| root.find_subcommand(name)) {
            let see = format!("See bridgelog-{}(1).", verb.get_name());
            page.term(&bin_name(verb), &format!("{}. {see}", about(verb)));
            for below in commands_below(verb) {
                page.term(&bin_name(below), &format!("{}.", about(below)));
            }
        }
    }
    page.render(|w| man.render_options_section(w))?;
    page.heading("EXAMPLES");
    page.text(help::ABOUT_USE);
    page.heading("SETTINGS");
    page.paragraph(
        "The settings file is TOML, and every key may be missing. `bridgelog config set KEY VALUE` changes it.",
    );
    for setting in &SETTINGS {
        page.term(
            setting.key,
            &format!("{}. Example: {}", setting.what, setting.example),
        );
    }
    page.end();
    Ok(page.text)
}

/// The page of one command, with the commands below it.
fn verb_page(verb: &Command) -> io::Result<String> {
    let mut page = Page::new(&format!("bridgelog-{}", verb.get_name()));
    let man = clap_mangen::Man::new(verb.clone());
    page.render(|w| man.render_name_section(w))?;
    page.render(|w| man.render_synopsis_section(w))?;
    page.render(|w| man.render_description_section(w))?;
    let (examples, notes) = examples_and_notes(&help_text(verb));
    page.text(&notes);
    page.render(|w| man.render_options_section(w))?;
    for below in commands_below(verb) {
        page.heading(&bin_name(below).to_uppercase());
        let man = clap_mangen::Man::new(without_global_flags(below));
        page.render(|w| man.render_synopsis_section(w))?;
        page.render(|w| man.render_description_section(w))?;
        page.text(&help_text(below));
        page.render(|w| man.render_options_section(w))?;
    }
    page.heading("EXAMPLES");
    let (_, lines) = examples.split_once('\n').unwrap_or_default();
    page.text(lines);
    page.end();
    Ok(page.text)
}

/// Leaves out the flags of every command, which the page has once.
fn without_global_flags(command: &Command) -> Command {
    command.clone().mut_args(|arg| {
        let is_global = arg.is_global_set();
        arg.hide(is_global)
    })
}

fn help_text(command: &Command) -> String {
    let text = command
        .get_after_long_help()
        .or_else(|| command.get_after_help());
    text.map(ToString::to_string).unwrap_or_default()
}

fn about(command: &Command) -> String {
    command
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn bin_name(command: &Command) -> String {
    command.get_bin_name().unwrap_or_default().to_owned()
}

/// A page in roff.
struct Page {
    text: String,
}

impl Page {
    fn new(name: &str) -> Self {
        let version = env!("CARGO_PKG_VERSION");
        Self {
            text: format!(
                // Words of examples are not broken at the end of a line.
                ".TH {} 1 \"\" \"bridgelog {version}\" \"Bridgelog\"\n.nh\n.ad l\n",
                escape(name)
            ),
        }
    }

    /// Appends a section that clap_mangen makes.
    fn render(&mut self, section: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
        let mut bytes = Vec::new();
        section(&mut bytes)?;
        // clap_mangen puts an empty line between two breaks, which checkers warn of.
        let text = String::from_utf8_lossy(&bytes).replace("\n.br\n\n.br\n", "\n.sp\n");
        self.text.push_str(&text);
        Ok(())
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn heading(&mut self, title: &str) {
        self.line(&format!(".SH \"{}\"", escape(title)));
    }

    fn subheading(&mut self, title: &str) {
        self.line(&format!(".SS \"{}\"", escape(title)));
    }

    /// Begins a paragraph; a heading begins one itself.
    fn begin_paragraph(&mut self) {
        let last = self.text.lines().next_back().unwrap_or_default();
        if !last.starts_with(".S") {
            self.line(".PP");
        }
    }

    fn paragraph(&mut self, text: &str) {
        self.begin_paragraph();
        self.line(&escape(text));
    }

    /// Appends a word and what it is.
    fn term(&mut self, term: &str, what: &str) {
        self.line(".TP");
        self.line(&format!("\\fB{}\\fR", escape(term)));
        self.line(&escape(what));
    }

    /// Appends a text of the help: its indented lines stand as they are.
    fn text(&mut self, text: &str) {
        for part in text.split("\n\n").filter(|part| !part.trim().is_empty()) {
            self.begin_paragraph();
            let mut verbatim = false;
            for line in part.lines() {
                if verbatim != line.starts_with("  ") {
                    verbatim = !verbatim;
                    self.line(if verbatim { ".nf" } else { ".fi" });
                }
                self.line(&escape(line));
            }
            if verbatim {
                self.line(".fi");
            }
        }
    }

    /// Appends the sections that end every page.
    fn end(&mut self) {
        self.heading("FILES");
        for (path, what) in FILES {
            self.term(path, what);
        }
        self.heading("ENVIRONMENT");
        for (name, what) in VARIABLES {
            self.term(name, what);
        }
        self.heading("EXIT STATUS");
        for (code, what) in EXIT_CODES {
            self.term(&code.to_string(), what);
        }
        self.heading("SEE ALSO");
        self.line(".BR bridgelog (1)");
    }
}

/// Escapes a line of text for roff.
fn escape(text: &str) -> String {
    let text = text.replace('\\', "\\e").replace('-', "\\-");
    if text.starts_with(['.', '\'']) {
        format!("\\&{text}")
    } else {
        text
    }
}
