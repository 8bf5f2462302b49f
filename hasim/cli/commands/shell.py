"""Commands for the shell: completion."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from hasim.cli.output import write_lines

__all__ = ["Shell", "completion"]

_BASH = """\
_hasim_completion() {
    mapfile -t COMPREPLY < <(env COMP_WORDS="$(printf '%s\\n' "${COMP_WORDS[@]}")" \\
        COMP_CWORD="$COMP_CWORD" _HASIM_COMPLETE=complete_bash "$1" 2>/dev/null)
    [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[/=] ]] && compopt -o nospace
    return 0
}
complete -o default -F _hasim_completion hasim"""
_ZSH = """\
#compdef hasim
_hasim_completion() {
    eval $(env _TYPER_COMPLETE_ARGS="${words[1,$CURRENT]}" \\
        _HASIM_COMPLETE=complete_zsh hasim 2>/dev/null)
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _hasim_completion "$@"
else
    compdef _hasim_completion hasim
fi"""
_FISH = """\
function __hasim_complete
    env _HASIM_COMPLETE=complete_fish _TYPER_COMPLETE_FISH_ACTION=$argv[1] \\
        _TYPER_COMPLETE_ARGS=(commandline -cp) hasim 2>/dev/null
end
complete --command hasim --no-files --arguments '(__hasim_complete get-args)' \\
    --condition '__hasim_complete is-args'"""


class Shell(StrEnum):
    """Shells that can complete."""

    bash = "bash"
    zsh = "zsh"
    fish = "fish"


_SCRIPTS = {Shell.bash: _BASH, Shell.zsh: _ZSH, Shell.fish: _FISH}


def completion(shell: Annotated[Shell, typer.Argument(help="The shell you use.")]) -> None:
    """Print a script that makes a shell complete commands, flags and names of your model.

    It proposes model folders, scenarios, fault lines with the nodes and cables of the model,
    properties, directives, rules and versions.

    \b
    Examples:
      hasim completion bash >> ~/.bashrc
      hasim completion zsh > ~/.zfunc/_hasim
      hasim completion fish > ~/.config/fish/completions/hasim.fish
    """  # noqa: D301
    write_lines([_SCRIPTS[shell]])
