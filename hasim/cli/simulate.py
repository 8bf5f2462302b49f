"""Commands that run something: ``hasim run`` and ``hasim why``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, cast

from hasim.cli.exports import Exports, check_exports, shared, write_exports
from hasim.cli.output import complain, write_lines
from hasim.cli.pictures import Pictures, check_pictures, write_pictures
from hasim.cli.terminal import Bar, paint_log
from hasim.errors import ConfigError, Problem, nearest
from hasim.events import PacketSent
from hasim.faults import USAGE
from hasim.model import Model, load
from hasim.render import Format
from hasim.run import Run
from hasim.trace.jsonl import header_line, record_line

__all__ = [
    "Asked",
    "changes_of",
    "fault_help",
    "names_in",
    "run_asked",
    "run_command",
    "why_command",
]

_NO_PICTURES = Pictures()
_NO_EXPORTS = Exports()


class Asked(NamedTuple):
    """The flags that every command which runs something has."""

    path: str
    scenario: str | None
    faults: Sequence[str]
    sets: Sequence[str]
    seed: int
    until: str | None
    dialect: str | None


def fault_help() -> list[str]:
    """Return how each verb is written, a line each."""
    head = "Fault lines; times are absolute, NODE:NIC is a cable, group KEY a group of haresources:"
    return [head, *USAGE.values()]


def names_in(given: Sequence[str]) -> list[str] | None:
    """Return names that were given one by one or with commas between them; None for none."""
    return [name.strip() for text in given for name in text.split(",")] if given else None


def changes_of(sets: Sequence[str]) -> dict[str, str]:
    """Return directives and values; where there is no value, the check of directives says so."""
    pairs = (text.partition("=") for text in sets)
    return {name.strip(): value.strip() for name, _, value in pairs}


def run_asked(asked: Asked, quiet: bool, packets: bool = False, node: str | None = None) -> Run:
    """Run what the flags ask for; without `quiet` say what is assumed of the model."""
    model: Model = load(asked.path, dialect=asked.dialect)
    if node is not None and node not in model.nodes:
        text = f"no node {node[:100]!r} in this model{nearest(node, model.nodes)}"
        known = f"known: {', '.join(model.nodes)}"
        raise ConfigError([Problem("--node", None, "ERROR", text, known)])
    with Bar("simulating", quiet) as bar:
        run = model.run(
            list(asked.faults),
            scenario=asked.scenario,
            seed=asked.seed,
            until=asked.until,
            change=changes_of(asked.sets),
            packets=packets,
            progress=bar.show,
        )
    ran = cast(Model, run.model)  # with --set and [change] applied: other guesses, other warnings
    if not quiet:
        for sentence in ran.assumed:
            complain(f"assumed: {sentence}")
        for problem in ran.warnings:
            complain(str(problem))
    return run


def _remarks(run: Run, quiet: bool) -> None:
    """Say how the run went; with `quiet` only what needs attention."""
    text = run.attention() if quiet else run.summary()
    if text:
        complain(text, {violation.property for violation in run.violations})


def _traffic(run: Run) -> str:
    sent = sum(1 for record in run.trace.packets() if isinstance(record.event, PacketSent))
    received = sum(1 for _ in run.trace.packets()) - sent
    digest = run.trace.digest("packets")
    return f"packets: {sent} sent, {received} copies received, digest {digest}"


def run_command(
    asked: Asked,
    format: str,
    node: str | None,
    json: bool,
    quiet: bool,
    packets: bool = False,
    pictures: Pictures = _NO_PICTURES,
    exports: Exports = _NO_EXPORTS,
) -> int:
    """Run, write files, the log or the trace, then the summary; return the exit code."""
    if "help" in asked.faults:
        write_lines(fault_help())
        return 0
    pictures = shared(pictures, exports)
    check_pictures(pictures)
    check_exports(exports)
    packets = packets or pictures.messages is not None or exports.mermaid is not None
    run = run_asked(asked, quiet, packets, node)
    write_pictures(run, pictures)
    write_exports(run, exports)
    if json:
        write_lines(_trace(run))
    else:
        lines = run.log(node, cast(Format, format))
        write_lines(paint_log(lines, cast(Model, run.model).nodes))
    _remarks(run, quiet)
    if packets and not quiet:
        complain(_traffic(run))
    return 0 if run.ok else 1


def _trace(run: Run) -> Iterator[str]:
    yield header_line(run.trace.header)
    yield from run.trace.lines()


def _json_chain(run: Run, text: str) -> Iterator[str]:
    for record in run.why(text).chain:
        yield record_line(record)


def why_command(asked: Asked, text: str, json: bool, quiet: bool) -> int:
    """Run, and write the chain of causes of what a text describes."""
    if "help" in asked.faults:
        write_lines(fault_help())
        return 0
    run = run_asked(asked, quiet)
    write_lines(_json_chain(run, text) if json else str(run.why(text)).split("\n"))
    return 0
