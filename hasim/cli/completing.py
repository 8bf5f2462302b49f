"""What a shell may propose while a command is typed: paths, names of a model, fault lines.

Proposals never fail: where a model cannot be read there are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from hasim.errors import HasimError

if TYPE_CHECKING:
    from hasim.model import Model

__all__ = [
    "complete_dialect",
    "complete_directive",
    "complete_families",
    "complete_fault",
    "complete_node",
    "complete_path",
    "complete_phases",
    "complete_property",
    "complete_rule",
    "complete_scenario",
]

_Pairs = list[tuple[str, str]]
#: Instant of a fault line that begins without one.
_AT = "5m"


def _is_model(folder: Path) -> bool:
    return (folder / "ha.cf").is_file() or (folder / "config").is_dir()


def _folders(place: str) -> list[str]:
    try:
        found = sorted(e.name for e in Path(place or ".").iterdir() if e.is_dir())
    except OSError:
        return []
    return [place + name for name in found if not name.startswith(".")]


def complete_path(incomplete: str) -> _Pairs:
    """Propose model folders below what is typed; where there is none, folders."""
    place = incomplete[: incomplete.rfind("/") + 1]
    folders = [f for f in _folders(place) if f.startswith(incomplete)]
    inner = [i for f in folders for i in ([f] if _is_model(Path(f)) else _folders(f + "/"))]
    models = [folder for folder in inner if _is_model(Path(folder))]
    return [(folder, "a model") for folder in models] or [(f"{f}/", "") for f in folders]


def _model(ctx: typer.Context) -> Model | None:
    """Return the model that the line names; it is among the rest where a flag has no value yet."""
    from hasim.model import load

    words = [str(ctx.params.get("path") or ""), *ctx.args]
    folder = next((word for word in words if word and _is_model(Path(word))), None)
    try:
        return load(folder) if folder is not None else None
    except HasimError:
        return None


def complete_scenario(ctx: typer.Context, incomplete: str) -> _Pairs:
    """Propose the scenarios of the model that stands before; each with its title."""
    model = _model(ctx)
    return [] if model is None else [(name, s.title) for name, s in model.scenarios.items()]


def complete_node(ctx: typer.Context, incomplete: str) -> _Pairs:
    """Propose the nodes of the model that stands before."""
    model = _model(ctx)
    return [] if model is None else [(name, "") for name in model.nodes]


def complete_dialect(incomplete: str) -> _Pairs:
    """Propose the versions of Heartbeat."""
    from hasim.config import DIALECTS

    return [(name, f"Heartbeat {name}") for name in DIALECTS]


def complete_directive(incomplete: str) -> _Pairs:
    """Propose directives of ha.cf, with the sign after which the value stands."""
    from hasim.config import DIALECTS, known_directives

    names = {name for dialect in DIALECTS for name in known_directives(dialect)}
    return [(f"{name}=", "") for name in sorted(names)]


def complete_property(incomplete: str) -> _Pairs:
    """Propose properties; each with what it says."""
    from hasim.monitors import LIVENESS, PROPERTIES

    safety = [(name, one.sentence) for name, one in PROPERTIES.items()]
    return [*safety, *LIVENESS.items()]


def complete_rule(incomplete: str) -> _Pairs:
    """Propose rules of lint; each with its title."""
    from hasim.lint.rules import RULES

    return [(name, rule.title) for name, rule in RULES.items()]


def _listed(incomplete: str, names: Iterable[str]) -> _Pairs:
    """Propose the next of several names with commas between them."""
    before = incomplete[: incomplete.rfind(",") + 1]
    used = before.split(",")
    return [(before + name, "") for name in names if name not in used]


def complete_families(incomplete: str) -> _Pairs:
    """Propose families of faults."""
    from hasim.search import FAMILIES

    return _listed(incomplete, FAMILIES)


def complete_phases(incomplete: str) -> _Pairs:
    """Propose phases of a cluster."""
    from hasim.search import PHASES

    return _listed(incomplete, PHASES)


# ---- fault lines --------------------------------------------------------------------------------

_TWO_WORDS = re.compile(r"\b(disk|stonith|group) (NAME|DEVICE|KEY)\b")


def _named(model: Model) -> dict[str, Callable[[], Iterable[str]]]:
    """Return what may stand for each placeholder of a usage."""
    site, nodes = model.site, model.nodes
    return {
        "NODE": lambda: nodes,
        "NODE:NIC": lambda: (f"{n}:{nic}" for n in nodes for nic in site.nodes[n].nics),
        "read:IF": lambda: (f"read:{m.device}" for m in model.configs[nodes[0]].media),
        "write:IF": lambda: (f"write:{m.device}" for m in model.configs[nodes[0]].media),
        "SWITCH": lambda: site.switches,
        "HOST": lambda: site.hosts,
        "disk_NAME": lambda: (f"disk {name}" for name in site.disks),
        "stonith_DEVICE": lambda: (f"stonith {name}" for name in site.stonith),
        "DEVICE": lambda: site.stonith,
    }


def _choices(token: str, model: Model) -> Iterator[str]:
    """Yield what may stand in a place of a usage; nothing for what has no list."""
    known = _named(model)
    for part in token.strip("[]").split("|"):
        if part in known:
            yield from known[part]()
        elif not re.search(r"[A-Z%]", part):
            yield part


def complete_fault(ctx: typer.Context, incomplete: str) -> _Pairs:
    """Propose the next word of a fault line: a verb, then targets of the model."""
    from hasim.faults import USAGE

    *words, last = incomplete.split(" ")
    if not words:
        return [(f"{last or _AT} {verb}", usage) for verb, usage in USAGE.items()]
    verbs = [verb for verb in USAGE if verb.startswith(last)]
    if len(words) == 1 and len(verbs) > 1 and last not in USAGE:
        return [(f"{words[0]} {verb}", USAGE[verb]) for verb in verbs]
    if len(words) == 1 and verbs:
        words, last = [words[0], last if last in USAGE else verbs[0]], ""
    if len(words) < 2 or words[1] not in USAGE:
        return []
    usage = USAGE[words[1]]
    tokens = _TWO_WORDS.sub(r"\1_\2", usage).split(" ")
    model = _model(ctx)
    if model is None or len(tokens) <= len(words) or tokens[len(words)] == "[for":
        return [(" ".join(words), usage)] if not last else []
    return [(" ".join([*words, choice]), usage) for choice in _choices(tokens[len(words)], model)]
