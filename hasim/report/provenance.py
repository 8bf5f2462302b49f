"""What a run was made of: its configuration without secrets, digests, and how to run it again."""

from __future__ import annotations

from typing import Any

from hasim.report.secrets import CHANGED, Mask
from hasim.report.subject import RunLike
from hasim.scenario import Simulable
from hasim.units import duration_text
from hasim.version import VERSION

__all__ = ["SCENARIO_FILE", "again", "configuration", "provenance"]

#: The name of a scenario beside a report.
SCENARIO_FILE = "scenario.toml"


def configuration(model: Simulable) -> dict[str, Any]:
    """Return the texts of a model's files, keys hidden, for the template."""
    mask = Mask()
    return {
        "files": [{"name": name, "text": text} for name, text in mask.files(model)],
        "edits": list(mask.change(model.edits).items()),
        "assumed": list(getattr(model, "assumed", ())),
    }


def provenance(run: RunLike) -> dict[str, Any]:
    """Return what identifies a run, for the template."""
    header = Mask().header(run.trace.header)
    changed = {n.removeprefix(CHANGED): v for n, v in header.configs if n.startswith(CHANGED)}
    edits = changed if run.model is None else Mask().change(run.model.edits)
    digests = [(name, value) for name, value in header.configs if not name.startswith(CHANGED)]
    facts = [
        ("hasim", header.version),
        ("written by", f"hasim {VERSION}"),
        ("Heartbeat", header.dialect),
        ("scenario", header.scenario or "anonymous"),
        ("seed", str(run.seed)),
        ("horizon", duration_text(run.until)),
        ("records", str(len(run.trace))),
        ("digest of the run", run.digest),
    ]
    facts += [(f"changed: {name}", value) for name, value in edits.items()]
    faults = [str(fault) for fault in run.scenario.faults] or list(header.faults)
    return {"facts": facts, "digests": digests, "faults": faults}


def again(run: RunLike) -> dict[str, str] | None:
    """Return the command and the Python that run it again; None for a trace read back."""
    model = run.model
    if model is None:
        return None
    mask = Mask()
    return {
        "command": mask.code(run.command(SCENARIO_FILE), model.edits),
        "python": mask.code(run.python(), model.edits),
        "needs": SCENARIO_FILE if run.needs_file() else "",
    }
