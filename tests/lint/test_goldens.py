"""What is found in the models of this project, as a reader has looked through it.

``HASIM_UPDATE_GOLDENS=1 python -m pytest tests/lint/test_goldens.py`` writes the files anew; what
has changed is then for `git diff` and a reader.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hasim.lint import as_json, as_text, lint_folder
from tests.test_models import MODELS

ROOT = Path(__file__).resolve().parent.parent.parent
GOLDENS = Path(__file__).resolve().parent / "goldens"
UPDATE = os.environ.get("HASIM_UPDATE_GOLDENS") == "1"


@pytest.mark.parametrize("folder", MODELS, ids=lambda p: p.name)
def test_the_findings_of_a_model_are_the_reviewed_ones(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    text = "".join(f"{line}\n" for line in as_text(lint_folder(f"models/{folder.name}").findings))
    file = GOLDENS / f"{folder.name}.txt"
    if UPDATE:
        file.write_text(text, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == text, "see the first line of this module"


def test_every_golden_is_of_a_model() -> None:
    assert sorted(p.stem for p in GOLDENS.iterdir()) == sorted(p.name for p in MODELS)


PROGRAM = """
import sys
from hasim.lint import as_json, lint_folder

for line in as_json(lint_folder(sys.argv[1]).findings):
    sys.stdout.write(line + "\\n")
"""


def test_two_processes_with_different_string_hashes_find_the_same(
    tmp_path: Path, webdata: Path
) -> None:
    # More findings than a healthy model has, of all kinds of files.
    (tmp_path / "ha.cf").write_text("bcast eth0\nnode a b c\nping 10.0.0.1\nstonith_host x ssh\n")
    (tmp_path / "haresources").write_text("a 10.0.0.1 db\nb 10.0.0.1 Filesystem::/dev/sdb::/x\n")
    (tmp_path / "site.toml").write_bytes((webdata / "site.toml").read_bytes())
    outputs = []
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(tmp_path)],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.append(done.stdout.splitlines())
    assert outputs[0] == outputs[1]
    assert outputs[0] == list(as_json(lint_folder(tmp_path).findings))
    assert len(outputs[0]) > 8
