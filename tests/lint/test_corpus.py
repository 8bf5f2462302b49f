"""Configurations from the wild: no traceback, every finding located, counts in ``docs/lint.md``.

The corpus is a folder of folders, each with some of the daemon's files, maybe under odd names; it
is not part of this project. ``HASIM_UPDATE_GOLDENS=1 python -m pytest tests/lint/test_corpus.py``
writes the counts where it is present.
"""

from __future__ import annotations

import os
import re
from collections import Counter
from pathlib import Path

import pytest

from hasim.folder import FILES, FileText, Sources
from hasim.lint import RULES, Linted, lint_sources

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "docs" / "lint.md"
BEGIN, END = "<!-- corpus: written by tests/lint/test_corpus.py -->\n", "<!-- end of corpus -->\n"
UPDATE = os.environ.get("HASIM_UPDATE_GOLDENS") == "1"
#: Words in a file's name, beside the plain names, that tell what it is.
_HINTS = {
    "ha.cf": ("ha.cf", "ha_cf", "hacf", "ha-cf"),
    "haresources": ("haresources", "haresource"),
    "authkeys": ("authkeys", "authkey"),
}


def kind_of(name: str) -> tuple[str, str] | None:
    """Return which of the daemon's files a name is meant for, and what else the name says."""
    plain = name.lower()
    for kind, hints in _HINTS.items():
        for hint in hints:
            if hint in plain:
                rest = re.sub(r"\.(txt|conf|sample|example|orig)$", "", plain).replace(hint, "")
                return kind, rest.strip("-_. ")
    return None


def gathered(folder: Path) -> list[Sources]:
    """Return the configurations of a folder: each folder below it with such files is one.

    Several files of a kind, as of two nodes or of many clusters in one folder, make several
    configurations; what their names say beside the kind tells which belong together.
    """
    found: dict[Path, dict[str, dict[str, Path]]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        if (meant := kind_of(path.name)) is not None:
            kind, rest = meant
            found.setdefault(path.parent, {}).setdefault(kind, {})[rest] = path
    out = []
    for parent, kinds in found.items():
        for rest in max(kinds.values(), key=len):
            common = {}
            for kind, paths in kinds.items():
                only = next(iter(paths.values())) if len(paths) == 1 else None
                if (path := paths.get(rest, paths.get("", only))) is not None:
                    name = str(path.relative_to(folder))
                    # The mode is that of a checkout, and says nothing.
                    common[kind] = FileText(name, path.read_bytes())
            out.append(Sources(str(parent.relative_to(folder)), common=common))
    return out


def check(sources: Sources) -> Linted:
    """Judge one configuration; every finding is of a known rule, and where it says it is."""
    done = lint_sources(sources)
    lines = {f.file: f.data.count(b"\n") + 1 for f in sources.common.values()}
    for finding in done.findings:
        assert finding.rule in RULES
        if finding.file in lines:
            assert finding.line is None or 1 <= finding.line <= lines[finding.file]
        else:
            assert finding.rule == "file-missing"
            assert Path(finding.file).name in FILES
    return done


def counted(every: list[tuple[Sources, Linted]]) -> str:
    """Return how many configurations each rule finds something in, as a table."""
    counts = Counter(rule for _, one in every for rule in {f.rule for f in one.findings})
    files = Counter(kind for sources, _ in every for kind in sources.common)
    have = ", ".join(f"{files[kind]} with {kind}" for kind in FILES)
    lines = [
        f"{len(every)} configurations, {have}.",
        "None has a `site.toml`, so the rules about hardware are not judged; modes are not kept.",
        "How many of them each rule finds something in:",
        "",
        "| rule | configurations |",
        "|---|---|",
    ]
    lines += [f"| `{rule}` | {counts[rule]} |" for rule in RULES if counts[rule]]
    return "\n".join(lines) + "\n"


def test_configurations_from_the_wild_are_judged_and_counted(shared: Path) -> None:
    corpus = shared / "corpus" / "configs"
    if not corpus.is_dir():
        pytest.skip("no corpus")
    every = [(sources, check(sources)) for sources in gathered(corpus)]
    assert len(every) > 10
    table = counted(every)
    head, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    old, _, tail = rest.partition(END)
    if UPDATE:
        DOCUMENT.write_text(f"{head}{BEGIN}{table}{END}{tail}", encoding="utf-8", newline="\n")
    elif "| rule |" not in old:
        pytest.skip(
            "judged, but not yet counted in docs/lint.md: see the first line of this module"
        )
    else:
        assert old == table, "see the first line of this module"


def test_odd_names_subfolders_and_files_of_two_nodes_are_gathered(tmp_path: Path) -> None:
    files = {
        "001/ha.cf": "bcast eth0\nnode a b\n",
        "001/haresources": "a 10.0.0.1\n",
        "002/etc/ha.d/ha.cf.node1": "bcast eth0\nnode a\n",
        "002/etc/ha.d/ha.cf.node2": "bcast eth0\nnode b\n",
        "002/etc/ha.d/HAresources.txt": "a 10.0.0.1\n",
        "003/authkeys.sample": "auth 1\n1 crc\n",
        "all/004-ha.cf": "bcast eth0\nnode a\n",
        "all/004-haresources": "a 10.0.0.1\n",
        "all/005-ha_cf": "bcast eth0\nnode b\n",
        "all/005-haresources": "b 10.0.0.1\n",
        "003/README": "nothing\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    every = [(sources, check(sources)) for sources in gathered(tmp_path)]
    assert [(s.name, sorted(s.common)) for s, _ in every] == [
        ("001", ["ha.cf", "haresources"]),
        ("002/etc/ha.d", ["ha.cf", "haresources"]),
        ("002/etc/ha.d", ["ha.cf", "haresources"]),
        ("003", ["authkeys"]),
        ("all", ["ha.cf", "haresources"]),
        ("all", ["ha.cf", "haresources"]),
    ]
    table = counted(every)
    assert "6 configurations, 5 with ha.cf, 5 with haresources, 1 with authkeys." in table
    assert "| `file-missing` | 6 |" in table
    assert re.search(r"^\| `bad-nodename` \| 1 \|$", table, re.M)
    assert "one-medium" in table
