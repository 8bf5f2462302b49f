"""The log of every scenario is that in ``expected/``, byte for byte.

``HASIM_UPDATE_GOLDENS=1 python -m pytest tests/test_goldens.py`` writes the files anew; what has
changed is then for `git diff` and a reader.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import hasim
from tests.test_models import CASES, MODELS

UPDATE = os.environ.get("HASIM_UPDATE_GOLDENS") == "1"


@pytest.mark.parametrize(
    ("folder", "scenario", "dialect"), CASES, ids=[f"{m.name}/{s}.{d}" for m, s, d in CASES]
)
def test_the_log_of_a_scenario_is_the_expected_one(
    folder: Path, scenario: str, dialect: str
) -> None:
    run = hasim.load(folder, dialect=dialect).run(scenario=scenario)
    text = "".join(f"{line}\n" for line in run.log())
    file = folder / "expected" / f"{scenario}.{dialect}.log"
    if UPDATE:
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert text.count("\n") > 10
    assert file.read_bytes() == text.encode(), f"{file.name}: see the first line of this module"


@pytest.mark.parametrize("folder", MODELS, ids=lambda p: p.name)
def test_every_expected_log_belongs_to_a_scenario(folder: Path) -> None:
    known = {f"{s}.{d}.log" for m, s, d in CASES if m == folder}
    assert {p.name for p in (folder / "expected").iterdir()} == known
