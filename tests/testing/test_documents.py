"""The property tests that the documents show are ones, and end as they say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.test_docs import ROOT, fenced

DOCUMENT = "docs/property-tests.md"
((FAILING, SHOWN),) = re.findall(
    r"<!-- fails -->\n```python\n(.*?)^```$.*?^```\n(.*?)^```$",
    (ROOT / DOCUMENT).read_text(),
    re.MULTILINE | re.DOTALL,
)


def outcome(folder: Path, *files: str) -> tuple[int, str]:
    """Return the exit code and the output of pytest for files, in a folder with the models."""
    (folder / "models").symlink_to(ROOT / "models")
    for i, text in enumerate(files):
        (folder / f"test_example{i}.py").write_text(text)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"]
    paths = {"PYTHONPATH": str(ROOT), "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "examples")}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **paths},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_every_example_is_a_file_of_tests_that_pass(tmp_path: Path) -> None:
    examples = [fenced("README.md", "python")[1], *fenced(DOCUMENT, "python")]
    examples.remove(FAILING)
    # Three of everything: that they run is the point, not how far they look.
    few = [re.sub(r"settings\(max_examples=\d+", "settings(max_examples=3", x) for x in examples]
    code, shown = outcome(tmp_path, *few)
    assert code == 0, shown
    tests = re.findall(r"^def test_|^Test\w+ = ", "\n".join(few), re.MULTILINE)
    assert len(tests) > 12
    assert f"{len(tests)} passed" in shown


def test_the_example_that_fails_says_what_is_shown(tmp_path: Path) -> None:
    code, said = outcome(tmp_path, FAILING)
    assert code == 1
    lines = iter(said.splitlines())
    missing = [line for line in SHOWN.splitlines() if not any(line in one for one in lines)]
    assert missing == []  # in this order
