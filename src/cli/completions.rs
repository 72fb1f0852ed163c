//! `bridgelog completions`: the script that makes a shell complete command lines.
//!
//! Those of bash, zsh and fish ask `bridgelog complete-words`, which knows what is in the database; those of
//! other shells hold the commands and flags alone.

use super::{error::Result, out::Out};
use crate::ops::OpsError;
use clap::{Args, Command};
use clap_complete::Shell;

#[derive(Debug, Args)]
#[command(
    after_help = "The scripts for bash, zsh and fish also complete incidents, handles, open tasks, services and settings.\n\n\
    Examples:\n  \
    bridgelog completions bash >> ~/.bash_completion\n  \
    bridgelog completions zsh > ~/.zfunc/_bridgelog   a folder of fpath\n  \
    bridgelog completions fish > ~/.config/fish/completions/bridgelog.fish"
)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

const BASH: &str = r#"# Completions of bridgelog for bash.
_bridgelog() {
    local value what typed=${COMP_WORDS[COMP_CWORD]} names
    # Behind `--flag=` nothing is typed yet.
    [[ $typed == = ]] && typed=
    COMPREPLY=()
    while IFS=$'\t' read -r value what; do
        case $value in
            :files) names=-f ;;
            :folders) names=-d ;;
            *) names= ;;
        esac
        if [[ -n $names ]]; then
            compopt -o filenames 2>/dev/null || :
            while IFS= read -r value; do
                COMPREPLY+=("$value")
            done < <(compgen "$names" -- "$typed")
            return
        fi
        printf -v value %q "$value"
        COMPREPLY+=("$value")
    done < <("$1" complete-words -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -F _bridgelog bridgelog
"#;

const ZSH: &str = r#"#compdef bridgelog
# Completions of bridgelog for zsh.
_bridgelog() {
    local line
    local -a lines candidates
    lines=("${(@f)$("${(Q)words[1]}" complete-words -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ $lines[1] == :(files|folders)* ]]; then
        # Of `--flag=path` the path is completed.
        [[ $words[CURRENT] == --*=* ]] && compset -P 1 '*='
        if [[ $lines[1] == :folders* ]]; then
            _files -/
        else
            _files
        fi
        return
    fi
    for line in "${lines[@]}"; do
        [[ -n $line ]] || continue
        # A colon ends the word in what _describe takes.
        candidates+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    _describe -V bridgelog candidates
}
if [[ $funcstack[1] == _bridgelog ]]; then
    _bridgelog "$@"
else
    compdef _bridgelog bridgelog
fi
"#;

const FISH: &str = r#"# Completions of bridgelog for fish.
function __bridgelog_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l lines ($words[1] complete-words -- $words[2..] $current 2>/dev/null)
    # Of `--flag=path` the path is completed, and the flag is put before it again.
    set -l flag (string match -r '^--[^=]+=' -- $current)
    set -l path (string replace -r '^--[^=]+=' '' -- $current)
    if string match -q ':files*' -- $lines[1]
        for name in (__fish_complete_path $path)
            printf '%s\n' "$flag$name"
        end
    else if string match -q ':folders*' -- $lines[1]
        for name in (__fish_complete_directories $path '')
            printf '%s\n' "$flag$name"
        end
    else if set -q lines[1]
        printf '%s\n' $lines
    end
end
complete -c bridgelog -f -k -a '(__bridgelog_complete)'
"#;

/// Prints the script for a shell; `root` is the definition of the command line with its help texts.
pub(super) fn completions(args: &CompletionsArgs, mut root: Command, out: &Out) -> Result {
    match args.shell {
        Shell::Bash => out.print(BASH),
        Shell::Zsh => out.print(ZSH),
        Shell::Fish => out.print(FISH),
        other => {
            // Into memory first: the generator panics if it writes to a closed pipe.
            let mut script = Vec::new();
            clap_complete::generate(other, &mut root, "bridgelog", &mut script);
            let text = String::from_utf8(script)
                .map_err(|_| OpsError::failed("what was generated is not UTF-8"))?;
            out.print(&text);
        }
    }
    Ok(())
}
