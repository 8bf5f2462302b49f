"""The package is an extra: it says what it needs, and nobody else needs it."""

from __future__ import annotations

import subprocess
import sys

import hasim.testing
from tests.conftest import ROOT

WITHOUT = "import sys; sys.modules['hypothesis'] = None; "


def answer(program: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr.strip()


def test_without_hypothesis_the_package_says_how_to_get_it() -> None:
    code, said = answer(WITHOUT + "import hasim.testing")
    assert code == 1
    last = "ModuleNotFoundError: hasim.testing needs Hypothesis: pip install 'hasim[testing]'"
    assert said.splitlines()[-1] == last


def test_without_hypothesis_everything_else_works() -> None:
    program = "import hasim; hasim.load('models/webdata').run(until='1m')"
    assert answer(WITHOUT + program) == (0, "")


def test_every_name_of_the_package_is_there() -> None:
    assert [name for name in hasim.testing.__all__ if not hasattr(hasim.testing, name)] == []
