"""A model as notebooks show it."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.render.html import details, paragraph, preformatted, table
from hasim.scenario import Simulable
from hasim.units import duration_text

__all__ = ["model_html"]

_TIMES = ("keepalive", "warntime", "deadtime", "initdead")


def model_html(
    model: Simulable, points: Sequence[str], assumed: Sequence[str], warnings: Sequence[str]
) -> str:
    """Return what a model is: its nodes with their times and groups, and what to know of it.

    Parameters
    ----------
    points : sequence of str
        Its single points of failure, a sentence each.
    assumed, warnings : sequence of str
        What was guessed, and what the daemon would say.
    """
    groups: dict[str, list[str]] = {node: [] for node in model.configs}
    for node, mine in model.haresources.items():
        groups.setdefault(node, []).extend(g.key for g in mine.groups if g.node == node)
    rows = [
        (
            node,
            *(duration_text(getattr(config, name)) for name in _TIMES),
            "\n".join(groups[node]) or "none",
        )
        for node, config in model.configs.items()
    ]
    edits = "".join(f", {name} {value}" for name, value in model.edits.items())
    out = [paragraph(f"Model {model.name}, Heartbeat {model.dialect}{edits}")]
    out.append(table(("node", *_TIMES, "prefers the groups"), rows))
    for title, lines in (
        (f"{len(points)} single points of failure", points),
        (f"{len(model.scenarios)} scenarios", [*model.scenarios]),
        (f"{len(assumed)} assumptions of the derived site", assumed),
        (f"{len(warnings)} warnings", warnings),
    ):
        if lines:
            out.append(details(title, preformatted("\n".join(lines))))
    return "".join(out)
