"""The site: what is generated for it is whole, and nothing in it comes from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main

from hasim.cli.app import app
from hasim.faults.grammar import USAGE
from hasim.monitors import LIVENESS, PROPERTIES

ROOT = Path(__file__).resolve().parent.parent
_FETCHED = re.compile(
    r"<(?:script|img|iframe|source|link)\b[^>]*\s(?:src|href)=\"?(?:https?:)?//[^\" >]+"
)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The modules that make parts of the site, by name."""
    monkeypatch.syspath_prepend(str(ROOT / "docs" / "site"))
    yield import_module
    for name in ("generated", "pictures"):
        sys.modules.pop(name, None)


def test_the_page_of_the_command_line_has_every_command_and_flag(site: Any) -> None:
    page = site("generated").part("commands")
    whole: Any = typer.main.get_command(app)
    for name, command in whole.commands.items():
        _, _, chapter = page.partition(f"\n## hasim {name}\n")
        chapter = chapter.partition("\n## ")[0]
        flags = [flag for p in command.params for flag in p.opts if flag.startswith("--")]
        assert [flag for flag in flags if f"`{flag}" not in chapter] == [], name
        assert f"```sh\nhasim {name}" in chapter


def test_the_tables_have_every_verb_and_property(site: Any) -> None:
    verbs, properties = (site("generated").part(name) for name in ("verbs", "properties"))
    assert [verb for verb in USAGE if f"| `{verb}` |" not in verbs] == []
    assert [p for p in (*PROPERTIES, *LIVENESS) if f"| `{p}` |" not in properties] == []


def test_a_part_that_nobody_makes_is_an_error(site: Any) -> None:
    with pytest.raises(KeyError):
        site("generated").part("nonsense")


def test_the_pictures_of_explanations_are_those_of_their_programs(site: Any) -> None:
    figures = [*site("pictures").figures()]
    assert len(figures) > 3
    for figure in figures:
        kept = figure.path.with_suffix(".svg").read_text(encoding="utf-8")
        assert kept == figure.svg(), f"{figure.path.name}: run docs/site/pictures.py"


def test_every_picture_of_the_gallery_is_made_and_told(site: Any) -> None:
    pictures = [*site("pictures").gallery()]
    assert len({picture.name for picture in pictures}) == len(pictures) > 2
    for picture in pictures:
        assert "<svg " in picture.svg()
        assert picture.title
        assert picture.text
        assert picture.code.startswith("import ")


@pytest.mark.slow
@pytest.mark.skipif(find_spec("mkdocs") is None, reason="the extra docs is not installed")
def test_the_site_builds_without_a_warning_and_needs_nothing_from_elsewhere(tmp_path: Path) -> None:
    target = tmp_path / "site"
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(target)],
        cwd=ROOT,
        env={
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": str(ROOT),
            "http_proxy": "http://127.0.0.1:9",  # nobody is there: what is fetched, fails
            "https_proxy": "http://127.0.0.1:9",
        },
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert [line for line in done.stderr.splitlines() if not line.startswith("INFO")] == []
    assert done.returncode == 0
    pages = sorted(target.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert _FETCHED.findall(text) == [], page.name
        assert "cdnjs" not in text, page.name
        assert "<!-- generated:" not in text
    search = (target / "search" / "search_index.js").read_text(encoding="utf-8")
    assert "split-brain" in search
