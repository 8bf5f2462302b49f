"""The rules of the house, and for each rule a bad sample that it must catch."""

from __future__ import annotations

import fnmatch
import subprocess
import sys
from pathlib import Path

import pytest

from tests import test_models, tidy

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("matplotlib", "pandas", "hypothesis", "dask", "scipy")
TEXT = frozenset({".py", ".md", ".toml", ".sh", ".cfg", ".yml", ".yaml", ".json"})


def ignored() -> list[str]:
    """Patterns of .gitignore, and what building a distribution leaves."""
    lines = (ROOT / ".gitignore").read_text().split() if (ROOT / ".gitignore").exists() else []
    return [*(line.rstrip("/") for line in lines), ".git", "PKG-INFO"]


def files_of(folder: Path) -> list[Path]:
    patterns = ignored()
    found = []
    for path in sorted(folder.iterdir()):
        if any(fnmatch.fnmatch(path.name, p) for p in patterns):
            continue
        if path.is_dir():
            found += [] if (path / "pyvenv.cfg").exists() else files_of(path)
        else:
            found.append(path)
    return found


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


LIBRARY = [p for p in files_of(ROOT / "hasim") if p.suffix == ".py"]
TESTS = [p for p in files_of(ROOT / "tests") if p.suffix == ".py"]
EXPERIMENTS = [p for p in files_of(ROOT / "experiments") if p.suffix == ".py"]
SOURCES = {module_of(p): p.read_text() for p in LIBRARY}
PACKAGES = frozenset(module_of(p) for p in LIBRARY if p.name == "__init__.py")
MODELS = sorted(p for p in (ROOT / "models").iterdir() if p.is_dir())


def where(path: Path) -> str:
    return str(path.relative_to(ROOT))


def file_edges() -> dict[str, list[str]]:
    return {
        module: [t for _, t in tidy.imports_of(text, module, SOURCES, module in PACKAGES)]
        for module, text in SOURCES.items()
    }


def test_a_file_imports_only_from_its_own_layer_and_lower_ones() -> None:
    assert tidy.check_layers(SOURCES, PACKAGES) == []


def test_a_file_that_imports_upwards_is_caught() -> None:
    sources = {"hasim.units": "def f():\n    from hasim import cli\n", "hasim.cli": ""}
    assert tidy.check_layers(sources) == ["hasim.units:2: imports hasim.cli, which lies above it"]


def test_an_import_for_type_checking_only_counts_too() -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from hasim.run import Run\n"
    assert len(tidy.check_layers({"hasim.trace": text, "hasim.run": ""})) == 1


def test_a_relative_import_is_resolved_before_it_is_judged() -> None:
    sources = {"hasim.config.parse": "from ..trace import Record\n", "hasim.trace": ""}
    assert len(tidy.check_layers(sources)) == 1


def test_a_room_without_a_layer_is_caught() -> None:
    assert "attic" in tidy.check_layers({"hasim.attic.box": ""})[0]


def test_data_that_imports_the_simulation_is_caught() -> None:
    sources = {"hasim.faults": "import hasim.world.node\n", "hasim.world.node": ""}
    assert "data imports the simulation" in tidy.check_layers(sources)[0]


def test_downward_imports_pass() -> None:
    sources = {"hasim.run": "from hasim.units import micros\n", "hasim.units": ""}
    assert tidy.check_layers(sources) == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert tidy.check_cycles(file_edges()) == []


def test_no_rooms_import_each_other_in_a_circle() -> None:
    rooms: dict[str, set[str]] = {}
    for module, targets in file_edges().items():
        rooms.setdefault(tidy.room_of(module), set()).update(map(tidy.room_of, targets))
    assert tidy.check_cycles(rooms) == []


def test_a_circle_of_imports_is_caught() -> None:
    edges = {"a": ["b"], "b": ["c"], "c": ["a"], "d": ["a"]}
    assert tidy.check_cycles(edges) == ["import cycle: a, b, c"]
    assert tidy.check_cycles({"a": ["b"], "b": [], "d": ["a", "b"]}) == []


@pytest.mark.parametrize("path", [*LIBRARY, *TESTS, *EXPERIMENTS], ids=where)
def test_files_and_functions_stay_short(path: Path) -> None:
    assert tidy.check_lengths(path.read_text(), where(path)) == []


def test_a_long_file_and_a_long_function_are_caught() -> None:
    assert tidy.check_lengths("\n" * 501, "x.py") == ["x.py: 501 lines, more than 500"]
    assert tidy.check_lengths("\n" * 500, "x.py") == []
    body = "    x = 1\n"
    assert tidy.check_lengths("def f():\n" + body * 80, "x.py") == ["x.py:1: f has 81 lines"]
    assert tidy.check_lengths("def f():\n" + body * 79, "x.py") == []


@pytest.mark.parametrize("path", LIBRARY, ids=where)
def test_all_lists_every_public_name_in_order(path: Path) -> None:
    module = module_of(path)
    assert tidy.check_all(SOURCES[module], module) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("def f(): ...\n", "no __all__"),
        ("__all__ = ['b', 'a']\na = b = 1\n", "not sorted"),
        ("__all__ = ['f', 'A']\nclass A: ...\ndef f(): ...\n", "not sorted"),
        ("__all__ = ['a', 'a']\na = 1\n", "twice"),
        ("__all__ = ['a']\na = 1\nclass B: ...\n", "not in __all__: ['B']"),
        ("__all__ = ['a']\na: int = 1\nif a:\n    b = 1\n", "not in __all__: ['b']"),
        ("__all__ = ['a', 'b']\na = 1\n", "but not there: ['b']"),
        ("__all__ = sorted(globals())\n", "not a plain list"),
    ],
)
def test_a_wrong_all_is_caught(text: str, complaint: str) -> None:
    assert complaint in "\n".join(tidy.check_all(text, "hasim.x"))


def test_a_right_all_passes() -> None:
    text = "__all__ = ['B2', 'B10', 'C', 'f']\nB2 = B10 = 1\n_h = 2\nclass C: ...\ndef f(): ...\n"
    assert tidy.check_all(text, "hasim.x") == []


@pytest.mark.parametrize("path", LIBRARY, ids=where)
def test_the_library_reads_no_wall_clock(path: Path) -> None:
    complaints = tidy.check_clock(path.read_text(), where(path))
    if module_of(path) == "hasim.budget":  # how long a search may take
        assert len(complaints) == 1
    else:
        assert complaints == []


@pytest.mark.parametrize(
    "text",
    [
        "import time\ntime.time()\n",
        "from time import perf_counter\n",
        "import time\nclock = time.monotonic\n",
        "import datetime\ndatetime.datetime.now()\n",
        "from datetime import datetime\ndatetime.utcnow()\n",
        "from datetime import date\ndate.today()\n",
    ],
)
def test_a_wall_clock_is_caught(text: str) -> None:
    assert tidy.check_clock(text, "x.py") != []


def test_simulated_time_is_no_wall_clock() -> None:
    text = "from datetime import datetime, timedelta\nwhen = datetime(2007, 11, 26)\nenv.now\n"
    assert tidy.check_clock(text, "x.py") == []


@pytest.mark.parametrize("path", [*LIBRARY, *EXPERIMENTS], ids=where)
def test_the_library_and_its_experiments_use_no_global_randomness(path: Path) -> None:
    assert tidy.check_randomness(path.read_text(), where(path)) == []


@pytest.mark.parametrize(
    "text",
    [
        "import random\n",
        "from random import choice\n",
        "import numpy as np\nnp.random.rand(3)\n",
        "import numpy\nnumpy.random.default_rng()\n",
        "from numpy import random\n",
        "from numpy.random import default_rng\n",
        "import os\nos.urandom(8)\n",
        "from os import urandom\n",
        "from uuid import uuid4\n",
        "import secrets\n",
    ],
)
def test_global_randomness_is_caught(text: str) -> None:
    assert tidy.check_randomness(text, "x.py") != []


@pytest.mark.parametrize(
    "path",
    [*(p for p in LIBRARY if p.parent != ROOT / "hasim" / "cli"), *EXPERIMENTS],
    ids=where,
)
def test_only_the_command_line_prints(path: Path) -> None:
    assert tidy.check_print(path.read_text(), where(path)) == []


def test_a_print_is_caught_and_a_word_is_not() -> None:
    assert tidy.check_print("def f():\n    print('x')\n", "x.py") == ["x.py:2: print"]
    assert tidy.check_print("text = 'print(x)'\nfile.print()\n", "x.py") == []


def test_no_file_holds_a_forbidden_word() -> None:
    paths = [p for p in files_of(ROOT) if p.suffix in TEXT or p.name in ("Makefile", "run")]
    assert len(paths) > len(LIBRARY)
    found = [tidy.check_words(p.read_text(errors="replace"), where(p)) for p in paths]
    assert [complaint for each in found for complaint in each] == []


@pytest.mark.parametrize(
    "line",
    [
        "# TO" + "DO: later",
        "raise NotImplemented" + "Error",
        "path = '/wo" + "rk/x'",
        "path = '/ro" + "ot/.cache'",
        "x = f()  # type: ign" + "ore",
        "@pytest.mark.x" + "fail",
    ],
)
def test_a_forbidden_word_is_caught(line: str) -> None:
    assert len(tidy.check_words(f"a = 1\n{line}\n", "x.py")) == 1
    assert tidy.check_words(line, "x.py")[0].startswith("x.py:1: ")


def test_innocent_words_pass() -> None:
    text = "x: int = f()  # type: ignore[arg-type]\nhomework/network/roots/\n"
    assert tidy.check_words(text, "x.py") == []


def test_the_project_folder_holds_what_belongs_there() -> None:
    patterns = ignored()
    names = [p.name for p in ROOT.iterdir()]
    kept = [n for n in names if not any(fnmatch.fnmatch(n, p) for p in patterns)]
    assert tidy.check_top_level(kept) == []


def test_a_stray_file_is_caught() -> None:
    assert tidy.check_top_level(["README.md", ".ci", "notes.txt"]) == [
        "unexpected entry 'notes.txt'"
    ]


@pytest.mark.parametrize("folder", MODELS, ids=where)
def test_a_model_has_all_its_parts(folder: Path) -> None:
    files = [str(p.relative_to(folder)) for p in files_of(folder)]
    readme = folder / "README.md"
    text = readme.read_text() if readme.exists() else ""
    assert tidy.check_model(files, text, folder.name) == []


def test_every_model_is_run_by_a_test() -> None:
    assert MODELS != []
    assert test_models.MODELS == MODELS
    assert {m for m, _ in test_models.SCENARIOS} == set(MODELS)


def test_a_model_without_its_parts_is_caught() -> None:
    assert tidy.check_model([], "", "m") == [
        "m: README.md is missing",
        "m: authkeys is missing",
        "m: ha.cf is missing",
        "m: haresources is missing",
        "m: no scenario",
        "m: README.md does not open with 'Scope and limits'",
        "m: README.md does not end with 'Validation'",
    ]
    parts = ["README.md", "authkeys", "ha.cf", "haresources", "scenarios/a.toml"]
    readme = "# m\n\n## Scope and limits\n\n## Files\n\n## Validation\n"
    assert tidy.check_model(parts, readme, "m") == []
    assert tidy.check_model([*parts, "x.py"], readme, "m") == ["m: x.py is code"]


def loaded_by(program: str) -> list[str]:
    found = f"[m for m in {HEAVY!r} if m in sys.modules]"
    check = f"{program}; import sys; sys.stdout.write(' '.join({found}))"
    done = subprocess.run(
        [sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_importing_hasim_loads_no_heavy_module() -> None:
    assert loaded_by("import hasim; hasim.load") == []


def test_a_heavy_module_would_be_noticed() -> None:
    assert loaded_by("import hypothesis") == ["hypothesis"]
