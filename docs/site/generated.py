"""Parts of pages that are made from the program itself: commands, verbs, properties, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pictures

__all__ = ["part"]


def _escaped(text: str) -> str:
    return text.replace("|", "\\|")


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield f"| {' | '.join(map(_escaped, row))} |"


# ---- the command line ---------------------------------------------------------------------------


def _commands() -> Iterator[str]:
    import typer.main

    from hasim.cli.app import app

    whole: Any = typer.main.get_command(app)
    yield from _command(whole, "hasim", 2)
    for name, command in whole.commands.items():
        yield from _command(command, f"hasim {name}", 2)


def _command(command: Any, name: str, level: int) -> Iterator[str]:
    yield f"{'#' * level} {name}\n"
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    words = [_placed(p) for p in arguments]
    tail = "COMMAND" if hasattr(command, "commands") else " ".join(words)
    yield f"```text\n{name} [FLAGS] {tail}\n```\n"
    yield _prose(command.help or "") + "\n"
    rows = [(f"`{_placed(p)}`", _meaning(p)) for p in arguments]
    rows += [(_flags(p), _meaning(p)) for p in command.params if p not in arguments]
    if rows:
        yield from _table(("flag", "meaning"), iter(rows))
        yield ""


def _prose(text: str) -> str:
    """Return a docstring as Markdown; its examples become a block."""
    head, _, tail = text.replace("\b\n", "").partition("Example")
    if not tail:
        return head.strip()
    lines = [line.strip() for line in tail.split("\n")[1:] if line.strip()]
    return f"{head.strip()}\n\n```sh\n" + "\n".join(lines) + "\n```"


def _placed(param: Any) -> str:
    return str(param.metavar or param.name.upper())


def _flags(param: Any) -> str:
    names = [*param.opts, *param.secondary_opts]
    value = "" if param.is_flag else f" {_value(param)}"
    return ", ".join(f"`{name}{value}`" for name in names)


def _value(param: Any) -> str:
    if param.metavar:
        return str(param.metavar)
    choices = _choices(param)
    return "|".join(choices) if choices else "N" if isinstance(param.default, int) else "TEXT"


def _choices(param: Any) -> list[str]:
    default = param.default
    kind = type(default)
    return [str(one.value) for one in kind] if hasattr(kind, "__members__") else []


def _meaning(param: Any) -> str:
    default = param.default
    value = getattr(default, "value", default)
    plain = isinstance(value, (int, str)) and not isinstance(value, bool) and value != ""
    return (param.help or "") + (f" Default: `{value}`." if plain else "")


# ---- faults, properties, rules ------------------------------------------------------------------


def _verbs() -> Iterator[str]:
    from hasim.faults import USAGE

    yield from _table(
        ("verb", "line"), ((f"`{verb}`", f"`{usage}`") for verb, usage in USAGE.items())
    )


def _properties() -> Iterator[str]:
    from hasim.monitors import LIVENESS, PROPERTIES

    rows = [(f"`{name}`", one.sentence, "all the time") for name, one in PROPERTIES.items()]
    at = "at the instants under `audits` and `settled`"
    rows += [(f"`{name}`", text, at) for name, text in LIVENESS.items()]
    yield from _table(("property", "says", "judged"), iter(rows))


# ---- the gallery --------------------------------------------------------------------------------


def _gallery() -> Iterator[str]:
    for picture in pictures.gallery():
        yield f"## {picture.title}\n"
        yield f"{picture.text}\n"
        yield f"[![{picture.title}](gallery/{picture.name}.svg)](gallery/{picture.name}.svg)\n"
        code = f"    ```python\n{_indented(picture.code)}\n    ```\n"
        yield f'??? example "The code that made it"\n\n{code}'


def _indented(text: str) -> str:
    return re.sub(r"^(?=.)", "    ", text, flags=re.MULTILINE)


_PARTS: dict[str, Callable[[], Iterator[str]]] = {
    "commands": _commands,
    "gallery": _gallery,
    "properties": _properties,
    "verbs": _verbs,
}


def part(name: str) -> str:
    """Return a generated part as Markdown; a name that is not known is an error of the page."""
    return "\n".join(_PARTS[name]())
