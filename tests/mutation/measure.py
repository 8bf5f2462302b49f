"""Try a sample of mutants of ``hasim/protocol`` against the tests (see docs/mutation-testing.md).

``python -m tests.mutation.measure`` runs both rounds and prints the score; ``--help`` tells the
rest. It takes the better part of an hour, so it is no part of the tests.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from tests.mutation.sample import chosen, module_of, status, wilson

__all__ = ["LONG", "ROUNDS", "main"]

ROOT = Path(__file__).resolve().parent.parent.parent
WORK = ROOT / "build" / "mutation"
COUNT = 900
MEMORY = 6 << 30
#: Tests of tests/protocol that take most of the time of all; they wait for the second round.
LONG = tuple(
    f"tests/protocol/test_{name}"
    for name in (
        "master.py::test_after_three_days_every_timer_is_still_on_its_grid",
        "schedules.py::test_a_copied_state_in_a_new_machine_goes_on_as_the_old_one",
        "schedules.py::test_a_crash_longer_than_deadtime_leaves_every_group_claimed_once",
        "schedules.py::test_a_cut_and_its_heal_leave_every_group_claimed_once_unless_a_standby"
        "_was_open",
        "schedules.py::test_equal_schedules_have_equal_logs_packets_and_states",
        "schedules.py::test_no_schedule_makes_a_master_fail",
        "schedules.py::test_stops_starts_and_standbys_leave_every_group_claimed_once",
    )
)
#: Round -> what it selects and what it leaves out. Only survivors of the first see the second.
ROUNDS = {
    "unit": (("tests/protocol",), LONG),
    "whole": ((*LONG, "tests/world", "tests/run", "tests/test_goldens.py"), ()),
}
_COPIED = ("hasim", "tests", "models", "docs", "README.md", "CHANGELOG.md", "pyproject.toml")


def prepare(name: str) -> Path:
    """Bring a copy of the project up to date and return its folder; verdicts in it stay."""
    folder = WORK / name
    selected, left_out = ROUNDS[name]
    folder.mkdir(parents=True, exist_ok=True)
    for part in _COPIED:
        if (ROOT / part).is_dir():
            shutil.rmtree(folder / part, ignore_errors=True)
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy2(ROOT / part, folder / part)
    shutil.copy2(ROOT / "tests" / "mutation" / "hooks.py", folder / "conftest.py")
    options = {
        "source_paths": ["hasim"],
        "only_mutate": ["hasim/protocol/*"],
        "also_copy": ["conftest.py", *(p for p in _COPIED if p != "hasim")],
        "pytest_add_cli_args_test_selection": list(selected),
        "pytest_add_cli_args": [f"--deselect={test}" for test in left_out],
        "timeout_multiplier": ["1.0"],
        "timeout_constant": ["5.0"],
        "use_git_change_detection": ["false"],
        "track_dependencies": ["false"],
    }
    lines = [f"{key} =\n    " + "\n    ".join(v) for key, v in options.items() if len(v) > 1]
    lines += [f"{key} = {v[0]}" for key, v in options.items() if len(v) == 1]
    (folder / "setup.cfg").write_text("[mutmut]\n" + "\n".join(lines) + "\n")
    return folder


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def mutmut(folder: Path, names: Sequence[str]) -> None:
    """Try the mutants of these names, one at a time; mutmut writes the verdicts down."""
    env = {k: v for k, v in os.environ.items() if k != "HASIM_SHARED"}
    env.update(HYPOTHESIS_PROFILE="mutation", PYTHONPATH="")
    code = "from mutmut.__main__ import cli; cli()"
    command = [sys.executable, "-c", code, "run", "--max-children", "1", *names]
    log = folder / "mutmut.log"
    with log.open("wb") as file:
        done = subprocess.run(
            command, cwd=folder, env=env, stdout=file, stderr=file, preexec_fn=_limit, check=False
        )
    if done.returncode:
        sys.exit(f"mutmut failed: see the end of {log}")


def verdicts(folder: Path) -> dict[str, int | None]:
    """Return every mutant that was made and the exit code of the tests, None where not tried."""
    found: dict[str, int | None] = {}
    for file in sorted((folder / "mutants" / "hasim" / "protocol").glob("*.meta")):
        found.update(json.loads(file.read_text())["exit_code_by_key"])
    return found


def killers(folder: Path) -> dict[str, str]:
    """Return the test that killed each mutant; one that met a limit has none."""
    found = folder / "mutants" / "killers"
    return {p.name: p.read_text() for p in sorted(found.glob("*"))} if found.is_dir() else {}


def survivors(folder: Path, names: Sequence[str]) -> list[str]:
    codes = verdicts(folder)
    return [n for n in names if status(codes[n]) in ("survived", "no tests")]


def measure(count: int, only: Sequence[str]) -> None:
    """Run both rounds over the sample, or over the mutants named, and leave the verdicts."""
    unit = prepare("unit")
    if not verdicts(unit):
        mutmut(unit, ["hasim.protocol.claims.x_bits__mutmut_1"])
    names = list(only) or chosen(verdicts(unit), count)
    mutmut(unit, names)
    left = survivors(unit, names)
    if left:
        mutmut(prepare("whole"), left)


def report(count: int) -> list[str]:
    """Return the score and a table of the modules, as lines."""
    codes, later = verdicts(WORK / "unit"), verdicts(WORK / "whole")
    names = chosen(codes, count)
    left = set(survivors(WORK / "unit", names))
    tried = {n for n in left if status(later.get(n)) != "not tried"}
    alive = {n for n in left if status(later.get(n)) in ("survived", "no tests", "not tried")}
    lines = [f"{len(codes)} mutants, {len(names)} in the sample, {len(tried)} in the second round"]
    for what, dead in (("unit", len(names) - len(left)), ("all", len(names) - len(alive))):
        low, high = wilson(dead, len(names))
        share = dead / len(names)
        lines.append(f"{what}: {dead} killed, {share:.1%} (95 %: {low:.1%} to {high:.1%})")
    made, took = Counter(map(module_of, codes)), Counter(map(module_of, names))
    lines += ["", "| module | mutants | tried | killed by unit tests | by others | alive |"]
    lines.append("|---|---|---|---|---|---|")
    for module in sorted(made):
        a = sum(module_of(n) == module for n in left)
        b = sum(module_of(n) == module for n in alive)
        row = (f"`{module}`", made[module], took[module], took[module] - a, a - b, b)
        lines.append("| " + " | ".join(map(str, row)) + " |")
    return [*lines, "", *sorted(alive)]


def diffs(names: Sequence[str]) -> None:
    """Print what each mutant changes."""
    code = (
        "import sys\n"
        "from mutmut.mutation.diff_apply import find_mutant\n"
        "from mutmut.mutation.diff_apply import get_diff_for_mutant\n"
        "for n in sys.argv[1:]:\n"
        "    print('#', n)\n"
        "    print(get_diff_for_mutant(n, path=find_mutant(n).path))\n"
    )
    subprocess.run([sys.executable, "-c", code, *names], cwd=WORK / "unit", check=True)


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation.measure", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help="size of the sample")
    parser.add_argument("--report", action="store_true", help="print the last score, try nothing")
    parser.add_argument("--diffs", action="store_true", help="print what the mutants named change")
    parser.add_argument("mutants", nargs="*", help="try these only, not the sample")
    args = parser.parse_args()
    if args.diffs:
        return diffs(args.mutants)
    if not args.report:
        measure(args.count, args.mutants)
    print("\n".join(report(args.count)))
    return None


if __name__ == "__main__":
    main()
