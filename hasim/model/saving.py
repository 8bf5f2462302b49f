"""A model out: as a folder, and as an expression of Python that makes it again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path

from hasim.errors import HasimError
from hasim.folder.sources import Sources, read_sources
from hasim.scenario import Scenario, render_scenario
from hasim.site import Site, parse_site
from hasim.site.render import render_site

__all__ = ["expression", "save"]


def save(
    sources: Sources, site: Site, scenarios: Mapping[str, Scenario], path: str | PathLike[str]
) -> None:
    """Write the files of a model; what `sources` do not say of the dialect, its site does.

    Raises
    ------
    HasimError
        Where the folder is there and not empty, or cannot be written.
    """
    folder = Path(path)
    files = {name: (file.data, file.mode) for name, file in sources.files().items()}
    if _dialect(sources) != site.heartbeat:
        files["site.toml"] = (render_site(site).encode(), 0o644)
    for name, scenario in scenarios.items():
        known = sources.scenarios.get(name)
        data = render_scenario(scenario).encode() if known is None else known[1]
        files[f"scenarios/{name}.toml"] = (data, 0o644)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if next(folder.iterdir(), None) is not None:
            raise HasimError(f"{folder} is not empty: give a new folder")
        for name, (data, mode) in files.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch(mode | 0o600)
            file.write_bytes(data)
    except (OSError, ValueError) as x:
        reason = (x.strerror if isinstance(x, OSError) else None) or str(x)
        raise HasimError(f"{folder} cannot be written: {reason}") from None


def expression(
    sources: Sources,
    edits: Mapping[str, str],
    dialect: str,
    same: Callable[[Sources, str | None], bool],
) -> str:
    """Return an expression that makes a model again: its folder loaded, else its texts.

    Parameters
    ----------
    sources : Sources
        Its texts, edits applied.
    edits : mapping
        The edits.
    same : callable
        Tells whether texts, read as a dialect and edited, give the model.
    """
    change = f".changed({dict(edits)!r})" if edits else ""
    folder = read_sources(sources.path)[0]
    for asked in (None, dialect):
        if same(folder, asked):
            more = "" if asked is None else f", {asked!r}"
            return f"hasim.load({sources.path!r}{more}){change}"
    lines = ["hasim.load(", "    {"]
    for name, file in sources.files().items():
        lines += _entry(name, file.data)
    lines.append("    },")
    lines += [] if _dialect(sources) == dialect else [f"    {dialect!r},"]
    return "\n".join([*lines, ")"])


def _dialect(sources: Sources) -> str:
    """Return the dialect that the files alone ask for."""
    if sources.site is None:
        return Site().heartbeat
    return parse_site(sources.site.data, sources.site.file).heartbeat


def _entry(name: str, data: bytes) -> Iterator[str]:
    """Yield the lines of one text in a dictionary, a line each."""
    try:
        lines = data.decode().split("\n")
    except UnicodeDecodeError:
        yield f"        {name!r}: {data!r},"
        return
    whole = [f"{line}\n" for line in lines[:-1]] + lines[-1:]
    yield f"        {name!r}: ("
    yield from (f"            {line!r}" for line in whole if line or len(whole) == 1)
    yield "        ),"
