"""Every statement of the semantics has its place and its test, or a reason why it has none.

``docs/semantics-map.toml`` is written by hand; ``HASIM_UPDATE_GOLDENS=1 python -m pytest
tests/test_semantics_map.py`` makes ``docs/semantics-map.md`` of it.
"""

from __future__ import annotations

import ast
import importlib
import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
SEMANTICS = ROOT.parent / "shared" / "heartbeat-semantics.md"
SOURCE, DOCUMENT = ROOT / "docs" / "semantics-map.toml", ROOT / "docs" / "semantics-map.md"
UPDATE = os.environ.get("HASIM_UPDATE_GOLDENS") == "1"
KEYS = {"what", "statements", "places", "tests", "reason", "at"}
ITEM = r"\s*([-*]|\d+\.) "
HEAD = """# Where the semantics is

Statements of the semantics of the daemon (its bullets, rows of tables and paragraphs, numbered
within each section), the functions that have them, and tests that hold them there. Made from
`semantics-map.toml`; statements in a row that are alike share a line.
"""


@cache
def sections() -> dict[str, dict[str, Any]]:
    return tomllib.loads(SOURCE.read_text(encoding="utf-8"))


def entries() -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield section, number and entry of every statement, what it inherits included."""
    for section, table in sections().items():
        common = {k: v for k, v in table.items() if k not in ("statements", "at")}
        for number in range(1, table["statements"] + 1):
            own = table.get("at", {}).get(str(number), {})
            other = (
                ("places", "tests") if "reason" in own else ("reason",) if "places" in own else ()
            )
            yield section, number, {k: v for k, v in common.items() if k not in other} | own


def statements() -> list[str]:
    """Return the identifiers of the statements; those before the first section are of section 0.

    A heading that ends as a sentence does is a statement itself.
    """
    found: list[str] = []
    section, number, inside, fenced = "0", 0, "", False
    for line in SEMANTICS.read_text(encoding="utf-8").splitlines():
        head = None if fenced else re.match(r"#{2,3} (\d+(?:\.\d+)?)\b", line)
        if head:
            section, number, inside = head[1], 0, ""
            begins = line.endswith(".")
        else:
            kind = "" if line.startswith("# ") and not fenced else _kind(line, inside, fenced)
            fenced ^= line.startswith("```")
            begins = _begins(line, kind, inside)
            inside = kind
        if begins:
            number += 1
            found.append(f"{section}-{number}")
    return found


def _begins(line: str, kind: str, inside: str) -> bool:
    """Tell whether a statement begins in a line: a row does but for the head of its table."""
    match kind:
        case "row":
            return inside == "row" and not line.startswith("|--")
        case "item":
            return re.match(ITEM, line) is not None
        case "text":
            return inside != "text"
        case _:
            return False


def _kind(line: str, inside: str, fenced: bool) -> str:
    """Return what a line belongs to: a ``text``, an ``item``, a ``row`` of a table, or nothing."""
    if fenced or line.startswith("```"):
        return "text"
    if not line.strip() or re.fullmatch(r"-{3,}", line.strip()):
        return ""
    if line.startswith("|"):
        return "row"
    if re.match(ITEM, line) or (inside == "item" and line.startswith(" ")):
        return "item"
    return "text"


def document() -> str:
    """Return the Markdown that the table makes."""
    rows: list[tuple[str, int, int, dict[str, Any]]] = []
    for section, number, entry in entries():
        if rows and rows[-1][0] == section and rows[-1][3] == entry:
            rows[-1] = (section, rows[-1][1], number, entry)
        else:
            rows.append((section, number, number, entry))
    lines = [HEAD, "| statements | what | where | tests |", "|---|---|---|---|"]
    for section, first, last, entry in rows:
        ids = f"{section}-{first}" + (f" to {section}-{last}" if last > first else "")
        where = ", ".join(f"`{p}`" for p in entry.get("places", ())) or entry.get("reason", "")
        tests = ", ".join(f"`{t.removeprefix('tests/')}`" for t in entry.get("tests", ()))
        lines.append(f"| {ids} | {entry['what']} | {where} | {tests} |")
    return "\n".join(lines) + "\n"


@cache
def functions_of(file: str) -> frozenset[str]:
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
    return frozenset(n.name for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))


def missing(place: str) -> bool:
    """Tell whether a module has no such name."""
    module, _, path = place.partition(":")
    found: Any = importlib.import_module(module)
    for name in path.split("."):
        if not hasattr(found, name):
            return True
        found = getattr(found, name)
    return False


@pytest.mark.skipif(not SEMANTICS.exists(), reason="the semantics is not here")
def test_every_statement_is_in_the_map_and_nothing_else() -> None:
    mapped = [f"{section}-{number}" for section, number, _ in entries()]
    assert sorted(set(statements()) - set(mapped)) == []
    assert sorted(set(mapped) - set(statements())) == []
    assert len(mapped) == len(set(mapped)) > 500


def test_every_statement_has_place_and_test_or_a_reason() -> None:
    odd = [
        f"{section}-{number}"
        for section, number, entry in entries()
        if bool(entry.get("reason")) == bool(entry.get("places") and entry.get("tests"))
    ]
    assert odd == []


def test_every_place_exists() -> None:
    places = {p for _, _, entry in entries() for p in entry.get("places", ())}
    assert sorted(filter(missing, places)) == []


def test_every_test_exists() -> None:
    names = {t for _, _, entry in entries() for t in entry.get("tests", ())}
    pairs = [name.split("::") for name in sorted(names)]
    assert [p for p in pairs if not (ROOT / p[0]).exists() or p[1] not in functions_of(p[0])] == []


def test_the_table_has_only_known_keys_and_numbers() -> None:
    for section, table in sections().items():
        assert set(table) <= KEYS, section
        for number, own in table.get("at", {}).items():
            assert 1 <= int(number) <= table["statements"], f"{section}-{number}"
            assert set(own) <= KEYS - {"statements", "at"}, f"{section}-{number}"


def test_the_document_is_up_to_date() -> None:
    if UPDATE:
        DOCUMENT.write_text(document(), encoding="utf-8", newline="\n")
    assert DOCUMENT.read_text(encoding="utf-8") == document(), "see the first line of this module"
